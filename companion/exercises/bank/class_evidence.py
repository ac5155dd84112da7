"""Exercises on evidence for classes: the posterior of naive Bayes, a gradient, and another mixture of classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import (
    expect_close,
    expect_error,
    expect_parts,
)
from companion.exercises.registry import exercise

posterior = exercise(
    "text-posterior",
    "From counts to a posterior",
    chapter=23,
    level="warm-up",
    answer="text_posterior",
)
_PRIOR = np.log([0.75, 0.25])
_THETA = np.log([[0.5, 0.1], [0.3, 0.2], [0.2, 0.7]])


@posterior.check(
    "two classes",
    hint="Logarithm of the prior plus, for each n-gram, its count times the logarithm of its probability in the class; "
    "then exp, and divide by the sum.",
)
def _two_classes(answer: Callable[..., Any]) -> None:
    x = np.array([1.0, 0.0, 2.0])
    shown = "text_posterior([1, 0, 2], log_prior, log_theta)"
    joint = np.array([0.75 * 0.5 * 0.2**2, 0.25 * 0.1 * 0.7**2])
    alone = np.array([0.5 * 0.2**2, 0.1 * 0.7**2])
    present = np.array([0.75 * 0.5 * 0.2, 0.25 * 0.1 * 0.7])
    expect_close(
        answer(x, _PRIOR.copy(), _THETA.copy()),
        joint / joint.sum(),
        shown,
        mistakes=[
            (joint, "These are the joint probabilities: divide them by their sum."),
            (np.log(joint), "These are the logarithms of the joint probabilities: exp, then divide by the sum."),
            (np.log(joint / joint.sum()), "These are logarithms: probabilities are asked for."),
            (alone / alone.sum(), "The prior is missing."),
            (present / present.sum(), "An n-gram that occurs twice counts twice."),
        ],
    )  # fmt: skip


@posterior.check(
    "a long text",
    hint="exp of a number below -745 is 0, and 0 / 0 is no number. Subtract the largest of the sums before exp: it "
    "cancels in the quotient.",
)
def _long_text(answer: Callable[..., Any]) -> None:
    x = np.array([4000.0, 0.0, 3300.0])
    joint = _PRIOR + x @ _THETA
    difference = joint[0] - joint[1]
    want = 1 / (1 + np.exp(-difference))
    shown = "text_posterior([4000, 0, 3300], log_prior, log_theta)"
    with np.errstate(all="ignore"):
        got = answer(x, _PRIOR.copy(), _THETA.copy())
    expect_close(got, [want, 1 - want], shown, tolerance=1e-7)


gradient = exercise(
    "logistic-gradient",
    "The gradient of logistic regression",
    chapter=23,
    level="challenge",
    answer="logistic_gradient",
)
_PARTS = "dW, db"


def _softmax(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _case(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(5, 4))
    return x, rng.integers(0, 3, 5), rng.normal(size=(4, 3)), rng.normal(size=3)


@gradient.check(
    "without a penalty",
    hint="X^T (P - Y) / N, with a 1 in Y at the right class of each text; for the bias the mean of P - Y over the "
    "texts.",
)
def _without_penalty(answer: Callable[..., Any]) -> None:
    x, y, w, b = _case(1)
    shown = "logistic_gradient(X, y, W, b, 0.0) with N = 5"
    surplus = _softmax(x @ w + b) - np.eye(3)[y]
    got = answer(x.copy(), y.copy(), w.copy(), b.copy(), 0.0)
    dw, db = expect_parts(got, _PARTS, shown)
    no_bias = _softmax(x @ w) - np.eye(3)[y]
    expect_close(
        dw,
        x.T @ surplus / 5,
        f"dW from {shown}",
        mistakes=[
            (-x.T @ surplus / 5, "The sign is wrong: this leads uphill for the loss. P - Y, not Y - P."),
            (x.T @ surplus, "The loss is a mean: divide by N."),
            (x.T @ no_bias / 5, "The bias belongs to the scores as well."),
            (surplus.T @ x / 5, "This is the transpose: dW has the shape of W."),
            (x.T @ (surplus + np.eye(3)[y]) / 5, "The labels are missing: P - Y, with a 1 at the right class."),
        ],
    )  # fmt: skip
    expect_close(
        db,
        surplus.mean(axis=0),
        f"db from {shown}",
        mistakes=[
            (surplus.sum(axis=0), "The loss is a mean: divide by N."),
            (-surplus.mean(axis=0), "The sign is wrong: P - Y, not Y - P."),
        ],
    )


@gradient.check(
    "with a penalty",
    hint="The penalty l2 / (2 N) times the sum of the squared weights adds l2 / N times W. The bias has none.",
)
def _with_penalty(answer: Callable[..., Any]) -> None:
    x, y, w, b = _case(2)
    shown = "logistic_gradient(X, y, W, b, 0.8) with N = 5"
    surplus = _softmax(x @ w + b) - np.eye(3)[y]
    got = answer(x.copy(), y.copy(), w.copy(), b.copy(), 0.8)
    dw, db = expect_parts(got, _PARTS, shown)
    plain = x.T @ surplus / 5
    expect_close(
        dw,
        plain + 0.8 / 5 * w,
        f"dW from {shown}",
        mistakes=[
            (plain, "The penalty has no effect."),
            (plain + 0.8 * w, "The penalty is divided by N, too."),
            (plain + 2 * 0.8 / 5 * w, "The penalty has a half in front, which the square's derivative takes away."),
            (plain + 0.5 * 0.8 / 5 * w, "The square's derivative brings a 2, which takes the half away."),
            (plain - 0.8 / 5 * w, "The penalty's sign is wrong: it pulls weights to zero."),
        ],
    )  # fmt: skip
    expect_close(
        db,
        surplus.mean(axis=0),
        f"db from {shown}",
        mistakes=[(surplus.mean(axis=0) + 0.8 / 5 * b, "The bias is not penalized.")],
    )


shifted = exercise(
    "shifted-prior",
    "Another mixture of classes",
    chapter=23,
    level="research",
    answer="shifted_prior",
)


def _rounds(p: np.ndarray, old: np.ndarray, rounds: int) -> np.ndarray:
    new = old.copy()
    for _ in range(rounds):
        weighted = p * new / old
        weighted /= weighted.sum(axis=1, keepdims=True)
        new = weighted.mean(axis=0)
    return new


_P = np.array([[0.9, 0.1], [0.6, 0.4], [0.8, 0.2], [0.3, 0.7]])
_OLD = np.array([0.4, 0.6])


@shifted.check(
    "one round",
    hint="In the first round the new prior equals the old one, so that nothing is reweighted: the result is the mean "
    "of the probabilities.",
)
def _one_round(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_P.copy(), _OLD.copy(), 1),
        _P.mean(axis=0),
        "shifted_prior([[0.9, 0.1], [0.6, 0.4], [0.8, 0.2], [0.3, 0.7]], [0.4, 0.6], 1)",
        mistakes=[
            (_P.sum(axis=0), "This is a sum of probabilities: a prior is their mean."),
            (_OLD, "This is the old prior: the first round replaces it."),
            ([0.75, 0.25], "These are the shares of the most probable classes. Use the probabilities themselves."),
            (_rounds(_P, _OLD, 2), "This is the result of two rounds."),
        ],
    )  # fmt: skip


@shifted.check(
    "three rounds",
    hint="Every round starts from the probabilities that were given: times new prior over old, each row divided by its "
    "sum. Then the mean is the next new prior.",
)
def _three_rounds(answer: Callable[..., Any]) -> None:
    chained, again = _P.copy(), _OLD.copy()
    for _ in range(3):
        chained = chained * again / _OLD
        chained /= chained.sum(axis=1, keepdims=True)
        again = chained.mean(axis=0)
    undivided = _rounds(_P, np.ones(2), 3)
    by_best = _OLD.copy()
    for _ in range(3):
        by_best = np.bincount((_P * by_best / _OLD).argmax(axis=1), minlength=2) / 4
    expect_close(
        answer(_P.copy(), _OLD.copy(), 3),
        _rounds(_P, _OLD, 3),
        "shifted_prior(p, [0.4, 0.6], 3)",
        mistakes=[
            (_P.mean(axis=0), "Only one round was made."),
            (again, "The probabilities of the last round were reweighted again: start from the given ones."),
            (undivided, "Divide by the old prior: the classifier's probabilities hold it already."),
            (by_best, "Use the probabilities themselves, not the most probable classes."),
        ],
        tolerance=1e-7,
    )  # fmt: skip


@shifted.check(
    "no old prior",
    hint="A class that training never had cannot be reweighted: raise a ValueError where the old prior is not above 0.",
)
def _no_old_prior(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        expect_error(
            answer,
            (np.array([[1.0, 0.0]]), np.array([1.0, 0.0]), 2),
            ValueError,
            "shifted_prior([[1, 0]], [1, 0], 2)",
        )
