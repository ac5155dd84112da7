"""Transformer: parity with torch.nn.Transformer, what may be seen and what not, stepping, counting, learning."""

from __future__ import annotations

import math
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from models.translation_batches import SOURCE, TARGET, batch
from torch import nn

from companion.decoding import beam_search, greedy_search
from companion.models.transformer import Transformer, TransformerConfig
from companion.training.optimizers import Adam


def make(seed: int = 0, **more: object) -> Transformer:
    torch.manual_seed(seed)
    options = {"layers": 2, "d_model": 8, "heads": 2, "d_ff": 12, **more}
    model = Transformer(TransformerConfig(SOURCE, TARGET, **options)).double()
    # Scales of one and biases of zero would hide what is exchanged.
    for name, parameter in model.named_parameters():
        if parameter.ndim == 1:
            nn.init.normal_(parameter, mean="norm.weight" in name, std=0.3)
    return model


def copy_attention(ours: nn.Module, theirs: nn.MultiheadAttention) -> None:
    parts = (ours.q_proj, ours.k_proj, ours.v_proj)
    theirs.in_proj_weight.data = torch.cat([part.weight.data for part in parts])
    theirs.in_proj_bias.data = torch.cat([part.bias.data for part in parts])
    theirs.out_proj.load_state_dict(ours.o_proj.state_dict())


def torch_twin(model: Transformer) -> nn.Transformer:
    """The same weights in torch's own module."""
    c = model.config
    theirs = nn.Transformer(
        c.d_model,
        c.heads,
        c.layers,
        c.layers,
        c.hidden,
        dropout=0.0,
        activation=c.activation,
        batch_first=True,
        norm_first=c.norm == "pre",
    ).double()
    for stack, ours, last in (
        (theirs.encoder, model.encoder, model.encoder_norm),
        (theirs.decoder, model.decoder, model.decoder_norm),
    ):
        if c.norm == "pre":
            stack.norm.load_state_dict(last.state_dict())
        else:
            stack.norm = None  # not in the paper: each layer ends with a norm already
        for mine, its in zip(ours, stack.layers, strict=True):
            copy_attention(mine.attention, its.self_attn)
            norms = [mine.around_attention.norm]
            if stack is theirs.decoder:
                copy_attention(mine.cross_attention, its.multihead_attn)
                norms.append(mine.around_cross.norm)
            norms.append(mine.around_feed_forward.norm)
            for number, norm in enumerate(norms, 1):
                getattr(its, f"norm{number}").load_state_dict(norm.state_dict())
            its.linear1.load_state_dict(mine.feed_forward.up.state_dict())
            its.linear2.load_state_dict(mine.feed_forward.down.state_dict())
    return theirs


sizes = st.integers(1, 5)


@given(
    rows=sizes,
    source=sizes,
    target=sizes,
    layers=st.integers(1, 3),
    heads=st.sampled_from([1, 2, 4]),
    d_ff=st.integers(1, 9),
    activation=st.sampled_from(["relu", "gelu"]),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=20)
