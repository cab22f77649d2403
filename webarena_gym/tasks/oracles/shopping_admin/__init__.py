"""Solutions and near misses of the shop admin's tasks, by task id."""

from __future__ import annotations

from ..screen import Oracle
from . import content, orders, products, reports, reviews

_PARTS = (orders, reports, reviews, products, content)

ORACLES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.ORACLES.items()}
NEAR_MISSES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.NEAR_MISSES.items()}
