"""Skip-gram with negative sampling: vectors of words from the company that they keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class SkipGramConfig:
    """Shape of the model.

    Attributes:
        vocab_size: Number of words.
        embedding_size: Width of a vector.
    """

    vocab_size: int
    embedding_size: int = 100

    def __post_init__(self) -> None:
        for name in ("vocab_size", "embedding_size"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )


class SkipGram(nn.Module):
    """Two vectors a word: one as the center, one as context; their product says how well two words go together.

    Args:
        config: The shape.

    Source: Mikolov, Sutskever, Chen, Corrado & Dean (2013), equation 4.

    Example:
        >>> model = SkipGram(SkipGramConfig(vocab_size=5, embedding_size=3))
        >>> pairs = torch.tensor([[0, 1], [2, 3]]), torch.tensor([[4, 4], [0, 1]])
        >>> round(model.loss(*pairs).item(), 4)  # the context vectors begin at zero
        2.0794
    """

    def __init__(self, config: SkipGramConfig) -> None:
        super().__init__()
        self.config = config
        self.center = nn.Embedding(config.vocab_size, config.embedding_size)
        self.context = nn.Embedding(config.vocab_size, config.embedding_size)
        bound = 0.5 / config.embedding_size
        nn.init.uniform_(self.center.weight, -bound, bound)
        nn.init.zeros_(self.context.weight)

    def loss(
        self, pairs: Int[Tensor, "batch 2"], negatives: Int[Tensor, "batch drawn"]
    ) -> Float[Tensor, ""]:
        """Return the mean loss: true pairs are to score high, drawn ones low.

        Args:
            pairs: Center and context word, shape [batch, 2].
            negatives: Words drawn by chance for each pair, shape [batch, drawn].

        Returns:
            The mean over the batch of -ln sigmoid(v . u) - sum of ln sigmoid(-v . u'), in nats.

        Raises:
            ValueError: If the batch is empty.
        """
        if pairs.shape[0] == 0:
            raise ValueError("the batch holds no pair of words")
        v = self.center(pairs[:, 0])
        true = (v * self.context(pairs[:, 1])).sum(-1)
        drawn = torch.einsum("bd,bkd->bk", v, self.context(negatives))
        return -(F.logsigmoid(true) + F.logsigmoid(-drawn).sum(-1)).mean()

    def vectors(self) -> Float[np.ndarray, "vocab embedding"]:
        """Return the center vectors, which are used as the words' embeddings, shape [vocab, embedding]."""
        found: np.ndarray = self.center.weight.detach().cpu().numpy()
        return found


def skip_gram_pairs(
    sequences: Sequence[Int[np.ndarray, " _"]],
    window: int,
    generator: np.random.Generator,
) -> Int[np.ndarray, "pairs 2"]:
    """Return all pairs of a word and one near it.

    Args:
        sequences: Word ids, one array a text; no pair crosses from one to the next.
        window: Greatest distance. For each center the distance used is drawn between 1 and this, so that near words
            count more.
        generator: Source of randomness.

    Returns:
        Center and context, shape [pairs, 2].

    Raises:
        ValueError: If the window is below 1.

    Source: Mikolov, Chen, Corrado & Dean (2013), section 3.2.

    Example:
        >>> skip_gram_pairs([np.array([5, 6, 7])], 1, np.random.default_rng(0)).tolist()
        [[6, 5], [7, 6], [5, 6], [6, 7]]
    """
    if window < 1:
        raise ValueError(f"window must be at least 1, got {window}")
    found = [np.empty((0, 2), dtype=np.int64)]
    for sequence in sequences:
        reach = generator.integers(1, window + 1, size=len(sequence))
        for distance in range(1, min(window, len(sequence) - 1) + 1):
            left, right = sequence[:-distance], sequence[distance:]
            for center, other, near in (
                (right, left, reach[distance:] >= distance),
                (left, right, reach[:-distance] >= distance),
            ):
                found.append(np.stack([center[near], other[near]], axis=1))
    return np.concatenate(found).astype(np.int64)


def keep_probability(
    counts: Int[np.ndarray, " vocab"], threshold: float = 1e-3
) -> Float[np.ndarray, " vocab"]:
    """Return how often an occurrence of each word is kept when frequent words are thinned out.

    Args:
        counts: How often each word occurs, shape [vocab].
        threshold: Words rarer than this share of the text are always kept.

    Returns:
        Probabilities, shape [vocab]: min(1, sqrt(threshold / share)).

    Source: Mikolov, Sutskever, Chen, Corrado & Dean (2013), section 2.3.

    Example:
        >>> keep_probability(np.array([900, 99, 1]), threshold=0.009).round(2).tolist()
        [0.1, 0.3, 1.0]
    """
    share = counts / counts.sum()
    kept: np.ndarray = np.ones(len(counts))
    seen = share > 0
    kept[seen] = np.minimum(1.0, np.sqrt(threshold / share[seen]))
    return kept


def noise_distribution(
    counts: Int[np.ndarray, " vocab"], power: float = 0.75
) -> Float[np.ndarray, " vocab"]:
    """Return the distribution that negatives are drawn from: counts to a power, so that rare words have a chance.

    Args:
        counts: How often each word occurs, shape [vocab].
        power: 1 draws words as often as they occur, 0 all alike.

    Returns:
        Probabilities, shape [vocab].

    Source: Mikolov, Sutskever, Chen, Corrado & Dean (2013), section 2.2.

    Example:
        >>> noise_distribution(np.array([16, 1, 0])).round(3).tolist()
        [0.889, 0.111, 0.0]
    """
    weights = np.where(counts > 0, counts.astype(np.float64) ** power, 0.0)
    noise: np.ndarray = weights / weights.sum()
    return noise


def nearest(
    vectors: Float[np.ndarray, "vocab embedding"],
    query: Float[np.ndarray, " embedding"],
    number: int = 5,
    exclude: Sequence[int] = (),
) -> list[tuple[int, float]]:
    """Return the words whose vectors point most nearly where a vector points.

    Args:
        vectors: One vector a word, shape [vocab, embedding].
        query: A vector, shape [embedding].
        number: How many words to return.
        exclude: Words not to return; for an analogy, those of the question.

    Returns:
        Word ids and cosines, best first.

    Raises:
        ValueError: If the query is a vector of zeros, which points nowhere.

    Example:
        >>> nearest(np.array([[1.0, 0.0], [1.0, 1.0], [-1.0, 0.0]]), np.array([2.0, 0.1]), 2)[0][0]
        0
    """
    length = np.linalg.norm(query)
    if length == 0:
        raise ValueError("the query is a vector of zeros: it points nowhere")
    norms = np.linalg.norm(vectors, axis=1)
    cosines = vectors @ query / (np.where(norms > 0, norms, 1.0) * length)
    cosines[list(exclude)] = -np.inf
    best = np.argsort(-cosines, kind="stable")[:number]
    return [(int(i), float(cosines[i])) for i in best if np.isfinite(cosines[i])]


def analogy(
    vectors: Float[np.ndarray, "vocab embedding"],
    a: int,
    b: int,
    c: int,
    number: int = 5,
) -> list[tuple[int, float]]:
    """Answer *a is to b as c is to what?* by the vector b - a + c.

    Args:
        vectors: One vector a word, shape [vocab, embedding].
        a: First word of the example.
        b: Second word of the example.
        c: The word that the question is about.
        number: How many answers to return.

    Returns:
        Word ids and cosines, best first. The three words of the question are left out; without that the answer is
        mostly one of them.

    Source: Mikolov, Yih & Zweig (2013), section 4.
    """
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return nearest(unit, unit[b] - unit[a] + unit[c], number, exclude=(a, b, c))
