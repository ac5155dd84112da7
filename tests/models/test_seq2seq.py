"""Encoder-decoder: attention's promises, parity with torch's own pieces, teacher forcing against stepping, learning."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from models.translation_batches import SOURCE, TARGET, batch
from torch import nn
from torch.nn import functional as F

from companion.decoding import greedy_search
from companion.models.seq2seq import (
    ATTENTIONS,
    AdditiveAttention,
    MultiplicativeAttention,
    Seq2Seq,
    Seq2SeqConfig,
    masked_softmax,
)
from companion.training.optimizers import Adam


def make(attention: str, **more: object) -> Seq2Seq:
    torch.manual_seed(0)
    options = {"embedding_size": 6, "hidden_size": 8, **more}
    return Seq2Seq(Seq2SeqConfig(SOURCE, TARGET, attention, **options)).double()


sizes = st.integers(1, 6)


@given(rows=sizes, source=sizes, target=sizes, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=25)
@pytest.mark.parametrize("attention", ["bahdanau", "luong"])
def test_weights_sum_to_one_and_are_exactly_zero_at_padding(
    attention, rows, source, target, seed
):
    x, lengths, y = batch(rows, source, target, seed)
    _, weights = make(attention)(x, lengths, y)
    torch.testing.assert_close(
        weights.sum(-1), torch.ones(rows, target, dtype=torch.float64)
    )
    padding = torch.arange(source) >= lengths[:, None]
    assert (weights.transpose(1, 2)[padding] == 0).all()
    assert (weights.transpose(1, 2)[~padding] > 0).all()


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_padding_changes_nothing(attention):
    model = make(attention)
    x, lengths, y = batch(4, 6, 5)
    logits, _ = model(x, lengths, y)
    other = x.clone()
    other[torch.arange(6) >= lengths[:, None]] = 0
    torch.testing.assert_close(model(other, lengths, y)[0], logits, rtol=0, atol=0)
    for row, length in enumerate(lengths.tolist()):
        alone, _ = model(
            x[row : row + 1, :length], lengths[row : row + 1], y[row : row + 1]
        )
        torch.testing.assert_close(alone[0], logits[row], rtol=0, atol=1e-12)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_what_was_not_written_yet_is_not_seen(attention):
    model = make(attention)
    x, lengths, y = batch(3, 5, 6)
    before = model(x, lengths, y)[0]
    y[:, 4] = (y[:, 4] + 1) % TARGET
    after = model(x, lengths, y)[0]
    torch.testing.assert_close(after[:, :4], before[:, :4], rtol=0, atol=0)
    assert (after[:, 4:] != before[:, 4:]).any()


@pytest.mark.parametrize(
    ("attention", "lexical"),
    [
        *((attention, False) for attention in ATTENTIONS),
        ("bahdanau", True),
        ("luong", True),
    ],
)
def test_stepping_equals_teacher_forcing(attention, lexical):
    model = make(attention, lexical=lexical)
    x, lengths, y = batch(3, 5, 6)
    logits, weights = model(x, lengths, y)
    state = model.encode(x, lengths)
    for t in range(6):
        one, state, seen = model.decode(y[:, t : t + 1], state)
        torch.testing.assert_close(one[:, 0], logits[:, t], rtol=0, atol=1e-12)
        torch.testing.assert_close(seen[:, 0], weights[:, t], rtol=0, atol=1e-12)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_equal_to_the_same_network_of_torch_modules(attention):
    """The networks are torch.nn.GRU, the sums are written as in the papers, one step and one sentence at a time."""
    model = make(attention)
    e, d = model.config.embedding_size, model.config.hidden_size
    encoder = nn.GRU(e, d // 2, bidirectional=True, batch_first=True).double()
    encoder.load_state_dict(model.encoder.state_dict())
    decoder = nn.GRU(e if attention == "luong" else e + d, d, batch_first=True).double()
    decoder.load_state_dict(model.decoder.state_dict())
    x, lengths, y = batch(3, 5, 4)
    logits, _ = model(x, lengths, y)
    for row, length in enumerate(lengths.tolist()):
        memory, last = encoder(model.source_embedding(x[row, :length])[None])
        summary = torch.cat([last[0, 0], last[1, 0]])
        s = torch.tanh(model.bridge(summary))

        def look(state, memory=memory[0], summary=summary):
            if attention == "none":
                return summary
            energies = []
            for h in memory:
                if attention == "bahdanau":
                    part = model.attention
                    both = part.query.weight @ state + part.key.weight @ h
                    energies.append(
                        part.score.weight[0] @ torch.tanh(both + part.key.bias)
                    )
                else:
                    energies.append(state @ (model.attention.key.weight @ h))
            exponentials = [energy.exp() for energy in energies]
            total = sum(exponentials)
            return sum(w / total * h for w, h in zip(exponentials, memory, strict=True))

        for t in range(4):
            word = model.target_embedding(y[row, t])
            if attention != "luong":
                a = look(s)
                word = torch.cat([word, a])
            s = decoder(word[None, None], s[None, None])[0][0, 0]
            if attention == "luong":
                a = look(s)
            wanted = model.output(torch.tanh(model.combine(torch.cat([s, a]))))
            torch.testing.assert_close(logits[row, t], wanted, rtol=0, atol=1e-10)


@pytest.mark.parametrize("attention", ["bahdanau", "luong"])
def test_the_lexical_term_is_a_sum_over_source_words_and_nothing_else(attention):
    model = make(attention, lexical=True)
    x, lengths, y = batch(3, 5, 4)
    logits, weights = model(x, lengths, y)
    with torch.no_grad():
        model.lexical_output.weight.zero_()
    without, same_weights = model(x, lengths, y)
    torch.testing.assert_close(weights, same_weights, rtol=0, atol=0)
    again = make(attention, lexical=True)
    for row, length in enumerate(lengths.tolist()):
        for t in range(4):
            mean = sum(
                weights[row, t, j] * again.source_embedding.weight[x[row, j]]
                for j in range(length)
            )
            vote = again.lexical_output.weight @ torch.tanh(
                again.lexical_hidden.weight @ mean
            )
            torch.testing.assert_close(
                logits[row, t] - without[row, t], vote, rtol=0, atol=1e-10
            )


def test_the_lexical_term_needs_attention():
    with pytest.raises(ValueError, match="there is none"):
        Seq2SeqConfig(SOURCE, TARGET, "none", lexical=True)


def test_loss_leaves_padding_out():
    model = make("bahdanau")
    x, lengths, y = batch(2, 4, 5)
    y[1, 3:] = 0
    logits, _ = model(x, lengths, y[:, :-1])
    logs = logits.log_softmax(-1)
    wanted = [
        -logs[r, t, y[r, t + 1]] for r in range(2) for t in range(4) if y[r, t + 1]
    ]
    assert len(wanted) == 6
    torch.testing.assert_close(model.loss(x, lengths, y), torch.stack(wanted).mean())
    assert model.loss(x, lengths, y, label_smoothing=0.1) != model.loss(x, lengths, y)


def test_masked_softmax_equals_softmax_of_what_is_there():
    energies = torch.tensor([3.0, -1.0, 700.0, 2.0], dtype=torch.float64)
    mask = torch.tensor([True, True, False, True])
    weights = masked_softmax(energies, mask)
    assert weights[2] == 0
    torch.testing.assert_close(weights[mask], F.softmax(energies[mask], 0))


def test_keys_are_what_the_energies_use():
    torch.manual_seed(1)
    memory, states = torch.randn(2, 3, 4), torch.randn(2, 5, 4)
    for part in (AdditiveAttention(4), MultiplicativeAttention(4)):
        assert part(states, part.keys(memory)).shape == (2, 5, 3)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_learns_to_reverse_ten_sentences(attention):
    torch.manual_seed(3)
    model = Seq2Seq(Seq2SeqConfig(8, 10, attention, 16, 32))
    x = torch.randint(2, 8, (10, 5))
    y = torch.cat([torch.full((10, 1), 8), x.flip(1), torch.full((10, 1), 9)], dim=1)
    lengths = torch.full((10,), 5)
    optimizer = Adam(model.parameters(), lr=1e-2)
    for _ in range(150):
        optimizer.zero_grad()
        model.loss(x, lengths, y).backward()
        optimizer.step()
    with torch.no_grad():
        found = greedy_search(
            model.advance, model.encode(x, lengths), 10, bos=8, eos=9, max_length=8
        )
    assert [list(text.tokens) for text in found] == x.flip(1).tolist()


def test_bad_input_says_what_is_wrong():
    model = make("bahdanau", max_length=5)
    x, lengths, y = batch(2, 4, 4)
    with pytest.raises(ValueError, match="empty"):
        model(x[:0], lengths[:0], y[:0])
    with pytest.raises(ValueError, match="longer than the model was made for, 5"):
        model(x.repeat(1, 2), lengths, y)
    with pytest.raises(ValueError, match="longer than the model was made for, 5"):
        model(x, lengths, y.repeat(1, 2))
    with pytest.raises(ValueError, match=r"source token id is outside 0..10"):
        model(x + 20, lengths, y)
    with pytest.raises(ValueError, match=r"target token id is outside 0..12"):
        model(x, lengths, y + 20)
    with pytest.raises(ValueError, match="lengths must hold"):
        model(x, lengths + 9, y)
    plain = make("none")
    state = plain.encode(x, lengths)
    with pytest.raises(ValueError, match="no attention"):
        plain.weights(state.h[:, None], state)
    for wrong, message in (
        ({"attention": "self"}, "none, bahdanau, luong"),
        ({"hidden_size": 7}, "even"),
        ({"dropout": 1.0}, "dropout"),
        ({"max_length": 0}, "max_length"),
    ):
        with pytest.raises(ValueError, match=message):
            Seq2SeqConfig(SOURCE, TARGET, **wrong)
