"""Exercises on drawing a token: the nucleus, and the inverse of the cumulative distribution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_equal
from companion.exercises.registry import exercise

nucleus = exercise(
    "nucleus",
    "The nucleus",
    chapter=13,
    level="warm-up",
    answer="nucleus",
)


@nucleus.check(
    "what is kept",
    hint="Go through the tokens from the most probable on. A token stays if those before it have not reached p yet.",
)
def _kept(answer: Callable[..., Any]) -> None:
    shown = "nucleus([0.4, 0.3, 0.2, 0.1], 0.65)"
    expect_close(
        answer(np.array([0.4, 0.3, 0.2, 0.1]), 0.65),
        np.array([4 / 7, 3 / 7, 0, 0]),
        shown,
        mistakes=[
            ([1.0, 0, 0, 0], "The token that reaches p belongs to the set: without it the sum stays below p."),
            ([4 / 9, 3 / 9, 2 / 9, 0], "One token too many: stop at the first with which the sum reaches p."),
            ([0.4, 0.3, 0, 0], "What is left has to sum to one again."),
            ([0, 0, 2 / 3, 1 / 3], "This is the tail. The head is kept."),
            ([0.4, 0.3, 0.2, 0.1], "Nothing was taken out. Go from the most probable on, not from the least."),
        ],
    )  # fmt: skip


@nucleus.check(
    "tokens keep their places",
    hint="The result has the order of the vocabulary, not the sorted one: entry i belongs to token i, as before.",
)
def _places(answer: Callable[..., Any]) -> None:
    shown = "nucleus([0.1, 0.5, 0.05, 0.35], 0.8)"
    expect_close(
        answer(np.array([0.1, 0.5, 0.05, 0.35]), 0.8),
        np.array([0, 0.5 / 0.85, 0, 0.35 / 0.85]),
        shown,
        mistakes=[
            ([0.5 / 0.85, 0.35 / 0.85, 0, 0], "The probabilities are sorted. Put each back to its token."),
        ],
    )  # fmt: skip


@nucleus.check(
    "at the ends",
    hint="A tiny p keeps the best token, p = 1 keeps all that are possible, and the array that was given "
    "is not changed.",
)
def _ends(answer: Callable[..., Any]) -> None:
    probs = np.array([0.2, 0.3, 0.5])
    expect_close(answer(probs, 0.01), [0, 0, 1], "nucleus([0.2, 0.3, 0.5], 0.01)")
    expect_close(answer(probs, 1.0), [0.2, 0.3, 0.5], "nucleus([0.2, 0.3, 0.5], 1)")
    expect_equal(
        probs.tolist(), [0.2, 0.3, 0.5], "after two calls, the array that was given"
    )


inverse_draw = exercise(
    "inverse-draw",
    "One number, one token",
    chapter=13,
    level="practice",
    answer="draw_token",
)


@inverse_draw.check(
    "the right token",
    hint="Sum up the probabilities from token 0 on. The token is the first at which the sum is above u.",
)
def _right(answer: Callable[..., Any]) -> None:
    probs = np.array([0.25, 0.5, 0.25])
    for u, token in ((0.1, 0), (0.3, 1), (0.7, 1), (0.8, 2), (0.999, 2)):
        shown = f"draw_token([0.25, 0.5, 0.25], {u})"
        got = answer(probs.copy(), u)
        expect_equal(
            got,
            token,
            shown,
            mistakes=[
                (token - 1, "One place too far to the front: which sum is the first above u?"),
                (token + 1, "One place too far: which sum is the first above u?"),
            ],
        )  # fmt: skip


@inverse_draw.check(
    "never what is impossible",
    hint="u = 0 can be drawn, and so can a u that equals one of the sums. The sum has to be above u, not equal to it: "
    "otherwise a token of probability zero comes out.",
)
def _impossible(answer: Callable[..., Any]) -> None:
    expect_equal(answer(np.array([0.0, 0.5, 0.5]), 0.0), 1, "draw_token([0, 0.5, 0.5], 0.0)")  # fmt: skip
    shown = "draw_token([0.5, 0, 0.5], 0.5)"
    expect_equal(answer(np.array([0.5, 0.0, 0.5]), 0.5), 2, shown)


@inverse_draw.check(
    "sums that miss one",
    hint="Ten times 0.1 is not 1 in floating point, and 32-bit probabilities miss it by more. Compare u with the share "
    "of the total, so that the last sum is always above it; and end in the vocabulary.",
)
def _rounding(answer: Callable[..., Any]) -> None:
    u = float(np.nextafter(1.0, 0.0))
    shown = f"draw_token(ten times 0.1, {u})"
    expect_equal(answer(np.full(10, 0.1), u), 9, shown)
    short = np.array([0.4, 0.5, 0.0999, 0.0])
    expect_equal(answer(short, 0.99995), 2, "draw_token([0.4, 0.5, 0.0999, 0], 0.99995)")  # fmt: skip
