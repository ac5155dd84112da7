"""Speculative decoding draws from the target model, whatever the draft model proposes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from decoding.models_for_tests import chi_square, make
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.decoding import SamplingConfig, generate, speculative
from companion.decoding.speculative import accept_or_replace, expected_tokens

VOCAB = 5


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=10)
def test_one_token_has_the_distribution_wanted(seed):
    generator = np.random.default_rng(seed)
    p, q = generator.dirichlet(np.full(6, 0.4), size=2)
    counts, kept, draws = np.zeros(6), 0, 1500
    for token in generator.choice(6, size=draws, p=q):
        found, good = accept_or_replace(int(token), p, q, generator)
        counts[found] += 1
        kept += good
    assert chi_square(counts, p) > 1e-5
    # what is kept is the overlap of the two distributions
    assert abs(kept / draws - np.minimum(p, q).sum()) < 0.07


@pytest.mark.parametrize(
    ("target", "draft"),
    [("gpt", "n-gram"), ("gpt", "gpt"), ("n-gram", "lstm"), ("lstm", "n-gram")],
)
@pytest.mark.parametrize("options", [{}, {"temperature": 0.7, "top_k": 3}])
def test_pairs_of_tokens_are_distributed_as_the_target_alone(target, draft, options):
    good, fast = make(target, VOCAB), make(draft, VOCAB, seed=9)
    config = SamplingConfig(**options)

    def probs(text):
        logits = torch.from_numpy(np.log(good.next_probs(text)))
        return config.apply(logits, text).softmax(-1).numpy()

    both = np.stack([probs([1])[a] * probs([1, a]) for a in range(VOCAB)])
    generator, counts = np.random.default_rng(2), np.zeros((VOCAB, VOCAB))
    for _ in range(400):
        text = speculative(good, fast, [1], 2, generator, lookahead=3, **options)
        counts[text.tokens] += 1
    assert chi_square(counts, both) > 1e-4


@pytest.mark.parametrize("draft", ["n-gram", "lstm", "gpt", "llama"])
def test_greedy_gives_the_text_of_the_target(draft):
    target = make("gpt")
    for seed in range(3):
        text = speculative(
            target, make(draft, seed=seed), [1, 2], 20, temperature=0.0, lookahead=4
        )
        assert list(text.tokens) == generate(target, [1, 2], 20, temperature=0.0)


def test_the_target_as_its_own_draft_is_always_accepted():
    model = make("gpt")
    text = speculative(model, model, (), 20, np.random.default_rng(0), lookahead=4)
    assert text.acceptance_rate == 1
    assert text.rounds == 4
    assert text.tokens_per_round == 5
    assert expected_tokens(1.0, 4) == 5


def test_the_formula_for_tokens_a_round():
    assert expected_tokens(0.5, 2) == 1.75
    assert expected_tokens(0.0, 7) == 1
    assert expected_tokens(0.3, 50) == pytest.approx(1 / 0.7)


def test_repetition_penalty_sees_the_same_text_in_both_ways():
    target = make("gpt")
    options = {"temperature": 0.0, "repetition_penalty": 1.5}
    text = speculative(target, make("lstm"), [1], 20, lookahead=3, **options)
    assert list(text.tokens) == generate(target, [1], 20, **options)


def test_a_stop_token_ends_the_text():
    target = make("gpt")
    free = generate(target, [1], 20, temperature=0.0)
    stop = free[3]
    text = speculative(target, target, [1], 20, temperature=0.0, stop=stop)
    assert list(text.tokens) == free[: free.index(stop) + 1]


def test_bad_input_says_what_is_wrong():
    model, generator = make("gpt", VOCAB), np.random.default_rng(0)
    with pytest.raises(ValueError, match="5 tokens and the draft model 12"):
        speculative(model, make("n-gram"), (), 5, generator)
    with pytest.raises(ValueError, match="needs a generator"):
        speculative(model, model, (), 5)
    with pytest.raises(ValueError, match="lookahead"):
        speculative(model, model, (), 5, generator, lookahead=-1)
    with pytest.raises(ValueError, match="does not fit"):
        speculative(model, model, (), 100, generator)
    with pytest.raises(ValueError, match="between 0 and 1"):
        expected_tokens(1.5, 2)
