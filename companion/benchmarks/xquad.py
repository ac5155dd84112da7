"""Reading comprehension in English and Chinese: XQuAD."""

from __future__ import annotations

import json
import time

import numpy as np
import torch

from companion.apps._lessons import Lesson
from companion.apps._library import Library
from companion.apps._passages import passages
from companion.apps._reader_training import read as read_span
from companion.apps.answerer import QuestionAnswerer
from companion.benchmarks.data import fetch
from companion.benchmarks.report import Figure, Report, Say, with_interval
from companion.corpora import Document
from companion.metrics.answers import exact_match, token_f1
from companion.metrics.resampling import bootstrap_interval

# A paragraph of the data, and its questions with their answers.
Paragraph = tuple[str, list[tuple[str, list[str]]]]


def paragraphs(language: str) -> list[Paragraph]:
    """Return the 240 paragraphs of a language, ``"en"`` or ``"zh"``, with their 1,190 questions."""
    path = fetch(f"xquad/xquad.{language}.json")
    found = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            asked = [
                (q["question"], [answer["text"] for answer in q["answers"]])
                for q in paragraph["qas"]
            ]
            found.append((paragraph["context"], asked))
    return found


def run(say: Say, device: torch.device) -> Report:
    """Let the reader of chapter 20, trained on the course's own questions, read what it has never seen.

    Args:
        say: Called with a line about what is going on.
        device: Not used: the reader is small.
    """
    reader = QuestionAnswerer.load().reader
    figures = []
    for language, name in (("en", "English"), ("zh", "Chinese")):
        started = time.perf_counter()
        quoted, nearest = [], []
        for text, asked in paragraphs(language):
            library = Library(passages([Document("paragraph", text)]))
            for question, answers in asked:
                lesson = Lesson(question, (), frozenset())
                exercise = library.exercise(lesson, k=len(library.passages))
                span = read_span(reader, exercise).answer if exercise.tokens else ""
                best = exercise.found[0].text if exercise.found else ""
                quoted.append((token_f1(span, answers), exact_match(span, answers)))
                nearest.append((token_f1(best, answers), exact_match(best, answers)))
        minutes = (time.perf_counter() - started) / 60
        for system, rows in (
            ("the best passage by BM25, whole", nearest),
            ("the reader of chapter 20, as it is", quoted),
        ):
            scores = np.array(rows)
            interval = bootstrap_interval(
                scores[:, 0], generator=np.random.default_rng(0)
            )
            exact = 100 * scores[:, 1].mean()
            figures.append(
                with_interval(
                    f"{name}: {system}",
                    interval,
                    100,
                    minutes,
                    f"exact match {exact:.1f}",
                )
            )
            say(f"{name}, {system}: F1 {figures[-1].value:.1f}, exact {exact:.1f}")
    published = [
        Figure(
            f"{language}: {system}",
            f1,
            source="artetxe2020xquad",
            note=f"exact match {exact}; trained on 87,599 English questions",
        )
        for language, system, f1, exact in (
            ("English", "multilingual BERT", 83.5, 72.2),
            ("Chinese", "multilingual BERT", 58.0, 48.3),
        )
    ]
    return Report(
        name="xquad",
        title="XQuAD, English and Chinese",
        data="1,190 questions about 240 paragraphs in each language; the paragraph is given; nothing of the data was "
        "trained on or chosen by",
        metric="F1 of tokens (percent)",
        figures=[*figures, *published],
        why="The course's reader has some two thousand weights over hand-made features, and has learned from questions "
        "about this book and about Python. It finds the sentence by the words it shares with the question; what the "
        "words mean it does not know. The others start from an encoder that has read encyclopedias in a hundred "
        "languages, and then learn from ninety thousand questions of the very kind that is asked.",
        machine="",
    )
