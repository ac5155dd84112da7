"""Exercises on judging a text without a reference: variety, and what is copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion.exercises.expect import expect_close, expect_equal
from companion.exercises.registry import exercise

distinct = exercise(
    "distinct-n",
    "Distinct n-grams",
    chapter=18,
    level="warm-up",
    answer="distinct_n",
)


@distinct.check(
    "one text",
    hint="Different n-grams, divided by all n-grams; there are len(text) - n + 1 of them.",
)
def _one(answer: Callable[..., Any]) -> None:
    expect_close(
        answer([["a", "b", "a", "b"]], 2),
        2 / 3,
        "distinct_n([['a', 'b', 'a', 'b']], 2)",
        mistakes=[
            (1 / 3, "This is the share that is repeated. Distinct-n is the share of different ones."),
            (2 / 4, "Divide by the number of n-grams, not by the number of words."),
            (2 / 2, "Divide by the number of all n-grams, not of the different ones."),
        ],
    )  # fmt: skip


@distinct.check(
    "several texts",
    hint="All texts together: an n-gram that two texts share is one different n-gram. None crosses from a text to the "
    "next.",
)
def _several(answer: Callable[..., Any]) -> None:
    texts = [["a", "b", "c"], ["a", "b", "d"]]
    expect_close(
        answer(texts, 2),
        3 / 4,
        f"distinct_n({texts}, 2)",
        mistakes=[
            (1.0, "The texts are counted one by one. A model that writes the same text twice would not be caught."),
            (4 / 5, "An n-gram crosses from one text to the next."),
        ],
    )  # fmt: skip


@distinct.check(
    "short texts",
    hint="A text shorter than n has no n-gram and adds nothing. If there is none at all, return 1.",
)
def _short(answer: Callable[..., Any]) -> None:
    expect_close(
        answer([["a"], ["a", "b"]], 2), 1.0, "distinct_n([['a'], ['a', 'b']], 2)"
    )
    expect_close(answer([["a"]], 3), 1.0, "distinct_n([['a']], 3)")


copied = exercise(
    "copied-run",
    "The longest copied run",
    chapter=18,
    level="practice",
    answer="copied_run",
)


@copied.check(
    "a run in the middle",
    hint="A run that ends at place i of the new text and place j of the old one is one longer than that which ends at "
    "i - 1 and j - 1, if the words are the same, else 0.",
)
def _middle(answer: Callable[..., Any]) -> None:
    new = ["the", "small", "cat", "sat", "there"]
    old = ["a", "cat", "sat", "on", "the", "mat"]
    expect_equal(
        answer(new, old),
        2,
        f"copied_run({new}, {old})",
        mistakes=[
            (3, "These are words in common, in any place. A run is words in a row."),
            (1, "Only single words were found: let a run grow with the word after it."),
            (0, "Only runs at the beginning were looked at: a run may begin at any place of both texts."),
        ],
    )  # fmt: skip


@copied.check(
    "a gap ends a run",
    hint="Words between which something else stands are no run: start from 0 again.",
)
def _gap(answer: Callable[..., Any]) -> None:
    new, old = list("abxcd"), list("abcd")
    expect_equal(
        answer(new, old),
        2,
        f"copied_run({new}, {old})",
        mistakes=[(4, "This allows gaps: it is the longest common subsequence.")],
    )


@copied.check(
    "repeated words",
    hint="A word may stand at several places of the old text: keep a length for each of them.",
)
def _repeated(answer: Callable[..., Any]) -> None:
    new, old = list("xac"), list("abac")
    expect_equal(answer(new, old), 2, f"copied_run({new}, {old})")
    new, old = list("aaab"), list("aab")
    expect_equal(answer(new, old), 3, f"copied_run({new}, {old})")
    expect_equal(answer([], ["a", "b"]), 0, "copied_run([], ['a', 'b'])")
    expect_equal(answer(["a", "b"], []), 0, "copied_run(['a', 'b'], [])")
