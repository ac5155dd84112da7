"""Intents: better than keywords on what it has not seen, and aware of what it cannot serve."""

from pathlib import Path

import numpy as np
import pytest

from companion.apps.understanding import (
    IntentModel,
    best_threshold,
    course_intents,
    keyword_intent,
)
from companion.corpora import Document
from companion.corpora.intents import INTENTS, OTHER, utterance_split

TEST = [d for language in ("en", "zh") for d in utterance_split(language).test]
KNOWN = [d for d in TEST if d.label != OTHER]


def test_better_than_keywords() -> None:
    found = course_intents().understand_all([d.text for d in KNOWN])
    right = np.mean([u.intent == d.label for u, d in zip(found, KNOWN, strict=True)])
    rules = np.mean([keyword_intent(d.text) == d.label for d in KNOWN])
    assert right > 0.7 > rules > 0.4


def test_most_of_what_is_out_of_scope_is_refused() -> None:
    out = [d.text for d in TEST if d.label == OTHER]
    found = course_intents().understand_all(out)
    assert np.mean([not u.accepted for u in found]) > 0.75
    assert OTHER not in {u.intent for u in found}
    kept = course_intents().understand_all([d.text for d in KNOWN])
    assert np.mean([u.accepted for u in kept]) > 0.7


def test_the_threshold_is_the_best_on_what_was_given() -> None:
    rng = np.random.default_rng(0)
    confidence, servable = rng.random(40), rng.random(40) < 0.6
    right = servable & (rng.random(40) < 0.8)

    def gain(t: float) -> float:
        kept = confidence >= t
        return float((right & kept)[servable].mean() + (~kept)[~servable].mean())

    best = best_threshold(confidence, right, servable)
    assert gain(best) >= max(gain(t) for t in np.linspace(0, 1, 500)) - 1e-12
    with pytest.raises(ValueError, match="both kinds"):
        best_threshold(confidence, right, np.ones(40, bool))


def test_saved_and_loaded(tmp_path: Path) -> None:
    course_intents().save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    texts = [d.text for d in TEST[:40]]
    assert loaded.threshold == course_intents().threshold
    for one, other in zip(
        loaded.understand_all(texts),
        course_intents().understand_all(texts),
        strict=True,
    ):
        assert one.intent == other.intent
        assert one.confidence == pytest.approx(other.confidence, abs=1e-6)


def test_other_intents_can_be_learned() -> None:
    train = [Document(f"a{i}", f"open door {i}", label="open") for i in range(4)]
    train += [Document(f"b{i}", f"close window {i}", label="close") for i in range(4)]
    valid = [
        Document("v", "open the door", label="open"),
        Document("w", "zzz qqq", label=OTHER),
    ]
    model = IntentModel.fit(train, valid)
    assert model.understand("open this door").intent == "open"
    assert not model.understand("xyzzy").accepted


def test_keywords_know_every_intent() -> None:
    seen = {
        keyword_intent(d.text)
        for language in ("en", "zh")
        for d in utterance_split(language).train
    }
    assert seen == {*INTENTS, OTHER}
