"""Many envs as one batch: the same episodes as one by one, and a worker that dies takes nothing with it but its episodes."""

from __future__ import annotations

import os
import signal

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import SyncVectorEnv

from tests.agents.fakes import TinyShop
from webarena_gym.batched import BatchedVectorEnv, EnvMaker
from webarena_gym.env import WebArenaEnv

ID = "WebArenaLite-shopping-v0"
ACTIONS = ("click(3)", "back()", 'stop("N/A")', 'scroll("down")', "click(2)", 'stop("1")')


def batch_of(count: int, **shop) -> BatchedVectorEnv:
    return BatchedVectorEnv(count, EnvMaker(TinyShop, shop), workers=2)


@pytest.mark.parametrize("engine", ["http", "browser"])
def test_a_batch_plays_what_envs_one_by_one_play(engine, cache_dir):
    kwargs = {"engine": engine, "cache_dir": str(cache_dir), "max_steps": 4}
    batched = gym.make_vec(ID, num_envs=3, vectorization="batched", workers=2, **kwargs)
    single = SyncVectorEnv([EnvMaker(WebArenaEnv, {"site": "shopping", **kwargs, "engine": "http"})] * 3)
    shown, infos = batched.reset(seed=5)
    expected, expected_infos = single.reset(seed=5)
    assert shown == expected and list(infos["task_id"]) == list(expected_infos["task_id"])
    for number in range(len(ACTIONS)):
        actions = tuple(ACTIONS[(number + i) % len(ACTIONS)] for i in range(3))
        here, there = batched.step(actions), single.step(actions)
        assert here[0] == there[0]
        for one, other in zip(here[1:4], there[1:4], strict=True):
            np.testing.assert_array_equal(one, other)
        assert list(here[4]["success"]) == list(there[4]["success"])
    batched.close()
    single.close()


def test_a_worker_that_dies_ends_its_own_episodes_and_no_others():
    envs, undisturbed = batch_of(5), batch_of(5)
    for batch in (envs, undisturbed):
        batch.reset(seed=1)
    before, *_ = envs.step(["click(2)"] * 5)
    undisturbed.step(["click(2)"] * 5)
    first, second = envs.worker_pids()
    os.kill(first, signal.SIGKILL)
    shown, rewards, terminated, truncated, infos = envs.step(["click(5)"] * 5)
    expected, *_ = undisturbed.step(["click(5)"] * 5)
    # Five envs over two workers: the first has numbers 0 and 1.
    assert list(truncated) == [True, True, False, False, False] and not terminated.any() and not rewards.any()
    assert shown[:2] == before[:2] and shown[2:] == expected[2:]
    assert all(infos["infra_error"][i].startswith("WorkerLost: ") for i in (0, 1)) and infos["infra_error"][2] is None
    assert envs.worker_pids()[1] == second and envs.worker_pids()[0] != first
    shown, _, _, truncated, infos = envs.step(["click(1)"] * 5)
    assert "step 0/10" in shown[0] and "step 3/10" in shown[2] and not truncated.any()
    envs.close()
    undisturbed.close()


def test_no_process_is_left_after_closing():
    envs = batch_of(4)
    pids = envs.worker_pids()
    envs.close()
    assert len(set(pids)) == 2 and all(not os.path.exists(f"/proc/{pid}/exe") for pid in pids)


def test_an_episode_that_cannot_begin_is_one_that_ends_at_once():
    envs = BatchedVectorEnv(1, EnvMaker(TinyShop, {"fail_at_reset": 1}), where="threads")
    shown, infos = envs.reset(seed=0)
    assert shown == ("",) and infos["infra_error"][0] == "SiteError: the shop is shut"
    shown, _, _, truncated, infos = envs.step(["click(2)"])  # in its place another reset
    assert "step 0/10" in shown[0] and not truncated[0] and infos["infra_error"][0] is None
    envs.close()


def test_an_error_that_is_nobodys_fault_comes_through():
    with pytest.raises(TypeError, match="unexpected keyword"):
        batch_of(2, colour="green")


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="at least one env"):
        batch_of(0)
    with pytest.raises(ValueError, match="one action for each of the 2 envs, got 1"):
        envs = BatchedVectorEnv(2, EnvMaker(TinyShop, {}), where="threads")
        envs.step(["click(1)"])
    with pytest.raises(ValueError, match="workers are those of"):
        gym.make_vec(ID, num_envs=1, workers=2)
    with pytest.raises(ValueError, match="resets at the next step"):
        gym.make_vec(ID, num_envs=1, vectorization="batched", autoreset_mode="SameStep")
