"""Byte-pair encoding: the same merges and ids as Hugging Face tokenizers, and every text comes back."""

import json
import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import tiktoken
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

import companion
from companion.text import (
    GPT2_PATTERN,
    BPETokenizer,
    UnigramTokenizer,
    learn_merges,
    pretokenize,
)
from companion.text.bpe_training import BYTE_ORDER, to_symbols
from companion.text.pretokenization import _SPLIT, _SPLIT_ASCII, ChunkCache

ENGLISH = (
    "It was the best of methods, it was the worst of methods: counting, and counting again. "
    "Whoever counts pairs doesn't count twice; they've counted once, and they'll remember.\n\n"
    "The newest, widest and lowest words aren't the lower ones. In 2024 we counted 1,234,567 pairs!  "
) * 5
CHINESE = (
    "我们先数一数字节对，再合并最常见的一对。语言模型从计数开始，最后学会了写句子。数数、合并、再数数！\n"
    * 5
)
MIXED = "naïve café — résumé №5 ½ ²; 😀👩‍🚀 e\u0301\u00a0\u3000 \x1c\x85 Ünïcödé ١٢٣ ไทย עברית\r\n\tx  \n"
SPECIALS = ("<|endoftext|>", "<|pad|>")


def code() -> str:
    return "\n".join(
        path.read_text("utf-8")
        for path in sorted(Path(companion.__file__).parent.glob("text/*.py"))
    )


CORPORA = {
    "English": [ENGLISH],
    "Chinese": [CHINESE],
    "code": [code()],
    "all": [ENGLISH, CHINESE, code(), MIXED, ""],
}


def huggingface(
    texts: list[str],
    vocab_size: int,
    specials: tuple[str, ...] = (),
    min_count: int = 0,
) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=min_count,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=list(specials),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


# The characters by which Hugging Face writes the bytes: those that print, then U+0100 and up for the rest.
_LETTERS = [chr(b) if b in BYTE_ORDER[:188] else "" for b in range(256)]
for _position, _byte in enumerate(BYTE_ORDER[188:]):
    _LETTERS[_byte] = chr(256 + _position)


def spelled(token: bytes) -> str:
    return "".join(_LETTERS[byte] for byte in token)


def assert_same_model(ours: BPETokenizer, theirs: Tokenizer) -> None:
    model = json.loads(theirs.to_str())["model"]
    merges = [
        [spelled(ours.token_bytes(a)), spelled(ours.token_bytes(b))]
        for a, b in ours.merges
    ]
    assert merges == model["merges"]
    special = len(ours.special_tokens)
    tokens = [
        *ours.special_tokens,
        *(spelled(ours.token_bytes(i)) for i in range(special, ours.vocab_size)),
    ]
    assert {token: i for i, token in enumerate(tokens)} == model["vocab"]


@pytest.mark.parametrize("specials", [(), SPECIALS], ids=["plain", "specials"])
@pytest.mark.parametrize("name", CORPORA)
def test_merges_and_ids_equal_hugging_face(
    name: str, specials: tuple[str, ...]
) -> None:
    texts = CORPORA[name]
    ours, theirs = (
        BPETokenizer.train(texts, 900, specials),
        huggingface(texts, 900, specials),
    )
    assert_same_model(ours, theirs)
    for text in (ENGLISH, CHINESE, MIXED, code(), "<|pad|>a<|endoftext|>", ""):
        assert ours.encode(text, specials=True).tolist() == theirs.encode(text).ids


@pytest.mark.parametrize("min_count", [1, 2, 5, 40])
def test_min_count_stops_where_hugging_face_stops(min_count: int) -> None:
    texts = [ENGLISH, CHINESE]
    ours, theirs = (
        BPETokenizer.train(texts, 5000, min_count=min_count),
        huggingface(texts, 5000, (), min_count),
    )
    assert ours.vocab_size < 5000
    assert_same_model(ours, theirs)


