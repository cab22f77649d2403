"""Do milestones speed up learning? PPO with and without them on MiniGrid DoorKey-6x6 and on FrozenLake 8x8.

Every arm of a task is trained by the same Stable-Baselines3 PPO on the same seeds; only the training reward differs. A run
ends when 90% of its last 40 training episodes succeeded at the task itself, whatever the shaping paid; that is what "steps"
counts. The cap is 400,000 steps: a miss, counted at the cap and marked as censored, so that a mean with misses is a lower
bound.

The hyperparameters are those of RL Baselines3 Zoo for DoorKey-5x5 (without its normalisation): on seeds from 100 on they
suited the unshaped arm better than the other set tried. Of the shaped arms nothing but alpha was tuned, on those seeds too.

Results are written after every run, and a second call goes on where the first was stopped.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import gymnasium as gym
import numpy as np

from reward_wrappers import Milestone, MilestoneReward, observation_equals, reward_at_least

from .machine import describe_machine
from .result_file import write_result

HELP = "train PPO with and without milestones on DoorKey and FrozenLake, and compare the steps it takes"

Task = Literal["DoorKey-6x6", "FrozenLake-8x8"]
Arm = Literal["unshaped", "bonus", "pbrs"]
TASKS: tuple[Task, ...] = ("DoorKey-6x6", "FrozenLake-8x8")
ARMS: tuple[Arm, ...] = ("unshaped", "bonus", "pbrs")

# MiniGrid shows what the agent carries on its own cell of the view, (3, 6), and what is right in front of it on (3, 5).
DOORKEY = (
    Milestone("key", observation_equals(5, at=("image", 3, 6, 0))),
    Milestone("door", observation_equals(4, at=("image", 3, 5, 0)) & observation_equals(0, at=("image", 3, 5, 2))),
    Milestone("goal", reward_at_least(0.01)),
)
# States count row by row from 0; the goal, 63, is below 55 in the last column.
FROZEN_LAKE = (
    *(Milestone(f"state {state}", observation_equals(state)) for state in (23, 39, 55)),
    Milestone("goal", reward_at_least(1.0)),
)


@dataclass(frozen=True, kw_only=True)
class MilestonesConfig:
    """What is trained, and how. Written beside the results; results of another config are not gone on with."""

    seeds: int = 10
    """Runs per task and arm, seeded from ``first_seed`` on."""
    first_seed: int = 0
    cap: int = 400_000
    """Most environment steps of a run."""
    threshold: float = 0.9
    """Share of the last ``window`` training episodes that must succeed."""
    window: int = 40
    alpha: float = 1.0
    """Scale of the shaping. A success pays up to 1."""
    gamma: float = 0.99
    """Discount, of PPO and of ``pbrs`` alike."""
    num_envs: int = 8
    rollout: int = 128
    """Steps of each env between updates."""
    batch_size: int = 64
    epochs: int = 10
    learning_rate: float = 2.5e-4
    entropy: float = 0.0

    def __post_init__(self) -> None:
        if min(self.seeds, self.window) < 1 or not 0 < self.threshold <= 1:
            raise ValueError(f"at least one seed and episode, and a threshold up to 1, are needed, got {self}")


@dataclass(frozen=True)
class Run:
    """One training run."""

    task: Task
    arm: Arm
    seed: int
    steps: int
    """Environment steps until the threshold, or the cap."""
    censored: bool
    """True if the threshold was not met: it would have taken more than ``steps``."""
    curve: list[tuple[int, float]]
    """(steps, share of the last training episodes that succeeded), after every rollout."""
    wall_s: float
    cpu_s: float
    """Processor time: what the run takes on a core of its own, whatever else the machine is doing."""


def make_env(task: Task, arm: Arm, config: MilestonesConfig) -> gym.Env:
    """The env of an arm, with its observation flat: the agent's 7x7x3 view, or the state one-hot."""
    from stable_baselines3.common.monitor import Monitor

    if task == "DoorKey-6x6":
        import minigrid  # noqa: F401  (registers its ids)

        env, milestones = gym.make("MiniGrid-DoorKey-6x6-v0", disable_env_checker=True), DOORKEY
    else:
        env, milestones = gym.make("FrozenLake-v1", map_name="8x8", is_slippery=False), FROZEN_LAKE
    env = Monitor(env)  # inside the shaping, so that the returns it reports to PPO's statistics are the task's own
    if arm != "unshaped":
        env = MilestoneReward(env, milestones, scheme=arm, alpha=config.alpha, gamma=config.gamma)
    if task == "DoorKey-6x6":
        from minigrid.wrappers import ImgObsWrapper

        env = ImgObsWrapper(env)
    return gym.wrappers.FlattenObservation(env)


