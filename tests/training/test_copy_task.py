"""The copy task: what stands where, what a guess is worth, and that a network can learn it."""

import math

import pytest
import torch

from companion.models.recurrent_lm import RecurrentLM, RecurrentLMConfig
from companion.training.copy_task import copy_accuracy, copy_batches, copy_loss
from companion.training.optimizers import Adam


@pytest.mark.parametrize(("lag", "length"), [(1, 1), (5, 1), (7, 3), (3, 3)])
def test_a_symbol_and_its_copy_are_lag_places_apart(lag: int, length: int) -> None:
    tokens = copy_batches(lag, batch=16, length=length)(0)
    assert tokens.shape == (16, length + lag)
    assert torch.equal(tokens[:, :length], tokens[:, lag:])
    assert (tokens[:, :length] < 8).all()
    assert (tokens[:, length:lag] == 8).all()


def test_other_seeds_and_steps_draw_other_sequences() -> None:
    drawn = {
        tuple(copy_batches(3, length=3, seed=seed)(step).flatten().tolist())
        for seed in range(5)
        for step in range(5)
    }
    assert len(drawn) == 25


def test_a_network_that_knows_nothing_has_the_loss_of_a_guess() -> None:
    torch.manual_seed(0)
    model = RecurrentLM(RecurrentLMConfig(9, "rnn", 8, 8))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    tokens = copy_batches(4, batch=64)(0)
    assert math.isclose(copy_loss(model, tokens).item(), math.log(9), rel_tol=1e-5)
    assert copy_accuracy(model, tokens) < 0.5


def test_only_the_copy_is_scored() -> None:
    torch.manual_seed(0)
    model = RecurrentLM(RecurrentLMConfig(9, "gru", 8, 8))
    tokens = copy_batches(4, batch=8, length=2)(0)
    logits, _ = model(tokens[:, :-1])
    logs = logits.log_softmax(-1)
    wanted = [-logs[row, t - 1, tokens[row, t]] for row in range(8) for t in (4, 5)]
    torch.testing.assert_close(copy_loss(model, tokens, 2), torch.stack(wanted).mean())


def test_a_short_lag_is_learned() -> None:
    torch.manual_seed(0)
    model = RecurrentLM(RecurrentLMConfig(9, "gru", 16, 32))
    optimizer, draw = Adam(model.parameters(), lr=1e-2), copy_batches(3)
    for step in range(120):
        optimizer.zero_grad()
        copy_loss(model, draw(step)).backward()
        optimizer.step()
    assert copy_accuracy(model, copy_batches(3, batch=64, seed=1)(0)) == 1.0


def test_impossible_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="a lag of 2 is too short for 3 symbols"):
        copy_batches(2, length=3)
    with pytest.raises(ValueError, match="symbols at least 2"):
        copy_batches(2, symbols=1)
