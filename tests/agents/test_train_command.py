"""``webarena-gym train`` takes the same flags for every algorithm, and trains on a real site by default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from webarena_gym.agents.algorithms.registry import algorithm_names, sb3_names

from webarena_gym.cli import main

# So small that one update is enough; nothing here is about any one algorithm.
FLAGS = ["--env", "WebArenaLite-reddit-v0", "--env-steps", "4", "--seed", "5", "--max-steps", "2", "--num-envs", "2",
         "--eval-episodes", "2", "--eval-every", "100", "--checkpoint-every", "1", "--gamma", "0.9",
         "--option", "learning_rate=0.002"]  # fmt: skip
TASKS = ["--tasks", "post_author-000007,post_author-000008", "--eval-tasks", "post_author-000009"]


@pytest.fixture(autouse=True)
def images(monkeypatch: pytest.MonkeyPatch, cache_dir: Path):
    monkeypatch.setenv("WEBARENA_GYM_CACHE", str(cache_dir))


@pytest.mark.parametrize("algorithm", (*algorithm_names(), *sb3_names()))
def test_every_algorithm_takes_the_same_flags(algorithm: str, tmp_path: Path):
    small = ["--option", "episodes_per_update=4"] if algorithm in algorithm_names() else []
    out = tmp_path / "run"
    command = ["train", "--algorithm", algorithm, *FLAGS, *TASKS, *small, "--out", str(out)]
    assert main(command) == 0
    result = json.loads((out / "result.json").read_text())
    assert result["env_steps"] >= 4 and result["infra_errors"] == 0
    assert (result["config"]["algorithm"], result["config"]["seed"], result["config"]["gamma"]) == (algorithm, 5, 0.9)
    assert result["config"]["options"]["learning_rate"] == 0.002
    assert not result["trained_on_test"]
    assert [point["episodes"] for point in result["learning_curve"]] == [2, 2]
    assert (out / "checkpoint.pt").exists() and (out / "metrics.jsonl").read_text()
    # The same command with --resume finds nothing left to do, and changes nothing.
    weights = (out / "checkpoint.pt").read_bytes()
    assert main([*command, "--resume"]) == 0
    assert (out / "checkpoint.pt").read_bytes() == weights


def test_training_tasks_are_the_default_and_official_ones_take_a_flag(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    command = ["train", "--algorithm", "awr", *FLAGS, "--option", "episodes_per_update=4"]
    assert main([*command, "--out", str(tmp_path / "a")]) == 0
    assert json.loads((tmp_path / "a" / "config.json").read_text())["tasks"] == "train"
    assert main([*command, "--tasks", "test", "--out", str(tmp_path / "b")]) == 2
    assert "--train-on-test" in capsys.readouterr().err
    assert main([*command, "--tasks", "test", "--train-on-test", "--out", str(tmp_path / "c")]) == 0
    assert "TRAINED ON THE OFFICIAL TASKS" in capsys.readouterr().out
