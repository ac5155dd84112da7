"""Exercises on word vectors: analogies, and vectors from a table of counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_equal,
    expect_parts,
    expect_true,
    refuse_none,
)
from companion.exercises.registry import exercise

analogy = exercise(
    "analogy", "The fourth word", chapter=4, level="challenge", answer="analogy"
)


def _answer_to(
    answer: Callable[..., Any], vectors: Any, question: tuple[int, int, int], shown: str
) -> Any:
    with np.errstate(all="ignore"):
        got = answer(np.array(vectors, dtype=float), *question)
    if np.ndim(got) != 0 or isinstance(got, str | float):
        raise Mismatch(
            f"{shown} gave {brief(got)}, expected one id.",
            "Return the id of the word alone, a whole number.",
        )
    return got


def _expect_word(
    answer: Callable[..., Any],
    vectors: Any,
    question: tuple[int, int, int],
    want: int,
    mistakes: list[tuple[int, str]],
) -> None:
    rows = ", ".join(str([float(f"{x:.3g}") for x in row]) for row in vectors)
    shown = f"analogy([{rows}], {', '.join(map(str, question))})"
    got = _answer_to(answer, vectors, question, shown)
    expect_equal(got, want, shown, mistakes)


def _directions(*degrees: int) -> list[list[float]]:
    return [
        [math.cos(math.radians(angle)), math.sin(math.radians(angle))]
        for angle in degrees
    ]


@analogy.check(
    "the fourth corner",
    hint="a is to b as c is to d: the way from a to b is b - a, and it is taken from c.",
)
def _corner(answer: Callable[..., Any]) -> None:
    # b - a + c points to 3, a - b + c to 4, a + b + c to 5, a + b - c to 6; 8 is nearest to c, and by cosine come 3,
    # b, c, 7.
    x, y, z = np.eye(3)
    corners = [y - x + z, x - y + z, x + y + z, x + y - z]
    vectors = [x, y, z, *corners, y - 0.3 * z, z + 0.5 * x]
    _expect_word(
        answer,
        vectors,
        (0, 1, 2),
        3,
        [
            (4, "This goes from b to a. The example is 'a is to b'."),
            (5, "The three vectors were added. One of them is taken away."),
            (6, "This is a + b - c. Which way leads from a to b?"),
            (
                2,
                "This is the word of the question itself: it may not be its own answer.",
            ),
            (
                0,
                "This is a word of the question. If you took those out of the table, the others have moved up: return "
                "the id in the whole table.",
            ),
            (
                7,
                "This is the fourth in the order of cosines. The first three need not be the words of the question.",
            ),
            (8, "This is the word nearest to c: a and b had no say."),
        ],
    )


@analogy.check(
    "the question is no answer",
    hint="None of a, b and c may be the answer, however near it lies.",
)
def _question(answer: Callable[..., Any]) -> None:
    # b - a + c lands exactly on b, then exactly on c; with two of the three forbidden the third would win.
    near = _directions(0, 90, 0, 70, 20)
    hint = (
        "This is a word of the question: a, b and c may not be the answer, all three."
    )
    _expect_word(answer, near, (0, 1, 2), 3, [(0, hint), (1, hint), (2, hint)])
    near = _directions(0, 0, 90, 20, 70)
    _expect_word(answer, near, (0, 1, 2), 4, [(0, hint), (1, hint), (2, hint)])
    near = _directions(0, 10, 10, 90)
    _expect_word(answer, near, (0, 1, 2), 3, [(0, hint), (1, hint), (2, hint)])


@analogy.check(
    "everything lies behind",
    hint="A cosine can be negative. A forbidden word has to lose against every other, also against one that points "
    "the opposite way.",
)
def _behind(answer: Callable[..., Any]) -> None:
    vectors = _directions(0, 10, 20, 160, 200)
    hint = (
        "A word of the question won, since all others have a negative cosine. What is smaller than every cosine?"
    )  # fmt: skip
    _expect_word(
        answer, vectors, (0, 1, 2), 3, [(0, hint), (1, hint), (2, hint)]
    )  # fmt: skip


@analogy.check(
    "the angle decides",
    hint="Nearness is the cosine of the angle between two vectors: how long they are plays no part.",
)
def _angle(answer: Callable[..., Any]) -> None:
    # The query has the direction of 90 degrees; 3 lies right there, 4 is long, 5 is near its end point.
    vectors = [*_directions(0, 90, 0), [0.0, 0.2], [8.0, 8.0], [0.3, 0.9]]
    _expect_word(
        answer,
        vectors,
        (0, 1, 2),
        3,
        [
            (
                4,
                "The longest vector won: this is the product without the division by the lengths.",
            ),
            (
                5,
                "This is the word at the smallest distance. Two vectors can point the same way and differ in length.",
            ),
        ],
    )


@analogy.check(
    "all of length one",
    hint="Bring a, b and c to length one before they are added. Otherwise the longest of them decides the direction.",
)
def _length_one(answer: Callable[..., Any]) -> None:
    x, y, z = np.eye(3)
    vectors = [x, 9 * y, z, y - x + z, 9 * y - x + z]
    hint = "The vectors were added as long as they were, and the longest decided. Bring each to length one first."
    _expect_word(answer, vectors, (0, 1, 2), 3, [(4, hint)])


@analogy.check(
    "a word without a vector",
    hint="A row of zeros points nowhere: it has no cosine and is never the answer. Division by its length gives NaN, "
    "and NaN counts as the largest of all in `argmax`.",
)
def _nowhere(answer: Callable[..., Any]) -> None:
    vectors = [*_directions(0, 90, 0), [0.0, 0.0], *_directions(70)]
    _expect_word(answer, vectors, (0, 1, 2), 4, [])
    vectors = [*_directions(0, 10, 20, 160), [0.0, 0.0]]
    _expect_word(
        answer,
        vectors,
        (0, 1, 2),
        3,
        [
            (
                4,
                "A row of zeros won: as a cosine of 0 it is better than any that points the other way. It has no "
                "cosine.",
            )
        ],
    )


ppmi_vectors = exercise(
    "ppmi-vectors",
    "Word vectors without training",
    chapter=4,
    level="research",
    answer="ppmi_vectors",
)
# Neither the margins nor the table are symmetric. Nothing is zero.
_COUNTS = np.array(
    [[12.0, 2.0, 1.0], [3.0, 8.0, 2.0], [1.0, 4.0, 7.0], [6.0, 6.0, 2.0]]
)


_PPMI = "table, vectors"


def _pmi(
    counts: Float[np.ndarray, "words contexts"],
) -> Float[np.ndarray, "words contexts"]:
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    return np.asarray(np.log(counts / expected))


@ppmi_vectors.check(
    "more often than by chance",
    hint="Compare how often a pair occurs with how often it would if its two words had nothing to do with each other: "
    "row sum times column sum divided by the sum of all.",
)
def _table(answer: Callable[..., Any]) -> None:
    shown = "ppmi_vectors(counts, 2), counts = [[12, 2, 1], [3, 8, 2], [1, 4, 7], [6, 6, 2]]"
    table, _ = expect_parts(answer(_COUNTS.copy(), 2), _PPMI, shown)
    right = _pmi(_COUNTS)
    positive = right > 0
    got = _numbers(table, (4, 3), f"the table from {shown}")[positive]
    rows, columns = _COUNTS.sum(axis=1, keepdims=True), _COUNTS.sum(axis=0)
    expect_close(
        got,
        right[positive],
        f"where pairs are more frequent than by chance, the table from {shown}",
        mistakes=[
            (right[positive] / math.log(2), "Take the natural logarithm."),
            (np.exp(right[positive]), "The logarithm is missing."),
            (
                np.log1p(np.exp(right[positive])),
                "One was added under the logarithm. Nothing has to be smoothed here.",
            ),
            (
                np.log(_COUNTS / (rows * columns))[positive],
                "Counts were put where probabilities belong: the sum of all counts is missing.",
            ),
            (
                np.maximum(np.log(_COUNTS / (rows * columns)), 0)[positive],
                "Counts were put where probabilities belong: the sum of all counts is missing.",
            ),
            (
                np.log(_COUNTS / rows)[positive],
                "This is the conditional probability: divide by the share of the context as well.",
            ),
            (
                (_COUNTS / _COUNTS.sum() * right)[positive],
                "This is weighted by the probability of the pair, as in the mutual information. Here each pair stands "
                "for itself.",
            ),
            (
                _pmi(_COUNTS + 1)[positive],
                "One was added to every count. Nothing has to be smoothed here.",
            ),
        ],
        tolerance=1e-6,
    )


def _numbers(
    got: object, shape: tuple[int, ...], shown: str
) -> Float[np.ndarray, "..."]:
    """Return the array itself, if it has this shape."""
    refuse_none(got, shown)
    try:
        found = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        raise Mismatch(f"{shown} is {brief(got)}, expected an array.") from None
    expect_true(
        found.shape == shape,
        f"{shown} has shape {list(found.shape)}, expected {list(shape)}.",
    )
    return found


@ppmi_vectors.check(
    "less often than by chance",
    hint="A pair that is rarer than by chance has a negative logarithm. The table holds 0 there.",
)
def _cut(answer: Callable[..., Any]) -> None:
    shown = "ppmi_vectors(counts, 2)"
    table, _ = expect_parts(answer(_COUNTS.copy(), 2), _PPMI, shown)
    expect_close(
        table,
        np.maximum(_pmi(_COUNTS), 0),
        f"the table from {shown}",
        mistakes=[
            (
                np.abs(_pmi(_COUNTS)),
                "The sign was dropped: what is rarer than by chance became as large as what is more frequent.",
            )
        ],
        tolerance=1e-6,
    )


@ppmi_vectors.check(
    "the shift",
    hint="ln k is taken away first, then everything below 0 is cut off.",
)
def _shift(answer: Callable[..., Any]) -> None:
    shown = "ppmi_vectors(counts, 1, k=1.5)"
    table, _ = expect_parts(answer(_COUNTS.copy(), 1, k=1.5), _PPMI, shown)
    right, positive = _pmi(_COUNTS), np.maximum(_pmi(_COUNTS), 0)
    shift = math.log(1.5)
    expect_close(
        table,
        np.maximum(right - shift, 0),
        f"the table from {shown}",
        mistakes=[
            (positive - shift, "After the shift there are negative numbers again."),
            (
                np.where(positive > 0, positive - shift, 0),
                "After the shift there are negative numbers again.",
            ),
            (positive, "k has no effect."),
            (
                np.maximum(right + shift, 0),
                "The shift goes the wrong way: more negatives leave fewer pairs.",
            ),
            (
                np.maximum(right - 1.5, 0),
                "k itself was taken away, instead of its logarithm.",
            ),
            (
                np.maximum(right - math.log2(1.5), 0),
                "The shift is in bits: take the natural logarithm of k as well.",
            ),
        ],
        tolerance=1e-6,
    )


@ppmi_vectors.check(
    "words that never occur",
    hint="A row or a column without a single pair asks for 0 / 0. Nothing is known about such a word: its row in the "
    "table is 0. So is a pair that never occurs.",
)
def _never(answer: Callable[..., Any]) -> None:
    counts = np.array(
        [[6.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 5.0, 0.0]]
    )
    shown = "ppmi_vectors([[6, 0, 1, 0], [0, 0, 0, 0], [0, 0, 5, 0]], 1)"
    want = np.zeros((3, 4))
    with np.errstate(all="ignore"):
        seen = np.maximum(_pmi(counts[[0, 2]][:, [0, 2]]), 0)
        want[np.ix_([0, 2], [0, 2])] = seen
        table, vectors = expect_parts(answer(counts, 1), _PPMI, shown)
    expect_close(table, want, f"the table from {shown}", tolerance=1e-6)
    if np.shape(vectors) == (3, 1):  # the shape is a matter of the next check
        expect_close(
            vectors[1],
            [0.0],
            f"the vector of a word that never occurs, from {shown}",
            tolerance=1e-6,
        )


@ppmi_vectors.check(
    "the vectors",
    hint="Row i of U belongs to word i, column j to the j-th largest singular value. Keep `size` columns, and multiply "
    "each by the root of its singular value.",
)
def _svd(answer: Callable[..., Any]) -> None:
    shown = "ppmi_vectors(counts of shape [4, 3], 2)"
    _, vectors = expect_parts(answer(_COUNTS.copy(), 2), _PPMI, shown)
    u, s, _ = np.linalg.svd(np.maximum(_pmi(_COUNTS), 0), full_matrices=False)
    found = _numbers(vectors, (4, 2), f"the array of vectors from {shown}")
    # Signs are free, and products of vectors know none.
    products = found @ found.T

    def among(x: Float[np.ndarray, "word d"]) -> Float[np.ndarray, "word word"]:
        return np.asarray(x @ x.T)

    expect_close(
        products,
        among(u[:, :2] * np.sqrt(s[:2])),
        f"the products of all pairs of vectors from {shown}",
        mistakes=[
            (
                among(u[:, :2]),
                "The columns of U have length one, whatever their singular values. Weigh them.",
            ),
            (
                among(u[:, :2] * s[:2]),
                "The singular values went in whole. Their other half belongs to the vectors of the contexts.",
            ),
            (
                among(u[:, :2] * s[:2] ** 2),
                "Take the root of the singular values, not their square.",
            ),
            (
                among(u[:, 1:] * np.sqrt(s[1:])),
                "These are the smallest singular values. Keep the largest.",
            ),
        ],
        tolerance=1e-6,
    )
