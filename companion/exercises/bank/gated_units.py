"""Exercises on gated recurrent units: one step, and weights of another convention."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    Mismatch,
    expect_close,
    expect_parts,
)
from companion.exercises.registry import exercise

Array = Float[np.ndarray, "..."]
# W [3 d_h, d_x], U [3 d_h, d_h], b_x and b_h [3 d_h], blocks of rows in the order r, z, n.
Weights = tuple[Array, Array, Array, Array]


def _sigmoid(a: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-a)))


def parts(x: Array, h: Array, weights: Weights) -> tuple[Array, Array, Array, Array]:
    """Return r, z, n and what the reset gate multiplies."""
    w, u, b_x, b_h = weights
    of_x = np.split(w @ x + b_x, 3)
    of_h = np.split(u @ h + b_h, 3)
    r, z = _sigmoid(of_x[0] + of_h[0]), _sigmoid(of_x[1] + of_h[1])
    return r, z, np.tanh(of_x[2] + r * of_h[2]), of_h[2]


def _step(x: Array, h: Array, weights: Weights) -> Array:
    _, z, n, _ = parts(x, h, weights)
    return np.asarray(z * h + (1 - z) * n)


def _zeros(d_x: int, d_h: int) -> Weights:
    rows = 3 * d_h
    return np.zeros((rows, d_x)), np.zeros((rows, d_h)), np.zeros(rows), np.zeros(rows)


def random_unit(seed: int, d_x: int, d_h: int) -> tuple[Array, Array, Weights]:
    """Return an input, a state and weights, all of them drawn."""
    generator = np.random.default_rng(seed)
    w, u, b_x, b_h = (generator.normal(size=part.shape) for part in _zeros(d_x, d_h))
    return (
        generator.normal(size=d_x),
        generator.uniform(-1, 1, size=d_h),
        (w, u, b_x, b_h),
    )


def copies(*arrays: Array) -> tuple[Array, ...]:
    """Return copies, so that an answer that writes into its arguments spoils nothing."""
    return tuple(array.copy() for array in arrays)


gru_step = exercise(
    "gru-step", "One step of a GRU", chapter=7, level="warm-up", answer="gru_step"
)


@gru_step.check(
    "between the old state and the candidate",
    hint="Return the new state alone: z times the old one plus 1 - z times the candidate. The candidate is a tanh, z a "
    "sigmoid.",
)
def _between(answer: Callable[..., Any]) -> None:
    x, h, weights = np.array([1.0]), np.array([-0.4]), _zeros(1, 1)
    weights[0][:, 0] = [0.0, math.log(3.0), 0.5]
    n = math.tanh(0.5)
    got = answer(*copies(x, h, *weights))
    expect_close(
        got,
        [0.75 * -0.4 + 0.25 * n],
        "gru_step(x=[1], h=[-0.4], W=[[0], [log 3], [0.5]], U, b_x and b_h all zeros)",
        mistakes=[
            (
                [0.25 * -0.4 + 0.75 * n],
                "z is used the other way round, or its sigmoid has the wrong sign. In this convention z = 1 keeps.",
            ),
            (
                [0.5 * -0.4 + 0.5 * n],
                "The gate of 0.5 is the reset gate's. The blocks of rows stand in the order r, z, n.",
            ),
            ([0.75 * -0.4 + 0.25 * 0.5], "The candidate lacks its tanh."),
            (
                [0.75 * -0.4 + 0.25 * float(_sigmoid(np.array(0.5)))],
                "The candidate went through a sigmoid. It has a tanh: a state may be negative.",
            ),
            (
                [math.log(3.0) * -0.4 + (1 - math.log(3.0)) * n],
                "z lacks its sigmoid: a gate lies between 0 and 1.",
            ),
            (
                [0.75 * -0.4 + 0.25 * math.tanh(0.25)],
                "The reset gate multiplies what comes from x. It may hide the old state, not the input.",
            ),
            ([0.25 * n], "The old state is lost: z times h is missing."),
            ([n], "This is the candidate. The update gate decides how far the state moves towards it."),
            ([[0.75 * -0.4 + 0.25 * n]], "Return a vector of shape [d_h], as h is."),
        ],
    )  # fmt: skip


@gru_step.check(
    "the reset gate stands behind the product",
    hint="In this convention r multiplies, element by element, what U_n has made of h. Only this: not what comes from "
    "x. And U acts as U @ h.",
)
def _reset_behind(answer: Callable[..., Any]) -> None:
    x, h, weights = np.array([1.0]), np.array([0.5, -1.0]), _zeros(1, 2)
    w, u, _, _ = weights
    w[:2, 0] = [math.log(3.0), -math.log(3.0)]
    w[4:, 0] = [0.3, -0.2]
    u[4:] = [[1.0, 2.0], [-0.5, 0.4]]
    r, of_x = np.array([0.75, 0.25]), np.array([0.3, -0.2])

    def state(n: Array) -> Array:
        return np.asarray(0.5 * h + 0.5 * np.tanh(n))

    every_third = [0, 3, 1, 4, 2, 5]
    mixed_up = _step(x, h, (w[every_third], u[every_third], *weights[2:]))

    expect_close(
        answer(*copies(x, h, *weights)),
        state(of_x + r * (u[4:] @ h)),
        "gru_step(x, h=[0.5, -1], ...) with U_n = [[1, 2], [-0.5, 0.4]] and gates r = [0.75, 0.25]",
        mistakes=[
            (
                state(of_x + u[4:] @ (r * h)),
                "The reset gate multiplies h before the product with U_n. That is the paper's function; this one "
                "puts it behind.",
            ),
            (
                mixed_up,
                "r, z and n were taken from every third row. The first d_h rows belong to r, the next to z.",
            ),
            (state(of_x + u[4:] @ h), "The reset gate has no effect."),
            (
                state(r * (of_x + u[4:] @ h)),
                "The reset gate also multiplies what comes from x. It may hide the old state, not the input.",
            ),
            (
                state(of_x + r * (h @ u[4:])),
                "U is applied transposed: row i holds what unit i reads.",
            ),
            (
                state(of_x + (1 - r) * (u[4:] @ h)),
                "The reset gate is used upside down: r = 1 shows the old state.",
            ),
        ],
    )


@gru_step.check(
    "the candidate's second bias",
    hint="b_h belongs to the product with h, so in the candidate it stands inside the reset gate's bracket.",
)
def _second_bias(answer: Callable[..., Any]) -> None:
    x, h, weights = np.array([1.0]), np.array([0.0]), _zeros(1, 1)
    weights[2][2], weights[3][2] = 0.2, 0.8
    expect_close(
        answer(*copies(x, h, *weights)),
        [0.5 * math.tanh(0.2 + 0.5 * 0.8)],
        "gru_step(x=[1], h=[0], ...) with b_x = [0, 0, 0.2], b_h = [0, 0, 0.8] and all else zero",
        mistakes=[
            (
                [0.5 * math.tanh(1.0)],
                "b_h stands outside of the reset gate's bracket. It came with the product U_n h, and r multiplies "
                "both.",
            ),
            ([0.5 * math.tanh(0.2)], "b_h is not used."),
            ([0.5 * math.tanh(0.4)], "b_x is not used."),
            (
                [0.5 * math.tanh(0.8 + 0.5 * 0.2)],
                "The two biases are exchanged: b_x goes with x, b_h with h.",
            ),
            (
                [0.5 * math.tanh(0.5)],
                "The reset gate also multiplies b_x, which came with x.",
            ),
        ],
    )


@gru_step.check(
    "everything at once",
    hint="Each gate is a sigmoid of four parts: W x, U h, and its rows of both biases.",
)
def _all_at_once(answer: Callable[..., Any]) -> None:
    x, h, weights = random_unit(701, 2, 3)
    w, u, b_x, b_h = weights
    no_b_x, no_b_h = b_x.copy(), b_h.copy()
    no_b_x[:6] = no_b_h[:6] = 0.0
    no_u = u.copy()
    no_u[:6] = 0.0
    expect_close(
        answer(*copies(x, h, *weights)),
        _step(x, h, weights),
        "gru_step(x, h, W, U, b_x, b_h) with d_x = 2, d_h = 3 and random numbers",
        mistakes=[
            (_step(x, h, (w, u, no_b_x, b_h)), "The gates r and z lack b_x."),
            (_step(x, h, (w, u, b_x, no_b_h)), "The gates r and z lack b_h."),
            (
                _step(x, h, (w, no_u, b_x, b_h)),
                "The gates r and z do not look at h: the product with U is missing.",
            ),
        ],
    )


gru_convert = exercise(
    "gru-convert",
    "Weights from another program",
    chapter=7,
    level="practice",
    answer="to_torch",
)
_CONVERTED = "W, U, b_x, b_h"


def _convert(
    answer: Callable[..., Any], arrays: tuple[Array, Array, Array], shown: str
) -> Weights:
    """Call the answer and expect four arrays of the right shapes."""
    got = expect_parts(answer(*copies(*arrays)), _CONVERTED, shown, "arrays")
    d_x, d_h = arrays[0].shape[0], arrays[1].shape[0]
    shapes = ((3 * d_h, d_x), (3 * d_h, d_h), (3 * d_h,), (3 * d_h,))
    for name, part, shape in zip(_CONVERTED.split(", "), got, shapes, strict=True):
        if np.shape(part) != shape:
            hint = (
                "This program multiplies a row vector from the left, x @ kernel; PyTorch multiplies a column vector "
                "from the right, W @ x. So blocks of columns become blocks of rows."
                if name in "WU"
                else "Row 0 of bias becomes b_x, row 1 becomes b_h."
            )
            raise Mismatch(
                f"{name} from {shown} has shape {list(np.shape(part))}, expected {list(shape)}.",
                hint,
            )
    w, u, b_x, b_h = (np.asarray(part, dtype=np.float64) for part in got)
    return w, u, b_x, b_h


def _converted(
    arrays: tuple[Array, Array, Array], order: tuple[int, int, int] = (1, 0, 2)
) -> Weights:
    """Return the arrays in PyTorch's layout, without any change of sign; order says which block comes first."""
    kernel, recurrent, bias = arrays

    def rows(part: Array) -> Array:
        blocks = np.split(part.T, 3)
        return np.concatenate([blocks[k] for k in order])

    return rows(kernel), rows(recurrent), rows(bias[0]), rows(bias[1])


