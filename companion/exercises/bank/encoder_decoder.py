"""Exercises on the Transformer: targets that are shifted, cross-attention, and the number of parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import (
    expect_close,
    expect_equal,
    expect_error,
    expect_parts,
    expect_true,
)
from companion.exercises.registry import exercise

shifted = exercise(
    "shifted-targets",
    "What is read, and what is asked for",
    chapter=11,
    level="practice",
    answer="teacher_forcing",
)
_PARTS = "given, wanted, counted, may_look"
_TARGET = np.array([[2, 7, 8, 5, 3], [2, 9, 3, 0, 0]])
_SHIFTED = "teacher_forcing([[2, 7, 8, 5, 3], [2, 9, 3, 0, 0]])"


def _parts(answer: Callable[..., Any], target: Any, shown: str) -> tuple[Any, ...]:
    return expect_parts(answer(target.copy()), _PARTS, shown, "arrays")


@shifted.check(
    "one place apart",
    hint="At place i the model reads token i and is asked for token i + 1: the target without its last column, and the "
    "target without its first.",
)
def _one_apart(answer: Callable[..., Any]) -> None:
    given, wanted, _, _ = _parts(answer, _TARGET, _SHIFTED)
    right, asked = _TARGET[:, :-1], _TARGET[:, 1:]
    expect_equal(
        given,
        right,
        f"given from {_SHIFTED}",
        mistakes=[
            (asked, "This is what is asked for. The model reads from the token for the beginning on."),
            (_TARGET, "The last column is read by nobody: nothing comes after it."),
        ],
    )  # fmt: skip
    expect_equal(
        wanted,
        asked,
        f"wanted from {_SHIFTED}",
        mistakes=[
            (right, "The model would be asked for the token that it has just read, and learn to copy it."),
            (np.roll(_TARGET, 1, 1)[:, :-1], "Shifted the wrong way: the model would be asked for the token before."),
        ],
    )  # fmt: skip


@shifted.check(
    "padding is not asked for",
    hint="A place counts if what is asked for there is a token. Padding has the id 0.",
)
def _padding(answer: Callable[..., Any]) -> None:
    *_, counted, _ = _parts(answer, _TARGET, _SHIFTED)
    want = _TARGET[:, 1:] != 0
    expect_equal(
        np.asarray(counted).astype(bool),
        want,
        f"counted from {_SHIFTED}",
        mistakes=[
            (_TARGET[:, :-1] != 0, "The place after the end counts here: it reads the end, and is asked for padding."),
            (~want, "It is upside down: True where a place counts."),
            (np.ones((2, 4), bool), "Padding counts as well."),
            ((_TARGET[:, 1:] != 0) & (_TARGET[:, 1:] != 3), "The end must be asked for, or nothing would ever end."),
        ],
    )  # fmt: skip


@shifted.check(
    "backward and at itself",
    hint="Place i may look at the places 0 to i, its own included: True in and below the diagonal.",
)
def _mask(answer: Callable[..., Any]) -> None:
    *_, may_look = _parts(answer, _TARGET, _SHIFTED)
    want = np.tril(np.ones((4, 4), bool))
    expect_equal(
        np.asarray(may_look).astype(bool),
        want,
        f"may_look from {_SHIFTED}",
        mistakes=[
            (want.T, "It looks forward: rows are the places that look, columns the places that are looked at."),
            (~want, "It is upside down: True where a place may look."),
            (np.tril(want, -1), "A place must see the token that it has just read, or the first one sees nothing."),
            (np.ones((4, 4), bool), "Every place sees all that is read, and so the token that it is asked for."),
        ],
    )  # fmt: skip


@shifted.check(
    "nothing to ask for",
    hint="A target of one token has nothing behind it to be asked for: raise a ValueError.",
)
def _too_short(answer: Callable[..., Any]) -> None:
    expect_error(
        answer, (np.array([[2], [2]]),), ValueError, "teacher_forcing([[2], [2]])"
    )


cross = exercise(
    "cross-attention",
    "Queries from one side, keys and values from the other",
    chapter=11,
    level="practice",
    answer="cross_attention",
)


def _inputs(square: bool = False) -> tuple[Any, ...]:
    generator = np.random.default_rng(111)
    target = 4 if square else 3
    shapes = ((target, 6), (4, 6), (6, 2), (6, 2), (6, 5))
    return tuple(generator.normal(size=shape) for shape in shapes)


def _attend(
    q: Float[np.ndarray, "target d_k"],
    k: Float[np.ndarray, "source d_k"],
    v: Float[np.ndarray, "source d_v"],
    mask: Any,
    scale: float,
    axis: int = 1,
) -> Float[np.ndarray, "target d_v"]:
    energies = np.where(mask, scale * q @ k.T, -np.inf)
    powers = np.exp(energies - energies.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True) @ v)


@cross.check(
    "who asks whom",
    hint="Q = Y WQ has a row for each token that is written; K = M WK and V = M WV a row for each of the source.",
)
def _who(answer: Callable[..., Any]) -> None:
    Y, M, WQ, WK, WV = _inputs()
    mask, scale = np.full(4, True), 2**-0.5
    q, k, v = Y @ WQ, M @ WK, M @ WV
    shown = (
        "cross_attention(Y, M, WQ, WK, WV, mask), three rows looking at four, d_k = 2"
    )
    got = answer(*(part.copy() for part in (Y, M, WQ, WK, WV)), mask.copy())
    expect_true(
        np.shape(got) != (4, 5),
        f"{shown} gave four rows, expected three.",
        "The source asks here. It is the decoder, Y, that asks: there is a result for each token that is written.",
    )
    expect_close(
        got,
        _attend(q, k, v, mask, scale),
        shown,
        mistakes=[
            (_attend(q, k, v, mask, 1.0), "The scores are not divided by the root of d_k."),
            (_attend(q, k, v, mask, 6**-0.5), "The root is that of d_k, the width of a query, not of the width of Y."),
            (_attend(q, k, v, mask, 0.5), "Divide by the root of d_k, not by d_k."),
            (_attend(q, k, v, mask, scale, 0), "The softmax runs over the wrong axis: rows of weights sum to one."),
            (_attend(Y @ WK, M @ WQ, v, mask, scale), "WQ and WK are exchanged: WQ belongs to Y."),
            (_attend(q, Y @ WK, Y @ WV, mask[:3], scale), "This is self-attention of Y: the source has no effect."),
        ],
    )  # fmt: skip


@cross.check(
    "as long as each other",
    hint="When both sides have as many rows no shape tells them apart. Q comes from Y, K and V from M.",
)
def _square(answer: Callable[..., Any]) -> None:
    Y, M, WQ, WK, WV = _inputs(square=True)
    mask = np.full(4, True)
    expect_close(
        answer(*(part.copy() for part in (Y, M, WQ, WK, WV)), mask.copy()),
        _attend(Y @ WQ, M @ WK, M @ WV, mask, 2**-0.5),
        "cross_attention(Y, M, WQ, WK, WV, mask), four rows looking at four",
        mistakes=[
            (
                _attend(M @ WQ, Y @ WK, Y @ WV, mask, 2**-0.5),
                "The source asks the target here: the two sides are exchanged.",
            ),
            (
                _attend(Y @ WQ, M @ WK, Y @ WV, mask, 2**-0.5),
                "The values come from Y: what is fetched must be the source's.",
            ),
        ],
    )


@cross.check(
    "padding of the source",
    hint="A masked place of the source gets the weight 0: its score is minus infinity before the softmax.",
)
def _source_padding(answer: Callable[..., Any]) -> None:
    Y, M, WQ, WK, WV = _inputs()
    mask = np.array([True, True, False, True])
    M = M.copy()
    M[2] = 1.0
    q, k, v = Y @ WQ, M @ WK, M @ WV
    with np.errstate(all="ignore"):
        got = answer(Y, M, WQ, WK, WV, mask.copy())
    expect_close(
        got,
        _attend(q, k, v, mask, 2**-0.5),
        "cross_attention(Y, M, WQ, WK, WV, [True, True, False, True]), with ones in row 2 of M",
        mistakes=[
            (_attend(q, k, v, np.full(4, True), 2**-0.5), "The mask has no effect."),
            (_attend(q, k, v, ~mask, 2**-0.5), "The mask is upside down: True is kept."),
        ],
        tolerance=1e-6,
    )  # fmt: skip


parameters = exercise(
    "transformer-parameters",
    "How large is it?",
    chapter=11,
    level="practice",
    answer="transformer_parameters",
)


def _count(
    layers: int,
    d: int,
    d_ff: int,
    vx: int,
    vy: int,
    tied: bool,
    biases: int = 1,
    decoder_attentions: int = 2,
    decoder_norms: int = 3,
    last: int = 2,
    tables: int | None = None,
) -> int:
    attention = 4 * d * d + 4 * d * biases
    ffn = 2 * d * d_ff + (d_ff + d) * biases
    layer = (
        (1 + decoder_attentions) * attention
        + 2 * ffn
        + (2 + decoder_norms) * 2 * d * biases
        + (0 if biases else (2 + decoder_norms) * d)
    )
    count = (1 if tied else 2) if tables is None else tables
    return layers * layer + last * 2 * d + (vx + count * vy) * d


@parameters.check(
    "layers",
    hint="An attention has four matrices [d, d] with biases, a feed-forward network two with biases, a norm two "
    "vectors. The encoder's layer has one attention and two norms, the decoder's two attentions and three norms. "
    "Two norms stand behind the stacks.",
)
def _layers(answer: Callable[..., Any]) -> None:
    for layers, d, d_ff in ((3, 16, 64), (1, 8, 20)):
        case = (layers, d, d_ff, 0, 0, True)
        want = _count(*case)
        expect_equal(
            answer(*case),
            want,
            f"transformer_parameters({layers}, {d}, {d_ff}, 0, 0, True)",
            mistakes=[
                (_count(*case, decoder_attentions=1), "The decoder's layer has two attentions."),
                (_count(*case, decoder_norms=2), "The decoder's layer has three norms, one for each sublayer."),
                (_count(*case, last=0), "Pre-norm has a norm behind each of the two stacks."),
                (_count(*case, last=1), "There is a norm behind each of the two stacks."),
                (_count(*case, biases=0), "The linear layers have biases, and a norm has a shift beside its scale."),
                (_count(layers, d, 4 * d, 0, 0, True), "d_ff is given. It is not always four times d."),
                (want - layers * 2 * (d_ff + d), "The feed-forward networks have biases, d_ff + d in each."),
                (want - layers * 12 * d, "The attentions have biases, four times d in each."),
                (_count(1, d, d_ff, 0, 0, True), "All layers count."),
                (want - layers * (2 * d * d_ff + d_ff + d), "The decoder has a feed-forward network as well."),
            ],
        )  # fmt: skip


@parameters.check(
    "tables",
    hint="Each language has a table of embeddings, [vocabulary, d]. The output layer has no bias; it is the target's "
    "table if tied, and one more of the same shape if not.",
)
def _tables(answer: Callable[..., Any]) -> None:
    for tied in (True, False):
        case = (1, 8, 20, 11, 7, tied)
        expect_equal(
            answer(*case),
            _count(*case),
            f"transformer_parameters(1, 8, 20, 11, 7, {tied})",
            mistakes=[
                (_count(*case, tables=2 if tied else 1), "Tied: one table serves twice, and is counted once."),
                (_count(1, 8, 20, 7, 11, tied), "The output layer writes the target's words, not the source's."),
                (_count(1, 8, 20, 0, 0, True), "The tables of embeddings are parameters as well."),
                (_count(*case) + 7, "The output layer has no bias here."),
                (_count(1, 8, 20, 11, 11, tied), "The two vocabularies differ in size."),
                (_count(*case, tables=0), "The target has a table as well."),
            ],
        )  # fmt: skip
