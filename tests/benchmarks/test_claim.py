"""The claim's benchmark: what it counts and compares, that a stopped one goes on, and what the committed results say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from webarena_gym.benchmarks import claim
from webarena_gym.benchmarks.stats import Interval

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "claim.json"


def run_of(arm: str, seed: int, *curve: tuple[int, float]) -> dict[str, Any]:
    return {"arm": arm, "seed": seed, "curve": [list(point) for point in curve]}


def test_steps_are_counted_to_eighty_percent_of_the_best_mean_over_seeds():
    runs = [
        run_of("sparse", 0, (600, 0.0), (1200, 0.2)),
        run_of("sparse", 1, (600, 0.0), (1200, 0.5)),
        run_of("bonus", 0, (300, 0.3), (600, 0.5)),
        run_of("bonus", 1, (300, 0.2), (900, 0.5)),
        run_of("pbrs", 0, (600, 0.1), (1200, 0.39)),
        run_of("pbrs", 1, (600, 0.4), (1200, 0.4)),
        run_of("sparse", 2, (600, 1.0)),  # the other arms have no seed 2 yet
    ]
    summary = claim.summarise(runs, budget=1200)
    # bonus ends at 0.5 on both seeds, the highest mean of all; 80% of it is 0.4.
    assert (summary["best_success_rate"], summary["wanted_success_rate"]) == (0.5, pytest.approx(0.4))
    assert summary["seeds"] == [0, 1]
    arms = summary["arms"]
    assert arms["bonus"]["steps"] == [600, 900] and arms["bonus"]["censored"] == [False, False]
    assert arms["sparse"]["steps"] == [1200, 1200] and arms["sparse"]["censored"] == [True, False]
    assert arms["pbrs"]["steps"] == [1200, 600] and arms["pbrs"]["censored"] == [True, False]
    assert arms["bonus"]["times_fewer"].estimate == pytest.approx(1200 / 750)
    assert arms["sparse"]["times_fewer"] == (1.0, 1.0, 1.0)


def test_the_bootstrap_draws_seeds_and_keeps_pairs_together():
    sparse = np.array([1000.0, 2000.0, 3000.0, 4000.0])
    # On each seed half the steps: paired, there is nothing uncertain about the ratio, however much seeds differ.
    assert claim.times_fewer(sparse, sparse / 2) == (2.0, 2.0, 2.0)
    ratio = claim.times_fewer(sparse, np.array([1000.0, 2000.0, 3000.0, 1000.0]))
    assert ratio.estimate == pytest.approx(10_000 / 7_000)
    assert ratio.low == 1.0  # the seed that differs is not drawn in (3/4)^4, a third of the resamples
    # Drawn four times (0.4%) it gives 4, three times with 1000 (1.6%) 13/4, with 2000 (another 1.6%) 14/5: there lie 97.5%.
    assert ratio.high == 2.8


def test_a_run_that_ended_early_keeps_its_rate_on_the_grid():
    values = claim.on_grid([[(30, 0.5), (60, 1.0)], []], budget=120)
    steps = np.linspace(2, 120, 60)
    assert values.shape == (2, 60) and not values[1].any()
    assert values[0, steps.tolist().index(30)] == 0.5 and values[0, -1] == 1.0
    assert values[0, 0] == 0.0  # before the first full window


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(2.0, 1.2, 3.0), "fewer environment steps"),
        (Interval(0.5, 0.2, 0.9), "more environment steps"),
        (Interval(1.2, 0.8, 1.9), "no difference"),
    ],
)
def test_the_verdict_follows_the_interval(interval: Interval, words: str):
    summary = {"arms": {arm: {"times_fewer": interval} for arm in claim.ARMS}}
    assert all(words in line for line in claim.verdict(summary).splitlines())


def test_arms_differ_in_the_reward_alone():
    configs = [claim.train_config(claim.ClaimConfig(train_tasks=2), arm, 3).to_json() for arm in claim.ARMS]
    assert [config.pop("reward") for config in configs] == list(claim.ARMS)
    assert configs[0] == configs[1] == configs[2]
    assert {str(task).rsplit("-", 1)[0] for task in configs[0]["tasks"]} == set(claim.FAMILIES)


def test_a_benchmark_that_was_stopped_goes_on_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_dir: Path
):
    monkeypatch.setenv("WEBARENA_GYM_CACHE", str(cache_dir))
    config = claim.ClaimConfig(seeds=1, env_steps=1, window=16, max_steps=2, train_tasks=4, families=("product_price",))
    out, said = tmp_path / "claim.json", []
    first = claim.measure_claim(config, out, processes=1, told=said.append)
    assert len(said) == 3 and first["summary"]["seeds"] == [0]
    assert all(len(run["curve"]) == 1 and run["env_steps"] >= 1 for run in first["runs"])
    kept = [{**run, "cpu_s": -1.0} for run in first["runs"][:2]]
    out.write_text(json.dumps({**first, "runs": kept}))
    again = claim.measure_claim(config, out, processes=1, told=said.append)
    assert len(said) == 4
    assert [run["cpu_s"] == -1.0 for run in again["runs"]] == [True, True, False]
    assert again["runs"][2]["curve"] == first["runs"][2]["curve"]  # equal seeds, equal runs
    assert "mean steps" in claim.to_table(again)
    assert [chart.name for chart in claim.claim_charts(again)] == ["claim_curves", "claim_steps"]
    with pytest.raises(ValueError, match="holds results of another config"):
        claim.measure_claim(claim.ClaimConfig(), out)


def test_a_config_that_makes_no_sense_is_an_error():
    with pytest.raises(ValueError, match="seeds must be positive, got 0"):
        claim.ClaimConfig(seeds=0)


def test_the_committed_results_are_whole_and_say_what_they_sum_up_to():
    report = json.loads(RESULTS.read_text())
    seeds, arms = report["config"]["seeds"], len(claim.ARMS)
    assert seeds == 10 and len(report["runs"]) == seeds * arms
    again = json.loads(json.dumps(claim.summarise(report["runs"], report["config"]["env_steps"])))
    assert again == report["summary"]
    assert report["machine"]["processor"]
