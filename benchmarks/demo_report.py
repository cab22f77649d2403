"""The demo's figures, each with its interval, and the report around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from .charts import Chart, Curve, learning_curves, steps_to_reach
from .demo_oracle import LABEL
from .demo_training import LABELS, REWARDS, DemoTraining, TrainedRun
from .episodes import Episode
from .failure_analysis import milestone_times
from .machine import describe_machine
from .report import Report, Section, Table
from .stats import Interval, bootstrap_mean, clustered_wilson, crossed_bootstrap, wilson_interval
from .viewer_data import Run

HALF = 0.5  # of the val tasks solved: what training steps are counted to
ENGINES = {"browser": "Chromium", "http": "http"}


def outcomes(runs: Sequence[TrainedRun], index: int) -> np.ndarray:
    """(seeds, tasks): 1, 0 or nan for evaluation number ``index`` (-1 for the last); every seed met the same tasks."""
    rows = [run.points[index].successes for run in runs]
    return np.array([[np.nan if success is None else float(success) for success in row] for row in rows])


def success_interval(values: np.ndarray) -> Interval:
    """Success over seeds and tasks: Wilson's interval at the number of episodes that are as good as independent."""
    known = ~np.isnan(values)
    seeds, tasks = np.nonzero(known)
    return clustered_wilson([bool(value) for value in values[known]], list(seeds), list(tasks))


def steps_to(run: TrainedRun, share: float) -> int | None:
    """Training steps before the first evaluation with at least ``share`` solved; None: not within this budget."""
    for point in run.points:
        known = [success for success in point.successes if success is not None]
        if known and np.mean(known) >= share:
            return point.env_steps
    return None


def curve_of(label: str, runs: Sequence[TrainedRun]) -> Curve:
    """Means over seeds with crossed bootstrap bands. Updates end at slightly different steps, so steps are means too."""
    count = min(len(run.points) for run in runs)
    values = [outcomes(runs, index) for index in range(count)]
    return Curve(
        label,
        [float(np.mean([run.points[index].env_steps for run in runs])) for index in range(count)],
        [crossed_bootstrap(value) for value in values],
        [[float(np.nanmean(value[row])) for value in values] for row in range(len(runs))],
    )


def summarize(
    training: DemoTraining, in_chromium: Sequence[Episode], in_http: Sequence[Episode], runs: Sequence[TrainedRun]
) -> dict[str, Any]:
    """Every figure of the demo as plain data; an interval is [estimate, low, high]."""
    by_reward = {reward: [run for run in runs if run.reward == reward] for reward in REWARDS}
    last = {reward: outcomes(found, -1) for reward, found in by_reward.items()}
    engines = {"browser": in_chromium, "http": in_http}
    return {
        "machine": describe_machine(),
        "training": {**asdict(training), "cache_dir": None},
        "oracle": {engine: oracle_figures(episodes) for engine, episodes in engines.items() if episodes},
        "untrained": success_interval(outcomes(runs, 0)),
        "trained": {
            reward: {
                "success": success_interval(last[reward]),
                "steps_to_half": [steps_to(run, HALF) for run in found],
                "infra_errors": sum(run.infra_errors for run in found),
                "core_seconds": [round(run.seconds, 1) for run in found],
                "curves": [[[point.env_steps, list(point.successes)] for point in run.points] for run in found],
            }
            for reward, found in by_reward.items()
        },
        "gain": crossed_bootstrap(last["bonus"] - last["sparse"]),
    }


def oracle_figures(episodes: Sequence[Episode]) -> dict[str, Any]:
    """Success, share of milestones reached and actions of one-episode-a-task runs; infrastructure errors apart."""
    scored = [episode.trajectory for episode in episodes if episode.trajectory.success is not None]
    reached = [[time is not None for time in milestone_times(trajectory).values()] for trajectory in scored]
    return {
        "success": wilson_interval(sum(bool(trajectory.success) for trajectory in scored), len(scored)),
        "tasks": len(scored),
        "infra_errors": len(episodes) - len(scored),
        "milestones": bootstrap_mean([float(np.mean(held)) for held in reached if held]),
        "actions": bootstrap_mean([len(trajectory.steps) for trajectory in scored]),
    }


