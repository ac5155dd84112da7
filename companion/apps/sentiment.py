"""Positive, negative or neutral: what a text feels, how sure that is, and which words say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import regex
from jaxtyping import Float

from companion.apps._artifact import read_artifact, write_artifact
from companion.apps._text import Language, checked_text, is_han, language_of
from companion.corpora import Corpus, Split, sentiment_split
from companion.corpora.polarity import polarity_words
from companion.models.temperature_scaling import fit_temperature, scaled
from companion.models.text_classifiers.bag_features import NgramFeatures, SparseRows
from companion.models.text_classifiers.naive_bayes import NaiveBayes, NaiveBayesConfig

KIND = "sentiment analyzer"
LABELS = ("negative", "neutral", "positive")
LANGUAGES: tuple[Language, ...] = ("en", "zh")

# A sentence ends behind its marks and the quotation marks that close on them, or with its line. A period ends one
# before white space only: 3.14 and os.path stay whole.
# Behind a closing quote, a small letter goes on with the sentence.
_SENTENCE = regex.compile(
    r".+?(?:[.!?…]+(?=\s)|[.!?…]+[\"'”’)]+(?=\s+[^\s\p{Ll}]|\s*$)|[。！？]+[”’」』）]*|\n|$)"
)
# A text without marks is cut all the same.
_LONGEST = 500
_SHOWN = 6
# How often the list of words is added to the training texts, each word as a text of its own.
_REPEATS = 2
# So many buckets that an unknown word hardly ever falls into one that is taken.
_CONFIG = NaiveBayesConfig(
    NgramFeatures(words=(1, 2), characters=None, buckets=2**30), alpha=0.5
)


@dataclass(frozen=True)
class Evidence:
    """A word, or two in a row, and how it weighed.

    Attributes:
        words: As they stand in the text, in small letters.
        weight: How much it adds to the logarithm of the label's probability, compared with the mean of all labels;
            below 0 if it speaks against the label.
    """

    words: str
    weight: float


@dataclass(frozen=True)
class SentenceSentiment:
    """What one sentence feels; the attributes are those of `Sentiment`."""

    text: str
    label: str
    probability: float
    probabilities: Mapping[str, float]


@dataclass(frozen=True)
class Sentiment:
    """What a text feels.

    Attributes:
        label: ``"positive"``, ``"negative"`` or ``"neutral"``. Without evidence it is ``"neutral"``.
        probability: That of the label.
        probabilities: Of each of the three, summing to 1.
        sentences: The same for every sentence; the probabilities of the text are their mean.
        evidence: The words that weighed most, the heaviest first. Empty if no word is known.
        language: ``"en"`` or ``"zh"``: the model that read it.
    """

    label: str
    probability: float
    probabilities: Mapping[str, float]
    sentences: tuple[SentenceSentiment, ...]
    evidence: tuple[Evidence, ...]
    language: str


class SentimentAnalyzer:
    """Naive Bayes on single words and pairs, one model a language, with calibrated probabilities.

    It has learned from some nine hundred everyday sentences and a short list of words in each language, and is right in
    six to seven of ten new sentences: chapter 21 measures it.

    Args:
        models: The classifier of each language.
        temperatures: What its log-probabilities are divided by, see `companion.models.temperature_scaling`.

    Example:
        >>> analyzer = SentimentAnalyzer.load()
        >>> analyzer.analyze("我今天很开心。").label
        'positive'
        >>> analyzer.analyze("The soup was cold and the waiter was rude.").label
        'negative'
    """

    def __init__(
        self,
        models: Mapping[Language, NaiveBayes],
        temperatures: Mapping[Language, float],
    ) -> None:
        self.models, self.temperatures = dict(models), dict(temperatures)

    @classmethod
    def fit(
        cls, examples: Mapping[Language, Split[Corpus]] | None = None
    ) -> SentimentAnalyzer:
        """Count the words of the training part and of a list; find the temperature on the validation part.

        Args:
            examples: For English and Chinese, documents whose label is one of the three; None is
                `companion.corpora.sentiment_split`. The test part is not looked at. `polarity_words` are added to the
                training part, each as a text.

        Returns:
            The analyzer.

        Raises:
            ValueError: If a language is missing, or its labels are not the three.
        """
        examples = examples or {k: sentiment_split(k) for k in LANGUAGES}
        models: dict[Language, NaiveBayes] = {}
        temperatures: dict[Language, float] = {}
        for language in LANGUAGES:
            if language not in examples:
                raise ValueError(
                    f"there are no examples for {language!r}: give a split for each of {', '.join(LANGUAGES)}"
                )
            split = examples[language]
            for part in (split.train, split.valid):
                found = {str(document.label) for document in part}
                if found != set(LABELS):
                    raise ValueError(
                        f"labels must be {', '.join(LABELS)}, each of them in training and validation, got "
                        f"{', '.join(sorted(found)) or 'none'}"
                    )
            model = _fit(*_examples(split.train), polarity_words(language))
            texts, labels = _examples(split.valid)
            y = np.array([LABELS.index(label) for label in labels])
            temperatures[language] = fit_temperature(_log_p(model, texts), y)
            models[language] = model
        return cls(models, temperatures)

    def analyze(self, text: str) -> Sentiment:
        """Tell what a text feels.

        Args:
            text: English or Chinese, of at most a million characters; a longer text than a sentence is read sentence
                by sentence.

        Returns:
            The label with its probability, sentence by sentence too, and the words that weighed most. Text in another
            language has no evidence, and is neutral with the probability of a guess.

        Raises:
            TypeError: If it is not a string.
            ValueError: If it is empty or too long.

        Example:
            >>> found = SentimentAnalyzer.load().analyze("I love this song. The bus was late and the driver was rude.")
            >>> [sentence.label for sentence in found.sentences]
            ['positive', 'negative']
        """
        text = checked_text(text)
        language = language_of(text)
        model, temperature = self.models[language], self.temperatures[language]
        sentences = sentences_of(text)
        counts = model.config.features.count(sentences).restricted(model.columns)
        p = scaled(_joint(model, counts), temperature)
        p_text = p.mean(axis=0)
        known = np.diff(counts.starts) > 0
        label = LABELS[int(p_text.argmax())] if known.any() else "neutral"
        return Sentiment(
            label,
            float(p_text[LABELS.index(label)]),
            _named(p_text),
            tuple(_sentences(sentences, p.tolist(), known.tolist())),
            self._evidence(model, temperature, sentences, counts, label),
            language,
        )

    def _evidence(
        self,
        model: NaiveBayes,
        temperature: float,
        sentences: list[str],
        counts: SparseRows,
        label: str,
    ) -> tuple[Evidence, ...]:
        """Return the n-grams that moved the label's score most, summed over the sentences and divided by them."""
        above = model.log_likelihood - model.log_likelihood.mean(axis=1, keepdims=True)
        per_count = above[:, LABELS.index(label)] / temperature / len(sentences)
        total = np.bincount(counts.columns, counts.values, minlength=counts.width)
        weight = total * per_count
        heaviest = np.argsort(-np.abs(weight), kind="stable")[:_SHOWN]
        found = []
        for place in heaviest[total[heaviest] > 0]:
            holder = int(counts.rows[np.argmax(counts.columns == place)])
            names = model.config.features.names([sentences[holder]])
            words = names[int(model.columns[place])][0].split(" + ")
            joined = (
                "".join(words)
                if all(is_han(word[0]) for word in words)
                else " ".join(words)
            )
            found.append(Evidence(joined, float(weight[place])))
        return tuple(found)

    def save(self, folder: str | Path) -> None:
        """Write both models and their temperatures.

        Args:
            folder: Where to; it is made if it is not there.
        """
        config: dict[str, Any] = {}
        arrays: dict[str, np.ndarray] = {}
        for language in LANGUAGES:
            about, numbers = self.models[language].state()
            config[language] = {
                "model": about,
                "temperature": self.temperatures[language],
            }
            arrays |= {f"{language}.{name}": array for name, array in numbers.items()}
        write_artifact(folder, KIND, config, arrays)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> SentimentAnalyzer:
        """Read what `save` wrote.

        Args:
            folder: Where from; None counts the words of the course's sentences, which takes less than a second.

        Returns:
            The analyzer.

        Raises:
            FileNotFoundError: If the folder does not hold one.
            ValueError: If a file is damaged, or holds something else.
        """
        if folder is None:
            return cls.fit()
        config, arrays = read_artifact(folder, KIND)
        models, temperatures = {}, {}
        for language in LANGUAGES:
            prefix = f"{language}."
            own = {
                k[len(prefix) :]: v for k, v in arrays.items() if k.startswith(prefix)
            }
            models[language] = NaiveBayes.from_state(config[language]["model"], own)
            temperatures[language] = float(config[language]["temperature"])
        return cls(models, temperatures)


