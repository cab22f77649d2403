"""Honest answers to the official tasks with ``fuzzy_match`` pass by the rules, near misses do not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluators.fakes import BASE_URLS, outcome, task
from tests.evaluators.fuzzy_answers import ACCEPTED, FUZZY_ANSWER_TASKS, rejected
from tests.evaluators.more_fuzzy_answers import ACCEPTED as MORE_ACCEPTED
from tests.evaluators.more_fuzzy_answers import REJECTED as MORE_REJECTED
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


def test_answers_in_other_words_are_judged_alike():
    wrong = [(i, text) for i, texts in MORE_ACCEPTED.items() for text in texts if not accepts(i, text)]
    wrong += [(i, text) for i, texts in MORE_REJECTED.items() for text in texts if accepts(i, text)]
    assert wrong == []


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FUZZY_ANSWER_TASKS), st.text(max_size=60), st.text(max_size=60))
def test_no_text_around_an_answer_breaks_a_rule(task_id: int, before: str, after: str):
    accepts(task_id, before + ACCEPTED[task_id][0] + after)
    accepts(task_id, before)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([3, 11, 18, 19, 28, 35, 38, 48, 61, 69, 79, 85]), st.integers(0, 20), st.integers(1, 9))
def test_no_other_digit_passes_for_a_number(task_id: int, place: int, shift: int):
    # The first form of each answer holds the reference's numbers and no others.
    answer = ACCEPTED[task_id][0]
    digits = [i for i, character in enumerate(answer) if character.isdigit()]
    i = digits[place % len(digits)]
    assert not accepts(task_id, f"{answer[:i]}{(int(answer[i]) + shift) % 10}{answer[i + 1 :]}")


@pytest.mark.parametrize("unit", ["1 ", "01:11 ", "not ", "1 min ", "a, ; and ", "412 578 5000 ", "1-", "refund ", "'"])
def test_the_longest_answer_is_judged_within_seconds(unit: str):
    text = (unit * 20_000)[:20_000]
    start = time.perf_counter()
    for task_id in (3, 42, 52):
        assert not accepts(task_id, text)
    assert time.perf_counter() - start < 10  # takes about 1 s; a rule that backtracks takes minutes
