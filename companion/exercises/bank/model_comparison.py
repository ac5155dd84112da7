"""Exercises on comparing and joining models: equal sizes, and a weight that held-out text chooses."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_equal,
    expect_error,
    refuse_none,
)
from companion.exercises.registry import exercise

Array = Float[np.ndarray, "..."]


def two_numbers(got: object, names: str, shown: str) -> tuple[Any, Any]:
    """Expect a pair of numbers; the message names them."""
    refuse_none(got, shown)
    if not isinstance(got, tuple | list | np.ndarray) or np.shape(got) != (2,):
        raise Mismatch(
            f"{shown} gave {brief(got)}, expected two numbers: {names}.",
            f"Return a tuple of two numbers, in the order {names}.",
        )
    return got[0], got[1]


fair_width = exercise(
    "fair-width",
    "The width that makes a comparison fair",
    chapter=7,
    level="practice",
    answer="fair_width",
)


def _size(
    d: int, gates: int, vocab: int, d_x: int, embedding: int = 1, output: int = 1
) -> int:
    """Count the parameters of a recurrent language model; the last two arguments leave parts of it out."""
    layer = gates * (d_x * d + d * d + 2 * d)
    return embedding * (vocab + 1) * d_x + layer + output * (d * vocab + vocab)


def _width(budget: int, *shape: int, **without: int) -> int:
    d = 0
    while _size(d + 1, *shape, **without) <= budget:
        d += 1
    return d


@fair_width.check(
    "a whole model",
    hint="Count an embedding with one row more than tokens, the recurrent layer with two biases for each block, and an "
    "output layer with its bias. How wide may it be?",
)
def _whole_model(answer: Callable[..., Any]) -> None:
    budget, shape = 1_500_000, (3, 1000, 64)
    mistakes: list[tuple[object, str]] = [
        (_width(budget, *shape, output=0), "The output layer is missing."),
        (_width(budget, *shape, embedding=0), "The embedding is missing."),
        (_width(budget, *shape, embedding=0, output=0), "This is the layer alone. The embedding and the "
         "output layer are parameters as well."),
        (_width(budget, *shape) + 1, "This model is larger than the budget. Is every bias counted? And is this "
         "the last width that fits, or the first that does not?"),
        (_size(_width(budget, *shape), *shape), "This is the number of parameters. Asked for is the width."),
    ]  # fmt: skip
    expect_equal(
        answer(budget, *shape),
        _width(budget, *shape),
        "fair_width(1_500_000, gates=3, vocab_size=1000, d_x=64)",
        mistakes,
    )


@fair_width.check(
    "one block, three, four",
    hint="Every block has its own d_h x d_x and d_h x d_h weights and its own two biases. The embedding and the output "
    "are there once.",
)
def _blocks(answer: Callable[..., Any]) -> None:
    for gates, budget in ((1, 290_000), (2, 280_000), (4, 290_000)):
        shape = (gates, 50, 256)
        width = _width(budget, *shape)
        expect_equal(
            answer(budget, *shape),
            width,
            f"fair_width({budget}, gates={gates}, vocab_size=50, d_x=256)",
            [
                (_width(budget, 3, 50, 256), "gates has no effect: three blocks were counted."),
                (
                    round(_width(budget, 1, 50, 256) / gates),
                    "The width of one block was divided. But d_h enters squared, so a quarter of the parameters is "
                    "not a quarter of the width.",
                ),
                (_width(budget // gates, 1, 50, 256), "The embedding and the output were multiplied by gates as well."),
                (width + 1, "This model is larger than the budget, even if it is the nearest to it."),
            ],
        )  # fmt: skip


@fair_width.check(
    "the small parts",
    hint="Count every part: the embedding's row for the beginning, two biases for each row of a block, the bias of the "
    "output layer.",
)
def _small_parts(answer: Callable[..., Any]) -> None:
    # In each case the budget is so little short of a width that only leaving out one part reaches it.
    cases = (
        ((3, 7, 5), 40, 3 * 40, "One bias too few: this model keeps two for each row of a block. In a GRU they are not "
         "interchangeable."),
        ((1, 7, 300), 10, 300, "The embedding has one row more than tokens, for the beginning."),
        ((1, 500, 3), 10, 500, "The bias of the output layer is missing."),
    )  # fmt: skip
    for shape, d, missing, hint in cases:
        budget = _size(d, *shape) - missing
        gates, vocab, d_x = shape
        expect_equal(
            answer(budget, *shape),
            d - 1,
            f"fair_width({budget}, gates={gates}, vocab_size={vocab}, d_x={d_x})",
            [(d, hint)],
        )


@fair_width.check(
    "to the last parameter",
    hint="A model of exactly the budget fits, and one that is a single parameter larger does not.",
)
def _exact(answer: Callable[..., Any]) -> None:
    # Widths where one formula or another for the root comes out below the whole number that it should be.
    cases = {
        (3, 512, 64): (26, 44, 106, 396),
        (3, 1000, 64): (80, 107),
        (4, 512, 64): (3, 36, 59),
        (1, 7, 3): (15, 66),
    }
    for shape, widths in cases.items():
        gates, vocab, d_x = shape
        for d in widths:
            budget = _size(d, *shape)
            expect_equal(
                answer(budget, *shape),
                d,
                f"fair_width({budget}, gates={gates}, vocab_size={vocab}, d_x={d_x})",
                [
                    (
                        d - 1,
                        f"A width of {d} uses up the budget exactly, and that is allowed. If you took a root: in "
                        "floating point it may lie a hair below the whole number that is meant.",
                    )
                ],
            )
            expect_equal(
                answer(budget - 1, *shape),
                d - 1,
                f"fair_width({budget - 1}, gates={gates}, vocab_size={vocab}, d_x={d_x})",
            )


@fair_width.check(
    "nothing fits",
    hint="If even a width of 1 is too large, there is no answer: raise a ValueError. A width of 0 is no model.",
)
def _nothing_fits(answer: Callable[..., Any]) -> None:
    budget = _size(1, 3, 1000, 64)
    expect_equal(
        answer(budget, 3, 1000, 64),
        1,
        f"fair_width({budget}, gates=3, vocab_size=1000, d_x=64)",
    )
    for less in (budget - 1, 10):
        expect_error(
            answer,
            (less, 3, 1000, 64),
            ValueError,
            f"fair_width({less}, gates=3, vocab_size=1000, d_x=64)",
        )


mix_weight = exercise(
    "mix-weight",
    "Chosen here, measured there",
    chapter=7,
    level="challenge",
    answer="mixture_bits",
)
_MIX = "weight, bits"


def _mixed(logs: Array, weight: float) -> Array:
    with np.errstate(divide="ignore"):
        a, b = np.log(weight) + logs[0], np.log1p(-weight) + logs[1]
    return np.asarray(np.logaddexp(a, b))


def _bits(logs: Array, weight: float) -> float:
    return float(-_mixed(logs, weight).mean() / np.log(2))


def _mix(
    answer: Callable[..., Any],
    valid: Array,
    test: Array,
    weights: list[float],
    shown: str,
) -> tuple[Any, Any]:
    with np.errstate(all="ignore"):
        got = answer(valid.copy(), test.copy(), np.array(weights))
    return two_numbers(got, _MIX, shown)


@mix_weight.check(
    "probabilities are mixed",
    hint="The mixture is a sum of two probabilities, each with its weight; the logarithm is taken of the sum.",
)
def _probabilities(answer: Callable[..., Any]) -> None:
    logs = np.log(np.array([[0.5], [0.125]]))
    shown = "mixture_bits(valid, test, [0.25]), where a gives each part's one token 1/2 and b gives it 1/8"
    weight, bits = _mix(answer, logs, logs, [0.25], shown)
    right = -math.log2(0.25 / 2 + 0.75 / 8)
    expect_close(
        weight,
        0.25,
        f"the weight from {shown}",
        mistakes=[
            (0.0, "This is a position in weights. Return the weight itself."),
            (right, "These are the bits. The weight comes first."),
        ],
    )
    expect_close(
        bits,
        right,
        f"the bits from {shown}",
        mistakes=[
            (2**right, "This is a perplexity. Asked for are bits."),
            (2.5, "The logarithms were mixed. Their weighted mean belongs to no distribution: it does not sum to one."),
            (-math.log2(0.75 / 2 + 0.25 / 8), "The weight went to b. It belongs to a; b gets the rest."),
            (right * math.log(2), "These are nats. Divide by ln 2 for bits."),
            (right * math.log(2) ** 2, "You multiplied by ln 2. A bit is less than a nat, so there are more of them."),
            (-right, "The sign is lost: bits are negative logarithms."),
            (-math.log2(0.25 / 2 + 1 / 8), "b has its whole weight. It gets 1 minus the weight of a."),
            (2**-right, "This is a probability. Asked for are bits."),
        ],
    )  # fmt: skip


@mix_weight.check(
    "the test part chooses nothing",
    hint="The weight is the one with the fewest bits on valid. test is looked at once, with this weight.",
)
def _separate(answer: Callable[..., Any]) -> None:
    valid = np.log(np.array([[0.8, 0.6, 0.7], [0.1, 0.3, 0.2]]))
    test = np.log(np.array([[0.1, 0.2, 0.1], [0.5, 0.9, 0.6]]))
    shown = "mixture_bits(valid, test, [0.1, 0.5, 0.9]), where a is better on valid and b on test"
    weight, bits = _mix(answer, valid, test, [0.1, 0.5, 0.9], shown)
    expect_close(
        weight,
        0.9,
        f"the weight from {shown}",
        mistakes=[
            (0.1, "This weight is the best on test, or the worst on valid. It is to be the best on valid: what test "
             "has chosen, it can no longer judge."),
            (0.5, "This weight is the best on both parts together. test may not take part in the choice."),
            (2.0, "This is a position in weights. Return the weight itself."),
        ],
    )  # fmt: skip
    expect_close(
        bits,
        _bits(test, 0.9),
        f"the bits from {shown}",
        mistakes=[
            (
                float(-np.logaddexp(*(np.log([0.9, 0.1]) + test.sum(axis=1))) / np.log(2) / 3),
                "Two probabilities of the whole text were mixed. Mix at every token, then go on to the next.",
            ),
            (_bits(valid, 0.9), "These are the bits on valid, where the weight was chosen. Return those on test."),
            (_bits(test, 0.1), "These are the bits on test with the weight that suits test best. Use the one that "
             "valid has chosen."),
            (3 * _bits(test, 0.9), "This is the sum. Asked for are bits per token, the mean."),
        ],
    )  # fmt: skip


@mix_weight.check(
    "a long text",
    hint="The product of many probabilities is 0 in floating point: add up logarithms. The two parts need not be "
    "of the same length.",
)
def _long(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(712)
    valid = np.log(generator.uniform(0.001, 0.3, size=(2, 3000)))
    test = np.log(generator.uniform(0.001, 0.3, size=(2, 1000)))
    valid[0, :1000] += 1.0
    weights = [0.2, 0.4, 0.6, 0.8]
    best = min(weights, key=lambda w: _bits(valid, w))
    shown = "mixture_bits(valid of shape [2, 3000], test of shape [2, 1000], [0.2, 0.4, 0.6, 0.8])"
    weight, bits = _mix(answer, valid, test, weights, shown)
    expect_close(weight, best, f"the weight from {shown}")
    right = _bits(test, best)
    expect_close(
        bits,
        right,
        f"the bits from {shown}",
        mistakes=[
            (
                right / 3,
                "The sum over test was divided by the number of tokens of valid.",
            ),
            (right * 1000, "This is the sum. Asked for are bits per token, the mean."),
        ],
    )


@mix_weight.check(
    "very small probabilities",
    hint="exp(-900) is 0 in floating point, and its logarithm minus infinity. The sum of two powers can be computed "
    "without leaving the logarithms: NumPy has a function for it; by hand, subtract the larger one first.",
    points=2,
)
def _small(answer: Callable[..., Any]) -> None:
    valid = np.array([[-900.0, -1.0], [-905.0, -2.0]])
    test = np.array([[-1000.0, -2.0], [-990.0, -800.0]])
    shown = "mixture_bits([[-900, -1], [-905, -2]], [[-1000, -2], [-990, -800]], [0.1, 0.5])"
    weight, bits = _mix(answer, valid, test, [0.1, 0.5], shown)
    expect_close(weight, 0.5, f"the weight from {shown}")
    expect_close(bits, _bits(test, 0.5), f"the bits from {shown}")


@mix_weight.check(
    "what is impossible",
    hint="Weights of 0 and 1 are allowed, and so is a probability of 0. Nothing is clipped or left out: where the "
    "mixture gives a token nothing, the bits are infinite; where the other model helps, they are not.",
)
def _impossible(answer: Callable[..., Any]) -> None:
    with np.errstate(divide="ignore"):
        valid = np.log(np.array([[0.5, 0.5], [0.25, 0.0]]))
        test = np.log(np.array([[0.5, 0.0], [0.5, 0.25]]))
    shown = (
        "mixture_bits(log [[1/2, 1/2], [1/4, 0]], log [[1/2, 0], [1/2, 1/4]], [0, 0.5])"
    )
    weight, bits = _mix(answer, valid, test, [0.0, 0.5], shown)
    nan = (
        "A weight of 0 excludes the second token of valid, and nothing is worse. If a NaN came up: where both parts "
        "are minus infinity, their difference is not a number, and a search takes NaN for the best."
    )
    expect_close(weight, 0.5, f"the weight from {shown}", mistakes=[(0.0, nan)])
    expect_close(bits, 2.0, f"the bits from {shown}")
    shown = (
        "mixture_bits(log [[1/2, 1/2], [1/4, 0]], log [[1/2, 0], [1/2, 1/4]], [0.5, 1])"
    )
    weight, bits = _mix(answer, valid, test, [0.5, 1.0], shown)
    expect_close(weight, 1.0, f"the weight from {shown}")
    expect_close(bits, math.inf, f"the bits from {shown}")
