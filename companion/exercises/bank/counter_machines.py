"""An exercise on counting: the weights of an LSTM, written by hand, that recognizes a^n b^n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.bank.memory_cells import sigmoid
from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_parts,
    expect_true,
)
from companion.exercises.registry import exercise

Weights = tuple[
    Float[np.ndarray, "rows 2"], Float[np.ndarray, "rows 3"], Float[np.ndarray, " rows"]
]

lstm_counter = exercise(
    "lstm-counter",
    "An LSTM that counts",
    chapter=6,
    level="research",
    answer="counter_weights",
)


def _weights(answer: Callable[..., Any]) -> Weights:
    """Return W, U and b in their right shapes."""
    got = expect_parts(answer(), "W, U, b", "counter_weights()", "arrays")
    found = []
    for name, array, shape in zip("WUb", got, ([12, 2], [12, 3], [12]), strict=True):
        try:
            array = np.asarray(array, dtype=np.float64)
        except (TypeError, ValueError):
            raise Mismatch(
                f"{name} is {brief(array)}, expected numbers of shape {shape}."
            ) from None
        if list(array.shape) != shape:
            turned = list(array.shape) == shape[::-1]
            raise Mismatch(
                f"{name} has the shape {list(array.shape)}, expected {shape}.",
                f"{name} is transposed: a row holds what one number reads."
                if turned
                else "Three units have four blocks of three rows each; an input has two numbers, and b is a vector.",
            )
        if not np.isfinite(array).all():
            raise Mismatch(
                f"{name} holds a number that is not finite.",
                "Infinity times 0 is no number. A large number is enough: the gates need no more than 100.",
            )
        found.append(array)
    return found[0], found[1], found[2]


def _cells(answer: Callable[..., Any], text: str) -> Float[np.ndarray, " 3"]:
    """Let the LSTM read a text of a and b, and return its cells."""
    first, second, b = _weights(answer)
    inputs = dict(zip("ab", first.T, strict=True))
    h, c = np.zeros(3), np.zeros(3)
    for letter in text:
        i, f, g, o = np.split(inputs[letter] + second @ h + b, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return np.asarray(c)


def _expect_count(
    answer: Callable[..., Any],
    unit: int,
    text: str,
    want: int,
    mistakes: list[tuple[Any, str]] | None = None,
) -> None:
    found = float(_cells(answer, text)[unit])
    if abs(found - want) <= 0.1:
        return
    message = f"after reading {text!r} cell {unit} holds {found:.4g}, expected {want}."
    for value, hint in mistakes or []:
        if abs(found - value) <= 0.02:
            raise Mismatch(message, hint)
    raise Mismatch(message)


@lstm_counter.check(
    "an a counts up",
    hint="Cell 0 gets +1 for each a: input gate open, candidate at 1, forget gate open.",
)
def _up(answer: Callable[..., Any]) -> None:
    _expect_count(
        answer,
        0,
        "a",
        1,
        mistakes=[
            (np.tanh(1), "tanh(1) is 0.76. The candidate comes near 1 only where tanh is flat: take a larger weight."),
            (sigmoid(1.0) * np.tanh(1), "Weights of 1 leave gate and candidate in between. Drive both to their ends."),
            (0.5, "The input gate is half open: with weights and bias at 0 it stands at one half."),
            (0.5 * np.tanh(1), "The input gate is half open, and tanh(1) is 0.76: drive both to their ends."),
            (0, "Nothing has been written: is the input gate open, and does the candidate read the a? The blocks of "
             "rows are i, f, g, o."),
            (-1, "The sign is wrong, or the columns of W are exchanged: the first belongs to a."),
        ],
    )  # fmt: skip
    _expect_count(
        answer,
        0,
        "aaa",
        3,
        mistakes=[
            (1, "The old count is lost at each step: open the forget gate."),
            (
                1.75,
                "Each step takes half of the count: a forget gate at bias 0 stands at one half.",
            ),
        ],
    )


@lstm_counter.check(
    "a b counts down",
    hint="For each b the candidate of unit 0 stands at -1: with an open input gate that is added.",
)
def _down(answer: Callable[..., Any]) -> None:
    _expect_count(
        answer,
        0,
        "aab",
        1,
        mistakes=[
            (3, "The b has been counted up. Its sign is in the candidate, rows 6 to 8: a gate is never negative."),
            (2, "The b has changed nothing."),
            (0, "The b has wiped the count out. It takes one away: the forget gate stays open."),
        ],
    )  # fmt: skip
    _expect_count(
        answer,
        0,
        "bb",
        -2,
        mistakes=[(0, "The count can also go below zero: cell 0 is a minus b.")],
    )


@lstm_counter.check(
    "the number of b",
    hint="Cell 1 gets +1 for each b and nothing for an a: shut the input gate, or set the candidate to 0.",
)
def _of_b(answer: Callable[..., Any]) -> None:
    _expect_count(
        answer,
        1,
        "abb",
        2,
        mistakes=[
            (
                1,
                "One too few: an a leaves cell 1 as it is, and every b counts, not only the last.",
            ),
            (3, "The a has been counted as well."),
        ],
    )
    _expect_count(answer, 1, "aaa", 0)
    _expect_count(answer, 1, "bab", 2)


@lstm_counter.check(
    "an a after a b",
    hint="Unit 2 must see two things together: this letter is an a, and h_1 says that there was a b. Their sum has to "
    "pass a threshold that neither passes alone. After one b, h_1 is tanh(1) = 0.76, if its output gate is open. If "
    "the count is only a little short, the gate is not driven far enough: multiply weights and biases.",
    points=2,
)
def _after_b(answer: Callable[..., Any]) -> None:
    _expect_count(
        answer,
        2,
        "aab",
        0,
        mistakes=[
            (2, "Every a has been counted. Only one that comes after a b counts here."),
            (1, "Here every a comes before the b: nothing to count."),
            (3, "Unit 2 counts every letter."),
            (
                -3,
                "A candidate at -1 is subtracted. Where there is nothing to count, shut the input gate.",
            ),
        ],
    )
    _expect_count(
        answer,
        2,
        "ba",
        1,
        mistakes=[
            (
                0,
                "The a after the b has not been seen. After one b, h_1 is no more than tanh(1) = 0.76, times its "
                "output gate. And h_1 must be read: by a row of U in the block that opens unit 2.",
            )
        ],
    )
    _expect_count(
        answer,
        2,
        "bbb",
        0,
        mistakes=[(2, "A b after a b has been counted. The letter must be an a.")],
    )
    _expect_count(
        answer,
        2,
        "baaa",
        3,
        mistakes=[(1, "Only the a right after the b was counted. The b must be kept in mind.")],
    )  # fmt: skip
    _expect_count(answer, 2, "abbbaba", 2)


@lstm_counter.check(
    "nothing fades",
    hint="A little is lost at every step, and the steps are many. A gate that is nearly open is not open: sigma(5) to "
    "the power of 200 is 0.26. Drive gates and candidates so far that what is missing to 1 is lost in rounding.",
)
def _nothing_fades(answer: Callable[..., Any]) -> None:
    for text, shown, counts in (
        ("a" * 200, "200 a", (200, 0, 0)),
        ("a" * 2000 + "b" * 2000, "2000 a and 2000 b", (0, 2000, 0)),
        ("ab" * 1000, "'ab' 1000 times", (0, 1000, 999)),
    ):
        for unit, (found, want) in enumerate(
            zip(_cells(answer, text), counts, strict=True)
        ):
            expect_true(
                abs(found - want) <= 0.1,
                f"after reading {shown} cell {unit} holds {found:.4g}, expected {want}.",
            )
