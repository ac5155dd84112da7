from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.text import (
    ByteTokenizer,
    CharTokenizer,
    Tokenizer,
    Vocabulary,
    WordTokenizer,
)
from companion.text._storage import check_text

TEXT = "The cat saw the dog. The dog ran."


def test_word_tokenizer_reads_well_and_marks_the_unknown() -> None:
    tokenizer = WordTokenizer.train(TEXT)
    assert (
        tokenizer.decode(tokenizer.encode("The dog saw a cat."))
        == "The dog saw <unk> cat."
    )
    assert tokenizer.vocab_size == len(tokenizer.vocabulary) == 3 + 7


def test_min_count_and_max_size_reach_the_vocabulary() -> None:
    assert set(WordTokenizer.train(TEXT, min_count=2).vocabulary.tokens[3:]) == {
        "The",
        "dog",
        ".",
    }
    assert WordTokenizer.train(TEXT, max_size=4).vocab_size == 4


def test_training_on_documents_is_training_on_their_words() -> None:
    assert (
        WordTokenizer.train(["a b", "b c"]).vocabulary
        == WordTokenizer.train("a b b c").vocabulary
    )


@given(st.text(min_size=1))
def test_characters_seen_in_training_round_trip(text: str) -> None:
    tokenizer = CharTokenizer.train(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_an_unseen_character_becomes_unk() -> None:
    tokenizer = CharTokenizer.train("abc")
    assert tokenizer.encode("az").tolist() == [3, 0]


@given(st.text())
def test_bytes_round_trip_and_equal_utf8(text: str) -> None:
    tokenizer = ByteTokenizer()
    ids = tokenizer.encode(text)
    assert ids.dtype == np.int32
    assert bytes(ids.tolist()) == text.encode()
    assert tokenizer.decode(ids, errors="strict") == text


def test_half_a_character_is_replaced_or_refused() -> None:
    tokenizer = ByteTokenizer()
    half = tokenizer.encode("爱")[:2]
    assert tokenizer.decode(half) == "\ufffd"
    with pytest.raises(UnicodeDecodeError):
        tokenizer.decode(half, errors="strict")
    with pytest.raises(ValueError, match="id 256 at position 0"):
        tokenizer.decode([256])


@pytest.mark.parametrize(
    "tokenizer", [WordTokenizer.train(TEXT), CharTokenizer.train(TEXT), ByteTokenizer()]
)
class TestEveryTokenizer:
    def test_encodes_to_int32_within_the_vocabulary(self, tokenizer: Tokenizer) -> None:
        ids = tokenizer.encode(TEXT)
        assert ids.dtype == np.int32
        assert ids.min() >= 0
        assert ids.max() < tokenizer.vocab_size

    def test_empty_text(self, tokenizer: Tokenizer) -> None:
        assert tokenizer.encode("").shape == (0,)
        assert tokenizer.encode("").dtype == np.int32
        assert tokenizer.decode([]) == ""

    def test_batch_is_one_array_a_text(self, tokenizer: Tokenizer) -> None:
        batch = tokenizer.encode_batch(["The cat", "", "dog"])
        assert [ids.tolist() for ids in batch] == [
            tokenizer.encode(text).tolist() for text in ("The cat", "", "dog")
        ]
        with pytest.raises(TypeError, match="one string"):
            tokenizer.encode_batch("The cat")

    def test_save_and_load(self, tokenizer: Tokenizer, tmp_path: Path) -> None:
        tokenizer.save(tmp_path / "t.json")
        loaded = type(tokenizer).load(tmp_path / "t.json")
        assert loaded.vocab_size == tokenizer.vocab_size
        assert loaded.encode(TEXT).tolist() == tokenizer.encode(TEXT).tolist()

    def test_loading_another_kind_names_both(
        self, tokenizer: Tokenizer, tmp_path: Path
    ) -> None:
        Vocabulary.build(["a"]).save(tmp_path / "t.json")
        with pytest.raises(
            ValueError,
            match=f"not a saved {type(tokenizer).__name__}: it holds a Vocabulary",
        ):
            type(tokenizer).load(tmp_path / "t.json")

    def test_wrong_input(self, tokenizer: Tokenizer) -> None:
        for wrong in (b"bytes", None, ["a", "b"]):
            with pytest.raises(TypeError):
                tokenizer.encode(wrong)
        with pytest.raises(ValueError, match=f"ids 0 to {tokenizer.vocab_size - 1}"):
            tokenizer.decode([tokenizer.vocab_size])
        with pytest.raises(TypeError):
            tokenizer.decode(np.array([1.5]))


def test_the_messages_for_wrong_text() -> None:
    with pytest.raises(TypeError, match="got bytes; decode them first"):
        check_text(b"abc")
    with pytest.raises(TypeError, match="got list; use encode_batch"):
        check_text(["a"])


def test_a_lone_surrogate_is_named() -> None:
    with pytest.raises(ValueError, match=r"lone surrogate U\+D83D at position 2"):
        ByteTokenizer().encode("ab\ud83d")


def test_training_on_nothing_is_refused() -> None:
    for nothing in ("", [], ["", ""]):
        with pytest.raises(ValueError, match="no text to train on"):
            WordTokenizer.train(nothing)


def test_a_file_with_a_token_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    CharTokenizer.train("ab").save(path)
    path.write_text(path.read_text().replace('"b"', '"a"'))
    with pytest.raises(
        ValueError,
        match=r"t\.json is not a saved CharTokenizer: token 'a' occurs more than once",
    ):
        CharTokenizer.load(path)
