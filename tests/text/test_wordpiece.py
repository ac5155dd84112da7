"""WordPiece against Hugging Face's tokenizers, on vocabularies and texts made by chance."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import BertWordPieceTokenizer

from companion.text.wordpiece import SPECIALS, WordPieceTokenizer, basic_tokenize

PIECES = ["low", "##low", "##er", "er", "new", "##est", "w", "##w", "e", "##e", "##s"]
PIECES += ["o", "##o", "l", "##l", "s", "n", "##n", "r", "##r", "t", "##t", "ss", "##ß"]
PIECES += [
    ",",
    ".",
    "'",
    "-",
    "$",
    "我",
    "爱",
    "の",
    "##の",
    "i",
    "##i",
    "σ",
    "##σ",
    "1",
]
TOKENS = [*SPECIALS, *PIECES]

# The reference was made with the tables of an older Unicode: characters that were assigned already in version 3.2
# and are still of the same kind are treated alike by all. One Mongolian mark and one Canadian sign changed between.
OLD = unicodedata.ucd_3_2_0
CHARACTERS = st.characters(codec="utf-8").filter(
    lambda c: unicodedata.category(c) == OLD.category(c) != "Cn" and c not in "\u166d"
)
# Letters of the vocabulary, so that most words are known, and anything else between them.
TEXTS = st.lists(
    st.one_of(
        st.text("lowernstLOWERNST", max_size=8),
        st.sampled_from([" ", "  ", "\t", "\n", ",", "...", "'s", "$", "é", "Ö", "İ", "Σ"]),
        st.sampled_from(["我爱", "の", "\u200d", "\0", "\ufffd", "\x85", "e\u0301", "ß"]),
        st.sampled_from(list(SPECIALS)),
        st.text(CHARACTERS, max_size=4),
    ),
    max_size=12,
).map("".join)  # fmt: skip


def reference(lower: bool = True) -> BertWordPieceTokenizer:
    vocab = {token: i for i, token in enumerate(TOKENS)}
    return BertWordPieceTokenizer(vocab, lowercase=lower)


REFERENCES = {lower: reference(lower) for lower in (True, False)}


@given(text=TEXTS, lower=st.booleans())
@settings(deadline=None, max_examples=600)
def test_ids_are_those_of_the_reference(text: str, lower: bool) -> None:
    wanted = REFERENCES[lower].encode(text)
    ours = WordPieceTokenizer(TOKENS, lower)
    assert ours.sentence(text).tolist() == wanted.ids
    assert ours.encode(text).tolist() == wanted.ids[1:-1]


def test_most_texts_of_the_property_have_known_pieces() -> None:
    ours = WordPieceTokenizer(TOKENS)
    assert ours.pieces("Lowest NEWER.") == ["low", "##est", "new", "##er", "."]
    assert ours.pieces("lower") == ["low", "##er"]  # the longest piece first
    assert ours.pieces("zebra low") == ["[UNK]", "low"]
    assert ours.pieces("lowz") == ["[UNK]"]  # the word as a whole


@pytest.mark.parametrize("length", [100, 101])
def test_a_word_of_more_than_a_hundred_characters_is_unknown(length: int) -> None:
    word = "l" * length
    ours = WordPieceTokenizer(TOKENS)
    assert ours.sentence(word).tolist() == REFERENCES[True].encode(word).ids
    assert (ours.pieces(word) == ["[UNK]"]) == (length > 100)


def test_case_and_accents_stay_where_they_are_to_stay() -> None:
    assert basic_tokenize("Café") == ["cafe"]
    assert basic_tokenize("Café", lower=False) == ["Café"]
    assert basic_tokenize("我爱NLP") == ["我", "爱", "nlp"]
    assert basic_tokenize(" \x00\u200b ") == []


def test_a_long_sentence_keeps_its_frame() -> None:
    ours = WordPieceTokenizer(TOKENS)
    short = ours.sentence("low low low low", max_length=4)
    assert short[0] == ours.cls_id
    assert short[-1] == ours.sep_id
    assert len(short) == 4
    assert ours.sentence("low", max_length=4).tolist() == ours.sentence("low").tolist()
    with pytest.raises(ValueError, match="leave room"):
        ours.sentence("low", max_length=1)


def test_decoding_joins_pieces_to_words() -> None:
    ours = WordPieceTokenizer(TOKENS)
    assert ours.decode(ours.encode("Lowest newer")) == "lowest newer"
    assert ours.decode([]) == ""
    with pytest.raises(ValueError, match="unknown"):
        ours.decode([len(TOKENS)])


def test_a_vocabulary_without_the_special_tokens_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"lacks \[MASK\]"):
        WordPieceTokenizer([token for token in TOKENS if token != "[MASK]"])
    (tmp_path / "vocab.txt").write_text("a\nb\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"vocab\.txt"):
        WordPieceTokenizer.read(tmp_path / "vocab.txt")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_read_and_save(tmp_path: Path, end: str) -> None:
    path = tmp_path / "vocab.txt"
    path.write_bytes((end.join(TOKENS) + end).encode("utf-8"))
    read = WordPieceTokenizer.read(path)
    assert read.vocabulary.tokens == tuple(TOKENS)
    read.save(tmp_path / "saved.json")
    again = WordPieceTokenizer.load(tmp_path / "saved.json")
    np.testing.assert_array_equal(again.encode("lowest, 我"), read.encode("lowest, 我"))
