"""Runs that are struck finish, lose nothing, and differ in nothing but what was hit."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from webarena_gym.agents.trajectory_file import trajectory_to_json
from webarena_gym.benchmarks import fault_strikes, faults
from webarena_gym.benchmarks.fault_outcomes import Outcome, rows
from webarena_gym.benchmarks.fault_runs import Fault, Stage, _compared
from webarena_gym.benchmarks.written_episodes import Did, episode

from webarena_gym.cli import main

FULL = os.environ.get("WEBARENA_GYM_TEST_SIZE") == "full"
# One of every kind; worker processes and Ray actors are killed in the tests of playing and of rollouts.
SMALL = {("Chromium killed", "eval"), ("Chromium stopped", "train"), ("sites killed", "eval"), ("disk full", "eval"),
         ("judge away", "eval")}  # fmt: skip
CHOSEN = [fault for fault in faults.FAULTS if FULL or (fault.name, fault.run) in SMALL]


@pytest.fixture(scope="module")
def stage(tmp_path_factory, cache_dir) -> Stage:
    stage = Stage(tmp_path_factory.mktemp("faults"), str(cache_dir))
    if not FULL:
        stage.tasks, stage.updates = stage.tasks[:3], 1
    return stage


@pytest.mark.parametrize("fault", CHOSEN, ids=lambda fault: f"{fault.name}-{fault.run}")
def test_a_run_that_is_struck_finishes_with_nothing_lost(fault, stage, cache_dir, monkeypatch):
    monkeypatch.setenv("WEBARENA_GYM_CACHE", str(cache_dir))  # for the process that serves the sites
    if not FULL:
        monkeypatch.setattr(fault_strikes, "JUDGE_AWAY_S", 2.0)  # the clients' own retries outlast that
    for outcome in faults.strike(fault, 5 if FULL else 1, stage):
        assert outcome.struck and outcome.violations() == []
        assert outcome.planned >= 3


def test_the_command_strikes_one_fault_after_the_other_and_writes_all(cache_dir, tmp_path, monkeypatch):
    @contextmanager
    def harmless(folder: Path) -> Iterator[Callable[[], None]]:
        yield lambda: None

    monkeypatch.setattr(faults, "FAULTS", tuple(Fault(name, "eval", harmless) for name in ("one", "two")))
    words = ["bench", "faults", "--repeats", "1", "--json", str(tmp_path / "f.json"), "--cache-dir", str(cache_dir)]
    assert main(words) == 0
    outcomes = json.loads((tmp_path / "f.json").read_text())["outcomes"]
    assert [(o["fault"], o["struck"], o["different"]) for o in outcomes] == [("one", True, 0), ("two", True, 0)]


def test_what_differs_is_lost_or_stands_twice_is_counted():
    one, two, three = (episode([Did('stop("")', "/")], seed=seed) for seed in (1, 2, 3))
    broken = episode([Did("back()", "/")], seed=3, infra_error="SiteError: down")
    other = episode([Did('stop("x")', "/")], seed=2)
    expected = {(0, seed): trajectory_to_json(t) for seed, t in ((1, one), (2, two), (3, three))}
    planned = [(0, 1), (0, 2), (0, 3), (0, 4)]
    lines = ["line"] * 4
    found = _compared(planned, [one, one, other, broken], lines, expected)
    assert found == {"planned": 4, "hit": 1, "different": 1, "lost": 1, "twice": 1}
    # An evaluation's folder hands out the newest of two lines of an episode: there are more lines than episodes.
    assert _compared(planned[:1], [one], ["line"] * 2, expected)["twice"] == 1
    outcome = Outcome(fault="f", run="eval", number=0, struck=False, retried=0, seconds=1.0, **found)
    assert len(outcome.violations()) == 4 and rows([outcome, outcome])[0].lost == 2


def test_every_fault_of_the_campaign_has_a_name_and_a_run():
    assert len({(fault.name, fault.run) for fault in faults.FAULTS}) == len(faults.FAULTS)
    assert len(CHOSEN) >= len(SMALL)
