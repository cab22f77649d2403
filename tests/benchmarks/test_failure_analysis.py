"""Each rule by itself; ``test_labelled_failures`` holds the whole to labels."""

from __future__ import annotations

import pytest
from webarena_gym.benchmarks.failure_analysis import (
    FailureCounts,
    find_loop,
    key_decision,
    milestone_heat_map,
    milestone_times,
    outcome_of,
)
from webarena_gym.benchmarks.read_steps import read_steps
from webarena_gym.benchmarks.stats import wilson_interval
from webarena_gym.benchmarks.written_episodes import Did, episode

WANDER = [Did("click(1)", f"/p{n}") for n in range(8)]


def loop_of(deeds):
    return find_loop(read_steps(episode(deeds)))


def test_the_same_action_on_the_same_page_four_times_is_a_loop():
    assert loop_of([*WANDER, *[Did("click(3)", "/mug")] * 4]) == (8, 1, 4)


def test_three_times_is_none():
    assert loop_of([*WANDER, *[Did("click(3)", "/mug")] * 3]) is None


def test_a_pair_of_actions_three_times_is_a_loop():
    assert loop_of([*WANDER, *[Did("click(1)", "/"), Did("click(2)", "/cart")] * 3]) == (8, 2, 3)


def test_an_unfinished_last_round_belongs_to_the_loop():
    deeds = [*[Did("click(1)", "/"), Did("click(2)", "/cart")] * 3, Did("click(1)", "/")]
    assert loop_of(deeds) == (0, 2, 3)


def test_turning_pages_with_the_same_link_is_no_loop():
    assert loop_of([Did("click(5)", f"/list?p={n}") for n in range(2, 9)]) is None


def test_scrolling_through_a_long_page_is_no_loop_but_scrolling_on_at_its_end_is():
    down = [Did('scroll("down")', "/list", part=n) for n in range(2, 8)]
    end = [Did('scroll("down")', "/list", part=7, error="this is the last part of the page")] * 4
    assert loop_of(down) is None and loop_of([*down, *end]) == (5, 1, 5)


def test_a_loop_that_was_left_again_is_none():
    assert loop_of([*[Did("click(3)", "/mug")] * 6, *WANDER]) is None


def test_elements_are_told_apart_by_role_and_name_not_by_number():
    # Numbers shift when a message appears above; [3] and [03] are written differently but press the same button.
    deeds = [Did("click(3)", "/mug"), Did("click('3')", "/mug"), Did("click [3]", "/mug"), Did("click(3)", "/mug")]
    assert loop_of(deeds) == (0, 1, 4)


def test_a_stop_that_is_not_accepted_comes_before_any_loop():
    assert outcome_of(episode([*[Did("click(3)", "/mug")] * 6, Did('stop("5")', "/mug")])) == "wrong stop"


def test_a_loop_comes_before_getting_nowhere():
    assert outcome_of(episode([Did("click(1)", "/")] * 5)) == "stuck midway"


def test_reaching_all_but_the_answer_without_stopping_is_no_reasonable_attempt():
    deeds = [Did("click(1)", "/a", milestones={"seen": True}), *WANDER]
    assert outcome_of(episode(deeds, milestones=("seen", "answer"))) == "no reasonable attempt"


def test_one_milestone_alone_says_nothing_about_being_nearly_done():
    deeds = [Did("click(1)", "/a", milestones={"seen": True}), *WANDER]
    assert outcome_of(episode(deeds, milestones=("seen",))) == "other"


@pytest.mark.parametrize(
    "deeds",
    [
        [
            Did("dance", "/", error="not an action"),
            Did("click(99)", "/", error="no element [99]"),
            Did("click(1)", "/x", error="no"),
        ],
        [Did('fill(4, "a")', "/"), Did('fill(4, "b")', "/"), Did("click(1)", "/")],
    ],
    ids=["no action had an effect", "never left the first page"],
)
def test_getting_nowhere_is_no_reasonable_attempt(deeds):
    assert outcome_of(episode(deeds, milestones=("seen", "answer"))) == "no reasonable attempt"


def test_wandering_is_other():
    assert outcome_of(episode(WANDER, milestones=("seen", "answer"))) == "other"


def test_infrastructure_errors_and_successes_are_no_failures():
    assert outcome_of(episode(WANDER, infra_error="SiteError: 500")) == "infra error"
    assert outcome_of(episode([Did('stop("")', "/")], success=True)) == "success"


GOOD = episode([Did("click(2)", "/cart"), Did("click(3)", "/paid"), Did('stop("")', "/paid")], success=True)


def test_the_key_decision_is_the_first_action_that_no_success_took_on_that_page():
    failed = episode([Did("click(2)", "/cart"), Did("click(1)", "/"), *WANDER])
    assert key_decision(failed, [GOOD]) == 1


def test_order_of_pages_does_not_matter_for_the_key_decision():
    # From the cart it goes home, which the second success also did, and then strays.
    other = episode(
        [Did("click(2)", "/cart"), Did("click(1)", "/"), Did("click(2)", "/cart"), Did('stop("")', "/cart")],
        success=True,
    )
    failed = episode([Did("click(2)", "/cart"), Did("click(1)", "/"), Did("click(5)", "/x"), *WANDER])
    assert key_decision(failed, [GOOD, other]) == 2


def test_a_wrong_stop_on_the_right_path_is_decided_at_the_stop():
    failed = episode([Did("click(2)", "/cart"), Did("click(3)", "/paid"), Did('stop("")', "/paid")])
    assert key_decision(failed, [GOOD]) == 2


def test_there_is_no_key_decision_without_a_success_to_compare_with():
    assert key_decision(episode(WANDER), [episode(WANDER)]) is None and key_decision(GOOD, [GOOD]) is None


def test_shares_state_their_denominator():
    counts = FailureCounts.of(["success"] * 5 + ["wrong stop"] * 3 + ["other"] * 2 + ["infra error"] * 7)
    assert (counts.scored, counts.failures) == (10, 5)
    assert counts.of_all("wrong stop") == wilson_interval(3, 10)
    assert counts.of_failures("wrong stop") == wilson_interval(3, 5)


def test_milestones_are_timed_by_actions():
    deeds = [Did("click(1)", "/a"), Did("click(2)", "/b", milestones={"seen": True}), *WANDER]
    assert milestone_times(episode(deeds, milestones=("seen", "answer"))) == {"seen": 2, "answer": None}


def test_the_heat_map_counts_only_episodes_that_have_such_a_milestone_and_keeps_what_was_reached():
    first = episode([Did("click(1)", "/a", milestones={"x": True}), Did('stop("")', "/a")], milestones=("x", "y"))
    second = episode(
        [Did("click(1)", "/a"), Did("click(1)", "/b"), Did("click(1)", "/c", milestones={"z": True})], milestones=("z",)
    )
    broken = episode([Did("click(1)", "/a")], milestones=("x",), infra_error="BrowserError: gone")
    found = milestone_heat_map([first, second, broken])
    # First milestones: x after 1 action, z after 3, so 0, 1/2, 1/2, 1; only the first episode has a second one.
    assert found.reached.tolist() == [[0, 0.5, 0.5, 1], [0, 0, 0, 0]] and found.episodes == (2, 1)
