"""The REST interface, as far as evaluators and their helpers call it."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Response, request

from ...base import json_body
from ...magento import to_int
from ..store import ShopStore
from ..store.customers import Address
from ..store.orders import Order

_ORDER_FIELDS = {
    "created_at": "created_at", "entity_id": "id", "increment_id": "id", "grand_total": "total_cents", "status": "status",
    "customer_id": "customer_id", "customer_email": "email",
}  # fmt: skip
_COMPARISONS = {"eq": "=", "neq": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "like": "LIKE"}
_FILTER = re.compile(r"searchCriteria\[filter_?[gG]roups\]\[(\d+)\]\[filters\]\[0\]\[field\]")


def admin_token(store: ShopStore, view: str = "default") -> Response:
    """POST …/V1/integration/admin/token: a token for the right user and password."""
    body = request.get_json(silent=True, force=True)
    given = body if isinstance(body, dict) else {}
    row = store.connection.execute(
        "SELECT 1 FROM admin_user WHERE username = ? AND password = ?",
        (str(given.get("username", "")), str(given.get("password", ""))),
    ).fetchone()
    if row is None:
        return _answer({"message": "The account sign-in was incorrect or your account is disabled temporarily."}, 401)
    (count,) = store.connection.execute("SELECT count(*) FROM api_token").fetchone()
    token = f"embedded-{count + 1:032d}"
    store.connection.execute("INSERT INTO api_token VALUES (?)", (token,))
    return _answer(token)


def orders(store: ShopStore, view: str = "default") -> Response:
    """GET …/V1/orders with ``searchCriteria``: sort orders, page size, current page and simple filters."""
    if not _authorised(store):
        return _unauthorised()
    arguments = request.args
    field = _ORDER_FIELDS.get(arguments.get("searchCriteria[sortOrders][0][field]", "entity_id"), "id")
    size = to_int(arguments.get("searchCriteria[pageSize]"), -1)
    number = max(1, to_int(arguments.get("searchCriteria[currentPage]"), 1))
    conditions = _conditions()
    found = store.orders.search(
        field,
        descending=arguments.get("searchCriteria[sortOrders][0][direction]", "ASC").upper() == "DESC",
        limit=size if size > 0 else -1,
        offset=(number - 1) * size if size > 0 else 0,
        conditions=conditions,
    )
    total = len(store.orders.search(conditions=conditions))
    return _answer({"items": [_order(order) for order in found], "total_count": total})


def _conditions() -> dict[str, tuple[str, str | int]]:
    conditions: dict[str, tuple[str, str | int]] = {}
    for name, field in request.args.items():
        if _FILTER.fullmatch(name) and (column := _ORDER_FIELDS.get(field)):
            prefix = name.removesuffix("[field]")
            how = _COMPARISONS.get(request.args.get(f"{prefix}[condition_type]", "eq"), "=")
            value: str | int = request.args.get(f"{prefix}[value]", "")
            conditions[column] = how, to_int(str(value), -1) if column in ("id", "customer_id") else value
    return conditions


def order(store: ShopStore, order_id: int) -> Response:
    """GET …/V1/orders/<id>."""
    if not _authorised(store):
        return _unauthorised()
    found = store.orders.order(order_id)
    return _missing() if found is None else _answer(_order(found))


def product_reviews(store: ShopStore, sku: str, view: str = "default") -> Response:
    """GET …/V1/products/<sku>/reviews, oldest first."""
    if not _authorised(store):
        return _unauthorised()
    product = store.catalogue.product_by_sku(sku)
    if product is None:
        return _missing()
    reviews = reversed(store.reviews.of_product(product.card.id))
    return _answer(
        [
            {
                "id": review.id,
                "title": review.title,
                "detail": review.detail,
                "nickname": review.nickname,
                "ratings": [{"rating_name": "Rating", "percent": review.percent, "value": review.stars}],
                "review_entity": "product",
                "review_status": 1,
                "created_at": review.created_at,
                "entity_pk_value": product.card.id,
            }
            for review in reviews
        ]
    )


def _authorised(store: ShopStore) -> bool:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip().strip('"')
    row = store.connection.execute("SELECT 1 FROM api_token WHERE token = ?", (token,)).fetchone()
    return row is not None


def _answer(value: Any, status: int = 200) -> Response:
    return Response(json_body(value), status, mimetype="application/json")


def _unauthorised() -> Response:
    return _answer({"message": "The consumer isn't authorized to access %resources."}, 401)


def _missing() -> Response:
    return _answer({"message": "The entity that was requested doesn't exist. Verify the entity and try again."}, 404)


def _order(order: Order) -> dict[str, Any]:
    return {
        "entity_id": order.id, "increment_id": order.number, "status": order.status.lower(), "state": _state(order.status),
        "created_at": order.created_at, "customer_id": order.customer_id, "customer_email": order.email,
        "customer_firstname": order.first_name, "customer_lastname": order.last_name,
        "subtotal": order.subtotal_cents / 100, "shipping_amount": order.shipping_cents / 100,
        "discount_amount": -order.discount_cents / 100, "grand_total": order.total_cents / 100,
        "total_item_count": len(order.lines), "total_qty_ordered": order.qty, "order_currency_code": "USD",
        "coupon_code": order.coupon, "shipping_description": "Flat Rate - Fixed",
        "billing_address": _address(order.billing_address, order.email), "payment": {"method": "checkmo"},
        "items": [
            {"product_id": line.product_id, "sku": line.sku, "name": line.name, "price": line.price_cents / 100,
             "qty_ordered": line.qty, "row_total": line.total_cents / 100}
            for line in order.lines
        ],
    }  # fmt: skip


def _state(status: str) -> str:
    return "new" if status == "Pending" else status.lower()


def _address(address: Address, email: str) -> dict[str, Any]:
    data = json.loads(json.dumps(address.data()))
    return {**data, "street": [line for line in address.streets if line], "email": email}
