import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.text import code_points, graphemes, lengths, normalize

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


def test_equal_text_compares_equal_after_normalization() -> None:
    decomposed = "Cafe\u0301"
    assert decomposed != "Café"
    assert normalize(decomposed) == "Café"
    assert normalize("Café", "NFD") == decomposed


def test_compatibility_forms_lose_the_distinction() -> None:
    assert normalize("ﬁ ² Ａ ①", "NFKC") == "fi 2 A 1"
    assert normalize("ﬁ ² Ａ ①", "NFC") == "ﬁ ² Ａ ①"


@given(ANY_TEXT, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_normalization_is_idempotent(text: str, form: str) -> None:
    once = normalize(text, form)
    assert normalize(once, form) == once
    assert unicodedata.is_normalized(form, once)


def test_unknown_form_and_wrong_type_are_refused() -> None:
    with pytest.raises((ValueError, TypeError), match=r"NFC|form"):
        normalize("a", "nfc")
    with pytest.raises(TypeError):
        normalize(b"a")


@given(ANY_TEXT)
def test_graphemes_join_to_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    "cluster",
    ["e\u0301", "👩‍🚀", "🇨🇳", "한", "각", "👍🏽", "\r\n", "नि"],
)
def test_one_visible_character_is_one_grapheme(cluster: str) -> None:
    assert graphemes(f"a{cluster}b") == ["a", cluster, "b"]


def test_lengths_tell_the_units_apart() -> None:
    # A woman, a joiner, a rocket; then one Chinese character outside the basic plane.
    assert lengths("👩‍🚀") == (1, 3, 5, 11)
    assert lengths("𠮷") == (1, 1, 2, 4)
    assert lengths("") == (0, 0, 0, 0)


def test_code_points_show_number_name_and_bytes() -> None:
    e, accent = code_points("e\u0301")
    assert (e.number, e.name, e.utf8) == ("U+0065", "LATIN SMALL LETTER E", b"e")
    assert (accent.number, accent.name, accent.utf8) == (
        "U+0301",
        "COMBINING ACUTE ACCENT",
        b"\xcc\x81",
    )
    assert code_points("😀")[0].utf8 == bytes([0xF0, 0x9F, 0x98, 0x80])
    assert code_points("\n")[0].name == "<Cc>"
    assert code_points("\ud800")[0].name == "<Cs>"


@given(st.text())
def test_code_points_hold_the_utf8_of_the_text(text: str) -> None:
    assert b"".join(point.utf8 for point in code_points(text)) == text.encode()
