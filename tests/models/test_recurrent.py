"""Recurrent layers: equal to torch's forward and backward, masked as torch packs, and clear about bad input."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from companion.models.gru import GRU
from companion.models.lstm import LSTM
from companion.models.recurrent import Recurrent, RecurrentConfig
from companion.models.rnn import RNN

PAIRS = {"rnn": (RNN, nn.RNN), "lstm": (LSTM, nn.LSTM), "gru": (GRU, nn.GRU)}


def twins(
    kind: str, config: RecurrentConfig, dtype: torch.dtype = torch.float64
) -> tuple[Recurrent, nn.Module]:
    """Our layer and torch's, with the same weights."""
    ours_type, theirs_type = PAIRS[kind]
    theirs = theirs_type(
        config.input_size,
        config.hidden_size,
        num_layers=config.layers,
        bidirectional=config.bidirectional,
        batch_first=True,
        dtype=dtype,
    )
    ours = ours_type(config).to(dtype)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def as_tuple(state: object) -> tuple[torch.Tensor, ...]:
    return state if isinstance(state, tuple) else (state,)


sizes = st.integers(1, 5)
shapes = st.builds(
    RecurrentConfig, sizes, sizes, layers=st.integers(1, 3), bidirectional=st.booleans()
)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(list(PAIRS)), shapes, sizes, sizes, st.integers(0, 9))
def test_equal_to_torch_forward_and_backward(kind, config, batch, time, seed) -> None:
    torch.manual_seed(seed)
    ours, theirs = twins(kind, config)
    stack = config.layers * config.directions
    start = tuple(
        torch.randn(stack, batch, config.hidden_size, dtype=torch.float64)
        for _ in range(ours.states)
    )
    x = torch.randn(batch, time, config.input_size, dtype=torch.float64)
    mine, peer = x.clone().requires_grad_(), x.clone().requires_grad_()
    y, final = ours(mine, start)
    expected, last = theirs(peer, start if ours.states == 2 else start[0])
    weights = torch.randn_like(y)
    for output, state in ((y, final), (expected, as_tuple(last))):
        ((output * weights).sum() + sum(part.sin().sum() for part in state)).backward()
    torch.testing.assert_close(y, expected, atol=1e-10, rtol=1e-10)
    for a, b in zip(final, as_tuple(last), strict=True):
        torch.testing.assert_close(a, b, atol=1e-10, rtol=1e-10)
    torch.testing.assert_close(mine.grad, peer.grad, atol=1e-10, rtol=1e-10)
    for (name, a), (peer_name, b) in zip(
        ours.named_parameters(), theirs.named_parameters(), strict=True
    ):
        assert name == peer_name
        torch.testing.assert_close(a.grad, b.grad, atol=1e-10, rtol=1e-10)


@pytest.mark.parametrize("kind", PAIRS)
def test_equal_to_torch_in_single_precision(kind: str) -> None:
    torch.manual_seed(0)
    ours, theirs = twins(kind, RecurrentConfig(16, 32, layers=2), torch.float32)
    x = torch.randn(4, 50, 16)
    torch.testing.assert_close(ours(x)[0], theirs(x)[0], atol=1e-5, rtol=1e-5)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(list(PAIRS)), shapes, st.lists(sizes, min_size=1, max_size=4))
