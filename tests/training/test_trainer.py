"""The trainer: it learns, stops, accumulates, and resumes a killed run bit for bit."""

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import nn

from companion.training.checkpoint import (
    CheckpointError,
    load_checkpoint,
    save_checkpoint,
)
from companion.training.optimizers import SGD, Adam
from companion.training.schedules import cosine, warmup
from companion.training.trainer import Trainer, TrainingConfig, TrainingDiverged

SCRIPT = """
import sys, time
import torch
from torch import nn
from companion.training.optimizers import AdamW
from companion.training.schedules import cosine, warmup
from companion.training.trainer import Trainer, TrainingConfig

folder, pause = sys.argv[1], float(sys.argv[2])
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 16), nn.Dropout(0.3), nn.Tanh(), nn.Linear(16, 1))

def batch(number):
    generator = torch.Generator().manual_seed(number)
    x = torch.randn(8, 4, generator=generator)
    return x, x.sum(1, keepdim=True).sin()

def loss(model, data):
    time.sleep(pause)
    return ((model(data[0]) - data[1]) ** 2).mean()

trainer = Trainer(
    model, AdamW(model.parameters(), lr=0.01), loss, batch,
    TrainingConfig(steps=60, evaluate_every=7, checkpoint_every=3, accumulate=2),
    schedule=warmup(10, cosine(50)), evaluate=lambda m: loss(m, batch(999)).item(), folder=folder,
)
trainer.fit(resume=True)
torch.save({"weights": model.state_dict(), "losses": [row["loss"] for row in trainer.history]}, folder + "/result.pt")
"""


def small(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))


