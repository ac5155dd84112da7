"""Days written out in two languages: a translation task with one right answer."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from functools import lru_cache
from typing import Literal

from babel.dates import format_date

from companion.corpora.cldr.locales import LICENSE, locale, origin, stable_integer, tag
from companion.corpora.corpus import Pair, ParallelCorpus, Split

DateFormat = Literal["full", "long", "medium", "short"]


@lru_cache
def dates(
    source: str = "en",
    target: str = "zh",
    count: int | None = 10_000,
    *,
    first_year: int = 1900,
    last_year: int = 2099,
    source_format: DateFormat = "full",
    target_format: DateFormat = "full",
) -> ParallelCorpus:
    """Return days in two languages, e.g. "Thursday, February 29, 2024" and 2024年2月29日星期四.

    Args:
        source: Language of ``pair.source``, e.g. ``"en"``; `locale_codes` lists all.
        target: Language of ``pair.target``.
        count: Number of days, drawn from the years without repetition, the same ones each time; None takes all.
        first_year: The first year, from 1.
        last_year: The last year, up to 9999.
        source_format: How ``pair.source`` is written: ``"full"`` has the day of the week, ``"long"`` has not,
            ``"medium"`` and ``"short"`` abbreviate (a two-digit year is ambiguous).
        target_format: How ``pair.target`` is written; it can differ, and then has to be computed: the weekday, say.

    Returns:
        The pairs in the order of the days, tagged e.g. ``"date:2024-02-29"``, ``"year:2024"``, ``"month:2"``,
        ``"day:29"`` and ``"weekday:4"`` (Monday is 1).

    Raises:
        ValueError: If a language or format is unknown, the years are out of order, or `count` is not possible.

    Example:
        >>> {pair.source: pair.target for pair in dates(first_year=2024, last_year=2024, count=None)}[
        ...     "Thursday, February 29, 2024"]
        '2024年2月29日星期四'
    """
    for given in (source_format, target_format):
        if given not in ("full", "long", "medium", "short"):
            raise ValueError(
                f"a date format is full, long, medium or short, got {given!r}"
            )
    if not 1 <= first_year <= last_year <= 9999:
        raise ValueError(
            f"years must be in order, from 1 to 9999, got first_year={first_year}, last_year={last_year}"
        )
    days = list(
        range(
            datetime.date(first_year, 1, 1).toordinal(),
            datetime.date(last_year, 12, 31).toordinal() + 1,
        )
    )
    if count is not None:
        if not 1 <= count <= len(days):
            raise ValueError(
                f"these years have {len(days):,} days, got count={count}; None takes all"
            )
        # By the hash of the day, not of its place in the range: a wider range keeps what a narrower one drew, mostly.
        days = sorted(
            sorted(days, key=lambda day: stable_integer(f"day/{day}", 2**64))[:count]
        )
    here, there = locale(source), locale(target)
    pairs: dict[tuple[str, str], Pair] = {}
    for number in days:
        day = datetime.date.fromordinal(number)
        left = format_date(day, source_format, locale=here)
        right = format_date(day, target_format, locale=there)
        tags = {
            f"date:{day.isoformat()}",
            f"year:{day.year}",
            f"month:{day.month}",
            f"day:{day.day}",
        }
        # Two-digit years make a day of 1924 equal to one of 2024: the first stays.
        pairs.setdefault(
            (left, right),
            Pair(left, right, frozenset(tags | {f"weekday:{day.isoweekday()}"})),
        )
    return ParallelCorpus(
        name=f"cldr-dates-{tag(source)}-{tag(target)}",
        pairs=tuple(pairs.values()),
        source_language=tag(source),
        target_language=tag(target),
        license=LICENSE,
        source=f"calendars in {origin()}",
    )


def _check_dates(corpus: ParallelCorpus) -> None:
    if not any(tag.startswith("date:") for pair in corpus for tag in pair.tags):
        raise ValueError(
            f"corpus {corpus.name!r} has no dates to split by; try cldr.dates()"
        )


def held_out_years(
    corpus: ParallelCorpus,
    years: Collection[int] = range(2020, 2040),
    valid: float = 0.05,
) -> Split[ParallelCorpus]:
    """Hold out years: numbers that training never shows, made of digits that it does.

    Args:
        corpus: What `dates` returned.
        years: The years of the test.
        valid: Fraction of the other days for validation.

    Returns:
        Training and validation without those years, and a test of nothing else.

    Raises:
        ValueError: If the corpus has no dates, none of those years, or no other.

    Example:
        >>> split = held_out_years(dates())
        >>> any("2025" in pair.source for pair in split.train)
        False
    """
    _check_dates(corpus)
    chosen = {f"year:{year}" for year in years}
    return corpus.hold_out(lambda pair: bool(pair.tags & chosen), valid)


def held_out_days(
    corpus: ParallelCorpus, fraction: float = 0.1, valid: float = 0.05
) -> Split[ParallelCorpus]:
    """Hold out days of the year: the test asks for March 14 when training has other days of March and other 14ths.

    Args:
        corpus: What `dates` returned.
        fraction: Fraction of the 366 combinations of month and day for the test.
        valid: Fraction of the other days for validation.

    Returns:
        Training and validation without those combinations, in any year, and a test of nothing else.

    Raises:
        ValueError: If the corpus has no dates, or `fraction` is not between 0 and 0.5.

    Example:
        >>> split = held_out_days(dates())
        >>> len(split.test) < len(split.train)
        True
    """
    _check_dates(corpus)
    if not 0 < fraction <= 0.5:
        raise ValueError(
            f"fraction must lie between 0 and 0.5, so that every month and day is seen, got {fraction}"
        )
    leap_year = [
        datetime.date(2024, 1, 1) + datetime.timedelta(days) for days in range(366)
    ]
    ordered = sorted(
        leap_year,
        key=lambda day: stable_integer(f"held out/{day.month}-{day.day}", 2**64),
    )
    chosen = {
        (f"month:{day.month}", f"day:{day.day}")
        for day in ordered[: max(1, round(fraction * 366))]
    }
    return corpus.hold_out(
        lambda pair: any(
            month in pair.tags and day in pair.tags for month, day in chosen
        ),
        valid,
    )
