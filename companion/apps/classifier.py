"""Tells the language of a text, and the topic of an English or Chinese one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from companion.apps._artifact import read_artifact, shipped, write_artifact
from companion.apps._text import checked_text
from companion.models.text_classifiers import (
    Classifier,
    LogisticRegression,
    LogisticRegressionConfig,
    NaiveBayes,
    NaiveBayesConfig,
    NgramFeatures,
    classifier_from_state,
)

Examples = tuple[Sequence[str], Sequence[str]]

_KIND = "classifier"
# What follows hardly changes the language or the topic of a text, and a text may be a book.
_READ = 20_000
UNDETERMINED = "und"
# In sentences like those it will meet, naive Bayes adds up the evidence; the topics are closer to each other.
LANGUAGE_CONFIG = NaiveBayesConfig(
    NgramFeatures(words=(1, 1), characters=(1, 4), buckets=2**15), alpha=0.3
)
TOPIC_CONFIG = LogisticRegressionConfig(
    NgramFeatures(words=(1, 1), characters=(1, 4), buckets=2**14), l2=0.2
)
# The large arrays of both; they are rounded to 256 levels for each class.
_ROUNDED = ("log_likelihood", "weights")


@dataclass(frozen=True)
class Classification:
    """What `TextClassifier.classify` found.

    Attributes:
        label: The most probable topic, such as ``"health"``; None if the text has no letters, or is in a language in
            which no topics are known.
        probability: The probability of the topic; 0 without one.
        probabilities: All topics with their probabilities, the most probable first.
        language: BCP 47 tag of the language, ``"und"`` (undetermined) for a text without letters.
        language_probability: The probability of the language; 0 for ``"und"``. Naive Bayes is too sure of it: it takes
            every n-gram for evidence of its own.
        languages: All languages with their probabilities, the most probable first.
    """

    label: str | None
    probability: float
    probabilities: tuple[tuple[str, float], ...]
    language: str
    language_probability: float
    languages: tuple[tuple[str, float], ...]


class TextClassifier:
    """A classifier of languages, and one of topics for each language that it was fitted on.

    Args:
        languages: Tells the language.
        topics: Tell the topic, by language.

    Example:
        >>> TextClassifier.load().classify("我今天感觉很好。").language
        'zh'
    """

    def __init__(self, languages: Classifier, topics: Mapping[str, Classifier]) -> None:
        self._languages, self._topics = languages, dict(topics)

    @classmethod
    def fit(
        cls,
        languages: Examples | None = None,
        topics: Mapping[str, Examples] | None = None,
        generator: torch.Generator | None = None,
    ) -> TextClassifier:
        """Fit both on labeled texts.

        Args:
            languages: Texts and the tags of their languages; None for `course_languages`.
            topics: Texts and their topics, by the tag of their language; None for `course_topics`.
            generator: Not used, the fit draws nothing. All applications take one.

        Returns:
            The classifier; some seconds with what the course has.

        Raises:
            ValueError: If there are not as many labels as texts, fewer than two labels, or a blank text.
            CorpusError: If a corpus of the course cannot be read.
        """
        texts, labels = course_languages() if languages is None else languages
        told = NaiveBayes.fit(texts, labels, LANGUAGE_CONFIG)
        if topics is None:
            topics = {language: course_topics(language) for language in ("en", "zh")}
        return cls(
            told,
            {
                language: LogisticRegression.fit(*examples, TOPIC_CONFIG)
                for language, examples in topics.items()
            },
        )

    def classify(self, text: str) -> Classification:
        """Tell the language and the topic of a text.

        Args:
            text: In any language; of a long text the first 20,000 characters count.

        Returns:
            The most probable labels, and the probabilities of all.

        Raises:
            TypeError: If it is not a string.
            ValueError: If there is nothing in it, or it is longer than a million characters.
        """
        text = checked_text(text)[:_READ]
        if not any(character.isalpha() for character in text):
            return Classification(None, 0.0, (), UNDETERMINED, 0.0, ())
        languages = _ranked(self._languages, text)
        language, sure = languages[0]
        if language not in self._topics:
            return Classification(None, 0.0, (), language, sure, languages)
        topics = _ranked(self._topics[language], text)
        return Classification(*topics[0], topics, language, sure, languages)

    def save(self, folder: str | Path) -> None:
        """Write the classifier; its weights are rounded.

        Args:
            folder: Where to.
        """
        config: dict[str, Any] = {}
        arrays: dict[str, np.ndarray] = {}
        for name, model in {"": self._languages, **self._topics}.items():
            config[name], own = model.state()
            for key in [key for key in own if key in _ROUNDED]:
                low, high = own[key].min(axis=0), own[key].max(axis=0)
                step = np.maximum(high - low, 1e-9) / 255
                own[f"{key}.low"], own[f"{key}.step"] = low, step
                own[key] = np.rint((own[key] - low) / step).astype(np.uint8)
            own["columns"] = own["columns"].astype(np.uint16)
            arrays |= {f"{name}/{key}": array for key, array in own.items()}
        write_artifact(folder, _KIND, config, arrays)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> TextClassifier:
        """Read a classifier.

        Args:
            folder: What `save` wrote; None for the one that comes with the course, which chapter 23 makes.

        Raises:
            FileNotFoundError: If there is none.
            ValueError: If a file is damaged.
        """
        if folder is None:
            folder = shipped("classifier", "chapter 23")
        config, arrays = read_artifact(folder, _KIND)
        models = {}
        for name, given in config.items():
            own = {
                key.partition("/")[2]: array
                for key, array in arrays.items()
                if key.partition("/")[0] == name
            }
            for key in [key for key in own if key in _ROUNDED]:
                low, step = own.pop(f"{key}.low"), own.pop(f"{key}.step")
                own[key] = own[key] * step + low
            models[name] = classifier_from_state(given, own)
        return cls(models.pop(""), models)


def _ranked(model: Classifier, text: str) -> tuple[tuple[str, float], ...]:
    shares = zip(model.classes, model.predict_proba([text])[0].tolist(), strict=True)
    return tuple(sorted(shares, key=lambda item: -item[1]))


def course_languages() -> tuple[list[str], list[str]]:
    """Return texts in 28 languages with their tags, from what the course has.

    These are names, days, the messages of the toolchain where they are translated, and the everyday sentences in
    English and Chinese. Of the messages, which differ much in number from language to language, 300 are taken at most.

    Raises:
        CorpusError: If the packages that bring the messages are not installed.
    """
    from companion.corpora import catalogs, cldr, sentiment
    from companion.corpora.cldr import KINDS, LANGUAGES, name_corpus

    found: list[tuple[str, str]] = []
    for document in name_corpus(kinds=KINDS):
        found.append((document.text, str(document.label)))
    for language in LANGUAGES:
        if language != "en":
            days = cldr.dates("en", language, 40)
            found += [(pair.target, language) for pair in days]
            try:
                messages = catalogs(
                    {"zh": "zh_CN", "pt": "pt_BR"}.get(language, language)
                )
            except ValueError:
                continue  # nobody has translated them into this language
            found += [(pair.target, language) for pair in messages.pairs[:300]]
    found += [(pair.source, "en") for pair in cldr.dates("en", "zh", 40)]
    found += [(pair.source, "en") for pair in catalogs("fr").pairs[:300]]
    for language in ("en", "zh"):
        found += [(document.text, language) for document in sentiment(language)]
    return [text for text, _ in found], [language for _, language in found]


def course_topics(language: str) -> tuple[list[str], list[str]]:
    """Return the everyday sentences of a language with their topics.

    Args:
        language: ``"en"`` or ``"zh"``.

    Raises:
        ValueError: If there is no such language.
    """
    from companion.corpora import sentiment

    documents = list(sentiment(language))
    return [d.text for d in documents], [str(d.group) for d in documents]