def train(task: Task, arm: Arm, seed: int, config: MilestonesConfig) -> Run:
    """One run of PPO, until the threshold or the cap."""
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.vec_env import DummyVecEnv

    torch.set_num_threads(1)
    wall, cpu = time.perf_counter(), time.process_time()
    model = PPO(
        "MlpPolicy",
        DummyVecEnv([lambda: make_env(task, arm, config)] * config.num_envs),
        n_steps=config.rollout,
        batch_size=config.batch_size,
        n_epochs=config.epochs,
        learning_rate=config.learning_rate,
        ent_coef=config.entropy,
        gamma=config.gamma,
        seed=1000 * seed,  # also of the envs, one apart; so that no two runs share an env's seed
        device="cpu",
        stats_window_size=config.window,
    )
    curve: list[tuple[int, float]] = []
    while not curve or (curve[-1][1] < config.threshold and curve[-1][0] < config.cap):
        model.learn(config.rollout * config.num_envs, reset_num_timesteps=False)
        curve.append((min(model.num_timesteps, config.cap), success_rate(model.ep_info_buffer, config.window)))
    steps, success = curve[-1]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Run(task, arm, seed, steps, success < config.threshold, curve, round(wall, 1), round(cpu, 1))


def success_rate(episodes: Iterable[Mapping[str, float]], window: int) -> float:
    """Share of the last ``window`` episodes, given with their task returns ``r``, that succeeded; those to come count as lost."""
    return sum(episode["r"] > 0 for episode in episodes) / window


def measure_milestones(config: MilestonesConfig, out: Path, *, processes: int = 2) -> dict[str, Any]:
    """Train whatever ``out`` does not hold yet, writing it after each run, and return the report.

    Raises:
        ValueError: If ``out`` holds results of another config.
    """
    report = _opened(out, config)
    done = {(run["task"], run["arm"], run["seed"]) for run in report["runs"]}
    seeds = range(config.first_seed, config.first_seed + config.seeds)
    # What the comparison needs most comes first: a task's own reward and the bonus, then the other task, then the other scheme.
    order = [(task, arm) for arms in (ARMS[:2], ARMS[2:]) for task in TASKS for arm in arms]
    jobs = [(task, arm, seed, config) for task, arm in order for seed in seeds if (task, arm, seed) not in done]
    started, before = time.perf_counter(), report["wall_s"]
    with _workers(min(processes, len(jobs))) as train_all:
        for run in train_all(_train, jobs):
            report["runs"] = sorted([*report["runs"], asdict(run)], key=lambda r: (r["task"], r["arm"], r["seed"]))
            report["wall_s"] = round(before + time.perf_counter() - started, 1)
            write_result(out, report)
            print(
                f"{run.task} {run.arm} seed {run.seed}: {'> ' if run.censored else ''}{run.steps:,} steps", flush=True
            )
    report["summary"] = summarise(report["runs"])
    write_result(out, report)
    return report


