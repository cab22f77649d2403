"""``webarena-gym bench algorithms``: every algorithm from the same start, on the same budget of environment steps.

On each site and for each seed a small policy is cloned from a few demonstrations; every arm begins with these weights and
takes as many environment steps more, from demonstrations (``bc``) or from episodes of its own (all others). Compared is
success at tasks that training never met, of its families and of others. MiRA's parts are taken away one by one; without
its potential critic it is WebRL, which is an arm of its own.

Settings were tried out on seeds from 100 on. Each finished run is kept in the work folder, and a second call goes on where
the first was stopped.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from .algorithms_config import ARMS, AlgorithmsConfig, SiteTasks, arm_of
from .algorithms_runs import run_path, settings_of, start_path, train_arm, train_start
from .algorithms_summary import algorithm_chart, shown_charts, summarise, to_table
from .machine import describe_machine
from .result_file import write_result
from .workers import as_done

HELP = "train with every algorithm from the same start and budget, and compare success"

Told = Callable[[dict[str, Any]], None]


class _Job(NamedTuple):
    """A start to train, or with ``arm`` a run from it."""

    tasks: SiteTasks
    seed: int
    arm: str | None = None

    def path(self, work: Path) -> Path:
        site = self.tasks.site
        return start_path(work, site, self.seed) if self.arm is None else run_path(work, self.arm, site, self.seed)


def measure(
    config: AlgorithmsConfig,
    work: Path,
    *,
    processes: int = 2,
    told: Told = lambda record: None,
    written: Callable[[dict[str, Any]], None] = lambda report: None,
) -> dict[str, Any]:
    """Train whatever ``work`` does not hold yet, and return the report.

    ``told`` hears each record as soon as it is there, those of earlier calls first; ``written`` the report so far, which is
    summed up only once all is there.

    Raises:
        ValueError: If ``work`` holds runs of another config.
    """
    _claim(work, config)
    starts, runs = _jobs(config)
    for jobs in (starts, runs):
        for job in jobs:
            if job.path(work).exists():
                told(json.loads(job.path(work).read_text("utf-8")))
        missing = [(config, job, work) for job in jobs if not job.path(work).exists()]
        for record in as_done(_run, missing, processes):
            told(record)
            written(report_of(config, work, summed_up=False))
    return report_of(config, work)


def job_count(config: AlgorithmsConfig) -> int:
    """Starts and runs in all."""
    return sum(map(len, _jobs(config)))


def report_of(config: AlgorithmsConfig, work: Path, *, summed_up: bool = True) -> dict[str, Any]:
    """What the work folder holds, and what it adds up to, which takes some seconds."""
    settings = settings_of(config)
    starts, runs = (
        [json.loads(job.path(work).read_text("utf-8")) for job in jobs if job.path(work).exists()]
        for jobs in _jobs(config)
    )
    packages = {package: version(package) for package in ("gymnasium", "numpy", "torch")}
    return {
        "config": settings,
        "arms": described(config.arms),
        "machine": describe_machine() | packages,
        "cpu_s": round(sum(run["cpu_s"] for run in (*starts, *runs)), 1),
        "summary": summarise(starts, runs, settings) if summed_up else {},
        "starts": starts,
        "runs": runs,
    }


def _jobs(config: AlgorithmsConfig) -> tuple[list[_Job], list[_Job]]:
    pairs = [(tasks, seed) for seed in config.seed_range() for tasks in config.sites]
    return [_Job(*pair) for pair in pairs], [_Job(*pair, arm) for arm in config.arms for pair in pairs]


def _run(config: AlgorithmsConfig, job: _Job, work: Path) -> dict[str, Any]:
    if job.arm is None:
        return train_start(config, job.tasks, job.seed, work)
    return train_arm(config, job.arm, job.tasks, job.seed, work)


def _claim(work: Path, config: AlgorithmsConfig) -> None:
    """Say in the folder what its runs are; more seeds or other arms may join those that are there."""
    settings = {
        name: value for name, value in settings_of(config).items() if name not in ("seeds", "first_seed", "arms")
    }
    settings["arms"] = described(tuple(arm.name for arm in ARMS))
    file = work / "config.json"
    if not file.exists():
        work.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    elif json.loads(file.read_text("utf-8")) != settings:
        raise ValueError(f"{work} holds runs of another config; name another folder, or remove it to start over")


def described(arms: Sequence[str]) -> dict[str, Any]:
    """By name, what an arm trains with and which of its settings it changes."""
    return {name: {"algorithm": arm.algorithm, "options": dict(arm.options), "reward": arm.reward, "alpha": arm.alpha}
            for name, arm in ((name, arm_of(name)) for name in arms)}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    default = AlgorithmsConfig()
    parser.add_argument(
        "--work", type=Path, required=True, help="folder for starts and runs; gone on with if it is there"
    )
    parser.add_argument("--out", type=Path, required=True, help="JSON file for the report, written after each run")
    parser.add_argument("--charts", type=Path, help="folder for the learning curves, as PNG and SVG")
    parser.add_argument("--arms", default=",".join(default.arms), help="by name (all: %(default)s)")
    parser.add_argument("--sites", default=",".join(tasks.site for tasks in default.sites), help="(%(default)s)")
    parser.add_argument("--seeds", type=int, default=default.seeds, help="runs of each arm and site (%(default)s)")
    parser.add_argument("--first-seed", type=int, default=default.first_seed, help="(%(default)s)")
    parser.add_argument("--env-steps", type=int, default=default.env_steps, help="of each run (%(default)s)")
    parser.add_argument("--learning-rate", type=float, default=default.learning_rate, help="of every arm (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="runs at a time, one thread each (%(default)s)")


def config_of(args: argparse.Namespace) -> AlgorithmsConfig:
    """What the options stand for.

    Raises:
        ValueError: An unknown arm or site, or a number that makes no sense.
    """
    default = AlgorithmsConfig()
    known = {tasks.site: tasks for tasks in default.sites}
    if unknown := sorted(set(args.sites.split(",")) - set(known)):
        raise ValueError(f"no tasks are chosen for {', '.join(unknown)}; the sites are {', '.join(known)}")
    return replace(
        default,
        seeds=args.seeds,
        first_seed=args.first_seed,
        env_steps=args.env_steps,
        learning_rate=args.learning_rate,
        sites=tuple(known[site] for site in args.sites.split(",")),
        arms=tuple(args.arms.split(",")),
    )


def run(args: argparse.Namespace) -> int:
    """Train, print, write and draw.

    Raises:
        ValueError: If an option makes no sense, or ``--work`` holds runs of other options.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    config = config_of(args)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("runs", total=job_count(config))

        def told(record: dict[str, Any]) -> None:
            rate = record["val"].count("1") / max(1, len(record["val"]) - record["val"].count("-"))
            progress.console.print(f"{record['arm']:14}{record['site']:16}seed {record['seed']}: val {rate:4.0%}, "
                                   f"{record['cpu_s']:.0f} s")  # fmt: skip
            progress.advance(bar)

        def written(report: dict[str, Any]) -> None:
            write_result(args.out, report)

        report = measure(config, args.work, processes=args.processes, told=told, written=written)
    written(report)
    if report["summary"]:
        print(to_table(report["summary"]))
    print(f"{report['cpu_s'] / 60:.0f} minutes of processor time")
    if args.charts is not None:
        for name in shown_charts(report):
            algorithm_chart(report, name).save(args.charts)
    return 0
