"""Naive Bayes: count how often each class uses each n-gram, and turn the counts around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.models.text_classifiers.bag_features import NgramFeatures, SparseRows
from companion.models.text_classifiers.classifier import Classifier, checked_examples


@dataclass(frozen=True)
class NaiveBayesConfig:
    """What is counted, and how it is smoothed.

    Attributes:
        features: The n-grams.
        alpha: Added to every count, above 0.
    """

    features: NgramFeatures = field(default_factory=NgramFeatures)
    alpha: float = 0.1

    def __post_init__(self) -> None:
        if not self.alpha > 0:
            raise ValueError(
                f"alpha must be above 0, or one new n-gram makes a class impossible; got {self.alpha}"
            )


class NaiveBayes(Classifier):
    """Multinomial naive Bayes: the n-grams of a text as independent draws from its class.

    N-grams that the training texts do not hold are left out.

    Args:
        config: What is counted.
        classes: The labels.
        columns: The buckets that were seen, ascending, shape [seen].
        log_prior: Logarithm of the share of each class, shape [classes].
        log_likelihood: Logarithm of the probability of each n-gram in each class, shape [seen, classes].

    Source: McCallum & Nigam (1998), section 2.2.

    Example:
        >>> model = NaiveBayes.fit(["good fun", "so bad", "good"], ["+", "-", "+"])
        >>> model.predict(["good"])
        ['+']
    """

    kind = "naive_bayes"

    def __init__(
        self,
        config: NaiveBayesConfig,
        classes: Sequence[str],
        columns: Int[np.ndarray, " seen"],
        log_prior: Float[np.ndarray, " classes"],
        log_likelihood: Float[np.ndarray, "seen classes"],
    ) -> None:
        self.config, self.classes, self.columns = config, tuple(classes), columns
        self.log_prior, self.log_likelihood = log_prior, log_likelihood

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        config: NaiveBayesConfig | None = None,
        generator: object = None,
    ) -> NaiveBayes:
        """Count.

        Args:
            texts: The texts.
            labels: The class of each.
            config: What is counted; None for the default.
            generator: Not used: nothing is drawn. All classifiers take one.

        Returns:
            The classifier.

        Raises:
            TypeError, ValueError: See `checked_examples`.
        """
        config = config or NaiveBayesConfig()
        classes, y = checked_examples(texts, labels)
        counts = config.features.count(texts)
        columns = np.unique(counts.columns)
        counts = counts.restricted(columns)
        log_prior = np.log(np.bincount(y) / len(y))
        in_class = class_counts(counts, y, len(classes)) + config.alpha
        log_likelihood = np.log(in_class / in_class.sum(axis=0))
        return cls(config, classes, columns, log_prior, log_likelihood)

    def predict_proba(self, texts: Sequence[str]) -> Float[np.ndarray, "n classes"]:
        """Return the probability of every class for every text, shape [texts, classes]; see `Classifier`."""
        counts = self.config.features.count(texts).restricted(self.columns)
        joint = self.log_prior + counts.times(self.log_likelihood)
        joint -= joint.max(axis=1, keepdims=True)
        shares = np.exp(joint)
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return what has to be saved, see `Classifier.state`."""
        config = {
            "kind": self.kind,
            "classes": list(self.classes),
            **asdict(self.config),
        }
        return config, {
            "columns": self.columns,
            "log_prior": self.log_prior,
            "log_likelihood": self.log_likelihood,
        }

    @classmethod
    def from_state(
        cls, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> NaiveBayes:
        """Make the classifier that `state` described."""
        return cls(
            NaiveBayesConfig(
                NgramFeatures.from_state(config["features"]), config["alpha"]
            ),
            config["classes"],
            arrays["columns"].astype(np.int64),
            arrays["log_prior"].astype(np.float64),
            arrays["log_likelihood"].astype(np.float64),
        )


def class_counts(
    counts: SparseRows, y: Int[np.ndarray, " rows"], classes: int
) -> Float[np.ndarray, "width classes"]:
    """Add up the rows of each class.

    Args:
        counts: One row a text.
        y: Number of each text's class, shape [rows].
        classes: Number of classes.

    Returns:
        Shape [width, classes].
    """
    cell = counts.columns * classes + y[counts.rows]
    total = np.bincount(cell, counts.values, minlength=counts.width * classes)
    return np.asarray(total.reshape(counts.width, classes), dtype=float)
