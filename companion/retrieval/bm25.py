"""Okapi BM25: rare terms count more, repetitions less and less, and long documents have to earn it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from companion.retrieval.analysis import Analysis
from companion.retrieval.columns import ColumnIndex, TermCounts, analyzed
from companion.retrieval.hits import check_documents


@dataclass(frozen=True)
class BM25Config:
    """Settings of BM25.

    Attributes:
        k1: How slowly repetitions of a term saturate; with 0 a term counts once.
        b: How much a document's length counts against it: 0 not at all, 1 in full.
        analysis: How texts and queries become terms.
    """

    k1: float = 1.2
    b: float = 0.75
    analysis: Analysis = field(default_factory=Analysis)

    def __post_init__(self) -> None:
        if not 0 <= self.k1 < np.inf:
            raise ValueError(f"k1 must be a number from 0 on, got {self.k1}")
        if not 0 <= self.b <= 1:
            raise ValueError(f"b must lie between 0 and 1, got {self.b}")


def inverse_document_frequency(
    frequency: Int[np.ndarray, " terms"], documents: int
) -> Float[np.ndarray, " terms"]:
    """Return how much a term tells: the fewer documents hold it, the more.

    Args:
        frequency: In how many documents each term stands, shape [terms].
        documents: How many there are.

    Returns:
        ln(1 + (N - n + 1/2) / (n + 1/2)), above 0 for every term, shape [terms].

    Source: Robertson & Spärck Jones (1976), with the 1 that Lucene adds so that no term counts against a document.

    Example:
        >>> inverse_document_frequency(np.array([1, 5, 10]), 10).round(2).tolist()
        [1.99, 0.69, 0.05]
    """
    values: np.ndarray = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
    return values


def saturation(
    counts: Float[np.ndarray, "*shape"] | Int[np.ndarray, "*shape"],
    relative_length: Float[np.ndarray, "*#shape"] | float,
    k1: float = 1.2,
    b: float = 0.75,
) -> Float[np.ndarray, "*shape"]:
    """Return what the occurrences of a term in a document are worth, between 0 and 1.

    Args:
        counts: How often the document holds the term.
        relative_length: Length of the document divided by the mean length.
        k1: How slowly repetitions saturate.
        b: How much the length counts.

    Returns:
        c / (c + k1 (1 - b + b l)), of the shape of the counts.

    Source: Robertson et al. (1994); Robertson & Zaragoza (2009), section 3.4.3.

    Example:
        >>> saturation(np.array([0, 1, 2, 100]), 1.0).round(2).tolist()
        [0.0, 0.45, 0.62, 0.99]
    """
    worth: np.ndarray = counts / np.maximum(
        counts + k1 * (1 - b + b * np.asarray(relative_length)), 1e-30
    )
    return worth


class BM25Index(ColumnIndex):
    """BM25 with all scores computed at indexing: a query is a sum of columns.

    Source: Robertson et al. (1994); Lù (2024) for the scores kept in a sparse matrix.

    Example:
        >>> index = BM25Index.fit(["a", "b"], ["The cat sat.", "The dog sat on the mat."])
        >>> index.search("cat")[0].id, [hit.id for hit in index.search("sat")]
        ('a', ['a', 'b'])
    """

    config: BM25Config

    @classmethod
    def fit(
        cls, ids: Sequence[str], texts: Sequence[str], config: BM25Config | None = None
    ) -> BM25Index:
        """Index documents.

        Args:
            ids: A name for each document, all different.
            texts: The documents.
            config: k1, b and the analysis.

        Returns:
            The index.

        Raises:
            TypeError: If ids or texts are not lists of strings.
            ValueError: If their numbers differ, an id comes twice, or there is no document.
        """
        config = config or BM25Config()
        names, terms = analyzed(ids, texts, config.analysis)
        return cls.fit_terms(names, terms, config)

    @classmethod
    def fit_terms(
        cls,
        ids: Sequence[str],
        terms: Sequence[Sequence[str]],
        config: BM25Config | None = None,
    ) -> BM25Index:
        """Index documents that are already analyzed; `terms` holds a list of terms for each document."""
        names, config = check_documents(ids, terms), config or BM25Config()
        found = TermCounts.of(terms)
        idf = inverse_document_frequency(found.document_frequency, len(names))
        # Where no document has a term, no entry asks for a length.
        relative = found.lengths / max(found.lengths.mean(), 1e-30)
        worth = saturation(found.counts, relative[found.documents], config.k1, config.b)
        weights = np.repeat(idf, found.document_frequency) * worth
        return cls(
            names,
            found.vocabulary,
            found.starts,
            found.documents,
            weights.astype(np.float32),
            config,
        )

    @classmethod
    def load(cls, folder: str | Path) -> BM25Index:
        """Read an index that `save` wrote.

        Args:
            folder: Where it is.

        Raises:
            FileNotFoundError: If there is none.
            ValueError: If it is damaged or of another kind; the message says which.
        """
        ids, vocabulary, config, arrays = cls._read(folder)
        return cls(ids, vocabulary, config=BM25Config(**config), **arrays)
