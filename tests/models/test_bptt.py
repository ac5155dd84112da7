"""Backpropagation through time by hand equals autograd, whole and truncated."""

from dataclasses import fields

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.models.bptt import RNNParameters, backward, forward, loss

NAMES = [field.name for field in fields(RNNParameters)]


def case(time: int, hidden: int, seed: int):
    generator = np.random.default_rng(seed)
    parameters = RNNParameters.draw(6, 3, hidden, generator)
    tokens, targets = generator.integers(6, size=(2, time))
    return parameters, tokens, targets


def torch_parameters(parameters: RNNParameters) -> dict[str, torch.Tensor]:
    return {
        name: torch.tensor(getattr(parameters, name), requires_grad=True)
        for name in NAMES
    }


def torch_loss(p, tokens, targets, truncate: int | None = None) -> torch.Tensor:
    """The same network in torch; with `truncate`, each place is computed with a detached state so far back."""
    time = len(tokens)

    def run(first: int, last: int, h: torch.Tensor) -> torch.Tensor:
        for t in range(first, last + 1):
            h = torch.tanh(p["w"] @ p["embedding"][tokens[t]] + p["u"] @ h + p["b"])
        return h

    zeros = torch.zeros(len(p["b"]), dtype=torch.float64)
    total = torch.zeros((), dtype=torch.float64)
    for place in range(time):
        first = 0 if truncate is None else max(0, place - truncate + 1)
        with torch.no_grad():
            start = run(0, first - 1, zeros)
        h = run(first, place, start)
        logits = p["o"] @ h + p["b_o"]
        total = total - logits.log_softmax(0)[targets[place]]
    return total


@settings(deadline=None, max_examples=20)
@given(
    st.integers(1, 8),
    st.integers(1, 5),
    st.integers(0, 99),
    st.one_of(st.none(), st.integers(1, 9)),
)
def test_gradients_equal_autograd(time, hidden, seed, truncate) -> None:
    parameters, tokens, targets = case(time, hidden, seed)
    h, logits = forward(parameters, tokens)
    mine = backward(parameters, tokens, targets, h, logits, truncate)
    peer = torch_parameters(parameters)
    total = torch_loss(peer, tokens, targets, truncate)
    total.backward()
    assert loss(logits, targets) == pytest.approx(total.item(), abs=1e-10)
    for name in NAMES:
        np.testing.assert_allclose(
            getattr(mine, name), peer[name].grad.numpy(), atol=1e-10, err_msg=name
        )


def test_gradients_equal_finite_differences() -> None:
    parameters, tokens, targets = case(6, 4, 0)
    h, logits = forward(parameters, tokens)
    gradient = backward(parameters, tokens, targets, h, logits)
    for name in NAMES:
        weights = getattr(parameters, name)
        place = np.unravel_index(3 % weights.size, weights.shape)
        value, losses = weights[place], []
        for moved in (value + 1e-6, value - 1e-6):
            weights[place] = moved
            losses.append(loss(forward(parameters, tokens)[1], targets))
        weights[place] = value
        measured = (losses[0] - losses[1]) / 2e-6
        assert getattr(gradient, name)[place] == pytest.approx(measured, abs=1e-7)


def test_a_state_carries_on() -> None:
    parameters, tokens, _ = case(8, 4, 1)
    whole, logits = forward(parameters, tokens)
    _, second = forward(parameters, tokens[5:], whole[5])
    np.testing.assert_allclose(second, logits[5:])


def test_a_long_truncation_is_none() -> None:
    parameters, tokens, targets = case(5, 3, 2)
    h, logits = forward(parameters, tokens)
    whole = backward(parameters, tokens, targets, h, logits)
    long = backward(parameters, tokens, targets, h, logits, truncate=5)
    short = backward(parameters, tokens, targets, h, logits, truncate=2)
    np.testing.assert_allclose(long.u, whole.u, atol=1e-12)
    assert np.abs(short.u - whole.u).max() > 1e-4


def test_bad_settings_are_refused() -> None:
    parameters, tokens, targets = case(5, 3, 2)
    h, logits = forward(parameters, tokens)
    with pytest.raises(ValueError, match="truncate must be at least 1"):
        backward(parameters, tokens, targets, h, logits, truncate=0)
    with pytest.raises(ValueError, match="at least 1"):
        RNNParameters.draw(0, 1, 1, np.random.default_rng(0))
