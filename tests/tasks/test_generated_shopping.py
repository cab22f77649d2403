"""The shop's families: how many and how long, and what their predicates reject beside what test_generated.py says of all."""

from __future__ import annotations

import re

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import OraclePolicy, play
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.generated.shopping import FAMILIES
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import stop

BY_NAME = {family.name: family for family in FAMILIES}
INFEASIBLE = {"product_unknown", "order_unknown"}
OTHER = 102586  # a product that no family names: an official task's


@pytest.fixture(scope="module")
def env(cache_dir):
    made = WebArenaEnv("shopping", tasks=[f"{name}-000007" for name in BY_NAME], cache_dir=cache_dir)
    made.reset()
    yield made
    made.close()


def test_there_are_enough_of_all_kinds_from_two_to_fifteen_actions():
    assert len(FAMILIES) >= 8
    assert BY_NAME.keys() > INFEASIBLE
    assert 3 <= sum(family.heldout for family in FAMILIES) <= len(FAMILIES) / 3
    lengths = sorted(family.length for family in FAMILIES if not family.heldout)
    assert (lengths[0], lengths[-1]) == (2, 15)
    assert len(set(lengths)) >= 7


def test_a_family_is_as_long_as_it_says(env):
    for family in FAMILIES:
        actions = [play(env, family.oracle, f"{family.name}-{number:06d}").actions for number in (7, 8)]
        assert all(abs(len(taken) - family.length) <= 1 for taken in actions), (family.name, actions)


def test_twenty_thousand_distinct_training_tasks_are_there(env):
    store, intents = env.world.store, set()
    for family in FAMILIES:
        total = 0 if family.heldout else family.count(store) * len(family.wordings)
        step = 60  # parameter sets are independent: of every sixtieth task
        drawn = [number for number in range(0, total, step) if family.split_of(number) == "train"]
        found = {family.task(number, store, BASE_URLS).intent for number in drawn}
        assert len(found) == len(drawn), family.name
        intents |= {(intent, step) for intent in found}
    assert sum(step for _, step in intents) >= 20_000


def test_no_task_is_about_what_official_tasks_are_about(env):
    official = " ".join(task.intent for task in load_official_tasks() if task.sites == ("shopping",))
    orders = {f"{int(number):09d}" for number in re.findall(r"\b\d{3}\b", official)}
    store = env.world.store
    for index in range(BY_NAME["order_fact"].count(store)):
        assert BY_NAME["order_fact"].parameters(store, index)["number"] not in orders
    for index in range(BY_NAME["category_open"].count(store)):
        name = BY_NAME["category_open"].parameters(store, index)["trail"]
        assert not re.search(
            r'"(Living Room Furniture|Competitive Swimwear|Meat Substitutes)"|"Men" > "Shoes"', name
        ), name


def until_stop(env, name: str, number: int = 7) -> tuple[OraclePolicy, str]:
    """Play a task's oracle up to its stop; returns that stop."""
    observation, _ = env.reset(options={"task_id": f"{name}-{number:06d}"})
    policy = OraclePolicy(BY_NAME[name].oracle)
    while not (action := policy.act(observation)).startswith("stop("):
        observation, *_ = env.step(action)
    return action


@pytest.mark.parametrize(
    ("name", "bystander"),
    [
        ("wish_list_add", f"INSERT INTO wishlist_item VALUES (900, 27, {OTHER}, 1, '', '{{}}', '2023-06-12')"),
        ("wish_list_pair", "DELETE FROM wishlist_item WHERE id = (SELECT max(id) FROM wishlist_item)"),
        ("cart_add", "UPDATE cart_item SET qty = qty + 1"),
        ("cart_pair", f"INSERT INTO cart_item SELECT 900, cart_id, {OTHER}, 1, '{{}}' FROM cart_item LIMIT 1"),
        ("cart_coupon", "UPDATE cart SET coupon = NULL"),
        ("order_one", f"UPDATE order_item SET product_id = {OTHER} WHERE order_id > 189"),
        ("order_several", "UPDATE sales_order SET coupon = NULL WHERE id > 189"),
        ("phone_change", "UPDATE address SET city = 'Elsewhere' WHERE id = 26"),
        ("phone_change", "INSERT INTO subscriber VALUES ('someone@example.com', NULL)"),
        ("address_change", "UPDATE address SET telephone = '1' WHERE id = 26"),
        ("name_change", "UPDATE customer SET email = 'other@example.com' WHERE id = 27"),
        ("message_send", "INSERT INTO contact_message VALUES (900, 'E', 'e@example.com', '', 'more', '2023-06-12')"),
        ("review_write", "UPDATE review SET stars = 1 + stars % 5 WHERE approved = 0"),
        ("compare_pair", "DELETE FROM compare_item WHERE id = (SELECT min(id) FROM compare_item)"),
    ],
)
def test_a_change_beside_the_right_one_is_no_success(env, name: str, bystander: str):
    action = until_stop(env, name)
    env.world.store("shopping").connection.execute(bystander)
    assert not env.step(action)[4]["success"]
    assert play(env, BY_NAME[name].oracle, f"{name}-000007").success


@pytest.mark.parametrize("name", sorted(INFEASIBLE))
def test_what_cannot_be_done_must_be_looked_for_first(env, name: str):
    task_id = f"{name}-000007"
    env.reset(options={"task_id": task_id})
    assert not env.step(stop("N/A"))[4]["success"]
    action = until_stop(env, name)
    assert action == stop("N/A")
    assert not env.step(stop("19.99"))[4]["success"]
    until_stop(env, name)
    assert env.step(stop("N/A"))[4]["success"]


@pytest.mark.parametrize(
    ("name", "change"),
    [("product_price", lambda a: f"{a} or 3"), ("product_sku", lambda a: f"{a} B000000000"), ("review_count", lambda a: f"{a}, 77"),
     ("order_fact", lambda a: f"{a} Complete"), ("cheapest_in_category", lambda a: f"1{a}")],
)  # fmt: skip
def test_an_answer_with_more_than_was_asked_for_is_wrong(env, name: str, change):
    action = until_stop(env, name)
    answer = re.fullmatch(r'stop\("(.*)"\)', action)[1]
    assert not env.step(stop(change(answer)))[4]["success"]


@pytest.mark.parametrize("name", ["category_open", "category_sorted", "price_range", "search_sorted"])
def test_a_page_to_show_must_be_the_one_stood_on_at_the_stop(env, name: str):
    action = until_stop(env, name)
    env.step('goto("http://shopping.test/")')
    assert not env.step(action)[4]["success"]
