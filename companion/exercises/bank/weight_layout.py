"""Exercises on the weights of recurrent layers: how many there are, and in which order their blocks stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import (
    expect_close,
    expect_equal,
    expect_error,
    expect_true,
)
from companion.exercises.registry import exercise

lstm_parameters = exercise(
    "lstm-parameters",
    "How many numbers does it hold?",
    chapter=6,
    level="practice",
    answer="lstm_parameters",
)


@lstm_parameters.check(
    "one layer",
    hint="Four blocks, each with d_h rows: d_x weights for the input, d_h for the last output, and two biases a row.",
)
def _one_layer(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(3, 5, 1, False),
        200,
        "lstm_parameters(d_x=3, d_h=5, layers=1, both=False)",
        mistakes=[
            (180, "There are two biases here, as in torch.nn.LSTM."),
            (50, "An LSTM has four blocks: three gates and the candidate."),
            (150, "The candidate has weights as well: four blocks."),
            (160, "The biases are missing."),
            (170, "The biases have d_h numbers in each of the four blocks."),
            (400, "Only one direction is asked for here."),
        ],
    )


@lstm_parameters.check(
    "layers above the first",
    hint="A layer above the first reads the outputs of the one below, not the input vectors.",
)
def _above(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(3, 5, 2, False),
        440,
        "lstm_parameters(d_x=3, d_h=5, layers=2, both=False)",
        mistakes=[
            (400, "The second layer does not read vectors of width d_x: it reads the outputs of the first."),
            (480, "The first layer reads the input vectors, of width d_x."),
            (200, "The number of layers has no effect."),
        ],
    )  # fmt: skip


@lstm_parameters.check(
    "both directions",
    hint="The second direction has weights of its own, as many as the first, and both read the same vectors.",
)
def _both(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(3, 5, 1, True),
        400,
        "lstm_parameters(d_x=3, d_h=5, layers=1, both=True)",
        mistakes=[
            (200, "The second direction has weights of its own."),
            (600, "Each direction has its own state of width d_h, and never sees the other's."),
            (520, "In the first layer both directions read the input, of width d_x."),
        ],
    )  # fmt: skip


@lstm_parameters.check(
    "both directions, several layers",
    hint="What does a layer put out that reads in both directions? The one above it reads all of that.",
)
def _both_and_deep(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(3, 5, 3, True),
        1760,
        "lstm_parameters(d_x=3, d_h=5, layers=3, both=True)",
        mistakes=[
            (1360, "A layer above the first reads the outputs of both directions, side by side."),
            (1200, "A layer above the first reads the outputs of the layer below, not the input vectors."),
            (2160, "Each direction has its own state of width d_h, above the first layer, too."),
            (1080, "The layers above the first have two directions as well."),
            (1560, "The third layer reads both directions of the second, as the second reads those of the first."),
        ],
    )  # fmt: skip


gate_order = exercise(
    "gate-order",
    "Blocks in another order",
    chapter=6,
    level="practice",
    answer="reorder_gates",
)


@gate_order.check(
    "a bias",
    hint="Look up where each wanted block stands in what was given, and put the blocks together in that order.",
)
def _a_bias(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(np.array([1.0, 2.0, 3.0, 4.0]), "iofg"),
        [1.0, 3.0, 4.0, 2.0],
        "reorder_gates([1, 2, 3, 4], order='iofg')",
        mistakes=[
            (
                [1.0, 4.0, 2.0, 3.0],
                "The permutation runs backward. The result begins with i, f: f is the third block of what was given.",
            ),
            ([1.0, 2.0, 3.0, 4.0], "Nothing has moved."),
        ],
    )


@gate_order.check(
    "a matrix",
    hint="A block is d_h whole rows, and their order within the block stays: with 4 d_h rows the second block begins "
    "at row d_h.",
)
def _a_matrix(answer: Callable[..., Any]) -> None:
    given = np.arange(32.0).reshape(8, 4)
    moved = answer(given.copy(), "ogfi")
    shown = "reorder_gates(arange(32).reshape(8, 4), order='ogfi')"
    expect_true(
        np.shape(moved) != (4, 4),
        f"{shown} has the shape [4, 4], expected [8, 4].",
        "These are four single rows. A block has as many rows as the layer has units, here two.",
    )
    expect_close(
        moved,
        given[[6, 7, 4, 5, 2, 3, 0, 1]],
        shown,
        mistakes=[
            (
                given[:, [3, 2, 1, 0]],
                "The columns have moved. Blocks are rows of a matrix.",
            ),
            (
                given[::-1],
                "Within a block the rows have changed places: unit 1 stays unit 1.",
            ),
            (
                given[[3, 2, 1, 0, 7, 6, 5, 4]],
                "The gates of one unit do not stand together. All rows of one gate do.",
            ),
        ],
    )


@gate_order.check(
    "to any order",
    hint="Both orders are arguments: `wanted` is i, f, g, o only if nobody says otherwise. A GRU has three blocks.",
)
def _any_order(answer: Callable[..., Any]) -> None:
    given = np.array([[1.0], [2.0], [3.0], [4.0]])
    expect_close(
        answer(given.copy(), "ifgo", "iofg"),
        [[1.0], [4.0], [2.0], [3.0]],
        "reorder_gates([[1], [2], [3], [4]], order='ifgo', wanted='iofg')",
        mistakes=[
            (given, "The argument `wanted` has no effect."),
            ([[1.0], [3.0], [4.0], [2.0]], "`order` is what is given, `wanted` what is asked for."),
        ],
    )  # fmt: skip
    expect_close(
        answer(np.arange(6.0), "zrn", "rnz"),
        [2.0, 3.0, 4.0, 5.0, 0.0, 1.0],
        "reorder_gates([0, 1, 2, 3, 4, 5], order='zrn', wanted='rnz')",
    )


@gate_order.check(
    "letters that do not fit",
    hint="Both orders must hold the same letters, each of them once: raise a ValueError if not, or a block would be "
    "taken twice and another lost.",
)
def _letters(answer: Callable[..., Any]) -> None:
    bias = np.arange(8.0)
    for order, wanted in (
        ("ifoo", "ifgo"),
        ("ifgo", "iffo"),
        ("ifco", "ifgo"),
        ("iffo", "ifoo"),
        ("iffo", "iffo"),
    ):
        shown = f"reorder_gates(arange(8), order={order!r}, wanted={wanted!r})"
        expect_error(answer, (bias, order, wanted), ValueError, shown)


@gate_order.check(
    "rows that do not fit",
    hint="Ten rows are not four blocks: raise a ValueError, or the last two are lost and nobody notices.",
)
def _rows(answer: Callable[..., Any]) -> None:
    shown = "reorder_gates(arange(10), order='iofg')"
    expect_error(answer, (np.arange(10.0), "iofg"), ValueError, shown)
