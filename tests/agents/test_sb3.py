"""The numeric view, and Stable-Baselines3 on it."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from webarena_gym.agents.algorithms.registry import sb3_names
from webarena_gym.agents.candidate_view import CandidateView
from webarena_gym.agents.train import train
from webarena_gym.agents.train_config import TrainConfig

from tests.agents.fakes import TinyShop, TwoArms


@pytest.mark.filterwarnings("ignore:.*The environment .* is different")
def test_the_view_passes_gymnasiums_checks():
    check_env(CandidateView(TinyShop(), candidates=32), skip_render_check=True)


def test_a_row_is_the_action_of_its_place():
    view = CandidateView(TinyShop(), candidates=64)
    observation, _ = view.reset(seed=0)
    count = int(observation["mask"].sum())
    assert observation["mask"].tolist() == [1] * count + [0] * (64 - count)
    assert not observation["candidates"][count:].any()
    view.step(1)  # the second element, "All Products"
    assert view._state.actions == ("click(2)",)


def test_a_row_past_the_list_is_a_step_in_which_nothing_happens():
    view = CandidateView(TinyShop(), candidates=64)
    view.reset(seed=0)
    _, reward, terminated, truncated, _ = view.step(63)
    assert (reward, terminated, truncated) == (0.0, False, False)
    assert view._state.actions == ("noop()",)


def test_the_mask_has_the_name_that_sb3_contrib_looks_for():
    view = CandidateView(TinyShop(), candidates=64)
    observation, _ = view.reset(seed=0)
    np.testing.assert_array_equal(view.action_masks(), observation["mask"].astype(bool))


OPTIONS = {"candidates": 16, "hidden": 16, "learning_rate": 0.01, "minibatch": 16}
MORE = {
    "sb3-a2c": {"n_steps": 4, "learning_rate": 0.003},
    "sb3-dqn": {"learning_starts": 50, "target_update_interval": 50, "buffer_size": 1000, "exploration_fraction": 0.5},
}


@pytest.mark.parametrize("name", sb3_names())
def test_every_sb3_algorithm_learns_the_arm_that_pays(name):
    config = TrainConfig(algorithm=name, env_steps=600, num_envs=2, eval_every=5000, eval_episodes=40,
                         options={**OPTIONS, **MORE.get(name, {})})  # fmt: skip
    result = train(config, lambda tasks: TwoArms())
    # The untrained policy takes either arm about half the time.
    assert result.learning_curve[-1].success_rate > 0.75
    assert result.env_steps >= 600


def test_infrastructure_errors_are_counted(tmp_path):
    config = TrainConfig(algorithm="sb3-a2c", env_steps=60, num_envs=1, eval_episodes=4, options=OPTIONS)
    result = train(config, lambda tasks: TwoArms(fail_every=3), out=tmp_path)
    assert result.infra_errors == result.episodes // 3
    assert (tmp_path / "result.json").exists()


def test_a_run_goes_on_from_its_checkpoint(tmp_path):
    config = TrainConfig(
        algorithm="sb3-ppo", env_steps=200, num_envs=2, eval_every=64, eval_episodes=4, options=OPTIONS
    )
    first = train(config, lambda tasks: TwoArms(), out=tmp_path)
    again = train(config, lambda tasks: TwoArms(), out=tmp_path, resume=True)
    assert again.env_steps == first.env_steps
    assert again.episodes == first.episodes > 0
    assert again.learning_curve == first.learning_curve


def test_what_sb3_cannot_do_is_refused():
    with pytest.raises(ValueError, match="takes no init"):
        train(TrainConfig(algorithm="sb3-ppo", init="x.pt"), lambda tasks: TwoArms())