def _signs(weights: Weights, signs: tuple[int, int, int, int]) -> Weights:
    """Multiply the rows of the update gate, in each of the four arrays, by a sign."""
    w, u, b_x, b_h = copies(*weights)
    d_h = u.shape[1]
    for part, sign in zip((w, u, b_x, b_h), signs, strict=True):
        part[d_h : 2 * d_h] *= sign
    return w, u, b_x, b_h


_FLIPPED = (-1, -1, -1, -1)


def _wrong_changes(plain: Weights) -> list[tuple[Weights, str]]:
    """Return weights where more than the update gate changed, or not by its sign, each with its hint."""

    def changed(change: Callable[[list[Array]], list[Array]]) -> Weights:
        w, u, b_x, b_h = (np.concatenate(change(np.split(p, 3))) for p in plain)
        return w, u, b_x, b_h

    return [
        (changed(lambda p: [-p[0], -p[1], -p[2]]), "All blocks changed their sign. Only the update gate has two "
         "meanings."),
        *[
            (
                changed(change),
                "The reset gate changed its sign. Its meaning is the same in both programs.",
            )
            for change in (lambda p: [-p[0], p[1], p[2]], lambda p: [-p[0], -p[1], p[2]])
        ],
        (changed(lambda p: [p[0], p[1], -p[2]]), "The candidate changed its sign. It is the update gate that has two "
         "meanings."),
        (changed(lambda p: [p[0], 1 - p[1], p[2]]), "1 minus the weights is not what makes 1 minus the gate."),
    ]  # fmt: skip


