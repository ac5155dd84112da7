"""Numbers as two languages write them: digits and separators, compact forms, money, words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import babel
from babel.numbers import format_compact_decimal, format_currency, format_decimal

from companion.corpora.cldr.locales import LICENSE, locale, origin, stable_integer, tag
from companion.corpora.corpus import Pair, ParallelCorpus, Split
from companion.corpora.numerals import chinese_numeral, english_numeral

Form = Literal["decimal", "compact", "currency", "words"]
FORMS = ("decimal", "compact", "currency", "words")
_WORDS: dict[str, Callable[[int], str]] = {"en": english_numeral, "zh": chinese_numeral}
_CURRENCIES = ("USD", "EUR", "CNY", "JPY", "GBP", "INR", "BRL", "CHF", "KRW", "MXN")
_LONGEST = 12


def _value(form: str, digits: int, index: int) -> Decimal:
    """Draw the value of a number of `digits` digits before the point."""
    key = f"number/{form}/{digits}/{index}"
    if form == "compact":
        # Three digits that count: "1.23 million" and 123万 are the same number only if nothing is rounded.
        kept = min(digits, 3)
        leading = 10 ** (kept - 1) + stable_integer(key, 9 * 10 ** (kept - 1))
        return Decimal(leading * 10 ** (digits - kept))
    whole = 10 ** (digits - 1) + stable_integer(key, 9 * 10 ** (digits - 1))
    # A comma is seen to be one only beside a point: every other number has cents.
    has_cents = form in ("decimal", "currency") and stable_integer(f"{key}/cents?", 2)
    return Decimal(whole) + (
        Decimal(1 + stable_integer(f"{key}/cents", 99)) / 100 if has_cents else 0
    )


def _write(form: str, value: Decimal, currency: str, data: babel.Locale) -> str:
    if form == "decimal":
        return str(format_decimal(value, locale=data))
    if form == "currency":
        return str(format_currency(value, currency, locale=data, format_type="name"))
    if form == "compact":
        length = "long" if "long" in data.compact_decimal_formats else "short"
        return str(
            format_compact_decimal(
                value, format_type=length, locale=data, fraction_digits=2
            )
        )
    return _WORDS[data.language](int(value))


@lru_cache
def numbers(
    source: str = "en",
    target: str = "zh",
    form: Form = "decimal",
    count: int = 10_000,
    *,
    longest: int = 9,
) -> ParallelCorpus:
    """Return numbers in two languages; each length is as frequent as another, as far as there are enough numbers.

    Args:
        source: Language of ``pair.source``, e.g. ``"en"``; `locale_codes` lists all.
        target: Language of ``pair.target``.
        form: ``"decimal"`` (1,234.5 and 1.234,5), ``"compact"`` (1.2 million and 120万), ``"currency"`` (1,234.50 US
            dollars), or ``"words"``, which is written for this course, for ``"en"`` and ``"zh"`` only.
        count: How many numbers are drawn; repetitions, which short numbers have, count but are dropped.
        longest: Largest number of digits before the point, up to 12.

    Returns:
        The pairs, short numbers first, tagged e.g. ``"digits:7"`` and ``"value:1234567.5"``, and ``"currency:EUR"``.

    Raises:
        ValueError: If a language or form is unknown, `form` has no words for a language, or a size is not possible.

    Example:
        >>> {pair.source: pair.target for pair in numbers("en", "zh", "words")}["one hundred five"]
        '一百零五'
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    if count < 1 or not 1 <= longest <= _LONGEST:
        raise ValueError(
            f"count must be at least 1 and longest 1 to {_LONGEST}, got count={count}, longest={longest}"
        )
    here, there = locale(source), locale(target)
    if form == "words" and not {here.language, there.language} <= _WORDS.keys():
        raise ValueError(
            f'form="words" is written for {" and ".join(_WORDS)} only, got {source!r} and {target!r}; '
            'try form="decimal"'
        )
    pairs: dict[tuple[str, str], Pair] = {}
    seen: set[tuple[Decimal, str]] = set()
    for digits in range(1, longest + 1):
        wanted = count * digits // longest - count * (digits - 1) // longest
        for index in range(wanted):
            # All numbers of one or two or three digits fit in: take them in order, so that none is missing.
            small = form == "words" and 9 * 10 ** (digits - 1) <= wanted
            if small and index >= 9 * 10 ** (digits - 1):
                break
            value = (
                Decimal(10 ** (digits - 1) + index)
                if small
                else _value(form, digits, index)
            )
            draw = stable_integer(f"currency/{digits}/{index}", len(_CURRENCIES))
            currency = _CURRENCIES[draw] if form == "currency" else ""
            if currency in ("JPY", "KRW"):
                value = value.to_integral_value(
                    rounding="ROUND_FLOOR"
                )  # yen and won have no cents
            if (value, currency) in seen:
                continue
            seen.add((value, currency))
            left, right = (
                _write(form, value, currency, here),
                _write(form, value, currency, there),
            )
            tags = {f"digits:{digits}", f"value:{value}"}
            if currency:
                tags.add(f"currency:{currency}")
            pairs.setdefault((left, right), Pair(left, right, frozenset(tags)))
    return ParallelCorpus(
        name=f"cldr-numbers-{form}-{tag(source)}-{tag(target)}",
        pairs=tuple(pairs.values()),
        source_language=tag(source),
        target_language=tag(target),
        license="MIT" if form == "words" else LICENSE,
        source="number words, written for this course"
        if form == "words"
        else f"number formats in {origin()}",
    )


def held_out_digits(
    corpus: ParallelCorpus, longest: int = 6, valid: float = 0.05
) -> Split[ParallelCorpus]:
    """Hold out length: training and validation have numbers up to `longest` digits, the test has longer ones.

    Args:
        corpus: What `numbers` returned.
        longest: Largest number of digits before the point in training.
        valid: Fraction of the short numbers for validation.

    Returns:
        A training corpus of short and a test of long numbers.

    Raises:
        ValueError: If the corpus has no such tags, or one of the parts would be empty.

    Example:
        >>> split = held_out_digits(numbers(), longest=6)
        >>> max(len(pair.source) for pair in split.train)  # 123,456.78
        10
    """

    def digits(pair: Pair) -> int:
        return next(
            (
                int(name.removeprefix("digits:"))
                for name in pair.tags
                if name.startswith("digits:")
            ),
            0,
        )

    if not any(digits(pair) for pair in corpus):
        raise ValueError(
            f"corpus {corpus.name!r} has no numbers to split by; try cldr.numbers()"
        )
    return corpus.hold_out(lambda pair: digits(pair) > longest, valid)