@pytest.mark.parametrize("seed", range(60))
def test_ties_are_settled_as_hugging_face_settles_them(seed: int) -> None:
    # Few letters and short texts: nearly every count is shared by several pairs, and pairs overlap (aaaa).
    draw = random.Random(seed)
    letters = "abé中"[: draw.randint(1, 4)]
    words = [
        "".join(draw.choices(letters, k=draw.randint(1, 15)))
        for _ in range(draw.randint(1, 30))
    ]
    texts = [" ".join(words)]
    size = 256 + draw.randint(1, 120)
    ours, theirs = BPETokenizer.train(texts, size), huggingface(texts, size)
    assert_same_model(ours, theirs)
    probe = "".join(draw.choices(letters, k=40))
    assert ours.encode(probe).tolist() == theirs.encode(probe).ids


def recounting(word_counts: dict[str, int], merges: int) -> list[tuple[str, str]]:
    """The textbook algorithm: count all pairs again before every merge."""
    words = {tuple(to_symbols(word)): count for word, count in word_counts.items()}
    learned: list[tuple[str, str]] = []
    for number in range(merges):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        learned.append(best)
        new_words = {}
        for word, count in words.items():
            out: list[str] = []
            for symbol in word:
                # A token that was just made takes no part: its character is new.
                if out and (out[-1], symbol) == best:
                    out[-1] = chr(256 + number)
                else:
                    out.append(symbol)
            new_words[tuple(out)] = count
        words = new_words
    return learned


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.text("ab c", min_size=1, max_size=9),
        st.integers(1, 9),
        min_size=1,
        max_size=12,
    )
)
@example({"aaaa": 1, "aaaaa": 2, "baaab": 1})
def test_incremental_counts_equal_recounting(word_counts: dict[str, int]) -> None:
    # Every pair occurs in a word at most as often without overlap as with it, so both count overlaps alike.
    assert [tuple(pair) for pair in learn_merges(word_counts, 256 + 12)] == recounting(
        word_counts, 12
    )


def test_the_textbook_example() -> None:
    merges = learn_merges({"low": 5, "lower": 2, "newest": 6, "widest": 3}, 256 + 4)
    tokenizer = BPETokenizer([tuple(map(ord, pair)) for pair in merges])
    assert [tokenizer.token_bytes(256 + i) for i in range(4)] == [
        b"es",
        b"est",
        b"lo",
        b"low",
    ]


def test_no_piece_arises_twice() -> None:
    tokenizer = BPETokenizer.train(CORPORA["all"], 1500)
    tokens = [tokenizer.token_bytes(i) for i in range(tokenizer.vocab_size)]
    assert len(set(tokens)) == len(tokens)


TOKENIZER = BPETokenizer.train(CORPORA["all"], 1000, SPECIALS)


@given(st.text())
@example(MIXED)
@example("<|endoftext|>")
@example("a" * 3000)
@example(" \n " * 500)
def test_every_text_comes_back(text: str) -> None:
    for specials in (False, True):
        ids = TOKENIZER.encode(text, specials=specials)
        assert ids.dtype == np.int32
        assert TOKENIZER.decode(ids, errors="strict") == text


PLAIN = BPETokenizer.train([ENGLISH, CHINESE], 600)
TIKTOKEN = tiktoken.Encoding(
    "ours",
    pat_str=GPT2_PATTERN,
    mergeable_ranks={PLAIN.token_bytes(i): i for i in range(PLAIN.vocab_size)},
    special_tokens={},
)


@given(st.text(st.sampled_from("abcdeiorstuw é中数们😀\n\t'.09 ")))
@example(ENGLISH)
@example(CHINESE)
def test_ids_equal_tiktoken(text: str) -> None:
    assert PLAIN.encode(text).tolist() == TIKTOKEN.encode_ordinary(text)


@pytest.mark.slow
def test_a_very_long_chunk_takes_no_quadratic_time() -> None:
    # One chunk without a space. One merge at a time, 200,000 letters would take minutes.
    text = "ab" * 100_000
    assert PLAIN.decode(PLAIN.encode(text)) == text


