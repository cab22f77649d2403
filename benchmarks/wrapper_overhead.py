"""What milestone shaping costs: microseconds a step on FrozenLake, single and vectorised.

The wrapped and the bare env take the same steps in turn, and the difference of the fastest rounds is the overhead, in
processor time: whatever else the machine does can only slow a round down, never speed it up. No milestone is ever reached, so that all of them
are asked at every step; reached ones cost nothing.

Run ``webarena-gym bench overhead --out overhead.json``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from reward_wrappers import Milestone, MilestoneReward, VectorMilestoneReward, observation_equals

from .machine import describe_machine
from .result_file import write_result

HELP = "measure what milestone shaping adds to a step, single and vectorised"

STEP_LIMIT_US = 20.0
"""Most that 5 milestones may add to a step of one env, in microseconds."""
ROW_LIMIT_US = 2.0
"""Most that a vector env of 64 may take per env and milestone, in microseconds."""


@dataclass(frozen=True, kw_only=True)
class OverheadConfig:
    """How much to measure."""

    milestones: int = 5
    num_envs: int = 64
    steps: int = 20_000
    """Steps of one env in a round; a round of the vector env takes ``steps / num_envs`` steps of all."""
    rounds: int = 15

    def __post_init__(self) -> None:
        if min(self.milestones, self.num_envs, self.rounds) < 1 or self.steps < self.num_envs:
            raise ValueError(f"nothing to measure with {self}; every number is at least 1, and steps at least num_envs")


@dataclass(frozen=True)
class Overhead:
    """Times in microseconds, each the fastest of the rounds."""

    bare_us: float
    wrapped_us: float
    overhead_us: float
    """Per step of one env, or per env and milestone of a vector env."""
    limit_us: float


def measure_overhead(config: OverheadConfig) -> dict[str, Overhead]:
    """The overhead of ``MilestoneReward`` per step and of ``VectorMilestoneReward`` per env and milestone, by scheme."""
    milestones = [Milestone(f"m{i}", observation_equals(1000 + i)) for i in range(config.milestones)]
    left = np.zeros(config.num_envs, dtype=np.int64)  # FrozenLake starts at the left edge, so nothing ever happens
    results: dict[str, Overhead] = {}
    for scheme in ("bonus", "pbrs"):
        arguments: dict[str, Any] = {"scheme": scheme, "gamma": 0.99}
        bare, wrapped = (gym.make("FrozenLake-v1", is_slippery=False, max_episode_steps=10**9) for _ in range(2))
        wrapped = MilestoneReward(wrapped, milestones, **arguments)
        times = _fastest([bare, wrapped], lambda env: env.step(0), config.steps, config.rounds)
        results[f"single, {scheme}"] = Overhead(*times, times[1] - times[0], STEP_LIMIT_US)
        bare, wrapped = (_vector(config.num_envs) for _ in range(2))
        wrapped = VectorMilestoneReward(wrapped, milestones, **arguments)
        times = _fastest([bare, wrapped], lambda envs: envs.step(left), config.steps // config.num_envs, config.rounds)
        each = (times[1] - times[0]) / (config.num_envs * config.milestones)
        results[f"vector, {scheme}"] = Overhead(*times, each, ROW_LIMIT_US)
    return results


def _vector(num_envs: int) -> gym.vector.VectorEnv:
    arguments: dict[str, Any] = {"is_slippery": False, "max_episode_steps": 10**9}
    return gym.make_vec("FrozenLake-v1", num_envs=num_envs, vectorization_mode="sync", **arguments)


def _fastest(envs: Sequence[Any], step: Callable[[Any], Any], steps: int, rounds: int) -> tuple[float, ...]:
    """Processor time of a step of each env in microseconds, the fastest of ``rounds`` rounds that take turns."""
    fastest = [float("inf")] * len(envs)
    for env in envs:
        env.reset(seed=0)
    for _ in range(rounds):
        for i, env in enumerate(envs):
            started = time.thread_time()
            for _ in range(steps):
                step(env)
            fastest[i] = min(fastest[i], (time.thread_time() - started) / steps * 1e6)
    return tuple(fastest)


def to_table(results: dict[str, Overhead]) -> str:
    """The results as lines for people."""
    lines = [f"{'':16}{'bare':>10}{'wrapped':>10}{'overhead':>10}{'limit':>8}  (microseconds)"]
    for name, r in results.items():
        lines.append(f"{name:16}{r.bare_us:10.2f}{r.wrapped_us:10.2f}{r.overhead_us:10.2f}{r.limit_us:8.1f}")
    return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    default = OverheadConfig()
    parser.add_argument("--milestones", type=int, default=default.milestones, help="milestones per env (%(default)s)")
    parser.add_argument("--num-envs", type=int, default=default.num_envs, help="envs in the vector env (%(default)s)")
    parser.add_argument("--steps", type=int, default=default.steps, help="steps in a round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=default.rounds, help="rounds, the fastest counts (%(default)s)")
    parser.add_argument("--out", type=Path, help="JSON file for the results, the config and the machine")


def run(args: argparse.Namespace) -> int:
    """Measure, print and write; 1 where an overhead is above its limit.

    Raises:
        ValueError: If an option makes no sense.
    """
    config = OverheadConfig(milestones=args.milestones, num_envs=args.num_envs, steps=args.steps, rounds=args.rounds)
    results = measure_overhead(config)
    print(to_table(results))
    if args.out is not None:
        report = {
            "config": asdict(config),
            "machine": describe_machine() | {package: version(package) for package in ("gymnasium", "numpy")},
            "results": {name: asdict(result) for name, result in results.items()},
        }
        write_result(args.out, report)
    return int(any(result.overhead_us > result.limit_us for result in results.values()))
