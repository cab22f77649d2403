"""What a program and all it started take over time, and whether that grows."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..processes import descendants, open_files, processor_seconds, proportional_mb


class Usage(NamedTuple):
    """One look at this process and its descendants."""

    at_s: float
    """Since the first look."""
    memory_mb: float
    """Pages that several processes share counted once."""
    open_files: int
    """Descriptors, sockets and pipes among them."""
    processes: int
    threads: int
    """Of this process."""


class UsageLog:
    """Looks taken one after another, the first at once."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.looks: list[Usage] = []
        self.look()

    def look(self) -> None:
        """Take one now."""
        pids = descendants(os.getpid())
        self.looks.append(
            Usage(
                round(time.perf_counter() - self._began, 1),
                round(proportional_mb(os.getpid()) or 0.0, 1),
                sum(open_files(pid) or 0 for pid in pids),
                len(pids),
                len(os.listdir("/proc/self/task")),
            )
        )

    @property
    def seconds_since_look(self) -> float:
        return time.perf_counter() - self._began - self.looks[-1].at_s


class Trend(NamedTuple):
    """How a figure went over the second part of a run."""

    first: float
    """Mean of the first quarter."""
    last: float
    """Mean of the last quarter."""
    per_minute: float
    """Slope of the least-squares line."""
    noise_per_minute: float
    """Standard error of that slope."""

    @property
    def growth(self) -> float:
        """By how much the last quarter lies above the first, as a share of it."""
        return self.last / self.first - 1 if self.first else 0.0


def trend(looks: Sequence[Usage], name: str) -> Trend:
    """Of one field of the looks.

    >>> looks = [Usage(60.0 * i, 100.0 + 2 * i, 5, 1, 1) for i in range(8)]
    >>> found = trend(looks, "memory_mb")
    >>> round(found.per_minute, 6), found.first, found.last
    (2.0, 101.0, 113.0)
    """
    if len(looks) < 4:
        raise ValueError(f"a trend needs four looks or more, got {len(looks)}")
    minutes = np.array([look.at_s for look in looks]) / 60
    values = np.array([getattr(look, name) for look in looks], dtype=float)
    quarter = max(1, len(looks) // 4)
    spread = ((minutes - minutes.mean()) ** 2).sum()
    slope = float(((minutes - minutes.mean()) * (values - values.mean())).sum() / spread) if spread else 0.0
    left = values - values.mean() - slope * (minutes - minutes.mean())
    noise = float(np.sqrt((left**2).sum() / (len(looks) - 2) / spread)) if spread else 0.0
    return Trend(float(values[:quarter].mean()), float(values[-quarter:].mean()), slope, noise)


def processor_s() -> float:
    """Processor time of this process and its descendants so far."""
    return processor_seconds(os.getpid()) or time.process_time()


def summary(looks: Sequence[Usage]) -> dict[str, Any]:
    """Every field's trend, for a report."""
    return {
        name: {key: round(value, 3) for key, value in trend(looks, name)._asdict().items()}
        for name in ("memory_mb", "open_files", "processes", "threads")
    }
