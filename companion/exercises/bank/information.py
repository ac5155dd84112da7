"""Exercises on entropy, perplexity, and bounds on the entropy of a language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_true, refuse_none
from companion.exercises.registry import exercise

entropy_bits = exercise(
    "entropy-bits",
    "Entropy, and what has probability zero",
    chapter=1,
    level="practice",
    answer="entropy_bits",
)


@entropy_bits.check(
    "a fair coin has one bit", hint="H = - sum of p log2 p, summed over all outcomes."
)
def _coin(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(np.array([0.5, 0.5])),
        1.0,
        "entropy_bits([0.5, 0.5])",
        mistakes=[
            (np.log(2), "This is the entropy in nats: you took the natural logarithm."),
            (np.log10(2), "This is the entropy to base 10: you took `np.log10`."),
            (
                -1.0,
                "The sign is wrong: the logarithm of a probability is negative, the entropy is not.",
            ),
            (
                0.5,
                "This is the average of -p log2 p. The p in front is the weight already: take the sum.",
            ),
        ],
    )


@entropy_bits.check(
    "outcomes are weighted by their probability",
    hint="Each surprisal -log2 p counts with the weight p, so that rare outcomes count rarely.",
)
def _skewed(answer: Callable[..., Any]) -> None:
    p = np.array([0.5, 0.25, 0.125, 0.125])
    expect_close(
        answer(p),
        1.75,
        "entropy_bits([0.5, 0.25, 0.125, 0.125])",
        mistakes=[
            (
                2.25,
                "All surprisals count the same here: you averaged -log2 p without the weights p.",
            ),
            (
                9.0,
                "All surprisals count the same here: you summed -log2 p without the weights p.",
            ),
            (
                2.0,
                "This is log2 of the number of outcomes: right only when all are equally probable.",
            ),
        ],
    )


@entropy_bits.check(
    "0 log 0 is 0",
    hint="An outcome that never happens surprises nobody. In NumPy 0 * log2(0) is NaN: leave the zeros out of the sum.",
)
def _zeros(answer: Callable[..., Any]) -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        expect_close(
            answer(np.array([0.5, 0.0, 0.5])), 1.0, "entropy_bits([0.5, 0, 0.5])"
        )


@entropy_bits.check(
    "exactly, however many zeros there are",
    hint="A small number added to the probabilities against log 0 makes a small error for each outcome, and a "
    "vocabulary has many. Leave the zeros out of the sum.",
)
def _many_zeros(answer: Callable[..., Any]) -> None:
    p = np.zeros(200_000)
    p[7] = 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        got = answer(p)
    expect_close(
        got, 0.0, "entropy_bits of a certain outcome among 200,000", tolerance=1e-12
    )


conversions = exercise(
    "perplexity-conversions", "One number, two units, many documents", chapter=1, level="practice",
    answer="perplexity_and_bpc",
)  # fmt: skip


def _pair(
    answer: Callable[..., Any], log_probs: list[np.ndarray], characters: list[int]
) -> tuple[Any, Any]:
    got = answer(log_probs, characters)
    shown = "perplexity_and_bpc(...)"
    refuse_none(got, shown)
    expect_true(
        isinstance(got, tuple | list | np.ndarray) and len(got) == 2,
        f"{shown} gave {got!r}, expected two numbers.",
        "Return both, the perplexity first: `return perplexity, bpc`.",
    )
    return got[0], got[1]


_DIE = [np.full(10, -np.log(8.0))]


@conversions.check(
    "the perplexity of a die with 8 faces",
    hint="Perplexity is exp of the average of -log P over the tokens.",
)
def _die(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        perplexity, _ = _pair(answer, [_DIE[0].copy()], [10])
    expect_close(
        perplexity,
        8.0,
        "The perplexity of 10 tokens with P = 1/8 each",
        mistakes=[
            (
                1 / 8,
                "The sign is lost: average the *negative* log-probabilities before the exponential.",
            ),
            (
                2 ** np.log(8),
                "You raised 2 to a number of nats. Nats go with exp, bits go with 2.",
            ),
            (
                8.0**10,
                "You took the exponential of the sum. Divide by the number of tokens first.",
            ),
            (
                np.log(8),
                "This is the cross-entropy in nats. The perplexity is its exponential.",
            ),
        ],
    )


@conversions.check(
    "bits are spread over characters, not over tokens",
    hint="Bits per character: the total of -log P over all tokens, in bits, divided by the number of characters.",
)
def _characters(answer: Callable[..., Any]) -> None:
    _, bpc = _pair(answer, [_DIE[0].copy()], [40])
    expect_close(
        bpc,
        0.75,
        "The bits per character of 10 tokens with P = 1/8 each, in 40 characters,",
        mistakes=[
            (3.0, "These are bits per token. The text has 40 characters."),
            (
                0.75 * np.log(2),
                "These are nats per character. Divide by ln 2 for bits.",
            ),
            (
                3 / 40,
                "The average over tokens was divided by the characters: divide the *total* by them.",
            ),
            (-0.75, "The sign is lost: sum the *negative* log-probabilities."),
            (
                0.75 * np.log(2) ** 2,
                "You multiplied by ln 2. A bit is smaller than a nat, so there are more of them.",
            ),
        ],
    )


def _two_documents() -> tuple[list[np.ndarray], list[int]]:
    """Make a long easy document and a short hard one."""
    return [np.full(90, -np.log(4.0)), np.full(10, -np.log(1024.0))], [270, 80]


@conversions.check(
    "perplexity of two documents of different length",
    hint="Add up the log-probabilities and the tokens of all documents, then divide, then take the exponential once.",
)
def _joint_perplexity(answer: Callable[..., Any]) -> None:
    log_probs, characters = _two_documents()
    perplexity, _ = _pair(answer, log_probs, characters)
    expect_close(
        perplexity,
        2 ** ((90 * 2 + 10 * 10) / 100),
        "The perplexity of 90 tokens with P = 1/4 and 10 tokens with P = 1/1024",
        mistakes=[
            ((4 + 1024) / 2, "This is the average of the two perplexities: the short document swamps it. Average "
             "the nats over all tokens, and take the exponential once."),
            ((90 * 4 + 10 * 1024) / 100, "This is an average of perplexities, weighted by length. Average the nats, "
             "and take the exponential once."),
            (2**6.0, "Each document counts the same here, however short. Divide the total of all tokens by their "
             "number."),
            (4.0, "Only the first document was used."),
        ],
    )  # fmt: skip


@conversions.check(
    "bits per character of two documents of different length",
    hint="Add up the bits of all documents and the characters of all documents, then divide.",
)
def _joint_bpc(answer: Callable[..., Any]) -> None:
    log_probs, characters = _two_documents()
    _, bpc = _pair(answer, log_probs, characters)
    expect_close(
        bpc,
        280 / 350,
        "The bits per character of 180 bits in 270 characters and 100 bits in 80 characters",
        mistakes=[
            ((180 / 270 + 100 / 80) / 2, "This is the average of two ratios. Divide the total of the bits by the "
             "total of the characters."),
        ],
    )  # fmt: skip


@conversions.check(
    "one impossible token",
    hint="A token of probability 0 makes the perplexity infinite; nothing is clipped or left out.",
)
def _infinite(answer: Callable[..., Any]) -> None:
    perplexity, bpc = _pair(answer, [np.array([-1.0, -np.inf])], [2])
    expect_close(
        perplexity, np.inf, "The perplexity of a text with an impossible token"
    )
    expect_close(
        bpc, np.inf, "The bits per character of a text with an impossible token"
    )


guessing_bounds = exercise(
    "guessing-bounds",
    "Entropy from guesses",
    chapter=1,
    level="research",
    answer="entropy_bounds",
)


def _bounds(answer: Callable[..., Any], ranks: list[int]) -> tuple[Any, Any]:
    with np.errstate(all="ignore"):
        got = answer(np.array(ranks))
    shown = "entropy_bounds(...)"
    refuse_none(got, shown)
    expect_true(
        isinstance(got, tuple | list | np.ndarray) and len(got) == 2,
        f"{shown} gave {got!r}, expected two numbers.",
        "Return both, the lower bound first: `return lower, upper`.",
    )
    return got[0], got[1]


@guessing_bounds.check(
    "a player who is always right at once",
    hint="All the weight lies on guess 1: q_1 = 1. Both bounds are 0.",
)
def _sure(answer: Callable[..., Any]) -> None:
    lower, upper = _bounds(answer, [1] * 20)
    expect_close(upper, 0.0, "The upper bound of ranks 1, 1, ..., 1")
    expect_close(lower, 0.0, "The lower bound of ranks 1, 1, ..., 1")


@guessing_bounds.check(
    "the upper bound is the entropy of the guess numbers",
    hint="q_i is the share of the places where guess i was right. The upper bound is - sum of q_i log2 q_i.",
)
def _upper(answer: Callable[..., Any]) -> None:
    _, upper = _bounds(answer, [1, 1, 1, 1, 2, 2, 3, 4])
    expect_close(
        upper,
        1.75,
        "The upper bound of ranks 1 1 1 1 2 2 3 4",
        mistakes=[
            (1.75 * np.log(2), "These are nats: take log2."),
            (1.25, "This is the lower bound: return (lower, upper) in this order."),
        ],
    )


@guessing_bounds.check(
    "the upper bound when a guess number never occurs",
    hint="Here no place took 2 guesses: q_2 = 0, and 0 log 0 counts as 0. Leave such terms out.",
)
def _gap(answer: Callable[..., Any]) -> None:
    _, upper = _bounds(answer, [1, 1, 3, 3])
    expect_close(upper, 1.0, "The upper bound of ranks 1 1 3 3")


@guessing_bounds.check(
    "the lower bound",
    hint="Each term is i (q_i - q_{i+1}) log2 i, with i counted from 1.",
)
def _lower(answer: Callable[..., Any]) -> None:
    # q = (1/2, 1/4, 1/8, 1/8)
    steps = np.array([1 / 4, 1 / 8, 0.0, 1 / 8])
    i = np.arange(1, 5)
    lower, _ = _bounds(answer, [1, 1, 1, 1, 2, 2, 3, 4])
    expect_close(
        lower,
        float(np.sum(i * steps * np.log2(i))),
        "The lower bound of ranks 1 1 1 1 2 2 3 4",
        mistakes=[
            (float(np.sum((i * steps * np.log2(i))[:-1])), "The last term is missing: behind the last guess number "
             "q is 0, so its difference is q_last - 0."),
            (float(np.sum(i * steps * np.log(i))), "These are nats: take log2."),
            (float(np.sum(steps * np.log2(i))), "The factor i is missing from each term."),
            (float(np.sum(i * np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8]) * np.log2(i))), "You used q_i where the "
             "difference q_i - q_{i+1} belongs."),
        ],
    )  # fmt: skip


@guessing_bounds.check(
    "the lower bound when the shares are out of order",
    hint="Here q = (1/2, 0, 1/2), which an ideal player would never show. Put the shares in falling order first; "
    "otherwise the lower bound may come out above the upper one.",
)
def _out_of_order(answer: Callable[..., Any]) -> None:
    lower, _ = _bounds(answer, [1, 1, 3, 3])
    expect_close(
        lower, 1.0, "The lower bound of ranks 1 1 3 3, with the upper bound at 1 bit,"
    )
    lower, _ = _bounds(answer, [1, 2, 2])
    expect_close(
        lower,
        2 / 3,
        "The lower bound of ranks 1 2 2",
        mistakes=[
            (
                4 / 3,
                "The shares are not in falling order: here guess 2 was right more often than guess 1.",
            )
        ],
    )
