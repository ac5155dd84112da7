"""Syllables and rhymes by the spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.text.verse import rhyme, rhyming_characters, syllables

SPOKEN = {
    1: "night bridge moved thought knees loved makes eyes some home",
    2: "window table wanted little houses changes watches something lovely",
    3: "remember banana idea elephant camera decided delicious carefully",
}


@pytest.mark.parametrize("number", SPOKEN)
def test_syllables_of_plain_words(number: int) -> None:
    assert {w: syllables(w) for w in SPOKEN[number].split()} == dict.fromkeys(
        SPOKEN[number].split(), number
    )


@given(st.lists(st.sampled_from(["night", "window", "idea"]), max_size=6))
def test_a_line_has_the_syllables_of_its_words(words: list[str]) -> None:
    assert syllables(" ".join(words)) == sum(map(syllables, words))


@given(st.text(max_size=30))
def test_any_text_is_measured(text: str) -> None:
    assert syllables(text) >= 0
    assert isinstance(rhyme(text), str)


def test_rhymes() -> None:
    assert rhyme("Good night!") == rhyme("light") != rhyme("late")
    assert rhyme("床前明月光") == rhyme("疑是地上霜") != rhyme("低头思故人")
    assert rhyme("") == rhyme("123") == rhyme("龘") == ""


def test_no_character_is_in_two_groups_and_none_rhymes_with_itself() -> None:
    for character in "光心山来":
        partners = rhyming_characters(character)
        assert character not in partners
        assert all(rhyme(other) == rhyme(character) for other in partners)
    assert rhyming_characters("龘") == ""
