"""Exercises on word alignments as sets of links: the error rate, and the phrases that fit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from companion.exercises.expect import Mismatch, expect_close, expect_error, refuse_none
from companion.exercises.registry import exercise

error_rate = exercise(
    "alignment-error-rate",
    "Sure and possible links",
    chapter=19,
    level="warm-up",
    answer="alignment_error_rate",
)
_LINKS = {(0, 0), (1, 1), (1, 2), (2, 3)}
_SURE = {(0, 0), (1, 1), (3, 3)}
_POSSIBLE = {(0, 0), (1, 1), (3, 3), (1, 2)}
_SHOWN = "alignment_error_rate({(0, 0), (1, 1), (1, 2), (2, 3)}, sure, possible)"


@error_rate.check(
    "the rate",
    hint="One minus (links that are sure + links that are possible) / (number of links + number of sure ones).",
)
def _rate(answer: Callable[..., Any]) -> None:
    got = answer(set(_LINKS), set(_SURE), set(_POSSIBLE))
    a, s = len(_LINKS), len(_SURE)
    expect_close(
        got,
        1 - (2 + 3) / (a + s),
        _SHOWN,
        mistakes=[
            ((2 + 3) / (a + s), "This is how much is right. The error rate is one minus it."),
            (1 - 2 * 2 / (a + s), "This is one minus F1 with the sure links: a possible link is no mistake."),
            (1 - (2 + 3) / (a + len(_POSSIBLE)), "Divide by the number of links and of sure links: nobody has to "
             "find the possible ones."),
            (1 - 2 / a, "This looks at precision alone. What was not found has to count, too."),
        ],
    )  # fmt: skip


@error_rate.check(
    "the ends",
    hint="All sure links, and nothing but possible ones: 0. Nothing right: 1.",
)
def _ends(answer: Callable[..., Any]) -> None:
    expect_close(answer(set(_POSSIBLE), set(_SURE), set(_POSSIBLE)), 0.0, "the rate of all possible links")  # fmt: skip
    expect_close(answer({(9, 9)}, set(_SURE), set(_POSSIBLE)), 1.0, "the rate of one wrong link")  # fmt: skip


@error_rate.check(
    "sure ones are possible",
    hint="Every sure link is possible as well, whether or not the caller repeats it: take the union.",
)
def _union(answer: Callable[..., Any]) -> None:
    got = answer({(0, 0)}, {(0, 0)}, set())
    expect_close(got, 0.0, "alignment_error_rate({(0, 0)}, {(0, 0)}, set())")


@error_rate.check(
    "nothing to compare", hint="Without links and without sure ones there is no rate: raise a ValueError."
)  # fmt: skip
def _nothing(answer: Callable[..., Any]) -> None:
    given: tuple[Any, ...] = (set(), set(), {(0, 0)})
    expect_error(
        answer, given, ValueError, "alignment_error_rate(set(), set(), {(0, 0)})"
    )


phrases = exercise(
    "phrase-pairs",
    "Phrases that fit an alignment",
    chapter=19,
    level="challenge",
    answer="phrase_pairs",
)
_Box = tuple[int, int, int, int]


def _boxes(links: set[tuple[int, int]], source: int, target: int, longest: int, linked: bool = True,
           crossing: bool = False, one_way: bool = False) -> set[_Box]:  # fmt: skip
    found = set()
    for a in range(source):
        for b in range(a + 1, min(a + longest, source) + 1):
            for c in range(target):
                for d in range(c + 1, min(c + longest, target) + 1):
                    inside = [(a <= i < b, c <= j < d) for i, j in links]
                    out = [x for x in inside if x[0] != x[1]]
                    if one_way:
                        out = [x for x in out if x[0]]
                    if (any(x and y for x, y in inside) or not linked) and (crossing or not out):  # fmt: skip
                        found.add((a, b, c, d))
    return found


def _expect_boxes(
    answer: Callable[..., Any], given: tuple[Any, ...], shown: str
) -> None:
    links, source, target, longest = given
    boxes = partial(_boxes, links, source, target, longest)
    got = answer(set(links), source, target, longest)
    refuse_none(got, shown)
    try:
        found = {tuple(int(n) for n in box) for box in got}
    except (TypeError, ValueError):
        raise Mismatch(
            f"{shown} did not give tuples of four numbers.",
            "Return a set of (a, b, c, d): source places a to b - 1, target places c to d - 1.",
        ) from None
    want = boxes()
    if found == want:
        return
    mistakes = [
        (boxes(linked=False), "A pair of phrases needs one link inside at least: two that nothing joins are "
         "not translations of each other."),
        (boxes(one_way=True), "You looked at the links of the source phrase. A target word inside that is "
         "linked to a source word outside is forbidden as well."),
        (boxes(crossing=True), "A link may not lead from inside to outside, from either side."),
        ({(a, b - 1, c, d - 1) for a, b, c, d in want}, "The ends b and d stand behind the last place."),
    ]  # fmt: skip
    extra, lacking = sorted(found - want), sorted(want - found)
    message = (
        f"{shown} gave {len(found)} pairs, expected {len(want)}; not among yours: {lacking[:3]}, "
        f"too many: {extra[:3]}."
    )
    for value, hint in mistakes:
        if found == value:
            raise Mismatch(message, hint)
    raise Mismatch(message)


@phrases.check(
    "two words that change places",
    hint="Try all source and all target phrases, and ask of each link whether both its ends are inside, or none.",
)
def _swap(answer: Callable[..., Any]) -> None:
    _expect_boxes(
        answer, ({(0, 1), (1, 0)}, 2, 2, 2), "phrase_pairs({(0, 1), (1, 0)}, 2, 2, 2)"
    )


@phrases.check(
    "words without a link",
    hint="A word without a link hinders nothing: phrases with it and without it both fit.",
)
def _open(answer: Callable[..., Any]) -> None:
    _expect_boxes(
        answer, ({(0, 0), (2, 2)}, 3, 3, 3), "phrase_pairs({(0, 0), (2, 2)}, 3, 3, 3)"
    )


@phrases.check(
    "one word for two, and a longest length",
    hint="All links of the word must lie inside, and no phrase may be longer than `longest`, on either side.",
)
def _longest(answer: Callable[..., Any]) -> None:
    rng = np.random.default_rng(19)
    links = {(int(i), int(j)) for i, j in rng.integers(0, 5, (6, 2))}
    for longest in (2, 3):
        _expect_boxes(answer, (links, 5, 5, longest), f"phrase_pairs({sorted(links)}, 5, 5, {longest})")  # fmt: skip
