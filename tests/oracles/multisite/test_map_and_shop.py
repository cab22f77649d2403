"""Tasks over two of map, encyclopedia, shop, admin and forum: solved, wrong runs rejected, and other facts other ends."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from webarena_gym.commands.oracle import Outcome, check_oracles
from webarena_gym.env import WebArenaEnv
from webarena_gym.observed import parse_observation
from webarena_gym.oracle_policy import Run, play
from webarena_gym.sites import wikipedia
from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.world import World
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import load_oracles, multisite_map, multisite_shop

from ..solutions import MAX_STEPS, accepted_wrongly, unsolved
from .test_forum import EditedWorld

ORACLES = {**multisite_map.ORACLES, **multisite_shop.ORACLES}
TASKS = (23, 64, 102, 144, 155, 158)
# An answer read on the map, the live page of the map, a post with an address and two texts of its page.
ONE_OF_A_KIND = (64, 144, 155)
SEED = Path(wikipedia.__file__).parent / "seed"


def outcomes(cache_dir: Path, **options: Any) -> list[Outcome]:
    return [run for _, _, run in check_oracles("multisite", cache_dir=cache_dir, **{"tasks": TASKS, **options})]


def test_with_the_forum_and_gitlab_these_are_all_tasks_over_two_sites() -> None:
    over_two = [task.task_id for task in load_official_tasks() if len(task.sites) == 2]
    assert sorted(over_two) == sorted([*TASKS, 127, 146, 147, 161])
    assert sorted(ORACLES) == sorted(TASKS)


@pytest.fixture(scope="module", params=["lite", "strict"])
def found(request: pytest.FixtureRequest, cache_dir: Path) -> list[Outcome]:
    """All runs under a scoring, in http."""
    return outcomes(cache_dir, scoring=request.param)


def test_every_task_is_solved_and_wrong_runs_are_rejected(found: list[Outcome]) -> None:
    assert sum(run.kind == "solution" for run in found) == len(TASKS)
    assert unsolved(found) == []
    assert accepted_wrongly(found) == []
    unanswered = {task.task_id for task in load_official_tasks() if task.task_id in TASKS and not task.spec.strings}
    assert {run.task_id for run in found if run.kind == "near miss"} == unanswered
    assert max(run.steps for run in found) < MAX_STEPS


def test_near_misses_end_on_a_page_that_only_the_scorer_objects_to(found: list[Outcome]) -> None:
    missed = [run for run in found if run.kind == "near miss"]
    assert [run for run in missed if not (run.listed or run.detail.startswith("program_html: "))] == []


def test_hardened_takes_every_solution_and_no_wrong_run(cache_dir: Path) -> None:
    found = outcomes(cache_dir, scoring="hardened")
    assert unsolved(found) == []
    assert [(run.task_id, run.kind) for run in found if run.kind != "solution" and run.accepted] == []


def test_solutions_are_the_same_in_chromium(cache_dir: Path, full_size: bool) -> None:
    found = outcomes(cache_dir, engine="browser", tasks=TASKS if full_size else ONE_OF_A_KIND, negatives=full_size)
    assert unsolved(found) == []
    assert accepted_wrongly(found) == []


# --- other facts ---


def of(facts: dict[str, Any], title: str) -> dict[str, Any]:
    (article,) = [article for article in facts["articles"] if article["title"] == title]
    return article


def harvard_first(facts: dict[str, Any]) -> None:
    rows = of(facts, "SCImago Institutions Rankings")["sections"][1]["table"]["rows"]
    rows[0][0], rows[1][0] = rows[1][0], rows[0][0]


def island_in_the_west(facts: dict[str, Any]) -> None:
    of(facts, "Vinalhaven, Maine")["infobox"][3][1] = "34.05, -119.40"  # off California


def fourth_flight_elsewhere(facts: dict[str, Any]) -> None:
    rows = of(facts, "September 11 attacks")["sections"][0]["table"]["rows"]
    rows[3][1] = "a field near Pittsburgh"


def team_moved(facts: dict[str, Any]) -> None:
    rows = of(facts, "National Basketball Association")["sections"][0]["table"]["rows"]
    rows[1][2] = "[[Fenway Park]]"


@pytest.fixture(scope="module")
def reread(cache_dir: Path) -> Iterator[Callable[[Callable[[dict[str, Any]], None], int], Run]]:
    """``reread(change, task_id)``: the solution of a task played with an encyclopedia of changed facts.

    The other sites are as they ship, so only the encyclopedia of the two is built from the facts.
    """
    shipped = json.loads((SEED / "facts.json").read_text(encoding="utf-8"))

    class RewrittenWorld(World):
        def _opened(self, host: str) -> Any:
            self._options = self.rewritten if host == "wikipedia.test" else BuildOptions()
            return super()._opened(host)

        rewritten = BuildOptions()

    envs: list[WebArenaEnv] = []

    def run(change: Callable[[dict[str, Any]], None], task_id: int) -> Run:
        facts = copy.deepcopy(shipped)
        change(facts)
        world = RewrittenWorld(["wikipedia", "map", "homepage"], cache_dir=cache_dir)
        world.rewritten = BuildOptions(facts=facts)
        envs.append(WebArenaEnv("multisite", world=world))
        return play(envs[-1], load_oracles().solutions[task_id], task_id)

    yield run
    for env in envs:
        env.close()


def last_page(run: Run) -> Mapping[str, str]:
    """The fields of the page stood on at the end."""
    return {element.name: element.value for element in parse_observation(run.steps[-1][1]).elements if element.value}


def filled(run: Run, text: str) -> bool:
    return any(action.startswith("fill(") and text in action for action in run.actions)


def test_another_school_at_the_top_is_driven_to(reread: Callable[..., Run]) -> None:
    run = reread(harvard_first, 23)
    assert filled(run, '"Harvard University"') and not filled(run, "Massachusetts Institute")


def test_another_place_of_the_island_has_another_park_next_to_it(reread: Callable[..., Run]) -> None:
    run = reread(island_in_the_west, 64)
    assert filled(run, '"Channel Islands National Park"') and not filled(run, "Acadia")


def test_another_place_of_the_crash_is_opened(reread: Callable[..., Run]) -> None:
    run = reread(fourth_flight_elsewhere, 102)
    assert filled(run, '"Pittsburgh, Pennsylvania"')
    assert "Allegheny County" in run.steps[-1][1] and not run.success


def test_another_arena_is_gone_to(reread: Callable[..., Run]) -> None:
    run = reread(team_moved, 155)
    assert "Fenway Park" in last_page(run)["To"] and not run.success


def test_as_shipped_the_same_runs_are_accepted(reread: Callable[..., Run]) -> None:
    assert [reread(lambda facts: None, task_id).success for task_id in (23, 64, 102, 155)] == [True] * 4


def solve(
    cache_dir: Path, sites: tuple[Any, ...], task_id: int, edits: Mapping[str, tuple[str, ...]]
) -> tuple[WebArenaEnv, Run]:
    world = EditedWorld(sites, cache_dir=cache_dir)
    world.edits = edits
    env = WebArenaEnv("multisite", world=world)
    return env, play(env, ORACLES[task_id], task_id)


def test_the_way_leads_to_where_the_customer_lives_now(cache_dir: Path) -> None:
    moved = "UPDATE customer_address SET city = 'Philadelphia', region = 'Pennsylvania' WHERE city = 'Hoboken'"
    env, run = solve(cache_dir, ("map", "shopping_admin", "homepage"), 158, {"shopping_admin": (moved,)})
    fields = last_page(run)
    assert "Allentown" in fields["From"] and "Philadelphia" in fields["To"] and not run.success
    env.close()


def test_the_post_has_the_titles_that_one_star_reviews_have_now(cache_dir: Path) -> None:
    """One that got better is left out, and one with another title goes by that."""
    better = "UPDATE review SET stars = 4 WHERE title = 'Unable to set neutral steering'"
    renamed = "UPDATE review SET title = 'Broke within a week' WHERE title LIKE 'Crazy problems%'"
    env, run = solve(cache_dir, ("shopping", "reddit", "homepage"), 144, {"shopping": (better, renamed)})
    [(title, body)] = [
        tuple(row)
        for row in env.world.store("reddit").connection.execute(
            "SELECT title, body FROM submission ORDER BY id DESC LIMIT 1"
        )
    ]
    assert title == "real user feedback on Racing Wheel Overdrive for Xbox X"
    assert "Broke within a week" in body and "neutral steering" not in body and not run.success
    env.close()
