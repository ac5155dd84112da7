"""How good is a list of results: reciprocal rank, average precision, nDCG, precision and recall at k.

Everywhere ``ranked`` is the list of ids that a system returned, best first, and ``relevance`` says how relevant an id
is: above 0 is relevant, and what is not named is not. A query without any relevant document scores 0 on every measure,
as in trec_eval: leave such queries out of an average, because no system can do better on them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float


def _grades(
    ranked: Sequence[Hashable], relevance: Mapping[Any, int | float], k: int | None
) -> Float[np.ndarray, " ranks"]:
    """Look up the grades of the first k results, 0 where an id is not judged."""
    if k is not None and k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if isinstance(ranked, str):
        raise ValueError("ranked must be a list of ids, got one text")
    if len(set(ranked)) != len(ranked):
        raise ValueError(
            "ranked names an id twice: a document can be found only once, drop the repetition"
        )
    return np.array(
        [max(float(relevance.get(i, 0)), 0.0) for i in ranked[:k]], dtype=np.float64
    )


def _relevant(relevance: Mapping[Any, int | float]) -> int:
    return sum(grade > 0 for grade in relevance.values())


def reciprocal_rank(
    ranked: Sequence[Hashable],
    relevance: Mapping[Any, int | float],
    k: int | None = None,
) -> float:
    """Return 1 / rank of the first relevant result; the mean over queries is MRR.

    Args:
        ranked: Ids, best first, none twice.
        relevance: Grade of each judged id.
        k: How many results count; None for all.

    Returns:
        Between 0 and 1; 0 if no relevant result is there.

    Raises:
        ValueError: If an id stands twice, or ``k`` is below 1.

    Source: Voorhees (1999); book, equation eq-mrr.

    Example:
        >>> reciprocal_rank(["a", "b", "c"], {"b": 1, "c": 1})
        0.5
    """
    hits = np.flatnonzero(_grades(ranked, relevance, k) > 0)
    return 1 / float(hits[0] + 1) if hits.size else 0.0


def precision_at(
    ranked: Sequence[Hashable], relevance: Mapping[Any, int | float], k: int
) -> float:
    """Return the share of the first k places that hold a relevant result.

    Args:
        ranked: Ids, best first, none twice.
        relevance: Grade of each judged id.
        k: How many places count; places that a short list leaves empty count as misses.

    Returns:
        Between 0 and 1.

    Raises:
        ValueError: If an id stands twice, or ``k`` is below 1.

    Example:
        >>> precision_at(["a", "b"], {"a": 1}, k=4)
        0.25
    """
    return float((_grades(ranked, relevance, k) > 0).sum()) / k


def recall_at(
    ranked: Sequence[Hashable], relevance: Mapping[Any, int | float], k: int
) -> float:
    """Return the share of the relevant documents that are among the first k results.

    Args:
        ranked: Ids, best first, none twice.
        relevance: Grade of each judged id.
        k: How many places count.

    Returns:
        Between 0 and 1; 0 if no document is relevant.

    Raises:
        ValueError: If an id stands twice, or ``k`` is below 1.

    Example:
        >>> recall_at(["a", "b", "c"], {"a": 1, "c": 2}, k=2)
        0.5
    """
    found = float((_grades(ranked, relevance, k) > 0).sum())
    return found / max(_relevant(relevance), 1)


def average_precision(
    ranked: Sequence[Hashable],
    relevance: Mapping[Any, int | float],
    k: int | None = None,
) -> float:
    """Return the mean, over all relevant documents, of the precision at the place of each; over queries it is MAP.

    Args:
        ranked: Ids, best first, none twice.
        relevance: Grade of each judged id.
        k: How many results count; None for all.

    Returns:
        Between 0 and 1; a relevant document that was not returned adds 0; 0 if no document is relevant.

    Raises:
        ValueError: If an id stands twice, or ``k`` is below 1.

    Source: book, equation eq-map.

    Example:
        >>> average_precision(["a", "b", "c"], {"a": 1, "c": 1}).__round__(4)
        0.8333
    """
    hits = _grades(ranked, relevance, k) > 0
    precision = np.cumsum(hits) / np.arange(1, hits.size + 1)
    return float(precision[hits].sum()) / max(_relevant(relevance), 1)


def ndcg(
    ranked: Sequence[Hashable],
    relevance: Mapping[Any, int | float],
    k: int | None = None,
    exponential: bool = False,
) -> float:
    """Return the discounted cumulative gain, divided by that of the best possible list.

    Args:
        ranked: Ids, best first, none twice.
        relevance: Grade of each judged id; unjudged and negative ones gain nothing.
        k: How many results count; None for all.
        exponential: Whether the gain of grade g is 2 ** g - 1 instead of g.

    Returns:
        Between 0 and 1; 0 if no document is relevant.

    Raises:
        ValueError: If an id stands twice, or ``k`` is below 1.

    Source: Järvelin & Kekäläinen (2002), with the discount 1 / log2(rank + 1); book, equation eq-ndcg.

    Example:
        >>> ndcg(["a", "b"], {"b": 1}).__round__(4)
        0.6309
    """
    found = _grades(ranked, relevance, k)
    best = np.sort([max(float(grade), 0.0) for grade in relevance.values()])[::-1]
    gained, possible = (
        float(
            np.sum(
                (2**grades - 1 if exponential else grades)
                / np.log2(np.arange(2, grades.size + 2))
            )
        )
        for grades in (found, best[:k])
    )
    return gained / possible if possible > 0 else 0.0
