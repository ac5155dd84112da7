"""Exercises on attention: the equation with a causal mask, and several heads in one product."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import Mismatch, expect_close, expect_parts, expect_true
from companion.exercises.registry import exercise

Array = Float[np.ndarray, "..."]


def softmax(scores: Array, axis: int = -1) -> Array:
    """Shares of 1 along an axis."""
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def _causal(queries: int, keys: int, shift: int) -> Array:
    """Zero where a query may look, minus infinity where not."""
    allowed = np.tri(queries, keys, shift, dtype=bool)
    return np.where(allowed, 0.0, -np.inf)


causal_attention = exercise(
    "causal-attention",
    "Attention that does not look ahead",
    chapter=10,
    level="warm-up",
    answer="causal_attention",
)
_PARTS = "Z, alpha"


def _three(
    queries: int, keys: int, d_k: int, d_v: int, seed: int
) -> tuple[Array, Array, Array]:
    generator = np.random.default_rng(seed)
    return (
        generator.normal(size=(queries, d_k)),
        generator.normal(size=(keys, d_k)),
        generator.normal(size=(keys, d_v)),
    )


@causal_attention.check(
    "one query",
    hint="A single query is the last place: it may look at all keys. Scores, root, softmax over the keys, mean of the "
    "values.",
)
def _one_query(answer: Callable[..., Any]) -> None:
    q, k, v = _three(1, 3, 4, 2, 101)
    shown = "causal_attention(Q [1, 4], K [3, 4], V [3, 2])"
    z, alpha = expect_parts(answer(q.copy(), k.copy(), v.copy()), _PARTS, shown)
    right = softmax(q @ k.T / 2)
    expect_close(
        alpha,
        right,
        f"alpha from {shown}",
        mistakes=[
            (softmax(q @ k.T), "The root is missing: divide the scores by the root of d_k."),
            (softmax(q @ k.T / 4), "The scores are divided by d_k, not by its root."),
            (softmax(q @ k.T / math.sqrt(3)), "The root is of the width of the keys, not of their number."),
            (softmax(q @ k.T / math.sqrt(2)), "The root is of the width of the keys, not of the values."),
            (softmax(right), "Softmax was taken twice: the weights are nearly equal now."),
            (q @ k.T / 2, "These are the scores: no softmax was taken."),
            ([[1.0, 1.0, 1.0]], "The softmax runs over the queries. Each query has one 1 to share out."),
            ([[1.0, 0.0, 0.0]], "The last query stands at the place of the last key. Here there is one query and "
             "three keys: two of them are the past, and it sees them all."),
        ],
    )  # fmt: skip
    expect_close(
        z,
        right @ v,
        f"Z from {shown}",
        mistakes=[
            (softmax(right @ v), "A second softmax was taken, over the result. There is one, over the scores."),
            (right @ v / 3, "The weights sum to one already: nothing to divide by."),
        ],
    )  # fmt: skip


@causal_attention.check(
    "a square",
    hint="Place i looks at the places up to i, itself included; what comes later has a weight of exactly 0.",
)
def _square(answer: Callable[..., Any]) -> None:
    q, k, v = _three(4, 4, 4, 2, 102)
    shown = "causal_attention(Q [4, 4], K [4, 4], V [4, 2])"
    _, alpha = expect_parts(answer(q.copy(), k.copy(), v.copy()), _PARTS, shown)
    scores, mask = q @ k.T / 2, _causal(4, 4, 0)
    with np.errstate(all="ignore"):
        columns = softmax(scores + mask, axis=0)
    expect_close(
        alpha,
        softmax(scores + mask),
        f"alpha from {shown}",
        mistakes=[
            (softmax(scores), "Nothing is masked: every place sees the future."),
            (softmax(scores) * (mask == 0), "The weights no longer sum to one: mask the scores, before the softmax."),
            (softmax(np.where(mask == 0, scores, 0.0)), "A score of 0 is not the absence of a key: exp(0) is 1."),
            (softmax(scores + mask.T), "The mask is turned around: place i looks at itself and at what comes later."),
            (columns, "The softmax runs over the queries. Each query has one 1 to share out."),
        ],
    )  # fmt: skip
    ahead = np.asarray(alpha)[np.triu_indices(4, 1)]
    expect_true(
        bool((ahead == 0).all()),
        f"alpha from {shown} has {ahead.max():.3g} above the diagonal, expected exactly 0.",
        "A large negative number leaves a trace: take minus infinity.",
    )


@causal_attention.check(
    "more keys than queries",
    hint="The last query stands at the place of the last key: with T_q queries and T_k keys, query i (from 0) sees the "
    "keys up to T_k - T_q + i.",
)
def _past(answer: Callable[..., Any]) -> None:
    q, k, v = _three(2, 5, 3, 2, 103)
    shown = "causal_attention(Q [2, 3], K [5, 3], V [5, 2])"
    z, alpha = expect_parts(answer(q.copy(), k.copy(), v.copy()), _PARTS, shown)
    scores = q @ k.T / math.sqrt(3)
    right = softmax(scores + _causal(2, 5, 3))
    expect_close(
        alpha,
        right,
        f"alpha from {shown}",
        mistakes=[
            (softmax(scores + _causal(2, 5, 0)),
             "The queries are the last places, not the first: the three keys before them are the past, and they see "
             "it."),
            (softmax(scores), "The first of the two queries sees the last key, which is its future."),
        ],
    )  # fmt: skip
    expect_close(z, right @ v, f"Z from {shown}")


@causal_attention.check(
    "large scores",
    hint="exp(1000) is infinite. Subtract from each row its largest score, before the exponential.",
)
def _large(answer: Callable[..., Any]) -> None:
    q, k, v = np.array([[1000.0], [1000.0]]), np.array([[1.0], [1.0]]), np.eye(2)
    with np.errstate(all="ignore"):
        got = answer(q, k, v)
    _, alpha = expect_parts(
        got, _PARTS, "causal_attention([[1000], [1000]], [[1], [1]], V)"
    )
    expect_close(
        alpha,
        [[1.0, 0.0], [0.5, 0.5]],
        "alpha from causal_attention([[1000], [1000]], [[1], [1]], V)",
    )


multi_head = exercise(
    "multi-head",
    "Several heads in one product",
    chapter=10,
    level="practice",
    answer="multi_head",
)
_CALL = "multi_head(X [3, 6], W_Q, W_K, W_V, W_O [6, 6], heads=2)"


def _weights(seed: int, size: int = 6) -> list[Array]:
    generator = np.random.default_rng(seed)
    return [generator.normal(size=(size, size)) for _ in range(4)]


def heads_of(
    x: Array, weights: list[Array], heads: int, scale: float | None = None
) -> list[Array]:
    """Return the result of each head, one after the other."""
    q, k, v = (np.split(x @ w, heads, axis=1) for w in weights[:3])
    scale = q[0].shape[1] ** -0.5 if scale is None else scale
    return [
        softmax(scale * a @ b.T) @ c for a, b, c in zip(q, k, v, strict=True)
    ]  # fmt: skip


@multi_head.check(
    "one head",
    hint="With one head it is plain attention of X W_Q, X W_K and X W_V, and its result times W_O.",
)
def _one_head(answer: Callable[..., Any]) -> None:
    x = np.random.default_rng(104).normal(size=(3, 6))
    weights = _weights(105)
    got = answer(x.copy(), *(w.copy() for w in weights), 1)
    z = heads_of(x, weights, 1)[0]
    turned = heads_of(x, [w.T for w in weights], 1)[0]
    expect_close(
        got,
        z @ weights[3],
        "multi_head(X [3, 6], W_Q, W_K, W_V, W_O [6, 6], heads=1)",
        mistakes=[
            (z, "The last projection is missing: the result goes through W_O."),
            (turned @ weights[3].T, "The matrices were applied transposed: rows of X are tokens, so it is X W."),
            (z @ weights[3].T, "W_O was applied transposed: the joined rows times W_O."),
            (heads_of(x, weights, 1, 1.0)[0] @ weights[3],
             "The root is missing: divide the scores by the root of the width of a head."),
        ],
    )  # fmt: skip


@multi_head.check(
    "two heads",
    hint="Head r takes the columns r * d_k to (r + 1) * d_k - 1 of each of the three products, and has a softmax of "
    "its own.",
    points=2,
)
def _two_heads(answer: Callable[..., Any]) -> None:
    x = np.random.default_rng(106).normal(size=(3, 6))
    weights = _weights(107)
    out = weights[3]
    got = answer(x.copy(), *(w.copy() for w in weights), 2)
    found = heads_of(x, weights, 2)
    q, k, v = (x @ w for w in weights[:3])
    cut = [m.reshape(2, 3, 3) for m in (q, k, v)]  # rows are torn apart
    torn = [
        softmax(a @ b.T / math.sqrt(3)) @ c for a, b, c in zip(*cut, strict=True)
    ]  # fmt: skip
    mixed = [
        softmax(q[:, r::2] @ k[:, r::2].T / math.sqrt(3)) @ v[:, r::2] for r in (0, 1)
    ]
    expect_close(
        got,
        np.concatenate(found, axis=1) @ out,
        _CALL,
        mistakes=[
            (np.concatenate(heads_of(x, weights, 2, 6**-0.5), axis=1) @ out,
             "The root is of the width of a head, 3, not of d_model, 6."),
            (np.concatenate(heads_of(x, weights, 1), axis=1) @ out,
             "There is one head only: each of the two has a softmax of its own."),
            (np.concatenate(torn, axis=1) @ out,
             "Reshaped to [heads, T, d_k] at once, the rows are torn apart: numbers of one token land in two heads' "
             "tokens. Cut the columns: [T, heads, d_k], then exchange the first two axes."),
            (np.stack(torn).reshape(3, 6) @ out,
             "Reshaped to [heads, T, d_k] at once, the rows are torn apart. Cut the columns: [T, heads, d_k], then "
             "exchange the first two axes."),
            (np.stack(found).reshape(3, 6) @ out,
             "Joined by a reshape of [heads, T, d_k], the rows mix tokens: bring the heads beside each other first, "
             "[T, heads, d_k]."),
            (np.concatenate(mixed, axis=1) @ out,
             "The heads take every second column. Head 0 has the first half of them."),
            (np.concatenate(found[::-1], axis=1) @ out, "The heads are joined in the wrong order."),
            (np.concatenate(found, axis=1), "The last projection is missing: the joined heads go through W_O."),
            (np.concatenate([sum(found)] * 2, axis=1) @ out, "The heads are added up. They are joined, side by side."),
        ],
    )  # fmt: skip


@multi_head.check(
    "more heads than two, and another length",
    hint="Nothing may depend on the number of heads or tokens being 2 or 3.",
)
def _more(answer: Callable[..., Any]) -> None:
    x = np.random.default_rng(108).normal(size=(5, 8))
    weights = _weights(109, 8)
    for heads in (4, 8):
        expect_close(
            answer(x.copy(), *(w.copy() for w in weights), heads),
            np.concatenate(heads_of(x, weights, heads), axis=1) @ weights[3],
            f"multi_head(X [5, 8], ..., heads={heads})",
        )


@multi_head.check(
    "a width that cannot be divided",
    hint="6 numbers do not make 4 equal heads: raise a ValueError.",
)
def _indivisible(answer: Callable[..., Any]) -> None:
    x = np.random.default_rng(110).normal(size=(3, 6))
    try:
        got = answer(x, *_weights(111), 4)
    except NotImplementedError:
        raise
    except ValueError:
        return
    raise Mismatch(
        f"multi_head(X [3, 6], ..., heads=4) gave an array of shape {list(np.shape(got))}, expected a ValueError.",
        "Numbers were left out in silence: d_model // heads rounds down.",
    )
