"""Data parallelism: several processes train one model, and the losses are those of one process."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch import distributed as dist

from companion.training.checkpoint import load_checkpoint, save_checkpoint
from companion.training.optimizers import Optimizer
from companion.training.schedules import Schedule
from companion.training.trainer import Trainer, TrainingConfig

Parallel = Literal["hand", "ddp", "fsdp"]
Loss = Callable[[Any, Any], Tensor]


@dataclass(frozen=True)
class Worker:
    """One of the processes that train together.

    Attributes:
        rank: Its number, from 0.
        world: How many there are.
        device: What it computes on.
        restarts: How often the group has been started again after a worker was lost.
    """

    rank: int
    world: int
    device: torch.device
    restarts: int = 0


@contextlib.contextmanager
def process_group() -> Iterator[Worker]:
    """Join the group of processes that ``torchrun`` started, or be a group of one.

    The processes talk through NCCL if there is a GPU for each on this machine, else through Gloo on the CPU.

    Yields:
        What this process is in the group.
    """
    setting = os.environ
    local = int(setting.get("LOCAL_WORLD_SIZE", "1"))
    world = int(setting.get("WORLD_SIZE", "1"))
    gpus = torch.cuda.is_available() and torch.cuda.device_count() >= local
    device = torch.device("cpu")
    if gpus:
        device = torch.device("cuda", int(setting.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    elif local == world:
        # All on one machine: the loopback interface is there even where there is no network.
        names = [name for _, name in socket.if_nameindex() if name.startswith("lo")]
        if names:
            setting.setdefault("GLOO_SOCKET_IFNAME", names[0])
    restarts = int(setting.get("TORCHELASTIC_RESTART_COUNT", "0"))
    rank = int(setting.get("RANK", "0"))
    store: dist.Store = dist.HashStore()
    if "RANK" in setting:
        shared, _, _ = next(dist.rendezvous("env://"))
        # The agent keeps its store when it starts the workers again: without a prefix of their own, the new ones may
        # find the addresses of the dead ones in it.
        store = dist.PrefixStore(f"attempt-{restarts}", shared)
    dist.init_process_group(
        "nccl" if gpus else "gloo", store=store, rank=rank, world_size=world
    )
    try:
        yield Worker(rank, world, device, restarts)
    finally:
        dist.destroy_process_group()


def all_reduce_gradients(parameters: Iterable[Tensor]) -> None:
    """Replace each gradient by its mean over all processes.

    Args:
        parameters: The same ones, in the same order, in every process; those without a gradient are left out.
    """
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return
    bucket = torch.cat([g.flatten() for g in gradients])
    dist.all_reduce(bucket)
    bucket /= dist.get_world_size()
    for gradient, mean in zip(
        gradients, bucket.split([g.numel() for g in gradients]), strict=True
    ):
        gradient.copy_(mean.view_as(gradient))


def split_batches(
    batches: Callable[[int], Tensor],
    rank: int,
    world: int,
    count: Callable[[Tensor], int] = len,
) -> Callable[[int], tuple[Tensor, float]]:
    """Give each process its rows of every batch, and the weight that makes the mean of means the mean.

    Every process draws the whole batch, which costs little, and so knows without asking how much the others have.

    Args:
        batches: The whole batch with a number, the same in every process; its first axis is split.
        rank: Number of this process.
        world: Number of processes.
        count: How many things the loss of a part is the mean of: rows, or predicted tokens.

    Returns:
        Function from the number of a step to the rows of this process, and their weight. The mean over the processes of
        weight times loss is the loss of the whole batch.

    Raises:
        ValueError: When called, if a batch has fewer rows than there are processes.

    Example:
        >>> rows, weight = split_batches(lambda step: torch.arange(3), rank=0, world=2)(0)
        >>> rows.tolist(), round(weight, 3)
        ([0, 1], 1.333)
    """

    def part(step: int) -> tuple[Tensor, float]:
        whole = batches(step)
        if len(whole) < world:
            raise ValueError(
                f"a batch of {len(whole)} rows cannot be split over {world} processes: use a larger batch"
            )
        rows = whole.tensor_split(world)[rank]
        return rows, world * int(count(rows)) / max(int(count(whole)), 1)

    return part


class _WithLoss(nn.Module):
    """A model whose forward pass ends in the loss: what DDP has to wrap to see the backward pass."""

    def __init__(self, model: nn.Module, loss: Loss) -> None:
        super().__init__()
        self.model, self.loss = model, loss

    def forward(self, batch: Any) -> Tensor:
        return self.loss(self.model, batch)


def parallelize(
    model: nn.Module, loss: Loss, worker: Worker, how: Parallel
) -> Callable[[Any], Tensor]:
    """Make a model one of many that learn together: after ``backward`` its gradients are means over the processes.

    Args:
        model: The model, on the worker's device; process 0's weights are given to all. With ``"fsdp"`` its parameters
            are replaced by shards: make the optimizer afterwards.
        loss: Called with the model and a batch.
        worker: This process.
        how: ``"hand"`` all-reduces each gradient when it is there; ``"ddp"`` uses torch's DistributedDataParallel,
            which does it in buckets; ``"fsdp"`` also splits parameters, gradients and optimizer state
            (`torch.distributed.fsdp.fully_shard`, block by block where the model has ``blocks``).

    Returns:
        The loss as a function of a batch.

    Raises:
        ValueError: If there is no such way.
        RuntimeError: If torch is too old for ``"fsdp"``.

    Source: Li et al. (2020) for DDP; Rajbhandari et al. (2020) and Zhao et al. (2023) for FSDP.
    """
    for tensor in model.state_dict().values():
        dist.broadcast(tensor, src=0)
    if how == "hand":
        for parameter in model.parameters():
            parameter.register_post_accumulate_grad_hook(
                lambda p: all_reduce_gradients([p])
            )
        return lambda batch: loss(model, batch)
    if how == "ddp":
        wrapped = nn.parallel.DistributedDataParallel(_WithLoss(model, loss))
        return lambda batch: wrapped(batch)
    if how == "fsdp":
        try:
            from torch.distributed.fsdp import fully_shard
        except ImportError as error:
            raise RuntimeError(
                f'"fsdp" needs torch 2.6 or later, this is {torch.__version__}; "ddp" trains the same model'
            ) from error
        mesh = dist.init_device_mesh(worker.device.type, (worker.world,))
        for block in getattr(model, "blocks", ()):
            fully_shard(block, mesh=mesh)
        fully_shard(model, mesh=mesh)
        return lambda batch: loss(model, batch)
    raise ValueError(f'parallel must be "hand", "ddp" or "fsdp", got {how!r}')


def _whole(tensor: Tensor) -> Tensor:
    """Put a sharded tensor together; every process has to ask."""
    full = getattr(tensor, "full_tensor", None)
    return tensor.detach() if full is None else full().detach()


def _sharded_like(whole: Tensor, like: Tensor) -> Tensor:
    if not hasattr(like, "full_tensor"):
        return whole.to(like.device)
    from torch.distributed.tensor import distribute_tensor

    return distribute_tensor(whole.to(like.device), like.device_mesh, like.placements)


class _Stored(nn.Module):
    """Stands for the whole of a sharded model where a checkpoint is written or read."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self._held = {k: _whole(v) for k, v in model.state_dict().items()}
        self._targets = dict(model.state_dict())

    def state_dict(self, *_: Any, **__: Any) -> dict[str, Tensor]:
        return self._held

    def load_state_dict(self, stored: Mapping[str, Tensor], *_: Any, **__: Any) -> None:
        with torch.no_grad():
            for name, target in self._targets.items():
                target.copy_(_sharded_like(stored[name], target))


