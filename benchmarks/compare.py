"""``webarena-gym compare``: evaluations side by side, task by task, with paired tests.

Only tasks that both runs scored are compared, the same ones with the same seeds. With one episode a task the p-value is
McNemar's, exact; with several it is the sign-flip test over tasks' differences, which for one episode is the same test.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from math import lcm
from pathlib import Path
from typing import Any

from webarena_gym.errors import WebArenaGymError

from .report import Section, Table
from .run_report import LoadedRun, evaluation_report, load_run, successes_of
from .stats import Interval, bootstrap_mean, holm, mcnemar, sign_flip_test
from .summary import Task, task_of

HELP = "compare evaluations task by task, beside published figures"


class NothingToCompare(WebArenaGymError, ValueError):
    """Two evaluations have no task in common."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The second run against the first, on the tasks that both scored."""

    first: str
    second: str
    tasks: int
    only_first: int
    """Tasks that the first solved more often."""
    only_second: int
    difference: Interval
    """Second minus first success rate, mean over tasks; bootstrap over tasks."""
    p_value: float
    adjusted_p_value: float
    """After Holm, for all comparisons made at once."""


def compare(runs: Sequence[LoadedRun]) -> list[Comparison]:
    """Each later run against the first.

    Raises:
        NothingToCompare: No task in common.
    """
    first, *others = runs
    found = [_compare_two(first, other) for other in others]
    adjusted = holm([comparison.p_value for comparison in found])
    return [replace(comparison, adjusted_p_value=p) for comparison, p in zip(found, adjusted, strict=True)]


def _compare_two(first: LoadedRun, second: LoadedRun) -> Comparison:
    before, after = outcomes_by_task(first), outcomes_by_task(second)
    tasks = [task for task in before if task in after]
    if not tasks:
        raise NothingToCompare(
            f"{first.label} and {second.label} share no task with an outcome; evaluate both with the same --tasks and --seed"
        )
    pairs = [(sum(before[t]), len(before[t]), sum(after[t]), len(after[t])) for t in tasks]
    # In whole numbers, so that the test over all sign changes is exact: rates times a common denominator.
    unit = lcm(*(n for _, n, _, _ in pairs), *(n for _, _, _, n in pairs))
    differences = [b * unit // m - a * unit // n for a, n, b, m in pairs]
    only_first, only_second = sum(d < 0 for d in differences), sum(d > 0 for d in differences)
    p_value = mcnemar(only_first, only_second) if unit == 1 else sign_flip_test(differences)
    return Comparison(
        first=first.label,
        second=second.label,
        tasks=len(tasks),
        only_first=only_first,
        only_second=only_second,
        difference=bootstrap_mean([d / unit for d in differences]),
        p_value=p_value,
        adjusted_p_value=p_value,
    )


def outcomes_by_task(run: LoadedRun) -> dict[Task, list[bool]]:
    """The scored episodes of each task."""
    found: dict[Task, list[bool]] = {}
    for trajectory in run.trajectories:
        if trajectory.infra_error is None and trajectory.success is not None:
            found.setdefault(task_of(trajectory), []).append(bool(trajectory.success))
    return found


def comparison_table(comparisons: Sequence[Comparison]) -> Table:
    """One row a comparison."""
    several = len(comparisons) > 1
    rows = [
        [c.second, c.first, str(c.tasks), f"{c.only_second} / {c.only_first}", c.difference.percent(), f"{c.p_value:.3g}",
         *([f"{c.adjusted_p_value:.3g}"] if several else [])]
        for c in comparisons
    ]  # fmt: skip
    return Table(
        caption="Paired over tasks: difference in success with 95% bootstrap interval, exact McNemar (sign-flip with k > 1)",
        columns=[
            "policy",
            "against",
            "tasks ",
            "better / worse on ",
            "difference ",
            "p ",
            *(["p (Holm) "] if several else []),
        ],
        rows=rows,
    )


def published_table() -> tuple[Table, str]:
    """Other people's figures with their sources, and the remark that must go with them."""
    published = json.loads(files(__package__).joinpath("published.json").read_text(encoding="utf-8"))
    rows = [
        [row["system"], *("" if rate is None else f"{rate:.1f}" for rate in row["rates"]), row["source"]]
        for row in published["rows"]
    ]
    table = Table(
        caption="Published, on the real sites: success in % of WebArena-Lite's 165 tasks",
        columns=["system", *(f"{column} " for column in published["columns"]), "source"],
        rows=rows,
    )
    return table, published["remark"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "runs", nargs="+", type=Path, metavar="FOLDER", help="folders of webarena-gym eval; the first is the baseline"
    )
    parser.add_argument("--labels", nargs="+", default=None, help="names to show, in the order of the folders")
    parser.add_argument("--references", type=Path, default=None, metavar="FOLDER",
                        help="an evaluation, such as the oracle's, whose successes show where failed episodes strayed")  # fmt: skip
    parser.add_argument("--out", type=Path, default=None, help="folder for report.html, charts and compare.json")


def run(args: argparse.Namespace) -> int:
    from rich.console import Console

    if len(args.runs) < 2:
        raise ValueError("compare takes two folders or more")
    if args.labels is not None and len(args.labels) != len(args.runs):
        raise ValueError(f"want as many --labels as folders, got {len(args.labels)} for {len(args.runs)}")
    runs = distinct([load_run(path, args.labels and args.labels[i]) for i, path in enumerate(args.runs)])
    comparisons = compare(runs)
    published, remark = published_table()
    console = Console(width=None if sys.stdout.isatty() else 120)
    report = evaluation_report(
        runs,
        first=[Section(title="Comparison", tables=[comparison_table(comparisons)])],
        references=successes_of(load_run(args.references)) if args.references else {},
    )
    for table in (comparison_table(comparisons), *report.sections[1].tables, *report.sections[2].tables, published):
        console.print(table.to_text())
    console.print(remark, markup=False)
    if args.out is not None:
        published_section = Section(title="Published figures", tables=[published], text=[remark])
        replace(report, sections=[*report.sections, published_section]).write(args.out / "report.html")
        (args.out / "compare.json").write_text(
            json.dumps(_to_json(runs, comparisons), indent=1) + "\n", encoding="utf-8"
        )
    return 0


def distinct(runs: Sequence[LoadedRun]) -> list[LoadedRun]:
    """The runs with labels that differ."""
    found: list[LoadedRun] = []
    for run in runs:
        same = sum(other.label.split(" #")[0] == run.label for other in found)
        found.append(replace(run, label=f"{run.label} #{same + 1}") if same else run)
    return found


def _to_json(runs: Sequence[LoadedRun], comparisons: Sequence[Comparison]) -> dict[str, Any]:
    return {"runs": [run.to_json() for run in runs], "comparisons": [asdict(comparison) for comparison in comparisons]}
