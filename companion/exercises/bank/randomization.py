"""An exercise on significance: exchange the two systems at random, and see how often the difference is as large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close
from companion.exercises.registry import exercise

exchange_p = exercise(
    "exchange-test",
    "Exchanged at random",
    chapter=17,
    level="research",
    answer="exchange_p",
)


@exchange_p.check(
    "a few exchanges",
    hint="A row of swaps says for which examples the two systems change places: their difference then changes its "
    "sign. Count the rows whose mean difference is at least as far from 0 as the real one, add one above and below.",
)
def _few(answer: Callable[..., Any]) -> None:
    a, b = np.array([3.0, 2.0, 2.0, 1.0]), np.array([1.0, 1.0, 1.0, 2.0])
    swaps = np.array([[1, 1, 1, 0], [1, 1, 1, 1], [1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 0]])  # fmt: skip
    shown = "exchange_p([3, 2, 2, 1], [1, 1, 1, 2], five rows of swaps)"
    # differences 2 1 1 -1, sum 3; rows: -5, -3, -1, 1, -5.
    expect_close(
        answer(a, b, swaps.astype(bool)),
        4 / 6,
        shown,
        mistakes=[
            (3 / 5, "Add one above and below: the order in which the systems stand is one of the possible ones."),
            (3 / 6, "One is to be added above as well, or p could be 0."),
            (4 / 5, "One is to be added below as well."),
            (1 / 6, "This counts one direction only. A difference of either sign is as far from 0."),
            (1 - 4 / 6, "This is the share of rows that are nearer to 0."),
            (6 / 6, "No example has changed places."),
        ],
    )  # fmt: skip


@exchange_p.check(
    "an equal difference counts",
    hint="Rows that give exactly the observed difference are at least as far. Rounding must not make them nearer: "
    "allow for a distance of 1e-12.",
)
def _ties(answer: Callable[..., Any]) -> None:
    a, b = np.array([0.3, 0.1, 0.2]), np.array([0.0, 0.0, 0.0])
    swaps = np.array([[0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 1, 1]], dtype=bool)
    shown = "exchange_p([0.3, 0.1, 0.2], [0, 0, 0], four rows of swaps, two of which exchange none or all)"
    expect_close(
        answer(a, b, swaps),
        3 / 5,
        shown,
        mistakes=[
            (1 / 5, "Only farther rows were counted. Exchanging none, or all, gives the same distance: count it."),
            (2 / 5, "Only one of the two equal rows was counted: rounding, or the sign."),
        ],
    )  # fmt: skip


@exchange_p.check(
    "equal systems",
    hint="All differences are 0, and every row is as far from 0 as the real one: p is 1.",
)
def _equal(answer: Callable[..., Any]) -> None:
    same = np.array([1.0, 0.0, 1.0])
    swaps = np.random.default_rng(1).random((20, 3)) < 0.5
    expect_close(
        answer(same, same.copy(), swaps),
        1.0,
        "exchange_p(a, a, swaps)",
        mistakes=[
            (
                1 / 21,
                "Equal differences were not counted, and so two equal systems differ significantly.",
            ),
        ],
    )


@exchange_p.check(
    "many exchanges",
    hint="The shape of swaps is [rows, examples]; the mean goes over the examples.",
    points=2,
)
def _many(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(171)
    a, b = generator.random((2, 40))
    swaps = generator.random((500, 40)) < 0.5
    difference = a - b
    count = 0
    for row in swaps:
        total = sum(-d if s else d for d, s in zip(difference, row, strict=True))
        count += abs(total) >= abs(sum(difference)) - 1e-12
    one_sided = sum(
        sum(-d if s else d for d, s in zip(difference, row, strict=True))
        >= sum(difference) - 1e-12
        for row in swaps
    )
    expect_close(
        answer(a, b, swaps),
        (count + 1) / 501,
        "exchange_p(a, b, swaps of shape [500, 40])",
        mistakes=[
            (
                (one_sided + 1) / 501,
                "This counts one direction only. A difference of either sign is as far from 0.",
            ),
        ],
    )
