"""An exercise on F1 over several classes: macro and micro average from a confusion matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_parts
from companion.exercises.registry import exercise

averaged_f1 = exercise(
    "averaged-f1",
    "Two averages of F1",
    chapter=17,
    level="practice",
    answer="averaged_f1",
)
_NAMES = "macro, micro"


def _f1(counts: np.ndarray) -> np.ndarray:
    hits = np.diag(counts)
    whole = counts.sum(0) + counts.sum(1)
    f1: np.ndarray = np.divide(
        2.0 * hits, whole, out=np.zeros(len(counts)), where=np.asarray(whole > 0)
    )
    return f1


def _averages(answer: Callable[..., Any], counts: np.ndarray, shown: str) -> Any:
    with np.errstate(all="ignore"):
        return expect_parts(answer(counts.copy()), _NAMES, shown, "numbers")


@averaged_f1.check(
    "the macro average",
    hint="Of class k, the diagonal holds the hits, the rest of its column the false alarms, and the rest of its row "
    "the misses. One F1 a class, then their plain mean.",
)
def _macro(answer: Callable[..., Any]) -> None:
    counts = np.array([[90, 5, 5], [6, 4, 0], [8, 0, 2]])
    shown = "averaged_f1([[90, 5, 5], [6, 4, 0], [8, 0, 2]])"
    macro, _ = _averages(answer, counts, shown)
    f1 = _f1(counts)
    precision, recall = np.diag(counts) / counts.sum(0), np.diag(counts) / counts.sum(1)
    p, r = precision.mean(), recall.mean()
    support = counts.sum(1) / counts.sum()
    expect_close(
        macro,
        f1.mean(),
        f"macro from {shown}",
        mistakes=[
            (2 * p * r / (p + r), "This is the F1 of the mean precision and the mean recall. Take the F1 of each "
             "class, then the mean."),
            (float(support @ f1), "This weighs each class by its size. In the macro average all weigh the same."),
            (0.8, "This is accuracy, the micro average. Macro comes first."),
            (p, "This is the mean of the precisions."),
            (r, "This is the mean of the recalls."),
        ],
    )  # fmt: skip


@averaged_f1.check(
    "the micro average",
    hint="Add hits, false alarms and misses over the classes first, then compute one F1.",
)
def _micro(answer: Callable[..., Any]) -> None:
    counts = np.array([[50, 10], [5, 35]])
    shown = "averaged_f1([[50, 10], [5, 35]])"
    _, micro = _averages(answer, counts, shown)
    total = counts.sum()
    expect_close(
        micro,
        0.85,
        f"micro from {shown}",
        mistakes=[
            (float(_f1(counts).mean()), "This is the macro average again."),
            (float(counts.sum(1) / total @ _f1(counts)), "This is the mean of the F1 weighted by size, not the F1 of "
             "the added counts."),
            (170 / 185, "Each mistake is a false alarm for one class and a miss for another: it counts on both sides."),
        ],
    )  # fmt: skip


@averaged_f1.check(
    "a class that is never found, and one that is never there",
    hint="Precision is 0/0 for a class that is never predicted, recall for one that never occurs. Its F1 is 0, and it "
    "still counts in the mean. Written with counts, F1 = 2 TP / (2 TP + FP + FN) needs neither.",
)
def _empty(answer: Callable[..., Any]) -> None:
    counts = np.array([[7, 0, 0, 1], [2, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    shown = "averaged_f1(...) with a class never predicted, one never true, and one that is neither,"
    macro, micro = _averages(answer, counts, shown)
    f1 = _f1(counts)
    expect_close(
        macro,
        f1.mean(),
        f"macro from {shown}",
        mistakes=[
            (np.nan, "0/0 has come through. The F1 of a class without a hit is 0."),
            (f1[0], "Classes without an F1 were left out. They count as 0."),
            (f1[0] / 2, "Only classes that truly occur were counted. One that was only predicted is wrong every time."),
            (f1[0] / 3, "The class that is neither predicted nor true was left out. The matrix has four classes."),
        ],
    )  # fmt: skip
    expect_close(micro, 0.7, f"micro from {shown}")
