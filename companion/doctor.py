"""What `companion doctor` looks at: whether this machine is ready for the course, and what to do if not."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
import psutil

_GIB = 2**30
_PYTHON_MIN, _PYTHON_MAX = (3, 11), (3, 13)
_FREE_DISK_GIB = 1.0
_FREE_MEMORY_GIB = 1.0


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's table.

    Attributes:
        what: What was looked at, e.g. "Python".
        found: What was found, e.g. "3.11.7".
        good: Whether the course runs with it.
        cure: What to do about it; empty when good.
    """

    what: str
    found: str
    good: bool
    cure: str = ""


def check_python() -> Finding:
    """Check that Python is one of the versions the course is tested with."""
    good = _PYTHON_MIN <= sys.version_info[:2] <= _PYTHON_MAX
    cure = (
        ""
        if good
        else "install Python 3.11, 3.12 or 3.13, delete .venv, and run `make test` again"
    )
    return Finding("Python", platform.python_version(), good, cure)


def check_torch() -> Finding:
    """Check that torch imports."""
    try:
        import torch
    except (ImportError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Finding(
            "torch",
            f"does not import: {reason}",
            False,
            "run `make test`, which installs it",
        )
    return Finding("torch", str(torch.__version__), True)


def check_device() -> Finding:
    """Check that the device every notebook will use can add two numbers."""
    try:
        import torch

        from companion import device

        chosen = device()
        good = (torch.ones(2, device=chosen) + 1).sum().item() == 4.0
        name = (
            torch.cuda.get_device_name(chosen)
            if chosen.type == "cuda"
            else f"{os.cpu_count()} cores"
        )
        cure = "" if good else "set COURSE_DEVICE=cpu"
        return Finding("device", f"{chosen} ({name})", good, cure)
    except Exception as error:  # a driver can fail in any way: report it, do not crash
        return Finding(
            "device",
            str(error).splitlines()[0][:100],
            False,
            "set COURSE_DEVICE=cpu and try again",
        )


def check_memory() -> Finding:
    """Check that enough memory is free for the hungriest notebook."""
    memory = psutil.virtual_memory()
    free, total = memory.available / _GIB, memory.total / _GIB
    good = free >= _FREE_MEMORY_GIB
    cure = (
        ""
        if good
        else f"close other programs: a notebook takes up to {_FREE_MEMORY_GIB:.0f} GiB"
    )
    return Finding("memory", f"{free:.1f} GiB free of {total:.1f} GiB", good, cure)


def check_disk() -> Finding:
    """Check that enough disk is free where the course lies."""
    free = shutil.disk_usage(Path.cwd()).free / _GIB
    good = free >= _FREE_DISK_GIB
    cure = (
        ""
        if good
        else f"free at least {_FREE_DISK_GIB:.0f} GiB on the disk that holds {Path.cwd()}"
    )
    return Finding("free disk", f"{free:.1f} GiB", good, cure)


def check_cache() -> Finding:
    """Check that the folder for prepared corpora can be written."""
    folder = Path(
        os.environ.get("COURSE_CACHE")
        or platformdirs.user_cache_dir("from-counts-to-transformers")
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_text("x", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        return Finding(
            "corpus cache",
            f"{folder}: {error.strerror}",
            False,
            "set COURSE_CACHE to a folder you can write to",
        )
    return Finding("corpus cache", str(folder), True)


def check_packages() -> Finding:
    """Check that the packages that run the notebooks are installed."""
    names = (
        "numpy",
        "babel",
        "jupyterlab",
        "ipywidgets",
        "matplotlib",
        "seaborn",
        "jupytext",
    )
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding(
            "packages",
            f"missing: {', '.join(missing)}",
            False,
            "run `make test`, which installs them",
        )
    return Finding("packages", ", ".join(found), True)


def check_kernel() -> Finding:
    """Check that a notebook started from this environment runs in this environment."""
    if importlib.util.find_spec("ipykernel") is None:
        return Finding(
            "notebook kernel",
            "ipykernel is missing",
            False,
            "run `make test`, which installs it",
        )
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return Finding(
            "notebook kernel",
            "no kernel named python3",
            False,
            "run `python -m ipykernel install --sys-prefix`",
        )
    # A bare `python` is replaced by Jupyter with the interpreter that runs the server.
    here = Path(sys.executable)
    same = (
        Path(command).name == command
        or Path(command).parent.resolve() == here.parent.resolve()
    )
    cure = (
        ""
        if same
        else "run `python -m ipykernel install --sys-prefix` with this environment's python"
    )
    return Finding(
        "notebook kernel",
        "python3, this environment" if same else f"python3 runs {command}",
        same,
        cure,
    )


CHECKS: tuple[Callable[[], Finding], ...] = (
    check_python,
    check_torch,
    check_device,
    check_memory,
    check_disk,
    check_cache,
    check_packages,
    check_kernel,
)


def examine() -> list[Finding]:
    """Run every check.

    Returns:
        One finding a check, in the order of the table.
    """
    return [check() for check in CHECKS]
