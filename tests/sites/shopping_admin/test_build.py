"""Building: equal options, equal data; ``scale`` and other facts change what they should and nothing else."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from webarena_gym.sites.shopping_admin.seeding.facts import quoting, read_json
from webarena_gym.sites.shopping_admin.store import AdminStore
from webarena_gym.sites.shopping_admin.store.reports import ReportQuery

from .data import built, column

JANUARY = ReportQuery(dt.date(2023, 1, 1), dt.date(2023, 1, 31), "month")
ANSWERS = (
    "SELECT id FROM sales_order WHERE created_at > '2023-04-19' ORDER BY created_at",
    "SELECT substr(created_at, 1, 7) || count(*) FROM sales_order WHERE status != 'canceled' GROUP BY substr(created_at, 1, 7)",
    "SELECT email FROM sales_order WHERE status = 'canceled' GROUP BY email ORDER BY count(*) DESC LIMIT 1",
    "SELECT id || status FROM review WHERE status != 1 OR detail LIKE '%best%'",
    "SELECT id || sku || qty || in_stock FROM product",
    "SELECT term || uses || results FROM search_term",
    "SELECT email FROM customer WHERE id < 24",
)


def dump(store: AdminStore) -> list[str]:
    return list(store.connection.iterdump())


def test_two_builds_are_equal() -> None:
    assert dump(built()) == dump(built())


@pytest.mark.parametrize("scale", [0.1, 3.0])
def test_scale_leaves_what_tasks_ask_for(scale: float) -> None:
    plain, scaled = built(), built(scale=scale)
    for sql in ANSWERS:
        assert column(scaled, sql) == column(plain, sql), sql
    names = [[row.name for row in store.reports.bestsellers(JANUARY)[:3]] for store in (plain, scaled)]
    assert names[0] == names[1]


def test_scale_multiplies_what_no_task_counts() -> None:
    def sizes(store: AdminStore) -> list[int]:
        tables = ("customer", "sales_order", "review")
        return [column(store, f"SELECT count(*) FROM {table}")[0] for table in tables]

    small, plain, large = (sizes(built(scale=scale)) for scale in (0.1, 1, 3))
    assert plain == [70, 308, 351]
    assert small[0] == 50 and small[2] < 100
    assert large[0] == 210 and large[1] > 500 and large[2] > 900


def test_other_facts_make_another_store() -> None:
    facts: dict[str, Any] = copy.deepcopy(read_json("facts.json"))
    facts["complete_by_month"]["2022-03"] = 6
    facts["complete_by_customer"]["matt.baker@yahoo.com"] = 12
    facts["products"]["24-UB02"] = {"price": 12.5, "qty": 7}
    store = built(facts=facts)
    done = "SELECT count(*) FROM sales_order WHERE status = 'complete' AND "
    assert column(store, f"{done} created_at LIKE '2022-03%'") == [6]
    assert column(store, f"{done} email = 'matt.baker@yahoo.com'") == [12]
    assert column(store, "SELECT price_cents || ' ' || qty FROM product WHERE sku = '24-UB02'") == ["1250 7"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda facts: facts["complete_by_customer"].update({"janesmith456@yahoo.com": 0}), "more than 0"),
        (lambda facts: facts["complete_by_month"].update({"2022-01": 900}), "complete orders are left"),
        (
            lambda facts: facts["canceled_by_customer"].update({"coolcat321@hotmail.com": 900}),
            "do not fit the customers",
        ),
        (lambda facts: facts["bestsellers"].append(["2022-10", "24-MB01", 99]), "cannot be sold 99 times in 2022-10"),
        (lambda facts: facts["orders"][0].update(lines=[["NONE", 1]]), "unknown SKU 'NONE'"),
    ],
)
def test_facts_that_contradict_themselves_are_refused(change: Any, message: str) -> None:
    facts = copy.deepcopy(read_json("facts.json"))
    change(facts)
    with pytest.raises(ValueError, match=message):
        built(facts=facts)


def test_a_quote_is_framed_by_our_own_words() -> None:
    detail = {
        "task": 108,
        "quote": 0,
        "before": "I would not jump in it, though",
        "after": ".",
        "otherwise": "Not for me.",
    }
    assert quoting(detail, {108: ["it is fine"]}) == "I would not jump in it, though, it is fine."
    assert quoting({**detail, "before": "", "after": "Mostly."}, {108: ["It is fine"]}) == "It is fine. Mostly."
    assert quoting(detail, {}) == "Not for me."
