"""Search in the pages of the course, or in any documents, with English or Chinese words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from companion.apps._artifact import read_artifact, write_artifact
from companion.apps._text import checked_text
from companion.corpora import Document, course
from companion.retrieval.analysis import Analysis, term_spans
from companion.retrieval.bm25 import BM25Config, BM25Index
from companion.retrieval.hits import Hit

_KIND = "search"
_CONFIG = BM25Config(k1=1.2, b=0.75, analysis=Analysis(stemming=True))
# All words are indexed; of a query the words without content are not asked for, unless it has no others.
_CONTENT = Analysis(stop_words=True, stemming=True)
# A heading says in a few words what its section is about: its terms count this often.
_TITLE_COUNT = 3
_SNIPPET = 200
_SENTENCE = re.compile(
    r"[^.!?。！？\n]+(?:[.!?。！？]+(?=\s|$|[^\x00-\x7f])|[.!?]|\n|$)"
)
_GLOSSARY_PAIR = re.compile(r"([^:]+): \(([^()]*(?:\([^()]*\))?)\)\s")


@dataclass(frozen=True)
class SearchResult:
    """One document that a search found.

    Attributes:
        id: Identifier of the document.
        title: Its heading.
        link: Where to read it, relative to the book's site; None if the document has no link.
        snippet: A piece of its text of some 200 characters, with the terms of the query between ``**``.
        score: How well it fits, to be compared with the other results of the same search.
    """

    id: str
    title: str
    link: str | None
    snippet: str
    score: float


def title_of(document: Document) -> str:
    """Return the heading of a document: its first line, or of a term's definition the term."""
    first = document.text.partition("\n")[0].strip()
    if document.label == "glossary" and ": " in first:
        return first.partition(": ")[0]
    return first if 0 < len(first) <= 120 else document.id


