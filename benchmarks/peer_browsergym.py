"""BrowserGym on one page of ours: run by the Python of a virtual environment that has BrowserGym, not by our own.

Prints one JSON object: characters of the flattened accessibility tree, and milliseconds of a reset and of a step
(median and 95th percentile). ``python benchmarks/peer_browsergym.py --url URL --chromium PATH --steps 20``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--chromium", default=None, help="executable; default: Playwright's own")
    parser.add_argument("--steps", type=int, default=20)
    args = parser.parse_args()

    import browsergym.core
    import gymnasium as gym
    from browsergym.utils.obs import flatten_axtree_to_str

    del browsergym
    options = {"args": ["--no-sandbox", "--disable-background-networking"]}
    if args.chromium:
        options["executable_path"] = args.chromium
    env = gym.make(
        "browsergym/openended", task_kwargs={"start_url": args.url}, headless=True, pw_chromium_kwargs=options
    )  # fmt: skip
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
