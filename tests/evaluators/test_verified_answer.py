from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webarena_gym.evaluators.verified_answer import as_response, wrap

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
DATE = {"type": "string", "format": "date"}
RANGE = {"type": "object", "properties": {"min": NUMBER, "max": NUMBER}}
COUNT_AND_SUM = {"type": "object", "properties": {"order_count": NUMBER, "amount": NUMBER}}
STATUSES = {"type": "object", "properties": {"order_number": TEXT, "status": TEXT}}
ARRIVAL = {"type": "object", "properties": {"status": TEXT, "arrival_date": DATE}}
PERSON = {"type": "object", "properties": {"name": TEXT, "email": TEXT}}


def wrapped(answer: str, items: Any = TEXT, kind: str = "retrieve", intent: str = "Who complains?") -> Any:
    return wrap(answer, task_type=kind, results_schema={"type": "array", "items": items}, intent=intent)


@pytest.mark.parametrize(
    ("answer", "items", "retrieved"),
    [
        ("Green-vines", TEXT, ["Green-vines"]),
        ("Rachel, T. Gannon", TEXT, ["Rachel", "T. Gannon"]),
        ("Lo, Chen, and Chu", TEXT, ["Lo", "Chen", "Chu"]),
        ("- Rachel\n- T. Gannon\n", TEXT, ["Rachel", "T. Gannon"]),
        ("1. Bread, white\n2. Butter", TEXT, ["Bread, white", "Butter"]),  # lines go before commas
        ("Bread, white; Butter", TEXT, ["Bread, white", "Butter"]),  # and so do semicolons
        ("Bread, white;", TEXT, ["Bread, white"]),
        ("3,053.97", NUMBER, ["3,053.97"]),  # no list, for want of a space
        ("187, 183", NUMBER, ["187", "183"]),
        ("January 16, 2023", DATE, ["January 16, 2023"]),  # a date may hold a comma
        ("1 hour, 4 minutes", {"type": "string", "format": "duration"}, ["1 hour, 4 minutes"]),
        ("Yes", {"type": "boolean"}, [True]),
        ("No, it is open", {"type": "boolean"}, [False]),
        ("It is open", {"type": "boolean"}, ["It is open"]),  # for webarena-verified to reject
        ("", TEXT, []),
    ],
)
def test_values_are_cut_at_lines_semicolons_or_commas(answer: str, items: Any, retrieved: list[Any]):
    assert wrapped(answer, items) == {"task_type": "retrieve", "status": "SUCCESS", "retrieved_data": retrieved}


@pytest.mark.parametrize(
    ("answer", "items", "retrieved"),
    [
        ("order_count: 2; amount: 30.50", COUNT_AND_SUM, [{"order_count": "2", "amount": "30.50"}]),
        ("Status: canceled; arrival: never", ARRIVAL, [{"status": "canceled", "arrival_date": None}]),
        (
            "order number: 170\nstatus: canceled\norder number: 189\nstatus: pending",
            STATUSES,
            [{"order_number": "170", "status": "canceled"}, {"order_number": "189", "status": "pending"}],
        ),
        (
            "170: canceled, 189: pending",  # two properties and pairs: the label is the first
            STATUSES,
            [{"order_number": "170", "status": "canceled"}, {"order_number": "189", "status": "pending"}],
        ),
        ("0 orders, $0 spent in total", COUNT_AND_SUM, [{"order_count": "0", "amount": "0"}]),
        ("two orders for $30.50", COUNT_AND_SUM, [{"order_count": "2", "amount": "30.50"}]),
        ("1.46 to 85.00", RANGE, [{"min": "1.46", "max": "85.00"}]),
        ("They all cost $9.99.", RANGE, [{"min": "9.99", "max": "9.99"}]),
        ("from 1 to 2 or 3", RANGE, ["from 1 to 2 or 3"]),  # three numbers are no range
        ("Ann Lee, ann@example.com", PERSON, [{"name": "Ann Lee", "email": "ann@example.com"}]),
        (
            "Ann Lee, ann@example.com\nBob, bob@example.com",
            PERSON,
            [{"name": "Ann Lee", "email": "ann@example.com"}, {"name": "Bob", "email": "bob@example.com"}],
        ),
        ("I could not tell", PERSON, ["I could not tell"]),
    ],
)
def test_objects_take_the_names_of_the_schema(answer: str, items: Any, retrieved: list[Any]):
    assert wrapped(answer, items)["retrieved_data"] == retrieved


