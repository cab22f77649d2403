"""``webarena-gym bench many``: a thousand http envs and sixteen browser envs, minutes on end, beside eight of each.

Envs are over all sites and play whole episodes of a random policy. Measured are steps a second by the clock and by processor
time, memory (shared pages counted once) with its slope after a warm-up, open files, processes, and every error. Throughput is
compared by processor time, Chromium's included, which other programs on the machine disturb least.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .machine import describe_machine
from .result_file import write_result
from .usage import UsageLog, processor_s, summary
from .wanderer import Wanderer

HELP = "keep a thousand http envs and sixteen browser envs busy: throughput, memory, errors"

FEW = 8
WARM_UP_STEPS = {"http": 300, "browser": 80}
"""Of each env, before memory is looked at: by then a process has met most pages that it will keep."""
MOST_MEMORY_MB = 6 * 1024
MOST_GROWTH = 0.02
"""Most by which memory may grow over the measured minutes, as a share of it."""
LEAST_THROUGHPUT = 0.8
"""Of many envs, as a share of that of few."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one batch is measured."""

    engine: str
    envs: int
    workers: int | None = None
    """Processes (http) or threads (browser); None for the usual number."""
    warm_up_steps: int = 0
    """Of each env, not measured."""
    warm_up_s: float = 0.0
    """Least time of the warm-up."""
    steps: int = 0
    """Of each env, at least."""
    seconds: float = 0.0
    """Least time of the measured part."""
    looks: int = 30
    """At memory and open files, over the measured part."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one batch did."""

    engine: str
    envs: int
    workers: int | None
    seconds: float
    steps: int
    episodes: int
    steps_per_s: float
    processor_ms: float
    """Of a step, over all processes."""
    infra_errors: int
    errors: tuple[str, ...]
    """Of infrastructure, as far as they differ."""
    memory_mb: float
    usage: dict[str, Any]
    """Trends of memory, open files, processes and threads."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", choices=("http", "browser", "both"), default="both")
    parser.add_argument("--http-envs", type=int, default=1000)
    parser.add_argument("--browser-envs", type=int, default=16)
    parser.add_argument(
        "--seconds", type=float, default=300.0, help="of the measured part of the large batches (%(default)s)"
    )
    parser.add_argument(
        "--warm-up", type=int, default=None, help="steps of each env before that (300 http, 80 browser)"
    )
    parser.add_argument(
        "--json", type=Path, default=None, help="write the figures here; those of the other engine stay"
    )
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    """Measure, print and write; 1 where a figure is beyond its limit."""
    engines = ("http", "browser") if args.engine == "both" else (args.engine,)
    report: dict[str, Any] = {"machine": describe_machine(), "batches": []}
    if args.json is not None and args.json.exists():
        before = json.loads(args.json.read_text(encoding="utf-8"))
        report["batches"] = [batch for batch in before["batches"] if batch["engine"] not in engines]
    failures: list[str] = []
    for engine in engines:
        count = args.http_envs if engine == "http" else args.browser_envs
        warm_up = WARM_UP_STEPS[engine] if args.warm_up is None else args.warm_up
        many = Plan(engine=engine, envs=count, warm_up_steps=warm_up, seconds=args.seconds)
        # As many steps on the way as the larger batch has had in all, so that both have seen as many pages.
        few = Plan(engine=engine, envs=FEW, warm_up_steps=warm_up, warm_up_s=30.0, seconds=args.seconds / 4)
        found = [measure(plan, cache_dir=args.cache_dir) for plan in (few, many)]
        print(to_text(found), flush=True)
        failures += beyond_limits(*found)
        report["batches"] += [asdict(figures) for figures in found]
    report["batches"].sort(key=lambda batch: (batch["engine"] != "http", batch["envs"]))
    for failure in failures:
        print(f"beyond its limit: {failure}")
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, report)
    return int(bool(failures))


def measure(plan: Plan, *, site: str | None = None, cache_dir: str | None = None) -> Figures:
    """Step so many envs, over all sites or over one."""
    from ..vector import make_vector_env

    envs = make_vector_env(
        plan.envs, vectorization="batched", workers=plan.workers, site=site, engine=plan.engine, cache_dir=cache_dir
    )
    try:
        return _Batch(envs, plan).measured()
    finally:
        envs.close()


class _Batch:
    """A batch while it is stepped."""

    def __init__(self, envs: Any, plan: Plan) -> None:
        self._envs, self._plan = envs, plan
        self._policies = [Wanderer(number) for number in range(plan.envs)]
        self.episodes = self.infra_errors = 0
        self.errors: dict[str, None] = {}
        self._shown, infos = envs.reset(seed=0)
        self._note(infos)

    def step(self) -> None:
        actions = tuple(policy.act(shown) for policy, shown in zip(self._policies, self._shown, strict=True))
        self._shown, _, terminated, truncated, infos = self._envs.step(actions)
        self.episodes += int((terminated | truncated).sum())
        self._note(infos)

    def _note(self, infos: dict[str, Any]) -> None:
        for error in infos.get("infra_error", ()):
            if error is not None:
                self.infra_errors += 1
                self.errors[str(error)[:200]] = None
                print(error, file=sys.stderr)

    def measured(self) -> Figures:
        plan = self._plan
        began, steps = time.perf_counter(), 0
        while steps < plan.warm_up_steps or time.perf_counter() - began < plan.warm_up_s:
            self.step()
            steps += 1
        log, began, computed, episodes = UsageLog(), time.perf_counter(), processor_s(), self.episodes
        steps = 0
        while steps < plan.steps or time.perf_counter() - began < plan.seconds:
            self.step()
            steps += 1
            if log.seconds_since_look >= plan.seconds / plan.looks:
                log.look()
        seconds, computed = time.perf_counter() - began, processor_s() - computed
        taken = steps * plan.envs
        return Figures(
            engine=plan.engine,
            envs=plan.envs,
            workers=plan.workers,
            seconds=round(seconds, 1),
            steps=taken,
            episodes=self.episodes - episodes,
            steps_per_s=round(taken / seconds, 1),
            processor_ms=round(1000 * computed / taken, 3),
            infra_errors=self.infra_errors,
            errors=tuple(self.errors),
            memory_mb=max(look.memory_mb for look in log.looks),
            usage=summary(log.looks),
        )


def beyond_limits(few: Figures, many: Figures) -> list[str]:
    """What is not as it should be, in words."""
    name = f"{many.envs} {many.engine} envs"
    found = [f"{f.envs} {f.engine} envs: {f.infra_errors} infrastructure errors" for f in (few, many) if f.infra_errors]
    if many.memory_mb > MOST_MEMORY_MB:
        found.append(f"{name}: {many.memory_mb:.0f} MB, at most {MOST_MEMORY_MB} are wanted")
    memory = many.usage["memory_mb"]
    if memory["first"] and memory["last"] / memory["first"] - 1 > MOST_GROWTH:
        found.append(f"{name}: memory grew from {memory['first']:.0f} to {memory['last']:.0f} MB")
    if few.processor_ms < LEAST_THROUGHPUT * many.processor_ms:
        found.append(
            f"{name}: {many.processor_ms} ms of processor time a step, {few.processor_ms} with {few.envs} envs"
        )
    return found


def to_text(found: Sequence[Figures]) -> str:
    """The figures, one line a batch."""
    return "\n".join(
        f"{f.envs:>5} {f.engine} envs: {f.steps_per_s:8.1f} steps/s over {f.seconds:.0f} s, {f.processor_ms:.2f} ms of processor time "
        f"a step; {f.memory_mb:.0f} MB, {f.usage['memory_mb']['per_minute']:+.1f} MB a minute; {f.episodes} episodes, "
        f"{f.infra_errors} infrastructure errors"
        for f in found
    )
