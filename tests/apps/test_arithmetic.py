"""The calculator: Python's own arithmetic is the reference, and nothing that is typed can hurt it."""

from __future__ import annotations

import time
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.apps.arithmetic import LONGEST, CalculationError, evaluate, shown
from companion.apps.spoken_arithmetic import expression_in, spelled_numbers
from companion.corpora.numerals import chinese_numeral, english_numeral

numbers = st.integers(0, 30).map(lambda n: (str(n), f"Fraction({n})"))


def combined(children: st.SearchStrategy) -> st.SearchStrategy:
    pair = st.tuples(children, st.sampled_from("+-*/"), children)
    return st.one_of(
        pair.map(
            lambda p: (
                f"({p[0][0]} {p[1]} {p[2][0]})",
                f"({p[0][1]} {p[1]} {p[2][1]})",
            )
        ),
        pair.map(lambda p: (f"{p[0][0]}{p[1]}{p[2][0]}", f"{p[0][1]}{p[1]}{p[2][1]}")),
        children.map(lambda c: (f"-{c[0]}", f"-{c[1]}")),
        st.tuples(children, st.integers(0, 3)).map(
            lambda p: (f"({p[0][0]})^{p[1]}", f"({p[0][1]})**{p[1]}")
        ),
    )


@given(st.recursive(numbers, combined, max_leaves=12))
def test_equal_to_python(pair: tuple[str, str]) -> None:
    text, code = pair
    try:
        want = eval(code)  # made of numbers and signs alone, above
    except ZeroDivisionError:
        with pytest.raises(CalculationError) as raised:
            evaluate(text)
        assert raised.value.reason in ("zero", "large", "deep")
        return
    try:
        assert evaluate(text) == want
    except CalculationError as error:
        if error.reason not in ("large", "deep"):
            raise


@pytest.mark.parametrize(
    "text", ["-2^2", "2^3^2", "2^-1", "0^0", "(-1)^1001", "7-3-2", "8/4/2"]
)
def test_powers_bind_as_in_python(text: str) -> None:
    code = "".join(
        f"Fraction({c})" if c.isdigit() else c for c in text.replace("1001", "1")
    )
    assert evaluate(text) == eval(code.replace("^", "**"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9^9^9^9", "large"), ("99^999999999", "large"), ("2^0.5", "power"), ("1/0", "zero"), ("0^-1", "zero"),
        ("(" * 150 + "1" + ")" * 150, "deep"), ("-" * 300 + "1", "deep"), ("1+" * 300 + "1", "long"),
        ("", "grammar"), ("2 3", "grammar"), ("(1", "grammar"), ("__import__('os')", "grammar"), ("1e9", "grammar"),
    ],
)  # fmt: skip
def test_refused_at_once(text: str, reason: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(CalculationError) as raised:
        evaluate(text)
    assert raised.value.reason == reason
    assert time.perf_counter() - begin < 1


@given(st.text(alphabet="0123456789.+-*/^()% ", max_size=LONGEST + 5))
def test_any_sum_ends_with_a_number_or_a_reason(text: str) -> None:
    with suppress(CalculationError):
        assert shown(evaluate(text))


@given(st.fractions(), st.integers(1, 1500))
def test_what_is_shown_is_short_and_near(value: Fraction, power: int) -> None:
    for number in (
        value,
        value * 10**9 + Fraction(1, 7),
        Fraction(2) ** power,
        Fraction(1, 3**power),
    ):
        text = shown(number)
        assert len(text) < 50
        if "≈" not in text:
            assert Fraction(text) == number


@given(st.integers(0, 999_999))
def test_number_words_come_back_as_digits(number: int) -> None:
    assert spelled_numbers(english_numeral(number)) == str(number)
    assert spelled_numbers(chinese_numeral(number)) == str(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("What is twelve times 7?", 84), ("half of 58", 29), ("15 percent of 80", 12), ("subtract 8 from 100", 92),

        ("1,000 + 1", 1001),
        ("80的百分之十五", 12), ("二的十次方是多少？", 1024), ("把1、2、3加起来。", 6), ("3 × (8 − 5)", 9),
    ],
)  # fmt: skip
def test_words_are_read(text: str, value: int) -> None:
    expression = expression_in(text)
    assert expression is not None
    assert evaluate(expression) == value


@pytest.mark.parametrize(
    "text", ["What is attention?", "Chapter 7", "2026", "七", "see pages 3-5 of it", ""]
)
def test_no_calculation_is_seen_where_none_is(text: str) -> None:
    assert expression_in(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("and times three?", 252), ("divide that by 2", 42), ("再除以二呢？", 42), ("minus 4", 80), ("it squared", 7056)],
)  # fmt: skip
def test_the_last_result_completes_it(text: str, value: int) -> None:
    assert expression_in(text) is None or text == "minus 4"
    expression = expression_in(text, last="84/1")
    assert expression is not None
    assert evaluate(expression) == value


@given(st.text(max_size=200))
def test_any_text_is_looked_at(text: str) -> None:
    for last in (None, "-1/2"):
        expression = expression_in(text, last)
        assert expression is None or isinstance(expression, str)
