"""The comparison of algorithms: what its arms share, what it counts, and that a stopped one goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from webarena_gym.agents.run_folder import load_checkpoint
from webarena_gym.benchmarks import algorithms, algorithms_summary
from webarena_gym.benchmarks.algorithms_config import ARMS, AlgorithmsConfig, SiteTasks, arm_of
from webarena_gym.benchmarks.algorithms_runs import run_path, settings_of, start_path, train_config
from webarena_gym.benchmarks.results_page import rendered

from webarena_gym.cli import main
from webarena_gym.tasks.generated import families

MARK = "<!-- measured: benchmarks/results/algorithms.json -->"
TINY = AlgorithmsConfig(
    seeds=2,
    env_steps=4,
    sites=(SiteTasks(site="reddit", families=("post_author",), heldout=("forum_hide",), start_steps=8),),
    arms=("webrl", "mira"),
    train_tasks=4,
    val_tasks=4,
    max_steps=3,
    eval_every=2,
    curve_episodes=2,
    val_episodes=3,
    heldout_episodes=2,
)


def run_of(
    arm: str, seed: int, val: str, *curve: tuple[int, str], site: str = "reddit", heldout: str = "00"
) -> dict[str, Any]:
    return {"arm": arm, "site": site, "seed": seed, "env_steps": 4, "curve": [list(point) for point in curve], "val": val,
            "heldout": heldout, "infra_errors": 0, "cpu_s": 2.0}  # fmt: skip


def summary_of(starts: list[dict[str, Any]], runs: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    return algorithms_summary.summarise(starts, runs, settings_of(replace(TINY, **changes)))


def test_arms_differ_in_algorithm_options_and_milestone_reward_alone():
    (tasks,) = TINY.sites
    shared = []
    for arm in ARMS:
        config = train_config(TINY, arm, tasks, 3).to_json()
        assert config.pop("algorithm") == arm.algorithm
        options = config.pop("options")
        defaults = train_config(TINY, replace(arm, options={}), tasks, 3).to_json()["options"]
        assert options == {**defaults, **arm.options}
        assert options["learning_rate"] == TINY.learning_rate
        assert (config.pop("reward"), config.pop("alpha")) == (arm.reward, arm.alpha)
        assert arm.reward == "sparse" or arm.options["shaping"] == "env"
        shared.append({**config, "gamma": None})  # the algorithm's own
    assert all(config == shared[0] for config in shared)


def test_every_algorithm_and_every_part_of_mira_has_an_arm():
    from webarena_gym.agents.algorithms.registry import algorithm_names

    assert {arm.name for arm in ARMS if arm.name == arm.algorithm} == set(algorithm_names())
    whole = arm_of("mira").options
    changed = [dict(arm.options.items() - whole.items()) for arm in ARMS if arm.against == "mira"]
    assert {name for options in changed for name in options} == {"objective", "advantage", "shaping", "alpha", "alpha_end", "alpha_updates", "gamma"}  # fmt: skip
    # What tells mira from webrl, which is also its ablation without a potential critic, is the potential alone.
    assert dict(whole.items() - arm_of("webrl").options.items()).keys() == {"alpha"}
    with pytest.raises(ValueError, match="no arm 'pop'; the arms are webrl, mira, bc"):
        arm_of("pop")


def test_held_out_families_are_never_trained_on():
    heldout = {family.name: family.heldout for family in families()}
    for tasks in AlgorithmsConfig().sites:
        assert all(heldout[name] for name in tasks.heldout)
        assert not any(heldout[name] for name in tasks.families)


def test_success_and_gain_are_taken_episode_by_episode():
    starts = [run_of("start", 0, "1000"), run_of("start", 1, "0010")]
    runs = [
        run_of("webrl", 0, "1100", (0, "10"), (2, "10"), (4, "11")),
        run_of("webrl", 1, "0011", (0, "00"), (2, "00"), (4, "00")),
        run_of("mira", 0, "1110", (0, "10"), (2, "11"), (4, "11")),
        run_of("mira", 1, "01-1", (0, "00"), (2, "01"), (4, "01")),
    ]
    arms = summary_of(starts, runs)["arms"]
    assert arms["start"]["val"].estimate == pytest.approx(2 / 8)
    assert arms["mira"]["val"].estimate == pytest.approx(5 / 7)  # one episode was cut off
    # Against the start: 0 1 1 0 and 0 1 - 1.
    assert arms["mira"]["gain"].estimate == pytest.approx(4 / 7)
    # Against webrl, 0 0 1 0 and 0 1 - 0, so 1 and 1 more: of the 4 ways of signs 2 are as far from 0.
    assert arms["mira"]["against"] == "webrl" and arms["mira"]["p"] == pytest.approx(2 / 4)
    assert arms["webrl"]["against"] == "start" and arms["webrl"]["p"] == pytest.approx(2 / 4)
    assert arms["mira"]["p_holm"] == pytest.approx(1.0)  # twice, being two tests


def test_a_seed_counts_once_all_its_sites_are_there():
    two = (
        *TINY.sites,
        SiteTasks(site="shopping", families=("product_price",), heldout=("price_range",), start_steps=8),
    )
    starts = [run_of("start", seed, "10", site=site) for seed in (0, 1) for site in ("reddit", "shopping")]
    runs = [run_of("webrl", 0, "11", (0, "1"), site="reddit"), run_of("webrl", 1, "01", (0, "1"), site="reddit"),
            run_of("webrl", 1, "11", (0, "1"), site="shopping")]  # fmt: skip
    arms = summary_of(starts, runs, sites=two)["arms"]
    assert arms["webrl"]["seeds"] == [1] and arms["start"]["seeds"] == [0, 1]
    assert arms["webrl"]["val"].estimate == pytest.approx(3 / 4)
    assert arms["webrl"]["by_site"]["reddit"]["val"].estimate == pytest.approx(1 / 2)
    assert "mira" not in arms
    assert summary_of([], runs) == {}


def test_steps_to_the_gain_are_read_off_the_mean_curve():
    starts = [run_of("start", seed, "00000") for seed in (0, 1)]
    # Of ten episodes mira solves 0, 4, 4 and webrl 0, 0, 4: 20 points are reached half-way to 2, and half-way from 2 to 4.
    runs = [run_of("mira", seed, "00000", (0, "00000"), (2, "11000"), (4, "11000")) for seed in (0, 1)]
    runs += [run_of("webrl", seed, "00000", (0, "00000"), (2, "00000"), (4, "11000")) for seed in (0, 1)]
    found = summary_of(starts, runs)
    assert found["arms"]["mira"]["steps_to_gain"] == pytest.approx(1.0)
    assert found["mira_against_webrl"]["steps"] == {"webrl": pytest.approx(3.0), "mira": pytest.approx(1.0)}
    assert found["mira_against_webrl"]["times_fewer"] == pytest.approx((3.0, 3.0, 3.0))  # the seeds agree
    assert "mira 1 steps, webrl 3 steps" in algorithms_summary.to_table(found)


def test_a_miss_counts_at_the_budget():
    starts = [run_of("start", seed, "00000") for seed in (0, 1)]
    runs = [run_of("mira", seed, "00000", (0, "00000"), (2, "11000"), (4, "11000")) for seed in (0, 1)]
    runs += [run_of("webrl", seed, "00000", (0, "00000"), (4, "00000")) for seed in (0, 1)]
    found = summary_of(starts, runs)["mira_against_webrl"]
    assert found["steps"]["webrl"] is None and found["times_fewer"].estimate == pytest.approx(4.0)
    assert "webrl not within the budget" in algorithms_summary.verdict(found)


def test_a_curve_lies_between_its_evaluations_in_proportion():
    run = run_of("webrl", 0, "00", (0, "00"), (3, "10"), (5, "11"))  # the grid: 0, 2, 4
    values = algorithms_summary.on_grid(run, settings_of(TINY))
    np.testing.assert_allclose(values, [[0, 0], [2 / 3, 0], [1, 1 / 2]])


def test_a_config_that_makes_no_sense_is_an_error():
    with pytest.raises(ValueError, match="seeds must be positive, got 0"):
        replace(TINY, seeds=0)
    with pytest.raises(ValueError, match="cannot be fewer than curve_episodes, got 1 and 2"):
        replace(TINY, val_episodes=1)
    with pytest.raises(ValueError, match="no arm 'pop'"):
        replace(TINY, arms=("pop",))


def test_a_comparison_that_was_stopped_goes_on_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_dir: Path
):
    monkeypatch.setenv("WEBARENA_GYM_CACHE", str(cache_dir))
    told: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    first = algorithms.measure(TINY, tmp_path, processes=1, told=told.append, written=written.append)
    assert [record["arm"] for record in told] == ["start"] * 2 + ["webrl"] * 2 + ["mira"] * 2
    assert [len(report["runs"]) for report in written] == [0, 0, 1, 2, 3, 4]
    assert first["summary"]["arms"].keys() == {"start", "webrl", "mira"} and first["cpu_s"] > 0
    assert first["arms"]["mira"]["options"] == dict(arm_of("mira").options)
    for run in first["runs"]:
        assert run["env_steps"] >= 4 and len(run["val"]) == 3 and len(run["heldout"]) == 2
        # The curve begins with the start itself, on the first of its val episodes.
        (start,) = (start for start in first["starts"] if start["seed"] == run["seed"])
        assert run["curve"][0] == [0, start["val"][:2]]

    lost = run_path(tmp_path, "mira", "reddit", 1)
    kept = json.loads(lost.read_text())
    lost.unlink()
    told.clear()
    written.clear()
    again = algorithms.measure(TINY, tmp_path, processes=1, told=told.append, written=written.append)
    assert len(told) == 6 and len(written) == 1
    assert {**again["runs"][-1], "cpu_s": 0} == {**kept, "cpu_s": 0}  # equal seeds, equal runs
    chart = algorithms_summary.algorithm_chart(again, "algorithms_off_policy")
    assert chart.name == "algorithms_off_policy" and "reddit" in chart.caption
    with pytest.raises(ValueError, match="holds runs of another config"):
        algorithms.measure(replace(TINY, env_steps=5), tmp_path)


def test_a_start_is_cloned_and_its_weights_are_what_arms_begin_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_dir: Path
):
    monkeypatch.setenv("WEBARENA_GYM_CACHE", str(cache_dir))
    config = replace(TINY, seeds=1, arms=("bc",))
    algorithms.measure(config, tmp_path, processes=1)
    weights = load_checkpoint(start_path(tmp_path, "reddit", 0).with_suffix(".pt"))["policy"]
    assert weights["out.weight"].abs().sum() > 0  # zero in an untrained network
    assert all(torch.isfinite(value).all() for value in weights.values())


def test_the_command_names_what_it_does_not_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    paths = ["--work", str(tmp_path), "--out", str(tmp_path / "a.json")]
    assert main(["bench", "algorithms", *paths, "--sites", "moon"]) == 2
    assert "no tasks are chosen for moon; the sites are shopping, reddit" in capsys.readouterr().err
    assert main(["bench", "algorithms", *paths, "--arms", "pop"]) == 2
    assert "no arm 'pop'" in capsys.readouterr().err


def test_the_pages_show_what_was_measured(tmp_path: Path):
    starts = [run_of("start", seed, "00000") for seed in (0, 1)]
    runs = [run_of("mira", seed, "11111", (0, "00000"), (2, "11000"), (4, "11000")) for seed in (0, 1)]
    runs += [run_of("webrl", seed, "00000", (0, "00000"), (4, "00000")) for seed in (0, 1)]
    summary = json.loads(json.dumps(summary_of(starts, runs)))
    report = {"summary": summary, "config": settings_of(TINY), "runs": runs, "cpu_s": 120.0, "machine": {}}
    rows = {
        line.split(" | ")[0]: line.split(" | ")
        for line in algorithms_summary.to_markdown(report).splitlines()
        if " | " in line
    }
    assert rows["| `start`"][2:5] == ["2", "0% [0, 0]", "0% [0, 0]"]
    # Every run of mira solves 5 more than webrl's: of the 4 ways of signs 2 are as far from 0; webrl's own test gives 1.
    assert rows["| `mira`"][3] == "100% [100, 100]"
    assert rows["| `mira`"][5:] == [
        "+100.0 [+100.0, +100.0]",
        "webrl",
        "+100.0 [+100.0, +100.0]",
        "0.500 (1.000)",
        "1 |",
    ]
    assert rows["| `webrl`"][-1] == "> 4 |"  # steps to the gain: not within the budget

    (tmp_path / "README.md").write_text("<!-- results -->\n<!-- end -->\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "training.md").write_text(f"before\n{MARK}\nold\n<!-- end -->\nafter\n")
    results = tmp_path / "benchmarks" / "results"
    results.mkdir(parents=True)
    (results / "algorithms.json").write_text(json.dumps(report))
    pages = rendered(tmp_path)
    table = algorithms_summary.to_markdown(report)
    assert pages[tmp_path / "docs" / "training.md"] == f"before\n{MARK}\n{table}\n<!-- end -->\nafter\n"
    assert table in pages[tmp_path / "RESULTS.md"] and "2 minutes of processor time" in pages[tmp_path / "RESULTS.md"]


def test_the_training_page_has_a_place_for_the_table():
    page = (Path(__file__).parents[2] / "docs" / "training.md").read_text("utf-8")
    assert MARK in page and "<!-- end -->" in page.split(MARK)[1]


def test_the_committed_results_are_whole_and_say_what_they_sum_up_to():
    report = json.loads((Path(__file__).parents[2] / "benchmarks" / "results" / "algorithms.json").read_text("utf-8"))
    runs = {(run["arm"], run["site"], run["seed"]) for run in report["runs"]}
    sites = ("shopping", "reddit")
    assert runs == {(arm.name, site, seed) for arm in ARMS for site in sites for seed in range(5)}
    assert not any(run["infra_errors"] for run in report["runs"])
    again = algorithms_summary.summarise(report["starts"], report["runs"], report["config"])
    assert json.loads(json.dumps(again)) == report["summary"]
    assert report["cpu_s"] < 2 * 3600 and report["machine"]["processor"]  # an hour on two cores
