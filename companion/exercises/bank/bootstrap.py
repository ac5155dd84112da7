"""An exercise on the bootstrap: how far a difference between two models depends on the test documents."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.exercises.bank.model_comparison import two_numbers
from companion.exercises.expect import expect_close
from companion.exercises.registry import exercise

paired_interval = exercise(
    "paired-interval",
    "Two models or two seeds",
    chapter=7,
    level="research",
    answer="paired_interval",
)
_INTERVAL = "low, high"


def _interval(answer: Callable[..., Any], *given: Any, shown: str) -> tuple[Any, Any]:
    kinds = (float, float, int, int)
    arrays: list[np.ndarray] = [
        np.array(part, dtype=k) for part, k in zip(given, kinds, strict=True)
    ]
    return two_numbers(answer(*arrays), _INTERVAL, shown)


def _differences(
    nats: Float[np.ndarray, " documents"],
    characters: Int[np.ndarray, " documents"],
    draws: Int[np.ndarray, "rows documents"],
) -> Float[np.ndarray, " rows"]:
    totals = nats[draws].sum(axis=1) / characters[draws].sum(axis=1)
    return np.asarray(totals / np.log(2))


@paired_interval.check(
    "the difference of a test set",
    hint="Each row of draws makes one test set. Add up the nats of its documents, and their characters; then divide, "
    "once. a minus b, in bits.",
)
def _difference(answer: Callable[..., Any]) -> None:
    two = math.log(2)
    shown = (
        "paired_interval([300 ln 2, 20 ln 2], [100 ln 2, 10 ln 2], [100, 10], [[0, 1]])"
    )
    low, high = _interval(
        answer, [300 * two, 20 * two], [100 * two, 10 * two], [100, 10], [[0, 1]], shown=shown
    )  # fmt: skip
    right = 210 / 110
    mistakes: list[tuple[Any, str]] = [
        (-right, "This is b minus a."),
        (1.5, "This is the mean of the documents' own ratios. Add up first, or a short document weighs as much as a "
         "long one."),
        (right * two, "This is in nats. Divide by ln 2 for bits."),
        (right * two**2, "You multiplied by ln 2. A bit is less than a nat, so there are more of them."),
        (210.0, "These are the bits of the whole text. Divide by its characters."),
        (105.0, "These are bits per document. Divide by the number of characters."),
        (320 / 110, "b was not subtracted."),
    ]  # fmt: skip
    expect_close(low, right, f"low from {shown}", mistakes)
    expect_close(high, right, f"high from {shown}", mistakes)


@paired_interval.check(
    "a drawn test set",
    hint="A row of draws is a test set of its own: a document that was drawn twice counts twice, with its nats and "
    "with its characters, and one that was not drawn is not there. Both models are scored on these documents.",
)
def _drawn(answer: Callable[..., Any]) -> None:
    a, b, characters = [40.0, 120.0, 200.0], [30.0, 60.0, 220.0], [10, 30, 100]
    nats, sizes = np.array(a) - np.array(b), np.array(characters)
    draws = np.array([[1, 1, 0]])
    right = _differences(nats, sizes, draws)[0]
    shown = "paired_interval([40, 120, 200], [30, 60, 220], [10, 30, 100], [[1, 1, 0]])"
    low, _ = _interval(answer, a, b, characters, draws, shown=shown)
    expect_close(
        low,
        right,
        f"low from {shown}",
        mistakes=[
            (right * 70 / 140, "The characters are those of the whole test part. Add up those of the drawn documents."),
            (70 / 40 / np.log(2), "A document that was drawn twice counts only once."),
            (50 / 140 / np.log(2), "draws has no effect: this is the difference on the whole test part."),
        ],
    )  # fmt: skip


@paired_interval.check(
    "the same documents for both",
    hint="Both models are scored on the same drawn documents. What makes a document hard is then in both scores, and "
    "falls out of the difference.",
)
def _same_documents(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(713)
    characters = generator.integers(100, 5000, size=12)
    b = characters * generator.uniform(1, 3, size=12)
    a = b + 0.2 * math.log(2) * characters
    draws = generator.integers(12, size=(200, 12))
    shown = "paired_interval(...) where a needs 0.2 bits per character more than b, in every document,"
    low, high = _interval(answer, a, b, characters, draws, shown=shown)
    expect_close([low, high], [0.2, 0.2], f"(low, high) from {shown}")


@paired_interval.check(
    "from 2.5 to 97.5 percent",
    hint="Compute one difference for each row of draws, and return the two quantiles of all of them as np.quantile "
    "gives them, the lower first.",
    points=2,
)
def _quantiles(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(714)
    characters = generator.integers(100, 5000, size=12)
    a, b = (characters * generator.uniform(1, 3, size=12) for _ in range(2))
    draws = generator.integers(12, size=(400, 12))
    found = _differences(a - b, characters, draws)
    mean, deviation = found.mean(), found.std()
    right = np.quantile(found, [0.025, 0.975])
    shown = "paired_interval(...) with 12 documents and 400 draws"
    low, high = _interval(answer, a, b, characters, draws, shown=shown)
    expect_close(
        [low, high],
        right,
        f"(low, high) from {shown}",
        mistakes=[
            (right[::-1], "The lower end comes first."),
            (-right[::-1], "This is b minus a."),
            (-right, "This is b minus a, and the upper end comes first."),
            ([found.min(), found.max()], "These are the smallest and the largest difference. More draws would push "
             "them apart without end."),
            (np.quantile(found, [0.05, 0.95]), "Between these lie 90 percent. Leave out 2.5 percent on each side."),
            (np.quantile(found, [0.25, 0.75]), "0.25 is 25 percent. Leave out 2.5 percent on each side."),
            ([mean - 1.96 * deviation, mean + 1.96 * deviation], "This assumes a bell curve. Take the quantiles of "
             "the differences themselves."),
            ([mean - 2 * deviation, mean + 2 * deviation], "This assumes a bell curve. Take the quantiles of the "
             "differences themselves."),
            ([found[0], found[0]], "Only the first row of draws was used."),
            ([mean, mean], "This is the mean of all differences. Asked for is how far they spread."),
        ],
    )  # fmt: skip
