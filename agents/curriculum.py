"""``Curriculum``: new tasks near the failed ones, kept where the value critic expects neither failure nor success.

Which tasks are near which is for those to say who know tasks: an installed package may offer a function
``(task_id) -> task ids`` in the entry-point group ``webarena_gym.task_neighbours``. Without one, ``nearby_ids`` goes by the
numbers in the ids of generated tasks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from typing import Any

import numpy as np

from .trajectory import State, Trajectory

GROUP = "webarena_gym.task_neighbours"
REACH = 30  # how far the number of a nearby task may lie

TaskId = int | str
FirstStates = Callable[[Sequence[TaskId]], list[State | None]]
"""By task id, what its episode begins with; None where there is no such task among those to train on."""

_GENERATED = re.compile(r"(.+)-(\d+)")


def nearby_ids(task_id: TaskId) -> list[TaskId]:
    """The ids of the same family whose numbers lie within ``REACH``; none for official tasks.

    >>> nearby_ids("product_price-000002")[:3], nearby_ids(36)
    (['product_price-000000', 'product_price-000001', 'product_price-000003'], [])
    """
    match = _GENERATED.fullmatch(str(task_id))
    if match is None:
        return []
    family, number = match[1], int(match[2])
    width = len(match[2])
    numbers = range(max(0, number - REACH), number + REACH + 1)
    return [f"{family}-{other:0{width}d}" for other in numbers if other != number]


def installed_neighbours() -> Callable[[TaskId], Sequence[TaskId]]:
    """The first installed function that says which tasks are near, else ``nearby_ids``."""
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        return point.load()
    return nearby_ids


class Curriculum:
    """Remembers failed tasks and proposes new ones.

    Args:
        low: Least value V(s_0) of a proposed task: below, it is out of reach.
        high: Greatest one: above, it is solved already (WebRL, arXiv:2411.02337: 0.05 and 0.75).
        neighbours: By task id, the ids of similar tasks: same family, nearby parameters, shorter or longer.
        memory: Failed tasks remembered, the newest.
    """

    def __init__(
        self,
        *,
        low: float = 0.05,
        high: float = 0.75,
        neighbours: Callable[[TaskId], Sequence[TaskId]] | None = None,
        memory: int = 256,
    ) -> None:
        if not 0 <= low < high <= 1:
            raise ValueError(f"the value filter keeps V from low to high, within 0 to 1, got {low} and {high}")
        self._low, self._high, self._memory = low, high, memory
        self._neighbours = neighbours or installed_neighbours()
        self.failed: list[TaskId] = []

    def note(self, episodes: Sequence[Trajectory]) -> None:
        """Remember which tasks were failed; a task solved since is forgotten."""
        solved = {episode.task_id for episode in episodes if episode.success}
        failed = [e.task_id for e in episodes if e.success is False and e.task_id not in solved]
        kept = dict.fromkeys(task for task in [*self.failed, *failed] if task not in solved)
        self.failed = list(kept)[-self._memory :]

    def propose(
        self,
        count: int,
        first_states: FirstStates,
        value: Callable[[Sequence[State]], np.ndarray],
        random: np.random.Generator,
    ) -> list[TaskId]:
        """At most ``count`` new tasks near failed ones that pass the value filter; three are looked at for each."""
        if not self.failed or count < 1:
            return []
        looked_at: dict[TaskId, None] = {}
        for _ in range(3 * count):
            near = self._neighbours(self.failed[int(random.integers(len(self.failed)))])
            if near:
                looked_at[near[int(random.integers(len(near)))]] = None
        tasks = list(looked_at)
        found = [(task, state) for task, state in zip(tasks, first_states(tasks), strict=True) if state is not None]
        if not found:
            return []
        values = value([state for _, state in found])
        passed = [task for (task, _), v in zip(found, values, strict=True) if self._low <= v <= self._high]
        return passed[:count]

    def state_dict(self) -> dict[str, Any]:
        return {"failed": list(self.failed)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        self.failed = list(state_dict["failed"])
