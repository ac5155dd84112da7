"""Exercises on dialogue: what fits, what a reader waits for, what to refuse, what may be shown."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from companion.exercises.expect import (
    expect_close,
    expect_equal,
    expect_error,
    expect_true,
    refuse_none,
)
from companion.exercises.registry import exercise

turns = exercise(
    "turns-that-fit", "Which turns still fit", chapter=24, level="warm-up", answer="first_kept"
)  # fmt: skip
wait = exercise(
    "reading-along", "When the reader is done", chapter=24, level="practice", answer="reader_done"
)  # fmt: skip
area = exercise(
    "roc-area", "How well a score separates", chapter=24, level="practice", answer="roc_area"
)  # fmt: skip
calculator = exercise(
    "safe-calculator", "A calculator for strangers", chapter=24, level="challenge", answer="calculate"
)  # fmt: skip
guard = exercise(
    "guarded-stream", "Show nothing that must not be shown", chapter=24, level="research", answer="guarded"
)  # fmt: skip


def _kept(answer: Callable[..., Any], sizes: list[int], budget: int, want: int) -> None:
    expect_equal(answer(list(sizes), budget), want, f"first_kept({sizes}, {budget})")


@turns.check(
    "the newest turns",
    hint="Count from the end: the last turn first, then the one before it, as long as the sum stays within the budget.",
)
def _newest(answer: Callable[..., Any]) -> None:
    _kept(answer, [3, 9, 2, 4], 7, 2)
    _kept(answer, [5, 1, 1, 1], 3, 1)


@turns.check(
    "exactly full",
    hint="A budget that is used up to the last token is not exceeded: the sum may be equal to it.",
)
def _exact(answer: Callable[..., Any]) -> None:
    _kept(answer, [3, 9, 2, 4], 15, 1)
    _kept(answer, [3, 9, 2, 4], 18, 0)


@turns.check(
    "no gap",
    hint="Stop at the first turn that does not fit. A small turn before it would leave a hole in the conversation.",
)
def _no_gap(answer: Callable[..., Any]) -> None:
    _kept(answer, [1, 9, 2], 5, 2)
    _kept(answer, [1, 1, 50, 3], 10, 3)


@turns.check(
    "nothing or everything",
    hint="If not even the last turn fits, none is kept, and the answer is the number of turns. No turns, no place: 0.",
)
def _ends(answer: Callable[..., Any]) -> None:
    _kept(answer, [4, 8], 3, 2)
    _kept(answer, [], 10, 0)
    _kept(answer, [2, 2], 100, 0)


def _slow(m: int, first: float, step: float, reading: float, streaming: bool) -> float:
    done = 0.0
    for i in range(m):
        there = first + (i if streaming else m - 1) * step
        done = max(done, there) + reading
    return done


def _waits(answer: Callable[..., Any], *arguments: Any) -> None:
    expect_close(
        answer(*arguments), _slow(*arguments), f"reader_done{arguments}", tolerance=1e-7
    )


@wait.check(
    "as a whole",
    hint="Nothing can be read before the last token is there, first + (m - 1) * step; then all m tokens are read.",
)
def _whole(answer: Callable[..., Any]) -> None:
    _waits(answer, 10, 0.5, 0.1, 0.2, False)
    _waits(answer, 1, 0.5, 0.1, 0.2, False)


@wait.check(
    "a slow reader",
    hint="If reading a token takes longer than writing one, the reader never waits again after the first token.",
)
def _slow_reader(answer: Callable[..., Any]) -> None:
    _waits(answer, 50, 0.3, 0.05, 0.2, True)


@wait.check(
    "a slow model",
    hint="If writing takes longer than reading, the reader waits for each token, and the last one is still to be read.",
)
def _slow_model(answer: Callable[..., Any]) -> None:
    _waits(answer, 50, 0.3, 0.5, 0.2, True)
    _waits(answer, 1, 2.0, 0.5, 0.2, True)


@wait.check(
    "a long text",
    hint="No loop over the tokens is needed: which of the two is slower decides all of them.",
)
def _long(answer: Callable[..., Any]) -> None:
    got = answer(10**15, 1.0, 0.25, 0.5, True)
    expect_close(
        got,
        1.0 + 0.5 * 10**15,
        "reader_done(10**15, 1.0, 0.25, 0.5, True)",
        tolerance=1e-9,
    )


def _pairs(inside: list[float], outside: list[float]) -> float:
    a, b = np.array(inside)[:, None], np.array(outside)
    return float(np.mean((a > b) + 0.5 * (a == b)))


def _areas(
    answer: Callable[..., Any], inside: list[float], outside: list[float]
) -> None:
    shown = f"roc_area({inside}, {outside})" if len(inside) < 8 else "roc_area(...)"
    want = _pairs(inside, outside)
    expect_close(
        answer(inside, outside),
        want,
        shown,
        [
            (
                1 - want,
                "That is the area of the other side: a score inside should be above one outside.",
            )
        ],
    )


@area.check(
    "small sets",
    hint="Of all pairs of one score inside and one outside, count those where the inside one is higher.",
)
def _small(answer: Callable[..., Any]) -> None:
    _areas(answer, [0.9, 0.8, 0.4], [0.5, 0.1])
    _areas(answer, [0.2, 0.3], [0.6, 0.7, 0.9])


@area.check(
    "ties",
    hint="A pair of equal scores is half a success: a score that is the same for all separates nothing, and its area "
    "is 0.5.",
)
def _ties(answer: Callable[..., Any]) -> None:
    _areas(answer, [1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0])
    _areas(answer, [0.5, 0.5], [0.5])


@area.check(
    "many scores",
    hint="Two hundred thousand scores on each side are 4 * 10^10 pairs. Sort one side once, and ask np.searchsorted "
    "how many lie below each of the others.",
)
def _many(answer: Callable[..., Any]) -> None:
    n = 200_000
    inside, outside = np.arange(n) * 2.0, np.arange(n) * 2.0 - n
    below = np.searchsorted(outside, inside, "left") + np.searchsorted(
        outside, inside, "right"
    )
    want = float(below.mean() / 2 / n)
    expect_close(
        answer(inside, outside), want, f"roc_area of {n:,} scores on each side"
    )


@area.check(
    "one side is empty",
    hint="Without a score on one side there is no pair to count: raise a ValueError.",
)
def _empty(answer: Callable[..., Any]) -> None:
    expect_error(answer, ([], [0.5]), ValueError, "roc_area([], [0.5])")


def _computes(answer: Callable[..., Any], text: str, want: Fraction) -> None:
    got = answer(text)
    refuse_none(got, f"calculate({text!r})")
    expect_true(
        isinstance(got, Fraction | int) and got == want,
        f"calculate({text!r}) returned {got!r}, expected Fraction('{want}').",
    )


@calculator.check(
    "one operation",
    hint="Numbers may have a decimal point, and spaces may stand anywhere between them. Fraction('0.1') is exact, "
    "Fraction(0.1) is not.",
)
def _one(answer: Callable[..., Any]) -> None:
    for text, want in (
        ("12 * 7", "84"),
        ("1/3", "1/3"),
        ("0.1 + 0.2", "3/10"),
        (" 5-8 ", "-3"),
    ):
        _computes(answer, text, Fraction(want))


@calculator.check(
    "before and after",
    hint="* and / bind more tightly than + and -; and 8 - 3 - 2 is computed from the left.",
)
def _order(answer: Callable[..., Any]) -> None:
    for text, want in (
        ("2 + 3 * 4", 14),
        ("8 - 3 - 2", 3),
        ("24 / 4 / 2", 3),
        ("2 * 3 + 4 * 5", 26),
    ):
        _computes(answer, text, Fraction(want))


@calculator.check(
    "parentheses and signs",
    hint="What stands in parentheses is a whole sum again, and a sign may stand before a number, before a parenthesis "
    "and before another sign.",
)
def _nested(answer: Callable[..., Any]) -> None:
    for text, want in (
        ("2 * (3 + 4)", 14),
        ("-(2 - 5)", 3),
        ("3 - -2", 5),
        ("((7))", 7),
        ("--4", 4),
    ):
        _computes(answer, text, Fraction(want))


@calculator.check(
    "refusals",
    hint="What is no calculation raises a ValueError, and so does a division by zero: not a ZeroDivisionError, and no "
    "answer to the part that could be read.",
)
def _refusals(answer: Callable[..., Any]) -> None:
    for text in ("", "2 +", "2 3", "(1", "1)", "1 / 0", "a + 1", "1..2", "2 * / 3"):
        expect_error(answer, (text,), ValueError, f"calculate({text!r})")


@calculator.check(
    "strangers",
    hint="eval runs whatever is typed. Read characters and compute; a name or a call is a ValueError. Ten thousand "
    "parentheses are one, too, not a RecursionError.",
)
def _strangers(answer: Callable[..., Any]) -> None:
    for text in (
        "__import__('os').getcwd()",
        "2 ** 3",
        "(" * 10_000 + "1" + ")" * 10_000,
        "10 % 3",
        "True + 1",
    ):
        shown = text if len(text) < 50 else "((((... ten thousand of them"
        expect_error(answer, (text,), ValueError, f"calculate({shown!r})")


def _stream(
    answer: Callable[..., Any], pieces: list[str], forbidden: list[str]
) -> list[str]:
    return list(answer(iter(pieces), list(forbidden)))


@guard.check(
    "harmless text passes",
    hint="Joined, the pieces are the text: nothing may be lost, what was held back included, when the text ends.",
)
def _passes(answer: Callable[..., Any]) -> None:
    for pieces in (["Hel", "lo ", "world"], ["a", "", "b"], [], ["see", "cre"]):
        got = "".join(_stream(answer, pieces, ["secret"]))
        expect_equal(got, "".join(pieces), f"joined guarded({pieces}, ['secret'])")


@guard.check(
    "a phrase in pieces",
    hint="The phrase may come in several pieces. Its beginning must not have been shown when its end comes: hold back "
    "what may still become the phrase, and end before it.",
)
def _in_pieces(answer: Callable[..., Any]) -> None:
    for pieces in (
        ["the sec", "ret is"],
        ["the ", "s", "e", "c", "r", "e", "t"],
        ["the secret is out"],
        ["the secsec", "ret"],
    ):
        want = "".join(pieces).split("secret")[0]
        got = "".join(_stream(answer, pieces, ["secret"]))
        expect_equal(got, want, f"joined guarded({pieces}, ['secret'])")


@guard.check(
    "several phrases",
    hint="Of several phrases the one that begins first in the text counts, whether or not another is found sooner.",
)
def _several(answer: Callable[..., Any]) -> None:
    for pieces, forbidden, want in (
        (["one two three"], ["three", "two"], "one "),
        (["x", "a", "b", "c", "d"], ["abcd", "bc"], "x"),
        (["x", "a", "b", "c", "e"], ["abcd", "bc"], "xa"),
        (["aab", "aac"], ["aac", "zz"], "aab"),
    ):
        got = "".join(_stream(answer, pieces, forbidden))
        expect_equal(got, want, f"joined guarded({pieces}, {forbidden})")


@guard.check(
    "as early as possible",
    hint="A character that can no longer belong to a phrase has to be shown with the piece that decided it. Of 'the s' "
    "only the 's' may still become 'secret'.",
)
def _early(answer: Callable[..., Any]) -> None:
    shown: list[str] = []
    read: list[str] = []

    def pieces() -> Any:
        for piece in ("the s", "un and", " se", "ven"):
            if read:
                so_far = "".join(shown)
                want = {1: "the ", 2: "the sun and", 3: "the sun and "}[len(read)]
                expect_equal(so_far, want, f"what was shown after {read}")
            read.append(piece)
            yield piece

    for piece in answer(pieces(), ["secret"]):
        shown.append(piece)
    expect_equal("".join(shown), "the sun and seven", "all that was shown")


@guard.check(
    "it stops asking",
    hint="After a forbidden phrase no further piece is asked for: the model need not write on.",
)
def _stops(answer: Callable[..., Any]) -> None:
    asked: list[int] = []

    def pieces() -> Any:
        for i in range(100):
            asked.append(i)
            yield "ab" if i == 3 else "x"

    list(answer(pieces(), ["ab"]))
    expect_equal(
        len(asked), 4, "number of pieces read, the fourth of which is forbidden"
    )
