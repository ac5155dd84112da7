"""Train under ``torchrun``: ``torchrun --standalone --nproc-per-node 2 -m companion.training.launch JOB.json``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from companion.training.distributed import (
    DistributedTrainer,
    Parallel,
    Worker,
    process_group,
)
from companion.training.optimizers import AdamW
from companion.training.trainer import TrainingConfig
from companion.training.windows import windows


@dataclass(frozen=True)
class Job:
    """A training run as a file can hold it.

    Attributes:
        stream: File of token ids, ``.npy``, a `document_stream`.
        model: Arguments of the model's config; ``kind`` is ``"gpt"`` or ``"recurrent"``.
        folder: Where checkpoints and ``history.json`` are written.
        steps: Number of steps.
        batch: Number of pieces of a whole batch.
        length: Number of tokens of a piece.
        lr: Learning rate of AdamW.
        seed: Of the weights and the batches.
        parallel: See `parallelize`.
        checkpoint_every: Number of steps between two checkpoints.
        fail_at: A rehearsal: the last process kills itself before this step, if it was never restarted.
    """

    stream: str
    model: dict[str, Any]
    folder: str
    steps: int = 20
    batch: int = 16
    length: int = 65
    lr: float = 3e-3
    seed: int = 0
    parallel: Parallel = "ddp"
    checkpoint_every: int = 10
    fail_at: int | None = None
    training: dict[str, Any] = field(default_factory=dict)

    def write(self, path: str | Path) -> Path:
        """Write the job as JSON, and return the path."""
        path = Path(path)
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        return path


def build_model(settings: dict[str, Any]) -> Any:
    """Make a language model of its settings.

    Args:
        settings: Arguments of the config, and ``kind``: ``"gpt"`` or ``"recurrent"``.

    Returns:
        The model, with weights drawn from torch's global generator.

    Raises:
        ValueError: If there is no such kind.
    """
    arguments = dict(settings)
    kind = arguments.pop("kind", "gpt")
    if kind == "gpt":
        from companion.models.gpt import GPT, GPTConfig

        return GPT(GPTConfig(**arguments))
    if kind == "recurrent":
        from companion.models.recurrent_lm import RecurrentLM, RecurrentLMConfig

        return RecurrentLM(RecurrentLMConfig(**arguments))
    raise ValueError(f'kind must be "gpt" or "recurrent", got {kind!r}')


def train(job: Job, worker: Worker) -> list[dict[str, int | float]]:
    """Train, or go on from the checkpoint in the job's folder.

    Args:
        job: What to train.
        worker: This process, from `process_group`.

    Returns:
        The history; process 0 has also written it to ``history.json``.
    """
    torch.manual_seed(job.seed)
    model = build_model(job.model).to(worker.device)
    draw = windows(
        torch.from_numpy(np.load(job.stream)), job.length, job.batch, job.seed
    )
    last = worker.rank == worker.world - 1

    def batches(step: int) -> Tensor:
        if step == job.fail_at and last and worker.restarts == 0:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return draw(step)

    def loss(model: nn.Module, tokens: Tensor) -> Tensor:
        value: Tensor = model.loss(tokens)
        return value

    trainer = DistributedTrainer(
        model,
        lambda parameters: AdamW(parameters, lr=job.lr),
        loss,
        batches,
        TrainingConfig(
            job.steps, checkpoint_every=job.checkpoint_every, **job.training
        ),
        worker,
        job.parallel,
        # The beginning of a text is read and not predicted: parts of a batch may differ in what they predict.
        count=lambda tokens: int((tokens[:, 1:] != job.model["vocab_size"]).sum()),
        folder=job.folder,
    )
    history = trainer.fit(resume=True)
    if worker.rank == 0:
        out = Path(job.folder) / "history.json"
        out.write_text(json.dumps(history), encoding="utf-8")
    return history


def torchrun(
    arguments: Sequence[str | Path],
    processes: int = 2,
    restarts: int = 0,
    timeout: int = 120,
) -> str:
    """Start a program in several processes on this machine, and wait until it ends.

    Args:
        arguments: What to run: a script and its arguments, or ``-m``, a module and its arguments.
        processes: How many.
        restarts: How often all of them are started again when one is lost.
        timeout: Seconds until it is given up.

    Returns:
        What the processes printed, standard output and errors together.

    Raises:
        RuntimeError: If it fails; the message holds the end of what was printed.
        subprocess.TimeoutExpired: If it takes longer.
    """
    command = [
        *(sys.executable, "-m", "torch.distributed.run"),
        *("--standalone", "--local-addr", "127.0.0.1"),
        *("--nproc-per-node", str(processes), "--max-restarts", str(restarts)),
        *map(str, arguments),
    ]
    threads = max(1, (os.cpu_count() or 1) // processes)
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        env={"OMP_NUM_THREADS": str(threads), **os.environ},
        check=False,
    )
    if done.returncode:
        raise RuntimeError(
            f"torchrun ended with code {done.returncode}:\n{done.stdout[-30000:]}"
        )
    return done.stdout


def main(paths: Sequence[str]) -> None:
    """Train the jobs of some files, one after the other."""
    with process_group() as worker:
        for path in paths:
            job = Job(**json.loads(Path(path).read_text(encoding="utf-8")))
            history = train(job, worker)
            if worker.rank == 0:
                print(
                    f"{path}: loss {history[-1]['loss']:.4f} after {len(history)} steps"
                )


if __name__ == "__main__":
    main(sys.argv[1:])
