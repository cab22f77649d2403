"""``webarena-gym oracle``: the table, the time, the file of runs, and an exit status that notices wrong verdicts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from webarena_gym.cli import main
from webarena_gym.commands.oracle import Outcome, report, runs_of
from webarena_gym.tasks.oracles import load_oracles

SOLVED = Outcome(15, "map", "string_match", "solution", True, 3)
REJECTED = replace(SOLVED, kind="nothing", accepted=False)


def test_a_run_prints_a_row_for_each_site_and_kind_of_rules_and_the_time(
    cache_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "runs.json"
    assert (
        main(["oracle", "--all", "--tasks", "15", "87", "102", "--cache-dir", str(cache_dir), "--json", str(file)]) == 0
    )
    printed = capsys.readouterr().out
    assert re.findall(r"│ (map|wikipedia\S+) +│ (string_match|program_html) +│ (\d/\d) ", printed) == [
        ("map", "program_html", "1/1"), ("map", "string_match", "1/1"), ("wikipedia+map", "program_html", "1/1"),
    ]  # fmt: skip
    runs = json.loads(file.read_text())
    assert re.search(rf"^oracle: 3/3 accepted; negatives: \d+/{len(runs) - 3} accepted$", printed, re.M)
    assert re.search(
        rf"^{len(runs)} episodes in \d+\.\d s, \d+\.\d s of processor time here \(http engine, lite scoring\)$",
        printed,
        re.M,
    )
    assert {run["task_id"] for run in runs} == {15, 87, 102}
    assert {run["kind"] for run in runs} == {"solution", "nothing", "bare N/A", "wrong answer", "near miss"}


def test_every_task_has_a_solution_and_runs_that_must_be_rejected() -> None:
    oracles = load_oracles()
    assert sorted(oracles.solutions) == list(range(165))
    for task_id in oracles.solutions:
        kinds = [kind for kind, _ in runs_of(task_id, oracles)]
        assert kinds[:3] == ["solution", "nothing", "bare N/A"] and len(kinds) > 3, task_id


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([SOLVED, REJECTED], 0),
        ([replace(SOLVED, accepted=False), REJECTED], 1),
        ([SOLVED, replace(REJECTED, accepted=True)], 1),
        ([SOLVED, replace(REJECTED, accepted=True, listed=True)], 0),
        ([replace(SOLVED, accepted=False, listed=True), REJECTED], 0),
    ],
)
def test_the_exit_status_notices_every_wrong_verdict_that_is_not_listed(outcomes: list[Outcome], status: int) -> None:
    assert report(outcomes) == status


def test_a_run_without_a_choice_of_tasks_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["oracle"]) == 2
    assert "--site SITE or --all" in capsys.readouterr().err
