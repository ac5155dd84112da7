"""An LSTM that reads a text in both directions and classifies it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.lstm import LSTM
from companion.models.recurrent import RecurrentConfig
from companion.models.sequence_classifier import SequenceClassifier, SequenceConfig


@dataclass(frozen=True)
class LSTMClassifierConfig(SequenceConfig):
    """The shape and the training; the rest is in `SequenceConfig`.

    Attributes:
        hidden: Width of the state, in each direction.
        forget_bias: Where the bias of the forget gate begins.
    """

    hidden: int = 64
    forget_bias: float = 1.0


class LSTMReader(nn.Module):
    """Words to vectors, an LSTM in both directions, the greatest value of each output, a linear layer.

    Args:
        config: The shape.
        vocab_size: Number of rows of the table of words.
        classes: Number of classes.

    Source: Hochreiter & Schmidhuber (1997); the maximum over time: Conneau et al. (2017), section 3.2.

    Example:
        >>> network = LSTMReader(LSTMClassifierConfig(), vocab_size=10, classes=3)
        >>> tuple(network(torch.zeros(2, 5, dtype=torch.long), torch.tensor([5, 2])).shape)
        (2, 3)
    """

    def __init__(
        self, config: LSTMClassifierConfig, vocab_size: int, classes: int
    ) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(vocab_size, config.dimension)
        nn.init.uniform_(self.embedding.weight, -0.25, 0.25)
        shape = RecurrentConfig(config.dimension, config.hidden, bidirectional=True)
        self.lstm = LSTM(shape, config.forget_bias)
        self.output = nn.Linear(shape.output_size, classes)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(
        self, tokens: Int[Tensor, "batch time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch classes"]:
        """Score the classes of texts.

        Args:
            tokens: Word ids, shape [batch, time].
            lengths: Number of words of each text, shape [batch].

        Returns:
            Logits, shape [batch, classes].
        """
        outputs, _ = self.lstm(self.embedding(tokens), lengths=lengths)
        inside = torch.arange(tokens.shape[1], device=tokens.device) < lengths[:, None]
        best = outputs.masked_fill(~inside[..., None], -1.0).amax(dim=1)
        dropped = F.dropout(best, self.config.dropout, self.training)
        logits: Tensor = self.output(dropped)
        return logits


class LSTMClassifier(SequenceClassifier):
    """The classifier around `LSTMReader`: a word can change what every other word means.

    Example:
        >>> config = LSTMClassifierConfig(epochs=30)
        >>> model = LSTMClassifier.fit(["good fun", "so bad", "good", "bad"], ["+", "-", "+", "-"], config)
        >>> model.predict(["good"])
        ['+']
    """

    kind = "lstm"
    configuration = LSTMClassifierConfig

    @staticmethod
    def make(config: LSTMClassifierConfig, vocab_size: int, classes: int) -> LSTMReader:
        """Make the network, see `SequenceClassifier.make`."""
        return LSTMReader(config, vocab_size, classes)
