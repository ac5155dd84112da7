"""Rankings joined: what several ways of searching place high comes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from companion.retrieval.bm25 import BM25Config, BM25Index
from companion.retrieval.dense import DenseIndex, Encoder
from companion.retrieval.hits import Hit


@runtime_checkable
class Index(Protocol):
    """Anything that ranks documents for a query."""

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Return at most k hits, best first."""
        ...


def reciprocal_rank_fusion(
    rankings: Iterable[Sequence[str]], constant: float = 60.0
) -> list[Hit]:
    """Join rankings by their ranks alone, whatever their scores mean.

    Args:
        rankings: Identifiers, best first; a document may be missing in some of them.
        constant: Added to each rank: the larger, the less a first place is worth against a second.

    Returns:
        All documents with the sum of 1 / (constant + rank), best first; of equal ones the first seen comes first.

    Raises:
        ValueError: If the constant is below 0, or a ranking holds a document twice.

    Source: Cormack, Clarke & Büttcher (2009).

    Example:
        >>> [hit.id for hit in reciprocal_rank_fusion([["a", "b", "c"], ["c", "b"]])]
        ['c', 'b', 'a']
    """
    if not constant >= 0:
        raise ValueError(f"the constant must be at least 0, got {constant}")
    total: dict[str, float] = {}
    for ranking in rankings:
        if len(set(ranking)) < len(ranking):
            raise ValueError("a ranking holds the same document twice")
        for rank, name in enumerate(ranking, start=1):
            total[name] = total.get(name, 0.0) + 1 / (constant + rank)
    return sorted((Hit(*pair) for pair in total.items()), key=lambda hit: -hit.score)


class HybridIndex:
    """Two indexes or more, asked the same, and their rankings joined.

    Args:
        indexes: What is asked; all of them over the same documents.
        depth: How many hits of each are joined.
        constant: See `reciprocal_rank_fusion`.

    Raises:
        ValueError: If there is no index, or the depth is below 1.
    """

    def __init__(
        self, indexes: Sequence[Index], depth: int = 100, constant: float = 60.0
    ) -> None:
        if not indexes:
            raise ValueError("a hybrid index needs at least one index to ask")
        if depth < 1:
            raise ValueError(f"depth must be at least 1, got {depth}")
        self.indexes, self.depth, self.constant = tuple(indexes), depth, constant

    @classmethod
    def fit(
        cls,
        ids: Sequence[str],
        texts: Sequence[str],
        encoder: Encoder,
        config: BM25Config | None = None,
    ) -> HybridIndex:
        """Index documents by BM25 and by an encoder's vectors.

        Args:
            ids: A name for each document, all different.
            texts: The documents.
            encoder: Anything with ``encode(texts)``.
            config: Settings of BM25.

        Returns:
            The index.
        """
        return cls(
            [BM25Index.fit(ids, texts, config), DenseIndex.fit(ids, texts, encoder)]
        )

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Return the best k documents of the joined rankings.

        Raises:
            ValueError: If k is below 1.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        depth = max(k, self.depth)
        rankings = [
            [hit.id for hit in index.search(query, depth)] for index in self.indexes
        ]
        return reciprocal_rank_fusion(rankings, self.constant)[:k]

    def save(self, folder: str | Path) -> None:
        """Write BM25 and vectors into two folders below this one.

        Raises:
            TypeError: If the index was not made by `fit`: then save its parts.
        """
        words, vectors = self.indexes if len(self.indexes) == 2 else (None, None)
        if not isinstance(words, BM25Index) or not isinstance(vectors, DenseIndex):
            raise TypeError(
                "only a hybrid of BM25 and vectors, in this order, is saved as a whole: save the parts of this one"
            )
        words.save(Path(folder) / "words")
        vectors.save(Path(folder) / "vectors")

    @classmethod
    def load(cls, folder: str | Path, encoder: Encoder) -> HybridIndex:
        """Read what `save` wrote.

        Args:
            folder: Where it is.
            encoder: The encoder that the index was made with.

        Raises:
            FileNotFoundError: If there is none.
            ValueError: If it is damaged; the message says where.
        """
        words = BM25Index.load(Path(folder) / "words")
        vectors = DenseIndex.load(Path(folder) / "vectors", encoder)
        if words.ids != vectors.ids:
            raise ValueError(f"{folder}: words and vectors are of different documents")
        return cls([words, vectors])
