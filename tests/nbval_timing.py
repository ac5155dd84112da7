"""Adds up the time nbval takes for each notebook, and fails the run when one takes three times its budget."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FACTOR = 3.0


class Timing:
    """Collects the duration of every cell."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one report's duration to its notebook."""
        if ".ipynb::" in report.nodeid:
            self.seconds[report.nodeid.split("::")[0]] += report.duration

    def too_slow(self) -> list[str]:
        """Notebooks that took more than three times their budget."""
        path = ROOT / "book" / "notebooks" / "runs.json"
        runs = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        slow = []
        for nodeid, seconds in self.seconds.items():
            name = Path(nodeid).with_suffix("").as_posix().split("notebooks/")[-1]
            budget = runs.get(name, {}).get("budget", 60.0)
            if seconds > FACTOR * budget:
                slow.append(
                    f"{name} took {seconds:.0f} s, more than {FACTOR:.0f} times its budget of {budget:.0f} s"
                )
        return slow

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run when a notebook is far too slow."""
        if self.too_slow() and session.exitstatus == 0:
            session.exitstatus = 1

    def pytest_terminal_summary(self, terminalreporter) -> None:
        """Print the seconds of each notebook."""
        if not self.seconds:
            return
        terminalreporter.section("notebooks: seconds")
        for nodeid, seconds in sorted(self.seconds.items()):
            terminalreporter.write_line(f"{seconds:7.1f}  {nodeid}")
        for line in self.too_slow():
            terminalreporter.write_line(f"TOO SLOW: {line}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Register the collector."""
    config.pluginmanager.register(Timing(), "notebook-timing")
