"""An exercise on two layers of attention that continue a repeated text: an induction head, written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.bank.attention_layers import softmax
from companion.exercises.expect import Mismatch, expect_parts, expect_true
from companion.exercises.registry import exercise

Layer = tuple[
    Float[np.ndarray, "d d_k"], Float[np.ndarray, "d d_k"], Float[np.ndarray, "d d"]
]

induction = exercise(
    "induction-head",
    "Say what came next last time",
    chapter=10,
    level="research",
    answer="induction_weights",
)
KINDS, PLACES = 6, 12


def stream(tokens: list[int], kinds: int, places: int) -> Float[np.ndarray, "time d"]:
    """Rows of a one-hot token, a one-hot place, and an empty block as wide as the first."""
    x = np.zeros((len(tokens), 2 * kinds + places))
    for t, token in enumerate(tokens):
        x[t, token] = x[t, kinds + t] = 1.0
    return x


def attend(x: Float[np.ndarray, "time d"], layer: Layer) -> tuple[Any, Any]:
    """Causal attention without a root: weights, and the stream with the result added."""
    q, k, v = (x @ w for w in layer)
    allowed = np.tri(len(x), dtype=bool)
    weights = softmax(np.where(allowed, q @ k.T, -np.inf))
    return weights, x + weights @ v


def _layers(answer: Callable[..., Any], kinds: int, places: int) -> list[Layer]:
    """Return both layers in their right shapes."""
    shown = f"induction_weights({kinds}, {places})"
    d = 2 * kinds + places
    found = []
    got = expect_parts(answer(kinds, places), "layer1, layer2", shown, "layers")
    for number, layer in enumerate(got, 1):
        parts = expect_parts(layer, "W_Q, W_K, W_V", f"layer {number}", "matrices")
        arrays = [np.asarray(part, dtype=np.float64) for part in parts]
        q, k, v = arrays
        if any(a.ndim != 2 or a.shape[0] != d for a in arrays) or v.shape[1] != d:
            raise Mismatch(
                f"layer {number} has the shapes {[list(a.shape) for a in arrays]}, expected [{d}, d_k], [{d}, d_k], "
                f"[{d}, {d}].",
                "A row of the stream times W: the rows of W are the numbers of the stream, 2 * kinds + places.",
            )
        if q.shape[1] != k.shape[1]:
            raise Mismatch(
                f"in layer {number} W_Q makes queries of width {q.shape[1]}, W_K keys of width {k.shape[1]}.",
                "Queries and keys are multiplied with each other: they need the same width.",
            )
        if not all(np.isfinite(a).all() for a in arrays):
            raise Mismatch(
                f"layer {number} holds a number that is not finite.",
                "Infinity times 0 is no number. A factor of 50 is enough.",
            )
        found.append((q, k, v))
    return found


def _text(seed: int, kinds: int = KINDS, length: int = 8) -> list[int]:
    """Token 0, then others of which none stands twice but the last, which was there before."""
    generator = np.random.default_rng(seed)
    body = (1 + generator.permutation(kinds - 1))[: length - 2].tolist()
    return [0, *body, int(body[generator.integers(len(body) - 1)])]


@induction.check(
    "the first layer looks one place back",
    hint="The query of place t must fit the key of place t - 1: with one-hot places that is a matrix with ones beside "
    "the diagonal, times a large factor.",
    points=2,
)
def _back(answer: Callable[..., Any]) -> None:
    layer = _layers(answer, KINDS, PLACES)[0]
    text = _text(116)
    weights, _ = attend(stream(text, KINDS, PLACES), layer)
    share = weights[np.arange(1, len(text)), np.arange(len(text) - 1)]
    itself = weights.diagonal()[1:]
    worst = float(share.min())
    hint = None
    if itself.min() > 0.9:
        hint = "Each place looks at itself. Move the ones by one place."
    elif 0.3 < worst < 0.99:
        hint = (
            "It looks the right way, but not sharply: multiply W_Q by a larger factor."
        )
    expect_true(
        worst > 0.99,
        f"in the first layer a place gives {worst:.3f} of its weight to the place before, expected nearly 1.",
        hint,
    )


@induction.check(
    "and writes down who stood there",
    hint="W_V of the first layer copies the token block into the empty block, the last one: columns kinds + places and "
    "on. The other blocks stay as they are.",
)
def _writes(answer: Callable[..., Any]) -> None:
    layer = _layers(answer, KINDS, PLACES)[0]
    text = _text(117)
    before = stream(text, KINDS, PLACES)
    _, after = attend(before, layer)
    written = (after - before)[1:]
    block = written[:, KINDS + PLACES :]
    expect_true(
        bool(np.abs(written[:, : KINDS + PLACES]).max() < 0.05),
        "the first layer changes the blocks of tokens or places, which the second one still needs.",
    )
    expect_true(
        bool((block.argmax(1) == np.array(text[:-1])).all() and block.max(1).min() > 0.5),
        f"behind the first layer the last block names the tokens {block.argmax(1).tolist()}, expected those before: "
        f"{text[:-1]}.",
    )  # fmt: skip


@induction.check(
    "the answer",
    hint="In the second layer the query is the token here, the key is the token that stood before (the last block), "
    "and the value is the token there.",
    points=2,
)
def _answer(answer: Callable[..., Any]) -> None:
    layers = _layers(answer, KINDS, PLACES)
    for seed in range(120, 130):
        text = _text(seed)
        before = stream(text, KINDS, PLACES)
        x = attend(before, layers[0])[1]
        _, after = attend(x, layers[1])
        named = int((after - x)[-1, :KINDS].argmax())
        earlier = text.index(text[-1])
        want = text[earlier + 1]
        hint = None
        if named == text[-1]:
            hint = "It names the token itself: the key is the token that stood before, not the one that stands there."
        elif named == text[earlier - 1]:
            hint = "It names what came before last time. Key and value are exchanged in the second layer."
        elif named == text[-2]:
            hint = "It names the token just before. In the second layer places play no part."
        expect_true(
            named == want,
            f"after the tokens {text} the answer is {named}, expected {want}, which followed {text[-1]} last time.",
            hint,
        )


@induction.check(
    "another alphabet, and a long text",
    hint="Shapes follow from kinds and places. The longer the text, the more places take a little of the weight: the "
    "factor must be large enough.",
)
def _long(answer: Callable[..., Any]) -> None:
    kinds, places = 150, 200
    layers = _layers(answer, kinds, places)
    text = _text(131, kinds, 150)
    x = attend(stream(text, kinds, places), layers[0])[1]
    weights, after = attend(x, layers[1])
    want = text[text.index(text[-1]) + 1]
    named = int((after - x)[-1, :kinds].argmax())
    share = float(weights[-1, text.index(text[-1]) + 1])
    expect_true(
        named == want and share > 0.9,
        f"in a text of 150 tokens the answer is {named} with a weight of {share:.2f}, expected {want} with "
        "more than 0.9.",
    )