def build_report(
    training: DemoTraining,
    result: Mapping[str, Any],
    in_chromium: Sequence[Episode],
    in_http: Sequence[Episode],
    runs: Sequence[TrainedRun],
) -> Report:
    """The report over ``summarize``'s figures and the episodes."""
    tasks = f"{training.eval_episodes} unseen generated tasks"
    trained = [
        Run(
            label=f"PPO, {LABELS[run.reward]}",
            episodes=run.episodes,
            note=f"After {run.env_steps:,} steps of training, seed 0.",
        )
        for run in reversed(runs)
        if run.episodes
    ]
    note = f"Played by a {LABEL}."
    scripted = [
        Run(label=f"oracle, {ENGINES[engine]}", episodes=episodes, note=note)
        for engine, episodes in (("http", in_http), ("browser", in_chromium))
        if episodes
    ]
    return Report(
        title="webarena-gym demo",
        subtitle="WebArena-Lite's shopping tasks on an embedded shop: solved by script, then a small policy that learns generated "
        "tasks from the task's reward alone and with milestone rewards.",
        figures=_headlines(result),
        sections=[
            Section(
                title="Results",
                tables=[results_table(training, result)],
                text=[
                    "The oracle rows show that the official tasks can be solved and that solutions are accepted; the oracle is a script, "
                    "not a learned policy.",
                    f"The PPO rows illustrate milestone rewards at a small size: two families of generated tasks, {training.seeds} "
                    f"seeds of {training.env_steps:,} environment steps, evaluation on {tasks}. They are not results on "
                    "WebArena-Lite.",
                    "Brackets are 95% intervals: Wilson's for success (over seeds and tasks at the number of episodes that are "
                    "as good as independent), bootstrap for everything else.",
                ],
            ),
            Section(title="Learning", charts=demo_charts(training, runs)),
        ],
        runs=[*trained, *scripted],
        machine=result["machine"],
    )


def _headlines(result: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    found = []
    for engine, figures in result["oracle"].items():
        solved, tasks = round(figures["success"].estimate * figures["tasks"]), figures["tasks"]
        tone = "good" if solved == tasks else "bad"
        found.append(
            (f"{solved} of {tasks}", f"official shopping tasks solved by scripted oracle ({ENGINES[engine]})", tone)
        )
    for reward in REWARDS:
        share = result["trained"][reward]["success"].estimate
        found.append((f"{share:.0%}", f"of unseen generated tasks solved after training {LABELS[reward]}", ""))
    return found


def results_table(training: DemoTraining, result: Mapping[str, Any]) -> Table:
    """The one table that the demo prints."""
    rows = []
    for engine, figures in result["oracle"].items():
        where = f"{figures['tasks']} official, {ENGINES[engine]}"
        rows.append(
            ["scripted oracle, not learned", where, figures["success"].percent(0), figures["actions"].plain(), ""]
        )
    tasks = f"{training.eval_episodes} generated (val)"
    rows.append(["CandidatePolicy, untrained", tasks, result["untrained"].percent(0), "", ""])
    for reward in REWARDS:
        figures = result["trained"][reward]
        steps = steps_text(figures["steps_to_half"], training.env_steps)
        rows.append([f"PPO, {LABELS[reward]}", tasks, figures["success"].percent(0), "", steps])
    rows.append(["difference made by milestones", "", points(result["gain"]), "", ""])
    errors = sum(figures["infra_errors"] for figures in [*result["oracle"].values(), *result["trained"].values()])
    return Table(
        caption=f"Success with 95% intervals; PPO after {training.env_steps:,} steps, {training.seeds} seeds; "
        f"{errors} infrastructure errors",
        columns=["policy", "tasks", "success ", "actions ", "steps to solve half "],
        rows=rows,
        marked=[len(rows) - 1],
    )


def points(interval: Interval) -> str:
    """A difference of shares, in percentage points.

    >>> points(Interval(0.5, 0.25, 0.75))
    '+50 points [+25, +75]'
    """
    return "{:+.0f} points [{:+.0f}, {:+.0f}]".format(*(100 * value for value in interval))


def steps_text(steps: Sequence[int | None], budget: int) -> str:
    """Steps of each seed, the censored ones as such, smallest first.

    >>> steps_text([900, None, 600], 3000)
    '600, 900, >3,000'
    """
    known = sorted(step for step in steps if step is not None)
    return ", ".join([*(f"{step:,}" for step in known), *[f">{budget:,}"] * (len(steps) - len(known))])


def demo_charts(training: DemoTraining, runs: Sequence[TrainedRun]) -> list[Chart]:
    """The learning curves, and how soon half of the tasks were solved."""
    found = [(LABELS[reward], [run for run in runs if run.reward == reward]) for reward in REWARDS]
    return [
        learning_curves(
            "learning_curves",
            [curve_of(label, of) for label, of in found],
            caption=f"Success on {training.eval_episodes} unseen validation tasks while training, {training.seeds} seeds. Bands: "
            "95%, bootstrap over seeds and tasks; thin lines: single seeds.",
        ),
        steps_to_reach(
            "steps_to_half",
            [(label, [steps_to(run, HALF) for run in of], training.env_steps) for label, of in found],
            share=HALF,
            caption="Training steps before the first evaluation with at least half of the validation tasks solved, a mark for "
            "each seed. Open triangles: not within the budget, so the true number is larger.",
        ),
    ]
