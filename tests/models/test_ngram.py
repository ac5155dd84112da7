"""N-gram models: equal to NLTK and KenLM, proper distributions, and clear words for bad input."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.lm import (
    MLE,
    AbsoluteDiscountingInterpolated,
    KneserNeyInterpolated,
    Lidstone,
)
from nltk.util import everygrams

from companion.models.arpa import save_arpa
from companion.models.ngram import NGramModel
from companion.models.smoothing import Smoothing

PROPER = (
    "add-k",
    "jelinek-mercer",
    "absolute-discounting",
    "kneser-ney",
    "modified-kneser-ney",
)
TEXT = (
    "the cat sat on the mat . the dog sat on the log . a cat and a dog sat on the mat and the log . "
    "the mat was on the floor . the dog was not a cat . and the cat was not a dog . a log is a log ."
)
WORDS = sorted(set(TEXT.split()))
IDS = {word: i for i, word in enumerate(WORDS)}
SENTENCES = [[*s.split(), "."] for s in TEXT.split(" . ")]
V = len(WORDS)


def encoded(extra: int = 0, padding: int = 0) -> list[np.ndarray]:
    """The sentences as ids; with padding, each begins with begin tokens of id V."""
    return [np.array([V] * padding + [IDS[w] for w in s]) for s in SENTENCES]


def fit(order: int, smoothing, **kwargs) -> NGramModel:
    held_out = encoded()[::2] if smoothing == "jelinek-mercer" else None
    return NGramModel.fit(
        encoded(), order, V, smoothing=smoothing, held_out=held_out, **kwargs
    )


# ---------------------------------------------------------------- parity


def nltk_model(kind, order: int, padding: int, *args):
    model = kind(*args, order=order)
    texts = [list(everygrams(["<b>"] * padding + s, max_len=order)) for s in SENTENCES]
    model.fit(texts, vocabulary_text=[*WORDS, *(["<b>"] if padding else [])])
    return model


def agree(ours: NGramModel, theirs, order: int, padding: int, tolerance: float) -> None:
    compared = 0
    for sentence in SENTENCES:
        padded = ["<b>"] * padding + sentence
        for t in range(padding + (order > 1), len(padded)):
            u = padded[max(0, t - order + 1) : t]
            context = [V if w == "<b>" else IDS[w] for w in u]
            for word in (padded[t], "cat", "log"):
                expected = theirs.score(word, u)
                assert ours.prob(context, IDS[word]) == pytest.approx(
                    expected, abs=tolerance
                ), (u, word)
                compared += 1
    assert compared > 50


@pytest.mark.parametrize("order", [1, 2, 3])
def test_mle_equals_nltk(order: int) -> None:
    agree(fit(order, "mle"), nltk_model(MLE, order, 0), order, 0, 1e-7)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("k", [0.1, 1.0])
def test_add_k_equals_nltk(order: int, k: float) -> None:
    ours = fit(order, Smoothing("add-k", k=k))
    theirs = nltk_model(Lidstone, order, 0, k)
    # NLTK's vocabulary holds one type more, the unknown word: compare with a vocabulary as large.
    ours = NGramModel.fit(encoded(), order, V + 1, smoothing=Smoothing("add-k", k=k))
    agree(ours, theirs, order, 0, 1e-7)


@pytest.mark.parametrize("order", [2, 3, 4])
@pytest.mark.parametrize("discount", [0.1, 0.75])
def test_kneser_ney_equals_nltk(order: int, discount: float) -> None:
    padding = order - 1
    smoothing = Smoothing("kneser-ney", discount=discount, uniform=False)
    ours = NGramModel.fit(encoded(padding=padding), order, V + 1, smoothing=smoothing)
    theirs = nltk_model(
        lambda d, order: KneserNeyInterpolated(order, discount=d),
        order,
        padding,
        discount,
    )
    agree(ours, theirs, order, padding, 1e-6)


@pytest.mark.parametrize("order", [2, 3])
def test_absolute_discounting_equals_nltk(order: int) -> None:
    padding = order - 1
    smoothing = Smoothing("absolute-discounting", discount=0.75, uniform=False)
    ours = NGramModel.fit(encoded(padding=padding), order, V + 1, smoothing=smoothing)
    theirs = nltk_model(
        lambda d, order: AbsoluteDiscountingInterpolated(order, discount=d),
        order,
        padding,
        0.75,
    )
    agree(ours, theirs, order, padding, 1e-6)


def zipf_sentences(seed: int, sentences: int) -> list[list[str]]:
    """Sentences of words whose counts follow Zipf's law, so that every count of counts is above zero."""
    generator = np.random.default_rng(seed)
    weights = 1 / np.arange(1, 3001)
    return [
        [
            f"w{i}"
            for i in generator.choice(
                3000, size=generator.integers(1, 15), p=weights / weights.sum()
            )
        ]
        for _ in range(sentences)
    ]


