"""Whole numbers in words: English and Chinese."""

from __future__ import annotations

# Beyond 10^12 Chinese usage is divided over where 零 stands between 万亿 and 万.
LARGEST = 10**12 - 1

# fmt: off
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
_STEPS = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred"))
_DIGITS = "零一二三四五六七八九"


def _check(number: int) -> None:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(
            f"a whole number is needed, got {number!r} of type {type(number).__name__}"
        )
    if abs(number) > LARGEST:
        raise ValueError(f"number must lie within ±(10^12 - 1), got {number}")


def english_numeral(number: int) -> str:
    """Write a whole number in English words, the American way, without "and".

    Args:
        number: From -(10^12 - 1) to 10^12 - 1.

    Returns:
        The words.

    Raises:
        TypeError: If `number` is not an int.
        ValueError: If it is too large.

    Example:
        >>> english_numeral(1_000_342)
        'one million three hundred forty-two'
    """
    _check(number)
    if number < 0:
        return "minus " + english_numeral(-number)
    if number < 20:
        return _ONES[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return _TENS[ten] + (f"-{_ONES[one]}" if one else "")
    size, name = next(step for step in _STEPS if number >= step[0])
    many, rest = divmod(number, size)
    return f"{english_numeral(many)} {name}" + (
        f" {english_numeral(rest)}" if rest else ""
    )


def _below_ten_thousand(number: int, two: str) -> str:
    """Write 1 to 9999, with 一十 for ten: the caller shortens it at the head of a number."""
    text, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            # However many zeros lie between two digits, one 零 is said; zeros at the end are silent.
            text += (
                ("零" if gap else "")
                + (two if digit == 2 and size == 1000 else _DIGITS[digit])
                + unit
            )
            gap = False
        else:
            gap = bool(text)
    return text


def _groups(number: int, two: str) -> str:
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            many, rest = divmod(number, size)
            head = two if many == 2 else _groups(many, two)
            # The digit below the unit is a zero, and something follows.
            zero = "零" if 0 < rest < size // 10 else ""
            return head + unit + zero + (_groups(rest, two) if rest else "")
    return _below_ten_thousand(number, two)


def chinese_numeral(number: int, liang: bool = False) -> str:
    """Write a whole number in Chinese characters.

    Digits are grouped by four (万 10^4, 亿 10^8). One 零 stands for the zeros inside a number, however many: 105
    is 一百零五 and 10010 is 一万零一十; zeros at the end are silent: 1500 is 一千五百. At the head of a number ten
    is 十, not 一十: 15 is 十五, 100000 is 十万; inside it is 一十: 115 is 一百一十五.

    Two is 二. In speech it is 两 before 千, 万 and 亿 where it stands alone (两千, 两万, but 十二万); before 百
    both are said, and this function leaves 二百; it is never 两 before 十 or at the end. With ``liang=True`` speech
    is followed. (Before a measure word two is always 两, 两本书: that is grammar, not counting.)

    Args:
        number: From -(10^12 - 1) to 10^12 - 1.
        liang: Whether to write 两 where speech has it.

    Returns:
        The characters.

    Raises:
        TypeError: If `number` is not an int.
        ValueError: If it is too large.

    Example:
        >>> chinese_numeral(10010), chinese_numeral(22_000), chinese_numeral(2_000, liang=True)
        ('一万零一十', '二万二千', '两千')
    """
    _check(number)
    if number < 0:
        return "负" + chinese_numeral(-number, liang)
    if number == 0:
        return "零"
    text = _groups(number, "两" if liang else "二")
    return text[1:] if text.startswith("一十") else text
