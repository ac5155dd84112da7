"""Which words of a phrasebook pair belong together, as far as its grammar says so: the measure for alignments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from companion.corpora.corpus import Pair
from companion.corpora.phrases.circumstances import CITIES
from companion.corpora.phrases.english import ing_form, third_person
from companion.corpora.phrases.nouns import NOUNS, QUALITIES
from companion.corpora.phrases.people import NAMES
from companion.corpora.phrases.qualities import FEELINGS, TRAITS
from companion.corpora.phrases.verbs import VERBS
from companion.text.copying import mixed_pieces

_Pieces = tuple[str, ...]


@cache
def _lexicon() -> dict[str, tuple[tuple[_Pieces, ...], _Pieces]]:
    """Return for each tag of a word its English forms and its Chinese, in pieces."""
    found: dict[str, tuple[tuple[_Pieces, ...], _Pieces]] = {}

    def add(tag: str, forms: Sequence[str], chinese: str) -> None:
        cut = (tuple(mixed_pieces(form.lower())) for form in forms)
        found[tag] = tuple(dict.fromkeys(cut)), tuple(mixed_pieces(chinese))

    for person in NAMES:
        add(f"name:{person.en}", [person.en], person.zh)
    for city in CITIES:
        add(f"city:{city.en}", [city.en], city.zh)
    for noun in NOUNS.values():
        add(noun.tag, [noun.en, noun.generic], noun.zh)
    for verb in VERBS:
        forms = [verb.en, verb.past, verb.participle]
        add(
            f"verb:{verb.en}",
            [*forms, ing_form(verb.en), third_person(verb.en)],
            verb.zh,
        )
    for quality in {q for group in QUALITIES.values() for q in group}:
        add(quality.tag, [quality.en], quality.zh.removesuffix("的"))
    for adjective in (*FEELINGS, *TRAITS):
        add(adjective.tag, [adjective.en, adjective.comparative], adjective.zh)
    return found


def _places(pieces: Sequence[str], part: _Pieces) -> Iterator[range]:
    for start in range(len(pieces) - len(part) + 1):
        if tuple(pieces[start : start + len(part)]) == part:
            yield range(start, start + len(part))


def known_links(
    pair: Pair, source: Sequence[str], target: Sequence[str]
) -> dict[int, frozenset[int]]:
    """Return the links of names, cities, nouns, verbs and adjectives: place in the Chinese -> places in the English.

    Args:
        pair: A pair of the phrasebook; its tags say which words it is made of.
        source: The pieces of its English.
        target: The pieces of its Chinese.

    Returns:
        The places of such Chinese words that stand once in the sentence, as their English does. All other places are
        left open: nothing is said about particles, measure words or times.

    Example:
        >>> pair = Pair("Anna reads books.", "安娜读书。", frozenset({"name:Anna", "verb:read", "noun:book"}))
        >>> known_links(pair, ["Anna", "reads", "books", "."], ["安", "娜", "读", "书", "。"])[3]
        frozenset({2})
    """
    lower = [piece.lower() for piece in source]
    links: dict[int, frozenset[int]] = {}
    for tag in sorted(pair.tags & _lexicon().keys()):
        forms, chinese = _lexicon()[tag]
        there = list(_places(target, chinese))
        here = [place for form in forms for place in _places(lower, form)]
        if len(there) == 1 and len(here) == 1:
            links |= dict.fromkeys(there[0], frozenset(here[0]))
    return links
