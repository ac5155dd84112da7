"""Building blocks of the grammar: bilingual phrases, reproducible choices, the register of constructions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, no_type_check

from companion.corpora.corpus import Pair

T = TypeVar("T")

_MASK = (1 << 64) - 1


@no_type_check  # made or asked a million times
class Draw:
    """Reproducible choices: a 64-bit linear congruential generator, seeded by the hash of a name.

    The corpus must be the same on every machine and in every version of Python, so it does not use `random`.
    """

    __slots__ = ("_state",)

    def __init__(self, name: str) -> None:
        self._state = int.from_bytes(
            hashlib.sha256(name.encode("utf-8")).digest()[:8], "big"
        )

    def below(self, n: int) -> int:
        """Choose an integer from 0 to n - 1."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & _MASK
        return ((self._state >> 32) * n) >> 32

    def __call__(self, options: Sequence[T]) -> T:
        """Choose one of the options."""
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """Say yes in so many cases of a hundred."""
        return self.below(100) < percent


@no_type_check  # made or asked a million times
@dataclass(frozen=True, slots=True)
class Phrase:
    """The same content in two languages, without the final punctuation, and what it is made of."""

    en: str
    zh: str
    tags: tuple[str, ...] = ()

    def tagged(self, *tags: str) -> Phrase:
        """Add tags."""
        return Phrase(self.en, self.zh, self.tags + tags)


def flatten(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """Join the tags of several phrases."""
    return tuple(tag for part in parts for tag in part)


_FINAL = {".": "。", "?": "？", "!": "！"}


def sentence(phrase: Phrase, *tags: str, end: str = ".") -> Pair:
    """Turn a phrase into a sentence pair: a capital letter, a final mark on both sides, tags as a set."""
    english = phrase.en[0].upper() + phrase.en[1:] + end
    return Pair(english, phrase.zh + _FINAL[end], frozenset(phrase.tags + tags))


@dataclass(frozen=True, slots=True)
class Construction:
    """A named pattern of the grammar.

    Attributes:
        name: The tag that every sentence of this pattern carries.
        size: How many distinct sentences it contributes; None takes all of an enumerated pattern.
        draw: Makes one sentence from a sequence of choices; it draws again when a choice does not make sense.
        enumerate: Lists all sentences of a closed pattern.
    """

    name: str
    size: int | None
    draw: Callable[[Draw], Pair] | None = None
    enumerate: Callable[[], Iterable[Pair]] | None = None


CONSTRUCTIONS: list[Construction] = []


def drawn(
    name: str, size: int
) -> Callable[[Callable[[Draw], Pair]], Callable[[Draw], Pair]]:
    """Register a function that makes one sentence of the construction `name` from a sequence of choices."""

    def register(function: Callable[[Draw], Pair]) -> Callable[[Draw], Pair]:
        CONSTRUCTIONS.append(Construction(name, size, draw=function))
        return function

    return register


def listed(
    name: str,
) -> Callable[[Callable[[], Iterator[Pair]]], Callable[[], Iterator[Pair]]]:
    """Register a function that lists all sentences of the construction `name`."""

    def register(
        function: Callable[[], Iterator[Pair]],
    ) -> Callable[[], Iterator[Pair]]:
        CONSTRUCTIONS.append(Construction(name, None, enumerate=function))
        return function

    return register