def test_lengths_mask_as_torch_packs(kind, config, lengths) -> None:
    ours, theirs = twins(kind, config)
    x = torch.randn(len(lengths), 6, config.input_size, dtype=torch.float64)
    y, final = ours(x, lengths=torch.tensor(lengths))
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    outputs, last = theirs(packed)
    expected, _ = pad_packed_sequence(outputs, batch_first=True, total_length=6)
    torch.testing.assert_close(y, expected)
    for a, b in zip(final, as_tuple(last), strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("kind", PAIRS)
def test_padding_changes_nothing(kind: str) -> None:
    ours, _ = twins(kind, RecurrentConfig(3, 4, layers=2, bidirectional=True))
    x = torch.randn(2, 7, 3, dtype=torch.float64)
    lengths = torch.tensor([3, 7])
    other = x.clone()
    other[0, 3:] = 100.0
    for a, b in zip(
        ours(x, lengths=lengths), ours(other, lengths=lengths), strict=True
    ):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("kind", PAIRS)
def test_the_state_carries_on(kind: str) -> None:
    ours, _ = twins(kind, RecurrentConfig(3, 4, layers=2))
    x = torch.randn(2, 8, 3, dtype=torch.float64)
    whole, _ = ours(x)
    first, state = ours(x[:, :5])
    second, _ = ours(x[:, 5:], state)
    torch.testing.assert_close(whole, torch.cat([first, second], dim=1))


def test_dropout_stands_between_layers_and_only_in_training() -> None:
    layer = GRU(RecurrentConfig(3, 64, layers=2, dropout=0.5))
    x = torch.randn(1, 5, 3)
    assert not torch.equal(layer(x)[0], layer(x)[0])
    layer.eval()
    assert torch.equal(layer(x)[0], layer(x)[0])
    below = layer.train()(x)[1][0][0]  # the final state of the first layer
    torch.testing.assert_close(below, layer.eval()(x)[1][0][0])


def gru_by_the_papers(x, h, cell: GRU):
    """One step in NumPy, written from the equations of the papers."""
    w, u, b, c = (
        p.detach().numpy().astype(np.float64)
        for p in (
            cell.weight_ih_l0,
            cell.weight_hh_l0,
            cell.bias_ih_l0,
            cell.bias_hh_l0,
        )
    )
    wr, wz, wn = np.split(w, 3)
    ur, uz, un = np.split(u, 3)
    br, bz, bn = np.split(b, 3)
    cr, cz, cn = np.split(c, 3)

    def sigmoid(a):
        return 1 / (1 + np.exp(-a))

    r = sigmoid(wr @ x + br + ur @ h + cr)
    z = sigmoid(wz @ x + bz + uz @ h + cz)
    before = cell.reset == "before"
    n = np.tanh(wn @ x + bn + (un @ (r * h) + cn if before else r * (un @ h + cn)))
    return z * h + (1 - z) * n if cell.update == "keep" else (1 - z) * h + z * n


@pytest.mark.parametrize("reset", ["before", "after"])
@pytest.mark.parametrize("update", ["keep", "write"])
def test_the_four_grus_of_the_papers(reset, update) -> None:
    cell = GRU(RecurrentConfig(3, 4), reset=reset, update=update).double()
    x, h = torch.randn(1, 1, 3).double(), torch.randn(1, 1, 4).double()
    y, _ = cell(x, (h,))
    expected = gru_by_the_papers(x[0, 0].numpy(), h[0, 0].numpy(), cell)
    np.testing.assert_allclose(y[0, 0].detach().numpy(), expected, atol=1e-12)


def test_the_four_grus_are_four_functions() -> None:
    x, h = torch.randn(1, 6, 3), torch.randn(1, 1, 4)
    weights = GRU(RecurrentConfig(3, 4)).state_dict()
    outputs = []
    for reset in ("before", "after"):
        for update in ("keep", "write"):
            cell = GRU(RecurrentConfig(3, 4), reset=reset, update=update)
            cell.load_state_dict(weights)
            outputs.append(cell(x, (h,))[0])
    for i, a in enumerate(outputs):
        assert all((a - b).abs().max() > 1e-3 for b in outputs[:i])


def test_the_forget_bias_is_added_to_the_forget_gate_only() -> None:
    plain = LSTM(RecurrentConfig(2, 3))
    plain.reset_parameters(torch.Generator().manual_seed(0))
    biased = LSTM(RecurrentConfig(2, 3), forget_bias=1.0)
    biased.reset_parameters(torch.Generator().manual_seed(0))
    difference = biased.bias_ih_l0 - plain.bias_ih_l0
    assert difference.tolist() == pytest.approx([0] * 3 + [1] * 3 + [0] * 6)
    assert torch.equal(biased.bias_hh_l0, plain.bias_hh_l0)


@pytest.mark.parametrize("kind", PAIRS)
def test_a_layer_learns_to_remember_the_first_symbol(kind: str) -> None:
    torch.manual_seed(0)
    layer, head = PAIRS[kind][0](RecurrentConfig(4, 16)), nn.Linear(16, 4)
    x = torch.eye(4)[torch.randint(4, (64, 5))]
    wanted = x[:, 0].argmax(1)
    optimizer = torch.optim.Adam([*layer.parameters(), *head.parameters()], lr=0.02)
    for _ in range(150):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(head(layer(x)[0][:, -1]), wanted)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hidden_size": 0}, "hidden_size must be at least 1, got 0"),
        ({"layers": 0}, "layers must be at least 1"),
        ({"dropout": 1.0, "layers": 2}, "below 1"),
        ({"dropout": 0.5}, "only one"),
    ],
)
def test_an_impossible_shape_is_refused(arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        RecurrentConfig(**{"input_size": 3, "hidden_size": 4, **arguments})


def test_an_unknown_convention_is_refused() -> None:
    with pytest.raises(ValueError, match="reset must be"):
        GRU(RecurrentConfig(1, 1), reset="never")
    with pytest.raises(ValueError, match="update must be"):
        GRU(RecurrentConfig(1, 1), update="z")


def test_bad_input_is_named() -> None:
    layer = RNN(RecurrentConfig(3, 4))
    with pytest.raises(ValueError, match=r"\[batch, time, 3\], got \[2, 5, 7\]"):
        layer(torch.zeros(2, 5, 7))
    with pytest.raises(ValueError, match="batch is empty"):
        layer(torch.zeros(0, 5, 3))
    with pytest.raises(
        ValueError, match="lengths must hold one number between 1 and 5"
    ):
        layer(torch.zeros(2, 5, 3), lengths=torch.tensor([0, 5]))
