"""``scoring="hardened"``: the rules of ``lite``, and guards against what they let pass.

An episode that ``lite`` accepts must also answer without dumping pages or naming every candidate (``hardened_answer``), have
changed nothing that the task does not ask for (``hardened_table``), stop where the task is done, and where a bare "N/A", "yes"
or "0" would do, have come by the pages that show it (``tasks.waypoints``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from ..tasks.schema import MilestoneSpec, Progress, Task
from ..tasks.waypoints import waypoints
from ..types import CheckResult, EvalResult, Outcome, SeenPage
from .base import Evaluator, conjunction
from .fuzzy import denies_existence_form
from .hardened_answer import AnswerGuard, references
from .hardened_table import check_changes, entry_of

# Answers that take no look: none, yes or no, a single digit, with a word that says what of.
_BLURTED = re.compile(r"n/a|(?:yes|no)\b.*|\$?\d(?: \w+){0,2}", re.I | re.S)


class HardenedEvaluator:
    """``lite`` is made of the task with the page checks of its entry added; ``guards`` come after it."""

    def __init__(self, task: Task, base_urls: Mapping[str, str], lite: Evaluator) -> None:
        self._lite = lite
        self._entry = entry_of(task, base_urls)
        self._answer = AnswerGuard(task)
        self._waypoints = waypoints(task) if must_look(task, self._entry.looked) else []
        self._reads_address = bool(task.spec.urls)

    def evaluate(self, outcome: Outcome) -> EvalResult:
        changes = outcome.changes()  # first, as looking at pages may write
        result = self._lite.evaluate(outcome)
        if not result.success or outcome.answer is None:
            return result
        checks = [
            *result.checks,
            *self._answer.check(outcome.answer, outcome.seen),
            check_changes(changes, self._entry.changes),
            *([_is_there(outcome)] if self._reads_address else []),
            *([_stops_on(self._entry.page, outcome.page.url)] if self._entry.page else []),
            *([_came_by(self._waypoints, outcome.seen)] if self._waypoints else []),
        ]
        return conjunction(checks, result.judge)


def with_entry(task: Task, base_urls: Mapping[str, str]) -> Task:
    """The task with the page checks that its entry adds."""
    added = entry_of(task, base_urls).html
    return replace(task, spec=replace(task.spec, html=(*task.spec.html, *added))) if added else task


def must_look(task: Task, looked: bool | None = None) -> bool:
    """Whether the right answer may be blurted out without a look; ``looked`` overrules."""
    answers = [*references(task)]
    blurted = [_BLURTED.fullmatch(answer) is not None or denies_existence_form(answer) for answer in answers]
    return bool(answers) and all(blurted) if looked is None else looked


def _stops_on(pattern: str, url: str) -> CheckResult:
    parts = urlsplit(url)
    passed = re.search(pattern, f"{parts.path}?{parts.query}" if parts.query else parts.path) is not None
    return CheckResult("hardened: page", passed, f"{url} {'matches' if passed else 'does not match'} {pattern}")


def _is_there(outcome: Outcome) -> CheckResult:
    """An address that is right, or holds the right one, is no page yet."""
    status = outcome.client.get(outcome.page.url).status
    return CheckResult("hardened: page there", status < 400, f"{outcome.page.url} answers with {status}")


def _came_by(waypoints: Sequence[MilestoneSpec], seen: Sequence[SeenPage]) -> CheckResult:
    missed = [spec.name for spec in waypoints if not any(spec.reached(_progress(page)) for page in seen)]
    detail = f"not before: {', '.join(missed)}" if missed else f"after: {', '.join(spec.name for spec in waypoints)}"
    return CheckResult("hardened: looked", not missed, f"the answer was given {detail}")


def _progress(page: SeenPage) -> Progress:
    """A page as a waypoint looks at it."""

    def nothing(*_: object) -> None:
        raise LookupError("a waypoint looks at a page's address and text alone")

    return Progress(page.url, page.text, None, None, nothing, nothing)  # type: ignore[arg-type]
