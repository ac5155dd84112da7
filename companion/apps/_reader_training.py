"""Training a span reader, and asking it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from companion.apps._library import Exercise
from companion.apps._passages import Passage
from companion.apps._reading import KINDS, NULL_FEATURES, TOKEN_FEATURES
from companion.models.span_reader import (
    Batch,
    SpanReader,
    SpanReaderConfig,
    best_span,
    span_loss,
)
from companion.training.optimizers import AdamW
from companion.training.schedules import cosine, warmup
from companion.training.trainer import Trainer, TrainingConfig

MOST_WORDS = 30


@dataclass(frozen=True)
class Found:
    """What a reader quotes.

    Attributes:
        passage: Where from; None if nothing was found to read.
        start: Place of the first character in its text.
        stop: Place after the last one.
        log_span: Logarithm of the probability of start and end together.
        log_null: Logarithm of the probability that there is no answer, by start and end together.
    """

    passage: Passage | None
    start: int = 0
    stop: int = 0
    log_span: float = -math.inf
    log_null: float = 0.0

    @property
    def answer(self) -> str:
        """The quotation."""
        return self.passage.text[self.start : self.stop] if self.passage else ""


def collate(
    exercises: Sequence[Exercise], device: torch.device | str = "cpu"
) -> tuple[Batch, Tensor, Tensor]:
    """Put questions with their passages side by side, filled up to the longest.

    Args:
        exercises: Questions, each with at least one passage.
        device: Where to.

    Returns:
        The batch, and where answers start and end, [passages, tokens] each.
    """
    rows = [
        (tokens, start, end, one.query.kinds)
        for one in exercises
        for tokens, start, end in zip(one.tokens, one.starts, one.ends, strict=True)
    ]
    size = (len(rows), max(len(tokens) for tokens, *_ in rows))
    features = np.zeros((*size, TOKEN_FEATURES), np.float32)
    mask, starts, ends = (np.zeros(size, bool) for _ in range(3))
    for i, (tokens, start, end, _) in enumerate(rows):
        n = len(tokens)
        features[i, :n], mask[i, :n] = tokens, True
        starts[i, :n], ends[i, :n] = start, end
    kinds = np.array([kinds for *_, kinds in rows], np.float32)
    null = np.stack([one.null for one in exercises])
    features, mask, kinds, null, starts, ends = (
        torch.from_numpy(array).to(device)
        for array in (features, mask, kinds, null, starts, ends)
    )
    owner = tuple(len(one.tokens) for one in exercises)
    return Batch(features, mask, kinds, null, owner), starts, ends


def _loss(reader: SpanReader, item: tuple[Batch, Tensor, Tensor]) -> Tensor:
    batch, starts, ends = item
    marks = zip(starts.split(batch.owner), ends.split(batch.owner), strict=True)
    losses = [
        span_loss(r, s, e) for r, (s, e) in zip(reader(batch), marks, strict=True)
    ]
    return torch.stack(losses).mean()


def train_reader(
    groups: Sequence[tuple[Sequence[Exercise], float]],
    hidden: int = 32,
    steps: int = 200,
    lr: float = 5e-3,
    seed: int = 0,
    device: torch.device | str = "cpu",
) -> SpanReader:
    """Train a reader.

    Args:
        groups: Exercises, and how often a batch draws from each group.
        hidden: Width of its hidden layer; 0 for a linear reader.
        steps: Batches of 12 questions.
        lr: Highest learning rate.
        seed: Of the weights and of the batches.
        device: Where it is trained.

    Returns:
        The reader, in evaluation mode.
    """
    pool = [one for group, _ in groups for one in group if one.tokens]
    weights = np.concatenate(
        [
            np.full(n, share / n)
            for group, share in groups
            if (n := sum(bool(one.tokens) for one in group))
        ]
    )
    weights /= weights.sum()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        reader = SpanReader(
            SpanReaderConfig(TOKEN_FEATURES, len(KINDS), NULL_FEATURES, hidden)
        ).to(device)

        def batch(step: int) -> tuple[Batch, Tensor, Tensor]:
            rng = np.random.default_rng([seed, step])
            drawn = rng.choice(len(pool), 12, p=weights)
            return collate([pool[i] for i in drawn], device)

        Trainer(
            reader,
            AdamW(reader.parameters(), lr=lr),
            _loss,
            batch,
            TrainingConfig(steps=steps),
            warmup(10, cosine(steps - 10, 0.02)),
        ).fit()
    trained: SpanReader = reader.eval()
    return trained


def read(reader: SpanReader, exercise: Exercise, max_length: int = MOST_WORDS) -> Found:
    """Let a reader answer one question.

    Args:
        reader: The reader.
        exercise: The question with its passages.
        max_length: Greatest number of tokens of an answer.

    Returns:
        What it quotes.
    """
    if not exercise.tokens:
        return Found(None)
    device = next(reader.parameters()).device
    with torch.no_grad():
        reading = reader(collate([exercise], device)[0])[0]
    span = best_span(reading, max_length)
    passage = exercise.found[span.passage]
    null = float(reading.null_start + reading.null_end)
    return Found(
        passage,
        passage.tokens[span.first][0],
        passage.tokens[span.last][1],
        span.log_prob,
        null,
    )
