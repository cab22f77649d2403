"""The charts that RESULTS.md and README.md show, drawn from the recorded figures.

Each SVG says in its first line which figures it was drawn from, as a digest: so a chart that no longer shows the figures is
noticed without drawing it again, which another version of matplotlib would do with other bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .charts import Chart

Data = Mapping[str, Any]


class Drawing(NamedTuple):
    """A chart that can be drawn: its file's name without ending, the figures it shows, and how."""

    name: str
    figures: Any
    draw: Callable[[], Chart]

    @property
    def mark(self) -> str:
        """The first line of its file."""
        digest = hashlib.sha256(json.dumps(self.figures, sort_keys=True).encode()).hexdigest()[:16]
        return f"<!-- figures {digest} -->"

    def svg(self) -> str:
        """The file's text."""
        # Trailing blanks are matplotlib's; they would only stand in the way of a diff.
        lines = [line.rstrip() for line in self.draw().svg_file.splitlines()]
        return "\n".join([lines[0], self.mark, *lines[1:]]) + "\n"

    def shown_by(self, svg: str) -> bool:
        """Whether a file's text was drawn from these figures."""
        return self.mark in svg.split("\n", 3)[:3]


def drawings(results: Mapping[str, Any]) -> dict[str, Drawing]:
    """Every chart for which there are figures, by name."""
    return {drawing.name: drawing for of in (_claim, _algorithms, _speed, _envs, _outcomes) for drawing in of(results)}


def _claim(results: Mapping[str, Any]) -> Iterator[Drawing]:
    if "claim" not in results:
        return
    report = results["claim"]

    def draw(name: str) -> Callable[[], Chart]:
        def drawn() -> Chart:
            from .claim import claim_charts

            return next(chart for chart in claim_charts(report) if chart.name == name)

        return drawn

    for name in ("claim_curves", "claim_steps"):
        yield Drawing(name, report, draw(name))


def _algorithms(results: Mapping[str, Any]) -> Iterator[Drawing]:
    from .algorithms_summary import algorithm_chart, shown_charts

    if "algorithms" in results:
        report = results["algorithms"]
        for name in shown_charts(report):
            yield Drawing(name, [report["config"], report["runs"]], partial(algorithm_chart, report, name))


def _speed(results: Mapping[str, Any]) -> Iterator[Drawing]:
    names = {
        "http_step_ms": "http engine",
        "browser_step_ms": "browser engine",
        "browsergym_step_ms": "BrowserGym 0.14.3",
    }
    found = [(label, results.get("speed", {}).get(name)) for name, label in names.items()]
    rows = [(label, float(value)) for label, value in found if value]
    if len(rows) < 2:
        return

    def draw() -> Chart:
        from .charts import time_bars

        return time_bars(
            "speed", rows, caption="Median time of a step to a listing of 36 products; the scale is logarithmic."
        )

    yield Drawing("speed", rows, draw)


def _envs(results: Mapping[str, Any]) -> Iterator[Drawing]:
    if "envs" not in results:
        return
    counts, sizes = results["envs"]["counts"], results["envs"]["sizes"]

    def by_count() -> Chart:
        from .charts import lines

        rows = [("one core", [c["envs"] for c in counts], [c["steps_a_second"] for c in counts])]
        return lines("envs_count", rows, across="http envs in one process", up="steps a second of one core",
                     caption="Steps a second of processor time, envs stepped in turn.")  # fmt: skip

    def by_size() -> Chart:
        from .charts import lines

        products = [s["products"] for s in sizes]
        rows = [
            ("listing", products, [s["listing_ms"] for s in sizes]),
            ("search", products, [s["search_ms"] for s in sizes]),
        ]
        return lines("envs_size", rows, across="products in the shop", up="ms a step",
                     caption="Median processor time of a step to a listing of 36 products and to a search.")  # fmt: skip

    yield Drawing("envs_count", counts, by_count)
    yield Drawing("envs_size", sizes, by_size)


def _outcomes(results: Mapping[str, Any]) -> Iterator[Drawing]:
    from .results_evals import grouped

    evals = [data for name, data in results.items() if name.startswith("eval_")]
    for number, (title, found) in enumerate(grouped(evals).items(), 1):
        rows = [(data["policy"], _outcome_counts(data)) for data in found]
        yield Drawing(f"outcomes_{number}", [title, rows], _drawn_outcomes(f"outcomes_{number}", title, rows))


def _drawn_outcomes(name: str, title: str, rows: Sequence[tuple[str, dict[str, int]]]) -> Callable[[], Chart]:
    def draw() -> Chart:
        from .charts import outcome_distribution

        return outcome_distribution(
            name, rows, caption=f"{title}: how episodes ended, by rules in the order of the legend."
        )

    return draw


def _outcome_counts(data: Data) -> dict[str, int]:
    return dict(next(group for group in data["groups"] if group["group"] == "all")["outcomes"])
