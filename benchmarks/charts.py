"""Charts, each a PNG, an SVG, and an SVG whose colours follow a report's light or dark theme.

Colours are those of Okabe and Ito (2008), which people with any kind of colour vision tell apart; series differ in marker or
hatching too. Every interval says what it is in the chart's own caption.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .failure_analysis import HeatMap
from .stats import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SERIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "////", "....", "xxxx")
MOST_MARKERS = 14  # on one curve
WIDE, NARROW = 7.4, 6.4  # inches; two narrow ones stand side by side in a report
OUTCOME_COLOURS = {
    "success": "#009e73",
    "wrong stop": "#d55e00",
    "stuck midway": "#e69f00",
    "no reasonable attempt": "#cc79a7",
    "other": "#8a8f98",
    "infra error": "#c9ccd1",
}
# Written as they are into files; replaced by the report's variables in what it shows inline.
INK, MUTED, GRID, PAPER = "#1b1e22", "#5b626b", "#dfe2e6", "#fefefe"
_VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--line)",
    PAPER: "var(--card)",
    SERIES[0]: "var(--blue)",
}


@dataclass(frozen=True)
class Chart:
    """A finished chart. ``svg`` is for a report's page: no fixed size, theme colours as CSS variables."""

    name: str
    caption: str
    svg: str
    png: bytes
    svg_file: str

    def save(self, folder: Path) -> tuple[Path, Path]:
        """Write ``name.png`` and ``name.svg`` into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        png, svg = folder / f"{self.name}.png", folder / f"{self.name}.svg"
        png.write_bytes(self.png)
        svg.write_text(self.svg_file, encoding="utf-8")
        return png, svg


@dataclass(frozen=True)
class Curve:
    """A learning curve: at each of ``env_steps`` a share with its interval, and the share of each seed by itself."""

    label: str
    env_steps: Sequence[float]
    shares: Sequence[Interval]
    by_seed: Sequence[Sequence[float]] = ()


def learning_curves(name: str, curves: Sequence[Curve], *, caption: str, tasks: str = "validation tasks") -> Chart:
    """Success against training steps, a band for the interval and a thin line for each seed."""
    figure, axes = _figure(WIDE, 3.9)
    for index, curve in enumerate(curves):
        colour, marker = SERIES[index % len(SERIES)], MARKERS[index % len(MARKERS)]
        low = [100 * share.low for share in curve.shares]
        high = [100 * share.high for share in curve.shares]
        axes.fill_between(curve.env_steps, low, high, color=colour, alpha=0.16, linewidth=0)
        for seed in curve.by_seed:
            axes.plot(curve.env_steps, [100 * share for share in seed], color=colour, linewidth=0.7, alpha=0.35)
        means = [100 * share.estimate for share in curve.shares]
        every = max(1, -(-len(means) // MOST_MARKERS))
        axes.plot(curve.env_steps, means, color=colour, marker=marker, markersize=5, markevery=every, linewidth=2.2,
                  label=curve.label)  # fmt: skip
    top = _highest_percent(curves)
    axes.set(xlabel="environment steps of training", ylabel=f"solved {tasks} (%)", ylim=(-0.03 * top, 1.03 * top))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlim(left=0, right=max((curve.env_steps[-1] for curve in curves if len(curve.env_steps)), default=1))
    _label_ends(axes, curves, top)
    _legend(axes, len(curves))
    return _chart(figure, name, caption)


def _highest_percent(curves: Sequence[Curve]) -> float:
    """The least multiple of 20 that nothing drawn is above."""
    drawn = [100 * share.high for curve in curves for share in curve.shares]
    drawn += [100 * share for curve in curves for seed in curve.by_seed for share in seed]
    return min(100.0, 20 * np.ceil(max([1.0, *drawn]) / 20))


def _label_ends(axes: Axes, curves: Sequence[Curve], top: float) -> None:
    """The last mean of each curve beside its end, the lower ones pushed down no further than they must be."""
    ends = sorted((100 * curve.shares[-1].estimate, index) for index, curve in enumerate(curves) if curve.shares)
    at = -top
    for value, index in ends:
        at = max(value, at + 0.055 * top)
        axes.text(1.012, at, f"{value:.0f}%", color=SERIES[index % len(SERIES)], transform=axes.get_yaxis_transform(),
                  va="center", fontsize=9, fontweight="bold")  # fmt: skip


def steps_to_reach(
    name: str, rows: Sequence[tuple[str, Sequence[float | None], float]], *, share: float, caption: str
) -> Chart:
    """One dot per seed: the training steps until ``share`` of the tasks were solved.

    A row is a label, the steps (None where the budget ran out first), and the budget, where those are drawn as open
    triangles that point on.
    """
    figure, axes = _figure(WIDE, 0.9 + 0.55 * len(rows))
    for index, (_, steps, budget) in enumerate(rows):
        colour, marker = SERIES[index % len(SERIES)], MARKERS[index % len(MARKERS)]
        spread = np.linspace(-0.16, 0.16, len(steps)) if len(steps) > 1 else [0.0]
        for step, offset in zip(steps, spread, strict=True):
            reached = step is not None
            axes.plot(
                step if reached else budget,
                index + offset,
                marker=marker if reached else ">",
                color=colour,
                markerfacecolor=colour if reached else PAPER,
                markersize=7,
                linestyle="none",
                clip_on=False,
            )
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    axes.set(xlabel=f"environment steps until {share:.0%} of the tasks are solved   (▷ not within the budget)")
    axes.set(ylim=(len(rows) - 0.5, -0.5), xlim=(0, 1.04 * max((budget for _, _, budget in rows), default=1)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.grid(axis="y", visible=False)
    return _chart(figure, name, caption)


def time_bars(name: str, rows: Sequence[tuple[str, float]], *, caption: str) -> Chart:
    """Milliseconds on a logarithmic scale, a bar for each of ``rows``, the first one being what others are compared with."""
    figure, axes = _figure(WIDE, 0.8 + 0.42 * len(rows))
    times = [value for _, value in rows]
    axes.barh(range(len(rows)), times, 0.62, color=[SERIES[0], *["#8a8f98"] * (len(rows) - 1)])
    for row, (_, value) in enumerate(rows):
        shown = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
        text = f"{shown} ms" + (f"   {value / times[0]:,.0f}×" if row else "")
        axes.text(1.12 * value, row, text, va="center", fontsize=9, color=INK)
    axes.set_yticks(range(len(rows)), [label for label, _ in rows])
    axes.set(xscale="log", xlabel="ms a step", xlim=(0.5 * min(times), 8 * max(times)), ylim=(len(rows) - 0.5, -0.5))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    axes.grid(axis="y", visible=False)
    return _chart(figure, name, caption)


def lines(
    name: str, series: Sequence[tuple[str, Sequence[float], Sequence[float]]], *, across: str, up: str, caption: str
) -> Chart:
    """Several (label, x, y) over a logarithmic ``across``; ``up`` begins at 0, so that a flat line is one."""
    figure, axes = _figure(WIDE, 2.9)
    for index, (label, x, y) in enumerate(series):
        axes.plot(x, y, color=SERIES[index], marker=MARKERS[index], markersize=6, linewidth=2.2, label=label)
    axes.set(xscale="log", xlabel=across, ylabel=up, ylim=(0, 1.15 * max(max(y) for _, _, y in series)))
    ticks = sorted({value for _, x, _ in series for value in x})
    axes.set_xticks(ticks, [f"{value:,.0f}" for value in ticks])
    axes.set_xticks([], minor=True)
    if len(series) > 1:
        _legend(axes, len(series))
    return _chart(figure, name, caption)


def success_bars(
    name: str, groups: Sequence[str], series: Sequence[tuple[str, Sequence[Interval]]], *, caption: str
) -> Chart:
    """Success by group (a site, a task family), one bar for each of ``series``, with its interval."""
    figure, axes = _figure(NARROW, 0.9 + len(groups) * (0.16 + 0.24 * len(series)))
    thickness = 0.8 / max(1, len(series))
    for index, (label, intervals) in enumerate(series):
        colour = SERIES[index % len(SERIES)]
        y = np.arange(len(groups)) + (index - (len(series) - 1) / 2) * thickness
        values = np.array([[100 * bound for bound in interval] for interval in intervals], dtype=float)
        known = ~np.isnan(values[:, 0])
        values = np.nan_to_num(values)
        axes.barh(y, values[:, 0], 0.86 * thickness, color=colour, hatch=HATCHES[index % len(HATCHES)],
                  edgecolor=PAPER, linewidth=0.5, label=label)  # fmt: skip
        errors = np.stack([values[:, 0] - values[:, 1], values[:, 2] - values[:, 0]])
        axes.errorbar(
            values[known, 0], y[known], xerr=errors[:, known], fmt="none", ecolor=INK, elinewidth=1.1, capsize=2.5
        )
        for at, interval, there in zip(y, intervals, known, strict=True):
            text = f"{100 * interval.estimate:.0f}" if there else "no episodes"
            axes.text(100 * interval.high + 1.5 if there else 1.5, at, text, va="center", fontsize=8, color=MUTED)
    axes.set_yticks(range(len(groups)), groups)
    axes.set(xlabel="success rate (%)", xlim=(0, 106), ylim=(len(groups) - 0.5, -0.5))
    axes.grid(axis="y", visible=False)
    if len(series) > 1:
        _legend(axes, len(series))
    return _chart(figure, name, caption)


def outcome_distribution(name: str, policies: Sequence[tuple[str, dict[str, int]]], *, caption: str) -> Chart:
    """How the episodes of each policy ended, as shares of all its scored episodes; a policy's name stands above its bar."""
    figure, axes = _figure(NARROW, 1.0 + 0.58 * len(policies))
    shown = [outcome for outcome in OUTCOME_COLOURS if outcome != "infra error"]
    left = np.zeros(len(policies))
    totals = np.array([max(1, sum(counts.get(outcome, 0) for outcome in shown)) for _, counts in policies])
    for outcome in shown:
        counts = np.array([found.get(outcome, 0) for _, found in policies])
        shares = 100 * counts / totals
        axes.barh(range(len(policies)), shares, 0.46, left=left, color=OUTCOME_COLOURS[outcome], edgecolor=PAPER,
                  linewidth=1, label=outcome)  # fmt: skip
        for row, (count, share) in enumerate(zip(counts, shares, strict=True)):
            if share >= 4:
                axes.text(left[row] + share / 2, row, str(count), ha="center", va="center", fontsize=8, color="#111111")
        left += shares
    for row, ((label, _), total) in enumerate(zip(policies, totals, strict=True)):
        axes.text(0, row - 0.3, f"{label}  (n = {total})", va="bottom", fontsize=9, color=INK)
    axes.set_yticks([])
    axes.set(
        xlabel="share of scored episodes (%); numbers are episodes", xlim=(0, 100), ylim=(len(policies) - 0.6, -0.75)
    )
    _legend(axes, 5, handle=0.9)
    return _chart(figure, name, caption)


