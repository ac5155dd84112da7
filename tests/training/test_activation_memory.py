"""Recomputing blocks: the same gradients from less memory."""

import pytest
import torch
from torch import nn

from companion.metrics.compute import training_memory
from companion.models.gpt import GPT, GPTConfig
from companion.training.activation_memory import recompute, saved_bytes

CONFIG = GPTConfig(50, 32, layers=3, d_model=32, heads=4)


def gradients(model: nn.Module, tokens: torch.Tensor) -> list[torch.Tensor]:
    model.zero_grad()
    torch.manual_seed(7)  # dropout
    model.loss(tokens).backward()
    return [p.grad.clone() for p in model.parameters()]


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_gradients_stay_the_same(dropout: float) -> None:
    torch.manual_seed(0)
    model = GPT(GPTConfig(50, 32, layers=3, d_model=32, heads=4, dropout=dropout))
    tokens = torch.randint(50, (3, 33))
    want = gradients(model, tokens)
    with recompute(model.blocks):
        found = gradients(model, tokens)
    assert all(torch.equal(a, b) for a, b in zip(want, found, strict=True))
    assert all("forward" not in vars(block) for block in model.blocks)


@pytest.mark.parametrize("activation", ["gelu", "relu"])
def test_the_formula_says_what_is_kept(activation: str) -> None:
    config = GPTConfig(50, 32, layers=3, d_model=32, heads=4, activation=activation)
    model, tokens = GPT(config), torch.randint(50, (3, 33))
    with saved_bytes(model) as kept:
        model.loss(tokens)
    expected = training_memory(config, batch=3, length=32).activations
    assert kept.total == pytest.approx(expected, rel=0.01)


def test_recomputing_keeps_the_inputs_of_the_blocks_only() -> None:
    model, tokens = GPT(CONFIG), torch.randint(50, (3, 33))
    with recompute(model.blocks), saved_bytes(model) as kept:
        model.loss(tokens)
    inputs, ends = 3 * 32, 2 * 32 + 2 + 50
    assert kept.total == pytest.approx(4 * 3 * 32 * (inputs + ends), rel=0.03)


def test_memory_is_counted_once_and_parameters_are_not() -> None:
    layer = nn.Linear(4, 4)
    x = torch.ones(2, 4, requires_grad=True)
    with saved_bytes(layer) as kept:
        (layer(x) + layer(x)).square()  # x is kept twice, one sum once
    assert kept.total == x.numel() * 4 + 2 * 4 * 4
