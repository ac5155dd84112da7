"""Exercises on drawing under a form: the weight of a masked text, and what weighted texts say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close
from companion.exercises.registry import exercise

weight = exercise(
    "mask-weight",
    "The weight of a masked text",
    chapter=18,
    level="practice",
    answer="mask_weight",
)

_PROBS = np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]])
_ALLOWED = np.array([[True, False, True], [False, True, False]])


@weight.check(
    "two places",
    hint="At each place sum the probabilities of the allowed tokens; the weight is the product of these sums.",
)
def _two(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_PROBS, _ALLOWED),
        0.7 * 0.6,
        "mask_weight([[.5, .3, .2], [.1, .6, .3]], allowed)",
        mistakes=[
            (0.7 + 0.6, "The places are independent factors: multiply, do not add."),
            (0.3 * 0.4, "This is what the mask took away. The weight is what it left."),
            (1 / (0.7 * 0.6), "Upside down: a text that the mask forced has a small weight."),
            (np.log(0.7 * 0.6), "This is its logarithm."),
            (0.65, "The mean of what is left is no probability of keeping the form."),
        ],
    )  # fmt: skip


@weight.check(
    "where nothing is forbidden",
    hint="Without a mask every text has weight 1, and the empty text has weight 1, too.",
)
def _free(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_PROBS, np.ones_like(_ALLOWED)), 1.0, "mask_weight(probs, all allowed)"
    )
    expect_close(
        answer(np.zeros((0, 3)), np.zeros((0, 3), dtype=bool)),
        1.0,
        "mask_weight of no place",
    )


weighted = exercise(
    "weighted-mean",
    "What weighted texts say",
    chapter=18,
    level="research",
    answer="weighted_mean",
)


@weighted.check(
    "weights from their logarithms",
    hint="Divide the weighted sum by the sum of the weights.",
)
def _weights(answer: Callable[..., Any]) -> None:
    values, logs = np.array([1.0, 4.0]), np.log([0.3, 0.1])
    expect_close(
        answer(values, logs),
        1.75,
        "weighted_mean([1, 4], log([0.3, 0.1]))",
        mistakes=[
            (2.5, "The weights were not used."),
            (0.7, "Divide by the sum of the weights."),
            (0.35, "Divide by the sum of the weights, not by their number."),
            (float((values * logs).sum() / logs.sum()), "These are logarithms: take the exponential first."),
        ],
    )  # fmt: skip


@weighted.check(
    "very small weights",
    hint="exp(-1000) is 0 in a computer. Only ratios count: subtract the largest logarithm before the exponential.",
)
def _small(answer: Callable[..., Any]) -> None:
    logs = np.array([-1000.0, -1000.0 + np.log(3.0)])
    with np.errstate(all="ignore"):
        expect_close(
            answer(np.array([0.0, 4.0]), logs),
            3.0,
            "weighted_mean([0, 4], [-1000, -1000 + log 3])",
        )
