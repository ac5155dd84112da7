"""What people type is cleaned before an application sees it, or refused with advice."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.apps._text import LIMIT, checked_text, language_of


@given(st.text(max_size=200))
def test_any_string_is_cleaned_or_refused_and_cleaning_twice_changes_nothing(
    text: str,
) -> None:
    try:
        cleaned = checked_text(text)
    except ValueError:
        return
    assert cleaned
    assert checked_text(cleaned) == cleaned
    cleaned.encode("utf-8")  # no half of a surrogate pair is left


@pytest.mark.parametrize("text", ["", "  \n\t", "\x00\x07", "\u202e", "\u200b"])
def test_nothing_to_read_is_refused_with_advice(text: str) -> None:
    with pytest.raises(ValueError, match="question is empty: type"):
        checked_text(text, name="question")


def test_a_million_characters_are_read_and_one_more_is_refused() -> None:
    assert len(checked_text("a" * LIMIT)) == LIMIT
    with pytest.raises(ValueError, match="1,000,001"):
        checked_text("a" * (LIMIT + 1))


def test_bytes_are_refused_with_advice() -> None:
    with pytest.raises(TypeError, match="decode"):
        inspect.unwrap(checked_text)(b"a")  # without the check of types


def test_what_changes_the_meaning_of_a_text_stays() -> None:
    family = "👩\u200d👩\u200d👧"
    assert checked_text(f"{family} שלום مرحبا") == f"{family} שלום مرحبا"
    assert checked_text("a\ud800b") == "a\ufffdb"
    assert checked_text("cafe\u0301\r\nx\x00y") == "café\nx y"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我今天很开心。", "zh"),
        ("I love programming.", "en"),
        ("什么是 BPE？", "zh"),
        ("What is 语言模型 called in English?", "en"),
        ("", "en"),
        ("123", "en"),
        ("𠀀𠀁", "zh"),
    ],
)
def test_the_language_is_told_by_the_script(text: str, language: str) -> None:
    assert language_of(text) == language
