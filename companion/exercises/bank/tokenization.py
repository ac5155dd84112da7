"""Exercises on strings and tokens: equal texts, a step of byte-pair encoding, fertility."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_equal,
    expect_error,
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


@same_text.check(
    "folded text in two forms",
    hint="Normalize after folding as well: what casefold returns need not be in normal form.",
)
def _folded(answer: Callable[..., Any]) -> None:
    # The small letter is one code point and folds to three, the capital is two and folds to two.
    expect_equal(
        answer("Μα\u0390ου", "ΜΑ\u03aa\u0301ΟΥ"),
        True,
        r"same_text('Μα\u0390ου', 'ΜΑ\u03aa\u0301ΟΥ'), Greek for *of May*,",
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
    "equally frequent pairs",
    hint="Of equally frequent pairs take the one that comes first in sorted order, wherever it was met.",
)
def _ties(answer: Callable[..., Any]) -> None:
    pair, _, shown = _step(answer, {("m", "n"): 3, ("c", "d"): 3, ("x", "y"): 3})
    expect_equal(
        pair,
        ("c", "d"),
        f"the pair of {shown}",
        mistakes=[
            (("m", "n"), "This is the pair that was met first. Sorted order decides."),
            (("x", "y"), "This is the pair that comes last in sorted order."),
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
    pair, _, shown = _step(answer, {("a", "a", "a"): 2, ("b", "c"): 3})
    expect_equal(
        pair,
        ("a", "a"),
        f"the pair of {shown}",
        mistakes=[
            (
                ("b", "c"),
                "Count all neighbors: in a a a the pair stands twice, though only one can be merged.",
            )
        ],
    )


@bpe_step.check(
    "tokens of several letters",
    hint="Compare whole tokens. The pair (a, b) does not stand in (ca, b), although the letters do.",
)
def _borders(answer: Callable[..., Any]) -> None:
    _, merged, shown = _step(answer, {("a", "b"): 3, ("ca", "b"): 1, ("a", "bc"): 1})
    expect_equal(
        merged,
        {("ab",): 3, ("ca", "b"): 1, ("a", "bc"): 1},
        f"the words of {shown}",
    )


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
    expect_close(
        answer(_pairs, ["cafe\u0301s"]),
        50.0,
        r"fertility(encode, ['cafe\u0301s'])",
        mistakes=[
            (
                60.0,
                "A character here is a code point: the accent that stands by itself is one, too.",
            )
        ],
    )


@fertility.check(
    "nothing to measure",
    hint="Without a single character there is no ratio: raise a ValueError that says so.",
)
def _nothing(answer: Callable[..., Any]) -> None:
    expect_error(answer, (_pairs, ["", ""]), ValueError, "fertility(encode, ['', ''])")
