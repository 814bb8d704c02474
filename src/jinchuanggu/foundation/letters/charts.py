"""Charts of a letter, drawn once the file is asked for: SVG for PDF, PNG for Word. Two series at most, labelled directly."""

from __future__ import annotations

import io
from typing import Any

from .fonts import HEI
from .geometry import TYPE_WIDTH_MM
from .model import Chart

INCH_MM = 25.4
HEIGHT_MM = 62
COLOURS = ("#0f5e63", "#8d8a80")
INK, RULE = "#1f2937", "#cdc7b8"


def draw(chart: Chart, extension: str) -> bytes:
    """`extension`: svg or png. Imports matplotlib when first called, which takes a second."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    settings = {
        "font.family": [_face()], "font.size": 9, "axes.edgecolor": RULE, "axes.labelcolor": INK, "text.color": INK,
        "xtick.color": INK, "ytick.color": INK, "svg.fonttype": "path", "svg.hashsalt": "letter",
        "axes.unicode_minus": False,
    }  # fmt: skip
    with rc_context(settings):
        figure = Figure(figsize=(TYPE_WIDTH_MM / INCH_MM, HEIGHT_MM / INCH_MM), layout="constrained")
        axes = figure.add_subplot()
        _plot(axes, chart)
        out = io.BytesIO()
        # no date inside: the same content gives the same bytes
        metadata = {"Date": None} if extension == "svg" else {"Software": None}
        figure.savefig(out, format=extension, dpi=200, metadata=metadata)
    return out.getvalue()


def _plot(axes: Any, chart: Chart) -> None:
    places = range(len(chart.categories))
    for number, (name, values) in enumerate(chart.series):
        known = [float("nan") if value is None else float(value) for value in values]
        colour = COLOURS[number % len(COLOURS)]
        if chart.kind == "bar":
            width = 0.8 / len(chart.series)
            at = [place - 0.4 + width * (number + 0.5) for place in places]
            axes.bar(at, known, width, color=colour, label=name)
        else:
            axes.plot(places, known, color=colour, linewidth=1.6, marker="o", markersize=3, label=name,
                      linestyle="-" if number == 0 else (0, (4, 3)))  # fmt: skip
    step = max(1, len(chart.categories) // 12)
    axes.set_xticks(list(places)[::step], [chart.categories[place] for place in places][::step])
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.set_ylabel(chart.unit, rotation=0, loc="top", labelpad=-18)
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    if len(chart.series) > 1:
        axes.legend(loc="upper right", ncols=len(chart.series), frameon=False, fontsize=8)


def _face() -> str:
    """The first face of the house's sans that this machine has."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    # collections are listed under the name of their first face, which holds the Chinese glyphs as well
    wanted = (
        *HEI,
        "Noto Sans CJK JP",
        "Noto Serif CJK SC",
        "Noto Serif CJK JP",
        "Droid Sans Fallback",
        "WenQuanYi Zen Hei",
    )
    return next((name for name in wanted if name in known), "DejaVu Sans")