def batch(number: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(number)
    x = torch.randn(16, 3, generator=generator)
    return x, x[:, :1] * 2


def loss(model: nn.Module, data: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    return ((model(data[0]) - data[1]) ** 2).mean()


def trainer(tmp_path: Path | None = None, **settings: object) -> Trainer:
    model = small()
    given = {"steps": 50, "evaluate_every": 10, **settings}
    return Trainer(
        model,
        Adam(model.parameters(), lr=0.01),
        loss,
        batch,
        TrainingConfig(**given),  # type: ignore[arg-type]
        evaluate=lambda m: loss(m, batch(999)).item(),
        folder=tmp_path,
    )


def test_it_learns_and_keeps_a_history() -> None:
    run = trainer(steps=300)
    history = run.fit()
    assert [row["step"] for row in history] == list(range(300))
    assert history[-1]["loss"] < history[0]["loss"] / 20
    assert [row["step"] for row in history if "valid" in row] == list(range(9, 300, 10))
    assert all(row["norm"] > 0 and row["seconds"] > 0 for row in history)
    frame = run.frame()
    assert {"step", "loss", "lr", "norm", "seconds", "valid"} == set(frame.columns)


def test_a_killed_run_resumes_bit_for_bit(tmp_path: Path) -> None:
    """Kill -9 in the middle, resume, and compare with a run that nobody disturbed."""

    def start(folder: Path, pause: float) -> subprocess.Popen:
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-c", SCRIPT, str(folder), str(pause)]
        return subprocess.Popen(command, stderr=subprocess.PIPE)

    assert start(tmp_path / "whole", 0.0).wait(120) == 0
    killed = start(tmp_path / "killed", 0.05)
    deadline = time.monotonic() + 100
    while (
        not (tmp_path / "killed" / "last.pt").exists() and time.monotonic() < deadline
    ):
        time.sleep(0.05)
    time.sleep(0.7)
    killed.kill() if os.name == "nt" else os.kill(killed.pid, signal.SIGKILL)
    killed.wait(30)
    assert not (tmp_path / "killed" / "result.pt").exists(), "it was killed too late"
    assert start(tmp_path / "killed", 0.0).wait(120) == 0
    whole, resumed = (
        torch.load(tmp_path / name / "result.pt") for name in ("whole", "killed")
    )
    assert len(whole["losses"]) == 60
    assert whole["losses"] == resumed["losses"]
    for name, tensor in whole["weights"].items():
        assert torch.equal(tensor, resumed["weights"][name])


def test_accumulated_batches_equal_one_large_batch() -> None:
    def joined(number: int) -> tuple[torch.Tensor, torch.Tensor]:
        parts = [batch(4 * number + k) for k in range(4)]
        return torch.cat([x for x, _ in parts]), torch.cat([y for _, y in parts])

    weights = []
    for batches, accumulate in ((joined, 1), (batch, 4)):
        model = small()
        config = TrainingConfig(steps=5, accumulate=accumulate)
        Trainer(model, SGD(model.parameters(), lr=0.1), loss, batches, config).fit()
        weights.append(model[0].weight)
    torch.testing.assert_close(*weights)


def test_patience_stops_and_the_best_weights_come_back(tmp_path: Path) -> None:
    run = trainer(tmp_path, steps=1000, patience=3)
    values = iter([3.0, 1.0, 2.0, 2.0, 2.0, 0.0])
    snapshots = []

    def evaluate(model: nn.Module) -> float:
        snapshots.append(model[0].weight.detach().clone())
        return next(values)

    run.evaluate = evaluate
    run.fit()
    assert run.step == 50
    assert run.load_best() == 1.0
    assert torch.equal(run.model[0].weight, snapshots[1])


def test_evaluation_is_without_dropout_and_gradients() -> None:
    run = trainer(steps=10)
    seen = []

    def evaluate(model: nn.Module) -> float:
        seen.append((model.training, torch.is_grad_enabled()))
        return 0.0

    run.evaluate = evaluate
    run.fit()
    assert seen == [(False, False)]
    assert run.model.training


def test_the_schedule_sets_the_learning_rate() -> None:
    run = trainer(steps=20)
    run.schedule = warmup(5, cosine(15))
    rates = [row["lr"] for row in run.fit()]
    assert rates[:5] == pytest.approx([0.002, 0.004, 0.006, 0.008, 0.01])
    assert rates[-1] < 0.001


@pytest.mark.parametrize("bad", ["loss", "gradient"])
def test_a_loss_that_is_no_number_stops_and_keeps_the_last_good_state(
    tmp_path: Path, bad: str
) -> None:
    run = trainer(tmp_path, checkpoint_every=1)

    def broken(model: nn.Module, data: tuple[torch.Tensor, torch.Tensor]):
        value = loss(model, data)
        if run.step < 6:
            return value
        if bad == "loss":
            return value * math.nan
        # Finite forward, infinite backward: the square root of zero.
        return value + (model[0].weight * 0).abs().sum().sqrt()

    run.loss = broken
    with pytest.raises(TrainingDiverged, match=r"at step 6: .*last good state"):
        run.fit()
    assert all(bool(p.isfinite().all()) for p in run.model.parameters())
    other = small(1)
    extra = load_checkpoint(tmp_path / "last.pt", other)
    assert len(extra["history"]) == 6
    torch.testing.assert_close(other.state_dict(), run.model.state_dict())


def test_a_first_loss_of_nan_points_at_the_data() -> None:
    run = trainer()
    run.loss = lambda model, data: loss(model, data) * math.nan
    with pytest.raises(TrainingDiverged, match="from the first step on"):
        run.fit()


def test_autocast_computes_in_bfloat16() -> None:
    run = trainer(steps=3, autocast=True)
    kinds = []
    run.model.register_forward_hook(lambda m, i, output: kinds.append(output.dtype))
    run.evaluate = None
    run.fit()
    assert set(kinds) == {torch.bfloat16}
    assert run.model[0].weight.dtype == torch.float32


def test_a_progress_bar_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    run = trainer(steps=3)
    run.progress = True
    run.fit()
    assert "training" in capsys.readouterr().out


def test_resuming_without_a_folder_is_refused_and_without_a_file_starts(
    tmp_path: Path,
) -> None:
    with pytest.raises(ValueError, match="give the trainer a folder"):
        trainer().fit(resume=True)
    with pytest.raises(ValueError, match="give the trainer a folder"):
        trainer().load_best()
    assert len(trainer(tmp_path, steps=2).fit(resume=True)) == 2


@pytest.mark.parametrize("name", ["steps", "accumulate", "evaluate_every", "patience"])
def test_impossible_settings_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        TrainingConfig(**{"steps": 5, name: 0})
    with pytest.raises(ValueError, match="clip"):
        TrainingConfig(steps=1, clip=0.0)


# ---------------------------------------------------------------- checkpoints


def test_a_checkpoint_of_another_model_is_refused_and_changes_nothing(
    tmp_path: Path,
) -> None:
    save_checkpoint(tmp_path / "x.pt", nn.Linear(3, 2))
    other = nn.Linear(3, 4)
    before = other.weight.detach().clone()
    with pytest.raises(CheckpointError, match=r"the file has weight \[2, 3\] float32"):
        load_checkpoint(tmp_path / "x.pt", other)
    assert torch.equal(other.weight, before)


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "changed"])
def test_a_damaged_checkpoint_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "x.pt"
    save_checkpoint(path, nn.Linear(30, 20))
    raw = path.read_bytes()
    content = {
        "cut": raw[: len(raw) // 2],
        "empty": b"",
        "text": b"hello",
        "changed": raw[:1500] + bytes(b ^ 1 for b in raw[1500:1600]) + raw[1600:],
    }
    path.write_bytes(content[damage])
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_checkpoint(path, nn.Linear(30, 20))


def test_a_checkpoint_executes_nothing(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "executed",))

    torch.save({"format": Evil()}, tmp_path / "x.pt")
    with pytest.raises(CheckpointError):
        load_checkpoint(tmp_path / "x.pt", nn.Linear(1, 1))
    assert not (tmp_path / "executed").exists()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x.pt"
    save_checkpoint(path, nn.Linear(3, 2))
    old = path.read_bytes()
    with pytest.raises(Exception, match="pickle"):
        save_checkpoint(path, nn.Linear(3, 2), {"bad": lambda: 0})
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no checkpoint"):
        load_checkpoint(tmp_path / "none.pt", nn.Linear(1, 1))
