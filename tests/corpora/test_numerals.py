"""Number words, held against cases written by hand and against a reader that works the other way round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.corpora.numerals import LARGEST, chinese_numeral, english_numeral

CHINESE = {
    0: "零", 2: "二", 10: "十", 12: "十二", 20: "二十", 99: "九十九",
    100: "一百", 101: "一百零一", 105: "一百零五", 110: "一百一十", 111: "一百一十一", 200: "二百", 212: "二百一十二",
    1000: "一千", 1001: "一千零一", 1010: "一千零一十", 1100: "一千一百", 1101: "一千一百零一", 1500: "一千五百",
    2024: "二千零二十四", 9999: "九千九百九十九",
    10_000: "一万", 10_001: "一万零一", 10_010: "一万零一十", 10_100: "一万零一百", 11_000: "一万一千",
    12_345: "一万二千三百四十五", 20_002: "二万零二",
    100_000: "十万", 100_001: "十万零一", 105_000: "十万五千", 110_000: "十一万",
    120_000: "十二万", 1_000_000: "一百万",
    1_010_101: "一百零一万零一百零一", 2_003_000: "二百万三千", 10_000_000: "一千万",
    100_000_000: "一亿", 100_000_001: "一亿零一", 100_010_000: "一亿零一万", 100_100_000: "一亿零一十万",
    110_000_000: "一亿一千万", 1_000_000_000: "十亿", 1_234_567_890: "十二亿三千四百五十六万七千八百九十",
    100_000_000_000: "一千亿",
}  # fmt: skip

SPOKEN = {
    2: "二", 12: "十二", 20: "二十", 200: "二百", 2000: "两千", 2200: "两千二百", 12_000: "一万两千", 20_000: "两万",
    22_000: "两万两千", 120_000: "十二万", 200_000: "二十万", 200_000_000: "两亿", 2_000_000: "二百万",
}  # fmt: skip

ENGLISH = {
    0: "zero", 7: "seven", 13: "thirteen", 20: "twenty", 42: "forty-two", 100: "one hundred", 105: "one hundred five",
    999: "nine hundred ninety-nine", 1000: "one thousand", 1001: "one thousand one", 21_000: "twenty-one thousand",
    1_000_342: "one million three hundred forty-two", 2_000_000_000: "two billion",
}  # fmt: skip


@pytest.mark.parametrize(("number", "text"), CHINESE.items())
def test_chinese(number, text) -> None:
    assert chinese_numeral(number) == text


@pytest.mark.parametrize(("number", "text"), SPOKEN.items())
def test_liang_where_speech_has_it(number, text) -> None:
    assert chinese_numeral(number, liang=True) == text


@pytest.mark.parametrize(("number", "text"), ENGLISH.items())
def test_english(number, text) -> None:
    assert english_numeral(number) == text


def read_chinese(text: str) -> int:
    """Read a numeral from left to right, as a listener does."""
    total = section = digit = 0
    for character in text:
        if character in "零一二三四五六七八九":
            digit = "零一二三四五六七八九".index(character)
        elif character in "十百千":
            section += (digit or 1) * 10 ** ("十百千".index(character) + 1)
            digit = 0
        elif character == "万":
            section, digit = (section + digit) * 10_000, 0
            total, section = total + section, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return total + section + digit


def read_english(text: str) -> int:
    names = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
    ]
    names += ["sixteen", "seventeen", "eighteen", "nineteen"]
    values = {name: value for value, name in enumerate(names, 1)} | {"zero": 0}
    tens = [
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
    ]
    values |= {name: 10 * value for value, name in enumerate(tens, 2)}
    total = section = 0
    for word in text.replace("-", " ").split():
        if word == "hundred":
            section *= 100
        elif word in ("thousand", "million", "billion"):
            total, section = (
                total
                + section
                * 1000 ** (("thousand", "million", "billion").index(word) + 1),
                0,
            )
        else:
            section += values[word]
    return total + section


NUMBERS = st.one_of(
    st.integers(0, LARGEST),
    st.integers(0, 20_000),
    # Many zeros: where the rules are.
    st.text("0012", min_size=1, max_size=12).map(int),
)


@given(NUMBERS)
def test_every_number_can_be_read_back(number) -> None:
    assert read_chinese(chinese_numeral(number)) == number
    assert read_english(english_numeral(number)) == number


@given(NUMBERS)
def test_zeros_are_said_once_and_never_at_the_end(number) -> None:
    text = chinese_numeral(number)
    assert "零零" not in text
    assert number == 0 or not text.endswith("零")
    assert not text.startswith("一十")


def test_negative() -> None:
    assert (chinese_numeral(-15), english_numeral(-15)) == ("负十五", "minus fifteen")


@pytest.mark.parametrize("write", [chinese_numeral, english_numeral])
def test_too_large_and_not_whole_are_refused(write) -> None:
    with pytest.raises(ValueError, match="1000000000000"):
        write(LARGEST + 1)
    for wrong in (1.5, "3", True):
        with pytest.raises(TypeError):
            write(wrong)
