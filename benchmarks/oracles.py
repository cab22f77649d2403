"""``webarena-gym bench oracles``: every scripted solution and every wrong run of all tasks, counted and timed, in each engine."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from webarena_gym.commands.oracle import Outcome, check_oracles
from webarena_gym.registration import SITE_IDS

from .machine import describe_machine
from .result_file import write_result

HELP = "run every scripted solution and wrong run, in http and in Chromium, and record counts and times"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, required=True, help="write the counts here; an engine not run now is kept")
    parser.add_argument("--engines", nargs="+", choices=("http", "browser"), default=["http", "browser"])
    parser.add_argument("--site", choices=SITE_IDS, default=None)
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    before = json.loads(args.json.read_text(encoding="utf-8"))["engines"] if args.json.exists() else {}
    engines = dict(before)
    for engine in args.engines:
        engines[engine] = measure(engine, site=args.site, cache_dir=args.cache_dir)
        found = engines[engine]
        print(f"{engine}: {found['solved']}/{found['tasks']} solved, {found['rejected']}/{found['negatives']} wrong runs rejected, "
              f"{found['listed']} accepted as listed, {found['seconds']:.0f} s")  # fmt: skip
    args.json.parent.mkdir(parents=True, exist_ok=True)
    result = {"machine": describe_machine(), "scoring": "lite", "engines": engines}
    write_result(args.json, result)
    wrong = any(e["solved"] < e["tasks"] or e["rejected"] + e["listed"] < e["negatives"] for e in engines.values())
    return int(wrong)


def measure(engine: str, *, site: str | None = None, cache_dir: str | None = None) -> dict[str, Any]:
    """Counts of all runs, and by site and kind of evaluator; ``seconds`` for the solutions alone and for everything."""
    started = time.perf_counter()
    outcomes, seconds = [], 0.0
    last = started
    for _, _, outcome in check_oracles(site, engine=engine, cache_dir=cache_dir):
        now = time.perf_counter()
        seconds += now - last if outcome.kind == "solution" else 0.0
        last = now
        outcomes.append(outcome)
    groups = sorted({(o.sites, o.scored_by) for o in outcomes})
    return {
        **counts(outcomes),
        "solution_seconds": round(seconds, 1),
        "seconds": round(time.perf_counter() - started, 1),
        "groups": [
            {"site": sites, "scored_by": by, **counts([o for o in outcomes if (o.sites, o.scored_by) == (sites, by)])}
            for sites, by in groups
        ],
    }


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Of one group: solutions in all and accepted, wrong runs in all, rejected, and accepted as is listed."""
    solutions = [o.accepted for o in outcomes if o.kind == "solution"]
    wrong = [o for o in outcomes if o.kind != "solution"]
    return {
        "tasks": len(solutions),
        "solved": sum(solutions),
        "negatives": len(wrong),
        "rejected": sum(not o.accepted for o in wrong),
        "listed": sum(o.accepted and o.listed for o in wrong),
    }
