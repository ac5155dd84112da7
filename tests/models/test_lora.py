"""LoRA: the formula, merging, what is frozen, how much is trained, the adapter's file, learning."""

from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from companion.models.adapter_file import AdapterError, load_adapter, save_adapter
from companion.models.gpt import GPT, GPTConfig
from companion.models.lora import (
    LoRAConfig,
    LoRALinear,
    add_lora,
    lora_layers,
    lora_parameters,
    merge_lora,
    remove_lora,
)
from companion.training.optimizers import Adam, AdamW

ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def small_gpt(seed: int = 0, **changes: object) -> GPT:
    torch.manual_seed(seed)
    shape = {"vocab_size": 11, "d_model": 16, "layers": 2, "heads": 2, "context": 12}
    return GPT(GPTConfig(**(shape | changes)))  # type: ignore[arg-type]


def disturbed(model: nn.Module, seed: int = 1) -> nn.Module:
    """Give the changes a value, as training would."""
    for p in lora_parameters(model):
        p.data = torch.randn(p.shape, generator=generator(seed)).to(p) / 4
    return model


TOKENS = torch.arange(20).remainder(11).view(2, 10)


@given(
    places=st.lists(st.integers(1, 4), max_size=3),
    d_in=st.integers(1, 9),
    d_out=st.integers(1, 9),
    rank=st.integers(1, 5),
    alpha=st.floats(0.5, 64),
    bias=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(deadline=None, max_examples=40)
def test_it_is_the_sum_of_both_matrices(places, d_in, d_out, rank, alpha, bias, seed):
    """Against W + (alpha / r) B A, multiplied out in NumPy, forward and backward."""
    torch.manual_seed(seed)
    plain = nn.Linear(d_in, d_out, bias=bias).double()
    config = LoRAConfig(rank, alpha, targets=("0",))
    model = add_lora(nn.Sequential(plain), config, generator(seed))
    layer = disturbed(model, seed)[0]
    x = torch.randn(*places, d_in, dtype=torch.float64, requires_grad=True)
    out = layer(x)
    a, b = layer.lora_a.detach().numpy(), layer.lora_b.detach().numpy()
    whole = plain.weight.detach().numpy() + alpha / rank * (b @ a)
    shift = plain.bias.detach().numpy() if bias else 0.0
    want = x.detach().numpy() @ whole.T + shift
    torch.testing.assert_close(out.detach(), torch.from_numpy(want))
    upstream = torch.randn(out.shape, dtype=torch.float64)
    out.backward(upstream)
    torch.testing.assert_close(x.grad, upstream @ torch.from_numpy(whole))
    # The gradients of B and A are those of the whole matrix, multiplied by the other factor.
    rows = upstream.reshape(-1, d_out).T @ x.detach().reshape(-1, d_in)
    torch.testing.assert_close(layer.lora_b.grad, alpha / rank * rows @ layer.lora_a.T)
    torch.testing.assert_close(layer.lora_a.grad, alpha / rank * layer.lora_b.T @ rows)


def test_at_the_start_nothing_is_changed() -> None:
    model = small_gpt()
    before = model(TOKENS)
    add_lora(model, LoRAConfig(4), generator())
    assert torch.equal(model(TOKENS), before)


@pytest.mark.parametrize(
    "changes",
    [{}, {"activation": "swiglu", "norm": "rmsnorm", "positions": "rope", "kv_heads": 1, "tied": False, "bias": False}],
)  # fmt: skip
@pytest.mark.parametrize("targets", [("q_proj", "v_proj"), (*ATTENTION, "up", "down")])
def test_merged_it_computes_the_same_with_the_layers_of_before(
    changes, targets
) -> None:
    model = small_gpt(**changes).double()
    names = [name for name, _ in model.named_parameters()]
    base = model(TOKENS)
    disturbed(add_lora(model, LoRAConfig(3, 7, targets=targets), generator()))
    with_lora = model(TOKENS)
    assert (with_lora - base).abs().max() > 1e-3
    merged = merge_lora(model)
    assert merged is model
    torch.testing.assert_close(model(TOKENS), with_lora, rtol=0, atol=1e-12)
    assert not lora_layers(model)
    assert [name for name, _ in model.named_parameters()] == names
    assert all(p.requires_grad for p in model.parameters())


def test_merging_leaves_tensors_of_others_alone_and_removing_gives_back_the_base() -> (
    None
):
    model = small_gpt()
    shared = {name: p for name, p in model.named_parameters()}
    before = {name: p.detach().clone() for name, p in shared.items()}
    disturbed(add_lora(model, LoRAConfig(2), generator()))
    merge_lora(copy.deepcopy(model))
    merged_weight = merge_lora(model).blocks[0].attention.q_proj.weight
    assert merged_weight is not shared["blocks.0.attention.q_proj.weight"]
    assert all(torch.equal(p, before[name]) for name, p in shared.items())

    again = small_gpt()
    logits = again(TOKENS)
    remove_lora(disturbed(add_lora(again, LoRAConfig(2), generator())))
    assert torch.equal(again(TOKENS), logits)
    assert all(p.requires_grad for p in again.parameters())


def test_number_of_trained_parameters() -> None:
    """Rank times (inputs + outputs) for each changed matrix, and nothing else."""
    d, layers, rank = 16, 2, 3
    model = add_lora(
        small_gpt(), LoRAConfig(rank, targets=("q_proj", "up")), generator()
    )
    trained = [p.numel() for p in model.parameters() if p.requires_grad]
    assert sum(trained) == layers * (rank * (d + d) + rank * (d + 4 * d))
    assert sum(trained) == sum(p.numel() for p in lora_parameters(model))
    assert {id(p) for p in lora_parameters(model)} == {
        id(p) for p in model.parameters() if p.requires_grad
    }


def trained(model: GPT, parameters, tokens: torch.Tensor, steps: int, lr: float) -> GPT:
    # Weight decay pulls at everything that an optimizer holds, so it must be given ours alone.
    optimizer = AdamW(parameters, lr=lr, weight_decay=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        model.loss(tokens).backward()
        optimizer.step()
    return model


def test_training_learns_and_leaves_the_base_as_it_was() -> None:
    model = small_gpt()
    trained(model, model.parameters(), TOKENS.flip(1), 80, 1e-2)
    model.zero_grad(set_to_none=True)
    first = model.loss(TOKENS).item()
    add_lora(model, LoRAConfig(4, targets=(*ATTENTION, "up", "down")), generator())
    frozen = {
        name: p.detach().clone()
        for name, p in model.named_parameters()
        if not p.requires_grad
    }
    trained(model, lora_parameters(model), TOKENS, 80, 2e-2)
    assert model.loss(TOKENS).item() < 0.5 * first
    assert len(frozen) > 20
    for name, p in model.named_parameters():
        if name in frozen:
            assert p.grad is None
            assert torch.equal(p, frozen[name]), name


def test_the_first_step_moves_b_alone() -> None:
    """B is zero, so no gradient reaches A; and A is not zero, or nothing would ever move."""
    model = add_lora(small_gpt(), LoRAConfig(2), generator())
    model.loss(TOKENS).backward()
    for layer in lora_layers(model).values():
        assert (layer.lora_a.grad == 0).all()
        assert layer.lora_b.grad.abs().max() > 0
        assert layer.lora_a.abs().min() >= 0
        assert layer.lora_a.std() > 0.05


def test_the_change_has_the_rank_that_was_asked_for() -> None:
    model = disturbed(add_lora(small_gpt().double(), LoRAConfig(3), generator()))
    for layer in lora_layers(model).values():
        assert torch.linalg.matrix_rank(layer.change()) == 3


def test_it_is_drawn_from_the_generator_alone() -> None:
    a, b = (lora_parameters(add_lora(small_gpt(), LoRAConfig(2), generator(5))) for _ in range(2))  # fmt: skip
    assert all(torch.equal(p, q) for p, q in zip(a, b, strict=True))
    c = lora_parameters(add_lora(small_gpt(), LoRAConfig(2), generator(6)))
    assert not torch.equal(a[0], c[0])


def test_dropout_touches_the_change_alone_and_only_in_training() -> None:
    torch.manual_seed(0)
    plain = nn.Linear(50, 50)
    config = LoRAConfig(4, dropout=0.5, targets=("0",))
    layer = add_lora(nn.Sequential(plain), config, generator())[0]
    x = torch.randn(8, 50)
    assert torch.equal(layer(x), plain(x))  # B is still zero
    disturbed(nn.Sequential(layer))
    assert not torch.equal(layer(x), layer(x))
    layer.eval()
    assert torch.equal(layer(x), layer(x))


def test_a_layer_in_two_places_stays_one() -> None:
    shared = nn.Linear(3, 3)
    model = nn.ModuleDict({"a": shared, "b": shared})
    add_lora(model, LoRAConfig(1, targets=("a",)), generator())
    assert model["a"] is model["b"]
    assert isinstance(model["b"], LoRALinear)


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(ValueError, match="no linear layer 'query'; it has 'down'"):
        add_lora(small_gpt(), LoRAConfig(targets=("query",)), generator())
    model = add_lora(small_gpt(), LoRAConfig(), generator())
    with pytest.raises(ValueError, match="already"):
        add_lora(model, LoRAConfig(), generator())
    for call in (merge_lora, remove_lora, lora_parameters):
        with pytest.raises(ValueError, match="no LoRA layer"):
            call(small_gpt())
    with pytest.raises(ValueError, match="rank must be at least 1, got 0"):
        LoRAConfig(rank=0)
    with pytest.raises(ValueError, match="alpha"):
        LoRAConfig(alpha=0)
    with pytest.raises(ValueError, match="dropout"):
        LoRAConfig(dropout=1.0)
    with pytest.raises(ValueError, match="tuple of names"):
        LoRAConfig(targets=())


class TestAdapterFile:
    def test_round_trip(self, tmp_path) -> None:
        model = small_gpt()
        disturbed(add_lora(model, LoRAConfig(3, 5, targets=("q_proj", "up")), generator()))  # fmt: skip
        save_adapter(tmp_path / "a.pt", model)
        fresh = small_gpt()
        config = load_adapter(tmp_path / "a.pt", fresh)
        assert config == LoRAConfig(3, 5, targets=("q_proj", "up"))
        assert torch.equal(fresh(TOKENS), model(TOKENS))
        size = (tmp_path / "a.pt").stat().st_size
        base = sum(p.numel() for p in small_gpt().parameters()) * 4
        assert size < base

    def test_other_shapes(self, tmp_path) -> None:
        model = add_lora(small_gpt(), LoRAConfig(2), generator())
        save_adapter(tmp_path / "a.pt", model)
        other = small_gpt(d_model=18)
        before = [name for name, _ in other.named_parameters()]
        with pytest.raises(AdapterError, match=r"'embedding.weight'.*expects \[12, 16\].* has \[12, 18\]"):  # fmt: skip
            load_adapter(tmp_path / "a.pt", other)
        assert [name for name, _ in other.named_parameters()] == before

    def test_other_numbers(self, tmp_path) -> None:
        model = add_lora(small_gpt(), LoRAConfig(2), generator())
        save_adapter(tmp_path / "a.pt", model)
        other = small_gpt()
        other.blocks[1].feed_forward.up.bias.data[3] += 1e-3
        with pytest.raises(AdapterError, match=r"'blocks.1.feed_forward.up.bias'.*Same shape, other"):  # fmt: skip
            load_adapter(tmp_path / "a.pt", other)

    def test_a_layer_more_or_less(self, tmp_path) -> None:
        model = add_lora(small_gpt(), LoRAConfig(2), generator())
        save_adapter(tmp_path / "a.pt", model)
        less, more = small_gpt(), small_gpt()
        less.blocks = less.blocks[:1]
        more.blocks.append(copy.deepcopy(more.blocks[0]))
        with pytest.raises(AdapterError, match=r"'blocks.1.attention_norm.weight'.*has absent"):  # fmt: skip
            load_adapter(tmp_path / "a.pt", less)
        with pytest.raises(AdapterError, match=r"'blocks.2.*expects absent"):
            load_adapter(tmp_path / "a.pt", more)

    def test_not_an_adapter(self, tmp_path) -> None:
        (tmp_path / "text.pt").write_text("hello")
        with pytest.raises(AdapterError, match="is no adapter"):
            load_adapter(tmp_path / "text.pt", small_gpt())
        torch.save({"format": "something else"}, tmp_path / "other.pt")
        with pytest.raises(AdapterError, match="another version"):
            load_adapter(tmp_path / "other.pt", small_gpt())
        with pytest.raises(FileNotFoundError):
            load_adapter(tmp_path / "none.pt", small_gpt())
        model = add_lora(small_gpt(), LoRAConfig(2), generator())
        save_adapter(tmp_path / "a.pt", model)
        (tmp_path / "cut.pt").write_bytes((tmp_path / "a.pt").read_bytes()[:-200])
        with pytest.raises(AdapterError, match="cut off"):
            load_adapter(tmp_path / "cut.pt", small_gpt())
        with pytest.raises(ValueError, match="already"):
            load_adapter(tmp_path / "a.pt", model)


def test_low_rank_is_enough_for_a_change_of_low_rank() -> None:
    """A change of rank 2 is learned by rank 2, and not by rank 1."""
    torch.manual_seed(0)
    base = nn.Linear(8, 8, bias=False)
    wanted = base.weight.detach() + torch.randn(8, 2) @ torch.randn(2, 8) / 2
    x = torch.randn(64, 8)
    left = {}
    for rank in (1, 2):
        model = nn.Sequential(nn.Linear(8, 8, bias=False))
        model[0].weight.data = base.weight.detach().clone()
        add_lora(model, LoRAConfig(rank, rank, targets=("0",)), generator())
        optimizer = Adam(lora_parameters(model), lr=2e-2)
        for _ in range(600):
            optimizer.zero_grad()
            loss = (model(x) - x @ wanted.T).square().mean()
            loss.backward()
            optimizer.step()
        left[rank] = loss.item()
    assert left[2] < 1e-3
    assert left[1] > 0.1
