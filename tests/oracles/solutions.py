"""Every task of a site is solved by its script, and every kind of wrong run is rejected, by each scoring and engine."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import ClassVar

import pytest

from webarena_gym.commands.oracle import Outcome, check_oracles
from webarena_gym.env import WebArenaEnv
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.schema import Task

MAX_STEPS = 30
# What a run's detail begins with where only the scorer objects.
CHECKS = ("string_match: ", "url_match: ", "program_html: ", "fuzzy_match: ")


class SolutionChecks:
    """Subclass it as ``Test<Site>Solutions`` and set what follows.

    ``site``: its tasks are those of this site alone. ``task_count``: how many they are. ``one_of_a_kind``: the fewest of
    them with a task for each rule and each combination of checks; these run in Chromium at the small size.
    ``unsolved_when_strict``: what no honest answer can pass under the official rules taken bit for bit.
    """

    site: ClassVar[str]
    task_count: ClassVar[int]
    one_of_a_kind: ClassVar[Collection[int]]
    unsolved_when_strict: ClassVar[Collection[int]] = ()

    @pytest.fixture(scope="class", params=["lite", "strict"])
    @classmethod
    def runs(cls, request: pytest.FixtureRequest, cache_dir: Path) -> tuple[str, list[Outcome]]:
        """The name of a scoring, and all solutions and negatives under it, in http."""
        return request.param, outcomes(cls.site, cache_dir, scoring=request.param)

    def test_every_task_is_solved(self, runs: tuple[str, list[Outcome]]) -> None:
        scoring, found = runs
        assert sum(outcome.kind == "solution" for outcome in found) == len(tasks_of(self.site)) == self.task_count
        assert unsolved(found) == (sorted(self.unsolved_when_strict) if scoring == "strict" else [])

    def test_no_wrong_run_is_accepted_that_is_not_listed(self, runs: tuple[str, list[Outcome]]) -> None:
        assert accepted_wrongly(runs[1]) == []

    def test_every_kind_of_wrong_run_was_tried(self, runs: tuple[str, list[Outcome]]) -> None:
        tried = {(outcome.task_id, outcome.kind) for outcome in runs[1]}
        for task in tasks_of(self.site):
            kind = "wrong answer" if task.spec.strings else "near miss"
            assert {(task.task_id, "nothing"), (task.task_id, "bare N/A"), (task.task_id, kind)} <= tried

    def test_solutions_end_within_an_episode(self, runs: tuple[str, list[Outcome]]) -> None:
        steps = {outcome.task_id: outcome.steps for outcome in runs[1] if outcome.kind == "solution"}
        assert max(steps.values()) < MAX_STEPS, steps

    def test_near_misses_do_something(self, runs: tuple[str, list[Outcome]]) -> None:
        """A near miss acts as its solution does up to one wrong choice; one that found no way would stop at once."""
        tried = [outcome for outcome in runs[1] if outcome.kind == "near miss"]
        unanswered = {task.task_id for task in tasks_of(self.site) if not task.spec.strings}
        assert unanswered <= {outcome.task_id for outcome in tried}
        assert [
            outcome
            for outcome in tried
            if outcome.steps < 2 or not (outcome.listed or outcome.detail.startswith(CHECKS))
        ] == []

    def test_solutions_are_the_same_in_chromium(self, cache_dir: Path, full_size: bool) -> None:
        """All tasks at full size, wrong runs included; else one task for each rule."""
        chosen = None if full_size else self.one_of_a_kind
        found = outcomes(self.site, cache_dir, engine="browser", tasks=chosen, negatives=full_size)
        assert sum(outcome.kind == "solution" for outcome in found) == (
            self.task_count if chosen is None else len(chosen)
        )
        assert unsolved(found) == []
        assert accepted_wrongly(found) == []

    def test_one_of_a_kind_is_one_of_each_kind(self) -> None:
        tasks = tasks_of(self.site)
        chosen = [task for task in tasks if task.task_id in self.one_of_a_kind]
        assert len(chosen) == len(self.one_of_a_kind)
        assert _rules(chosen) == _rules(tasks)
        assert _combinations(chosen) == _combinations(tasks)

    def test_the_default_env_allows_the_steps_that_were_counted(self) -> None:
        env = WebArenaEnv(self.site)
        assert env.config.max_steps == MAX_STEPS
        env.close()


def tasks_of(site: str) -> list[Task]:
    return [task for task in load_official_tasks() if task.sites == (site,)]


def outcomes(site: str, cache_dir: Path, **options: object) -> list[Outcome]:
    return [outcome for _, _, outcome in check_oracles(site, cache_dir=cache_dir, **options)]  # type: ignore[arg-type]


def unsolved(found: list[Outcome]) -> list[int]:
    return [outcome.task_id for outcome in found if outcome.kind == "solution" and not outcome.accepted]


def accepted_wrongly(found: list[Outcome]) -> list[tuple[int, str, str]]:
    wrong = (outcome for outcome in found if outcome.kind != "solution" and outcome.accepted and not outcome.listed)
    return [(outcome.task_id, outcome.kind, outcome.detail) for outcome in wrong]


def _rules(tasks: Collection[Task]) -> set[str]:
    return {check.rule for task in tasks for check in task.spec.strings}


def _combinations(tasks: Collection[Task]) -> set[tuple[bool, bool, bool]]:
    return {(bool(task.spec.strings), bool(task.spec.urls), bool(task.spec.html)) for task in tasks}
