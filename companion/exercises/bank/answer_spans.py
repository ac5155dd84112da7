"""Exercises on question answering: the best span, its loss, and when to say nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import (
    expect_close,
    expect_equal,
    expect_error,
    expect_parts,
)
from companion.exercises.registry import exercise

pick_span = exercise(
    "best-span", "The best span", chapter=20, level="warm-up", answer="best_span"
)
spans_loss = exercise(
    "span-loss",
    "Any of several right places",
    chapter=20,
    level="practice",
    answer="span_loss",
)
across = exercise(
    "passages-compete",
    "Passages that compete",
    chapter=20,
    level="practice",
    answer="joint_softmax",
)
refuse = exercise(
    "refusal-threshold",
    "When to say nothing",
    chapter=20,
    level="challenge",
    answer="refusal_threshold",
)
locate = exercise(
    "find-answer",
    "Where the answer stands",
    chapter=20,
    level="research",
    answer="token_span",
)


def _span(start: Any, end: Any, longest: int) -> tuple[int, int]:
    pairs = [
        (i, j)
        for i in range(len(start))
        for j in range(i, min(len(start), i + longest))
    ]
    return max(pairs, key=lambda p: start[p[0]] + end[p[1]])


@pick_span.check("in order", hint="The end must not stand before the start: j >= i.")
def _in_order(answer: Callable[..., Any]) -> None:
    start, end = np.array([0.0, 1.0, 3.0, 0.0]), np.array([4.0, 0.0, 1.0, 2.0])
    got = answer(start.copy(), end.copy(), 4)
    expect_equal(
        got,
        (2, 3),
        "best_span([0, 1, 3, 0], [4, 0, 1, 2], 4)",
        mistakes=[
            ((2, 0), "This span ends before it starts: j must be at least i."),
            ((0, 0), "You fixed the best end first. Compare the sums of all pairs."),
            (
                (2, 4),
                "The second number is the place of the last token, not the one after it.",
            ),
        ],
    )


@pick_span.check(
    "not too long", hint="A span of L tokens that starts at i ends at i + L - 1."
)
def _not_long(answer: Callable[..., Any]) -> None:
    start, end = np.array([4.0, 0.0, 0.0, 0.5]), np.array([0.0, 1.0, 3.0, 2.9])
    expect_equal(
        answer(start.copy(), end.copy(), 2),
        (0, 1),
        "best_span([4, 0, 0, 0.5], [0, 1, 3, 2.9], 2)",
        mistakes=[
            ((0, 2), "This span has three tokens, and two are allowed."),
            ((0, 0), "A span of two tokens is allowed, and it scores more."),
        ],
    )
    rng = np.random.default_rng(3)
    for longest in (1, 3, 30):
        start, end = rng.normal(size=(2, 20))
        expect_equal(
            answer(start.copy(), end.copy(), longest),
            _span(start, end, longest),
            f"best_span of 20 tokens, at most {longest} long",
        )


@pick_span.check("bad length", hint="Refuse a length below 1 with a ValueError.")
def _bad(answer: Callable[..., Any]) -> None:
    expect_error(
        answer, (np.zeros(3), np.zeros(3), 0), ValueError, "best_span(start, end, 0)"
    )


def _softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max())
    shares: np.ndarray = e / e.sum()
    return shares


@spans_loss.check(
    "several places",
    hint="Add the probabilities of all right places first; the logarithm comes last.",
)
def _several(answer: Callable[..., Any]) -> None:
    scores, right = np.log([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True])
    expect_close(
        answer(scores.copy(), right.copy()),
        -np.log(0.6),
        "span_loss(log [1, 2, 3, 4], [F, T, F, T])",
        mistakes=[
            (
                -np.log(0.2) - np.log(0.4),
                "You added the logarithms: that asks for all places at once.",
            ),
            (
                -(np.log(0.2) + np.log(0.4)) / 2,
                "You averaged logarithms. Either place is right: add probabilities.",
            ),
            (-np.log(0.4), "You took the best place only."),
            (-np.log(0.2), "You took the first place only."),
            (np.log(0.6), "The loss is minus the logarithm."),
        ],
    )


@spans_loss.check(
    "large scores", hint="Take the greatest score off before the exponential."
)
def _large(answer: Callable[..., Any]) -> None:
    scores, right = np.array([900.0, 899.0, -900.0]), np.array([False, True, False])
    want = -np.log(_softmax(scores)[1])
    expect_close(answer(scores, right), want, "span_loss([900, 899, -900], [F, T, F])")
    scores, right = np.array([0.0, -2000.0]), np.array([False, True])
    expect_close(answer(scores, right), 2000.0, "span_loss([0, -2000], [F, T])")


@spans_loss.check(
    "nowhere", hint="Without a right place there is no loss: raise a ValueError."
)
def _nowhere(answer: Callable[..., Any]) -> None:
    expect_error(
        answer,
        (np.zeros(2), np.zeros(2, bool)),
        ValueError,
        "span_loss([0, 0], [F, F])",
    )


@across.check(
    "one sum",
    hint="All tokens of all passages, and the null answer, sum to one together.",
)
def _one_sum(answer: Callable[..., Any]) -> None:
    passages, null = [np.log([1.0, 3.0]), np.log([2.0])], float(np.log(4.0))
    got, none = expect_parts(
        answer([p.copy() for p in passages], null),
        "passages, null",
        "joint_softmax(...)",
    )
    shown = "joint_softmax([log [1, 3], log [2]], log 4)"
    flat = np.concatenate([np.asarray(p, float) for p in got])
    expect_close(
        flat,
        np.array([0.1, 0.3, 0.2]),
        f"probabilities from {shown}",
        mistakes=[
            (
                np.array([0.25, 0.75, 1.0]),
                "You took a softmax for each passage: then a bad passage is as sure as a good one.",
            ),
            (np.array([1, 3, 2]) / 6, "The null answer takes part in the sum."),
            (
                np.array([1 / 8, 3 / 8, 1 / 3]),
                "One sum for all passages, with the null answer once.",
            ),
        ],
    )
    expect_close(none, 0.4, f"null from {shown}")


@across.check(
    "lengths",
    hint="Give back one array for each passage, as long as it was, also for a passage without tokens.",
)
def _lengths(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(1)
    passages = [rng.normal(size=n) + 700 for n in (3, 0, 5)]
    got, none = expect_parts(
        answer([p.copy() for p in passages], 701.0),
        "passages, null",
        "joint_softmax(...)",
    )
    want = _softmax(np.concatenate([*passages, [701.0]]))
    expect_equal([len(p) for p in got], [3, 0, 5], "lengths of the passages' arrays")
    expect_close(np.concatenate(got), want[:-1], "joint_softmax of scores near 700")
    expect_close(none, want[-1], "null from scores near 700")


def _best_threshold(confidence: Any, right: Any, answerable: Any) -> float:
    choices = np.append(np.unique(confidence), np.inf)
    gains = [
        (right & (confidence >= t)).sum() + (~answerable & (confidence < t)).sum()
        for t in choices
    ]
    return float(choices[int(np.argmax(gains))])


@refuse.check(
    "right decisions",
    hint="Right decisions: right answers at or above the threshold, and refusals of questions without an answer.",
)
def _decisions(answer: Callable[..., Any]) -> None:
    confidence = np.array([0.9, 0.8, 0.6, 0.4, 0.2])
    right = np.array([True, False, True, False, False])
    answerable = np.array([True, True, True, False, False])
    expect_close(
        answer(confidence.copy(), right.copy(), answerable.copy()),
        0.6,
        "refusal_threshold of five answers",
        mistakes=[
            (
                0.9,
                "You minimized the risk. Silence is no right decision where there is an answer.",
            ),
            (
                0.2,
                "You counted right answers only: refusing what has no answer is right, too.",
            ),
            (0.4, "An answer at the threshold is given: greater or equal."),
        ],
    )


@refuse.check(
    "all or nothing",
    hint="Infinity is a threshold as well: to refuse everything. Of equally good ones the smallest counts.",
)
def _all_or_nothing(answer: Callable[..., Any]) -> None:
    confidence, no = np.array([0.7, 0.5]), np.array([False, False])
    expect_equal(
        answer(confidence.copy(), no.copy(), no.copy()),
        np.inf,
        "refusal_threshold without a right answer or an answerable question",
    )
    rng = np.random.default_rng(6)
    for _ in range(20):
        confidence = rng.integers(0, 6, 30) / 5
        answerable = rng.random(30) < 0.7
        right = answerable & (rng.random(30) < 0.6)
        want = _best_threshold(confidence, right, answerable)
        got = answer(confidence.copy(), right.copy(), answerable.copy())
        expect_equal(
            float(got),
            want,
            "refusal_threshold of 30 answers with six confidences",
            mistakes=[],
        )


@locate.check(
    "covers it", hint="All tokens that share at least one character with the answer."
)
def _covers(answer: Callable[..., Any]) -> None:
    spans = [(0, 3), (4, 7), (7, 8), (9, 12)]
    shown = "token_span([(0, 3), (4, 7), (7, 8), (9, 12)], {}, {})"
    expect_equal(
        answer(list(spans), 4, 8),
        (1, 2),
        shown.format(4, 8),
        mistakes=[
            (
                (1, 3),
                "The answer stops before character 8: nothing of the last token is in it.",
            ),
            ((0, 2), "Character 4 is after the first token, which stops before 3."),
            ((1, 1), "The token from 7 to 8 is in the answer."),
        ],
    )
    expect_equal(
        answer(list(spans), 5, 11),
        (1, 3),
        shown.format(5, 11),
        mistakes=[((2, 2), "Tokens that the answer holds in part belong to it.")],
    )
    expect_equal(answer(list(spans), 0, 1), (0, 0), shown.format(0, 1))


@locate.check(
    "between tokens",
    hint="Nothing but space between two tokens: return an empty tuple.",
)
def _between(answer: Callable[..., Any]) -> None:
    spans = [(0, 3), (4, 7), (9, 12)]
    for first, stop in ((7, 9), (12, 15), (3, 4)):
        shown = f"token_span([(0, 3), (4, 7), (9, 12)], {first}, {stop})"
        got = answer(list(spans), first, stop)
        mistakes = [((0, 0), "No token is there: return ().")]
        expect_equal(got, (), shown, mistakes=mistakes)
