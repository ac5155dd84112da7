"""Words and punctuation: taking a text apart at them, and putting it together again for a reader."""

from __future__ import annotations

from collections.abc import Iterable

import regex

# A word is a run of letters, marks, digits and underscores. An apostrophe or a period between two of them
# stays inside (don't, os.path, 3.14), and so does a comma between digits (1,000), as in Unicode's word
# boundaries. Every other visible character is a token of its own, or a run of the same one (--, ...).
_WORD = regex.compile(
    r"""[\p{L}\p{M}\p{N}_]+(?:(?:['’.]|(?<=\p{N}),(?=\p{N}))[\p{L}\p{M}\p{N}_]+)*|([^\s\p{L}\p{M}\p{N}_])\1*""",
)
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303F\uFF00-\uFFEF]")

_CLOSES = frozenset(".,;:!?)]}%”’»…")
_OPENS = frozenset("([{“‘«$£€#@")
_JOINS = frozenset("-/–")
# Marks that open and close with the same character: the first opens, the second closes.
_QUOTES = frozenset("\"'`")


def word_tokenize(text: str) -> list[str]:
    """Split a text into words and punctuation marks; white space is dropped.

    A script that writes no spaces, such as Chinese, is not segmented: a run of its letters is one "word".

    Args:
        text: Any text.

    Returns:
        The words and marks, in order.

    Raises:
        TypeError: If ``text`` is not a string.

    Source: simplified from Unicode Standard Annex #29; book, chapter 2.

    Example:
        >>> word_tokenize("Don't pay 1,000 dollars (yet) for os.path...")
        ["Don't", 'pay', '1,000', 'dollars', '(', 'yet', ')', 'for', 'os.path', '...']
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, got {type(text).__name__}")
    return [match.group() for match in _WORD.finditer(text)]


def detokenize(words: Iterable[str]) -> str:
    """Join words and punctuation marks with the spaces that a reader expects.

    Args:
        words: What `word_tokenize` returns.

    Returns:
        Readable text: no space before a comma or after an opening bracket, none between Chinese characters,
        quotation marks in pairs.

    Example:
        >>> detokenize(["He", "said", ":", '"', "Hello", ",", "world", "!", '"'])
        'He said: "Hello, world!"'
    """
    pieces: list[str] = []
    open_quotes: set[str] = set()
    glued = True  # whether the next word follows without a space
    before = ""
    for word in words:
        mark = word[:1]
        quote = mark in _QUOTES
        closing_quote = quote and word in open_quotes
        if not (
            glued
            or closing_quote
            or mark in _CLOSES
            or word in _JOINS
            or (_CJK.match(mark) and _CJK.match(before[-1:]))
        ):
            pieces.append(" ")
        pieces.append(word)
        if quote:
            open_quotes ^= {word}
        glued = word in _OPENS or word in _JOINS or (quote and not closing_quote)
        before = word
    return "".join(pieces)
