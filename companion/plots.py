"""The figures of the book: one seaborn theme, one color-blind-safe palette, small files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from companion._optional import require

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe & Ito's palette without its yellow, which is too pale for lines on white. Told apart under the three
# common forms of color blindness.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#4D4D4D")

WIDTH = 5.6  # inches; fills the text column, and at 390 px its type is still about 10 px high
HEIGHT = 3.3
_DPI = 180
_COLORS = 64
MAX_BYTES = 60_000


def use_theme() -> None:
    """Set the look of every figure of the book; call it once at the top of a notebook.

    Raises:
        ModuleNotFoundError: If seaborn is not installed; the message names the command that installs it.
    """
    seaborn = require("seaborn", extra="notebook")
    seaborn.set_theme(
        context="notebook",
        style="whitegrid",
        palette=list(PALETTE),
        rc={
            "figure.figsize": (WIDTH, HEIGHT),
            "figure.constrained_layout.use": True,
            "font.size": 11,
            "axes.titlesize": 12,
            "axes.labelsize": 11,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "legend.fontsize": 10,
            "legend.frameon": False,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": "#888888",
            "grid.color": "#E3E3E3",
            "lines.linewidth": 1.8,
            "lines.markersize": 5,
        },
    )


def png(figure: Figure) -> bytes:
    """Render a figure as a PNG of few colors, sharp on a dense screen and small on a slow line.

    Args:
        figure: A matplotlib figure.

    Returns:
        The bytes of the file.

    Raises:
        ValueError: If the file is above 60 kB; a figure that dense cannot be read on a phone either.
    """
    image_module = require("PIL.Image", extra="notebook")
    raw = BytesIO()
    figure.savefig(raw, format="png", dpi=_DPI, facecolor="white")
    raw.seek(0)
    image = (
        image_module.open(raw)
        .convert("RGB")
        .quantize(_COLORS, dither=image_module.Dither.NONE)
    )
    out = BytesIO()
    image.save(out, format="png", optimize=True)
    data = out.getvalue()
    if len(data) > MAX_BYTES:
        raise ValueError(
            f"the figure takes {len(data) / 1000:.0f} kB, at most {MAX_BYTES / 1000:.0f} kB are allowed: "
            "draw fewer points (thin them, or rasterize a density) or fewer colors"
        )
    return data


def display_figure(figure: Figure) -> None:
    """Display a figure once, at the book's size, and close it so that no backend shows it a second time.

    Args:
        figure: A matplotlib figure.

    Raises:
        ValueError: If the file would be above 60 kB.
    """
    pyplot = require("matplotlib.pyplot", extra="notebook")
    display: Any = require("IPython.display", extra="notebook")
    data = png(figure)
    pyplot.close(figure)
    width = round(figure.get_figwidth() * 100)
    display.display(display.Image(data=data, format="png", width=width))


def display_alignment(
    weights: Float[np.ndarray, "target source"],
    source: Sequence[str],
    target: Sequence[str],
) -> None:
    """Display the weights of attention as a table of shaded percentages, in any script that the reader's browser has.

    Args:
        weights: One row a written token, one column a token that was read; from 0 to 1, shape [target, source].
        source: The tokens that were read.
        target: The tokens that were written.

    Raises:
        ValueError: If the shape does not fit the tokens.
    """
    if np.shape(weights) != (len(target), len(source)):
        raise ValueError(
            f"{len(target)} written and {len(source)} read tokens need weights of shape "
            f"[{len(target)}, {len(source)}], got {list(np.shape(weights))}"
        )

    def cell(weight: float) -> str:
        # Dark ground needs white letters; on light ground the page's own color is right, by day and by night.
        ink = ";color:#fff" if weight > 0.55 else ""
        shade = f"background:rgba(0,114,178,{weight:.2f}){ink}"
        return f'<td style="text-align:center;{shade}">{100 * weight:.0f}</td>'

    head = "".join(f"<th>{escape(token)}</th>" for token in source)
    rows = "".join(
        f"<tr><th>{escape(token)}</th>{''.join(map(cell, row))}</tr>"
        for token, row in zip(target, np.asarray(weights).tolist(), strict=True)
    )
    html = (
        f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
    plain = f"<alignment of {len(target)} written with {len(source)} read tokens>"
    display: Any = require("IPython.display", extra="notebook")
    display.display({"text/html": html, "text/plain": plain}, raw=True)


def token_rows(
    axes: Axes, rows: Sequence[Sequence[str]], labels: Sequence[str]
) -> None:
    """Draw the same text cut into tokens in several ways, one row a way, as colored boxes of letters.

    Args:
        axes: Where to draw.
        rows: The tokens of each way; each row joins to the same text.
        labels: What stands to the left of each row.

    Raises:
        ValueError: If the rows do not join to one text, or there are not as many labels as rows.
    """
    if len({"".join(row) for row in rows}) != 1:
        raise ValueError("the rows must be the same text, cut in different ways")
    if len(labels) != len(rows):
        raise ValueError(f"{len(rows)} rows need as many labels, got {len(labels)}")
    rectangle = require("matplotlib.patches", extra="notebook").Rectangle
    length = len("".join(rows[0]))
    for y, row in enumerate(rows):
        x = 0
        for k, token in enumerate(row):
            color = PALETTE[k % 2]
            axes.add_patch(
                rectangle((x, y - 0.4), len(token), 0.8, facecolor=color, alpha=0.22)
            )
            for letter in token:
                axes.text(
                    x + 0.5,
                    y,
                    letter,
                    ha="center",
                    va="center",
                    family="monospace",
                    fontsize=9,
                )
                x += 1
        axes.text(length + 0.6, y, str(len(row)), va="center", fontsize=10)
    axes.set(xlim=(0, length + 2.5), ylim=(len(rows) - 0.4, -0.6), xticks=[])
    axes.set_yticks(range(len(rows)), labels)
    axes.set_title("number of tokens", loc="right", fontsize=10)
    axes.grid(visible=False)


def diagram(
    axes: Axes,
    boxes: Mapping[str, tuple[float, float, str]],
    arrows: Sequence[tuple[str, str]],
    colors: Mapping[str, str] | None = None,
    size: tuple[float, float] = (1.0, 0.6),
    fontsize: float = 11,
) -> None:
    """Draw boxes with arrows between them, the picture of a network.

    Args:
        axes: Where to draw.
        boxes: For each name the middle of its box, x and y, and its label.
        arrows: Pairs of names, from and to.
        colors: Colors of the boxes by name; the others are gray.
        size: Width and height of a box.
        fontsize: Size of the labels in points.

    Raises:
        ValueError: If an arrow or a color names a box that is not there.
    """
    for name in [*(colors or {}), *(name for arrow in arrows for name in arrow)]:
        if name not in boxes:
            raise ValueError(
                f"there is no box {name!r}; the boxes are {', '.join(boxes)}"
            )
    rectangle = require("matplotlib.patches", extra="notebook").FancyBboxPatch
    width, height = size
    for name, (x, y, label) in boxes.items():
        color = (colors or {}).get(name, PALETTE[-1])
        axes.add_patch(
            rectangle(
                (x - width / 2, y - height / 2),
                width,
                height,
                boxstyle="round,pad=0,rounding_size=0.1",
                facecolor=color + "33",
                edgecolor=color,
            )
        )
        axes.text(x, y, label, ha="center", va="center", fontsize=fontsize)
    for start, end in arrows:
        (x0, y0, _), (x1, y1, _) = boxes[start], boxes[end]
        dx, dy = x1 - x0, y1 - y0
        # From edge to edge: the part of the line inside each box is left out.
        inside = 0.5 * min(
            width / abs(dx) if dx else float("inf"),
            height / abs(dy) if dy else float("inf"),
        )
        axes.annotate(
            "",
            (x1 - inside * dx, y1 - inside * dy),
            (x0 + inside * dx, y0 + inside * dy),
            arrowprops={
                "arrowstyle": "-|>",
                "color": "#555555",
                "shrinkA": 1,
                "shrinkB": 1,
            },
        )
    xs, ys = [x for x, _, _ in boxes.values()], [y for _, y, _ in boxes.values()]
    axes.set(
        xlim=(min(xs) - 0.6 * width, max(xs) + 0.6 * width),
        ylim=(min(ys) - 0.7 * height, max(ys) + 0.7 * height),
    )
    axes.axis("off")
