"""Exercises on layer norms: what they compute, and what they do to the gradient on the road."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import expect_close, expect_error
from companion.exercises.registry import exercise

layer_norm = exercise(
    "layer-norm",
    "Mean zero, variance one",
    chapter=11,
    level="warm-up",
    answer="layer_norm",
)


def _norm(
    x: Float[np.ndarray, "places d"],
    scale: Any = 1.0,
    shift: Any = 0.0,
    axis: int | None = 1,
    ddof: int = 0,
    epsilon: float = 1e-5,
) -> Float[np.ndarray, "places d"]:
    variance = x.var(axis=axis, keepdims=True, ddof=ddof)
    centered = x - x.mean(axis=axis, keepdims=True)
    return np.asarray(scale * centered / np.sqrt(variance + epsilon) + shift)


@layer_norm.check(
    "each row by itself",
    hint="Mean and variance are those of one row, along the last axis; the variance divides by d.",
)
def _rows(answer: Callable[..., Any]) -> None:
    x = np.random.default_rng(112).normal(2, 3, size=(3, 4))
    one, zero = np.ones(4), np.zeros(4)
    root_of_square = x / np.sqrt((x**2).mean(1, keepdims=True) + 1e-5)
    centered = x - x.mean(1, keepdims=True)
    expect_close(
        answer(x.copy(), one, zero, 1e-5),
        _norm(x),
        "layer_norm(x, scale=1, shift=0, epsilon=1e-5), x of shape [3, 4]",
        mistakes=[
            (_norm(x, axis=0), "Normalized along the wrong axis: each row is a place of its own, each column is not."),
            (_norm(x, axis=None), "One mean and one variance for all rows: places would know of each other."),
            (_norm(x, ddof=1), "The variance divides by d, not by d - 1."),
            (root_of_square, "The mean was not taken away. Without it, it is an RMS norm."),
            (centered, "The rows are not divided by their standard deviation."),
            (centered / (centered.var(1, keepdims=True) + 1e-5), "Divide by the root of the variance."),
        ],
        tolerance=1e-3,  # where epsilon stands is asked below
    )  # fmt: skip


@layer_norm.check(
    "scale and shift",
    hint="After the division each number is multiplied by its scale, and its shift is added.",
)
def _scale(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(113)
    x = generator.normal(size=(2, 3))
    scale, shift = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])
    expect_close(
        answer(x.copy(), scale, shift, 1e-5),
        _norm(x, scale, shift),
        "layer_norm(x, scale=[1, 2, 3], shift=[1, 2, 3], epsilon=1e-5)",
        mistakes=[
            (_norm(x), "Scale and shift have no effect."),
            (_norm(x, scale), "The shift has no effect."),
            (_norm(x, 1.0, shift), "The scale has no effect."),
            (scale * (_norm(x) + shift), "The shift comes last, and is not scaled."),
            (_norm(scale * x + shift), "Scale and shift come after the normalization."),
        ],
        tolerance=1e-3,
    )  # fmt: skip


@layer_norm.check(
    "epsilon",
    hint="Epsilon is added to the variance, under the root. It keeps a row of equal numbers from 0 / 0.",
)
def _epsilon(answer: Callable[..., Any]) -> None:
    x = np.array([[3.0, 5.0], [4.0, 4.0]])
    one, zero = np.ones(2), np.zeros(2)
    centered = x - x.mean(1, keepdims=True)
    deviation = x.std(1, keepdims=True)
    with np.errstate(all="ignore"):
        expect_close(
            answer(x.copy(), one, zero, 3.0),
            _norm(x, epsilon=3.0),
            "layer_norm([[3, 5], [4, 4]], scale=1, shift=0, epsilon=3)",
            mistakes=[
                (centered / (deviation + 3), "Epsilon was added to the standard deviation: it belongs under the root."),
                (centered / deviation, "Epsilon has no effect: a row of equal numbers is 0 / 0."),
                (_norm(x, epsilon=1e-5), "Epsilon is given; another one was used."),
            ],
        )  # fmt: skip


road = exercise(
    "residual-road",
    "What the road does to the gradient",
    chapter=11,
    level="research",
    answer="along_the_road",
)


@road.check(
    "pre-norm",
    hint="On the road the variances add up: 1 + n s^2 after n sublayers. The one norm at the end divides by its root.",
)
def _pre(answer: Callable[..., Any]) -> None:
    for n, s in ((3, 1.0), (1, 1.0), (12, 0.5)):
        expect_close(
            answer("pre", n, s),
            (1 + n * s * s) ** -0.5,
            f'along_the_road("pre", {n}, {s})',
            mistakes=[
                (1.0, "The road itself multiplies by 1, but there is a norm behind the last layer, which divides."),
                ((1 + n * s * s) ** -1, "A norm divides by the standard deviation, the root of the variance."),
                ((1 + s * s) ** (-n / 2), "That is post-norm: a norm after each sum."),
                ((1 + n * s) ** -0.5, "Variances add up, not standard deviations: each sublayer adds s^2."),
                ((n * s * s) ** -0.5, "What enters has a variance of 1, which counts as well."),
            ],
        )  # fmt: skip


@road.check(
    "post-norm",
    hint="Each norm divides by the root of 1 + s^2, and there are n of them on the way.",
)
def _post(answer: Callable[..., Any]) -> None:
    for n, s in ((1, 1.0), (4, 1.0), (12, 0.5)):
        expect_close(
            answer("post", n, s),
            (1 + s * s) ** (-n / 2),
            f'along_the_road("post", {n}, {s})',
            mistakes=[
                ((1 + s * s) ** -n, "A norm divides by the standard deviation, the root of the variance."),
                ((1 + n * s * s) ** -0.5, "Every norm brings the variance back to 1: the factors multiply."),
                ((1 + s) ** (-n / 2), "Variances add up: 1 + s^2 before each norm."),
                ((1 + s * s) ** -0.5, "That is one norm. There are n on the way."),
                (1.0, "The norms stand on the road: each of them divides what goes forward, and what comes back."),
            ],
        )  # fmt: skip


@road.check(
    "no sublayer",
    hint="With n = 0 nothing is added, and the factor is 1 for both.",
)
def _none(answer: Callable[..., Any]) -> None:
    for norm in ("pre", "post"):
        expect_close(answer(norm, 0, 0.7), 1.0, f'along_the_road("{norm}", 0, 0.7)')
    if not math.isclose(float(answer("post", 100, 1.0)), 2.0**-50, rel_tol=1e-9):
        expect_close(
            float(answer("post", 100, 1.0)) * 2**50,
            1.0,
            'along_the_road("post", 100, 1.0), times 2^50',
        )


@road.check(
    "another norm",
    hint='There are two kinds here, "pre" and "post". Refuse others with a ValueError.',
)
def _other(answer: Callable[..., Any]) -> None:
    expect_error(answer, ("middle", 2, 1.0), ValueError, 'along_the_road("middle", 2, 1.0)')  # fmt: skip
