"""The unigram tokenizer: EM climbs, Viterbi finds the best path, and Hugging Face encodes alike."""

import itertools
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from companion.text import UnigramTokenizer, pretokenize
from companion.text.lattice import Lattice
from companion.text.unigram_training import (
    covered_words,
    em_step,
    pruning_loss,
    seed_pieces,
)

ENGLISH = (
    "The newest, widest and lowest words aren't the lower ones. Counting pairs, we counted again and again; "
    "whoever counts the pieces keeps the pieces that the text would miss, and drops the others.\n"
) * 4
CHINESE = (
    "我们先数一数字节对，再合并最常见的一对。语言模型从计数开始，最后学会了写句子。\n"
    * 4
)
TOKENIZER = UnigramTokenizer.train([ENGLISH, CHINESE], 256 + 180)


def segmentations(word: str) -> list[list[str]]:
    """All 2**(n - 1) ways to cut a word."""
    ways = []
    for cuts in itertools.product([False, True], repeat=max(len(word) - 1, 0)):
        bounds = [0, *(i + 1 for i, cut in enumerate(cuts) if cut), len(word)]
        ways.append([word[a:b] for a, b in itertools.pairwise(bounds)])
    return ways


def test_expected_counts_equal_enumeration() -> None:
    words, counts = ["banana", "ban", "a", "nab"], np.array([3.0, 2.0, 5.0, 1.0])
    pieces = ["a", "b", "n", "an", "na", "ban", "ana", "banana"]
    log_probs = np.log(np.random.default_rng(0).dirichlet(np.ones(len(pieces))))
    expected, log_likelihood = Lattice(
        words, {p: i for i, p in enumerate(pieces)}
    ).expected_counts(log_probs, counts)

    probability = dict(zip(pieces, np.exp(log_probs).tolist(), strict=True))
    by_hand: Counter[str] = Counter()
    total = 0.0
    for word, count in zip(words, counts.tolist(), strict=True):
        ways = {
            tuple(way): math.prod(probability.get(p, 0.0) for p in way)
            for way in segmentations(word)
        }
        mass = sum(ways.values())
        total += count * math.log(mass)
        for way, share in ways.items():
            for piece in way:
                by_hand[piece] += count * share / mass
    assert expected == pytest.approx([by_hand[piece] for piece in pieces])
    assert log_likelihood == pytest.approx(total)


def test_the_likelihood_never_falls() -> None:
    word_counts = Counter(pretokenize(ENGLISH + CHINESE))
    seed = seed_pieces(word_counts, 400, 8)
    lattice = Lattice(list(word_counts), {piece: i for i, piece in enumerate(seed)})
    counts = np.array(list(word_counts.values()), dtype=float)
    log_probs = np.full(len(seed), -math.log(len(seed)))
    history = []
    for _ in range(25):
        log_probs, log_likelihood = em_step(lattice, log_probs, counts)
        history.append(log_likelihood)
        assert np.exp(log_probs).sum() == pytest.approx(1)
    assert (np.diff(history) >= -1e-6).all()
    assert history[-1] > history[0] + 100


def test_pruned_lattice_equals_a_new_one() -> None:
    words = ["banana", "nab", "aa"]
    pieces = ["a", "b", "n", "an", "na", "ban", "ana"]
    kept = np.array([True, True, True, False, True, False, True])
    left = [piece for piece, stays in zip(pieces, kept, strict=True) if stays]
    log_probs = np.log(np.full(len(left), 1 / len(left)))
    counts = np.array([1.0, 2.0, 3.0])
    pruned = Lattice(words, {p: i for i, p in enumerate(pieces)}).keep(kept)
    anew = Lattice(words, {p: i for i, p in enumerate(left)})
    for mine, truth in zip(
        pruned.expected_counts(log_probs, counts),
        anew.expected_counts(log_probs, counts),
        strict=True,
    ):
        assert mine == pytest.approx(truth)


