"""Exercises on the cache of keys and values: one token at a time, and sliding it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close, expect_error, expect_parts
from companion.exercises.registry import exercise

cached_attention = exercise(
    "cached-attention",
    "One token at a time",
    chapter=12,
    level="challenge",
    answer="cached_attention",
)
_PARTS = "out, keys, values"
Arrays = tuple[np.ndarray, ...]


def attend(
    x: np.ndarray, keys: np.ndarray, values: np.ndarray, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray
) -> Arrays:  # fmt: skip
    """Return what the exercise asks for: output, keys and values."""
    keys = np.concatenate([keys, (w_k @ x)[:, None]], 1)
    values = np.concatenate([values, (w_v @ x)[:, None]], 1)
    out = weighted(w_q @ x, keys, values)
    return out, keys, values


def weighted(
    q: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    scaled: bool = True,
    tiled: bool = False,
) -> np.ndarray:
    """Return the attention of one token's queries, [heads, d_head], heads joined."""
    share = len(q) // len(keys)
    if tiled:
        k, v = np.tile(keys, (share, 1, 1)), np.tile(values, (share, 1, 1))
    else:
        k, v = np.repeat(keys, share, 0), np.repeat(values, share, 0)
    scores = np.einsum("hd,htd->ht", q, k) / (q.shape[1] ** 0.5 if scaled else 1)
    weights = np.exp(scores - scores.max(1, keepdims=True))
    weights /= weights.sum(1, keepdims=True)
    out: np.ndarray = np.einsum("ht,htd->hd", weights, v).ravel()
    return out


def draw(
    heads: int, kv_heads: int, d_head: int, d: int, length: int, seed: int
) -> Arrays:
    """Return x, keys, values and the three matrices, drawn at random."""
    generator = np.random.default_rng(seed)
    cache = (kv_heads, length, d_head)
    shapes = ((d,), cache, cache, (heads, d_head, d), *[(kv_heads, d_head, d)] * 2)
    return tuple(generator.normal(size=shape) for shape in shapes)


def _ask(answer: Callable[..., Any], given: Arrays, shown: str) -> tuple[Any, Any, Any]:
    got = answer(*(array.copy() for array in given))
    out, keys, values = expect_parts(got, _PARTS, shown, "arrays")
    return out, keys, values


@cached_attention.check(
    "the first token",
    hint="With an empty cache the token looks at itself alone: what comes out is its own value, once for each head.",
)
def _first_token(answer: Callable[..., Any]) -> None:
    given = draw(1, 1, 2, 3, 0, 123)
    shown = "out from cached_attention(...) with an empty cache and one head"
    out, _, _ = _ask(answer, given, shown)
    x, _, _, w_q, w_k, w_v = given
    expect_close(
        out,
        (w_v @ x)[0],
        shown,
        mistakes=[
            (np.zeros(2), "The token's own key and value belong into the cache before it looks."),
            ((w_k @ x)[0], "This is the key. What is averaged are the values."),
            ((w_q @ x)[0], "This is the query. What is averaged are the values."),
        ],
    )  # fmt: skip


@cached_attention.check(
    "what is stored",
    hint="The new key and the new value are put behind those that are there, along the axis of the tokens.",
)
def _stored(answer: Callable[..., Any]) -> None:
    given = draw(2, 2, 3, 4, 3, 124)
    _, want_keys, want_values = attend(*given)
    for place, (name, want) in enumerate((("keys", want_keys), ("values", want_values)), 1):  # fmt: skip
        shown = f"{name} from cached_attention(...) with three tokens in the cache"
        got = _ask(answer, given, shown)[place]
        expect_close(
            got,
            want,
            shown,
            mistakes=[
                (np.roll(want, 1, 1), "The new token was put in front. The order of the cache is that of the text."),
            ],
        )  # fmt: skip


@cached_attention.check(
    "the weights",
    hint="Softmax over the tokens of the scores q . k / sqrt(d_head), the new token's included.",
)
def _weights(answer: Callable[..., Any]) -> None:
    given = draw(1, 1, 4, 3, 3, 125)
    shown = "out from cached_attention(...) with three tokens in the cache and one head"
    out, _, _ = _ask(answer, given, shown)
    want, keys, values = attend(*given)
    q = given[3] @ given[0]
    expect_close(
        out,
        want,
        shown,
        mistakes=[
            (weighted(q, keys, values, scaled=False), "The scores are divided by the root of d_head."),
            (weighted(q, given[1], given[2]), "The token must see itself as well."),
            (weighted(q, keys, keys), "You averaged the keys. The values are averaged."),
            (values.mean(1)[0], "All weights are equal: do queries and keys meet?"),
        ],
    )  # fmt: skip


@cached_attention.check(
    "heads that share keys",
    hint="With four heads of queries and two of keys, the first two queries look at the first keys, the others at the "
    "second.",
)
def _sharing(answer: Callable[..., Any]) -> None:
    given = draw(4, 2, 2, 3, 2, 126)
    shown = "out from cached_attention(...) with 4 heads, kv_heads = 2"
    out, _, _ = _ask(answer, given, shown)
    want, keys, values = attend(*given)
    tiled = weighted(given[3] @ given[0], keys, values, tiled=True)
    expect_close(
        out,
        want,
        shown,
        mistakes=[
            (tiled, "Neighbors share: heads 0 and 1 the first keys, heads 2 and 3 the second. np.repeat, not np.tile."),
            (want.reshape(4, 2).T.ravel(), "Join the heads one behind the other."),
        ],
    )  # fmt: skip


