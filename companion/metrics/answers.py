"""How good is a short answer: exact match and token F1, in English and Chinese."""

from __future__ import annotations

import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

import regex

_PUNCTUATION = regex.compile(rf"[\p{{P}}{regex.escape(string.punctuation)}]")
_ARTICLES = regex.compile(r"\b(a|an|the)\b")
_HAN = regex.compile(r" ?(\p{Han}) ?")
_TOKEN = regex.compile(r"\p{Han}|[^\s\p{Han}]+", regex.V1)


def normalize_answer(text: str) -> str:
    """Bring an answer into the form in which answers are compared.

    Full-width forms become ordinary ones, letters small; punctuation of all scripts and English articles go, and so do
    white space around and beside Chinese characters and all but one space between words.

    Args:
        text: An answer.

    Returns:
        What is left, possibly nothing.

    Source: Rajpurkar, Zhang, Lopyrev & Liang (2016), section 6.1, and its evaluation script for English.

    Example:
        >>> normalize_answer("  The Eiffel  Tower! ")
        'eiffel tower'
        >>> normalize_answer("循环神经网络（RNN）。")
        '循环神经网络rnn'
    """
    text = unicodedata.normalize("NFKC", text).lower()
    text = _ARTICLES.sub(" ", _PUNCTUATION.sub("", text))
    text = " ".join(text.split())
    normal: str = _HAN.sub(r"\1", text)
    return normal


def answer_tokens(text: str) -> list[str]:
    """Cut an answer into what token F1 counts: words, and each Chinese character.

    Args:
        text: An answer.

    Returns:
        Tokens of the normalized answer.

    Example:
        >>> answer_tokens("The RNN 网络")
        ['rnn', '网', '络']
    """
    tokens: list[str] = _TOKEN.findall(normalize_answer(text))
    return tokens


def _references(references: str | Sequence[str]) -> Sequence[str]:
    found = [references] if isinstance(references, str) else references
    if not found:
        raise ValueError(
            "there is no reference: give at least one answer, '' if the question has none"
        )
    return found


def exact_match(answer: str, references: str | Sequence[str]) -> float:
    """Return 1 if an answer equals one of the references after normalization, else 0.

    Args:
        answer: What a model said; "" for "not found".
        references: The right answer, or several; "" for a question without an answer.

    Returns:
        1.0 or 0.0. An empty answer matches an empty reference.

    Raises:
        ValueError: If there is no reference.

    Source: Rajpurkar, Zhang, Lopyrev & Liang (2016), section 6.1.

    Example:
        >>> exact_match("the GRU.", ["LSTM", "GRU"])
        1.0
    """
    normal = normalize_answer(answer)
    return float(any(normal == normalize_answer(r) for r in _references(references)))


def token_f1(answer: str, references: str | Sequence[str]) -> float:
    """Return the F1 of the tokens that an answer shares with the reference that it is closest to.

    Args:
        answer: What a model said; "" for "not found".
        references: The right answer, or several; "" for a question without an answer.

    Returns:
        Between 0 and 1. If the answer or the reference has no token, 1 if both have none, else 0.

    Raises:
        ValueError: If there is no reference.

    Source: Rajpurkar, Zhang, Lopyrev & Liang (2016), section 6.1; (2018) for questions without an answer.

    Example:
        >>> token_f1("hidden state", "the hidden state of the cell").__round__(3)
        0.667
    """
    written = Counter(answer_tokens(answer))
    best = 0.0
    for reference in _references(references):
        wanted = Counter(answer_tokens(reference))
        if not written or not wanted:
            best = max(best, float(written == wanted))
            continue
        shared = (written & wanted).total()
        best = max(best, 2 * shared / (written.total() + wanted.total()))
    return best
