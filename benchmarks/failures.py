"""``webarena-gym failures``: how the failed episodes of evaluations ended, by rules, and what a language model thinks of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "say how the failed episodes of evaluations ended; with --judge, ask a language model too"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="+", type=Path, metavar="FOLDER", help="folders of webarena-gym eval")
    parser.add_argument("--references", type=Path, default=None, metavar="FOLDER",
                        help="an evaluation, such as the oracle's, whose successes show where failed episodes strayed")  # fmt: skip
    parser.add_argument("--judge", default=None, metavar="MODEL", help="chat:MODEL or llm:MODEL, for a second opinion")
    parser.add_argument("--charts", type=Path, default=None, help="folder for the charts, as PNG and SVG")


def run(args: argparse.Namespace) -> int:
    """Print tables, and write charts where asked.

    Raises:
        EvalFolderError: A folder holds no evaluation.
        ValueError, ChatError, ModelError: The judge cannot be asked.
    """
    from rich.console import Console

    from .compare import distinct
    from .run_report import decision_tables, evaluation_charts, failure_table, load_run, successes_of
    from .second_opinion import opinion_table, second_opinion, text_model

    judge = text_model(args.judge) if args.judge else None
    runs = distinct([load_run(path) for path in args.runs])
    references = successes_of(load_run(args.references)) if args.references else {}
    tables = [failure_table(runs), *decision_tables(runs, references)]
    if judge is not None:
        tables += [opinion_table(second_opinion(run.trajectories, judge), f"{judge.name}, {run.label}") for run in runs]
    console = Console(width=None if sys.stdout.isatty() else 120)
    for table in tables:
        console.print(table.to_text())
    if args.charts is not None:
        for chart in evaluation_charts(runs):
            chart.save(args.charts)
    return 0
