"""``webarena-gym bench rollouts``: env steps a second over several http envs with a policy that costs next to nothing.

``bench speed`` times single steps on chosen pages in one process; this plays whole episodes, resets among them, on whatever
pages a random clicker comes to, in one process a core. Beside the steps a second of the clock stand those of a second of
processor time, which other work on the machine does not slow down; their product with the number of processes is what an idle
machine would show.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from webarena_gym.registration import SITE_IDS

from .machine import describe_machine
from .result_file import write_result
from .workers import process_pool

HELP = "measure env steps a second over 8 http envs with a trivial policy"

SITES = tuple(site for site in SITE_IDS if site != "multisite")


class Rolled(NamedTuple):
    """What one process did after its warm-up."""

    steps: int
    episodes: int
    infra_errors: int
    began_s: float
    """Of the machine's monotonic clock, which all processes share."""
    ended_s: float
    cpu_s: float


def measure(
    *,
    sites: Sequence[str] = SITES,
    steps: int = 3000,
    envs: int = 8,
    processes: int = 2,
    max_steps: int = 30,
    seed: int = 0,
    cache_dir: str | None = None,
) -> dict[str, Any]:
    """Steps a second by site; ``steps`` are those of one process, at least."""
    if envs % processes or min(steps, envs, processes) < 1:
        raise ValueError(f"envs must be a multiple of processes, and all positive, got {envs} and {processes}")
    rows = {}
    with process_pool(processes, int) as pool:
        for site in sites:
            jobs = [
                pool.submit(_roll, site, envs // processes, steps, max_steps, seed + number, cache_dir)
                for number in range(processes)
            ]
            rows[site] = added_up([job.result() for job in jobs])
    return {
        "machine": describe_machine(),
        "config": {"envs": envs, "processes": processes, "steps": steps, "max_steps": max_steps, "seed": seed},
        "sites": rows,
    }


def _roll(site: str, envs: int, steps: int, max_steps: int, seed: int, cache_dir: str | None) -> Rolled:
    from webarena_gym.agents.policy import RandomClicker
    from webarena_gym.agents.rollout import InProcessCollector, episode_requests

    from webarena_gym.env import WebArenaEnv

    made = [WebArenaEnv(site, tasks="train", max_steps=max_steps, cache_dir=cache_dir) for _ in range(envs)]
    collector = InProcessCollector(made)
    stream = episode_requests(seed)
    try:
        collector.collect(RandomClicker(), list(islice(stream, envs)))  # opens the site and its first pages
        before = collector.env_steps
        episodes = errors = 0
        began_s, cpu_s = time.monotonic(), time.process_time()
        while collector.env_steps - before < steps:
            played = collector.collect(RandomClicker(), list(islice(stream, 4 * envs)))
            episodes += len(played)
            errors += sum(episode.infra_error is not None for episode in played)
        return Rolled(
            steps=collector.env_steps - before,
            episodes=episodes,
            infra_errors=errors,
            began_s=began_s,
            ended_s=time.monotonic(),
            cpu_s=time.process_time() - cpu_s,
        )
    finally:
        collector.close()


def added_up(parts: Sequence[Rolled]) -> dict[str, Any]:
    """The figures of all processes together.

    >>> added_up([Rolled(300, 20, 0, 0.0, 1.0, 0.75), Rolled(300, 20, 1, 0.5, 1.5, 0.75)])["steps_per_s"]
    400.0
    """
    steps = sum(part.steps for part in parts)
    clock_s = max(part.ended_s for part in parts) - min(part.began_s for part in parts)
    cpu_s = sum(part.cpu_s for part in parts)
    return {
        "steps": steps,
        "episodes": sum(part.episodes for part in parts),
        "infra_errors": sum(part.infra_errors for part in parts),
        "steps_per_s": round(steps / clock_s, 1),
        "steps_per_cpu_s": round(steps / cpu_s, 1),
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")
    parser.add_argument("--sites", nargs="+", choices=SITE_IDS, default=list(SITES))
    parser.add_argument("--steps", type=int, default=3000, help="of each process and site (default: %(default)s)")
    parser.add_argument("--envs", type=int, default=8, help="(default: %(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="(default: %(default)s)")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    """Measure, print and write.

    Raises:
        ValueError: The envs cannot be shared out evenly.
    """
    figures = measure(
        sites=args.sites, steps=args.steps, envs=args.envs, processes=args.processes, cache_dir=args.cache_dir
    )
    print(f"{args.envs} http envs in {args.processes} processes, random clicks")
    print(f"{'':16}{'steps/s':>10}{'steps/s of processor time':>28}{'infra errors':>14}")
    for site, row in figures["sites"].items():
        print(f"{site:16}{row['steps_per_s']:>10,.0f}{row['steps_per_cpu_s']:>28,.0f}{row['infra_errors']:>14}")
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, figures)
    return 0
