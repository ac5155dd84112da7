"""Small random models of every kind, and the chi-square test."""

from __future__ import annotations

import numpy as np
import torch
from scipy import stats

from companion.models.gpt import GPT, GPTConfig
from companion.models.ngram import NGramModel
from companion.models.nplm import NPLM, NPLMConfig
from companion.models.recurrent_lm import RecurrentLM, RecurrentLMConfig

VOCAB = 12
KINDS = ("n-gram", "neural n-gram", "lstm", "gru", "gpt", "llama")


def louder(model: torch.nn.Module, factor: float, seed: int = 0):
    """Draw all matrices anew, large, so that the distributions are far from even."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.copy_(
                    torch.randn(parameter.shape, generator=generator) * factor
                )
    return model.eval()


def make(kind: str, vocab: int = VOCAB, seed: int = 0, context: int = 32):
    """Return a random model of a kind."""
    if kind == "n-gram":
        text = np.random.default_rng(seed).integers(0, vocab, 300)
        return NGramModel.fit([text], order=3, vocab_size=vocab)
    if kind == "neural n-gram":
        return louder(NPLM(NPLMConfig(vocab, order=3)), 0.5, seed)
    if kind in ("lstm", "gru"):
        return louder(RecurrentLM(RecurrentLMConfig(vocab, kind, 8, 16)), 0.7, seed)
    shape = {"context": context, "layers": 2, "d_model": 16, "heads": 2}
    make_config = GPTConfig.llama if kind == "llama" else GPTConfig.gpt2
    return louder(GPT(make_config(vocab, **shape)), 0.5, seed)


def chi_square(counts: np.ndarray, probs: np.ndarray) -> float:
    """P-value of counts under probabilities; cells that expect fewer than five are joined."""
    counts, probs = np.ravel(counts).astype(float), np.ravel(probs).astype(float)
    assert not counts[probs == 0].any(), "something impossible was drawn"
    total = counts.sum()
    rare = probs * total < 5
    counts = np.append(counts[~rare], counts[rare].sum())
    probs = np.append(probs[~rare], probs[rare].sum())
    if probs[-1] == 0:
        counts, probs = counts[:-1], probs[:-1]
    return float(stats.chisquare(counts, probs / probs.sum() * total).pvalue)
