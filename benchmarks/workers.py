"""Processes to play or train in: one a core, each with one torch thread, none of which outlives the command."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import Any


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def process_pool(count: int, begin: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:
    """A pool of ``count`` processes, each of which calls ``begin(*arguments)`` first.

    They start afresh (spawn): a forked torch or Playwright may hang.
    """
    return ProcessPoolExecutor(count, get_context("spawn"), _begin, (begin, arguments))


def _begin(begin: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported: one process a core is faster than taking turns
    begin(*arguments)


def _die_with_parent() -> None:
    """A killed command cannot tell its workers, and an idle worker would wait for it for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
