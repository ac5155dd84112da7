"""Exercises on gaps: how large an encoder is, hiding tokens, and filling gaps from both sides exactly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
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

Matrix = Float[np.ndarray, "rows columns"]

bert_parameters = exercise(
    "bert-parameters",
    "How many numbers does it hold?",
    chapter=14,
    level="warm-up",
    answer="bert_parameters",
)


def _count(v: int, t: int, d: int, layers: int, d_ff: int) -> dict[str, int]:
    """Return the parameters of each part."""
    return {
        "tables": (v + t + 2) * d,
        "first norm": 2 * d,
        "attention": layers * 4 * (d * d + d),
        "feed-forward": layers * (2 * d * d_ff + d_ff + d),
        "norms": layers * 4 * d,
        "pooler": d * d + d,
    }


@bert_parameters.check(
    "the tables alone",
    hint="Three tables, of tokens, of places and of two segments, each with rows of d numbers; then a LayerNorm; and "
    "the pooler, which is there with 0 blocks as well.",
)
def _tables(answer: Callable[..., Any]) -> None:
    shown = "bert_parameters(100, 20, 4, layers=0, d_ff=8)"
    parts = _count(100, 20, 4, 0, 8)
    want = sum(parts.values())
    expect_equal(
        answer(100, 20, 4, 0, 8),
        want,
        shown,
        mistakes=[
            (
                want - 8,
                "2 d are missing: the table of the two segments, or the LayerNorm after the sum of the embeddings.",
            ),
            (want - parts["pooler"], "The pooler is missing: a square matrix and a bias."),
            (want - 4, "d are missing: the pooler has a bias, and a LayerNorm has a scale and a shift."),
            (want + 400, "The output layer is the table of the embedding once more. It is no parameter of its own."),
        ],
    )  # fmt: skip


@bert_parameters.check(
    "a block",
    hint="A block has four square matrices with biases, two matrices between d and d_ff with biases, and two "
    "LayerNorms.",
)
def _block(answer: Callable[..., Any]) -> None:
    shown = "bert_parameters(100, 20, 4, layers=3, d_ff=10)"
    want = sum(_count(100, 20, 4, 3, 10).values())
    expect_equal(
        answer(100, 20, 4, 3, 10),
        want,
        shown,
        mistakes=[
            (want - 3 * 16, "The four projections of attention have biases."),
            (want - 3 * 14, "The two layers of the feed-forward part have biases, d_ff and d numbers."),
            (want - 3 * 8, "A block has two LayerNorms, with 2 d parameters each."),
            (want - 3 * 16 + 3 * 8, "A block has two LayerNorms, with 2 d parameters each."),
            (want - 3 * 20, "Attention has four matrices: for queries, keys, values, and for what comes out."),
            (want + 3 * (2 * 4 * 16 + 16 - 2 * 4 * 10 - 10), "The width inside is d_ff, not always 4 d."),
        ],
    )  # fmt: skip


hide_tokens = exercise(
    "hide-tokens",
    "Hide tokens",
    chapter=14,
    level="practice",
    answer="hide_tokens",
)
_HIDDEN = "inputs, targets"
_TOKENS = np.array([11, 12, 13, 14, 15, 16])
_CHOSEN = np.array([True, False, True, True, False, True])
_U = np.array([0.1, 0.2, 0.85, 0.95, 0.85, 0.79])
_DRAWN = np.array([21, 22, 23, 24, 25, 26])
_SHOWN = (
    "hide_tokens([11, 12, 13, 14, 15, 16], chosen=[1, 0, 1, 1, 0, 1], u=[0.1, 0.2, 0.85, 0.95, 0.85, 0.79], "
    "drawn=[21, 22, 23, 24, 25, 26], mask_id=4)"
)


def _hidden(answer: Callable[..., Any]) -> tuple[Any, Any]:
    got = answer(_TOKENS.copy(), _CHOSEN.copy(), _U.copy(), _DRAWN.copy(), 4)
    inputs, targets = expect_parts(got, _HIDDEN, _SHOWN)
    return inputs, targets


@hide_tokens.check(
    "what is asked",
    hint="The target is the token that stood there, at every chosen place, whatever the model sees there. Elsewhere it "
    "is -100.",
)
def _targets(answer: Callable[..., Any]) -> None:
    inputs, targets = _hidden(answer)
    expect_equal(
        targets,
        [11, -100, 13, 14, -100, 16],
        f"targets from {_SHOWN}",
        mistakes=[
            ([11, 12, 13, 14, 15, 16], "Places that were not chosen get -100: they are not asked for."),
            ([11, -100, 13, -100, -100, 16], "A chosen token that stays as it is is asked for all the same."),
            ([11, -100, -100, -100, -100, 16], "All chosen places are asked for, not only those with [MASK]."),
            (np.asarray(inputs).tolist(), "These are the inputs: return (inputs, targets)."),
            ([4, -100, 23, 14, -100, 4], "The target is the token that stood there before, not what is there now."),
        ],
    )  # fmt: skip


@hide_tokens.check(
    "what the model sees",
    hint="Of the chosen places: below 0.8 the id of [MASK], from 0.8 to 0.9 the drawn token, from 0.9 on what was "
    "there. Places that were not chosen stay, whatever their u is.",
)
def _inputs(answer: Callable[..., Any]) -> None:
    inputs, _ = _hidden(answer)
    expect_equal(
        inputs,
        [4, 12, 23, 14, 15, 4],
        f"inputs from {_SHOWN}",
        mistakes=[
            ([4, 12, 4, 4, 15, 4], "All chosen places became [MASK]: use u."),
            ([4, 4, 23, 14, 25, 4], "Places that were not chosen were changed as well."),
            ([4, 12, 13, 24, 15, 4], "From 0.8 to 0.9 comes the drawn token, from 0.9 on the old one."),
            ([4, 12, 23, 24, 15, 4], "From 0.9 on the token stays as it was."),
            ([11, 12, 13, 4, 15, 16], "The inequality is turned around: 80 % become [MASK], those with u below 0.8."),
        ],
    )  # fmt: skip


@hide_tokens.check(
    "at the borders",
    hint="u = 0.8 is the first that gives the drawn token, u = 0.9 the first that stays.",
)
def _borders(answer: Callable[..., Any]) -> None:
    shown = "hide_tokens([11, 12, 13], chosen=[1, 1, 1], u=[0, 0.8, 0.9], drawn=[21, 22, 23], mask_id=4)"
    got = answer(
        np.array([11, 12, 13]),
        np.ones(3, dtype=bool),
        np.array([0.0, 0.8, 0.9]),
        np.array([21, 22, 23]),
        4,
    )
    inputs, _ = expect_parts(got, _HIDDEN, shown)
    expect_equal(inputs, [4, 22, 13], f"inputs from {shown}")


@hide_tokens.check(
    "texts side by side",
    hint="All arrays may have the shape [batch, time]: write conditions, no loops over places.",
)
def _table(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(14)
    tokens, drawn = rng.integers(5, 99, size=(2, 3, 40))
    chosen, u = rng.random((3, 40)) < 0.4, rng.random((3, 40))
    shown = "hide_tokens(...) of arrays of shape [3, 40]"
    got = answer(tokens.copy(), chosen.copy(), u.copy(), drawn.copy(), 4)
    inputs, targets = expect_parts(got, _HIDDEN, shown)
    want = tokens.copy()
    want[chosen & (u < 0.9)] = drawn[chosen & (u < 0.9)]
    want[chosen & (u < 0.8)] = 4
    expect_equal(inputs, want, f"inputs from {shown}")
    expect_equal(targets, np.where(chosen, tokens, -100), f"targets from {shown}")


fill_gap = exercise(
    "fill-gap",
    "Filling a gap exactly",
    chapter=14,
    level="research",
    answer="fill_gap",
)
# Three words: 0 goes to 1 or 2, 1 to itself or 0, 2 to 0 alone.
_CHAIN = np.array([[0.0, 0.6, 0.4], [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
_CHAIN_TEXT = "[[0, 0.6, 0.4], [0.5, 0.5, 0], [1, 0, 0]]"


def _posteriors(
    chain: Matrix, left: int, right: int, n: int
) -> Float[np.ndarray, "hidden columns"]:
    """Return the distribution of each hidden word, by summing over all fillings one by one."""
    total = np.zeros((n, len(chain)))
    for filling in np.ndindex(*[len(chain)] * n):
        path = (left, *filling, right)
        p = np.prod([chain[i, j] for i, j in pairwise(path)])
        for place, word in enumerate(filling):
            total[place, word] += p
    return np.asarray(total / total.sum(1, keepdims=True))


@fill_gap.check(
    "one word",
    hint="By Bayes: P(w | left, right) is proportional to P(w | left) P(right | w). Divide by the sum over w.",
)
def _one(answer: Callable[..., Any]) -> None:
    shown = f"fill_gap({_CHAIN_TEXT}, left=0, right=0, n=1)"
    got = answer(_CHAIN.copy(), 0, 0, 1)
    if np.shape(got) == (3,):
        raise Mismatch(
            f"{shown} gave {brief(got)} of shape [3].",
            "Return a row for each hidden word, also for one: shape [n, S].",
        )
    expect_close(
        got,
        [[0.0, 3 / 7, 4 / 7]],
        shown,
        mistakes=[
            ([[0.0, 0.6, 0.4]], "This is the left side alone: the word behind the gap has no effect."),
            ([[0.0, 0.3, 0.4]], "The numbers are right, and do not sum to one: divide by their sum."),
            ([[0.0, 1 / 3, 2 / 3]], "This is the right side alone: what stands before the gap has no effect."),
            ([[0.0, 9 / 13, 4 / 13]], "P(right | w) is in the column of `right`, not in its row."),
        ],
    )  # fmt: skip


@fill_gap.check(
    "two words",
    hint="For the word at place i sum over all fillings of the other places: what leads from `left` to it, times what "
    "leads from it to `right`. Both are powers of the matrix.",
)
def _two(answer: Callable[..., Any]) -> None:
    shown = f"fill_gap({_CHAIN_TEXT}, left=0, right=1, n=2)"
    want = _posteriors(_CHAIN, 0, 1, 2)
    expect_close(
        answer(_CHAIN.copy(), 0, 1, 2),
        want,
        shown,
        mistakes=[
            (
                want[::-1],
                "The rows are in the wrong order: the first is the word next to `left`.",
            ),
        ],
    )


@fill_gap.check(
    "a long gap",
    hint="The number of fillings grows as S to the power n: do not list them. n + 1 products of a vector with the "
    "matrix from each side are enough.",
)
def _long(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(3)
    chain = rng.dirichlet(np.ones(4), size=4)
    shown = "fill_gap(P, left=1, right=2, n=5) of a chain of 4 words"
    expect_close(answer(chain.copy(), 1, 2, 5), _posteriors(chain, 1, 2, 5), shown)
    shown = "fill_gap(P, left=1, right=2, n=200)"
    got = answer(chain.copy(), 1, 2, 200)
    expect_close(np.sum(got, axis=1), np.ones(200), f"sum of the rows of {shown}")
    stationary = np.linalg.matrix_power(chain, 500)[0]
    expect_close(
        np.asarray(got)[100],
        stationary,
        f"the row in the middle of {shown}, which the ends do not reach any more,",
        tolerance=1e-6,
    )


@fill_gap.check(
    "no filling",
    hint="If no filling is possible there is nothing to divide by: raise a ValueError.",
)
def _impossible(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        expect_error(
            answer,
            (_CHAIN.copy(), 2, 0, 1),
            ValueError,
            f"fill_gap({_CHAIN_TEXT}, left=2, right=0, n=1)",
        )
