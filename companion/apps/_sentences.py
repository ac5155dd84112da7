"""Texts to sentences, and sentences to the form in which a translator knows them."""

from __future__ import annotations

import regex

from companion.apps._text import Language
from companion.text.copying import joined, mixed_pieces

_WHOLE = {
    "can't": "cannot", "won't": "will not", "i'm": "I am", "it's": "it is", "he's": "he is", "she's": "she is",
    "that's": "that is", "what's": "what is", "where's": "where is", "let's": "let us",
}  # fmt: skip
_ENDINGS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will"}
_CONTRACTION = regex.compile(
    rf"\b({'|'.join(_WHOLE)})\b|({'|'.join(_ENDINGS)})\b", regex.IGNORECASE
)
_SENTENCE = regex.compile(
    r"(?:[^.!?。！？]|[.!?](?=[^\s.!?]))+[.!?。！？…]*|[.!?。！？…]+"
)
_FULL_WIDTH = dict(zip(",.?!:;", "，。？！：；", strict=True))
_HALF_WIDTH = regex.compile(r"(?<=\p{Han})[,.?!:;]")
END = {"en": ".", "zh": "。"}
_LAST = tuple(".?!。？！…\"'”’」』)）")


def _written_out(match: regex.Match[str]) -> str:
    """Return what a contraction stands for; what was a capital letter stays one."""
    whole, ending = match.group(1), match.group(2)
    if ending:
        return _ENDINGS[ending.lower()]
    full = _WHOLE[whole.lower()]
    return full[0].upper() + full[1:] if whole[0].isupper() else full


def sentences_of(text: str) -> list[str]:
    """Cut a text into sentences, at the marks that end them and at the ends of lines.

    Example:
        >>> sentences_of("I paid 3.50 yuan. 我爱你！ Good")
        ['I paid 3.50 yuan.', '我爱你！', 'Good']
    """
    return [part for m in _SENTENCE.finditer(text) if (part := m.group().strip())]


def has_end(sentence: str) -> bool:
    """Tell whether a sentence has its final mark.

    Example:
        >>> has_end("I see."), has_end("我看")
        (True, False)
    """
    return sentence.endswith(_LAST)


def cleaned_sentence(sentence: str, language: Language) -> str:
    """Write out contractions in English, and give Chinese its own marks.

    Example:
        >>> cleaned_sentence("It's late, I can't.", "en"), cleaned_sentence("你好!", "zh")
        ('It is late, I cannot.', '你好！')
    """
    if language == "en":
        return str(_CONTRACTION.sub(_written_out, sentence.replace("’", "'")))
    return str(_HALF_WIDTH.sub(lambda m: _FULL_WIDTH[m.group()], sentence))


def cut_sentence(sentence: str, language: Language, longest: int) -> list[str]:
    """Cut a sentence that has too many pieces, behind a comma if there is one.

    Args:
        sentence: A sentence.
        language: Its language.
        longest: Most pieces of a part.

    Returns:
        The parts.
    """
    rest, parts = mixed_pieces(sentence), []
    while len(rest) > longest:
        commas = [i for i in range(1, longest) if rest[i] in ",，;；、"]
        at = commas[-1] + 1 if commas else longest
        parts.append(joined(rest[:at], language))
        rest = rest[at:]
    return [*parts, joined(rest, language)] if parts else [sentence]
