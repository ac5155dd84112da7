"""Figures: one theme, colors that the color-blind can tell apart, small files."""

import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from companion.plots import (
    MAX_BYTES,
    PALETTE,
    display_alignment,
    display_figure,
    png,
    token_rows,
    use_theme,
)


@pytest.fixture(autouse=True)
def shell():
    """What display() speaks to, as in a notebook."""
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def relative_luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_the_theme_sets_the_palette_as_the_color_cycle() -> None:
    use_theme()
    cycle = [
        matplotlib.colors.to_hex(c).upper()
        for c in plt.rcParams["axes.prop_cycle"].by_key()["color"]
    ]
    assert cycle == list(PALETTE)


def test_the_first_two_colors_differ_for_every_kind_of_color_vision() -> None:
    """Blue and vermilion keep different values on the blue-yellow axis, which all common kinds keep."""
    first, second = (
        np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in PALETTE[:2]
    )
    assert abs(int(first[2]) - int(second[2])) > 100


@pytest.mark.parametrize("color", PALETTE)
def test_every_color_stands_out_from_white_paper(color: str) -> None:
    contrast = 1.05 / (relative_luminance(color) + 0.05)
    assert contrast > 2, f"{color} has contrast {contrast:.1f} on white"


def test_a_line_plot_is_a_small_sharp_png() -> None:
    use_theme()
    fig, ax = plt.subplots()
    ax.plot(np.sin(np.linspace(0, 9, 200)))
    data = png(fig)
    plt.close(fig)
    image = Image.open(io.BytesIO(data))
    assert len(data) < MAX_BYTES
    assert image.width >= 900
    assert len(image.getcolors(maxcolors=256)) <= 64


def test_a_figure_of_noise_is_refused_with_advice() -> None:
    fig, ax = plt.subplots()
    ax.imshow(np.random.default_rng(0).random((400, 400, 3)))
    with pytest.raises(ValueError, match="at most 60 kB"):
        png(fig)
    plt.close(fig)


def test_a_displayed_figure_appears_once_and_is_closed() -> None:
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    with capture_output() as captured:
        display_figure(fig)
    assert len(captured.outputs) == 1
    assert "image/png" in captured.outputs[0].data
    assert not plt.fignum_exists(fig.number)


def test_token_rows_draw_one_box_a_token_and_every_letter() -> None:
    fig, ax = plt.subplots()
    token_rows(ax, [["a", "b", "c"], ["ab", "c"]], ["letters", "pairs"])
    assert [patch.get_width() for patch in ax.patches] == [1, 1, 1, 2, 1]
    assert [text.get_text() for text in ax.texts] == [*"abc", "3", *"abc", "2"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["letters", "pairs"]
    plt.close(fig)


def test_token_rows_of_different_texts_are_refused() -> None:
    fig, ax = plt.subplots()
    with pytest.raises(ValueError, match="same text"):
        token_rows(ax, [["a"], ["b"]], ["x", "y"])
    with pytest.raises(ValueError, match="as many labels"):
        token_rows(ax, [["a"]], [])
    plt.close(fig)


def test_diagram_draws_a_box_a_name_and_an_arrow_a_pair() -> None:
    from companion.plots import diagram

    fig, axes = plt.subplots()
    diagram(
        axes,
        {"x": (0.0, 0.0, "word"), "h": (0.0, 2.0, "state"), "y": (2.0, 2.0, "next")},
        [("x", "h"), ("h", "y")],
        colors={"h": "#0072B2"},
    )
    assert len(axes.patches) == 3
    assert {text.get_text() for text in axes.texts} >= {"word", "state", "next"}
    up = next(text for text in axes.texts if text.get_text() == "" and text.xy[0] == 0)
    # The arrow ends at the lower edge of the box above, not in its middle.
    assert up.xy[1] == pytest.approx(2 - 0.3)
    plt.close(fig)


def test_diagram_names_a_box_that_is_missing() -> None:
    from companion.plots import diagram

    fig, axes = plt.subplots()
    with pytest.raises(ValueError, match="no box 'z'"):
        diagram(axes, {"x": (0.0, 0.0, "word")}, [("x", "z")])
    plt.close(fig)


def test_an_alignment_is_a_table_in_the_readers_own_fonts() -> None:
    with capture_output() as captured:
        display_alignment(
            np.array([[0.9, 0.1], [0.0, 1.0]]), ["<a>", "tea"], ["喝", "茶"]
        )
    html = captured.outputs[0].data["text/html"]
    assert "<th>&lt;a&gt;</th><th>tea</th>" in html
    assert html.count("<tr>") == 3
    row = html.split("<th>喝</th>")[1].split("</tr>")[0]
    assert row.count("<td") == 2
    assert ">90</td>" in row
    assert "color:#fff" in row.split("</td>")[0]
    assert "color:#fff" not in row.split("</td>")[1]


def test_an_alignment_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[1, 2\], got \[2, 1\]"):
        display_alignment(np.ones((2, 1)), ["a", "b"], ["c"])
