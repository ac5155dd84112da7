"""An exercise on units: perplexities of models with different tokenizers, brought to bits per byte."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from companion.exercises.expect import expect_close
from companion.exercises.registry import exercise

per_byte = exercise(
    "per-byte",
    "Two perplexities, one unit",
    chapter=17,
    level="warm-up",
    answer="per_byte",
)


@per_byte.check(
    "a text of single bytes",
    hint="The perplexity is 2 to the power of the bits per token. Times the tokens, that is the bits of the whole "
    "text; spread them over its bytes.",
)
def _ascii(answer: Callable[..., Any]) -> None:
    shown = "per_byte([16, 64], [10, 5], text), a text of 20 letters,"
    expect_close(
        answer(np.array([16.0, 64.0]), np.array([10, 5]), "abcdefghij" * 2),
        [2.0, 1.5],
        shown,
        mistakes=[
            ([4.0, 6.0], "These are bits per token, in which models with different tokens cannot be compared."),
            ([40.0, 30.0], "These are the bits of the whole text. Divide by its bytes."),
            (np.array([2.0, 1.5]) * math.log(2), "These are nats. Take the logarithm to the base 2."),
            ([8.0, 24.0], "Tokens and bytes are exchanged: fewer tokens mean fewer bits."),
            ([8.0, 16.0], "The logarithm is missing: a perplexity is a number of choices, not of bits."),
        ],
    )  # fmt: skip


@per_byte.check(
    "Chinese text",
    hint="A character outside ASCII takes two to four bytes in UTF-8. Encode the text and count.",
)
def _chinese(answer: Callable[..., Any]) -> None:
    shown = "per_byte([16], [9], '我爱编程')"
    expect_close(
        answer(np.array([16.0]), np.array([9]), "我爱编程"),
        [3.0],
        shown,
        mistakes=[
            ([9.0], "These are bits per character: len(text) counts characters, not bytes."),
            ([4.5], "Twelve bytes, not eight: this is UTF-16. Encode as UTF-8."),
        ],
    )  # fmt: skip
