"""BERT: every token sees both sides, padding is not seen, masking does what it says, gaps are learned."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.models.bert import Bert, BertConfig
from companion.models.masked_lm import NOT_ASKED, MaskedLM, mask_tokens
from companion.training.optimizers import Adam

VOCAB, MASK, SPECIAL = 50, 3, (0, 1, 2)


def make(seed: int = 0, **more: object) -> Bert:
    torch.manual_seed(seed)
    options = {"context": 12, "layers": 2, "d_model": 16, "heads": 4, **more}
    return Bert(BertConfig(VOCAB, **options)).double().eval()


def texts(rows: int = 3, time: int = 7, seed: int = 0) -> torch.Tensor:
    g = torch.Generator().manual_seed(seed)
    return torch.randint(4, VOCAB, (rows, time), generator=g)


@given(place=st.integers(0, 6), seed=st.integers(0, 50))
@settings(deadline=None, max_examples=20)
def test_every_token_sees_both_sides(place: int, seed: int) -> None:
    model, tokens = make(seed, layers=1), texts(1, seed=seed)
    before = model(tokens)
    tokens[0, place] = 4 + (tokens[0, place] - 3) % (VOCAB - 4)
    moved = (model(tokens) - before).abs().amax(-1)[0]
    assert (moved > 1e-9).all()


@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=5), fill=st.integers(0, 49)
)
@settings(deadline=None, max_examples=25)
def test_padding_changes_nothing(lengths: list[int], fill: int) -> None:
    model = make()
    tokens, given_ = texts(len(lengths), 9), torch.tensor(lengths)
    for row, length in enumerate(lengths):
        tokens[row, length:] = fill
    h = model(tokens, given_)
    for row, length in enumerate(lengths):
        alone = model(tokens[row : row + 1, :length])
        torch.testing.assert_close(h[row, :length], alone[0], rtol=0, atol=1e-12)
    torch.testing.assert_close(model.pool(h), torch.tanh(model.pooler(h[:, 0])))


def test_without_lengths_padding_is_read() -> None:
    model, tokens = make(), texts(1, 9)
    alone = model(tokens[:, :5])
    assert (model(tokens)[:, :5] - alone).abs().max() > 1e-6


def test_positions_and_segments_count() -> None:
    model, tokens = make(), texts(1)
    turned = model(tokens.flip(1)).flip(1)
    assert (turned - model(tokens)).abs().max() > 1e-6
    other = model(tokens, segments=torch.ones_like(tokens))
    assert (other - model(tokens)).abs().max() > 1e-6
    zeros = model(tokens, segments=torch.zeros_like(tokens))
    torch.testing.assert_close(zeros, model(tokens))


@pytest.mark.parametrize("pooler", [True, False])
def test_the_formula_counts_the_parameters(pooler: bool) -> None:
    config = BertConfig(31, 9, 3, 12, 2, d_ff=20, segments=3, pooler=pooler)
    count = sum(p.numel() for p in Bert(config).parameters())
    assert config.parameters == count


@pytest.mark.parametrize(
    ("config", "millions"), [(BertConfig.base(), 110), (BertConfig.large(), 340)]
)
def test_the_models_of_the_paper_have_the_size_of_the_paper(config, millions) -> None:
    with torch.device("meta"):
        model = Bert(config)
    count = sum(p.numel() for p in model.parameters())
    assert config.parameters == count
    assert count / 1e6 == pytest.approx(millions, rel=0.02)


@pytest.mark.parametrize(
    ("tokens", "lengths", "message"),
    [
        (torch.zeros(1, 0, dtype=torch.long), None, "no token"),
        (torch.zeros(1, 13, dtype=torch.long), None, "longer than the 12"),
        (torch.full((1, 3), VOCAB), None, "outside 0..49"),
        (torch.full((1, 3), -1), None, "outside 0..49"),
        (torch.ones(1, 3, dtype=torch.long), torch.tensor([0]), "without a token"),
        (torch.ones(1, 3, dtype=torch.long), torch.tensor([4]), "does not fit"),
    ],
)
def test_wrong_input_is_named(tokens, lengths, message) -> None:
    with pytest.raises(ValueError, match=message):
        make()(tokens, lengths)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"heads": 3}, "multiple"),
        ({"layers": 0}, "layers must be at least 1"),
        ({"activation": "swiglu"}, "activation"),
        ({"dropout": 1.0}, "dropout"),
    ],
)
def test_wrong_shapes_are_named(change, message) -> None:
    with pytest.raises(ValueError, match=message):
        make(**change)


def test_no_pooler_no_pooled_vector() -> None:
    with pytest.raises(ValueError, match="no pooler"):
        make(pooler=False).pool(torch.zeros(1, 2, 16, dtype=torch.double))


# ------------------------------------------------------------------ masking


def masked(tokens: torch.Tensor, seed: int = 0, **more: object):
    g = torch.Generator().manual_seed(seed)
    return mask_tokens(tokens, MASK, VOCAB, g, SPECIAL, **more)


def test_the_shares_are_those_of_the_paper() -> None:
    tokens = texts(400, 250)
    tokens[:, 0], tokens[:, -1] = 1, 2
    gaps = masked(tokens)
    chosen = gaps.targets != NOT_ASKED
    words = 400 * 248
    assert chosen.sum() / words == pytest.approx(0.15, abs=0.005)
    assert not chosen[:, [0, -1]].any()
    assert (gaps.targets[chosen] == tokens[chosen]).all()
    assert (gaps.tokens[~chosen] == tokens[~chosen]).all()
    shown, true = gaps.tokens[chosen], tokens[chosen]
    assert (shown == MASK).float().mean() == pytest.approx(0.8, abs=0.015)
    # A token drawn by chance is the true one in one of 46 cases.
    assert (shown == true).float().mean() == pytest.approx(0.1 + 0.1 / 46, abs=0.01)
    drawn = shown[(shown != MASK) & (shown != true)]
    assert set(drawn.tolist()) == set(range(4, VOCAB))


@pytest.mark.parametrize("shares", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)])
def test_one_kind_alone(shares) -> None:
    tokens = texts(50, 40)
    gaps = masked(tokens, rate=0.4, shares=shares)
    chosen = gaps.targets != NOT_ASKED
    hidden = (gaps.tokens == MASK)[chosen].float().mean()
    same = (gaps.tokens == tokens)[chosen].float().mean()
    assert hidden == shares[0]
    assert same == pytest.approx(shares[2], abs=0.06)


def test_the_generator_decides() -> None:
    tokens = texts(5, 40)
    one, same, other = masked(tokens, 1), masked(tokens, 1), masked(tokens, 2)
    assert torch.equal(one.tokens, same.tokens)
    assert not torch.equal(one.targets, other.targets)
    assert torch.equal(tokens, texts(5, 40))  # the original stays


@given(seed=st.integers(0, 200))
def test_one_place_at_least(seed: int) -> None:
    tokens = torch.tensor([[1, 20, 21, 2, 0]])
    chosen = masked(tokens, seed, rate=1e-9).targets[0] != NOT_ASKED
    assert chosen.sum() == 1
    assert not chosen[[0, 3, 4]].any()


@pytest.mark.parametrize(
    ("tokens", "more", "message"),
    [
        (texts(), {"rate": 0.0}, "rate must lie above 0"),
        (texts(), {"shares": (0.8, 0.1, 0.2)}, "sum to 1"),
        (torch.zeros(1, 3, dtype=torch.long), {}, "no place to choose"),
    ],
)
def test_wrong_masking_is_named(tokens, more, message) -> None:
    with pytest.raises(ValueError, match=message):
        masked(tokens, **more)


# ------------------------------------------------------------------ learning


def test_the_loss_is_that_of_the_asked_places_alone() -> None:
    model = MaskedLM(make()).double()
    tokens = texts()
    gaps = masked(tokens, rate=0.4)
    logs = model(gaps.tokens).log_softmax(-1)
    asked = (gaps.targets != NOT_ASKED).nonzero().tolist()
    wanted = -sum(logs[i, j, tokens[i, j]] for i, j in asked) / len(asked)
    torch.testing.assert_close(model.loss(*gaps), wanted)
    with pytest.raises(ValueError, match="no place is asked"):
        model.loss(tokens, torch.full_like(tokens, NOT_ASKED))


def test_the_decoder_is_the_embedding() -> None:
    model = MaskedLM(make()).double()
    model.loss(*masked(texts())).backward()
    names = [name for name, _ in model.named_parameters()]
    assert not any("decoder" in name for name in names)
    # A token that was never read gets its gradient from the output layer.
    unread = next(i for i in range(4, VOCAB) if i not in texts())
    assert model.bert.embedding.weight.grad[unread].abs().sum() > 0


def test_it_overfits_ten_sentences() -> None:
    torch.manual_seed(0)
    bert = Bert(BertConfig(VOCAB, context=8, layers=2, d_model=32, heads=4))
    model, tokens = MaskedLM(bert), texts(10, 8)
    optimizer = Adam(model.parameters(), lr=3e-3)
    for step in range(250):
        optimizer.zero_grad()
        model.loss(*masked(tokens, step)).backward()
        optimizer.step()
    gaps = masked(tokens, 999, shares=(1.0, 0.0, 0.0))
    with torch.no_grad():
        found = model.eval()(gaps.tokens).argmax(-1)
    asked = gaps.targets != NOT_ASKED
    assert (found == tokens)[asked].float().mean() > 0.9
