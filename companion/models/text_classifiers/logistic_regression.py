"""Logistic regression on sparse features: one weight for each n-gram and class, fitted together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from companion.models.text_classifiers.bag_features import (
    NgramFeatures,
    SparseRows,
    Tfidf,
)
from companion.models.text_classifiers.classifier import Classifier, checked_examples

Objective = Callable[[Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class LogisticRegressionConfig:
    """What is counted and weighed, and how far the fit goes.

    Attributes:
        features: The n-grams.
        weighting: ``"tfidf"``, or ``"binary"``: 1 for every n-gram that is there, divided by the length of the row.
        l2: Half of it times the sum of the squared weights is added to the loss, which is summed over the texts.
            1 / l2 is scikit-learn's C. The biases are free.
        iterations: Greatest number of steps.
        tolerance: Stop when no number of the gradient, divided by the number of texts, is larger.
        double: Whether to compute with 64 bits.
    """

    features: NgramFeatures = field(default_factory=NgramFeatures)
    weighting: Literal["tfidf", "binary"] = "tfidf"
    l2: float = 0.1
    iterations: int = 100
    tolerance: float = 1e-5
    double: bool = False

    def __post_init__(self) -> None:
        if self.weighting not in ("tfidf", "binary"):
            raise ValueError(
                f"weighting must be tfidf or binary, got {self.weighting!r}"
            )
        if not self.l2 > 0:
            raise ValueError(
                f"l2 must be above 0: without it the weights of classes that can be told apart grow for ever; "
                f"got {self.l2}"
            )
        if self.iterations < 1:
            raise ValueError(f"iterations must be at least 1, got {self.iterations}")


class LogisticRegression(Classifier):
    """Multinomial logistic regression with an L2 penalty; the loss is convex, so that the start does not matter.

    N-grams that the training texts do not hold are left out.

    Args:
        config: What is counted.
        classes: The labels.
        columns: The buckets that were seen, ascending, shape [seen].
        idf: Weights of the columns, shape [seen]; ones for ``"binary"``.
        weights: Shape [seen, classes].
        bias: Shape [classes].

    Source: Fan et al. (2008) for the use on sparse texts; the fit is Liu & Nocedal (1989).

    Example:
        >>> model = LogisticRegression.fit(["good fun", "so bad", "good"], ["+", "-", "+"])
        >>> model.predict(["good"])
        ['+']
    """

    kind = "logistic_regression"

    def __init__(
        self,
        config: LogisticRegressionConfig,
        classes: Sequence[str],
        columns: Int[np.ndarray, " seen"],
        idf: Float[np.ndarray, " seen"],
        weights: Float[np.ndarray, "seen classes"],
        bias: Float[np.ndarray, " classes"],
    ) -> None:
        self.config, self.classes, self.columns = config, tuple(classes), columns
        self.tfidf, self.weights, self.bias = Tfidf(idf), weights, bias

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        config: LogisticRegressionConfig | None = None,
        generator: object = None,
    ) -> LogisticRegression:
        """Minimize the penalized loss.

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
        config = config or LogisticRegressionConfig()
        classes, y = checked_examples(texts, labels)
        counts = config.features.count(texts)
        columns = np.unique(counts.columns)
        counts = counts.restricted(columns)
        tfidf = Tfidf.fit(counts)
        if config.weighting == "binary":
            tfidf = Tfidf(np.ones(len(columns)))
        rows = _weigh(counts, tfidf, config)
        loss = penalized_loss(rows, y, len(classes), config.l2, config.double)
        start = torch.zeros(
            len(columns) + 1,
            len(classes),
            dtype=torch.float64 if config.double else torch.float32,
        )
        best = lbfgs(loss, start, config.iterations, config.tolerance).numpy()
        return cls(config, classes, columns, tfidf.idf, best[:-1], best[-1])

    def decision(self, texts: Sequence[str]) -> Float[np.ndarray, "n classes"]:
        """Return the scores before the softmax, shape [texts, classes]."""
        counts = self.config.features.count(texts).restricted(self.columns)
        rows = _weigh(counts, self.tfidf, self.config)
        return np.asarray(rows.times(self.weights) + self.bias)

    def predict_proba(self, texts: Sequence[str]) -> Float[np.ndarray, "n classes"]:
        """Return the probability of every class for every text, shape [texts, classes]; see `Classifier`."""
        scores = self.decision(texts).astype(np.float64)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
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
            "idf": self.tfidf.idf,
            "weights": self.weights,
            "bias": self.bias,
        }

    @classmethod
    def from_state(
        cls, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> LogisticRegression:
        """Make the classifier that `state` described."""
        given = {k: v for k, v in config.items() if k not in ("kind", "classes")}
        given["features"] = NgramFeatures.from_state(given["features"])
        kind = np.float64 if given["double"] else np.float32
        return cls(
            LogisticRegressionConfig(**given),
            config["classes"],
            arrays["columns"].astype(np.int64),
            arrays["idf"].astype(np.float64),
            arrays["weights"].astype(kind),
            arrays["bias"].astype(kind),
        )


def _weigh(
    counts: SparseRows, tfidf: Tfidf, config: LogisticRegressionConfig
) -> SparseRows:
    if config.weighting == "binary":
        ones = np.ones_like(counts.values)
        counts = SparseRows(counts.starts, counts.columns, ones, counts.width)
    return tfidf.weigh(counts, sublinear=config.weighting == "tfidf")


def penalized_loss(
    rows: SparseRows,
    y: Int[np.ndarray, " rows"],
    classes: int,
    l2: float,
    double: bool = False,
) -> Objective:
    """Return the function to be minimized, and with it its gradient.

    Args:
        rows: The features, one row a text.
        y: Number of each text's class, shape [rows].
        classes: Number of classes.
        l2: Weight of the penalty, see `LogisticRegressionConfig`.
        double: Whether to compute with 64 bits.

    Returns:
        A function of the weights with the bias as their last row, shape [width + 1, classes]. It returns the loss in
        nats per text and the gradient, X^T (P - Y) / n plus the penalty's.
    """
    kind = torch.float64 if double else torch.float32
    times, transposed_times = (_product(m, kind) for m in (rows, rows.transposed()))
    right = torch.from_numpy(y)
    one_hot = F.one_hot(right, classes).to(kind)
    n = len(rows)

    def loss(parameters: Tensor) -> tuple[Tensor, Tensor]:
        weights, bias = parameters[:-1], parameters[-1]
        log_p = (times(weights) + bias).log_softmax(dim=1)
        penalty = 0.5 * l2 * weights.square().sum() / n
        surplus = (log_p.exp() - one_hot) / n
        gradient = transposed_times(surplus) + l2 / n * weights
        value = F.nll_loss(log_p, right) + penalty
        return value, torch.cat([gradient, surplus.sum(0, keepdim=True)])

    return loss


def _product(rows: SparseRows, kind: torch.dtype) -> Callable[[Tensor], Tensor]:
    """Return the product with a sparse matrix: an embedding bag adds up rows of a table, each times a number."""
    columns, starts = torch.from_numpy(rows.columns), torch.from_numpy(rows.starts)
    values = torch.from_numpy(rows.values).to(kind)
    return lambda matrix: F.embedding_bag(
        columns, matrix, starts[:-1], mode="sum", per_sample_weights=values
    )


def lbfgs(
    loss: Objective,
    start: Float[Tensor, "*shape"],
    iterations: int = 100,
    tolerance: float = 1e-5,
    memory: int = 10,
) -> Float[Tensor, "*shape"]:
    """Minimize a smooth function of many numbers: Newton's step, with the curvature guessed from the last steps.

    Args:
        loss: Returns the value and the gradient.
        start: Where to begin.
        iterations: Greatest number of steps.
        tolerance: Stop when no number of the gradient is larger.
        memory: Number of steps that the guess remembers.

    Returns:
        The best point.

    Source: Liu & Nocedal (1989); the step is halved until the value falls by enough (Armijo's condition).

    Example:
        >>> found = lbfgs(lambda x: ((x - 3).square().sum(), 2 * (x - 3)), torch.zeros(2))
        >>> found.round(decimals=3).tolist()
        [3.0, 3.0]
    """
    x, (value, gradient) = start, loss(start)
    steps: deque[tuple[Tensor, Tensor, Tensor]] = deque(maxlen=memory)
    for _ in range(iterations):
        if gradient.abs().max() <= tolerance:
            break
        direction = -_newton_like(gradient, steps)
        slope = (direction * gradient).sum()
        size = 1.0 if steps else float(1 / gradient.norm().clamp(min=1.0))
        for _ in range(25):
            x_new = x + size * direction
            value_new, gradient_new = loss(x_new)
            if value_new <= value + 1e-4 * size * slope:
                break
            size /= 2
        else:
            break  # no step helps: this is as exact as the number format is
        s, y = x_new - x, gradient_new - gradient
        if (s * y).sum() > 1e-10 * y.square().sum():
            steps.append((s, y, 1 / (s * y).sum()))
        x, value, gradient = x_new, value_new, gradient_new
    return x


def _newton_like(
    gradient: Tensor, steps: deque[tuple[Tensor, Tensor, Tensor]]
) -> Tensor:
    """Multiply the gradient by the guessed inverse of the second derivatives, in two loops over the last steps."""
    q, shares = gradient, []
    for s, y, inverse in reversed(steps):
        shares.append(inverse * (s * q).sum())
        q = q - shares[-1] * y
    if steps:
        s, y, inverse = steps[-1]
        q = q / (inverse * y.square().sum())
    for (s, y, inverse), share in zip(steps, reversed(shares), strict=True):
        q = q + (share - inverse * (y * q).sum()) * s
    return q
