"""MyST Markdown read as text: sections with their titles, labels and paragraphs, without code and markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from companion.corpora.inline import anchor, formula, plain

# Directives whose content is text of the page. All others (code, figures' options, mathematics, lists made by
# Sphinx) hold nothing to read.
# fmt: off
_TEXT_DIRECTIVES = frozenset({
    "admonition", "note", "tip", "hint", "important", "warning", "caution", "attention", "danger", "error", "seealso",
    "dropdown", "margin", "sidebar", "epigraph", "pull-quote", "figure", "table", "list-table", "tab-set", "tab-item",
    "card", "grid", "grid-item", "topic",
})
# fmt: on
_SECTION_DIRECTIVES = {
    "exercise": "Exercise",
    "solution-start": "Solution",
    "exercise-start": "Exercise",
}
_FENCE = re.compile(
    r"^(?P<indent>\s*)(?P<fence>`{3,}|:{3,}|~{3,})\s*(?:\{(?P<name>[\w:+-]+)\})?\s*(?P<argument>.*)$"
)
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_LABEL = re.compile(r"^\(([^()\s]+)\)=\s*$")
_OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*)$")


@dataclass
class Section:
    """A part of a page under one heading.

    Attributes:
        title: The heading without markup.
        level: Number of ``#`` of the heading; 7 for an exercise, which lies below them all.
        anchor: What stands behind ``#`` in a link to it: its label, else its title's identifier; may be empty.
        labels: All labels that lead here.
        paragraphs: The text, one paragraph a string, with roles still in it.
        terms: Term and definition, where the section has a glossary.
    """

    title: str
    level: int
    anchor: str
    labels: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    terms: list[tuple[str, str]] = field(default_factory=list)


def _without_markup(title: str, formulas: Callable[[str], str] = formula) -> str:
    """Return what a title reads as without its markup."""
    return plain(title, lambda role, target: target, formulas)


def _table_row(line: str) -> str:
    """Read a row of a table as its cells, or as nothing if it is the rule under the header."""
    cells = [
        cell.strip().replace("\\|", "|")
        for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))
    ]
    return (
        ""
        if all(re.fullmatch(r":?-{2,}:?|", cell) for cell in cells)
        else "; ".join(cell for cell in cells if cell)
    )


def _close(lines: list[str], start: int, fence: str) -> int:
    """Return the index of the line that closes a fence, or the end of the page if it stays open."""
    for index in range(start, len(lines)):
        stripped = lines[index].strip()
        if len(stripped) >= len(fence) and set(stripped) == {fence[0]}:
            return index
    return len(lines)


def _body(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Separate a directive's options from its content."""
    options: dict[str, str] = {}
    start = 0
    if lines and lines[0].strip() == "---":
        end = next(
            (index for index in range(1, len(lines)) if lines[index].strip() == "---"),
            0,
        )
        for line in lines[1:end]:
            key, colon, value = line.partition(":")
            if colon:
                options[key.strip()] = value.strip()
        return options, lines[end + 1 :]
    while start < len(lines) and (found := _OPTION.match(lines[start])):
        options[found[1]] = found[2].strip()
        start += 1
    return options, lines[start:]


