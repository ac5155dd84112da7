"""Exercise on preference training: the loss of DPO and its gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import expect_close, expect_parts, expect_true
from companion.exercises.registry import exercise

Vector = Float[np.ndarray, "..."]

dpo = exercise(
    "dpo-loss",
    "The loss of DPO, and its gradient",
    chapter=16,
    level="challenge",
    answer="dpo",
)
_PARTS = "loss, d_chosen, d_rejected"


def _logs(*rows: tuple[int | float, ...]) -> tuple[Vector, ...]:
    return tuple(np.array(rows, dtype=float).T.copy())


def _softplus(x: Vector) -> Vector:
    return np.asarray(np.logaddexp(0, x))


_ONE = "dpo([-2], [-5], [-4], [-4.5], beta=0.5)"


@dpo.check(
    "the loss of one pair",
    hint="First the margin, from four log-probabilities, then minus the logarithm of its logistic "
    "function.",
)
def _one_pair(answer: Callable[..., Any]) -> None:
    got = answer(*_logs((-2, -5, -4, -4.5)), 0.5)
    loss, *_ = expect_parts(got, _PARTS, _ONE)

    def of(margin: float) -> float:
        return float(np.log1p(np.exp(-margin)))

    expect_close(
        loss,
        of(1.25),
        f"the loss from {_ONE}",
        mistakes=[
            (of(-1.25), "The sign is wrong: the loss has to fall when the preferred answer gains."),
            (of(2.5), "beta has no effect."),
            (of(5.0), "beta divides here. It multiplies the differences."),
            (of(1.5), "The reference has no effect: it is what each answer has gained that counts."),
            (of(0.75), "The gain of the other answer is added. It is subtracted."),
            (-of(1.25), "This is log sigma(m). The loss is its negative."),
            (1 / (1 + np.exp(-1.25)), "This is sigma(m), the probability of the preference. The loss is -log of it."),
            (-1.25, "This is the negative margin: -log sigma is missing."),
        ],
    )  # fmt: skip


@dpo.check(
    "a mean over pairs",
    hint="The loss is the mean of the losses of the pairs. At the reference it is log 2.",
)
def _mean(answer: Callable[..., Any]) -> None:
    rows = (
        (-1.0, -3.0, -2.0, -2.0),
        (-4.0, -6.0, -4.0, -6.0),
        (-9.0, -1.0, -5.0, -5.0),
    )
    shown = "dpo(...) with three pairs, beta=0.2"
    loss, *_ = expect_parts(answer(*_logs(*rows), 0.2), _PARTS, shown)
    margins = 0.2 * np.array([2.0, 0.0, -8.0])
    losses = _softplus(-margins)
    expect_close(
        loss,
        losses.mean(),
        f"the loss from {shown}",
        mistakes=[
            (losses.sum(), "The losses are added up. Take the mean."),
            (float(np.log1p(np.exp(-margins.mean()))), "The mean was taken of the margins. Take it of the losses."),
        ],
    )  # fmt: skip


@dpo.check(
    "the gradients",
    hint="The derivative of -log sigma(m) is -(1 - sigma(m)). Each pair has an equal share in the mean.",
)
def _gradients(answer: Callable[..., Any]) -> None:
    rows = ((-1.0, -3.0, -2.0, -2.0), (-9.0, -1.0, -5.0, -5.0))
    shown = "dpo(...) with two pairs, beta=0.2"
    _, d_chosen, d_rejected = expect_parts(answer(*_logs(*rows), 0.2), _PARTS, shown)
    wrong = 1 / (1 + np.exp(0.2 * np.array([2.0, -8.0])))
    want = -0.2 * wrong / 2
    expect_close(
        d_chosen,
        want,
        f"d_chosen from {shown}",
        mistakes=[
            (-want, "The sign is wrong: the loss falls when the log-probability of the preferred answer rises."),
            (2 * want, "The loss is a mean over two pairs, and so is its gradient."),
            (want / 0.2, "The factor beta is missing: the margin holds it."),
            (-0.2 * (1 - wrong) / 2, "This is sigma(m). A pair pulls by how wrong it is, 1 - sigma(m)."),
        ],
    )  # fmt: skip
    expect_close(
        d_rejected,
        -want,
        f"d_rejected from {shown}",
        mistakes=[
            (want, "The other answer is pushed down, not up: its gradient has the opposite sign."),
            (np.zeros(2), "The other answer gets a gradient as well: it is in the margin."),
        ],
    )  # fmt: skip


@dpo.check(
    "large margins",
    hint="exp(2000) is infinite. -log sigma(m) is log(1 + exp(-m)), which np.logaddexp computes without overflow.",
)
def _large(answer: Callable[..., Any]) -> None:
    shown = "dpo([-2000, 0], [0, -2000], [0, 0], [0, 0], beta=1)"
    with np.errstate(all="ignore"):
        got = answer(*_logs((-2000, 0, 0, 0), (0, -2000, 0, 0)), 1.0)
    loss, d_chosen, d_rejected = expect_parts(got, _PARTS, shown)
    expect_close(loss, 1000.0, f"the loss from {shown}")
    expect_true(
        bool(np.all(np.isfinite(d_chosen)) and np.all(np.isfinite(d_rejected))),
        f"a gradient from {shown} is not finite.",
        "Use a logistic function that does not overflow, such as (1 + tanh(m / 2)) / 2.",
    )
    expect_close(d_chosen, [-0.5, 0.0], f"d_chosen from {shown}")
