"""Exercises on posting lists: what two of them have in common, and phrases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import Mismatch, expect_equal, expect_error
from companion.exercises.registry import exercise

intersect = exercise(
    "posting-intersection",
    "What two words have in common",
    chapter=22,
    level="warm-up",
    answer="intersect",
)


class _Counted:
    """A list that counts how often it is read, and refuses to be searched from the front again and again."""

    def __init__(self, values: list[int]) -> None:
        self.values, self.reads = values, 0

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, at: Any) -> Any:
        found = self.values[at]
        self.reads += len(found) if isinstance(at, slice) else 1
        return found

    def __iter__(self) -> Any:
        for value in self.values:
            self.reads += 1
            yield value

    def __contains__(self, wanted: object) -> bool:
        for value in self.values:
            self.reads += 1
            if value == wanted:
                return True
        return False


@intersect.check(
    "documents of both",
    hint="A document belongs to the result if it stands in both lists. Walk through both at once: where the numbers "
    "differ, step on in the list with the smaller one.",
)
def _both(answer: Callable[..., Any]) -> None:
    shown = "intersect([1, 4, 7, 9], [2, 4, 9, 12])"
    expect_equal(
        answer([1, 4, 7, 9], [2, 4, 9, 12]),
        [4, 9],
        shown,
        mistakes=[
            ([1, 2, 4, 7, 9, 12], "These are the documents with one of the two words: OR, not AND."),
            ([1, 7], "These are the documents of the first word without the second: AND NOT."),
            ([4], "The last common document is missing: go on after a match, in both lists."),
            ([9, 4], "The result must be in rising order, so that it can be intersected again."),
        ],
    )  # fmt: skip


@intersect.check(
    "the ends of the lists",
    hint="Stop when either list is at its end. An empty list has nothing in common with any.",
)
def _ends(answer: Callable[..., Any]) -> None:
    for a, b, want in (
        ([], [1, 2], []),
        ([3], [], []),
        ([5], [5], [5]),
        ([1, 2, 3], [3], [3]),
        ([0, 8], [0, 1, 2, 8], [0, 8]),
        ([1, 2], [3, 4], []),
    ):
        expect_equal(answer(list(a), list(b)), want, f"intersect({a}, {b})")


@intersect.check(
    "one walk through both lists",
    hint="Each entry needs to be looked at once or twice. A search for every entry of one list in the other reads the "
    "other from its front each time.",
    points=2,
)
def _linear(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(221)
    a = sorted(generator.choice(6000, 1500, replace=False).tolist())
    b = sorted(generator.choice(6000, 1500, replace=False).tolist())
    first, second = _Counted(a), _Counted(b)
    found = answer(first, second)
    shown = "intersect(a, b) with 1,500 documents each"
    expect_equal(found, [i for i in a if i in set(b)], shown)
    reads = first.reads + second.reads
    if reads > 8 * (len(a) + len(b)):
        raise Mismatch(
            f"{shown} read {reads:,} entries, of 3,000 that are there.",
            "You search one list from its front for every entry of the other. Both are sorted: move on in the list "
            "whose number is smaller.",
        )


phrase = exercise(
    "phrase-search",
    "Words side by side",
    chapter=22,
    level="challenge",
    answer="phrase",
)
# Documents "a b a b", "b a", "a b c", "c b a" with a gap of one place after each.
_PLACES = {"a": [0, 2, 6, 8, 14], "b": [1, 3, 5, 9, 13], "c": [10, 12]}
_STARTS = [0, 5, 8, 12]


def _call(answer: Callable[..., Any], words: str) -> tuple[Any, str]:
    lists = [np.array(_PLACES[word]) for word in words.split()]
    inside = ", ".join(str(_PLACES[word]) for word in words.split())
    return answer(lists, np.array(_STARTS)), f"phrase([{inside}], [0, 5, 8, 12])"


@phrase.check(
    "two words",
    hint="The second word must stand one place after the first. Subtract 1 from its places, and see which are places "
    "of the first.",
)
def _two(answer: Callable[..., Any]) -> None:
    got, shown = _call(answer, "a b")
    expect_equal(
        got,
        [0, 2],
        shown,
        mistakes=[
            ([0, 1, 2, 3], "The words stand in all of these documents, but in document 1 in the other order."),
            ([0, 0, 2], "A document in which the phrase stands twice is returned once."),
            ([0, 2, 8], "These are places. Say in which document each of them lies."),
            ([0, 1, 3], "This is the phrase backward: the second word stands after the first."),
            ([0, 1], "A place that is a document's first belongs to that document, not to the one before."),
            ([1, 3], "These numbers begin at 1. The first document is 0."),
        ],
    )  # fmt: skip


@phrase.check(
    "three words",
    hint="Word number i must stand i places after the first word. All of them have to be there.",
)
def _three(answer: Callable[..., Any]) -> None:
    got, shown = _call(answer, "a b c")
    expect_equal(
        got,
        [2],
        shown,
        mistakes=[
            ([0, 2], "The third word has no effect."),
            ([], "Word number i is moved back by i places: the third by two."),
        ],
    )  # fmt: skip
    got, shown = _call(answer, "a b a")
    expect_equal(got, [0], shown)


@phrase.check(
    "a word alone, and no match",
    hint="One word is a phrase, too. Where nothing matches, the result is empty.",
)
def _alone(answer: Callable[..., Any]) -> None:
    got, shown = _call(answer, "c")
    expect_equal(got, [2, 3], shown)
    got, shown = _call(answer, "c a")
    expect_equal(got, [], shown)


@phrase.check(
    "across a gap",
    hint="The gap after each document is a place at which no word stands, so that no phrase can reach across it. "
    "Compare places, not neighbors in the lists.",
)
def _gap(answer: Callable[..., Any]) -> None:
    # The last word of document 0 is b at 3, the first of document 1 is b at 5.
    got, shown = _call(answer, "b b")
    expect_equal(got, [], shown)


@phrase.check("no word", hint="An empty phrase asks for nothing: raise a ValueError.")
def _none(answer: Callable[..., Any]) -> None:
    expect_error(
        answer, ([], np.array(_STARTS)), ValueError, "phrase([], [0, 5, 8, 12])"
    )
