"""Greedy and beam search against an exhaustive search on a small random language."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.decoding import Hypothesis, beam_search, greedy_search

VOCAB, BOS, EOS = 4, 0, 1


@dataclass
class Written:
    """The state of a language whose next token depends on all before it: the tokens, shape [rows, steps]."""

    tokens: torch.Tensor

    def select(self, rows):
        return Written(self.tokens[rows])


def language(seed: int):
    """Return `advance` for random distributions, one for each beginning."""

    def advance(tokens, state):
        written = torch.cat([state.tokens, tokens[:, None]], dim=1)
        rows = []
        for row in written.tolist():
            g = torch.Generator().manual_seed(hash((seed, *row)) % 2**31)
            logits = torch.randn(VOCAB, generator=g, dtype=torch.float64) * 2
            logits[BOS] = -50.0
            rows.append(logits.log_softmax(0))
        return torch.stack(rows), Written(written)

    return advance


def begin(rows: int = 1) -> Written:
    return Written(torch.zeros(rows, 0, dtype=torch.long))


def log_prob(advance, tokens) -> float:
    state, last, total = begin(), BOS, 0.0
    for token in tokens:
        logs, state = advance(torch.tensor([last]), state)
        total, last = total + float(logs[0, token]), token
    return total


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_greedy_is_beam_search_with_one_beam(seed):
    advance = language(seed)
    (greedy,) = greedy_search(advance, begin(), 1, BOS, EOS, max_length=6)
    (beam,) = beam_search(advance, begin(), BOS, EOS, max_length=6, beam=1)
    assert greedy.tokens == beam.tokens
    assert greedy.finished == beam.finished
    assert greedy.log_prob == pytest.approx(beam.log_prob)
    wanted = (*greedy.tokens, EOS) if greedy.finished else greedy.tokens
    assert greedy.log_prob == pytest.approx(log_prob(advance, wanted))


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=15)
def test_a_wide_beam_finds_the_best_text_of_all(seed):
    advance, longest = language(seed), 3
    texts = [
        text
        for n in range(longest + 1)
        for text in itertools.product((0, 2, 3), repeat=n)
    ]
    complete = {text: log_prob(advance, (*text, EOS)) for text in texts}
    best = max(complete, key=lambda text: complete[text])
    found = beam_search(
        advance, begin(), BOS, EOS, max_length=longest, beam=4 ** (longest + 1)
    )
    finished = [text for text in found if text.finished]
    assert finished[0].tokens == best
    assert finished[0].log_prob == pytest.approx(complete[best])
    assert len({(text.tokens, text.finished) for text in found}) == len(found)


@given(seed=st.integers(0, 10_000), beam=st.integers(2, 6))
@settings(deadline=None, max_examples=30)
def test_hypotheses_come_best_first_and_carry_their_own_log_probability(seed, beam):
    advance = language(seed)
    found = beam_search(
        advance, begin(), BOS, EOS, max_length=5, beam=beam, length_penalty=1.0
    )
    assert 1 <= len(found) <= beam
    scores = [text.score(1.0) for text in found]
    assert scores == sorted(scores, reverse=True)
    for text in found:
        wanted = (*text.tokens, EOS) if text.finished else text.tokens
        assert text.log_prob == pytest.approx(log_prob(advance, wanted))
        assert len(text.tokens) <= 5


def test_rows_are_searched_independently():
    advance = language(5)
    three = greedy_search(advance, begin(3), 3, BOS, EOS, max_length=8)
    assert len(set(three)) == 1
    assert three[0] == greedy_search(advance, begin(), 1, BOS, EOS, max_length=8)[0]


def test_the_length_penalty_divides_by_the_length():
    text = Hypothesis((5, 6, 7), -8.0, finished=True)
    assert text.score(0.0) == -8.0
    assert text.score(1.0) == -2.0
    assert text.score(0.5) == -4.0


def test_bad_input_says_what_is_wrong():
    advance = language(0)
    with pytest.raises(ValueError, match="beam must be at least 1"):
        beam_search(advance, begin(), BOS, EOS, max_length=3, beam=0)
    with pytest.raises(ValueError, match="max_length"):
        greedy_search(advance, begin(), 1, BOS, EOS, max_length=0)
    with pytest.raises(ValueError, match="rows"):
        greedy_search(advance, begin(), 0, BOS, EOS, max_length=3)
    with pytest.raises(ValueError, match="token ids"):
        beam_search(advance, begin(), -1, EOS, max_length=3)
