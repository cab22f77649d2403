"""Tables, charts and the report of one evaluation or of several side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from webarena_gym.agents.trajectory import Trajectory

from .charts import Chart, heat_map, outcome_distribution, success_bars
from .eval_config import EvalConfig, command_of, planned_episodes
from .eval_folder import BadLine, EvalFolder, key_of
from .failure_analysis import MODES, key_decision, milestone_heat_map
from .report import Report, Section, Table
from .stats import NOTHING, wilson_interval
from .summary import ALL, Summary, summarize
from .viewer_data import Run


@dataclass(frozen=True, kw_only=True)
class LoadedRun:
    """An evaluation read from its folder."""

    folder: EvalFolder
    config: EvalConfig
    about: dict[str, Any]
    label: str
    note: str
    trajectories: tuple[Any, ...]
    planned: int
    bad_lines: tuple[BadLine, ...]
    training: str = ""
    """The command that trained the policy, if one did."""

    @property
    def summaries(self) -> list[Summary]:
        return summarize(self.trajectories)

    def to_json(self) -> dict[str, Any]:
        """All figures, with what they were measured with."""
        return {
            "policy": self.label,
            "note": self.note,
            "command": command_of(self.config),
            "training": self.training,
            "config": self.config.to_json(),
            **self.about,
            "planned": self.planned,
            "played": len(self.trajectories),
            "bad_lines": len(self.bad_lines),
            "groups": [summary.to_json() for summary in self.summaries],
        }


def load_run(path: Path, label: str | None = None) -> LoadedRun:
    """The evaluation in a folder, finished or not.

    Raises:
        EvalFolderError: There is none.
    """
    folder = EvalFolder(path)
    config = folder.config()
    planned = {key_of(request) for request in planned_episodes(config)}
    played = folder.played()
    described = folder.policy()
    return LoadedRun(
        folder=folder,
        config=config,
        about=folder.about(),
        label=label or described.name,
        note=described.note,
        training=described.training,
        trajectories=tuple(t for t in played.trajectories if key_of(t) in planned),
        planned=len(planned),
        bad_lines=played.bad_lines,
    )


References = Mapping[int | str, Sequence[Trajectory]]
"""Successful episodes by task."""


def successes_of(*runs: LoadedRun) -> dict[int | str, list[Trajectory]]:
    """The episodes of ``runs`` that solved their task, by task."""
    found: dict[int | str, list[Trajectory]] = {}
    for run in runs:
        for trajectory in run.trajectories:
            if trajectory.success:
                found.setdefault(trajectory.task_id, []).append(trajectory)
    return found


def evaluation_tables(run: LoadedRun, *, references: References | None = None) -> list[Table]:
    """Success by site, how failures divide, and where they strayed from successes, of ``references`` and the run's own."""
    return [success_table(run), failure_table([run]), *decision_tables([run], references or {})]


def success_table(run: LoadedRun) -> Table:
    """One row a site and one for all."""
    summaries = run.summaries
    ks = sorted({k for summary in summaries for k in summary.pass_at if k > 1})
    rows = [
        [s.group, str(s.tasks), str(s.episodes), s.success.percent(), *(s.pass_at.get(k, NOTHING).percent(0) for k in ks),
         s.steps.plain(), s.milestones.percent(0), str(s.infra_errors)]
        for s in summaries
    ]  # fmt: skip
    missing = (
        "" if len(run.trajectories) == run.planned else f"; {len(run.trajectories)} of {run.planned} episodes played"
    )
    note = f" ({run.note})" if run.note else ""
    return Table(
        caption=f"{run.label}{note}: {_setting(run.config)}{missing}",
        columns=[
            "site",
            "tasks ",
            "episodes ",
            "success ",
            *(f"pass@{k} " for k in ks),
            "actions ",
            "milestones ",
            "infra errors ",
        ],
        rows=rows,
        marked=[len(rows) - 1],
    )


def _setting(config: EvalConfig) -> str:
    tasks = {"test": "official tasks"}.get(
        str(config.tasks), f"{config.tasks} tasks" if isinstance(config.tasks, str) else "listed tasks"
    )
    sites = "embedded sites" if config.sites == "embedded" else "real sites"
    return f"{tasks}, {sites}, {config.engine}, scoring {config.scoring}, at most {config.max_steps} actions"


