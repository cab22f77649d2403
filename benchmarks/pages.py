"""``webarena-gym bench pages``: what a step of the http engine takes on the heaviest and on light pages of every site.

In processor time, so that a busy machine changes little: opening the page, parsing it as if for the first time, and writing
the observation. The forum's heaviest pages are looked up: the submission whose comments come nearest to 300, no fewer, and the
one with the most. Their comments are written as if for the first time, too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

from webarena_gym.engines.parsed import forget_parsed
from webarena_gym.env import WebArenaEnv
from webarena_gym.sites.reddit.fragments import thread_html

from .machine import describe_machine
from .result_file import write_result

HELP = "measure http steps on heavy and light pages of every site, in processor time"

LIMITS_MS = {"heavy": 8.0, "light": 3.0}
_WARM_UP = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")
    parser.add_argument("--steps", type=int, default=60, help="per page (default: 60)")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    figures = measure(steps=args.steps, cache_dir=args.cache_dir)
    for page in figures["pages"]:
        over = "" if page["median_ms"] <= LIMITS_MS[page["kind"]] else "  OVER THE BAR"
        print(
            f"{page['site']:<15} {page['kind']:<6} {page['median_ms']:6.2f} ms  p95 {page['p95_ms']:6.2f} ms  {page['path']}{over}"
        )
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, figures)
    return 0


def measure(*, steps: int = 60, cache_dir: str | None = None) -> dict[str, Any]:
    """Median and 95th percentile of each page, in milliseconds of processor time."""
    listed: dict[str, dict[str, list[str]]] = json.loads(
        files(__package__).joinpath("pages.json").read_text(encoding="utf-8")
    )
    pages = []
    for site, kinds in listed.items():
        env = WebArenaEnv(site, max_steps=10**9, cache_dir=cache_dir)
        env.reset(seed=0)
        if site == "reddit":
            kinds = {**kinds, "heavy": [*kinds["heavy"], *_long_discussions(env)]}
        measured: dict[tuple[str, str], list[float]] = {
            (kind, path): [] for kind in ("heavy", "light") for path in kinds[kind]
        }
        # All pages in turn, so that a busy moment of the machine meets all of them.
        for round_ in range(-_WARM_UP, steps):
            for (_, path), times in measured.items():
                took = _step_ms(env, path)
                if round_ >= 0:
                    times.append(took)
        for (kind, path), times in measured.items():
            pages.append({"site": site, "kind": kind, "path": path, "median_ms": round(statistics.median(times), 2),
                          "p95_ms": round(sorted(times)[int(0.95 * (len(times) - 1))], 2)})  # fmt: skip
        env.close()
    return {"machine": describe_machine(), "steps": steps, "limits_ms": LIMITS_MS, "pages": pages}


def _step_ms(env: WebArenaEnv, path: str) -> float:
    env.step('goto("/no/such/page")')  # a tab that stays on a page would keep it parsed
    forget_parsed()
    thread_html.cache_clear()
    started = time.process_time()
    _, _, _, _, info = env.step(f'goto("{path}")')
    took = 1000 * (time.process_time() - started)
    if info["last_error"] or info["infra_error"]:
        raise RuntimeError(f"{path}: {info['last_error'] or info['infra_error']}")
    return took


def _long_discussions(env: WebArenaEnv) -> list[str]:
    """The shortest one of 300 comments or more, and the longest."""
    store = env.world.store("reddit")
    rows = store.connection.execute(
        "SELECT submission_id FROM comment GROUP BY submission_id HAVING count(*) >= 300 ORDER BY count(*), submission_id"
    ).fetchall()
    return [store.submissions.one(row["submission_id"]).path for row in (rows[0], rows[-1])]
