"""What all classifiers of texts share: the interface, and the checks of what they are fitted on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float, Int

_MODULES = {
    "naive_bayes": "NaiveBayes",
    "logistic_regression": "LogisticRegression",
    "fasttext": "FastText",
    "transformer_classifier": "TransformerClassifier",
}


class Classifier(ABC):
    """Gives texts their classes.

    Attributes:
        classes: The labels, in alphabetical order: the order of the probabilities.
    """

    kind: ClassVar[str]
    classes: tuple[str, ...]

    @abstractmethod
    def predict_proba(self, texts: Sequence[str]) -> Float[np.ndarray, "n classes"]:
        """Return the probability of every class for every text.

        Args:
            texts: Any texts. One that holds nothing known gets what the model says without evidence.

        Returns:
            Shape [texts, classes]; rows sum to one, columns are in the order of ``classes``.

        Raises:
            TypeError: If ``texts`` is one string.
        """

    @abstractmethod
    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return what has to be saved: what JSON can hold, and arrays by name; see `classifier_from_state`."""

    @classmethod
    @abstractmethod
    def from_state(
        cls, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> Classifier:
        """Make the classifier that `state` described."""

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the most probable class of every text."""
        best = self.predict_proba(texts).argmax(axis=1) if len(texts) else []
        return [self.classes[k] for k in best]


def classifier_from_state(
    config: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
) -> Classifier:
    """Make a classifier of any kind from what its ``state()`` returned.

    Args:
        config: The first part.
        arrays: The second part.

    Returns:
        A classifier with the same probabilities.

    Raises:
        ValueError: If there is no such kind.
    """
    kind = config.get("kind")
    if kind not in _MODULES:
        raise ValueError(
            f"there is no classifier {kind!r}; there are {', '.join(_MODULES)}"
        )
    module = import_module(f"companion.models.text_classifiers.{kind}")
    made: Classifier = getattr(module, _MODULES[kind]).from_state(config, arrays)
    return made


def checked_examples(
    texts: Sequence[str], labels: Sequence[str]
) -> tuple[tuple[str, ...], Int[np.ndarray, " n"]]:
    """Check what a classifier is to be fitted on.

    Args:
        texts: The texts.
        labels: The class of each.

    Returns:
        The classes in alphabetical order, and the number of each text's class, shape [texts].

    Raises:
        TypeError: If ``texts`` is one string, or a label is none.
        ValueError: If there are not as many labels as texts, a text is blank, or there are fewer than two classes.

    Example:
        >>> checked_examples(["good", "bad"], ["+", "-"])
        (('+', '-'), array([0, 1]))
    """
    if isinstance(texts, str) or isinstance(labels, str):
        raise TypeError("several texts and labels are expected, got one string")
    if len(texts) != len(labels):
        raise ValueError(f"there are {len(texts)} texts, but {len(labels)} labels")
    if not len(texts):
        raise ValueError("there is no text to learn from")
    for place, (text, label) in enumerate(zip(texts, labels, strict=True)):
        if not isinstance(text, str) or not isinstance(label, str):
            raise TypeError(
                f"texts and labels must be str, number {place} is {text!r} with the label {label!r}"
            )
        if not text.strip():
            raise ValueError(
                f"text number {place} is blank: nothing can be learned from it, leave it out"
            )
    classes = tuple(sorted(set(labels)))
    if len(classes) < 2:
        raise ValueError(
            f"a classifier needs examples of at least two classes, all of these are {classes[0]!r}"
        )
    number = {label: k for k, label in enumerate(classes)}
    return classes, np.array([number[label] for label in labels])
