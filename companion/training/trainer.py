"""One training loop for every model of the course: history, early stopping, accumulation, exact resume."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from companion._optional import require
from companion.training.checkpoint import load_checkpoint, save_checkpoint
from companion.training.optimizers import Optimizer, clip_gradients
from companion.training.schedules import Schedule, constant


class TrainingDiverged(RuntimeError):
    """The loss is no number any more; the message names the step and the likely cause."""


@dataclass(frozen=True)
class TrainingConfig:
    """How long and how to train.

    Attributes:
        steps: Number of changes of the parameters.
        accumulate: Number of batches whose gradients are averaged for one step.
        clip: Greatest length of the gradient; None does not clip.
        evaluate_every: Number of steps between two evaluations.
        patience: Stop after so many evaluations in a row without a better one; None never stops early.
        checkpoint_every: Number of steps between two checkpoints; None writes one at each evaluation.
        autocast: Whether products are computed in bfloat16.
    """

    steps: int
    accumulate: int = 1
    clip: float | None = 1.0
    evaluate_every: int = 100
    patience: int | None = None
    checkpoint_every: int | None = None
    autocast: bool = False

    def __post_init__(self) -> None:
        for name in (
            "steps",
            "accumulate",
            "evaluate_every",
            "patience",
            "checkpoint_every",
        ):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        if self.clip is not None and not self.clip > 0:
            raise ValueError(
                f"clip must be above 0, got {self.clip}; None does not clip"
            )


class Trainer:
    """Trains a model, and can be killed and resumed at any time.

    Resuming is exact on a CPU: the losses and weights of an interrupted run equal those of an uninterrupted one bit for
    bit, because a checkpoint holds the model, the optimizer, the history and the state of torch's random numbers, and
    because the batch of a step is a function of its number alone.

    Args:
        model: The model.
        optimizer: One of `companion.training.optimizers`, made with the model's parameters.
        loss: Called with the model and a batch; returns the mean loss, a scalar tensor.
        batches: The batch with a number, 0, 1, 2, ...: always the same for the same number.
        config: How long and how to train.
        schedule: Factor of the optimizer's learning rate by step.
        evaluate: Called with the model, without gradients and without dropout; returns a number, lower is better.
        folder: Where ``last.pt`` and ``best.pt`` are written; None writes nothing.
        progress: Whether to show a progress bar.

    Attributes:
        history: One dictionary a step: step, loss, lr, norm, seconds, and valid where it was evaluated.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer,
        loss: Callable[[Any, Any], Tensor],
        batches: Callable[[int], Any],
        config: TrainingConfig,
        schedule: Schedule | None = None,
        evaluate: Callable[[Any], float] | None = None,
        folder: str | Path | None = None,
        progress: bool = False,
    ) -> None:
        self.model, self.optimizer = model, optimizer
        self.loss, self.batches, self.evaluate = loss, batches, evaluate
        self.config, self.schedule = config, schedule or constant()
        self.folder = None if folder is None else Path(folder)
        self.progress = progress
        self.history: list[dict[str, int | float]] = []
        self._lr = optimizer.lr
        self._best, self._waited = math.inf, 0

    @property
    def step(self) -> int:
        """Number of steps taken."""
        return len(self.history)

    def fit(self, resume: bool = False) -> list[dict[str, int | float]]:
        """Train until the configured number of steps, or until patience ends.

        Args:
            resume: Whether to go on from ``last.pt`` in the folder, if there is one.

        Returns:
            The history.

        Raises:
            TrainingDiverged: If the loss is not finite. Weights and files are those of the last good step.
            CheckpointError: If the checkpoint is damaged or of another model.
            ValueError: If resuming is asked for without a folder.
        """
        if resume:
            self._resume()
        self.model.train()
        with self._bar() as advance:
            while self.step < self.config.steps and not self._out_of_patience():
                self._one_step()
                self._after_step()
                advance()
        return self.history

    def _out_of_patience(self) -> bool:
        return self.config.patience is not None and self._waited >= self.config.patience

    def _one_step(self) -> None:
        started, step, parts = time.perf_counter(), self.step, self.config.accumulate
        self.optimizer.zero_grad()
        total = 0.0
        for k in range(parts):
            with self._autocast():
                loss = self.loss(self.model, self.batches(step * parts + k)) / parts
            total += float(loss.detach())
            if not math.isfinite(total):
                raise TrainingDiverged(self._diagnosis(total))
            loss.backward()
        norm = clip_gradients(
            self.optimizer.parameters,
            math.inf if self.config.clip is None else self.config.clip,
        )
        if not math.isfinite(norm):
            raise TrainingDiverged(self._diagnosis(norm))
        self.optimizer.lr = self._lr * self.schedule(step)
        self.optimizer.step()
        self.history.append(
            {
                "step": step,
                "loss": total,
                "lr": self.optimizer.lr,
                "norm": norm,
                "seconds": time.perf_counter() - started,
            }
        )

    def _diagnosis(self, value: float) -> str:
        before = [row["norm"] for row in self.history[-10:]]
        grew = len(before) > 1 and before[-1] > 10 * min(before)
        if not self.history:
            cause = "it is so from the first step on: look for a division by zero or a logarithm of zero, or bad data"
        elif grew:
            cause = "the gradients grew before: lower the learning rate, clip the gradients, or warm up longer"
        elif self.config.clip is None:
            cause = "the gradients are not clipped: clip them or lower the learning rate, and look at this batch"
        else:
            cause = "the gradients were small before: look at this batch, and for a logarithm of zero"
        kept = f" The last good state is in {self.folder}." if self.folder else ""
        return (
            f"the loss or its gradient is {value} at step {self.step}: {cause}.{kept}"
        )

    def _after_step(self) -> None:
        config, done = self.config, self.step
        last = done == config.steps
        if done % config.evaluate_every == 0 or last:
            self._evaluate()
        every = config.checkpoint_every or config.evaluate_every
        if self.folder and (done % every == 0 or last or self._out_of_patience()):
            self._save("last.pt")

    def _evaluate(self) -> None:
        if self.evaluate is None:
            return
        self.model.eval()
        with torch.no_grad():
            value = float(self.evaluate(self.model))
        self.model.train()
        self.history[-1]["valid"] = value
        if value < self._best:
            self._best, self._waited = value, 0
            if self.folder:
                self._save("best.pt")
        else:
            self._waited += 1

    def _save(self, name: str) -> None:
        if self.folder is None:
            return
        extra: dict[str, Any] = {
            "optimizer": self.optimizer.state_dict(),
            "lr": self._lr,
            "history": self.history,
            "best": self._best,
            "waited": self._waited,
            "random": torch.get_rng_state(),
        }
        if torch.cuda.is_available():
            extra["random_cuda"] = torch.cuda.get_rng_state_all()
        save_checkpoint(self.folder / name, self.model, extra)

    def _resume(self) -> None:
        if self.folder is None:
            raise ValueError(
                "there is nothing to resume from: give the trainer a folder"
            )
        path = self.folder / "last.pt"
        if not path.exists():
            return
        extra = load_checkpoint(path, self.model)
        self.optimizer.load_state_dict(extra["optimizer"])
        self._lr, self.history = extra["lr"], extra["history"]
        self._best, self._waited = extra["best"], extra["waited"]
        torch.set_rng_state(extra["random"])
        if torch.cuda.is_available() and "random_cuda" in extra:
            torch.cuda.set_rng_state_all(extra["random_cuda"])

    def load_best(self) -> float:
        """Load the weights of the best evaluation into the model.

        Returns:
            The value of that evaluation.

        Raises:
            ValueError: If the trainer has no folder.
            FileNotFoundError: If nothing was evaluated yet.
        """
        if self.folder is None:
            raise ValueError(
                "the best weights were not kept: give the trainer a folder"
            )
        return float(load_checkpoint(self.folder / "best.pt", self.model)["best"])

    def frame(self) -> Any:
        """Return the history as a pandas data frame, one row a step, ready for seaborn."""
        return require("pandas", extra="notebook").DataFrame(self.history)

    def _autocast(self) -> contextlib.AbstractContextManager[Any]:
        kind = self.optimizer.parameters[0].device.type
        context: contextlib.AbstractContextManager[Any] = torch.autocast(
            kind, torch.bfloat16, enabled=self.config.autocast
        )
        return context

    @contextlib.contextmanager
    def _bar(self) -> Iterator[Callable[[], None]]:
        if not self.progress:
            yield lambda: None
            return
        from rich.progress import Progress, TextColumn

        columns = [
            *Progress.get_default_columns(),
            TextColumn("loss {task.fields[loss]}"),
        ]
        with Progress(*columns) as bar:
            task = bar.add_task(
                "training", total=self.config.steps, completed=self.step, loss="-"
            )

            def advance() -> None:
                bar.update(task, advance=1, loss=f"{self.history[-1]['loss']:.3f}")

            yield advance
