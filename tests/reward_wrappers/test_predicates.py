"""Predicates: what each ready-made one looks at, and how they combine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reward_wrappers import (
    Transition,
    answer_given,
    element_present,
    holds,
    info_equals,
    milestone_reported,
    observation_at_least,
    observation_equals,
    reward_at_least,
    text_contains,
    url_matches,
)


def seen(observation: Any = "", **info: Any) -> Transition:
    return Transition.at_reset(observation, info)


def done(action: Any, observation: Any = "", reward: float = 0.0, **info: Any) -> Transition:
    return Transition("", action, observation, reward, False, False, info)


@pytest.mark.parametrize(
    ("url", "matches"),
    [
        ("http://shop.test/checkout/cart/", True),
        ("http://shop.test/checkout/cart", True),
        ("http://shop.test/checkout/cart?step=1", False),
        ("http://shop.test/", False),
        (None, False),
    ],
)
def test_url_matches_searches_the_url_in_the_info(url: str | None, matches: bool) -> None:
    assert url_matches(r"/cart/?$")(seen(url=url)) is matches


def test_url_matches_is_false_without_a_url() -> None:
    assert not url_matches("cart")(seen())


def test_text_contains_reads_a_text_observation_or_a_text_part_of_one() -> None:
    assert text_contains("in your cart")(seen("2 items in your cart"))
    assert not text_contains("In Your Cart")(seen("2 items in your cart"))
    assert text_contains("In Your Cart", ignore_case=True)(seen("2 items in your cart"))
    assert text_contains("red", at="mission")(seen({"mission": "get the red key", "image": np.zeros(3)}))


def test_text_contains_on_an_observation_that_is_not_text_says_so() -> None:
    with pytest.raises(TypeError, match="is a dict, not text; name a text part with `at`"):
        text_contains("red")(seen({"mission": "get the red key"}))


PAGE = """goal: buy a mug
## Mugs
navigation "Main": [1] link "My Account"
[7] button "Add to Cart" disabled | [8] link "Say \\"hi\\"" | [9] checkbox
"""


@pytest.mark.parametrize(
    ("role", "name", "present"),
    [
        ("button", "Add to Cart", True),
        ("button", None, True),
        ("button", "Add", False),  # the name is compared whole
        ("link", "Add to Cart", False),
        ("link", 'Say "hi"', True),
        ("checkbox", None, True),
        ("check", None, False),  # and so is the role
        ("heading", "Mugs", True),
        ("heading", "Mug", False),
        ("heading", None, True),
    ],
)
def test_element_present_reads_elements_and_headings_of_a_text_page(role: str, name: str | None, present: bool) -> None:
    assert element_present(role, name)(seen(PAGE)) is present


def test_element_present_reads_webarena_trees_and_miniwob_elements() -> None:
    assert element_present("link", "My Account")(seen("\t[12] link 'My Account' focused: True"))
    elements = {"dom_elements": ({"tag": "button", "text": "ONE"}, {"tag": "div", "text": ""})}
    assert element_present("button", "ONE")(seen(elements))
    assert not element_present("button", "TWO")(seen(elements))


@pytest.mark.parametrize(
    ("action", "given", "says_42"),
    [
        ('stop("42")', True, True),
        ("stop [42 dollars]", True, True),
        ("send_msg_to_user('it is 42')", True, True),
        ('report_infeasible("no such item")', True, False),
        ('exit(message="42")', True, True),
        ('# The total is shown\nexit(message="42")', True, True),
        ('stop("")', False, False),
        ("stop []", False, False),
        ("click(42)", False, False),
        (42, False, False),
    ],
)
def test_answer_given_reads_the_answer_in_every_spelling(action: Any, given: bool, says_42: bool) -> None:
    assert answer_given()(done(action)) is given
    assert answer_given("42")(done(action)) is says_42


def test_answer_given_prefers_the_answer_that_the_env_reports() -> None:
    assert answer_given("N/A")(done("anything", answer="N/A"))
    assert not answer_given()(done('stop("42")', answer=""))


def test_answer_given_is_false_at_reset() -> None:
    assert not answer_given()(seen())


def test_info_equals_follows_a_path_and_a_missing_key_equals_nothing() -> None:
    info = {"player": {"lives": 3}, "trail": [1, 2], "note": None}
    assert info_equals(("player", "lives"), 3)(seen(**info))
    assert not info_equals(("player", "lives"), 2)(seen(**info))
    assert info_equals("trail", [1, 2])(seen(**info))
    assert info_equals("note", None)(seen(**info))
    assert not info_equals("nothing", None)(seen(**info))
    assert not info_equals(("note", "deeper"), 1)(seen(**info))


def test_observation_equals_compares_numbers_arrays_and_parts() -> None:
    assert observation_equals(31)(seen(np.int64(31)))
    assert observation_equals([1, 0])(seen(np.array([1, 0])))
    assert not observation_equals([1, 0])(seen(np.array([1, 0, 0])))
    assert not observation_equals(1)(seen(np.array([1, 1])))
    assert observation_equals((1, 0))(seen((1, 0)))
    image = np.zeros((7, 7, 3), dtype=np.uint8)
    image[3, 6, 0] = 5
    assert observation_equals(5, at=("image", 3, 6, 0))(seen({"image": image}))


def test_a_path_that_the_observation_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError, match="imge"):
        observation_equals(5, at=("imge", 3))(seen({"image": np.zeros(4)}))


def test_observation_at_least_and_its_negation_bound_a_number_from_both_sides() -> None:
    leaning = observation_at_least(0.1, at=2) & ~observation_at_least(0.2, at=2)
    held = [leaning(seen(np.array([0, 0, angle, 0], dtype=np.float32))) for angle in (0.05, 0.15, 0.25)]
    assert held == [False, True, False]


def test_reward_at_least_reads_the_steps_reward_and_is_false_at_reset() -> None:
    assert reward_at_least(1.0)(done(0, reward=1.0))
    assert not reward_at_least(1.0)(done(0, reward=0.5))
    assert not reward_at_least(-1.0)(seen())


def test_milestone_reported_needs_the_env_to_report() -> None:
    assert milestone_reported("cart")(seen(milestones={"cart": True}))
    with pytest.raises(KeyError, match="milestones"):
        milestone_reported("cart")(seen())


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: url_matches("("), "takes a regular expression, got '\\('"),
        (lambda: url_matches(7), "takes a regular expression, got 7"),
        (lambda: text_contains(""), "needs a text to look for"),
        (lambda: element_present(""), "needs a role"),
        (lambda: element_present("button", 3), "name of an element is a string"),
        (lambda: answer_given(42), "quote the number"),
        (lambda: info_equals((), 1), "needs the key"),
        (lambda: info_equals("key", {"a": 1}), "a value to compare with"),
        (lambda: observation_equals(1, at=(1.5,)), "a path is keys and indices"),
        (lambda: observation_at_least(float("nan")), "finite number, got nan"),
        (lambda: reward_at_least("high"), "finite number, got 'high'"),
    ],
)
def test_a_mistake_in_an_argument_is_a_value_error_that_names_it(make: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make()


AT_3, AT_5 = observation_equals(3), observation_equals(5)


def test_and_or_and_not_combine_with_each_other_and_with_any_callable() -> None:
    paid = holds(lambda transition: transition.info.get("paid", False))
    assert (AT_3 & paid)(seen(3, paid=True))
    assert not (AT_3 & paid)(seen(3, paid=False))
    assert (AT_3 | AT_5)(seen(5))
    assert (~AT_3)(seen(5))
    assert (AT_3 & (lambda transition: True))(seen(3))
    assert ((lambda transition: False) | AT_3)(seen(3))
    assert ((lambda transition: True) & AT_3)(seen(3))


def test_joining_three_reads_as_one_flat_expression() -> None:
    assert repr(AT_3 & AT_5 & ~AT_3) == (
        "observation_equals(value=3, at=()) & observation_equals(value=5, at=()) & ~observation_equals(value=3, at=())"
    )
    assert repr((AT_3 | AT_5) & AT_3) == (
        "(observation_equals(value=3, at=()) | observation_equals(value=5, at=())) & observation_equals(value=3, at=())"
    )


def answers(predicate: Any, observations: list[int]) -> list[bool]:
    fresh = predicate.fresh()
    return [fresh(seen(observation)) for observation in observations]


def test_then_holds_when_the_second_comes_strictly_later_than_the_first() -> None:
    assert answers(AT_3.then(AT_5), [5, 3, 5, 1, 5]) == [False, False, True, False, True]
    assert answers(AT_3.then(AT_3), [3, 3]) == [False, True]


def test_then_chains_left_to_right() -> None:
    there_and_back = AT_3.then(AT_5).then(AT_3)
    assert answers(there_and_back, [3, 5, 3]) == [False, False, True]
    assert answers(there_and_back, [5, 3, 3, 5, 3]) == [False, False, False, False, True]


def test_a_then_on_the_right_remembers_from_the_start() -> None:
    # 5 after 1 is one story, and 3 before that 5 another; the 1 came before the 3, and counts.
    assert answers(AT_3.then(observation_equals(1).then(AT_5)), [1, 3, 5]) == [False, False, True]


def test_then_inside_and_or_and_not_sees_every_transition() -> None:
    # The left side is False on the 3; the right one has to see that 3 all the same.
    assert answers(AT_5 & AT_3.then(AT_5), [3, 5]) == [False, True]
    assert answers(AT_3 | AT_3.then(AT_5), [3, 5]) == [True, True]
    assert answers(~AT_3.then(AT_5), [3, 5]) == [True, False]


def test_fresh_forgets_and_leaves_the_original_as_it_was() -> None:
    predicate = AT_3.then(AT_5)
    first = predicate.fresh()
    first(seen(3))
    assert first(seen(5))
    assert not predicate.fresh()(seen(5))
    assert not first.fresh()(seen(5))


@pytest.mark.parametrize("compound", [~AT_3.then(AT_5), AT_3.then(AT_5) & AT_5, AT_3.then(AT_5) | AT_3.then(AT_5)])
def test_fresh_reaches_into_compound_predicates(compound: Any) -> None:
    used = compound.fresh()
    used(seen(3))
    assert used.fresh()(seen(5)) is compound.fresh()(seen(5))
    assert used.fresh()(seen(5)) is not used(seen(5))


def test_a_predicate_without_memory_is_its_own_fresh_copy() -> None:
    predicate = (AT_3 & AT_5) | ~AT_3
    assert predicate.fresh() is predicate
    assert not predicate.remembers


def test_a_callable_with_a_fresh_method_keeps_no_memory_across_episodes() -> None:
    class Twice:
        """Holds from the second time it is asked."""

        def __init__(self) -> None:
            self.asked = 0

        def fresh(self) -> Twice:
            return Twice()

        def __call__(self, transition: Transition) -> bool:
            self.asked += 1
            return self.asked >= 2

    assert answers(holds(Twice()) & AT_3, [3, 3]) == [False, True]
    assert answers(holds(Twice()) & AT_3, [3, 3]) == [False, True]


def test_what_cannot_be_called_is_no_predicate() -> None:
    with pytest.raises(TypeError, match="called with a Transition"):
        AT_3 & "cart"