@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
def test_equal_to_torch_forward_and_backward(
    norm, rows, source, target, layers, heads, d_ff, activation, seed
):
    model = make(
        seed, norm=norm, layers=layers, heads=heads, d_ff=d_ff, activation=activation
    )
    theirs = torch_twin(model)
    x, lengths, y = batch(rows, source, target, seed)
    logits = model(x, lengths, y)

    def embedded(table, tokens):
        places = torch.arange(tokens.shape[1], dtype=torch.float64)[:, None]
        angles = places / 10_000 ** (torch.arange(0, 8, 2) / 8)
        waves = torch.stack([angles.sin(), angles.cos()], -1).flatten(1)
        mine = model.positions[: len(waves)]  # made in single precision
        torch.testing.assert_close(mine, waves, rtol=0, atol=1e-6)
        return math.sqrt(8) * table.weight[tokens] + mine

    padding = torch.arange(source) >= lengths[:, None]
    out = theirs(
        embedded(model.source_embedding, x),
        embedded(model.target_embedding, y),
        tgt_mask=torch.ones(target, target, dtype=torch.bool).triu(1),
        src_key_padding_mask=padding,
        memory_key_padding_mask=padding,
    )
    wanted = out @ model.target_embedding.weight.t()
    torch.testing.assert_close(logits, wanted, rtol=1e-9, atol=1e-9)

    tables = [model.source_embedding.weight, model.target_embedding.weight]
    weights = torch.randn(
        logits.shape, generator=torch.Generator().manual_seed(seed)
    ).double()
    ours = torch.autograd.grad(
        (weights * logits).sum(),
        [*tables, model.encoder[0].feed_forward.up.weight],
        retain_graph=True,
    )
    its = torch.autograd.grad(
        (weights * wanted).sum(), [*tables, theirs.encoder.layers[0].linear1.weight]
    )
    for a, b in zip(ours, its, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_padding_changes_nothing(norm):
    model = make(norm=norm)
    x, lengths, y = batch(4, 6, 5)
    logits = model(x, lengths, y)
    other = x.clone()
    other[torch.arange(6) >= lengths[:, None]] = 0
    torch.testing.assert_close(model(other, lengths, y), logits, rtol=0, atol=0)
    for row, length in enumerate(lengths.tolist()):
        one = slice(row, row + 1)
        alone = model(x[one, :length], lengths[one], y[one])
        torch.testing.assert_close(alone[0], logits[row], rtol=0, atol=1e-12)


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_what_was_not_written_yet_is_not_seen(norm):
    model = make(norm=norm)
    x, lengths, y = batch(3, 5, 6)
    before = model(x, lengths, y)
    y[:, 4] = y[:, 4] % (TARGET - 1) + 1
    after = model(x, lengths, y)
    torch.testing.assert_close(after[:, :4], before[:, :4], rtol=0, atol=0)
    assert (after[:, 4:] != before[:, 4:]).any(-1).all()


def test_every_word_of_the_source_is_seen_from_every_place():
    model = make()
    x, lengths, y = batch(1, 5, 3)
    before = model(x, lengths, y)
    for place in range(5):
        other = x.clone()
        other[0, place] = x[0, place] % (SOURCE - 1) + 1
        assert (model(other, lengths, y) != before).any(-1).all()


@pytest.mark.parametrize(
    ("norm", "sizes"), list(product(["pre", "post"], [[1] * 6, [2, 3, 1]]))
)
def test_in_parts_as_at_once(norm, sizes):
    model = make(norm=norm)
    x, lengths, y = batch(3, 5, 6)
    logits, state = model(x, lengths, y), model.encode(x, lengths)
    found = []
    for part in y.split(sizes, dim=1):
        some, state = model.decode(part, state)
        found.append(some)
    torch.testing.assert_close(torch.cat(found, 1), logits, rtol=0, atol=1e-12)


def test_rows_can_be_chosen_in_the_middle():
    model = make()
    x, lengths, y = batch(3, 5, 6)
    _, state = model.decode(y[:, :2], model.encode(x, lengths))
    rows = torch.tensor([2, 0, 2])
    chosen, _ = model.decode(y[rows, 2:], state.select(rows))
    torch.testing.assert_close(chosen, model(x, lengths, y)[rows, 2:])


def test_without_positions_the_order_of_the_source_is_lost():
    x, lengths, y = batch(1, 5, 3, seed=1)
    turned = x.flip(1)
    blind, seeing = make(positions="none"), make()
    torch.testing.assert_close(blind(turned, lengths, y), blind(x, lengths, y))
    assert (seeing(turned, lengths, y) - seeing(x, lengths, y)).abs().max() > 1e-3


@pytest.mark.parametrize(
    ("norm", "tied", "activation"),
    list(product(["pre", "post"], [True, False], ["relu", "gelu"])),
)
def test_the_formula_counts_the_parameters(norm, tied, activation):
    for layers, d_ff in ((1, None), (3, 5)):
        config = TransformerConfig(
            SOURCE, TARGET, layers, 8, 2, d_ff, norm, tied=tied, activation=activation
        )
        counted = sum(p.numel() for p in Transformer(config).parameters())
        assert config.parameters == counted


def test_tied_tables_are_one_parameter():
    tied, free = make(), make(tied=False)
    assert tied.output.weight is tied.target_embedding.weight
    assert free.output.weight is not free.target_embedding.weight
    assert not torch.equal(free.output.weight, free.target_embedding.weight)


def test_a_new_model_guesses_evenly():
    torch.manual_seed(0)
    model = Transformer(TransformerConfig(200, 300, d_model=64))
    x, y = torch.randint(1, 200, (8, 9)), torch.randint(1, 300, (8, 7))
    loss = float(model.loss(x, torch.full((8,), 9), y).detach())
    # Logits of variance one cost half a nat more than an even guess.
    assert math.log(300) - 0.1 < loss < math.log(300) + 1


def test_loss_leaves_padding_out():
    model = make()
    x, lengths, y = batch(2, 4, 5)
    y[1, 3:] = 0
    logs = model(x, lengths, y[:, :-1]).log_softmax(-1)
    wanted = [
        -logs[r, t, y[r, t + 1]] for r in range(2) for t in range(4) if y[r, t + 1]
    ]
    assert len(wanted) == 6
    torch.testing.assert_close(model.loss(x, lengths, y), torch.stack(wanted).mean())
    # Smoothing of 0.1 asks for 0.9 of the token, and for 0.1 shared by all.
    rows = [(r, t) for r in range(2) for t in range(4) if y[r, t + 1]]
    even = torch.stack([-logs[r, t].mean() for r, t in rows]).mean()
    torch.testing.assert_close(
        model.loss(x, lengths, y, label_smoothing=0.1),
        0.9 * torch.stack(wanted).mean() + 0.1 * even,
    )


def test_dropout_only_while_training():
    model = make(dropout=0.5)
    x, lengths, y = batch(2, 4, 5)
    assert (model(x, lengths, y) != model(x, lengths, y)).any()
    model.eval()
    assert (model(x, lengths, y) == model(x, lengths, y)).all()


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_cross_weights_are_those_of_the_model(norm):
    model = make(norm=norm, layers=1, heads=1)
    x, lengths, y = batch(3, 5, 4)
    state = model.encode(x, lengths)
    weights = model.cross_weights(y, state)
    assert weights.shape == (3, 1, 1, 4, 5)
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 1, 1, 4).double())
    padding = torch.arange(5) >= lengths[:, None]
    assert (weights[:, 0, 0].transpose(1, 2)[padding] == 0).all()
    # With them and the values, the layer's own output comes out again.
    seen = []
    attention = model.decoder[0].cross_attention
    attention.register_forward_hook(lambda _, args, out: seen.append(out))
    model.decode(y, state)
    again = attention.o_proj(weights[:, 0, 0] @ attention.v_proj(state.memory))
    torch.testing.assert_close(again, seen[0])


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_learns_ten_pairs_by_heart(norm):
    torch.manual_seed(3)
    model = Transformer(TransformerConfig(8, 10, 1, 32, 4, norm=norm))
    x = torch.randint(2, 8, (10, 5))
    y = torch.cat([torch.full((10, 1), 8), x.flip(1), torch.full((10, 1), 9)], dim=1)
    lengths = torch.full((10,), 5)
    optimizer = Adam(model.parameters(), lr=3e-3)
    for _ in range(150):
        optimizer.zero_grad()
        model.loss(x, lengths, y).backward()
        optimizer.step()
    state = model.encode(x, lengths)
    found = greedy_search(model.advance, state, 10, bos=8, eos=9, max_length=8)
    assert [list(text.tokens) for text in found] == x.flip(1).tolist()
    for row in range(2):
        state = model.encode(x[row : row + 1], lengths[row : row + 1])
        best = beam_search(model.advance, state, 8, 9, max_length=8, beam=3)[0]
        assert best.tokens == found[row].tokens
        assert best.log_prob == pytest.approx(found[row].log_prob, abs=1e-4)


