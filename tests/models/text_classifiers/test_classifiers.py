"""Four classifiers, one interface: they equal their references, they learn, they come back, they refuse nonsense."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import linear_model, naive_bayes
from torch.nn import functional as F

from companion.models.bert import Bert
from companion.models.text_classifiers import (
    FastText,
    FastTextConfig,
    LogisticRegression,
    LogisticRegressionConfig,
    NaiveBayes,
    NaiveBayesConfig,
    NgramFeatures,
    SparseRows,
    TransformerClassifier,
    TransformerClassifierConfig,
    classifier_from_state,
)
from companion.models.text_classifiers.fasttext import FastTextNetwork
from companion.models.text_classifiers.logistic_regression import lbfgs, penalized_loss
from companion.models.text_classifiers.transformer_classifier import EncoderWithHead
from companion.text import BPETokenizer

SMALL = TransformerClassifierConfig(
    vocab_size=270, context=24, layers=1, d_model=16, heads=2, epochs=25, lr=1e-2
)
MODELS = [
    (NaiveBayes, NaiveBayesConfig()),
    (LogisticRegression, LogisticRegressionConfig()),
    (FastText, FastTextConfig(epochs=20)),
    (TransformerClassifier, SMALL),
]
every_model = pytest.mark.parametrize(
    ("model", "config"), MODELS, ids=lambda x: getattr(x, "__name__", "")
)


def sentences(n: int, seed: int) -> tuple[list[str], list[str]]:
    """Three languages of invented words; every text has two words of its class and two that all share."""
    rng = np.random.default_rng(seed)
    own = {
        "a": ["lomi", "lota", "lupe"],
        "b": ["好的", "你来", "他去"],
        "c": ["sk", "sta", "spo"],
    }
    labels = [str(label) for label in rng.choice(list(own), n)]
    texts = [
        " ".join(
            rng.permutation([*rng.choice(own[k], 2), *rng.choice(["xx", "yy"], 2)])
        )
        for k in labels
    ]
    return texts, labels


TRAIN, TEST = sentences(60, 1), sentences(60, 2)


@pytest.fixture(scope="module")
def fitted() -> dict[type, object]:
    return {model: model.fit(*TRAIN, config) for model, config in MODELS}


# Parity


@given(
    st.lists(
        st.text("ab c", min_size=1, max_size=8).filter(str.strip),
        min_size=3,
        max_size=8,
    ),
    st.floats(0.01, 3),
    st.integers(0, 99),
)
@settings(deadline=None, max_examples=40)
def test_naive_bayes_is_that_of_scikit_learn(texts, alpha, seed) -> None:
    labels = [
        "x",
        "y",
        *np.random.default_rng(seed).choice(["x", "y", "z"], len(texts) - 2),
    ]
    labels = [str(label) for label in labels]
    features = NgramFeatures()
    ours = NaiveBayes.fit(texts, labels, NaiveBayesConfig(features, alpha))
    counts = features.count(texts)
    seen = np.unique(counts.columns)
    theirs = naive_bayes.MultinomialNB(alpha=alpha)
    theirs.fit(counts.restricted(seen).dense(), labels)
    assert list(ours.classes) == theirs.classes_.tolist()
    new = [*texts, "a b", "quite new"]
    want = theirs.predict_proba(features.count(new).restricted(seen).dense())
    np.testing.assert_allclose(ours.predict_proba(new), want, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("l2", [0.03, 0.5, 4.0])
@pytest.mark.parametrize("weighting", ["tfidf", "binary"])
def test_logistic_regression_is_that_of_scikit_learn(l2: float, weighting: str) -> None:
    texts, labels = TRAIN
    config = LogisticRegressionConfig(
        NgramFeatures((1, 1), (1, 2)), weighting, l2, 2000, 1e-9, double=True
    )
    ours = LogisticRegression.fit(texts, labels, config)

    def dense(of: list[str]) -> np.ndarray:
        counts = config.features.count(of).restricted(ours.columns).dense()
        if weighting == "binary":
            x = (counts > 0) * 1.0
        else:
            x = (
                np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)
                * ours.tfidf.idf
            )
        return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-300)

    theirs = linear_model.LogisticRegression(C=1 / l2, tol=1e-10, max_iter=5000)
    theirs.fit(dense(texts), labels)
    new = TEST[0]
    want = theirs.predict_proba(dense(new))
    np.testing.assert_allclose(ours.predict_proba(new), want, atol=1e-5)
    np.testing.assert_allclose(ours.weights.T, theirs.coef_, atol=1e-4)


@given(st.integers(0, 999))
@settings(deadline=None, max_examples=20)
def test_the_gradient_is_that_of_autograd(seed: int) -> None:
    rng = np.random.default_rng(seed)
    full = rng.normal(size=(6, 5)) * rng.integers(0, 2, (6, 5))
    row, columns = np.nonzero(full)
    starts = np.searchsorted(row, np.arange(7))
    rows = SparseRows(starts, columns, full[row, columns], 5)
    y = rng.integers(0, 3, 6)
    loss = penalized_loss(rows, y, 3, 0.7, double=True)
    at = torch.from_numpy(rng.normal(size=(6, 3)))
    leaf = at.clone().requires_grad_()
    logits = torch.from_numpy(full) @ leaf[:-1] + leaf[-1]
    want = F.cross_entropy(logits, torch.from_numpy(y))
    want = want + 0.7 / 2 * leaf[:-1].square().sum() / 6
    want.backward()
    value, gradient = loss(at)
    torch.testing.assert_close(value, want.detach())
    torch.testing.assert_close(gradient, leaf.grad)


def test_lbfgs_finds_the_end_of_a_bent_valley() -> None:
    def rosenbrock(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        leaf = x.clone().requires_grad_()
        value = (1 - leaf[0]) ** 2 + 100 * (leaf[1] - leaf[0] ** 2) ** 2
        value.backward()
        return value.detach(), leaf.grad

    start = torch.tensor([-1.2, 1.0], dtype=torch.float64)
    found = lbfgs(rosenbrock, start, 200, 1e-9)
    torch.testing.assert_close(found, torch.ones(2, dtype=torch.float64))
    assert (lbfgs(rosenbrock, start, 3, 1e-9) - 1).abs().max() > 0.1


def test_the_network_of_fasttext_is_a_mean_and_a_product() -> None:
    network = FastTextNetwork(7, 4, 3, torch.Generator().manual_seed(1))
    torch.nn.init.normal_(network.output.weight)
    columns, shares = torch.tensor([2, 5, 5, 0]), torch.tensor([0.25, 0.75, 1.0, 0.5])
    out = network(columns, torch.tensor([0, 2, 2]), shares)
    table, head = network.embedding.weight, network.output
    means = [0.25 * table[2] + 0.75 * table[5], 0 * table[0], table[5] + 0.5 * table[0]]
    torch.testing.assert_close(out, head(torch.stack(means)))


def test_padding_changes_no_class_of_the_transformer() -> None:
    torch.manual_seed(0)
    network = EncoderWithHead(Bert(SMALL.bert(300)), 3).eval()
    torch.nn.init.normal_(network.output.weight)
    short = torch.tensor([[5, 6, 7]])
    wide = torch.tensor([[5, 6, 7, 9, 9]])
    three = torch.tensor([3])
    torch.testing.assert_close(network(short, three), network(wide, three))


# Learning


@every_model
def test_it_learns_what_is_there_to_learn(model, config, fitted) -> None:
    texts, labels = TEST
    right = np.mean(
        [a == b for a, b in zip(fitted[model].predict(texts), labels, strict=True)]
    )
    assert right > 0.95


@every_model
def test_shuffled_labels_teach_nothing(model, config) -> None:
    texts, labels = TRAIN
    wrong = [str(label) for label in np.random.default_rng(0).permutation(labels)]
    found = model.fit(texts, wrong, config).predict(TEST[0])
    assert np.mean([a == b for a, b in zip(found, TEST[1], strict=True)]) < 0.7


def test_a_trained_encoder_is_where_the_transformer_starts() -> None:
    texts, labels = TRAIN
    tokenizer = BPETokenizer.train(texts, 280, ["[CLS]", "[SEP]"])
    torch.manual_seed(1)
    config = SMALL.bert(tokenizer.vocab_size)
    bert = Bert(config)
    short = TransformerClassifierConfig(epochs=1, lr=1e-9)
    model = TransformerClassifier.fit(
        texts, labels, short, tokenizer=tokenizer, bert=bert
    )
    found, given = model.network.bert.state_dict(), bert.state_dict()
    for name, tensor in found.items():
        torch.testing.assert_close(tensor, given[name], atol=1e-5, rtol=0)
    with pytest.raises(ValueError, match="tokenizer"):
        TransformerClassifier.fit(texts, labels, short, bert=bert)


# Properties


@every_model
def test_probabilities_sum_to_one_whatever_the_text(model, config, fitted) -> None:
    texts = ["", " ", "lomi", "不认识", "\ud800", "🙂", "שלום", "\x00", "a" * 20_000]
    p = fitted[model].predict_proba(texts)
    assert p.shape == (9, 3)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-9)


@every_model
def test_a_text_has_the_same_answer_in_any_company(model, config, fitted) -> None:
    together = fitted[model].predict_proba(TEST[0][:5])
    alone = np.concatenate([fitted[model].predict_proba([t]) for t in TEST[0][:5]])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert fitted[model].predict([]) == []


@every_model
def test_the_same_generator_gives_the_same_model(model, config) -> None:
    def p(seed: int) -> np.ndarray:
        generator = torch.Generator().manual_seed(seed)
        return model.fit(*TRAIN, config, generator).predict_proba(TEST[0])

    before = torch.get_rng_state()
    np.testing.assert_array_equal(p(3), p(3))
    assert torch.equal(before, torch.get_rng_state())
    if model in (FastText, TransformerClassifier):
        assert np.abs(p(3) - p(4)).max() > 1e-5


@every_model
def test_what_was_saved_comes_back(model, config, fitted) -> None:
    written, arrays = fitted[model].state()
    again = classifier_from_state(json.loads(json.dumps(written)), arrays)
    assert type(again) is model
    assert again.classes == fitted[model].classes
    assert again.config == fitted[model].config
    np.testing.assert_allclose(
        again.predict_proba(TEST[0]), fitted[model].predict_proba(TEST[0]), atol=1e-7
    )


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="no classifier 'oracle'"):
        classifier_from_state({"kind": "oracle"}, {})


# Bad input


@every_model
@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        ([], [], "no text"),
        (["a", "b"], ["x"], "2 texts, but 1 labels"),
        (["a", "b"], ["x", "x"], "all of these are 'x'"),
        (["a", " "], ["x", "y"], "number 1 is blank"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(
    model, config, texts, labels, message
) -> None:
    with pytest.raises(ValueError, match=message):
        model.fit(texts, labels, config)


@every_model
def test_one_string_is_not_several_texts(model, config, fitted) -> None:
    with pytest.raises(Exception, match=r"several texts|[Tt]ype"):
        fitted[model].predict_proba("lomi")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: NaiveBayesConfig(alpha=0.0), "alpha"),
        (lambda: LogisticRegressionConfig(l2=0.0), "l2"),
        (lambda: LogisticRegressionConfig(iterations=0), "iterations"),
        (lambda: FastTextConfig(dimension=0), "dimension"),
        (lambda: FastTextConfig(lr=0.0), "lr"),
        (lambda: TransformerClassifierConfig(epochs=0), "epochs"),
        (lambda: TransformerClassifierConfig(d_model=30, heads=4), "heads"),
    ],
)
def test_impossible_settings_are_named(make, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
