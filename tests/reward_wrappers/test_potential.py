"""PotentialReward: any function of the observation, with or without training."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from reward_wrappers import (
    LinearAlpha,
    Milestone,
    PotentialReward,
    ProgressLabeler,
    Trajectory,
    VectorPotentialReward,
    observation_equals,
    transitions,
)
from reward_wrappers.trajectory import Step
from tests.reward_wrappers.fakes import ScriptedEnv, TextCorridor, play


def tenth(state: int) -> float:
    return state / 10


def shaping(env: PotentialReward, steps: int) -> list[float]:
    return [info["shaping"] for _, info in play(env, [0] * steps)]


def test_paper_adds_the_change_of_the_potential_also_at_the_end() -> None:
    env = PotentialReward(ScriptedEnv([1, 3, 2]), tenth, scheme="paper", alpha=0.5)
    assert shaping(env, 2) == pytest.approx([0.1, -0.05])  # 0.5 * (0.3 - 0.1), 0.5 * (0.2 - 0.3)


@pytest.mark.parametrize(("end", "last"), [("terminated", -0.15), ("truncated", -0.1)])
def test_pbrs_discounts_and_zeroes_only_the_terminal_potential(end: str, last: float) -> None:
    env = PotentialReward(ScriptedEnv([1, 3, 2], end=end), tenth, scheme="pbrs", alpha=0.5, gamma=0.5)
    # 0.5 * (0.5 * 0.3 - 0.1); then 0.5 * (0 - 0.3), or 0.5 * (0.5 * 0.2 - 0.3).
    assert shaping(env, 2) == pytest.approx([0.025, last])


def test_pbrs_does_not_ask_about_a_terminal_observation() -> None:
    asked: list[int] = []
    env = PotentialReward(ScriptedEnv([1, 3, 2]), lambda s: asked.append(s) or 0.0, scheme="pbrs", gamma=0.5)
    play(env, [0, 0])
    assert asked == [1, 3]


def test_each_episode_starts_from_its_own_potential() -> None:
    env = PotentialReward(ScriptedEnv([1, 3]), tenth, scheme="paper", alpha=LinearAlpha(1.0, 0.5, episodes=1))
    assert [shaping(env, 1), shaping(env, 1)] == [[pytest.approx(0.2)], [pytest.approx(0.1)]]


def test_an_infra_error_adds_nothing_and_keeps_the_potential() -> None:
    env = PotentialReward(TextCorridor(), lambda page: float(page[8]), scheme="paper", alpha=1.0)  # "## Room 1"
    assert [reward for reward, _ in play(env, ["right", "left", "left"])] == [1.0, -1.0, 0.0]


def test_a_torch_critic_may_be_passed_as_it_is() -> None:
    critic = torch.nn.Linear(1, 1)
    with torch.no_grad():
        critic.weight.fill_(0.1)
        critic.bias.fill_(0.0)
    env = PotentialReward(
        ScriptedEnv([1, 3]), lambda s: critic(torch.tensor([float(s)])), scheme="pbrs", alpha=1.0, gamma=1.0
    )
    assert shaping(env, 1) == pytest.approx([-0.1])  # terminal 0 - 0.1


def test_a_critic_fitted_to_progress_labels_pays_for_progress() -> None:
    # States 0 to 4 one after the other, milestones at 2 and 4: p* = 0, 1/4, 1/2, 3/4, 1 is linear in the state.
    episode = Trajectory([Step(s, 0, 0.0) for s in range(4)], success=True, final_observation=4)
    marks = [Milestone(f"m{s}", observation_equals(s)) for s in (2, 4)]
    labels = ProgressLabeler(marks)(episode)  # (5,)
    states = np.array([t.next_observation for t in transitions(episode)], dtype=float)  # (5,)
    slope, intercept = np.polyfit(states, labels, deg=1)
    env = PotentialReward(
        ScriptedEnv([0, 1, 3, 2], end="truncated"), lambda s: slope * s + intercept, gamma=1.0, alpha=1.0
    )
    assert shaping(env, 3) == pytest.approx([0.25, 0.5, -0.25])


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_a_failed_step_in_mid_episode_leaves_the_potential_where_it_was(mode: AutoresetMode) -> None:
    def failing() -> ScriptedEnv:
        return ScriptedEnv([1, 3, 2, 2], infos=[{}, {"infra_error": "down"}])

    # The failed step to state 3 adds nothing; the next one counts from 0.1, where P was: 0.2 - 0.1.
    assert shaping(PotentialReward(failing(), tenth, scheme="paper", alpha=1.0), 2) == pytest.approx([0.0, 0.1])
    envs = VectorPotentialReward(SyncVectorEnv([failing], autoreset_mode=mode), tenth, scheme="paper", alpha=1.0)
    envs.reset()
    assert [float(envs.step(np.zeros(1, dtype=int))[1][0]) for _ in range(2)] == pytest.approx([0.0, 0.1])


def test_a_batch_of_final_observations_leaves_out_terminal_ones_under_pbrs() -> None:
    asked: list[list[int]] = []

    def potential(states: np.ndarray) -> np.ndarray:
        asked.append(states.tolist())
        return states / 10

    scripts = [lambda end=end: ScriptedEnv([1, 3], end=end) for end in ("terminated", "truncated")]
    envs = VectorPotentialReward(SyncVectorEnv(scripts, autoreset_mode=AutoresetMode.SAME_STEP), potential, gamma=0.5)
    envs.reset()
    envs.step(np.zeros(2, dtype=int))
    # At reset; then the next episodes' first states; then the final state of the row that was only cut off.
    assert asked == [[1, 1], [1, 1], [3]]


@pytest.mark.parametrize(
    ("potential", "complaint"),
    [
        (lambda s: math.nan, r"gave \[nan\]; every value must be finite"),
        (lambda s: [0.1, 0.2], r"gave shape \(2,\) for 1 observation"),
    ],
)
def test_a_potential_that_is_not_one_finite_number_is_an_error(potential: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        PotentialReward(ScriptedEnv([0, 1]), potential, gamma=0.9).reset()


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        ({}, ValueError, "scheme='pbrs' needs gamma"),
        ({"scheme": "bonus"}, ValueError, "unknown scheme 'bonus'; use one of 'paper', 'pbrs'"),
        ({"gamma": 0.9, "alpha": math.inf}, ValueError, "alpha must be positive and finite"),
        ({"gamma": 0.9, "potential": 0.5}, TypeError, "a potential is called with an observation"),
    ],
)
def test_an_invalid_argument_is_an_error_that_says_what_to_do(arguments: Any, error: Any, complaint: str) -> None:
    with pytest.raises(error, match=complaint):
        PotentialReward(ScriptedEnv([0, 1]), **{"potential": tenth, **arguments})
