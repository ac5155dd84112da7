"""What a string is made of (graphemes, code points, bytes), and the normal forms of equal texts."""

from __future__ import annotations

import unicodedata
from typing import Literal, NamedTuple, get_args

import regex

NormalForm = Literal["NFC", "NFD", "NFKC", "NFKD"]

_GRAPHEME = regex.compile(r"\X")


class CodePoint(NamedTuple):
    """One code point of a text: the character, its number, its Unicode name and its bytes in UTF-8."""

    character: str
    number: str
    name: str
    utf8: bytes


class Lengths(NamedTuple):
    """The length of one text in each of the units that are called "characters" somewhere."""

    graphemes: int
    code_points: int
    utf16_units: int
    utf8_bytes: int


def normalize(text: str, form: NormalForm = "NFC") -> str:
    r"""Bring a text to a Unicode normal form, so that what looks equal compares equal.

    Args:
        text: Any text.
        form: ``"NFC"`` composes (é is one code point), ``"NFD"`` decomposes (e + accent); ``"NFKC"`` and
            ``"NFKD"`` also replace compatibility characters (ﬁ by fi, Ａ by A, ² by 2), which loses them.

    Returns:
        The normalized text; normalizing it again changes nothing.

    Raises:
        TypeError: If ``text`` is not a string.
        ValueError: If ``form`` is none of the four.

    Source: Unicode Standard Annex #15; book, chapter 2.

    Example:
        >>> normalize("e\u0301") == "é", normalize("ﬁｎｅ", "NFKC")
        (True, 'fine')
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text must be a str, got {type(text).__name__}; decode bytes first: data.decode('utf-8')"
        )
    if form not in get_args(NormalForm):
        raise ValueError(
            f"form must be one of {', '.join(get_args(NormalForm))}, got {form!r}"
        )
    return unicodedata.normalize(form, text)


def graphemes(text: str) -> list[str]:
    r"""Split a text into grapheme clusters: what a reader calls one character.

    Args:
        text: Any text.

    Returns:
        The clusters; joined they are the text.

    Source: Unicode Standard Annex #29 (the pattern ``\X``); book, chapter 2.

    Example:
        >>> graphemes("né👩‍🚀")
        ['n', 'é', '👩\u200d🚀']
    """
    clusters: list[str] = _GRAPHEME.findall(text)
    return clusters


def code_points(text: str) -> list[CodePoint]:
    """Take a text apart into its code points, with number, name and UTF-8 bytes of each.

    Args:
        text: Any text, lone surrogates included.

    Returns:
        One entry a code point. Control characters and surrogates have no Unicode name; their category stands
        in its place, such as ``<Cc>``.

    Example:
        >>> [(c.number, c.name, len(c.utf8)) for c in code_points("爱")]
        [('U+7231', 'CJK UNIFIED IDEOGRAPH-7231', 3)]
    """
    return [
        CodePoint(
            character,
            f"U+{ord(character):04X}",
            unicodedata.name(character, f"<{unicodedata.category(character)}>"),
            character.encode("utf-8", "surrogatepass"),
        )
        for character in text
    ]


def lengths(text: str) -> Lengths:
    """Measure a text in graphemes, code points, UTF-16 units and UTF-8 bytes.

    Args:
        text: Any text.

    Returns:
        The four lengths; Python's ``len`` is the second, JavaScript's the third.

    Example:
        >>> lengths("👩‍🚀")
        Lengths(graphemes=1, code_points=3, utf16_units=5, utf8_bytes=11)
    """
    return Lengths(
        graphemes=len(graphemes(text)),
        code_points=len(text),
        utf16_units=len(text.encode("utf-16-le", "surrogatepass")) // 2,
        utf8_bytes=len(text.encode("utf-8", "surrogatepass")),
    )