def test_batch_equals_one_by_one() -> None:
    texts = [ENGLISH, "", CHINESE]
    assert [ids.tolist() for ids in TOKENIZER.encode_batch(texts)] == [
        TOKENIZER.encode(t).tolist() for t in texts
    ]


def test_a_full_cache_changes_nothing() -> None:
    bounded = BPETokenizer.train(CORPORA["all"], 1000, SPECIALS)
    bounded._cache = ChunkCache(bounded._encode_chunk, capacity=8)
    text = code()
    assert bounded.encode(text).tolist() == TOKENIZER.encode(text).tolist()
    assert len(bounded._cache) + len(bounded._cache._old) <= 8


def test_the_cache_keeps_what_is_in_use() -> None:
    computed: list[str] = []

    def compute(chunk: str) -> bytes:
        computed.append(chunk)
        return chunk.encode()

    cache = ChunkCache(compute, capacity=4)
    for chunk in ["a", "b", "c", "a", "d", "a", "e", "a"]:
        assert cache[chunk] == chunk.encode()
    assert computed.count("a") == 1
    assert len(cache) <= 2


# --- pretokenization


@given(st.text())
@example("a\n \nb c\n" * 3000)
@example("é\x1c\n\x1c\na" * 3000)
def test_chunks_join_to_the_text(text: str) -> None:
    assert "".join(pretokenize(text)) == text


@given(st.text(st.characters(max_codepoint=127)))
def test_the_ascii_pattern_equals_the_full_one(text: str) -> None:
    assert _SPLIT_ASCII.findall(text) == _SPLIT.findall(text)


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_cutting_into_blocks_changes_no_chunk(seed: int) -> None:
    draw = random.Random(seed)
    parts = [
        "a",
        "é",
        " ",
        "\n",
        "\n\n",
        "  \n ",
        "\x1c",
        "\u3000\n",
        "\xa0",
        "don't ",
        "1.5\n",
        "中文\n",
        "\t\n",
    ]
    text = "".join(draw.choices(parts, k=20_000))
    assert pretokenize(text) == _SPLIT.findall(text)


# --- special tokens


def test_special_tokens_take_the_first_ids() -> None:
    assert TOKENIZER.special_id("<|endoftext|>") == 0
    assert TOKENIZER.special_id("<|pad|>") == 1
    assert TOKENIZER.decode([0, 1]) == "<|endoftext|><|pad|>"
    assert TOKENIZER.vocab_size == 1000
    with pytest.raises(KeyError, match="'<s>' is none of the special tokens"):
        TOKENIZER.special_id("<s>")


def test_a_spelled_special_is_text_unless_asked_for() -> None:
    text = "one<|endoftext|>two"
    assert 0 not in TOKENIZER.encode(text).tolist()
    assert TOKENIZER.encode(text, specials=True).tolist() == [
        *TOKENIZER.encode("one").tolist(),
        0,
        *TOKENIZER.encode("two").tolist(),
    ]


def test_the_longest_special_wins() -> None:
    tokenizer = BPETokenizer([], ["<a", "<a>"])
    assert tokenizer.encode("<a><a", specials=True).tolist() == [1, 0]


def test_without_specials_nothing_is_special() -> None:
    tokenizer = BPETokenizer([])
    assert (
        tokenizer.encode("ab", specials=True).tolist()
        == tokenizer.encode("ab").tolist()
    )


# --- display


def test_tokens_are_shown_readably() -> None:
    tokenizer = BPETokenizer.train("hello hello hello", 259)
    assert tokenizer.token_strings(tokenizer.encode("hel 爱")) == [
        "hel",
        " ",
        "\\xe7",
        "\\x88",
        "\\xb1",
    ]
    assert tokenizer.steps("hello")[0] == list("hello")
    assert tokenizer.steps("hello")[-1] == tokenizer.token_strings(
        tokenizer.encode("hello")
    )


def test_steps_show_one_merge_at_a_time() -> None:
    steps = TOKENIZER.steps(" counting")
    assert all(len(b) < len(a) and "".join(a) == "".join(b) for a, b in pairwise(steps))
    assert TOKENIZER.steps("") == [[]]


# --- save and load


