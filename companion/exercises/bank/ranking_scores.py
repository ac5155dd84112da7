"""Exercises on scores and ranks: BM25, rankings joined, and results that nobody judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.exercises.expect import (
    expect_close,
    expect_equal,
    expect_error,
    expect_parts,
)
from companion.exercises.registry import exercise

bm25_weights = exercise(
    "bm25-weights",
    "All weights of BM25",
    chapter=22,
    level="practice",
    answer="bm25_weights",
)


def _bm25(
    counts: Int[np.ndarray, "documents terms"], k1: float, b: float
) -> Float[np.ndarray, "documents terms"]:
    n, length = (counts > 0).sum(0), counts.sum(1, keepdims=True)
    idf = np.log(1 + (len(counts) - n + 0.5) / (n + 0.5))
    bottom = counts + k1 * (1 - b + b * length / length.mean())
    worth = np.divide(counts, bottom, out=np.zeros(counts.shape), where=counts > 0)
    weights: np.ndarray = idf * worth
    return weights


@bm25_weights.check(
    "the rarity of a term",
    hint="n is the number of documents that hold the term, N the number of documents. With k1 = 0 every occurrence is "
    "worth 1, and only the logarithm is left.",
)
def _rarity(answer: Callable[..., Any]) -> None:
    counts = np.array([[1, 3], [1, 0], [1, 0]])
    n, shown = np.array([3, 1]), "bm25_weights([[1, 3], [1, 0], [1, 0]], k1=0, b=0)"
    here = counts > 0
    with np.errstate(all="ignore"):
        got = np.asarray(answer(counts.copy(), 0.0, 0.0))
    if got.shape == counts.shape:  # where nothing is held, another check looks
        got = np.where(here, got, 0.0)
    expect_close(
        got,
        _bm25(counts, 0.0, 0.0),
        shown,
        mistakes=[
            (np.log((3 - n + 0.5) / (n + 0.5)) * here, "The 1 inside the logarithm is missing: a term in most "
             "documents would count against them."),
            (np.log(3 / n) * here, "This is ln(N / n). The one here has halves, and a 1 in the logarithm."),
            (np.log(1 + (3 - np.array([3, 3]) + 0.5) / (np.array([3, 3]) + 0.5)) * here, "n counts documents, not "
             "occurrences."),
            (np.log2(1 + (3 - n + 0.5) / (n + 0.5)) * here, "Natural logarithms are meant."),
            (np.where(here, 1.0, 0.0), "The logarithm is missing."),
        ],
    )  # fmt: skip


@bm25_weights.check(
    "saturation",
    hint="With b = 0 the worth of c occurrences is c / (c + k1).",
)
def _saturation(answer: Callable[..., Any]) -> None:
    counts, k1 = np.array([[1, 1], [4, 0], [0, 2]]), 2.0
    idf = _bm25(counts, 0.0, 0.0).max(0)
    shown = "bm25_weights([[1, 1], [4, 0], [0, 2]], k1=2, b=0)"
    expect_close(
        answer(counts.copy(), k1, 0.0),
        _bm25(counts, k1, 0.0),
        shown,
        mistakes=[
            (idf * counts, "Occurrences count in full. Divide c by c + k1."),
            (idf * counts * 3 / (counts + 2), "You multiplied by k1 + 1, as older formulas do. Here the worth "
             "stays below 1."),
            (idf * (counts > 0), "Further occurrences have no effect."),
            (idf * counts / 3, "The denominator is c + k1, with the c of each document."),
        ],
    )  # fmt: skip


@bm25_weights.check(
    "length",
    hint="The length of a document is the sum of its row. k1 is multiplied by 1 - b + b * length / mean length.",
    points=2,
)
def _length(answer: Callable[..., Any]) -> None:
    counts, k1, b = np.array([[2, 0, 1], [2, 7, 0], [1, 1, 2]]), 1.2, 0.75
    length = counts.sum(1, keepdims=True)
    idf = _bm25(counts, 0.0, 0.0).max(0)

    def with_norm(norm: Any) -> Any:
        return idf * counts / (counts + k1 * norm)

    distinct = (counts > 0).sum(1, keepdims=True)
    shown = "bm25_weights([[2, 0, 1], [2, 7, 0], [1, 1, 2]], k1=1.2, b=0.75)"
    expect_close(
        answer(counts.copy(), k1, b),
        with_norm(1 - b + b * length / length.mean()),
        shown,
        mistakes=[
            (with_norm(1.0), "The length has no effect."),
            (with_norm(1 - b + b * length), "Divide the length by the mean length."),
            (with_norm(b + (1 - b) * length / length.mean()), "b and 1 - b are exchanged."),
            (with_norm(b * length / length.mean()), "1 - b is missing: at b = 0 there would be no k1."),
            (with_norm(1 - b + b * length.mean() / length), "The ratio is upside down: long documents "
             "have to earn more."),
            (with_norm(1 - b + b * distinct / distinct.mean()), "The length counts repetitions: the sum of the row."),
        ],
    )  # fmt: skip


@bm25_weights.check(
    "many documents",
    hint="Where a count is 0 the weight is 0, and nothing is divided by zero.",
)
def _many(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(222)
    counts = generator.poisson(0.6, size=(30, 12))
    counts[:, 0] = 0  # a term that no document holds
    counts[3] = 0  # a document without a term
    for k1, b in ((1.5, 0.6), (0.0, 0.5), (1.5, 1.0)):
        shown = f"bm25_weights(...) with 30 documents, one empty, k1={k1:g}, b={b:g}"
        with np.errstate(all="ignore"):
            got = answer(counts.copy(), k1, b)
        expect_close(got, _bm25(counts, k1, b), shown)


fuse = exercise(
    "rank-fusion",
    "Rankings joined by ranks",
    chapter=22,
    level="practice",
    answer="fuse",
)


@fuse.check(
    "two rankings",
    hint="A document at rank r of a ranking gets 1 / (constant + r) from it, with r from 1. Add up, and sort.",
)
def _two_rankings(answer: Callable[..., Any]) -> None:
    shown = 'fuse([["a", "b", "c"], ["c", "b", "d"]], constant=60)'
    expect_equal(
        answer([["a", "b", "c"], ["c", "b", "d"]], 60),
        ["c", "b", "a", "d"],
        shown,
        mistakes=[
            (["d", "a", "b", "c"], "The best comes first: the largest sum."),
            (["a", "b", "c", "d"], "The order of the second ranking has no effect."),
            (["b", "c"], "A document that is missing in one ranking still has its sum from the other."),
            (["c", "b"], "A document that is missing in one ranking still has its sum from the other."),
        ],
    )  # fmt: skip


@fuse.check(
    "what the constant does",
    hint="The constant is added to the rank. With 0 a first place is worth twice a second; with 60 two second places "
    "beat a first.",
    points=2,
)
def _constant(answer: Callable[..., Any]) -> None:
    rankings = [["a", "x", "b"], ["y", "z", "b"]]
    for constant, want in (
        (0, ["a", "y", "b", "x", "z"]),
        (60, ["b", "a", "y", "x", "z"]),
    ):
        expect_equal(
            answer([list(r) for r in rankings], constant),
            want,
            f'fuse([["a", "x", "b"], ["y", "z", "b"]], constant={constant})',
            mistakes=[
                (["b", "a", "y", "x", "z"], "The constant has no effect."),
                (["a", "y", "b", "x", "z"], "The constant has no effect."),
            ],
        )  # fmt: skip


@fuse.check(
    "equal sums",
    hint="Of documents with equal sums the one that was seen first comes first. Python's sort is stable: let it.",
)
def _equal(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer([["q", "p"], ["m", "n"], []], 60),
        ["q", "m", "p", "n"],
        'fuse([["q", "p"], ["m", "n"], []], constant=60)',
    )
    expect_equal(answer([], 60), [], "fuse([], constant=60)")


@fuse.check(
    "the same document twice",
    hint="A ranking that holds a document twice is no ranking: raise a ValueError.",
)
def _twice(answer: Callable[..., Any]) -> None:
    expect_error(answer, ([["a", "b", "a"]], 60), ValueError, 'fuse([["a", "b", "a"]], constant=60)')  # fmt: skip


bounds = exercise(
    "unjudged-results",
    "What nobody judged",
    chapter=22,
    level="research",
    answer="dcg_bounds",
)
_NAMES = "low, high"
_DISCOUNT = 1 / np.log2(np.arange(2, 12))


@bounds.check(
    "all judged",
    hint="With every result judged both bounds are the DCG: the sum of grade / log2(rank + 1), ranks from 1.",
)
def _judged(answer: Callable[..., Any]) -> None:
    shown = 'dcg_bounds(["a", "b", "c"], {"a": 1, "b": 0, "c": 2}, k=10, top=2)'
    low, high = expect_parts(
        answer(["a", "b", "c"], {"a": 1, "b": 0, "c": 2}, 10, 2), _NAMES, shown
    )
    want = 1 + 2 * _DISCOUNT[2]
    for name, got in (("low", low), ("high", high)):
        expect_close(
            got,
            want,
            f"{name} from {shown}",
            mistakes=[
                (1 + 3 * _DISCOUNT[2], "The gain of a grade is the grade itself here, not 2 ** grade - 1."),
                (1 + 2 / 3, "Divide by the logarithm of the rank plus 1, not by the rank."),
                (want / np.log(2), "The logarithm has base 2."),
                (_DISCOUNT[1] + 2 * _DISCOUNT[3], "The first rank is 1: its gain is divided by log2(2) = 1."),
                (3.0, "The gains are not discounted by their ranks."),
                (want + 2 * _DISCOUNT[1], "A document with grade 0 was judged: it is not relevant."),
            ],
        )  # fmt: skip


@bounds.check(
    "some not judged",
    hint="A document that is not in the dictionary may have any grade from 0 to top. For the lower bound it has 0, for "
    "the upper one top. A document with grade 0 was judged.",
    points=2,
)
def _some(answer: Callable[..., Any]) -> None:
    shown = 'dcg_bounds(["x", "a", "b", "y"], {"a": 1, "b": 0}, k=10, top=2)'
    low, high = expect_parts(
        answer(["x", "a", "b", "y"], {"a": 1, "b": 0}, 10, 2), _NAMES, shown
    )
    down = _DISCOUNT[1]
    up = down + 2 * (_DISCOUNT[0] + _DISCOUNT[3])
    expect_close(
        low, down, f"low from {shown}", mistakes=[(up, "The lower bound comes first.")]
    )
    expect_close(
        high,
        up,
        f"high from {shown}",
        mistakes=[
            (down, "What is not judged may be relevant: in the upper bound it has the grade top."),
            (up + 2 * _DISCOUNT[2], "A document with grade 0 was judged: it is not relevant."),
            (down + _DISCOUNT[0] + _DISCOUNT[3], "In the upper bound what is not judged has the grade top, not 1."),
        ],
    )  # fmt: skip


@bounds.check(
    "the first k",
    hint="Only the first k results count, whether they are judged or not; the highest grade is top.",
)
def _first(answer: Callable[..., Any]) -> None:
    shown = 'dcg_bounds(["a", "x", "y"], {"a": 2, "y": 1}, k=2, top=3)'
    got = expect_parts(answer(["a", "x", "y"], {"a": 2, "y": 1}, 2, 3), _NAMES, shown)
    right = np.array([2.0, 2 + 3 * _DISCOUNT[1]])
    expect_close(
        np.array(got, dtype=float),
        right,
        f"(low, high) from {shown}",
        mistakes=[
            (right + _DISCOUNT[2], "k has no effect."),
            ([2.0, 2 + 2 * _DISCOUNT[1]], "The highest grade is top, which need not be 2."),
        ],
    )  # fmt: skip


@bounds.check(
    "no result, and a bad k",
    hint="Without a result both bounds are 0. k below 1 is an error.",
)
def _none(answer: Callable[..., Any]) -> None:
    shown = 'dcg_bounds([], {"a": 2}, k=10, top=2)'
    got = expect_parts(answer([], {"a": 2}, 10, 2), _NAMES, shown)
    expect_close(np.array(got, dtype=float), [0.0, 0.0], f"(low, high) from {shown}")
    bad = 'dcg_bounds(["a"], {"a": 1}, k=0, top=2)'
    expect_error(answer, (["a"], {"a": 1}, 0, 2), ValueError, bad)
