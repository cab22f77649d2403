"""``webarena-gym bench speed``: milliseconds of a step and a reset, memory of an env, characters of an observation.

Times are medians and 95th percentiles over many steps of one process; compare machines by ratios within one run. With the
Python of an environment that has BrowserGym (``--peer-python``, made by ``make peer``) the same page is measured there too.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .machine import describe_machine
from .result_file import write_result

HELP = "measure step, reset, memory and observation size, beside BrowserGym where it is installed"

LISTING = "/home-kitchen/furniture/living-room-furniture.html?product_list_limit=36"
LIGHT = "/customer/account/"
_ORIGIN = "http://shopping.test"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")
    parser.add_argument("--steps", type=int, default=300, help="http steps per figure; browser steps are a tenth")
    parser.add_argument("--no-browser", action="store_true", help="http engine only")
    parser.add_argument("--peer-python", default=None, help="Python with BrowserGym (default: .venv-peer/bin/python)")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    peer = Path(args.peer_python or ".venv-peer/bin/python")
    figures = measure(
        steps=args.steps,
        browser=not args.no_browser,
        peer_python=peer if peer.exists() else None,
        cache_dir=args.cache_dir,
    )
    print_table(figures)
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, figures)
    return 0


def measure(
    *, steps: int = 300, browser: bool = True, peer_python: Path | None = None, cache_dir: str | None = None
) -> dict[str, Any]:
    """All figures; those that were not measured are None."""
    figures: dict[str, Any] = {"machine": describe_machine(), "import_s": import_seconds()}
    figures |= _http_figures(steps, cache_dir)
    figures["env_mb"] = env_megabytes(cache_dir)
    figures |= _browser_figures(max(10, steps // 10), cache_dir) if browser else {}
    figures |= _peer_figures(peer_python, cache_dir) if peer_python else {"axtree_chars": None}
    return figures


def import_seconds(repeats: int = 5) -> float:
    """Seconds that ``import webarena_gym`` takes in a fresh process, start of Python excluded; the median."""
    code = "import time; t = time.perf_counter(); import webarena_gym; print(time.perf_counter() - t)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(repeats)
    ]
    return statistics.median(float(done.stdout) for done in runs)


def _timed(
    action: Callable[[], Any], repeats: int, warm_up: int = 5, before: Callable[[], Any] = lambda: None
) -> list[float]:
    """Sorted milliseconds of ``action``; ``before`` runs each time and is not counted."""
    for _ in range(warm_up):
        action()
    times = []
    for _ in range(repeats):
        before()
        started = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - started))
    return sorted(times)


def _spread(name: str, times: list[float]) -> dict[str, float]:
    return {name: statistics.median(times), name.replace("_ms", "_p95_ms"): times[int(0.95 * (len(times) - 1))]}


def _stepper(env: Any, path: str) -> Callable[[], None]:
    """A function that steps ``env`` to a page, beginning a new episode when one ends."""
    action = f'goto("{_ORIGIN}{path}")'

    def step() -> None:
        _, _, terminated, truncated, info = env.step(action)
        if info["infra_error"]:
            raise RuntimeError(info["infra_error"])
        if terminated or truncated:
            env.reset(options={"task_id": 36})

    return step


def _make(engine: str, cache_dir: str | None, **kwargs: Any) -> Any:
    from ..env import WebArenaEnv

    env = WebArenaEnv("shopping", engine=engine, max_steps=10**6, cache_dir=cache_dir, **kwargs)
    env.reset(seed=0, options={"task_id": 36})
    return env


def _http_figures(steps: int, cache_dir: str | None) -> dict[str, Any]:
    from ..engines.parsed import forget_parsed

    env = _make("http", cache_dir)
    elsewhere = _stepper(env, "/contact/")

    def leave() -> None:
        elsewhere()
        forget_parsed()  # each step as the first of a process to come to its page

    figures = _spread("http_step_ms", _timed(_stepper(env, LISTING), steps, before=leave))
    figures |= _spread("http_again_ms", _timed(_stepper(env, LISTING), steps, before=elsewhere))
    figures["obs_chars"] = _listing_chars(env)
    figures |= _spread("http_light_step_ms", _timed(_stepper(env, LIGHT), steps, before=leave))
    figures |= _spread("http_reset_ms", _reset_times(env, max(20, steps // 10)))
    env.close()
    return figures


def _listing_chars(env: Any) -> int:
    """Characters of the listing's text over all its parts, headers left out."""
    observation, *_ = env.step(f'goto("{_ORIGIN}{LISTING}")')
    parts = [observation.split("\n\n", 1)[1]]
    while True:
        observation, _, _, _, info = env.step('scroll("down")')
        if info["last_error"]:
            return sum(map(len, parts))
        parts.append(observation.split("\n\n", 1)[1])