def test_bad_input_says_what_is_wrong():
    model = make(max_length=5)
    x, lengths, y = batch(2, 4, 4)
    with pytest.raises(ValueError, match="empty"):
        model(x[:0], lengths[:0], y[:0])
    with pytest.raises(ValueError, match="longer than the model was made for, 5"):
        model(x.repeat(1, 2), lengths, y)
    with pytest.raises(ValueError, match="target of 8 tokens is longer"):
        model(x, lengths, y.repeat(1, 2))
    _, state = model.decode(y, model.encode(x, lengths))
    with pytest.raises(ValueError, match="target of 6 tokens is longer"):
        model.decode(y[:, :2], state)
    with pytest.raises(ValueError, match=r"source token id is outside 0..10"):
        model(x + 20, lengths, y)
    with pytest.raises(ValueError, match=r"target token id is outside 0..12"):
        model(x, lengths, y + 20)
    for wrong in (lengths + 9, lengths * 0):
        with pytest.raises(ValueError, match="numbers from 1 to 4"):
            model(x, wrong, y)
    for options, message in (
        ({"norm": "middle"}, "pre, post"),
        ({"positions": "rope"}, "sinusoidal, none"),
        ({"heads": 3}, "multiple of heads"),
        ({"dropout": 1.0}, "dropout"),
        ({"layers": 0}, "layers must be at least 1"),
        ({"d_ff": 0}, "d_ff must be at least 1"),
    ):
        with pytest.raises(ValueError, match=message):
            TransformerConfig(SOURCE, TARGET, **options)
