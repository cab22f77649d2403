"""Families of generated tasks: one kind of errand, many parameters from the site's data, several wordings.

A task's id is ``family-000123``; the number fixes parameters and wording, so the same id is the same task in every
process. A tenth of each family's parameters is set aside as "val"; families marked ``heldout`` appear in neither split.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ...errors import SiteNotAvailable, UnknownTask
from ...types import SiteName
from ..oracles.screen import Oracle
from ..schema import MilestoneSpec, Progress, Task

Split = Literal["train", "val", "heldout"]
StoreOf = Callable[[SiteName], Any]
Parameters = Mapping[str, Any]

_VAL_SHARE = 10  # one parameter set in ten
_ID = re.compile(r"([a-z_]+)-(\d{6,9})")
_DRAWS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One kind of errand.

    ``count(store)`` says how many parameter sets the sites' data offers and ``parameters(store, i)`` gives the i-th, 0 <= i
    < count; both must depend on seed data alone, never on what an episode wrote. ``wordings`` are intents with
    ``{name}`` fields. ``success`` and ``milestones`` are made for one parameter set; ``length`` is the oracle's number of
    actions, by which tasks are graded.
    """

    name: str
    sites: tuple[SiteName, ...]
    wordings: tuple[str, ...]
    count: Callable[[StoreOf], int]
    parameters: Callable[[StoreOf, int], Parameters]
    success: Callable[[Parameters], Callable[[Progress], bool]]
    milestones: Callable[[Parameters], Sequence[MilestoneSpec]]
    oracle: Oracle
    length: int
    heldout: bool = False
    start_url: Callable[[Parameters, Mapping[SiteName, str]], tuple[str, ...]] | None = None

    def task(self, number: int, store: StoreOf, base_urls: Mapping[SiteName, str]) -> Task:
        """The task with this number: parameters ``number // len(wordings)``, wording ``number % len(wordings)``."""
        index, wording = divmod(number, len(self.wordings))
        parameters = self.parameters(store, index)
        start = (
            tuple(base_urls[site] for site in self.sites)
            if self.start_url is None
            else self.start_url(parameters, base_urls)
        )
        return Task(
            task_id=f"{self.name}-{number:06d}",
            sites=self.sites,
            intent=self.wordings[wording].format(**parameters),
            start_urls=start,
            milestones=tuple(self.milestones(parameters)),
            success=self.success(parameters),
            family=self.name,
            parameters=parameters,
        )

    def split_of(self, number: int) -> Split:
        """Which split a task number belongs to; all wordings of one parameter set go together."""
        if self.heldout:
            return "heldout"
        index = number // len(self.wordings)
        return "val" if zlib.crc32(f"{self.name}:{index}".encode()) % _VAL_SHARE == 0 else "train"


@dataclass(frozen=True, slots=True)
class GeneratedTasks:
    """The tasks of a split, drawn family first, so that a family with much data does not crowd out the others."""

    families: tuple[Family, ...]
    split: Split
    base_urls: Mapping[SiteName, str]
    listed: tuple[str, ...] = field(default=())

    def sample(self, random: np.random.Generator, store: StoreOf) -> Task:
        if self.listed:
            return self.get(self.listed[int(random.integers(len(self.listed)))], store)
        family = self.families[int(random.integers(len(self.families)))]
        total = family.count(store) * len(family.wordings)
        for _ in range(_DRAWS):
            number = int(random.integers(total))
            if family.split_of(number) == self.split:
                return family.task(number, store, self.base_urls)
        raise AssertionError(f"family {family.name} has no {self.split} task among {total}")

    def get(self, task_id: int | str, store: StoreOf) -> Task:
        family, number = self._located(task_id, store)
        return family.task(number, store, self.base_urls)

    def _located(self, task_id: int | str, store: StoreOf) -> tuple[Family, int]:
        match = _ID.fullmatch(str(task_id))
        family = next((f for f in self.families if match and f.name == match[1]), None)
        if match is None or family is None:
            names = ", ".join(f.name for f in self.families)
            raise UnknownTask(f"no generated task {task_id!r} here; ids are family-000123, with the families {names}")
        number = int(match[2])
        total = family.count(store) * len(family.wordings)
        if number >= total:
            raise UnknownTask(f"{family.name} has {total} tasks, numbered from 0; got {number}")
        if not self.listed and family.split_of(number) != self.split:
            raise UnknownTask(f"{task_id} belongs to the split {family.split_of(number)!r}, not {self.split!r}")
        return family, number

    def ids(self) -> tuple[int | str, ...]:
        return self.listed


def select(families: Sequence[Family], site: str | None, split: Split | None) -> tuple[Family, ...]:
    """The families of a site (two-site ones under "multisite") that have tasks in ``split``; None for every split.

    Raises:
        SiteNotAvailable: there are none.
    """
    chosen = tuple(
        family
        for family in families
        if (site is None or (len(family.sites) > 1 if site == "multisite" else family.sites == (site,)))
        and (split is None or family.heldout == (split == "heldout"))
    )
    if not chosen:
        known = sorted({"+".join(family.sites) for family in families})
        raise SiteNotAvailable(
            f"no {split or 'generated'} tasks are generated for {site!r}; there are some for {', '.join(known)}"
        )
    return chosen
