"""What a search returns, and how the best of many scores are picked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

_BLOCK = 64


class Hit(NamedTuple):
    """One document of a ranking.

    Attributes:
        id: Which document.
        score: How well it fits; to be compared within one ranking of one index only.
    """

    id: str
    score: float


def check_documents(ids: Sequence[str], texts: Sequence[object]) -> list[str]:
    """Return the identifiers as a list, after checking that they are as many as the texts, and different.

    Raises:
        TypeError: If one string was given in place of several.
        ValueError: If there is no document, or the numbers differ, or an identifier comes twice.
    """
    if isinstance(ids, str) or isinstance(texts, str):
        raise TypeError(
            "ids and texts are lists with an entry for each document, got one string"
        )
    names = list(ids)
    if len(names) != len(texts):
        raise ValueError(
            f"every document needs an id and a text, got {len(names)} ids and {len(texts)} texts"
        )
    if not names:
        raise ValueError("there is no document to index")
    if not all(isinstance(name, str) for name in names):
        raise TypeError("ids must be strings; try [str(i) for i in ids]")
    if len(set(names)) < len(names):
        seen: set[str] = set()
        twice = next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(
            f"every document needs an id of its own, {twice!r} comes more than once"
        )
    return names


def best(
    scores: Float[np.ndarray, " documents"], k: int, above: float = -np.inf
) -> Int[np.ndarray, " found"]:
    """Return the positions of the k highest scores, best first; of equal scores the earlier comes first.

    Not all scores are sorted. The k-th highest of the maxima of blocks is a bound that the k highest scores all reach,
    and few others.

    Args:
        scores: Shape [documents].
        k: How many, at least 1.
        above: Only scores above this are returned.

    Returns:
        At most k positions.

    Raises:
        ValueError: If k is below 1.

    Example:
        >>> best(np.array([0.5, 2.0, 0.0, 2.0]), 3, above=0.0).tolist()
        [1, 3, 0]
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    blocks = len(scores) // _BLOCK
    if blocks > k:
        maxima = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
        bound = np.partition(maxima, blocks - k)[blocks - k]
        reach = scores >= bound if bound > above else scores > above
    else:
        reach = scores > above
    found = np.flatnonzero(reach)
    if len(found) > 4 * k:
        values = scores[found]
        found = found[values >= np.partition(values, len(found) - k)[len(found) - k]]
    return found[np.argsort(-scores[found], kind="stable")[:k]]