def heat_map(name: str, found: HeatMap, *, caption: str) -> Chart:
    """The chance that the j-th milestone of a task has been reached after t actions."""
    rows, columns = found.reached.shape
    figure, axes = _figure(NARROW, 1.0 + 0.42 * max(1, rows))
    if rows:
        image = axes.imshow(100 * found.reached, aspect="auto", cmap="cividis", vmin=0, vmax=100, interpolation="nearest",
                            extent=(-0.5, columns - 0.5, rows - 0.5, -0.5))  # fmt: skip
        bar = figure.colorbar(image, ax=axes, pad=0.015)
        bar.set_label("reached (%)", color=MUTED, fontsize=8.5)
        bar.ax.tick_params(labelsize=8, colors=MUTED, length=2)
        bar.outline.set_visible(False)  # type: ignore[operator]
        axes.set_yticks(range(rows), [f"milestone {j + 1}  (n = {n})" for j, n in enumerate(found.episodes)])
    axes.set(xlabel="actions taken")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(visible=False)
    return _chart(figure, name, caption)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    """Inches. A figure of its own, outside pyplot, so that nothing global is touched and threads may draw."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_facecolor(PAPER)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    axes.tick_params(colors=INK, labelsize=9, length=3, color=MUTED)
    axes.tick_params(axis="y", length=0)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.xaxis.label.set(color=MUTED, fontsize=9)
    axes.yaxis.label.set(color=MUTED, fontsize=9)
    return figure, axes


def _legend(axes: Axes, columns: int, handle: float = 1.8) -> None:
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns, frameon=False, fontsize=9, labelcolor=INK,
                handlelength=handle, columnspacing=1.4, borderaxespad=0.2)  # fmt: skip


def _chart(figure: Figure, name: str, caption: str) -> Chart:
    import matplotlib

    png, svg = io.BytesIO(), io.StringIO()
    figure.savefig(png, format="png", dpi=160)
    # Text stays text, ids depend on the chart's name alone, and no date: equal data gives equal bytes.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    written = svg.getvalue()
    return Chart(name, caption, _inline(written, name, caption), png.getvalue(), written)


def _inline(svg: str, name: str, caption: str) -> str:
    """For a page: colours by variables, the page's font, a size that follows the column, a text for screen readers."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", svg)
    svg = re.sub(r' width="[\d.]+pt"| height="[\d.]+pt"| xmlns:xlink="[^"]*"| xmlns="[^"]*"| version="[^"]*"', "", svg)
    safe = caption.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    # Chart elements have ids such as "axes_1"; two charts on one page must not share them.
    svg = re.sub(r' id="([^"]*)"', lambda m: f' id="{name}-{m[1]}"', svg)
    svg = re.sub(r'(url\(|href=")#([^")]*)', lambda m: f"{m[1]}#{name}-{m[2]}", svg)
    return svg.replace("<svg ", f'<svg class="chart" role="img" aria-label="{safe}" ', 1).replace("xlink:href", "href")
