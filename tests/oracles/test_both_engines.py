"""Every page that a scripted solution sees is the same text in both engines, what was typed into it included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import play
from webarena_gym.registration import SITE_IDS
from webarena_gym.tasks.oracles import load_oracles

EVERY = 12  # at the small size, each twelfth task of a site
SOLUTIONS = load_oracles().solutions


@pytest.fixture(scope="module", params=SITE_IDS)
def envs(request: pytest.FixtureRequest, cache_dir: Path) -> Iterator[tuple[WebArenaEnv, WebArenaEnv]]:
    made = tuple(WebArenaEnv(request.param, engine=engine, cache_dir=cache_dir) for engine in ("http", "browser"))
    yield made
    for env in made:
        env.close()


def test_both_engines_show_the_same_on_every_page_that_solutions_see(
    envs: tuple[WebArenaEnv, WebArenaEnv], full_size: bool
):
    http, browser = envs
    seen = 0
    for task_id in http.task_ids[:: 1 if full_size else EVERY]:
        run = play(http, SOLUTIONS[int(task_id)], task_id)
        observation, _ = browser.reset(options={"task_id": task_id})
        assert observation == run.observation, task_id
        for action, wanted, info in run.steps:
            observation, *_, there = browser.step(action)
            assert there["infra_error"] is None, (task_id, action)
            assert observation == wanted, (task_id, action)
            assert (there["url"], there["milestones"], there["success"]) == (
                info["url"],
                info["milestones"],
                info["success"],
            )
            seen += 1
    assert seen >= 3
    print(f"{http.config.site}: {seen} pages, all equal")
