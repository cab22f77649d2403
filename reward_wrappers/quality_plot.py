"""A picture of ``MilestoneQuality``. Needs matplotlib, which is imported when a picture is drawn."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reward_wrappers.quality import MilestoneQuality

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SUCCESS, _FAILURE = "#2a7f62", "#b8553a"


def plot_quality(quality: MilestoneQuality, path: str | os.PathLike[str] | None = None) -> Figure:
    """Success by number reached, and how often each milestone is reached by successes and by failures.

    Writes the picture to ``path`` if given, in the format that its ending names, and returns the figure.

    Raises:
        ImportError: If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("plot_quality needs matplotlib: pip install matplotlib") from error

    # Figure, not pyplot: no window, no global state, nothing to close.
    figure = Figure(figsize=(10, 0.35 * len(quality.by_milestone) + 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)

    places = range(len(quality.by_reached))
    bars = left.bar(places, [group.success_rate for group in quality.by_reached], color=_SUCCESS)
    left.bar_label(bars, labels=[f"n={group.trajectories}" for group in quality.by_reached], padding=2)
    left.set_xticks(places, [str(group.reached) for group in quality.by_reached])
    left.set(xlabel="milestones reached", ylabel="success rate", ylim=(0, 1.1), title="Success by milestones reached")

    rows = range(len(quality.by_milestone))
    for offset, colour, label, attribute in (
        (-0.2, _SUCCESS, "successes", "among_successes"),
        (0.2, _FAILURE, "failures", "among_failures"),
    ):
        shares = [getattr(rate, attribute) or 0.0 for rate in quality.by_milestone]
        right.barh([row + offset for row in rows], shares, height=0.4, color=colour, label=label)
    right.set_yticks(rows, [rate.name for rate in quality.by_milestone])
    right.invert_yaxis()  # the first milestone on top
    right.set(xlabel="share of trajectories that reach it", xlim=(0, 1), title="Reached by")
    right.legend(loc="lower right")

    numbers = {"AUROC": quality.auroc, "Kendall's tau": quality.kendall_tau, "F1": quality.f1}
    shown = ", ".join(f"{name} {'undefined' if value is None else f'{value:.2f}'}" for name, value in numbers.items())
    title = f"{quality.successes} successes in {quality.trajectories} trajectories: {shown}"
    figure.suptitle("\n".join([title, *quality.warnings]), fontsize="medium", wrap=True)
    if path is not None:
        figure.savefig(path, dpi=120)
    return figure
