"""Texts drawn side by side: they keep the form, and their weights make the mask right."""

import itertools

import numpy as np
import pytest

from companion.decoding import RegexConstraint
from companion.decoding.particles import Particle, draw_many, resample
from companion.models.gpt import GPT, GPTConfig
from companion.models.language_model import score
from companion.models.ngram import NGramModel

V = 4
PIECES = [b"a", b"b", b"c", b"\n"]
MODEL = NGramModel.fit(
    [np.array([0, 1, 3, 0, 2, 1, 3, 1, 1, 0, 3, 2, 0, 3] * 5)], order=3, vocab_size=V
)
FORM = RegexConstraint("[abc]{2}a\n", PIECES)


def exact() -> dict[tuple[int, ...], float]:
    """Probabilities of the texts that keep the form, when the model writes freely."""
    texts = [(x, y, 0, 3) for x, y in itertools.product(range(3), repeat=2)]
    return {text: float(np.exp(score(MODEL, text, [3]).sum())) for text in texts}


def test_weights_give_the_models_own_distribution() -> None:
    true = exact()
    drawn = draw_many(MODEL, [3], 6000, 8, np.random.default_rng(0), 3, FORM)
    weights = np.exp([p.log_weight for p in drawn])
    assert weights.mean() == pytest.approx(sum(true.values()), rel=0.05)
    share = dict.fromkeys(true, 0.0)
    for particle, weight in zip(drawn, weights, strict=True):
        share[particle.tokens] += weight / weights.sum()
    for text, p in true.items():
        assert share[text] == pytest.approx(p / sum(true.values()), abs=0.03)


@pytest.mark.parametrize("tau", [1.0, 0.7])
def test_each_text_comes_with_its_probability(tau: float) -> None:
    for particle in draw_many(
        MODEL, [3], 20, 6, np.random.default_rng(1), 3, temperature=tau
    ):
        assert particle.log_weight == pytest.approx(0, abs=1e-5)
        if tau == 1:
            own = score(MODEL, particle.tokens, [3]).sum()
            assert particle.log_prob == pytest.approx(own, abs=1e-4)
        assert particle.finished == (particle.tokens[-1] == 3)


def test_a_gpt_with_a_cache_draws_what_it_draws_alone() -> None:
    model = GPT(GPTConfig(V, context=16, layers=1, d_model=8, heads=2)).eval()
    for particle in draw_many(model, [0, 1], 12, 6, np.random.default_rng(0), 3):
        own = score(model, particle.tokens, [0, 1]).sum()
        assert particle.log_prob == pytest.approx(own, abs=1e-4)


def test_masked_texts_match_and_are_finished() -> None:
    for particle in draw_many(MODEL, [], 50, 8, np.random.default_rng(2), 3, FORM):
        assert particle.finished
        assert particle.tokens in exact()


def test_choosing_follows_the_weights() -> None:
    pair = [
        Particle((0,), 0.0, np.log(0.9), True),
        Particle((1,), 0.0, np.log(0.1), True),
    ]
    rng = np.random.default_rng(0)
    chosen = [resample(pair, rng).tokens[0] for _ in range(2000)]
    assert np.mean(chosen) == pytest.approx(0.1, abs=0.03)
    even = [resample(pair, rng, power=0).tokens[0] for _ in range(2000)]
    assert np.mean(even) == pytest.approx(0.5, abs=0.05)


def test_senseless_calls_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="at least 1"):
        draw_many(MODEL, [0], 0, 4, rng)
    with pytest.raises(ValueError, match="no text of 2 tokens"):
        draw_many(MODEL, [0], 1, 2, rng, 3, FORM)
    with pytest.raises(ValueError, match="no text to choose"):
        resample([], rng)
