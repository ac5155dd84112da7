"""Exercises on the cell of an LSTM: one step, and the bias that sets its half-life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_error,
    expect_parts,
)
from companion.exercises.registry import exercise

Vector = Float[np.ndarray, " n"]


def pair(got: object, names: str, shown: str) -> tuple[Any, Any]:
    """Take a result of two things apart.

    Args:
        got: What the answer returned: a tuple, a list, or an array of two rows.
        names: The two, as the statement calls them, e.g. ``"h, c"``.
        shown: The call as the student would write it.

    Raises:
        Mismatch: If there are not two.
    """
    if isinstance(got, np.ndarray):
        got = list(got) if got.ndim else None
    first, second = expect_parts(got, names, shown)
    return first, second


def sigmoid(a: Any) -> Any:
    """Return the logistic function of a number or array, without overflow."""
    return (1 + np.tanh(np.asarray(a) / 2)) / 2


lstm_step = exercise(
    "lstm-step",
    "One step of an LSTM",
    chapter=6,
    level="warm-up",
    answer="lstm_step",
)
_STATE = "h, c"


def _one_unit() -> tuple[Any, ...]:
    """x, h, c, W, U, b of one unit whose pre-activations are 0.5, 0.8, 1.4 and 0.65."""
    return (
        np.array([1.0]),
        np.array([0.5]),
        np.array([-0.4]),
        np.array([[0.2], [0.6], [0.9], [1.0]]),
        np.array([[0.4], [-0.2], [0.6], [0.3]]),
        np.array([0.1, 0.3, 0.2, -0.5]),
    )


_ONE = (
    "lstm_step(x=[1], h=[0.5], c=[-0.4], W=[[0.2], [0.6], [0.9], [1]], "
    "U=[[0.4], [-0.2], [0.6], [0.3]], b=[0.1, 0.3, 0.2, -0.5])"
)


def _cell_from(a: Any, c: float, order: str = "ifgo") -> float:
    """Return the new cell of one unit when its four numbers are taken in this order."""
    block = dict(zip(order, a, strict=True))
    return float(sigmoid(block["f"]) * c + sigmoid(block["i"]) * np.tanh(block["g"]))


@lstm_step.check(
    "the cell",
    hint="c_t = f * c_{t-1} + i * g, where the four blocks of W x + U h + b are i, f, g, o in this order; "
    "i, f and o go through the logistic function, g through tanh.",
)
def _new_cell(answer: Callable[..., Any]) -> None:
    h, c = pair(answer(*_one_unit()), _STATE, _ONE)
    a = np.array([0.5, 0.8, 1.4, 0.65])
    i, f, _, o = sigmoid(a)
    g, want = np.tanh(a[2]), _cell_from(a, -0.4)
    output = o * np.tanh(want)
    if np.allclose(h, want) and np.allclose(c, output):
        raise Mismatch(
            f"{_ONE} gave {brief(h)} and {brief(c)}, which are c and h.",
            "The two are exchanged: return (h, c), in this order.",
        )
    expect_close(
        c,
        [want],
        f"c from {_ONE}",
        mistakes=[
            ([_cell_from(a, -0.4, "figo")], "Input and forget gate are exchanged: the first block is i."),
            ([_cell_from(a, -0.4, "ifog")], "Candidate and output gate are exchanged: the order is i, f, g, o."),
            ([_cell_from(a, -0.4, "iofg")], "The blocks were taken in the order i, o, f, g. Here it is i, f, g, o."),
            ([f * -0.4 + i * sigmoid(1.4)], "The candidate g goes through tanh, so that it can also be negative."),
            ([0.5 * g + 0.8 * -0.4], "The gates have not gone through the logistic function."),
            ([-0.4 + i * g], "The old cell has not been faded: the forget gate is missing."),
            ([f * -0.4 + g], "The candidate enters whole: the input gate is missing."),
            ([f * -0.4 + (1 - f) * g], "The input gate is not 1 - f. It has a block of its own."),
            ([i * g], "The old cell is lost: it stays, times f."),
            ([f * 0.5 + i * g], "The forget gate belongs to the old cell c, not to the old output h."),
            ([_cell_from(a - [0.2, -0.1, 0.3, 0.15], -0.4)], "The last output h has no effect: U h is missing."),
            ([_cell_from([0.6, 0.4, 1.25, 0.3], -0.4)], "W and U are exchanged: W belongs to the input x."),
            ([_cell_from(a - [0.1, 0.3, 0.2, -0.5], -0.4)], "The bias b has no effect."),
        ],
    )  # fmt: skip


@lstm_step.check(
    "the output",
    hint="h_t = o * tanh(c_t), with the new cell. The output gate itself has read x and the last output, as the other "
    "gates have.",
)
def _new_output(answer: Callable[..., Any]) -> None:
    h, _ = pair(answer(*_one_unit()), _STATE, _ONE)
    o, c = float(sigmoid(0.65)), _cell_from([0.5, 0.8, 1.4, 0.65], -0.4)
    expect_close(
        h,
        [o * np.tanh(c)],
        f"h from {_ONE}",
        mistakes=[
            ([o * c], "tanh is missing: the cell may be of any size, the output lies between -1 and 1."),
            ([o * np.tanh(-0.4)], "This is read from the old cell. Update c first."),
            ([np.tanh(o * c)], "tanh comes before the output gate, not after it."),
            ([np.tanh(c)], "The output gate is missing."),
            ([o], "This is the output gate alone. It decides how much of tanh(c) is read."),
            ([0.65 * np.tanh(c)], "The output gate has not gone through the logistic function."),
            ([np.tanh(0.65) * np.tanh(c)], "The output gate goes through the logistic function, not through tanh."),
        ],
    )  # fmt: skip


@lstm_step.check(
    "several units",
    hint="Each block has as many rows as there are units: the first d_h rows are those of i, the next d_h those of f. "
    "W is [4 d_h, d_x], applied from the left.",
)
def _several_units(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(61)
    x, h, c = (generator.normal(size=n) for n in (2, 3, 3))
    first, second = generator.normal(size=(12, 2)), generator.normal(size=(12, 3))
    b = generator.normal(size=12)
    shown = "lstm_step(x, h, c, W, U, b) with d_x = 2 and d_h = 3"
    new = answer(x.copy(), h.copy(), c.copy(), first.copy(), second.copy(), b.copy())
    rows = first @ x + second @ h + b

    def cell(i: Vector, f: Vector, g: Vector) -> Vector:
        return np.asarray(sigmoid(f) * c + sigmoid(i) * np.tanh(g))

    want = cell(rows[:3], rows[3:6], rows[6:9])
    found_h, found_c = pair(new, _STATE, shown)
    expect_close(
        found_c,
        want,
        f"c from {shown}",
        mistakes=[
            (
                cell(rows[0::4], rows[1::4], rows[2::4]),
                "You took every fourth row. The blocks lie one below the other: d_h rows of i, then d_h rows of f.",
            )
        ],
    )
    expect_close(found_h, sigmoid(rows[9:]) * np.tanh(want), f"h from {shown}")


@lstm_step.check(
    "gates fully open and shut",
    hint="exp(800) is infinite, and infinity divided by infinity is no number. Write the logistic function so that it "
    "is 0 or 1 there.",
)
def _saturated(answer: Callable[..., Any]) -> None:
    shown = "lstm_step(x=[1], h=[0], c=[0.5], W=[[800], [-800], [800], [800]], U=zeros, b=zeros)"
    weights = np.array([[800.0], [-800.0], [800.0], [800.0]])
    with np.errstate(all="ignore"):
        got = answer(
            np.ones(1), np.zeros(1), np.array([0.5]), weights, np.zeros((4, 1)), np.zeros(4)
        )  # fmt: skip
    h, c = pair(got, _STATE, shown)
    expect_close(c, [1.0], f"c from {shown}")
    expect_close(h, [np.tanh(1.0)], f"h from {shown}")


forget_bias = exercise(
    "forget-bias",
    "A bias for a distance",
    chapter=6,
    level="practice",
    answer="forget_bias",
)
_BIAS = "b_f, left"


@forget_bias.check(
    "half in one step",
    hint="With a half-life of one step the gate stands at one half, whatever k is. At which bias does it?",
)
def _one_step(answer: Callable[..., Any]) -> None:
    shown = "forget_bias([1], k=1)"
    b, _ = pair(answer(np.array([1.0]), 1), _BIAS, shown)
    expect_close(
        b,
        [0.0],
        f"b_f from {shown}",
        mistakes=[
            ([0.5], "This is the gate. The bias is what the logistic function makes it from."),
            ([np.log(0.5)], "This is ln f. Invert the logistic function: which b gives sigma(b) = f?"),
            ([-np.log(np.e - 1)], "After this number of steps 1/e is left. Half of it is asked for."),
        ],
    )  # fmt: skip


@forget_bias.check(
    "the bias",
    hint="First the gate f whose power f^k is one half after the half-life, then the b with sigma(b) = f.",
)
def _the_bias(answer: Callable[..., Any]) -> None:
    shown = "forget_bias([20], k=1)"
    b, _ = pair(answer(np.array([20.0]), 1), _BIAS, shown)
    f = 0.5 ** (1 / 20)
    expect_close(
        b,
        [np.log(f / (1 - f))],
        f"b_f from {shown}",
        mistakes=[
            ([np.log(20)], "ln k is the rule of thumb for long distances, near the answer. Solve for b exactly."),
            ([np.log((1 - f) / f)], "The sign is wrong: to keep for longer, the bias must be larger."),
            ([f], "This is the gate. The bias is what the logistic function makes it from."),
            ([np.log(f)], "This is ln f. Invert the logistic function: which b gives sigma(b) = f?"),
            ([np.log(19)], "A gate of 1 - 1/k leaves more than a third after k steps, and not half."),
            ([-np.log(np.expm1(1 / 20))], "After this number of steps 1/e is left. Half of it is asked for."),
            ([np.log(20 / np.log(2))], "Nearly. That is the limit for long half-lives: solve for b exactly."),
        ],
    )  # fmt: skip


@forget_bias.check(
    "what is left",
    hint="At every step the cell is multiplied by the same gate; after one half-life 1/2 is left, after two 1/4.",
)
def _left(answer: Callable[..., Any]) -> None:
    shown = "forget_bias([20], k=40)"
    _, left = pair(answer(np.array([20.0]), 40), _BIAS, shown)
    expect_close(
        left,
        [0.25],
        f"left from {shown}",
        mistakes=[
            ([0.75], "This is the share that is lost."),
            ([0.5 ** (1 / 20)], "This is the gate: what one step leaves. Here there are k."),
            ([0.5], "This is what one half-life leaves: k has no effect."),
            ([0.5**0.5], "The exponent is upside down: more steps leave less."),
            ([0.0], "The cell does not fade in a line: each half-life takes half of what is there."),
        ],
    )  # fmt: skip


@forget_bias.check(
    "a half-life for each unit",
    hint="Half-lives differ from unit to unit; both results have their shape. Below one step the bias is negative.",
)
def _each_unit(answer: Callable[..., Any]) -> None:
    half_lives = np.array([0.25, 1.0, 100.0, 1e4])
    shown = "forget_bias([0.25, 1, 100, 10000], k=3)"
    b, left = pair(answer(half_lives.copy(), 3), _BIAS, shown)
    expect_close(
        b,
        0.0 - np.log(np.expm1(np.log(2) / half_lives)),
        f"b_f from {shown}",
        tolerance=1e-7,
    )
    expect_close(left, 0.5 ** (3 / half_lives), f"left from {shown}", tolerance=1e-7)


@forget_bias.check(
    "no such half-life",
    hint="A half-life of 0 or below has no bias: raise a ValueError when one of them is not above 0. NumPy would go "
    "on with an infinity.",
)
def _no_half_life(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        for bad in (0.0, -5.0):
            shown = f"forget_bias([20, {bad:g}], k=1)"
            expect_error(answer, (np.array([20.0, bad]), 1), ValueError, shown)
