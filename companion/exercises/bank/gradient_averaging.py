"""Exercises on data parallelism: the gradient of the whole batch, and the ring that adds vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_error, expect_parts
from companion.exercises.registry import exercise

combine_gradients = exercise(
    "combine-gradients",
    "The gradient of the whole batch",
    chapter=15,
    level="practice",
    answer="combine_gradients",
)


@combine_gradients.check(
    "two parts",
    hint="Each gradient belongs to a mean over its own tokens. The mean over all tokens weighs it by their number.",
)
def _two_parts(answer: Callable[..., Any]) -> None:
    gradients, counts = np.array([[1.0, 2.0], [5.0, -2.0]]), np.array([3, 1])
    shown = "combine_gradients([[1, 2], [5, -2]], [3, 1])"
    expect_close(
        answer(gradients.copy(), counts.copy()),
        [2.0, 1.0],
        shown,
        mistakes=[
            ([3.0, 0.0], "This is the plain mean. The first gradient speaks for three tokens, the second for one."),
            ([8.0, 4.0], "Divide by the number of all tokens."),
            ([4.0, 2.0], "Divide by the number of all tokens, not by the number of parts."),
            ([6.0, 0.0], "This is the sum. A mean is wanted, and with weights."),
            ([4.0, -1.0], "The weights are the wrong way around: many tokens weigh more."),
        ],
    )  # fmt: skip


@combine_gradients.check(
    "a part without tokens",
    hint="A part that predicts nothing has no say, and its gradient may not be a number: 0 * nan is nan. Leave it out.",
)
def _empty_part(answer: Callable[..., Any]) -> None:
    gradients = np.array([[np.nan, np.nan], [4.0, 6.0], [0.0, 2.0]])
    shown = "combine_gradients([[nan, nan], [4, 6], [0, 2]], [0, 1, 1])"
    expect_close(answer(gradients, np.array([0, 1, 1])), [2.0, 4.0], shown)


@combine_gradients.check(
    "no tokens at all",
    hint="If nothing is predicted there is no mean: raise a ValueError.",
)
def _nothing(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        expect_error(
            answer,
            (np.zeros((2, 3)), np.zeros(2, dtype=int)),
            ValueError,
            "combine_gradients(zeros, [0, 0])",
        )


ring_all_reduce = exercise(
    "ring-all-reduce",
    "Sum around a ring",
    chapter=15,
    level="research",
    answer="ring_all_reduce",
)
_RING = "sums, sent"


@ring_all_reduce.check(
    "the sums",
    hint="In the end every process holds the sum of all vectors, every number of it.",
)
def _sums(answer: Callable[..., Any]) -> None:
    vectors = np.arange(18.0).reshape(3, 6) ** 2
    shown = "ring_all_reduce(3 vectors of 6 numbers)"
    sums, _ = expect_parts(answer(vectors.copy()), _RING, shown)
    total = vectors.sum(0)
    expect_close(
        sums,
        np.tile(total, (3, 1)),
        f"sums from {shown}",
        mistakes=[
            (np.tile(total / 3, (3, 1)), "These are means. An all-reduce adds; who wants a mean divides."),
            (vectors, "Nothing was exchanged."),
        ],
    )  # fmt: skip


@ring_all_reduce.check(
    "what is sent",
    hint="R - 1 rounds of adding and R - 1 rounds of handing on; in each, a process sends one part in R of a vector: "
    "2 (R - 1) n / R numbers in all.",
)
def _sent(answer: Callable[..., Any]) -> None:
    for processes, numbers in ((4, 12), (2, 8), (5, 100)):
        vectors = np.random.default_rng(processes).normal(size=(processes, numbers))
        shown = f"ring_all_reduce({processes} vectors of {numbers} numbers)"
        _, sent = expect_parts(answer(vectors.copy()), _RING, shown)
        part = numbers // processes
        expect_close(
            sent,
            2 * (processes - 1) * part,
            f"sent from {shown}",
            mistakes=[
                ((processes - 1) * part, "That is the first half. The finished parts have to go around as well."),
                (2 * processes * part, "One round too many in each half: R - 1 are enough."),
                ((processes - 1) * numbers, "That sends whole vectors to everybody. Cut them into R parts."),
                (2 * (processes - 1) * part * processes, "Count what one process sends, not all together."),
            ],
        )  # fmt: skip


@ring_all_reduce.check(
    "a process alone",
    hint="One process has nothing to send: its vector is the sum.",
)
def _alone(answer: Callable[..., Any]) -> None:
    shown = "ring_all_reduce([[1, 2, 3]])"
    sums, sent = expect_parts(answer(np.array([[1.0, 2.0, 3.0]])), _RING, shown)
    expect_close(sums, [[1.0, 2.0, 3.0]], f"sums from {shown}")
    expect_close(sent, 0, f"sent from {shown}")


@ring_all_reduce.check(
    "parts that are not even",
    hint="A vector that does not divide into R equal parts is refused here: raise a ValueError.",
)
def _uneven(answer: Callable[..., Any]) -> None:
    expect_error(
        answer, (np.zeros((3, 7)),), ValueError, "ring_all_reduce(3 vectors of 7)"
    )
