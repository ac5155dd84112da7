"""`companion doctor`: green where the course runs, red with a cure where it does not."""

import builtins
from collections import namedtuple

import pytest
from typer.testing import CliRunner

from companion import doctor
from companion.cli import app

runner = CliRunner()


def test_all_checks_are_green_here_and_the_exit_code_is_zero() -> None:
    result = runner.invoke(app, ["doctor"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    for what in (
        "Python",
        "torch",
        "device",
        "memory",
        "free disk",
        "packages",
        "notebook kernel",
    ):
        assert what in result.output


@pytest.mark.parametrize("version", [(3, 10, 1), (3, 14, 0)])
def test_an_unsupported_python_is_red(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...]
) -> None:
    monkeypatch.setattr(doctor.sys, "version_info", version)
    finding = doctor.check_python()
    assert not finding.good
    assert "3.12" in finding.cure


def test_a_full_disk_is_red_with_a_cure_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(
        doctor.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000)
    )
    finding = doctor.check_disk()
    assert not finding.good
    assert "free at least" in finding.cure
    result = runner.invoke(app, ["doctor"], env={"COLUMNS": "200"})
    assert result.exit_code == 1
    assert "1 of" in result.output


def test_little_memory_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = namedtuple("memory", "available total")
    monkeypatch.setattr(doctor.psutil, "virtual_memory", lambda: memory(2**20, 2**33))
    assert not doctor.check_memory().good


def test_a_broken_torch_is_red_and_does_not_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def broken(name, *args, **kwargs):
        if name == "torch":
            raise OSError("libcuda.so.1: cannot open shared object file")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", broken)
    finding = doctor.check_torch()
    assert not finding.good
    assert "libcuda" in finding.found
    assert not doctor.check_device().good


def test_an_unknown_device_is_red_with_the_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSE_DEVICE", "abacus")
    finding = doctor.check_device()
    assert not finding.good
    assert "COURSE_DEVICE=cpu" in finding.cure


def test_a_cache_that_cannot_be_written_is_red(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("COURSE_CACHE", str(blocker / "cache"))
    assert not doctor.check_cache().good


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor.version

    def without_seaborn(name: str) -> str:
        if name == "seaborn":
            raise doctor.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor, "version", without_seaborn)
    finding = doctor.check_packages()
    assert not finding.good
    assert "seaborn" in finding.found


def test_a_kernel_of_another_environment_is_red(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    monkeypatch.setattr(
        KernelSpecManager,
        "get_kernel_spec",
        lambda *_: KernelSpec(argv=["/elsewhere/bin/python"]),
    )
    finding = doctor.check_kernel()
    assert not finding.good
    assert "ipykernel install" in finding.cure


def test_version_is_printed() -> None:
    from companion import __version__

    result = runner.invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.output.strip() == __version__
