"""Solutions and near misses of the tasks in which webarena-verified asks another question than WebArena-Lite, by task id."""

from __future__ import annotations

from ..screen import Oracle
from . import forum, gitlab, map, shopping, shopping_admin

_PARTS = (forum, gitlab, map, shopping, shopping_admin)

ORACLES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.ORACLES.items()}
NEAR_MISSES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.NEAR_MISSES.items()}
