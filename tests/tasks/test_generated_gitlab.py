"""GitLab's families: how many and how long, and what their predicates reject beside what test_generated.py says of all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import play
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.generated.gitlab import FAMILIES
from webarena_gym.tasks.generated.gitlab_data import quoted
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import stop
from webarena_gym.tasks.oracles.screen import Screen

BY_NAME = {family.name: family for family in FAMILIES}
WORDS_OF_THE_SITE = {"bug", "question", "Due date", "Title", "Location"}  # labels, orders and fields, not anybody's
INFEASIBLE = {"project_unknown", "member_unknown"}


@pytest.fixture(scope="module")
def env(cache_dir):
    made = WebArenaEnv("gitlab", tasks=[f"{name}-000007" for name in BY_NAME], cache_dir=cache_dir)
    made.reset()
    yield made
    made.close()


def test_there_are_enough_of_all_kinds_of_graded_length():
    assert len(FAMILIES) >= 8 and BY_NAME.keys() > INFEASIBLE
    assert 1 <= sum(family.heldout for family in FAMILIES) <= len(FAMILIES) / 3
    lengths = {family.length for family in FAMILIES}
    assert min(lengths) == 2 and max(lengths) >= 15 and len(lengths) >= 7


def test_a_family_is_as_long_as_it_says(env):
    for family in FAMILIES:
        actions = [play(env, family.oracle, f"{family.name}-{number:06d}").actions for number in (7, 8)]
        assert all(abs(len(taken) - family.length) <= 1 for taken in actions), (family.name, actions)


def test_no_two_parameter_sets_make_one_intent(env, full_size):
    store = env.world.store
    for family in FAMILIES:
        step = 1 if full_size else 29
        drawn = range(0, family.count(store), step)
        intents = {family.task(index * len(family.wordings), store, BASE_URLS).intent for index in drawn}
        assert len(intents) == len(drawn), family.name


def test_twenty_thousand_training_tasks_are_there(env):
    total = sum(family.count(env.world.store) * len(family.wordings) for family in FAMILIES if not family.heldout)
    assert total * 0.9 >= 20_000


def test_no_task_is_about_what_official_tasks_are_about(env):
    official = " ".join(task.intent for task in load_official_tasks() if "gitlab" in task.sites).lower()
    store = env.world.store
    for family in FAMILIES:
        for index in range(0, family.count(store), 90):
            intent = family.task(index * len(family.wordings), store, BASE_URLS).intent
            for name in re.findall(r'"([^"]+)"', intent):
                assert name.lower() not in official or name in WORDS_OF_THE_SITE, intent


def _wrong_project(screen: Screen) -> Iterator[str]:
    """Star the project that is listed first, whatever its name."""
    yield screen.click("link", "Dashboard")
    yield from screen.follow("link", "Explore")
    yield screen.click("link", next(e.name for e in screen.all("link", " / ")))
    yield screen.click("button", "tar")
    yield stop()


def test_another_project_starred_is_no_success(env):
    run = play(env, _wrong_project, "project_star-000007")
    assert run.actions and not run.error and not run.success


def test_the_right_answer_without_a_look_is_none(env):
    for name in ("member_role", "label_count", "project_stars"):
        parameters = BY_NAME[name].task(7, env.world.store, BASE_URLS).parameters
        answer = str(parameters.get("role") or parameters.get("count") or parameters.get("stars"))

        def guess(screen: Screen, answer: str = answer) -> Iterator[str]:
            yield stop(answer)

        assert not play(env, guess, f"{name}-000007").success, name


def test_an_issue_without_its_label_is_not_what_was_asked(env):
    def careless(screen: Screen) -> Iterator[str]:
        for action in BY_NAME["issue_plan"].oracle(screen):
            if not action.startswith("select("):
                yield action

    run = play(env, careless, "issue_plan-000007")
    assert not run.error and not run.success
    assert run.steps[-1][2]["milestones"] == {"project page": True, "issue form": True, "issue opened": False}


def test_two_comments_are_one_too_many(env):
    def twice(screen: Screen) -> Iterator[str]:
        oracle = BY_NAME["issue_comment"].oracle(screen)
        for action in oracle:
            if action.startswith("stop"):
                yield screen.fill("textbox", "Comment", quoted(screen)[1])
                yield screen.click("button", "Comment")
            yield action

    assert not play(env, twice, "issue_comment-000007").success


def test_another_role_is_not_what_was_asked(env):
    role = BY_NAME["member_invite"].task(7, env.world.store, BASE_URLS).parameters["role"]
    other = "Developer" if role != "Developer" else "Reporter"

    def generous(screen: Screen) -> Iterator[str]:
        for action in BY_NAME["member_invite"].oracle(screen):
            yield action.replace(f'"{role}"', f'"{other}"') if action.startswith("select(") else action

    run = play(env, generous, "member_invite-000007")
    assert not run.error and not run.success


def test_predicates_read_nothing_that_the_start_already_has(env):
    for family in FAMILIES:
        env.reset(options={"task_id": f"{family.name}-000007"})
        *_, info = env.step('stop("done")')
        assert not info["success"], family.name
