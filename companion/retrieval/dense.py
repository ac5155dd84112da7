"""Dense retrieval: documents and queries as vectors, and the nearest ones found exactly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from companion.retrieval._storage import read_index, write_index
from companion.retrieval.hits import Hit, best, check_documents


@runtime_checkable
class Encoder(Protocol):
    """Anything that turns texts into vectors of one width."""

    def encode(self, texts: list[str]) -> Float[np.ndarray, "texts d"]:
        """Return one vector a text, shape [texts, d]."""
        ...


def unit_vectors(vectors: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
    """Return vectors divided by their lengths, in float32; a vector of zeros stays one.

    Args:
        vectors: Shape [n, d].

    Returns:
        Shape [n, d]: products of two are cosines.

    Raises:
        ValueError: If a number is infinite or none.

    Example:
        >>> unit_vectors(np.array([[3.0, 4.0], [0.0, 0.0]])).round(1).tolist()
        [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a number that is infinite or none")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: np.ndarray = vectors / np.where(lengths > 0, lengths, 1.0)
    return unit.astype(np.float32)


class DenseIndex:
    """One vector a document; a query finds those whose vectors point most nearly where its own points.

    Every document is looked at, so that nothing near is missed.

    Args:
        ids: Identifier of each document.
        vectors: One vector a document, shape [documents, d]; their lengths do not count.
        encoder: Turns a query into a vector; the one that made the vectors.

    Raises:
        ValueError: If ids and vectors do not fit each other.

    Source: Karpukhin et al. (2020).
    """

    def __init__(
        self,
        ids: Sequence[str],
        vectors: Float[np.ndarray, "documents d"],
        encoder: Encoder,
    ) -> None:
        if vectors.ndim != 2:
            raise ValueError(
                f"vectors must have the shape [documents, d], got {vectors.shape}"
            )
        self.ids = check_documents(ids, list(vectors))
        self.vectors, self.encoder = unit_vectors(vectors), encoder

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def fit(
        cls, ids: Sequence[str], texts: Sequence[str], encoder: Encoder
    ) -> DenseIndex:
        """Index documents.

        Args:
            ids: A name for each document, all different.
            texts: The documents.
            encoder: Anything with ``encode(texts)``.

        Returns:
            The index.

        Raises:
            TypeError: If ids or texts are not lists of strings.
            ValueError: If their numbers differ, an id comes twice, or there is no document.
        """
        names = check_documents(ids, texts)
        return cls(names, encoder.encode(list(texts)), encoder)

    def scores(self, query: str) -> Float[np.ndarray, " documents"]:
        """Return the cosine of every document with the query, shape [documents].

        Raises:
            ValueError: If the encoder gives a vector of another width than the index has.
        """
        vector = unit_vectors(self.encoder.encode([query]))
        if vector.shape != (1, self.vectors.shape[1]):
            raise ValueError(
                f"the encoder gave the shape {vector.shape} for one query, the index has vectors of width "
                f"{self.vectors.shape[1]}: is it the encoder that the index was made with?"
            )
        cosines: np.ndarray = self.vectors @ vector[0]
        return cosines

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Return the k nearest documents, best first; there is always a nearest one, however far.

        Raises:
            ValueError: If k is below 1.
        """
        scores = self.scores(query)
        return [Hit(self.ids[i], float(scores[i])) for i in best(scores, k).tolist()]

    def save(self, folder: str | Path) -> None:
        """Write ids and vectors into a folder; the encoder is not saved with them."""
        write_index(folder, "DenseIndex", {"ids": self.ids}, {"vectors": self.vectors})

    @classmethod
    def load(cls, folder: str | Path, encoder: Encoder) -> DenseIndex:
        """Read an index that `save` wrote.

        Args:
            folder: Where it is.
            encoder: The encoder that the index was made with.

        Raises:
            FileNotFoundError: If there is none.
            ValueError: If it is damaged or of another kind; the message says which.
        """
        state, arrays = read_index(folder, cls.__name__, ("ids",), ("vectors",))
        return cls(state["ids"], arrays["vectors"], encoder)
