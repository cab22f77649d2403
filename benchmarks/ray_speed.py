"""``webarena-gym bench ray``: the same episodes played in this process and by Ray actors, and what that saves.

Actors are of a cluster on this machine, with one env each. Trajectories must be the same to the byte; what differs is counted.
The clock starts when actors stand and each has played an episode.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from webarena_gym.agents.candidate_policy import CandidatePolicy
from webarena_gym.agents.ray_rollout import Alpha, RayConfig, RayWorkers
from webarena_gym.agents.rollout import Collector, EpisodeRequest, InProcessCollector, episode_requests
from webarena_gym.agents.trajectory import Trajectory

from ..env import WebArenaEnv
from ..processes import usable_cores
from .machine import describe_machine
from .result_file import write_result

HELP = "play episodes by Ray actors: the same as in one process, and how much sooner"


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What one way of playing took."""

    workers: int
    """Actors; 0 for this process alone."""
    seconds: float
    steps: int
    steps_per_s: float
    different: int
    """Trajectories that are not those of this process."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", default="shopping")
    parser.add_argument("--episodes", type=int, default=120)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="actors, one figure for each number")
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    """Measure, print and write; 1 where a trajectory differs."""
    found = measure(args.site, args.episodes, args.workers, cache_dir=args.cache_dir)
    print(to_text(found))
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        report = {
            "machine": describe_machine(),
            "site": args.site,
            "episodes": args.episodes,
            "spreads": [asdict(spread) for spread in found],
        }
        write_result(args.json, report)
    return int(any(spread.different for spread in found))


def measure(site: str, episodes: int, workers: Sequence[int], *, cache_dir: str | None = None) -> list[Spread]:
    """The figure of this process, then one for each number of actors."""
    requests = list(islice(episode_requests(11), episodes))
    policy = CandidatePolicy(seed=0)
    make_env = partial(_make_env, site, cache_dir)
    here = InProcessCollector([make_env(Alpha())])
    seconds, expected = _timed(here, policy, requests)
    here.close()
    found = [_spread(0, seconds, expected, expected)]
    for count in workers:
        actors = RayWorkers({"play": make_env}, RayConfig(workers=count))
        collector = actors.collector("play")
        actors.pids()  # waits until all stand
        collector.collect(policy, requests[: 2 * count])
        seconds, played = _timed(collector, policy, requests)
        actors.close()
        found.append(_spread(count, seconds, played, expected))
    return found


def _make_env(site: str, cache_dir: str | None, alpha: Alpha) -> Any:
    return WebArenaEnv(site, tasks="train", cache_dir=cache_dir)


def _timed(
    collector: Collector, policy: CandidatePolicy, requests: Sequence[EpisodeRequest]
) -> tuple[float, list[Trajectory]]:
    collector.collect(policy, requests[:2])
    began = time.perf_counter()
    played = collector.collect(policy, requests)
    return time.perf_counter() - began, played


def _spread(workers: int, seconds: float, played: Sequence[Trajectory], expected: Sequence[Trajectory]) -> Spread:
    steps = sum(len(trajectory.steps) for trajectory in played)
    different = sum(a != b for a, b in zip(played, expected, strict=True))
    return Spread(
        workers=workers,
        seconds=round(seconds, 2),
        steps=steps,
        steps_per_s=round(steps / seconds, 1),
        different=different,
    )


def to_text(found: Sequence[Spread]) -> str:
    """One line each, with the speed-up over this process."""
    alone = found[0].steps_per_s
    return f"{usable_cores()} cores\n" + "\n".join(
        f"{f'{s.workers} actors' if s.workers else 'this process':<12} {s.steps_per_s:7.1f} steps/s, {s.steps_per_s / alone:.2f} times "
        f"this process; {s.different} trajectories differ"
        for s in found
    )
