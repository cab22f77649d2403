from __future__ import annotations

import builtins
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluators.fakes import BASE_URLS, outcome, task
from webarena_gym.env import WebArenaEnv
from webarena_gym.errors import TaskDataError
from webarena_gym.evaluators import build_evaluator
from webarena_gym.evaluators.verified import library
from webarena_gym.tasks.schema import Task
from webarena_gym.types import EvalResult, FieldState, LiveDocument, NetworkEvent, Outcome

START = NetworkEvent("GET", "http://shopping.test/", 200, navigation=True)


def scored(task_id: int, answer: str | None, *events: NetworkEvent, page: LiveDocument | None = None) -> EvalResult:
    ended = replace(outcome(answer), events=(START, *events))
    ended = ended if page is None else replace(ended, page=page)
    return build_evaluator(task(task_id), scoring="verified", base_urls=BASE_URLS).evaluate(ended)


def opened(path: str) -> NetworkEvent:
    return NetworkEvent("GET", f"http://shopping.test{path}", 200, navigation=True)


def test_a_right_answer_is_accepted_and_a_wrong_one_says_what_was_expected():
    assert scored(46, "65.32").success
    wrong = scored(46, "17.99")
    assert not wrong.success and "Expected: [65.32], Got: [17.99]" in wrong.checks[0].detail


def test_the_checks_are_those_of_its_evaluators():
    result = scored(72, "", opened("/sales/order/view/order_id/189/"))
    assert [(check.kind, check.passed) for check in result.checks] == [
        ("AgentResponseEvaluator", True),
        ("NetworkEventEvaluator", True),
    ]
    wrong = scored(72, "", opened("/sales/order/view/order_id/187/"))
    assert [check.passed for check in wrong.checks] == [True, False]
    assert wrong.checks[1].detail.startswith(
        "GET __SHOPPING__/sales/order/view/order_id/189/: No matching network event"
    )


def test_the_last_document_counts_and_what_a_script_fetched_does_not():
    right, other = opened("/sales/order/view/order_id/189/"), opened("/")
    assert not scored(72, "", right, other).success
    assert scored(72, "", right, replace(other, navigation=False, headers=(("accept", "text/html"),))).success


def test_a_response_in_json_is_judged_as_it_is():
    right = {"task_type": "RETRIEVE", "status": "SUCCESS", "retrieved_data": [65.32]}
    assert scored(46, json.dumps(right)).success
    assert not scored(46, json.dumps({**right, "task_type": "NAVIGATE"})).success
    assert not scored(46, json.dumps({**right, "status": "NOT_FOUND_ERROR"})).success


def test_an_episode_without_a_stop_is_no_success():
    result = scored(46, None)
    assert (result.success, [check.kind for check in result.checks]) == (False, ["stop"])


def test_an_unsent_draft_is_an_event():
    text = "my refund is supposed to be replaced by a coupon"
    html = '<form id="contact-form"><input name="name"><input name="email"><textarea name="comment"></textarea></form>'
    fields = (FieldState("Emma Lopez"), FieldState("emma.lopez@gmail.com"), FieldState(text))
    draft = LiveDocument("http://shopping.test/contact/index/", html, fields)
    assert scored(148, "", page=draft).success
    assert not scored(148, "", page=LiveDocument(draft.url, html)).success
    sent = NetworkEvent(
        "POST",
        "http://shopping.test/contact/index/post",
        200,
        body="comment=x",
        content_type="application/x-www-form-urlencoded",
    )
    result = scored(148, "", sent, page=draft)
    assert not result.success and result.checks[-1].detail.startswith("no POST __SHOPPING__/contact/index/post: ")


def test_an_env_asks_webarena_verifieds_question_where_it_is_another_one(cache_dir: Path):
    for scoring, question in (("lite", "What brands appear most"), ("verified", "Get the top 3 search terms")):
        env = WebArenaEnv("shopping_admin", scoring=scoring, cache_dir=cache_dir)
        observation, info = env.reset(options={"task_id": 32})
        assert f"goal: {question}" in observation and len(info["milestones"]) == (1 if scoring == "verified" else 2)
        env.close()


def test_a_failure_within_the_library_is_a_rejection_with_its_reason():
    event = NetworkEvent(
        "PUT", "http://gitlab.test/a11yproject/a11yproject.com/-/issues/1478.json", 200,
        body='{"issue": {"assignee_ids": [2330]}}', content_type="application/json",
    )  # fmt: skip
    result = scored(164, "", event)
    assert not result.success and "Error during evaluation" in result.checks[-1].detail


def test_an_episode_without_any_event_is_rejected_with_that_reason():
    evaluator = build_evaluator(task(46), scoring="verified", base_urls=BASE_URLS)
    result = evaluator.evaluate(outcome("65.32"))
    assert not result.success and "Trace content list is empty" in result.checks[-1].detail


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([10, 22, 46, 72, 84, 92, 109, 164]),
    st.one_of(
        st.text(max_size=40),
        st.recursive(
            st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=9),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=8,
        ).map(lambda data: json.dumps({"task_type": "retrieve", "status": data, "retrieved_data": data})),
    ),
)
def test_no_answer_raises(task_id: int, answer: str):
    assert isinstance(scored(task_id, answer).success, bool)


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]):
    scored(164, "")
    assert capsys.readouterr() == ("", "")


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    imported = builtins.__import__

    def without_library(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("webarena_verified"):
            raise ImportError("no module named webarena_verified")
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_library)
    library.cache_clear()
    with pytest.raises(TaskDataError, match=r"pip install --force-reinstall 'webarena-verified==1.2.3'"):
        build_evaluator(task(46), scoring="verified", base_urls=BASE_URLS)


def test_a_task_that_it_does_not_know_is_refused():
    unknown = replace(task(46), old_task_id=None)
    with pytest.raises(ValueError, match="task 46 is not one that webarena-verified knows"):
        build_evaluator(unknown, scoring="verified", base_urls=BASE_URLS)


def test_a_generated_task_keeps_its_own_predicate():
    def right(progress: Outcome) -> bool:
        return progress.answer == "yes"

    generated = Task(
        task_id="t-1", sites=("shopping",), intent="", start_urls=("http://shopping.test/",), success=right
    )
    evaluator = build_evaluator(generated, scoring="verified", base_urls=BASE_URLS, progress=lambda ended: ended)
    assert evaluator.evaluate(outcome("yes")).success and not evaluator.evaluate(outcome("no")).success
