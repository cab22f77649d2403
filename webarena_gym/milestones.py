"""Milestones of a task: named conditions that an episode reaches on the way, offered through ``info["milestones"]``."""

from __future__ import annotations

from .tasks.schema import Progress, Task


class MilestoneTracker:
    """Which milestones of ``task`` an episode has reached; once reached, reached."""

    def __init__(self, task: Task) -> None:
        self._specs = task.milestones
        self._reached = {spec.name: False for spec in self._specs}
        self._revision: int | None = None

    def reached(self) -> dict[str, bool]:
        """Names in task order."""
        return dict(self._reached)

    def update(self, progress: Progress, *, revision: int = 0) -> dict[str, bool]:
        """Look at the episode after a step."""
        for spec in self._specs:
            if not self._reached[spec.name] and spec.reached(progress):
                self._reached[spec.name] = True
        return self.reached()
