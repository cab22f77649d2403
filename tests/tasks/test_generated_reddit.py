"""The forum's families: how many and how long, and what their predicates reject beside what test_generated.py says of all."""

from __future__ import annotations

import re

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import OraclePolicy, play
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.generated.reddit import FAMILIES
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import stop

BY_NAME = {family.name: family for family in FAMILIES}
INFEASIBLE = {"post_unknown", "forum_unknown"}
LOOKUPS = {"post_author", "post_score", "post_talk", "best_comment", "newest_post", "member_since"}
PAGES = {"post_open", "forum_sort", "forum_top", "user_comments"}
CHANGES = sorted(set(BY_NAME) - INFEASIBLE - LOOKUPS - PAGES)
OTHER = 66210  # a post of books that no family names


@pytest.fixture(scope="module")
def env(cache_dir):
    made = WebArenaEnv("reddit", tasks=[f"{name}-000007" for name in BY_NAME], cache_dir=cache_dir)
    made.reset()
    yield made
    made.close()


def test_there_are_enough_of_all_kinds_from_two_to_thirteen_actions():
    assert len(FAMILIES) == len(BY_NAME) >= 8
    assert BY_NAME.keys() > INFEASIBLE
    assert 3 <= sum(family.heldout for family in FAMILIES) <= len(FAMILIES) / 3
    lengths = sorted(family.length for family in FAMILIES if not family.heldout)
    assert (lengths[0], lengths[-1]) == (2, 13)
    assert len(set(lengths)) >= 7


def test_a_family_is_as_long_as_it_says(env):
    for family in FAMILIES:
        actions = [play(env, family.oracle, f"{family.name}-{number:06d}").actions for number in (7, 8)]
        scrolls = [sum(action.startswith("scroll") for action in taken) for taken in actions]
        assert [len(taken) - more for taken, more in zip(actions, scrolls, strict=True)] == [family.length] * 2, (
            family.name
        )
        assert max(scrolls) <= 2, (family.name, actions)


def test_training_tasks_are_many_and_each_says_something_else(env):
    store, tasks = env.world.store, 0
    for family in FAMILIES:
        total = 0 if family.heldout else family.count(store) * len(family.wordings)
        step = max(1, total // 60)
        drawn = [number for number in range(0, total, step) if family.split_of(number) == "train"]
        assert len({family.task(number, store, BASE_URLS).intent for number in drawn}) == len(drawn), family.name
        tasks += len(drawn) * step
    assert tasks >= 20_000


def test_no_task_is_about_what_official_tasks_are_about(env):
    official = " ".join(task.intent for task in load_official_tasks() if "reddit" in task.sites).lower()
    words = set(re.findall(r"\w+", official.replace("gimmiethat.space", "")))  # that project's name is no forum
    for name in ("forum_subscribe", "newest_post", "text_post"):
        family = BY_NAME[name]
        for index in range(min(76, family.count(env.world.store))):
            assert family.parameters(env.world.store, index)["forum"].lower() not in words
    for index in range(0, BY_NAME["user_block"].count(env.world.store), 7):
        assert BY_NAME["user_block"].parameters(env.world.store, index)["person"].lower() not in words


def test_parameters_are_those_of_the_seed_whatever_an_episode_wrote(env):
    def drawn() -> list[str]:
        return [str(family.parameters(env.world.store, 11)) for family in FAMILIES]

    env.world.reset()
    before = drawn()
    for name in ("post_support", "forum_start", "post_vote"):
        until_stop(env, name, 33)
        assert drawn() == before
    store = env.world.store("reddit")
    for number in (
        BY_NAME["post_score"].parameters(env.world.store, 11),
        BY_NAME["best_comment"].parameters(env.world.store, 11),
    ):
        store.votes.vote(1, "s", number["id"], -1)
        store.comments.create(1, number["id"], None, "Better than all", store.seconds() + 1)
    assert drawn() == before


def until_stop(env, name: str, number: int = 7) -> str:
    """Play a task's oracle up to its stop; returns that stop."""
    observation, _ = env.reset(options={"task_id": f"{name}-{number:06d}"})
    policy = OraclePolicy(BY_NAME[name].oracle)
    while not (action := policy.act(observation)).startswith("stop("):
        observation, *_ = env.step(action)
    return action


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize(
    "bystander",
    [
        f"INSERT INTO vote VALUES (1, 's', {OTHER}, 1)",
        "INSERT INTO subscription VALUES (1, 10051)",
        "DELETE FROM subscription WHERE user_id = 1 AND forum_id = 10098",
        "INSERT INTO hidden_forum VALUES (1, 10037)",
        "INSERT INTO user_block VALUES (900, 1, 40, '', 0)",
        "UPDATE user SET biography = 'else' WHERE id = 1",
        "UPDATE comment SET created = 1686578500, user_id = 1 WHERE id = 1000007",
        "UPDATE submission SET created = 1686578500, user_id = 1 WHERE id = 66210",
    ],
)  # fmt: skip
def test_a_change_beside_the_right_one_is_no_success(env, name: str, bystander: str):
    action = until_stop(env, name)
    env.world.store("reddit").connection.execute(bystander)
    assert not env.step(action)[4]["success"]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("post_vote", "UPDATE vote SET choice = -choice WHERE user_id = 1"),
        ("post_votes", "DELETE FROM vote WHERE user_id = 1 AND choice = -1"),
        ("post_comment", "UPDATE comment SET body = body || '!' WHERE created > 1686578400"),
        ("text_post", "UPDATE submission SET forum_id = 10051 WHERE created > 1686578400"),
        ("link_post", "UPDATE submission SET url = url || '0' WHERE created > 1686578400"),
        ("user_message", "UPDATE thread SET receiver_id = 40"),
        ("forum_create", "UPDATE forum SET sidebar = 'none' WHERE created > 1686578400"),
        ("forum_start", "UPDATE submission SET visibility = 'deleted' WHERE created > 1686578400"),
        ("forum_join", "DELETE FROM subscription WHERE user_id = 1 AND forum_id NOT IN (10097, 10098, 10099)"),
        ("post_support", "DELETE FROM message"),
    ],
)  # fmt: skip
def test_a_part_that_is_missing_or_another_is_no_success(env, name: str, spoil: str):
    action = until_stop(env, name)
    env.world.store("reddit").connection.execute(spoil)
    assert not env.step(action)[4]["success"]


@pytest.mark.parametrize("name", sorted(INFEASIBLE))
def test_what_cannot_be_done_must_be_looked_for_first(env, name: str):
    env.reset(options={"task_id": f"{name}-000007"})
    assert not env.step(stop("N/A"))[4]["success"]
    assert until_stop(env, name) == stop("N/A")
    assert not env.step(stop("quiet_whistle"))[4]["success"]
    until_stop(env, name)
    assert env.step(stop("N/A"))[4]["success"]


@pytest.mark.parametrize("name", sorted(LOOKUPS))
def test_an_answer_with_more_than_was_asked_for_is_wrong(env, name: str):
    action = until_stop(env, name)
    answer = re.fullmatch(r'stop\("(.*)"\)', action)[1]
    assert not env.step(stop(f"{answer} or 7"))[4]["success"]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_to_show_must_be_the_one_stood_on_at_the_stop(env, name: str):
    action = until_stop(env, name)
    env.step('goto("http://reddit.test/")')
    assert not env.step(action)[4]["success"]
