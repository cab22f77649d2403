"""Solutions and near misses of GitLab's tasks, by task id."""

from __future__ import annotations

from ..screen import Oracle
from . import account, issues, members, projects, requests

_PARTS = (account, projects, issues, requests, members)

ORACLES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.ORACLES.items()}
NEAR_MISSES: dict[int, Oracle] = {task_id: oracle for part in _PARTS for task_id, oracle in part.NEAR_MISSES.items()}
