"""Collectors: which episodes come back, and that nothing beside their requests decides them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
from webarena_gym.agents.candidate_policy import CandidatePolicy
from webarena_gym.agents.policy import ActionSample, RandomClicker
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector, episode_requests
from webarena_gym.agents.trajectory import State

from reward_wrappers import MilestoneReward
from tests.agents.fakes import TinyShop, TwoArms


class Script:
    """Plays the same actions in every episode."""

    def __init__(self, *actions: str) -> None:
        self.actions = actions

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        return [ActionSample(self.actions[len(state.actions)], None) for state in states]


def requests(count: int, seed: int = 0) -> list[EpisodeRequest]:
    return list(islice(episode_requests(seed), count))


def test_one_trajectory_per_request_in_their_order():
    played = InProcessCollector([TinyShop() for _ in range(3)]).collect(RandomClicker(), requests(7))
    assert [(t.env_seed, t.policy_seed) for t in played] == [(r.env_seed, r.policy_seed) for r in requests(7)]


def test_the_number_of_envs_does_not_change_an_episode():
    alone = InProcessCollector([TinyShop()]).collect(RandomClicker(), requests(9))
    together = InProcessCollector([TinyShop() for _ in range(4)]).collect(RandomClicker(), requests(9))
    assert alone == together


def test_equal_requests_to_equal_policies_give_equal_trajectories():
    one, two = (
        InProcessCollector([TinyShop() for _ in range(4)]).collect(CandidatePolicy(seed=3), requests(8))
        for _ in range(2)
    )
    assert one == two


def test_another_policy_seed_plays_the_same_task_differently():
    request = requests(1)[0]
    pair = InProcessCollector([TinyShop()]).collect(RandomClicker(), [request, request._replace(policy_seed=5)])
    assert pair[0].steps[0].observation == pair[1].steps[0].observation
    assert [s.action for s in pair[0].steps] != [s.action for s in pair[1].steps]


def test_a_request_can_name_its_task():
    played = InProcessCollector([TinyShop()]).collect(
        RandomClicker(), [EpisodeRequest(0, 0, "shop-7"), EpisodeRequest(1, 0, "shop-7")]
    )
    assert played[0].steps[0].observation == played[1].steps[0].observation


def test_a_failure_in_mid_episode_leaves_success_unknown():
    played = InProcessCollector([TwoArms(fail_every=2)]).collect(Script("click(2)"), requests(2))
    assert [(t.success, t.infra_error) for t in played] == [(True, None), (None, "SiteError: down")]
    assert played[1].truncated and not played[1].terminated


def test_a_failure_at_reset_ends_that_episode_alone():
    played = InProcessCollector([TinyShop(fail_at_reset=2)]).collect(RandomClicker(), requests(3))
    assert [t.infra_error for t in played] == [None, "SiteError: the shop is shut", None]
    assert played[1].steps == ()


def test_the_step_limit_truncates():
    played = InProcessCollector([TinyShop(max_steps=2)]).collect(Script("click(2)", "click(1)"), requests(1))
    assert (played[0].truncated, played[0].terminated, played[0].success) == (True, False, False)


def test_shaped_and_own_reward_are_kept_apart():
    env = MilestoneReward(TwoArms(), alpha=0.3)
    step = InProcessCollector([env]).collect(Script("click(2)"), requests(1))[0].steps[0]
    assert (step.task_reward, step.reward) == (1.0, 1.3)  # one milestone, worth all of alpha


def test_every_env_step_is_counted():
    heard: list[int] = []
    collector = InProcessCollector([TwoArms()], on_step=heard.append)
    collector.collect(Script("click(1)"), requests(3))
    assert heard == [1, 2, 3] and collector.env_steps == 3
