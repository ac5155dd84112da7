"""Exercise on constraints: the distribution of a text, given that it will match a pattern."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_error
from companion.exercises.registry import exercise

conditioning = exercise(
    "given-the-pattern",
    "Masking is not conditioning",
    chapter=13,
    level="research",
    answer="first_given_match",
)


def _by_enumeration(start: Any, A: Any, table: Any, final: Any, T: int) -> Any:
    """All texts of length T, weighed one by one."""
    weights = np.zeros(len(start))
    for text in itertools.product(range(len(start)), repeat=T):
        state, weight = 0, start[text[0]]
        for i, token in enumerate(text):
            state = table[state][token] if state >= 0 else -1
            weight *= A[text[i - 1], token] if i else 1.0
        if state >= 0 and final[state]:
            weights[text[0]] += weight
    return weights / weights.sum()


# "a b*" or "b a*", over a and b; the tokens are the letters.
_TABLE = np.array([[1, 2], [-1, 1], [2, -1]])
_FINAL = np.array([False, True, True])
_START, _A = np.array([0.6, 0.4]), np.array([[0.9, 0.1], [0.5, 0.5]])
_NAME = "the pattern ab*|ba*"


@conditioning.check(
    "one token",
    hint="With T = 1 only the first tokens count after which the text may end; their probabilities are scaled to one.",
)
def _one(answer: Callable[..., Any]) -> None:
    table, final = np.array([[1, 2, -1], [-1] * 3, [-1] * 3]), np.array([False, True, False])  # fmt: skip
    A = np.full((3, 3), 1 / 3)
    got = answer(np.array([0.2, 0.5, 0.3]), A, table, final, 1)
    expect_close(
        got,
        [1, 0, 0],
        "first_given_match([0.2, 0.5, 0.3], A, table, final, 1), where the text may end after token 0 only",
        mistakes=[
            ([0.2, 0, 0], "Divide by the sum: it is a distribution."),
            ([0.2 / 0.7, 0.5 / 0.7, 0], "After token 1 the pattern goes on, but the text ends here: look at `final`."),
            ([0.2, 0.5, 0.3], "The pattern has no effect."),
        ],
    )  # fmt: skip


@conditioning.check(
    "several tokens",
    hint="A first token counts with the probability of all that can follow it and match. Go backward: how probable is "
    "it, from each state and last token, that the rest matches?",
)
def _several(answer: Callable[..., Any]) -> None:
    for T in (2, 4):
        want = _by_enumeration(_START, _A, _TABLE, _FINAL, T)
        expect_close(
            answer(_START.copy(), _A.copy(), _TABLE.copy(), _FINAL.copy(), T),
            want,
            f"first_given_match([0.6, 0.4], [[0.9, 0.1], [0.5, 0.5]], table, final, {T}) for {_NAME}",
            mistakes=[
                (_START, "This is what a mask gives: both first tokens are allowed, so nothing changes. But they do "
                 "not lead to a match equally often."),
                (_by_enumeration(_START, _A.T, _TABLE, _FINAL, T), "Entry [i, j] is the probability of j after i."),
                (_by_enumeration(_START, np.tile(_START, (2, 1)), _TABLE, _FINAL, T), "The matrix A has no effect: a "
                 "token depends on the one before it."),
                (_by_enumeration(np.ones(2), _A, _TABLE, _FINAL, T), "First tokens have probabilities of their own."),
            ],
        )  # fmt: skip


@conditioning.check(
    "any model, any pattern",
    hint="Check the backward sums against an enumeration of all texts for a small vocabulary. Both the state and the "
    "last token belong to what is summed over.",
)
def _any(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(132)
    for V, S, T in ((3, 4, 3), (2, 5, 6), (4, 3, 4)):
        start, A = rng.dirichlet(np.ones(V)), rng.dirichlet(np.ones(V), size=V)
        table = rng.integers(-1, S, size=(S, V))
        table[0] = rng.integers(1, S, size=V)
        final = rng.random(S) < 0.6
        final[1:] |= rng.random() < 0.5
        try:
            with np.errstate(all="raise"):
                want = _by_enumeration(start, A, table, final, T)
        except FloatingPointError:
            continue  # nothing matches: asked for below
        shown = f"first_given_match of a random chain of {V} tokens and an automaton of {S} states, T = {T}"
        expect_close(answer(start, A, table, final, T), want, shown)


@conditioning.check(
    "long texts",
    hint="There are V ** T texts: do not enumerate them. One pass backward costs T * S * V * V.",
)
def _long(answer: Callable[..., Any]) -> None:
    T = 300
    # from "a" the rest is b...b, from "b" it is a...a
    a, b = _START[0] * _A[0, 1] * _A[1, 1] ** (T - 2), _START[1] * _A[1, 0] * _A[0, 0] ** (T - 2)  # fmt: skip
    expect_close(
        answer(_START, _A, _TABLE, _FINAL, T),
        np.array([a, b]) / (a + b),
        f"first_given_match(..., {T}) for {_NAME}",
    )


@conditioning.check(
    "no match",
    hint="If no text of T tokens matches there is nothing to divide by: raise a ValueError.",
)
def _none(answer: Callable[..., Any]) -> None:
    table, final = np.array([[1, -1], [-1, -1]]), np.array([False, True])
    with np.errstate(all="ignore"):
        expect_error(
            answer,
            (_START, _A, table, final, 3),
            ValueError,
            "first_given_match for a pattern that only one token matches, T = 3",
        )
