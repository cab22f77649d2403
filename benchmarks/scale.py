"""``webarena-gym bench scale``: a shop of 100,000 products, beside the usual one of 2,000.

Measured are the build of the image, an env step to a listing of 36 products and to the results of a search, and the memory of
one more env. Step and build times are processor time, which other programs on the machine disturb least; wall time of the
build stands beside it.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from .machine import describe_machine
from .result_file import write_result
from .speed import env_megabytes

HELP = "measure a large shop: build, listing, search, memory"

USUAL_PRODUCTS = 2000
LISTING = "/clothing-shoes-jewelry/men/shoes.html?product_list_limit=36"
LIMITS = {"build_s": 180.0, "listing_ms": 10.0, "search_p95_ms": 30.0}
"""Most that each figure may be, in processor time."""
MEMORY_SLACK_MB = 0.5
"""Most by which one more env of the large shop may take more memory than one of the usual shop: measuring error."""


@dataclass(frozen=True, kw_only=True)
class ScaleFigures:
    """What one size of the shop takes."""

    products: int
    build_s: float
    build_wall_s: float
    listing_ms: float
    """Median of an env step to a listing."""
    listing_p95_ms: float
    search_ms: float
    search_p95_ms: float
    env_mb: float
    """Resident memory of one more env, that has visited three pages."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--products", type=int, default=100_000, help="of the large shop (%(default)s)")
    parser.add_argument("--steps", type=int, default=200, help="steps per figure (%(default)s)")
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")


def run(args: argparse.Namespace) -> int:
    """Measure, print and write; 1 where a figure is above its limit.

    Raises:
        ValueError: If an option makes no sense.
    """
    if args.products < USUAL_PRODUCTS or args.steps < 1:
        raise ValueError(f"want at least {USUAL_PRODUCTS} products and one step, got {args.products} and {args.steps}")
    with TemporaryDirectory() as folder:  # so that the build is measured, not a cache of it
        sizes = [measure(products, Path(folder), args.steps) for products in (USUAL_PRODUCTS, args.products)]
    failures = beyond_limits(*sizes)
    print(to_table(sizes))
    for failure in failures:
        print(f"above its limit: {failure}")
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        report = {
            "machine": describe_machine(),
            "steps": args.steps,
            "limits": LIMITS,
            "sizes": [asdict(s) for s in sizes],
        }
        write_result(args.json, report)
    return int(bool(failures))


def measure(products: int, cache_dir: Path, steps: int) -> ScaleFigures:
    """Build a shop of so many products in ``cache_dir``, if it is not there, and step through it."""
    from ..env import WebArenaEnv

    scale = products / USUAL_PRODUCTS
    env = WebArenaEnv("shopping", max_steps=10**9, scale=scale, cache_dir=cache_dir)
    began, began_wall = time.process_time(), time.perf_counter()
    env.reset(seed=0, options={"task_id": 36})
    build_s, build_wall_s = time.process_time() - began, time.perf_counter() - began_wall
    connection = env.world.store("shopping").connection
    (found,) = connection.execute("SELECT count(*) FROM product").fetchone()
    queries = iter(_queries([row[0] for row in connection.execute("SELECT name FROM product ORDER BY id")], steps + 5))
    listing = _step_times(env, lambda: LISTING, steps)
    search = _step_times(env, lambda: f"/catalogsearch/result/?q={next(queries)}", steps)
    env.close()
    return ScaleFigures(
        products=found,
        build_s=round(build_s, 1),
        build_wall_s=round(build_wall_s, 1),
        listing_ms=round(statistics.median(listing), 2),
        listing_p95_ms=round(_p95(listing), 2),
        search_ms=round(statistics.median(search), 2),
        search_p95_ms=round(_p95(search), 2),
        env_mb=round(env_megabytes(str(cache_dir), scale=scale), 2),
    )


def _queries(names: list[str], count: int) -> list[str]:
    """Words of random product names, one to four at a time; the same in every run."""
    random = Random(7)
    queries = []
    for _ in range(count):
        words = [word for word in random.choice(names).replace(",", " ").split() if word.isalnum()]
        queries.append("+".join(random.sample(words, min(len(words), random.choice((1, 2, 2, 3, 4))))))
    return queries


def _step_times(env: Any, path: Callable[[], str], steps: int) -> list[float]:
    """Milliseconds of processor time of env steps to an address, the first five left out."""
    times = []
    for _ in range(steps + 5):
        action = f'goto("http://shopping.test{path()}")'
        began = time.process_time()
        *_, info = env.step(action)
        times.append(1000 * (time.process_time() - began))
        if info["last_error"] or info["infra_error"]:
            raise RuntimeError(f"{action} failed: {info['last_error'] or info['infra_error']}")
    return times[5:]


def _p95(times: list[float]) -> float:
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def beyond_limits(usual: ScaleFigures, large: ScaleFigures) -> list[str]:
    """The figures of the large shop that are above their limits, in words."""
    found = [
        f"{name} {getattr(large, name)}, at most {limit} is wanted"
        for name, limit in LIMITS.items()
        if getattr(large, name) > limit
    ]
    if large.env_mb > usual.env_mb + MEMORY_SLACK_MB:
        found.append(f"env_mb {large.env_mb}, {usual.env_mb} in the usual shop")
    return found


def to_table(sizes: list[ScaleFigures]) -> str:
    """The figures side by side, for people."""
    rows = [asdict(size) for size in sizes]
    return "\n".join(f"{name:16}" + "".join(f"{row[name]:>12,}" for row in rows) for name in rows[0])
