"""An exercise on the way back through one step of an LSTM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.bank.memory_cells import pair, sigmoid
from companion.exercises.expect import Mismatch, expect_close
from companion.exercises.registry import exercise

Units = Float[np.ndarray, " units"]
Rows = Float[np.ndarray, " rows"]

lstm_backward = exercise(
    "lstm-backward",
    "Back through one step",
    chapter=6,
    level="challenge",
    answer="lstm_step_backward",
)


def _gradients(got: object, shown: str) -> tuple[Any, Any]:
    """Take dc_prev and da apart."""
    names = "dc_prev, da"
    dc_prev, da = pair(got, names, shown)
    if np.shape(dc_prev) == (12,) and np.shape(da) == (3,):
        raise Mismatch(
            f"{shown} gave two arrays of shapes [12] and [3], expected [3] and [12].",
            f"The two are exchanged: return ({names}), in this order.",
        )
    return dc_prev, da


def _example() -> tuple[Units, Units, Units, Rows]:
    """dh, dc, the cell before and the pre-activations, of three units."""
    generator = np.random.default_rng(63)
    dh, dc, c = (generator.normal(size=3) for _ in range(3))
    return dh, dc, 1.5 * c, generator.normal(size=12)


def _differences(dh: Units, dc: Units, c: Units, a: Rows) -> tuple[Units, Rows]:
    """Gradients of dh . h_t + dc . c_t by central differences."""

    def value(cell: Units, rows: Rows) -> float:
        i, f, g, o = np.split(rows, 4)
        new = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        return float(dh @ (sigmoid(o) * np.tanh(new)) + dc @ new)

    def slope(at: Callable[[Any], float], size: int) -> Float[np.ndarray, " size"]:
        steps = 1e-5 * np.eye(size)
        return np.array([(at(step) - at(-step)) / 2e-5 for step in steps])

    return (
        slope(lambda step: value(c + step, a), len(c)),
        slope(lambda step: value(c, a + step), len(a)),
    )


def _forward(c: Units, a: Rows) -> tuple[Units, ...]:
    """i, f, g, o, the new cell and its tanh."""
    i, f, g, o = np.split(a, 4)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    new = f * c + i * g
    return i, f, g, o, new, np.tanh(new)


def _moved(da: Rows) -> list[tuple[Any, str]]:
    """Blocks of the right gradient that stand in another's place, each with its hint."""
    hint = "This belongs to {}. The blocks of da have the order i, f, g, o."
    return [
        (block, hint.format(name))
        for name, block in zip("ifgo", np.split(da, 4), strict=True)
    ]


@lstm_backward.check(
    "along the cell",
    hint="Of c_t = f * c_{t-1} + i * g only the first term holds c_{t-1}: what arrives at c_t is multiplied by f.",
)
def _along_the_cell(answer: Callable[..., Any]) -> None:
    _, dc, c, a = _example()
    i, f, *_ = _forward(c, a)
    shown = "lstm_step_backward(dh=zeros, dc, c, a)"
    got, _ = _gradients(answer(np.zeros(3), dc.copy(), c.copy(), a.copy()), shown)
    expect_close(
        got,
        dc * f,
        f"dc_prev from {shown}",
        mistakes=[
            (dc, "Unchanged? On its way to c_{t-1} the gradient meets the forget gate."),
            (dc * a[3:6], "The forget gate has not gone through the logistic function: a holds what comes before it."),
            (dc * i, "This is the input gate. The old cell is multiplied by the forget gate."),
            (dc * f * (1 - f), "The slope of the gate belongs to the gradient of a. Here f itself stands before c."),
        ],
        tolerance=1e-7,
    )  # fmt: skip


