"""What the classifiers that are networks share: how they are trained, how they are asked, what is saved of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.sentence_embedding import padded
from companion.models.text_classifiers.classifier import Classifier

# The first row of a table of words: whatever the training texts do not hold.
UNKNOWN = 0

# From the lengths of the texts, the size of a batch and a generator to the numbers of the texts, batch by batch.
Epoch = Callable[[Sequence[int], int, torch.Generator], list[Tensor]]


class NetworkClassifier(Classifier):
    """A classifier around a network that turns ids [batch, time] and lengths [batch] into logits [batch, classes].

    Attributes:
        network: The network.
    """

    network: nn.Module

    @abstractmethod
    def _read(self, text: str) -> Int[np.ndarray, " tokens"]:
        """Return the ids of a text, at least one, at most as many as the network reads."""

    def predict_proba(self, texts: Sequence[str]) -> Float[np.ndarray, "n classes"]:
        """Return the probability of every class for every text, shape [texts, classes]; see `Classifier`."""
        if isinstance(texts, str):
            raise TypeError("several texts are expected, got one string: use [text]")
        self.network.eval()
        return probabilities(
            self.network, [self._read(text) for text in texts], len(self.classes)
        )

    def _weights(self) -> dict[str, np.ndarray]:
        """Return the network's weights, the second part of ``state()``."""
        weights = self.network.state_dict()
        return {name: array.cpu().numpy() for name, array in weights.items()}


def train(
    network: nn.Module,
    ids: Sequence[Int[np.ndarray, " _"]],
    y: Int[np.ndarray, " n"],
    config: Any,
    generator: torch.Generator,
    hidden: float = 0.0,
    epoch: Epoch | None = None,
) -> None:
    """Train a network that classifies, in batches drawn by chance.

    The learning rate rises along a line for a tenth of the steps and falls to 0; the gradient is cut to the length 1.

    Args:
        network: Turns ids [batch, time] and lengths [batch] into logits [batch, classes]; it is left in evaluation
            mode.
        ids: Token ids, one array a text.
        y: Number of each text's class, shape [n].
        config: With ``epochs``, ``batch``, ``lr`` and ``weight_decay``.
        generator: Draws the order and the hidden tokens, on the CPU.
        hidden: Probability that a token is replaced by `UNKNOWN`.
        epoch: Makes the batches of an epoch; None for `batches_of_like_length`.
    """
    device = next(network.parameters()).device
    right = torch.from_numpy(y).to(device)
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=config.lr, weight_decay=config.weight_decay
    )
    batches = [
        rows
        for _ in range(config.epochs)
        for rows in (epoch or batches_of_like_length)(
            list(map(len, ids)), config.batch, generator
        )
    ]
    network.train()
    for step, rows in enumerate(batches):
        done = step / len(batches)
        for group in optimizer.param_groups:
            group["lr"] = config.lr * min((done + 0.01) / 0.1, (1 - done) / 0.9)
        tokens, lengths = padded([ids[i] for i in rows.tolist()])
        if hidden:
            gone = torch.rand(tokens.shape, generator=generator) < hidden
            tokens = tokens.masked_fill(gone, UNKNOWN)
        logits = network(tokens.to(device), lengths.to(device))
        loss = F.cross_entropy(logits, right[rows.to(device)])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
    network.eval()


def random_batches(
    lengths: Sequence[int], size: int, generator: torch.Generator
) -> list[Int[Tensor, " _"]]:
    """Sort texts into batches by chance alone; arguments and result as in `batches_of_like_length`."""
    return list(torch.randperm(len(lengths), generator=generator).split(size))


def batches_of_like_length(
    lengths: Sequence[int], size: int, generator: torch.Generator
) -> list[Int[Tensor, " _"]]:
    """Sort texts into batches by chance, but such that little of a batch is padding.

    Of every eight batches' worth of texts that chance has put together, those of like length become one batch.

    Args:
        lengths: Number of tokens of each text.
        size: Number of texts in a batch.
        generator: Source of randomness, on the CPU.

    Returns:
        The numbers of the texts, each once.

    Example:
        >>> batches = batches_of_like_length([1, 9, 1, 9], 2, torch.Generator().manual_seed(0))
        >>> sorted(sorted(batch.tolist()) for batch in batches)
        [[0, 2], [1, 3]]
    """
    batches: list[Tensor] = []
    for pool in torch.randperm(len(lengths), generator=generator).split(8 * size):
        in_order = sorted(pool.tolist(), key=lambda i: lengths[i])
        batches += torch.tensor(in_order).split(size)
    return [
        batches[i] for i in torch.randperm(len(batches), generator=generator).tolist()
    ]


def probabilities(
    network: nn.Module, ids: Sequence[Int[np.ndarray, " _"]], classes: int
) -> Float[np.ndarray, "n classes"]:
    """Return the probabilities of texts, those of like length read side by side.

    Args:
        network: Turns ids [batch, time] and lengths [batch] into logits [batch, classes].
        ids: Token ids, one array a text.
        classes: Number of classes.

    Returns:
        Shape [n, classes], in the order of the texts.
    """
    device = next(network.parameters()).device
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    found = np.empty((len(ids), classes))
    for at in range(0, len(order), 128):
        rows = order[at : at + 128]
        tokens, lengths = padded([ids[i] for i in rows], device=device)
        with torch.inference_mode():
            logits: Tensor = network(tokens, lengths)
        found[rows] = logits.double().softmax(dim=1).cpu().numpy()
    return found
