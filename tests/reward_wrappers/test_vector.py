"""Vector wrappers pay what single wrappers around each env pay, in every autoreset mode."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from hypothesis import given, settings
from hypothesis import strategies as st

from reward_wrappers import (
    LinearAlpha,
    Milestone,
    MilestoneReward,
    PotentialReward,
    StepPenalty,
    VectorMilestoneReward,
    VectorPotentialReward,
    VectorStepPenalty,
    observation_at_least,
    observation_equals,
    reward_at_least,
    url_matches,
)
from tests.reward_wrappers.fakes import EXAMPLES, ScriptedEnv, TextCorridor

MODES = list(AutoresetMode)
ROWS = 3


def frozen_lake() -> gym.Env:
    return gym.make("FrozenLake-v1", map_name="4x4", is_slippery=True, max_episode_steps=15)


def cart_pole() -> gym.Env:
    return gym.make("CartPole-v1", max_episode_steps=25)


def taxi() -> gym.Env:
    return gym.make("Taxi-v4", max_episode_steps=10)


LAKE = [
    Milestone("four", observation_equals(4)),
    Milestone("back", observation_equals(4).then(observation_equals(0)), weight=2.0),
    Milestone("goal", reward_at_least(1.0), weight=3.0),
]
POLE = [Milestone("right", observation_at_least(0.02, at=0)), Milestone("leaning", observation_at_least(0.05, at=2))]
RIDE = [Milestone("even", lambda t: int(t.next_observation) % 2 == 0), Milestone("later", lambda t: t.action == 3)]


def run(envs: gym.vector.VectorEnv, mode: AutoresetMode, steps: int, seed: int) -> list[tuple[Any, ...]]:
    """(rewards, task rewards, milestones) of each step of random actions, resetting by mask where the mode leaves it to us."""
    random = np.random.default_rng(seed)
    _, infos = envs.reset(seed=seed)
    seen = [(infos.get("milestones_reached", np.zeros(0)).tolist(),)]
    for _ in range(steps):
        actions = random.integers(envs.single_action_space.n, size=envs.num_envs)
        _, rewards, terminations, truncations, infos = envs.step(actions)
        ended = terminations | truncations
        reached = infos["milestones_reached"].tolist() if "milestones_reached" in infos else None
        finished = (infos.get("final_info") or {}).get("milestones_reached")
        seen.append((rewards.tolist(), reached, None if finished is None else finished.tolist()))
        if mode is AutoresetMode.DISABLED and ended.any():
            _, infos = envs.reset(options={"reset_mask": ended})
    envs.close()
    return seen


def assert_same(
    single: Callable[[gym.Env], gym.Env], vector: Callable[[Any], Any], make: Any, mode: Any, seed: int
) -> None:
    wrapped_rows = SyncVectorEnv([lambda: single(make())] * ROWS, autoreset_mode=mode)
    wrapped_batch = vector(SyncVectorEnv([make] * ROWS, autoreset_mode=mode))
    rows, batch = run(wrapped_rows, mode, 60, seed), run(wrapped_batch, mode, 60, seed)
    for step, (row, together) in enumerate(zip(rows, batch, strict=True)):
        assert row == together, f"step {step}"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scheme", ["bonus", "paper", "pbrs"])
@pytest.mark.parametrize(("make", "milestones"), [(frozen_lake, LAKE), (cart_pole, POLE), (taxi, RIDE)])
def test_vector_and_single_wrappers_pay_the_same(make: Any, milestones: Any, scheme: Any, mode: AutoresetMode) -> None:
    arguments: dict[str, Any] = {"scheme": scheme, "alpha": LinearAlpha(0.8, 0.1, episodes=4), "gamma": 0.9}
    wrap = partial(MilestoneReward, milestones=milestones, **arguments)
    assert_same(wrap, partial(VectorMilestoneReward, milestones=milestones, **arguments), make, mode, seed=7)


@given(
    st.sampled_from(MODES),
    st.sampled_from(["bonus", "pbrs"]),
    st.booleans(),
    st.lists(st.integers(0, 15), min_size=1, max_size=4),
    st.integers(0, 10_000),
)
@settings(max_examples=EXAMPLES // 3)
def test_vector_and_single_agree_whatever_the_milestones_and_actions(
    mode: AutoresetMode, scheme: Any, ordered: bool, states: list[int], seed: int
) -> None:
    milestones = [Milestone(f"m{i}", observation_equals(state), weight=i + 1) for i, state in enumerate(states)]
    arguments: dict[str, Any] = {"milestones": milestones, "scheme": scheme, "gamma": 0.99, "ordered": ordered}
    single, vector = partial(MilestoneReward, **arguments), partial(VectorMilestoneReward, **arguments)
    assert_same(single, vector, frozen_lake, mode, seed)


def lake_features(states: Any) -> np.ndarray:
    """(N, 3) from (N,): row and column of a 4x4 map and a constant; (3,) from one state."""
    states = np.asarray(states)
    return np.stack([states // 4, states % 4, np.ones_like(states)], axis=-1).astype(float)


def linear_potential() -> Callable[[Any], Any]:
    """A linear critic fitted to the share of the way done: least squares on row + column over 6."""
    states = np.arange(16)
    weights, *_ = np.linalg.lstsq(lake_features(states), (states // 4 + states % 4) / 6, rcond=None)
    return lambda observation: lake_features(observation) @ weights


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scheme", ["paper", "pbrs"])
@pytest.mark.parametrize("batched", [True, False])
def test_a_trained_linear_potential_pays_the_same_single_and_batched(
    mode: AutoresetMode, scheme: Any, batched: bool
) -> None:
    arguments: dict[str, Any] = {"potential": linear_potential(), "scheme": scheme, "alpha": 0.5, "gamma": 0.9}
    single = partial(PotentialReward, **arguments)
    vector = partial(VectorPotentialReward, **arguments, batched=batched)
    rows = run(SyncVectorEnv([lambda: single(frozen_lake())] * ROWS, autoreset_mode=mode), mode, 80, seed=3)
    batch = run(vector(SyncVectorEnv([frozen_lake] * ROWS, autoreset_mode=mode)), mode, 80, seed=3)
    # Not bit for bit: a matrix product may sum in another order for one row than for three.
    assert [row[0] for row in rows[1:]] == [pytest.approx(together[0], abs=1e-12) for together in batch[1:]]


def test_a_batched_potential_is_called_once_a_step_for_all_rows() -> None:
    shapes: list[tuple[int, ...]] = []

    def potential(states: np.ndarray) -> np.ndarray:
        shapes.append(states.shape)
        return states[:, None] / 15  # (N, 1), as a critic's head gives

    envs = SyncVectorEnv([frozen_lake] * 4)
    envs = VectorPotentialReward(envs, potential, scheme="paper")
    envs.reset(seed=0)
    envs.step(np.zeros(4, dtype=int))
    assert shapes == [(4,), (4,)]


@pytest.mark.parametrize("mode", MODES)
def test_step_penalty_costs_the_same_single_and_vectorised(mode: AutoresetMode) -> None:
    rows = SyncVectorEnv([lambda: StepPenalty(frozen_lake(), 0.25)] * ROWS, autoreset_mode=mode)
    batch = VectorStepPenalty(SyncVectorEnv([frozen_lake] * ROWS, autoreset_mode=mode), 0.25)
    assert [r[0] for r in run(rows, mode, 40, 5)[1:]] == [r[0] for r in run(batch, mode, 40, 5)[1:]]


def scripted(mode: AutoresetMode, copy: bool = True) -> VectorMilestoneReward:
    """Row 0: states 0, 1, end. Row 1: 0, 0, 1, end. Bonus 0.5 for reaching 1."""
    scripts = [lambda: ScriptedEnv([0, 1, 2], rewards=[0, 1]), lambda: ScriptedEnv([0, 0, 1, 2], rewards=[0, 0, 1])]
    envs = SyncVectorEnv(scripts, autoreset_mode=mode, copy=copy)
    return VectorMilestoneReward(envs, [Milestone("one", observation_equals(1))], alpha=0.5)


GO = np.zeros(2, dtype=int)


def test_next_step_masks_the_reset_row_and_pays_it_nothing() -> None:
    envs = scripted(AutoresetMode.NEXT_STEP)
    envs.reset()
    assert envs.step(GO)[1].tolist() == [0.5, 0.0]
    assert envs.step(GO)[1].tolist() == [1.0, 0.5]  # row 0 ends
    _, rewards, _, _, infos = envs.step(GO)  # row 0 is reset, row 1 ends
    assert rewards.tolist() == [0.0, 1.0]
    assert infos["shaping"].tolist() == [0.0, 0.0]
    assert infos["_shaping"].tolist() == infos["_task_reward"].tolist() == [False, True]
    assert infos["milestones_reached"].tolist() == [(), ("one",)]
    assert envs.step(GO)[1].tolist() == [0.5, 0.0]  # row 0 earns it anew


def test_a_reset_before_the_autoreset_of_next_step_leaves_no_row_to_mask() -> None:
    envs = scripted(AutoresetMode.NEXT_STEP)
    for options in (None, {"reset_mask": np.array([True, False])}):
        envs.reset()
        envs.step(GO)
        envs.step(GO)  # row 0 ends, and the next step would reset it
        envs.reset(options=options)
        _, rewards, _, _, infos = envs.step(GO)
        assert rewards[0] == 0.5
        assert infos["_shaping"][0]


def test_same_step_judges_the_final_observation_and_starts_over() -> None:
    scripts = [lambda: ScriptedEnv([0, 1], rewards=[1.0]), lambda: ScriptedEnv([0, 0, 1])]
    envs = SyncVectorEnv(scripts, autoreset_mode=AutoresetMode.SAME_STEP)
    envs = VectorMilestoneReward(envs, [Milestone("one", observation_equals(1))], alpha=0.5)
    envs.reset()
    observations, rewards, terminations, _, infos = envs.step(GO)
    # Row 0 reached 1 and ended there; what it shows is already the next episode's 0.
    assert (observations.tolist(), rewards.tolist(), terminations.tolist()) == ([0, 0], [1.5, 0.0], [True, False])
    assert infos["task_reward"].tolist() == [1.0, 0.0]
    assert infos["shaping"].tolist() == [0.5, 0.0]
    assert infos["milestones_reached"].tolist() == [(), ()]
    assert infos["final_info"]["milestones_reached"].tolist() == [("one",), None]
    assert infos["final_info"]["_milestones_reached"].tolist() == [True, False]


def test_disabled_starts_over_only_the_rows_of_the_reset_mask() -> None:
    envs = scripted(AutoresetMode.DISABLED)
    envs.reset()
    envs.step(GO)
    assert envs.step(GO)[1].tolist() == [1.0, 0.5]  # row 0 ends
    _, infos = envs.reset(options={"reset_mask": np.array([True, False])})
    assert infos["milestones_reached"].tolist() == [(), ("one",)]
    assert envs.step(GO)[1].tolist() == [0.5, 1.0]  # row 0 earns it anew, row 1 has had it


def test_pbrs_tells_terminated_from_truncated_rows() -> None:
    scripts = [lambda end=end: ScriptedEnv([0, 1, 1], end=end) for end in ("terminated", "truncated")]
    for mode in MODES:
        envs = SyncVectorEnv(scripts, autoreset_mode=mode)
        envs = VectorMilestoneReward(
            envs, [Milestone("one", observation_equals(1))], scheme="pbrs", alpha=1.0, gamma=0.5
        )
        envs.reset()
        assert envs.step(GO)[1].tolist() == [0.5, 0.5]  # 0.5 * 1 - 0
        assert envs.step(GO)[1].tolist() == [-1.0, -0.5]  # 0 - 1, and 0.5 * 1 - 1


def test_observations_are_seen_as_they_were_also_where_the_env_reuses_its_buffer() -> None:
    changes: list[tuple[int, int]] = []

    def watch(transition: Any) -> bool:
        if not transition.is_reset:
            changes.append((int(transition.observation[0]), int(transition.next_observation[0])))
        return False

    def make() -> gym.Env:
        return gym.wrappers.TransformObservation(
            ScriptedEnv([3, 4, 5]), lambda state: np.array([state]), gym.spaces.Box(0, 9, (1,), int)
        )

    envs = VectorMilestoneReward(SyncVectorEnv([make] * 2, copy=False), [Milestone("x", watch)])
    envs.reset()
    envs.step(GO)
    envs.step(GO)
    assert changes == [(3, 4), (3, 4), (4, 5), (4, 5)]


def corridors(mode: AutoresetMode, wrap: Callable[[gym.Env], gym.Env] = lambda env: env) -> SyncVectorEnv:
    return SyncVectorEnv([lambda: wrap(TextCorridor(3)), lambda: wrap(TextCorridor(4))], autoreset_mode=mode)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_text_envs_with_milestones_of_their_own_are_shaped_row_by_row(mode: AutoresetMode) -> None:
    # Row 0 has rooms 1 and 2, row 1 rooms 1, 2 and 3; "left" at the wall is a failure of the machinery.
    actions = [("right", "right"), ("right", "wait"), ("wait", "right"), ("left", "right"), ("right", "left")]
    for scheme in ("bonus", "pbrs"):
        wrap = partial(MilestoneReward, scheme=scheme, gamma=0.9)
        rows, batch = corridors(mode, wrap), VectorMilestoneReward(corridors(mode), scheme=scheme, gamma=0.9)
        rows.reset(), batch.reset()
        for step, action in enumerate(actions):
            by_row, together = rows.step(action), batch.step(action)
            assert by_row[1].tolist() == together[1].tolist(), (scheme, step)
            assert by_row[4]["milestones_reached"].tolist() == together[4]["milestones_reached"].tolist()


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_an_infra_error_in_one_row_adds_nothing_there(mode: AutoresetMode) -> None:
    at_0 = Milestone("page", url_matches("room/0$") & (lambda t: not t.is_reset))
    envs = VectorMilestoneReward(corridors(mode), [at_0])
    envs.reset()
    _, rewards, _, truncations, _ = envs.step(("left", "wait"))
    assert rewards.tolist() == [0.0, 0.3]
    assert truncations.tolist() == [True, False]
    potential = VectorPotentialReward(corridors(mode), lambda pages: [len(page) for page in pages], scheme="paper")
    potential.reset()
    assert potential.step(("left", "wait"))[1].tolist() == [0.0, 0.0]


def test_shaping_stacks_on_envs_that_are_shaped_one_by_one() -> None:
    for mode in (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP):
        scripts = [lambda: StepPenalty(ScriptedEnv([0, 1], rewards=[1.0]), 0.25)] * 2
        envs = SyncVectorEnv(scripts, autoreset_mode=mode)
        envs = VectorMilestoneReward(envs, [Milestone("one", observation_equals(1))], alpha=0.5)
        envs.reset()
        _, rewards, _, _, infos = envs.step(GO)
        # 1 of the task, - 0.25 for the step, + 0.5 for the milestone.
        assert rewards.tolist() == [1.25, 1.25]
        assert infos["task_reward"].tolist() == [1.0, 1.0]
        assert infos["shaping"].tolist() == [0.25, 0.25]


def test_shaping_stacks_on_a_shaped_vector_env() -> None:
    envs = VectorStepPenalty(scripted(AutoresetMode.NEXT_STEP), 0.25)
    envs.reset()
    _, rewards, _, _, infos = envs.step(GO)
    assert rewards.tolist() == [0.25, -0.25]
    assert infos["task_reward"].tolist() == [0.0, 0.0]
    assert infos["shaping"].tolist() == [0.25, -0.25]


def test_a_predicate_sees_a_rows_info_as_the_single_env_gives_it() -> None:
    seen: list[dict[str, Any]] = []

    def watch(transition: Any) -> bool:
        seen.append({key: transition.info[key] for key in transition.info})
        return False

    infos = [{}, {"won": True, "lives": 3, "share": 0.5, "room": "hall", "trail": [1, 2]}]
    scripts = [lambda: ScriptedEnv([0, 1, 2], infos=infos), lambda: ScriptedEnv([0, 1, 2])]
    envs = VectorMilestoneReward(SyncVectorEnv(scripts), [Milestone("x", watch)])
    envs.reset()
    envs.step(GO)
    assert seen == [{}, {}, infos[1], {}]
    assert [type(value) for value in seen[2].values()] == [bool, int, float, str, list]


def test_an_async_vector_env_is_shaped_as_a_sync_one() -> None:
    wrap = partial(VectorMilestoneReward, milestones=LAKE, scheme="pbrs", gamma=0.9)
    mode = AutoresetMode.NEXT_STEP
    in_processes = run(wrap(AsyncVectorEnv([frozen_lake] * ROWS)), mode, 40, seed=11)
    assert in_processes == run(wrap(SyncVectorEnv([frozen_lake] * ROWS)), mode, 40, seed=11)


def test_make_vec_takes_the_single_wrapper() -> None:
    envs = gym.make_vec(
        "FrozenLake-v1",
        num_envs=2,
        vectorization_mode="sync",
        is_slippery=False,
        wrappers=[partial(MilestoneReward, milestones=[Milestone("four", observation_equals(4))])],
    )
    envs.reset(seed=0)
    assert envs.step(np.array([1, 2]))[1].tolist() == [0.3, 0.0]


def test_the_envs_own_milestones_cannot_be_ordered_in_a_vector_env() -> None:
    with pytest.raises(ValueError, match="lose the order of each env's own milestones"):
        VectorMilestoneReward(corridors(AutoresetMode.NEXT_STEP), ordered=True)


def test_a_vector_env_that_does_not_name_its_autoreset_mode_is_refused() -> None:
    envs = SyncVectorEnv([frozen_lake])
    del envs.metadata["autoreset_mode"]
    with pytest.raises(ValueError, match=r"metadata\['autoreset_mode'\] is None; set it to"):
        VectorMilestoneReward(envs, LAKE)


def test_step_before_reset_is_an_error() -> None:
    with pytest.raises(ResetNeeded, match=r"call reset\(\) before step\(\) on VectorMilestoneReward"):
        scripted(AutoresetMode.NEXT_STEP).step(GO)


def test_the_wrapped_envs_rewards_array_is_left_alone() -> None:
    envs = SyncVectorEnv([lambda: ScriptedEnv([0, 1], rewards=[1.0])])
    kept: list[np.ndarray] = []
    step = envs.step
    envs.step = lambda actions: (result := step(actions), kept.append(result[1]))[0]  # type: ignore[method-assign]
    wrapped = VectorMilestoneReward(envs, [Milestone("one", observation_equals(1))])
    wrapped.reset()
    wrapped.step(np.zeros(1, dtype=int))
    assert kept[0].tolist() == [1.0]
