"""Exercises on the weights of a GPT: how many there are, and how GPT-2 stores them."""

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

gpt_parameters = exercise(
    "gpt-parameters",
    "How large is a Llama?",
    chapter=12,
    level="warm-up",
    answer="gpt_parameters",
)


@gpt_parameters.check(
    "one block",
    hint="The table; in the block four matrices of attention, three of the feed-forward network and two norms; one "
    "norm behind the last block. No layer has a bias.",
)
def _one_block(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(10, 4, 1, 2, 2, 6, True),
        188,
        "gpt_parameters(vocab_size=10, d=4, layers=1, heads=2, kv_heads=2, d_ff=6, tied=True)",
        mistakes=[
            (176, "The scales of the norms are missing: d for each of two norms a block, and for the last one."),
            (184, "One norm is missing: there are two in each block, and one behind the last block."),
            (164, "SwiGLU has three matrices: two lead up, one leads down."),
            (172, "Attention has four matrices: queries, keys, values, and the projection of what was seen."),
            (148, "The table of the embedding is missing."),
            (228, "With tied=True the output layer is the table of the embedding: it counts once."),
            (200, "RMSNorm has a scale and no shift."),
        ],
    )  # fmt: skip


@gpt_parameters.check(
    "several blocks", hint="What stands in a block counts once for each block, the rest once."
)  # fmt: skip
def _several(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(10, 4, 3, 2, 2, 6, True),
        476,
        "gpt_parameters(vocab_size=10, d=4, layers=3, heads=2, kv_heads=2, d_ff=6, tied=True)",
        mistakes=[
            (188, "The number of blocks has no effect."),
            (564, "The table and the last norm are there once, not once a block."),
            (484, "The last norm is there once, not once a block."),
        ],
    )


@gpt_parameters.check(
    "an output layer of its own",
    hint="If the output layer is not tied, it has a matrix of its own, as large as the table.",
)
def _untied(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(10, 4, 1, 2, 2, 6, False),
        228,
        "gpt_parameters(vocab_size=10, d=4, layers=1, heads=2, kv_heads=2, d_ff=6, tied=False)",
        mistakes=[
            (188, "With tied=False the output layer has a matrix of its own."),
            (238, "The output layer has no bias."),
        ],
    )


@gpt_parameters.check(
    "shared keys and values",
    hint="The matrices of keys and values have a row for each number of each of their kv_heads heads; those of queries "
    "and of the projection stay [d, d].",
)
def _shared(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer(10, 8, 1, 4, 2, 12, True),
        584,
        "gpt_parameters(vocab_size=10, d=8, layers=1, heads=4, kv_heads=2, d_ff=12, tied=True)",
        mistakes=[
            (648, "kv_heads has no effect, or the width of a head is taken from it: it is d / heads for all heads."),
            (520, "Queries and the projection stay as they are: only keys and values are shared."),
            (616, "Keys and values are both shared."),
            (552, "kv_heads is a number of heads; each has d / heads numbers."),
        ],
    )  # fmt: skip


split_qkv = exercise(
    "split-qkv",
    "Three matrices in one",
    chapter=12,
    level="practice",
    answer="split_qkv",
)
_PARTS = "W, b"


def _fused(d: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.normal(size=(d, 3 * d)), generator.normal(size=3 * d)


@split_qkv.check(
    "one head",
    hint="GPT-2 multiplies from the right, x @ weight: a column of the weight makes one number. In W it is a row.",
)
def _one_head(answer: Callable[..., Any]) -> None:
    weight = np.arange(12.0).reshape(2, 6)
    shown = "W from split_qkv(arange(12).reshape(2, 6), zeros(6), heads=1)"
    found, _ = expect_parts(
        answer(weight.copy(), np.zeros(6), 1), _PARTS, shown, "arrays"
    )
    columns = weight.T.reshape(3, 1, 2, 2)
    in_turn = weight.T.reshape(2, 3, 1, 2).transpose(1, 2, 0, 3)
    expect_close(
        found,
        columns,
        shown,
        mistakes=[
            (weight.reshape(3, 1, 2, 2), "The weight was reshaped and not transposed: rows of W are columns of it."),
            (columns.mT, "Transpose: W[j, h] is multiplied from the left, W[j, h] @ x."),
            (columns[::-1], "The first d columns are those of the queries, the last those of the values."),
            (in_turn, "Queries, keys and values stand in three blocks of d columns, not in turn."),
        ],
    )  # fmt: skip


@split_qkv.check(
    "several heads",
    hint="Inside the block of the queries the first d / heads columns are those of the first head, and so on.",
)
def _several_heads(answer: Callable[..., Any]) -> None:
    weight, bias = _fused(6, 120)
    shown = "W from split_qkv(weight, bias, heads=3) with d = 6"
    found, _ = expect_parts(
        answer(weight.copy(), bias.copy(), 3), _PARTS, shown, "arrays"
    )
    blocks, turns = weight.T.reshape(3, 3, 2, 6), weight.T.reshape(3, 2, 3, 6)
    expect_close(
        found,
        blocks,
        shown,
        mistakes=[
            (blocks.swapaxes(0, 1), "Blocks first, heads second: a head's q, k and v do not stand together."),
            (turns.swapaxes(1, 2), "A head's rows stand together: the heads do not take turns."),
        ],
    )  # fmt: skip


@split_qkv.check(
    "the bias",
    hint="The bias has the same three blocks, one behind the other, and the heads inside of each.",
)
def _the_bias(answer: Callable[..., Any]) -> None:
    weight, bias = _fused(6, 121)
    shown = "b from split_qkv(weight, bias, heads=3) with d = 6"
    _, found = expect_parts(
        answer(weight.copy(), bias.copy(), 3), _PARTS, shown, "arrays"
    )
    expect_close(
        found,
        bias.reshape(3, 3, 2),
        shown,
        mistakes=[
            (bias.reshape(3, 2, 3).swapaxes(1, 2), "A head's numbers stand together, in the bias as in the weight."),
            (np.zeros((3, 3, 2)), "The bias is lost."),
        ],
    )  # fmt: skip


@split_qkv.check(
    "what does not fit",
    hint="Raise a ValueError if weight is not [d, 3 d], bias not [3 d], or d no multiple of heads.",
)
def _does_not_fit(answer: Callable[..., Any]) -> None:
    weight, bias = _fused(4, 122)
    shown = "split_qkv(weight, bias, heads=3) with d = 4"
    expect_error(answer, (weight, bias, 3), ValueError, shown)
    shown = "split_qkv(weight, bias, heads=2) with a weight of shape [12, 4]"
    expect_error(answer, (weight.T.copy(), bias, 2), ValueError, shown)