def _reset_times(env: Any, repeats: int) -> list[float]:
    """Milliseconds of ``reset`` after an episode of 50 writes, the start page's load not counted."""
    times = []
    for _ in range(repeats):
        env.reset(options={"task_id": 36})
        store = env.world.store("shopping")
        for number in range(50):
            store.connection.execute("INSERT INTO site_session (user_id) VALUES (?)", (number,))
        started = time.perf_counter()
        env.world.reset()
        times.append(1000 * (time.perf_counter() - started))
    return sorted(times)


def env_megabytes(cache_dir: str | None, count: int = 24, *, scale: float = 1) -> float:
    """Megabytes of resident memory that one more http env takes, each having visited a listing and a light page."""
    first = [_warm(_make("http", cache_dir, scale=scale)) for _ in range(2)]  # shared parts: apps, templates, task file
    gc.collect()
    before = resident_megabytes()
    more = [_warm(_make("http", cache_dir, scale=scale)) for _ in range(count)]
    gc.collect()
    grown = resident_megabytes() - before
    for env in first + more:
        env.close()
    return grown / count


def _warm(env: Any) -> Any:
    for path in (LISTING, LIGHT, LISTING):
        _stepper(env, path)()
    return env


def resident_megabytes() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def _browser_figures(steps: int, cache_dir: str | None) -> dict[str, Any]:
    env = _make("browser", cache_dir)
    figures = _spread("browser_step_ms", _timed(_stepper(env, LISTING), steps))
    figures |= _spread("browser_light_step_ms", _timed(_stepper(env, LIGHT), steps))
    env.close()
    return figures


def _peer_figures(peer_python: Path, cache_dir: str | None) -> dict[str, Any]:
    """The same listing in BrowserGym, served by this process."""
    from ..engines.chromium import find_chromium
    from ..sites.base import BuildOptions
    from ..sites.serving import SiteServer
    from ..sites.world import World
    from ..tasks.official import quoted_references

    options = BuildOptions(references=quoted_references())
    world = World(["shopping"], options=options, cache_dir=Path(cache_dir) if cache_dir else None)
    server = SiteServer(world, {"shopping": 0, "full_reset": 0})
    server.start()
    url = server.base_urls()["shopping"] + LISTING
    script = Path(__file__).with_name("peer_browsergym.py")
    command = [str(peer_python), str(script), "--url", url, "--chromium", find_chromium()]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    finally:
        server.stop()
        world.close()
    if done.returncode:
        raise RuntimeError(f"BrowserGym failed:\n{done.stderr.strip()[-1500:]}")
    peer = json.loads(done.stdout.splitlines()[-1])
    return {
        "axtree_chars": peer["axtree_chars"],
        "browsergym_step_ms": peer["step_ms"],
        "browsergym_step_p95_ms": peer["step_p95_ms"],
        "browsergym_reset_ms": peer["reset_ms"],
    }


def print_table(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    machine = figures["machine"]
    table = Table(
        "figure", "value", title=f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}"
    )
    for name, value in figures.items():
        if name != "machine":
            table.add_row(name, f"{value:.2f}" if isinstance(value, float) else str(value))
    if figures.get("axtree_chars"):
        table.add_row("obs_chars / axtree_chars", f"{figures['obs_chars'] / figures['axtree_chars']:.3f}")
        table.add_row(
            "browsergym_step_ms / http_step_ms", f"{figures['browsergym_step_ms'] / figures['http_step_ms']:.0f}"
        )
    Console().print(table)
