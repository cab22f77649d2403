"""``webarena-gym bench soak``: a random policy over all sites in both engines, minutes on end, in one process.

Counted are episodes that something broke under, answers of HTTP 500 and above, and exceptions that nobody handled, in
whatever thread; looked at are memory, open files, processes and threads. None of the first may occur, none of the second grow.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..env import WebArenaEnv
from ..sites.registry import BASE_URLS
from .machine import describe_machine
from .result_file import write_result
from .usage import UsageLog, summary
from .wanderer import Wanderer

HELP = "soak both engines in random episodes over all sites: errors, HTTP 500, growth"

MOST_MEMORY_GROWTH = 0.03
"""Share by which memory may be larger in the last quarter after the warm-up than in the first."""
MOST_MORE = {"open_files": 12.0, "processes": 3.0, "threads": 6.0}
"""By how much those may be more: Chromium keeps a spare renderer, connections stay open for a while."""
HTTP_STEPS = 12
"""Steps of each http env for one of each browser env, which takes about that much longer."""


@dataclass(frozen=True, kw_only=True)
class Soaked:
    """What happened."""

    seconds: float
    warm_up_steps: int
    """Of all http envs, before the seconds began; the steps below come after."""
    http_steps: int
    browser_steps: int
    episodes: dict[str, int]
    """By site."""
    infra_errors: tuple[str, ...]
    http_500: tuple[str, ...]
    unhandled: tuple[str, ...]
    usage: dict[str, Any]
    """Trends after the warm-up."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument(
        "--warm-up",
        type=int,
        default=10_000,
        help="steps of each http env before that, which fill its caches (%(default)s)",
    )
    parser.add_argument("--http-envs", type=int, default=4)
    parser.add_argument("--browser-envs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    """Soak, print and write; 1 where something happened or grew."""
    soaked = soak(
        seconds=60 * args.minutes,
        warm_up_steps=args.warm_up,
        http_envs=args.http_envs,
        browser_envs=args.browser_envs,
        seed=args.seed,
        cache_dir=args.cache_dir,
    )
    failures = violations(soaked)
    print(to_text(soaked))
    for failure in failures:
        print(f"not as it should be: {failure}")
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        report = {"machine": describe_machine(), "minutes": args.minutes, **asdict(soaked)}
        write_result(args.json, report)
    return int(bool(failures))


def soak(
    *,
    seconds: float = 0.0,
    rounds: int = 0,
    warm_up_steps: int = 0,
    http_envs: int,
    browser_envs: int,
    seed: int = 0,
    cache_dir: str | None = None,
) -> Soaked:
    """Play for so long, and at least so many rounds: a step of each browser env, ``HTTP_STEPS`` of each http env.

    Each http env takes ``warm_up_steps`` before that. Growth is looked for after the first quarter.
    """
    envs = [_Wandering("http", seed + i, cache_dir) for i in range(http_envs)]
    envs += [_Wandering("browser", seed + http_envs + i, cache_dir) for i in range(browser_envs)]
    unhandled: list[str] = []
    began, played, warmed_up = time.perf_counter(), 0, 0
    warm_up_s, warm_up_rounds = seconds / 4, rounds // 4
    log: UsageLog | None = None
    with _listening(unhandled), ThreadPoolExecutor(max(1, len(envs))) as pool:
        try:
            for _ in range(warm_up_steps // HTTP_STEPS):
                list(pool.map(_Wandering.round, envs[:http_envs]))
            began, warmed_up = time.perf_counter(), sum(env.steps for env in envs)
            while (elapsed := time.perf_counter() - began) < seconds or played < rounds:
                list(pool.map(_Wandering.round, envs))
                played += 1
                if elapsed < warm_up_s or played < warm_up_rounds:
                    continue
                if log is None:
                    log = UsageLog()
                elif log.seconds_since_look >= seconds / 100:
                    log.look()
        except Exception:  # whatever it is, it is what a soak looks for
            unhandled.append(traceback.format_exc())
        log = UsageLog() if log is None else log
        for _ in range(max(1, 4 - len(log.looks))):  # a trend needs four
            log.look()
    soaked = Soaked(
        seconds=round(time.perf_counter() - began, 1),
        warm_up_steps=warmed_up,
        http_steps=sum(env.steps for env in envs if env.engine == "http") - warmed_up,
        browser_steps=sum(env.steps for env in envs if env.engine == "browser"),
        episodes=dict(sorted(sum((env.episodes for env in envs), Counter[str]()).items())),
        infra_errors=tuple(error for env in envs for error in env.infra_errors),
        http_500=tuple(address for env in envs for address in env.http_500),
        unhandled=tuple(unhandled),
        usage=summary(log.looks),
    )
    for env in envs:
        env.close()
    return soaked


class _Wandering:
    """One env and its random policy."""

    def __init__(self, engine: str, seed: int, cache_dir: str | None) -> None:
        self.engine = engine
        self._env = WebArenaEnv(engine=engine, cache_dir=cache_dir)
        self._policy = Wanderer(seed, [*BASE_URLS.values(), "http://elsewhere.test/", "/no/such/page?q=%ff"])
        self._seed: int | None = seed
        self.steps = 0
        self.episodes: Counter[str] = Counter()
        self.infra_errors: list[str] = []
        self.http_500: list[str] = []
        self._shown: str | None = None

    def round(self) -> None:
        for _ in range(HTTP_STEPS if self.engine == "http" else 1):
            self._step()

    def _step(self) -> None:
        if self._shown is None:
            self._shown, info = self._env.reset(seed=self._seed)
            self._seed = None
            self.episodes[info["site"]] += 1
            return
        self._shown, _, terminated, truncated, info = self._env.step(self._policy.act(self._shown))
        self.steps += 1
        if info["infra_error"] is not None:
            self.infra_errors.append(f"{self.engine}: {info['infra_error']}")
        if terminated or truncated:
            self._shown = None
            self.http_500 += [f"{e.method} {e.url}" for e in self._env.world.events if e.status >= 500]

    def close(self) -> None:
        self._env.close()


@contextmanager
def _listening(heard: list[str]) -> Iterator[None]:
    """Hear of exceptions that end threads or cannot be raised."""
    in_thread, unraisable = threading.excepthook, sys.unraisablehook
    threading.excepthook = lambda told: heard.append(f"{told.exc_type.__name__} in {told.thread}: {told.exc_value}")
    sys.unraisablehook = lambda told: heard.append(f"{told.exc_type.__name__}, {told.err_msg}: {told.exc_value}")
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = in_thread, unraisable


def violations(soaked: Soaked) -> list[str]:
    """What happened that should not have, and what grew, in words."""
    found = [
        f"{len(what)} {name}, such as {what[0]}"
        for name, what in (
            ("episodes broken", soaked.infra_errors),
            ("answers of HTTP 500", soaked.http_500),
            ("exceptions unhandled", soaked.unhandled),
        )
        if what
    ]
    memory = soaked.usage["memory_mb"]
    if memory["last"] > memory["first"] * (1 + MOST_MEMORY_GROWTH):
        found.append(f"memory grew from {memory['first']:.0f} to {memory['last']:.0f} MB")
    for name, more in MOST_MORE.items():
        first, last = soaked.usage[name]["first"], soaked.usage[name]["last"]
        if last > first + more:
            found.append(f"{name} grew from {first:.0f} to {last:.0f}")
    return found


def to_text(soaked: Soaked) -> str:
    """For people."""
    sites = ", ".join(f"{site} {count}" for site, count in soaked.episodes.items())
    lines: Sequence[str] = [
        f"{soaked.seconds:.0f} s after {soaked.warm_up_steps} http steps of warm-up: {soaked.http_steps} http steps, "
        f"{soaked.browser_steps} browser steps; episodes, with the warm-up's: {sites}",
        f"{len(soaked.infra_errors)} episodes broken, {len(soaked.http_500)} answers of HTTP 500, "
        f"{len(soaked.unhandled)} exceptions unhandled",
        *(
            f"{name}: {t['first']:.1f} -> {t['last']:.1f} ({t['per_minute']:+.2f} a minute)"
            for name, t in soaked.usage.items()
        ),
    ]
    return "\n".join(lines)
