"""Waiting for space on a full disk, so that a long run outlives it."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable
from typing import TypeVar

from webarena_gym.errors import WebArenaGymError
from webarena_gym.logs import note

T = TypeVar("T")

PATIENCE_S = 900.0
"""Most that a write waits for space."""
PAUSE_S = 1.0
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # the disk, the user's quota, the process's limit
_log = logging.getLogger("webarena_gym.agents.patience")


class DiskFull(WebArenaGymError):
    """There was no space to write to for as long as a run waits."""


def once_there_is_space(write: Callable[[], T]) -> T:
    """What ``write()`` returns, tried again while the disk is full; it must be one that may be tried again after a part.

    Raises:
        DiskFull: There was no space for ``PATIENCE_S``.
    """
    deadline = time.monotonic() + PATIENCE_S
    told = False
    while True:
        try:
            return write()
        except OSError as error:
            if error.errno not in _FULL:
                raise
            if time.monotonic() > deadline:
                raise DiskFull(
                    f"{error}: no space for {PATIENCE_S:.0f} s. What was written before is whole; make space and run the same "
                    "command again to go on"
                ) from error
            if not told:
                note(
                    _log,
                    logging.WARNING,
                    "the disk is full; waiting for space",
                    error=str(error),
                    patience_s=PATIENCE_S,
                )
                told = True
            time.sleep(PAUSE_S)
