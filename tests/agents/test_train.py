"""The training loop: what it promises about results, and that a run survives being killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from itertools import islice

import pytest
import torch
from webarena_gym.agents.candidate_policy import CandidatePolicyConfig
from webarena_gym.agents.demonstrations import NoDemonstrations
from webarena_gym.agents.policy import ActionSample
from webarena_gym.agents.rollout import InProcessCollector, episode_requests
from webarena_gym.agents.run_folder import RunFolderError, load_checkpoint
from webarena_gym.agents.train import TrainEvent, train
from webarena_gym.agents.train_config import TrainConfig
from webarena_gym.agents.trajectory import Trajectory
from webarena_gym.agents.trajectory_file import write_trajectories

from reward_wrappers import MilestoneReward
from tests.agents.fakes import TinyShop, TwoArms
from webarena_gym.observed import parse_observation

SMALL = CandidatePolicyConfig(embedding=4, hidden=8)


def config(**changes) -> TrainConfig:
    values = {"env_steps": 300, "eval_every": 150, "eval_episodes": 8, "checkpoint_every": 50, "policy": SMALL,
              "options": {"episodes_per_update": 8}, "num_envs": 2}  # fmt: skip
    return TrainConfig(**{**values, **changes})


def shop(tasks) -> TinyShop:
    return TinyShop(val=tasks == "val")


def weights(policy) -> list[torch.Tensor]:
    return [p.detach().clone() for p in policy.parameters()]


def test_a_run_stops_after_its_steps_and_evaluates_at_both_ends():
    result = train(config(), shop)
    assert result.env_steps >= 300
    assert result.learning_curve[0].env_steps == 0
    assert result.learning_curve[-1].env_steps == result.env_steps
    assert all(point.episodes == 8 for point in result.learning_curve)


def test_equal_configs_give_equal_weights():
    one, two = (train(config(), shop) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(weights(one.policy), weights(two.policy), strict=True))
    assert one.learning_curve == two.learning_curve


def test_callbacks_hear_of_every_update_and_evaluation():
    events: list[TrainEvent] = []
    result = train(config(), shop, callbacks=(events.append,))
    assert [e.point for e in events if e.point] == list(result.learning_curve)
    assert events[-1].env_steps == result.env_steps
    assert "policy_loss" in events[-1].metrics


def test_milestone_reward_changes_what_is_learned_from_and_not_what_is_reported():
    events: list[TrainEvent] = []
    result = train(config(reward="bonus", alpha=0.3), lambda tasks: TwoArms(), callbacks=(events.append,))
    # The one milestone pays 0.3 with every success, so the mean return is 1.3 times the success rate.
    last = events[-1].metrics
    assert last["train_return"] == pytest.approx(1.3 * last["train_success_rate"])
    assert all(0 <= point.success_rate <= 1 for point in result.learning_curve)


def test_alpha_falls_over_the_run_where_asked():
    events: list[TrainEvent] = []
    train(
        config(reward="bonus", alpha=0.4, alpha_end=0.0, env_steps=400),
        lambda tasks: TwoArms(),
        callbacks=(events.append,),
    )
    bonus = [
        e.metrics["train_return"] / e.metrics["train_success_rate"] - 1
        for e in events
        if e.metrics.get("train_success_rate")
    ]
    assert bonus[0] == pytest.approx(0.4)
    # The last update starts with 392 of 400 steps spent: 0.4 * (1 - 392 / 400) = 0.008.
    assert bonus[-1] == pytest.approx(0.008)


def test_failed_episodes_are_counted_apart():
    result = train(config(env_steps=80, num_envs=1), lambda tasks: TwoArms(fail_every=4))
    assert result.infra_errors == result.episodes // 4
    assert result.learning_curve[-1].episodes + result.learning_curve[-1].infra_errors == 8


def test_the_official_tasks_are_refused_and_when_allowed_stamped():
    with pytest.raises(ValueError, match="train-on-test"):
        config(tasks="test")
    with pytest.raises(ValueError, match="train-on-test"):
        config(tasks=(36,))
    result = train(config(tasks="test", train_on_test=True, env_steps=20), shop)
    assert result.to_json()["trained_on_test"] is True
    assert train(config(env_steps=20), shop).to_json()["trained_on_test"] is False


def test_one_gamma_goes_to_learner_and_shaping():
    assert config(gamma=0.5).algorithm_config().gamma == 0.5
    with pytest.raises(ValueError, match="must be one number"):
        config(gamma=0.5, options={"gamma": 0.9})
    with pytest.raises(ValueError, match=r"shapes with gamma=0\.5"):
        train(config(), lambda tasks: MilestoneReward(TinyShop(), scheme="pbrs", gamma=0.5))


def test_a_config_comes_back_from_its_json():
    original = config(tasks=("a-1", "a-2"), gamma=0.9)
    again = TrainConfig.from_json(json.loads(json.dumps(original.to_json())))
    assert again.to_json() == original.to_json()


def test_a_folder_keeps_config_logs_and_result(tmp_path):
    result = train(config(save_trajectories=True), shop, out=tmp_path)
    assert json.loads((tmp_path / "config.json").read_text())["seed"] == 0
    assert json.loads((tmp_path / "result.json").read_text()) == json.loads(json.dumps(result.to_json()))
    logged = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [r["eval_success_rate"] for r in logged if "eval_success_rate" in r] == [
        p.success_rate for p in result.learning_curve
    ]
    assert len((tmp_path / "trajectories.jsonl").read_text().splitlines()) == result.episodes


def test_a_folder_with_another_run_is_refused(tmp_path):
    train(config(env_steps=20), shop, out=tmp_path)
    with pytest.raises(RunFolderError, match="holds a run already"):
        train(config(env_steps=20), shop, out=tmp_path)
    with pytest.raises(RunFolderError, match="another seed"):
        train(config(env_steps=20, seed=1), shop, out=tmp_path, resume=True)


def test_a_policy_can_start_from_a_checkpoint(tmp_path):
    first = train(config(), shop, out=tmp_path)
    frozen = config(init=str(tmp_path / "checkpoint.pt"), options={"learning_rate": 1e-12}, env_steps=10, seed=5)
    second = train(frozen, shop)
    for a, b in zip(weights(first.policy), weights(second.policy), strict=True):
        torch.testing.assert_close(a, b)


def solved() -> list[Trajectory]:
    """Solutions of the tiny shop, as a demonstrator would record them."""
    episodes = InProcessCollector([TinyShop()]).collect(Solver(), list(islice(episode_requests(5), 120)))
    assert all(episode.success for episode in episodes)
    return episodes


class Solver:
    """Reads the goal and the page, and does what is asked."""

    def sample(self, states, randoms, *, temperature=1.0):
        return [ActionSample(self.act(state), None) for state in states]

    def act(self, state) -> str:
        page = parse_observation(state.observation)
        goal = page.goal.strip("?")
        name = goal.split('"')[1] if '"' in goal else goal.split(" of ")[1]
        if '"' in goal:
            return f'fill(4, "{name}", enter=True)' if not state.actions else 'stop("")'
        if not state.actions:
            return "click(2)"
        if len(state.actions) == 1:
            return f"click({next(e.id for e in page.elements if e.name == name)})"
        price = next(line for line in page.lines if line.startswith("Price: "))
        return f'stop("{price[7:]}")'


def test_behaviour_cloning_learns_from_a_file(tmp_path):
    write_trajectories(tmp_path / "demos.jsonl", solved())
    cloning = config(algorithm="bc", demos=str(tmp_path / "demos.jsonl"), env_steps=1500, eval_every=5000, policy=CandidatePolicyConfig(),
                     options={}, eval_episodes=30)  # fmt: skip
    events: list[TrainEvent] = []
    result = train(cloning, shop, callbacks=(events.append,))
    assert result.learning_curve[-1].success_rate > 0.8
    assert events[-1].metrics["coverage"] == 1.0
    assert (result.metrics.steps, result.metrics.episodes) == (result.env_steps, result.episodes)
    assert set(result.metrics.seconds) == {"demonstrations", "learn"}


def test_a_file_without_successes_is_nothing_to_imitate(tmp_path):
    write_trajectories(tmp_path / "demos.jsonl", [])
    with pytest.raises(NoDemonstrations, match="holds no successful episode"):
        train(config(algorithm="bc", demos=str(tmp_path / "demos.jsonl")), shop)


RUN = """
import sys, torch
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.agents.test_train import config, shop
from webarena_gym.agents.train import train
torch.set_num_threads(1)
train(config(algorithm={algorithm!r}, env_steps=600, save_trajectories=True), shop, out=Path({out!r}), resume={resume})
"""


def start_run(out, *, algorithm: str = "ppo", resume: bool = False) -> subprocess.Popen:
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    code = textwrap.dedent(RUN.format(root=root, out=str(out), resume=resume, algorithm=algorithm))
    return subprocess.Popen([sys.executable, "-c", code])


def killed_in_mid_run(out, algorithm: str) -> None:
    """Start a run and kill it without warning once it has logged something after its first checkpoint."""
    process = start_run(out, algorithm=algorithm)
    deadline = time.monotonic() + 120
    log = out / "metrics.jsonl"
    while time.monotonic() < deadline and process.poll() is None:
        if (
            (out / "checkpoint.pt").exists()
            and log.exists()
            and log.stat().st_mtime > (out / "checkpoint.pt").stat().st_mtime
        ):
            break
        time.sleep(0.005)
    assert process.poll() is None, "the run ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("algorithm", ["ppo", "mira"])
def test_a_killed_run_resumes_to_the_weights_of_an_uninterrupted_one(tmp_path, algorithm):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert start_run(whole, algorithm=algorithm).wait() == 0
    killed.mkdir()
    killed_in_mid_run(killed, algorithm)
    assert not (killed / "result.json").exists()
    assert start_run(killed, algorithm=algorithm, resume=True).wait() == 0
    one, two = (load_checkpoint(folder / "checkpoint.pt")["policy"] for folder in (whole, killed))
    assert all(torch.equal(one[key], two[key]) for key in one)
    for name in ("metrics.jsonl", "trajectories.jsonl", "result.json"):
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name
