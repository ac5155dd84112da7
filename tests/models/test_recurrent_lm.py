"""A language model over any cell: against torch's own modules, against itself in pieces, and that it learns."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from companion.models.language_model import LanguageModel, score
from companion.models.recurrent_lm import (
    CELLS,
    RecurrentLM,
    RecurrentLMConfig,
    document_stream,
)
from companion.training.optimizers import Adam

V = 7
THEIRS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def make(cell: str = "gru", **more: object) -> RecurrentLM:
    torch.manual_seed(0)
    sizes = {"embedding_size": 5, "hidden_size": 6, **more}
    return RecurrentLM(RecurrentLMConfig(V, cell, **sizes)).double()


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_equal_to_torchs_modules_forward_and_backward(cell: str, layers: int) -> None:
    model = make(cell, layers=layers)
    layer = THEIRS[cell](5, 6, num_layers=layers, batch_first=True).double()
    layer.load_state_dict(model.layer.state_dict())
    tokens = torch.randint(V, (3, 9))
    h, _ = layer(F.embedding(tokens[:, :-1], model.embedding.weight))
    logits = F.linear(h, model.output.weight, model.output.bias)
    wanted = F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
    loss = model.loss(tokens)
    torch.testing.assert_close(loss, wanted, rtol=0, atol=1e-12)
    loss.backward()
    ours = model.layer.weight_hh_l0.grad
    (theirs,) = torch.autograd.grad(wanted, layer.weight_hh_l0)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-10)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_scores_are_those_of_the_next_distribution_whatever_the_chunk(
    cell: str, chunk: int
) -> None:
    model = make(cell)
    documents = [np.array([0, 3, 6, 1]), np.array([], dtype=int), np.array([2])]
    found = model.log_prob(documents, chunk=chunk)
    for document, logs in zip(documents, found, strict=True):
        np.testing.assert_allclose(logs, score(model, document.tolist()), atol=1e-10)


def test_it_is_a_language_model_that_sums_to_one() -> None:
    model = make()
    assert isinstance(model, LanguageModel)
    for context in ([], [1], [1, 2, 3]):
        assert model.next_probs(context).sum() == pytest.approx(1)
    together = model.predict(np.array([[1, 2], [3, 4]]))
    np.testing.assert_allclose(together[1], model.next_probs([3, 4]), atol=1e-12)


def test_the_future_changes_nothing_before_it() -> None:
    model, tokens = make("lstm"), torch.randint(V, (2, 8))
    before, _ = model(tokens)
    tokens[:, 5] = (tokens[:, 5] + 1) % V
    after, _ = model(tokens)
    torch.testing.assert_close(after[:, :5], before[:, :5], rtol=0, atol=0)
    assert (after[:, 5:] != before[:, 5:]).any()


def test_the_state_can_be_carried() -> None:
    model, tokens = make("lstm"), torch.randint(V, (2, 8))
    whole, _ = model(tokens)
    first, state = model(tokens[:, :3])
    second, _ = model(tokens[:, 3:], state)
    torch.testing.assert_close(torch.cat([first, second], 1), whole, rtol=0, atol=1e-12)


def test_a_tied_table_is_read_and_scored_with() -> None:
    model = make(embedding_size=6, tied=True)
    names = [name for name, _ in model.named_parameters()]
    assert "output.weight" not in names
    h = torch.randn(2, 6, dtype=torch.float64)
    wanted = h @ model.embedding.weight[:V].T + model.output.bias
    torch.testing.assert_close(model.score(h), wanted)


def test_the_beginning_of_a_document_is_read_and_not_predicted() -> None:
    stream = document_stream([np.array([1, 2]), np.array([3])], V)
    assert stream.tolist() == [V, 1, 2, V, 3]
    model = make()
    logits, _ = model(stream[None, :-1])
    logs = logits[0].log_softmax(-1)
    wanted = -(logs[0, 1] + logs[1, 2] + logs[3, 3]) / 3
    torch.testing.assert_close(model.loss(stream[None]), wanted)


def test_samples_follow_the_distribution_and_the_seed() -> None:
    model = make()
    one, other = (model.sample(20, np.random.default_rng(3), [1]) for _ in range(2))
    assert one == other
    greedy = model.sample(5, np.random.default_rng(0), [1], temperature=0.0)
    context = [1]
    for token in greedy:
        assert token == model.next_probs(context).argmax()
        context.append(token)
    first = [model.sample(1, np.random.default_rng(k), [1])[0] for k in range(2000)]
    share = np.bincount(first, minlength=V) / 2000
    assert np.abs(share - model.next_probs([1])).max() < 0.04


def test_dropout_rests_while_scoring_and_comes_back() -> None:
    model = make(dropout=0.5)
    model.train()
    one, other = (model.log_prob([np.array([1, 2, 3])])[0] for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert model.training


@pytest.mark.parametrize("cell", CELLS)
def test_learns_ten_texts_by_heart(cell: str) -> None:
    torch.manual_seed(1)
    model = RecurrentLM(RecurrentLMConfig(V, cell, 16, 48))
    tokens = torch.randint(V, (10, 8))
    tokens[:, :3] = torch.tensor([[i % V, i // V, V - 1] for i in range(10)])
    optimizer = Adam(model.parameters(), lr=1e-2)
    for _ in range(200):
        optimizer.zero_grad()
        logits, _ = model(tokens[:, :-1])
        F.cross_entropy(logits[:, 2:].flatten(0, 1), tokens[:, 3:].flatten()).backward()
        optimizer.step()
    assert (model(tokens[:, :-1])[0][:, 2:].argmax(-1) == tokens[:, 3:]).all()


def test_bad_input_says_what_is_wrong() -> None:
    model = make()
    with pytest.raises(ValueError, match="the batch is empty"):
        model(torch.zeros(0, 3, dtype=torch.long))
    with pytest.raises(ValueError, match=r"outside 0..7: was the model made for this"):
        model(torch.tensor([[8]]))
    with pytest.raises(ValueError, match=r"outside 0..6"):
        model.log_prob([np.array([7])])
    with pytest.raises(ValueError, match="length must be at least 0"):
        model.sample(-1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="no document"):
        document_stream([], V)
    for wrong, message in (
        ({"cell": "qrnn"}, "gru, lstm, rnn"),
        ({"hidden_size": 0}, "hidden_size"),
        ({"dropout": 1.0}, "dropout"),
        ({"tied": True, "embedding_size": 4}, "must be equal"),
    ):
        with pytest.raises(ValueError, match=message):
            RecurrentLMConfig(V, **wrong)
