"""Recurrent layers, forward and backward, against torch.nn; and what the trainer adds to a bare loop."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

try:  # sets one thread a side, before the peers are imported
    from harness import Row, paired
except ModuleNotFoundError:  # imported from the tests, not run from this folder
    from benchmarks.harness import Row, paired

from companion.models.gru import GRU
from companion.models.lstm import LSTM
from companion.models.recurrent import Recurrent, RecurrentConfig
from companion.models.rnn import RNN
from companion.training.optimizers import AdamW, clip_gradients
from companion.training.trainer import Trainer, TrainingConfig

TIME, BATCH, WIDTH = 128, 32, 256


def against_torch(
    name: str,
    ours: type[Recurrent],
    theirs: type[nn.RNNBase],
    goal: float | None,
    pairs: int,
) -> Row:
    """One layer, the same weights on both sides."""
    torch.manual_seed(0)
    peer = theirs(WIDTH, WIDTH, batch_first=True)
    mine = ours(RecurrentConfig(WIDTH, WIDTH))
    mine.load_state_dict(peer.state_dict())
    x = torch.randn(BATCH, TIME, WIDTH, requires_grad=True)
    torch.testing.assert_close(mine(x)[0], peer(x)[0], atol=1e-5, rtol=1e-5)

    def once(layer: nn.Module) -> Callable[[], None]:
        def call() -> None:
            layer.zero_grad()
            layer(x)[0].sum().backward()

        return call

    seconds, reference, ratio = paired(once(mine), once(peer), pairs=pairs, warmup=2)
    return Row(
        f"{name}, forward and backward",
        f"T = {TIME}, B = {BATCH}, d = {WIDTH}",
        f"torch.nn.{theirs.__name__}",
        f"{1000 * seconds:.0f} ms",
        f"{1000 * reference:.0f} ms",
        1 / ratio,
        goal,
        at_least=False,
        unit="x the time",
        pairs=pairs,
    )


def overhead(pairs: int, steps: int = 60) -> Row:
    """The trainer against the same steps in a bare loop."""
    torch.manual_seed(0)
    x = torch.randn(BATCH, 32, 64)
    start = nn.ModuleList(
        [GRU(RecurrentConfig(64, 128)), nn.Linear(128, 64)]
    ).state_dict()

    def model() -> nn.ModuleList:
        fresh = nn.ModuleList([GRU(RecurrentConfig(64, 128)), nn.Linear(128, 64)])
        fresh.load_state_dict(start)
        return fresh

    def loss(parts: nn.ModuleList, batch: torch.Tensor) -> torch.Tensor:
        return ((parts[1](parts[0](batch)[0]) - batch) ** 2).mean()

    def bare() -> None:
        parts = model()
        optimizer = AdamW(parts.parameters())
        losses = []
        for _ in range(steps):
            optimizer.zero_grad()
            value = loss(parts, x)
            value.backward()
            losses.append(value.item())
            clip_gradients(optimizer.parameters, 1.0)
            optimizer.step()

    def trained() -> None:
        parts = model()
        config = TrainingConfig(steps=steps)
        Trainer(parts, AdamW(parts.parameters()), loss, lambda step: x, config).fit()

    seconds, reference, ratio = paired(trained, bare, pairs=pairs)
    return Row(
        "what the trainer adds",
        f"{steps} steps of a small GRU",
        "a bare loop",
        f"{1000 * seconds / steps:.1f} ms a step",
        f"{1000 * reference / steps:.1f} ms a step",
        100 * (1 / ratio - 1),
        3,
        at_least=False,
        unit="% more",
        pairs=pairs,
    )


def run(quick: bool) -> list[Row]:
    """Time the layers and the trainer.

    Args:
        quick: Whether few pairs will do: to see that it works, not for figures.

    Returns:
        A row for each layer, and one for the trainer.
    """
    torch.set_num_threads(1)
    pairs = 2 if quick else 9
    return [
        against_torch("plain RNN", RNN, nn.RNN, None, pairs),
        against_torch("GRU", GRU, nn.GRU, 1.15, pairs),
        against_torch("LSTM", LSTM, nn.LSTM, 2.0, pairs),
        overhead(2 * pairs + 1),
    ]
