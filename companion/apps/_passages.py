"""Passages: the course's pages and Python's documentation, cut into what can be read at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from companion.corpora import Document
from companion.retrieval import Analysis

ANALYSIS = Analysis(stop_words=True, stemming=True)
# Words with what is inside of them (os.path, don't), single Chinese characters, single marks.
_TOKEN = re.compile(
    r"[A-Za-z0-9_]+(?:['’.\-][A-Za-z0-9_]+)*|[\u3400-\u9fff]|[^\w\s]|\w"
)
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+(?=[A-Z\"'(\u3400-\u9fff])")
_GLOSSARY = re.compile(r"(?P<term>[^:]+): \((?P<chinese>.*?\)?)\) ")
MOST_CHARACTERS = 600


@dataclass(frozen=True)
class Passage:
    """A piece of a document that is read at once.

    Attributes:
        document: Identifier of the document.
        link: Where a reader finds it.
        title: What it stands under: a heading, a term, the name of a module.
        text: What an answer is quoted from.
        kind: ``"glossary"``, ``"course"`` or ``"python"``.
    """

    document: str
    link: str
    title: str
    text: str
    kind: str

    @cached_property
    def tokens(self) -> list[tuple[int, int]]:
        """Begin and end of each token in the text."""
        return [match.span() for match in _TOKEN.finditer(self.text)]

    @property
    def searchable(self) -> str:
        """What the index knows it by: the title belongs to it."""
        return f"{self.title}\n{self.text}"


def _pieces(paragraph: str) -> Iterable[str]:
    """Cut a long paragraph between sentences."""
    piece = ""
    for sentence in _SENTENCE_END.split(paragraph):
        if piece and len(piece) + len(sentence) > MOST_CHARACTERS:
            yield piece
            piece = ""
        piece = f"{piece} {sentence}" if piece else sentence
    yield piece


def passages(documents: Iterable[Document]) -> list[Passage]:
    """Cut documents into passages: paragraphs, and the sentences of long ones in groups.

    Args:
        documents: Of `companion.corpora.course`, `companion.corpora.python_docs`, or of your own.

    Returns:
        The passages, in order.
    """
    found = []
    for document in documents:
        parts = [p for p in document.text.split("\n\n") if p.strip()]
        kind, title = "course", ""
        if document.id.startswith(("library/", "reference/")):
            kind, title = "python", document.id.partition("/")[2]
        elif document.label == "glossary" and (
            entry := _GLOSSARY.match(document.text + " ")
        ):
            kind, title = "glossary", entry["term"]
        elif len(parts) > 1:
            title, *parts = parts
        found += [
            Passage(document.id, document.link or "", title, piece, kind)
            for part in parts
            for piece in _pieces(part)
        ]
    return found


def glossary_terms(found: Iterable[Passage]) -> dict[str, str]:
    """Read the Chinese terms of the glossary with their English, the longest first.

    Args:
        found: Passages; those that are no terms are passed over.

    Returns:
        English by Chinese, e.g. ``{"困惑度": "perplexity"}``.
    """
    pairs = {}
    for passage in found:
        entry = (
            _GLOSSARY.match(passage.text + " ") if passage.kind == "glossary" else None
        )
        if entry:
            chinese = re.sub(r"\s*\([^\u3400-\u9fff]*\)$", "", entry["chinese"])
            if re.search(r"[\u3400-\u9fff]", chinese):
                pairs[chinese] = entry["term"]
    return dict(sorted(pairs.items(), key=lambda pair: -len(pair[0])))
