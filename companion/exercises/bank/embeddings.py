"""Exercises on embeddings: the gradient of a table, and the loss of the softmax behind it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_parts,
    refuse_none,
)
from companion.exercises.registry import exercise

embedding_gradient = exercise(
    "embedding-gradient",
    "The gradient of a table",
    chapter=4,
    level="warm-up",
    answer="embedding_gradient",
)


@embedding_gradient.check(
    "rows of the batch",
    hint="The result has the shape of the table, [vocab_size, d_x]. What arrives for the word with id i belongs into "
    "row i, unchanged.",
)
def _rows(answer: Callable[..., Any]) -> None:
    upstream = np.array([[1.0, 2.0], [3.0, 4.0]])
    shown = "embedding_gradient([2, 0], [[1, 2], [3, 4]], 3)"
    expect_close(
        answer(np.array([2, 0]), upstream, 3),
        [[3.0, 4.0], [0.0, 0.0], [1.0, 2.0]],
        shown,
        mistakes=[
            (
                [[1.5, 2.0], [0.0, 0.0], [0.5, 1.0]],
                "The gradient was divided by the number of words. If the loss is a mean, the upstream gradient "
                "already knows.",
            ),
            (
                [[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]],
                "Row 0 holds what arrived at place 0 of the batch. Rows are numbered by word, not by place.",
            ),
            (
                [[1.0, 1.0], [0.0, 0.0], [1.0, 1.0]],
                "These rows say only which words occurred. Put in what arrived for them.",
            ),
        ],
    )


@embedding_gradient.check(
    "a word that occurs twice",
    hint="A word that occurs twice has two paths to the loss. Its row gets what arrives on both.",
)
def _twice(answer: Callable[..., Any]) -> None:
    upstream = np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])
    expect_close(
        answer(np.array([2, 0, 2]), upstream, 3),
        [[10.0, 20.0], [0.0, 0.0], [101.0, 202.0]],
        "embedding_gradient([2, 0, 2], [[1, 2], [10, 20], [100, 200]], 3)",
        mistakes=[
            (
                [[10.0, 20.0], [0.0, 0.0], [100.0, 200.0]],
                "Word 2 occurs twice, and only its last occurrence is left. An assignment with an array of indices, "
                "`+=` included, writes each row once.",
            ),
            (
                [[10.0, 20.0], [0.0, 0.0], [1.0, 2.0]],
                "Word 2 occurs twice, and only its first occurrence was taken.",
            ),
            (
                [[10.0, 20.0], [0.0, 0.0], [50.5, 101.0]],
                "This is the mean over the occurrences of a word. Paths to the loss add up.",
            ),
        ],
    )


@embedding_gradient.check(
    "several texts at once",
    hint="`ids` may have any shape, and `upstream` has the same with one axis more. For a table it makes no "
    "difference in which text a word stands.",
)
def _several_texts(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(41)
    ids = np.array([[3, 1, 3], [1, 1, 0]])
    upstream = generator.normal(size=(2, 3, 2))
    want = np.stack([upstream[ids == word].sum(axis=0) for word in range(4)])
    once_a_text = np.zeros((4, 2))
    for words, arrived in zip(ids, upstream, strict=True):
        once_a_text[words] += arrived
    expect_close(
        answer(ids, upstream, 4),
        want,
        "embedding_gradient(ids of shape [2, 3], upstream of shape [2, 3, 2], 4)",
        mistakes=[
            (
                np.stack(
                    [upstream[0][ids[0] == word].sum(axis=0) for word in range(4)]
                ),
                "Only the first text was read.",
            ),
            (
                once_a_text,
                "Of a word that occurs twice in one text, only the last occurrence is left.",
            ),
        ],
    )


@embedding_gradient.check(
    "words that are not in the batch",
    hint="The table has `vocab_size` rows, whatever the batch holds: an optimizer subtracts the gradient from the "
    "whole table.",
)
def _absent(answer: Callable[..., Any]) -> None:
    want = np.zeros((6, 1))
    want[1] = 5.0
    expect_close(
        answer(np.array([1]), np.array([[5.0]]), 6),
        want,
        "embedding_gradient([1], [[5]], 6)",
    )


softmax_loss = exercise(
    "softmax-loss",
    "The loss of a softmax",
    chapter=4,
    level="practice",
    answer="softmax_loss",
)


_LOSS = "loss, gradient"


def _probs(
    logits: Float[np.ndarray, "batch vocab"],
) -> Float[np.ndarray, "batch vocab"]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _ones(
    targets: Int[np.ndarray, "batch"], vocab: int
) -> Float[np.ndarray, "batch vocab"]:
    return np.asarray(np.eye(vocab)[targets])


@softmax_loss.check(
    "the loss",
    hint="For each row, minus the natural logarithm of the probability of its target; then the mean over the rows.",
)
def _loss(answer: Callable[..., Any]) -> None:
    logits, targets = np.log([[1.0, 2.0, 5.0], [6.0, 1.0, 1.0]]), np.array([2, 1])
    shown = "softmax_loss([[log 1, log 2, log 5], [log 6, log 1, log 1]], [2, 1])"
    loss, _ = expect_parts(answer(logits, targets), _LOSS, shown)
    logs = np.log([5 / 8, 1 / 8])
    expect_close(
        loss,
        -logs.mean(),
        f"the loss from {shown}",
        mistakes=[
            (-logs.sum(), "This is the sum over the batch. Take the mean."),
            (
                -(np.log(_probs(logits)).mean()),
                "The logarithms of all words were averaged. Only the target of each row counts.",
            ),
            (
                -np.log(_probs(logits.T).T[[0, 1], targets]).mean(),
                "The softmax ran over the batch. Each row is a distribution of its own.",
            ),
            (logs.mean(), "The sign is wrong: a loss falls as the probability rises."),
            (-logs.mean() / math.log(2), "These are bits. Take the natural logarithm."),
            (
                np.mean([5 / 8, 1 / 8]),
                "This is the mean probability of the targets. Take minus the logarithm of each first.",
            ),
            (
                -math.log(np.mean([5 / 8, 1 / 8])),
                "The logarithm was taken of the mean probability. Take the mean of the logarithms.",
            ),
            (
                -np.mean([math.log(5), math.log(1)]),
                "This is minus the logit of the target alone. What do the other logits do to its probability?",
            ),
            (
                -logs.sum() / 6,
                "The mean was taken over all entries of the table. There is one loss in each row.",
            ),
        ],
        tolerance=1e-6,  # a small number under the logarithm is named by a check of its own
    )  # fmt: skip


@softmax_loss.check(
    "its gradient",
    hint="In each row stands what was predicted minus what came. The loss is a mean: what does that do to the "
    "gradient of one row?",
)
def _gradient(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(42)
    logits, targets = generator.normal(size=(4, 5)), np.array([2, 0, 0, 1])
    shown = "softmax_loss(logits of shape [4, 5], [2, 0, 0, 1])"
    _, gradient = expect_parts(answer(logits, targets), _LOSS, shown)
    probs, ones = _probs(logits), _ones(targets, 5)
    everywhere = probs - ones.max(axis=0)
    expect_close(
        gradient,
        (probs - ones) / 4,
        f"the gradient from {shown}",
        mistakes=[
            (
                probs - ones,
                "This is the gradient of the sum of the losses. The loss is their mean.",
            ),
            ((ones - probs) / 4, "The sign is wrong: this gradient points downhill."),
            (probs / 4, "Only what was predicted is here. Take away what came."),
            (probs, "Only what was predicted is here. Take away what came."),
            (
                everywhere / 4,
                "In every row something was taken away for the targets of all rows. Each row has one target.",
            ),
            (
                everywhere,
                "In every row something was taken away for the targets of all rows. Each row has one target.",
            ),
            (
                np.where(ones > 0, (probs - ones) / 4, 0.0),
                "Only the logit of the target has a gradient here. To raise any other logit lowers the probability "
                "of the target too.",
            ),
            (
                np.where(ones > 0, probs - ones, 0.0),
                "Only the logit of the target has a gradient here. To raise any other logit lowers the probability "
                "of the target too.",
            ),
        ],
    )


@softmax_loss.check(
    "large logits",
    hint="exp(1000) is infinite. A number subtracted from all logits of a row changes nothing in its softmax: which "
    "one makes the exponential safe?",
)
def _large(answer: Callable[..., Any]) -> None:
    shown = "softmax_loss([[1000, 1000, -1000]], [0])"
    with np.errstate(all="ignore"):
        got = answer(np.array([[1000.0, 1000.0, -1000.0]]), np.array([0]))
    loss, gradient = expect_parts(got, _LOSS, shown)
    expect_close(loss, math.log(2), f"the loss from {shown}", tolerance=1e-6)
    expect_close(gradient, [[-0.5, 0.5, 0.0]], f"the gradient from {shown}")


@softmax_loss.check(
    "rows far apart",
    hint="Subtract from each row its own largest logit. The largest of the batch leaves nothing of a low row.",
)
def _far_apart(answer: Callable[..., Any]) -> None:
    shown = "softmax_loss([[1000, 0], [-1000, -1000]], [0, 1])"
    with np.errstate(all="ignore"):
        got = answer(
            np.array([[1000.0, 0.0], [-1000.0, -1000.0]]), np.array([0, 1])
        )  # fmt: skip
    loss, gradient = expect_parts(got, _LOSS, shown)
    expect_close(loss, math.log(2) / 2, f"the loss from {shown}", tolerance=1e-6)
    expect_close(
        gradient, [[0.0, 0.0], [0.25, -0.25]], f"the gradient from {shown}"
    )  # fmt: skip


@softmax_loss.check(
    "sure and wrong",
    hint="A probability of exp(-2000) is 0 in the computer, and its logarithm minus infinity. The logarithm of the "
    "softmax can be written without taking the logarithm of a probability.",
)
def _sure_and_wrong(answer: Callable[..., Any]) -> None:
    shown = "softmax_loss([[1000, -1000]], [1])"
    with np.errstate(all="ignore"):
        got = answer(np.array([[1000.0, -1000.0]]), np.array([1]))
    loss, gradient = expect_parts(got, _LOSS, shown)
    refuse_none(loss, f"the loss from {shown}")
    if np.ndim(loss) == 0 and 15 < float(loss) < 1999:
        raise Mismatch(
            f"the loss from {shown} is {brief(float(loss))}, expected 2000.",
            "A small number added to the probability, or a number cut off, bounds the loss. A model that is as wrong "
            "as this one should hear it.",
        )
    expect_close(loss, 2000.0, f"the loss from {shown}")
    expect_close(gradient, [[1.0, -1.0]], f"the gradient from {shown}")
