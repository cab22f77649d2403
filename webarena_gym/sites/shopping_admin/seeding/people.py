"""Customers: those of the facts, and generated ones up to as many as the store has."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from random import Random
from typing import Any

from ...magento import US_REGIONS

CUSTOMERS, FEWEST = 70, 50  # at scale 1, and at any: the orders that the facts count need so many buyers
_HOSTS = ("gmail.com", "yahoo.com", "hotmail.com")
_GENDERS = ("", "", "Male", "Female", "Not Specified")


def insert_people(connection: sqlite3.Connection, facts: Mapping[str, Any], words: Mapping[str, Any], scale: float) -> None:  # fmt: skip
    """Customers with one address each, whose id is the customer's. No two have a name in common but those of the facts."""
    connection.executemany(
        "INSERT INTO customer_group VALUES (?, ?, 'Retail Customer')",
        ((0, "NOT LOGGED IN"), (1, "General"), (2, "Wholesale"), (3, "Retailer")),
    )
    for customer in facts["customers"]:
        _insert(connection, customer["id"], customer, "")
    random = Random("admin/people")
    people = words["people"]
    taken = {f"{customer['first_name']} {customer['last_name']}" for customer in facts["customers"]}
    names = [(first, last) for first in people["first"] for last in people["last"] if f"{first} {last}" not in taken]
    random.shuffle(names)
    first_id = max(customer["id"] for customer in facts["customers"]) + 1
    total = max(round(CUSTOMERS * scale), FEWEST)
    for customer_id in range(first_id, total + 1):
        first, last = names[(customer_id - first_id) % len(names)]
        again = (customer_id - first_id) // len(names)
        city, region, postcode = random.choice(people["cities"])
        _insert(connection, customer_id, {
            "email": f"{first.lower()}.{last.lower()}{again or ''}@{random.choice(_HOSTS)}", "first_name": first,
            "last_name": last if not again else f"{last} {_roman(again + 1)}", "telephone": f"{random.randrange(201, 990)}555{customer_id % 10000:04d}",
            "street": f"{random.randrange(10, 990)} {random.choice(people['streets'])}", "city": city, "region": region,
            "postcode": postcode,
        }, random.choice(_GENDERS))  # fmt: skip


def _roman(number: int) -> str:
    """
    >>> _roman(2), _roman(4)
    ('II', 'IV')
    """
    digits = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
    text = ""
    for value, letters in digits:
        text += letters * (number // value)
        number %= value
    return text


def _insert(connection: sqlite3.Connection, customer_id: int, customer: Mapping[str, Any], gender: str) -> None:
    regions = {name: region_id for region_id, name in US_REGIONS.items()}
    subscribed = int(customer_id % 5 == 0)
    connection.execute(
        "INSERT INTO customer VALUES (?, ?, '', ?, '', ?, '', 1, '', '', ?, ?, ?, '2022-01-01 09:00:00', ?)",
        (customer_id, customer["email"], customer["first_name"], customer["last_name"], gender, customer_id, customer_id, subscribed),
    )  # fmt: skip
    connection.execute(
        "INSERT INTO customer_address VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, 'US')",
        (customer_id, customer_id, customer["first_name"], customer["last_name"], customer["telephone"], customer["street"],
         customer["city"], regions[customer["region"]], customer["region"], customer["postcode"]),
    )  # fmt: skip
    if subscribed:
        connection.execute(
            "INSERT INTO subscriber (email, customer_id, status) VALUES (?, ?, '1')", (customer["email"], customer_id)
        )


def date_accounts(connection: sqlite3.Connection) -> None:
    """Let every account be older than its first order; those without orders were opened in the spring of 2023."""
    random = Random("admin/accounts")
    rows = connection.execute(
        "SELECT c.id, min(o.created_at) FROM customer c LEFT JOIN sales_order o ON o.customer_id = c.id GROUP BY c.id ORDER BY c.id"
    ).fetchall()
    for customer_id, first in rows:
        connection.execute(
            "UPDATE customer SET created_at = datetime(?, ?) WHERE id = ?",
            (first or "2023-04-19 16:00:00", f"-{random.randrange(3, 60 * 24 * 9)} minutes", customer_id),
        )
