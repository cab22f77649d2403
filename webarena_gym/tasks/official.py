"""The 165 tasks of WebArena-Lite as ``Task`` objects.

Intents and references are read at run time from webarena-verified (see ``task_file``). Addresses keep the placeholders of
the task file (``__SHOPPING__`` ...) until ``with_base_urls`` puts real ones in their place.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace

from ..errors import UnknownTask
from .schema import EvalSpec, HtmlCheck, MilestoneSpec, StringCheck, Task, UrlCheck
from .task_file import Config, lite_configs, overrides, verified_intents

TASK_COUNT = 165
# Tasks whose long quotes the embedded sites must show, so that they can be found there.
_QUOTING_TASKS = (42, 89, 108)


def load_official_tasks(base_urls: Mapping[str, str] | None = None) -> tuple[Task, ...]:
    """All 165, in the order of their ids. ``base_urls`` maps placeholders to addresses, as in ``with_base_urls``.

    Raises:
        TaskDataError: webarena-verified's task file is missing, unreadable or another one.
    """
    return _load(tuple(sorted((base_urls or {}).items())))


@functools.lru_cache(maxsize=8)
def _load(base_urls: tuple[tuple[str, str], ...]) -> tuple[Task, ...]:
    if not base_urls:
        return tuple(task_from_config(config) for config in lite_configs())
    return tuple(with_base_urls(task, dict(base_urls)) for task in _load(()))


def official_task(task_id: int, base_urls: Mapping[str, str] | None = None) -> Task:
    """The task with this id of WebArena-Lite.

    Raises:
        UnknownTask: there is no such task.
        TaskDataError: as ``load_official_tasks``.
    """
    if isinstance(task_id, bool) or not isinstance(task_id, int) or not 0 <= task_id < TASK_COUNT:
        raise UnknownTask(f"there is no official task {task_id!r}; WebArena-Lite's ids are 0 to {TASK_COUNT - 1}")
    return load_official_tasks(base_urls)[task_id]


def asked_by_verified(task: Task, base_urls: Mapping[str, str] | None = None) -> Task:
    """``task`` with webarena-verified's question, where that asks for something else or for values under names of its own.

    Elsewhere both ask for the same, and the task is returned as it is. The rules and milestones of WebArena-Lite are about
    its own question: a task that asks another one has "stopped" as its only milestone.

    Raises:
        TaskDataError: webarena-verified is missing or not whole.
    """
    if task.task_id not in overrides()["asked_by_verified"] or task.old_task_id is None:
        return task
    stopped = MilestoneSpec("stopped", lambda progress: progress.answer is not None)
    intent = replace_placeholders(verified_intents()[task.old_task_id], base_urls or {})
    return replace(task, intent=intent, milestones=(stopped,))


def task_from_config(config: Config) -> Task:
    """A config of WebArena-Lite's file as a task."""
    evaluation = config["eval"]
    kinds = evaluation["eval_types"]
    return Task(
        task_id=config["task_id"],
        sites=tuple(config["sites"]),
        intent=config["intent"],
        start_urls=split_start_urls(config["start_url"]),
        spec=EvalSpec(
            strings=tuple(
                StringCheck(rule, _references(value)) for rule, value in (evaluation["reference_answers"] or {}).items()
            )
            if "string_match" in kinds
            else (),
            urls=(UrlCheck(tuple(evaluation["reference_url"].split(" |OR| "))),) if "url_match" in kinds else (),
            html=tuple(map(_html_check, evaluation["program_html"])) if "program_html" in kinds else (),
            note=evaluation.get("string_note") or "",
        ),
        old_task_id=config["old_task_id"],
    )


def _html_check(check: Config) -> HtmlCheck:
    [(rule, references)] = check["required_contents"].items()
    return HtmlCheck(check["url"], check["locator"], rule, _references(references))


def _references(value: str | list[str]) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)


def split_start_urls(start_url: str) -> tuple[str, ...]:
    """The addresses of a config's ``start_url``, one for each tab.

    >>> split_start_urls("__SHOPPING__/a.html |AND| __SHOPPING__/b.html")
    ('__SHOPPING__/a.html', '__SHOPPING__/b.html')
    """
    return tuple(start_url.split(" |AND| "))


def quoted_references() -> dict[int, list[str]]:
    """By task id, the quotes that the embedded sites' pages must hold: reviews that a task asks to quote.

    Raises:
        TaskDataError: as ``load_official_tasks``.
    """
    return {task_id: _all_references(load_official_tasks()[task_id].spec) for task_id in _QUOTING_TASKS}


def _all_references(spec: EvalSpec) -> list[str]:
    found: list[str] = []
    for check in (*spec.strings, *spec.html):
        found += [check.references] if isinstance(check.references, str) else check.references
    return found


def with_base_urls(task: Task, base_urls: Mapping[str, str]) -> Task:
    """``task`` with real addresses for placeholders: ``base_urls`` maps ``"__SHOPPING__"`` to ``"http://shopping.test"``.

    As upstream this is plain text replacement everywhere, expected texts included; a placeholder not in it stays.
    """
    spec = task.spec

    def place(text: str) -> str:
        return replace_placeholders(text, base_urls)

    def place_all(references: str | tuple[str, ...]) -> str | tuple[str, ...]:
        return place(references) if isinstance(references, str) else tuple(map(place, references))

    return replace(
        task,
        intent=place(task.intent),
        start_urls=tuple(map(place, task.start_urls)),
        spec=replace(
            spec,
            strings=tuple(replace(check, references=place_all(check.references)) for check in spec.strings),
            urls=tuple(UrlCheck(tuple(map(place, check.references))) for check in spec.urls),
            html=tuple(
                replace(check, url=place(check.url), references=place_all(check.references)) for check in spec.html
            ),
        ),
    )


def replace_placeholders(text: str, base_urls: Mapping[str, str]) -> str:
    """
    >>> replace_placeholders("see __REDDIT__/f/books", {"__REDDIT__": "http://reddit.test"})
    'see http://reddit.test/f/books'
    """
    if "__" in text:
        for placeholder, base_url in base_urls.items():
            text = text.replace(placeholder, base_url)
    return text
