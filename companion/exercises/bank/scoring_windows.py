"""An exercise on scoring texts that are longer than a model's context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion.exercises.expect import expect_equal, expect_error, expect_true
from companion.exercises.registry import exercise

scoring_windows = exercise(
    "scoring-windows",
    "Each token once",
    chapter=12,
    level="practice",
    answer="scoring_windows",
)
Windows = list[tuple[int, int, int]]


def windows(n: int, context: int, stride: int) -> Windows:
    """Return what the exercise asks for."""
    found: Windows = []
    first = scored = 0
    while scored < n:
        end = min(first + context, n)
        found.append((first, end, scored))
        first, scored = first + stride, end
    return found


@scoring_windows.check(
    "a short text",
    hint="What fits into the context is one window, whatever the stride.",
)
def _short(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(3, 5, 2),
        [(0, 3, 0)],
        "scoring_windows(n=3, context=5, stride=2)",
        mistakes=[
            ([(0, 5, 0)], "The window ends where the text ends."),
            ([(0, 3, 0), (2, 3, 3)], "All tokens are scored after the first window: stop."),
            ([(0, 3, 0), (2, 3, 2)], "All tokens are scored after the first window: stop."),
            ([], "The last window may be shorter than the context."),
        ],
    )  # fmt: skip


@scoring_windows.check(
    "pieces side by side",
    hint="With a stride as long as the context the windows do not overlap; the last one may be short.",
)
def _pieces(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(10, 4, 4),
        [(0, 4, 0), (4, 8, 4), (8, 10, 8)],
        "scoring_windows(n=10, context=4, stride=4)",
        mistakes=[
            ([(0, 4, 0), (4, 8, 4)], "The tokens at the end are never scored."),
            ([(0, 4, 0), (4, 8, 4), (8, 12, 8)], "The window ends where the text ends."),
        ],
    )  # fmt: skip


@scoring_windows.check(
    "windows that overlap",
    hint="The second window sees tokens that the first has scored, and scores only those that are new.",
)
def _overlap(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(8, 4, 2),
        [(0, 4, 0), (2, 6, 4), (4, 8, 6)],
        "scoring_windows(n=8, context=4, stride=2)",
        mistakes=[
            ([(0, 4, 0), (2, 6, 2), (4, 8, 4)], "Tokens are scored twice: only the new ones count."),
            ([(0, 4, 0), (2, 6, 4), (4, 8, 6), (6, 8, 8)], "The last window scores nothing."),
            ([(0, 4, 0), (4, 8, 4)], "The stride has no effect."),
            ([(0, 4, 2), (2, 6, 4), (4, 8, 6)], "Nobody scores the first tokens: the first window scores all."),
            ([(0, 4, 0), (2, 6, 2), (4, 8, 4), (6, 8, 6)], "Tokens are scored twice: only the new ones count."),
        ],
    )  # fmt: skip


@scoring_windows.check(
    "every length and stride",
    hint="Try n = 9, context = 4, stride = 3: the last window may bring fewer new tokens than the stride. And n = 0.",
)
def _every(answer: Callable[..., Any]) -> None:
    for n in range(14):
        for context in range(1, 6):
            for stride in range(1, context + 1):
                shown = f"scoring_windows(n={n}, context={context}, stride={stride})"
                got = answer(n, context, stride)
                expect_equal(got, windows(n, context, stride), shown)
                scored = sum(end - scored for _, end, scored in got)
                expect_true(scored == n, f"{shown} scores {scored} tokens of {n}.")


@scoring_windows.check(
    "a stride that cannot be",
    hint="Raise a ValueError for a stride below 1, which never ends, or above the context, which leaves tokens out.",
)
def _impossible(answer: Callable[..., Any]) -> None:
    for stride in (0, 5):
        shown = f"scoring_windows(n=20, context=4, stride={stride})"
        expect_error(answer, (20, 4, stride), ValueError, shown)
