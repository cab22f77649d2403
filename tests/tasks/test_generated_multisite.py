"""The two-site families: how many and how long, and what their predicates reject; and how many tasks there are over all families."""

from __future__ import annotations

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import OraclePolicy, play
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.generated import families
from webarena_gym.tasks.generated.multisite import FAMILIES

BY_NAME = {family.name: family for family in FAMILIES}
NUMBER = 7


@pytest.fixture(scope="module")
def env(cache_dir):
    made = WebArenaEnv("multisite", tasks=[f"{name}-{NUMBER:06d}" for name in BY_NAME], cache_dir=cache_dir)
    made.reset()
    yield made
    made.close()


def test_there_are_five_over_two_sites_and_one_is_held_out():
    assert len(FAMILIES) >= 5 and all(len(set(family.sites)) == 2 for family in FAMILIES)
    assert sum(family.heldout for family in FAMILIES) == 1


def test_a_family_is_as_long_as_it_says_and_needs_both_sites(env):
    for family in FAMILIES:
        run = play(env, family.oracle, f"{family.name}-{NUMBER:06d}")
        assert run.success and abs(len(run.steps) - family.length) <= 1, (family.name, run.actions)
        pages = {
            line for _, observation, _ in run.steps for line in observation.split("\n") if line.startswith("url: ")
        }
        assert all(any(BASE_URLS[site] in page for page in pages) for site in family.sites), (family.name, pages)


@pytest.mark.parametrize(
    ("name", "site", "bystander"),
    [
        ("price_to_forum", "reddit", "UPDATE submission SET body = body || ' or 3.00' WHERE id = (SELECT max(id) FROM submission)"),
        ("project_to_forum", "reddit", "UPDATE submission SET url = 'http://gitlab.test/' WHERE id = (SELECT max(id) FROM submission)"),
        ("newest_to_issue", "gitlab", "UPDATE issuable SET title = title || '!' WHERE id = (SELECT max(id) FROM issuable)"),
        ("order_to_issue", "gitlab", "UPDATE issuable SET description = '1.00' WHERE id = (SELECT max(id) FROM issuable)"),
    ],
)  # fmt: skip
def test_something_else_written_is_no_success(env, name, site, bystander):
    action = _until_stop(env, name)
    assert env.world.store(site).connection.execute(bystander).rowcount == 1
    assert not env.step(action)[4]["success"]


@pytest.mark.parametrize("name", ["way_to_customer", "way_to_nobody"])
def test_the_page_stood_on_at_the_stop_must_be_the_one(env, name):
    action = _until_stop(env, name)
    env.step(f'goto("{BASE_URLS["map"]}")')
    assert not env.step(action)[4]["success"]


def _until_stop(env, name: str) -> str:
    """Play a task's oracle up to its stop; returns that stop."""
    observation, _ = env.reset(options={"task_id": f"{name}-{NUMBER:06d}"})
    policy = OraclePolicy(BY_NAME[name].oracle)
    while not (action := policy.act(observation)).startswith("stop("):
        observation, *_ = env.step(action)
    return action


def test_twenty_thousand_distinct_training_tasks_are_there_over_all_families(env, full_size):
    """All are counted, up to 300 parameter sets a family; a sample is written out, in which no two are alike."""
    store, counted, written, intents = env.world.store, 0, 0, set()
    for family in families():
        width = len(family.wordings)
        some = range(min(family.count(store), 300))
        training = [index for index in some if family.split_of(index * width) == "train"]
        counted += len(training) * width
        sample = training[:: 1 if full_size else 60]
        written += len(sample) * width
        intents |= {family.task(i * width + word, store, BASE_URLS).intent for i in sample for word in range(width)}
    assert counted >= 20_000
    assert len(intents) == written > 1_000
