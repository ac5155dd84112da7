"""The sentiment set is what its data sheet says: balanced, distinct, and split without near copies."""

import inspect
from collections import Counter, defaultdict

import numpy as np
import pytest

from companion.corpora import Corpus, CorpusError, everyday, sentiment, sentiment_split

LANGUAGES = ("en", "zh")
PHENOMENA = {
    "negation",
    "contrast",
    "intensifier",
    "mixed",
    "sarcasm",
    "implicit",
}


def similarity(one: Corpus, other: Corpus) -> np.ndarray:
    """Jaccard similarity of the character trigrams (bigrams in Chinese) of every two sentences."""
    n = 3 if one.language == "en" else 2
    runs = [
        [
            {d.text[i : i + n].lower() for i in range(len(d.text) - n + 1)}
            for d in corpus
        ]
        for corpus in (one, other)
    ]
    ids = {run: i for i, run in enumerate(sorted(set().union(*runs[0], *runs[1])))}
    rows = []
    for part in runs:
        matrix = np.zeros((len(part), len(ids)), dtype=np.float32)
        for row, found in zip(matrix, part, strict=True):
            row[[ids[run] for run in found]] = 1
        rows.append(matrix)
    common = rows[0] @ rows[1].T
    sizes = [matrix.sum(1) for matrix in rows]
    return common / np.maximum(sizes[0][:, None] + sizes[1][None] - common, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_set_is_large_distinct_and_balanced(language: str) -> None:
    corpus = sentiment(language)
    assert len(corpus) >= 1_200
    assert len({document.text for document in corpus}) == len(corpus)
    counts = Counter(document.label for document in corpus)
    assert max(counts.values()) == min(counts.values())
    cells = Counter((document.group, document.label) for document in corpus)
    assert len(cells) == 3 * len({document.group for document in corpus}) == 63
    assert max(cells.values()) == min(cells.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_sentences_are_nearly_the_same(language: str) -> None:
    corpus = sentiment(language)
    found = similarity(corpus, corpus)
    np.fill_diagonal(found, 0)
    one, other = np.unravel_index(found.argmax(), found.shape)
    pair = corpus.documents[one].text, corpus.documents[other].text
    assert found.max() < 0.6, pair


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_stress_set_is_in_the_main_set(language: str) -> None:
    stress = sentiment(language, "stress")
    assert similarity(stress, sentiment(language)).max() < 0.6
    assert {document.group for document in stress} == PHENOMENA
    counts = Counter(document.group for document in stress)
    assert min(counts.values()) >= 25, counts
    assert len({document.label for document in stress}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_subject_and_class_has_its_share_in_every_part(language: str) -> None:
    split = sentiment_split(language)
    parts = split.train, split.valid, split.test
    texts = [{document.text for document in part} for part in parts]
    assert not texts[0] & texts[1] | texts[0] & texts[2] | texts[1] & texts[2]
    assert sum(map(len, texts)) == len(sentiment(language))
    for part in parts:
        cells = Counter((document.group, document.label) for document in part)
        assert len(cells) == 63
        assert max(cells.values()) - min(cells.values()) <= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_outward_sign_gives_the_class_away(language: str) -> None:
    corpus = sentiment(language)
    by_label = {
        label: [d.text for d in corpus if d.label == label] for label in everyday.LABELS
    }
    lengths = [np.mean([len(text) for text in texts]) for texts in by_label.values()]
    assert max(lengths) < 1.35 * min(lengths)
    # A rule from length and marks, learned on one half, stays near a third on the other.
    marks = ("!", "?", "！", "？", ",", "，")
    seen: defaultdict[tuple[int, ...], Counter[str]] = defaultdict(Counter)
    right = 0
    for learning in (True, False):
        for document in corpus.documents[0 if learning else 1 :: 2]:
            signs = (
                len(document.text) // 30,
                *(int(mark in document.text) for mark in marks),
            )
            if learning:
                seen[signs][document.label] += 1
            elif seen[signs]:
                right += seen[signs].most_common(1)[0][0] == document.label
    assert right / (len(corpus) / 2) < 0.5


def test_an_unknown_language_or_part_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        sentiment("fr")
    with pytest.raises(ValueError, match="'all'"):
        inspect.unwrap(sentiment)("en", "all")


def test_a_damaged_line_is_named(tmp_path, monkeypatch) -> None:
    (tmp_path / "en.tsv").write_text("label\ttopic\ttext\nhappy\tfood\tYes.\n")
    monkeypatch.setattr(everyday, "FOLDER", tmp_path)
    with pytest.raises(CorpusError, match="line 2"):
        inspect.unwrap(sentiment)("en")
