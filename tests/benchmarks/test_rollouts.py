"""The rollout benchmark: what it counts, and that it runs on a real site in several processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from webarena_gym.benchmarks.results_page import results_page
from webarena_gym.benchmarks.rollouts import Rolled, added_up

from webarena_gym.cli import main


def test_steps_are_counted_over_the_time_in_which_any_process_ran():
    # 600 steps from second 10 to second 13; 4 seconds of processor time.
    parts = [Rolled(400, 30, 1, 10.0, 12.0, 1.5), Rolled(200, 10, 0, 11.0, 13.0, 2.5)]
    assert added_up(parts) == {
        "steps": 600, "episodes": 40, "infra_errors": 1, "steps_per_s": 200.0, "steps_per_cpu_s": 150.0,
    }  # fmt: skip


def test_the_command_plays_whole_episodes_and_writes_what_it_counted(
    tmp_path: Path, cache_dir: Path, capsys: pytest.CaptureFixture[str], full_size: bool
):
    steps, out = 3000 if full_size else 30, tmp_path / "rollouts.json"
    assert main(["bench", "rollouts", "--sites", "reddit", "--steps", str(steps), "--envs", "4", "--cache-dir", str(cache_dir),
                 "--json", str(out)]) == 0  # fmt: skip
    figures = json.loads(out.read_text())
    assert figures["config"] == {"envs": 4, "processes": 2, "steps": steps, "max_steps": 30, "seed": 0}
    row = figures["sites"]["reddit"]
    assert row["steps"] >= 2 * steps and row["episodes"] > 0 and row["infra_errors"] == 0
    assert row["steps_per_cpu_s"] > 0 and figures["machine"]["processor"]
    assert "reddit" in capsys.readouterr().out
    assert f"| reddit | {row['steps_per_s']:,.0f} | {row['steps_per_cpu_s']:,.0f} | 0 |" in results_page(
        {"rollouts": figures}
    )


def test_envs_are_shared_out_evenly(capsys: pytest.CaptureFixture[str]):
    assert main(["bench", "rollouts", "--envs", "7"]) == 2
    assert "envs must be a multiple of processes" in capsys.readouterr().err
