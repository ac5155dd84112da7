"""Greedy and beam search against transformers on the same random GPT-2."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from decoding.models_for_tests import KINDS, make
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import GPT2Config, GPT2LMHeadModel

from companion.decoding import beam_generate, generate
from companion.models.language_model import score
from companion.models.pretrained.gpt2 import load_gpt2

VOCAB, PROMPT, LENGTH = 23, 4, 12


def pair(seed: int):
    """A random GPT-2 of transformers and the same weights in ours."""
    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=VOCAB,
        n_positions=32,
        n_embd=16,
        n_layer=2,
        n_head=2,
        bos_token_id=None,
        eos_token_id=None,
        initializer_range=0.4,
    )
    reference = GPT2LMHeadModel(config).eval()
    ours = load_gpt2(reference.state_dict(), config.to_dict())
    prompt = torch.randint(0, VOCAB, (1, PROMPT))
    return reference, ours, prompt


def theirs(reference, prompt, **options):
    found = reference.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=LENGTH,
        do_sample=False,
        pad_token_id=0,
        return_dict_in_generate=True,
        output_scores=True,
        **options,
    )
    return found


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=8)
def test_greedy(seed):
    reference, ours, prompt = pair(seed)
    wanted = theirs(reference, prompt).sequences[0, PROMPT:].tolist()
    assert generate(ours, prompt[0].tolist(), LENGTH, temperature=0.0) == wanted
    assert list(beam_generate(ours, prompt[0].tolist(), LENGTH, 1)[0].tokens) == wanted


@given(
    seed=st.integers(0, 10_000),
    beam=st.sampled_from([2, 3, 5]),
    power=st.sampled_from([0.0, 1.0, 2.0]),
    early=st.sampled_from([True, False, "never"]),
    stop=st.sampled_from([(), (7,), (3, 11)]),
)
@settings(deadline=None, max_examples=25)
def test_beam(seed, beam, power, early, stop):
    reference, ours, prompt = pair(seed)
    found = theirs(
        reference,
        prompt,
        num_beams=beam,
        num_return_sequences=beam,
        length_penalty=power,
        early_stopping=early,
        eos_token_id=list(stop) or None,
    )
    texts = beam_generate(
        ours,
        prompt[0].tolist(),
        LENGTH,
        beam,
        length_penalty=power,
        stop=stop,
        early_stopping=early,
    )
    scores = [text.score(power) for text in texts]
    np.testing.assert_allclose(scores, found.sequences_scores, rtol=1e-4, atol=1e-4)
    wanted = found.sequences[0, PROMPT:].tolist()
    tokens = list(texts[0].tokens)
    assert wanted[: len(tokens)] == tokens
    if texts[0].finished:
        assert wanted[len(tokens)] in stop


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_model_can_be_searched(kind):
    model = make(kind)
    texts = beam_generate(model, [1, 2], 6, beam=3, length_penalty=0.0)
    assert [text.log_prob for text in texts] == sorted(
        (text.log_prob for text in texts), reverse=True
    )
    for text in texts:
        wanted = score(model, text.tokens, [1, 2]).sum()
        assert text.log_prob == pytest.approx(wanted, abs=1e-3)
    greedy = generate(model, [1, 2], 6, temperature=0.0)
    assert texts[0].log_prob >= score(model, greedy, [1, 2]).sum() - 1e-3


def test_bad_input_says_what_is_wrong():
    model = make("gpt", context=8)
    with pytest.raises(ValueError, match="beam must be at least 1"):
        beam_generate(model, beam=0)
    with pytest.raises(ValueError, match="length must be at least 1"):
        beam_generate(model, length=0)
    with pytest.raises(ValueError, match="more than the 8"):
        beam_generate(model, [1], 20)
    with pytest.raises(ValueError, match=r"outside 0\.\.11"):
        beam_generate(model, [99], 2)
    _, no_start, _ = pair(0)
    with pytest.raises(ValueError, match="context is empty"):
        beam_generate(no_start)