def test_save_and_load(tmp_path: Path) -> None:
    TOKENIZER.save(tmp_path / "bpe.json")
    loaded = BPETokenizer.load(tmp_path / "bpe.json")
    assert (loaded.merges, loaded.special_tokens) == (
        TOKENIZER.merges,
        TOKENIZER.special_tokens,
    )
    assert loaded.encode(MIXED).tolist() == TOKENIZER.encode(MIXED).tolist()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"merges": [[1, 2, 3]]}, "not a saved BPETokenizer"),
        ({"merges": [["a", "b"]]}, "not a saved BPETokenizer"),
        ({"merges": [[0, 999]]}, "merge 0 joins the ids"),
        ({"merges": [[5, 6], [5, 6]]}, "merged twice"),
        ({"merges": {"a": 1}}, "'merges' is missing or damaged"),
        ({"special_tokens": ["x", "x"]}, "non-empty and distinct"),
    ],
)
def test_a_damaged_file_is_named(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    path = tmp_path / "bpe.json"
    BPETokenizer([], SPECIALS).save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ValueError, match=says) as caught:
        BPETokenizer.load(path)
    assert "bpe.json" in str(caught.value)


def test_a_truncated_file_and_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "bpe.json"
    TOKENIZER.save(path)
    path.write_text(path.read_text()[:1000])
    with pytest.raises(
        ValueError, match=r"bpe\.json is not a saved BPETokenizer: it is damaged"
    ):
        BPETokenizer.load(path)
    TOKENIZER.save(path)
    with pytest.raises(
        ValueError, match=r"holds a BPETokenizer; use BPETokenizer\.load"
    ):
        UnigramTokenizer.load(path)


# --- bad input


def test_training_refuses_what_cannot_be() -> None:
    with pytest.raises(
        ValueError, match=r"at least 257 \(256 bytes and 1 special tokens\), got 256"
    ):
        BPETokenizer.train("abc", 256, ["<s>"])
    with pytest.raises(ValueError, match="min_count must be at least 1, got 0"):
        BPETokenizer.train("abc", 300, min_count=0)
    with pytest.raises(ValueError, match="no text to train on"):
        BPETokenizer.train([], 300)
    with pytest.raises(ValueError, match="distinct"):
        BPETokenizer.train("abc", 300, ["<s>", "<s>"])
    with pytest.raises(TypeError):
        BPETokenizer.train([b"abc"], 300)
    with pytest.raises(ValueError, match=r"lone surrogate U\+DC00 at position"):
        BPETokenizer.train("abc\udc00", 300)


def test_a_text_of_one_character_has_nothing_to_merge() -> None:
    assert BPETokenizer.train("a", 300).vocab_size == 256


def test_encoding_refuses_what_is_no_text() -> None:
    with pytest.raises(ValueError, match=r"lone surrogate U\+D83D at position 6"):
        TOKENIZER.encode("hello \ud83d")
    with pytest.raises(ValueError, match="lone surrogate"):
        TOKENIZER.encode("hello \ud83d", specials=True)
    with pytest.raises(TypeError):
        TOKENIZER.encode(b"hello")
    assert TOKENIZER.encode("").shape == (0,)


def test_decoding_refuses_unknown_ids() -> None:
    with pytest.raises(
        ValueError,
        match="id 1000 at position 1 is unknown: this vocabulary has the ids 0 to 999",
    ):
        TOKENIZER.decode([3, 1000])
    with pytest.raises(ValueError, match="id -1"):
        TOKENIZER.token_bytes(-1)
    with pytest.raises(TypeError):
        TOKENIZER.decode(np.array([1.0, 2.0]))
    assert TOKENIZER.decode([]) == ""
    assert TOKENIZER.decode(np.array([2, 3], dtype=np.int64)) == '!"'


def test_half_a_character_is_replaced_or_refused() -> None:
    half = BPETokenizer([]).encode("爱")[:2]
    assert BPETokenizer([]).decode(half) == "\ufffd"
    with pytest.raises(UnicodeDecodeError):
        BPETokenizer([]).decode(half, errors="strict")
