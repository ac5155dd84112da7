"""Beam search for language models: a beam that keeps its width, as it is most often run today."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal

import numpy as np
import torch

from companion.decoding.search import Hypothesis
from companion.decoding.states import check_tokens, new_state, stop_set


def beam_generate(
    model: Any,
    context: Sequence[int] | np.ndarray = (),
    length: int = 100,
    beam: int = 4,
    length_penalty: float = 1.0,
    stop: int | Collection[int] = (),
    early_stopping: bool | Literal["never"] = False,
) -> list[Hypothesis]:
    """Search for the continuation with the best log-probability, divided by a power of its length.

    Unlike `companion.decoding.beam_search`, the beam stays ``beam`` wide: a text that ends is set aside, and another
    takes its place. That is the search of transformers' ``generate(num_beams=...)``, with the same defaults; the
    length counts the new tokens, the stop token included.

    Args:
        model: Any language model of the course.
        context: The tokens to go on from.
        length: Most tokens to write, the stop token included.
        beam: Number of beginnings that are kept.
        length_penalty: Power of the length; 0 ranks by log-probability, 1 by log-probability a token.
        stop: Token ids that end a text.
        early_stopping: True ends the search when ``beam`` texts have ended; False when the best beginning, at its
            present length, is no better than the worst of them; "never" when it cannot become better.

    Returns:
        At most ``beam`` hypotheses, best first; their tokens are without the stop token.

    Raises:
        ValueError: If ``beam`` or ``length`` is below 1, or the context is empty and the model needs one.
        ContextOverflow: If the text does not fit into the model's context.

    Source: Wolf et al. (2020), the library transformers; the penalty: Wu et al. (2016), section 7.
    """
    if beam < 1:
        raise ValueError(f"beam must be at least 1, got {beam}; 1 is greedy search")
    if length < 1:
        raise ValueError(f"length must be at least 1, got {length}")
    stops = stop_set(stop)
    tokens = check_tokens(context, int(model.vocab_size))
    state = new_state(model, length=len(tokens) + length)
    if tokens:
        logits = state.read(torch.tensor([tokens]), last=True)[:, -1]
    elif state.needs_context:
        raise ValueError(
            "the context is empty, and this model has no token for the beginning of a text: give it one to go on from"
        )
    else:
        logits = state.begin()
    alive: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    done: list[Hypothesis] = []
    vocab = logits.shape[1]
    for step in range(1, length + 1):
        totals = logits.log_softmax(-1).cpu().double()
        totals += torch.tensor([[total] for _, total in alive], dtype=torch.float64)
        # Even if the best of every row ends, a full beam of open ones is among these.
        wanted = min((1 + max(len(stops), 1)) * beam, totals.numel())
        values, places = totals.flatten().topk(wanted)
        chosen: list[tuple[tuple[int, ...], float]] = []
        rows: list[int] = []
        found = zip(values.tolist(), places.tolist(), strict=True)
        for rank, (value, place) in enumerate(found):
            row, token = divmod(place, vocab)
            text = alive[row][0]
            if token in stops:
                if rank < beam:
                    done.append(Hypothesis(text, value, True))
            elif step == length:
                if rank < beam:
                    done.append(Hypothesis((*text, token), value, False))
            elif len(chosen) < beam:
                chosen.append(((*text, token), value))
                rows.append(row)
        done = sorted(done, key=lambda text: -text.score(length_penalty))[:beam]
        alive = chosen
        if not alive or (len(done) == beam and early_stopping is True):
            break
        hopeful = length if early_stopping == "never" and length_penalty > 0 else step
        best = alive[0][1] / hopeful**length_penalty
        if len(done) == beam and best <= done[-1].score(length_penalty):
            break
        state = state.select(torch.tensor(rows))
        logits = state.read(torch.tensor([[text[-1]] for text, _ in alive]))[:, -1]
    return done
