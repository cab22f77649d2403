"""The scripted solutions, judged by webarena-verified: accepted or listed with the reason, and the same in both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.commands.oracle import Outcome, check_oracles, report
from webarena_gym.env import WebArenaEnv
from webarena_gym.evaluators.verified import listed
from webarena_gym.oracle_policy import play
from webarena_gym.registration import SITE_IDS
from webarena_gym.tasks.catalog import belongs
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import load_oracles
from webarena_gym.tasks.task_file import overrides
from webarena_gym.types import NetworkEvent

DOCS = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text("utf-8")
SOLUTIONS = load_oracles().asked_by("verified").solutions
SOLVED = [task for task in load_official_tasks() if task.task_id in SOLUTIONS]
SITES = [site for site in SITE_IDS if any(belongs(task, site) for task in SOLVED)]
LEAST_ACCEPTED = 125  # of 165
EVERY = 7  # at the small size, events are compared in Chromium for each seventh task


@pytest.fixture(scope="module", params=SITES)
def site(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def runs(site: str, cache_dir: Path) -> list[Outcome]:
    tasks = [int(task.task_id) for task in SOLVED]
    return [run for _, _, run in check_oracles(site, tasks=tasks, scoring="verified", cache_dir=cache_dir)]


def test_solutions_are_accepted_or_listed(site: str, runs: list[Outcome]):
    solutions = {run.task_id: run.accepted for run in runs if run.kind == "solution"}
    rejected = {task_id for task_id, accepted in solutions.items() if not accepted}
    assert rejected == {task_id for task_id in map(int, listed("rejected")) if task_id in solutions}


def test_most_solutions_are_accepted():
    """With the test above, which holds the list against every run."""
    assert len(SOLUTIONS) - len(listed("rejected")) >= LEAST_ACCEPTED


def test_wrong_runs_are_rejected_or_listed(runs: list[Outcome]):
    accepted = {(run.kind, run.task_id) for run in runs if run.kind != "solution" and run.accepted}
    known = {(kind, int(task_id)) for kind, tasks in listed("accepted").items() for task_id in tasks}
    assert accepted == {(kind, task_id) for kind, task_id in known if task_id in {run.task_id for run in runs}}


def test_the_oracle_command_fails_only_for_what_is_not_listed(runs: list[Outcome], capsys: pytest.CaptureFixture[str]):
    assert report(runs) == 0
    assert re.search(r"oracle: \d+/\d+ accepted \(\d+ rejected as listed\)", capsys.readouterr().out)
    unlisted = Outcome(46, "shopping", "string_match", "solution", accepted=False, steps=1)
    assert report([unlisted]) == 1


def test_both_engines_hand_over_the_same_events(site: str, cache_dir: Path, full_size: bool):
    with_http, with_browser = (
        WebArenaEnv(site, engine=engine, scoring="verified", cache_dir=cache_dir) for engine in ("http", "browser")
    )
    for task_id in [task_id for task_id in with_http.task_ids if task_id in SOLUTIONS][:: 1 if full_size else EVERY]:
        one, other = (_events(env, int(task_id)) for env in (with_http, with_browser))
        assert one == other, f"task {task_id}"
    with_http.close()
    with_browser.close()


def _events(env: WebArenaEnv, task_id: int) -> tuple[list[NetworkEvent], bool]:
    run = play(env, SOLUTIONS[task_id], task_id)
    return list(env.world.events), run.success


def test_events_are_documents_and_requests_of_scripts_alone(site: str, cache_dir: Path):
    env = WebArenaEnv(site, cache_dir=cache_dir)
    task_id = next(int(task_id) for task_id in env.task_ids if task_id in SOLUTIONS)
    play(env, SOLUTIONS[task_id], task_id)
    assert env.world.events
    assert not [event.url for event in env.world.events if re.search(r"\.(?:css|js|png|svg|ico)(?:\?|$)", event.url)]
    env.close()


def _rows() -> Iterator[tuple[int, str]]:
    section = DOCS.split("\n## What `verified`", 1)[1].split("\n## ", 1)[0]
    for ids, reason in re.findall(r"^\| ([\d, ]+) \| (.+?) \|$", section, flags=re.M):
        yield from ((int(task_id), reason) for task_id in ids.split(", "))


def test_the_docs_say_why_a_right_solution_is_rejected():
    rejected = listed("rejected")
    assert {str(task_id): reason for task_id, reason in _rows()} == dict(rejected)
    assert all(0 <= int(task_id) < len(overrides()["old_task_ids"]) for task_id in rejected)
