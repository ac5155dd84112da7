"""Convolutions over words: detectors of short phrases, of which each reports the best match in the text."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.sequence_classifier import SequenceClassifier, SequenceConfig


@dataclass(frozen=True)
class TextCNNConfig(SequenceConfig):
    """The shape and the training; the rest is in `SequenceConfig`.

    Attributes:
        widths: Numbers of words that the detectors look at.
        filters: Number of detectors of each width.
    """

    widths: tuple[int, ...] = (1, 2, 3)
    filters: int = 64

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.widths or min(self.widths) < 1:
            raise ValueError(
                f"widths must be numbers of words, at least 1, such as (1, 2, 3), got {self.widths}"
            )
        if self.filters < 1:
            raise ValueError(f"filters must be at least 1, got {self.filters}")


class Convolution(nn.Module):
    """One layer of detectors: each multiplies every run of ``width`` vectors by its own weights, and adds up.

    Args:
        dimension: Width of the vectors, d.
        filters: Number of detectors.
        width: Number of neighbors that a detector sees, w.

    Source: Kim (2014), equation 2; the weights have the shape of ``torch.nn.Conv1d``.

    Example:
        >>> tuple(Convolution(dimension=4, filters=8, width=3)(torch.zeros(2, 5, 4)).shape)
        (2, 3, 8)
    """

    def __init__(self, dimension: int, filters: int, width: int) -> None:
        super().__init__()
        self.width = width
        bound = 1 / math.sqrt(dimension * width)
        self.weight = nn.Parameter(
            torch.empty(filters, dimension, width).uniform_(-bound, bound)
        )
        self.bias = nn.Parameter(torch.empty(filters).uniform_(-bound, bound))

    def forward(
        self, x: Float[Tensor, "batch time d"]
    ) -> Float[Tensor, "batch places filters"]:
        """Match the detectors everywhere.

        Args:
            x: Vectors, shape [batch, time, d], with ``time`` at least ``width``.

        Returns:
            Shape [batch, time - width + 1, filters].
        """
        runs = x.unfold(1, self.width, 1)  # [batch, places, d, width]
        # One product of matrices: a run is a row, a detector is a column.
        return runs.flatten(2) @ self.weight.flatten(1).T + self.bias


class TextCNNNetwork(nn.Module):
    """Words to vectors, detectors of several widths, the best match of each, a linear layer.

    Args:
        config: The shape.
        vocab_size: Number of rows of the table of words.
        classes: Number of classes.

    Source: Kim (2014), section 2. Unlike there: vectors of words that are learned from nothing, and AdamW.

    Example:
        >>> network = TextCNNNetwork(TextCNNConfig(), vocab_size=10, classes=3)
        >>> tuple(network(torch.zeros(2, 5, dtype=torch.long), torch.tensor([5, 2])).shape)
        (2, 3)
    """

    def __init__(self, config: TextCNNConfig, vocab_size: int, classes: int) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(vocab_size, config.dimension)
        nn.init.uniform_(self.embedding.weight, -0.25, 0.25)
        self.convolutions = nn.ModuleList(
            Convolution(config.dimension, config.filters, width)
            for width in config.widths
        )
        self.output = nn.Linear(config.filters * len(config.widths), classes)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def features(
        self, tokens: Int[Tensor, "batch time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch features"]:
        """Return the best match of every detector in every text.

        Args:
            tokens: Word ids, shape [batch, time].
            lengths: Number of words of each text, shape [batch].

        Returns:
            Shape [batch, widths * filters], none below 0.
        """
        inside = torch.arange(tokens.shape[1], device=tokens.device) < lengths[:, None]
        x = self.embedding(tokens) * inside[..., None]
        found = []
        for width, convolution in zip(
            self.config.widths, self.convolutions, strict=True
        ):
            # Zeros around the text, so that there are as many places as words, even in a text of one word.
            around = (0, 0, (width - 1) // 2, width // 2)
            match = F.relu(convolution(F.pad(x, around)))
            found.append(match.masked_fill(~inside[..., None], 0.0).amax(dim=1))
        return torch.cat(found, dim=1)

    def forward(
        self, tokens: Int[Tensor, "batch time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch classes"]:
        """Score the classes of texts; the arguments are those of `features`.

        Returns:
            Logits, shape [batch, classes].
        """
        found = self.features(tokens, lengths)
        dropped = F.dropout(found, self.config.dropout, self.training)
        logits: Tensor = self.output(dropped)
        return logits


class TextCNN(SequenceClassifier):
    """The classifier around `TextCNNNetwork`: order counts within a run of words, and nowhere else.

    Source: Kim (2014).

    Example:
        >>> model = TextCNN.fit(["good fun", "so bad", "good", "bad"], ["+", "-", "+", "-"], TextCNNConfig(epochs=30))
        >>> model.predict(["good"])
        ['+']
    """

    kind = "text_cnn"
    configuration = TextCNNConfig

    @staticmethod
    def make(config: TextCNNConfig, vocab_size: int, classes: int) -> TextCNNNetwork:
        """Make the network, see `SequenceClassifier.make`."""
        return TextCNNNetwork(config, vocab_size, classes)
