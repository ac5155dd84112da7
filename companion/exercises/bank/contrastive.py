"""Exercises on vectors of sentences: the mean without the padding, and the loss of finding one's partner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.exercises.expect import expect_close, expect_error, expect_parts
from companion.exercises.registry import exercise

mean_vectors = exercise(
    "mean-vectors",
    "The mean of the tokens",
    chapter=14,
    level="practice",
    answer="mean_vectors",
)


@mean_vectors.check(
    "padding does not count",
    hint="Sum over the first `length` tokens of each text, and divide by their number, not by the width of the table.",
)
def _padding(answer: Callable[..., Any]) -> None:
    h = np.array([[[1.0, 0.0], [3.0, 2.0], [9.0, 9.0]]])
    shown = "mean_vectors([[[1, 0], [3, 2], [9, 9]]], lengths=[2])"
    expect_close(
        answer(h, np.array([2])),
        [[2.0, 1.0]],
        shown,
        mistakes=[
            ([[13 / 3, 11 / 3]], "The padding was counted: the third vector belongs to no token."),
            ([[4 / 3, 2 / 3]], "The sum is right; divide by the number of tokens, not by the width of the table."),
            ([[4.0, 2.0]], "This is the sum. Divide by the number of tokens."),
            ([[1.0, 0.0]], "This is the first token's vector, [CLS]. The mean is asked for."),
        ],
    )  # fmt: skip


@mean_vectors.check(
    "a length for each text",
    hint="Each text has its own length: compare the places 0, 1, 2, ... with it, which gives True and False.",
)
def _each(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(5)
    h, lengths = rng.normal(size=(4, 6, 3)), np.array([6, 1, 4, 2])
    want = [row[:n].mean(0) for row, n in zip(h, lengths, strict=True)]
    expect_close(
        answer(h, lengths),
        want,
        "mean_vectors(h, lengths=[6, 1, 4, 2]) for h of shape [4, 6, 3]",
    )


@mean_vectors.check(
    "padding may hold anything",
    hint="Zero times not-a-number is not a number. Take the padding out, e.g. by np.where, in place of multiplying it "
    "by 0.",
)
def _anything(answer: Callable[..., Any]) -> None:
    h = np.ones((2, 3, 2))
    h[0, 2], h[1, 1:] = np.nan, np.inf
    with np.errstate(all="ignore"):
        got = answer(h, np.array([2, 1]))
    expect_close(
        got,
        np.ones((2, 2)),
        "mean_vectors(h, lengths=[2, 1]), with nan and inf at the padding,",
    )


info_nce = exercise(
    "info-nce",
    "Find your partner",
    chapter=14,
    level="challenge",
    answer="info_nce_loss",
)
_PARTS = "loss, gradient"
Vectors = Float[np.ndarray, "pairs d"]


def _softmax(scores: Vectors) -> Vectors:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def _pairs() -> tuple[Vectors, Vectors]:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 3, 3))
    return tuple(x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))


def _loss(scores: Vectors) -> float:
    own: Int[np.ndarray, " pairs"] = np.arange(len(scores))
    return float(-np.log(_softmax(scores)[own, own]).mean())


@info_nce.check(
    "all equally near",
    hint="With all vectors equal, each of B partners has the probability 1 / B: the loss is ln B.",
)
def _equal(answer: Callable[..., Any]) -> None:
    a = np.ones((4, 1))
    shown = "info_nce_loss(a, b, tau=0.5) for four pairs of equal vectors"
    loss, _ = expect_parts(answer(a, a.copy(), 0.5), _PARTS, shown)
    expect_close(
        loss,
        np.log(4),
        f"loss from {shown}",
        mistakes=[
            (4 * np.log(4), "This is the sum. Take the mean over the pairs."),
            (-np.log(4), "The sign is wrong: the loss is minus the logarithm."),
            (2.0, "This is in bits. Take the natural logarithm."),
            (np.log(3), "The right partner is one of the choices, too: it stands in the sum below."),
        ],
    )  # fmt: skip


@info_nce.check(
    "the loss",
    hint="Scores are the products of all a with all b, divided by tau. Row i of their softmax says whom a_i would "
    "choose; its right choice is column i.",
)
def _value(answer: Callable[..., Any]) -> None:
    (a, b), tau = _pairs(), 0.5
    scores = a @ b.T / tau
    shown = "info_nce_loss(a, b, tau=0.5) for three pairs"
    loss, _ = expect_parts(answer(a.copy(), b.copy(), tau), _PARTS, shown)
    expect_close(
        loss,
        _loss(scores),
        f"loss from {shown}",
        mistakes=[
            (_loss(scores.T), "Here every b looks for its a. Let every a look for its b: normalize the rows."),
            (_loss(a @ b.T), "tau has no effect."),
            (_loss(a @ b.T * tau), "Divide by tau: a small one makes the choice sharper."),
            ((_loss(scores) + _loss(scores.T)) / 2, "This is the mean of both directions. Here only a looks for b."),
        ],
    )  # fmt: skip


@info_nce.check(
    "the gradient",
    hint="With p the softmax of the scores, the gradient at the scores is (p - 1 at the right partner) / B. Then each "
    "score is a_i b_j / tau.",
)
def _gradient(answer: Callable[..., Any]) -> None:
    (a, b), tau = _pairs(), 0.5
    shown = "info_nce_loss(a, b, tau=0.5) for three pairs"
    _, gradient = expect_parts(answer(a.copy(), b.copy(), tau), _PARTS, shown)
    error = _softmax(a @ b.T / tau) - np.eye(3)
    want = error @ b / tau / 3
    expect_close(
        gradient,
        want,
        f"gradient from {shown}",
        mistakes=[
            (want * tau, "The scores are divided by tau, so the gradient is as well."),
            (want * 3, "The loss is a mean: divide by the number of pairs."),
            (-want, "The sign is wrong: following the gradient must make the loss larger."),
            (error / 3, "This is the gradient at the scores. Go one step further, to a: times b, divided by tau."),
            (error / 3 / tau, "This is the gradient at the products. Go one step further, to a: times b."),
            (error.T @ a / tau / 3, "This is the gradient at b."),
        ],
    )  # fmt: skip


@info_nce.check(
    "a small temperature",
    hint="exp(1000) is infinite. Subtract the largest score of each row first; the softmax does not change.",
)
def _small(answer: Callable[..., Any]) -> None:
    a, b = np.eye(3), np.roll(np.eye(3), 1, axis=0)
    shown = "info_nce_loss(a, b, tau=0.001) for three pairs of which none fits"
    with np.errstate(all="ignore"):
        got = answer(a, b, 0.001)
    loss, gradient = expect_parts(got, _PARTS, shown)
    expect_close(loss, 1000.0, f"loss from {shown}")
    expect_close(gradient, (a - b) * 1000 / 3, f"gradient from {shown}")


@info_nce.check(
    "one pair has no wrong partner",
    hint="With one pair the loss is 0 whatever the vectors are: raise a ValueError.",
)
def _alone(answer: Callable[..., Any]) -> None:
    one = np.ones((1, 2))
    expect_error(
        answer, (one, one, 0.1), ValueError, "info_nce_loss(a, b, tau=0.1) of one pair"
    )
