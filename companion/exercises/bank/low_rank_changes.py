"""Exercises on changes of low rank: their size, their gradients, and what a full change looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_equal,
    expect_error,
    expect_parts,
)
from companion.exercises.registry import exercise

Matrix = Float[np.ndarray, "..."]

lora_size = exercise(
    "lora-size",
    "How many numbers are trained?",
    chapter=16,
    level="warm-up",
    answer="lora_size",
)


@lora_size.check(
    "one matrix",
    hint="A is [r, d_in] and B is [d_out, r]. How many numbers are in each?",
)
def _one_matrix(answer: Callable[..., Any]) -> None:
    shown = "lora_size([(30, 20)], r=4)"
    expect_equal(
        answer([(30, 20)], 4),
        200,
        shown,
        mistakes=[
            (600, "This is the size of W itself, which is frozen."),
            (2400, "r times d_out times d_in is no size of anything. Count A and B apart."),
            (120, "This is B alone. A is trained as well."),
            (80, "This is A alone. B is trained as well."),
            (204, "There is no bias in the change."),
            (240, "Both factors were given d_out: A has as many columns as W."),
            (160, "Both factors were given d_in: B has as many rows as W."),
            (800, "The two sizes were multiplied or doubled: add r * d_in and r * d_out."),
        ],
    )  # fmt: skip


@lora_size.check(
    "several matrices",
    hint="Each matrix gets an A and a B of its own: add them up. Without a matrix nothing is trained.",
)
def _several(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer([(8, 8), (32, 8), (8, 32)], 2),
        2 * (16 + 40 + 40),
        "lora_size([(8, 8), (32, 8), (8, 32)], r=2)",
        mistakes=[
            (2 * 16, "Only the first matrix was counted."),
            (2 * 40, "Only the last matrix was counted."),
        ],
    )
    expect_equal(answer([], 2), 0, "lora_size([], r=2)")


@lora_size.check(
    "a rank that saves nothing",
    hint="A change of a higher rank than W can have is a waste: raise a ValueError when r is above min(d_out, d_in) "
    "or below 1.",
)
def _too_high(answer: Callable[..., Any]) -> None:
    expect_error(answer, ([(30, 20)], 21), ValueError, "lora_size([(30, 20)], r=21)")
    expect_error(answer, ([(20, 30)], 21), ValueError, "lora_size([(20, 30)], r=21)")
    expect_error(answer, ([(30, 20)], 0), ValueError, "lora_size([(30, 20)], r=0)")
    expect_equal(answer([(30, 20)], 20), 1000, "lora_size([(30, 20)], r=20)")


lora_backward = exercise(
    "lora-backward",
    "The gradients of both factors",
    chapter=16,
    level="practice",
    answer="lora_backward",
)
_PARTS = "dA, dB"


def _case() -> tuple[Matrix, Matrix, Matrix]:
    generator = np.random.default_rng(160)
    return (
        generator.normal(size=(5, 4)),
        generator.normal(size=(2, 4)),
        generator.normal(size=(5, 2)),
    )


_SHOWN = "lora_backward(G, A, B, alpha=6) with d_out = 5, d_in = 4 and r = 2"


def _expect_shape(got: Any, shape: tuple[int, int], name: str) -> None:
    if np.shape(got) == shape[::-1] != shape:
        raise Mismatch(
            f"{name} from {_SHOWN} has shape {list(shape[::-1])}, expected {list(shape)}.",
            "It is transposed: a gradient has the shape of what it belongs to.",
        )


@lora_backward.check(
    "the gradient of B",
    hint="W = W0 + alpha / r * B A, and G is the gradient of the loss with respect to W. Write out one entry of B.",
)
def _of_b(answer: Callable[..., Any]) -> None:
    g, a, b = _case()
    _, got = expect_parts(answer(g.copy(), a.copy(), b.copy(), 6), _PARTS, _SHOWN)
    if np.shape(got) == a.shape:
        raise Mismatch(
            f"the second part of {_SHOWN} has the shape of A.",
            "The two are exchanged: return (dA, dB), in this order.",
        )
    _expect_shape(got, b.shape, "dB")
    want = 3 * g @ a.T
    expect_close(
        got,
        want,
        f"dB from {_SHOWN}",
        mistakes=[
            (want / 3, "The factor alpha / r is missing: it stands before B A."),
            (want * 2, "The factor is alpha / r, not alpha."),
            (want / 9, "The factor is upside down."),
        ],
    )


@lora_backward.check(
    "the gradient of A",
    hint="As for B, with the other factor. Its shape is [r, d_in].",
)
def _of_a(answer: Callable[..., Any]) -> None:
    g, a, b = _case()
    got, _ = expect_parts(answer(g.copy(), a.copy(), b.copy(), 6), _PARTS, _SHOWN)
    _expect_shape(got, a.shape, "dA")
    want = 3 * b.T @ g
    expect_close(
        got,
        want,
        f"dA from {_SHOWN}",
        mistakes=[
            (want / 3, "The factor alpha / r is missing: it stands before B A."),
            (want * 2, "The factor is alpha / r, not alpha."),
            (np.zeros_like(a), "dA is zero only as long as B is. This B is not zero."),
        ],
    )


@lora_backward.check(
    "the first step",
    hint="Where B is zero, dA is zero and dB is not. Take r from the shape of A.",
)
def _first_step(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(161)
    g, a, b = (
        generator.normal(size=(4, 6)),
        generator.normal(size=(3, 6)),
        np.zeros((4, 3)),
    )
    shown = "lora_backward(G, A, zeros, alpha=3) with d_out = 4, d_in = 6 and r = 3"
    d_a, d_b = expect_parts(answer(g.copy(), a.copy(), b.copy(), 3), _PARTS, shown)
    expect_close(d_a, np.zeros((3, 6)), f"dA from {shown}")
    expect_close(
        d_b,
        g @ a.T,
        f"dB from {shown}",
        mistakes=[
            (1.5 * g @ a.T, "r is not always 2: it is the number of rows of A."),
            (3 / 6 * g @ a.T, "alpha is divided by d_in here. r is the number of rows of A."),
            (3 / 4 * g @ a.T, "alpha is divided by d_out here. r is the number of rows of A."),
        ],
    )  # fmt: skip


low_rank_change = exercise(
    "low-rank-change",
    "Is the change of low rank?",
    chapter=16,
    level="research",
    answer="best_factors",
)
_FACTORS = "A, B, kept"


def _change() -> Matrix:
    """Return a change with the singular values 4, 2 and 1."""
    generator = np.random.default_rng(162)
    left, _ = np.linalg.qr(generator.normal(size=(6, 3)))
    right, _ = np.linalg.qr(generator.normal(size=(5, 3)))
    return np.asarray(left @ np.diag([4.0, 2.0, 1.0]) @ right.T)


@low_rank_change.check(
    "shapes",
    hint="A is [r, d_in] and B is [d_out, r]; kept is one number.",
)
def _shapes(answer: Callable[..., Any]) -> None:
    shown = "best_factors(change, r=2), change of shape [6, 5]"
    a, b, kept = expect_parts(answer(_change(), 2), _FACTORS, shown)
    for got, shape, name in ((a, (2, 5), "A"), (b, (6, 2), "B")):
        if np.shape(got) != shape:
            raise Mismatch(
                f"{name} from {shown} has shape {list(np.shape(got))}, expected {list(shape)}.",
                "A is [r, d_in] and B is [d_out, r], so that B A has the shape of the change.",
            )
    if np.ndim(kept) != 0:
        raise Mismatch(f"kept from {shown} is {brief(kept)}, expected one number.")


@low_rank_change.check(
    "the nearest change of that rank",
    hint="Of all matrices of rank r the nearest one keeps the r largest singular values and drops the others.",
)
def _nearest(answer: Callable[..., Any]) -> None:
    change = _change()
    u, s, vt = np.linalg.svd(change, full_matrices=False)
    for r in (1, 2, 3):
        shown = f"best_factors(change, r={r})"
        a, b, _ = expect_parts(answer(change.copy(), r), _FACTORS, shown)
        product = np.asarray(b, dtype=float) @ np.asarray(a, dtype=float)
        want = u[:, :r] * s[:r] @ vt[:r]
        expect_close(
            product,
            want,
            f"B A from {shown}",
            mistakes=[
                (u[:, :r] * s[:r] ** 2 @ vt[:r], "The singular values went into both factors: B A has their squares."),
                (u[:, :r] @ vt[:r], "The singular values are missing."),
                (u[:, 3 - r : 3] * s[3 - r : 3] @ vt[3 - r : 3], "The smallest singular values were kept."),
                (u[:, -r:] * s[-r:] @ vt[-r:], "The smallest singular values were kept."),
            ],
            tolerance=1e-8,
        )  # fmt: skip


@low_rank_change.check(
    "what is kept",
    hint="The squared length of a matrix, the sum of its squared entries, is the sum of its squared singular values.",
)
def _kept(answer: Callable[..., Any]) -> None:
    for r, want in ((1, 16 / 21), (2, 20 / 21), (3, 1.0)):
        shown = f"best_factors(change, r={r}), singular values 4, 2, 1"
        *_, kept = expect_parts(answer(_change(), r), _FACTORS, shown)
        expect_close(
            kept,
            want,
            f"kept from {shown}",
            mistakes=[
                (1 - want, "This is the share that is lost."),
                (sum([4, 2, 1][:r]) / 7, "Singular values were added. Lengths add up squared."),
                (want**0.5, "This is the share of the length. The squared length is asked for."),
                (want * 21, "This is the squared length itself. Divide by that of the whole change."),
            ],
            tolerance=1e-8,
        )  # fmt: skip


@low_rank_change.check(
    "nothing has changed",
    hint="A change of zero is kept whole by any rank: return 1 and do not divide by zero.",
)
def _nothing(answer: Callable[..., Any]) -> None:
    shown = "best_factors(zeros of shape [3, 4], r=1)"
    with np.errstate(all="ignore"):
        a, b, kept = expect_parts(answer(np.zeros((3, 4)), 1), _FACTORS, shown)
    expect_close(np.asarray(b) @ np.asarray(a), np.zeros((3, 4)), f"B A from {shown}")
    expect_close(kept, 1.0, f"kept from {shown}")
