"""How long sites and browser may take of one episode, whatever the policy's own thinking takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import SiteError


class TimeBudget:
    """Counts the time within ``running``. ``limit_s`` may be infinite."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self.used_s = 0.0

    def begin(self) -> None:
        """A new episode."""
        self.used_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Raises SiteError at the end of the block with which the time is used up."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.used_s += time.monotonic() - started
        if self.used_s > self._limit_s:
            raise SiteError(f"the sites took {self.used_s:.0f} s of this episode, and the limit is {self._limit_s:g} s")
