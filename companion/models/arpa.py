"""The ARPA format, in which programs exchange n-gram models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from companion.models.ngram import NGramModel

# What the format writes for the logarithm of zero.
_LOG_ZERO = -99.0


def save_arpa(model: NGramModel, path: str | Path, names: Sequence[str]) -> None:
    """Write a model in the ARPA format, which KenLM, SRILM and others read.

    Each line holds the base-10 logarithm of a probability, the n-gram, and the base-10 logarithm of the back-off
    weight of the n-gram as a context.

    Args:
        model: A model whose method climbs the ladder of orders: not MLE, add-k or stupid backoff.
        path: Where to.
        names: The name of each token, shape [V], without white space; ``<s>``, ``</s>`` and ``<unk>`` have their
            usual meaning.

    Raises:
        ValueError: If the method has no back-off weights, a name is missing, not unique, or holds white space.

    Source: book, chapter 3.
    """
    if not model.smoothing.ladder or not model.smoothing.proper:
        raise ValueError(
            f"{model.smoothing.method} has no back-off weights to write; try modified-kneser-ney"
        )
    if len(names) != model.vocab_size or len(set(names)) != len(names):
        raise ValueError(
            f"the model has {model.vocab_size} tokens and needs as many different names"
        )
    if any(not name or name.split() != [name] for name in names):
        raise ValueError("names in an ARPA file must not be empty or hold white space")
    levels = list(model.levels())
    with Path(path).open("w", encoding="utf-8") as out:
        out.write("\\data\\\n")
        for n, (keys, _, _) in enumerate(levels, start=1):
            out.write(f"ngram {n}={len(keys)}\n")
        words = list(names)  # of each n-gram of the order at hand
        for n, (keys, probs, _) in enumerate(levels, start=1):
            if n > 1:
                words = [
                    f"{words[key // model.vocab_size]} {names[key % model.vocab_size]}"
                    for key in keys.tolist()
                ]
            with np.errstate(divide="ignore"):
                logs = np.maximum(np.log10(probs.astype(np.float64)), _LOG_ZERO)
                weights = (
                    np.log10(levels[n][2].astype(np.float64))
                    if n < len(levels)
                    else None
                )
            out.write(f"\n\\{n}-grams:\n")
            for i, word in enumerate(words):
                back = (
                    f"\t{max(weights[i], _LOG_ZERO):.7f}" if weights is not None else ""
                )
                out.write(f"{logs[i]:.7f}\t{word}{back}\n")
        out.write("\n\\end\\\n")