def _terms(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Read a glossary: terms flush left, each definition indented below."""
    terms: list[str] = []
    definition: list[str] = []
    for line in [*lines, "end"]:
        if line.strip() and not line[0].isspace():
            if definition:
                yield from ((term, " ".join(definition)) for term in terms)
                terms, definition = [], []
            terms.append(line.split(" : ")[0].strip())
        elif line.strip():
            definition.append(line.strip())


class _Reader:
    """Collects the sections of a page, line by line."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._labels: list[str] = []
        self._open: list[str] = []
        self._used: set[str] = set()

    def _section(self, title: str, level: int, label: str = "") -> None:
        self._paragraph()
        labels = [*self._labels, *([label] if label else [])]
        self._labels = []
        of_title = anchor(_without_markup(title, str))  # docutils keeps TeX's commands
        # Of two headings with one text docutils numbers the second in its own way: such a link goes to the page's top.
        name = (
            anchor(labels[-1])
            if labels
            else of_title
            if of_title not in self._used
            else ""
        )
        self._used.add(of_title)
        self.sections.append(Section(_without_markup(title), level, name, labels))

    def _paragraph(self) -> None:
        if self._open and self.sections:
            self.sections[-1].paragraphs.append(" ".join(self._open))
        self._open = []

    def _directive(self, name: str, argument: str, lines: list[str]) -> None:
        self._paragraph()
        options, content = _body(lines)
        if name == "glossary" and self.sections:
            self.sections[-1].terms.extend(_terms(content))
        elif name in _SECTION_DIRECTIVES:
            # An exercise has a link of its own, and so has its solution.
            # The argument of a solution is the label of its exercise.
            titles = {
                label: section.title.removeprefix("Exercise: ")
                for section in self.sections
                for label in section.labels
            }
            argument = titles.get(argument, argument)
            title = (
                f"{_SECTION_DIRECTIVES[name]}: {argument}"
                if argument
                else _SECTION_DIRECTIVES[name]
            )
            self._section(title, 7, options.get("label", ""))
            self.read(content)
        elif name in _TEXT_DIRECTIVES:
            # The argument of a figure is its file; of a box, its title.
            if argument and name not in ("figure", "table", "list-table"):
                self._open = [argument if argument[-1] in ".?!:" else f"{argument}:"]
                self._paragraph()
            self.read(content)

    def read(self, lines: list[str]) -> None:
        """Read lines of Markdown."""
        index = 0
        while index < len(lines):
            line = lines[index]
            index += 1
            stripped = line.strip()
            if found := _FENCE.match(line):
                end = _close(lines, index, found["fence"])
                if not (
                    stripped.startswith("`") and "`" in stripped.lstrip("`")
                ):  # ```code``` within one line
                    self._directive(
                        found["name"] or "", found["argument"].strip(), lines[index:end]
                    )
                    index = end + 1
                    continue
            if stripped.startswith("$$"):
                self._paragraph()
                if stripped.count("$$") < 2:
                    while index < len(lines) and "$$" not in lines[index]:
                        index += 1
                    index += 1
            elif stripped.startswith("<!--"):
                while "-->" not in lines[index - 1] and index < len(lines):
                    index += 1
            elif found := _HEADING.match(line):
                self._section(found[2], len(found[1]))
            elif found := _LABEL.match(line):
                self._paragraph()
                self._labels.append(found[1])
            elif (
                not stripped
                or stripped.startswith(("+++", "%"))
                or re.fullmatch(r"[-*_]{3,}", stripped)
            ):
                self._paragraph()
                self._labels = [] if stripped else self._labels
            elif stripped.startswith("|"):
                self._paragraph()
                self._open = [row] if (row := _table_row(stripped)) else []
                self._paragraph()
            else:
                if bullet := re.match(
                    r"^(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?", stripped
                ):
                    self._paragraph()
                    stripped = stripped[bullet.end() :]
                self._open.append(stripped.removeprefix(">").lstrip())
        self._paragraph()


def sections(text: str) -> list[Section]:
    r"""Read a page of MyST Markdown as its sections.

    Code, mathematics set apart, front matter, comments and options go; boxes, captions, lists and tables stay as text.
    An exercise and its solution are sections of their own.

    Args:
        text: The page.

    Returns:
        The sections in order; text before the first heading belongs to none and is left out.

    Example:
        >>> page = "(start)=\n# Tokens\n\nA text is\n*cut*.\n"
        >>> [(part.title, part.anchor, part.paragraphs) for part in sections(page)]
        [('Tokens', 'start', ['A text is *cut*.'])]
    """
    lines = text.splitlines()
    if lines and lines[0].strip() == "---":
        end = next(
            (index for index in range(1, len(lines)) if lines[index].strip() == "---"),
            -1,
        )
        lines = lines[end + 1 :]
    reader = _Reader()
    reader.read(lines)
    return reader.sections