def test_pruning_loss_of_a_known_case() -> None:
    pieces, probs = ["a", "b", "ab", "aab"], np.array([0.4, 0.3, 0.2, 0.1])
    loss = pruning_loss(pieces, np.log(probs), np.array([5.0, 5.0, 2.0, 3.0]))
    # "ab" falls apart into a + b, "aab" into a + ab, which is likelier than a + a + b.
    assert loss.tolist() == pytest.approx(
        [math.inf, math.inf, 2 * math.log(0.2 / 0.12), 3 * math.log(0.1 / (0.4 * 0.2))]
    )


def test_a_piece_that_is_never_expected_is_lost_for_nothing() -> None:
    with np.errstate(divide="ignore"):
        loss = pruning_loss(
            ["a", "aa"], np.log(np.array([1.0, 0.0])), np.array([5.0, 0.0])
        )
    assert loss[1] == 0


@settings(deadline=None)
@given(
    st.text("abc", min_size=1, max_size=9),
    st.dictionaries(
        st.text("abc", min_size=1, max_size=4),
        st.floats(-9, -0.1),
        min_size=1,
        max_size=15,
    ),
)
def test_viterbi_is_the_best_of_all_segmentations(
    word: str, scores: dict[str, float]
) -> None:
    tokenizer = UnigramTokenizer(list(scores), list(scores.values()))
    unknown = min(scores.values()) - 10

    def score(way: list[str]) -> float:
        return sum(
            scores.get(piece, unknown if len(piece) == 1 else -math.inf)
            for piece in way
        )

    found = tokenizer._best(word)
    assert "".join(found) == word
    assert score(found) == pytest.approx(max(map(score, segmentations(word))))


def test_encoding_equals_hugging_face() -> None:
    vocab = [("<unk>", 0.0), *((f"<0x{byte:02X}>", 0.0) for byte in range(256))]
    vocab += list(zip(TOKENIZER.pieces, TOKENIZER.scores, strict=True))
    theirs = Tokenizer(models.Unigram(vocab, unk_id=0, byte_fallback=True))
    chunks = [
        *pretokenize(ENGLISH + CHINESE),
        "zebra",
        " 爱 and 恨",
        "naïve",
        "😀😀x",
        "counting我们countingcounting",
    ]
    for chunk in chunks:
        # Their ids are one higher, for <unk>.
        assert [i + 1 for i in TOKENIZER._ids(TOKENIZER._best(chunk))] == theirs.encode(
            chunk
        ).ids


def test_of_equally_probable_segmentations_hugging_face_takes_the_same() -> None:
    pieces, scores = ["a", "b", "c", "ab", "bc"], [-1.0, -9.0, -1.0, -2.0, -2.0]
    theirs = Tokenizer(
        models.Unigram([("<unk>", 0.0), *zip(pieces, scores, strict=True)], unk_id=0)
    )
    assert UnigramTokenizer(pieces, scores)._best("abc") == theirs.encode("abc").tokens


@given(st.text())
@example("naïve 爱恨 😀\n\t  x")
def test_every_text_comes_back(text: str) -> None:
    ids = TOKENIZER.encode(text)
    assert ids.dtype == np.int32
    assert TOKENIZER.decode(ids, errors="strict") == text


def test_training_finds_the_words_of_a_made_up_language() -> None:
    draw = np.random.default_rng(3)
    words = ["kilo", "mabu", "tesi", "rofa"]
    text = "\n".join(
        "".join(draw.choice(words, size=draw.integers(1, 7))) for _ in range(300)
    )
    tokenizer = UnigramTokenizer.train(text, 256 + 24)
    assert set(words) <= set(tokenizer.pieces)
    assert tokenizer.token_strings(tokenizer.encode("kilomabutesirofa")) == words


@pytest.mark.filterwarnings("error")
def test_pruning_leaves_every_word_a_segmentation() -> None:
    # All lines are long: EM takes all probability from single letters, then pruning takes the long pieces.
    draw = np.random.default_rng(3)
    text = "\n".join(
        "".join(draw.choice(["kilo", "mabu", "tesi", "rofa"], size=6))
        for _ in range(300)
    )
    tokenizer = UnigramTokenizer.train(text, 256 + 24)
    assert tokenizer.vocab_size == 256 + 24
    assert np.isfinite(tokenizer.scores).all()