@cached_attention.check(
    "token by token it is causal attention",
    hint="Read a text token by token, with what was returned as the next cache: each output must be that of causal "
    "attention over the whole text.",
)
def _whole(answer: Callable[..., Any]) -> None:
    _, keys, values, *matrices = draw(4, 2, 3, 5, 0, 127)
    text = np.random.default_rng(128).normal(size=(6, 5))
    want_keys, want_values = keys, values
    for t, x in enumerate(text):
        shown = f"out for token {t}, read through the cache"
        out, keys, values = _ask(answer, (x, keys, values, *matrices), shown)
        want, want_keys, want_values = attend(x, want_keys, want_values, *matrices)
        expect_close(out, want, shown)


@cached_attention.check(
    "large scores",
    hint="exp(1000) is infinite: subtract the largest score before the exponential. The weights stay the same.",
)
def _large(answer: Callable[..., Any]) -> None:
    x, keys, values, w_q, _, w_v = draw(1, 1, 2, 3, 2, 129)
    given = (1000 * x, keys, values, w_q, w_q, w_v)  # the token fits itself very well
    shown = "out from cached_attention(...) with scores of several hundred thousand"
    with np.errstate(all="ignore"):
        out, _, _ = _ask(answer, given, shown)
    expect_close(out, attend(*given)[0], shown)


slide_cache = exercise(
    "slide-cache",
    "A window that slides",
    chapter=12,
    level="research",
    answer="slide_cache",
)


def turn(
    x: np.ndarray,
    places: np.ndarray,
    base: float = 10_000.0,
    exponent: float = 2.0,
    neighbors: bool = False,
) -> np.ndarray:
    """Turn vectors, [tokens, d_head], by the angles of these places."""
    half = x.shape[1] // 2
    angle = np.outer(places, base ** (-exponent * np.arange(half) / x.shape[1]))
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = (x[:, 0::2], x[:, 1::2]) if neighbors else (x[:, :half], x[:, half:])
    first, second = a * cos - b * sin, b * cos + a * sin
    if neighbors:
        return np.stack([first, second], 2).reshape(x.shape)
    return np.concatenate([first, second], 1)


def _cached(length: int, d_head: int, seed: int, base: float = 10_000.0) -> Arrays:
    """Return keys before they are turned, and as they stand in the cache."""
    plain = np.random.default_rng(seed).normal(size=(length, d_head))
    return plain, turn(plain, np.arange(length), base)


@slide_cache.check("nothing dropped", hint="With drop=0 every key stays as it is.")
def _nothing(answer: Callable[..., Any]) -> None:
    _, keys = _cached(4, 6, 130)
    expect_close(
        answer(keys.copy(), 0),
        keys,
        "slide_cache(keys, drop=0)",
        mistakes=[
            (turn(keys, -np.arange(4)), "All keys were turned back to place 0. They are to stand at 0, 1, 2, ..."),
        ],
    )  # fmt: skip


@slide_cache.check(
    "one pair of numbers",
    hint="A key at place t was turned by the angle t, and is to be at place t - drop: turn every one back by the same "
    "angle.",
)
def _one_pair(answer: Callable[..., Any]) -> None:
    plain, keys = _cached(4, 2, 131)
    left = keys[1:]
    expect_close(
        answer(keys.copy(), 1),
        turn(plain[1:], np.arange(3)),
        "slide_cache(keys, drop=1) with d_head = 2",
        mistakes=[
            (left, "The first token is gone, but the others still stand at their old places."),
            (turn(left, np.ones(3)), "They were turned forward. The places become smaller."),
            (plain[1:], "All were turned back to place 0. The second is to stand at place 1."),
            (keys[:-1], "The last token was dropped. The oldest is the first."),
            (turn(keys[:-1], -np.ones(3)), "The last token was dropped. The oldest is the first."),
        ],
    )  # fmt: skip


@slide_cache.check(
    "several pairs",
    hint="The numbers i and i + d_head / 2 form a pair, with the frequency base ** (-2 i / d_head).",
)
def _several_pairs(answer: Callable[..., Any]) -> None:
    plain, keys = _cached(9, 6, 132)
    back = np.full(5, -4.0)
    expect_close(
        answer(keys.copy(), 4),
        turn(plain[4:], np.arange(5)),
        "slide_cache(keys, drop=4) with d_head = 6",
        mistakes=[
            (turn(keys[4:], back, neighbors=True), "Pairs are not neighbors here: i goes with i + d_head / 2."),
            (turn(keys[4:], back, exponent=1.0), "The exponent is -2 i / d_head, i from 0 to d_head / 2 - 1."),
            (turn(keys[4:], back, exponent=0.0), "All pairs were turned by one angle. Each has its own frequency."),
            (turn(keys[4:], -np.ones(5)), "They were turned back by one place. Four tokens were dropped."),
        ],
    )  # fmt: skip


@slide_cache.check("another base", hint="The base of the frequencies is an argument.")
def _another_base(answer: Callable[..., Any]) -> None:
    plain, keys = _cached(7, 4, 133, base=100.0)
    expect_close(
        answer(keys.copy(), 3, 100.0),
        turn(plain[3:], np.arange(4), 100.0),
        "slide_cache(keys, drop=3, base=100)",
        mistakes=[(turn(keys[3:], np.full(4, -3.0)), "The base has no effect.")],
    )


@slide_cache.check(
    "more than there is",
    hint="Raise a ValueError if drop is negative or above the number of tokens.",
)
def _more(answer: Callable[..., Any]) -> None:
    _, keys = _cached(3, 4, 134)
    for drop in (-1, 4):
        shown = f"slide_cache(keys, drop={drop}) with 3 tokens"
        expect_error(answer, (keys, drop), ValueError, shown)
