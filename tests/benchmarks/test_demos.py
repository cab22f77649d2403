"""Demonstrations by the scripted oracles: written whole, replayable to the byte, and what imitation uses by itself."""

from __future__ import annotations

from pathlib import Path

import gymnasium as gym
import pytest
from webarena_gym.agents.demonstrations import DemonstrationRequest, installed_demonstrator
from webarena_gym.agents.rerun import rerun
from webarena_gym.agents.trajectory_file import read_trajectories
from webarena_gym.benchmarks.demonstrations import OracleDemonstrator

from tests.agents.fakes import TinyShop
from webarena_gym.cli import main


@pytest.fixture(autouse=True)
def images(monkeypatch: pytest.MonkeyPatch, cache_dir: Path):
    monkeypatch.setenv("WEBARENA_GYM_CACHE", str(cache_dir))


def demos(out: Path, *more: str) -> int:
    return main(["demos", "--site", "reddit", "--count", "6", "--seed", "3", "--out", str(out), *more])


def test_demonstrations_are_successes_that_replay_byte_for_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert demos(tmp_path / "demos.jsonl") == 0
    assert "6 demonstrations of 6 tasks" in capsys.readouterr().out
    found = read_trajectories(tmp_path / "demos.jsonl")
    assert len(found.trajectories) == 6 and found.cut_short_bytes == 0
    env = gym.make("WebArenaLite-reddit-v0", tasks="train", disable_env_checker=True)
    for episode in found.trajectories:
        assert episode.success and all(episode.steps[-1].milestones.values())
        rerun(episode, env)
    env.close()


def test_equal_options_give_equal_files_and_another_seed_other_tasks(tmp_path: Path):
    for name, more in (("a", ()), ("b", ()), ("c", ("--seed", "4"))):
        demos(tmp_path / name, *more)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != (tmp_path / "c").read_bytes()
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "demos.jsonl").write_text("mine")
    assert demos(tmp_path / "demos.jsonl") == 2
    assert "is there already" in capsys.readouterr().err and (tmp_path / "demos.jsonl").read_text() == "mine"


def test_what_no_oracle_solves_in_time_is_left_out_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    wanted = "post_author-000007,forum_create-000007"  # they take 2 and 8 actions
    assert demos(tmp_path / "demos.jsonl", "--split", wanted, "--max-steps", "4") == 0
    episodes = read_trajectories(tmp_path / "demos.jsonl").trajectories
    assert {episode.task_id for episode in episodes} == {"post_author-000007"} and len(episodes) < 6
    assert f"{6 - len(episodes)} tasks were not solved in 4 actions" in capsys.readouterr().err


def test_nothing_solved_at_all_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert demos(tmp_path / "demos.jsonl", "--max-steps", "1") == 2
    assert "solved none of 6 tasks" in capsys.readouterr().err and not (tmp_path / "demos.jsonl").exists()


def test_the_oracles_are_the_installed_demonstrator():
    request = DemonstrationRequest(
        env_id="WebArenaLite-reddit-v0", tasks=("post_author-000007",), engine="http", max_steps=10, seed=0
    )
    demonstrator = installed_demonstrator(request)
    one, two = demonstrator.demonstrate(0, 2), demonstrator.demonstrate(1, 2)
    assert one[1] == two[0]  # episode number 1, whenever asked
    assert {episode.task_id for episode in (*one, *two)} == {"post_author-000007"}
    demonstrator.close()


def test_other_envs_have_no_oracles():
    with pytest.raises(ValueError, match="got TinyShop; record a file instead"):
        OracleDemonstrator(TinyShop(), seed=0)
