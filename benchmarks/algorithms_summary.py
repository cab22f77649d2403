"""What the runs of ``bench algorithms`` add up to: success, differences, tests, learning curves, and steps to a gain.

Success is the mean over sites, seeds and tasks. A seed's runs on all sites make one row, an evaluation's episodes one column
each, and intervals come from drawing rows and columns anew (``stats.crossed_bootstrap``). Differences between arms are taken
episode by episode, since all arms meet the same tasks and, on a site and seed, begin with the same weights.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .algorithms_config import START, arm_of
from .stats import RESAMPLES, Interval, crossed_bootstrap, holm, sign_flip_test

if TYPE_CHECKING:
    from .charts import Chart

Run = Mapping[str, Any]
GAIN = 0.2  # of val success over the start's: the steps to it are counted
_VALUE = {"1": 1.0, "0": 0.0, "-": math.nan}

CHARTS = {
    "algorithms_off_policy": ("bc", "webrl", "mira", "filtered-bc", "digirl", "webrl-code"),
    "algorithms_on_policy": ("mira", "awr", "ppo", "reinforce", "rloo", "grpo"),
    "algorithms_ablations": ("mira", "webrl", "mira-kl", "mira-one-step", "mira-pbrs", "mira-gamma-1"),
}


def summarise(starts: Sequence[Run], runs: Sequence[Run], config: Mapping[str, Any]) -> dict[str, Any]:
    """By arm, over the seeds for which all sites are there; arms without one are left out. Plain data, ready for JSON."""
    sites = [tasks["site"] for tasks in config["sites"]]
    rows = {
        arm: _rows([run for run in (*starts, *runs) if run["arm"] == arm], sites) for arm in (START, *config["arms"])
    }
    if not rows[START]:
        return {}
    arms = {arm: _of_arm(found, rows, config) for arm, found in rows.items() if found}
    tested = [arm for arm in arms if arms[arm].get("p") is not None]
    for arm, p in zip(tested, holm([arms[arm]["p"] for arm in tested]), strict=True):
        arms[arm]["p_holm"] = p
    summary: dict[str, Any] = {"sites": sites, "arms": arms}
    if {"webrl", "mira"} <= set(arms):
        summary["mira_against_webrl"] = times_fewer(rows, config)
    return summary


def _rows(runs: Sequence[Run], sites: Sequence[str]) -> dict[int, dict[str, Run]]:
    """By seed, the run of each site; seeds that lack a site are left out."""
    found: dict[int, dict[str, Run]] = {}
    for run in runs:
        found.setdefault(run["seed"], {})[run["site"]] = run
    return {seed: by_site for seed, by_site in sorted(found.items()) if set(by_site) == set(sites)}


def _of_arm(
    found: Mapping[int, Any], rows: Mapping[str, Mapping[int, Any]], config: Mapping[str, Any]
) -> dict[str, Any]:
    sites = [tasks["site"] for tasks in config["sites"]]
    arm = next(iter(next(iter(found.values())).values()))["arm"]
    val = _values(found, "val", sites)
    row: dict[str, Any] = {
        "seeds": list(found),
        "val": crossed_bootstrap(val),
        "heldout": crossed_bootstrap(_values(found, "heldout", sites)),
        "by_site": {
            site: {split: crossed_bootstrap(_values(found, split, [site])) for split in ("val", "heldout")}
            for site in sites
        },
        "infra_errors": sum(run["infra_errors"] for by_site in found.values() for run in by_site.values()),
        "cpu_s": round(sum(run["cpu_s"] for by_site in found.values() for run in by_site.values()), 1),
    }  # fmt: skip
    if arm == START:
        return row
    row["gain"] = _difference(found, rows[START], sites)
    curve = mean_curve(found, config)
    row["steps_to_gain"] = steps_to(curve, curve[0][1] + GAIN)
    against = arm_of(arm).against
    shared = set(found) & set(rows.get(against, {}))
    if shared:
        row["against"] = against
        row["difference"] = _difference(found, rows[against], sites)
        row["p"] = sign_flip_test(_counts(found, rows[against], sites, sorted(shared)))
    return row


def _values(found: Mapping[int, Any], split: str, sites: Sequence[str]) -> np.ndarray:
    """(seeds, episodes of all sites) 1, 0, or nan for an infrastructure error."""
    return np.array([[_VALUE[c] for site in sites for c in by_site[site][split]] for by_site in found.values()])


def _difference(found: Mapping[int, Any], other: Mapping[int, Any], sites: Sequence[str]) -> Interval:
    seeds = sorted(set(found) & set(other))
    one, two = ({seed: rows[seed] for seed in seeds} for rows in (found, other))
    return crossed_bootstrap(_values(one, "val", sites) - _values(two, "val", sites))


def _counts(
    found: Mapping[int, Any], other: Mapping[int, Any], sites: Sequence[str], seeds: Sequence[int]
) -> list[int]:
    """By site and seed, how many more val episodes succeeded, of those whose outcome is known in both."""
    counts = []
    for seed in seeds:
        for site in sites:
            pairs = zip(found[seed][site]["val"], other[seed][site]["val"], strict=True)
            counts.append(sum(int(one) - int(two) for one, two in pairs if "-" not in (one, two)))
    return counts


def grid_of(config: Mapping[str, Any]) -> np.ndarray:
    """The steps at which curves are compared."""
    points = max(1, round(config["env_steps"] / config["eval_every"]))
    return np.linspace(0, config["env_steps"], points + 1)


def on_grid(run: Run, config: Mapping[str, Any]) -> np.ndarray:
    """(points, curve episodes) outcomes at the grid's steps, between evaluations in proportion."""
    steps = [point[0] for point in run["curve"]]
    outcomes = np.nan_to_num([[_VALUE[c] for c in point[1]] for point in run["curve"]])
    return np.array([np.interp(grid_of(config), steps, column) for column in outcomes.T]).T


