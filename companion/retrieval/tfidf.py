"""TF-IDF: a document as a vector with an entry for each term, compared by the cosine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.retrieval.analysis import Analysis
from companion.retrieval.columns import ColumnIndex, TermCounts, analyzed


@dataclass(frozen=True)
class TfidfConfig:
    """Settings of TF-IDF.

    Attributes:
        sublinear: Whether c occurrences count 1 + ln c times, or c times.
        analysis: How texts and queries become terms.
    """

    sublinear: bool = True
    analysis: Analysis = field(default_factory=Analysis)


def _frequency(
    counts: Int[np.ndarray, " n"] | Float[np.ndarray, " n"], sublinear: bool
) -> Float[np.ndarray, " n"]:
    return 1 + np.log(counts) if sublinear else np.asarray(counts, dtype=np.float64)


class TfidfIndex(ColumnIndex):
    """Cosine of TF-IDF vectors: how often a term stands here, times how rare it is elsewhere.

    The rarity is ln((1 + N) / (1 + n)) + 1 for a term that stands in n of N documents, never zero.

    Source: Salton, Wong & Yang (1975); Spärck Jones (1972) for the rarity.

    Example:
        >>> index = TfidfIndex.fit(["a", "b"], ["The cat sat.", "The dog sat on the mat."])
        >>> index.search("a cat")[0].id, round(index.search("The cat sat")[0].score, 6)
        ('a', 1.0)
    """

    config: TfidfConfig

    def __init__(
        self, *given: Any, idf: Float[np.ndarray, " terms"], **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self.idf = idf

    @classmethod
    def fit(
        cls, ids: Sequence[str], texts: Sequence[str], config: TfidfConfig | None = None
    ) -> TfidfIndex:
        """Index documents.

        Args:
            ids: A name for each document, all different.
            texts: The documents.
            config: Whether counts are damped, and the analysis.

        Returns:
            The index.

        Raises:
            TypeError: If ids or texts are not lists of strings.
            ValueError: If their numbers differ, an id comes twice, or there is no document.
        """
        config = config or TfidfConfig()
        names, terms = analyzed(ids, texts, config.analysis)
        found = TermCounts.of(terms)
        frequency = found.document_frequency
        idf = np.log((1 + len(names)) / (1 + frequency)) + 1
        weights = _frequency(found.counts, config.sublinear) * np.repeat(idf, frequency)
        squares = np.bincount(found.documents, weights**2, minlength=len(names))
        weights /= np.sqrt(squares)[found.documents]
        return cls(
            names,
            found.vocabulary,
            found.starts,
            found.documents,
            weights.astype(np.float32),
            config,
            idf=idf,
        )

    def query_weights(self, query: Sequence[str]) -> dict[int, float]:
        """Return the entries of the query's vector, of length 1, by column.

        Terms that no document holds have no column, and do not count in the length either.
        """
        counts = super().query_weights(query)
        if not counts:
            return {}
        columns = np.array(list(counts))
        frequency = _frequency(np.array(list(counts.values())), self.config.sublinear)
        values = frequency * self.idf[columns]
        values /= np.linalg.norm(values)
        return dict(zip(columns.tolist(), values.tolist(), strict=True))

    def _arrays(self) -> dict[str, np.ndarray]:
        return {**super()._arrays(), "idf": self.idf}

    @classmethod
    def load(cls, folder: str | Path) -> TfidfIndex:
        """Read an index that `save` wrote.

        Args:
            folder: Where it is.

        Raises:
            FileNotFoundError: If there is none.
            ValueError: If it is damaged or of another kind; the message says which.
        """
        ids, vocabulary, config, arrays = cls._read(folder, ("idf",))
        return cls(ids, vocabulary, config=TfidfConfig(**config), **arrays)
