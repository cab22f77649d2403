"""Recorded episodes: played again byte for byte, and through Minari and back."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest
from webarena_gym.agents.minari_datasets import from_minari, to_minari
from webarena_gym.agents.policy import RandomClicker
from webarena_gym.agents.rerun import RerunDiffers, rerun
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector, episode_requests
from webarena_gym.agents.trajectory import Trajectory
from webarena_gym.agents.trajectory_file import append_trajectories, read_trajectories

from reward_wrappers import MilestoneReward
from tests.agents.episodes import episode
from tests.agents.fakes import TinyShop

pytestmark = pytest.mark.filterwarnings("ignore:.*is set to None", "ignore:env_spec is None")


def shaped() -> MilestoneReward:
    return MilestoneReward(TinyShop(), alpha=0.3)


def recorded(count: int = 5) -> list[Trajectory]:
    requests = [*islice(episode_requests(0), count - 1), EpisodeRequest(3, 4, "shop-9")]
    return InProcessCollector([shaped()]).collect(RandomClicker(), requests)


def test_a_rerun_from_a_file_reproduces_every_byte(tmp_path):
    append_trajectories(tmp_path / "episodes.jsonl", recorded())
    for trajectory in read_trajectories(tmp_path / "episodes.jsonl").trajectories:
        rerun(trajectory, shaped())


def test_a_changed_observation_is_found_and_shown():
    trajectory = recorded(2)[0]
    step = replace(trajectory.steps[0], observation=trajectory.steps[0].observation.replace("Help", "Hulp"))
    with pytest.raises(RerunDiffers, match=r"the observation at reset differs: recorded .*Hulp.* now .*Help"):
        rerun(replace(trajectory, steps=(step, *trajectory.steps[1:])), shaped())


def test_another_reward_is_found():
    trajectory = recorded(2)[0]
    last = replace(trajectory.steps[-1], reward=9.0)
    with pytest.raises(RerunDiffers, match="the reward after action"):
        rerun(replace(trajectory, steps=(*trajectory.steps[:-1], last)), shaped())


def test_an_episode_cut_off_by_an_infrastructure_error_cannot_be_rerun():
    with pytest.raises(ValueError, match="SiteError"):
        rerun(replace(recorded(2)[0], infra_error="SiteError: down"), shaped())


@pytest.fixture
def datasets(tmp_path, monkeypatch):
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path / "minari"))


def test_trajectories_come_back_from_minari_as_they_were(datasets):
    originals = recorded()
    to_minari(originals, "webarena/tiny-v0")
    assert from_minari("webarena/tiny-v0") == originals


def test_minari_keeps_accents_emoji_and_missing_log_probabilities(datasets):
    step = replace(episode([1.0]).steps[0], observation="é 漢字 🎉 \n tab\t", logprob=None, token_logprobs=(-0.5,))
    original = replace(episode([1.0]), steps=(step,), final_observation="", env_seed=None)
    assert from_minari(to_minari([original], "webarena/odd-v0", author="A. Nonymous")) == [original]


def test_minaris_own_tools_find_texts_rewards_and_ends(datasets):
    original = recorded(2)[0]
    found = next(iter(to_minari([original], "webarena/one-v0").iterate_episodes()))
    assert list(found.actions) == [s.action for s in original.steps]
    assert list(found.observations) == [*(s.observation for s in original.steps), original.final_observation]
    assert found.rewards.tolist() == [s.reward for s in original.steps]
    assert (found.terminations[-1], found.truncations[-1]) == (original.terminated, original.truncated)


def test_text_that_minari_cannot_hold_is_refused(datasets):
    with pytest.raises(ValueError, match=r"U\+D800"):
        to_minari([replace(episode([1.0]), final_observation="\ud800")], "webarena/bad-v0")
    with pytest.raises(ValueError, match="one step or more"):
        to_minari([], "webarena/none-v0")
