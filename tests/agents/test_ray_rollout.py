"""Rollouts by Ray actors: the trajectories of one process, and workers that die, dawdle or come back without weights."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import ray
import torch
from webarena_gym.agents.candidate_policy import CandidatePolicy, CandidatePolicyConfig
from webarena_gym.agents.policy import RandomClicker
from webarena_gym.agents.ray_rollout import Alpha, RayConfig, RayCounts, RayWorkers
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector, episode_requests
from webarena_gym.agents.train import train

from reward_wrappers import MilestoneReward
from tests.agents.fakes import TinyShop, TwoArms
from tests.agents.test_rollout import Script
from tests.agents.test_train import config, shop

SMALL = CandidatePolicyConfig(embedding=4, hidden=8)


class Treacherous(TinyShop):
    """Does ``deed`` in the second step of an episode, as often as there are files to take in ``fuses``."""

    def __init__(self, fuses: Path, deed: str) -> None:
        super().__init__()
        self._fuses, self._deed = fuses, deed

    def step(self, action):
        if self._step == 1 and (left := sorted(self._fuses.iterdir())):
            left[0].unlink()
            if self._deed == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(600)
        return super().step(action)


@pytest.fixture(scope="module")
def fuses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuses")


@pytest.fixture(scope="module")
def shared_workers(fuses: Path) -> Iterator[RayWorkers]:
    """Two workers for all tests here: to start one takes longer than to play."""
    envs = {
        "train": lambda alpha: TinyShop(),
        "eval": lambda alpha: TinyShop(val=True),
        "deadly": lambda alpha: Treacherous(fuses, "die"),
        "slow": lambda alpha: Treacherous(fuses, "dawdle"),
        "shaped": lambda alpha: MilestoneReward(TwoArms(), alpha=lambda episode: alpha()),
        "broken": lambda alpha: TinyShop(colour="green"),
    }
    workers = RayWorkers(envs, RayConfig(workers=2))
    yield workers
    workers.close()
    assert not ray.is_initialized()  # the cluster was begun for them


@pytest.fixture
def workers(shared_workers: RayWorkers, fuses: Path) -> Iterator[RayWorkers]:
    """The same, nothing counted and set up as at first."""
    before = shared_workers._config
    shared_workers.counts = RayCounts()
    yield shared_workers
    shared_workers._config = before
    assert not list(fuses.iterdir())


def light(fuses: Path, count: int) -> None:
    for number in range(count):
        (fuses / str(number)).touch()


def requests(count: int) -> list[EpisodeRequest]:
    return list(islice(episode_requests(3), count))


def played_here(policy, count: int = 8):
    return InProcessCollector([TinyShop()]).collect(policy, requests(count))


def test_two_workers_play_what_one_process_plays(workers):
    policy, heard = CandidatePolicy(SMALL, seed=3), []
    collector = workers.collector("train", on_step=heard.append)
    first = played_here(policy)
    assert collector.collect(policy, requests(8)) == first
    with torch.no_grad():  # an update: the next episodes are of the new weights
        for parameter in policy.parameters():
            parameter.add_(torch.linspace(-1, 1, parameter.numel()).view_as(parameter))
    second = played_here(policy)
    assert collector.collect(policy, requests(8)) == second != first
    assert collector.env_steps == heard[-1] == collector.metrics.steps == sum(len(t.steps) for t in first + second)
    other = workers.collector("eval").collect(RandomClicker(), requests(2))
    assert other == InProcessCollector([TinyShop(val=True)]).collect(RandomClicker(), requests(2))
    assert collector.first_states(["shop-3"]) == InProcessCollector([TinyShop()]).first_states(["shop-3"])
    assert workers.counts == RayCounts()


def test_a_worker_with_other_weights_plays_nothing_and_is_sent_the_right_ones(workers):
    policy = CandidatePolicy(SMALL, seed=3)
    collector = workers.collector("train")
    collector.collect(policy, requests(2))
    workers._has = [workers._version + 1] * 2  # believed to have the next ones already
    assert collector.collect(policy, requests(4)) == played_here(policy, 4)
    assert workers.counts.stale_replies == 2 and workers.counts.lost_workers == 0


def test_a_worker_that_dies_in_mid_episode_loses_none_and_none_is_played_twice(workers, fuses):
    light(fuses, 1)
    pids = workers.pids()
    assert workers.collector("deadly").collect(RandomClicker(), requests(8)) == played_here(RandomClicker())
    assert workers.counts == RayCounts(lost_workers=1, retried_episodes=1)
    assert len(set(workers.pids()) & set(pids)) == 1  # the other was made anew


def test_an_episode_that_kills_its_workers_becomes_an_infra_error(workers, fuses):
    light(fuses, 1)
    workers._config = replace(workers._config, retries=0)
    collector = workers.collector("deadly")
    played, expected = collector.collect(RandomClicker(), requests(4)), played_here(RandomClicker(), 4)
    (lost,) = [index for index, trajectory in enumerate(played) if trajectory.infra_error is not None]
    assert played[lost].infra_error.startswith("WorkerLost: 1 times") and played[lost].success is None
    assert [t for i, t in enumerate(played) if i != lost] == [t for i, t in enumerate(expected) if i != lost]
    assert collector.metrics.infra_errors == workers.counts.given_up_episodes == 1


def test_a_worker_that_dawdles_is_replaced(workers, fuses):
    light(fuses, 1)
    workers._config = replace(workers._config, timeout_s=15.0, retries=8)
    assert workers.collector("slow").collect(RandomClicker(), requests(2)) == played_here(RandomClicker(), 2)
    assert workers.counts.slow_workers >= 1 and workers.counts.given_up_episodes == 0


def test_the_scale_of_the_milestone_reward_reaches_the_workers(workers):
    alpha = Alpha(0.5)
    collector = workers.collector("shaped", alpha=alpha)
    for value in (0.5, 0.25):
        alpha.value = value
        played = collector.collect(Script("click(2)"), requests(2))
        # One milestone, worth all of alpha, with each success.
        assert [step.reward for t in played for step in t.steps] == [1 + value] * 2


def test_an_error_in_an_env_is_raised_here(workers):
    with pytest.raises(TypeError, match="unexpected keyword"):
        workers.collector("broken").collect(RandomClicker(), requests(1))


def test_training_over_workers_gives_the_weights_of_training_in_one_process(workers):
    settings = config(env_steps=60, eval_every=60, num_envs=1)
    alone, spread = train(settings, shop), train(settings, shop, rollouts=RayConfig(workers=1, cpus_per_worker=0))
    for one, other in zip(alone.policy.parameters(), spread.policy.parameters(), strict=True):
        assert torch.equal(one, other)
    assert alone.learning_curve == spread.learning_curve


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="workers and envs_per_worker of 1 or more"):
        RayConfig(workers=0)
    with pytest.raises(ValueError, match="for one learning process"):
        train(config(algorithm="sb3-ppo", options={}), shop, rollouts=RayConfig())