@lstm_backward.check(
    "through the output",
    hint="h_t = o * tanh(c_t): the gradient at h_t reaches c_t through the gate and the slope of tanh, and there joins "
    "the one that is there.",
)
def _through_the_output(answer: Callable[..., Any]) -> None:
    dh, dc, c, a = _example()
    _, f, _, o, new, tanh = _forward(c, a)
    shown = "lstm_step_backward(dh, dc=zeros, c, a)"
    got, _ = _gradients(answer(dh.copy(), np.zeros(3), c.copy(), a.copy()), shown)
    expect_close(
        got,
        _differences(dh, np.zeros(3), c, a)[0],
        f"dc_prev from {shown}",
        mistakes=[
            (np.zeros(3), "A part is missing: h_t was read from the cell, so the gradient at h_t goes back into it."),
            (dh * o * f, "The slope of tanh is missing."),
            (dh * (1 - tanh**2) * f, "The output gate is missing: h_t = o * tanh(c_t)."),
            (dh * o * (1 - new**2) * f, "1 - c^2 is not the slope: it takes the tanh of c, squared."),
            (dh * o * (1 - np.tanh(c) ** 2) * f, "The slope is taken at the old cell. h_t was read from the new one."),
            (dh * o * (1 - tanh**2), "This is the gradient at c_t. To c_{t-1} it passes the forget gate."),
            (dh * o * tanh * (1 - tanh) * f, "The slope of tanh is another one than that of the logistic function."),
        ],
        tolerance=1e-7,
    )  # fmt: skip
    both = "lstm_step_backward(dh, dc, c, a)"
    got, _ = _gradients(answer(dh.copy(), dc.copy(), c.copy(), a.copy()), both)
    expect_close(
        got,
        _differences(dh, dc, c, a)[0],
        f"dc_prev from {both}",
        mistakes=[
            (
                dh * o * (1 - tanh**2) * f,
                "dc has got lost: two gradients meet at c_t, and they add up.",
            ),
            (
                (dc + dh) * o * (1 - tanh**2) * f,
                "dc does not come through the output: it is at c_t already.",
            ),
        ],
        tolerance=1e-7,
    )


@lstm_backward.check(
    "the output gate",
    hint="The output gate has no part in c_t. Its gradient is that of h_t, times what the gate lets through, times the "
    "slope of the logistic function.",
)
def _output_gate(answer: Callable[..., Any]) -> None:
    dh, dc, c, a = _example()
    *_, o, new, tanh = _forward(c, a)
    shown = "lstm_step_backward(dh, dc, c, a)"
    _, da = _gradients(answer(dh.copy(), dc.copy(), c.copy(), a.copy()), shown)
    if np.shape(da) != (12,):
        raise Mismatch(
            f"da from {shown} has the shape {list(np.shape(da))}, expected [12].",
            "da has the shape of a: the blocks of i, f, g and o one below the other, in one array.",
        )
    right = _differences(dh, dc, c, a)[1]
    slope = o * (1 - o)
    through = dc + dh * o * (1 - tanh**2)
    expect_close(
        np.asarray(da)[9:],
        right[9:],
        f"da[9:], the block of o, from {shown}",
        mistakes=[
            (dh * tanh, "This is the gradient of the gate. Its slope is missing: a comes before the gate."),
            (dh * new * slope, "The gate multiplies tanh(c), not c."),
            (through * tanh * slope, "Only dh belongs here: the output gate has no part in the cell."),
            (dh * np.tanh(c) * slope, "The gate multiplies the tanh of the new cell."),
            (dh * tanh * (1 - o**2), "1 - o^2 is the slope of a tanh. The gate is a logistic function."),
            *_moved(right),
        ],
        tolerance=1e-7,
    )  # fmt: skip


@lstm_backward.check(
    "input, forget, candidate",
    hint="All three get what arrives at c_t in all, times what stands beside them in c_t = f * c_{t-1} + i * g, times "
    "their own slope.",
    points=2,
)
def _three_blocks(answer: Callable[..., Any]) -> None:
    dh, dc, c, a = _example()
    i, f, g, o, new, tanh = _forward(c, a)
    shown = "lstm_step_backward(dh, dc, c, a)"
    _, da = _gradients(answer(dh.copy(), dc.copy(), c.copy(), a.copy()), shown)
    right = _differences(dh, dc, c, a)[1]
    at = dc + dh * o * (1 - tanh**2)
    slopeless = "This is the gradient of what comes after the function. Its slope is missing: a comes before it."
    alone = (
        "Only dc has been used. At c_t it is joined by what comes through the output."
    )
    mistakes = {
        "i": [(at * g, slopeless), (dc * g * i * (1 - i), alone), (at * i * (1 - i), "The candidate is missing.")],
        "f": [
            (at * c, slopeless),
            (dc * c * f * (1 - f), alone),
            (at * new * f * (1 - f), "The forget gate multiplies the old cell, not the new one."),
        ],
        "g": [
            (at * i, slopeless),
            (dc * i * (1 - g**2), alone),
            (at * i * g * (1 - g), "g comes out of a tanh, whose slope is another one than that of the gates."),
            (at * (1 - g**2), "The input gate is missing."),
        ],
    }  # fmt: skip
    for place, block in enumerate("ifg"):
        part = slice(3 * place, 3 * place + 3)
        expect_close(
            np.asarray(da)[part],
            right[part],
            f"da[{part.start}:{part.stop}], the block of {block}, from {shown}",
            mistakes=[*mistakes[block], *_moved(right)],
            tolerance=1e-7,
        )
