"""Exercises on strings and tokens: equal texts, a step of byte-pair encoding, fertility, decoding as bytes arrive."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_equal,
    expect_error,
    expect_true,
    refuse_none,
)
from companion.exercises.registry import exercise

same_text = exercise(
    "same-text",
    "The same text to a reader",
    chapter=2,
    level="warm-up",
    answer="same_text",
)


@same_text.check(
    "composed and decomposed",
    hint="Normalize both strings before you compare them: é may be one code point or two.",
)
def _composed(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer("caf\u00e9", "cafe\u0301"), True, r"same_text('caf\u00e9', 'cafe\u0301')"
    )


@same_text.check("upper and lower case", hint="Case does not count: fold it away.")
def _case(answer: Callable[..., Any]) -> None:
    expect_equal(answer("Token", "tOKEN"), True, "same_text('Token', 'tOKEN')")


@same_text.check(
    "case that lower() does not know",
    hint="To compare without case Python has `str.casefold`: it knows that ß in capitals is SS, and `lower` does not.",
)
def _casefold(answer: Callable[..., Any]) -> None:
    expect_equal(answer("Straße", "STRASSE"), True, "same_text('Straße', 'STRASSE')")


@same_text.check(
    "different texts",
    hint="Only canonical equivalence counts (NFC or NFD). NFKC replaces characters by others: ² becomes 2.",
)
def _different(answer: Callable[..., Any]) -> None:
    expect_equal(answer("x²", "x2"), False, "same_text('x²', 'x2')")
    expect_equal(answer("resume", "résumé"), False, "same_text('resume', 'résumé')")


@same_text.check(
    "marks in another order",
    hint="Normalize before you fold the case: folding turns some combining marks into letters, and after "
    "that their order can no longer be put right.",
)
def _order(answer: Callable[..., Any]) -> None:
    expect_equal(
        answer("\u03b1\u0345\u0301", "\u03b1\u0301\u0345"),
        True,
        r"same_text('\u03b1\u0345\u0301', '\u03b1\u0301\u0345')",
    )


bpe_step = exercise(
    "bpe-step",
    "One merge by hand",
    chapter=2,
    level="practice",
    answer="bpe_step",
)


def _step(
    answer: Callable[..., Any], words: dict[tuple[str, ...], int]
) -> tuple[Any, Any, str]:
    shown = f"bpe_step({brief(words, 200)})"
    got = answer(dict(words))
    refuse_none(got, shown)
    if not isinstance(got, tuple | list) or len(got) != 2:
        raise Mismatch(
            f"{shown} returned {brief(got)}.",
            "Return two things: the pair, and the dictionary of the words after the merge.",
        )
    return got[0], got[1], shown


@bpe_step.check(
    "the most frequent pair",
    hint="Weigh each pair with the count of its word: a word that occurs five times holds its pairs five times.",
)
def _weighted(answer: Callable[..., Any]) -> None:
    words: dict[tuple[str, ...], int] = {("l", "o", "w"): 5}
    words |= {("n", "e", "w"): 2, ("s", "e", "w"): 2, ("f", "e", "w"): 2}
    pair, _, shown = _step(answer, words)
    expect_equal(
        pair,
        ("e", "w"),
        f"the pair of {shown}",
    )
    words[("l", "o", "w")] = 7
    pair, _, shown = _step(answer, words)
    expect_equal(
        pair,
        ("l", "o"),
        f"the pair of {shown}",
        mistakes=[
            (
                ("e", "w"),
                "You counted the words that hold a pair. Weigh each with the count of its word.",
            ),
            (
                ("o", "w"),
                "(l, o) and (o, w) are equally frequent. Of equals take the one that comes first in sorted order.",
            ),
        ],
    )


@bpe_step.check(
    "every place in a word",
    hint="A pair may stand in a word more than once: count and merge every place.",
)
def _places(answer: Callable[..., Any]) -> None:
    pair, merged, shown = _step(
        answer, {("b", "a", "n", "a", "n"): 2, ("x", "y"): 3, ("b", "a"): 1}
    )
    expect_equal(pair, ("a", "n"), f"the pair of {shown}")
    expect_equal(
        merged,
        {("b", "an", "an"): 2, ("x", "y"): 3, ("b", "a"): 1},
        f"the words of {shown}",
    )


@bpe_step.check(
    "runs of one token",
    hint="Merge from left to right without overlap: in a a a only the first two are joined.",
)
def _runs(answer: Callable[..., Any]) -> None:
    _, merged, shown = _step(answer, {("a", "a", "a"): 1})
    expect_equal(merged, {("aa", "a"): 1}, f"the words of {shown}")


@bpe_step.check(
    "two words become one",
    hint="After the merge two entries may be equal: add their counts, or one of them is lost.",
)
def _equal_words(answer: Callable[..., Any]) -> None:
    _, merged, shown = _step(answer, {("a", "b", "c"): 3, ("a", "b"): 2, ("ab",): 4})
    expect_equal(
        merged,
        {("ab", "c"): 3, ("ab",): 6},
        f"the words of {shown}",
        mistakes=[
            (
                {("ab", "c"): 3, ("ab",): 4},
                "The count of one ('ab',) replaced that of the other: add them.",
            ),
            (
                {("ab", "c"): 3, ("ab",): 2},
                "The count of one ('ab',) replaced that of the other: add them.",
            ),
        ],
    )


fertility = exercise(
    "fertility",
    "What a tokenizer costs",
    chapter=2,
    level="practice",
    answer="fertility",
)


def _pairs(text: object) -> list[str]:
    """Encode for the checks: a token is two characters."""
    if not isinstance(text, str):
        raise Mismatch(
            f"encode was called with {brief(text)}.",
            "`encode` takes one text at a time: call it for each of them.",
        )
    return [text[i : i + 2] for i in range(0, len(text), 2)]


@fertility.check(
    "one text", hint="100 times the number of tokens, divided by the number of characters."
)  # fmt: skip
def _one(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_pairs, ["abcdefgh"]),
        50.0,
        "fertility(encode, ['abcdefgh']), where a token is two characters,",
        mistakes=[
            (200.0, "This is characters per 100 tokens: the fraction is upside down."),
            (0.5, "This is tokens per character. Asked for are tokens per 100 characters."),
            (2.0, "This is characters per token: the fraction is upside down, and the factor 100 is missing."),
        ],
    )  # fmt: skip


@fertility.check(
    "short texts and long ones",
    hint="Add up the tokens of all texts and the characters of all texts, and divide once.",
)
def _ratio(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_pairs, ["a", "b" * 9]),
        60.0,
        "fertility(encode, ['a', 'bbbbbbbbb'])",
        mistakes=[
            (
                (100 + 500 / 9) / 2,
                "This is the mean of the two ratios: the text of one character counts as much as that of nine. Add up "
                "first, divide once.",
            ),
            (
                50.0,
                "The texts were joined before they were encoded: a token must not cross from one text to the next.",
            ),
        ],
    )


@fertility.check(
    "characters, not bytes",
    hint="Count code points, `len(text)`: in UTF-8 a Chinese character is three bytes and one character.",
)
def _characters(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_pairs, ["你好"]),
        50.0,
        "fertility(encode, ['你好'])",
        mistakes=[
            (100 / 6, "This is per 100 bytes. A character here is a code point.")
        ],
    )


@fertility.check(
    "nothing to measure",
    hint="Without a single character there is no ratio: raise a ValueError that says so.",
)
def _nothing(answer: Callable[..., Any]) -> None:
    expect_error(answer, (_pairs, ["", ""]), ValueError, "fertility(encode, ['', ''])")


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
