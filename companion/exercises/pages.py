"""Reading and rewriting the pages of exercises, which are MyST text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from companion.exercises.stubs import make_stub

_FENCE = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?P<body>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL
)
_OPTION = re.compile(r"^:(?P<key>[\w-]+):[ \t]*(?P<value>.*)")
_LABEL = re.compile(r"^:label:[ \t]*ex-(?P<id>[\w-]+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A code cell of a page.

    Attributes:
        source: Its code.
        tags: Its tags, e.g. ``("solution",)``.
        exercise: The exercise it belongs to; None for a cell that belongs to none.
        start: Where its code begins in the text of the page, in characters.
        end: Where its code ends.
    """

    source: str
    tags: tuple[str, ...]
    exercise: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """A page of exercises.

    Attributes:
        path: Where it is.
        text: The whole text.
        cells: Its code cells, in order.
        statements: Ids of the exercises that are stated, in order.
    """

    path: Path
    text: str
    cells: tuple[Cell, ...]
    statements: tuple[str, ...]

    def cell(self, exercise: str, tag: str) -> Cell:
        """Return the one cell of an exercise that has a tag.

        Raises:
            ValueError: If there is none, or more than one.
        """
        found = [
            cell
            for cell in self.cells
            if cell.exercise == exercise and tag in cell.tags
        ]
        if len(found) != 1:
            raise ValueError(
                f"{self.path.name}: exercise {exercise!r} needs exactly one cell with the lines "
                f"`:tags: [{tag}]` and `:exercise: {exercise}`, found {len(found)}"
            )
        return found[0]

    def setup(self) -> list[str]:
        """Return the code of the cells tagged ``setup``: the imports that answers may rely on."""
        return [cell.source for cell in self.cells if "setup" in cell.tags]


def read_page(path: Path) -> Page:
    """Read a page of exercises.

    Args:
        path: A file of MyST text.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a cell tagged ``stub`` or ``solution`` does not say to which exercise it belongs.
    """
    text = path.read_text(encoding="utf-8")
    cells = []
    for fence in _FENCE.finditer(text):
        start = fence.start("body")
        tags: tuple[str, ...] = ()
        owner = None
        body = fence["body"]
        while match := _OPTION.match(body):
            if match["key"] == "tags":
                tags = tuple(
                    tag.strip()
                    for tag in match["value"].strip("[] ").split(",")
                    if tag.strip()
                )
            elif match["key"] == "exercise":
                owner = match["value"].strip()
            skipped = body.index("\n") + 1
            start, body = start + skipped, body[skipped:]
        # jupytext sets the options off with a blank line, which belongs to neither.
        blank = len(body) - len(body.lstrip("\n"))
        source = body[blank:].rstrip("\n")
        start += blank
        if owner is None and {"stub", "solution"} & set(tags):
            raise ValueError(
                f"{path.name}: the cell that begins with {source.splitlines()[0]!r} is a {' '.join(tags)}; "
                "say of which exercise, with a line `:exercise: ID` below its tags"
            )
        cells.append(Cell(source, tags, owner, start, start + len(source)))
    statements = tuple(match["id"] for match in _LABEL.finditer(text))
    return Page(path, text, tuple(cells), statements)


def with_stubs(page: Page) -> str:
    """Return the text of a page with every stub made anew from its worked solution.

    Raises:
        ValueError: If an exercise lacks its stub or its solution, or the solution marks no region.
    """
    text = page.text
    replacements = []
    for exercise in page.statements:
        stub = page.cell(exercise, "stub")
        replacements.append(
            (
                stub.start,
                stub.end,
                make_stub(page.cell(exercise, "solution").source, exercise),
            )
        )
    for start, end, stub_source in sorted(replacements, reverse=True):
        text = text[:start] + stub_source + text[end:]
    return text


def find_pages(book: Path | None = None) -> list[Path]:
    """Find the pages of exercises.

    Args:
        book: The folder ``book`` of a clone of the course; None looks for it from the current folder upwards.

    Returns:
        Their paths, in the order of the chapters.

    Raises:
        FileNotFoundError: If there is no such folder, or it holds no page.
    """
    here = Path.cwd()
    candidates = (
        [book]
        if book is not None
        else [folder / "book" for folder in (here, *here.parents)]
    )
    for candidate in candidates:
        pages = sorted((candidate / "text" / "exercises").glob("[0-9][0-9]-*.md"))
        if pages:
            return pages
    raise FileNotFoundError(
        f"no exercises found in {candidates[0] / 'text' / 'exercises'}: run this inside a clone of the course, "
        "or say where its book is with --book"
    )
