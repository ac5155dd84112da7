"""An exercise on rotary positions: turning queries and keys by their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import expect_close, expect_error, expect_true
from companion.exercises.registry import exercise

rotary = exercise(
    "rotary",
    "Turned by its place",
    chapter=10,
    level="practice",
    answer="rotate",
)


def turned(
    x: Float[np.ndarray, "time d"],
    start: int,
    base: float,
    sense: int = 1,
    shift: int = 0,
    step: int = 2,
) -> Float[np.ndarray, "time d"]:
    """Turn the pairs (c, c + d / 2) of each row by its place."""
    d = x.shape[1]
    theta = base ** (-step * np.arange(d // 2) / d)
    angle = sense * (start + shift + np.arange(len(x)))[:, None] * theta
    first, second = x[:, : d // 2], x[:, d // 2 :]
    return np.concatenate(
        [
            first * np.cos(angle) - second * np.sin(angle),
            second * np.cos(angle) + first * np.sin(angle),
        ],
        axis=1,
    )


def _neighbors(
    x: Float[np.ndarray, "time d"], start: int, base: float
) -> Float[np.ndarray, "time d"]:
    order = np.concatenate([np.arange(0, x.shape[1], 2), np.arange(1, x.shape[1], 2)])
    out = np.empty_like(x)
    out[:, order] = turned(x[:, order], start, base)
    return out


@rotary.check(
    "one pair",
    hint="With d = 2 there is one pair, and theta is 1: row t is turned by t radians, (x cos t - y sin t, y cos t + x "
    "sin t).",
)
def _one_pair(answer: Callable[..., Any]) -> None:
    x = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    degrees = turned(x, 0, 100.0)
    for t, row in enumerate(x):
        degrees[t] = turned(row[None], 0, 1.0, shift=0)[0]
        angle = np.radians(t)
        degrees[t] = [
            row[0] * np.cos(angle) - row[1] * np.sin(angle),
            row[1] * np.cos(angle) + row[0] * np.sin(angle),
        ]
    expect_close(
        answer(x.copy(), 0, 100.0),
        turned(x, 0, 100.0),
        "rotate([[1, 0], [1, 0], [0, 1]], 0, 100)",
        mistakes=[
            (x, "Nothing was turned."),
            (turned(x, 0, 100.0, sense=-1), "Turned the wrong way: the second number gets plus x sin t."),
            (turned(x, 0, 100.0, shift=1), "Places are counted from `start`, here 0: the first row stays as it is."),
            (degrees, "The angle is in degrees. It is in radians."),
        ],
    )  # fmt: skip


@rotary.check(
    "three pairs",
    hint="Numbers c and c + d / 2 form a pair, which is turned by t * base ** (-2 c / d).",
)
def _three_pairs(answer: Callable[..., Any]) -> None:
    x = np.random.default_rng(112).normal(size=(4, 6))
    expect_close(
        answer(x.copy(), 0, 100.0),
        turned(x, 0, 100.0),
        "rotate(x of shape [4, 6], 0, 100)",
        mistakes=[
            (_neighbors(x, 0, 100.0),
             "Neighbors were paired, as in the paper. Here number c goes with number c + d / 2, as in Llama."),
            (turned(x, 0, 100.0, step=1), "The exponent is -2 c / d: from pair to pair two numbers are used up."),
            (turned(x, 0, 100.0, step=-2), "The exponent has a minus: later pairs turn more slowly."),
            (turned(x, 0, 1.0), "All pairs turn equally fast. Pair c turns by base ** (-2 c / d) a place."),
            (turned(x, 0, 10_000.0), "The base is an argument: 100 here."),
        ],
    )  # fmt: skip


@rotary.check(
    "a piece of a text",
    hint="The first row stands at the place `start`: with a cache of 7 tokens the next one is at place 7.",
)
def _piece(answer: Callable[..., Any]) -> None:
    x = np.random.default_rng(113).normal(size=(9, 4))
    expect_close(
        answer(x[7:].copy(), 7, 50.0),
        turned(x, 0, 50.0)[7:],
        "rotate(x[7:], 7, 50), x of shape [9, 4]",
        mistakes=[
            (turned(x[7:], 0, 50.0), "`start` has no effect."),
            (turned(x[7:], 8, 50.0), "One place too far: the first row stands at `start` itself."),
            (turned(x[7:], 6, 50.0), "One place too few: the first row stands at `start` itself."),
        ],
    )  # fmt: skip


@rotary.check(
    "only the distance counts",
    hint="Lengths stay, and the product of a query and a key is the same wherever both move together.",
)
def _distance(answer: Callable[..., Any]) -> None:
    q, k = np.random.default_rng(114).normal(size=(2, 1, 8))
    scores = []
    for s in (0, 3, 510, 1000):
        one, other = answer(q, s, 10_000.0), answer(k, s + 5, 10_000.0)
        scores.append(float(np.sum(np.asarray(one) * np.asarray(other))))
    expect_true(
        float(np.ptp(scores)) < 1e-6,
        f"a query and a key five places apart give the scores {scores} at the places 0, 3, 510 and 1000, "
        "expected equal ones.",
    )


@rotary.check(
    "an odd width",
    hint="An odd number of numbers cannot be paired: raise a ValueError.",
)
def _odd(answer: Callable[..., Any]) -> None:
    expect_error(
        answer,
        (np.ones((2, 5)), 0, 100.0),
        ValueError,
        "rotate(x of shape [2, 5], 0, 100)",
    )
