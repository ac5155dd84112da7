"""The student's version of the pages: notebooks without the worked solutions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from companion._optional import require
from companion.exercises.pages import read_page
from companion.exercises.stubs import BEGIN

_START = re.compile(r"^`{3,}\{solution-start\}", re.MULTILINE)
_END = re.compile(r"^`{3,}\{solution-end\}", re.MULTILINE)
_WHOLE = re.compile(r"^(`{3,})\{solution\}.*?^\1[ \t]*$\n?", re.MULTILINE | re.DOTALL)
_STATEMENT = re.compile(
    r"^(?P<fence>`{3,})\{exercise\}(?P<title>[^\n]*)\n(?P<options>(?::[^\n]*\n)*)(?P<body>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_TARGET = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)
_ROLE = re.compile(r"\{(?P<role>[\w:]+)\}`(?P<text>[^`]+)`")


def plain_markdown(text: str) -> str:
    """Turn MyST directives and roles into Markdown that every notebook program shows.

    Args:
        text: The source of a Markdown cell.

    Returns:
        The same with exercises as headings and references in words.

    Example:
        >>> plain_markdown("by the chain rule {eq}`eq-chain-rule`")
        'by the chain rule (equation *chain-rule* of the chapter)'
    """

    def heading(match: re.Match[str]) -> str:
        return f"## {match['title'].strip()}\n\n{match['body'].strip()}"

    def words(match: re.Match[str]) -> str:
        role, target = match["role"], match["text"]
        if role == "eq":
            return f"(equation *{target.removeprefix('eq-')}* of the chapter)"
        if role.startswith("cite"):
            return f"[{target}]"
        named = re.fullmatch(r"(.+?)\s*<[^>]+>", target)
        return (
            f"*{named[1] if named else target.removeprefix('ch-').replace('-', ' ')}*"
        )

    return _ROLE.sub(words, _STATEMENT.sub(heading, _TARGET.sub("", text)))


def student_notebook(path: Path) -> dict[str, Any]:
    """Make the student's notebook of a page: statements, stubs and checks, no solution, no output.

    Args:
        path: The page, MyST text.

    Returns:
        The notebook as the JSON of format 4.5. The cell of each stub names its exercise in its metadata.

    Raises:
        ModuleNotFoundError: If jupytext is not installed.
        ValueError: If a solution that begins does not end, or one would be left in.
    """
    page = read_page(path)
    notebook: dict[str, Any] = require("jupytext", extra="notebook").reads(
        page.text, fmt={"extension": ".md", "format_name": "myst"}
    )
    cells: list[dict[str, Any]] = []
    folded = False
    for number, cell in enumerate(notebook["cells"]):
        source: str = cell["source"]
        if cell["cell_type"] == "markdown":
            kept = []
            # One cell may end a solution, state the next exercise, and begin its solution.
            for line in _WHOLE.sub("", source).splitlines():
                if _START.match(line):
                    if folded:
                        raise ValueError(
                            f"{path.name}: a second solution begins before the first one ends"
                        )
                    folded, fence = True, line.split("{")[0]
                elif _END.match(line):
                    if not folded:
                        raise ValueError(
                            f"{path.name}: a solution ends that did not begin"
                        )
                    folded, fence = False, line.split("{")[0]
                    kept.append(f"{fence}end")
                elif not folded:
                    kept.append(line)
            # The closing fence of {solution-end} follows its opening one.
            source = re.sub(
                r"^(`{3,})end\n\1[ \t]*$", "", "\n".join(kept), flags=re.MULTILINE
            )
            source = plain_markdown(source).strip()
            if not source:
                continue
        elif folded or "solution" in cell["metadata"].get("tags", []):
            continue
        # The tags of the book's own machinery would only confuse.
        tags = [
            tag for tag in cell["metadata"].get("tags", []) if tag in ("setup", "stub")
        ]
        metadata: dict[str, Any] = {"tags": tags} if tags else {}
        if "exercise" in cell["metadata"]:
            metadata["exercise"] = cell["metadata"]["exercise"]
        clean: dict[str, Any] = {
            "cell_type": cell["cell_type"],
            "id": f"cell-{number}",
            "metadata": metadata,
        }
        if cell["cell_type"] == "code":
            clean |= {"execution_count": None, "outputs": []}
        cells.append(clean | {"source": source})
    if folded:
        raise ValueError(
            f"{path.name}: a solution begins with {{solution-start}} and never ends"
        )
    if any(BEGIN in cell["source"] for cell in cells):
        raise ValueError(
            f"{path.name}: a worked solution stands outside of a cell tagged `solution`"
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def export(
    pages: list[Path], folder: Path, chapters: list[int] | None = None
) -> list[Path]:
    """Write the students' notebooks.

    Args:
        pages: The pages of exercises.
        folder: Where to; made if it is not there.
        chapters: Only these; None for all.

    Returns:
        The files written.

    Raises:
        FileExistsError: If a file is there already: a student's work is never overwritten.
        ValueError: If a chapter has no page, or a page cannot be exported.
    """
    numbers = {int(path.name[:2]): path for path in pages}
    missing = sorted(set(chapters or ()) - set(numbers))
    if missing:
        raise ValueError(
            f"no exercises for chapter {missing[0]}; there are chapters {sorted(numbers)}"
        )
    chosen = [
        path
        for number, path in numbers.items()
        if chapters is None or number in chapters
    ]
    made = {folder / f"{path.stem}.ipynb": student_notebook(path) for path in chosen}
    for target in made:
        if target.exists():
            raise FileExistsError(
                f"{target} is there already: choose another folder, or move it away first"
            )
    folder.mkdir(parents=True, exist_ok=True)
    for target, notebook in made.items():
        target.write_text(
            json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    return list(made)
