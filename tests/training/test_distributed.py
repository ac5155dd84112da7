"""Several processes: the losses of one, checkpoints that one can read, and a lost worker that changes nothing."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from companion.models.feed_forward import FeedForward
from companion.training.checkpoint import load_checkpoint
from companion.training.distributed import (
    DistributedTrainer,
    process_group,
    split_batches,
)
from companion.training.launch import Job, build_model, torchrun
from companion.training.optimizers import AdamW
from companion.training.tensor_parallel import TensorParallelFeedForward
from companion.training.trainer import Trainer, TrainingConfig
from companion.training.windows import windows

VOCAB, STEPS, WAYS = 20, 8, ("hand", "ddp", "fsdp")
GPT = {
    "vocab_size": VOCAB,
    "context": 16,
    "layers": 2,
    "d_model": 16,
    "heads": 2,
}

SCRIPT = """
import json, sys
import torch
from torch import distributed as dist
from companion.models.feed_forward import FeedForward
from companion.training.distributed import process_group
from companion.training.launch import Job, train
from companion.training.tensor_parallel import TensorParallelFeedForward

with process_group() as worker:
    for path in sys.argv[2:]:
        train(Job(**json.load(open(path))), worker)
    torch.manual_seed(3)
    whole = FeedForward(8, 12)
    x = torch.randn(5, 8, requires_grad=True)
    layer = TensorParallelFeedForward(whole.up, whole.down, worker.rank, worker.world)
    y = layer(x)
    y.square().sum().backward()
    found = {"rank": worker.rank, "y": y.detach(), "x": x.grad}
    found |= {name: p.grad for name, p in layer.named_parameters()}
    torch.save(found, f"{sys.argv[1]}/part-{worker.rank}.pt")
"""


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, VOCAB, size=2000)
    # Many texts begin, and none of these tokens is predicted: the parts of a batch weigh differently.
    tokens[rng.integers(0, 2000, size=150)] = VOCAB
    path = tmp_path_factory.mktemp("stream") / "stream.npy"
    np.save(path, tokens.astype(np.int64))
    return path


def job(stream: Path, folder: Path, **changes: object) -> Job:
    settings = {"steps": STEPS, "batch": 5, "length": 17, "checkpoint_every": 3}
    return Job(str(stream), GPT, str(folder), **(settings | changes))  # type: ignore[arg-type]


def losses(folder: Path) -> np.ndarray:
    history = json.loads((folder / "history.json").read_text())
    return np.array([row["loss"] for row in history])


@pytest.fixture(scope="module")
def one_process(stream: Path) -> Trainer:
    """The plain trainer, without any of the code under test."""
    torch.manual_seed(0)
    model = build_model(GPT)
    trainer = Trainer(
        model,
        AdamW(model.parameters(), lr=3e-3),
        lambda model, batch: model.loss(batch),
        windows(torch.from_numpy(np.load(stream)), 17, 5),
        TrainingConfig(STEPS),
    )
    trainer.fit()
    return trainer


@pytest.fixture(scope="module")
def two_processes(
    stream: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Folders of three runs in two processes each, all from one start."""
    root = tmp_path_factory.mktemp("two")
    script = root / "script.py"
    script.write_text(SCRIPT)
    jobs = [
        job(stream, root / how, parallel=how).write(root / f"{how}.json")
        for how in WAYS
    ]
    torchrun([script, root, *jobs], timeout=60)
    return {how: root / how for how in WAYS} | {"root": root}


