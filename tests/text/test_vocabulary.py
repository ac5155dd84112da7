import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.text import BOS, EOS, UNK, Vocabulary
from companion.text._storage import check_ids

TEXT = ["the", "cat", "saw", "the", "dog", "and", "the", "dog", "saw", "a", "cat"]


def test_specials_first_then_by_count_then_by_code_point() -> None:
    vocabulary = Vocabulary.build(TEXT)
    assert vocabulary.tokens == (UNK, BOS, EOS, "the", "cat", "dog", "saw", "a", "and")
    assert (vocabulary.unk_id, vocabulary.bos_id, vocabulary.eos_id) == (0, 1, 2)


def test_max_size_counts_the_specials_and_min_count_drops_the_rare() -> None:
    assert Vocabulary.build(TEXT, max_size=5).tokens[3:] == ("the", "cat")
    assert Vocabulary.build(TEXT, min_count=2).tokens[3:] == (
        "the",
        "cat",
        "dog",
        "saw",
    )
    assert Vocabulary.build(TEXT, min_count=99).tokens == (UNK, BOS, EOS)


def test_a_token_that_reads_like_a_special_gets_its_id() -> None:
    vocabulary = Vocabulary.build(["a", UNK, UNK])
    assert vocabulary.tokens == (UNK, BOS, EOS, "a")
    assert vocabulary.encode([UNK, "a"]).tolist() == [0, 3]


def test_unknown_tokens_become_unk() -> None:
    vocabulary = Vocabulary.build(TEXT)
    ids = vocabulary.encode(["the", "bird"])
    assert ids.dtype == np.int32
    assert ids.tolist() == [3, 0]
    assert vocabulary.decode(ids) == ["the", UNK]


def test_without_unk_an_unknown_token_is_an_error() -> None:
    vocabulary = Vocabulary.build(TEXT, specials=())
    with pytest.raises(KeyError, match="'bird' is not in this vocabulary"):
        vocabulary.encode(["bird"])
    with pytest.raises(KeyError, match="<bos>"):
        _ = vocabulary.bos_id


@given(st.lists(st.text(max_size=3), min_size=1), st.integers(1, 3))
def test_round_trip_of_what_is_kept(tokens: list[str], min_count: int) -> None:
    vocabulary = Vocabulary.build(tokens, min_count=min_count)
    counts = Counter(tokens)
    expected = [token if counts[token] >= min_count else UNK for token in tokens]
    assert vocabulary.decode(vocabulary.encode(tokens)) == expected


def test_empty_text() -> None:
    vocabulary = Vocabulary.build([])
    assert len(vocabulary) == 3
    assert vocabulary.encode([]).shape == (0,)
    assert vocabulary.decode([]) == []


def test_a_string_is_not_a_list_of_tokens() -> None:
    with pytest.raises(TypeError, match="one string"):
        Vocabulary.build("the cat")
    with pytest.raises(TypeError, match="one string"):
        Vocabulary.build(TEXT).encode("the cat")


def test_limits_that_leave_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 4"):
        Vocabulary.build(TEXT, max_size=3)
    with pytest.raises(ValueError, match="min_count must be at least 1, got 0"):
        Vocabulary.build(TEXT, min_count=0)
    with pytest.raises(ValueError, match="'a' occurs more than once"):
        Vocabulary(["a", "b", "a"])
    with pytest.raises(ValueError, match="'<unk>' is not among the tokens"):
        Vocabulary(["a"], specials=["<unk>"])


def test_save_and_load(tmp_path: Path) -> None:
    vocabulary = Vocabulary.build([*TEXT, "爱", "\ud800"])
    vocabulary.save(tmp_path / "v.json")
    loaded = Vocabulary.load(tmp_path / "v.json")
    assert loaded == vocabulary
    assert hash(loaded) == hash(vocabulary)
    assert loaded.encode(["爱"]).tolist() == vocabulary.encode(["爱"]).tolist()
    assert loaded != Vocabulary.build(TEXT)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "damaged"),
        ('{"tokens": [', "damaged"),
        ("[1, 2]", "header"),
        ('{"tokens": ["a"], "specials": []}', "header"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "v.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=says) as caught:
        Vocabulary.load(path)
    assert "v.json" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 99}, "version is 99"),
        ({"kind": "BPETokenizer"}, "holds a BPETokenizer"),
        ({"tokens": "abc"}, "'tokens' is missing or damaged"),
        ({"tokens": [1, 2]}, "'tokens' is missing or damaged"),
        ({"specials": None}, "'specials' is missing or damaged"),
    ],
)
def test_a_file_with_a_wrong_field_is_named(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    path = tmp_path / "v.json"
    Vocabulary.build(TEXT).save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ValueError, match=says):
        Vocabulary.load(path)


def test_a_binary_file_and_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "v.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="damaged"):
        Vocabulary.load(tmp_path / "v.json")
    with pytest.raises(FileNotFoundError):
        Vocabulary.load(tmp_path / "nothing.json")


def test_ids_are_checked() -> None:
    vocabulary = Vocabulary.build(TEXT)
    with pytest.raises(
        ValueError,
        match=r"id 9 at position 1 is unknown: this vocabulary has the ids 0 to 8",
    ):
        vocabulary.decode([0, 9])
    with pytest.raises(ValueError, match="id -1 at position 0"):
        vocabulary.decode([-1])
    with pytest.raises(TypeError, match="must be integers, got float64"):
        check_ids(np.array([1.0]), 9)
    with pytest.raises(TypeError, match="must be integers, got bool"):
        check_ids(np.array([True]), 9)
    with pytest.raises(ValueError, match=r"flat sequence, got shape \(1, 2\)"):
        check_ids([[1, 2]], 9)
    with pytest.raises(TypeError, match="encode"):
        check_ids("the", 9)
    # The annotated method refuses them too, whichever check comes first.
    with pytest.raises(TypeError):
        vocabulary.decode(np.array([1.0]))
