"""An exercise on calibration: the expected calibration error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close
from companion.exercises.registry import exercise

calibration_error = exercise(
    "calibration-error",
    "Said and true",
    chapter=17,
    level="challenge",
    answer="calibration_error",
)


@calibration_error.check(
    "two bins",
    hint="In each bin take the mean confidence and the share of right answers. Their distance counts by the bin's "
    "share of all examples.",
)
def _two(answer: Callable[..., Any]) -> None:
    confidence = np.array([0.9, 0.8, 1.0, 0.7, 0.2, 0.4])
    correct = np.array([1, 0, 1, 0, 0, 0])
    shown = "calibration_error([0.9, 0.8, 1, 0.7, 0.2, 0.4], [1, 0, 1, 0, 0, 0], bins=2)"  # fmt: skip
    expect_close(
        answer(confidence.copy(), correct.copy(), 2),
        (4 * 0.35 + 2 * 0.3) / 6,
        shown,
        mistakes=[
            (0.325, "This is the plain mean over the bins. Weigh each by its number of examples."),
            (0.65, "This is the sum over the bins, without weights."),
            (2.0, "Divide by the number of examples, once."),
            (float(np.abs(confidence - correct).mean()), "This compares each example with its own 0 or 1. A right "
             "answer at 0.8 is then already an error."),
            (float(((confidence - correct) ** 2).mean()), "This is the Brier score."),
            ((4 * 0.35**2 + 2 * 0.3**2) / 6, "The distance is the absolute value, not the square."),
            ((4 * 0.25 + 2 * 0.25) / 6, "The confidence of a bin is the mean of its examples, not its middle."),
        ],
    )  # fmt: skip


@calibration_error.check(
    "gaps in both directions",
    hint="Take the absolute value in each bin, before adding up.",
)
def _directions(answer: Callable[..., Any]) -> None:
    shown = "calibration_error([0.9, 0.9, 0.1, 0.1], [1, 0, 1, 0], bins=10)"
    expect_close(
        answer(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1, 0, 1, 0]), 10),
        0.4,
        shown,
        mistakes=[
            (
                0.0,
                "Too sure in one bin and too timid in another have canceled out.",
            ),
        ],
    )


@calibration_error.check(
    "edges, and empty bins",
    hint="A value on an edge belongs to the bin below, 0 to the first and 1 to the last. A bin without examples adds "
    "nothing.",
)
def _edges(answer: Callable[..., Any]) -> None:
    confidence = np.array([0.5, 0.25, 0.0, 1.0])
    correct = np.array([0, 0, 0, 1])
    shown = "calibration_error([0.5, 0.25, 0, 1], [0, 0, 0, 1], bins=4)"
    with np.errstate(all="ignore"):
        got = answer(confidence.copy(), correct.copy(), 4)
    expect_close(
        got,
        0.1875,
        shown,
        mistakes=[
            (np.nan, "An empty bin has come through as 0/0."),
        ],
    )
    shown = "calibration_error([0.5, 0.6], [0, 1], bins=2)"
    expect_close(
        answer(np.array([0.5, 0.6]), np.array([0, 1]), 2),
        0.45,
        shown,
        mistakes=[
            (0.05, "0.5 was put into the upper bin. An edge belongs to the bin below."),
        ],
    )
    shown = "calibration_error([0, 1], [1, 0], bins=5)"
    expect_close(
        answer(np.array([0.0, 1.0]), np.array([1, 0]), 5),
        1.0,
        shown,
        mistakes=[
            (0.5, "The value 0 or the value 1 fell out of all bins."),
            (0.0, "The values 0 and 1 fell out of all bins."),
        ],
    )


@calibration_error.check(
    "many random examples",
    hint="It should hold for any number of examples and bins.",
)
def _random(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(17)
    for size, bins in ((200, 7), (50, 1), (30, 100)):
        confidence = generator.random(size)
        correct = (generator.random(size) < confidence**2).astype(int)
        want = 0.0
        for b in range(bins):
            inside = (confidence > b / bins) & (confidence <= (b + 1) / bins)
            if inside.any():
                gap = confidence[inside].mean() - correct[inside].mean()
                want += abs(gap) * inside.mean()
        expect_close(
            answer(confidence.copy(), correct.copy(), bins),
            want,
            f"calibration_error(confidence of shape [{size}], correct, bins={bins})",
        )
