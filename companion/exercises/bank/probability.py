"""Exercises on conditional probability and on drawing from a distribution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_true,
    refuse_none,
)
from companion.exercises.registry import exercise

chain_rule = exercise(
    "chain-rule",
    "The chain rule, without underflow",
    chapter=1,
    level="warm-up",
    answer="sentence_log_prob",
)

# P(word | all words before it); the last word depends on the first one, two places back.
_TABLE = {
    (): {"the": 0.5, "a": 0.5},
    ("the",): {"list": 0.25, "key": 0.75},
    ("the", "list"): {"grows": 0.125, "ends": 0.875},
    ("list",): {"grows": 0.5, "ends": 0.5},
    ("a",): {"list": 1.0},
    ("a", "list"): {"grows": 1.0},
}


def _next_prob(before: object, word: object) -> float:
    if isinstance(before, str) or not isinstance(before, list | tuple):
        raise Mismatch(
            f"next_prob was called with {brief(before)} in place of the words before.",
            "`next_prob(before, word)` takes a list of all words before, then the word: `words[:t]` and `words[t]`.",
        )
    if not isinstance(word, str):
        raise Mismatch(
            f"next_prob was asked for the word {brief(word)}.",
            "`next_prob(before, word)` takes the words before first, and a single word second.",
        )
    return _TABLE.get(tuple(before), {}).get(word, 0.0)


@chain_rule.check(
    "one word",
    hint="The first word has a probability too: P(first | nothing before it), which is next_prob([], first).",
)
def _one_word(answer: Callable[..., Any]) -> None:
    got = answer(["the"], _next_prob)
    expect_close(
        got,
        np.log(0.5),
        "sentence_log_prob(['the'], next_prob), where P(the) = 0.5,",
        mistakes=[
            (0.5, "This is the probability. Asked for is its logarithm."),
            (
                np.log2(0.5),
                "This is the logarithm to base 2. Unless bits are said, the book takes `np.log`.",
            ),
            (
                np.log10(0.5),
                "This is the logarithm to base 10. Unless bits are said, the book takes `np.log`.",
            ),
            (
                -np.log(0.5),
                "The sign is wrong: the logarithm of a probability is at most 0.",
            ),
        ],
    )


@chain_rule.check(
    "every word, given all words before it",
    hint="Add log P(w_t | w_1 ... w_{t-1}) for every t, the first word included, and nothing else.",
)
def _whole_history(answer: Callable[..., Any]) -> None:
    right = np.log(0.5 * 0.25 * 0.125)
    expect_close(
        answer(["the", "list", "grows"], _next_prob),
        right,
        "sentence_log_prob(['the', 'list', 'grows'], next_prob)",
        mistakes=[
            (
                -np.inf,
                "The history must hold all the words before, from the first one on: `words[:t]`. "
                "A word that belongs to its own history, for one, has probability zero.",
            ),
            (
                np.log(0.5 * 0.25 * 0.5),
                "Each word was conditioned on the one word before it. The chain rule conditions on all of them.",
            ),
            (
                np.log(0.25 * 0.125),
                "The first word is missing: the product begins with P(w_1).",
            ),
            (
                right / 3,
                "This is the average over the words. The chain rule asks for the sum.",
            ),
        ],
    )


@chain_rule.check(
    "an impossible sentence",
    hint="A word of probability zero makes the sentence impossible: its log-probability is minus infinity, "
    "not an error and not a large negative number of your own choice.",
)
def _impossible(answer: Callable[..., Any]) -> None:
    with np.errstate(divide="ignore"):
        got = answer(["a", "key"], _next_prob)
    expect_close(
        got,
        -np.inf,
        "sentence_log_prob(['a', 'key'], next_prob), where P(key | a) = 0,",
    )


@chain_rule.check(
    "a text of 1,000 words",
    hint="Add log-probabilities word by word. At no point may there be a product of many probabilities.",
)
def _long_text(answer: Callable[..., Any]) -> None:
    with np.errstate(divide="ignore"):
        got = answer(["word"] * 1000, lambda before, word: 0.1)
    expect_close(
        got,
        1000 * np.log(0.1),
        "sentence_log_prob of 1,000 words with probability 0.1 each",
        mistakes=[
            (
                -np.inf,
                "Underflow: you multiply the probabilities first, and 0.1 to the power of 1,000 is 0 in 64 bits. "
                "Take the logarithm of each factor, then add.",
            )
        ],
    )


sampling = exercise(
    "sampling", "Drawing the next token", chapter=1, level="challenge", answer="draw"
)

_DRAWS = 3000


def _frequencies(
    answer: Callable[..., Any], probs: np.ndarray, temperature: float
) -> np.ndarray:
    generator = np.random.default_rng(20)
    counts = np.zeros(len(probs))
    shown = f"draw({brief(probs)}, {temperature:g}, generator)"
    for _ in range(_DRAWS):
        token = answer(probs, temperature, generator)
        _refuse_no_token(token, len(probs), shown)
        counts[int(token)] += 1
    return counts / _DRAWS


def _refuse_no_token(token: Any, vocab: int, shown: str) -> None:
    refuse_none(token, shown)
    expect_true(
        isinstance(token, int | np.integer) and not isinstance(token, bool),
        f"{shown} gave {brief(token)} of type {type(token).__name__}, expected a token id, an integer.",
        "Return the position of the token in `probs`, as a single integer: not its probability, not an array.",
    )
    expect_true(
        0 <= int(token) < vocab,
        f"{shown} gave {int(token)}, expected an id from 0 to {vocab - 1}.",
        "The id lies outside the vocabulary: do the weights that you draw from sum to one?",
    )


def _expect_frequencies(
    found: np.ndarray,
    want: np.ndarray,
    shown: str,
    mistakes: Sequence[tuple[np.ndarray, str]] = (),
) -> None:
    """Compare shares of draws: five standard errors, so that a right answer fails once in a million."""

    def near(reference: np.ndarray) -> bool:
        error = np.sqrt(np.maximum(reference * (1 - reference), 1e-4) / _DRAWS)
        return bool(np.all(np.abs(found - reference) < 5 * error))

    if near(want):
        return
    message = f"{_DRAWS:,} times {shown} gave the shares {brief(found)}, expected about {brief(want.round(3))}."
    raise Mismatch(
        message, next((hint for reference, hint in mistakes if near(reference)), None)
    )


_PROBS = np.array([0.6, 0.3, 0.1])


def _tempered(temperature: float) -> np.ndarray:
    powers = _PROBS ** (1 / temperature)
    tempered: np.ndarray = powers / powers.sum()
    return tempered


def _softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values)
    shares: np.ndarray = powers / powers.sum()
    return shares


@sampling.check(
    "temperature 1 draws from the distribution itself",
    hint="At temperature 1 token i must come with probability probs[i]: a draw, not a choice of the largest.",
)
def _plain(answer: Callable[..., Any]) -> None:
    found = _frequencies(answer, _PROBS, 1.0)
    _expect_frequencies(
        found,
        _PROBS,
        "draw([0.6, 0.3, 0.1], 1, generator)",
        mistakes=[
            (
                np.eye(3)[0],
                "Always the most probable token: that is greedy decoding, not a draw.",
            ),
            *(
                (
                    np.eye(3)[i],
                    "The same token every time: is a new generator made in each call?",
                )
                for i in (1, 2)
            ),
            (
                np.full(3, 1 / 3),
                "All tokens come equally often: `probs` is not used in the draw.",
            ),
            (
                _softmax(_PROBS),
                "You apply a softmax to the probabilities. A softmax belongs on logits; at temperature 1 "
                "the distribution must come out as it went in.",
            ),
        ],
    )


@sampling.check(
    "the generator decides",
    hint="Every draw must come from the `generator` that is passed in: `np.random.choice` or a new generator "
    "inside the function makes results that nobody can repeat, or the same result every time.",
)
def _repeatable(answer: Callable[..., Any]) -> None:
    uniform = np.full(100, 0.01)

    def series(seed: int) -> list[int]:
        generator = np.random.default_rng(seed)
        return [int(answer(uniform, 1.0, generator)) for _ in range(8)]

    first, again, other = series(1), series(1), series(2)
    expect_true(
        first == again,
        f"Two generators with the same seed gave {brief(first[:4])} and {brief(again[:4])}, expected the same tokens.",
        "You draw from somewhere else than from `generator`, for example from `np.random`.",
    )
    expect_true(
        len(set(first)) > 1 and first != other,
        f"Eight draws gave {brief(first)}, with another seed {brief(other)}.",
        "The draws do not depend on the state of `generator`: is a new generator made inside the function?",
    )


@sampling.check(
    "temperature acts on the log-probabilities",
    hint="The tempered distribution is proportional to probs ** (1 / temperature), and it sums to one.",
)
def _temperature(answer: Callable[..., Any]) -> None:
    for temperature in (0.5, 2.0):
        found = _frequencies(answer, _PROBS, temperature)
        _expect_frequencies(
            found,
            _tempered(temperature),
            f"draw([0.6, 0.3, 0.1], {temperature:g}, generator)",
            mistakes=[
                (_PROBS, "The temperature changes nothing. Dividing the *probabilities* by it does not: the factor "
                 "cancels when you normalize. Divide their logarithms."),
                (_tempered(1 / temperature), "The temperature works backwards: a low one must sharpen."),
                (
                    _softmax(_PROBS / temperature),
                    "You treat the probabilities as if they were logits. Take their logarithms first.",
                ),
            ],
        )  # fmt: skip


@sampling.check(
    "what has probability zero never comes",
    hint="log 0 is minus infinity, and that is fine: its exponential is 0 again. Let nothing turn it into NaN, and "
    "add no small number to the probabilities.",
)
def _zero(answer: Callable[..., Any]) -> None:
    with np.errstate(divide="ignore"):
        found = _frequencies(answer, np.array([0.5, 0.0, 0.5]), 100.0)
    expect_true(
        found[1] == 0,
        f"draw([0.5, 0, 0.5], 100, generator) gave token 1 in a share {brief(float(found[1]))} of the draws, "
        "expected never.",
    )


@sampling.check(
    "temperatures close to zero, and zero",
    hint="At temperature 0 the most probable token wins. Just above it, probs ** (1 / temperature) underflows to "
    "0 / 0: subtract the largest logarithm before you take the exponential.",
)
def _cold(answer: Callable[..., Any]) -> None:
    probs = np.array([0.2, 0.5, 0.3])
    for temperature in (1e-4, 0.0):
        generator = np.random.default_rng(3)
        with np.errstate(all="ignore"):
            for _ in range(20):
                token = answer(probs, temperature, generator)
                shown = f"draw([0.2, 0.5, 0.3], {temperature:g}, generator)"
                _refuse_no_token(token, 3, shown)
                expect_true(
                    int(token) == 1,
                    f"{shown} gave token {int(token)}, expected the most probable one, 1.",
                )
