"""The declarative form: it says everything, reads back the same, and never runs what it holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_wrappers import (
    Milestone,
    Predicate,
    answer_given,
    element_present,
    info_equals,
    milestone_from_dict,
    milestone_reported,
    milestone_to_dict,
    milestones_from_json,
    milestones_to_json,
    observation_at_least,
    observation_equals,
    predicate_from_dict,
    reward_at_least,
    text_contains,
    url_matches,
)

words = st.text(min_size=1, max_size=8)
numbers = st.floats(allow_nan=False, allow_infinity=False)
paths = st.lists(st.one_of(words, st.integers(0, 9)), max_size=3).map(tuple)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), numbers, words),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
leaves = st.one_of(
    st.builds(url_matches, st.sampled_from(["/cart", r"^http://.*\?q=\w+", "a|b"])),
    st.builds(text_contains, words, paths, st.booleans()),
    st.builds(element_present, words, st.none() | words),
    st.builds(answer_given, words),
    st.builds(info_equals, paths.filter(bool), plain),
    st.builds(observation_equals, plain, paths),
    st.builds(observation_at_least, numbers, paths),
    st.builds(reward_at_least, numbers),
    st.builds(milestone_reported, words),
)
predicates = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        st.builds(lambda a: ~a, inner),
        st.builds(lambda a, b: a.then(b), inner, inner),
    ),
    max_leaves=6,
)


@given(predicates)
def test_a_predicate_reads_back_from_json_as_it_was(predicate: Predicate) -> None:
    assert predicate_from_dict(json.loads(json.dumps(predicate.to_dict()))) == predicate


@given(st.lists(st.builds(Milestone, words, predicates, st.floats(1e-3, 1e3)), unique_by=lambda m: m.name, max_size=4))
def test_a_set_of_milestones_reads_back_from_json_as_it_was(milestones: list[Milestone]) -> None:
    assert milestones_from_json(milestones_to_json(milestones)) == tuple(milestones)


def test_the_form_is_the_one_the_docs_show() -> None:
    milestone = Milestone("cart", url_matches("/cart") & ~text_contains("is empty"), weight=2.0)
    assert milestone_to_dict(milestone) == {
        "name": "cart",
        "when": {
            "type": "all_of",
            "parts": [
                {"type": "url_matches", "pattern": "/cart"},
                {"type": "not", "part": {"type": "text_contains", "text": "is empty", "at": [], "ignore_case": False}},
            ],
        },
        "weight": 2.0,
    }


def test_weight_may_be_left_out_and_is_then_one() -> None:
    assert milestone_from_dict({"name": "x", "when": {"type": "reward_at_least", "threshold": 1}}).weight == 1.0


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"type": "url_match", "pattern": "x"}, "unknown predicate type 'url_match'; did you mean 'url_matches'"),
        ({"type": "__import__('os').system('true')"}, "unknown predicate type"),
        ({"type": "holds", "function": "os.getcwd"}, "unknown predicate type 'holds'"),
        ({"type": "judged", "description": "x"}, "unknown predicate type 'judged'"),
        ({"type": "url_matches", "patern": "x"}, "url_matches has no field 'patern'; its fields are pattern"),
        ({"type": "url_matches"}, "does not describe a url_matches predicate: .*missing"),
        ({"type": "all_of", "parts": 3}, "does not describe a all_of predicate"),
        ({"type": "not", "part": "x"}, "a predicate is a dict with a 'type'"),
        ({"pattern": "x"}, "a predicate is a dict with a 'type'"),
        ({"type": "reward_at_least", "threshold": "1"}, "finite number, got '1'"),
        ({"type": "all_of", "parts": []}, "joins two or more predicates, got 0"),
    ],
)
def test_data_that_describes_no_predicate_is_a_value_error_that_says_why(data: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        predicate_from_dict(data)


def test_a_tower_of_negations_is_refused_rather_than_overflowing_the_stack() -> None:
    data: dict[str, Any] = {"type": "reward_at_least", "threshold": 1}
    for _ in range(60):
        data = {"type": "not", "part": data}
    with pytest.raises(ValueError, match="nested deeper than 50"):
        predicate_from_dict(data)
    with pytest.raises(ValueError, match="nested too deeply"):
        milestones_from_json("[" * 200_000)


@pytest.mark.parametrize("text", ['{"name": "x"}', "[3]", '[{"name": "x"}]', '[{"name": "x", "when": {}, "wait": 1}]'])
def test_json_that_is_not_a_list_of_milestones_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a JSON list|a milestone is a dict"):
        milestones_from_json(text)


def test_python_code_has_no_declarative_form_and_the_error_names_the_milestone() -> None:
    with pytest.raises(ValueError, match=r"milestone 'deep' cannot be written as data: .*has no declarative form"):
        milestone_to_dict(Milestone("deep", url_matches("x") & (lambda transition: True)))