def glossary_pairs(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """Return the English and Chinese names of terms, from the documents with the label ``"glossary"``.

    Example:
        >>> glossary_pairs([Document("a", "batch: (批) The examples of one step.", label="glossary")])
        [('batch', '批')]
    """
    found = []
    for document in documents:
        match = (
            _GLOSSARY_PAIR.match(document.text)
            if document.label == "glossary"
            else None
        )
        if match:
            found.append((match[1], re.sub(r"\s*\(.*\)", "", match[2])))
    return found


class SearchEngine:
    r"""BM25 over documents; a Chinese query also asks for the English names of the terms in it.

    Args:
        documents: What is searched.
        index: BM25 over them.
        pairs: English and Chinese names of terms.

    Example:
        >>> pages = [Document("a", "Batch\n\nThe examples of one step."), Document("b", "Step\n\nOne change.")]
        >>> found = SearchEngine.fit(pages, [("batch", "批次")]).search("什么是批次")
        >>> found[0].title, found[0].snippet
        ('Batch', '**Batch** The examples of one step.')
    """

    def __init__(
        self,
        documents: Iterable[Document],
        index: BM25Index,
        pairs: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.documents = {document.id: document for document in documents}
        self.index, self.pairs = index, list(pairs)

    def __len__(self) -> int:
        return len(self.documents)

    @classmethod
    def fit(
        cls,
        documents: Iterable[Document],
        pairs: Sequence[tuple[str, str]] | None = None,
    ) -> SearchEngine:
        """Index documents.

        Args:
            documents: A corpus, or documents; the first line of a text is its heading.
            pairs: English and Chinese names of terms, by which a Chinese query finds English pages; None takes them
                from the documents with the label ``"glossary"``.

        Returns:
            The engine.

        Raises:
            ValueError: If there is no document, or an identifier comes twice.
        """
        found = list(documents)
        analysis = _CONFIG.analysis
        terms = [
            analysis(title_of(document)) * (_TITLE_COUNT - 1) + analysis(document.text)
            for document in found
        ]
        index = BM25Index.fit_terms([d.id for d in found], terms, _CONFIG)
        return cls(found, index, glossary_pairs(found) if pairs is None else pairs)

    def expand(self, query: str) -> str:
        """Return the query with the English names of the Chinese terms in it; of terms inside terms the longest."""
        left, names = query, []
        for english, chinese in sorted(self.pairs, key=lambda pair: -len(pair[1])):
            if chinese and chinese in left:
                left = left.replace(chinese, " ")
                names.append(english)
        return " ".join([query, *names])

    def terms(self, query: str) -> list[str]:
        """Return the terms that are asked for: those of the expanded query, without stop words if others are there.

        Raises:
            TypeError: If the query is not a string.
            ValueError: If it is empty or too long.
        """
        expanded = self.expand(checked_text(query, name="query"))
        return _CONTENT(expanded) or self.index.analysis(expanded)

    def hits(self, query: str, k: int = 10) -> list[Hit]:
        """Return identifiers and scores alone; see `search`."""
        return self.index.search_terms(self.terms(query), k)

    def search(self, query: str, k: int = 10) -> list[SearchResult]:
        """Return the documents that fit a query best.

        Args:
            query: Words or a question, in English or Chinese.
            k: At most how many.

        Returns:
            Best first; none if no document shares a term with the query.

        Raises:
            TypeError: If the query is not a string.
            ValueError: If it is empty or too long, or k is below 1; the message says what to do.
        """
        terms = self.terms(query)
        asked, found = set(terms), []
        for hit in self.index.search_terms(terms, k):
            document = self.documents[hit.id]
            found.append(
                SearchResult(
                    hit.id,
                    title_of(document),
                    document.link,
                    self._snippet(document.text, asked),
                    hit.score,
                )
            )
        return found

    def _snippet(self, text: str, asked: set[str]) -> str:
        """Return the sentences from the one with the most of what is asked on, with the terms marked."""
        sentences = [
            (match.start(), match.group()) for match in _SENTENCE.finditer(text)
        ]
        columns = self.index.vocabulary

        def worth(sentence: str) -> float:
            held = asked.intersection(self.index.analysis(sentence))
            # A term in few documents says more.
            counts = (
                self.index.starts[columns[term] + 1] - self.index.starts[columns[term]]
                for term in held
                if term in columns
            )
            return float(sum(1 / np.log(2 + count) for count in counts))

        start = max(sentences, key=lambda s: worth(s[1]), default=(0, ""))[0]
        piece = " ".join(text[start : start + 2 * _SNIPPET].split()).lstrip(":;,.!? ")
        if len(piece) > _SNIPPET:
            piece = piece[:_SNIPPET].rpartition(" ")[0] or piece[:_SNIPPET]
            piece += " …"
        return self._marked(piece, asked)

    def _marked(self, text: str, asked: set[str]) -> str:
        """Put ``**`` around the terms that are asked for; neighbors are marked as one."""
        spans: list[list[int]] = []
        for start, end, term in term_spans(text, self.index.analysis):
            if term in asked:
                if spans and not text[spans[-1][1] : start].strip():
                    spans[-1][1] = end
                else:
                    spans.append([start, end])
        for start, end in reversed(spans):
            text = f"{text[:start]}**{text[start:end]}**{text[end:]}"
        return text

    def save(self, folder: str | Path) -> None:
        """Write documents and index into a folder, which is made if it is not there."""
        index = self.index
        config = {
            "documents": [asdict(document) for document in self.documents.values()],
            "pairs": [list(pair) for pair in self.pairs],
            "vocabulary": list(index.vocabulary),
        }
        arrays = {
            "starts": index.starts,
            "rows": index.documents,
            "weights": index.weights,
        }
        write_artifact(folder, _KIND, config, arrays)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> SearchEngine:
        """Read an engine that `save` wrote, or index the pages of the book.

        Args:
            folder: Where it is; None indexes the book as it stands, which takes about a second.

        Returns:
            The engine.

        Raises:
            FileNotFoundError: If there is nothing in the folder.
            ValueError: If it is damaged.
            CorpusError: If the book's text is not there.
        """
        if folder is None:
            return cls.fit(course())
        config, arrays = read_artifact(folder, _KIND)
        documents = [Document(**entry) for entry in config["documents"]]
        vocabulary = {term: i for i, term in enumerate(config["vocabulary"])}
        index = BM25Index(
            [document.id for document in documents],
            vocabulary,
            arrays["starts"],
            arrays["rows"],
            arrays["weights"],
            _CONFIG,
        )
        return cls(documents, index, [(a, b) for a, b in config["pairs"]])
