"""Chinese numerals, measure words and clock times, as the phrasebook's grammar needs them."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """Write a number from 0 to 999 in Chinese characters, as it is read aloud when counting or dating.

    Raises:
        ValueError: If the number is outside 0 to 999.

    Example:
        >>> numeral(12), numeral(20), numeral(105)
        ('十二', '二十', '一百零五')
    """
    if not 0 <= number < 1000:
        raise ValueError(
            f"numerals are written for 0 to 999, got {number}; try a smaller number"
        )
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds:
        if number < 10:
            return _DIGITS[number]
        return (
            ("" if tens == 1 else _DIGITS[tens])
            + "十"
            + (_DIGITS[ones] if ones else "")
        )
    text = _DIGITS[hundreds] + "百"
    if tens:
        return text + _DIGITS[tens] + "十" + (_DIGITS[ones] if ones else "")
    return text + (f"零{_DIGITS[ones]}" if ones else "")


def counted(number: int, measure: str) -> str:
    """Write a number before a measure word, where two is 两 and not 二.

    Args:
        number: How many, from 1 to 999.
        measure: The measure word, e.g. 本.

    Example:
        >>> counted(2, "本"), counted(12, "张")
        ('两本', '十二张')
    """
    return ("两" if number == 2 else numeral(number)) + measure


def clock(hour: int, minute: int) -> str:
    """Write a time of day on the twelve-hour clock; quarters and halves have names of their own.

    Args:
        hour: From 1 to 12.
        minute: From 0 to 59.

    Raises:
        ValueError: If the hour or the minute does not exist.

    Example:
        >>> clock(2, 30), clock(8, 15), clock(9, 5)
        ('两点半', '八点一刻', '九点零五分')
    """
    if not (1 <= hour <= 12 and 0 <= minute < 60):
        raise ValueError(
            f"expected an hour from 1 to 12 and a minute from 0 to 59, got {hour}:{minute:02d}"
        )
    text = counted(hour, "点")
    if minute == 0:
        return text
    if minute == 30:
        return text + "半"
    if minute == 15:
        return text + "一刻"
    return text + ("零" if minute < 10 else "") + numeral(minute) + "分"
