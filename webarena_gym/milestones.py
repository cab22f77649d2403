"""Milestones of a task: named conditions that an episode reaches on the way, offered through ``info["milestones"]``.

Generated tasks bring their own. Those of an official task are derived from how it is scored: the pages on the way
(``tasks.waypoints``), the address to end on, the state to bring about part by part, the answer. They are for rewards and
analysis; nothing of them is ever shown to a policy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

from .evaluators.build import corrected
from .evaluators.fuzzy import FuzzyQuestion, decide
from .evaluators.helpers import Pages
from .evaluators.program_html import HtmlPart
from .evaluators.string_match import check_string
from .evaluators.url_match import path_matches, query_matches, wanted_query
from .tasks.schema import MilestoneSpec, Progress, Task
from .tasks.waypoints import waypoints
from .types import LiveDocument, Outcome

MAX_MILESTONES = 4


class MilestoneTracker:
    """Which milestones of ``task`` an episode has reached; once reached, reached.

    ``base_urls`` maps placeholders to addresses, as for ``build_evaluator``; without it the shop is where the task starts.
    """

    def __init__(self, task: Task, base_urls: Mapping[str, str] | None = None) -> None:
        self._specs = task.milestones or official_milestones(task, base_urls)
        self.reset()

    def reset(self) -> None:
        """Forget the episode."""
        self._reached = {spec.name: False for spec in self._specs}
        self._revision: int | None = None

    def reached(self) -> dict[str, bool]:
        """Names in task order."""
        return dict(self._reached)

    def update(self, progress: Progress, *, revision: int) -> dict[str, bool]:
        """Look at the episode at its start and after each step; ``revision`` changes whenever a site was written to.

        Raises:
            InfraError: a site failed to show a page.
        """
        progress = replace(progress, revision=revision)
        written = revision != self._revision
        for spec in self._specs:
            if not self._reached[spec.name] and (written or not spec.reads_state):
                self._reached[spec.name] = bool(spec.reached(progress))
        self._revision = revision
        return self.reached()


def official_milestones(task: Task, base_urls: Mapping[str, str] | None = None) -> tuple[MilestoneSpec, ...]:
    """Two to four milestones of an official task, in the order in which they are usually reached."""
    found = waypoints(task)
    for check in task.spec.urls:
        found += _address_milestones(check.references, room=MAX_MILESTONES - len(found) - bool(task.spec.html))
    if task.spec.html:
        shop = {"__SHOPPING__": task.start_urls[0], **(base_urls or {})}
        found += _State(task, shop).milestones(room=MAX_MILESTONES - len(found))
    if task.spec.strings:
        found.append(MilestoneSpec("answer right", lambda progress: answers_right(task, progress.answer)))
    if len(found) == 1:
        only = found[0].reached
        found.append(MilestoneSpec("stopped there", lambda progress: progress.answer is not None and only(progress)))
    return tuple(found)


def answers_right(task: Task, answer: str | None) -> bool:
    """Whether the answer passes the task's ``string_match`` rules, fuzzy ones by our own rules; None never does."""
    if answer is None:
        return False
    spec = corrected(task.spec)
    parts = [part for check in spec.strings for part in check_string(check, answer, intent=task.intent, note=spec.note)]
    return all((decide(part) if isinstance(part, FuzzyQuestion) else part).passed for part in parts)


def _address_milestones(references: tuple[str, ...], room: int) -> list[MilestoneSpec]:
    """The path, then each query value, or all together where there are too many."""

    def on_path(progress: Progress) -> bool:
        return path_matches(references, progress.url)

    found = [MilestoneSpec("address reached", on_path)]
    queries = list(wanted_query(references).items())
    for group in _groups(queries, room - 1):
        keys = ", ".join(key for key, _ in group)
        found.append(MilestoneSpec(f"address has {keys}", _has_query(on_path, group)))
    return found


def _groups(items: list[Any], count: int) -> list[list[Any]]:
    """``items`` in at most ``count`` groups of nearly equal size, at least one group."""
    count = max(1, min(count, len(items)))
    size = max(1, math.ceil(len(items) / count))
    return [items[i : i + size] for i in range(0, len(items), size)]


def _has_query(on_path: Callable[[Progress], bool], group: list[tuple[str, set[str]]]) -> Callable[[Progress], bool]:
    return lambda progress: on_path(progress) and all(query_matches(key, values, progress.url) for key, values in group)


class _State:
    """How many of the texts that a task's page checks require are there; looked up only when the answer can have changed."""

    def __init__(self, task: Task, base_urls: Mapping[str, str]) -> None:
        self._parts = [HtmlPart(check, task.intent) for check in task.spec.html]
        self._base_urls = base_urls
        self._total = sum(1 if isinstance(check.references, str) else len(check.references) for check in task.spec.html)
        urls = [check.url for check in task.spec.html]
        self._needs_page = "last" in urls
        self._needs_url = any("__last_url__" in url for url in urls)
        self._on_path = task.spec.urls[0].references if task.spec.urls else None
        self._key: Hashable = None
        self._held = 0

    def milestones(self, room: int) -> list[MilestoneSpec]:
        """Equal shares of the parts, at most ``room`` of them."""
        count = max(1, min(room, self._total))
        needed = [math.ceil(self._total * (i + 1) / count) for i in range(count)]
        reads_state = not (self._needs_page or self._needs_url)
        return [
            MilestoneSpec(
                "state reached" if parts == self._total else f"state reached {parts}/{self._total}",
                self._holds(parts),
                reads_state=reads_state,
            )
            for parts in needed
        ]

    def _holds(self, parts: int) -> Callable[[Progress], bool]:
        return lambda progress: self._count(progress) >= parts

    def _count(self, progress: Progress) -> int:
        if (self._needs_page or self._needs_url) and not self._may_hold(progress):
            return 0
        key = (
            progress.revision,
            progress.url if self._needs_page or self._needs_url else "",
            progress.text if self._needs_page else "",  # shows what was typed, too
        )
        if key != self._key:
            self._key, self._held = key, self._look(progress)
        return self._held

    def _look(self, progress: Progress) -> int:
        page = progress.outcome().page if self._needs_page else LiveDocument(progress.url, "")
        pages = Pages(Outcome(progress.answer, page, progress.client), self._base_urls)
        return sum(_held(result) for part in self._parts for result in part.results(pages))

    def _may_hold(self, progress: Progress) -> bool:
        return self._on_path is None or path_matches(self._on_path, progress.url)


def _held(result: Any) -> int:
    """The parts that one result stands for and that hold; a fuzzy one stands for all its references."""
    if not isinstance(result, FuzzyQuestion):
        return int(result.passed)
    each = (
        FuzzyQuestion(result.kind, reference, result.text, result.intent, (reference,)) for reference in result.siblings
    )
    return sum(decide(question).passed for question in each)
