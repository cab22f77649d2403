"""``scoring="verified"``: webarena-verified's own evaluators over the answer and the episode's network events.

webarena-verified (ServiceNow, Apache-2.0) has all 165 tasks, joined by ``Task.old_task_id``; some of them ask another question
than WebArena-Lite, and the data of the embedded sites follows the latter. ``verified_listed.json`` names the tasks whose right
solution is rejected for that or another reason, and why.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import logging
from collections.abc import Mapping
from typing import Any, Literal

from ..errors import TaskDataError
from ..tasks.schema import Task
from ..types import CheckResult, EvalResult, Outcome
from .base import conjunction
from .string_match import shorten
from .verified_answer import wrap
from .verified_trace import har_entry, unsent_forms

_MAX_DETAIL_CHARS = 600


class VerifiedEvaluator:
    """Scores an official task by webarena-verified; its checks are those of its evaluators.

    Raises:
        ValueError: the task is none of WebArena's.
        TaskDataError: webarena-verified is not installed, or not whole.
    """

    def __init__(self, task: Task, base_urls: Mapping[str, str]) -> None:
        if task.old_task_id is None:
            raise ValueError(f"task {task.task_id!r} is not one that webarena-verified knows")
        self._task, self._old_id = task, task.old_task_id
        self._library = library(tuple(sorted(base_urls.items())))
        self._verified = self._library.get_task(self._old_id)

    def evaluate(self, outcome: Outcome) -> EvalResult:
        if outcome.answer is None:
            return EvalResult(False, (CheckResult("stop", False, "the episode ended without a stop"),))
        response = wrap(
            outcome.answer,
            task_type=self._verified.expected_action.lower(),
            results_schema=self._verified.eval[0].results_schema,
            intent=self._task.intent,
        )
        trace = [har_entry(event) for event in (*outcome.events, *unsent_forms(outcome.page))]
        result = self._library.evaluate_task(task_id=self._old_id, agent_response=response, network_trace=trace)
        checks = [
            _check(config, each) for config, each in zip(self._verified.eval, result.evaluators_results, strict=False)
        ]
        if result.error_msg:
            checks.append(CheckResult("webarena-verified", False, shorten(result.error_msg, _MAX_DETAIL_CHARS)))
        return conjunction(checks, None)


def _check(config: Any, result: Any) -> CheckResult:
    """What one of its evaluators says, as one of ours."""
    said = [message for assertion in result.assertions or () for message in assertion.assertion_msgs or ()]
    said += [result.error_msg] if result.error_msg else []
    detail = "; ".join(said) or "accepted"
    if config.evaluator == "NetworkEventEvaluator":
        wanted = f"{config.expected.http_method} {config.expected.url}"
        detail = f"{'no ' if config.should_not_exist else ''}{wanted}: {detail}"
    return CheckResult(config.evaluator, result.score == 1.0, shorten(detail, _MAX_DETAIL_CHARS))


@functools.cache
def library(base_urls: tuple[tuple[str, str], ...]) -> Any:
    """webarena-verified's ``WebArenaVerified`` for sites at these addresses; loading it takes a second or two, once.

    Raises:
        TaskDataError: it cannot be imported.
    """
    for name in ("WebArena-Verified", "webarena_verified"):  # what it logs is for whoever listens, not for stderr
        logging.getLogger(name).addHandler(logging.NullHandler())
    try:
        from webarena_verified.api import WebArenaVerified
        from webarena_verified.types.config import WebArenaVerifiedConfig
    except ImportError as error:
        raise TaskDataError(
            f"scoring='verified' runs the evaluators of the package webarena-verified, which cannot be imported ({error}); "
            "install it again with: pip install --force-reinstall 'webarena-verified==1.2.3'"
        ) from error
    environments = {placeholder: {"urls": [url]} for placeholder, url in base_urls}
    return WebArenaVerified(config=WebArenaVerifiedConfig(environments=environments))  # type: ignore[arg-type]


@functools.cache
def listed(what: Literal["rejected", "accepted"]) -> Mapping[str, Any]:
    """The committed table: right runs that are ``rejected`` by task id, wrong ones that are ``accepted`` by kind of run."""
    text = importlib.resources.files(__package__).joinpath("verified_listed.json").read_text("utf-8")
    return json.loads(text)[what]
