"""Tasks over the forum and GitLab: solved, wrong runs rejected, and what is written on one site is what the other shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from webarena_gym.commands.oracle import Outcome, check_oracles
from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import Run, play
from webarena_gym.sites.world import World
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import multisite_forum

from ..solutions import MAX_STEPS, accepted_wrongly, unsolved

TASKS = (127, 146, 147, 161)
ONE_OF_A_KIND = (147, 161)  # the live page of the second site, an answer about it
DIY, CARS = 10007, 10046  # forums; the second is renamed, as there is none of cars


def outcomes(cache_dir: Path, **options: Any) -> list[Outcome]:
    return [run for _, _, run in check_oracles("multisite", cache_dir=cache_dir, **{"tasks": TASKS, **options})]


class EditedWorld(World):
    """Sites in which some rows are other ones from the start of each episode: site -> statements."""

    edits: Mapping[str, tuple[str, ...]] = {}

    def reset(self) -> None:
        super().reset()
        for site, statements in self.edits.items():
            for statement in statements:
                self.store(site).connection.execute(statement)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def env(cache_dir: Path) -> Iterator[WebArenaEnv]:
    made = WebArenaEnv("multisite", world=EditedWorld(["reddit", "gitlab"], cache_dir=cache_dir))
    yield made
    made.close()


def solve(env: WebArenaEnv, task_id: int, **edits: tuple[str, ...]) -> Run:
    assert isinstance(env.world, EditedWorld)
    env.world.edits = edits
    run = play(env, multisite_forum.ORACLES[task_id], task_id)
    assert not run.error, run.error
    return run


def rows(env: WebArenaEnv, site: str, sql: str) -> list[Any]:
    return [tuple(row) for row in env.world.store(site).connection.execute(sql)]  # type: ignore[arg-type]


def addresses(env: WebArenaEnv, condition: str) -> list[str]:
    """The addresses of posts."""
    found = rows(
        env,
        "reddit",
        f"SELECT f.name, s.id, s.slug FROM submission s JOIN forum f ON f.id = s.forum_id WHERE {condition}",
    )
    return [f"http://reddit.test/f/{forum}/{number}/{slug}" for forum, number, slug in found]


def test_these_are_the_tasks_over_the_forum_and_gitlab() -> None:
    over_both = [task.task_id for task in load_official_tasks() if set(task.sites) == {"reddit", "gitlab"}]
    assert sorted(over_both) == sorted(TASKS) == sorted(multisite_forum.ORACLES)


@pytest.mark.parametrize("scoring", ["lite", "strict", "hardened"])
def test_every_task_is_solved_and_wrong_runs_are_rejected(scoring: str, cache_dir: Path) -> None:
    found = outcomes(cache_dir, scoring=scoring)
    assert sum(run.kind == "solution" for run in found) == len(TASKS)
    assert unsolved(found) == []
    assert accepted_wrongly(found) == []
    assert {run.task_id for run in found if run.kind == "near miss"} == set(TASKS) - {161}
    assert max(run.steps for run in found) < MAX_STEPS


def test_solutions_are_the_same_in_chromium(cache_dir: Path, full_size: bool) -> None:
    found = outcomes(cache_dir, engine="browser", tasks=TASKS if full_size else ONE_OF_A_KIND, negatives=full_size)
    assert unsolved(found) == []
    assert accepted_wrongly(found) == []


def test_the_readme_links_to_what_is_active_now(env: WebArenaEnv) -> None:
    turned = f"UPDATE submission SET last_active = 2000000000 - last_active WHERE forum_id = {DIY}"
    run = solve(env, 127, reddit=(turned,))
    [(readme,)] = rows(
        env,
        "gitlab",
        "SELECT f.content FROM file f JOIN project p ON p.id = f.project_id WHERE p.path = 'do-it-myself'",
    )
    written = [line[2:] for line in readme.splitlines() if line.startswith("- ")]
    assert written == addresses(env, f"s.forum_id = {DIY} ORDER BY s.last_active DESC, s.id DESC LIMIT 8")
    assert not run.success  # official scoring wants the eight of the shipped facts


def test_the_post_is_in_the_forum_that_fits_and_links_to_the_project_that_is_found(env: WebArenaEnv) -> None:
    moved = "UPDATE project SET path = 'chatgpt-shell', full_path = 'convexegg/chatgpt-shell' WHERE full_path = 'convexegg/chatgpt'"
    swapped = (
        "UPDATE forum SET description = 'Talk about things with a motor.' WHERE name = 'deeplearning'",
        "UPDATE forum SET description = 'Neural networks and the tools for them.' WHERE name = 'gadgets'",
    )
    solve(env, 146, gitlab=(moved,), reddit=swapped)
    [(forum, body)] = rows(
        env,
        "reddit",
        "SELECT f.name, s.body FROM submission s JOIN forum f ON f.id = s.forum_id ORDER BY s.id DESC LIMIT 1",
    )
    assert forum == "gadgets"
    assert body.endswith(" http://gitlab.test/convexegg/chatgpt-shell")


def test_the_post_has_the_description_that_the_project_has_now(env: WebArenaEnv) -> None:
    described = (
        "UPDATE project SET description = 'Keeps things in the browser' WHERE full_path = 'auth0/angular-storage'"
    )
    run = solve(env, 147, gitlab=(described,))
    [(title, url)] = rows(env, "reddit", "SELECT title, url FROM submission ORDER BY id DESC LIMIT 1")
    assert (title, url) == ("Keeps things in the browser", "http://gitlab.test/auth0/angular-storage")
    assert not run.success


def test_na_comes_after_a_look_at_the_forum_and_at_the_list_of_forums(env: WebArenaEnv) -> None:
    run = solve(env, 161)
    assert run.actions[-1] == 'stop("N/A")'
    urls = [info["url"] for _, _, info in run.steps]
    assert "http://reddit.test/f/cars" in urls and urls[-1] == "http://reddit.test/forums"


def test_where_the_forum_is_there_the_file_has_its_newest_posts(env: WebArenaEnv) -> None:
    run = solve(env, 161, reddit=(f"UPDATE forum SET name = 'cars' WHERE id = {CARS}",))
    assert run.actions[-1] == 'stop("")'
    [(content,)] = rows(
        env,
        "gitlab",
        "SELECT f.content FROM file f JOIN project p ON p.id = f.project_id WHERE p.path = 'gimmiethat.space' AND f.path = 'car/urls.txt'",
    )
    assert content.split() == addresses(env, f"s.forum_id = {CARS} ORDER BY s.id DESC LIMIT 5")
