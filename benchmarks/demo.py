"""``webarena-gym demo``: what this package does, in under five minutes on two cores.

Official tasks are solved by scripted oracle in Chromium and without a browser; a small policy is trained on generated tasks
with and without milestone rewards; one table, charts, and a report with every episode to step through are left in a folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from .demo_training import DemoTraining, TrainedRun
    from .report import Report

HELP = "solve official tasks by script, train a small policy with milestone rewards, and write a report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .demo_training import DemoTraining

    defaults = DemoTraining()
    parser.add_argument(
        "--out", type=Path, default=Path("runs/demo"), help="folder for the results (default: runs/demo)"
    )
    parser.add_argument(
        "--env-steps", type=int, default=defaults.env_steps, help="of each training run (default: %(default)s)"
    )
    parser.add_argument(
        "--seeds", type=int, default=defaults.seeds, help="training runs of each kind (default: %(default)s)"
    )
    parser.add_argument("--no-browser", action="store_true", help="leave Chromium out")
    parser.add_argument("--cache-dir", default=None, help="folder for site images (default: the user's cache folder)")


def run(args: argparse.Namespace) -> int:
    from rich.console import Console

    from .demo_training import DemoTraining

    console = Console(width=None if sys.stdout.isatty() else 110)
    began = time.monotonic()
    training = DemoTraining(env_steps=args.env_steps, seeds=args.seeds, cache_dir=args.cache_dir)
    report = demo(training, args.out, console, browser=not args.no_browser)
    results = report.sections[0]
    console.print()
    console.print(results.tables[0].to_text())
    for line in results.text:
        console.print(line, style="dim", markup=False, highlight=False)
    took = f"{time.monotonic() - began:.0f} s"
    console.print(f"\n{took}. Open {args.out / 'report.html'} in a browser.", markup=False, highlight=False)
    return 0


def demo(training: DemoTraining, out: Path, console: Console, *, browser: bool = True) -> Report:
    """Run both parts and write ``report.html``, ``charts/``, ``demo.json`` and ``checkpoints/`` into ``out``.

    Raises:
        BrowserError, MissingDependency: Chromium or Playwright is missing and ``browser`` is True.
    """
    from .demo_oracle import CHROMIUM_TASKS, LABEL, solve
    from .demo_report import build_report, summarize

    out.mkdir(parents=True, exist_ok=True)
    console.rule(f"1. Official shopping tasks ({LABEL})")
    in_chromium = solve("browser", CHROMIUM_TASKS, console, cache_dir=training.cache_dir) if browser else []
    in_http = solve("http", None, console, cache_dir=training.cache_dir)
    console.rule("2. A small policy learns generated tasks (an illustration, not a benchmark)")
    runs = _train(training, out, console)
    result = summarize(training, in_chromium, in_http, runs)
    (out / "demo.json").write_text(json.dumps(result, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    report = build_report(training, result, in_chromium, in_http, runs)
    report.write(out / "report.html")
    return report


def _train(training: DemoTraining, out: Path, console: Console) -> list[TrainedRun]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from .demo_training import LABELS, REWARDS, train_all

    columns = (TextColumn("{task.description}"), BarColumn(28), TextColumn("{task.completed:>5.0f} of {task.total:.0f} steps"),
               TimeElapsedColumn(), TextColumn("{task.fields[rate]}"))  # fmt: skip
    with Progress(*columns, console=console) as progress:
        bars = {
            (reward, seed): progress.add_task(
                f"{LABELS[reward]}, seed {seed}", total=training.env_steps, rate="", start=False
            )
            for reward in REWARDS
            for seed in range(training.seeds)
        }

        def told(reward: str, seed: int, steps: int, rate: float | None) -> None:
            bar = bars[reward, seed]
            progress.start_task(bar)
            shown = "" if rate is None else f"solves {rate:4.0%} of the val tasks"
            progress.update(bar, completed=min(steps, training.env_steps), rate=shown)
            if steps >= training.env_steps:
                progress.stop_task(bar)

        return train_all(training, out, told)