@pytest.mark.parametrize("how", WAYS)
def test_two_processes_have_the_losses_of_one(
    how: str, one_process: Trainer, two_processes: dict[str, Path]
) -> None:
    expected = [row["loss"] for row in one_process.history]
    np.testing.assert_allclose(losses(two_processes[how]), expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize("how", WAYS)
def test_one_process_can_read_the_checkpoint(
    how: str, one_process: Trainer, two_processes: dict[str, Path]
) -> None:
    model = build_model(GPT)
    extra = load_checkpoint(two_processes[how] / "last.pt", model)
    assert len(extra["history"]) == STEPS
    for (name, ours), theirs in zip(
        model.named_parameters(), one_process.model.parameters(), strict=True
    ):
        assert torch.allclose(ours, theirs, rtol=0, atol=1e-4), name


def test_the_parts_of_a_split_layer_equal_the_whole(
    two_processes: dict[str, Path],
) -> None:
    torch.manual_seed(3)
    whole = FeedForward(8, 12)
    x = torch.randn(5, 8, requires_grad=True)
    y = whole(x)
    y.square().sum().backward()
    parts = [torch.load(two_processes["root"] / f"part-{rank}.pt") for rank in (0, 1)]
    for part in parts:
        assert torch.allclose(part["y"], y, atol=1e-6)
        assert torch.allclose(part["x"], x.grad, atol=1e-5)
        assert torch.allclose(part["down_bias"], whole.down.bias.grad, atol=1e-5)
    for name, want, axis in (
        ("up_weight", whole.up.weight.grad, 0),
        ("up_bias", whole.up.bias.grad, 0),
        ("down_weight", whole.down.weight.grad, 1),
    ):
        joined = torch.cat([part[name] for part in parts], axis)
        assert torch.allclose(joined, want, atol=1e-5), name


@pytest.mark.parametrize("how", ["fsdp"])
def test_a_lost_worker_changes_nothing(
    how: str, stream: Path, tmp_path: Path, two_processes: dict[str, Path]
) -> None:
    killed = job(stream, tmp_path / "run", parallel=how, fail_at=5)
    out = torchrun(
        ["-m", "companion.training.launch", killed.write(tmp_path / "job.json")],
        restarts=1,
        timeout=90,
    )
    assert "exitcode: -9" in out
    assert losses(tmp_path / "run").tolist() == losses(two_processes[how]).tolist()


def test_without_a_restart_the_run_fails_and_says_why(
    stream: Path, tmp_path: Path
) -> None:
    killed = job(stream, tmp_path / "run", parallel="hand", fail_at=2)
    with pytest.raises(RuntimeError, match="torchrun ended with code 1"):
        torchrun(
            ["-m", "companion.training.launch", killed.write(tmp_path / "job.json")],
            timeout=60,
        )


def test_a_group_of_one_trains_like_the_plain_trainer(
    stream: Path, one_process: Trainer
) -> None:
    torch.manual_seed(0)
    model = build_model(GPT)
    with process_group() as worker:
        assert (worker.rank, worker.world) == (0, 1)
        trainer = DistributedTrainer(
            model.to(worker.device),
            lambda parameters: AdamW(parameters, lr=3e-3),
            lambda model, batch: model.loss(batch),
            windows(torch.from_numpy(np.load(stream)), 17, 5),
            TrainingConfig(STEPS),
            worker,
            "hand",
        )
        history = trainer.fit()
    np.testing.assert_allclose(
        [row["loss"] for row in history],
        [row["loss"] for row in one_process.history],
        rtol=0,
        atol=2e-6,
    )


@pytest.mark.parametrize("world", [1, 2, 3, 5])
def test_weighted_parts_add_up_to_the_whole(world: int) -> None:
    generator = torch.Generator().manual_seed(0)
    whole = torch.randint(-1, 4, (5, 7), generator=generator)  # -1 does not count

    def count(tokens: torch.Tensor) -> int:
        return int((tokens >= 0).sum())

    def loss(tokens: torch.Tensor) -> torch.Tensor:
        return tokens[tokens >= 0].double().square().mean()

    parts = [
        split_batches(lambda step: whole, rank, world, count)(0)
        for rank in range(world)
    ]
    assert torch.equal(torch.cat([rows for rows, _ in parts]), whole)
    mean = sum(weight * loss(rows) for rows, weight in parts) / world
    assert float(mean) == pytest.approx(float(loss(whole)))


def test_a_batch_smaller_than_the_group_is_refused() -> None:
    with pytest.raises(ValueError, match="use a larger batch"):
        split_batches(lambda step: torch.zeros(1), 0, 2)(0)


def test_a_layer_that_does_not_split_is_refused() -> None:
    with pytest.raises(ValueError, match="split evenly"):
        TensorParallelFeedForward(nn.Linear(4, 6), nn.Linear(6, 4), 0, 4, F.relu)


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(ValueError, match="kind must be"):
        build_model({"kind": "oracle"})
