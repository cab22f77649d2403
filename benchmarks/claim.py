"""``webarena-gym bench claim``: do milestone rewards save environment steps on the shop's generated tasks?

The same PPO trains the same small policy on the same tasks and seeds three times: from the task's own reward (``sparse``), with
``bonus`` and with ``pbrs``. Counted are the environment steps until 80% of the best success rate. Success is that of the last
48 training episodes at the task itself, whatever the shaping paid; hardly any task is met twice. The best success rate is the
highest mean over seeds that any arm had at any time. A run that does not get to 80% of it counts at its budget and is marked as
censored, so that a mean with misses is a lower bound. Ratios of mean steps come with intervals from a paired bootstrap: seeds
are drawn, and all arms of a drawn seed go together.

A run ends early once 90% of the window succeed, which is beyond 80% of any rate; its rate is taken as staying there. Results
are written after every run; a second call goes on where the first was stopped. Settings were tried out on seeds from 100 on.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .demo_training import task_ids
from .machine import describe_machine
from .result_file import write_result
from .stats import RESAMPLES, Interval, crossed_bootstrap
from .workers import as_done

if TYPE_CHECKING:
    from webarena_gym.agents.train_config import TrainConfig

    from .charts import Chart

HELP = "train with and without milestone rewards on the shop's generated tasks, and compare the steps it takes"

ARMS = ("sparse", "bonus", "pbrs")
ARM_NAMES = {"sparse": "task reward alone", "bonus": "milestone bonus", "pbrs": "milestone potential (pbrs)"}
FAMILIES = ("product_price", "wish_list_add")  # two that differ in what ends them: an answer, a change
SHARE = 0.8  # of the best success rate
ENOUGH = 0.9  # ends a run
GRID = 60  # points of a mean curve


@dataclass(frozen=True, kw_only=True)
class ClaimConfig:
    """What is trained, and how. Written beside the results; results of another config are not gone on with."""

    seeds: int = 10
    """Runs of each arm, seeded from ``first_seed`` on."""
    first_seed: int = 0
    env_steps: int = 4000
    """Most of a run."""
    families: tuple[str, ...] = FAMILIES
    train_tasks: int = 400
    """Listed of each family."""
    window: int = 48
    """Training episodes whose share of successes is the success rate."""
    max_steps: int = 8
    """Actions an episode; the default families' oracles need 3 or 4."""
    alpha: float = 0.3
    """Scale of the milestone reward. A success pays 1."""
    learning_rate: float = 3e-3
    """Of PPO; three times the default, since runs are short."""
    entropy_weight: float = 0.03
    """Of PPO; ten times the default, since nothing else finds the first success."""

    def __post_init__(self) -> None:
        for name in (
            "seeds",
            "env_steps",
            "train_tasks",
            "window",
            "max_steps",
            "alpha",
            "learning_rate",
            "entropy_weight",
        ):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")


class ClaimRun(NamedTuple):
    """One training run. ``curve`` holds (environment steps so far, success rate), from the first full window on."""

    arm: str
    seed: int
    curve: list[tuple[int, float]]
    env_steps: int
    infra_errors: int
    cpu_s: float


class _Enough(Exception):
    """The run has shown what it was for."""


def measure_claim(
    config: ClaimConfig, out: Path, *, processes: int = 2, told: Callable[[str], None] = print
) -> dict[str, Any]:
    """Train whatever ``out`` does not hold yet, writing it after each run, and return the report.

    Raises:
        ValueError: If ``out`` holds results of another config.
    """
    report = _opened(out, config)
    done = {(run["arm"], run["seed"]) for run in report["runs"]}
    seeds = range(config.first_seed, config.first_seed + config.seeds)
    # Seed by seed, so that what is there after a while compares whole pairs.
    jobs = [(config, arm, seed) for seed in seeds for arm in ARMS if (arm, seed) not in done]
    for run in as_done(train_arm, jobs, processes):
        report["runs"] = sorted([*report["runs"], run._asdict()], key=lambda r: (ARMS.index(r["arm"]), r["seed"]))
        report["summary"] = summarise(report["runs"], config.env_steps)
        write_result(out, report)
        rate = f"{run.curve[-1][1]:.0%}" if run.curve else "nothing"
        told(f"{run.arm} seed {run.seed}: {rate} after {run.env_steps:,} steps, {run.cpu_s:.0f} s")
    return report


