"""The inverted index: for each term the places where it stands, and queries that combine them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

import numpy as np
from jaxtyping import Int

from companion.retrieval._storage import read_index, write_index
from companion.retrieval.analysis import Analysis
from companion.retrieval.columns import analyzed, number_terms, stable_order
from companion.retrieval.hits import Hit

Numbers = Int[np.ndarray, " found"]
_TOKEN = re.compile(r'"([^"]*)"|([()])|([^\s()"]+)')


class InvertedIndex:
    """Where every term stands.

    All documents are laid end to end, with a gap of one place after each. A term's postings are the places where it
    stands, in rising order. A phrase is found by moving the postings of its second term one place back, those of the
    third two, and so on, and by taking what they have in common; across a gap no phrase can reach.

    Args:
        ids: Identifier of each document.
        vocabulary: A number for each term.
        starts: Where the postings of each term begin, shape [terms + 1].
        places: The postings, term by term, shape [tokens].
        offsets: The place of each document's first term, shape [documents].
        analysis: How texts and queries become terms.

    Source: Manning, Raghavan & Schütze (2008), chapters 1 and 2.

    Example:
        >>> index = InvertedIndex.fit(["a", "b"], ["a cat and a dog", "a dog, a cat, a mouse"])
        >>> [hit.id for hit in index.search('"a cat" AND NOT mouse')]
        ['a']
    """

    def __init__(
        self,
        ids: Sequence[str],
        vocabulary: dict[str, int],
        starts: Int[np.ndarray, " terms_and_one"],
        places: Int[np.ndarray, " tokens"],
        offsets: Int[np.ndarray, " documents"],
        analysis: Analysis | None = None,
    ) -> None:
        self.ids, self.vocabulary = list(ids), vocabulary
        self.starts, self.places, self.offsets = starts, places, offsets
        self.analysis = analysis or Analysis()

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def fit(
        cls, ids: Sequence[str], texts: Sequence[str], analysis: Analysis | None = None
    ) -> InvertedIndex:
        """Index documents.

        Args:
            ids: A name for each document, all different.
            texts: The documents.
            analysis: How texts and queries become terms. A term that the analysis drops leaves no gap in a phrase.

        Returns:
            The index.

        Raises:
            TypeError: If ids or texts are not lists of strings.
            ValueError: If their numbers differ, an id comes twice, or there is no document.
        """
        analysis = analysis or Analysis()
        names, terms = analyzed(ids, texts, analysis)
        vocabulary, numbers, lengths = number_terms(terms)
        offsets = np.cumsum(lengths + 1) - (lengths + 1)
        gaps = np.repeat(np.arange(len(names)), lengths)
        order = stable_order(numbers)
        places = order + gaps[order]
        starts = np.searchsorted(numbers[order], np.arange(len(vocabulary) + 1))
        return cls(names, vocabulary, starts, places, offsets, analysis)

    def postings(self, term: str) -> Numbers:
        """Return the places of a term, in rising order; none if no document holds it."""
        number = self.vocabulary.get(term)
        if number is None:
            return np.empty(0, dtype=np.int64)
        return self.places[self.starts[number] : self.starts[number + 1]]

    def phrase(self, terms: Sequence[str]) -> Numbers:
        """Return the numbers of the documents in which terms stand one after the other.

        Args:
            terms: At least one term, analyzed.

        Returns:
            Document numbers, in rising order.

        Raises:
            ValueError: If there is no term.
        """
        if not terms:
            raise ValueError("a phrase needs at least one term")
        moved = [self.postings(term) - i for i, term in enumerate(terms)]
        # The shortest first: what is left only shrinks.
        moved.sort(key=len)
        places = reduce(lambda a, b: np.intersect1d(a, b, assume_unique=True), moved)
        return np.unique(np.searchsorted(self.offsets, places, side="right") - 1)

    def match(self, query: str) -> Numbers:
        """Return the numbers of the documents for which a query is true.

        Args:
            query: Words and "phrases", joined by AND, OR and NOT in capitals and grouped by parentheses. NOT binds
                before AND, and AND before OR; without a word between them two parts are joined by AND. A word of
                several terms, such as ``os.path`` or a Chinese word, is a phrase.

        Returns:
            Document numbers, in rising order.

        Raises:
            ValueError: If the query cannot be read; the message says what is missing.
        """
        parser = _Query(self, query)
        found = parser.either()
        if parser.next() is not None:
            raise ValueError(f"the query {query!r} has a ')' without its '('")
        return found

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Return the first k documents for which a query is true (see `match`), each with the score 1.

        Raises:
            ValueError: If k is below 1, or the query cannot be read.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        return [Hit(self.ids[i], 1.0) for i in self.match(query)[:k].tolist()]

    def save(self, folder: str | Path) -> None:
        """Write the index into a folder, which is made if it is not there."""
        state = {"ids": self.ids, "vocabulary": list(self.vocabulary)}
        arrays = {
            "starts": self.starts,
            "places": self.places,
            "offsets": self.offsets,
        }
        write_index(
            folder, "InvertedIndex", {**state, "analysis": vars(self.analysis)}, arrays
        )

    @classmethod
    def load(cls, folder: str | Path) -> InvertedIndex:
        """Read an index that `save` wrote.

        Raises:
            FileNotFoundError: If there is none.
            ValueError: If it is damaged or of another kind; the message says which.
        """
        names = ("starts", "places", "offsets")
        state, arrays = read_index(
            folder, cls.__name__, ("ids", "vocabulary", "analysis"), names
        )
        fits = (
            len(arrays["starts"]) == len(state["vocabulary"]) + 1
            and arrays["starts"][-1] == len(arrays["places"])
            and len(arrays["offsets"]) == len(state["ids"])
        )
        if not fits:
            raise ValueError(
                f"{folder} holds no whole InvertedIndex: its arrays do not fit each other; save it again with "
                ".save(folder)"
            )
        vocabulary = {term: i for i, term in enumerate(state["vocabulary"])}
        return cls(
            state["ids"], vocabulary, **arrays, analysis=Analysis(**state["analysis"])
        )


class _Query:
    """Reads a query from left to right: a sum of products of factors, as in arithmetic."""

    def __init__(self, index: InvertedIndex, query: str) -> None:
        if query.count('"') % 2:
            raise ValueError(
                f"the query {query!r} opens a phrase and does not close it"
            )
        self.index, self.query = index, query
        self.tokens = [
            ("phrase", match[1]) if match[1] is not None else ("", match[2] or match[3])
            for match in _TOKEN.finditer(query)
        ]
        self.at = 0
        self.depth = 0

    def next(self) -> str | None:
        """Return the next token if it is no phrase, None at the end; a phrase reads as an empty string."""
        if self.at == len(self.tokens):
            return None
        kind, token = self.tokens[self.at]
        return "" if kind else token

    def either(self) -> Numbers:
        found = self.every()
        while self.next() == "OR":
            self.at += 1
            found = np.union1d(found, self.every())
        return found

    def every(self) -> Numbers:
        found = self.factor()
        while self.next() not in (None, "OR", ")"):
            self.at += self.next() == "AND"
            found = np.intersect1d(found, self.factor(), assume_unique=True)
        return found

    def factor(self) -> Numbers:
        token = self.next()
        if token is None or token in ("AND", "OR", ")"):
            where = "ends" if token is None else f"has {token!r}"
            raise ValueError(
                f"the query {self.query!r} {where} where a word or a phrase is expected"
            )
        self.at += 1
        if token == "NOT":
            # A loop in place of a call for each: a thousand NOTs are no reason to fail.
            negations = 1
            while self.next() == "NOT":
                self.at, negations = self.at + 1, negations + 1
            found = self.factor()
            everything = np.arange(len(self.index))
            return np.setdiff1d(everything, found) if negations % 2 else found
        if token == "(":
            self.depth += 1
            if self.depth > 100:
                raise ValueError(
                    f"the query has more than 100 open parentheses: {self.query[:40]!r}..."
                )
            found = self.either()
            if self.next() != ")":
                raise ValueError(f"the query {self.query!r} has a '(' without its ')'")
            self.at, self.depth = self.at + 1, self.depth - 1
            return found
        terms = self.index.analysis(self.tokens[self.at - 1][1])
        # What has no term, such as a lone mark or a stop word, asks for nothing.
        return self.index.phrase(terms) if terms else np.arange(len(self.index))
