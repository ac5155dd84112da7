"""Classifiers of texts, from counts to a Transformer, with one interface; each is loaded when it is first used.

- `NaiveBayes`: how often each class uses each n-gram.
- `LogisticRegression`: one weight for each n-gram and class, fitted together.
- `FastText`: the mean of learned vectors of n-grams, then a linear layer.
- `TransformerClassifier`: a small BERT, then the mean of its tokens and a linear layer.

All have ``fit(texts, labels, config, generator)``, ``predict_proba(texts)``, ``predict(texts)``, ``classes``, and
``state()`` with ``from_state(config, arrays)`` for what is to be saved.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from companion.models.text_classifiers.bag_features import (
        NgramFeatures,
        SparseRows,
        Tfidf,
    )
    from companion.models.text_classifiers.classifier import (
        Classifier,
        classifier_from_state,
    )
    from companion.models.text_classifiers.fasttext import FastText, FastTextConfig
    from companion.models.text_classifiers.logistic_regression import (
        LogisticRegression,
        LogisticRegressionConfig,
    )
    from companion.models.text_classifiers.naive_bayes import (
        NaiveBayes,
        NaiveBayesConfig,
    )
    from companion.models.text_classifiers.transformer_classifier import (
        TransformerClassifier,
        TransformerClassifierConfig,
    )

_HERE = "companion.models.text_classifiers"
_LAZY = {
    "Classifier": f"{_HERE}.classifier",
    "FastText": f"{_HERE}.fasttext",
    "FastTextConfig": f"{_HERE}.fasttext",
    "LogisticRegression": f"{_HERE}.logistic_regression",
    "LogisticRegressionConfig": f"{_HERE}.logistic_regression",
    "NaiveBayes": f"{_HERE}.naive_bayes",
    "NaiveBayesConfig": f"{_HERE}.naive_bayes",
    "NgramFeatures": f"{_HERE}.bag_features",
    "SparseRows": f"{_HERE}.bag_features",
    "Tfidf": f"{_HERE}.bag_features",
    "TransformerClassifier": f"{_HERE}.transformer_classifier",
    "TransformerClassifierConfig": f"{_HERE}.transformer_classifier",
    "classifier_from_state": f"{_HERE}.classifier",
}

__all__ = [
    "Classifier",
    "FastText",
    "FastTextConfig",
    "LogisticRegression",
    "LogisticRegressionConfig",
    "NaiveBayes",
    "NaiveBayesConfig",
    "NgramFeatures",
    "SparseRows",
    "Tfidf",
    "TransformerClassifier",
    "TransformerClassifierConfig",
    "classifier_from_state",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {_HERE!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
