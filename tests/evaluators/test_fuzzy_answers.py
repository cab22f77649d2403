"""Honest answers to the official tasks with ``fuzzy_match`` pass by the rules, near misses do not."""

from __future__ import annotations

import pytest

from tests.evaluators.fakes import BASE_URLS, outcome, task
from tests.evaluators.fuzzy_answers import ACCEPTED, FUZZY_ANSWER_TASKS, rejected
from webarena_gym.evaluators import build_evaluator
from webarena_gym.tasks.official import load_official_tasks


def accepts(task_id: int, answer: str) -> bool:
    tested = task(task_id)
    url = tested.spec.urls[0].references[0] if tested.spec.urls else tested.start_urls[0]
    result = build_evaluator(tested, base_urls=BASE_URLS).evaluate(outcome(answer, url))
    assert result.judge in ("deterministic", None)
    return result.success


def test_every_task_with_a_fuzzy_answer_is_tried():
    fuzzy = [t.task_id for t in load_official_tasks() if any(check.rule == "fuzzy_match" for check in t.spec.strings)]
    assert sorted(FUZZY_ANSWER_TASKS) == fuzzy


@pytest.mark.parametrize("task_id", FUZZY_ANSWER_TASKS)
def test_honest_answers_pass(task_id: int):
    assert [answer for answer in ACCEPTED[task_id] if not accepts(task_id, answer)] == []


@pytest.mark.parametrize("task_id", FUZZY_ANSWER_TASKS)
def test_near_misses_fail(task_id: int):
    assert [answer for answer in rejected(task_id) if accepts(task_id, answer)] == []
