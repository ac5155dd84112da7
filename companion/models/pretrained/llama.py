"""Weights in the layout of Llama, read into the GPT of the course."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from companion.models.gpt import GPT, GPTConfig
from companion.models.pretrained.safetensors_file import (
    Weights,
    WeightsError,
    by_parameter,
    fill,
    read_weights,
)

# Older files also hold the frequencies of the rotations.
_BUFFERS = (".rotary_emb.inv_freq",)


def _rope_base(weights: Weights) -> float:
    """Return the base of the rotations; newer configurations keep it in a dictionary of its own."""
    rope = weights.setting("rope_parameters", {})
    scaling = weights.setting("rope_scaling", {})
    for entry in (rope, scaling):
        kind = entry.get("rope_type", entry.get("type", "default"))
        if kind != "default":
            raise WeightsError(
                f"{weights.source}: rotations of type {kind!r} are not supported, only plain ones ('default')"
            )
    return float(rope.get("rope_theta", weights.setting("rope_theta", 10000.0)))


def _config_of(weights: Weights) -> GPTConfig:
    """Translate the configuration, and refuse what the GPT of the course does not do."""
    d_model, heads = (
        weights.setting(name) for name in ("hidden_size", "num_attention_heads")
    )
    for name, needed in (
        ("hidden_act", "silu"),
        ("attention_bias", False),
        ("mlp_bias", False),
        ("head_dim", d_model // heads),
    ):
        if weights.setting(name, needed) != needed:
            raise WeightsError(
                f"{weights.source}: {name} must be {needed!r}, got {weights.setting(name)!r}"
            )
    return GPTConfig(
        vocab_size=weights.setting("vocab_size"),
        context=weights.setting("max_position_embeddings"),
        layers=weights.setting("num_hidden_layers"),
        d_model=d_model,
        heads=heads,
        kv_heads=weights.setting("num_key_value_heads", heads),
        d_ff=weights.setting("intermediate_size"),
        norm="rmsnorm",
        activation="swiglu",
        positions="rope",
        rope_base=_rope_base(weights),
        tied=weights.setting("tie_word_embeddings", False),
        bias=False,
        norm_epsilon=weights.setting("rms_norm_eps"),
        start_token=False,
    )


def _translate(weights: Weights, config: GPTConfig) -> dict[str, Tensor]:
    """Return a value for each of our parameters, in the order in which a text passes through them."""
    d, d_ff = config.d_model, config.feed_forward
    d_kv = config.attention.groups * config.attention.d_head

    def one(name: str, *shape: int) -> dict[str, Tensor]:
        return {"weight": weights.take(f"{name}.weight", shape)}

    modules = {"embedding": one("model.embed_tokens", config.vocab_size, d)}
    for i in range(config.layers):
        ours, theirs = f"blocks.{i}", f"model.layers.{i}"
        modules[f"{ours}.attention_norm"] = one(f"{theirs}.input_layernorm", d)
        for name, rows in (("q", d), ("k", d_kv), ("v", d_kv), ("o", d)):
            modules[f"{ours}.attention.{name}_proj"] = one(
                f"{theirs}.self_attn.{name}_proj", rows, d
            )
        modules[f"{ours}.feed_forward_norm"] = one(
            f"{theirs}.post_attention_layernorm", d
        )
        modules[f"{ours}.feed_forward.gate"] = one(f"{theirs}.mlp.gate_proj", d_ff, d)
        modules[f"{ours}.feed_forward.up"] = one(f"{theirs}.mlp.up_proj", d_ff, d)
        modules[f"{ours}.feed_forward.down"] = one(f"{theirs}.mlp.down_proj", d, d_ff)
    modules["final_norm"] = one("model.norm", d)
    if config.tied:
        table = (config.vocab_size, d)
        weights.take_tied("lm_head.weight", "model.embed_tokens.weight", table)
    else:
        modules["output"] = one("lm_head", config.vocab_size, d)
    return by_parameter(modules)


def load_llama(
    source: str | Path | Mapping[str, Tensor],
    config: Mapping[str, Any] | None = None,
    vocab_size: int | None = None,
) -> GPT:
    """Load weights in the layout of Llama.

    Args:
        source: A folder with ``config.json`` and ``*.safetensors``, such a file, or tensors by name, such as
            ``LlamaForCausalLM(...).state_dict()``.
        config: Entries of the configuration by Llama's names (hidden_size, rope_theta, ...); needed where there is no
            ``config.json``.
        vocab_size: Number of token types of your tokenizer, to have it checked.

    Returns:
        The model, ready to predict. It has no token for the beginning of a text (``start_token=False``).

    Raises:
        WeightsError: If the source cannot be read, is of another architecture or another size, or its configuration
            asks for what the GPT of the course does not do; the message names the first tensor that differs.

    Source: Touvron et al. (2023); the layout is that of the library `transformers`.
    """
    weights = read_weights(source, config)
    weights.expect_architecture("llama", "model.embed_tokens.weight")
    shape = _config_of(weights)
    weights.expect_vocabulary(shape.vocab_size, vocab_size)
    model = GPT(shape)
    fill(model, _translate(weights, shape))
    weights.finish(unused=_BUFFERS)
    model.eval()
    return model
