"""Charts: what they say in words, and that equal figures give equal files."""

from __future__ import annotations

import re

import pytest
from webarena_gym.benchmarks.charts import (
    Curve,
    _highest_percent,
    learning_curves,
    lines,
    outcome_distribution,
    time_bars,
)
from webarena_gym.benchmarks.stats import Interval


def curve(label: str, *means: float) -> Curve:
    shares = [Interval(mean, max(0.0, mean - 0.1), mean + 0.1) for mean in means]
    return Curve(label, [100.0 * (n + 1) for n in range(len(means))], shares, [[*means]])


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)</text>", svg)


def test_a_learning_curve_ends_in_its_last_mean_and_is_named():
    chart = learning_curves("c", [curve("with", 0.1, 0.27), curve("without", 0.0, 0.02)], caption="Success.")
    shown = texts(chart.svg_file)
    assert {"27%", "2%", "with", "without", "solved validation tasks (%)"} <= set(shown)
    assert chart.png[:4] == b"\x89PNG" and 'aria-label="Success."' in chart.svg


@pytest.mark.parametrize(("mean", "top"), [(0.0, 20), (0.08, 20), (0.27, 40), (0.85, 100), (0.95, 100)])
def test_the_axis_ends_at_the_next_twenty_percent(mean, top):
    assert _highest_percent([curve("a", mean)]) == top  # bands reach 10 points above the mean


def test_outcomes_are_counted_and_policies_named_with_their_episodes():
    counts = {
        "success": 1,
        "wrong stop": 3,
        "stuck midway": 0,
        "no reasonable attempt": 0,
        "other": 0,
        "infra error": 5,
    }
    chart = outcome_distribution("o", [("random", counts)], caption="Ends.")
    assert {"random  (n = 4)", "1", "3", "wrong stop"} <= set(
        texts(chart.svg_file)
    )  # infrastructure errors are not scored


def test_times_are_compared_with_the_first():
    assert "2,000 ms   500×" in texts(time_bars("t", [("ours", 4.0), ("theirs", 2000.0)], caption="Times.").svg_file)


def test_equal_figures_give_equal_files():
    one, again = (
        lines("l", [("a", [1, 8], [3.0, 4.0]), ("b", [1, 8], [5.0, 6.0])], across="envs", up="ms", caption="Lines.")
        for _ in range(2)
    )
    assert one == again and "envs" in texts(one.svg_file)
