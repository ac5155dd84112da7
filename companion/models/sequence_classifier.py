"""Classifiers that read a text in its order: what the convolutional and the recurrent one share."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Int
from torch import nn

from companion.models.text_classifiers.bag_features import bag_words
from companion.models.text_classifiers.classifier import checked_examples
from companion.models.text_classifiers.network import UNKNOWN, NetworkClassifier, train


@dataclass(frozen=True)
class SequenceConfig:
    """What all of them need.

    Attributes:
        dimension: Width of the vector of a word.
        context: Greatest number of words that are read; the rest of a text is cut off.
        dropout: Probability of dropping a number before the last layer, while training.
        word_dropout: Probability of reading a word as an unknown one, while training: so its vector is learned.
        epochs: Number of times that every text is read.
        batch: Number of texts a step.
        lr: Greatest learning rate of AdamW: it rises along a line for a tenth of the steps, then falls to 0.
        weight_decay: Of AdamW.
    """

    dimension: int = 64
    context: int = 64
    dropout: float = 0.5
    word_dropout: float = 0.1
    epochs: int = 10
    batch: int = 32
    lr: float = 4e-3
    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        for name in ("dimension", "context", "epochs", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )
        for name in ("dropout", "word_dropout"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 0 and below 1, got {getattr(self, name)}"
                )
        if not self.lr > 0:
            raise ValueError(f"lr must be above 0, got {self.lr}")


class SequenceClassifier(NetworkClassifier):
    """A table of words and a network that reads their numbers; a Chinese character counts as a word.

    A subclass names its configuration and makes its network, which turns ids [batch, time] and lengths [batch] into
    logits [batch, classes].

    Args:
        config: The shape and the training.
        classes: The labels.
        words: The words that have a vector of their own; they have the ids from 1 on.
        network: The network.
    """

    configuration: type[SequenceConfig]

    def __init__(
        self,
        config: SequenceConfig,
        classes: Sequence[str],
        words: Sequence[str],
        network: nn.Module,
    ) -> None:
        self.config, self.classes, self.words = config, tuple(classes), tuple(words)
        self.network = network
        self._ids = {word: i for i, word in enumerate(self.words, UNKNOWN + 1)}

    @staticmethod
    @abstractmethod
    def make(config: Any, vocab_size: int, classes: int) -> nn.Module:
        """Make the network, with new weights from torch's own random numbers.

        Args:
            config: An instance of the subclass's configuration.
            vocab_size: Number of rows of the table of words.
            classes: Number of classes.
        """

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        config: SequenceConfig | None = None,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
    ) -> SequenceClassifier:
        """Train.

        Args:
            texts: The texts.
            labels: The class of each.
            config: The shape and the training; None for the default.
            generator: Source of the first weights, of the order of the texts and of dropout, on the CPU; None is a new
                one with the seed 0.
            device: Where to compute.

        Returns:
            The classifier.

        Raises:
            TypeError, ValueError: See `checked_examples`.
        """
        config = config or cls.configuration()
        classes, y = checked_examples(texts, labels)
        counts = Counter(word for text in texts for word in bag_words(text))
        words = [word for word, _ in sorted(counts.items(), key=_frequent_first)]
        generator = generator or torch.Generator().manual_seed(0)
        seed = int(torch.randint(2**31, (), generator=generator))
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            network = cls.make(config, len(words) + 1, len(classes)).to(device)
            model = cls(config, classes, words, network)
            ids = [model._read(text) for text in texts]
            train(network, ids, y, config, generator, config.word_dropout)
        return model

    def _read(self, text: str) -> Int[np.ndarray, " _"]:
        # What is not read need not be taken apart: nobody writes 64 characters without a space.
        words = bag_words(text[: 64 * self.config.context])[: self.config.context]
        # A text without a word is one unknown word: every network needs something to read.
        return np.array([self._ids.get(word, UNKNOWN) for word in words] or [UNKNOWN])

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return what has to be saved, see `Classifier.state`."""
        config = {
            "kind": self.kind,
            "classes": list(self.classes),
            "words": list(self.words),
            **asdict(self.config),
        }
        return config, self._weights()

    @classmethod
    def from_state(
        cls, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> SequenceClassifier:
        """Make the classifier that `state` described."""
        others = ("kind", "classes", "words")
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in config.items()
            if name not in others
        }
        shape = cls.configuration(**given)
        with torch.random.fork_rng():
            network = cls.make(shape, len(config["words"]) + 1, len(config["classes"]))
        network.load_state_dict(
            {name: torch.from_numpy(array).float() for name, array in arrays.items()}
        )
        network.eval()
        return cls(shape, config["classes"], config["words"], network)


def _frequent_first(item: tuple[str, int]) -> tuple[int, str]:
    word, count = item
    return -count, word
