"""The two benchmarks: what they compute, that a stopped one goes on, and what the committed results say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from webarena_gym.benchmarks import milestones_doorkey as doorkey
from webarena_gym.benchmarks import wrapper_overhead as overhead

from webarena_gym.cli import main

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
TINY = doorkey.MilestonesConfig(seeds=1, cap=1024)


def result(task: str, arm: str, seed: int, steps: int, censored: bool = False) -> dict[str, Any]:
    return {"task": task, "arm": arm, "seed": seed, "steps": steps, "censored": censored}


def test_a_summary_counts_misses_at_the_cap_and_compares_means() -> None:
    steps = {"unshaped": [(400_000, True), (200_000, False)], "bonus": [(40_000, False), (60_000, False)]}
    steps["pbrs"] = [(300_000, False), (300_000, False)]
    runs = [
        result(task, arm, seed, *run)
        for task in doorkey.TASKS
        for arm, two in steps.items()
        for seed, run in enumerate(two)
    ]
    summary = doorkey.summarise(runs)["DoorKey-6x6"]
    assert (summary["unshaped"]["mean_steps"], summary["unshaped"]["misses"]) == (300_000, 1)
    assert summary["bonus"]["times_fewer"] == 6.0  # 300,000 / 50,000
    # Two seeds resample to both low, one of each, or both high: the 95% interval spans the extremes.
    assert summary["bonus"]["mean_steps_interval"] == [40_000, 60_000]
    assert summary["pbrs"]["mean_steps_interval"] == [300_000, 300_000]
    assert summary["pbrs"]["times_fewer_interval"] == [pytest.approx(2 / 3, abs=1e-3), pytest.approx(4 / 3, abs=1e-3)]


def test_an_arm_is_compared_once_it_has_all_seeds_of_the_unshaped_one(tmp_path: Path) -> None:
    runs = [result("DoorKey-6x6", "unshaped", seed, 100) for seed in (0, 1)]
    runs += [result("DoorKey-6x6", "bonus", seed, 50) for seed in (0, 1)] + [result("DoorKey-6x6", "pbrs", 0, 10)]
    runs += [result("FrozenLake-8x8", "bonus", 0, 10)]
    summary = doorkey.summarise(runs)
    assert {task: list(arms) for task, arms in summary.items()} == {"DoorKey-6x6": ["unshaped", "bonus"]}
    assert summary["DoorKey-6x6"]["bonus"]["times_fewer"] == 2.0
    report = {"config": {"cap": 400, "threshold": 0.9, "seeds": 2}, "summary": summary}
    report["runs"] = [{**run, "curve": [[run["steps"], 0.9]]} for run in runs]
    doorkey.plot(report, tmp_path / "some.svg")
    assert (tmp_path / "some.svg").read_text().startswith("<?xml")


def test_a_run_that_stopped_early_keeps_its_success_in_the_mean_curve() -> None:
    runs = [{"curve": [[100, 0.0], [200, 1.0]]}, {"curve": [[100, 0.0], [200, 0.2], [300, 0.4], [400, 0.6]]}]
    steps, success = doorkey._mean_curve(runs, cap=400)  # 200 points, 2 steps apart
    assert steps[[49, 99, 149, 199]].tolist() == [100, 200, 300, 400]
    assert success[[49, 99, 149, 199]].tolist() == pytest.approx([0.0, 0.6, 0.7, 0.8])


def test_success_is_a_share_of_the_whole_window_also_while_it_fills() -> None:
    returns = [0.0, 0.9, 0.0, 0.5]
    assert doorkey.success_rate([{"r": r} for r in returns], window=4) == 0.5
    assert doorkey.success_rate([{"r": r} for r in returns], window=40) == 2 / 40


def test_success_in_training_is_counted_from_the_tasks_own_returns() -> None:
    env = doorkey.make_env("FrozenLake-8x8", "bonus", TINY)
    env.reset(seed=0)
    # Along the top row and down the last column, as far as the milestones at 23, 39 and 55; then round in circles.
    steps = [env.step(action) for action in [2] * 7 + [1] * 6 + [2] * 100 if not env.get_wrapper_attr("needs_reset")]
    assert sum(step[1] for step in steps) == pytest.approx(3 / 4)  # three of four milestones, and no goal
    assert steps[-1][4]["episode"]["r"] == 0.0


def test_every_arm_trains_on_the_same_flat_observation() -> None:
    for task, size in (("DoorKey-6x6", 147), ("FrozenLake-8x8", 64)):
        spaces = {arm: doorkey.make_env(task, arm, TINY).observation_space for arm in doorkey.ARMS}  # type: ignore[arg-type]
        assert all(space.shape == (size,) for space in spaces.values())


def test_a_benchmark_that_was_stopped_goes_on_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "milestones.json"
    monkeypatch.setattr(doorkey, "TASKS", ("FrozenLake-8x8",))
    first = doorkey.measure_milestones(TINY, out, processes=1)
    assert {(run["arm"], run["seed"]) for run in first["runs"]} == {(arm, 0) for arm in doorkey.ARMS}
    assert all(run["censored"] and run["steps"] == 1024 for run in first["runs"])  # nobody learns it in 1,024 steps
    # As if stopped before the last run: the other two are kept as they are, marked here so that a repeat would show.
    kept = [{**run, "wall_s": -1.0} for run in first["runs"][:2]]
    out.write_text(json.dumps({**first, "runs": kept}))
    capsys.readouterr()
    again = doorkey.measure_milestones(TINY, out, processes=1)
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert [run["wall_s"] == -1.0 for run in again["runs"]] == [True, True, False]
    # Equal seeds, equal runs.
    assert list(map(list, again["runs"][2]["curve"])) == list(map(list, first["runs"][2]["curve"]))
    doorkey.plot(again, tmp_path / "milestones.png")
    assert (tmp_path / "milestones.png").read_bytes().startswith(b"\x89PNG")


def test_results_of_another_config_are_not_gone_on_with(tmp_path: Path) -> None:
    out = tmp_path / "milestones.json"
    out.write_text(json.dumps({"config": {"cap": 7}, "runs": []}))
    with pytest.raises(ValueError, match="holds results of another config; name another file"):
        doorkey.measure_milestones(TINY, out)
    assert main(["bench", "milestones", "--out", str(out), "--seeds", "0"]) == 2


def test_a_config_that_makes_no_sense_is_an_error() -> None:
    with pytest.raises(ValueError, match="a threshold up to 1, are needed"):
        doorkey.MilestonesConfig(threshold=1.1)
    with pytest.raises(ValueError, match="every number is at least 1"):
        overhead.OverheadConfig(rounds=0)


def test_the_overhead_benchmark_measures_every_scheme_single_and_vectorised() -> None:
    results = overhead.measure_overhead(overhead.OverheadConfig(num_envs=2, steps=20, rounds=1, milestones=3))
    assert set(results) == {"single, bonus", "single, pbrs", "vector, bonus", "vector, pbrs"}
    vector = results["vector, bonus"]
    # Per env and milestone: 2 envs of 3 milestones share what a step of all takes more.
    assert vector.overhead_us == pytest.approx((vector.wrapped_us - vector.bare_us) / 6)
    assert "single, pbrs" in overhead.to_table(results)


def test_the_committed_overhead_is_within_its_limits() -> None:
    report = json.loads((RESULTS / "wrapper_overhead.json").read_text())
    assert (report["config"]["milestones"], report["config"]["num_envs"]) == (5, 64)
    limits = {"single": 20.0, "vector": 2.0}
    assert all(r["overhead_us"] <= limits[name.partition(",")[0]] for name, r in report["results"].items())


def test_the_committed_comparison_has_milestones_learn_door_key_in_a_third_of_the_steps() -> None:
    report = json.loads((RESULTS / "milestones_doorkey.json").read_text())
    assert (report["config"]["seeds"], report["config"]["cap"]) == (10, 400_000)
    assert report["summary"] == doorkey.summarise(report["runs"])
    for arm in ("unshaped", "bonus"):
        seeds = [run["seed"] for run in report["runs"] if (run["task"], run["arm"]) == ("DoorKey-6x6", arm)]
        assert sorted(seeds) == list(range(10))
    assert report["summary"]["DoorKey-6x6"]["bonus"]["times_fewer"] >= 3.0
    two_cores = sum(run["cpu_s"] for run in report["runs"]) / 2
    assert two_cores < 3600


@pytest.mark.timeout(3600)
def test_milestones_speed_up_door_key_when_trained_here(full_size: bool) -> None:
    config = doorkey.MilestonesConfig() if full_size else TINY
    seeds = range(100, 103) if full_size else range(100, 101)
    steps = {
        arm: [doorkey.train("DoorKey-6x6", arm, seed, config).steps for seed in seeds] for arm in ("unshaped", "bonus")
    }
    # A tiny run only shows that both arms train up to the cap; three full ones show the difference.
    assert sum(steps["bonus"]) < sum(steps["unshaped"]) if full_size else steps == {"unshaped": [1024], "bonus": [1024]}
