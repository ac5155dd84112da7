"""Exercise on trust: what is wrong among the answers whose score is high enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_error, expect_parts
from companion.exercises.registry import exercise

risk_curve = exercise(
    "risk-curve",
    "Sure of how many, wrong in how many",
    chapter=19,
    level="research",
    answer="risk_curve",
)
_PARTS = "thresholds, coverage, risk"


def _reference(scores: Any, right: Any) -> tuple[np.ndarray, ...]:
    thresholds = np.unique(scores)[::-1]
    taken = scores[None] >= thresholds[:, None]
    return thresholds, taken.mean(1), (taken & ~right).sum(1) / taken.sum(1)


def _curve(answer: Callable[..., Any], scores: Any, right: Any, shown: str) -> Any:
    got = answer(np.array(scores, dtype=float), np.array(right, dtype=bool))
    return expect_parts(got, _PARTS, shown, "arrays")


_SCORES, _RIGHT = np.array([0.9, 0.5, 0.7, 0.2]), np.array([True, False, True, False])
_SHOWN = "risk_curve([0.9, 0.5, 0.7, 0.2], [True, False, True, False])"


@risk_curve.check(
    "thresholds",
    hint="Every score that occurs is a threshold, once, from the greatest down.",
)
def _thresholds(answer: Callable[..., Any]) -> None:
    got = _curve(answer, _SCORES, _RIGHT, _SHOWN)
    want = _reference(_SCORES, _RIGHT)[0]
    mistakes = [(want[::-1], "The greatest comes first.")]
    expect_close(got[0], want, f"thresholds from {_SHOWN}", mistakes)


@risk_curve.check(
    "coverage and risk",
    hint="Coverage: the share of all answers with this score or more. Risk: the share of these that is wrong.",
)
def _both(answer: Callable[..., Any]) -> None:
    _, coverage, risk = _curve(answer, _SCORES, _RIGHT, _SHOWN)
    want = _reference(_SCORES, _RIGHT)
    above = np.array([0, 1, 2, 3]) / 4
    expect_close(
        coverage,
        want[1],
        f"coverage from {_SHOWN}",
        mistakes=[
            (above, "An answer at the threshold is taken as well: greater or equal.")
        ],
    )
    wrong = np.array([0, 0, 1, 2])
    expect_close(
        risk,
        want[2],
        f"risk from {_SHOWN}",
        mistakes=[
            (wrong / 4, "You divided by all answers. The risk is about those that are taken."),
            (1 - want[2], "This is the share that is right."),
            (wrong / 2, "This is the share of the wrong ones that is taken. Divide by the number taken."),
        ],
    )  # fmt: skip


@risk_curve.check(
    "equal scores",
    hint="Answers with the same score are taken together: nobody can take one of them and not the other.",
)
def _ties(answer: Callable[..., Any]) -> None:
    scores, right = np.array([0.5, 0.5, 0.5, 0.1]), np.array([True, False, True, True])
    shown = "risk_curve([0.5, 0.5, 0.5, 0.1], [True, False, True, True])"
    got = _curve(answer, scores, right, shown)
    for name, part, want in zip(_PARTS.split(", "), got, _reference(scores, right), strict=True):  # fmt: skip
        expect_close(part, want, f"{name} from {shown}")
    rng = np.random.default_rng(8)
    scores, right = rng.integers(0, 10, 60) / 10, rng.random(60) < 0.6
    got = _curve(answer, scores, right, "risk_curve of 60 answers with ten scores")
    for name, part, want in zip(_PARTS.split(", "), got, _reference(scores, right), strict=True):  # fmt: skip
        expect_close(part, want, f"{name} of 60 answers with ten scores")


@risk_curve.check(
    "nothing", hint="Without an answer there is no curve: raise a ValueError."
)
def _nothing(answer: Callable[..., Any]) -> None:
    expect_error(answer, (np.array([]), np.array([], dtype=bool)), ValueError, "risk_curve([], [])")  # fmt: skip
