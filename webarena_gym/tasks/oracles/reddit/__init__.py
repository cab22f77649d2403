"""Solutions and near misses of the forum's tasks, by task id."""

from __future__ import annotations

from ..screen import Oracle
from . import posting, profile, reading, voting

_PARTS = (reading, voting, posting, profile)

ORACLES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.ORACLES.items()}
NEAR_MISSES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.NEAR_MISSES.items()}
