"""An exercise on the way back through a gated recurrent unit: the Jacobian of its state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.bank.gated_units import (
    Array,
    Weights,
    copies,
    parts,
    random_unit,
)
from companion.exercises.expect import expect_close
from companion.exercises.registry import exercise

gru_jacobian = exercise(
    "gru-jacobian",
    "All ways back through one step",
    chapter=7,
    level="challenge",
    answer="gru_jacobian",
)
# Loose enough for an answer by central differences, too.
_DERIVATIVE = 1e-6


def _paths(x: Array, h: Array, weights: Weights) -> dict[str, Array]:
    """Return the parts of the Jacobian: by which way the old state reaches the new one."""
    u_r, u_z, u_n = np.split(weights[1], 3)
    r, z, n, inside = parts(x, h, weights)
    slope = ((1 - z) * (1 - n**2))[:, None]
    return {
        "direct": np.diag(z),
        "update": ((h - n) * z * (1 - z))[:, None] * u_z,
        "candidate": slope * r[:, None] * u_n,
        "reset": slope * (inside * r * (1 - r))[:, None] * u_r,
    }


def _jacobian(x: Array, h: Array, weights: Weights) -> Array:
    return np.asarray(sum(_paths(x, h, weights).values()))


@gru_jacobian.check(
    "straight through the gate",
    hint="With U = 0 no gate and no candidate looks at h: what is left is the z in z * h. Entry (i, j) is the "
    "derivative of the new h_i by the old h_j, so the result is a matrix.",
)
def _direct(answer: Callable[..., Any]) -> None:
    x, h, weights = random_unit(707, 2, 3)
    weights[1][:] = weights[2][:] = weights[3][:] = 0.0
    _, z, _, _ = parts(x, h, weights)
    expect_close(
        answer(*copies(x, h, *weights)),
        np.diag(z),
        "gru_jacobian(x, h, ...) with U = 0",
        mistakes=[
            (np.diag(1 - z), "These are 1 - z. In this convention z keeps."),
            (np.outer(np.ones(3), z), "Every row holds all of z. Unit i keeps its own state alone."),
            (np.outer(z, np.ones(3)), "Every column holds all of z. Unit i keeps its own state alone."),
        ],
        tolerance=_DERIVATIVE,
    )  # fmt: skip


@gru_jacobian.check(
    "through the candidate",
    hint="n depends on h by way of r * (U_n h + b). Four factors meet: 1 - z, the slope of tanh, r, and U_n. Which of "
    "them multiply rows?",
)
def _by_candidate(answer: Callable[..., Any]) -> None:
    x, h, weights = random_unit(708, 2, 3)
    weights[1][:6] = weights[2][:] = weights[3][:] = 0.0
    r, z, n, _ = parts(x, h, weights)
    u_n = weights[1][6:]
    right = _jacobian(x, h, weights)

    def path(left: Array, right_side: Array | float = 1.0) -> Array:
        return np.asarray(np.diag(z) + left[:, None] * u_n * right_side)

    expect_close(
        answer(*copies(x, h, *weights)),
        right,
        "gru_jacobian(x, h, ...) with U_r = U_z = 0",
        mistakes=[
            (np.diag(z), "The candidate reads the old state, too: this way is missing."),
            (path((1 - z) * r), "The slope of tanh, 1 - n^2, is missing."),
            (path((1 - z) * (1 - n**2)), "The reset gate is missing from the candidate's way."),
            (path((1 - n**2) * r), "The candidate enters the new state with the factor 1 - z, which is missing."),
            (path((1 - z) * (1 - n**2), r), "r multiplies the columns of U_n. That is the convention with the reset "
             "gate before the product."),
            (
                np.diag(z) + (1 - z) * (1 - n**2) * r * u_n,
                "The factors multiply the columns of U_n. Each belongs to a row, that of the unit it was computed for.",
            ),
            (right.T, "The result is transposed: row i belongs to the new h_i, column j to the old h_j."),
            (path((1 - z) * (1 - n) * r), "The slope of tanh is 1 - n^2."),
        ],
        tolerance=_DERIVATIVE,
    )  # fmt: skip


@gru_jacobian.check(
    "through the update gate",
    hint="z itself depends on h. Differentiate z * h + (1 - z) * n by z, and go on with the slope of the sigmoid.",
)
def _by_update(answer: Callable[..., Any]) -> None:
    x, h, weights = random_unit(709, 2, 3)
    u, b_x, b_h = weights[1:]
    u[:3] = u[6:] = b_x[:] = b_h[:] = 0.0
    _, z, n, _ = parts(x, h, weights)
    right = _jacobian(x, h, weights)

    def path(factor: Array) -> Array:
        return np.asarray(np.diag(z) + factor[:, None] * u[3:6])

    expect_close(
        answer(*copies(x, h, *weights)),
        right,
        "gru_jacobian(x, h, ...) with U_r = U_n = 0",
        mistakes=[
            (np.diag(z), "z was taken as constant, but it looks at the old state."),
            (path(h - n), "The slope of the sigmoid, z (1 - z), is missing."),
            (path((n - h) * z * (1 - z)), "The sign of this way is wrong: a larger z moves the state towards h."),
            (path(h * z * (1 - z)), "z stands in two places of the last line: in z * h and in (1 - z) * n."),
            (path(z * (1 - z)), "How much does a change of z matter? By the distance from n to h, which is missing."),
            (path((h - n) * (1 - z**2)), "1 - z^2 is the slope of tanh. z is a sigmoid."),
        ],
        tolerance=_DERIVATIVE,
    )  # fmt: skip


@gru_jacobian.check(
    "through the reset gate",
    hint="r depends on h, too. It multiplies the whole bracket U_n h + b, element by element; go on with the slope of "
    "its sigmoid and with U_r.",
    points=2,
)
def _by_reset(answer: Callable[..., Any]) -> None:
    x, h, weights = random_unit(710, 2, 3)
    u, b_x, b_h = weights[1:]
    u[3:6] = b_x[:] = b_h[:6] = 0.0
    r, z, n, inside = parts(x, h, weights)
    paths = _paths(x, h, weights)
    rest = paths["direct"] + paths["candidate"]
    slope = (1 - z) * (1 - n**2)

    def path(factor: Array) -> Array:
        return np.asarray(rest + (slope * factor)[:, None] * u[:3])

    expect_close(
        answer(*copies(x, h, *weights)),
        _jacobian(x, h, weights),
        "gru_jacobian(x, h, ...) with U_z = 0 and a bias b_h for the candidate",
        mistakes=[
            (rest, "r was taken as constant, but it looks at the old state."),
            (path((u[6:] @ h) * r * (1 - r)), "r multiplies the candidate's part of b_h as well."),
            (path(inside), "The slope of the reset gate's sigmoid, r (1 - r), is missing."),
            (path(h * r * (1 - r)), "r multiplies the bracket with U_n, not h: it stands behind the product."),
            (path(r * (1 - r)), "How much does a change of r matter? By what it multiplies, which is missing."),
            (rest + (inside * r * (1 - r))[:, None] * u[:3], "On the way from r to the new state lie the tanh and the "
             "factor 1 - z."),
        ],
        tolerance=_DERIVATIVE,
    )  # fmt: skip


@gru_jacobian.check(
    "all ways together",
    hint="The ways add up: straight through the gate, and by way of z, n and r. All of them at the values of a full "
    "step, with both biases.",
)
def _all_ways(answer: Callable[..., Any]) -> None:
    x, h, weights = random_unit(711, 4, 3)
    w, u, b_x, b_h = weights
    expect_close(
        answer(*copies(x, h, *weights)),
        _jacobian(x, h, weights),
        "gru_jacobian(x, h, W, U, b_x, b_h) with random numbers",
        mistakes=[
            (_jacobian(x, h, (w, u, np.zeros(9), b_h)), "b_x is not used."),
            (_jacobian(x, h, (w, u, b_x, np.zeros(9))), "b_h is not used."),
            (_jacobian(x, h, (w, u, b_x, b_h * np.repeat([0, 1], [6, 3]))), "The gates r and z lack b_h."),
            (_jacobian(x, h, (w, u, b_x * np.repeat([0, 1], [6, 3]), b_h)), "The gates r and z lack b_x."),
        ],
        tolerance=_DERIVATIVE,
    )  # fmt: skip
