"""Processes to play or train in: one a core, each with one torch thread, none of which outlives the command."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from ..logs import LogSettings, set_up, settings
from ..processes import die_with_parent, usable_cores

__all__ = ["end_at_once", "process_pool", "usable_cores"]


def process_pool(count: int, begin: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:
    """A pool of ``count`` processes, each of which calls ``begin(*arguments)`` first.

    They start afresh (spawn): a forked torch or Playwright may hang.
    """
    return ProcessPoolExecutor(count, get_context("spawn"), _begin, (begin, arguments, settings()))


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
