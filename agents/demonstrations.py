"""Where algorithms that imitate get their episodes: a file of trajectories, or an installed demonstrator.

A demonstrator knows solutions, so it lives outside this package; the entry-point group ``webarena_gym.demonstrators``
names functions ``(DemonstrationRequest) -> Demonstrator``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from webarena_gym.errors import WebArenaGymError

from .trajectory import Trajectory
from .trajectory_file import read_trajectories

GROUP = "webarena_gym.demonstrators"


class NoDemonstrations(WebArenaGymError):
    """There is nothing to imitate."""


@dataclass(frozen=True, kw_only=True)
class DemonstrationRequest:
    """Which tasks a demonstrator is to solve."""

    env_id: str
    tasks: str | tuple[int | str, ...]
    engine: str
    max_steps: int
    seed: int
    """Of the tasks drawn; each seed gives a sequence without end."""


class Demonstrator(Protocol):
    """A sequence of solved episodes."""

    def demonstrate(self, start: int, count: int) -> Sequence[Trajectory]:
        """Episodes number ``start`` to ``start + count - 1``, the same ones whenever asked."""
        ...

    def close(self) -> None: ...


class RecordedDemonstrations:
    """The successes in a trajectory file, over and over.

    Raises:
        NoDemonstrations: If the file holds no success.
    """

    def __init__(self, path: Path) -> None:
        self._episodes = [t for t in read_trajectories(path).trajectories if t.success and t.steps]
        if not self._episodes:
            raise NoDemonstrations(f"{path} holds no successful episode; make some with: webarena-gym demos")

    def demonstrate(self, start: int, count: int) -> Sequence[Trajectory]:
        return [self._episodes[i % len(self._episodes)] for i in range(start, start + count)]

    def close(self) -> None:
        pass


def installed_demonstrator(request: DemonstrationRequest) -> Demonstrator:
    """The demonstrator that an installed package offers for these tasks.

    Raises:
        NoDemonstrations: If there is none.
    """
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        return point.load()(request)
    raise NoDemonstrations(
        "no demonstrator is installed to imitate; record episodes with `webarena-gym demos` and pass them with --demos"
    )
