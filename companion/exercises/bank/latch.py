"""Exercise on memory: the weights of a recurrent network that keeps a symbol for ever, by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.exercises.bank.backpropagation import parts
from companion.exercises.expect import Mismatch, brief, expect_true
from companion.exercises.registry import exercise

latch = exercise(
    "latch",
    "A memory with chosen weights",
    chapter=5,
    level="research",
    answer="latch_weights",
)
_WEIGHTS = ("W", "U", "b", "O")


def _weights(answer: Callable[..., Any], n: int) -> tuple[Float[np.ndarray, "..."], ...]:  # fmt: skip
    shown = f"latch_weights({n})"
    got = parts(answer(n), _WEIGHTS, shown)
    try:
        w, u, b, o = (np.asarray(array, dtype=float) for array in got)
    except (TypeError, ValueError):
        raise Mismatch(f"{shown} gave {brief(got)}, expected four arrays.") from None
    d = len(b) if b.ndim == 1 else -1
    expect_true(
        d >= 1, f"b from {shown} has shape {list(b.shape)}, expected [d_h], d_h >= 1."
    )
    for name, array, shape in (
        ("W", w, (d, n + 1)),
        ("U", u, (d, d)),
        ("O", o, (n, d)),
    ):
        expect_true(
            array.shape == shape,
            f"{name} from {shown} has shape {list(array.shape)}, expected {list(shape)}, "
            f"since b has {d} entries.",
        )
    return w, u, b, o


def _read(
    weights: tuple[Float[np.ndarray, "..."], ...],
    tokens: Sequence[int],
    disturb: Callable[[Float[np.ndarray, " d_h"]], Any] = np.zeros_like,
) -> Int[np.ndarray, " time"]:
    """Return the symbol with the highest score after each token; -1 where two share it."""
    w, u, b, o = weights
    h = np.zeros(len(b))
    found = []
    for token in tokens:
        h = np.tanh(w[:, token] + u @ h + b)
        h = h + disturb(h)
        scores = np.sort(o @ h)
        found.append(int(np.argmax(o @ h)) if scores[-1] > scores[-2] else -1)
    return np.array(found)


def _expect_symbol(found: Any, symbol: int, said: str) -> None:
    what = "no symbol above the others" if found < 0 else f"symbol {found}"
    expect_true(found == symbol, f"{said} the scores O h name {what}, expected {symbol}.")  # fmt: skip


@latch.check(
    "shapes",
    hint="The tokens are n symbols and the blank, which is number n: W has a column for each of them. O has a row of "
    "scores for each symbol; the blank is never the answer. n is not always 8.",
)
def _shapes(answer: Callable[..., Any]) -> None:
    for n in (8, 5, 2):
        _weights(answer, n)


@latch.check(
    "read at once",
    hint="Right after a symbol its own score has to be the highest. Give each symbol a pattern of the state that no "
    "other has, and let its row of O ask for this pattern.",
)
def _at_once(answer: Callable[..., Any]) -> None:
    for n in (8, 5, 2):
        weights = _weights(answer, n)
        for symbol in range(n):
            said = f"latch_weights({n}): after the symbol {symbol} alone"
            _expect_symbol(_read(weights, [symbol])[-1], symbol, said)


@latch.check(
    "through blanks",
    hint="A blank must leave the state as it is, or nearly. Its column of W, the bias and U decide on that: what does "
    "tanh(u m) make of m, again and again, if u is below 1?",
)
def _through_blanks(answer: Callable[..., Any]) -> None:
    for n in (8, 5, 2):
        weights = _weights(answer, n)
        for symbol in range(n):
            found = _read(weights, [symbol] + [n] * 2000)
            wrong = np.flatnonzero(found != symbol)
            if len(wrong):
                said = f"latch_weights({n}): after the symbol {symbol} and {wrong[0]} blanks"  # fmt: skip
                _expect_symbol(found[wrong[0]], symbol, said)


@latch.check(
    "a new symbol",
    hint="The last symbol counts, whatever stood there before. What a symbol adds has to outweigh what U keeps.",
)
def _new_symbol(answer: Callable[..., Any]) -> None:
    for n in (8, 5, 2):
        weights = _weights(answer, n)
        for first, second in itertools.product(range(n), repeat=2):
            for wait in (0, 50):
                found = _read(weights, [first] + [n] * wait + [second] + [n] * 50)
                said = f"latch_weights({n}): after the symbol {first}, {wait} blanks, the symbol {second}"
                _expect_symbol(found[wait + 1], second, said)
                _expect_symbol(found[-1], second, f"{said} and 50 blanks")


@latch.check(
    "under noise",
    hint="Here every entry of the state is moved by up to 0.1 after each step. What is off must be pulled back by the "
    "next blank: for which u does m = tanh(u m) hold away from zero, and how far away?",
)
def _under_noise(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(55)
    kinds: list[tuple[str, Callable[[Any], Any]]] = [
        ("of 0.1 towards zero", lambda h: -0.1 * np.sign(h)),
        ("drawn from -0.1 to 0.1", lambda h: generator.uniform(-0.1, 0.1, h.shape)),
    ]
    for n, (name, disturb) in itertools.product((8, 5, 2), kinds):
        weights = _weights(answer, n)
        for symbol in range(n):
            tokens = [symbol] + [n] * 1000 + [(symbol + 1) % n] + [n] * 100
            found = _read(weights, tokens, disturb)
            said = f"latch_weights({n}), with noise {name}: after the symbol {symbol}"
            _expect_symbol(found[1000], symbol, f"{said} and 1000 blanks")
            said += f", 1000 blanks, the symbol {(symbol + 1) % n} and 100 blanks"
            _expect_symbol(found[-1], (symbol + 1) % n, said)


@latch.check(
    "few units",
    hint="A unit with two resting points keeps one bit. How many bits tell n symbols apart?",
)
def _few_units(answer: Callable[..., Any]) -> None:
    for n in (8, 5, 2):
        units, enough = len(_weights(answer, n)[2]), math.ceil(math.log2(n))
        expect_true(
            units <= enough,
            f"latch_weights({n}) has {units} units, expected at most {enough}.",
        )
