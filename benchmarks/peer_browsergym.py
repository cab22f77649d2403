"""BrowserGym on one page of ours: run by the Python of a virtual environment that has BrowserGym, not by our own.

Prints one JSON object: characters of the flattened accessibility tree, and milliseconds of a reset and of a step
(median and 95th percentile). ``python benchmarks/peer_browsergym.py --url URL --chromium PATH --steps 20``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path


def provide_chromium(executable: str) -> None:
    """Put ``executable`` where this environment's Playwright looks for its own download.

    BrowserGym starts a second browser, for its chat, with no way to say which.
    """
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = tempfile.mkdtemp(prefix="browsergym-")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        wanted = Path(playwright.chromium.executable_path)
    wanted.parent.mkdir(parents=True)
    wanted.symlink_to(executable)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--chromium", default=None, help="executable; default: Playwright's own")
    parser.add_argument("--steps", type=int, default=20)
    args = parser.parse_args()

    if args.chromium:
        provide_chromium(args.chromium)

    import browsergym.core
    import gymnasium as gym
    from browsergym.utils.obs import flatten_axtree_to_str

    del browsergym
    env = gym.make("browsergym/openended", task_kwargs={"start_url": args.url}, headless=True)
    started = time.perf_counter()
    observation, _ = env.reset(seed=0)
    reset_ms = 1000 * (time.perf_counter() - started)
    tree = flatten_axtree_to_str(observation["axtree_object"])
    times = []
    for _ in range(args.steps):
        started = time.perf_counter()
        env.step(f'goto("{args.url}")')
        times.append(1000 * (time.perf_counter() - started))
    env.close()
    times.sort()
    print(json.dumps({
        "axtree_chars": len(tree), "reset_ms": reset_ms, "step_ms": statistics.median(times),
        "step_p95_ms": times[min(len(times) - 1, int(0.95 * len(times)))],
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