def summarise(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Per task and arm the steps, misses counted at the cap; and how many times fewer than unshaped.

    An arm stands there once it has the seeds of the unshaped one. Intervals are 95% percentile bootstraps over seeds, 10,000
    resamples from a fixed generator.
    """
    summary: dict[str, Any] = {}
    for task in TASKS:
        found = {arm: [run for run in runs if (run["task"], run["arm"]) == (task, arm)] for arm in ARMS}
        seeds = {run["seed"] for run in found["unshaped"]}
        if not seeds:
            continue
        found = {arm: of_arm for arm, of_arm in found.items() if {run["seed"] for run in of_arm} == seeds}
        steps = {arm: np.array([run["steps"] for run in of_arm]) for arm, of_arm in found.items()}
        missed = {arm: sum(run["censored"] for run in of_arm) for arm, of_arm in found.items()}
        random = np.random.default_rng(0)
        means = {  # (10,000,) means of resampled seeds
            arm: random.choice(values, size=(10_000, len(values))).mean(axis=1) for arm, values in steps.items()
        }
        summary[task] = {
            arm: {
                "mean_steps": float(steps[arm].mean()),
                "mean_steps_interval": _interval(means[arm]),
                "median_steps": float(np.median(steps[arm])),
                "misses": int(missed[arm]),
                "times_fewer": float(steps["unshaped"].mean() / steps[arm].mean()),
                "times_fewer_interval": _interval(means["unshaped"] / means[arm]),
            }
            for arm in found
        }
    return summary


def _interval(resampled: np.ndarray) -> list[float]:
    return [round(float(bound), 3) for bound in np.percentile(resampled, [2.5, 97.5])]


@contextlib.contextmanager
def _workers(count: int) -> Iterator[Callable[..., Iterable[Run]]]:
    """A ``map`` over ``count`` processes that yields what is done first; over none, one after the other in this process."""
    if count < 2:
        yield map
        return
    # Spawned, not forked: torch's threads do not survive a fork.
    with multiprocessing.get_context("spawn").Pool(count, initializer=_one_thread) as pool:
        yield pool.imap_unordered


def _one_thread() -> None:
    # Before torch is imported: its idle threads spin, which costs the other run a multiple on a busy machine.
    os.environ["OMP_NUM_THREADS"] = "1"


def _train(job: tuple[Task, Arm, int, MilestonesConfig]) -> Run:
    return train(*job)


def _opened(out: Path, config: MilestonesConfig) -> dict[str, Any]:
    packages = ("gymnasium", "minigrid", "numpy", "stable-baselines3", "torch")
    machine = describe_machine() | {package: version(package) for package in packages}
    if not out.exists():
        return {"config": asdict(config), "machine": machine, "wall_s": 0.0, "runs": []}
    report = json.loads(out.read_text())
    if report["config"] != asdict(config):
        raise ValueError(f"{out} holds results of another config; name another file, or delete it to start over")
    return report


def to_table(report: dict[str, Any]) -> str:
    """The summary as lines for people; ``>=`` marks a mean that counts misses at the cap."""
    lines = [f"{'':26}{'mean steps':>12}   95% interval        misses   times fewer"]
    for task, arms in report["summary"].items():
        for arm, row in arms.items():
            low, high = row["mean_steps_interval"]
            mean = f"{'>= ' if row['misses'] else ''}{row['mean_steps']:,.0f}"
            fewer = "{:.1f} ({:.1f} to {:.1f})".format(row["times_fewer"], *row["times_fewer_interval"])
            lines.append(
                f"{task + ', ' + arm:26}{mean:>12}   {low:8,.0f} to {high:8,.0f}   {row['misses']:>4}   {fewer}"
            )
    return "\n".join(lines)


def plot(report: dict[str, Any], path: Path) -> None:
    """Steps of every run, and success in training, one row per task; runs that missed are hollow, at the cap."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter

    colours = {"unshaped": "#7a7a7a", "bonus": "#2a7f62", "pbrs": "#3b6ea8"}
    figure = Figure(figsize=(11, 7), layout="constrained")
    cap = report["config"]["cap"]
    for row, task in zip(figure.subplots(len(TASKS), 2, squeeze=False), TASKS, strict=True):
        dots, curves = row
        for place, arm in enumerate(ARMS):
            if arm not in report["summary"].get(task, {}):
                continue
            runs = [run for run in report["runs"] if (run["task"], run["arm"]) == (task, arm)]
            for i, run in enumerate(sorted(runs, key=lambda r: r["steps"])):
                face = "none" if run["censored"] else colours[arm]
                height = place + (i - (len(runs) - 1) / 2) * 0.06
                dots.plot(run["steps"], height, "o", color=colours[arm], markerfacecolor=face, markersize=6)
            summary = report["summary"][task][arm]
            mean, (low, high) = summary["mean_steps"], summary["mean_steps_interval"]
            dots.plot([low, high], [place + 0.4] * 2, color=colours[arm], linewidth=2)
            dots.plot(mean, place + 0.4, "|", color=colours[arm], markersize=14, markeredgewidth=3)
            steps, success = _mean_curve(runs, cap)
            curves.plot(steps, success, color=colours[arm], label=arm)
        dots.set_yticks(range(len(ARMS)), ARMS)
        dots.invert_yaxis()
        dots.axvline(cap, color="black", linewidth=0.8, linestyle=":")
        dots.set(title=f"{task}: steps to {report['config']['threshold']:.0%} success", xlabel="environment steps")
        curves.set(title=f"{task}: success in training", xlabel="environment steps", ylim=(-0.02, 1.02))
        curves.axhline(report["config"]["threshold"], color="black", linewidth=0.8, linestyle=":")
        if curves.get_legend_handles_labels()[0]:
            curves.legend(loc="lower right")
        for panel in row:
            panel.set_xscale("log")
            panel.xaxis.set_minor_formatter(NullFormatter())  # the powers of ten alone; the others run into each other
    figure.suptitle(
        f"PPO, {report['config']['seeds']} seeds an arm. Dots: runs (hollow: missed by the cap). Bars: mean, 95% bootstrap interval"
    )
    figure.savefig(path, dpi=120)


def _mean_curve(runs: Sequence[dict[str, Any]], cap: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean success over runs, at 200 steps up to the cap; a run that met the threshold and stopped keeps its last value."""
    steps = np.linspace(cap / 200, cap, 200)
    values = [np.interp(steps, *np.transpose(run["curve"])) for run in runs]  # np.interp holds the last value
    return steps, np.mean(values, axis=0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    default = MilestonesConfig()
    parser.add_argument("--out", type=Path, required=True, help="JSON file for results; gone on with if it is there")
    parser.add_argument("--plot", type=Path, help="picture to draw, such as milestones.png")
    parser.add_argument("--seeds", type=int, default=default.seeds, help="runs per task and arm (%(default)s)")
    parser.add_argument(
        "--first-seed", type=int, default=default.first_seed, help="seed of the first run (%(default)s)"
    )
    parser.add_argument("--cap", type=int, default=default.cap, help="most steps of a run (%(default)s)")
    parser.add_argument("--alpha", type=float, default=default.alpha, help="scale of the shaping (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="runs at a time, one thread each (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Train, print, write and draw.

    Raises:
        ValueError: If an option makes no sense, or ``--out`` holds results of other options.
    """
    config = MilestonesConfig(seeds=args.seeds, first_seed=args.first_seed, cap=args.cap, alpha=args.alpha)
    report = measure_milestones(config, args.out, processes=args.processes)
    print(to_table(report))
    cpu_s = sum(run["cpu_s"] for run in report["runs"])
    print(f"{report['wall_s'] / 60:.0f} minutes in all; {cpu_s / 60:.0f} minutes of one core")
    if args.plot is not None:
        plot(report, args.plot)
    return 0
