"""What somebody wants from a chat bot: an intent with its probability, or the honest finding that none fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from companion.apps._artifact import read_artifact, write_artifact
from companion.corpora import Document
from companion.corpora.intents import OTHER, utterance_split
from companion.models.text_classifiers.logistic_regression import LogisticRegression

_KIND = "intents"
_KEYWORDS = {
    "thanks": r"\bthanks?\b|\bthankful|appreciate|谢",
    "goodbye": r"\b(good)?bye\b|\bgood night|\bsee you\b|\bleave\b|再见|拜拜|晚安|我走|下次",
    "name": r"\bcall me\b|\bmy name('s| is)\b(?!.*\?)|\bcalled\b|我叫(?!什么)|叫我",
    "recall": r"\bmy name\b|\bagain\b|\brepeat|\bremember\b|\bdid (i|you)\b|我叫什么|再(说|讲)|重复|刚才|记得",
    "calculate": r"\d\s*[-+*/×]|\bplus\b|\btimes\b|\bminus\b|\bdivide|\bcalculate\b|\bcompute\b|"
    r"[加减乘除]|等于|计算|平方",
    "date": r"\b(to)?day\b|\bdate\b|\bmonth\b|\byear\b|\byesterday\b|\btomorrow\b|"
    r"几号|星期|日期|几月|周[一二三四五六日]",
    "time": r"\btime\b|\bclock\b|\bo'clock\b|\bhour\b|几点|时间|钟",
    "write": r"\bwrite\b|\bwriting\b|\bcontinue\b|\bsentence\b|\bstory\b|\bgenerate\b|写|编|续|生成",
    "mood": r"\bfeel|\bhow are you\b|\bi'?m (so |very )?(happy|sad|tired)\b|开心|难过|高兴|心情|感觉|累",
    "help": r"\bhelp\b|\bcan you do\b|\bare you\b|\bwho (are|made)\b|帮|你是|你能做|会做",
    "course": r"\bexplain\b|\bwhat (is|does|are)\b|\bwhy\b|\bhow (does|do)\b|\bchapter\b|什么是|解释|怎么|为什么|章",
    "greet": r"\bhello\b|\bhi\b|\bhey\b|\bgood (morning|evening|afternoon)\b|你好|您好|早上好|晚上好|嗨",
}  # fmt: skip
_KEYWORD_RULES = {
    intent: re.compile(pattern, re.IGNORECASE) for intent, pattern in _KEYWORDS.items()
}


def keyword_intent(text: str) -> str:
    """Return the first intent of a list whose keywords occur in the text, the way chat bots are often begun.

    Args:
        text: What somebody said.

    Returns:
        One of `companion.corpora.intents.INTENTS`, or ``"other"`` if no keyword occurs.

    Source: Weizenbaum (1966), for keywords in an order of rank.

    Example:
        >>> keyword_intent("What time is it?"), keyword_intent("What is the time complexity of attention?")
        ('time', 'time')
    """
    for intent, rule in _KEYWORD_RULES.items():
        if rule.search(text):
            return intent
    return OTHER


@dataclass(frozen=True)
class Understanding:
    """What an utterance was taken for.

    Attributes:
        intent: The most probable intent that can be served.
        confidence: Its probability.
        accepted: Whether the confidence reaches the threshold.
    """

    intent: str
    confidence: float
    accepted: bool


def best_threshold(
    confidence: Float[np.ndarray, " n"],
    right: Bool[np.ndarray, " n"],
    servable: Bool[np.ndarray, " n"],
) -> float:
    """Choose the confidence from which on an answer is given.

    Args:
        confidence: Of each utterance, shape [n].
        right: Whether the intent would be right, shape [n].
        servable: Whether it is something that can be served at all, shape [n].

    Returns:
        The threshold with the highest mean of two shares: of what can be served, what is accepted and right; of the
        rest, what is refused. Between two confidences, in the middle.

    Raises:
        ValueError: If all can be served, or none.

    Example:
        >>> best_threshold(np.array([0.9, 0.8, 0.3]), np.array([True, True, False]), np.array([True, True, False]))
        0.55
    """
    if servable.all() or not servable.any():
        raise ValueError(
            "a threshold needs examples of both kinds: what can be served, and what cannot"
        )
    seen = np.unique(confidence)
    tried = np.concatenate([[0.0], (seen[1:] + seen[:-1]) / 2])
    gains = [
        (right & (confidence >= t))[servable].mean()
        + (confidence < t)[~servable].mean()
        for t in tried
    ]
    return float(tried[int(np.argmax(gains))])


class IntentModel:
    """Logistic regression on n-grams of words and characters, with a threshold below which it does not know.

    Args:
        classifier: Gives every intent its probability.
        threshold: The least probability with which an intent is accepted.

    Example:
        >>> model = course_intents()
        >>> model.understand("今天星期几？").intent, model.understand("明天天气怎么样？").accepted
        ('date', False)
    """

    def __init__(self, classifier: LogisticRegression, threshold: float) -> None:
        self.classifier, self.threshold = classifier, threshold

    @classmethod
    def fit(
        cls,
        train: Iterable[Document],
        valid: Iterable[Document],
        refusals: bool = True,
    ) -> IntentModel:
        """Fit the classifier, and choose the threshold.

        Args:
            train: Utterances with their intents as labels; ``"other"`` is a class like the rest.
            valid: Others, those that cannot be served (``"other"``) among them.
            refusals: Whether to learn from the utterances of the class ``"other"``; if not, only the threshold is left
                to refuse with.

        Returns:
            The model.

        Raises:
            ValueError: If there are fewer than two intents, or nothing in `valid` is, or all is, to be refused.
        """
        seen = [d for d in train if refusals or d.label != OTHER]
        classifier = LogisticRegression.fit(
            [d.text for d in seen], [str(d.label) for d in seen]
        )
        held = list(valid)
        model = cls(classifier, 0.0)
        found = model.understand_all([d.text for d in held])
        confidence = np.array([u.confidence for u in found])
        right = np.array(
            [u.intent == d.label for u, d in zip(found, held, strict=True)]
        )
        servable = np.array([d.label != OTHER for d in held])
        model.threshold = best_threshold(confidence, right, servable)
        return model

    def understand(self, text: str) -> Understanding:
        """Return what a text is taken for."""
        return self.understand_all([text])[0]

    def understand_all(self, texts: Sequence[str]) -> list[Understanding]:
        """Return what each of several texts is taken for."""
        probs = self.classifier.predict_proba(texts)
        classes = self.classifier.classes
        if OTHER in classes:
            probs = np.delete(probs, classes.index(OTHER), axis=1)
            classes = tuple(c for c in classes if c != OTHER)
        return [
            Understanding(classes[k], float(p[k]), bool(p[k] >= self.threshold))
            for k, p in zip(probs.argmax(1), probs, strict=True)
        ]

    def save(self, folder: str | Path) -> None:
        """Write the model into a folder."""
        config, arrays = self.classifier.state()
        content = {"threshold": self.threshold, "classifier": config}
        write_artifact(folder, _KIND, content, arrays)

    @classmethod
    def load(cls, folder: str | Path) -> IntentModel:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: If there is nothing in the folder.
            ValueError: If it is damaged, or something else.
        """
        config, arrays = read_artifact(folder, _KIND)
        classifier = LogisticRegression.from_state(config["classifier"], arrays)
        return cls(classifier, float(config["threshold"]))


@lru_cache
def course_intents(whole: bool = False) -> IntentModel:
    """Return the model fitted on the course's utterances, in both languages; it takes half a second.

    Args:
        whole: Whether to fit on the validation and the test part, too: for use, not to be measured. The threshold is
            then that of the model which has not seen them.
    """
    splits = [utterance_split(language) for language in ("en", "zh")]
    valid = [d for split in splits for d in split.valid]
    train = [d for split in splits for d in split.train]
    if not whole:
        return IntentModel.fit(train, valid)
    test = [d for split in splits for d in split.test]
    fitted = IntentModel.fit([*train, *valid, *test], valid)
    return IntentModel(fitted.classifier, course_intents().threshold)
