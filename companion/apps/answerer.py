"""Answers questions by quoting a page, with its link, or says that it found nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float

from companion.apps._artifact import read_artifact, shipped, write_artifact
from companion.apps._lessons import Lesson, lessons
from companion.apps._library import Exercise, Library
from companion.apps._passages import Passage, passages
from companion.apps._reader_training import Found, read, train_reader
from companion.apps._text import checked_text
from companion.corpora import Document, Question, course, python_docs
from companion.metrics.answers import token_f1
from companion.models.span_reader import SpanReader, SpanReaderConfig

KIND = "question answerer"
MOST_CHARACTERS = 2_000


@dataclass(frozen=True)
class AnswererConfig:
    """How it is trained and used.

    Attributes:
        hidden: Width of the reader's hidden layer; 0 for a linear reader.
        steps: Steps of its training.
        lr: Its highest learning rate.
        retrieved: Number of passages that are read for a question.
        practice: Number of practice questions made from sentences, besides those from the glossary.
        folds: Parts of the questions for the confidence: each is answered by a reader that was trained on the others.
        seed: Of weights and batches.
    """

    hidden: int = 16
    steps: int = 150
    lr: float = 5e-3
    retrieved: int = 10
    practice: int = 100
    folds: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.steps, self.retrieved) < 1 or self.folds < 2 or self.hidden < 0:
            raise ValueError(
                "steps and retrieved must be at least 1, folds at least 2, hidden at least 0, got "
                f"{self.steps}, {self.retrieved}, {self.folds} and {self.hidden}"
            )


@dataclass(frozen=True)
class Answer:
    """What is answered.

    Attributes:
        question: The question, cleaned.
        found: Whether there is an answer; if not, the other fields tell what was nearest, and are not to be trusted.
        answer: The quotation; "" if nothing was found.
        context: The passage that it is quoted from.
        title: What the passage stands under.
        link: Where it can be read; relative to the book's site unless it is an address.
        confidence: Estimated probability that the answer is right.
    """

    question: str
    found: bool
    answer: str
    context: str
    title: str
    link: str
    confidence: float

    def __str__(self) -> str:
        if self.found:
            return f"{self.answer} [{self.title or self.link}: {self.link}]"
        return "not found: the pages of the course and Python's documentation do not seem to answer this"


@dataclass(frozen=True)
class Confidence:
    """From what the reader says to a probability that it is right.

    Attributes:
        weights: Of 1, of the log-probability of the span, and of that of no answer.
        threshold: Below this confidence nothing is answered.
    """

    weights: tuple[float, float, float]
    threshold: float

    def __call__(self, found: Found) -> float:
        """Return the estimated probability that what was found is right."""
        if found.passage is None:
            return 0.0
        a = float(np.dot(self.weights, _evidence(found)))
        return 1 / (1 + math.exp(-min(max(a, -50.0), 50.0)))


def _evidence(found: Found) -> Float[np.ndarray, "3"]:
    return np.array([1.0, max(found.log_span, -30.0), max(found.log_null, -30.0)])


def fit_confidence(
    found: Sequence[Found], right: Sequence[bool], refusable: Sequence[bool]
) -> Confidence:
    """Fit a logistic regression from a reader's log-probabilities to whether it was right, and choose a threshold.

    Args:
        found: What a reader said to questions that it was not trained on.
        right: Whether that was right.
        refusable: Whether saying nothing would have been right.

    Returns:
        The confidence; its threshold makes the most right decisions here: right answers and right refusals.

    Source: Platt (1999) for the logistic function of a score.
    """
    read_any = [i for i, one in enumerate(found) if one.passage is not None]
    x = np.array([_evidence(found[i]) for i in read_any]).reshape(-1, 3)
    y = np.array([right[i] for i in read_any], float)
    w = np.zeros(3)
    for _ in range(30):  # Newton's method, with a little weight decay
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + 0.1 * w
        curvature = (x * (p * (1 - p))[:, None]).T @ x + 0.1 * np.eye(3)
        w -= np.linalg.solve(curvature, gradient)
    confidence = Confidence((float(w[0]), float(w[1]), float(w[2])), 0.0)
    scores = np.array([confidence(one) for one in found])
    choices = np.unique(np.concatenate([[0.0], scores]))
    gains = [
        np.where(scores >= t, np.array(right), np.array(refusable)).sum()
        for t in choices
    ]
    return Confidence(confidence.weights, float(choices[int(np.argmax(gains))]))


def own_documents() -> list[Document]:
    """Return what is read if nothing else is given: the course's pages and Python's documentation.

    The chapter about this class and its exercises are left out: they quote questions, and would be found by them.
    """
    pages = [d for d in course() if "20-question-answering" not in d.id]
    return [*pages, *python_docs()]


def lesson_of(question: Question) -> Lesson:
    """Return a question of the question set as what a reader learns from."""
    best = frozenset(name for name, grade in question.relevant.items() if grade == 2)
    return Lesson(question.question, question.answers, best)


def is_right(answer: str, answers: Sequence[str]) -> bool:
    """Tell whether an answer counts as right: at least half of its tokens and of a right answer's, in balance (F1)."""
    return bool(answers) and token_f1(answer, answers) >= 0.5


