"""An exercise on cutting text that has no blanks, by dynamic programming."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from companion.exercises.expect import expect_equal, expect_error
from companion.exercises.registry import exercise

best_cut = exercise(
    "viterbi-cut",
    "The most probable cut",
    chapter=2,
    level="challenge",
    answer="best_cut",
)


def _logs(probs: dict[str, float]) -> dict[str, float]:
    return {word: math.log(p) for word, p in probs.items()}


@best_cut.check(
    "one word",
    hint="A text that is a word by itself may be cut into just this word.",
)
def _word(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer("生命", _logs({"生命": 0.5})), ["生命"], "best_cut('生命', ...)"
    )


@best_cut.check(
    "the product decides, not the length",
    hint="Compare sums of log-probabilities. The longest word first is a habit of maximum matching.",
)
def _product(answer: Callable[..., Any]) -> None:
    logs = _logs({"研究": 0.2, "研究生": 0.05, "生命": 0.2, "命": 0.01, "起源": 0.1})
    expect_equal(
        answer("研究生命起源", logs),
        ["研究", "生命", "起源"],
        "best_cut('研究生命起源', log_probs)",
        mistakes=[
            (
                ["研究生", "命", "起源"],
                "The longest word was taken first. 研究生 · 命 has the smaller product: try all cuts, by their score.",
            )
        ],
    )
    logs = _logs({"ab": 0.5, "a": 0.3, "b": 0.3, "abc": 0.01, "c": 0.3})
    expect_equal(
        answer("abc", logs),
        ["ab", "c"],
        "best_cut('abc', {'ab': ln 0.5, 'a': ln 0.3, 'b': ln 0.3, 'abc': ln 0.01, 'c': ln 0.3})",
        mistakes=[
            (
                ["a", "b", "c"],
                "Single characters are all in the dictionary, but 0.5 is more than 0.3 times 0.3.",
            ),
            (["abc"], "One word is not always the best: 0.01 is less than 0.5 times 0.3."),
        ],
    )  # fmt: skip


@best_cut.check(
    "a beginning that looks best and leads nowhere",
    hint="Keep the best cut of every prefix, and follow the choices back from the end of the text.",
)
def _dead_end(answer: Callable[..., Any]) -> None:
    logs = _logs({"ab": 0.9, "a": 0.1, "bc": 0.1})
    expect_equal(
        answer("abc", logs),
        ["a", "bc"],
        "best_cut('abc', {'ab': ln 0.9, 'a': ln 0.1, 'bc': ln 0.1})",
    )


@best_cut.check(
    "the sum, not the mean, and words of any length",
    hint="The score is the sum over the words. Words of the dictionary may have any length.",
)
def _sum(answer: Callable[..., Any]) -> None:
    logs = _logs({"ab": 0.05, "a": 0.4, "b": 0.1})
    expect_equal(
        answer("ab", logs),
        ["ab"],
        "best_cut('ab', {'ab': ln 0.05, 'a': ln 0.4, 'b': ln 0.1})",
        mistakes=[
            (
                ["a", "b"],
                "0.4 times 0.1 is less than 0.05. Did you divide the sum by the number of words?",
            )
        ],
    )
    logs = _logs({"中华人民共和国": 0.1, "中华": 0.1, "人民": 0.1, "共和国": 0.1})
    expect_equal(
        answer("中华人民共和国", logs),
        ["中华人民共和国"],
        "best_cut('中华人民共和国', log_probs)",
        mistakes=[
            (
                ["中华", "人民", "共和国"],
                "The word of seven characters was not tried: take the longest length from the dictionary.",
            )
        ],
    )


@best_cut.check(
    "a text of 60 characters",
    hint="There are 2^59 cuts: trying them one by one never ends. Each prefix has to be solved only once.",
)
def _long(answer: Callable[..., Any]) -> None:
    logs = _logs({"a": 0.2, "aa": 0.1, "aaa": 0.3})
    expect_equal(answer("a" * 60, logs), ["aaa"] * 20, "best_cut('a' * 60, ...)")


@best_cut.check(
    "no cut at all",
    hint="If no words of the dictionary join to the text, raise a ValueError that says so.",
)
def _none(answer: Callable[..., Any]) -> None:
    expect_error(
        answer, ("abz", _logs({"a": 0.5, "b": 0.5})), ValueError, "best_cut('abz', ...)"
    )
