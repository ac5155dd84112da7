"""Exercise on clipping: one length for the gradients of all parameters together."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.bank.backpropagation import parts
from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_error,
    expect_true,
)
from companion.exercises.registry import exercise

global_norm = exercise(
    "global-norm",
    "One length for all gradients",
    chapter=5,
    level="practice",
    answer="clip_by_global_norm",
)


def _clip_parts(got: object, shown: str) -> tuple[Any, Any]:
    clipped, norm = parts(got, ("clipped", "norm"), shown)
    expect_true(
        not isinstance(norm, list | tuple) and np.ndim(norm) == 0,
        f"the second result of {shown} is {brief(norm)}, expected a number.",
        "Return two things: the list of the clipped gradients, and the norm before clipping.",
    )
    return clipped, norm


def _gradients() -> list[Float[np.ndarray, "..."]]:
    return [np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([12.0])]


def _clip_shown(limit: Any) -> str:
    return f"clip_by_global_norm([[[3, 0], [0, 4]], [12]], limit={limit:g})"


def _expect_clipped(
    got: object,
    wanted: list[Any],
    shown: str,
    mistakes: list[tuple[list[Any], str]],
) -> None:
    """Compare list with list, all arrays together, so that a mistake shows in all of them."""
    if not isinstance(got, list | tuple) or len(got) != len(wanted):
        raise Mismatch(
            f"the clipped gradients from {shown} are {brief(got)}, expected a list of {len(wanted)} arrays.",
            "The first of the two results is a list with an array for each gradient.",
        )
    for number, (array, want) in enumerate(zip(got, wanted, strict=True)):
        if np.shape(array) != np.shape(want):
            raise Mismatch(
                f"clipped gradient {number} from {shown} has shape {list(np.shape(array))}, "
                f"expected {list(np.shape(want))}.",
                "A clipped gradient keeps the shape of its parameter.",
            )

    def flat(arrays: Any) -> Float[np.ndarray, " numbers"]:
        return np.concatenate([np.ravel(array) for array in arrays]).astype(float)

    # A small number in the denominator, against 0 / 0, is allowed.
    expect_close(
        flat(got),
        flat(wanted),
        f"the clipped gradients from {shown}, written one after the other,",
        [(flat(arrays), hint) for arrays, hint in mistakes],
        tolerance=1e-6,
    )


@global_norm.check(
    "the norm of all",
    hint="Put all numbers of all arrays into one long vector in your mind: the norm is its length.",
)
def _norm_of_all(answer: Callable[..., Any]) -> None:
    _, norm = _clip_parts(answer(_gradients(), 100.0), _clip_shown(100))
    expect_close(
        norm,
        13.0,
        f"the norm from {_clip_shown(100)}",
        mistakes=[
            (169.0, "This is the square of the norm: the root is missing."),
            (17.0, "The norms were added up. Their squares add up."),
            (19.0, "Absolute values were added up. The length is the root of the sum of squares."),
            (
                math.sqrt(160),
                "For a matrix, ord=2 takes the largest singular value. Wanted is the root of the sum of squares.",
            ),
            (12.0, "This is the largest of the norms. All of them count together."),
            (13 / math.sqrt(5), "The mean of the squares was taken. The length is the root of their sum."),
        ],
        tolerance=1e-6,
    )  # fmt: skip


@global_norm.check(
    "too long",
    hint="All gradients are multiplied by one factor, such that all together have the length `limit`.",
)
def _too_long(answer: Callable[..., Any]) -> None:
    matrix, vector = _gradients()
    for limit in (2.6, 10.4):
        shown = _clip_shown(limit)
        factor = limit / 13
        clipped, norm = _clip_parts(answer(_gradients(), limit), shown)
        _expect_clipped(
            clipped,
            [factor * matrix, factor * vector],
            shown,
            [
                (
                    [min(1, limit / 5) * matrix, limit / 12 * vector],
                    "Each gradient was clipped by its own norm. This turns the step: long ones lose more than short "
                    "ones.",
                ),
                (
                    [np.minimum(matrix, limit), np.minimum(vector, limit)],
                    "Each number was clipped. This turns the step: all large entries become equal.",
                ),
                (
                    [matrix, factor * vector],
                    "Only the gradients that are too long by themselves were scaled. This turns the step.",
                ),
                (
                    [matrix / 13, vector / 13],
                    "The length is now 1. It should be `limit`.",
                ),
                ([matrix / factor, vector / factor], "The factor is upside down."),
                ([matrix, vector], "Nothing was clipped."),
            ],
        )
        expect_close(
            norm,
            13.0,
            f"the norm from {shown}",
            mistakes=[
                (limit, "This is the norm after clipping, which the caller knows. Return the one before.")
            ],
            tolerance=1e-6,
        )  # fmt: skip


@global_norm.check(
    "short enough",
    hint="A gradient that is not longer than the limit stays as it is.",
)
def _short_enough(answer: Callable[..., Any]) -> None:
    matrix, vector = _gradients()
    for limit in (26.0, 13.0):
        clipped, _ = _clip_parts(answer(_gradients(), limit), _clip_shown(limit))
        _expect_clipped(
            clipped,
            [matrix, vector],
            _clip_shown(limit),
            [
                (
                    [2 * matrix, 2 * vector],
                    "A short gradient was made longer. Then every step would have the same length.",
                )
            ],
        )


@global_norm.check(
    "nothing to clip",
    hint="Gradients that are all zero have the norm 0. Do not divide by it.",
)
def _nothing_to_clip(answer: Callable[..., Any]) -> None:
    shown = "clip_by_global_norm([[0, 0], [0]], limit=1)"
    with np.errstate(all="ignore"):
        got = answer([np.zeros(2), np.zeros(1)], 1.0)
    clipped, norm = _clip_parts(got, shown)
    expect_close(norm, 0.0, f"the norm from {shown}")
    _expect_clipped(clipped, [np.zeros(2), np.zeros(1)], shown, [])


@global_norm.check(
    "not a number",
    hint="If one entry is infinite or NaN, so is the norm, and the scaled gradients are 0 or NaN everywhere. One such "
    "step ruins every weight of the network: raise a ValueError.",
)
def _not_a_number(answer: Callable[..., Any]) -> None:
    for bad in (np.inf, np.nan):
        with np.errstate(all="ignore"):
            expect_error(
                answer,
                ([np.array([1.0, bad]), np.array([2.0])], 1.0),
                ValueError,
                f"clip_by_global_norm([[1, {bad}], [2]], limit=1)",
            )