class QuestionAnswerer:
    """Finds passages, reads them, and quotes an answer with its page, or says that it found none.

    Example:
        >>> answerer = QuestionAnswerer.load()
        >>> found = answerer.answer("什么是困惑度？")
        >>> found.link
        'glossary.html#term-perplexity'
    """

    def __init__(
        self,
        library: Library,
        reader: SpanReader,
        confidence: Confidence,
        config: AnswererConfig | None = None,
        own: bool = False,
    ) -> None:
        self.library, self.reader = library, reader
        self.confidence, self.config = confidence, config or AnswererConfig()
        self._own = own
        # What the reader was trained on, with the share of each group; nothing after load().
        self.trained_on: list[tuple[Sequence[Exercise], float]] = []

    @classmethod
    def fit(
        cls,
        asked: Sequence[Question],
        documents: Iterable[Document] | None = None,
        held_out: Sequence[Question] = (),
        config: AnswererConfig | None = None,
        device: torch.device | str = "cpu",
    ) -> QuestionAnswerer:
        """Train a reader on questions, and on practice questions that are made from the documents.

        Args:
            asked: Questions with answers, and some without, e.g. the part dev of `companion.corpora.questions`.
            documents: What is read; None stands for the course's pages and Python's documentation.
            held_out: Questions for a test: no practice question is made from the documents that answer them.
            config: How.
            device: Where it is trained.

        Returns:
            The answerer.

        Raises:
            ValueError: If there is no document, or fewer than two questions.
        """
        config = config or AnswererConfig()
        if len(asked) < config.folds:
            raise ValueError(
                f"at least {config.folds} questions are needed to train and to choose a threshold, got {len(asked)}"
            )
        given = own_documents() if documents is None else documents
        library = Library(passages(given))
        excluded = frozenset(name for q in held_out for name in q.relevant)
        practice, without = cls._practice(library, excluded, config)
        own = [library.exercise(lesson_of(q), config.retrieved) for q in asked]
        others = [(g, share) for g, share in ((practice, 0.8), (without, 0.5)) if g]

        def train(chosen: Sequence[Exercise]) -> SpanReader:
            rest = config.hidden, config.steps, config.lr, config.seed, device
            return train_reader([(chosen, 1.0), *others], *rest)

        found: list[Found] = [Found(None)] * len(own)
        for fold in range(config.folds):
            mine = range(fold, len(own), config.folds)
            reader = train([e for i, e in enumerate(own) if i not in mine])
            for i in mine:
                found[i] = read(reader, own[i])
        right = [
            is_right(f.answer, q.answers) for f, q in zip(found, asked, strict=True)
        ]
        confidence = fit_confidence(found, right, [not q.answerable for q in asked])
        made = cls(library, train(own).cpu(), confidence, config, documents is None)
        made.trained_on = [(own, 1.0), *others]
        return made

    @staticmethod
    def _practice(
        library: Library, excluded: frozenset[str], config: AnswererConfig
    ) -> tuple[list[Exercise], list[Exercise]]:
        """Practice questions, and some of them without the documents that answer them."""
        made = lessons(library.passages, excluded, config.practice)
        k = config.retrieved
        found = [library.exercise(lesson, k) for lesson in made]
        without = [
            library.exercise(Lesson(one.question, (), frozenset()), k, one.documents)
            for one in made[::3]
        ]
        return [e for e in found if e.answered], [e for e in without if e.tokens]

    def answer(self, question: str) -> Answer:
        """Answer a question.

        Args:
            question: In English or Chinese, at most 2,000 characters.

        Returns:
            The answer; `found` says whether there is one.

        Raises:
            TypeError: If the question is not a string.
            ValueError: If it is empty or too long.
        """
        asked = checked_text(question, MOST_CHARACTERS, "question")
        lesson = Lesson(asked, (), frozenset())
        found = read(self.reader, self.library.exercise(lesson, self.config.retrieved))
        if found.passage is None:
            return Answer(asked, False, "", "", "", "", 0.0)
        sure = self.confidence(found)
        if sure < self.confidence.threshold:
            return Answer(asked, False, "", "", "", "", sure)
        passage = found.passage
        return Answer(
            asked, True, found.answer, passage.text, passage.title, passage.link, sure
        )

    def save(self, folder: str | Path) -> None:
        """Write the reader and its threshold into a folder, and the passages unless they are the course's own.

        Args:
            folder: Where to; it is made if it is not there.
        """
        config = {
            "answerer": asdict(self.config),
            "reader": asdict(self.reader.config),
            "weights": list(self.confidence.weights),
            "threshold": self.confidence.threshold,
            "passages": None
            if self._own
            else [
                [p.document, p.link, p.title, p.text, p.kind]
                for p in self.library.passages
            ],
        }
        arrays = {n: t.numpy() for n, t in self.reader.cpu().state_dict().items()}
        write_artifact(folder, KIND, config, arrays)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> QuestionAnswerer:
        """Read what `save` wrote; passages of the course are taken from its pages as they are now.

        Args:
            folder: Where from; None is the one that comes with the package.

        Returns:
            The answerer.

        Raises:
            FileNotFoundError: If a file is missing.
            ValueError: If a file is damaged, or it is something else.
        """
        folder = shipped("answerer", "chapter 20") if folder is None else folder
        config, arrays = read_artifact(folder, KIND)
        reader = SpanReader(SpanReaderConfig(**config["reader"]))
        try:
            reader.load_state_dict({n: torch.from_numpy(a) for n, a in arrays.items()})
        except RuntimeError as error:
            raise ValueError(
                f"the weights in {folder} do not fit this version of the package: train it again with fit() ({error})"
            ) from error
        own = config["passages"] is None
        found = (
            passages(own_documents())
            if own
            else [Passage(*fields) for fields in config["passages"]]
        )
        first, second, third = config["weights"]
        confidence = Confidence((first, second, third), config["threshold"])
        settings = AnswererConfig(**config["answerer"])
        return cls(Library(found), reader.eval(), confidence, settings, own)
