"""``webarena-gym oracle``: every task solved by its script, and every kind of wrong run rejected.

Negatives: doing nothing, a bare "N/A", the oracle's own pages with another entity's value as the answer, and a near miss
(the right page, but a wrong change or a wrong entity). What the official rules are known to accept wrongly is listed in
``evaluators.negatives`` and in docs/scoring.md; anything else that is accepted wrongly makes the command fail. Under
``--scoring verified`` the solutions that webarena-verified is known to reject are listed too.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .options import add_env_options, env_options

if TYPE_CHECKING:
    from ..tasks.oracles import Oracle, OracleSet

HELP = "solve official tasks by script, and check that wrong runs are rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: ``kind`` is "solution" or a kind of negative; ``listed`` is a wrong verdict that is known and written down."""

    task_id: int
    sites: str
    scored_by: str
    kind: str
    accepted: bool
    steps: int
    listed: bool = False
    detail: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from ..registration import SITE_IDS

    parser.add_argument("--site", choices=SITE_IDS, default=None)
    parser.add_argument("--all", action="store_true", help="all 165 tasks")
    parser.add_argument("--tasks", type=int, nargs="+", default=None, metavar="ID", help="only these tasks")
    parser.add_argument("--no-negatives", action="store_true", help="only the solutions")
    parser.add_argument("--json", default=None, metavar="FILE", help="write every run here")
    add_env_options(parser)


def run(args: argparse.Namespace) -> int:
    if args.site is None and not args.all:
        raise ValueError("say which tasks: --site SITE or --all")
    started, computed = time.perf_counter(), time.process_time()
    outcomes = list(_with_progress(args))
    took_s, computed_s = time.perf_counter() - started, time.process_time() - computed
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump([asdict(outcome) for outcome in outcomes], file, indent=1)
    status = report(outcomes)
    print(
        f"{len(outcomes)} episodes in {took_s:.1f} s, {computed_s:.1f} s of processor time here "
        f"({args.engine} engine, {args.scoring} scoring)"
    )
    return status


def _with_progress(args: argparse.Namespace) -> Iterator[Outcome]:
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        for done, total, outcome in check_oracles(
            args.site, tasks=args.tasks, negatives=not args.no_negatives, **env_options(args)
        ):
            if not bar.task_ids:
                bar.add_task("oracles", total=total)
            bar.update(bar.task_ids[0], completed=done, description=f"task {outcome.task_id}")
            yield outcome


def check_oracles(
    site: str | None, *, tasks: Sequence[int] | None = None, negatives: bool = True, **env_kwargs: Any
) -> Iterator[tuple[int, int, Outcome]]:
    """Run solutions and negatives; yields (tasks done, tasks in all, outcome). ``env_kwargs`` go to ``WebArenaEnv``."""
    from ..env import WebArenaEnv
    from ..evaluators.negatives import listed_reason
    from ..oracle_policy import play
    from ..tasks.oracles import load_oracles

    env = WebArenaEnv(site, **env_kwargs)
    oracles = load_oracles().asked_by(env.config.scoring)
    ids = [task_id for task_id in env.task_ids if tasks is None or task_id in tasks]
    try:
        for number, task_id in enumerate(ids, 1):
            assert isinstance(task_id, int)
            for kind, oracle in runs_of(task_id, oracles) if negatives else [("solution", oracles.solutions[task_id])]:
                played = play(env, oracle, task_id)
                accepted = played.success
                mistaken = accepted != (kind == "solution")
                reason = listed_reason(task_id, kind, env.config.scoring) if mistaken else ""
                yield number, len(ids), Outcome(
                    task_id, "+".join(env.task.sites), scored_by(env.task), kind, accepted, len(played.steps),
                    bool(reason), reason or _detail(played),
                )  # fmt: skip
    finally:
        env.close()


def runs_of(task_id: int, oracles: OracleSet) -> list[tuple[str, Oracle]]:
    """(kind, script) of the solution of a task and of every wrong run, the solution first."""
    from ..evaluators.negatives import wrong_answers
    from ..sites.registry import BASE_URLS, PLACEHOLDERS
    from ..tasks.official import official_task
    from ..tasks.oracles import replying

    solution = oracles.solutions[task_id]
    task = official_task(task_id, {PLACEHOLDERS[name]: url for name, url in BASE_URLS.items()})
    runs = [("solution", solution), ("nothing", replying("")), ("bare N/A", replying("N/A"))]
    runs += [("wrong answer", replying(wrong, after=solution)) for wrong in wrong_answers(task)]
    if task_id in oracles.near_misses:
        runs.append(("near miss", oracles.near_misses[task_id]))
    return runs


def scored_by(task: Any) -> str:
    """The kinds of rules that score the task, such as "string_match, program_html"."""
    kinds = (("string_match", task.spec.strings), ("url_match", task.spec.urls), ("program_html", task.spec.html))
    return ", ".join(name for name, checks in kinds if checks)


def _detail(run: Any) -> str:
    failed = [] if run.result is None else [f"{c.kind}: {c.detail}" for c in run.result.checks if not c.passed]
    last = run.steps[-1][0] if run.steps else ""
    return "; ".join(part for part in (run.error, *failed, f"last action {last}") if part)


def report(outcomes: Sequence[Outcome]) -> int:
    """Print the table and what went wrong; the exit status is 0 if every wrong verdict is listed."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table("site", "scored by", "solved", "negatives rejected", "accepted as listed")
    groups = sorted({(outcome.sites, outcome.scored_by) for outcome in outcomes})
    for sites, scored_by in groups:
        group = [o for o in outcomes if (o.sites, o.scored_by) == (sites, scored_by)]
        solved = [o.accepted for o in group if o.kind == "solution"]
        wrong = [o for o in group if o.kind != "solution"]
        rejected, listed = sum(not o.accepted for o in wrong), sum(o.listed for o in wrong)
        table.add_row(sites, scored_by, f"{sum(solved)}/{len(solved)}", f"{rejected}/{len(wrong)}", str(listed or ""))
    console.print(table)
    for outcome in outcomes:
        if (outcome.kind == "solution") != outcome.accepted and (outcome.kind == "solution" or not outcome.listed):
            what = "not solved" if outcome.kind == "solution" else f"accepted wrongly ({outcome.kind})"
            listed = ", as listed" if outcome.listed else ""
            console.print(f"task {outcome.task_id} {what}{listed}: {outcome.detail}", markup=False, highlight=False)
    solutions = [o for o in outcomes if o.kind == "solution"]
    wrong = [o for o in outcomes if o.kind != "solution"]
    unlisted = [o for o in outcomes if o.accepted != (o.kind == "solution") and not o.listed]
    solved, listed_solutions = sum(o.accepted for o in solutions), sum(o.listed for o in solutions)
    rejected = f" ({listed_solutions} rejected as listed)" if listed_solutions else ""
    print(
        f"oracle: {solved}/{len(solutions)} accepted{rejected}; "
        f"negatives: {sum(o.accepted for o in wrong)}/{len(wrong)} accepted"
    )
    return 1 if unlisted else 0
