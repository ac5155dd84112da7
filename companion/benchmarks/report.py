"""What a benchmark found, beside what others report: as a table on the screen, and as a file for the book's page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from companion.metrics.resampling import Interval


@dataclass(frozen=True)
class Figure:
    """One system and what it reaches.

    Attributes:
        system: What it is, with what matters of its settings.
        value: What it reaches, in the benchmark's unit.
        low: Lower end of the 95 % bootstrap interval over the test examples; None if there is none.
        high: Upper end.
        minutes: Minutes of training and testing together, on the machine that the report names; None if not ours.
        source: Who reports it: a key of the book's references, or None for a figure that was measured here.
        note: What makes it not quite comparable.
    """

    system: str
    value: float
    low: float | None = None
    high: float | None = None
    minutes: float | None = None
    source: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The figures of one benchmark.

    Attributes:
        name: Its name on the command line.
        title: Its name in the world.
        data: What is trained on and what is tested on, in words.
        metric: What is measured, with its unit and its variant.
        higher_is_better: Which direction is good.
        figures: Ours first, then those of others.
        goal: What the course set itself, by the system's name; a lower or upper bound as ``higher_is_better`` says.
        why: Where ours stands, and why.
        machine: What it ran on.
    """

    name: str
    title: str
    data: str
    metric: str
    figures: list[Figure]
    why: str
    machine: str
    higher_is_better: bool = True
    goal: dict[str, float] = field(default_factory=dict)

    def save(self, path: str | Path) -> None:
        """Write it as JSON."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: str | Path) -> Report:
        """Read what `save` wrote."""
        content: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        figures = [Figure(**row) for row in content.pop("figures")]
        return cls(figures=figures, **content)

    def met(self, figure: Figure) -> bool | None:
        """Tell whether a figure reaches its goal; None if it has none."""
        if figure.system not in self.goal:
            return None
        goal = self.goal[figure.system]
        return figure.value >= goal if self.higher_is_better else figure.value <= goal


def with_interval(
    system: str, interval: Interval, scale: int | float, minutes: float, note: str = ""
) -> Figure:
    """Return a measured figure.

    Args:
        system: What was measured.
        interval: The value and its ends.
        scale: What to multiply them by, e.g. 100 for percent.
        minutes: What it took.
        note: What makes it not quite comparable.
    """
    low, value, high = (
        round(scale * x, 4) for x in (interval.low, interval.value, interval.high)
    )
    return Figure(system, value, low, high, round(minutes, 2), note=note)


Say = Callable[[str], None]
