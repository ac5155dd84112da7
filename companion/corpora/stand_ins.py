"""Sentences of the phrasebook with words that no vocabulary holds: for models that learn to copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from companion.corpora.corpus import Pair
from companion.corpora.phrases.chinese import numeral
from companion.corpora.phrases.circumstances import CITIES
from companion.corpora.phrases.english import cardinal
from companion.corpora.phrases.nouns import NOUNS
from companion.corpora.phrases.people import NAMES

KINDS = ("name", "city", "noun", "number")

_TRANSLATION = {
    "name": {person.en: person.zh for person in NAMES},
    "city": {city.en: city.zh for city in CITIES},
    "noun": {noun.en: noun.zh for noun in NOUNS.values()},
}
# As they stand before a measure word.
_NUMBERS = {cardinal(n): "两" if n == 2 else numeral(n) for n in range(2, 13)}


def invented_name(generator: np.random.Generator) -> str:
    """Make up a word of two to four syllables with a capital letter.

    Example:
        >>> invented_name(np.random.default_rng(0)).isalpha()
        True
    """
    consonants, vowels = "bdfgklmnprstvz", "aeiou"
    size = int(generator.integers(2, 5))
    syllables = (
        consonants[int(generator.integers(14))] + vowels[int(generator.integers(5))]
        for _ in range(size)
    )
    return "".join(syllables).capitalize()


def _found(pair: Pair, kinds: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """List what can be replaced: its kind, its English and its Chinese, each once in its sentence."""
    for tag in sorted(pair.tags):
        kind, _, word = tag.partition(":")
        if kind in kinds and word in _TRANSLATION.get(kind, {}):
            yield kind, word, _TRANSLATION[kind][word]
    if "number" in kinds and {"number", "measure-word"} <= pair.tags:
        for word, chinese in _NUMBERS.items():
            yield "number", word, chinese


def _once(english: str, chinese: str, pair: Pair) -> bool:
    return (
        len(_whole(english).findall(pair.source)) == 1
        and pair.target.count(chinese) == 1
    )


def _whole(word: str) -> re.Pattern[str]:
    """Return what finds a word, and not a part of one, as the two in twenty-two."""
    return re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")


def with_stand_ins(
    pairs: Iterable[Pair],
    generator: np.random.Generator,
    words: Sequence[str] | None = None,
    kinds: Sequence[str] = ("name",),
) -> list[Pair]:
    """Return the pairs that have such words, each with these words replaced, by the same new word on both sides.

    Args:
        pairs: Pairs of the phrasebook.
        generator: Draws the new words.
        words: The words to choose from; None makes them up. Numbers are drawn from 13 to 9,999.
        kinds: Some of ``"name"``, ``"city"``, ``"noun"``, ``"number"``.

    Returns:
        New pairs, tagged ``stand-in:WORD``; a pair that has none of the words, or one of them twice, is left out.

    Raises:
        ValueError: If a kind is unknown, or there are fewer words than a sentence needs.

    Example:
        >>> pair = Pair("Anna sings.", "安娜唱歌。", frozenset({"name:Anna"}))
        >>> (new,) = with_stand_ins([pair], np.random.default_rng(0), ["Barbara"])
        >>> new.source, new.target
        ('Barbara sings.', 'Barbara唱歌。')
    """
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"kinds must be some of {', '.join(KINDS)}, got {unknown}")
    made = []
    for pair in pairs:
        found = [f for f in _found(pair, kinds) if _once(f[1], f[2], pair)]
        if not found:
            continue
        if words is not None and len(words) < len(found):
            raise ValueError(
                f"{pair.source!r} needs {len(found)} new words, {len(words)} were given"
            )
        chosen = (
            [invented_name(generator) for _ in found]
            if words is None
            else [words[i] for i in generator.choice(len(words), len(found), False)]
        )
        source, target, tags = pair.source, pair.target, set(pair.tags)
        for (kind, english, chinese), new in zip(found, chosen, strict=True):
            if kind == "number":
                new = f"{int(np.exp(generator.uniform(np.log(13), np.log(9999))))}"
            elif kind == "noun":
                new = new.lower()
            source = _whole(english).sub(new, source)
            target = target.replace(chinese, new)
            tags.add(f"stand-in:{new}")
        made.append(Pair(source[0].upper() + source[1:], target, frozenset(tags)))
    return made
