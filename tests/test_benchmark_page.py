"""The benchmark page: a section a module, and a new measurement of one leaves the others as they are."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def run():
    """The benchmarks' script as a module."""
    folder = ROOT / "tests" / "benchmarks"
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("benchmark_run", folder / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(folder))
    return module


def test_the_page_has_a_section_for_every_module(run) -> None:
    text = (ROOT / "book" / "benchmarks.md").read_text(encoding="utf-8")
    assert all(f"## {heading}" in text for heading in run.MODULES.values())
    assert run.page(text, {}) == text


def test_one_new_section_leaves_the_others_alone(run) -> None:
    old = (ROOT / "book" / "benchmarks.md").read_text(encoding="utf-8")
    row = run.Row("a", "b", "c", "1 s", "2 s", 1.234, 1.5, False, "x the time")
    new = run.page(old, {"bpe": run.section("bpe", [row])})
    assert "| a | b | c | 1 s | 2 s | **1.23 x the time** | ≤ 1.50 | met |" in new
    for name, heading in run.MODULES.items():
        part = old.split(f"## {heading}")[1].split("## ")[0]
        assert (part.strip() in new) == (name != "bpe")


def test_a_missed_goal_says_so(run) -> None:
    row = run.Row("a", "b", "c", "1 s", "2 s", 0.5, 1.0)
    assert run.verdict(row) == "missed"