def test_training_reaches_the_size_and_sorts_by_probability() -> None:
    assert TOKENIZER.vocab_size == 256 + 180
    assert list(TOKENIZER.scores) == sorted(TOKENIZER.scores, reverse=True)
    assert (
        UnigramTokenizer.train([ENGLISH, CHINESE], 256 + 180).pieces == TOKENIZER.pieces
    )
    # Every character of the text can stand alone.
    assert set(ENGLISH + CHINESE) <= set(TOKENIZER.pieces)


def test_it_compresses() -> None:
    assert len(TOKENIZER.encode(ENGLISH)) < 0.5 * len(ENGLISH)


def test_rare_characters_are_left_to_bytes() -> None:
    words = covered_words({"abc": 50, "ab☃c": 1, "☃": 1}, coverage=0.98)
    assert words == {"abc": 50, "ab": 1, "c": 1}
    assert covered_words({"ab☃c": 1}, coverage=1.0) == {"ab☃c": 1}


def test_sampling_follows_the_distribution() -> None:
    tokenizer = UnigramTokenizer(["a", "b", "ab"], np.log([0.5, 0.2, 0.3]).tolist())
    generator = np.random.default_rng(0)
    drawn = Counter(len(tokenizer.sample("ab", generator)) for _ in range(4000))
    # P(a, b) = 0.1 against P(ab) = 0.3.
    assert drawn[1] / 4000 == pytest.approx(0.75, abs=0.03)
    flat = Counter(
        len(tokenizer.sample("ab", generator, alpha=0.0)) for _ in range(4000)
    )
    assert flat[1] / 4000 == pytest.approx(0.5, abs=0.03)
    assert (
        tokenizer.sample("abab", generator, alpha=500.0).tolist()
        == tokenizer.encode("abab").tolist()
    )


@given(st.text(max_size=30), st.integers(0, 99))
def test_a_sample_decodes_to_the_text(text: str, seed: int) -> None:
    assert (
        TOKENIZER.decode(TOKENIZER.sample(text, np.random.default_rng(seed), alpha=0.2))
        == text
    )


def test_save_and_load(tmp_path: Path) -> None:
    TOKENIZER.save(tmp_path / "unigram.json")
    loaded = UnigramTokenizer.load(tmp_path / "unigram.json")
    assert (loaded.pieces, loaded.scores) == (TOKENIZER.pieces, TOKENIZER.scores)
    (tmp_path / "unigram.json").write_text(
        (tmp_path / "unigram.json")
        .read_text()
        .replace('"scores": [', '"scores": [1.5, ')
    )
    with pytest.raises(
        ValueError,
        match=r"unigram\.json is not a saved UnigramTokenizer: every piece needs a score",
    ):
        UnigramTokenizer.load(tmp_path / "unigram.json")


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="2 pieces, 1 scores"):
        UnigramTokenizer(["a", "b"], [-1.0])
    with pytest.raises(ValueError, match="distinct"):
        UnigramTokenizer(["a", "a"], [-1.0, -1.0])
    with pytest.raises(ValueError, match="at most 0"):
        UnigramTokenizer(["a"], [0.5])
    with pytest.raises(ValueError, match="no text to train on"):
        UnigramTokenizer.train("", 300)
    with pytest.raises(ValueError, match="no room for 256 bytes and the 3 characters"):
        UnigramTokenizer.train("abc", 258)
    with pytest.raises(ValueError, match="shrink"):
        UnigramTokenizer.train("abc", 300, shrink=1.0)
    with pytest.raises(ValueError, match="alpha must be at least 0"):
        TOKENIZER.sample("a", np.random.default_rng(0), alpha=-1.0)
    for refused in (
        TOKENIZER.encode,
        lambda text: TOKENIZER.sample(text, np.random.default_rng(0)),
    ):
        with pytest.raises(ValueError, match=r"lone surrogate U\+D800 at position 1"):
            refused("a\ud800")
    with pytest.raises(ValueError, match="ids 0 to 435"):
        TOKENIZER.decode([436])
    with pytest.raises(TypeError):
        TOKENIZER.encode(b"a")
    assert TOKENIZER.encode("").shape == (0,)
