"""``webarena-gym demos``: solutions of tasks by the scripted oracles, as trajectories on disk.

One JSON Lines file, as ``webarena_gym.agents.trajectory_file`` reads it: to imitate (``train --algorithm bc --demos FILE``), to
replay byte for byte (``webarena_gym.agents.rerun``), or to turn into a Minari dataset. Equal options give equal files.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from webarena_gym.registration import SITE_IDS, env_id

HELP = "write demonstrations of tasks by the scripted oracles as a trajectory file"

_AT_ONCE = 16  # episodes written together


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", choices=SITE_IDS, required=True)
    parser.add_argument(
        "--split", default="train", help="train, val, heldout, test, or ids separated by commas (default: train)"
    )
    parser.add_argument("--count", type=int, default=100, help="tasks drawn (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the tasks drawn")
    parser.add_argument("--out", type=Path, required=True, help="JSON Lines file; must not be there yet")
    parser.add_argument("--engine", choices=("http", "browser"), default="http")
    parser.add_argument("--max-steps", type=int, default=30, help="of an episode (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Play and write.

    Raises:
        ValueError: ``--out`` is there already, or ``--count`` is not positive.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    if args.out.exists():
        raise ValueError(f"{args.out} is there already; name another file, or remove it")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(f"demonstrations, {args.site}", total=args.count)
        solved = write_demonstrations(
            args.out,
            site=args.site,
            split=args.split,
            count=args.count,
            seed=args.seed,
            engine=args.engine,
            max_steps=args.max_steps,
            played=lambda number: progress.update(bar, completed=number),
        )
    print(f"{solved} demonstrations of {args.count} tasks in {args.out}")
    if solved < args.count:
        print(
            f"{args.count - solved} tasks were not solved in {args.max_steps} actions and are left out", file=sys.stderr
        )
    return 0


def write_demonstrations(
    out: Path,
    *,
    site: str,
    split: str = "train",
    count: int = 100,
    seed: int = 0,
    engine: str = "http",
    max_steps: int = 30,
    played: Callable[[int], None] = lambda number: None,
) -> int:
    """Demonstrations of ``count`` drawn tasks in ``out``, which appears only once it is whole; returns how many were solved.

    ``played`` hears how many tasks have been played.

    Raises:
        NoDemonstrations: Not one of 16 tasks in a row was solved.
    """
    from webarena_gym.agents.demonstrations import DemonstrationRequest
    from webarena_gym.agents.train_command import task_selection
    from webarena_gym.agents.trajectory_file import append_trajectories

    from .demonstrations import oracle_demonstrator

    if count < 1:
        raise ValueError(f"count must be positive, got {count}")
    unfinished = out.with_name(out.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    request = DemonstrationRequest(
        env_id=env_id(site), tasks=task_selection(split), engine=engine, max_steps=max_steps, seed=seed
    )
    demonstrator = oracle_demonstrator(request)
    try:
        for start in range(0, count, _AT_ONCE):
            number = min(_AT_ONCE, count - start)
            append_trajectories(unfinished, demonstrator.demonstrate(start, number))
            played(start + number)
    finally:
        demonstrator.close()
    os.replace(unfinished, out)
    return count - demonstrator.unsolved
