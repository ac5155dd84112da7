"""Regular expressions over bytes, and their derivatives: what may still follow after a byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

SURROGATES = (0xD800, 0xDFFF)
LAST = 0x10FFFF
Ranges = list[tuple[int, int]]  # code points, both ends included


@dataclass(frozen=True)
class Regex:
    """A set of byte strings.

    Attributes:
        kind: ``"bytes"`` (one byte of a set), ``"cat"`` (one after the other), ``"alt"`` (any of), ``"star"`` (any
            number of).
        parts: The expressions that it is made of.
        mask: For ``"bytes"``: an integer whose bit b says whether the byte b is in the set.
    """

    kind: str
    parts: tuple[Regex, ...] = ()
    mask: int = 0

    @property
    def nullable(self) -> bool:
        """Whether the empty string is in the set."""
        if self.kind == "alt":
            return any(part.nullable for part in self.parts)
        return self.kind == "star" or (
            self.kind == "cat" and all(part.nullable for part in self.parts)
        )

    def masks(self) -> set[int]:
        """Return the byte sets that occur in it."""
        own = {self.mask} if self.kind == "bytes" else set()
        return own.union(*(part.masks() for part in self.parts))


NOTHING = Regex("alt")  # the empty set: no string at all
EMPTY = Regex("cat")  # the empty string


def one_of(mask: int) -> Regex:
    """Return the set of single bytes that a mask names."""
    return Regex("bytes", mask=mask) if mask else NOTHING


def cat(*parts: Regex) -> Regex:
    """Return one expression after the other."""
    flat: list[Regex] = []
    for part in parts:
        if part == NOTHING:
            return NOTHING
        flat += part.parts if part.kind == "cat" else (part,)
    return flat[0] if len(flat) == 1 else Regex("cat", tuple(flat))


def alt(*parts: Regex) -> Regex:
    """Return any of the expressions; each once, in one order, so that equal sets are found equal."""
    flat: set[Regex] = set()
    for part in parts:
        flat.update(part.parts if part.kind == "alt" else (part,))
    ordered = tuple(sorted(flat, key=repr))
    return ordered[0] if len(ordered) == 1 else Regex("alt", ordered)


def star(part: Regex) -> Regex:
    """Return any number of the expression, none included."""
    if part in (NOTHING, EMPTY):
        return EMPTY
    return part if part.kind == "star" else Regex("star", (part,))


def derivative(expression: Regex, byte: int) -> Regex:
    """Return what may follow a byte: the rests of all strings of the set that begin with it.

    Args:
        expression: The set.
        byte: 0 to 255.

    Returns:
        The set of rests; `NOTHING` if no string begins so.

    Source: Brzozowski (1964), section 3; book, equation eq-derivative.

    Example:
        >>> derivative(parse("ab|ac"), ord("a")) == parse("[bc]")
        False
        >>> derivative(derivative(parse("ab|ac"), ord("a")), ord("c")).nullable
        True
    """
    if expression.kind == "bytes":
        return EMPTY if expression.mask >> byte & 1 else NOTHING
    if expression.kind == "alt":
        return alt(*(derivative(part, byte) for part in expression.parts))
    if expression.kind == "star":
        return cat(derivative(expression.parts[0], byte), expression)
    found = []
    for i, part in enumerate(expression.parts):
        found.append(cat(derivative(part, byte), *expression.parts[i + 1 :]))
        if not part.nullable:
            break
    return alt(*found)


# ------------------------------------------------------------------ characters as bytes


def _utf8(low: int, high: int) -> Iterator[Regex]:
    """Yield byte patterns that together match the characters from ``low`` to ``high``."""
    for last in (0x7F, 0x7FF, SURROGATES[0] - 1, 0xFFFF):
        if low <= last < high:
            yield from _utf8(low, last)
            yield from _utf8(max(last + 1, low), high)
            return
    if SURROGATES[0] <= low <= SURROGATES[1]:
        if high > SURROGATES[1]:
            yield from _utf8(SURROGATES[1] + 1, high)
        return
    for i in range(1, len(chr(high).encode())):
        tail = (1 << 6 * i) - 1  # the bits of the last i bytes
        if low & ~tail != high & ~tail:
            if low & tail:
                yield from _utf8(low, low | tail)
                yield from _utf8((low | tail) + 1, high)
                return
            if high & tail != tail:
                yield from _utf8(low, (high & ~tail) - 1)
                yield from _utf8(high & ~tail, high)
                return
    pairs = zip(chr(low).encode(), chr(high).encode(), strict=True)
    yield cat(*(one_of((1 << b + 1) - (1 << a)) for a, b in pairs))


def characters(ranges: Ranges) -> Regex:
    """Return the set of single characters in some ranges of code points, as UTF-8."""
    found = [part for low, high in ranges for part in _utf8(low, high)]
    single = reduce(
        int.__or__, (part.mask for part in found if part.kind == "bytes"), 0
    )
    return alt(one_of(single), *(part for part in found if part.kind != "bytes"))


def _invert(ranges: Ranges) -> Ranges:
    inverted, at = [], 0
    for low, high in sorted(ranges):
        if low > at:
            inverted.append((at, low - 1))
        at = max(at, high + 1)
    return [*inverted, (at, LAST)] if at <= LAST else inverted


_DIGITS: Ranges = [(48, 57)]
_WORD: Ranges = [(48, 57), (65, 90), (95, 95), (97, 122)]
_SPACE: Ranges = [(9, 13), (32, 32)]
_CLASSES: dict[str, Ranges] = {"d": _DIGITS, "w": _WORD, "s": _SPACE} | {
    "D": _invert(_DIGITS),
    "W": _invert(_WORD),
    "S": _invert(_SPACE),
}
_CONTROLS = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11}


# ------------------------------------------------------------------ the notation


class _Parser:
    """Recursive descent over a pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def error(self, what: str) -> ValueError:
        return ValueError(
            f"cannot read the pattern {self.pattern!r} at position {self.at}: {what}"
        )

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        letter = self.peek()
        if not letter:
            raise self.error("it ends too early")
        self.at += 1
        return letter

    def accept(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def alternatives(self) -> Regex:
        found = [self.sequence()]
        while self.accept("|"):
            found.append(self.sequence())
        return alt(*found)

    def sequence(self) -> Regex:
        parts: list[Regex] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom()))
        return cat(*parts)

    def repeated(self, part: Regex) -> Regex:
        counts = re.compile(r"\{(\d+)(,(\d*))?\}").match(self.pattern, self.at)
        if counts:
            self.at = counts.end()
            low = int(counts[1])
            high = low if counts[2] is None else int(counts[3]) if counts[3] else None
        elif self.peek() in ("*", "+", "?") and self.peek():
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self.take()]
        else:
            return part
        if self.peek() and self.peek() in "*+?{":
            raise self.error(
                "a repetition of a repetition; lazy and possessive ones have no meaning for whole texts"
            )
        if high is None:
            return cat(*[part] * low, star(part))
        if high < low or high > 1000:
            raise self.error(f"cannot repeat from {low} to {high} times")
        rest = EMPTY
        for _ in range(high - low):
            rest = alt(EMPTY, cat(part, rest))
        return cat(*[part] * low, rest)

    def atom(self) -> Regex:
        letter = self.take()
        if letter == "(":
            if self.peek() == "?" and not self.accept("?:"):
                raise self.error("only plain groups (...) and (?:...) are known")
            inside = self.alternatives()
            if not self.accept(")"):
                raise self.error("a ) is missing")
            return inside
        if letter == "[":
            return self.set()
        if letter == ".":
            return characters(_invert([(10, 10)]))
        if letter == "\\":
            return characters(self.escape())
        if letter in "*+?{":
            raise self.error(f"there is nothing before {letter!r} to repeat")
        if letter in "^$":
            raise self.error(f"{letter!r} is not needed: the whole text must match")
        return characters([(ord(letter), ord(letter))])

    def escape(self) -> Ranges:
        letter = self.take()
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter.isalnum() and letter not in _CONTROLS:
            raise self.error(f"\\{letter} is not known")
        code = _CONTROLS.get(letter, ord(letter))
        return [(code, code)]

    def set(self) -> Regex:
        negated, ranges = self.accept("^"), list[tuple[int, int]]()
        first = True
        while first or self.peek() != "]":
            first = False
            letter = self.take()
            part = self.escape() if letter == "\\" else [(ord(letter), ord(letter))]
            if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):  # fmt: skip
                self.take()
                end = self.take()
                last = self.escape() if end == "\\" else [(ord(end), ord(end))]
                low, high = part[0][0], last[0][1]
                if len(part) + len(last) > 2 or high < low:
                    raise self.error("the range in [...] has its ends the wrong way")
                part = [(low, high)]
            ranges += part
        self.take()
        return characters(_invert(ranges) if negated else ranges)


def parse(pattern: str) -> Regex:
    r"""Read a regular expression.

    Known: characters, ``.``, sets ``[a-z]`` and ``[^a-z]``, ``\d \w \s`` and their opposites (of ASCII, as with
    ``re.ASCII``), groups, ``|``, ``*``, ``+``, ``?``, ``{m}``, ``{m,}`` and ``{m,n}``. The whole text must match,
    so that ``^`` and ``$`` are not needed.

    Args:
        pattern: The expression, in the notation of Python's `re`.

    Returns:
        The set of the texts that match, as UTF-8.

    Raises:
        ValueError: If the pattern is wrong or uses something else; the message says where.

    Example:
        >>> parse("a?").nullable
        True
    """
    parser = _Parser(pattern)
    found = parser.alternatives()
    if parser.at < len(pattern):
        raise parser.error("a ) without its (")
    return found