class DistributedTrainer(Trainer):
    """The course's trainer in each of several processes: same losses, and checkpoints that one process can read.

    A step's batch is split over the processes, and its loss in the history is that of the whole batch. Process 0 writes
    the files. The losses equal those of one process, up to rounding, for a model without dropout.

    Args:
        model: The model, the same in every process.
        optimizer: Called with the parameters, when they are ready.
        loss: Called with the model and rows of a batch; returns their mean loss.
        batches: The whole batch with a number; its first axis is split.
        config: As for `Trainer`.
        worker: This process, from `process_group`.
        parallel: See `parallelize`.
        count: How many things a loss is the mean of, see `split_batches`.
        schedule: As for `Trainer`.
        evaluate: As for `Trainer`; called in every process.
        folder: As for `Trainer`; all processes have to see it.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Callable[[Iterable[Tensor]], Optimizer],
        loss: Loss,
        batches: Callable[[int], Tensor],
        config: TrainingConfig,
        worker: Worker,
        parallel: Parallel = "ddp",
        count: Callable[[Tensor], int] = len,
        schedule: Schedule | None = None,
        evaluate: Callable[[Any], float] | None = None,
        folder: str | Path | None = None,
    ) -> None:
        self.worker = worker
        parallel_loss = parallelize(model, loss, worker, parallel)

        def of_whole_batch(_: nn.Module, part: tuple[Tensor, float]) -> Tensor:
            rows, weight = part
            mine = weight * parallel_loss(rows.to(worker.device))
            mean = mine.detach().clone()
            dist.all_reduce(mean)
            # The value of the whole batch, the gradient of this part.
            return mine + (mean / worker.world - mine.detach())

        super().__init__(
            model,
            optimizer(model.parameters()),
            of_whole_batch,
            split_batches(batches, worker.rank, worker.world, count),
            config,
            schedule,
            evaluate,
            folder,
        )

    def _save(self, name: str) -> None:
        if self.folder is None:
            return
        optimizer = self.optimizer.state_dict()
        optimizer["state"] = [
            {key: _whole(tensor) for key, tensor in state.items()}
            for state in optimizer["state"]
        ]
        stored = _Stored(self.model)
        if self.worker.rank == 0:
            extra = {
                "optimizer": optimizer,
                "lr": self._lr,
                "history": self.history,
                "best": self._best,
                "waited": self._waited,
                "random": torch.get_rng_state(),
            }
            save_checkpoint(self.folder / name, stored, extra)
        dist.barrier()

    def _resume(self) -> None:
        if self.folder is None:
            raise ValueError(
                "there is nothing to resume from: give the trainer a folder"
            )
        path = self.folder / "last.pt"
        if not path.exists():
            return
        extra = load_checkpoint(path, _Stored(self.model))
        optimizer = extra["optimizer"]
        optimizer["state"] = [
            {key: _sharded_like(tensor, p) for key, tensor in state.items()}
            for state, p in zip(
                optimizer["state"], self.optimizer.parameters, strict=True
            )
        ]
        self.optimizer.load_state_dict(optimizer)
        self._lr, self.history = extra["lr"], extra["history"]
        self._best, self._waited = extra["best"], extra["waited"]
        torch.set_rng_state(extra["random"])
