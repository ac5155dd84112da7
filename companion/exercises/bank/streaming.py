"""An exercise on decoding bytes as they arrive."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from companion.exercises.expect import (
    brief,
    expect_equal,
    expect_true,
    refuse_none,
)
from companion.exercises.registry import exercise

streaming = exercise(
    "streaming-decode",
    "Text as it arrives",
    chapter=2,
    level="research",
    answer="StreamingDecoder",
    kind="class",
)


def _feed(answer: Callable[..., Any], pieces: list[bytes]) -> tuple[list[str], str]:
    decoder = answer()
    shown = [decoder.feed(piece) for piece in pieces]
    for got in shown:
        refuse_none(got, "feed(...)")
        expect_true(
            isinstance(got, str),
            f"feed(...) returned {brief(got)}, not a string.",
            "`feed` takes bytes and returns text.",
        )
    last = decoder.finish()
    refuse_none(last, "finish()")
    return shown, last


@streaming.check(
    "complete characters come at once",
    hint="What is complete is shown without waiting: after a piece that ends with a character, nothing is held back.",
)
def _at_once(answer: Callable[..., Any]) -> None:
    shown, last = _feed(answer, [b"to", b"ken ", "你".encode()])
    expect_equal(
        [*shown, last],
        ["to", "ken ", "你", ""],
        "feed(b'to'), feed(b'ken '), feed('你' in bytes), finish()",
    )


@streaming.check(
    "half a character waits",
    hint="Bytes that begin a character and do not complete it are kept until the rest comes.",
)
def _waits(answer: Callable[..., Any]) -> None:
    raw = "你好".encode()
    shown, last = _feed(answer, [raw[:2], raw[2:4], raw[4:]])
    expect_equal(
        [*shown, last],
        ["", "你", "好", ""],
        "你好 in pieces of 2, 2 and 2 bytes",
    )


@streaming.check(
    "the end",
    hint="When the bytes end in the middle of a character, `finish` gives U+FFFD for what is left: nothing is lost.",
)
def _finish(answer: Callable[..., Any]) -> None:
    shown, last = _feed(answer, [b"ok", "你".encode()[:2]])
    expect_equal(
        [*shown, last], ["ok", "", "\ufffd"], "feed(b'ok'), feed(2 bytes of 你), finish()"
    )  # fmt: skip


@streaming.check(
    "two decoders at once",
    hint="What waits belongs to one decoder: keep it in the object, not in the class.",
)
def _two(answer: Callable[..., Any]) -> None:
    first, second = answer(), answer()
    raw = "你".encode()
    shown = [first.feed(raw[:2]), second.feed(b"a"), first.feed(raw[2:])]
    expect_equal(
        shown,
        ["", "a", "你"],
        "first.feed(2 bytes of 你), second.feed(b'a'), first.feed(the third byte)",
    )


@streaming.check(
    "any bytes, cut anywhere",
    hint="Whatever the pieces are, joined they must equal `whole.decode('utf-8', errors='replace')`. Bytes that can "
    "never become a character are replaced at once.",
)
def _any_bytes(answer: Callable[..., Any]) -> None:
    shown, _ = _feed(answer, [b"\xff"])
    expect_equal(shown, ["\ufffd"], r"feed(b'\xff')")
    generator = np.random.default_rng(7)
    alphabet = [b"a", "é".encode(), "你".encode(), "👩".encode(), b"\xff", b"\xe4", b"\x80"]  # fmt: skip
    for _ in range(60):
        whole = b"".join(alphabet[i] for i in generator.integers(0, 7, size=12))
        cuts = np.sort(generator.integers(0, len(whole) + 1, size=4)).tolist()
        edges = [0, *cuts, len(whole)]
        pieces = [whole[a:b] for a, b in pairwise(edges)]
        shown, last = _feed(answer, pieces)
        expect_equal(
            "".join(shown) + last,
            whole.decode("utf-8", errors="replace"),
            f"the pieces {pieces!r}, joined,",
        )
