"""Milestones mined from episodes: what successes pass and failures don't."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from reward_wrappers import (
    MilestoneReward,
    Step,
    Trajectory,
    Transition,
    element_present,
    holds,
    info_equals,
    milestone_quality,
    milestones_from_json,
    milestones_to_json,
    mine_milestones,
    observation_equals,
    record_trajectory,
    text_contains,
    url_matches,
)
from reward_wrappers.mining_events import events_of, name_of


def walk(*states: int, success: bool) -> Trajectory:
    return Trajectory([Step(state, 0, 0.0) for state in states[:-1]], success, final_observation=states[-1])


# Successes pass 3 and then 7 on their way to 9; failures pass 3 half of the time and 7 never. 1 is passed by all.
EPISODES = [
    walk(0, 1, 3, 2, 2, 2, 7, 2, 9, success=True),
    walk(0, 1, 3, 4, 4, 4, 7, 4, 9, success=True),
    walk(0, 1, 3, 5, 5, 5, 7, 5, 9, success=True),
    walk(0, 1, 3, 6, 6, success=False),
    walk(0, 1, 8, 6, 6, success=False),
]


def test_mining_finds_what_successes_pass_and_failures_do_not_in_order() -> None:
    mined = mine_milestones(EPISODES)
    assert [m.milestone.name for m in mined] == ["observation is 3", "observation is 7"]
    assert [(m.support, m.failure_rate) for m in mined] == [(1.0, 0.5), (1.0, 0.0)]
    assert [m.mean_time for m in mined] == [2 / 8, 6 / 8]


def test_what_all_pass_and_what_comes_only_with_the_end_is_left_out() -> None:
    predicates = {m.milestone.predicate for m in mine_milestones(EPISODES)}
    assert observation_equals(1) not in predicates  # failures pass it as well
    assert observation_equals(9) not in predicates  # the goal itself: on the last step
    assert observation_equals(0) not in predicates  # holds at reset


def test_mined_milestones_are_declarative_and_ready_to_use() -> None:
    milestones = [m.milestone for m in mine_milestones(EPISODES)]
    again = milestones_from_json(milestones_to_json(milestones))
    assert list(again) == milestones
    env = MilestoneReward(gym.make("FrozenLake-v1", is_slippery=False), again)
    env.reset(seed=0)


def test_limits_choose_how_many_and_how_sure() -> None:
    assert [m.milestone.name for m in mine_milestones(EPISODES, max_milestones=1)] == ["observation is 7"]
    assert [m.milestone.name for m in mine_milestones(EPISODES, min_gap=0.6)] == ["observation is 7"]
    half_pass = [*EPISODES, walk(0, 1, 3, 3, 9, success=True)]  # 7 is now passed by 3 of 4 successes
    assert [m.milestone.name for m in mine_milestones(half_pass)] == ["observation is 3"]
    assert [m.support for m in mine_milestones(half_pass, min_support=0.75)] == [1.0, 0.75]


def test_milestones_that_successes_pass_in_different_orders_are_not_proposed_together() -> None:
    either_way = [walk(0, 3, 2, 7, 2, 9, success=True), walk(0, 7, 4, 3, 4, 9, success=True)] * 5
    assert len(mine_milestones(either_way)) == 1


def test_equal_input_gives_equal_output_whatever_the_order_of_the_episodes() -> None:
    assert mine_milestones(EPISODES) == mine_milestones(EPISODES)
    assert [m.milestone for m in mine_milestones(EPISODES)] == [m.milestone for m in mine_milestones(EPISODES[::-1])]


def test_mining_without_successes_is_an_error_and_unknown_outcomes_do_not_count() -> None:
    unknown = Trajectory([Step(0, 0, 0.0)], None)
    with pytest.raises(ValueError, match="mining needs successes, got 0 among 1 trajectories"):
        mine_milestones([walk(0, 1, success=False), unknown])


@pytest.mark.parametrize("limits", [{"max_milestones": 0}, {"min_support": 0.0}, {"min_gap": 1.5}])
def test_limits_that_make_no_sense_are_an_error(limits: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected 1 or more milestones and shares up to 1"):
        mine_milestones(EPISODES, **limits)


def page(url: str, text: str, t: int) -> Step:
    return Step(f"goal: buy a mug\nstep {t}/30\nurl: {url}\n{text}", "click(1)", 0.0, {"url": url, "step": t})


def shopping(success: bool, visitor: int) -> Trajectory:
    shop = "http://shop.test"
    steps = [page(f"{shop}/", '[1] link "Mugs"', 0), page(f"{shop}/mugs?sort={visitor}", '[7] button "Add to Cart"', 1)]
    if success:
        steps.append(page(f"{shop}/mugs?sort={visitor}", f'You added a mug.\n[{visitor}] link "shopping cart"', 2))
        steps.append(page(f"{shop}/checkout/cart/", '## Shopping Cart\n[9] button "Proceed"', 3))
    steps += [page(f"{shop}/thanks/{visitor}", f"Order {visitor}", 4), page(f"{shop}/", "Bye", 5)]
    # A recorded step's info comes from the env's answer to its action, that is, from the page after.
    infos = [step.info for step in steps[1:]] + [{"url": f"{shop}/"}]
    paired = [Step(step.observation, step.action, 0.0, info) for step, info in zip(steps, infos, strict=True)]
    return Trajectory(paired, success, final_observation="Bye", reset_info=steps[0].info)


def test_mining_reads_urls_elements_and_lines_of_web_pages() -> None:
    episodes = [shopping(True, visitor) for visitor in (11, 12, 13)] + [
        shopping(False, visitor) for visitor in (14, 15)
    ]
    # Of what happens at the same moment (the line of text and the link, the page and its heading) one is proposed.
    names = [m.milestone.name for m in mine_milestones(episodes)]
    assert names == ["link 'shopping cart'", "at http://shop.test/checkout/cart/"]
    quality = milestone_quality(episodes, [m.milestone for m in mine_milestones(episodes)])
    assert quality.auroc == 1.0  # by construction: what was mined holds in every success and in no failure


def test_the_events_of_a_web_page_leave_out_its_header_and_its_counters() -> None:
    info = {"url": "http://shop.test/mugs?p=2#top", "step": 3, "task_id": 7, "logged_in": True}
    text = 'goal: x\nstep 3/30\nurl: y\n## Mugs\nTwo mugs left\n[1] link "Say \\"hi\\"" [2] button \'Buy\''
    assert list(events_of(Transition.at_reset(text, info))) == [
        info_equals("logged_in", True),
        url_matches(r"^http://shop\.test/mugs(?:[?#]|$)"),
        element_present("heading", "Mugs"),
        text_contains("Two mugs left"),
        element_present("link", 'Say "hi"'),
        element_present("button", "Buy"),
    ]


def test_every_event_holds_on_the_transition_it_was_read_from() -> None:
    observation = {
        "image": np.arange(6).reshape(2, 3),
        "direction": np.int64(2),
        "mission": "get the red key",
        "pos": (1, 2),
    }
    transition = Transition(None, 0, observation, 0.5, False, False, {"url": "http://a.test/b?c", "room": "hall"})
    events = list(events_of(transition))
    assert len(events) == 6 + 1 + 1 + 1 + 3  # image, direction, mission, pos; then url, room, reward
    assert all(event(transition) for event in events)
    assert len({name_of(event) for event in events}) == len(events)


def test_continuous_observations_give_no_events_unless_told_what_to_look_for() -> None:
    assert not list(events_of(Transition.at_reset(np.array([0.1, 0.2]), {})))

    def right_side(transition: Transition) -> list[Any]:
        return [holds(is_right)] if is_right(transition) else []

    def is_right(transition: Transition) -> bool:
        return transition.next_observation[0] > 0

    def cart(*places: float, success: bool) -> Trajectory:
        arrays = [np.array([place]) for place in places]
        return Trajectory([Step(array, 0, 0.0) for array in arrays[:-1]], success, final_observation=arrays[-1])

    episodes = [cart(-1, -1, 1, 1, success=True), cart(-1, -1, -1, success=False)]
    (mined,) = mine_milestones(episodes, events=right_side)
    assert mined.milestone.predicate == holds(is_right)


def test_mining_frozen_lake_proposes_states_on_the_way(full_size: bool) -> None:
    env = gym.make("FrozenLake-v1", map_name="4x4", is_slippery=False)
    random = np.random.default_rng(0)
    episodes = [
        record_trajectory(env, lambda s: int(random.integers(4)), seed=i) for i in range(3000 if full_size else 600)
    ]
    mined = mine_milestones(episodes)
    # The 4x4 map (SFFF / FHFH / FFFH / HFFG) is left for the goal at 15 only by way of 14; 8 to 10 lie on all paths but one.
    states = [m.milestone.predicate.value for m in mined]
    assert 14 in states
    assert set(states) <= {4, 8, 9, 10, 13, 14}
    assert all(m.support >= 0.8 and m.support - m.failure_rate >= 0.2 for m in mined)