def curves(found: Mapping[int, Any], config: Mapping[str, Any]) -> np.ndarray:
    """(seeds, points, curve episodes of all sites)"""
    sites = [tasks["site"] for tasks in config["sites"]]
    return np.array(
        [np.concatenate([on_grid(by_site[site], config) for site in sites], axis=1) for by_site in found.values()]
    )


def mean_curve(found: Mapping[int, Any], config: Mapping[str, Any]) -> list[tuple[float, float]]:
    """(steps, val success) of the mean over sites and seeds; the first point is the start's."""
    means = curves(found, config).mean(axis=(0, 2))
    return list(zip(grid_of(config).tolist(), means.tolist(), strict=True))


def steps_to(curve: Sequence[tuple[float, float]], success: float) -> float | None:
    """Steps until a curve first has this success, between points in proportion; None: not within the budget.

    >>> steps_to([(0, 0.2), (100, 0.3), (200, 0.5)], 0.4), steps_to([(0, 0.2), (100, 0.3)], 0.4)
    (150.0, None)
    """
    for (before, low), (after, high) in itertools.pairwise(curve):
        if high >= success - 1e-12:
            share = 0.0 if low >= success else (success - low) / (high - low)
            return float(before + share * (after - before))
    return None


def times_fewer(rows: Mapping[str, Mapping[int, Any]], config: Mapping[str, Any]) -> dict[str, Any]:
    """Steps of WebRL and of MiRA to the start's success plus the gain, and WebRL's over MiRA's.

    An arm that misses counts at the budget. The interval draws the seeds that both have anew, each seed with both its arms.
    """
    seeds = sorted(set(rows["webrl"]) & set(rows["mira"]))
    by_arm = {arm: curves({seed: rows[arm][seed] for seed in seeds}, config).mean(axis=2) for arm in ("webrl", "mira")}
    budget, grid = float(config["env_steps"]), grid_of(config)

    def steps(arm: str, drawn: np.ndarray) -> float | None:
        means = by_arm[arm][drawn].mean(axis=0)  # (points,)
        start = float(np.mean([by_arm[name][drawn, 0].mean() for name in by_arm]))
        return steps_to(list(zip(grid.tolist(), means.tolist(), strict=True)), start + GAIN)

    every = np.arange(len(seeds))
    reached = {arm: steps(arm, every) for arm in by_arm}
    random = np.random.default_rng(0)
    ratios = []
    for _ in range(RESAMPLES // 5):
        drawn = random.integers(len(seeds), size=len(seeds))
        webrl, mira = (steps(arm, drawn) or budget for arm in ("webrl", "mira"))
        ratios.append(webrl / mira)
    low, high = np.percentile(ratios, [2.5, 97.5])
    ratio = (reached["webrl"] or budget) / (reached["mira"] or budget)
    return {"seeds": seeds, "steps": reached, "times_fewer": Interval(ratio, float(low), float(high))}


def to_table(summary: Mapping[str, Any]) -> str:
    """The summary as lines for people."""
    lines = [f"{'':14}{'val':22}{'held-out families':22}{'gain over the start':24}against"]
    for arm, row in summary["arms"].items():
        line = f"{arm:14}{Interval(*row['val']).percent():22}{Interval(*row['heldout']).percent():22}"
        if "gain" in row:
            line += f"{points(row['gain']):24}"
        if "difference" in row:
            line += f"{row['against']}: {points(row['difference'])}, p {row['p']:.3f}, Holm {row['p_holm']:.3f}"
        lines.append(line.rstrip())
    if "mira_against_webrl" in summary:
        lines.append(verdict(summary["mira_against_webrl"]))
    return "\n".join(lines)


def to_markdown(report: Mapping[str, Any]) -> str:
    """The summary as the table that RESULTS.md and docs/training.md show, and the sentence on steps below it."""
    summary, budget = report["summary"], report["config"]["env_steps"]
    heads = ["arm", "what it does", "seeds", "val", "held-out families", "gain over the start", "against", "difference",
             "p (Holm)", f"steps to +{100 * GAIN:.0f} points"]  # fmt: skip
    rows = []
    for arm, row in summary["arms"].items():
        steps = "" if arm == START else f"{row['steps_to_gain']:,.0f}" if row["steps_to_gain"] else f"> {budget:,}"
        tested = (
            [row["against"], points(row["difference"]), f"{row['p']:.3f} ({row['p_holm']:.3f})"]
            if "p" in row
            else [""] * 3
        )
        rows.append([
            f"`{arm}`", "what all begin with" if arm == START else arm_of(arm).about, str(len(row["seeds"])),
            Interval(*row["val"]).percent(0), Interval(*row["heldout"]).percent(0),
            points(row["gain"]) if "gain" in row else "", *tested, steps,
        ])  # fmt: skip
    lines = ["| " + " | ".join(cells) + " |" for cells in (heads, ["---"] * len(heads), *rows)]
    found = summary.get("mira_against_webrl")
    return "\n".join(lines) + (f"\n\n{verdict(found)}" if found else "")


def points(interval: Sequence[float]) -> str:
    """A difference of shares, in percentage points.

    >>> points((0.1, -0.02, 0.215))
    '+10.0 [-2.0, +21.5]'
    """
    return "{:+.1f} [{:+.1f}, {:+.1f}]".format(*(100 * value for value in interval))


def verdict(found: Mapping[str, Any]) -> str:
    """The steps to the gain, as a sentence."""
    said = {
        arm: "not within the budget" if steps is None else f"{steps:,.0f} steps"
        for arm, steps in found["steps"].items()
    }
    ratio = Interval(*found["times_fewer"]).plain(2)
    return f"start + {100 * GAIN:.0f} points: mira {said['mira']}, webrl {said['webrl']}; webrl / mira {ratio}"


def shown_charts(report: Mapping[str, Any]) -> list[str]:
    """The names of the charts that have at least two arms to show."""
    arms = set(report["summary"]["arms"])
    return [name for name, of in CHARTS.items() if len(arms.intersection(of)) > 1]


def algorithm_chart(report: Mapping[str, Any], name: str) -> Chart:
    """One of ``CHARTS``: learning curves of its arms, mean over sites and seeds."""
    from .charts import Curve, learning_curves

    config = report["config"]
    sites = [tasks["site"] for tasks in config["sites"]]
    shown = []
    for arm in CHARTS[name]:
        found = _rows([run for run in report["runs"] if run["arm"] == arm], sites)
        if found:
            values = curves(found, config)  # (seeds, points, episodes)
            bands = [crossed_bootstrap(values[:, point]) for point in range(values.shape[1])]
            shown.append(Curve(arm, grid_of(config).tolist(), bands))
    caption = (
        f"Success at val tasks of {' and '.join(sites)} while training, mean over sites and {config['seeds']} seeds. "
        "Bands: 95%, bootstrap over seeds and tasks."
    )
    return learning_curves(name, shown, caption=caption)
