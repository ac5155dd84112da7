"""Llama's layout: the same logits as `transformers`, with and without the cache, and the same greedy text."""

from __future__ import annotations

import json

import pytest
import torch
from models.pretrained.reference import assert_same, random_model

from companion.models.pretrained.llama import load_llama
from companion.models.pretrained.safetensors_file import WeightsError

transformers = pytest.importorskip("transformers")

TINY = {
    "vocab_size": 50,
    "max_position_embeddings": 16,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 40,
}


def reference(seed: int = 0, **changes: object):
    return random_model(
        transformers.LlamaConfig, transformers.LlamaForCausalLM, TINY, seed, **changes
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("llama")
    reference().save_pretrained(path)
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"num_key_value_heads": 4},
        {"num_key_value_heads": 1},
        {"tie_word_embeddings": True},
        {"rope_parameters": {"rope_theta": 50.0, "rope_type": "default"}},
        {"rms_norm_eps": 0.1},
        {"num_hidden_layers": 3, "hidden_size": 48, "num_attention_heads": 6},
    ],
    ids=lambda changes: ",".join(changes) or "tiny",
)
def test_a_saved_model_is_the_same_function(tmp_path, changes):
    theirs = reference(**changes)
    theirs.save_pretrained(tmp_path)
    ours = load_llama(tmp_path)
    assert_same(ours, theirs, 50, 16)
    assert sum(p.numel() for p in ours.parameters()) == theirs.num_parameters()


@pytest.mark.parametrize("key", ["rms_norm_eps", "rope_parameters"])
def test_the_numbers_of_the_configuration_matter(key):
    theirs = reference()
    wrong = {"rms_norm_eps": 0.1, "rope_parameters": {"rope_theta": 50.0}}[key]
    ours = load_llama(theirs.state_dict(), theirs.config.to_dict() | {key: wrong})
    with pytest.raises(AssertionError):
        assert_same(ours, theirs, 50, 16)


def test_the_older_place_of_the_base_is_read(folder, tmp_path):
    theirs = reference(rope_parameters={"rope_theta": 123.0, "rope_type": "default"})
    theirs.save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    del config["rope_parameters"]
    config |= {"rope_theta": 123.0, "rope_scaling": None}
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert_same(load_llama(tmp_path), theirs, 50, 16)


def test_a_model_in_several_files_is_read(tmp_path):
    theirs = reference()
    theirs.save_pretrained(tmp_path, max_shard_size="4KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 1
    assert_same(load_llama(tmp_path), theirs, 50, 16)


def test_tensors_with_a_configuration():
    theirs = reference()
    tensors = theirs.state_dict() | {
        "model.layers.0.self_attn.rotary_emb.inv_freq": torch.ones(2)
    }
    assert_same(load_llama(tensors, theirs.config.to_dict()), theirs, 50, 16)


def test_weights_of_a_gpt2_are_refused_with_the_first_tensor(tmp_path):
    config = transformers.GPT2Config(vocab_size=50, n_embd=16, n_layer=1, n_head=2)
    transformers.GPT2LMHeadModel(config).save_pretrained(tmp_path)
    said = r"'model\.embed_tokens\.weight', which is missing.*GPT-2"
    with pytest.raises(WeightsError, match=said):
        load_llama(tmp_path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"vocab_size": 60}, r"'model\.embed_tokens\.weight': expected shape \[60, 16\], found \[50, 16\]"),
        ({"num_key_value_heads": 4}, r"k_proj\.weight': expected shape \[16, 16\], found \[8, 16\]"),
        ({"intermediate_size": 9}, r"gate_proj\.weight': expected shape \[9, 16\], found \[40, 16\]"),
        ({"num_hidden_layers": 3}, r"layers\.2\.input_layernorm\.weight': .*missing"),
        ({"num_hidden_layers": 1}, "9 tensors have no place"),
        ({"tie_word_embeddings": True}, "differ"),
        ({"hidden_act": "gelu"}, "hidden_act must be 'silu', got 'gelu'"),
        ({"attention_bias": True}, "attention_bias must be False"),
        ({"head_dim": 8}, "head_dim must be 4, got 8"),
        ({"rope_parameters": {"rope_type": "llama3", "rope_theta": 5e5}}, "rotations of type 'llama3'"),
        ({"rope_scaling": {"type": "linear", "factor": 2.0}}, "rotations of type 'linear'"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_configuration_that_does_not_fit_is_refused(folder, changes, said):
    with pytest.raises(WeightsError, match=said):
        load_llama(folder, changes)


def test_a_tokenizer_of_another_size_is_refused(folder):
    load_llama(folder, vocab_size=50)
    with pytest.raises(WeightsError, match="50 token types, the tokenizer has 51"):
        load_llama(folder, vocab_size=51)


def test_a_truncated_file_is_refused(folder, tmp_path):
    whole = (folder / "model.safetensors").read_bytes()
    path = tmp_path / "model.safetensors"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match="not a whole safetensors file"):
        load_llama(path)