def sentences_of(text: str) -> list[str]:
    """Cut a text into sentences, at their marks and at line breaks.

    Args:
        text: Any text with a character that is not white space.

    Returns:
        The sentences, without white space at their ends, of at most 500 characters each.

    Example:
        >>> sentences_of('He said "No!" and left. 好吃！下次再来。')
        ['He said "No!" and left.', '好吃！', '下次再来。']
    """
    pieces = []
    for line in text.split("\n"):
        for at in range(0, len(line), _LONGEST):
            pieces += _SENTENCE.findall(line[at : at + _LONGEST])
    return [piece.strip() for piece in pieces if piece.strip()]


def _examples(corpus: Corpus) -> tuple[list[str], list[str]]:
    documents = list(corpus)
    return [d.text for d in documents], [str(d.label) for d in documents]


def _fit(texts: list[str], labels: list[str], words: Mapping[str, str]) -> NaiveBayes:
    """Count sentences and words of known polarity; all classes are as probable before anything is read."""
    model = NaiveBayes.fit(
        [*texts, *list(words) * _REPEATS],
        [*labels, *list(words.values()) * _REPEATS],
        _CONFIG,
    )
    model.log_prior = np.log(np.full(len(LABELS), 1 / len(LABELS)))
    return model


def _joint(model: NaiveBayes, counts: SparseRows) -> Float[np.ndarray, "n classes"]:
    """Return log-probabilities up to a number for each text: no rounding to 0, as there is in probabilities."""
    joint: np.ndarray = model.log_prior + counts.times(model.log_likelihood)
    return joint


def _log_p(model: NaiveBayes, texts: list[str]) -> Float[np.ndarray, "n classes"]:
    return _joint(model, model.config.features.count(texts).restricted(model.columns))


def _named(p: Float[np.ndarray, " classes"]) -> dict[str, float]:
    return dict(zip(LABELS, p.tolist(), strict=True))


def _sentences(
    texts: list[str], p: list[list[float]], known: list[bool]
) -> Iterator[SentenceSentiment]:
    for text, row, any_known in zip(texts, p, known, strict=True):
        best = row.index(max(row)) if any_known else LABELS.index("neutral")
        named = dict(zip(LABELS, row, strict=True))
        yield SentenceSentiment(text, LABELS[best], row[best], named)
