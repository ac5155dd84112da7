"""What the tests of the exercises share: the pages, and answers compiled as a notebook compiles its cells."""

import linecache
import runpy
from pathlib import Path

from companion.exercises.pages import Page, find_pages, read_page

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def pages() -> list[Page]:
    return [read_page(path) for path in find_pages(ROOT / "book")]


def wrong_answers() -> dict[str, list[tuple[object, str]]]:
    found: dict[str, list[tuple[object, str]]] = {}
    for path in sorted((HERE / "wrong_answers").glob("*.py")):
        for exercise, answers in runpy.run_path(str(path))["WRONG_ANSWERS"].items():
            assert exercise not in found, f"{exercise} has wrong answers in two files"
            found[exercise] = answers
    return found


def run_cell(
    source: str, namespace: dict[str, object], name: str = "<cell>"
) -> dict[str, object]:
    """Execute a cell so that its lines can be quoted, as IPython does."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), namespace)
    return namespace


def answer_of(source: str, name: str, setup: list[str] = ()) -> object:
    namespace: dict[str, object] = {"__name__": "__main__"}
    for cell in setup:
        run_cell(cell, namespace, "<setup>")
    return run_cell(source, namespace)[name]
