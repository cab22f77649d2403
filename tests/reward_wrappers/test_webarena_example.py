"""The wrapper around WebArenaLite, unchanged: its tasks bring their own milestones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest

from reward_wrappers import (
    MilestoneReward,
    VectorMilestoneReward,
    milestone_sets,
    reach_times,
    record_trajectory,
    url_matches,
)
from reward_wrappers.milestone import Milestone
from webarena_gym.oracle_policy import OraclePolicy
from webarena_gym.tasks.generated import families


@pytest.fixture
def shopping(cache_dir: Path) -> gym.Env:
    return gym.make("webarena_gym:WebArenaLite-shopping-v0", tasks="train", cache_dir=cache_dir)


def solver(info: dict[str, Any]) -> OraclePolicy:
    """The scripted solution of the task that was just reset to."""
    name = str(info["task_id"]).rpartition("-")[0]
    return OraclePolicy(next(family.oracle for family in families() if family.name == name))


@pytest.mark.parametrize("seed", range(3))
def test_a_solved_task_earns_alpha_over_its_milestones_and_the_tasks_own_reward(shopping: gym.Env, seed: int) -> None:
    env = MilestoneReward(shopping, scheme="bonus", alpha=0.3)
    observation, info = env.reset(seed=seed)
    names = list(info["milestones"])
    at_reset = len(info["milestones_reached"])
    policy, shaping, ended = solver(info), 0.0, False
    while not ended:
        observation, _, terminated, truncated, info = env.step(policy.act(observation))
        shaping += info["shaping"]
        ended = terminated or truncated
    assert (info["success"], info["task_reward"]) == (True, 1.0)
    assert sorted(info["milestones_reached"]) == sorted(names)
    assert shaping == pytest.approx(0.3 * (len(names) - at_reset) / len(names))


def test_the_wrapper_changes_nothing_but_the_reward(shopping: gym.Env, cache_dir: Path) -> None:
    bare = gym.make("webarena_gym:WebArenaLite-shopping-v0", tasks="train", cache_dir=cache_dir)
    wrapped = MilestoneReward(shopping, scheme="pbrs", gamma=0.9)
    (seen, info), (seen_bare, info_bare) = wrapped.reset(seed=5), bare.reset(seed=5)
    assert seen == seen_bare
    policy = solver(info)
    ended = False
    while not ended:
        action = policy.act(seen)
        (seen, *_, terminated, truncated, info), (seen_bare, reward, *ends, info_bare) = (
            wrapped.step(action),
            bare.step(action),
        )
        ended = terminated or truncated
        assert (seen, [terminated, truncated], info["task_reward"]) == (seen_bare, ends, reward)
        assert {key: info[key] for key in info_bare if key != "eval_result"} == {
            key: value for key, value in info_bare.items() if key != "eval_result"
        }


def test_the_tasks_own_milestones_arrive_by_name_as_well(shopping: gym.Env) -> None:
    assert "webarena-gym:tasks" in milestone_sets()
    paid = []
    for milestones in (None, "webarena-gym:tasks"):
        env = MilestoneReward(shopping, milestones, alpha=0.3)
        observation, info = env.reset(seed=2)
        policy, rewards, ended = solver(info), [], False
        while not ended:
            observation, reward, terminated, truncated, info = env.step(policy.act(observation))
            rewards.append(reward)
            ended = terminated or truncated
        paid.append((rewards, info["milestones_reached"]))
    assert paid[0] == paid[1]
    assert sum(paid[0][0]) > 1.0


def test_predicates_over_urls_work_beside_the_envs_own_milestones(shopping: gym.Env) -> None:
    env = MilestoneReward(shopping, [Milestone("search page", url_matches(r"/catalogsearch/"))], alpha=0.5)
    env.reset(seed=0)
    *_, info = env.step('goto("http://shopping.test/catalogsearch/result/?q=mug")')
    assert info["milestones_reached"] == ("search page",)


def test_recorded_episodes_report_when_each_milestone_was_reached(shopping: gym.Env) -> None:
    _, info = shopping.reset(seed=1)
    policy = solver(info)
    episode = record_trajectory(shopping, policy.act, seed=1)
    times = reach_times(episode)
    assert episode.success is True
    assert all(t is not None and t <= len(episode.steps) for t in times.values())


def test_a_vector_of_webarena_envs_is_shaped_as_its_envs_are_one_by_one(cache_dir: Path) -> None:
    arguments: dict[str, Any] = {"num_envs": 2, "tasks": "train", "cache_dir": cache_dir}
    envs = gym.make_vec("webarena_gym:WebArenaLite-shopping-v0", **arguments)
    envs = VectorMilestoneReward(envs, scheme="pbrs", gamma=0.9)
    rows = [MilestoneReward(env, scheme="pbrs", gamma=0.9) for env in _singles(2, cache_dir)]
    _, infos = envs.reset(seed=3)
    singles = [row.reset(seed=3 + i) for i, row in enumerate(rows)]
    assert infos["milestones_reached"].tolist() == [info["milestones_reached"] for _, info in singles]
    policies = [solver(info) for _, info in singles]
    seen = [observation for observation, _ in singles]
    for _ in range(4):
        actions = tuple(policy.act(observation) for policy, observation in zip(policies, seen, strict=True))
        _, rewards, terminations, truncations, infos = envs.step(actions)
        results = [row.step(action) for row, action in zip(rows, actions, strict=True)]
        assert rewards.tolist() == [result[1] for result in results]
        assert infos["milestones_reached"].tolist() == [result[4]["milestones_reached"] for result in results]
        seen = [result[0] for result in results]
        if (terminations | truncations).any():
            break
    envs.close()


def _singles(count: int, cache_dir: Path) -> list[gym.Env]:
    make = "webarena_gym:WebArenaLite-shopping-v0"
    return [gym.make(make, tasks="train", cache_dir=cache_dir) for _ in range(count)]
