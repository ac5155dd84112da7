"""Greedy and beam search, for any model that can go on from a state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor


@runtime_checkable
class SearchState(Protocol):
    """What a model hands from step to step: rows can be taken out of it."""

    def select(self, rows: Tensor) -> Any:
        """Return the rows with these numbers, in this order."""
        ...


# Reads one token a row, shape [rows], and returns log-probabilities, shape [rows, vocab], and the next state.
Advance = Callable[[Tensor, Any], tuple[Tensor, Any]]


@dataclass(frozen=True)
class Hypothesis:
    """A text that a search found.

    Attributes:
        tokens: Its token ids, without the tokens for beginning and end.
        log_prob: Its log-probability, the end token included, in nats.
        finished: Whether the model wrote the end token; False if the search stopped at the greatest length.
    """

    tokens: tuple[int, ...]
    log_prob: float
    finished: bool

    def score(self, length_penalty: float) -> float:
        """Return the log-probability divided by the number of tokens, end token included, to the given power."""
        length = len(self.tokens) + self.finished
        return float(self.log_prob / max(length, 1) ** length_penalty)


def _check(bos: int, eos: int, max_length: int) -> None:
    if max_length < 1:
        raise ValueError(f"max_length must be at least 1, got {max_length}")
    if bos < 0 or eos < 0:
        raise ValueError(f"bos and eos are token ids, got {bos} and {eos}")


def greedy_search(
    advance: Advance, state: SearchState, rows: int, bos: int, eos: int, max_length: int
) -> list[Hypothesis]:
    """Write the most probable token at each step, for many texts side by side.

    Args:
        advance: Reads one token a row and returns log-probabilities, shape [rows, vocab], and the next state.
        state: The state to begin from.
        rows: Number of texts.
        bos: Id of the token for the beginning.
        eos: Id of the token for the end.
        max_length: Greatest number of tokens, without the end token.

    Returns:
        One hypothesis a row.

    Raises:
        ValueError: If ``max_length`` or ``rows`` is below 1.
    """
    _check(bos, eos, max_length)
    if rows < 1:
        raise ValueError(f"rows must be at least 1, got {rows}")
    written: list[list[int]] = [[] for _ in range(rows)]
    totals = [0.0] * rows
    finished = [False] * rows
    last = torch.full((rows,), bos)
    for step in range(max_length + 1):
        with torch.no_grad():
            logs, state = advance(last, state)
        best, last = logs.max(-1)
        for row, (value, token) in enumerate(
            zip(best.tolist(), last.tolist(), strict=True)
        ):
            if finished[row] or (step == max_length and token != eos):
                continue
            totals[row] += value
            if token == eos:
                finished[row] = True
            else:
                written[row].append(token)
        if all(finished):
            break
    return [
        Hypothesis(tuple(tokens), total, done)
        for tokens, total, done in zip(written, totals, finished, strict=True)
    ]


def beam_search(
    advance: Advance,
    state: SearchState,
    bos: int,
    eos: int,
    max_length: int,
    beam: int = 4,
    length_penalty: float = 0.0,
) -> list[Hypothesis]:
    """Keep the best few beginnings at each step, for one text.

    A hypothesis that ends is set aside, and takes its place in the beam with it; the search stops when all places are
    taken or the greatest length is reached. With ``beam=1`` it is greedy search.

    Args:
        advance: Reads one token a row and returns log-probabilities, shape [rows, vocab], and the next state.
        state: The state to begin from, of one row.
        bos: Id of the token for the beginning.
        eos: Id of the token for the end.
        max_length: Greatest number of tokens, without the end token.
        beam: Number of beginnings that are kept.
        length_penalty: 0 ranks by log-probability, which favors short texts; 1 by log-probability a token.

    Returns:
        At most ``beam`` hypotheses, best first.

    Raises:
        ValueError: If ``beam`` or ``max_length`` is below 1.

    Source: Lowerre (1976); for translation: Sutskever, Vinyals & Le (2014), section 3.2.
    """
    _check(bos, eos, max_length)
    if beam < 1:
        raise ValueError(f"beam must be at least 1, got {beam}; 1 is greedy search")
    alive: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    done: list[Hypothesis] = []
    last = torch.tensor([bos])
    for step in range(max_length + 1):
        with torch.no_grad():
            logs, state = advance(last, state)
        totals = logs.double() + torch.tensor(
            [total for _, total in alive], dtype=torch.float64, device=logs.device
        ).unsqueeze(1)
        width, vocab = beam - len(done), logs.shape[1]
        values, places = totals.flatten().topk(min(width, totals.numel()))
        chosen: list[tuple[tuple[int, ...], float]] = []
        rows: list[int] = []
        for value, place in zip(values.tolist(), places.tolist(), strict=True):
            row, token = divmod(place, vocab)
            if token == eos:
                done.append(Hypothesis(alive[row][0], value, True))
            elif step < max_length:
                chosen.append(((*alive[row][0], token), value))
                rows.append(row)
            else:
                tokens, total = alive[row]
                done.append(Hypothesis(tokens, total, False))
        alive = chosen
        if not alive:
            break
        last = torch.tensor([tokens[-1] for tokens, _ in alive], device=logs.device)
        state = state.select(torch.tensor(rows, device=logs.device))
    # At the greatest length one beginning may have been cut twice.
    unique = {(text.tokens, text.finished): text for text in done}.values()
    return sorted(unique, key=lambda text: -text.score(length_penalty))