def _compare(
    found: Weights, right: Weights, mistakes: list[tuple[Weights, str]], shown: str
) -> None:
    """Compare functions, not arrays: b_x and b_h may share a gate's bias in any way."""
    d_x, d_h = right[0].shape[1], right[1].shape[1]
    for seed in range(3):
        x, h, _ = random_unit(seed, d_x, d_h)
        expect_close(
            _step(x, h, found),
            _step(x, h, right),
            f"One step of PyTorch's GRU with {shown}",
            mistakes=[(_step(x, h, wrong), hint) for wrong, hint in mistakes],
        )


def _foreign(seed: int, d_x: int, d_h: int) -> tuple[Array, Array, Array]:
    generator = np.random.default_rng(seed)
    return (
        generator.normal(size=(d_x, 3 * d_h)),
        generator.normal(size=(d_h, 3 * d_h)),
        np.zeros((2, 3 * d_h)),
    )


@gru_convert.check(
    "shapes and order of the blocks",
    hint="The columns of this program stand in the order z, r, n; PyTorch's rows in the order r, z, n.",
)
def _blocks(answer: Callable[..., Any]) -> None:
    arrays = _foreign(702, 2, 3)
    arrays[0][:, :3] = arrays[1][:, :3] = 0.0  # z is 1/2 whatever its sign
    shown = "to_torch(kernel, recurrent, bias), the update gate's weights and all biases zero"
    found = _convert(answer, arrays, shown)
    right = _converted(arrays)
    w, u, b_x, b_h = right
    not_transposed = (w, np.concatenate([block.T for block in np.split(u, 3)]), b_x, b_h)  # fmt: skip
    reshaped = (arrays[0].reshape(9, 2), arrays[1].reshape(9, 3), b_x, b_h)
    _compare(
        found,
        right,
        [
            (_converted(arrays, (0, 1, 2)), "The blocks are still in the order z, r, n."),
            (_converted(arrays, (2, 1, 0)), "The whole order was reversed. n stays in the third place."),
            (not_transposed, "The blocks of U are not transposed. They are square, so no shape tells."),
            (reshaped, "reshape reads the same numbers in the same order: it does not transpose."),
            *_wrong_changes(right),
        ],
        shown,
    )  # fmt: skip


