"""An exercise on graded results: nDCG, with the ideal list taken from all that is relevant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close
from companion.exercises.registry import exercise

ndcg_at = exercise(
    "ndcg-at",
    "The list beside the best list",
    chapter=17,
    level="practice",
    answer="ndcg_at",
)


def _gain(grades: Sequence[int | float], base: float = 2, first: int = 2) -> float:
    ranks = np.arange(first, first + len(grades))
    discount = np.log(ranks) / np.log(base)
    return float(np.sum(np.array(grades) / np.maximum(discount, 1e-300)))


@ndcg_at.check(
    "a list that holds everything",
    hint="Each relevance is divided by the logarithm, to the base 2, of its rank plus one; the first rank is 1. Divide "
    "the sum by that of the best order.",
)
def _whole(answer: Callable[..., Any]) -> None:
    shown = "ndcg_at(['b', 'x', 'a'], {'a': 3, 'b': 1}, k=3)"
    gained, best = _gain([1, 0, 3]), _gain([3, 1])
    expect_close(
        answer(["b", "x", "a"], {"a": 3, "b": 1}, 3),
        gained / best,
        shown,
        mistakes=[
            (gained, "This is not divided by the gain of the best list."),
            (4 / 4, "The discount is missing: a place further down counts less."),
            ((1 + 3 / 3) / (3 + 1 / 2), "The relevance was divided by the rank itself. Take log2(rank + 1)."),
            ((1 + 7 / 2) / (7 + 1 / np.log2(3)), "The gain here is the relevance itself, not 2 to its power minus 1."),
            (best / gained, "The fraction is upside down: the best list is below."),
            ((1 + 1 / 2) / (1 + 1 / np.log2(3)), "The grades have no effect. The gain is the relevance, here 3 or 1."),
        ],
    )  # fmt: skip


@ndcg_at.check(
    "a relevant document that was not returned",
    hint="The best list is made of all relevant documents, the returned and the missed ones.",
)
def _missed(answer: Callable[..., Any]) -> None:
    shown = "ndcg_at(['b', 'x'], {'a': 3, 'b': 1, 'c': 2}, k=10)"
    expect_close(
        answer(["b", "x"], {"a": 3, "b": 1, "c": 2}, 10),
        _gain([1, 0]) / _gain([3, 2, 1]),
        shown,
        mistakes=[
            (1.0, "The best list was made of the returned documents only. So whoever returns little is perfect."),
            (_gain([1, 0]) / _gain([3, 2]), "The best list was cut at the length of the returned one. Cut it at k."),
        ],
    )  # fmt: skip


@ndcg_at.check(
    "both lists end at k",
    hint="Only the first k results count, and the best list has no more than k places either.",
)
def _cut(answer: Callable[..., Any]) -> None:
    shown = "ndcg_at(['x', 'a', 'b', 'c'], {'a': 2, 'b': 2, 'c': 2}, k=2)"
    right = _gain([0, 2]) / _gain([2, 2])
    expect_close(
        answer(["x", "a", "b", "c"], {"a": 2, "b": 2, "c": 2}, 2),
        right,
        shown,
        mistakes=[
            (_gain([0, 2, 2, 2]) / _gain([2, 2, 2]), "k has no effect."),
            (_gain([0, 2]) / _gain([2, 2, 2]), "The best list was not cut at k."),
            (_gain([0, 2, 2, 2]) / _gain([2, 2]), "The returned list was not cut at k."),
        ],
    )  # fmt: skip


@ndcg_at.check(
    "nothing is relevant",
    hint="Then the best list gains nothing, and the quotient has no value. It is 0 by convention.",
)
def _nothing(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        for relevance, name in (({}, "{}"), ({"a": 0}, "{'a': 0}")):
            shown = f"ndcg_at(['a', 'b'], {name}, k=2)"
            expect_close(
                answer(["a", "b"], relevance, 2),
                0.0,
                shown,
                mistakes=[
                    (np.nan, "0/0 has come through."),
                    (
                        1.0,
                        "No list is better here, but 1 would lift the mean of every system. It is 0.",
                    ),
                ],
            )
