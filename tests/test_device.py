"""The choice of a device."""

import pytest
import torch

import companion
from companion import _device


def pretend(monkeypatch: pytest.MonkeyPatch, cuda: int = 0, mps: bool = False) -> None:
    monkeypatch.delenv("COURSE_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(0, False, "cpu"), (0, True, "mps"), (1, False, "cuda"), (2, True, "cuda")],
)
def test_the_best_device_is_picked(monkeypatch, cuda, mps, expected) -> None:
    pretend(monkeypatch, cuda, mps)
    assert companion.device().type == expected


def test_the_environment_overrides(monkeypatch) -> None:
    pretend(monkeypatch, cuda=2)
    monkeypatch.setenv("COURSE_DEVICE", "cpu")
    assert companion.device() == torch.device("cpu")
    monkeypatch.setenv("COURSE_DEVICE", "cuda:1")
    assert companion.device() == torch.device("cuda:1")


@pytest.mark.parametrize("wrong", ["cuda", "abacus", "cuda:7", "mps"])
def test_a_device_that_is_not_there_is_refused_with_the_list(
    monkeypatch, wrong
) -> None:
    pretend(monkeypatch, cuda=1 if wrong == "cuda:7" else 0)
    monkeypatch.setenv("COURSE_DEVICE", wrong)
    with pytest.raises(ValueError, match=r"choose one of .*cpu") as caught:
        companion.device()
    assert wrong in str(caught.value)


def test_all_devices_are_tried_in_order() -> None:
    assert _device.available()[-1] == "cpu"


@pytest.mark.gpu
def test_the_gpu_adds() -> None:
    if companion.device().type == "cpu":
        pytest.skip("needs a CUDA or MPS device; this machine has none")
    assert (torch.ones(2, device=companion.device()) + 1).sum().item() == 4.0
