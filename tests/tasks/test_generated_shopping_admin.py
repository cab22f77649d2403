"""The admin's families: how many and how long, and what their predicates reject beside what test_generated.py says of all."""

from __future__ import annotations

import re

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import OraclePolicy, play
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.generated.shopping_admin import FAMILIES
from webarena_gym.tasks.official import load_official_tasks

BY_NAME = {family.name: family for family in FAMILIES}
INFEASIBLE = {"admin_product_unknown", "admin_order_unknown"}
NUMBER = 7
# What official tasks speak of.
GOODS = ("hollister", "ryker", "antonia", "aeno", "frankie", "cronus", "chloe", "circe", "zoe")
ORDERS, INVOICE, PEOPLE = {"000000299", "000000302", "000000307"}, "000000002", {"Sarah Miller", "Amanda Kim"}


@pytest.fixture(scope="module")
def env(cache_dir):
    made = WebArenaEnv("shopping_admin", tasks=[f"{name}-{NUMBER:06d}" for name in BY_NAME], cache_dir=cache_dir)
    made.reset()
    yield made
    made.close()


def test_there_are_enough_of_all_kinds_of_graded_length():
    assert len(FAMILIES) >= 8 and BY_NAME.keys() > INFEASIBLE
    assert 1 <= sum(family.heldout for family in FAMILIES) <= len(FAMILIES) / 3
    lengths = {family.length for family in FAMILIES}
    assert min(lengths) == 4 and max(lengths) == 13 and len(lengths) >= 7


def test_a_family_is_as_long_as_it_says(env):
    for family in FAMILIES:
        taken = play(env, family.oracle, f"{family.name}-{NUMBER:06d}").actions
        assert len(taken) == family.length, (family.name, taken)


def test_no_two_parameter_sets_make_one_intent(env, full_size):
    store = env.world.store
    for family in FAMILIES:
        drawn = range(0, family.count(store), 1 if full_size else 29)
        intents = {family.task(index * len(family.wordings), store, BASE_URLS).intent for index in drawn}
        assert len(intents) == len(drawn), family.name


def test_all_splits_have_tasks(env):
    for family in FAMILIES:
        total = family.count(env.world.store) * len(family.wordings)
        splits = {family.split_of(number) for number in range(total)}
        assert splits == ({"heldout"} if family.heldout else {"train", "val"}), family.name


def test_no_task_is_about_what_official_tasks_are_about(env, full_size):
    official = " ".join(task.intent for task in load_official_tasks() if "shopping_admin" in task.sites).lower()
    assert all(name in official for name in (*GOODS, *(person.lower() for person in PEOPLE)))
    store = env.world.store
    for family in FAMILIES:
        for index in range(0, family.count(store), 1 if full_size else 17):
            parameters = family.parameters(store, index)
            assert not any(name in str(parameters.get("name", "")).lower() for name in GOODS), parameters
            assert parameters.get("number") not in (ORDERS if "invoice" not in family.name else {INVOICE}), parameters
            assert parameters.get("customer") not in PEOPLE, parameters


def until_stop(env, name: str) -> str:
    """Play a task's oracle up to its stop; returns that stop."""
    observation, _ = env.reset(options={"task_id": f"{name}-{NUMBER:06d}"})
    policy = OraclePolicy(BY_NAME[name].oracle)
    while not (action := policy.act(observation)).startswith("stop("):
        observation, *_ = env.step(action)
    return action


@pytest.mark.parametrize(
    ("name", "bystander"),
    [
        ("admin_price_set", "UPDATE product SET qty = 1 WHERE price_cents % 100 <> 0"),
        ("admin_stock_set", "UPDATE product SET qty = qty + 1 WHERE id = (SELECT max(id) FROM product)"),
        ("admin_flag_change", "UPDATE product SET weight = 2 WHERE updated_at > '2023-06-12'"),
        ("admin_product_disable", "DELETE FROM product WHERE id = (SELECT max(id) FROM product)"),
        ("admin_product_rework", "UPDATE product SET in_stock = 1 WHERE updated_at > '2023-06-12'"),
        ("admin_price_pair", "UPDATE product SET price_cents = 100 WHERE updated_at > '2023-06-12'"),
        ("admin_order_comment", "UPDATE order_comment SET order_id = order_id + 1"),
        ("admin_order_cancel", "UPDATE sales_order SET status = 'canceled' WHERE id = 302"),
        ("admin_order_ship", "UPDATE shipment_track SET number = number || '0'"),
        ("admin_order_readdress", "UPDATE order_address SET telephone = '1' WHERE id = 600"),
        ("admin_customer_group", "UPDATE customer SET group_id = 3 WHERE id = 1"),
        ("admin_review_withdraw", "UPDATE review SET stars = 1 WHERE status = 3 OR status = 2"),
        ("admin_page_rename", "UPDATE cms_page SET is_active = 0 WHERE id = 1"),
    ],
)
def test_a_change_beside_what_was_asked_for_fails_the_task(env, name, bystander):
    """The bystander is written behind the site's back, after all that the oracle does."""
    action = until_stop(env, name)
    connection = env.world.store("shopping_admin").connection
    assert connection.execute(bystander).rowcount > 0
    assert env.step(action)[1] == 0.0


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("admin_invoice_total", "1.00"),
        ("admin_order_fact", "Nobody"),
        ("admin_customer_fact", "nobody@example.com"),
        ("admin_product_price", "1.00"),
        ("admin_product_name", "Bag"),
        ("admin_product_unknown", "12.00"),
        ("admin_order_unknown", "Pending"),
    ],
)
def test_a_wrong_answer_on_the_right_page_fails_the_task(env, name, answer):
    until_stop(env, name)
    assert env.step(f'stop("{answer}")')[1] == 0.0


def test_a_price_is_right_with_its_sign_and_wrong_beside_another(env):
    said = re.findall(r'"(.+)"', until_stop(env, "admin_product_price"))[0]
    assert env.step(f'stop("${said}")')[1] == 1.0
    until_stop(env, "admin_product_price")
    assert env.step(f'stop("{said} or 12.00")')[1] == 0.0


def test_a_report_of_other_days_or_another_period_is_not_what_was_asked_for(env):
    family = BY_NAME["admin_report"]
    for change in ("Day", "Month", "Year"):
        observation, _ = env.reset(options={"task_id": f"admin_report-{NUMBER:06d}"})
        wanted = family.parameters(env.world.store, NUMBER // len(family.wordings))["period"].title()
        policy = OraclePolicy(family.oracle)
        while not (action := policy.act(observation)).startswith("stop("):
            if action.startswith("select("):
                action = re.sub(r'"\w+"', f'"{change}"', action)
            observation, *_ = env.step(action)
        assert env.step(action)[1] == float(change == wanted), (change, wanted)
