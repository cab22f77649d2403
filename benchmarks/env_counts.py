"""``webarena-gym bench envs``: steps a second against the number of envs in one process, and a step against the size of the shop.

Envs are of the http engine and are stepped in turn, each on its way through a listing, a search and a light page, so that every
step meets an env whose state is not the last one's. Times are processor time, which other programs on the machine disturb
least; memory is what the process grew by. ``bench many`` keeps a thousand envs busy for minutes; this shows the slope.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .machine import describe_machine
from .result_file import write_result
from .scale import LISTING, USUAL_PRODUCTS, measure
from .speed import LIGHT, resident_megabytes

HELP = "measure steps a second against the number of envs, and a step against the size of the shop"

COUNTS = (1, 8, 32, 128, 512)
PRODUCTS = (2_000, 10_000, 30_000, 100_000)
PAGES = (LISTING, "/catalogsearch/result/?q=lamp", LIGHT)


@dataclass(frozen=True, kw_only=True)
class CountFigures:
    """So many envs in one process."""

    envs: int
    steps: int
    """Measured ones, over all envs."""
    ms_a_step: float
    """Processor time, mean over the three kinds of page."""
    steps_a_second: float
    """Of one core."""
    env_mb: float
    """Resident memory that each env takes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--counts", type=int, nargs="+", default=list(COUNTS), help="envs in one process (%(default)s)")
    parser.add_argument(
        "--products", type=int, nargs="+", default=list(PRODUCTS), help="sizes of the shop (%(default)s)"
    )
    parser.add_argument("--steps", type=int, default=1536, help="per count; a tenth per size (%(default)s)")
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    """Measure, print and write.

    Raises:
        ValueError: If a number makes no sense.
    """
    if min([*args.counts, args.steps]) < 1 or min(args.products, default=USUAL_PRODUCTS) < USUAL_PRODUCTS:
        raise ValueError(f"want 1 env or more, 1 step or more and at least {USUAL_PRODUCTS} products")
    counts = [measure_count(count, args.steps, args.cache_dir) for count in sorted(args.counts)]
    for found in counts:
        print(
            f"{found.envs:>6} envs: {found.steps_a_second:6.0f} steps a second of one core, {found.env_mb:.2f} MB an env",
            flush=True,
        )
    sizes = []
    with TemporaryDirectory() as folder:  # large images are of no use afterwards
        for products in sorted(args.products):
            sizes.append(measure(products, Path(folder), max(1, args.steps // 10)))
            print(
                f"{products:>8,} products: listing {sizes[-1].listing_ms:.2f} ms, search {sizes[-1].search_ms:.2f} ms",
                flush=True,
            )
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        result = {
            "machine": describe_machine(),
            "counts": [asdict(c) for c in counts],
            "sizes": [asdict(s) for s in sizes],
        }
        write_result(args.json, result)
    return 0


def measure_count(count: int, steps: int, cache_dir: str | None = None) -> CountFigures:
    """Step ``count`` envs in turn, ``steps`` times in all or once round the pages if that is more."""
    _visit(_envs(1, cache_dir), len(PAGES))[0].close()  # apps, templates and the task file are every env's
    gc.collect()
    before = resident_megabytes()
    envs = _visit(_envs(count, cache_dir), len(PAGES) * count)
    gc.collect()
    grown = resident_megabytes() - before
    taken = max(steps, len(PAGES) * count)
    began = time.process_time()
    _visit(envs, taken)
    spent = time.process_time() - began
    for env in envs:
        env.close()
    return CountFigures(
        envs=count,
        steps=taken,
        ms_a_step=round(1000 * spent / taken, 3),
        steps_a_second=round(taken / spent, 1),
        env_mb=round(max(0.0, grown) / count, 2),
    )


def slowdown(counts: Sequence[CountFigures]) -> float:
    """How many times longer a step takes among the most envs than at the median count."""
    return counts[-1].ms_a_step / statistics.median(found.ms_a_step for found in counts)


def _envs(count: int, cache_dir: str | None) -> list[Any]:
    from ..env import WebArenaEnv

    envs = [WebArenaEnv("shopping", max_steps=10**9, cache_dir=cache_dir) for _ in range(count)]
    for number, env in enumerate(envs):
        env.reset(seed=number, options={"task_id": 36})
    return envs


def _visit(envs: list[Any], steps: int) -> list[Any]:
    """Step the envs in turn, each to the next of the pages; returns them."""
    for number in range(steps):
        page = PAGES[(number // len(envs) + number % len(envs)) % len(PAGES)]
        *_, info = envs[number % len(envs)].step(f'goto("http://shopping.test{page}")')
        if info["last_error"] or info["infra_error"]:
            raise RuntimeError(f"{page}: {info['last_error'] or info['infra_error']}")
    return envs
