"""Solutions and near misses of the map's tasks, by task id."""

from __future__ import annotations

from ..screen import Oracle
from . import nearby, places, ways

_PARTS = (places, nearby, ways)

ORACLES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.ORACLES.items()}
NEAR_MISSES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.NEAR_MISSES.items()}