def corpus_with_ends(
    seed: int = 0, sentences: int = 3000
) -> tuple[list[np.ndarray], list[str], int, int]:
    """Sentences between <s> and </s>; the words are those of the first seed, others are <unk>."""
    words = sorted({word for sentence in zipf_sentences(0, 3000) for word in sentence})
    names = ["<unk>", "<s>", "</s>", *words]
    number = {name: i for i, name in enumerate(names)}
    out = [
        np.array([1, *(number.get(word, 0) for word in sentence), 2])
        for sentence in zipf_sentences(seed, sentences)
    ]
    return out, names, 1, 2


def find_lmplz() -> str | None:
    return os.environ.get("COURSE_LMPLZ") or shutil.which("lmplz")


@pytest.mark.parametrize("order", [2, 3, 5])
def test_modified_kneser_ney_equals_lmplz(tmp_path: Path, order: int) -> None:
    kenlm = pytest.importorskip(
        "kenlm", reason="kenlm is not installed: it has to be compiled"
    )
    lmplz = find_lmplz()
    if lmplz is None:
        pytest.skip("lmplz is not built; set COURSE_LMPLZ to its path")
    sequences, names, bos, _ = corpus_with_ends()
    text = "\n".join(" ".join(names[i] for i in s[1:-1]) for s in sequences) + "\n"
    done = subprocess.run(
        [
            lmplz,
            "-o",
            str(order),
            "--discount_fallback",
            "-S",
            "200M",
            "-T",
            str(tmp_path),
        ],
        input=text,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (tmp_path / "model.arpa").write_text(done.stdout, encoding="utf-8")
    theirs = kenlm.Model(str(tmp_path / "model.arpa"))
    ours = NGramModel.fit(sequences, order, len(names), bos_id=bos)
    new, *_ = corpus_with_ends(seed=1, sentences=200)
    for sequence, logs in zip(new, ours.log_prob(new), strict=True):
        sentence = " ".join(names[i] for i in sequence[1:-1])
        expected = [
            log for log, _, _ in theirs.full_scores(sentence, bos=True, eos=True)
        ]
        np.testing.assert_allclose(logs[1:] / np.log(10), expected, atol=1e-4)


@pytest.mark.parametrize("smoothing", ["modified-kneser-ney", "absolute-discounting"])
def test_kenlm_reads_what_we_write(tmp_path: Path, smoothing: str) -> None:
    kenlm = pytest.importorskip(
        "kenlm", reason="kenlm is not installed: it has to be compiled"
    )
    sequences, names, bos, _ = corpus_with_ends()
    ours = NGramModel.fit(sequences, 4, len(names), smoothing=smoothing, bos_id=bos)
    save_arpa(ours, tmp_path / "model.arpa", names)
    theirs = kenlm.Model(str(tmp_path / "model.arpa"))
    new, *_ = corpus_with_ends(seed=2, sentences=100)
    for sequence, logs in zip(new, ours.log_prob(new), strict=True):
        sentence = " ".join(names[i] for i in sequence[1:-1])
        assert theirs.score(sentence) == pytest.approx(
            logs.sum() / np.log(10), abs=2e-3
        )


def test_arpa_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no back-off weights"):
        save_arpa(fit(2, "mle"), tmp_path / "x", WORDS)
    with pytest.raises(ValueError, match="as many different names"):
        save_arpa(fit(2, "kneser-ney"), tmp_path / "x", WORDS[:-1])
    with pytest.raises(ValueError, match="white space"):
        save_arpa(fit(2, "kneser-ney"), tmp_path / "x", ["a b", *WORDS[1:]])


# ---------------------------------------------------------------- properties

corpora = st.lists(
    st.lists(st.integers(0, 7), min_size=1, max_size=25), min_size=1, max_size=8
)


@settings(deadline=None, max_examples=40)
@given(
    corpora,
    st.sampled_from(PROPER),
    st.integers(1, 5),
    st.lists(st.integers(0, 8), max_size=6),
)
def test_every_distribution_sums_to_one(
    texts, smoothing: str, order: int, context: list[int]
) -> None:
    sequences = [np.array(t) for t in texts]
    model = NGramModel.fit(
        sequences, order, 9, smoothing=smoothing, held_out=sequences[:1]
    )
    probs = model.next_probs(context)
    assert probs.sum() == pytest.approx(1, abs=1e-5)
    assert probs.min() >= 0


@settings(deadline=None, max_examples=40)
@given(
    corpora,
    st.sampled_from([*PROPER, "mle", "stupid-backoff"]),
    st.integers(1, 5),
    st.lists(st.integers(0, 8), min_size=1, max_size=30),
)
def test_a_batch_says_what_single_questions_say(
    texts, smoothing: str, order: int, new: list[int]
) -> None:
    sequences = [np.array(t) for t in texts]
    model = NGramModel.fit(
        sequences, order, 9, smoothing=smoothing, held_out=sequences[:1]
    )
    batch = np.exp(model.log_prob([np.array(new)])[0])
    single = [model.next_probs(new[:t])[w] for t, w in enumerate(new)]
    np.testing.assert_allclose(batch, single, rtol=1e-5)


@settings(deadline=None, max_examples=25)
@given(corpora, st.integers(1, 4))
def test_the_order_of_sequences_does_not_matter(texts, order: int) -> None:
    one = NGramModel.fit([np.array(t) for t in texts], order, 8)
    two = NGramModel.fit([np.array(t) for t in reversed(texts)], order, 8)
    np.testing.assert_allclose(
        one.next_probs([1, 2, 3]), two.next_probs([1, 2, 3]), rtol=1e-6
    )


@settings(deadline=None, max_examples=25)
@given(
    corpora, st.integers(2, 4), st.lists(st.integers(0, 7), min_size=12, max_size=12)
)
def test_nothing_beyond_the_order_is_seen(
    texts, order: int, context: list[int]
) -> None:
    model = NGramModel.fit([np.array(t) for t in texts], order, 8)
    other = [7 - token for token in context[: 13 - order]] + context[13 - order :]
    assert np.array_equal(model.next_probs(context), model.next_probs(other))


def test_counts_are_those_of_the_text() -> None:
    model = fit(3, "mle")
    after = model.counts([IDS["on"], IDS["the"]])
    assert {WORDS[i]: int(n) for i, n in enumerate(after) if n} == {
        "mat": 2,
        "log": 1,
        "floor": 1,
    }
    assert model.counts([IDS["floor"], IDS["floor"]]).sum() == 0
    assert model.ngrams_per_order[0] == V


def test_no_ngram_crosses_the_end_of_a_sequence() -> None:
    model = NGramModel.fit([np.array([0, 1]), np.array([2, 3])], 2, 4, smoothing="mle")
    assert model.counts([1]).sum() == 0


def test_smoothing_helps_and_longer_contexts_help_on_text_with_structure() -> None:
    sequences, names, *_ = corpus_with_ends()
    chained = [
        np.repeat(s[1:-1], 2) for s in sequences
    ]  # every word comes twice: order 2 can see it
    train, test = chained[:2500], chained[2500:]
    one, two = (NGramModel.fit(train, n, len(names)).perplexity(test) for n in (1, 2))
    assert two < one / 2
    assert (
        NGramModel.fit(train, 3, len(names), smoothing="mle").perplexity(test) == np.inf
    )


def test_modified_kneser_ney_beats_plain_counts_of_occurrences() -> None:
    """The word after 'los' is frequent but follows one word only: elsewhere it must be rare."""
    los, angeles, other = 0, 1, 2
    generator = np.random.default_rng(0)
    rest = generator.integers(2, 40, 600)
    text = np.concatenate([[los, angeles] * 60, rest])
    kn = NGramModel.fit([text], 2, 41, smoothing="kneser-ney")
    plain = NGramModel.fit([text], 2, 41, smoothing="absolute-discounting")
    unseen = 40
    assert kn.prob([unseen], angeles) < plain.prob([unseen], angeles) / 4
    assert kn.prob([los], angeles) > 0.9
    assert kn.prob([unseen], other) > 0


def test_stupid_backoff_scores_as_defined_and_has_no_perplexity() -> None:
    model = fit(2, "stupid-backoff")
    total = sum(len(s) for s in SENTENCES)
    frequency = sum(s.count("cat") for s in SENTENCES) / total
    assert model.prob([IDS["floor"]], IDS["cat"]) == pytest.approx(
        0.4 * frequency, rel=1e-5
    )
    with pytest.raises(ValueError, match="scores that do not sum to 1"):
        model.perplexity(encoded())


def test_begin_tokens_are_context_and_never_predicted() -> None:
    sequences, names, bos, _ = corpus_with_ends(sentences=300)
    model = NGramModel.fit(sequences, 3, len(names), bos_id=bos)
    assert model.next_probs([])[bos] == 0
    assert model.next_probs([]).sum() == pytest.approx(1, abs=1e-5)
    assert model.log_prob(sequences[:1])[0][0] == 0
    assert np.isfinite(model.perplexity(sequences[:20]))


def test_samples_follow_the_model_and_repeat_with_the_generator() -> None:
    model = fit(2, "modified-kneser-ney")
    one, two = (model.sample(4000, np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(one, two)
    after = one[1:][one[:-1] == IDS["the"]]
    share = np.bincount(after, minlength=V) / len(after)
    assert np.abs(share - model.next_probs([IDS["the"]])).max() < 0.06
    stopped = model.sample(4000, np.random.default_rng(1), eos_id=IDS["."])
    assert stopped[-1] == IDS["."]
    assert (stopped[:-1] != IDS["."]).all()


# ---------------------------------------------------------------- storage


def test_a_saved_model_comes_back_the_same(tmp_path: Path) -> None:
    for smoothing in (*PROPER, "stupid-backoff", "mle"):
        model = fit(3, smoothing)
        model.save(tmp_path / "model.npz")
        back = NGramModel.load(tmp_path / "model.npz")
        assert back.smoothing == model.smoothing
        assert np.array_equal(back.log_prob(encoded())[0], model.log_prob(encoded())[0])


def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    with pytest.raises(FileNotFoundError, match="there is no file"):
        NGramModel.load(path)
    fit(2, "mle").save(path)
    data = bytearray(path.read_bytes())
    for damage in (data[: len(data) // 2], b"hello", b""):
        path.write_bytes(bytes(damage))
        with pytest.raises(ValueError, match="not a saved n-gram model"):
            NGramModel.load(path)
    np.savez(path, x=np.zeros(3))
    with pytest.raises(ValueError, match="not a saved n-gram model"):
        NGramModel.load(path)


def test_a_changed_number_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    fit(2, "kneser-ney").save(path)
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays["probs2"] = arrays["probs2"] * 1.01
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match="checksum"):
        NGramModel.load(path)


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("sequences", "order", "vocab", "error", "message"),
    [
        ([], 2, 5, ValueError, "there is no token"),
        ([np.array([], dtype=int)], 2, 5, ValueError, "there is no token"),
        ([np.array([1, 2])], 0, 5, ValueError, "order must be at least 1, got 0"),
        ([np.array([1, 2])], 2, 0, ValueError, "vocab_size must be at least 1"),
        ([np.array([1, 9])], 2, 5, ValueError, r"token id 9, outside 0\.\.4"),
        ([np.array([1, -1])], 2, 5, ValueError, "token id -1"),
        ([np.array([1.0, 2.0])], 2, 5, TypeError, "integer token ids"),
        (["a text"], 2, 5, TypeError, "."),
    ],
)
def test_bad_training_input_is_refused(sequences, order, vocab, error, message) -> None:
    with pytest.raises(Exception, match=message) as caught:
        NGramModel.fit(sequences, order, vocab)
    assert (
        isinstance(caught.value, error) or "beartype" in type(caught.value).__module__
    )


def test_bad_questions_are_refused() -> None:
    model = fit(3, "kneser-ney")
    with pytest.raises(ValueError, match="outside"):
        model.prob([0], V)
    with pytest.raises(ValueError, match="outside"):
        model.next_probs([V, 0])
    with pytest.raises(ValueError, match="outside"):
        model.log_prob([np.array([V])])
    with pytest.raises(ValueError, match="at least 0"):
        model.sample(-1, np.random.default_rng(0))


def test_mle_says_that_it_cannot_continue_the_unseen() -> None:
    model = NGramModel.fit([np.array([0, 1])], 2, 3, smoothing="mle")
    with pytest.raises(ValueError, match="choose a smoothing"):
        model.sample(5, np.random.default_rng(0), context=[2])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "magic"}, "magic"),
        ({"method": "add-k", "k": 0.0}, "k must be above 0"),
        ({"discount": 1.0}, "between 0 and 1"),
        ({"weights": (1.0,)}, "below 1"),
        ({"factor": 0.0}, "factor must lie above 0"),
    ],
)
def test_a_smoothing_that_is_none_is_refused(arguments, message) -> None:
    with pytest.raises(Exception, match=message):
        Smoothing(**arguments)


def test_jelinek_mercer_asks_for_weights_or_text() -> None:
    with pytest.raises(ValueError, match="give held_out"):
        NGramModel.fit(encoded(), 2, V, smoothing="jelinek-mercer")
    with pytest.raises(ValueError, match="needs 3 weights"):
        NGramModel.fit(
            encoded(), 3, V, smoothing=Smoothing("jelinek-mercer", weights=(0.5,))
        )


def test_fitted_weights_beat_others_on_the_text_they_were_fitted_to() -> None:
    sequences, names, *_ = corpus_with_ends()
    train, held = sequences[:2000], sequences[2000:]
    fitted = NGramModel.fit(
        train, 2, len(names), smoothing="jelinek-mercer", held_out=held
    )
    for weights in ((0.9, 0.1), (0.9, 0.5), (0.9, 0.9)):
        other = NGramModel.fit(
            train, 2, len(names), smoothing=Smoothing("jelinek-mercer", weights=weights)
        )
        assert fitted.perplexity(held) <= other.perplexity(held) + 1e-6
