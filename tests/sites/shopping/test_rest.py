from __future__ import annotations

import json

import pytest

from .shopper import ORIGIN, Shopper

TOKEN = f"{ORIGIN}/rest/default/V1/integration/admin/token"
LATEST = (
    f"{ORIGIN}/rest/V1/orders?searchCriteria[sortOrders][0][field]=created_at&searchCriteria[sortOrders][0][direction]=DESC"
    "&searchCriteria[pageSize]=1"
)


def _token(shopper: Shopper, password: str = "admin1234"):
    return shopper.engine.client().request(
        "POST",
        TOKEN,
        headers={"Content-Type": "application/json"},
        body=json.dumps({"username": "admin", "password": password}),
    )


def _get(shopper: Shopper, url: str, token: str | None = None):
    token = json.loads(_token(shopper).text) if token is None else token
    return shopper.engine.client().request("GET", url, headers={"Authorization": f"Bearer {token}"})


def test_the_right_password_gives_a_token(emma: Shopper):
    reply = _token(emma)
    assert reply.status == 200 and isinstance(json.loads(reply.text), str)


@pytest.mark.parametrize(
    "body", ['{"username": "admin", "password": "x"}', "{}", "[]", "not json", "", '{"username": ["a"]}']
)
def test_anything_else_does_not(emma: Shopper, body: str):
    reply = emma.engine.client().request("POST", TOKEN, headers={"Content-Type": "application/json"}, body=body)
    assert reply.status == 401


@pytest.mark.parametrize(
    "url", [LATEST, f"{ORIGIN}/rest/V1/orders/190", f"{ORIGIN}/rest/V1/products/B003FVW3VA/reviews"]
)
def test_without_a_token_nothing_is_told(emma: Shopper, url: str):
    assert emma.engine.client().get(url).status == 401
    assert _get(emma, url, token="guess").status == 401


def test_the_newest_order_is_the_one_just_placed(emma: Shopper):
    before = json.loads(_get(emma, LATEST).text)["items"]
    assert len(before) == 1 and before[0]["increment_id"] != "000000190"
    emma.buy("beyond_crumble").open("/checkout/").press("Next").press("Place Order")
    (order,) = json.loads(_get(emma, LATEST).text)["items"]
    assert (order["increment_id"], order["entity_id"], order["customer_id"]) == ("000000190", 190, 27)
    assert order["created_at"] > before[0]["created_at"]
    assert order["items"][0]["sku"] == "B01CTR3DLE" and order["grand_total"] == 193.13
    assert json.loads(_get(emma, f"{ORIGIN}/rest/V1/orders/190").text)["increment_id"] == "000000190"


def test_orders_can_be_filtered_and_paged(emma: Shopper):
    url = (
        f"{ORIGIN}/rest/default/V1/orders?searchCriteria[filter_groups][0][filters][0][field]=customer_id"
        "&searchCriteria[filter_groups][0][filters][0][value]=27&searchCriteria[pageSize]=10&searchCriteria[currentPage]=4"
    )
    found = json.loads(_get(emma, url).text)
    assert found["total_count"] == 32 and len(found["items"]) == 2


def test_reviews_of_a_product_come_oldest_first(emma: Shopper):
    sku = emma.store.catalogue.product_by_fact("hp_printer").card.sku
    reviews = json.loads(_get(emma, f"{ORIGIN}/rest/V1/products/{sku}/reviews").text)
    assert [review["nickname"] for review in reviews] == ["Noor", "Dale", "printhappy", "Wes Tarrant", "Gloria"]
    assert reviews[3]["ratings"] == [{"rating_name": "Rating", "percent": 20, "value": 1}]
    assert _get(emma, f"{ORIGIN}/rest/V1/products/NOSUCH/reviews").status == 404