def failure_table(runs: Sequence[LoadedRun]) -> Table:
    """Each mode's share of all scored episodes and of the failures."""
    rows = []
    for run in runs:
        counts = run.summaries[-1].failures
        if not counts.failures:
            rows.append([run.label, "none failed", "0", "", ""])
            continue
        for mode in MODES:
            rows.append(
                [
                    run.label,
                    mode,
                    str(counts.counts[mode]),
                    counts.of_all(mode).percent(0),
                    counts.of_failures(mode).percent(0),
                ]
            )
    return Table(
        caption="How failed episodes ended (by rules, in this priority; infrastructure errors left out)",
        columns=["policy", "failure mode", "episodes ", "of all episodes ", "of failures "],
        rows=rows,
    )


def decision_tables(runs: Sequence[LoadedRun], references: References) -> list[Table]:
    """Where failed episodes strayed from successful ones of their tasks; no table if none has any to compare with."""
    known = successes_of(*runs)
    for task, found in references.items():
        known.setdefault(task, []).extend(found)
    rows = []
    for run in runs:
        failed = [t for t in run.trajectories if t.success is False and known.get(t.task_id)]
        decisions = [(key_decision(t, known[t.task_id]), t) for t in failed]
        at = [(step, t) for step, t in decisions if step is not None]
        if not at:
            continue
        first = wilson_interval(sum(step == 0 for step, _ in at), len(at))
        stops = wilson_interval(sum(t.terminated and step == len(t.steps) - 1 for step, t in at), len(at))
        rows.append(
            [run.label, str(len(failed)), f"{median(step + 1 for step, _ in at):g}", first.percent(0), stops.percent(0)]
        )
    columns = ["policy", "failures with one ", "median action ", "the first action ", "the stop "]
    caption = (
        "Key decision: the action at which a failed episode left what successful ones of its task did on that page"
    )
    return [Table(caption=caption, columns=columns, rows=rows)] if rows else []


def evaluation_charts(runs: Sequence[LoadedRun]) -> list[Chart]:
    """Success by site, outcomes, and a milestone heat map for each run."""
    by_run = [{s.group: s for s in run.summaries} for run in runs]
    groups = list(dict.fromkeys(group for found in by_run for group in found if group != ALL))
    groups = [*groups, ALL] if len(groups) > 1 else groups
    series = [
        (run.label, [found[g].success if g in found else NOTHING for g in groups])
        for run, found in zip(runs, by_run, strict=True)
    ]
    charts = [
        success_bars("success_by_site", groups, series,
                     caption="Share of episodes that solved their task, by site. Lines: 95%, Wilson's interval."),
        outcome_distribution("outcomes", [(run.label, dict(found[ALL].failures.counts)) for run, found in zip(runs, by_run, strict=True)],
                             caption="How episodes ended; failure modes are decided by rules, in the order of the legend."),
    ]  # fmt: skip
    for number, run in enumerate(runs, 1):
        found = milestone_heat_map(run.trajectories, max_steps=min(run.config.max_steps, 40))
        if found.episodes:
            charts.append(heat_map(f"milestones_{number}", found, caption=f"{run.label}: chance that a task's j-th milestone has been "
                                   "reached after so many actions; n: episodes whose task has one."))  # fmt: skip
    return charts


def evaluation_report(
    runs: Sequence[LoadedRun], *, first: Sequence[Section] = (), references: References | None = None
) -> Report:
    """The report of one or several evaluations; ``first`` are sections to put before.

    ``references`` show, besides the runs' own successes, where failed episodes strayed.
    """
    title = runs[0].label if len(runs) == 1 else " against ".join(run.label for run in runs)
    return Report(
        title=title,
        subtitle=f"{_setting(runs[0].config)}, seed {runs[0].config.seed}",
        figures=[(run.summaries[-1].success.percent(), f"of {run.summaries[-1].episodes} episodes solved by {run.label}", "") for run in runs],
        sections=[
            *first,
            Section(
                title="Success",
                tables=[success_table(run) for run in runs],
                text=["Brackets are 95% intervals: Wilson's for success, bootstrap over tasks for the rest. Episodes that an "
                      "infrastructure error cut off are counted apart and in no rate."],
            ),
            Section(title="Failures", tables=[failure_table(runs), *decision_tables(runs, references or {})],
                    charts=evaluation_charts(runs)),
        ],
        runs=[Run(label=run.label, note=run.note, episodes=[run.folder.episode(t) for t in run.trajectories]) for run in runs],
        machine=runs[0].about.get("machine", {}),
        references=references or {},
    )  # fmt: skip
