"""The form of a poem: for each line a pattern for the mask, and a test for what the pattern does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from companion.apps._text import Language, is_han
from companion.apps._voices import Voice
from companion.decoding.particles import Particle, resample
from companion.text.verse import rhyme, rhyming_characters, syllables

_HAN = "[一-龥]"
_MOST_LINES = 32
_RHYMES = 16  # most words that a line may end with: the automaton grows with them


@dataclass(frozen=True)
class Form:
    """What is asked of a poem.

    Attributes:
        lines: Number of lines.
        width: Characters of each line in Chinese (1 to 20), syllables in English (1 to 30); None leaves it free.
        rhyme: A letter for each line: lines of the same letter rhyme, ``"x"`` with none; repeated if it is shorter
            than the poem. None for no rhyme.
        acrostic: What the first letters (in Chinese characters) of the lines spell; None for nothing.

    Raises:
        ValueError: If a number is outside its range, or the acrostic has another length than the poem.
    """

    lines: int = 4
    width: int | None = None
    rhyme: str | None = None
    acrostic: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= _MOST_LINES:
            raise ValueError(
                f"lines must lie between 1 and {_MOST_LINES}, got {self.lines}"
            )
        if self.width is not None and not 1 <= self.width <= 30:
            raise ValueError(f"width must lie between 1 and 30, got {self.width}")
        if self.rhyme is not None and not re.fullmatch("[a-z]+", self.rhyme):
            raise ValueError(
                f'rhyme must be small letters, one a line, such as "aabb", got {self.rhyme!r}'
            )
        if self.acrostic is not None and len(self.acrostic) != self.lines:
            raise ValueError(
                f"the acrostic {self.acrostic!r} has {len(self.acrostic)} letters for {self.lines} lines: use "
                "Form.spelling(word), or give as many"
            )

    @classmethod
    def default(cls, language: Language) -> Form:
        """Return four lines: five characters, second and fourth rhyming; in English eight syllables, rhyming pairs."""
        return cls(4, 5, "xaxa") if language == "zh" else cls(4, 8, "aabb")

    @classmethod
    def spelling(cls, word: str, width: int | None = None) -> Form:
        """Return the form of an acrostic.

        Example:
            >>> Form.spelling("SUN").lines
            3
        """
        letters = "".join(filter(str.isalpha, word))
        return cls(max(1, len(letters)), width, None, letters or None)


@dataclass(frozen=True)
class Line:
    """One line of a form.

    Attributes:
        voice: The model that writes it.
        first: Its first letter or character; None for any.
        width: Its syllables or characters; None for any.
        like: Places of the lines above that it has to rhyme with.
        followed: Whether a line below has to rhyme with it.
        closes: Whether a sentence ends with it.
    """

    voice: Voice
    first: str | None
    width: int | None
    like: tuple[int, ...]
    followed: bool
    closes: bool

    def pattern(self, above: Sequence[str]) -> str:
        """Return the regular expression for the mask; the lines above say what the rhyme is."""
        if self.voice.language == "zh":
            return self._chinese(above)
        first = self.first.upper() if self.first else "[A-Z]"
        middle = "[a-z ,']+"
        if not self.like:
            return rf"{first}{middle}[a-z][.!?]\n"
        words = self._rhymes(above)
        return rf"{first}{middle} ({'|'.join(words)})[.!?]\n"

    def _rhymes(self, above: Sequence[str]) -> list[str]:
        last = above[self.like[0]]
        used = {_last_word(above[i]) for i in self.like}
        group = [w for w in self.voice.words if rhyme(w) == rhyme(last)]
        kept = [w for w in group if w not in used and len(w) > 1][:_RHYMES]
        return kept or sorted(used)

    def _chinese(self, above: Sequence[str]) -> str:
        known = self.voice.words
        if self.first is not None and self.first not in known:
            raise ValueError(
                f"the Chinese model does not know the character {self.first!r}, one of {len(known)} that it would have "
                "to write: choose another"
            )
        # A sentence of two lines: the first ends with a comma, and the model's line goes on.
        mark = r"[。！？]\n" if self.closes else "，"
        last = _HAN
        if self.like:
            used = {_last_han(above[i]) for i in self.like}
            group = set(rhyming_characters(_last_han(above[self.like[0]]))) - used
            last = f"[{''.join(sorted(group & set(known)) or sorted(used))}]"
        if self.width == 1:
            return rf"{self.first or last}{mark}"
        inner = f"{_HAN}+" if self.width is None else f"{_HAN}{{{self.width - 2}}}"
        return rf"{self.first or _HAN}{inner}{last}{mark}"

    def misses(self, text: str, above: Sequence[str]) -> str:
        """Say what of the form a line misses; empty if it keeps all of it."""
        if self.voice.language == "zh":
            found = sum(map(is_han, text))
            unit, end = "characters", _last_han(text)
        else:
            found, unit, end = syllables(text), "syllables", _last_word(text)
        if self.width is not None and found != self.width:
            return f"has {found} {unit}, not {self.width}"
        if self.like:
            first = above[self.like[0]]
            used = {_last_word(above[i]) or _last_han(above[i]) for i in self.like}
            if rhyme(text) != rhyme(first) or not rhyme(text):
                return f"does not rhyme with line {self.like[0] + 1}"
            if end in used:
                return f"rhymes {end!r} with itself"
        elif self.followed and not self._can_rhyme(end):
            return f"ends with {end!r}, for which there is hardly a rhyme"
        if text in above or self.voice.knows(text):
            return "is no new line"
        return ""

    def _can_rhyme(self, word: str) -> bool:
        if self.voice.language == "zh":
            return bool(rhyme(word))
        return sum(rhyme(w) == rhyme(word) for w in self.voice.words) > 4

    @property
    def length(self) -> int | None:
        """Most tokens that it needs; None if that is open."""
        if self.width is None or self.voice.language == "zh":
            return None
        return int(1.8 * self.width) + 6

    def choose(
        self,
        particles: Sequence[Particle],
        text_of: Callable[[Particle], str],
        above: Sequence[str],
        generator: np.random.Generator,
    ) -> Particle:
        """Choose among lines: by weight if they keep the form, else the one whose width is nearest."""
        if self.width is None or not self.misses(
            text_of(particles[0]), above
        ).startswith("has"):
            return resample(particles, generator)
        return min(
            particles, key=lambda p: abs(self._width(text_of(p)) - (self.width or 0))
        )

    def _width(self, text: str) -> int:
        return (
            sum(map(is_han, text)) if self.voice.language == "zh" else syllables(text)
        )


def _last_word(text: str) -> str:
    words = re.findall(r"[a-z]+", text.lower())
    return words[-1] if words else ""


def _last_han(text: str) -> str:
    found = [c for c in text if is_han(c)]
    return found[-1] if found else ""


def lines_of(form: Form, voice: Voice) -> Iterator[Line]:
    """Take a form apart into its lines.

    Raises:
        ValueError: If the acrostic is of another script than the voice, or the lines are too wide for it.
    """
    if form.acrostic is not None:
        fits = is_han if voice.language == "zh" else str.isascii
        wrong = [c for c in form.acrostic if not (fits(c) and c.isalpha())]
        if wrong:
            raise ValueError(
                f"the acrostic holds {wrong[0]!r}, which begins no line in {voice.language!r}: use letters of the "
                "prompt's language"
            )
    if voice.language == "zh" and form.width is not None and form.width > 20:
        raise ValueError(f"a Chinese line has at most 20 characters, got {form.width}")
    scheme = "x" if form.rhyme is None else form.rhyme
    letters = [scheme[i % len(scheme)] for i in range(form.lines)]
    for i, letter in enumerate(letters):
        rhymes = letter != "x"
        yield Line(
            voice,
            None if form.acrostic is None else form.acrostic[i],
            form.width,
            tuple(j for j in range(i) if rhymes and letters[j] == letter),
            rhymes and letter in letters[i + 1 :],
            i % 2 == 1 or i == form.lines - 1,
        )
