"""GPT-2's layout: the same logits as `transformers`, with and without the cache, and the same greedy text."""

from __future__ import annotations

import pytest
import torch
from models.pretrained.reference import assert_same, random_model
from torch.nn.functional import cross_entropy

from companion.models.gpt import ContextOverflow
from companion.models.pretrained.gpt2 import load_gpt2
from companion.models.pretrained.safetensors_file import WeightsError

transformers = pytest.importorskip("transformers")

TINY = {"vocab_size": 50, "n_positions": 16, "n_embd": 16, "n_layer": 2, "n_head": 2}


def reference(seed: int = 0, **changes: object):
    return random_model(
        transformers.GPT2Config, transformers.GPT2LMHeadModel, TINY, seed, **changes
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("gpt2")
    reference().save_pretrained(path)
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"n_layer": 3, "n_embd": 24, "n_head": 4, "n_positions": 20, "vocab_size": 99},
        {"n_inner": 20, "layer_norm_epsilon": 0.1, "n_head": 1},
        {"tie_word_embeddings": False},
        {"activation_function": "relu"},
        {"activation_function": "gelu"},
    ],
    ids=lambda changes: ",".join(changes) or "tiny",
)
def test_a_saved_model_is_the_same_function(tmp_path, changes):
    theirs = reference(**changes)
    theirs.save_pretrained(tmp_path)
    ours = load_gpt2(tmp_path)
    assert_same(ours, theirs, theirs.config.vocab_size, theirs.config.n_positions)
    assert sum(p.numel() for p in ours.parameters()) == theirs.num_parameters()
    assert not ours.training


def test_the_two_gelus_are_told_apart(tmp_path):
    theirs = reference(activation_function="gelu_new")
    ours = load_gpt2(
        theirs.state_dict(), theirs.config.to_dict() | {"activation_function": "gelu"}
    )
    tokens = torch.arange(16)[None]
    with torch.no_grad():
        apart = (ours(tokens) - theirs(tokens).logits).abs().max()
    assert apart > 1e-4


def test_tensors_with_a_configuration_and_the_names_of_the_bare_model():
    theirs = reference()
    config = theirs.config.to_dict()
    assert_same(load_gpt2(theirs.state_dict(), config), theirs, 50, 16)
    bare = {
        **theirs.transformer.state_dict(),
        "h.0.attn.bias": torch.ones(1, 1, 16, 16),
    }
    assert_same(load_gpt2(bare, config), theirs, 50, 16)


def test_weights_of_half_precision_are_read(tmp_path):
    theirs = reference().bfloat16()
    theirs.save_pretrained(tmp_path)
    ours = load_gpt2(tmp_path)
    assert ours.embedding.weight.dtype == torch.float32
    assert_same(ours, theirs.float(), 50, 16)


def test_loaded_weights_can_be_trained_and_their_source_stays():
    theirs = reference()
    before = theirs.transformer.wte.weight.clone()
    ours = load_gpt2(theirs.state_dict(), theirs.config.to_dict())
    ours.loss(torch.arange(16)[None]).backward()
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter -= parameter.grad
    assert torch.equal(theirs.transformer.wte.weight, before)


def test_past_the_last_position_it_refuses(folder):
    with pytest.raises(ContextOverflow, match="17 tokens are more than the 16"):
        load_gpt2(folder)(torch.zeros(1, 17, dtype=torch.long))


def test_a_truncated_file_is_refused(folder, tmp_path):
    whole = (folder / "model.safetensors").read_bytes()
    (tmp_path / "config.json").write_text((folder / "config.json").read_text())
    for size in (0, 100, len(whole) // 2, len(whole) - 1):
        (tmp_path / "model.safetensors").write_bytes(whole[:size])
        with pytest.raises(WeightsError, match="not a whole safetensors file"):
            load_gpt2(tmp_path)


@pytest.mark.parametrize("with_config", [True, False])
def test_weights_of_a_llama_are_refused_with_the_first_tensor(tmp_path, with_config):
    config = transformers.LlamaConfig(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=24,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(tmp_path)
    if not with_config:
        (tmp_path / "config.json").unlink()
    with pytest.raises(
        WeightsError,
        match=r"first tensor that differs is 'wte\.weight'.*missing.*Llama",
    ):
        load_gpt2(tmp_path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"vocab_size": 60}, r"'wte\.weight': expected shape \[60, 16\], found \[50, 16\]"),
        ({"n_positions": 8}, r"'wpe\.weight': expected shape \[8, 16\], found \[16, 16\]"),
        ({"n_layer": 3}, r"'h\.2\.ln_1\.weight': expected shape \[16\], it is missing"),
        ({"n_layer": 1}, r"12 tensors have no place in this model, the first is 'h\.1\."),
        ({"n_inner": 9}, r"'h\.0\.mlp\.c_fc\.weight': expected shape \[16, 9\], found \[16, 64\]"),
        ({"tie_word_embeddings": False}, r"'lm_head\.weight': .*missing"),
        ({"activation_function": "silu"}, "activation_function is 'silu'"),
        ({"scale_attn_by_inverse_layer_idx": True}, "must be False"),
        ({"scale_attn_weights": False}, "must be True"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_configuration_that_does_not_fit_is_refused(folder, changes, said):
    with pytest.raises(WeightsError, match=said):
        load_gpt2(folder, changes)


def test_a_tokenizer_of_another_size_is_refused(folder):
    load_gpt2(folder, vocab_size=50)
    with pytest.raises(WeightsError, match="50 token types, the tokenizer has 49"):
        load_gpt2(folder, vocab_size=49)


def test_an_untied_output_layer_is_not_dropped_in_silence():
    theirs = reference(tie_word_embeddings=False)
    config = theirs.config.to_dict() | {"tie_word_embeddings": True}
    with pytest.raises(
        WeightsError, match=r"'lm_head\.weight' and 'wte\.weight' differ"
    ):
        load_gpt2(theirs.state_dict(), config)


def test_without_a_configuration_it_says_what_is_missing():
    with pytest.raises(WeightsError, match="configuration has no 'n_embd'"):
        load_gpt2(reference().state_dict())


def test_loss_and_gradients_are_those_of_transformers():
    theirs = reference().double()
    config = theirs.config.to_dict()
    ours = load_gpt2(theirs.state_dict(), config).double()
    tokens = torch.randint(50, (3, 16), generator=torch.Generator().manual_seed(2))
    logits = theirs(tokens).logits[:, :-1]
    expected = cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
    found = ours.loss(tokens)
    expected.backward()
    found.backward()
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-6)
    layer, block = theirs.transformer.h[1].attn.c_attn, ours.blocks[1].attention
    fused = torch.cat([block.q_proj.weight.grad, block.k_proj.weight.grad, block.v_proj.weight.grad])  # fmt: skip
    torch.testing.assert_close(fused.T, layer.weight.grad, rtol=1e-5, atol=1e-6)
    table = theirs.transformer.wte.weight.grad
    torch.testing.assert_close(ours.embedding.weight.grad, table, rtol=1e-5, atol=1e-6)
