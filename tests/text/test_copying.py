"""Slots for unknown words: round trip, the same word on both sides, two directions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.corpora import phrasebook
from companion.corpora.stand_ins import KINDS, invented_name, with_stand_ins
from companion.text.copying import CopyEncoder, joined, mixed_pieces

PAIRS = list(phrasebook())[::20]
ENCODER = CopyEncoder.collect([(p.source, p.target) for p in PAIRS])


@given(st.text())
def test_pieces_lose_only_white_space(text):
    kept = "".join(mixed_pieces(text))
    assert [c for c in kept if not c.isspace()] == [c for c in text if not c.isspace()]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Anna's 1,250 books.", ["Anna", "'s", "1,250", "books", "."]),
        ("Write to ann@example.org!", ["Write", "to", "ann@example.org", "!"]),
        ("at six o'clock", ["at", "six", "o'clock"]),
        ("我3.5公里", ["我", "3.5", "公", "里"]),
    ],
)
def test_pieces(text, wanted):
    assert mixed_pieces(text) == wanted


def test_every_sentence_comes_back_in_both_languages():
    for pair in PAIRS:
        for text, to, language in ((pair.source, "zh", "en"), (pair.target, "en", "zh")):  # fmt: skip
            read = ENCODER.prepare(text, to)
            pieces = ENCODER.written(ENCODER.source_ids(read.text)[1:], read.copies)
            assert joined(pieces, language) == text


@given(st.lists(st.sampled_from(["Barbara", "Yusuf", "likes", "and", "."]), min_size=1))
def test_slots_come_back(words):
    read = ENCODER.prepare(" ".join(words), "zh")
    ids = ENCODER.source_ids(read.text)[1:]
    assert ENCODER.source.unk_id not in ids
    assert tuple(ENCODER.written(ids, read.copies)) == read.pieces


def test_a_slot_is_the_same_word_on_both_sides():
    a, b = ENCODER.prepare_pair("Barbara visited Yusuf.", "Barbara看望了Yusuf。", "zh")
    assert a.split()[1] == "<1>"
    assert [t for t in b.split() if t.startswith("<")] == ["<1>", "<2>"]
    a, b = ENCODER.prepare_pair("Yusuf和Barbara。", "Barbara and Yusuf.", "en")
    assert b.split()[0] == "<2>"


def test_without_slots_the_word_is_unknown():
    bare = CopyEncoder.collect([(p.source, p.target) for p in PAIRS], slots=0)
    read = bare.prepare("Barbara sings.", "zh")
    assert read.copies == ()
    assert bare.source.unk_id in bare.source_ids(read.text)


def test_more_unknown_words_than_slots():
    read = ENCODER.prepare(" ".join(f"Xx{chr(97 + k)}" for k in range(12)), "zh")
    assert len(read.copies) == 8
    assert (ENCODER.source_ids(read.text) == ENCODER.source.unk_id).sum() == 4


def test_unknown_chinese_characters_are_one_piece():
    assert ENCODER.split("瑟芙妮喝茶。", "zh")[0].startswith("瑟")
    assert len(ENCODER.prepare("瑟芙妮喝茶。", "en").copies) == 1


def test_what_is_refused():
    with pytest.raises(ValueError, match="nothing to translate"):
        ENCODER.prepare("  ", "zh")
    with pytest.raises(ValueError, match="between these two"):
        ENCODER.prepare("tea", "fr")
    with pytest.raises(ValueError, match="no pair"):
        CopyEncoder.collect([])
    with pytest.raises(ValueError, match="slots must be"):
        CopyEncoder.collect([("a", "b")], slots=9)


def test_stand_ins_stand_on_both_sides_and_are_new():
    generator = np.random.default_rng(0)
    for pair in with_stand_ins(PAIRS, generator, kinds=KINDS):
        words = [t.removeprefix("stand-in:") for t in pair.tags if t.startswith("stand-in:")]  # fmt: skip
        assert words
        for word in words:
            assert pair.target.count(word) >= 1
            assert word.lower() in pair.source.lower()


def test_stand_ins_from_a_list():
    names = ["Barbara", "Yusuf", "Olga"]
    found = with_stand_ins(PAIRS, np.random.default_rng(0), names)
    assert found
    assert all(any(name in p.target for name in names) for p in found)
    with pytest.raises(ValueError, match="new words"):
        with_stand_ins(phrasebook(), np.random.default_rng(0), ["Barbara"])
    with pytest.raises(ValueError, match="kinds must be"):
        with_stand_ins(PAIRS, np.random.default_rng(0), kinds=("verb",))
    assert invented_name(np.random.default_rng(3)).istitle()
