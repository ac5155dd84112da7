"""The ways in which metrics cut a text into tokens: the tokenizers of BLEU, and words for answers and summaries."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import regex

# What is a token of its own everywhere: all of ASCII's punctuation but . , - and the apostrophe.
_MARKS = r"[\{-\~\[-\` -\&\(-\+\:-\@\/]"
_AROUND_MARKS = re.compile(rf"(?={_MARKS})|(?<={_MARKS})")
# A period or comma stays with its neighbor only between two digits, as in 1,000.5.
_AFTER_NO_DIGIT = re.compile(r"([^0-9])([\.,])")
_BEFORE_NO_DIGIT = re.compile(r"([\.,])([^0-9])")
_DASH_AFTER_DIGIT = re.compile(r"(?<=[0-9])-")

# The ranges of the program that everybody compares with. The first one was meant to be an extension of the Chinese
# characters beyond U+FFFF; written with four digits it became U+2001 to U+2A6D, dashes and arrows. Scores agree
# only if this is kept.
_CHINESE = re.compile(
    "(["
    "\u2001-\u2a6d\u2e80-\u2eff\u2f00-\u2fdf\u2ff0-\u2fff\u3000-\u303f\u3100-\u312f\u31a0-\u31bf\u31c0-\u31ef"
    "\u3200-\u32ff\u3300-\u33ff\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9"
    "\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef"
    "])"
)


def _split_marks(text: str) -> str:
    """Put spaces between words and marks, in the order in which mteval does it."""
    text = _AROUND_MARKS.sub(" ", text)
    if "." in text or "," in text:
        text = _AFTER_NO_DIGIT.sub(lambda m: f"{m[1]} {m[2]} ", text)
        text = _BEFORE_NO_DIGIT.sub(lambda m: f" {m[1]} {m[2]}", text)
    return _DASH_AFTER_DIGIT.sub(" - ", text)


def _mteval(lines: Sequence[str]) -> list[list[str]]:
    cleaned = [
        line.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
        for line in lines
    ]
    # All lines at once, each between two spaces as mteval has it: one pass over one long text is faster.
    text = " \n ".join(cleaned)
    if "&" in text:
        for escaped, character in (
            ("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"),
        ):  # fmt: skip
            text = text.replace(escaped, character)
    return [line.split() for line in _split_marks(f" {text} ").split("\n")]


def _chinese(lines: Sequence[str]) -> list[list[str]]:
    return [_split_marks(_CHINESE.sub(r" \1 ", line.strip())).split() for line in lines]


def _characters(lines: Sequence[str]) -> list[list[str]]:
    return [list("".join(line.split())) for line in lines]


def _blanks(lines: Sequence[str]) -> list[list[str]]:
    return [line.split() for line in lines]


_TOKENIZERS: dict[str, Callable[[Sequence[str]], list[list[str]]]] = {
    "13a": _mteval,
    "zh": _chinese,
    "char": _characters,
    "none": _blanks,
}


def bleu_tokens(lines: Sequence[str], tokenize: str) -> list[list[str]]:
    """Cut texts into the tokens that BLEU counts.

    Args:
        lines: The texts.
        tokenize: "13a" separates punctuation as the NIST's program mteval-v13a does, for English and its relatives;
            "zh" makes every Chinese character a token and treats the rest like 13a; "char" makes every character a
            token; "none" splits at white space and is for text that is tokenized already.

    Returns:
        One list of tokens for each text; a blank text has none.

    Raises:
        ValueError: If there is no such tokenizer.

    Source: Post (2018), section 3, and its program sacrebleu.

    Example:
        >>> bleu_tokens(["It's 3.5, isn't it?"], "13a")
        [["It's", '3.5', ',', "isn't", 'it', '?']]
        >>> bleu_tokens(["我爱 Python。"], "zh")
        [['我', '爱', 'Python', '。']]
    """
    if tokenize not in _TOKENIZERS:
        raise ValueError(
            f"tokenize must be one of {', '.join(_TOKENIZERS)}, got {tokenize!r}"
        )
    return _TOKENIZERS[tokenize](lines)


_WORD = regex.compile(r"\p{Han}|[\p{L}\p{N}\p{M}--\p{Han}]+", regex.V1)


def content_words(text: str) -> list[str]:
    """Cut a text into lower-case words, and Chinese into characters; punctuation is dropped.

    Args:
        text: Any text, both scripts mixed if need be.

    Returns:
        The words in their order; none if the text holds neither letter nor digit.

    Example:
        >>> content_words("It has 2 GRUs: 门控循环单元!")
        ['it', 'has', '2', 'grus', '门', '控', '循', '环', '单', '元']
    """
    words: list[str] = _WORD.findall(text.lower())
    return words
