"""What every algorithm promises, on a toy with two arms."""

from __future__ import annotations

import copy
from itertools import islice

import numpy as np
import pytest
import torch
from webarena_gym.agents.algorithms.base import Algorithm
from webarena_gym.agents.algorithms.registry import algorithm_names, default_config, make_algorithm
from webarena_gym.agents.candidate_policy import CandidatePolicy, CandidatePolicyConfig
from webarena_gym.agents.policy import ActionSample
from webarena_gym.agents.rollout import InProcessCollector, episode_requests
from webarena_gym.agents.trajectory import Batch, State

from reward_wrappers import MilestoneReward
from tests.agents.fakes import TwoArms

SMALL = CandidatePolicyConfig(embedding=4, hidden=8)


def learner(name: str, **options) -> Algorithm:
    config = default_config(name, **{"learning_rate": 0.02, "minibatch": 8, **options})
    return make_algorithm(name, CandidatePolicy(SMALL, seed=0), config, seed=0)


class Demonstrator:
    """Takes the arm that pays."""

    def sample(self, states, randoms, *, temperature=1.0):
        return [ActionSample("click(2)", None) for _ in states]


def played(algorithm: Algorithm, count: int, *, seed: int = 0, fail_every: int = 0) -> Batch:
    """Episodes as the training loop would hand them over: groups of two, or demonstrations where those are learned from."""
    collector = InProcessCollector([MilestoneReward(TwoArms(fail_every=fail_every))])
    teacher = Demonstrator() if getattr(algorithm, "learns_from_demonstrations", False) else algorithm.policy
    requests = [
        r._replace(policy_seed=r.policy_seed + copy)
        for r in islice(episode_requests(seed), count // 2)
        for copy in (0, 1)
    ]
    return Batch.of(collector.collect(teacher, requests))


def start() -> State:
    return State((TwoArms().reset()[0],))


def chance_of_right(algorithm: Algorithm) -> float:
    return float(np.exp(algorithm.policy.score([start()], ["click(2)"]).action_logprobs.item()))


@pytest.mark.parametrize("name", algorithm_names())
def test_updates_make_the_arm_that_pays_likelier(name):
    algorithm = learner(name)
    before = chance_of_right(algorithm)
    for seed in range(6):
        algorithm.update(played(algorithm, 24, seed=seed))
    assert chance_of_right(algorithm) > before + 0.05


@pytest.mark.parametrize("name", algorithm_names())
def test_metrics_are_finite_numbers(name):
    algorithm = learner(name)
    metrics = algorithm.update(played(algorithm, 24))
    assert metrics and all(isinstance(v, float) and np.isfinite(v) for v in metrics.values())


@pytest.mark.parametrize("name", algorithm_names())
def test_nothing_to_learn_from_changes_nothing(name):
    algorithm = learner(name)
    before = copy.deepcopy(algorithm.policy.state_dict())
    algorithm.update(played(algorithm, 4, fail_every=1))  # every episode fails for a reason of the machinery
    assert all(torch.equal(before[key], value) for key, value in algorithm.policy.state_dict().items())


@pytest.mark.parametrize("name", algorithm_names())
def test_equal_seeds_and_batches_give_equal_weights(name):
    one, two = learner(name), learner(name)
    for algorithm in (one, two):
        algorithm.update(played(algorithm, 16))
    assert all(torch.equal(a, b) for a, b in zip(one.policy.parameters(), two.policy.parameters(), strict=True))


@pytest.mark.parametrize("name", algorithm_names())
def test_a_restored_algorithm_goes_on_as_the_first_would_have(name):
    first, second = learner(name), learner(name)
    first.update(played(first, 16))
    saved = copy.deepcopy({"policy": first.policy.state_dict(), "algorithm": first.state_dict()})
    second.policy.load_state_dict(saved["policy"])
    second.load_state_dict(saved["algorithm"])
    for algorithm in (first, second):
        algorithm.update(played(algorithm, 16, seed=1))
    assert all(torch.equal(a, b) for a, b in zip(first.policy.parameters(), second.policy.parameters(), strict=True))


@pytest.mark.parametrize("name", algorithm_names())
def test_the_global_random_generators_are_left_alone(name):
    algorithm = learner(name)
    batch = played(algorithm, 16)
    torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()[1].copy()
    algorithm.update(batch)
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert (np.random.get_state()[1] == numpy_state).all()


@pytest.mark.parametrize("name", algorithm_names())
def test_an_unknown_option_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match=r"no option speed; its options are .*learning_rate"):
        default_config(name, speed=1)


def test_an_unknown_algorithm_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"unknown algorithm 'pop'; the algorithms are .*ppo"):
        default_config("pop")
