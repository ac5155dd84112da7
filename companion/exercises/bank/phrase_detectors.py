"""Exercises on words in a row: the best match of a convolution, and marks behind a negation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_equal, expect_error
from companion.exercises.registry import exercise

best_match = exercise(
    "best-match",
    "The best match of a detector",
    chapter=21,
    level="warm-up",
    answer="best_match",
)


def _matches(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """All sums before the ReLU, shape [places, detectors]."""
    width = w.shape[2]
    runs = np.stack([x[t : t + width].T for t in range(len(x) - width + 1)])
    found: np.ndarray = np.einsum("tdw,fdw->tf", runs, w) + b
    return found


@best_match.check(
    "one detector",
    hint="At each place multiply the first vector of the run by column 0 of the weights, the second by column 1 and so "
    "on; add everything and the bias. Then take the largest over the places.",
)
def _one_detector(answer: Callable[..., Any]) -> None:
    x = np.array([[3.0, 1.0], [1.0, 0.0], [0.0, 2.0], [2.0, 0.0]])
    w = np.array([[[1.0, 0.0], [0.0, 2.0]]])
    b = np.array([0.5])
    all_matches = np.maximum(_matches(x, w, b)[:, 0], 0)
    turned = np.maximum(_matches(x, w[:, :, ::-1], b)[:, 0], 0)
    expect_close(
        answer(x.copy(), w.copy(), b.copy()),
        [all_matches.max()],
        "best_match([[3, 1], [1, 0], [0, 2], [2, 0]], [[[1, 0], [0, 2]]], [0.5])",
        mistakes=[
            ([all_matches.sum()], "This is the sum over the places. Take the largest."),
            ([all_matches.mean()], "This is the mean over the places. Take the largest."),
            ([all_matches.max() - 0.5], "The bias is missing."),
            ([turned.max()], "The columns are turned around: column 0 goes with the first vector of the run."),
            ([all_matches[0]], "This is the first place alone."),
            ([all_matches[-1]], "This is the last place alone."),
        ],
    )  # fmt: skip


@best_match.check(
    "no match anywhere",
    hint="The ReLU makes a match of what is below 0 into 0: a detector that finds nothing reports 0.",
)
def _no_match(answer: Callable[..., Any]) -> None:
    x, w = np.ones((3, 1)), np.full((1, 1, 2), -1.0)
    expect_close(
        answer(x, w, np.array([0.5])),
        [0.0],
        "best_match([[1], [1], [1]], [[[-1, -1]]], [0.5])",
        mistakes=[([1.5], "This is the size of the best match without its sign.")],
    )


@best_match.check(
    "many detectors",
    hint="Each detector has its own maximum, at its own place: the result has shape [F]. A text as long as the run has "
    "one place.",
)
def _many(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(2101)
    for length, width in ((9, 3), (4, 4), (5, 1)):
        x, w, b = (
            rng.normal(size=(length, 6)),
            rng.normal(size=(7, 6, width)),
            rng.normal(size=7),
        )
        want = np.maximum(_matches(x, w, b), 0).max(axis=0)
        shown = f"best_match(...) with T = {length}, w = {width}, 7 detectors"
        expect_close(answer(x.copy(), w.copy(), b.copy()), want, shown)


@best_match.check(
    "a text that is too short",
    hint="A run of w words does not fit into fewer than w: raise a ValueError.",
)
def _too_short(answer: Callable[..., Any]) -> None:
    given = (np.ones((2, 4)), np.ones((1, 4, 3)), np.zeros(1))
    expect_error(answer, given, ValueError, "best_match(...) with T = 2 and w = 3")


mark_negation = exercise(
    "mark-negation",
    "Who is denied?",
    chapter=21,
    level="practice",
    answer="mark_negation",
)
_NO, _ENDS = {"not", "never"}, {".", ",", "but"}


def _marked(answer: Callable[..., Any], text: str) -> tuple[object, str]:
    shown = f"mark_negation({text.split()}, {{'not', 'never'}}, {{'.', ',', 'but'}})"
    return answer(text.split(), set(_NO), set(_ENDS)), shown


@mark_negation.check(
    "behind a negation",
    hint="Every word behind the negation gets NOT_ in front, not only the next one; words before it, and the negation, "
    "stay as they are.",
)
def _behind(answer: Callable[..., Any]) -> None:
    got, shown = _marked(answer, "this is not a good film")
    expect_equal(
        got,
        ["this", "is", "not", "NOT_a", "NOT_good", "NOT_film"],
        shown,
        mistakes=[
            (["this", "is", "not", "NOT_a", "good", "film"], "Only the next word is marked."),
            (["this", "is", "NOT_not", "NOT_a", "NOT_good", "NOT_film"], "The negation itself stays as it is."),
            (["this", "is", "NOT_a", "NOT_good", "NOT_film"], "The negation has gone: it has a vote of its own."),
            (["this", "is", "not", "a", "good", "film"], "No word is marked."),
        ],
    )  # fmt: skip


@mark_negation.check(
    "up to the end of the clause",
    hint="A word of `ends` ends it, and is not marked; behind it words stay as they are until the next negation.",
)
def _up_to(answer: Callable[..., Any]) -> None:
    got, shown = _marked(answer, "not good , but never dull .")
    expect_equal(
        got,
        ["not", "NOT_good", ",", "but", "never", "NOT_dull", "."],
        shown,
        mistakes=[
            (["not", "NOT_good", "NOT_,", "but", "never", "NOT_dull", "NOT_."], "The word that ends it is not marked."),
            (["not", "NOT_good", ",", "but", "never", "dull", "."], "A negation in another clause begins anew."),
        ],
    )  # fmt: skip


@mark_negation.check(
    "twice is not at all",
    hint="A second negation in the same clause turns it off again, a third one on.",
)
def _twice(answer: Callable[..., Any]) -> None:
    got, shown = _marked(answer, "not that I never liked it and not now")
    expect_equal(
        got,
        ["not", "NOT_that", "NOT_I", "never", "liked", "it", "and", "not", "NOT_now"],
        shown,
        mistakes=[
            (
                [
                    "not",
                    "NOT_that",
                    "NOT_I",
                    "never",
                    "NOT_liked",
                    "NOT_it",
                    "NOT_and",
                    "not",
                    "NOT_now",
                ],
                "Behind the second negation words are denied twice: they stay as they are.",
            ),
            (
                [
                    "not",
                    "NOT_that",
                    "NOT_I",
                    "NOT_never",
                    "NOT_liked",
                    "NOT_it",
                    "NOT_and",
                    "NOT_not",
                    "NOT_now",
                ],
                "The second negation is a negation too: it is not marked, and turns the marks off.",
            ),
        ],
    )


@mark_negation.check(
    "nothing to mark",
    hint="Without a negation the words come back as they are, and an empty list stays empty.",
)
def _nothing(answer: Callable[..., Any]) -> None:
    for text in ("", "a good film .", ", never"):
        got, shown = _marked(answer, text)
        expect_equal(got, text.split(), shown)
