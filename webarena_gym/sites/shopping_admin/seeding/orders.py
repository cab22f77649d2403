"""Inserts orders with what their state implies: complete ones are invoiced and shipped, closed ones refunded as well."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from ...magento import cents
from ..store.documents import Documents
from ..store.orders import ADDRESS_FIELDS, Orders
from .order_plan import OrderPlan

SHIPPING_METHOD, PAYMENT_METHOD = "Flat Rate - Fixed", "checkmo"


def insert_orders(connection: sqlite3.Connection, plans: Sequence[OrderPlan], facts: Mapping[str, Any]) -> None:
    """Orders by number; invoices and so on by the date of their orders, whose numbers therefore follow dates."""
    for plan in plans:
        _insert_order(connection, plan, facts)
    orders = Orders(connection)
    documents = Documents(connection, orders)
    for plan in sorted(plans, key=lambda plan: plan.date):
        random = Random(f"admin/order/{plan.id}")
        if plan.status in ("complete", "closed", "processing"):
            documents.create_invoice(plan.id, _later(plan.date, random))
        if plan.status in ("complete", "closed"):
            documents.create_shipment(plan.id, _later(plan.date, random))
        if plan.status == "closed":
            documents.create_creditmemo(plan.id, _later(plan.date, random))
        if plan.status == "canceled":
            orders.cancel(plan.id, _later(plan.date, random))


def _later(date: str, random: Random) -> str:
    """Some minutes later, on the same day as long as that has not ended."""
    before = dt.datetime.fromisoformat(date)
    end = before.replace(hour=23, minute=59, second=59)
    return str(min(before + dt.timedelta(minutes=random.randrange(2, 90)), end))


def _insert_order(connection: sqlite3.Connection, plan: OrderPlan, facts: Mapping[str, Any]) -> None:
    customer = connection.execute(
        "SELECT id, first_name, last_name, group_id, billing_id FROM customer WHERE email = ?", (plan.email,)
    ).fetchone()
    lines = [_line(connection, plan, sku, qty) for sku, qty in plan.lines.items()]
    subtotal = sum(line["price_cents"] * line["qty"] for line in lines)
    rules = _discount(lines, subtotal, plan.coupon, facts)
    qty = sum(line["qty"] for line in lines)
    shipping = qty * cents(facts["shipping_per_item"])
    tax, discount = (sum(line[name] for line in lines) for name in ("tax_cents", "discount_cents"))
    connection.execute(
        "INSERT INTO sales_order VALUES (?, ?, ?, ?, ?, ?, 'pending', NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
        (plan.id, customer[0], plan.email, customer[1], customer[2], customer[3], plan.date, plan.date, qty, subtotal, shipping,
         tax, discount, subtotal + shipping + tax - discount, plan.coupon, ", ".join(rules), SHIPPING_METHOD, PAYMENT_METHOD,
         int(plan.refuses_comments)),
    )  # fmt: skip
    columns = ", ".join(ADDRESS_FIELDS)
    for address_id, kind in ((plan.id * 2 - 1, "billing"), (plan.id * 2, "shipping")):
        connection.execute(
            f"INSERT INTO order_address (id, order_id, kind, {columns}) SELECT ?, ?, ?, {columns} FROM customer_address WHERE id = ?",
            (address_id, plan.id, kind, customer[4]),
        )
    connection.executemany(
        "INSERT INTO order_item (order_id, product_id, sku, name, options, original_price_cents, price_cents, qty, qty_invoiced, "
        "qty_shipped, qty_refunded, qty_canceled, tax_percent, tax_cents, discount_cents) VALUES (:order_id, :product_id, :sku, "
        ":name, :options, :original_price_cents, :price_cents, :qty, 0, 0, 0, 0, :tax_percent, :tax_cents, :discount_cents)",
        lines,
    )  # fmt: skip

    if tax:
        _name_taxes(connection, plan.id)


def _name_taxes(connection: sqlite3.Connection, order_id: int) -> None:
    """Note on each line which rate it was taxed by; addresses may change later."""
    connection.execute(
        "UPDATE order_item SET tax_code = coalesce((SELECT r.code FROM tax_rate r JOIN order_address a ON a.region = r.region "
        "WHERE a.id = ?1 * 2 AND r.percent = order_item.tax_percent), '') WHERE order_id = ?1 AND tax_cents > 0",
        (order_id,),
    )
    if connection.execute("SELECT 1 FROM order_item WHERE order_id = ? AND tax_cents > 0 AND tax_code = ''", (order_id,)).fetchone():  # fmt: skip
        raise ValueError(f"order {order_id} is taxed by no rate there is")


def _line(connection: sqlite3.Connection, plan: OrderPlan, sku: str, qty: int) -> dict[str, Any]:
    """A line without its discount. A variant goes by its family's name, with its size and color as options."""
    row = connection.execute(
        "SELECT p.id, coalesce(f.name, p.name), p.price_cents, p.special_price_cents, s.label, c.label FROM product p "
        "LEFT JOIN product f ON f.id = p.parent_id LEFT JOIN attribute_option s ON s.id = p.size "
        "LEFT JOIN attribute_option c ON c.id = p.color WHERE p.sku = ?",
        (sku,),
    ).fetchone()
    if row is None:
        raise ValueError(f"order {plan.id} holds the unknown SKU {sku!r}")
    price = row[2] if row[3] is None or sku in plan.full_price else row[3]
    options = {label: value for label, value in (("Size", row[4]), ("Color", row[5])) if value is not None and row[1]}
    tax_percent = round(plan.tax_percent * 100)
    return {
        "order_id": plan.id, "product_id": row[0], "sku": sku, "name": row[1], "options": json.dumps(options),
        "original_price_cents": row[2], "price_cents": price, "qty": qty, "tax_percent": tax_percent,
        "tax_cents": (price * qty * tax_percent + 5000) // 10_000, "discount_cents": 0,
    }  # fmt: skip


def _discount(lines: list[dict[str, Any]], subtotal: int, coupon: str | None, facts: Mapping[str, Any]) -> list[str]:
    """Apply the cart price rules to the lines; returns the names of those that did."""
    rules = []
    if coupon is not None:
        rule = facts["coupons"][coupon]
        rules.append(rule["rule"])
        for line in lines:
            if line["sku"] == rule["sku"]:
                line["discount_cents"] += round(line["price_cents"] * line["qty"] * rule["percent"] / 100)
    if subtotal >= cents(facts["discount"]["from"]):
        rules.append(facts["discount"]["rule"])
        for line in lines:
            amount = line["price_cents"] * line["qty"] - line["discount_cents"]
            line["discount_cents"] += round(amount * facts["discount"]["percent"] / 100)
    return rules
