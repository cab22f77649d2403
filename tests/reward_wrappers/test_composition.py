"""The wrappers among other wrappers, copied, pickled, and rebuilt from a spec."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import RecordEpisodeStatistics, TimeLimit, TransformReward

from reward_wrappers import (
    JudgeClient,
    JudgedMilestone,
    LinearAlpha,
    Milestone,
    MilestoneReward,
    PotentialReward,
    StepPenalty,
    Transition,
    VectorMilestoneReward,
    observation_equals,
    reward_at_least,
)
from tests.reward_wrappers.fakes import ScriptedEnv, play

AT_1 = Milestone("one", observation_equals(1))
DECLARED = [
    Milestone("back", observation_equals(4).then(observation_equals(0)), weight=2.0),
    Milestone("goal", reward_at_least(1.0)),
]


def python_predicate(transition: Transition) -> bool:
    return transition.next_observation in (4, 8)


def potential(state: int) -> float:
    return state / 15


class NeverJudge:
    name = "never"

    def decide(self, questions: Any) -> list[bool]:
        return [False] * len(questions)


WRAPPERS: dict[str, Callable[[gym.Env], gym.Env]] = {
    "declared": lambda env: MilestoneReward(env, DECLARED, scheme="pbrs", gamma=0.9, ordered=True),
    "python": lambda env: MilestoneReward(env, [Milestone("x", python_predicate)]),
    "scheduled": lambda env: MilestoneReward(env, DECLARED, alpha=LinearAlpha(0.3, 0.1, episodes=5)),
    "judged": lambda env: MilestoneReward(env, [JudgedMilestone("x", JudgeClient(NeverJudge())), *DECLARED]),
    "potential": lambda env: PotentialReward(env, potential, gamma=0.9),
    "penalty": lambda env: StepPenalty(env, 0.5),
    "stacked": lambda env: StepPenalty(MilestoneReward(env, DECLARED)),
}


@pytest.fixture(params=list(WRAPPERS))
def wrapped(request: pytest.FixtureRequest) -> gym.Env:
    return WRAPPERS[request.param](gym.make("FrozenLake-v1", is_slippery=True))


def episode(env: gym.Env, seed: int = 0) -> list[tuple[Any, ...]]:
    """Everything that 40 random actions lead to."""
    random = np.random.default_rng(seed)
    seen: list[tuple[Any, ...]] = [env.reset(seed=seed)]
    for _ in range(40):
        seen.append(env.step(int(random.integers(4))))
        if seen[-1][2] or seen[-1][3]:
            break
    return seen


@pytest.mark.filterwarnings("ignore:.*is different from the unwrapped version:UserWarning")  # which is the point here
def test_gymnasiums_own_checker_accepts_every_wrapper(wrapped: gym.Env) -> None:
    check_env(wrapped, skip_render_check=True)


@pytest.mark.parametrize("name", [name for name in WRAPPERS if name != "scheduled"])  # whose alpha moves, by design
def test_nothing_of_the_last_episode_stays(name: str) -> None:
    used, new = (WRAPPERS[name](gym.make("FrozenLake-v1", is_slippery=True)) for _ in range(2))
    episode(used, seed=1)
    assert episode(used, seed=0) == episode(new, seed=0)


def test_make_rebuilds_the_wrapped_env_from_its_spec(wrapped: gym.Env) -> None:
    rebuilt = gym.make(wrapped.spec)
    assert str(rebuilt) == str(wrapped)
    assert episode(rebuilt) == episode(wrapped)


def test_a_spec_with_declared_milestones_survives_json() -> None:
    env = WRAPPERS["declared"](gym.make("FrozenLake-v1"))
    spec = EnvSpec.from_json(json.loads(json.dumps(env.spec.to_json())))
    assert episode(gym.make(spec)) == episode(env)


def test_a_spec_with_milestones_in_python_says_that_it_has_no_json_form() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        MilestoneReward(gym.make("FrozenLake-v1"), [Milestone("x", python_predicate)]).spec.to_json()


@pytest.mark.parametrize("copy", [deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["deepcopy", "pickle"])
def test_a_copy_made_mid_episode_goes_on_as_the_original_does(wrapped: gym.Env, copy: Any) -> None:
    wrapped.reset(seed=3)
    wrapped.step(1)
    twin = copy(wrapped)
    for action in (0, 1, 3, 2, 1):
        original, copied = wrapped.step(action), twin.step(action)
        assert original == copied
        if original[2]:
            break


def test_a_copy_does_not_share_its_episode_with_the_original() -> None:
    env = MilestoneReward(ScriptedEnv([0, 0, 1, 1]), [AT_1])
    env.reset()
    env.step(0)
    twin = deepcopy(env)
    assert env.step(0)[1] == pytest.approx(0.3)
    assert twin.step(0)[1] == pytest.approx(0.3)  # its own milestone, not yet reached in its own episode


def test_a_vector_wrapper_can_be_pickled_mid_episode() -> None:
    envs = VectorMilestoneReward(gym.make_vec("CartPole-v1", num_envs=2, vectorization_mode="sync"), DECLARED[1:])
    # Gymnasium's own SyncVectorEnv holds closures; the wrapper is what is asked for here.
    envs.reset(seed=0)
    envs.step(np.array([0, 1]))
    shapers = pickle.loads(pickle.dumps(envs._shapers))
    assert [shaper.tracker.reached for shaper in shapers] == [("goal",), ("goal",)]


def test_pickling_a_lambda_predicate_fails_in_pickles_own_words() -> None:
    env = MilestoneReward(gym.make("FrozenLake-v1"), [Milestone("x", lambda t: False)])
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(env)


def test_episode_statistics_above_see_the_shaped_return_and_below_the_tasks() -> None:
    script = ScriptedEnv([0, 1, 2], rewards=[0.0, 1.0])
    above = RecordEpisodeStatistics(MilestoneReward(script, [AT_1], alpha=0.25))
    below = MilestoneReward(RecordEpisodeStatistics(script), [AT_1], alpha=0.25)
    assert play(above, [0, 0])[-1][1]["episode"]["r"] == 1.25
    assert play(below, [0, 0])[-1][1]["episode"]["r"] == 1.0


def test_a_time_limit_above_or_below_is_no_end_of_the_task() -> None:
    script = ScriptedEnv([0, 1, 1, 1, 1])
    arguments: dict[str, Any] = {"scheme": "pbrs", "alpha": 1.0, "gamma": 0.5}
    above = TimeLimit(MilestoneReward(script, [AT_1], **arguments), 2)
    below = MilestoneReward(TimeLimit(script, 2), [AT_1], **arguments)
    for env in (above, below):
        # 0.5 * 1 - 0, then, truncated there, 0.5 * 1 - 1: no terminal zero.
        assert [reward for reward, _ in play(env, [0, 0])] == [0.5, -0.5]
        env.reset(), env.step(0)
        assert env.step(0)[2:4] == (False, True)


def test_wrapper_order_decides_what_a_predicate_and_a_learner_see() -> None:
    script = ScriptedEnv([0, 1], rewards=[1.0])
    paid_10 = Milestone("paid ten", reward_at_least(10.0))
    inside = TransformReward(MilestoneReward(script, [paid_10], alpha=0.5), lambda reward: 10 * reward)
    outside = MilestoneReward(TransformReward(script, lambda reward: 10 * reward), [paid_10], alpha=0.5)
    assert play(inside, [0])[0][0] == 10.0  # never paid ten where the predicate looks
    assert play(outside, [0])[0][0] == 10.5
    assert play(outside, [0])[0][1]["task_reward"] == 10.0


def test_every_stack_says_what_was_added_to_the_tasks_reward() -> None:
    env = PotentialReward(StepPenalty(MilestoneReward(ScriptedEnv([0, 1], [1.0]), [AT_1]), 0.5), float, scheme="paper")
    ((reward, info),) = play(env, [0])
    assert reward == pytest.approx(info["task_reward"] + info["shaping"])
    assert info["task_reward"] == 1.0


def test_the_package_imports_only_the_standard_library_gymnasium_and_numpy() -> None:
    # In a process of its own: here the tests themselves have imported the rest.
    code = (
        "import sys, gymnasium, numpy; before = set(sys.modules); import reward_wrappers; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))"
    )
    imported = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert set(imported) <= {"reward_wrappers", "gymnasium", "numpy"}


def test_every_single_wrapper_is_a_reward_wrapper_of_gymnasium(wrapped: gym.Env) -> None:
    assert isinstance(wrapped, gym.RewardWrapper)
    assert isinstance(wrapped, gym.utils.RecordConstructorArgs)


def test_every_public_name_exists_and_is_documented() -> None:
    import reward_wrappers

    for name in reward_wrappers.__all__:
        assert (getattr(reward_wrappers, name).__doc__ or "").strip(), name


@pytest.mark.parametrize("penalty", [0.0, -0.1, float("nan"), float("inf"), "0.1"])
def test_a_step_penalty_is_positive_and_finite(penalty: Any) -> None:
    with pytest.raises(ValueError, match="penalty is taken off the reward, so it is positive and finite"):
        StepPenalty(ScriptedEnv([0, 1]), penalty)
