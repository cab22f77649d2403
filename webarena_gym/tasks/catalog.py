"""Which tasks an env draws from: the official ones of a site, a generated split, or a list of ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from ..errors import SiteNotAvailable, UnknownTask
from ..types import SiteName
from .official import load_official_tasks
from .schema import Task

StoreOf = Callable[[Any], Any]


class TaskSet(Protocol):
    """Tasks to draw from. ``store`` gives a site's store, from whose data generated tasks take their parameters."""

    def sample(self, random: np.random.Generator, store: StoreOf) -> Task: ...

    def get(self, task_id: int | str, store: StoreOf) -> Task:
        """The task of this id.

        Raises:
            UnknownTask: there is none in this set.
        """

    def ids(self) -> tuple[int | str, ...]:
        """The ids, where they can be listed; empty otherwise."""


class FixedTasks:
    """A list of tasks, drawn uniformly."""

    def __init__(self, tasks: Sequence[Task], description: str) -> None:
        self._tasks = {task.task_id: task for task in tasks}
        self._description = description

    def sample(self, random: np.random.Generator, store: StoreOf) -> Task:
        tasks = tuple(self._tasks.values())
        return tasks[int(random.integers(len(tasks)))]

    def get(self, task_id: int | str, store: StoreOf) -> Task:
        if task_id not in self._tasks:
            ids = list(self._tasks)
            shown = ", ".join(map(str, ids[:8])) + (", ..." if len(ids) > 8 else "")
            raise UnknownTask(f"no task {task_id!r} in {self._description}; it has {len(ids)}: {shown}")
        return self._tasks[task_id]

    def ids(self) -> tuple[int | str, ...]:
        return tuple(self._tasks)


def belongs(task: Task, site: str | None) -> bool:
    """True if an env of ``site`` offers the task: one-site tasks by their site, the others under "multisite"."""
    if site is None:
        return True
    return len(task.sites) > 1 if site == "multisite" else task.sites == (site,)


def task_set(
    site: str | None,
    selection: str | Sequence[int | str],
    placeholders: Mapping[str, str],
    base_urls: Mapping[SiteName, str],
) -> TaskSet:
    """The tasks that an env of ``site`` draws from.

    ``placeholders`` maps those of the official task file, such as ``__SHOPPING__``, and ``base_urls`` sites' names to
    addresses.

    Raises:
        UnknownTask: an id of the list is no task of the site.
        SiteNotAvailable: no tasks are generated for the site.
    """
    name = "WebArena-Lite" if site is None else f"the {site} tasks"
    if isinstance(selection, str) and selection != "test":
        from .generated import generated_tasks  # the families, which an official run never needs

        return generated_tasks(site, selection, base_urls)
    if not isinstance(selection, str) and all(isinstance(task_id, str) for task_id in selection):
        from .generated import listed_tasks

        return listed_tasks(site, tuple(selection), base_urls)
    official = FixedTasks([task for task in load_official_tasks(placeholders) if belongs(task, site)], name)
    if selection == "test":
        return official
    tasks = [official.get(task_id, _no_store) for task_id in selection]
    return FixedTasks(tasks, "the chosen tasks")


def _no_store(name: Any) -> Any:
    raise SiteNotAvailable(f"official tasks need no store, asked for {name}")
