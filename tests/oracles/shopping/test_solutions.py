"""Every shopping task is solved by its script, and every kind of wrong run is rejected, by each scoring and engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from webarena_gym.commands.oracle import Outcome, check_oracles
from webarena_gym.env import WebArenaEnv
from webarena_gym.tasks.official import load_official_tasks

MAX_STEPS = 30
TASKS = [task for task in load_official_tasks() if task.sites == ("shopping",)]
# One for each rule: exact_match, must_include, fuzzy_match, url_match, pages fetched, the live page with an address.
ONE_OF_A_KIND = (74, 46, 84, 77, 104, 142)
# What a run's detail begins with where only the scorer objects.
CHECKS = ("url_match: ", "program_html: ", "fuzzy_match: ")


def outcomes(cache_dir: Path, **options: object) -> list[Outcome]:
    return [outcome for _, _, outcome in check_oracles("shopping", cache_dir=cache_dir, **options)]  # type: ignore[arg-type]


def unsolved(found: list[Outcome]) -> list[int]:
    return [outcome.task_id for outcome in found if outcome.kind == "solution" and not outcome.accepted]


def accepted_wrongly(found: list[Outcome]) -> list[tuple[int, str, str]]:
    wrong = (outcome for outcome in found if outcome.kind != "solution" and outcome.accepted and not outcome.listed)
    return [(outcome.task_id, outcome.kind, outcome.detail) for outcome in wrong]


@pytest.fixture(scope="module", params=["lite", "strict"])
def runs(request: pytest.FixtureRequest, cache_dir: Path) -> tuple[str, list[Outcome]]:
    """The name of a scoring, and all solutions and negatives under it, in http."""
    return request.param, outcomes(cache_dir, scoring=request.param)


def test_every_task_is_solved_but_94_under_strict_scoring(runs: tuple[str, list[Outcome]]) -> None:
    """The official rule wants the answer to task 94 to hold the words "65 |OR| 3", which no honest answer does."""
    scoring, found = runs
    assert sum(outcome.kind == "solution" for outcome in found) == len(TASKS) == 45
    assert unsolved(found) == ([94] if scoring == "strict" else [])


def test_no_wrong_run_is_accepted_that_is_not_listed(runs: tuple[str, list[Outcome]]) -> None:
    assert accepted_wrongly(runs[1]) == []


def test_every_kind_of_wrong_run_was_tried(runs: tuple[str, list[Outcome]]) -> None:
    tried = {(outcome.task_id, outcome.kind) for outcome in runs[1]}
    for task in TASKS:
        kind = "wrong answer" if task.spec.strings else "near miss"
        assert {(task.task_id, "nothing"), (task.task_id, "bare N/A"), (task.task_id, kind)} <= tried


def test_solutions_end_within_an_episode(runs: tuple[str, list[Outcome]]) -> None:
    steps = {outcome.task_id: outcome.steps for outcome in runs[1] if outcome.kind == "solution"}
    assert max(steps.values()) < MAX_STEPS, steps


def test_near_misses_do_something(runs: tuple[str, list[Outcome]]) -> None:
    """A near miss acts as its solution does up to one wrong choice; one that found no way would stop at once."""
    tried = [outcome for outcome in runs[1] if outcome.kind == "near miss"]
    assert {outcome.task_id for outcome in tried} == {task.task_id for task in TASKS if not task.spec.strings}
    assert [outcome for outcome in tried if outcome.steps < 2 or not outcome.detail.startswith(CHECKS)] == []


def test_solutions_are_the_same_in_chromium(cache_dir: Path, full_size: bool) -> None:
    """All tasks at full size, wrong runs included; else one task for each rule."""
    found = outcomes(cache_dir, engine="browser", tasks=None if full_size else ONE_OF_A_KIND, negatives=full_size)
    assert sum(outcome.kind == "solution" for outcome in found) == (len(TASKS) if full_size else len(ONE_OF_A_KIND))
    assert unsolved(found) == []
    assert accepted_wrongly(found) == []


def test_one_of_a_kind_is_one_of_each_kind() -> None:
    chosen = [task.spec for task in TASKS if task.task_id in ONE_OF_A_KIND]
    rules = {check.rule for spec in chosen for check in spec.strings}
    assert rules == {"exact_match", "must_include", "fuzzy_match"}
    assert {(bool(spec.strings), bool(spec.urls), bool(spec.html)) for spec in chosen} == {
        (bool(task.spec.strings), bool(task.spec.urls), bool(task.spec.html)) for task in TASKS
    }


def test_the_default_env_allows_the_steps_that_were_counted() -> None:
    env = WebArenaEnv("shopping")
    assert env.config.max_steps == MAX_STEPS
    env.close()
