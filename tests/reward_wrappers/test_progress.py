"""Recorded episodes and the progress labels on them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reward_wrappers import (
    Milestone,
    MilestoneReward,
    ProgressLabeler,
    Step,
    Trajectory,
    observation_equals,
    progress_labels,
    reach_times,
    record_trajectory,
    transitions,
)
from tests.reward_wrappers.fakes import EXAMPLES, ScriptedEnv, TextCorridor


def labels(reached_at: list[int | None], horizon: int) -> list[float]:
    return progress_labels(reached_at, horizon).tolist()


def test_the_worked_example_of_the_method() -> None:
    # K = 3, t_1 = 2, t_2 = 4, and t_3 anchored at H = 9: 0 to 1/3 over two steps, to 2/3 over two, to 1 over five.
    expected = [0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 2 / 3 + 1 / 15, 2 / 3 + 2 / 15, 2 / 3 + 3 / 15, 2 / 3 + 4 / 15, 1]
    assert labels([2, 4, 9], 9) == pytest.approx(expected)


def test_the_last_milestone_is_anchored_at_the_end_whenever_it_was_reached() -> None:
    assert labels([2, 4, 6], 9) == labels([2, 4, 9], 9)


def test_the_order_in_which_milestones_are_listed_does_not_matter() -> None:
    assert labels([9, 2, 4], 9) == labels([2, 4, 9], 9)


def test_milestones_reached_together_make_one_jump() -> None:
    # K = 3, two of them at 3: a third of the way there by 2/9 steps of 1/9, then 2/3 at once, then on to 1 at 6.
    assert labels([3, 3, 6], 6) == pytest.approx([0, 1 / 9, 2 / 9, 2 / 3, 7 / 9, 8 / 9, 1])


def test_milestones_true_at_reset_are_dropped_and_k_shrinks() -> None:
    assert labels([0, 2, 4], 4) == labels([2, 4], 4) == pytest.approx([0, 1 / 4, 1 / 2, 3 / 4, 1])


def test_milestones_a_success_never_reached_are_dropped() -> None:
    assert labels([2, None, 4], 4) == labels([2, 4], 4)


@pytest.mark.parametrize("reached_at", [[], [None, None], [0, 0]])
def test_without_milestones_progress_is_time(reached_at: list[int | None]) -> None:
    assert labels(reached_at, 4) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_an_episode_of_one_step_goes_from_nothing_to_all() -> None:
    assert labels([1, 1], 1) == [0.0, 1.0]


@given(st.integers(1, 30).flatmap(lambda h: st.tuples(st.lists(st.none() | st.integers(0, h), max_size=6), st.just(h))))
@settings(max_examples=EXAMPLES)
def test_labels_rise_from_nought_to_one_and_meet_every_milestone(case: tuple[list[int | None], int]) -> None:
    reached_at, horizon = case
    values = progress_labels(reached_at, horizon)
    assert values.shape == (horizon + 1,)
    assert (values[0], values[-1]) == (0.0, 1.0)
    assert (np.diff(values) > 0).all()
    times = sorted(t for t in reached_at if t)[:-1]  # all but the anchored one
    for t in times:
        if t < horizon:
            assert values[t] == pytest.approx(sum(u <= t for u in times) / (len(times) + 1))


@pytest.mark.parametrize(("reached_at", "horizon"), [([1], 0), ([5], 4), ([-1], 4)])
def test_steps_outside_the_episode_are_an_error(reached_at: list[int], horizon: int) -> None:
    with pytest.raises(ValueError, match=r"at least one step|at steps 0 to 4"):
        progress_labels(reached_at, horizon)


MARKS = [Milestone("four", observation_equals(4)), Milestone("one", observation_equals(1))]


def walk(*states: int, success: bool | None = True, **more: Any) -> Trajectory:
    return Trajectory([Step(state, 0, 0.0) for state in states[:-1]], success, final_observation=states[-1], **more)


def test_a_labeler_finds_the_milestones_in_a_trajectory() -> None:
    assert ProgressLabeler(MARKS)(walk(0, 1, 2, 3, 4)).tolist() == labels([1, 4], 4)
    assert ProgressLabeler(MARKS)(walk(1, 0, 4)).tolist() == labels([2], 2)  # "one" held at reset


def test_a_labeler_respects_order() -> None:
    # In order, "one" only counts after "four": reached at 3, not at 1.
    assert ProgressLabeler(MARKS, ordered=True)(walk(0, 1, 4, 1, 0)).tolist() == labels([2, 3], 4)


def test_progress_of_a_failure_is_not_defined() -> None:
    for success in (False, None):
        with pytest.raises(ValueError, match="progress is defined for successes only"):
            ProgressLabeler(MARKS)(walk(0, 1, success=success))


def test_without_milestones_given_the_envs_own_are_read_from_the_infos() -> None:
    episode = record_trajectory(TextCorridor(4), policy=lambda page: "right")
    assert reach_times(episode) == {"room 1": 1, "room 2": 2, "room 3": 3}
    assert ProgressLabeler()(episode).tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_a_trajectory_of_another_package_needs_only_steps_and_success() -> None:
    steps = [
        SimpleNamespace(observation="a", action="go", reward=0.0, info={"milestones": {"x": False}}),
        SimpleNamespace(observation="b", action="stop", reward=1.0, info={"milestones": {"x": True}}),
    ]
    episode = SimpleNamespace(steps=steps, success=True)
    assert reach_times(episode) == {"x": 2}
    last = transitions(episode)[-1]
    # Nothing says what the last action led to: what it was chosen on stands in.
    assert (last.observation, last.next_observation, last.terminated, last.truncated) == ("b", "b", True, False)


def test_steps_that_failed_reach_nothing() -> None:
    steps = [Step(0, 0, 0.0, {"infra_error": "down"}), Step(1, 0, 0.0)]
    assert reach_times(Trajectory(steps, False, final_observation=4), MARKS) == {"four": 2, "one": None}


def test_a_trajectory_without_steps_is_an_error() -> None:
    with pytest.raises(ValueError, match="needs at least one step"):
        reach_times(Trajectory([], True), MARKS)


def test_a_recording_keeps_the_tasks_reward_and_replays_to_the_same_milestones() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1, 4], rewards=[0.0, 1.0]), MARKS, alpha=0.3)
    episode = record_trajectory(env, policy=lambda state: 1, seed=0)
    assert [step.reward for step in episode.steps] == [0.0, 1.0]
    assert (episode.success, episode.terminated, episode.truncated) == (True, True, False)
    assert tuple(reach_times(episode, MARKS)) == ("four", "one")
    assert [t.next_observation for t in transitions(episode)] == [0, 1, 4]


def test_success_is_the_envs_own_word_where_it_gives_one() -> None:
    said_no = ScriptedEnv([0, 1], rewards=[1.0], infos=[{}, {"success": False}])
    unknown = ScriptedEnv([0, 1], rewards=[1.0], infos=[{}, {"success": None}])
    assert record_trajectory(said_no, policy=lambda state: 0).success is False
    assert record_trajectory(unknown, policy=lambda state: 0).success is None
    assert record_trajectory(said_no, lambda state: 0, success=lambda episode: len(episode.steps) == 1).success is True