@gru_convert.check(
    "the sign of the update gate",
    hint="Here z = 1 writes, there it keeps. 1 - sigmoid(a) = sigmoid(-a), so what stands in the sigmoid changes its "
    "sign, for this gate alone.",
)
def _sign(answer: Callable[..., Any]) -> None:
    arrays = _foreign(703, 2, 3)
    arrays[1][:, 3:6] = 0.0
    shown = "to_torch(kernel, recurrent, bias), all biases zero"
    found = _convert(answer, arrays, shown)
    plain = _converted(arrays)
    _compare(
        found,
        _signs(plain, _FLIPPED),
        [
            (plain, "z still means write: where the old network wrote, this one keeps."),
            (_signs(plain, (-1, 1, -1, -1)), "W changed its sign, U did not. Both stand in the gate's sigmoid."),
            (_signs(plain, (1, -1, -1, -1)), "U changed its sign, W did not. Both stand in the gate's sigmoid."),
            *_wrong_changes(plain),
        ],
        shown,
    )  # fmt: skip


@gru_convert.check(
    "the biases of the update gate",
    hint="The biases stand in the gate's sigmoid as well. A network with biases of zero does not show it.",
)
def _gate_biases(answer: Callable[..., Any]) -> None:
    arrays = _foreign(704, 2, 3)
    arrays[2][:, :3] = [[0.5, -1.0, 1.5], [1.0, 0.7, -0.4]]
    shown = "to_torch(kernel, recurrent, bias), with biases for the update gate"
    found = _convert(answer, arrays, shown)
    plain = _converted(arrays)
    _compare(
        found,
        _signs(plain, _FLIPPED),
        [
            (_signs(plain, (-1, -1, 1, 1)), "The weights changed their sign, the biases did not."),
            (_signs(plain, (-1, -1, -1, 1)), "b_x changed its sign, b_h did not. Both stand in the gate's sigmoid."),
            (_signs(plain, (-1, -1, 1, -1)), "b_h changed its sign, b_x did not. Both stand in the gate's sigmoid."),
        ],
        shown,
    )  # fmt: skip


@gru_convert.check(
    "the candidate's two biases",
    hint="Row 0 of bias came with x, row 1 with h. In the candidate they are not interchangeable: the reset gate "
    "multiplies only the second.",
)
def _candidate_biases(answer: Callable[..., Any]) -> None:
    arrays = _foreign(705, 2, 2)
    arrays[2][:] = np.random.default_rng(706).normal(size=(2, 6))
    shown = "to_torch(kernel, recurrent, bias), d_x = d_h = 2 and all biases there"
    found = _convert(answer, arrays, shown)
    w, u, b_x, b_h = right = _signs(_converted(arrays), _FLIPPED)
    summed = (w, u, b_x + b_h, np.zeros(6))
    _compare(
        found,
        right,
        [
            ((w, u, b_h, b_x), "The two biases are exchanged: row 0 came with x."),
            (summed, "The biases were added up. For the gates that is the same function, for the candidate it is not."),
        ],
        shown,
    )  # fmt: skip
