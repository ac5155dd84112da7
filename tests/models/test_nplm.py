"""The neural n-gram model: gradients against finite differences, causal, equal to an equation written by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.models.language_model import LanguageModel, generate, score
from companion.models.nplm import NPLM, NPLMConfig
from companion.training.optimizers import Adam


def small(**settings: object) -> NPLM:
    torch.manual_seed(0)
    given = {"vocab_size": 7, "order": 3, "embedding_size": 4, "hidden_size": 5}
    return NPLM(NPLMConfig(**{**given, **settings})).double()  # type: ignore[arg-type]


def texts(batch: int = 2, time: int = 6) -> torch.Tensor:
    return torch.randint(7, (batch, time), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("direct", [False, True])
def test_equal_to_the_equation_of_the_paper(direct: bool) -> None:
    model, tokens = small(direct=direct), texts()
    logits = model(tokens).detach().numpy()
    weights = {name: p.detach().numpy() for name, p in model.named_parameters()}
    for b in range(2):
        padded = [7, 7, *tokens[b].tolist()]
        for t in range(6):
            x = np.concatenate(
                [weights["embedding.weight"][i] for i in padded[t : t + 2]]
            )
            hidden = np.tanh(weights["hidden.weight"] @ x + weights["hidden.bias"])
            y = weights["output.weight"] @ hidden + weights["output.bias"]
            if direct:
                y = y + weights["direct.weight"] @ x
            np.testing.assert_allclose(logits[b, t], y, atol=1e-12)


@pytest.mark.parametrize("direct", [False, True])
def test_gradients_equal_finite_differences(direct: bool) -> None:
    model, tokens = small(direct=direct), texts()
    model.loss(tokens).backward()
    step = 1e-6
    generator = np.random.default_rng(0)
    for parameter in model.parameters():
        flat, gradient = parameter.data.view(-1), parameter.grad.view(-1)
        for i in generator.integers(0, len(flat), size=4):
            value = flat[i].item()
            losses = []
            for moved in (value + step, value - step):
                flat[i] = moved
                losses.append(model.loss(tokens).item())
            flat[i] = value
            measured = (losses[0] - losses[1]) / (2 * step)
            assert gradient[i].item() == pytest.approx(measured, abs=1e-8)


@settings(deadline=None, max_examples=20)
@given(st.integers(2, 5), st.integers(0, 7))
def test_a_place_sees_exactly_the_tokens_before_it(order: int, place: int) -> None:
    model, tokens = small(order=order), texts(1, 8)
    other = tokens.clone()
    other[0, place] = (other[0, place] + 1) % 7
    changed = (model(tokens) != model(other)).any(-1)[0].nonzero().flatten().tolist()
    assert changed == [t for t in range(8) if place < t < place + order]


def test_an_embedding_is_a_one_hot_times_a_matrix() -> None:
    model, tokens = small(), texts()
    one_hot = torch.nn.functional.one_hot(tokens, 8).double()
    torch.testing.assert_close(
        model.embedding(tokens), one_hot @ model.embedding.weight, atol=0, rtol=0
    )


def test_it_is_a_language_model_of_the_course() -> None:
    model, tokens = small(), texts(1, 5)
    assert isinstance(model, LanguageModel)
    assert model.next_probs([]).sum() == pytest.approx(1)
    logs = score(model, tokens[0].tolist())
    assert -logs.mean() == pytest.approx(model.loss(tokens).item())
    assert len(generate(model, 4, np.random.default_rng(0))) == 4


def test_it_overfits_ten_examples() -> None:
    model = NPLM(NPLMConfig(vocab_size=7, order=4, embedding_size=16, hidden_size=32))
    tokens = texts(10, 5)
    optimizer = Adam(model.parameters(), lr=0.03)
    for _ in range(300):
        optimizer.zero_grad()
        loss = model.loss(tokens)
        loss.backward()
        optimizer.step()
    # The first token of a text has no context: that uncertainty stays.
    first = torch.bincount(tokens[:, 0], minlength=7).double() / 10
    entropy = float(-(first[first > 0] * first[first > 0].log()).sum())
    assert loss.item() < entropy / 5 + 0.25


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"order": 1}, "order must be at least 2"),
        ({"vocab_size": 0}, "vocab_size must be at least 1"),
        ({"hidden_size": 0}, "hidden_size must be at least 1"),
    ],
)
def test_an_impossible_shape_is_refused(settings: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        small(**settings)


def test_bad_input_is_named() -> None:
    model = small()
    with pytest.raises(ValueError, match=r"outside 0..6"):
        model(torch.tensor([[1, 7]]))
    with pytest.raises(ValueError, match="batch is empty"):
        model(torch.zeros(0, 5, dtype=torch.long))
