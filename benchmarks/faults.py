"""``webarena-gym bench faults``: break what runs stand on while they run, and see that they finish with the same results.

Each fault strikes an evaluation, a training run or both, several times over: Chromium killed, Chromium stopped, the sites
killed, the disk full, a worker process killed, a Ray actor killed, the judge away. Beside each run stands one without
faults. A run must finish; every planned episode must be recorded once; those that were hit must be marked as infrastructure
errors or played again; all others must equal the undisturbed run's to the byte.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from .fault_outcomes import Outcome, to_text
from .fault_runs import Fault, Stage, run_eval, run_train
from .fault_strikes import (
    away_judge,
    closed_server,
    full_disk,
    killed_chromium,
    killed_ray_actor,
    killed_sites,
    killed_worker,
    stopped_chromium,
)
from .machine import describe_machine
from .result_file import write_result

HELP = "strike runs with faults: Chromium, sites, disk, workers, judge"

FAULTS: tuple[Fault, ...] = (
    Fault("Chromium killed", "eval", killed_chromium, engine="browser"),
    Fault("Chromium killed", "train", killed_chromium, engine="browser"),
    Fault("Chromium stopped", "eval", stopped_chromium, engine="browser"),
    Fault("Chromium stopped", "train", stopped_chromium, engine="browser"),
    Fault("sites killed", "eval", killed_sites, sites="remote"),
    Fault("sites killed", "train", closed_server, engine="browser"),
    Fault("disk full", "eval", full_disk),
    Fault("disk full", "train", full_disk),
    Fault("worker process killed", "eval", killed_worker),
    Fault("Ray actor killed", "train", killed_ray_actor, actors=2),
    Fault("judge away", "eval", away_judge, judged=True),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = sorted({fault.name for fault in FAULTS})
    parser.add_argument("--repeats", type=int, default=5, help="times that each fault strikes each run (%(default)s)")
    parser.add_argument(
        "--faults", nargs="+", choices=names, default=names, metavar="NAME", help=f"among: {', '.join(names)}"
    )
    parser.add_argument("--json", type=Path, default=None, help="write the figures here; those of other faults stay")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    """Strike, print and write; 1 where a run did not stand it."""
    chosen = [fault for fault in FAULTS if fault.name in args.faults]
    outcomes = [o for o in _recorded(args.json) if o.fault not in args.faults]
    with TemporaryDirectory(prefix="webarena-gym-faults-") as folder:
        stage = Stage(Path(folder), args.cache_dir)
        for fault in chosen:
            found = strike(fault, args.repeats, stage)
            print(to_text(found), flush=True)
            outcomes += found
            if args.json is not None:
                args.json.parent.mkdir(parents=True, exist_ok=True)
                report = {"machine": describe_machine(), "outcomes": [asdict(o) for o in outcomes]}
                write_result(args.json, report)
    failures = [failure for outcome in outcomes for failure in outcome.violations()]
    for failure in failures:
        print(f"not as it should be: {failure}")
    return int(bool(failures))


def _recorded(file: Path | None) -> list[Outcome]:
    if file is None or not file.exists():
        return []
    return [Outcome(**outcome) for outcome in json.loads(file.read_text(encoding="utf-8"))["outcomes"]]


def strike(fault: Fault, repeats: int, stage: Stage) -> list[Outcome]:
    """So many runs with the fault, and what became of each."""
    play = run_eval if fault.run == "eval" else run_train
    return [play(fault, number, stage) for number in range(repeats)]