@pytest.mark.parametrize("answer", ["N/A", " n/a ", '"N/A"', "There are no complaints.", "Nobody complains"])
def test_an_answer_that_there_is_none_is_not_found(answer: str):
    assert wrapped(answer) == {"task_type": "retrieve", "status": "NOT_FOUND_ERROR", "retrieved_data": None}


def test_a_no_is_a_value_where_yes_or_no_is_asked():
    intent = 'Open my latest issue that has "better" in its title to check if it is open or closed'
    assert wrapped("No, it is open", {"type": "boolean"}, intent=intent)["retrieved_data"] == [False]
    assert wrapped("No, it is open", TEXT, intent=intent)["status"] == "NOT_FOUND_ERROR"


@pytest.mark.parametrize("answer", ["0", "There are 0 complaints"])
def test_a_zero_is_a_value(answer: str):
    assert wrapped(answer, NUMBER)["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("", "SUCCESS"),
        ("done, though I cannot see why", "SUCCESS"),
        ("N/A", "NOT_FOUND_ERROR"),
        ("N/A: the address of an order cannot be changed", "ACTION_NOT_ALLOWED_ERROR"),
        ("N/A, this is not allowed", "ACTION_NOT_ALLOWED_ERROR"),
    ],
)
@pytest.mark.parametrize("kind", ["mutate", "navigate"])
def test_what_is_no_question_needs_no_answer(kind: str, answer: str, status: str):
    response = wrapped(answer, {}, kind)
    assert response == {"task_type": kind, "status": status, "retrieved_data": None}


def test_a_response_in_json_is_passed_on_as_it_is():
    given_response = {"task_type": "MUTATE", "status": "success", "retrieved_data": None, "error_details": None}
    assert wrapped(json.dumps(given_response)) == given_response
    assert wrapped(f"Here it is:\n```json\n{json.dumps(given_response)}\n```") == given_response
    older = {"performed_operation": "RETRIEVE", "status": "SUCCESS", "retrieved_data": [1]}
    assert wrapped(json.dumps(older)) == older


@pytest.mark.parametrize(
    ("answer", "retrieved"),
    [
        ('["Rachel, T.", "Gannon"]', ["Rachel, T.", "Gannon"]),
        ('[{"hotel": "Hyatt", "supermarkets": ["ALDI", "Giant Eagle"]}]', [{"hotel": "Hyatt", "supermarkets": ["ALDI", "Giant Eagle"]}]),
        ('{"min": 1.46, "max": 85}', [{"min": 1.46, "max": 85}]),
        ("```json\n[187, 183]\n```", [187, 183]),
        ("[]", []),
        ("3", ["3"]),  # a value, but neither a list nor an object
        ("[Rachel]", ["[Rachel]"]),  # no JSON
    ],
)  # fmt: skip
def test_a_list_or_object_in_json_is_the_values(answer: str, retrieved: list[Any]):
    assert wrapped(answer)["retrieved_data"] == retrieved


def test_json_is_no_value_where_nothing_is_to_be_retrieved():
    assert wrapped("[1]", {}, "mutate") == {"task_type": "mutate", "status": "SUCCESS", "retrieved_data": None}


@pytest.mark.parametrize(
    "answer", ['{"status": "SUCCESS"}', '["task_type", "status"]', '"status"', "{", "3", "[" * 5000]
)
def test_other_json_is_no_response(answer: str):
    assert as_response(answer) is None


@given(st.text(max_size=80), st.sampled_from([TEXT, NUMBER, DATE, RANGE, STATUSES, {"type": "boolean"}, {}]))
def test_any_text_can_be_wrapped(answer: str, items: Any):
    json.dumps(wrapped(answer, items))
