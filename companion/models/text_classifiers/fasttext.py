"""FastText: the mean of learned vectors of a text's n-grams, then a linear layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import skip_init

from companion.models.text_classifiers.bag_features import NgramFeatures, SparseRows
from companion.models.text_classifiers.classifier import Classifier, checked_examples


@dataclass(frozen=True)
class FastTextConfig:
    """The shape and the training.

    Attributes:
        features: The n-grams that have a vector.
        dimension: Width of the vectors.
        epochs: Number of times that every text is read.
        batch: Number of texts a step.
        lr: Learning rate of Adam at the start; it falls to 0 along a line.
    """

    features: NgramFeatures = field(default_factory=NgramFeatures)
    dimension: int = 32
    epochs: int = 15
    batch: int = 32
    lr: float = 0.02

    def __post_init__(self) -> None:
        for name in ("dimension", "epochs", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )
        if not self.lr > 0:
            raise ValueError(f"lr must be above 0, got {self.lr}")


class FastTextNetwork(nn.Module):
    """The network: a table of vectors, the mean of those of a text, a linear layer.

    Args:
        seen: Number of n-grams.
        dimension: Width of the vectors.
        classes: Number of classes.
        generator: Source of the first vectors; the linear layer begins at 0.

    Source: Joulin et al. (2017), section 2.
    """

    def __init__(
        self,
        seen: int,
        dimension: int,
        classes: int,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        # Without torch's own first weights, which would take from the global random numbers.
        self.embedding = skip_init(nn.EmbeddingBag, seen, dimension, mode="sum")
        self.output = skip_init(nn.Linear, dimension, classes)
        nn.init.uniform_(
            self.embedding.weight, -1 / dimension, 1 / dimension, generator=generator
        )
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(
        self,
        columns: Int[Tensor, " numbers"],
        starts: Int[Tensor, " batch"],
        shares: Float[Tensor, " numbers"],
    ) -> Float[Tensor, "batch classes"]:
        """Score the classes.

        Args:
            columns: The n-grams of all texts, one text after another, shape [numbers].
            starts: Where each text begins, shape [batch].
            shares: Share of each n-gram in its text, shape [numbers]: with them the sum is the mean.

        Returns:
            Logits, shape [batch, classes].
        """
        mean = self.embedding(columns, starts, per_sample_weights=shares)
        logits: Tensor = self.output(mean)
        return logits


class FastText(Classifier):
    """The classifier around `FastTextNetwork`. N-grams that the training texts do not hold are left out.

    Args:
        config: The shape.
        classes: The labels.
        columns: The buckets that were seen, ascending, shape [seen].
        network: The network.

    Source: Joulin et al. (2017). Unlike there: Adam in batches for plain gradient descent, and n-grams of characters
    beside those of words.

    Example:
        >>> model = FastText.fit(["good fun", "so bad", "good"], ["+", "-", "+"])
        >>> model.predict(["good"])
        ['+']
    """

    kind = "fasttext"

    def __init__(
        self,
        config: FastTextConfig,
        classes: Sequence[str],
        columns: Int[np.ndarray, " seen"],
        network: FastTextNetwork,
    ) -> None:
        self.config, self.classes, self.columns = config, tuple(classes), columns
        self.network = network

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        config: FastTextConfig | None = None,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
    ) -> FastText:
        """Train.

        Args:
            texts: The texts.
            labels: The class of each.
            config: The shape and the training; None for the default.
            generator: Source of the first vectors and of the order of the texts, on the CPU; None is a new one with
                the seed 0.
            device: Where to compute.

        Returns:
            The classifier.

        Raises:
            TypeError, ValueError: See `checked_examples`.
        """
        config = config or FastTextConfig()
        generator = generator or torch.Generator().manual_seed(0)
        classes, y = checked_examples(texts, labels)
        counts = config.features.count(texts)
        columns = np.unique(counts.columns)
        counts = counts.restricted(columns)
        network = FastTextNetwork(
            len(columns), config.dimension, len(classes), generator
        ).to(device)
        optimizer = torch.optim.Adam(network.parameters(), lr=config.lr)
        right = torch.from_numpy(y)
        batches = [
            rows
            for _ in range(config.epochs)
            for rows in torch.randperm(len(y), generator=generator).split(config.batch)
        ]
        for step, rows in enumerate(batches):
            for group in optimizer.param_groups:
                group["lr"] = config.lr * (1 - step / len(batches))
            logits = network(*_bag(counts.take(rows.numpy()), device))
            loss = F.cross_entropy(logits, right[rows].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return cls(config, classes, columns, network)

    def predict_proba(self, texts: Sequence[str]) -> Float[np.ndarray, "n classes"]:
        """Return the probability of every class for every text, shape [texts, classes]; see `Classifier`."""
        counts = self.config.features.count(texts).restricted(self.columns)
        with torch.inference_mode():
            logits = self.network(*_bag(counts, self.network.output.weight.device))
        return np.asarray(logits.double().softmax(dim=1).cpu().numpy())

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return what has to be saved, see `Classifier.state`."""
        config = {
            "kind": self.kind,
            "classes": list(self.classes),
            **asdict(self.config),
        }
        weights = {k: v.cpu().numpy() for k, v in self.network.state_dict().items()}
        return config, {"columns": self.columns, **weights}

    @classmethod
    def from_state(
        cls, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> FastText:
        """Make the classifier that `state` described."""
        given = {k: v for k, v in config.items() if k not in ("kind", "classes")}
        given["features"] = NgramFeatures.from_state(given["features"])
        columns = arrays["columns"].astype(np.int64)
        network = FastTextNetwork(
            len(columns), given["dimension"], len(config["classes"])
        )
        network.load_state_dict(
            {
                k: torch.from_numpy(v).float()
                for k, v in arrays.items()
                if k != "columns"
            }
        )
        return cls(FastTextConfig(**given), config["classes"], columns, network)


def _bag(
    counts: SparseRows, device: torch.device | str
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what `FastTextNetwork.forward` reads."""
    totals = np.bincount(counts.rows, counts.values, minlength=len(counts))
    shares = counts.values / totals[counts.rows]
    return (
        torch.from_numpy(counts.columns).to(device),
        torch.from_numpy(counts.starts[:-1]).to(device),
        torch.from_numpy(shares).float().to(device),
    )
