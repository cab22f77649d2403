"""Customers and their orders: Emma's from the facts, the others' generated around them."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from ...magento import cents

OTHER_CUSTOMERS = 64
_STATUSES, _STATUS_WEIGHTS = ("Complete", "Canceled", "Pending", "Processing"), (14, 3, 3, 2)
_CITIES = (
    ("Springfield", 23, "Illinois", "62701"), ("Madison", 64, "Wisconsin", "53703"), ("Eugene", 49, "Oregon", "97401"),
    ("Savannah", 19, "Georgia", "31401"), ("Portland", 29, "Maine", "04101"), ("Tucson", 4, "Arizona", "85701"),
    ("Boise", 22, "Idaho", "83702"), ("Albany", 43, "New York", "12207"), ("Toledo", 47, "Ohio", "43604"),
    ("Austin", 57, "Texas", "78701"),
)  # fmt: skip
_STREETS = ("Oak Street", "Maple Avenue", "2nd Street", "Lakeview Drive", "Church Road", "Highland Court")
_FIRST_DAY, _DAYS = dt.datetime(2022, 1, 5, 8, 0), 518  # the last day is June 7, 2023


def insert_customers(connection: sqlite3.Connection, facts: Mapping[str, Any], names: Mapping[str, Any]) -> None:
    """Emma, and other people with an account; address ids and customer ids never meet the facts' ones."""
    emma = facts["customer"]
    _insert_customer(connection, emma["id"], emma["password"], emma["created"], emma, emma["address"])
    if emma["newsletter"]:
        connection.execute("INSERT INTO subscriber VALUES (?, ?)", (emma["email"], emma["id"]))
    random = Random("shopping/customers")
    emails = {emma["email"]}
    for number in range(1, OTHER_CUSTOMERS + 1):
        first, last = random.choice(names["first"]), random.choice(names["last"])
        city, region_id, region, postcode = random.choice(_CITIES)
        street = [f"{random.randrange(10, 980)} {random.choice(_STREETS)}", "", ""]
        digits = f"555{random.randrange(10**7):07d}"
        if number == emma["id"]:
            continue
        email = f"{first}.{last}@example.com".lower()
        email = email if email not in emails else f"{first}.{last}{number}@example.com".lower()
        emails.add(email)
        person = {"email": email, "first_name": first, "last_name": last}
        address = {
            "id": number if number != emma["address"]["id"] else OTHER_CUSTOMERS + 1, "company": "", "telephone": digits,
            "street": street, "city": city, "region_id": region_id, "region": region, "postcode": postcode,
            "country_id": "US",
        }  # fmt: skip
        when = _FIRST_DAY - dt.timedelta(hours=random.randrange(20, 2000))
        _insert_customer(connection, number, f"Sealed-{random.randrange(10**9)}", str(when), person, address)
        if random.random() < 0.4:
            connection.execute("INSERT INTO subscriber VALUES (?, ?)", (email, number))


def _insert_customer(
    connection: sqlite3.Connection,
    customer_id: int,
    password: str,
    created: str,
    person: Mapping[str, Any],
    address: Mapping[str, Any],
) -> None:
    names = person["first_name"], person["last_name"]
    connection.execute(
        "INSERT INTO customer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (customer_id, person["email"], password, *names, address["id"], address["id"], created),
    )
    connection.execute(
        "INSERT INTO address VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (address["id"], customer_id, *names, address["company"], address["telephone"], "\n".join(address["street"]),
         address["city"], address["region_id"], address["region"], address["postcode"], address["country_id"]),
    )  # fmt: skip


def insert_orders(connection: sqlite3.Connection, facts: Mapping[str, Any]) -> None:
    """Emma's orders as the facts say; every other number up to the highest of them belongs to somebody else."""
    products = {row[0]: row[1:] for row in connection.execute("SELECT fact, id, sku, name, price_cents FROM product")}
    taken = set()
    per_item = cents(facts["shipping_per_item"])
    for order in facts["orders"]:
        lines = [
            (*_line_product(products, line), line["qty"], json.dumps(line.get("options", {}), ensure_ascii=False))
            for line in order["lines"]
        ]
        _insert_order(
            connection, order["number"], facts["customer"]["id"], order["status"], order["date"], lines, per_item
        )
        taken.add(order["number"])
    _insert_other_orders(connection, [n for n in range(1, max(taken)) if n not in taken], facts, per_item)


def _line_product(products: Mapping[str, tuple[Any, ...]], line: Mapping[str, Any]) -> tuple[Any, ...]:
    """(id, sku, name, price in cents) of an order line; a line may have been bought at another price than today's."""
    product_id, sku, name, price_cents = products[line["product"]]
    return product_id, sku, name, cents(line["price"]) if "price" in line else price_cents


def _insert_other_orders(
    connection: sqlite3.Connection, numbers: list[int], facts: Mapping[str, Any], per_item: int
) -> None:
    random = Random("shopping/orders")
    emma = facts["customer"]["id"]
    customers = [row[0] for row in connection.execute("SELECT id FROM customer WHERE id != ? ORDER BY id", (emma,))]
    goods = connection.execute(
        "SELECT id, sku, name, price_cents FROM product WHERE NOT has_options ORDER BY fact IS NOT NULL, id LIMIT 900"
    ).fetchall()
    minutes = sorted(random.randrange(_DAYS * 24 * 60) for _ in numbers)
    for number, minute in zip(numbers, minutes, strict=True):
        lines = [(*tuple(product), random.choice((1, 1, 1, 2)), "{}") for product in _basket(random, goods)]
        status = random.choices(_STATUSES, _STATUS_WEIGHTS)[0]
        when = str(_FIRST_DAY + dt.timedelta(minutes=minute))
        _insert_order(connection, number, random.choice(customers), status, when, lines, per_item)


def _basket(random: Random, goods: list[Any]) -> Iterator[Any]:
    yield from random.sample(goods, random.choice((1, 1, 2, 2, 3, 4)))


def _insert_order(
    connection: sqlite3.Connection,
    number: int,
    customer_id: int,
    status: str,
    when: str,
    lines: list[tuple[Any, ...]],
    per_item: int,
) -> None:
    """An order whose totals follow from its lines: (product, sku, name, price in cents, quantity, options as JSON)."""
    email, first, last, address_id = connection.execute(
        "SELECT email, first_name, last_name, shipping_id FROM customer WHERE id = ?", (customer_id,)
    ).fetchone()
    qty = sum(line[4] for line in lines)
    subtotal = sum(line[3] * line[4] for line in lines)
    columns = "first_name, last_name, company, telephone, street, city, region_id, region, postcode, country_id"
    row = connection.execute(f"SELECT {columns} FROM address WHERE id = ?", (address_id,)).fetchone()
    address = json.dumps(dict(zip(columns.split(", "), row, strict=True)), ensure_ascii=False)
    connection.execute(
        "INSERT INTO sales_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL, ?, ?, ?, ?)",
        (number, customer_id, email, first, last, status, when, qty, subtotal, qty * per_item, subtotal + qty * per_item,
         address, address),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO order_item (order_id, product_id, sku, name, price_cents, qty, options) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((number, *line) for line in lines),
    )
