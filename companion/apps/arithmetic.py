"""A calculator that is safe to give to strangers: it reads a small grammar, and refuses what would never end."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

Reason = Literal["grammar", "zero", "power", "large", "deep", "long"]

LONGEST = 400  # characters
DEEPEST = 40  # parentheses, signs and powers within each other
MOST_BITS = 2_000  # of the numerator and of the denominator, some 600 digits
_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+|\*\*|[-+*/^()%])")
_MESSAGES = {
    "grammar": "this is not a calculation; write it as in 2 * (3 + 4)",
    "zero": "nothing can be divided by zero",
    "power": "an exponent has to be a whole number",
    "large": f"a number here would have more than {MOST_BITS} bits; this calculator stops there",
    "deep": f"more than {DEEPEST} parts lie within each other; write it in steps",
    "long": f"more than {LONGEST} characters; write it in steps",
}


class CalculationError(ValueError):
    """A calculation that is refused.

    Attributes:
        reason: Why, as a word that a program can look at.
    """

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(_MESSAGES[reason])


def evaluate(expression: str) -> Fraction:
    """Compute an expression of numbers, ``+ - * / ^ ( )`` and ``%`` after a number.

    Powers bind as in mathematics and in Python: ``-2^2`` is -4, ``2^3^2`` is 512; ``**`` is ``^``.

    Args:
        expression: At most `LONGEST` characters.

    Returns:
        The exact value.

    Raises:
        CalculationError: If it is no expression, divides by zero, or is too long, too deep or too large. A power is
            refused before it is computed.

    Example:
        >>> evaluate("2 * (3 + 4) / 4")
        Fraction(7, 2)
        >>> evaluate("1 / 0")
        Traceback (most recent call last):
            ...
        companion.apps.arithmetic.CalculationError: nothing can be divided by zero
    """
    if len(expression) > LONGEST:
        raise CalculationError("long")
    return _Parser(_tokens(expression)).whole()


def _tokens(expression: str) -> list[str]:
    found, place, text = [], 0, expression.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise CalculationError("grammar")
        found.append("^" if match[1] == "**" else match[1])
        place = match.end()
    return found


class _Parser:
    """Recursive descent: one method a rule, each takes its tokens and returns a value.

    sum = product {("+" | "-") product};  product = signed {("*" | "/") signed};
    signed = {"+" | "-"} power;  power = atom ["^" signed];  atom = (number | "(" sum ")") {"%"}
    """

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0

    def whole(self) -> Fraction:
        value = self.sum()
        if self.place < len(self.tokens):
            raise CalculationError("grammar")
        return value

    def take(self, *wanted: str) -> str | None:
        if self.place < len(self.tokens) and self.tokens[self.place] in wanted:
            self.place += 1
            return self.tokens[self.place - 1]
        return None

    def sum(self) -> Fraction:
        value = self.product()
        while sign := self.take("+", "-"):
            other = self.product()
            value = _checked(value + other if sign == "+" else value - other)
        return value

    def product(self) -> Fraction:
        value = self.signed()
        while sign := self.take("*", "/"):
            other = self.signed()
            if sign == "/" and other == 0:
                raise CalculationError("zero")
            value = _checked(value * other if sign == "*" else value / other)
        return value

    def signed(self) -> Fraction:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CalculationError("deep")
        sign = self.take("+", "-")
        value = self.signed() if sign else self.power()
        self.depth -= 1
        return -value if sign == "-" else value

    def power(self) -> Fraction:
        base = self.atom()
        return _power(base, self.signed()) if self.take("^") else base

    def atom(self) -> Fraction:
        if self.take("("):
            value = self.sum()
            if not self.take(")"):
                raise CalculationError("grammar")
        elif self.place < len(self.tokens) and self.tokens[self.place][-1].isdigit():
            value = _checked(Fraction(self.tokens[self.place]))
            self.place += 1
        else:
            raise CalculationError("grammar")
        while self.take("%"):
            value = _checked(value / 100)
        return value


def _checked(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise CalculationError("large")
    return value


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise CalculationError("power")
    if base == 0 and exponent < 0:
        raise CalculationError("zero")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if (
        bits == 1
    ):  # 0, 1 and -1: every power is small, but counting up to it may take for ever
        return Fraction(exponent == 0) if base == 0 else base ** int(exponent % 2)
    if (bits - 1) * abs(exponent) > MOST_BITS:
        raise CalculationError("large")
    return _checked(base ** int(exponent))


def shown(value: Fraction) -> str:
    """Write a value the way people do: exact where that is short, else rounded with ``≈``.

    Example:
        >>> shown(Fraction(84)), shown(Fraction(1, 4)), shown(Fraction(1, 3)), shown(Fraction(10**40))
        ('84', '0.25', '1/3 ≈ 0.333333', '≈ 1e+40')
    """
    if value.denominator == 1:
        whole = str(value.numerator)
        return whole if len(whole) <= 31 else f"≈ {_rounded(value)}"
    for places in range(1, 11):
        if (value * 10**places).denominator == 1:
            if abs(value.numerator) >= 10**30:
                break
            digits = str(abs(value.numerator) * 10**places // value.denominator)
            digits = digits.zfill(places + 1)
            sign = "-" if value < 0 else ""
            return f"{sign}{digits[:-places]}.{digits[-places:]}"
    fraction = f"{value.numerator}/{value.denominator}"
    rounded = f"≈ {_rounded(value)}"
    return f"{fraction} {rounded}" if len(fraction) <= 12 else rounded


def _rounded(value: Fraction) -> str:
    # A float holds neither 2^2000 nor its inverse.
    from decimal import Decimal, localcontext

    with localcontext() as context:
        context.prec, context.Emax, context.Emin = 6, 10_000, -10_000
        rounded = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{rounded.normalize():g}"
