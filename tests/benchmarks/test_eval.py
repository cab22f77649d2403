"""``webarena-gym eval`` and ``compare``: equal configs play equal episodes, and a killed evaluation goes on where it was."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from webarena_gym.agents.rollout import EpisodeRequest
from webarena_gym.agents.trajectory import Trajectory
from webarena_gym.benchmarks.compare import NothingToCompare, compare, published_table
from webarena_gym.benchmarks.compare import run as run_compare
from webarena_gym.benchmarks.eval_config import EvalConfig, command_of, planned_episodes
from webarena_gym.benchmarks.eval_folder import EvalFolder, EvalFolderError, key_of
from webarena_gym.benchmarks.policies import PolicyError, check_policy, known_policies
from webarena_gym.benchmarks.run_report import LoadedRun, decision_tables, failure_table, success_table, successes_of
from webarena_gym.benchmarks.success_rate import Progress, add_arguments, config_of, evaluate
from webarena_gym.benchmarks.summary import summarize
from webarena_gym.benchmarks.written_episodes import Did, episode

from webarena_gym.cli import main

TASKS = (46, 36, 65, 104, 120)


def config(**changes) -> EvalConfig:
    return EvalConfig(**{"policy": "random", "site": "shopping", "tasks": TASKS, "max_steps": 4, **changes})


def play(folder: Path, cache_dir: Path, **changes) -> list[Progress]:
    told: list[Progress] = []
    evaluate(config(**changes), EvalFolder(folder), workers=1, cache_dir=str(cache_dir), tell=told.append)
    return told


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory, cache_dir) -> Path:
    folder = tmp_path_factory.mktemp("eval") / "whole"
    play(folder, cache_dir, k=3)
    return folder


def contents(folder: Path) -> dict[tuple[int, int], Trajectory]:
    return {key_of(t): t for t in EvalFolder(folder).played().trajectories}


def test_each_task_is_played_k_times_with_seeds_of_its_own():
    requests = planned_episodes(config(k=3))
    assert [r.task_id for r in requests] == [*TASKS] * 3  # the first episode of each task, then the second
    assert len(set(requests)) == 15 and len({r.env_seed for r in requests}) == 5


def test_a_sample_of_the_official_tasks_is_drawn_from_each_site_by_seed():
    one, again, other = (
        [r.task_id for r in planned_episodes(config(site=None, tasks="test", per_site=2, seed=seed))]
        for seed in (0, 0, 1)
    )
    assert one == again != other and len(one) == 12  # five sites, and tasks over several as a sixth
    every = planned_episodes(config(site=None, tasks="test"))
    assert len(every) == 165 and {r for r in every if r.task_id in one} == set(
        planned_episodes(config(site=None, tasks="test", per_site=2))
    )
    with pytest.raises(ValueError, match="per_site draws 1 or more of the official tasks"):
        config(per_site=2)


def test_a_config_is_written_as_the_command_that_asks_for_it():
    asked = config(
        tasks="test", per_site=3, max_steps=6, temperature=0.0, policy="llm:tiny", policy_options={"chat": False}
    )
    words = command_of(asked).split()
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert words[:2] == ["webarena-gym", "eval"]
    assert config_of(parser.parse_args([*words[2:], "--out", "x"])) == asked


def test_leaving_a_task_out_changes_nothing_for_the_others():
    fewer = planned_episodes(config(tasks=TASKS[1:]))
    assert fewer == planned_episodes(config())[1:]


def test_a_generated_split_is_drawn_by_seed():
    one, again, other = (planned_episodes(config(tasks="val", episodes=4, seed=seed)) for seed in (1, 1, 2))
    assert one == again and all(isinstance(r, EpisodeRequest) and r.task_id is None for r in one)
    assert {r.env_seed for r in one}.isdisjoint(r.env_seed for r in other)


def test_progress_counts_up_to_what_was_planned(tmp_path, cache_dir):
    told = play(tmp_path / "run", cache_dir)
    assert [p.played for p in told] == [0, 1, 2, 3, 4, 5] and {p.planned for p in told} == {5}


def test_an_evaluation_killed_at_random_moments_loses_and_repeats_no_episode(
    tmp_path, cache_dir, uninterrupted, full_size
):
    folder = tmp_path / "killed"
    command = [
        sys.executable, "-m", "webarena_gym.cli", "eval", "--policy", "random", "--site", "shopping", "--out", str(folder), "--k", "3",
        "--tasks", ",".join(map(str, TASKS)), "--max-steps", "4", "--workers", "2", "--cache-dir", str(cache_dir),
    ]  # fmt: skip
    results = folder / "trajectories.jsonl"
    longest = max(map(len, (uninterrupted / "trajectories.jsonl").read_bytes().splitlines()))
    kills, random = (25 if full_size else 2), Random(7)
    for number in range(kills):
        size = results.stat().st_size if results.exists() else 0
        # From the very start of the process to a few episodes on; and now and then a line is left half written.
        enough = size + random.randrange(0 if number else longest, 1 + (longest if full_size else 3 * longest))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not (results.exists() and results.stat().st_size >= enough):
            time.sleep(0.003 * random.random())
        process.kill()
        process.wait()
        if random.random() < 0.5:
            results.write_bytes(results.read_bytes() + results.read_bytes()[: random.randrange(1, 700)])
    before = contents(folder)
    assert full_size or 1 <= len(before) < 15
    told = play(folder, cache_dir, k=3)
    assert told[0].played == len(before)
    played = EvalFolder(folder).played()
    assert contents(folder) == contents(uninterrupted)
    assert len(played.trajectories) == 15
    # The next writer removes an unfinished line; where nothing was left to write, the line is reported and skipped.
    assert [bad.reason for bad in played.bad_lines] in ([[]] if len(before) < 15 else [[], ["cut short"]])
    assert results.read_bytes().count(b"\n") == 15


def test_a_random_policy_that_never_stops_goes_on_to_the_step_limit(tmp_path, cache_dir):
    play(tmp_path / "run", cache_dir, policy="random:never-stops")
    played = EvalFolder(tmp_path / "run").played().trajectories
    assert [(len(t.steps), t.terminated, t.truncated) for t in played] == [(4, False, True)] * 5


def test_lines_that_are_no_episode_are_reported_and_skipped(tmp_path, uninterrupted):
    for name in ("config.json", "trajectories.jsonl"):
        (tmp_path / name).write_bytes((uninterrupted / name).read_bytes())
    file = tmp_path / "trajectories.jsonl"
    whole = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([whole[0], b"\xff\xfe\n", b'{"steps": 3}\n', *whole[1:], whole[0][:100]]))
    played = EvalFolder(tmp_path).played()
    assert len(played.trajectories) == 15
    assert [bad.number for bad in played.bad_lines] == [2, 3, 18] and played.bad_lines[-1].reason == "cut short"


def test_another_config_does_not_mix_with_what_was_played(uninterrupted, cache_dir):
    with pytest.raises(EvalFolderError, match="another max_steps"):
        play(uninterrupted, cache_dir, k=3, max_steps=5)


def test_the_report_and_tables_come_with_the_command(tmp_path, cache_dir, capsys):
    arguments = ["--site", "shopping", "--tasks", "46,65", "--workers", "1", "--cache-dir", str(cache_dir)]
    assert main(["eval", "--policy", "oracle", "--out", str(tmp_path / "oracle"), *arguments]) == 0
    printed = capsys.readouterr().out
    assert "100.0% [34.2, 100.0]" in printed and "scripted oracle (not a learned policy)" in " ".join(printed.split())
    assert "<html" in (tmp_path / "oracle" / "report.html").read_text("utf-8")
    assert main(["eval", "--policy", "random", "--max-steps", "2", "--out", str(tmp_path / "random"), *arguments]) == 0
    assert main(["compare", str(tmp_path / "random"), str(tmp_path / "oracle"), "--out", str(tmp_path / "both")]) == 0
    printed = capsys.readouterr().out
    # Both tasks solved by the oracle alone: exact McNemar of 0 against 2 is 2 * (1/2)^2 = 0.5.
    assert "2 / 0" in printed and "0.5" in printed and "Gemma3-12B, MiRA" in printed
    stored = json.loads((tmp_path / "both" / "compare.json").read_text())
    assert stored["comparisons"][0]["p_value"] == 0.5 and stored["comparisons"][0]["difference"][0] == 1.0


def test_unknown_policies_and_lonely_runs_are_refused(uninterrupted, capsys):
    assert {"random", "oracle", "candidate"} <= set(known_policies())
    with pytest.raises(PolicyError, match="no policy 'wizard'"):
        check_policy("wizard:9")
    with pytest.raises(PolicyError, match="random:never-stops"):
        check_policy("random:walk")
    with pytest.raises(PolicyError, match="no option wings"):
        check_policy("llm:tiny-gemma3", {"wings": 2})
    with pytest.raises(PolicyError, match="only llm:MODEL takes options"):
        check_policy("random", {"max_prompt_tokens": 512})
    with pytest.raises(PolicyError, match="webarena-gym train"):
        check_policy("candidate:no/such/folder")
    assert main(["compare", str(uninterrupted)]) == 2 and "two folders or more" in capsys.readouterr().err
    assert run_compare.__module__.endswith("compare")


def run_of(label: str, outcomes: dict[int, list[bool | None]]) -> LoadedRun:
    """A run by hand: outcomes of each task, None for an infrastructure error."""
    played = [
        episode(
            [Did('stop("")', "/")],
            task_id=task,
            seed=seed,
            success=bool(outcome),
            infra_error=None if outcome is not None else "x",
        )
        for task, found in outcomes.items()
        for seed, outcome in enumerate(found)
    ]
    return LoadedRun(
        folder=EvalFolder(Path("none")), config=config(), about={}, label=label, note="", trajectories=tuple(played), planned=len(played),
        bad_lines=(),
    )  # fmt: skip


def test_infrastructure_errors_stand_apart_and_in_no_rate():
    run = run_of("a", {1: [True, None], 2: [False, False], 3: [None, None]})
    (shop, everything) = run.summaries
    assert (shop.tasks, shop.episodes, shop.infra_errors, everything.success.estimate) == (
        2,
        3,
        3,
        pytest.approx(1 / 3),
    )
    row = success_table(run).rows[-1]
    assert row[1:3] == ["2", "3"] and row[-1] == "3"
    assert failure_table([run]).rows[0][2] == "2"  # both failures are wrong stops


def test_key_decisions_are_counted_where_a_reference_solved_the_task():
    right = episode([Did("click(2)", "/cart"), Did("click(3)", "/paid"), Did('stop("")', "/paid")], success=True)
    strayed = [
        episode([Did("click(1)", "/"), Did('stop("")', "/")], seed=1),  # at the first action
        episode([Did("click(2)", "/cart"), Did('stop("")', "/cart")], seed=2),  # at the stop, the second action
        episode([Did("click(1)", "/")], seed=3, task_id=2),  # nobody solved task 2
    ]
    run = replace(run_of("a", {}), trajectories=tuple(strayed))
    assert decision_tables([run], {}) == []
    (table,) = decision_tables([run], successes_of(replace(run, trajectories=(right, *strayed))))
    # Actions 1 and 2: median 1.5; one of two at the first action, one of two at the stop.
    assert table.rows[0][:3] == ["a", "2", "1.5"]
    assert table.rows[0][3].startswith("50%") and table.rows[0][4].startswith("50%")


def test_pass_at_k_is_the_mean_over_tasks():
    (_, everything) = summarize(run_of("a", {1: [True, False], 2: [False, False]}).trajectories)
    # Task 1: one of two draws succeeds, so pass@1 = 1/2 and pass@2 = 1; task 2: 0 and 0.
    assert {k: interval.estimate for k, interval in everything.pass_at.items()} == {1: 0.25, 2: 0.5}


def test_runs_are_compared_on_the_tasks_that_both_scored():
    first = run_of("first", {1: [False], 2: [True], 3: [False], 4: [None]})
    second = run_of("second", {1: [True], 2: [True], 3: [True], 4: [True], 5: [True]})
    (found,) = compare([first, second])
    # Tasks 1, 2, 3; the second is better on two. Exact McNemar: 2 * (1/2)^2 = 1/2. Mean difference 2/3.
    assert (found.tasks, found.only_second, found.only_first, found.p_value) == (3, 2, 0, 0.5)
    assert found.difference.estimate == pytest.approx(2 / 3)
    with pytest.raises(NothingToCompare, match="share no task"):
        compare([first, run_of("third", {9: [True]})])


def test_published_rows_come_with_their_source_and_a_warning():
    table, remark = published_table()
    mira = next(row for row in table.rows if row[0] == "Gemma3-12B, MiRA")
    assert mira[1:7] == ["73.7", "56.7", "54.3", "30.8", "28.9", "43.0"] and all(row[-1] for row in table.rows)
    assert "real sites" in remark
