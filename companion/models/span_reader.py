"""An extractive reader: where in some passages an answer begins and ends, or that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


@dataclass(frozen=True)
class SpanReaderConfig:
    """Shape of a reader.

    Attributes:
        features: Numbers that describe a token, d_f.
        kinds: Kinds of questions, K.
        null_features: Numbers that describe a question with all its passages, d_q.
        hidden: Width of the hidden layer, d_h; 0 for a linear reader, which sees each token by itself.
        width: Number of tokens that the hidden layer sees at once; odd.
        dropout: Share of hidden numbers that training sets to zero.
    """

    features: int
    kinds: int
    null_features: int
    hidden: int = 32
    width: int = 5
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if (
            min(self.features, self.null_features) < 1
            or min(self.hidden, self.kinds) < 0
        ):
            raise ValueError(
                "features and null_features must be at least 1, hidden and kinds at least 0, got "
                f"{self.features}, {self.null_features}, {self.hidden} and {self.kinds}"
            )
        if self.width < 1 or self.width % 2 == 0:
            raise ValueError(
                f"width must be odd, so that a token stands in the middle, got {self.width}"
            )


class Batch(NamedTuple):
    """Questions with their passages, as numbers.

    Attributes:
        features: Of each token, [passages, tokens, features]; the passages of one question after those of another.
        mask: True where a token stands, [passages, tokens].
        kinds: Of each passage's question, 1 for each kind that it is of, [passages, kinds].
        null: Of each question with all its passages, [questions, null_features].
        owner: Number of passages of each question.
    """

    features: Float[Tensor, "passages tokens features"]
    mask: Bool[Tensor, "passages tokens"]
    kinds: Float[Tensor, "passages kinds"]
    null: Float[Tensor, "questions null_features"]
    owner: tuple[int, ...]


class Reading(NamedTuple):
    """Log-probabilities of where the answer of one question begins and ends.

    Attributes:
        start: For each token of each passage, [passages, tokens]; minus infinity at the padding.
        end: Likewise.
        null_start: That no passage holds it, as seen by the start; a number.
        null_end: Likewise by the end.
    """

    start: Float[Tensor, "passages tokens"]
    end: Float[Tensor, "passages tokens"]
    null_start: Float[Tensor, ""]
    null_end: Float[Tensor, ""]


class Span(NamedTuple):
    """A run of tokens of one passage.

    Attributes:
        passage: Number of the passage.
        first: Place of its first token.
        last: Place of its last token.
        log_prob: Logarithm of the probability of its start times that of its end.
    """

    passage: int
    first: int
    last: int
    log_prob: float


class SpanReader(nn.Module):
    """Scores each token as the start and as the end of an answer, and the question as one without.

    The kind of the question chooses the weights: those of its kinds are added to those that all questions share. One
    softmax runs over all tokens of all passages and over the case that there is no answer, so that passages compete.

    Args:
        config: The shape.

    Source: start and end: Devlin et al. (2019), section 4.2; the case of no answer beside the tokens: section 4.3; one
        softmax over all passages: Clark & Gardner (2018), section 3.
    """

    def __init__(self, config: SpanReaderConfig) -> None:
        super().__init__()
        self.config = config
        width = config.hidden or 2
        self.weight = nn.Parameter(
            torch.zeros(1 + config.kinds, config.features, width)
        )
        if config.hidden:
            nn.init.normal_(self.weight[0], std=config.features**-0.5)
            self.look = nn.Conv1d(width, width, config.width, padding="same")
            self.dropout = nn.Dropout(config.dropout)
            self.ends = nn.Linear(width, 2)
        self.null = nn.Linear(config.null_features, 1)
        nn.init.zeros_(self.null.weight)

    def forward(self, batch: Batch) -> list[Reading]:
        """Read the passages of several questions.

        Args:
            batch: The questions.

        Returns:
            One reading a question.

        Raises:
            ValueError: If the numbers of passages do not fit.
        """
        if sum(batch.owner) != len(batch.features) or len(batch.owner) != len(
            batch.null
        ):
            raise ValueError(
                f"{len(batch.features)} passages and {len(batch.null)} questions do not fit owner={batch.owner}"
            )
        shared = torch.ones_like(batch.kinds[:, :1])
        chosen = torch.einsum(
            "pk,kfd->pfd", torch.cat([shared, batch.kinds], 1), self.weight
        )
        logits = batch.features @ chosen
        if self.config.hidden:
            h = torch.relu(logits) * batch.mask[..., None]
            around = torch.relu(self.look(h.transpose(1, 2)).transpose(1, 2))
            logits = self.ends(self.dropout(h + around))
        logits = logits.masked_fill(~batch.mask[..., None], -torch.inf)
        readings = []
        for own, none in zip(
            logits.split(batch.owner), self.null(batch.null), strict=True
        ):
            both = torch.cat([none.expand(1, 2), own.flatten(0, 1)]).log_softmax(0)
            start, end = (part.view(own.shape[:2]) for part in both[1:].unbind(1))
            readings.append(Reading(start, end, both[0, 0], both[0, 1]))
        return readings


def span_loss(
    reading: Reading,
    starts: Bool[Tensor, "passages tokens"],
    ends: Bool[Tensor, "passages tokens"],
) -> Float[Tensor, ""]:
    """Return how surprised a reading is by the answer, in nats.

    Args:
        reading: What the reader says.
        starts: True where a right answer begins, [passages, tokens]; nowhere if no passage holds one.
        ends: True where one ends.

    Returns:
        Minus the mean of the log-probabilities of all right starts together and of all right ends together.
    """
    if not starts.any():
        return -(reading.null_start + reading.null_end) / 2
    first = torch.logsumexp(reading.start[starts], 0)
    last = torch.logsumexp(reading.end[ends], 0)
    return -(first + last) / 2


def best_span(reading: Reading, max_length: int = 30) -> Span:
    """Find the most probable span: it ends where it starts or later, and is not too long.

    Args:
        reading: What the reader says.
        max_length: Greatest number of tokens.

    Returns:
        The span.

    Raises:
        ValueError: If the length is below 1.
    """
    if max_length < 1:
        raise ValueError(f"max_length must be at least 1, got {max_length}")
    start, end = reading.start.detach(), reading.end.detach()
    best = Span(0, 0, 0, -float("inf"))
    # One length after the other: all spans of a length at once.
    for length in range(1, min(max_length, start.shape[1]) + 1):
        together = start[:, : start.shape[1] - length + 1] + end[:, length - 1 :]
        value, place = together.flatten().max(0)
        if float(value) > best.log_prob:
            passage, first = divmod(int(place), together.shape[1])
            best = Span(passage, first, first + length - 1, float(value))
    return best
