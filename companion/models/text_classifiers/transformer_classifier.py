"""A small Transformer encoder that classifies: BERT's blocks, the mean of the tokens, a linear layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.bert import Bert, BertConfig
from companion.models.sentence_embedding import mean_pool
from companion.models.text_classifiers.classifier import checked_examples
from companion.models.text_classifiers.network import (
    NetworkClassifier,
    random_batches,
    train,
)
from companion.text import BPETokenizer

START = "[CLS]"


@dataclass(frozen=True)
class TransformerClassifierConfig:
    """The shape and the training.

    Attributes:
        vocab_size: Number of tokens of the byte-pair encoding that is trained on the texts.
        context: Greatest number of tokens that are read; the rest of a text is cut off.
        layers: Number of blocks.
        d_model: Width of the vector of a token.
        heads: Number of heads of every attention.
        dropout: Probability of dropping a number, while training.
        epochs: Number of times that every text is read.
        batch: Number of texts a step.
        lr: Greatest learning rate of AdamW: it rises along a line for a tenth of the steps, then falls to 0.
        weight_decay: Of AdamW.
    """

    vocab_size: int = 1024
    context: int = 64
    layers: int = 2
    d_model: int = 64
    heads: int = 4
    dropout: float = 0.1
    epochs: int = 10
    batch: int = 32
    lr: float = 2e-3
    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        for name in ("epochs", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )
        if not self.lr > 0:
            raise ValueError(f"lr must be above 0, got {self.lr}")
        _ = self.bert(self.vocab_size)  # raises if a size does not fit

    def bert(self, vocab_size: int) -> BertConfig:
        """Return the shape of the encoder for so many tokens."""
        return BertConfig(
            vocab_size,
            context=self.context,
            layers=self.layers,
            d_model=self.d_model,
            heads=self.heads,
            segments=1,
            dropout=self.dropout,
            pooler=False,
        )


class EncoderWithHead(nn.Module):
    """BERT, the mean of its tokens, and a linear layer.

    Args:
        bert: The encoder.
        classes: Number of classes; their layer begins at 0.

    Example:
        >>> network = EncoderWithHead(Bert(BertConfig(10, d_model=16, layers=1)), classes=3)
        >>> tuple(network(torch.zeros(2, 5, dtype=torch.long), torch.tensor([5, 2])).shape)
        (2, 3)
    """

    def __init__(self, bert: Bert, classes: int) -> None:
        super().__init__()
        self.bert = bert
        self.output = nn.Linear(bert.config.d_model, classes)
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
        pooled = mean_pool(self.bert(tokens, lengths), lengths)
        dropped = F.dropout(pooled, self.bert.config.dropout, self.training)
        logits: Tensor = self.output(dropped)
        return logits


class TransformerClassifier(NetworkClassifier):
    """The classifier around `EncoderWithHead`: it has its own tokenizer.

    Args:
        config: The shape.
        classes: The labels.
        tokenizer: With ``"[CLS]"`` among its special tokens; every text begins with it.
        network: The network.

    Source: Devlin et al. (2019), section 3.2; the mean of the tokens as in Reimers & Gurevych (2019), section 3.
    """

    kind = "transformer_classifier"
    network: EncoderWithHead

    def __init__(
        self,
        config: TransformerClassifierConfig,
        classes: Sequence[str],
        tokenizer: BPETokenizer,
        network: EncoderWithHead,
    ) -> None:
        self.config, self.classes = config, tuple(classes)
        self.tokenizer, self.network = tokenizer, network

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        config: TransformerClassifierConfig | None = None,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
        tokenizer: BPETokenizer | None = None,
        bert: Bert | None = None,
    ) -> TransformerClassifier:
        """Train.

        Args:
            texts: The texts.
            labels: The class of each.
            config: The shape and the training; None for the default.
            generator: Source of the first weights, of the order of the texts and of dropout, on the CPU; None is a new
                one with the seed 0.
            device: Where to compute.
            tokenizer: None trains one on the texts; else with ``"[CLS]"`` among its special tokens.
            bert: A trained encoder to begin from, for that tokenizer; it is copied. Its shape counts, not that of the
                config.

        Returns:
            The classifier.

        Raises:
            TypeError, ValueError: See `checked_examples`; or if an encoder comes without its tokenizer, or has another
                kind of feed-forward layer.
        """
        config = config or TransformerClassifierConfig()
        generator = generator or torch.Generator().manual_seed(0)
        classes, y = checked_examples(texts, labels)
        if bert is not None and tokenizer is None:
            raise ValueError(
                "a trained encoder needs the tokenizer it was trained with"
            )
        if tokenizer is None:
            tokenizer = BPETokenizer.train(
                [_clean(text) for text in texts],
                config.vocab_size,
                special_tokens=[START],
            )
        if bert is not None:
            shape = bert.config
            if shape.hidden != 4 * shape.d_model or shape.activation != "gelu":
                raise ValueError(
                    "the trained encoder must have GELU and a feed-forward layer of four times its width"
                )
            config = replace(
                config,
                vocab_size=shape.vocab_size,
                context=shape.context,
                layers=shape.layers,
                d_model=shape.d_model,
                heads=shape.heads,
            )
        seed = int(torch.randint(2**31, (), generator=generator))
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            encoder = Bert(config.bert(tokenizer.vocab_size))
            if bert is not None:
                # Kinds of segments and the pooler, if it has any, are not those of one text.
                own = encoder.state_dict()
                given = bert.state_dict()
                encoder.load_state_dict(
                    {name: given[name][: len(own[name])] for name in own}
                )
            network = EncoderWithHead(encoder, len(classes)).to(device)
            model = cls(config, classes, tokenizer, network)
            ids = [model._read(text) for text in texts]
            train(network, ids, y, config, generator, epoch=random_batches)
        return model

    def _read(self, text: str) -> Int[np.ndarray, " tokens"]:
        context = self.network.bert.config.context
        # What is not read need not be taken apart: a token of more than 64 characters is not met in life.
        tokens = self.tokenizer.encode(_clean(text[: 64 * context]))
        start = self.tokenizer.special_id(START)
        return np.concatenate([[start], tokens])[:context].astype(np.int64)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return what has to be saved, see `Classifier.state`."""
        config = {
            "kind": self.kind,
            "classes": list(self.classes),
            "merges": [list(map(int, pair)) for pair in self.tokenizer.merges],
            "special_tokens": list(self.tokenizer.special_tokens),
            **asdict(self.config),
        }
        return config, self._weights()

    @classmethod
    def from_state(
        cls, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> TransformerClassifier:
        """Make the classifier that `state` described."""
        others = ("kind", "classes", "merges", "special_tokens")
        shape = TransformerClassifierConfig(
            **{name: value for name, value in config.items() if name not in others}
        )
        tokenizer = BPETokenizer(config["merges"], config["special_tokens"])
        bert = Bert(shape.bert(tokenizer.vocab_size))
        network = EncoderWithHead(bert, len(config["classes"]))
        network.load_state_dict(
            {name: torch.from_numpy(array).float() for name, array in arrays.items()}
        )
        network.eval()
        return cls(shape, config["classes"], tokenizer, network)


def _clean(text: str) -> str:
    """Replace halves of surrogate pairs, which no encoding of bytes has."""
    return text.encode("utf-8", "replace").decode("utf-8")
