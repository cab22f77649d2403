"""Steps against the number of envs: at a small size, and what the committed figures say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from webarena_gym.benchmarks import env_counts

from webarena_gym.cli import main

RECORDED = Path(__file__).parents[2] / "benchmarks" / "results" / "envs.json"


def test_every_env_is_stepped_at_least_once_round_the_pages(cache_dir):
    one, four = (env_counts.measure_count(count, 6, str(cache_dir)) for count in (1, 4))
    assert (one.steps, four.steps) == (6, 12)
    assert one.ms_a_step > 0 and four.steps_a_second == pytest.approx(1000 / four.ms_a_step, rel=0.01)


def test_numbers_that_make_no_sense_are_refused(capsys):
    assert main(["bench", "envs", "--counts", "0"]) == 2 and "1 env or more" in capsys.readouterr().err


def test_the_committed_figures_hardly_fall_with_the_number_of_envs():
    counts = [env_counts.CountFigures(**found) for found in json.loads(RECORDED.read_text("utf-8"))["counts"]]
    assert [found.envs for found in counts] == list(env_counts.COUNTS)
    assert env_counts.slowdown(counts) < 1.5
