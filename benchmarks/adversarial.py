"""``webarena-gym bench adversarial``: what policies score that do not do what they are asked for.

Attacks know the pages that a scripted solution comes by, where it ends, and other tasks' solutions, but no reference
(``adversarial_attacks``). Under ``hardened`` none may score, save where what was blurted out is the right answer, which
``adversarial_listed.json`` names with the reason; anything else makes the command fail. What they score under ``lite`` is
printed as the official rules' own leniency.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from webarena_gym.errors import SiteNotAvailable

from .result_file import write_result

HELP = "play policies that cheat, and check that hardened scoring gives them nothing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--site", default=None, help="only this site's tasks (default: all that are embedded and solved)"
    )
    parser.add_argument("--tasks", type=int, nargs="+", default=None, metavar="ID", help="only these tasks")
    parser.add_argument("--attacks", nargs="+", default=None, metavar="NAME", help="only these attacks")
    parser.add_argument("--engine", choices=("http", "browser"), default="http")
    parser.add_argument("--json", type=Path, default=None, help="write every accepted attack here")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    verdicts = list(
        measure(args.site, tasks=args.tasks, attacks=args.attacks, engine=args.engine, cache_dir=args.cache_dir)
    )
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, [asdict(one) for one in verdicts])
    return report(verdicts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the best of an attack's tries on a task came to. ``lite`` and ``hardened`` hold a try that scored, or nothing."""

    attack: str
    task_id: int
    tries: int
    lite: str = ""
    hardened: str = ""
    listed: str = ""

    @property
    def unlisted(self) -> bool:
        return bool(self.hardened) and not self.listed


def listed() -> Mapping[str, Mapping[str, str]]:
    """By attack and task id, why what scores under ``hardened`` is right."""
    table = json.loads(files("webarena_gym.benchmarks").joinpath("adversarial_listed.json").read_text(encoding="utf-8"))
    return {attack: tasks for attack, tasks in table.items() if attack != "about"}


def measure(
    site: str | None = None,
    *,
    tasks: Sequence[int] | None = None,
    attacks: Sequence[str] | None = None,
    engine: str = "http",
    cache_dir: str | Path | None = None,
) -> Iterator[Verdict]:
    """Every attack on every task that has a scripted solution and whose sites are embedded.

    Raises:
        ValueError: no attack of that name, or none of these tasks.
    """
    from webarena_gym.env import WebArenaEnv

    from .adversarial_attacks import ATTACKS, Field

    unknown = set(attacks or ()) - set(ATTACKS)
    if unknown:
        raise ValueError(f"no attack {', '.join(sorted(unknown))}; there are {', '.join(ATTACKS)}")
    known = listed()
    env = WebArenaEnv(site, scoring="hardened", engine=engine, max_steps=1000, cache_dir=cache_dir)
    try:
        field = Field(env)
        chosen = [task_id for task_id in field.task_ids if tasks is None or task_id in tasks]
        if not chosen:
            raise ValueError("no solved task among these")
        for task_id in chosen:
            for name in attacks or ATTACKS:
                try:
                    yield _verdict(name, task_id, ATTACKS[name](field, task_id), known.get(name, {}))
                except SiteNotAvailable:  # a task over several sites of which one is not embedded yet
                    break
    finally:
        env.close()


def _verdict(attack: str, task_id: int, tried: Iterable[Any], known: Mapping[str, str]) -> Verdict:
    tries, scored = 0, {"lite": "", "hardened": ""}
    for one in tried:
        tries += 1
        for scoring, name in scored.items():
            if not name and one.scores(scoring):
                scored[scoring] = one.what
    reason = known.get(str(task_id), "") if scored["hardened"] else ""
    return Verdict(attack, task_id, tries, scored["lite"], scored["hardened"], reason)


def report(verdicts: Sequence[Verdict]) -> int:
    """Print what scored; the exit status is 0 if under ``hardened`` all of it is listed."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table("attack", "tasks", "tries", "score under lite", "under hardened", "as listed")
    for attack in dict.fromkeys(one.attack for one in verdicts):
        group = [one for one in verdicts if one.attack == attack]
        counts = (sum(bool(getattr(one, scoring)) for one in group) for scoring in ("lite", "hardened", "listed"))
        table.add_row(attack, str(len(group)), str(sum(one.tries for one in group)), *map(str, counts))
    console.print(table)
    for one in verdicts:
        if one.unlisted:
            console.print(
                f"task {one.task_id}, {one.attack}: scores with {one.hardened}", markup=False, highlight=False
            )
    unlisted = sum(one.unlisted for one in verdicts)
    fooled = {one.task_id for one in verdicts if one.lite}
    print(
        f"adversarial: {len({one.task_id for one in verdicts})} tasks; {len(fooled)} of them score under lite by some attack; "
        f"{unlisted} attacks score under hardened that are not listed"
    )
    return 1 if unlisted else 0
