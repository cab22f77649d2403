from __future__ import annotations

import pytest

from tests.evaluators.fakes import BASE_URLS, outcome, task
from webarena_gym.evaluators import build_evaluator
from webarena_gym.evaluators.string_match import clean_answer, exact_match, must_include


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Yes ", "yes"),
        ("'Yes'", "yes"),
        ('"Yes"', "yes"),
        ("\"'Yes'\"", "'yes'"),  # one pair only
        ("'Yes\"", "'yes\""),
        ("'", ""),
        ("' Yes'", " yes"),  # stripped before the quotes go, not after
        ("", ""),
    ],
)
def test_an_answer_is_stripped_unquoted_once_and_lowered(text: str, cleaned: str):
    assert clean_answer(text) == cleaned


def test_exact_match_ignores_case_and_outer_quotes_only():
    assert exact_match("Yes", "'yes'")
    assert not exact_match("Yes", "Yes.")


def test_must_include_is_a_substring():
    assert must_include("9.99", "between $9.99 and $9.99")
    assert must_include("design", "redesigned")
    assert not must_include("3053.97", "3,053.97")


def test_a_single_character_is_a_token_only_where_asked_for():
    assert must_include("2", "12")
    assert not must_include("2", "12", as_token=True)
    assert must_include("2", "2 reviews", as_token=True)


def accepts(task_id: int, answer: str | None, scoring: str = "lite") -> bool:
    evaluator = build_evaluator(task(task_id), scoring=scoring, base_urls=BASE_URLS)
    return evaluator.evaluate(outcome(answer)).success


def test_a_lone_one_character_reference_is_a_token_and_one_of_several_is_not():
    assert accepts(36, "I spent $0 on food")
    assert not accepts(36, "0.00")
    assert not accepts(36, "10")
    assert accepts(31, "from $1.46 to $85.00")


def test_lite_corrects_the_two_slips_that_no_honest_answer_passes():
    assert (accepts(81, "yjlou"), accepts(81, "yjlou", "strict")) == (True, False)
    assert not accepts(81, "someone else")
    assert (accepts(94, "65"), accepts(94, "65", "strict")) == (True, False)
    assert accepts(94, "3")
    assert accepts(94, "65 |OR| 3", "strict")
    assert not accepts(94, "3.25")
    assert not accepts(94, "64")


def test_an_unstopped_episode_fails_in_lite_and_answers_whatever_in_strict():
    assert not accepts(46, None)
    assert not accepts(46, None, "strict")
    result = build_evaluator(task(46), base_urls=BASE_URLS).evaluate(outcome(None))
    assert [check.detail for check in result.checks] == ["the episode ended without a stop"]


def test_a_bare_na_is_enough_for_task_114_and_so_is_the_reason():
    assert accepts(114, "N/A")
    assert accepts(114, "We cannot add order history.")
    assert not accepts(114, "n/a.")
    assert not accepts(114, "I sent the message")


def test_each_check_says_what_was_compared():
    result = build_evaluator(task(50), base_urls=BASE_URLS).evaluate(outcome("Sean Miller"))
    assert [(check.kind, check.passed) for check in result.checks] == [("must_include", True), ("must_include", False)]
    assert result.checks[1].detail == "the answer 'sean miller' does not contain 'sean.miller@gmail.com'"
    assert result.judge is None
