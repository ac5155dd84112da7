"""A trained GPT that classifies: the vector of the last token, and a linear layer on it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.gpt import GPT, GPTConfig
from companion.models.text_classifiers.classifier import checked_examples
from companion.models.text_classifiers.network import NetworkClassifier, train
from companion.text import BPETokenizer


@dataclass(frozen=True)
class GPTClassifierConfig:
    """The training.

    Attributes:
        epochs: Number of times that every text is read.
        batch: Number of texts a step.
        lr: Greatest learning rate of AdamW: it rises along a line for a tenth of the steps, then falls to 0.
        weight_decay: Of AdamW.
        dropout: Probability of dropping a number before the last layer, while training.
        frozen: Whether the GPT stays as it is, and only the linear layer learns.
    """

    epochs: int = 4
    batch: int = 32
    lr: float = 1e-3
    weight_decay: float = 0.01
    dropout: float = 0.1
    frozen: bool = False


class GPTWithHead(nn.Module):
    """A GPT, the vector of the last token, a linear layer.

    Args:
        gpt: The model. A token sees those before it alone: only the last one has read the whole text.
        classes: Number of classes; their layer begins at 0.
        dropout: See `GPTClassifierConfig`.

    Source: Radford et al. (2018), section 3.2.

    Example:
        >>> network = GPTWithHead(GPT(GPTConfig(10, d_model=16, layers=1)), classes=3)
        >>> tuple(network(torch.zeros(2, 5, dtype=torch.long), torch.tensor([5, 2])).shape)
        (2, 3)
    """

    def __init__(self, gpt: GPT, classes: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.gpt, self.dropout = gpt, dropout
        self.output = nn.Linear(gpt.config.d_model, classes)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(
        self, tokens: Int[Tensor, "batch time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch classes"]:
        """Score the classes of texts.

        Args:
            tokens: Token ids, shape [batch, time].
            lengths: Number of tokens of each text, shape [batch].

        Returns:
            Logits, shape [batch, classes].
        """
        h = self.gpt.transform(self.gpt.embed(tokens))
        last = h[torch.arange(len(h), device=h.device), lengths - 1]
        logits: Tensor = self.output(F.dropout(last, self.dropout, self.training))
        return logits


class GPTClassifier(NetworkClassifier):
    """The classifier around `GPTWithHead`.

    Args:
        config: The training.
        classes: The labels.
        tokenizer: That of the GPT.
        network: The network.

    Source: Radford et al. (2018).
    """

    kind = "gpt"
    network: GPTWithHead

    def __init__(
        self,
        config: GPTClassifierConfig,
        classes: Sequence[str],
        tokenizer: BPETokenizer,
        network: GPTWithHead,
    ) -> None:
        self.config, self.classes = config, tuple(classes)
        self.tokenizer, self.network = tokenizer, network

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        config: GPTClassifierConfig | None = None,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
        *,
        gpt: GPT,
        tokenizer: BPETokenizer,
    ) -> GPTClassifier:
        """Go on training a GPT, now on labels.

        Args:
            texts: The texts.
            labels: The class of each.
            config: The training; None for the default.
            generator: Source of the order of the texts and of dropout, on the CPU; None is a new one with the seed 0.
            device: Where to compute.
            gpt: The trained model; it is copied.
            tokenizer: The tokenizer that it was trained with.

        Returns:
            The classifier.

        Raises:
            TypeError, ValueError: See `checked_examples`; or if the tokenizer is not that of the model.
        """
        config = config or GPTClassifierConfig()
        classes, y = checked_examples(texts, labels)
        if tokenizer.vocab_size > gpt.vocab_size:
            raise ValueError(
                f"the tokenizer has {tokenizer.vocab_size} tokens, the model {gpt.vocab_size}: take the tokenizer that "
                "the model was trained with"
            )
        generator = generator or torch.Generator().manual_seed(0)
        seed = int(torch.randint(2**31, (), generator=generator))
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            network = GPTWithHead(copy.deepcopy(gpt), len(classes), config.dropout)
            network.gpt.requires_grad_(not config.frozen)
            model = cls(config, classes, tokenizer, network.to(device))
            train(network, [model._read(text) for text in texts], y, config, generator)
        return model

    def _read(self, text: str) -> Int[np.ndarray, " tokens"]:
        shape = self.network.gpt.config
        # Halves of surrogate pairs have no bytes. A token has at most 64 characters, or it is not met in life.
        clean = text[: 64 * shape.context].encode("utf-8", "replace").decode("utf-8")
        start = [shape.vocab_size] if shape.start_token else []
        ids = [*start, *self.tokenizer.encode(clean).tolist()]
        return np.array(ids[: shape.context] or [0], dtype=np.int64)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return what has to be saved, see `Classifier.state`."""
        config = {
            "kind": self.kind,
            "classes": list(self.classes),
            "merges": [list(map(int, pair)) for pair in self.tokenizer.merges],
            "special_tokens": list(self.tokenizer.special_tokens),
            "gpt": asdict(self.network.gpt.config),
            **asdict(self.config),
        }
        return config, self._weights()

    @classmethod
    def from_state(
        cls, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> GPTClassifier:
        """Make the classifier that `state` described."""
        others = ("kind", "classes", "merges", "special_tokens", "gpt")
        training = GPTClassifierConfig(
            **{name: value for name, value in config.items() if name not in others}
        )
        with torch.random.fork_rng():
            network = GPTWithHead(
                GPT(GPTConfig(**config["gpt"])),
                len(config["classes"]),
                training.dropout,
            )
        network.load_state_dict(
            {name: torch.from_numpy(array) for name, array in arrays.items()}
        )
        network.eval()
        tokenizer = BPETokenizer(config["merges"], config["special_tokens"])
        return cls(training, config["classes"], tokenizer, network)
