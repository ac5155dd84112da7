"""An exercise on the online softmax: two partial results that become one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import expect_close, expect_parts, expect_true
from companion.exercises.registry import exercise

Part = tuple[float, float, Float[np.ndarray, " d_v"]]

merge_partial = exercise(
    "merge-partial",
    "Two halves of a softmax",
    chapter=10,
    level="challenge",
    answer="merge",
)
_PARTS = "m, s, z"


def partial(
    scores: Float[np.ndarray, " n"], values: Float[np.ndarray, "n d_v"]
) -> Part:
    """Greatest score, sum of the powers, weighted sum of the values."""
    if not len(scores):
        return -np.inf, 0.0, np.zeros(values.shape[1])
    m = float(scores.max())
    powers = np.exp(scores - m)
    return m, float(powers.sum()), powers @ values


def _expect_merged(got: object, first: Part, second: Part, shown: str) -> None:
    """Expect one part of two; only the ratios are unique, so z / s and m + log s are compared."""
    m, s, z = expect_parts(got, _PARTS, shown)
    both = [(a[0], a[1], a[2]) for a in (first, second)]
    top = max(a[0] for a in both)
    total = sum(a[1] * np.exp(a[0] - top) for a in both)
    mean = sum(a[2] * np.exp(a[0] - top) for a in both) / total
    plain = sum(a[1] for a in both)
    means = [a[2] / a[1] for a in both if a[1] > 0]
    up = [np.nan_to_num(np.exp(top - a[0])) for a in both]
    swapped = sum(u * a[2] for u, a in zip(up, both, strict=True)) / sum(
        u * a[1] for u, a in zip(up, both, strict=True)
    )
    expect_close(
        np.asarray(z) / s,
        mean,
        f"z / s after {shown}",
        mistakes=[
            (sum(a[2] for a in both) / plain,
             "The two parts are relative to different maxima: scale both down to the greater one before adding."),
            (np.mean(means, axis=0), "The mean of two means is right only where both parts have the same weight."),
            *((mean_of_one, "One of the two parts is lost.") for mean_of_one in means if len(means) > 1),
            (np.nan_to_num(swapped, nan=np.inf),
             "The sign in the exponent is wrong: a part is multiplied by exp(its m - new m), at most 1."),
        ],
    )  # fmt: skip
    expect_close(
        m + np.log(s),
        top + np.log(total),
        f"m + log s after {shown}",
        mistakes=[(top + np.log(plain), "s was added up unscaled: it needs the same factors as z.")],
    )  # fmt: skip
    expect_close(
        m,
        top,
        f"m after {shown}",
        mistakes=[
            (sum(a[0] for a in both), "m is the greater of the two maxima, not their sum.")
        ],
    )  # fmt: skip


@merge_partial.check(
    "equal maxima",
    hint="With the same m on both sides nothing has to be scaled: s and z add up.",
)
def _equal(answer: Callable[..., Any]) -> None:
    one: Part = (1.0, 2.0, np.array([3.0, 1.0]))
    other: Part = (1.0, 1.0, np.array([0.0, 4.0]))
    _expect_merged(
        answer(*one, *other), one, other, "merge(1, 2, [3, 1], 1, 1, [0, 4])"
    )


@merge_partial.check(
    "the keys cut in two",
    hint="The new m is the greater one. Each side's s and z are multiplied by exp(its old m - new m).",
    points=2,
)
def _cut(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(115)
    scores, values = generator.normal(size=9) * 3, generator.normal(size=(9, 2))
    order = scores.argsort()
    scores, values = scores[order], values[order]
    for place, name in (
        (4, "the greater scores on the right"),
        (-4, "the greater scores on the left"),
    ):
        if place < 0:
            scores, values = scores[::-1], values[::-1]
        cut = abs(place)
        one, other = partial(scores[:cut], values[:cut]), partial(scores[cut:], values[cut:])  # fmt: skip
        got = answer(one[0], one[1], one[2].copy(), other[0], other[1], other[2].copy())
        _expect_merged(got, one, other, f"merge of 4 and 5 keys, {name}")


@merge_partial.check(
    "scores of a thousand",
    hint="exp(1000) is infinite, and so is exp(m1 - m2) if m1 is far greater. An exponent that is never above 0 is "
    "safe.",
)
def _large(answer: Callable[..., Any]) -> None:
    one: Part = (1000.0, 2.0, np.array([2.0]))
    other: Part = (-1000.0, 3.0, np.array([9.0]))
    with np.errstate(all="ignore"):
        for a, b in ((one, other), (other, one)):
            _expect_merged(
                answer(*a, *b), a, b, f"merge({a[0]:g}, {a[1]:g}, ..., {b[0]:g}, ...)"
            )


@merge_partial.check(
    "a part without keys",
    hint="Nothing seen yet is m = -inf, s = 0, z = 0. Minus infinity minus infinity is NaN: two empty parts need care.",
)
def _empty(answer: Callable[..., Any]) -> None:
    none: Part = (-np.inf, 0.0, np.zeros(2))
    some: Part = (-5.0, 2.0, np.array([1.0, 3.0]))
    with np.errstate(all="ignore"):
        for a, b in ((none, some), (some, none)):
            _expect_merged(
                answer(a[0], a[1], a[2].copy(), b[0], b[1], b[2].copy()),
                a,
                b,
                "merge with one part that is (-inf, 0, [0, 0])",
            )
        shown = "merge(-inf, 0, [0, 0], -inf, 0, [0, 0])"
        m, s, z = expect_parts(
            answer(*none[:2], np.zeros(2), *none[:2], np.zeros(2)), _PARTS, shown
        )
    expect_true(
        bool(m == -np.inf and s == 0 and np.all(np.asarray(z) == 0)),
        f"{shown} gave ({m}, {s}, {np.asarray(z).tolist()}), expected (-inf, 0, [0, 0]).",
    )
