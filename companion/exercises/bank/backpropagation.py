"""Exercises on the gradient of a recurrent network: one step back, and the direction that grows most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_true,
    refuse_none,
)
from companion.exercises.registry import exercise


def parts(got: object, names: tuple[str, ...], shown: str) -> tuple[Any, ...]:
    """Return what a function returned as its parts.

    Raises:
        Mismatch: If there are fewer or more of them.
    """
    refuse_none(got, shown)
    if not isinstance(got, tuple | list) or len(got) != len(names):
        raise Mismatch(
            f"{shown} gave {brief(got)}, expected {len(names)} things: {', '.join(names)}.",
            f"Return a tuple of {len(names)}, in the order {', '.join(names)}.",
        )
    return tuple(got)


step_back = exercise(
    "step-back", "One step back", chapter=5, level="practice", answer="step_back"
)
_STEP = ("delta_prev", "dx", "dW", "dU", "db")
_STEP_SHOWN = "step_back(delta, h, h_prev, x, W, U) with d_h = 2 and d_x = 3"


def _one_step() -> dict[str, Float[np.ndarray, "..."]]:
    generator = np.random.default_rng(51)
    w, u = generator.normal(size=(2, 3)), generator.normal(size=(2, 2))
    x, h_prev = generator.normal(size=3), generator.uniform(-0.9, 0.9, size=2)
    h, delta = np.tanh(w @ x + u @ h_prev + 0.1), generator.normal(size=2)
    return {"delta": delta, "h": h, "h_prev": h_prev, "x": x, "W": w, "U": u}


def _part_of_the_step(answer: Callable[..., Any], name: str) -> Any:
    got = answer(*(value.copy() for value in _one_step().values()))
    return parts(got, _STEP, _STEP_SHOWN)[_STEP.index(name)]


@step_back.check(
    "five gradients",
    hint="Each gradient has the shape of what it belongs to, in this order: h_prev, x, W, U, b. Where NumPy "
    "refuses a product, a matrix is to be transposed, or two vectors make a matrix.",
)
def _five_gradients(answer: Callable[..., Any]) -> None:
    shapes = ((2,), (3,), (2, 3), (2, 2), (2,))
    for name, shape in zip(_STEP, shapes, strict=True):
        got = np.shape(_part_of_the_step(answer, name))
        expect_true(
            got == shape,
            f"{name} from {_STEP_SHOWN} has shape {list(got)}, expected {list(shape)}.",
            f"{name} is transposed. A gradient has the shape of what it belongs to."
            if got == shape[::-1]
            else None,
        )


@step_back.check(
    "through tanh",
    hint="First from h to the sum inside of tanh: the slope there can be had from h alone. That gradient is b's.",
)
def _through_tanh(answer: Callable[..., Any]) -> None:
    delta, h, *_ = _one_step().values()
    expect_close(
        _part_of_the_step(answer, "db"),
        (1 - h**2) * delta,
        f"db from {_STEP_SHOWN}",
        mistakes=[
            (delta, "The slope of tanh is missing: b acts inside of it."),
            (
                (1 - np.tanh(h) ** 2) * delta,
                "tanh was taken a second time. h is its result already.",
            ),
            (
                h * (1 - h) * delta,
                "h (1 - h) is the slope of the sigmoid. This cell has a tanh.",
            ),
            ((1 - h) * delta, "The slope of tanh has a square in it."),
            ((1 - h**2), "delta is missing: the slope is multiplied by what comes in."),
        ],
    )


@step_back.check(
    "the input's weights",
    hint="dW has the shape of W, [d_h, d_x]. Entry (i, j) belongs to unit i and input j: an outer product.",
)
def _input_weights(answer: Callable[..., Any]) -> None:
    delta, h, _, x, *_ = _one_step().values()
    a = (1 - h**2) * delta
    expect_close(
        _part_of_the_step(answer, "dW"),
        np.outer(a, x),
        f"dW from {_STEP_SHOWN}",
        mistakes=[
            (
                np.outer(delta, x),
                "The slope of tanh is in db and not in dW: W acts inside of tanh, too.",
            )
        ],
    )


@step_back.check(
    "the state's weights",
    hint="dU is an outer product like dW. U was multiplied by another vector than W.",
)
def _state_weights(answer: Callable[..., Any]) -> None:
    delta, h, h_prev, *_ = _one_step().values()
    a = (1 - h**2) * delta
    expect_close(
        _part_of_the_step(answer, "dU"),
        np.outer(a, h_prev),
        f"dU from {_STEP_SHOWN}",
        mistakes=[
            (
                np.outer(h_prev, a),
                "dU is transposed, which its shape does not tell. Row i belongs to unit i of the new state.",
            ),
            (np.outer(a, h), "U was multiplied by the state before, not by the new one."),
            (np.outer(delta, h_prev), "The slope of tanh is missing in dU."),
        ],
    )  # fmt: skip


@step_back.check(
    "the state before",
    hint="The state before has gone through U. On the way back every unit collects along its column of U.",
)
def _state_before(answer: Callable[..., Any]) -> None:
    delta, h, *_, u = _one_step().values()
    a = (1 - h**2) * delta
    expect_close(
        _part_of_the_step(answer, "delta_prev"),
        u.T @ a,
        f"delta_prev from {_STEP_SHOWN}",
        mistakes=[
            (u @ a, "U has to be transposed on the way back. It is square, so no shape protests."),
            (u.T @ delta, "The slope of tanh is missing in delta_prev."),
            (u.T @ a + delta, "delta acts at this step. It reaches the step before through U only, not beside it."),
        ],
    )  # fmt: skip


@step_back.check(
    "the input",
    hint="The input has gone through W: its gradient has the shape [d_x] and is made like that of the state before.",
)
def _the_input(answer: Callable[..., Any]) -> None:
    delta, h, _, _, w, _ = _one_step().values()
    expect_close(
        _part_of_the_step(answer, "dx"),
        w.T @ ((1 - h**2) * delta),
        f"dx from {_STEP_SHOWN}",
        mistakes=[(w.T @ delta, "The slope of tanh is missing in dx.")],
    )


largest_stretch = exercise(
    "largest-stretch",
    "The direction that grows most",
    chapter=5,
    level="challenge",
    answer="largest_stretch",
)


def _stretch_of(
    answer: Callable[..., Any], matrix: Float[np.ndarray, "m n"], v: Any, rounds: int
) -> Any:
    return answer(
        lambda v: matrix @ np.asarray(v),
        lambda u: matrix.T @ np.asarray(u),
        np.array(v, dtype=float),
        rounds,
    )


@largest_stretch.check(
    "one round",
    hint="Forward, backward, and to the length 1. The result is how long this vector gets on its next way forward.",
)
def _one_round(answer: Callable[..., Any]) -> None:
    matrix, start = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, 1.0])
    shown = "largest_stretch(forward, backward, v=[1, 1], rounds=1) with J = [[1, 2], [0, 1]]"
    got = _stretch_of(answer, matrix, start, 1)
    if np.shape(got) == (2,):
        raise Mismatch(
            f"{shown} gave the vector {brief(got)}, expected a number.",
            "Asked for is not the direction but by how much a vector in this direction is stretched.",
        )

    def length(vector: Any) -> float:
        return float(np.linalg.norm(vector))

    square = matrix.T @ matrix
    first, second, alone = square @ start, square @ square @ start, matrix @ start
    again = "The vector went forward and back before its length was taken, so it was stretched twice."
    early = "The length of a round was taken before the round was over."
    expect_close(
        got,
        length(matrix @ first) / length(first),
        shown,
        mistakes=[
            (length(square @ first) / length(first), again),
            (length(first), again),
            (length(first) / length(start), again),
            (1.0, "The length was taken after it had been set to 1."),
            (length(alone), early),
            (length(alone) / length(start), early),
            (
                length(matrix @ first),
                "The vector that went forward at last was not of length 1: this is its length and not its stretch.",
            ),
            (length(matrix @ second) / length(second), "One round too many."),
            (length(matrix @ alone) / length(alone), "J was applied again and again. What comes out has to go back."),
            (float(np.linalg.norm(matrix, 2)), "This is the limit after many rounds. Take as many as asked for."),
        ],
    )  # fmt: skip


@largest_stretch.check(
    "not square",
    hint="J may have another number of rows than of columns: v has the size of what goes in, J v of what comes out.",
)
def _not_square(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(52)
    matrix, v = generator.normal(size=(2, 5)), generator.normal(size=5)
    expect_close(
        _stretch_of(answer, matrix, v, 60),
        float(np.linalg.norm(matrix, 2)),
        "largest_stretch(forward, backward, v, rounds=60) with J of shape [2, 5]",
        mistakes=[
            (
                float(np.linalg.norm(matrix, 2)) ** 2,
                "This is the square of the largest singular value.",
            )
        ],
        tolerance=1e-6,
    )


@largest_stretch.check(
    "many rounds",
    hint="Without going back to length 1 in every round the vector overflows, or vanishes.",
)
def _many_rounds(answer: Callable[..., Any]) -> None:
    for size in (100.0, 0.01):
        matrix = size * np.diag([3.0, 2.0, 1.0])
        with np.errstate(all="ignore"):
            got = _stretch_of(answer, matrix, [1.0, 1.0, 1.0], 400)
        shown = f"largest_stretch(forward, backward, v=[1, 1, 1], rounds=400) with J = {size:g} diag(3, 2, 1)"
        expect_true(
            np.ndim(got) == 0 and bool(np.isfinite(got)),
            f"{shown} gave {brief(got)}.",
        )
        expect_close(got / size, 3.0, f"{shown}, divided by {size:g},", tolerance=1e-6)


@largest_stretch.check(
    "nothing comes out",
    hint="If J v is zero, the length to divide by is zero. The answer is 0.0, not NaN.",
)
def _nothing_comes_out(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        got = _stretch_of(answer, np.zeros((2, 2)), [1.0, 1.0], 5)
    expect_close(
        got, 0.0, "largest_stretch(forward, backward, v=[1, 1], rounds=5) with J = 0"
    )
