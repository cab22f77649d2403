"""Processes to play or train in: one a core, each with one torch thread, none of which outlives the command."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeVar

from ..logs import LogSettings, set_up, settings
from ..processes import die_with_parent, usable_cores

__all__ = ["as_done", "end_at_once", "process_pool", "usable_cores"]

R = TypeVar("R")


def process_pool(count: int, begin: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:
    """A pool of ``count`` processes, each of which calls ``begin(*arguments)`` first.

    They start afresh (spawn): a forked torch or Playwright may hang.
    """
    return ProcessPoolExecutor(count, get_context("spawn"), _begin, (begin, arguments, settings()))


def as_done(function: Callable[..., R], calls: Sequence[tuple[Any, ...]], processes: int) -> Iterator[R]:
    """``function(*call)`` for each call, in the order they are done; in this process where one is enough.

    Whoever stops reading, an interrupt above all, leaves the calls that have not begun undone.
    """
    count = min(processes, len(calls))
    if count < 2:
        yield from (function(*call) for call in calls)
        return
    with process_pool(count, int) as pool:  # nothing to do before a worker's first call
        futures = [pool.submit(function, *call) for call in calls]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:  # GeneratorExit and KeyboardInterrupt too
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def end_at_once(pool: ProcessPoolExecutor) -> None:
    """End the pool's processes in mid-work, Chromium with them; does nothing to a pool that was shut down."""
    processes = list((pool._processes or {}).values())  # Python 3.14 has a method for this
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(timeout=10)


def _begin(begin: Callable[..., None], arguments: tuple[Any, ...], logs: LogSettings) -> None:
    # Ctrl-C reaches all processes of a terminal; ours end with their parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    set_up(logs)
    # One process a core: two threads in each would wait for each other's core, several times slower than one.
    os.environ["OMP_NUM_THREADS"] = "1"
    if "torch" in sys.modules:  # by the module that `begin` comes from; it reads the variable only when it is imported
        sys.modules["torch"].set_num_threads(1)
    begin(*arguments)
