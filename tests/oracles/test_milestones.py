"""Solutions come by the milestones of their tasks: by all of them, and in task order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import Run, play
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import load_oracles

SOLUTIONS = load_oracles().solutions
UNORDERED = {93}  # whose complaint is read first is all the same


@pytest.fixture(scope="module")
def env(cache_dir: Path) -> Iterator[WebArenaEnv]:
    made = WebArenaEnv(cache_dir=cache_dir)
    yield made
    made.close()


@pytest.fixture(params=sorted(SOLUTIONS))
def run(request: pytest.FixtureRequest, env: WebArenaEnv) -> Run:
    return play(env, SOLUTIONS[request.param], request.param)


def reached_at(run: Run) -> dict[str, int]:
    """The step at which each milestone was first reached; those that never were are missing."""
    infos = [info for _, _, info in run.steps]
    names = infos[-1]["milestones"]
    steps = {name: [n for n, info in enumerate(infos) if info["milestones"][name]] for name in names}
    return {name: held[0] for name, held in steps.items() if held}


def test_solutions_reach_every_milestone_in_order(run: Run) -> None:
    found = reached_at(run)
    assert set(found) == set(run.steps[-1][2]["milestones"])
    assert run.task_id in UNORDERED or list(found.values()) == sorted(found.values()), found


def test_every_task_that_is_out_of_order_is_an_official_one_with_a_solution() -> None:
    assert {task.task_id for task in load_official_tasks()} >= set(SOLUTIONS) >= UNORDERED