def train_arm(config: ClaimConfig, arm: str, seed: int) -> ClaimRun:
    """One run, up to the budget or to 90% success."""
    import torch
    from webarena_gym.agents.train import TrainEvent, train

    torch.set_num_threads(1)
    began = time.process_time()
    settings = train_config(config, arm, seed)
    width = max(1, config.window // settings.algorithm_config().episodes_per_update)
    points: list[tuple[int, float]] = []
    errors = 0.0

    def heard(event: TrainEvent) -> None:
        nonlocal errors
        errors += event.metrics.get("infra_errors", 0.0)
        if "train_success_rate" in event.metrics:
            points.append((event.env_steps, event.metrics["train_success_rate"]))
            if any(rate >= ENOUGH for _, rate in windowed(points[-width:], width)):
                raise _Enough

    try:
        train(settings, callbacks=(heard,))
    except _Enough:
        pass
    seconds = round(time.process_time() - began, 1)
    return ClaimRun(arm, seed, windowed(points, width), points[-1][0] if points else 0, int(errors), seconds)


def train_config(config: ClaimConfig, arm: str, seed: int) -> TrainConfig:
    """What one run is told: equal but for reward and seed."""
    from webarena_gym.agents.train_config import TrainConfig

    return TrainConfig(
        algorithm="ppo",
        env_id="WebArenaLite-shopping-v0",
        env_steps=config.env_steps,
        seed=seed,
        tasks=task_ids("train", config.train_tasks, config.families),
        reward=arm,  # type: ignore[arg-type]
        alpha=config.alpha,
        max_steps=config.max_steps,
        eval_episodes=0,
        options={"learning_rate": config.learning_rate, "entropy_weight": config.entropy_weight},
    )


def windowed(points: Sequence[tuple[int, float]], width: int) -> list[tuple[int, float]]:
    """The mean over the last ``width`` updates, each of as many episodes, at each update from the first full window on.

    >>> windowed([(100, 0.0), (200, 0.5), (300, 1.0)], 2)
    [(200, 0.25), (300, 0.75)]
    """
    return [
        (points[end - 1][0], sum(success for _, success in points[end - width : end]) / width)
        for end in range(width, len(points) + 1)
    ]


def summarise(runs: Sequence[Mapping[str, Any]], budget: int) -> dict[str, Any]:
    """Steps to 80% of the best success rate, and how many times fewer than sparse, over the seeds that every arm has."""
    by_arm = {arm: {run["seed"]: run["curve"] for run in runs if run["arm"] == arm} for arm in ARMS}
    seeds = sorted(set.intersection(*(set(found) for found in by_arm.values())))
    if not seeds:
        return {}
    curves = {arm: on_grid([found[seed] for seed in seeds], budget) for arm, found in by_arm.items()}
    best = max(float(values.mean(axis=0).max()) for values in curves.values())
    reached = {arm: [steps_to(found[seed], SHARE * best) for seed in seeds] for arm, found in by_arm.items()}
    steps = {arm: np.array([budget if step is None else step for step in found]) for arm, found in reached.items()}
    return {
        "best_success_rate": best,
        "wanted_success_rate": SHARE * best,
        "seeds": seeds,
        "arms": {
            arm: {
                "steps": [int(step) for step in steps[arm]],
                "censored": [step is None for step in reached[arm]],
                "mean_steps": float(steps[arm].mean()),
                "times_fewer": times_fewer(steps["sparse"], steps[arm]),
                "final_success": crossed_bootstrap(curves[arm][:, -1:]),
            }
            for arm in ARMS
        },
    }


def on_grid(curves: Sequence[Sequence[tuple[int, float]]], budget: int) -> np.ndarray:
    """(curves, GRID) success rates at evenly spaced steps up to the budget; a run that ended early keeps its last rate.

    Before the first full window nothing is known, and 0 stands for it.
    """
    steps = np.linspace(budget / GRID, budget, GRID)
    return np.array([np.interp(steps, *np.transpose(curve), left=0.0) if curve else np.zeros(GRID) for curve in curves])


def steps_to(curve: Sequence[Sequence[float]], share: float) -> int | None:
    """Environment steps until this success rate; None: not within the budget.

    >>> steps_to([(250, 0.3), (505, 0.7)], 0.6), steps_to([(250, 0.3)], 0.6)
    (505, None)
    """
    return next((int(steps) for steps, success in curve if success >= share - 1e-12), None)


def times_fewer(sparse: np.ndarray, shaped: np.ndarray) -> Interval:
    """Mean steps of ``sparse`` over those of ``shaped``, (seeds,) each, with a 95% percentile interval of the paired bootstrap."""
    rows = np.random.default_rng(0).integers(len(sparse), size=(RESAMPLES, len(sparse)))
    low, high = np.percentile(sparse[rows].mean(axis=1) / shaped[rows].mean(axis=1), [2.5, 97.5])
    return Interval(float(sparse.mean() / shaped.mean()), float(low), float(high))


def verdict(summary: Mapping[str, Any]) -> str:
    """What the figures say about the claim, a sentence an arm."""
    said = []
    for arm in ARMS[1:]:
        ratio = Interval(*summary["arms"][arm]["times_fewer"])
        if ratio.low > 1:
            holds = "fewer environment steps than sparse reward"
        elif ratio.high < 1:
            holds = "more environment steps than sparse reward"
        else:
            holds = "no difference that these seeds could show"
        said.append(f"{arm}: {ratio.plain(2)} times fewer steps: {holds}")
    return "\n".join(said)


def to_table(report: Mapping[str, Any]) -> str:
    """The summary as lines for people; ``>=`` marks a mean that counts misses at the budget."""
    summary = report["summary"]
    lines = [
        f"best success rate {summary['best_success_rate']:.0%}; steps to {summary['wanted_success_rate']:.0%}, "
        f"{len(summary['seeds'])} seeds",
        f"{'':8}{'mean steps':>12}{'misses':>8}   {'times fewer':22}final success",
    ]
    for arm, row in summary["arms"].items():
        mean = f"{'>= ' if any(row['censored']) else ''}{row['mean_steps']:,.0f}"
        fewer = Interval(*row["times_fewer"]).plain(2)
        lines.append(
            f"{arm:8}{mean:>12}{sum(row['censored']):>8}   {fewer:22}{Interval(*row['final_success']).percent(0)}"
        )
    return "\n".join([*lines, verdict(summary)])


def claim_charts(report: Mapping[str, Any]) -> list[Chart]:
    """Success over steps, and the steps of each seed."""
    from .charts import Curve, learning_curves, steps_to_reach

    summary, budget = report["summary"], report["config"]["env_steps"]
    seeds, grid = summary["seeds"], np.linspace(budget / GRID, budget, GRID).tolist()
    curves, rows = [], []
    for arm, row in summary["arms"].items():
        found = {run["seed"]: run["curve"] for run in report["runs"] if run["arm"] == arm}
        values = on_grid([found[seed] for seed in seeds], budget)  # (seeds, GRID)
        bands = [crossed_bootstrap(values[:, [column]]) for column in range(GRID)]
        curves.append(Curve(ARM_NAMES[arm], grid, bands, values.tolist()))
        steps = [None if missed else step for step, missed in zip(row["steps"], row["censored"], strict=True)]
        rows.append((ARM_NAMES[arm], steps, budget))
    return [
        learning_curves(
            "claim_curves",
            curves,
            tasks="training tasks",
            caption=f"Success at generated tasks while training, over windows of {report['config']['window']} episodes, "
            f"{len(seeds)} seeds. Bands: 95%, bootstrap over seeds; thin lines: single seeds.",
        ),
        steps_to_reach(
            "claim_steps",
            rows,
            share=summary["wanted_success_rate"],
            caption="Training steps until 80% of the best success rate, a mark for each seed. Open triangles: not within the budget.",
        ),
    ]


def _opened(out: Path, config: ClaimConfig) -> dict[str, Any]:
    settings = json.loads(json.dumps(asdict(config)))
    if not out.exists():
        packages = {package: version(package) for package in ("gymnasium", "numpy", "torch")}
        return {"config": settings, "machine": describe_machine() | packages, "runs": [], "summary": {}}
    report = json.loads(out.read_text(encoding="utf-8"))
    if report["config"] != settings:
        raise ValueError(f"{out} holds results of another config; name another file, or delete it to start over")
    return report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    default = ClaimConfig()
    parser.add_argument("--out", type=Path, required=True, help="JSON file for results; gone on with if it is there")
    parser.add_argument("--charts", type=Path, help="folder for the charts, as PNG and SVG")
    parser.add_argument("--seeds", type=int, default=default.seeds, help="runs of each arm (%(default)s)")
    parser.add_argument("--first-seed", type=int, default=default.first_seed, help="of the first run (%(default)s)")
    parser.add_argument("--env-steps", type=int, default=default.env_steps, help="most of a run (%(default)s)")
    parser.add_argument("--families", default=",".join(default.families), help="of tasks, by name (%(default)s)")
    parser.add_argument("--max-steps", type=int, default=default.max_steps, help="actions an episode (%(default)s)")
    parser.add_argument("--alpha", type=float, default=default.alpha, help="scale of the shaping (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="runs at a time, one thread each (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Train, print, write and draw.

    Raises:
        ValueError: If an option makes no sense, or ``--out`` holds results of other options.
    """
    config = ClaimConfig(
        seeds=args.seeds,
        first_seed=args.first_seed,
        env_steps=args.env_steps,
        families=tuple(args.families.split(",")),
        max_steps=args.max_steps,
        alpha=args.alpha,
    )
    report = measure_claim(config, args.out, processes=args.processes, told=lambda line: print(line, flush=True))
    print(to_table(report))
    if args.charts is not None:
        for chart in claim_charts(report):
            chart.save(args.charts)
    return 0
