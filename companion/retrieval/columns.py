"""Counts of terms, and an index that keeps one score for each term and document: a sparse matrix by columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.retrieval._storage import read_index, write_index
from companion.retrieval.analysis import Analysis
from companion.retrieval.hits import Hit, best, check_documents


def number_terms(
    texts: Sequence[Sequence[str]],
) -> tuple[dict[str, int], Int[np.ndarray, " tokens"], Int[np.ndarray, " documents"]]:
    """Give the terms numbers, in the order in which they are first seen.

    Args:
        texts: The terms of each document.

    Returns:
        The number of each term; the numbers of all texts one after the other, shape [tokens]; the length of each text,
        shape [documents].

    Example:
        >>> vocabulary, ids, lengths = number_terms([["a", "b", "a"], ["b"]])
        >>> vocabulary, ids.tolist(), lengths.tolist()
        ({'a': 0, 'b': 1}, [0, 1, 0, 1], [3, 1])
    """
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    # A term that is not there yet gets the next number.
    vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
    numbers = map(vocabulary.__getitem__, chain.from_iterable(texts))
    ids = np.fromiter(numbers, dtype=np.int64, count=int(lengths.sum()))
    return dict(vocabulary), ids, lengths


def stable_order(numbers: Int[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    """Return the order that sorts numbers from 0 to 2 ** 32 - 1 and leaves equal ones in their order.

    NumPy sorts sixteen bits in linear time. So the low ones are sorted first, and then, if there are any, the high
    ones; the second sort leaves in order what the first has put in order.

    Args:
        numbers: Shape [n].

    Returns:
        Positions, shape [n].

    Example:
        >>> stable_order(np.array([70_000, 5, 70_000, 1])).tolist()
        [3, 1, 0, 2]
    """
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    high = (numbers >> 16)[order]
    if high.any():
        order = order[np.argsort(high.astype(np.uint16), kind="stable")]
    return order


@dataclass(frozen=True)
class TermCounts:
    """How often each term stands in each document, term by term.

    Attributes:
        vocabulary: The column of each term.
        starts: Where each column begins in the other arrays, and the end of the last, shape [terms + 1].
        documents: Numbers of the documents that hold the term, rising in each column, shape [entries].
        counts: How often they hold it, shape [entries].
        lengths: Number of terms of each document, shape [documents].
    """

    vocabulary: dict[str, int]
    starts: Int[np.ndarray, " terms_and_one"]
    documents: Int[np.ndarray, " entries"]
    counts: Int[np.ndarray, " entries"]
    lengths: Int[np.ndarray, " documents"]

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> TermCounts:
        """Count the terms of documents.

        All occurrences are sorted by term, and those of one term stay in the order of the documents. Then equal ones
        lie side by side: all counting is one sort.

        Args:
            texts: The terms of each document.

        Returns:
            The counts.

        Example:
            >>> found = TermCounts.of([["a", "b", "a"], ["b"]])
            >>> found.starts.tolist(), found.documents.tolist(), found.counts.tolist()
            ([0, 1, 3], [0, 0, 1], [2, 1, 1])
        """
        vocabulary, ids, lengths = number_terms(texts)
        order = stable_order(ids)
        columns = ids[order]
        documents = np.repeat(np.arange(len(texts)), lengths)[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (columns[1:] != columns[:-1]) | (documents[1:] != documents[:-1])
        first = np.flatnonzero(new)
        counts = np.diff(first, append=len(order))
        columns, documents = columns[first], documents[first]
        starts = np.searchsorted(columns, np.arange(len(vocabulary) + 1))
        return cls(vocabulary, starts, documents, counts, lengths)

    @property
    def document_frequency(self) -> Int[np.ndarray, " terms"]:
        """In how many documents each term stands, shape [terms]."""
        return np.diff(self.starts)


class ColumnIndex:
    """An index whose scores are sums of columns: each term that the query holds adds its column.

    Args:
        ids: Identifier of each document.
        vocabulary: The column of each term.
        starts: Where each column begins, shape [terms + 1].
        documents: The rows of the entries, shape [entries].
        weights: The scores of the entries, shape [entries].
        config: Settings, with the field ``analysis``.
    """

    def __init__(
        self,
        ids: Sequence[str],
        vocabulary: dict[str, int],
        starts: Int[np.ndarray, " terms_and_one"],
        documents: Int[np.ndarray, " entries"],
        weights: Float[np.ndarray, " entries"],
        config: Any,
    ) -> None:
        self.ids, self.vocabulary, self.config = list(ids), vocabulary, config
        self.starts, self.documents, self.weights = starts, documents, weights

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def analysis(self) -> Analysis:
        """How texts and queries become terms."""
        analysis: Analysis = self.config.analysis
        return analysis

    def query_weights(self, query: Sequence[str]) -> dict[int, float]:
        """Return the factor of each column that the query asks for: how often it holds the term.

        Args:
            query: Terms; those that no document holds have no column.

        Returns:
            Column and factor.
        """
        found: dict[int, float] = {}
        for term in query:
            column = self.vocabulary.get(term)
            if column is not None:
                found[column] = found.get(column, 0.0) + 1.0
        return found

    def scores_of_terms(self, query: Sequence[str]) -> Float[np.ndarray, " documents"]:
        """Return the score of every document for the terms of a query, shape [documents]."""
        scores = np.zeros(len(self.ids), dtype=self.weights.dtype)
        for column, factor in self.query_weights(query).items():
            entries = slice(self.starts[column], self.starts[column + 1])
            documents, weights = self.documents[entries], self.weights[entries]
            # A document stands in a column once, so that nothing is added to the same place twice.
            scores[documents] += weights if factor == 1.0 else factor * weights
        return scores

    def search_terms(self, query: Sequence[str], k: int = 10) -> list[Hit]:
        """Search for terms that are already analyzed; see `search`."""
        scores = self.scores_of_terms(query)
        found = best(scores, k, above=0.0)
        values = scores[found].tolist()
        return [
            Hit(self.ids[i], v) for i, v in zip(found.tolist(), values, strict=True)
        ]

    def scores(self, query: str) -> Float[np.ndarray, " documents"]:
        """Return the score of every document, shape [documents]; 0 for one that shares no term with the query."""
        return self.scores_of_terms(self.analysis(query))

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Return the best documents for a query.

        Args:
            query: Any text.
            k: At most how many.

        Returns:
            Identifiers and scores, best first, of equal ones in the order of the documents; only documents that share
            a term with the query.

        Raises:
            ValueError: If k is below 1.
        """
        return self.search_terms(self.analysis(query), k)

    def _state(self) -> dict[str, Any]:
        config = {
            name: value
            for name, value in vars(self.config).items()
            if name != "analysis"
        }
        return {
            "ids": self.ids,
            "vocabulary": list(self.vocabulary),
            "config": config,
            "analysis": vars(self.analysis),
        }

    def _arrays(self) -> dict[str, np.ndarray]:
        return {
            "starts": self.starts,
            "documents": self.documents,
            "weights": self.weights,
        }

    def save(self, folder: str | Path) -> None:
        """Write the index into a folder, which is made if it is not there."""
        write_index(folder, type(self).__name__, self._state(), self._arrays())

    @classmethod
    def _read(
        cls, folder: str | Path, names: tuple[str, ...] = ()
    ) -> tuple[list[str], dict[str, int], dict[str, Any], dict[str, np.ndarray]]:
        """Read what `save` wrote: identifiers, vocabulary, settings, arrays; `names` are those of a subclass."""
        state, arrays = read_index(
            folder,
            cls.__name__,
            ("ids", "vocabulary", "config", "analysis"),
            ("starts", "documents", "weights", *names),
        )
        entries, documents = len(arrays["weights"]), arrays["documents"]
        fits = (
            len(arrays["starts"]) == len(state["vocabulary"]) + 1
            and arrays["starts"][-1] == entries == len(documents)
            and (entries == 0 or documents.min() >= 0)
            and (entries == 0 or documents.max() < len(state["ids"]))
        )
        if not fits:
            raise ValueError(
                f"{folder} holds no whole {cls.__name__}: its arrays do not fit each other; save it again with "
                ".save(folder)"
            )
        vocabulary = {term: i for i, term in enumerate(state["vocabulary"])}
        config = {**state["config"], "analysis": Analysis(**state["analysis"])}
        return state["ids"], vocabulary, config, arrays


def analyzed(
    ids: Sequence[str], texts: Sequence[str], analysis: Analysis
) -> tuple[list[str], list[list[str]]]:
    """Check documents and return their identifiers and terms.

    Raises:
        TypeError: If a text is not a string.
        ValueError: If ids and texts do not fit each other, or there is none.
    """
    names = check_documents(ids, texts)
    return names, [analysis(text) for text in texts]
