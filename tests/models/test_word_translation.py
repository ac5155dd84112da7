"""The dictionary of runs and the search that orders them."""

from __future__ import annotations

import pytest

from companion.corpora import phrasebook
from companion.models.word_alignment import IBMModel1
from companion.models.word_translation import WordTranslator, aligned_runs
from companion.text.copying import mixed_pieces


@pytest.fixture(scope="module")
def fitted():
    pairs = [p for p in phrasebook() if len(p.source.split()) <= 6][::3]
    cut = [(mixed_pieces(p.source), mixed_pieces(p.target)) for p in pairs]
    return cut, WordTranslator.fit(cut, IBMModel1.fit(cut, 6))


def test_runs_are_neighbors_and_the_longest_counts():
    runs = aligned_runs(["a", "b"], list("xyzuv"), [0, 1, 0, 0, None])
    assert runs == [("a", ("z", "u")), ("b", ("y",))]
    assert aligned_runs(["a"], [], []) == [("a", ())]


def test_words_that_are_unknown_are_copied(fitted):
    _, translator = fitted
    assert "Barbara" in translator.word_by_word(["Barbara", "sings"])
    assert "Barbara" in translator.reordered(["Barbara", "sings"])


def test_a_free_order_is_better(fitted):
    cut, translator = fitted
    sample = cut[::40]
    plain = [translator.word_by_word(s) == t for s, t in sample]
    free = [translator.reordered(s) == t for s, t in sample]
    assert sum(free) > 1.5 * sum(plain)


def test_the_time_moves_before_the_verb(fitted):
    _, translator = fitted
    words = mixed_pieces("Anna drinks tea every day.")
    assert "".join(translator.reordered(words)).startswith("安娜每天喝茶")


def test_what_is_refused(fitted):
    with pytest.raises(ValueError, match="beam and window"):
        fitted[1].reordered(["a"], beam=0)
    with pytest.raises(ValueError, match="no sentence pair"):
        WordTranslator.fit([], IBMModel1.fit([(["a"], ["x"])]))
