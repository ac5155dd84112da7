"""How every benchmark of the course is taken: two sides in turn, one thread each, median of the pairs."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

# One thread a side: set before any of the libraries is imported.
for _name in (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
):
    os.environ[_name] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"


@dataclass(frozen=True)
class Row:
    """One line of the benchmark table: ``value`` is a ratio (ours against the peer) unless ``unit`` says otherwise.

    Attributes:
        name: What is measured, e.g. "Kneser-Ney order 3, training".
        data: On what, e.g. "python_docs".
        peer: What it is measured against, e.g. "nltk.lm".
        ours: Our figure, with unit, e.g. "2.1 M tokens/s".
        theirs: The peer's figure.
        value: The median of the pairwise ratios, or the figure itself.
        goal: The bound that ``value`` is held to; None if the figure is there to be known.
        at_least: Whether the goal is a lower bound (speed) or an upper bound (time, memory).
        unit: "x" for a ratio, else the unit of ``value``.
        pairs: How many pairs the median is taken over.
    """

    name: str
    data: str
    peer: str
    ours: str
    theirs: str
    value: float
    goal: float | None
    at_least: bool = True
    unit: str = "x"
    pairs: int = 7

    @property
    def met(self) -> bool:
        """Whether the goal is reached, if there is one."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def seconds(function: Callable[[], object]) -> float:
    """Wall-clock seconds of one call, with the garbage collector run before and off during it."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        function()
        return time.perf_counter() - start
    finally:
        gc.enable()


def paired(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    pairs: int = 7,
    warmup: int = 1,
) -> tuple[float, float, float]:
    """Time two functions in turns and compare them pair by pair.

    Args:
        ours: The course's side, a call without arguments.
        theirs: The peer's side.
        pairs: Number of counted pairs; at least 7 for a figure that is published.
        warmup: Uncounted calls of each side before.

    Returns:
        Median seconds of ours, median seconds of theirs, and the median of the ratios theirs / ours:
        how many times faster ours is.
    """
    for _ in range(warmup):
        ours()
        theirs()
    mine, peers = [], []
    for pair in range(pairs):
        # Alternate who goes first, so that a drift of the machine's speed favors neither.
        for side in (
            ((ours, mine), (theirs, peers))
            if pair % 2 == 0
            else ((theirs, peers), (ours, mine))
        ):
            side[1].append(seconds(side[0]))
    ratios = [b / a for a, b in zip(mine, peers, strict=True)]
    return statistics.median(mine), statistics.median(peers), statistics.median(ratios)
