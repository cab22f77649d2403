"""Generated tasks: solvable by their own oracles, never scored for nothing, split cleanly, far from the official tasks."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.errors import SiteNotAvailable, UnknownTask
from webarena_gym.oracle_policy import play
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.generated import families, generated_tasks
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import replying

FAMILIES = {family.name: family for family in families()}
SEED = 5


@pytest.fixture(scope="module")
def envs(cache_dir):
    made = {}

    def env_of(name: str) -> WebArenaEnv:
        sites = FAMILIES[name].sites
        key = sites[0] if len(sites) == 1 else "multisite"
        if key not in made:
            made[key] = WebArenaEnv(key, tasks=[f"{name}-000000"], cache_dir=cache_dir)
        return made[key]

    yield env_of
    for env in made.values():
        env.close()


@pytest.fixture(params=sorted(FAMILIES))
def family(request):
    return FAMILIES[request.param]


def numbers(family, env, count: int) -> list[int]:
    total = family.count(env.world.store) * len(family.wordings)
    return sorted(random.Random(SEED).sample(range(total), min(count, total)))


def test_every_family_is_solved_by_its_oracle_and_not_by_doing_nothing(family, envs, full_size):
    env = envs(family.name)
    for number in numbers(family, env, 40 if full_size else 6):
        task_id = f"{family.name}-{number:06d}"
        run = play(env, family.oracle, task_id)
        assert run.success, f"{task_id} {env.task.intent}: {run.error} {run.actions}"
        reached = run.steps[-1][2]["milestones"]
        assert all(reached.values()) and len(reached) >= 2, (task_id, reached)
        assert len(run.steps) <= 30
        for answer in ("", "0", "yes", "N/A"):
            wrong = play(env, replying(answer), task_id)
            # Only an infeasible errand may be answered by N/A, and then not without a look.
            assert not wrong.success, (task_id, answer)


def test_milestones_are_reached_in_their_order(family, envs):
    env = envs(family.name)
    number = numbers(family, env, 3)[0]
    run = play(env, family.oracle, f"{family.name}-{number:06d}")
    first_step = {}
    for step, (_, _, info) in enumerate(run.steps):
        for name, held in info["milestones"].items():
            if held:
                first_step.setdefault(name, step)
    order = [first_step[name] for name in run.steps[-1][2]["milestones"]]
    assert order == sorted(order), first_step


def test_wordings_are_three_or_more_and_hold_every_parameter_an_oracle_reads(family):
    assert len(family.wordings) >= 3 and len(set(family.wordings)) == len(family.wordings)
    fields = [set(re.findall(r"{(\w+)}", wording)) for wording in family.wordings]
    assert all(field == fields[0] for field in fields)


def test_train_and_val_share_no_parameters_and_ids_name_the_same_task_again(family, envs):
    env = envs(family.name)
    width = len(family.wordings)
    total = family.count(env.world.store)
    splits = [family.split_of(index * width) for index in range(min(total, 500))]
    assert all(family.split_of(index * width + width - 1) == split for index, split in enumerate(splits))
    if family.heldout:
        assert set(splits) == {"heldout"}
    elif total >= 100:
        assert 0.04 < splits.count("val") / len(splits) < 0.2
    task = family.task(1, env.world.store, BASE_URLS)
    assert task.intent == family.task(1, env.world.store, BASE_URLS).intent and task.task_id == f"{family.name}-000001"


def test_no_generated_task_repeats_an_official_intent_or_its_entities(family, envs):
    env = envs(family.name)
    official = [task.intent.lower() for task in load_official_tasks()]
    quoted = {name.lower() for intent in official for name in re.findall(r'"([^"]{4,})"', intent)}
    for number in numbers(family, env, 200):
        intent = family.task(number, env.world.store, BASE_URLS).intent.lower()
        assert intent not in official
        assert not any(f'"{name}"' in intent for name in quoted), intent


def test_parameters_never_depend_on_what_an_episode_wrote(envs):
    env = envs("wish_list_add")
    before = [FAMILIES["wish_list_add"].task(number, env.world.store, BASE_URLS).intent for number in range(30)]
    play(env, FAMILIES["wish_list_add"].oracle, "wish_list_add-000000")
    assert before == [FAMILIES["wish_list_add"].task(number, env.world.store, BASE_URLS).intent for number in range(30)]


def test_a_split_draws_only_its_own_tasks(envs):
    env = envs("product_price")
    for split in ("train", "val"):
        tasks = generated_tasks("shopping", split, BASE_URLS)
        drawn = [tasks.sample(np.random.default_rng(seed), env.world.store) for seed in range(40)]
        assert {FAMILIES[t.family].split_of(int(str(t.task_id).split("-")[1])) for t in drawn} == {split}
        assert len({t.family for t in drawn}) > 1


def test_an_unknown_generated_task_is_named(envs):
    env = envs("product_price")
    tasks = generated_tasks("shopping", "train", BASE_URLS)
    with pytest.raises(UnknownTask, match="ids are family-000123"):
        tasks.get("no such", env.world.store)
    with pytest.raises(UnknownTask, match="numbered from 0; got 999999999"):
        tasks.get("product_price-999999999", env.world.store)
    with pytest.raises(SiteNotAvailable, match="generated for 'wikipedia'"):
        generated_tasks("wikipedia", "train", BASE_URLS)
