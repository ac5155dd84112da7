"""What people type: checked and cleaned before an application sees it."""

from __future__ import annotations

import unicodedata
from typing import Literal

Language = Literal["en", "zh"]

LIMIT = 1_000_000
# Line break and tabulator are white space; other control characters have no meaning in a text.
_KEPT = frozenset("\n\t")
# Marks that reverse the direction of what is shown, and can make a text show something that it does not say.
_DIRECTION = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


def checked_text(text: str, limit: int = LIMIT, name: str = "text") -> str:
    r"""Return a text as the applications take it, or say what is wrong with it.

    Args:
        text: What somebody typed.
        limit: Greatest number of code points.
        name: What the text is called in the messages, e.g. ``"question"``.

    Returns:
        The text in the normal form NFC, without spaces at its ends. Control characters are spaces, line breaks are
        ``\n``, halves of surrogate pairs are U+FFFD, and marks that force a direction of writing are gone.

    Raises:
        TypeError: If it is not a string.
        ValueError: If nothing is left of it, or it is longer than the limit.

    Example:
        >>> checked_text(" I like\x00 it.\r\n")
        'I like  it.'
    """
    if not isinstance(text, str):
        raise TypeError(
            f"the {name} must be a str, got {type(text).__name__}; decode bytes first: data.decode('utf-8')"
        )
    if len(text) > limit:
        raise ValueError(
            f"the {name} has {len(text):,} characters, at most {limit:,} are read: give a shorter one, or give it in "
            "pieces"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = []
    for character in text:
        kind = unicodedata.category(character)
        if kind == "Cc" and character not in _KEPT:
            kept.append(" ")
        elif kind == "Cs":
            kept.append("\ufffd")
        elif character not in _DIRECTION:
            kept.append(character)
    cleaned = unicodedata.normalize("NFC", "".join(kept)).strip()
    if not cleaned or not any(c.isprintable() and not c.isspace() for c in cleaned):
        raise ValueError(
            f"the {name} is empty: type a word or a sentence, in English or Chinese"
        )
    return cleaned


def is_han(character: str) -> bool:
    """Tell whether a character is a Chinese one.

    Example:
        >>> is_han("语"), is_han("a"), is_han("。")
        (True, False, False)
    """
    number = ord(character)
    return (
        0x4E00 <= number <= 0x9FFF
        or 0x3400 <= number <= 0x4DBF
        or 0x20000 <= number <= 0x323AF
        or 0xF900 <= number <= 0xFAFF
        or number == 0x3007
    )


def language_of(text: str) -> Language:
    """Tell Chinese from English by the script: a Chinese word has some one and a half characters.

    Args:
        text: Any text.

    Returns:
        ``"zh"`` if there are Chinese characters, and at least 1.5 for each word of other letters; else ``"en"``.

    Example:
        >>> language_of("什么是 BPE？"), language_of("What is 语言模型 called in English?")
        ('zh', 'en')
    """
    han = sum(map(is_han, text))
    others = "".join(" " if is_han(c) or not c.isalpha() else c for c in text).split()
    return "zh" if han and han >= 1.5 * len(others) else "en"
