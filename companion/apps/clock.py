"""A clock as a tool: what time and what day it is, in words, by the clock of the machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from companion.apps._text import Language

# The longer ones first: each holds a shorter one.
_DAYS = (
    (r"day after tomorrow|后天", 2),
    (r"day before yesterday|前天", -2),
    (r"\btomorrow\b|明天|明日", 1),
    (r"\byesterday\b|昨天|昨日", -1),
)


def day_asked(text: str) -> int:
    """Return which day a text speaks of, in days from today.

    Example:
        >>> day_asked("What day is tomorrow?"), day_asked("前天星期几？"), day_asked("What day is it?")
        (1, -2, 0)
    """
    for pattern, days in _DAYS:
        if re.search(pattern, text, re.IGNORECASE):
            return days
    return 0


class Clock:
    """Tells the time and the date.

    Args:
        now: Returns the present time; the machine's if left out.

    Example:
        >>> clock = Clock(lambda: datetime(2026, 3, 1, 9, 5))
        >>> clock.time("en"), clock.date("zh", days=-1)
        ('It is 09:05 by the clock of this machine.', '昨天是2026年2月28日星期六。')
    """

    def __init__(self, now: Callable[[], datetime] = datetime.now) -> None:
        self.now = now

    def time(self, language: Language) -> str:
        """Say the time, hours and minutes."""
        told = f"{self.now():%H:%M}"
        if language == "zh":
            return f"按这台机器的钟，现在是{told}。"
        return f"It is {told} by the clock of this machine."

    def date(self, language: Language, days: int = 0) -> str:
        """Say the date and the day of the week.

        Args:
            language: ``"en"`` or ``"zh"``.
            days: Of which day, counted from today: -2 to 2.
        """
        # Babel takes a moment to load, and only who asks for a date needs it.
        from babel.dates import format_date

        day = self.now().date() + timedelta(days)
        if language == "zh":
            named = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}[days]
            return f"{named}是{format_date(day, 'full', locale='zh')}。"
        named = {
            -2: "The day before yesterday was", -1: "Yesterday was", 0: "Today is", 1: "Tomorrow is",
            2: "The day after tomorrow is",
        }[days]  # fmt: skip
        return f"{named} {format_date(day, 'full', locale='en')}."
