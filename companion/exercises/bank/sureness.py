"""Exercises on how sure a classifier, and a comparison of two, may be: one temperature, and an exact test."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close
from companion.exercises.registry import exercise

best_temperature = exercise(
    "one-temperature",
    "The temperature that fits",
    chapter=21,
    level="challenge",
    answer="best_temperature",
)


def _reference(z: np.ndarray, y: np.ndarray) -> float:
    low, high = 1e-3, 1e3
    true = z[np.arange(len(y)), y].mean()
    for _ in range(80):
        middle = math.sqrt(low * high)
        s = z / middle
        p = np.exp(s - s.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        low, high = (middle, high) if (p * z).sum(1).mean() > true else (low, middle)
    return math.sqrt(low * high)


@best_temperature.check(
    "nine in ten said, three in four right",
    hint="With two classes you can solve it on paper: softmax(z / tau) must be (3/4, 1/4), so ln 9 / tau = ln 3.",
)
def _by_hand(answer: Callable[..., Any]) -> None:
    z, y = np.log(np.array([[0.9, 0.1]] * 4)), np.array([0, 0, 0, 1])
    expect_close(
        answer(z.copy(), y.copy()),
        2.0,
        "best_temperature(log of [[0.9, 0.1]] four times, [0, 0, 0, 1])",
        mistakes=[
            (0.5, "This is 1 / tau: scores are divided by the temperature."),
            (1.0, "This is no change at all."),
            (1.2, "This is the ratio of the confidences. Scale the scores, not the probabilities."),
        ],
        tolerance=2e-3,
    )  # fmt: skip


@best_temperature.check(
    "one that is too modest",
    hint="Where more comes true than is said the temperature is below 1: search on both sides.",
)
def _modest(answer: Callable[..., Any]) -> None:
    z = np.log(np.array([[0.6, 0.4]] * 10))
    y = np.array([0] * 9 + [1])
    want = math.log(1.5) / math.log(9)
    shown = "best_temperature(log of [[0.6, 0.4]] ten times, nine of them right)"
    expect_close(answer(z, y), want, shown, tolerance=2e-3)


@best_temperature.check(
    "three classes",
    hint="Minimize the mean of -log p of the true class, over all texts at once. It has one minimum.",
)
def _three(answer: Callable[..., Any]) -> None:
    for seed in range(3):
        rng = np.random.default_rng(2110 + seed)
        z = 4 * rng.normal(size=(300, 3))
        y = np.where(rng.random(300) < 0.6, z.argmax(1), rng.integers(0, 3, 300))
        want = _reference(z, y)
        got = answer(z.copy(), y.copy())
        shown = f"best_temperature(z, y) for 300 texts, case {seed}"
        expect_close(got, want, shown, tolerance=5e-3)


@best_temperature.check(
    "large scores",
    hint="A number that is added to all scores of a text changes nothing. Subtract the largest before exp, or exp "
    "overflows.",
)
def _large(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(2120)
    z = 4 * rng.normal(size=(200, 3))
    y = np.where(rng.random(200) < 0.6, z.argmax(1), rng.integers(0, 3, 200))
    moved = z - 5000 + 9000 * rng.integers(0, 2, (200, 1))
    with np.errstate(all="ignore"):
        got = answer(moved, y)
    shown = "best_temperature(z, y) with scores of -5000 and 4000"
    expect_close(got, _reference(z, y), shown, tolerance=5e-3)


exact_p = exercise(
    "exact-sign-test",
    "Where two classifiers disagree",
    chapter=21,
    level="research",
    answer="exact_p",
)


def _tail(wins: int, losses: int) -> float:
    n, k = wins + losses, min(wins, losses)
    ways = sum(math.comb(n, i) for i in range(k + 1))
    return min(1.0, 2 * float(ways / 2**n))


def _case(both: int, first: int, second: int, none: int) -> tuple[np.ndarray, ...]:
    a = np.array([1] * both + [1] * first + [0] * second + [0] * none, dtype=bool)
    b = np.array([1] * both + [0] * first + [1] * second + [0] * none, dtype=bool)
    return a, b


@exact_p.check(
    "seven against one",
    hint="If both are equally good, each text on which only one is right is a fair coin. Add the probabilities of one "
    "head or none in eight tosses, and double the sum.",
)
def _seven(answer: Callable[..., Any]) -> None:
    one_side = 9 / 256
    expect_close(
        answer(*_case(0, 7, 1, 0)),
        2 * one_side,
        "exact_p(a, b), where a alone is right seven times and b alone once",
        mistakes=[
            (one_side, "This is one side: b could have been the better one as well. Double it."),
            (16 / 256, "This is the probability of exactly this result, twice. Add what is more extreme."),
            (8 / 256, "This is the probability of exactly this result. Add what is more extreme, and double."),
            (1 - 2 * one_side, "This is one minus the p-value."),
        ],
    )  # fmt: skip


@exact_p.check(
    "texts on which they agree",
    hint="Texts that both have right, or both wrong, say nothing about which is better: leave them out.",
)
def _agree(answer: Callable[..., Any]) -> None:
    shown = "exact_p(a, b), as before, with 40 more texts that both have right and 20 that both have wrong"
    expect_close(answer(*_case(40, 7, 1, 20)), _tail(7, 1), shown)


@exact_p.check(
    "the other way around",
    hint="The p-value does not ask which of the two is better: exchange a and b, and it stays.",
)
def _other(answer: Callable[..., Any]) -> None:
    shown = "exact_p(a, b), where a alone is right three times and b alone nine times"
    expect_close(answer(*_case(5, 3, 9, 5)), _tail(3, 9), shown)


@exact_p.check(
    "as good as each other",
    hint="With as many wins as losses, or with none at all, the p-value is 1, and never above.",
)
def _equal(answer: Callable[..., Any]) -> None:
    for n in (2, 0):
        shown = f"exact_p(a, b), where each alone is right {n} times"
        expect_close(answer(*_case(3, n, n, 3)), 1.0, shown)


@exact_p.check(
    "thousands of texts",
    hint="2 to the power of 1,500 is no floating-point number. Python's whole numbers have no such limit: math.comb, "
    "add, and divide once.",
)
def _thousands(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        got = answer(*_case(2000, 800, 700, 500))
    shown = "exact_p(a, b) with 800 wins and 700 losses"
    expect_close(got, _tail(800, 700), shown)
