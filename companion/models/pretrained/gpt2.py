"""Weights in the layout of GPT-2, read into the GPT of the course."""

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

_ACTIVATIONS = {
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "gelu": "gelu",
    "relu": "relu",
}
# Older files also hold the causal mask of every layer.
_BUFFERS = (".attn.bias", ".attn.masked_bias")


def _config_of(weights: Weights) -> GPTConfig:
    """Translate the configuration, and refuse what the GPT of the course does not do."""
    d_model = weights.setting("n_embd")
    activation = weights.setting("activation_function", "gelu_new")
    if activation not in _ACTIVATIONS:
        raise WeightsError(
            f"{weights.source}: activation_function is {activation!r}, known are "
            f"{', '.join(map(repr, _ACTIVATIONS))}"
        )
    for name, usual in (
        ("scale_attn_weights", True),
        ("scale_attn_by_inverse_layer_idx", False),
    ):
        if weights.setting(name, usual) != usual:
            raise WeightsError(f"{weights.source}: {name} must be {usual}")
    return GPTConfig(
        vocab_size=weights.setting("vocab_size"),
        context=weights.setting("n_positions"),
        layers=weights.setting("n_layer"),
        d_model=d_model,
        heads=weights.setting("n_head"),
        d_ff=weights.setting("n_inner", 4 * d_model),
        norm="layernorm",
        activation=_ACTIVATIONS[activation],
        positions="learned",
        tied=weights.setting("tie_word_embeddings", True),
        bias=True,
        norm_epsilon=weights.setting("layer_norm_epsilon", 1e-5),
        start_token=False,
    )


def _translate(weights: Weights, config: GPTConfig) -> dict[str, Tensor]:
    """Return a value for each of our parameters, in the order in which a text passes through them."""
    d, d_ff = config.d_model, config.feed_forward
    take = weights.take

    def norm(name: str) -> dict[str, Tensor]:
        return {kind: take(f"{name}.{kind}", (d,)) for kind in ("weight", "bias")}

    def linear(name: str, d_in: int, d_out: int) -> dict[str, Tensor]:
        # GPT-2 stores W for x @ W, with the inputs as rows; a linear layer of torch stores the transpose.
        weight = take(f"{name}.weight", (d_in, d_out)).T
        return {"weight": weight, "bias": take(f"{name}.bias", (d_out,))}

    modules = {
        "embedding": {"weight": take("wte.weight", (config.vocab_size, d))},
        "position_embedding": {"weight": take("wpe.weight", (config.context, d))},
    }
    for i in range(config.layers):
        ours, theirs = f"blocks.{i}", f"h.{i}"
        modules[f"{ours}.attention_norm"] = norm(f"{theirs}.ln_1")
        fused = linear(f"{theirs}.attn.c_attn", d, 3 * d)
        for j, name in enumerate("qkv"):
            # Queries, keys and values stand in one matrix, one block below the other.
            part = {kind: x.split(d)[j] for kind, x in fused.items()}
            modules[f"{ours}.attention.{name}_proj"] = part
        modules[f"{ours}.attention.o_proj"] = linear(f"{theirs}.attn.c_proj", d, d)
        modules[f"{ours}.feed_forward_norm"] = norm(f"{theirs}.ln_2")
        modules[f"{ours}.feed_forward.up"] = linear(f"{theirs}.mlp.c_fc", d, d_ff)
        modules[f"{ours}.feed_forward.down"] = linear(f"{theirs}.mlp.c_proj", d_ff, d)
    modules["final_norm"] = norm("ln_f")
    table = (config.vocab_size, d)
    if config.tied:
        weights.take_tied("lm_head.weight", "wte.weight", table)
    else:
        modules["output"] = {"weight": take("lm_head.weight", table)}
    return by_parameter(modules)


def load_gpt2(
    source: str | Path | Mapping[str, Tensor],
    config: Mapping[str, Any] | None = None,
    vocab_size: int | None = None,
) -> GPT:
    """Load weights in the layout of GPT-2.

    Args:
        source: A folder with ``config.json`` and ``model.safetensors``, such a file, or tensors by name, such as
            ``GPT2LMHeadModel(...).state_dict()``.
        config: Entries of the configuration by GPT-2's names (n_embd, n_head, ...); needed where there is no
            ``config.json``.
        vocab_size: Number of token types of your tokenizer, to have it checked.

    Returns:
        The model, ready to predict. It has no token for the beginning of a text (``start_token=False``).

    Raises:
        WeightsError: If the source cannot be read, is of another architecture or another size; the message names the
            first tensor that differs, with both shapes.

    Source: Radford et al. (2019); the layout is that of the library `transformers`.
    """
    weights = read_weights(source, config).without_prefix("transformer.")
    weights.expect_architecture("gpt2", "wte.weight")
    shape = _config_of(weights)
    weights.expect_vocabulary(shape.vocab_size, vocab_size)
    model = GPT(shape)
    fill(model, _translate(weights, shape))
    weights.finish(unused=_BUFFERS)
    model.eval()
    return model
