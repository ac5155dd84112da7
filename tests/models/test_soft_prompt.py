"""Soft prompts: the same as embeddings of tokens put in front, nothing else is trained, and they learn."""

from __future__ import annotations

import pytest
import torch

from companion.models.gpt import GPT, GPTConfig
from companion.models.soft_prompt import SoftPrompt
from companion.training.optimizers import Adam

TOKENS = torch.arange(12).remainder(7).view(2, 6)


def small_gpt(**changes: object) -> GPT:
    torch.manual_seed(0)
    shape = {"vocab_size": 7, "d_model": 16, "layers": 2, "heads": 2, "context": 16}
    return GPT(GPTConfig(**(shape | changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize("positions", ["learned", "rope", "alibi", "none"])
def test_with_the_vectors_of_tokens_it_is_a_prompt_of_tokens(positions: str) -> None:
    gpt = small_gpt(positions=positions)
    model = SoftPrompt(gpt, 3, torch.Generator())
    before = torch.tensor([4, 1, 6])
    vectors = gpt.embed(before[None])[0].detach()  # with their positions
    model.prefix.data = vectors
    whole = gpt(torch.cat([before.expand(2, -1), TOKENS], dim=1))
    torch.testing.assert_close(model(TOKENS), whole[:, 3:], atol=1e-5, rtol=1e-5)


def trained(parameters, loss, steps: int, lr: float) -> None:
    optimizer = Adam(parameters, lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()


def test_only_the_vectors_are_trained_and_they_learn() -> None:
    """A model that writes either of two texts is brought to write one of them."""
    gpt = small_gpt()
    threes, fives = (torch.tensor([[7, k, k, k, k, k]]) for k in (3, 5))
    trained(gpt.parameters(), lambda: gpt.loss(torch.cat([threes, fives])), 80, 1e-2)
    model = SoftPrompt(gpt, 4, torch.Generator().manual_seed(0))
    assert [n for n, p in model.named_parameters() if p.requires_grad] == ["prefix"]
    assert model.prefix.numel() == 4 * 16
    before = {name: p.detach().clone() for name, p in gpt.named_parameters()}
    gpt.zero_grad(set_to_none=True)
    trained([model.prefix], lambda: model.loss(threes), 60, 5e-2)
    assert gpt.loss(threes).item() > 0.1
    assert model.loss(threes).item() < 0.5 * gpt.loss(threes).item()
    for name, p in gpt.named_parameters():
        assert p.grad is None
        assert torch.equal(p, before[name]), name


def test_it_begins_as_embeddings_of_tokens_and_stays_apart_from_them() -> None:
    gpt = small_gpt()
    model = SoftPrompt(gpt, 5, torch.Generator().manual_seed(1))
    table = gpt.embedding.weight.detach().clone()
    for row in model.prefix:
        assert (row == table).all(1).any()
    model.prefix.data += 1
    assert torch.equal(gpt.embedding.weight, table)


def test_what_comes_later_has_no_influence() -> None:
    model = SoftPrompt(small_gpt(), 2, torch.Generator())
    other = TOKENS.clone()
    other[:, 4:] = 0
    torch.testing.assert_close(model(TOKENS)[:, :4], model(other)[:, :4])


def test_what_does_not_fit_is_refused() -> None:
    for length in (0, 16):
        with pytest.raises(ValueError, match=f"length must be.*got {length}"):
            SoftPrompt(small_gpt(), length, torch.Generator())
    model = SoftPrompt(small_gpt(), 12, torch.Generator())
    with pytest.raises(ValueError, match="12 learned vectors and 6 tokens are more"):
        model(TOKENS)
