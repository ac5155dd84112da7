"""Exercise on pointers: a distribution over the vocabulary mixed with one over the words of the source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import Mismatch, expect_close
from companion.exercises.registry import exercise

copy_mixture = exercise(
    "copy-mixture",
    "Write or point",
    chapter=19,
    level="practice",
    answer="copy_mixture",
)


def _reference(p: Any, weights: Any, ids: Any, g: Any) -> np.ndarray:
    copied = np.zeros(max(len(p), int(np.max(ids)) + 1))
    np.add.at(copied, ids, weights)
    mixed = (1 - g) * copied
    mixed[: len(p)] += g * np.asarray(p)
    return np.asarray(mixed)


@copy_mixture.check(
    "known words",
    hint="g times the vocabulary's probability, plus (1 - g) times the weight of the place that holds the word.",
)
def _known(answer: Callable[..., Any]) -> None:
    p, weights, ids = np.array([0.5, 0.3, 0.2]), np.array([0.9, 0.1]), np.array([2, 0])
    shown = "copy_mixture([0.5, 0.3, 0.2], [0.9, 0.1], [2, 0], 0.75)"
    only = np.zeros(3)
    only[ids] = weights
    expect_close(
        answer(p.copy(), weights.copy(), ids.copy(), 0.75),
        _reference(p, weights, ids, 0.75),
        shown,
        mistakes=[
            (_reference(p, weights, ids, 0.25), "g belongs to the vocabulary, 1 - g to the pointer."),
            (0.75 * p + only, "Scale the pointer's share by 1 - g: the result has to sum to one."),
        ],
    )  # fmt: skip


@copy_mixture.check(
    "a word that stands twice",
    hint="A source word that stands in two places gets both weights: `x[ids] += w` keeps one; use np.add.at.",
)
def _twice(answer: Callable[..., Any]) -> None:
    p, weights, ids = np.array([0.6, 0.4]), np.array([0.2, 0.5, 0.3]), np.array([1, 0, 1])  # fmt: skip
    shown = "copy_mixture([0.6, 0.4], [0.2, 0.5, 0.3], [1, 0, 1], 0.5)"
    lost = 0.5 * p
    lost[ids] += 0.5 * weights
    expect_close(
        answer(p.copy(), weights.copy(), ids.copy(), 0.5),
        _reference(p, weights, ids, 0.5),
        shown,
        mistakes=[
            (lost, "A weight of word 1 is lost: `x[ids] += w` adds once for each different id. Use np.add.at."),
        ],
    )  # fmt: skip


@copy_mixture.check(
    "words that the vocabulary lacks",
    hint="An id of |V| or more is a word of this source alone. The result gets an entry for it, up to the largest id.",
)
def _beyond(answer: Callable[..., Any]) -> None:
    p, weights, ids = np.array([0.6, 0.4]), np.array([0.7, 0.2, 0.1]), np.array([3, 0, 2])  # fmt: skip
    shown = "copy_mixture([0.6, 0.4], [0.7, 0.2, 0.1], [3, 0, 2], 0.3)"
    got = answer(p.copy(), weights.copy(), ids.copy(), 0.3)
    if np.shape(got) == (2,):
        raise Mismatch(
            f"{shown} gave two numbers, expected four: ids 2 and 3 are words that only the source has."
        )
    expect_close(got, _reference(p, weights, ids, 0.3), shown)
    rng = np.random.default_rng(4)
    p, weights, ids = rng.dirichlet(np.ones(5)), rng.dirichlet(np.ones(9)), rng.integers(0, 8, 9)  # fmt: skip
    expect_close(
        answer(p.copy(), weights.copy(), ids.copy(), 0.4),
        _reference(p, weights, ids, 0.4),
        "copy_mixture(p, weights, ids, 0.4) with |V| = 5 and nine source words",
    )
