"""Exercises on skip-gram: pairs of words near each other, and one step of negative sampling."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_parts,
    refuse_none,
)
from companion.exercises.registry import exercise

skip_gram_pairs = exercise(
    "skip-gram-pairs",
    "The company that words keep",
    chapter=4,
    level="practice",
    answer="skip_gram_pairs",
)
_Pairs = list[tuple[str, ...]]


def _pairs_of(got: object, shown: str) -> _Pairs:
    refuse_none(got, shown)
    wrong = Mismatch(
        f"{shown} gave {brief(got)}, expected pairs of words.",
        "Return a list of pairs `(center, context)`.",
    )
    if isinstance(got, str | dict) or not isinstance(got, Iterable):
        raise wrong
    found: _Pairs = []
    for item in got:
        if not isinstance(item, tuple | list | np.ndarray) or len(item) != 2:
            raise wrong
        if not all(isinstance(word, str) for word in item):
            raise wrong
        found.append((str(item[0]), str(item[1])))
    return found


def _every_pair(text: list[str], distances: Iterable[int]) -> _Pairs:
    """Pairs of words whose distance, center minus context, is one of these."""
    return [
        (text[i], text[i - distance])
        for distance in distances
        for i in range(len(text))
        if 0 <= i - distance < len(text)
    ]


def _times(number: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _expect_pairs(
    got: object, want: _Pairs, shown: str, mistakes: Iterable[tuple[_Pairs, str]] = ()
) -> None:
    found, wanted = Counter(_pairs_of(got, shown)), Counter(want)
    different = [p for p in (*wanted, *found) if found[p] != wanted[p]]
    if not different:
        return
    pair = different[0]
    message = (
        f"{shown} holds {pair} {_times(found[pair])}, expected {_times(wanted[pair])}."
    )
    for pairs, hint in mistakes:
        if found == Counter(pairs):
            raise Mismatch(message, hint)
    raise Mismatch(message)


@skip_gram_pairs.check(
    "both sides",
    hint="Each word is once the center. Its context are its neighbors on both sides, as far as there are any.",
)
def _both_sides(answer: Callable[..., Any]) -> None:
    text = ["a", "b", "c"]
    want = _every_pair(text, (-1, 1))
    _expect_pairs(
        answer([text.copy()], 1),
        want,
        "skip_gram_pairs([['a', 'b', 'c']], 1)",
        mistakes=[
            (_every_pair(text, (-1,)), "Only words to the right were taken."),
            (_every_pair(text, (1,)), "Only words to the left were taken."),
            (
                _every_pair(text, (-1, 0, 1)),
                "The center was paired with itself: a word at distance 0 is no context.",
            ),
            (
                [*want, ("a", "c")],
                "The word before the first became the last one: a negative index counts from the end.",
            ),
            (
                [*want, ("a", "c"), ("c", "a")],
                "The text was closed to a ring. Before the first word and after the last there is nothing.",
            ),
            (
                [],
                "There are no pairs. `window` is the greatest distance on each side, not the width of the whole.",
            ),
            (
                [tuple(sorted(pair)) for pair in want],
                "The two words of a pair are in alphabetical order. The center comes first, whichever it is.",
            ),
            (
                [("b", "a"), ("b", "c")],
                "Words near the ends have less context, but they are centers too.",
            ),
        ],
    )


@skip_gram_pairs.check(
    "the window",
    hint="All distances from 1 to `window` count, on both sides. Near the ends of the text the window is cut off.",
)
def _window(answer: Callable[..., Any]) -> None:
    text = list("abcdefgh")
    want = _every_pair(text, (-3, -2, -1, 1, 2, 3))
    _expect_pairs(
        answer([text.copy()], 3),
        want,
        f"skip_gram_pairs([{text}], 3)",
        mistakes=[
            (
                _every_pair(text, (-3, 3)),
                "Only words at exactly the distance `window` were taken. Nearer ones count as well.",
            ),
            (_every_pair(text, (-1, 1)), "`window` has no effect."),
            (
                _every_pair(text, (-2, -1, 1, 2, 3)),
                "The window ends one word too early on the right: `range` and slices leave their end out.",
            ),
            (
                _every_pair(text, (-2, -1, 1, 2)),
                "The window ends one word too early on both sides: `range` leaves its end out.",
            ),
            (
                [p for p in want if p[0] in "de"],
                "Only centers with a whole window were taken. Near the ends there is less context, but some.",
            ),
            (
                [p for p in want if p[0] not in "bc" or p[1] > p[0]],
                "Near the beginning the words to the left are missing: a slice that begins at a negative index counts "
                "from the end of the text.",
            ),
        ],
    )


@skip_gram_pairs.check(
    "a word that occurs twice",
    hint="Places make the pairs, not words. A word that occurs twice is a center twice, and it can stand near itself.",
)
def _twice(answer: Callable[..., Any]) -> None:
    text = ["the", "list", "the", "list", "is"]
    want = _every_pair(text, (-2, -1, 1, 2))
    _expect_pairs(
        answer([text.copy()], 2),
        want,
        "skip_gram_pairs([['the', 'list', 'the', 'list', 'is']], 2)",
        mistakes=[
            (
                [p for p in want if p[0] != p[1]],
                "A word that stands near another occurrence of itself is a pair. Compare places, not words, to leave "
                "out the center.",
            ),
            (
                list(set(want)),
                "Each pair is there once. How often it occurs is what the vectors learn from.",
            ),
        ],
    )


@skip_gram_pairs.check(
    "texts stay apart",
    hint="No pair joins the end of one text with the beginning of the next.",
)
def _apart(answer: Callable[..., Any]) -> None:
    _expect_pairs(
        answer([["a", "b"], ["c", "d"]], 2),
        [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")],
        "skip_gram_pairs([['a', 'b'], ['c', 'd']], 2)",
        mistakes=[
            ([("a", "b"), ("b", "a")], "Only the first text was read."),
            ([("c", "d"), ("d", "c")], "Only the last text was read."),
        ],
    )


@skip_gram_pairs.check(
    "short texts",
    hint="A text may be shorter than the window: then every word is near every other. A text of one word, or of none, "
    "has no pairs.",
)
def _short(answer: Callable[..., Any]) -> None:
    _expect_pairs(
        answer([[], ["a"], ["b", "c"]], 5),
        [("b", "c"), ("c", "b")],
        "skip_gram_pairs([[], ['a'], ['b', 'c']], 5)",
    )
    _expect_pairs(answer([["a"]], 2), [], "skip_gram_pairs([['a']], 2)")


sgns_gradients = exercise(
    "sgns-gradients",
    "One step of negative sampling",
    chapter=4,
    level="challenge",
    answer="sgns",
)
_PARTS = "loss, grad_v, grad_u, grad_negatives"


def _sigmoid(score: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(score)))


def _vectors() -> tuple[
    Float[np.ndarray, "d"], Float[np.ndarray, "d"], Float[np.ndarray, "k d"]
]:
    generator = np.random.default_rng(43)
    return (
        generator.normal(size=2),
        generator.normal(size=2),
        generator.normal(size=(3, 2)),
    )


_SHOWN = "sgns(v, u, negatives) with d = 2 and k = 3"


@sgns_gradients.check(
    "the loss",
    hint="k + 1 terms: -ln sigmoid of the score of the true pair, and for each negative -ln sigmoid of minus its "
    "score.",
)
def _sgns_loss(answer: Callable[..., Any]) -> None:
    shown = "sgns([1, 0], [1.5, 2], [[-0.5, 3], [1, 1]])"
    v, u = np.array([1.0, 0.0]), np.array([1.5, 2.0])
    negatives = np.array([[-0.5, 3.0], [1.0, 1.0]])
    loss, *_ = expect_parts(answer(v, u, negatives), _PARTS, shown)
    logs = np.log(_sigmoid([1.5, 0.5, -1.0]))
    positive = np.log(_sigmoid([1.5, -0.5, 1.0]))
    expect_close(
        loss,
        -logs.sum(),
        f"the loss from {shown}",
        mistakes=[
            (
                -positive.sum(),
                "All words were taken for true pairs. Negatives are to score low: where does the sign change?",
            ),
            (
                -logs[0] + logs[1:].sum(),
                "The terms of the negatives have the wrong sign: each of the k + 1 terms is positive.",
            ),
            (
                -logs[0] + positive[1:].sum(),
                "The sign of the negatives stands before the logarithm. It belongs inside the sigmoid.",
            ),
            (logs.sum(), "The sign is wrong: a loss is positive here."),
            (
                -logs[0] - logs[1:].mean(),
                "The mean was taken over the negatives. Add them up.",
            ),
            (-logs.mean(), "The mean was taken over the terms. Add them up."),
            (-logs[0], "The negatives are missing."),
            (-logs.sum() / math.log(2), "Take the natural logarithm."),
            (
                -math.log(_sigmoid(1.5)) - math.log(_sigmoid(-0.5)),
                "The negatives were added up before the sigmoid. Each has a term of its own.",
            ),
            (
                -logs[0] - math.log(_sigmoid([0.5, -1.0]).sum()),
                "The logarithm was taken of a sum. Each negative has a term of its own.",
            ),
        ],
        tolerance=1e-6,  # a small number under the logarithm is named by a check of its own
    )


@sgns_gradients.check(
    "the gradient of v",
    hint="v stands in every term. The derivative of -ln sigmoid(a) is sigmoid(a) - 1; what is a in each term, and "
    "what its derivative?",
)
def _grad_v(answer: Callable[..., Any]) -> None:
    v, u, negatives = _vectors()
    _, got, *_ = expect_parts(answer(v, u, negatives), _PARTS, _SHOWN)
    true, drawn = _sigmoid(u @ v) - 1, _sigmoid(negatives @ v)
    expect_close(
        got,
        true * u + drawn @ negatives,
        f"grad_v from {_SHOWN}",
        mistakes=[
            (true * u, "The negatives push v as well: their terms are missing."),
            (
                true * u + drawn @ negatives / 3,
                "The mean was taken over the negatives. The loss is their sum.",
            ),
            (
                true * u - drawn @ negatives,
                "The terms of the negatives have the wrong sign: a step downhill has to lead away from them.",
            ),
            (
                -(true * u + drawn @ negatives),
                "The sign is wrong: this gradient points downhill.",
            ),
            (
                true * u + (drawn - 1) @ negatives,
                "The negatives were treated as true pairs: for a score to be low, the factor is another one.",
            ),
            (
                true * u + (1 - drawn) @ negatives,
                "A negative that already scores low should hardly push. Look at the factor of the negatives.",
            ),
            (
                (true + 1) * u + drawn @ negatives,
                "The true pair was treated as a negative: a pair that already scores high should hardly pull.",
            ),
            (
                true * v,
                "This is the gradient of u. The order is loss, grad_v, grad_u, grad_negatives.",
            ),
            (
                true * v + drawn.sum() * v,
                "The derivative of u · v with respect to v is u, not v.",
            ),
        ],
    )


@sgns_gradients.check(
    "the gradient of u",
    hint="u stands in the term of the true pair alone.",
)
def _grad_u(answer: Callable[..., Any]) -> None:
    v, u, negatives = _vectors()
    _, _, got, _ = expect_parts(answer(v, u, negatives), _PARTS, _SHOWN)
    true, drawn = _sigmoid(u @ v) - 1, _sigmoid(negatives @ v)
    expect_close(
        got,
        true * v,
        f"grad_u from {_SHOWN}",
        mistakes=[
            (-true * v, "The sign is wrong: a step downhill has to raise the score."),
            (true * u, "The derivative of u · v with respect to u is v, not u."),
            ((true + 1) * v, "The true pair was treated as a negative."),
            (
                (true + drawn.sum()) * v,
                "The negatives have vectors of their own. u stands in one term alone.",
            ),
        ],
    )


@sgns_gradients.check(
    "the gradients of the negatives",
    hint="A row for each negative, shape [k, d], in the order given: each stands in one term.",
)
def _grad_negatives(answer: Callable[..., Any]) -> None:
    v, u, negatives = _vectors()
    *_, got = expect_parts(answer(v, u, negatives), _PARTS, _SHOWN)
    drawn = _sigmoid(negatives @ v)
    expect_close(
        got,
        np.outer(drawn, v),
        f"grad_negatives from {_SHOWN}",
        mistakes=[
            (
                -np.outer(drawn, v),
                "The sign is wrong: a step downhill has to lower these scores.",
            ),
            (
                np.outer(drawn - 1, v),
                "The negatives were treated as true pairs: a step downhill would raise their scores.",
            ),
            (
                np.outer(1 - drawn, v),
                "A negative that already scores low should hardly move. Look at the factor.",
            ),
            (
                drawn[:, None] * negatives,
                "The derivative of a score with respect to its context vector is v.",
            ),
        ],
    )


@sgns_gradients.check(
    "a loss of a thousand",
    hint="sigmoid(-1000) is 0 in the computer, and its logarithm minus infinity. -ln sigmoid(a) is ln(1 + exp(-a)): "
    "which function of NumPy adds two exponentials under a logarithm?",
)
def _large_loss(answer: Callable[..., Any]) -> None:
    for v, u, negatives, want in (
        ([1000.0], [-1.0], [[-1.0]], 1000.0),
        ([1000.0], [1.0], [[1.0], [-1.0]], 1000.0),
        ([1000.0], [1.0], [[-1.0]], 0.0),
    ):
        shown = f"sgns({v}, {u}, {negatives})".replace(".0", "")
        with np.errstate(all="ignore"):
            got = answer(np.array(v), np.array(u), np.array(negatives))
        loss, *_ = expect_parts(got, _PARTS, shown)
        if np.ndim(loss) == 0 and loss is not None and 15 < float(loss) < 800:
            raise Mismatch(
                f"the loss from {shown} is {brief(float(loss))}, expected {want:g}.",
                "A small number added under the logarithm, or a score cut off, bounds the loss.",
            )
        expect_close(loss, want, f"the loss from {shown}")


@sgns_gradients.check(
    "gradients of large scores",
    hint="exp(1000) is infinite, and infinity divided by infinity is NaN. In which form of the sigmoid does a large "
    "exponential stand below the line only?",
)
def _large_gradients(answer: Callable[..., Any]) -> None:
    shown = "sgns([1000], [-1], [[1], [-1]])"
    with np.errstate(all="ignore"):
        got = answer(np.array([1000.0]), np.array([-1.0]), np.array([[1.0], [-1.0]]))
    _, grad_v, grad_u, grad_negatives = expect_parts(got, _PARTS, shown)
    expect_close(grad_v, [2.0], f"grad_v from {shown}")
    expect_close(grad_u, [-1000.0], f"grad_u from {shown}")
    expect_close(grad_negatives, [[1000.0], [0.0]], f"grad_negatives from {shown}")
