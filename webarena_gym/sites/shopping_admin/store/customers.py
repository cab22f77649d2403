"""Customers, their address books, groups and newsletter subscriptions."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from ...magento import Address
from .orders import ADDRESS_FIELDS
from .refused import Refused


class Customer(NamedTuple):
    """``dob`` is a day as ISO text or empty; ``gender`` is Male, Female, Not Specified or empty."""

    id: int
    email: str
    prefix: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    group_id: int
    dob: str
    taxvat: str
    gender: str
    billing_id: int | None
    shipping_id: int | None
    created_at: str
    is_subscribed: int

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class SalesStatistics(NamedTuple):
    """What a customer bought: orders that were not canceled."""

    orders: int
    lifetime_cents: int

    @property
    def average_cents(self) -> int:
        return round(self.lifetime_cents / self.orders) if self.orders else 0


_COLUMNS = ", ".join(Customer._fields)
_ADDRESS = "id, " + ", ".join(ADDRESS_FIELDS)
EDITABLE = frozenset(
    {"email", "prefix", "first_name", "middle_name", "last_name", "suffix", "group_id", "dob", "taxvat", "gender"}
)


class Customers:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def customer(self, customer_id: int) -> Customer | None:
        return self._one("id = ?", customer_id)

    def by_email(self, email: str) -> Customer | None:
        return self._one("email = ?", email)

    def groups(self) -> dict[int, str]:
        """Customer groups: id -> name."""
        return dict(self._connection.execute("SELECT id, code FROM customer_group ORDER BY id").fetchall())

    def addresses(self, customer_id: int) -> list[Address]:
        rows = self._connection.execute(
            f"SELECT {_ADDRESS} FROM customer_address WHERE customer_id = ? ORDER BY id", (customer_id,)
        )
        return [Address(*row) for row in rows]

    def address(self, address_id: int | None) -> Address | None:
        row = self._connection.execute(
            f"SELECT {_ADDRESS} FROM customer_address WHERE id = ?", (address_id,)
        ).fetchone()
        return None if row is None else Address(*row)

    def statistics(self, customer_id: int) -> SalesStatistics:
        row = self._connection.execute(
            "SELECT count(*), coalesce(sum(total_cents), 0) FROM sales_order WHERE customer_id = ? AND status != 'canceled'",
            (customer_id,),
        ).fetchone()
        return SalesStatistics(*row)

    def save(self, customer_id: int, fields: Mapping[str, Any]) -> None:
        """Set the account fields that are given.

        Raises:
            Refused: a name or the email is empty, or the email belongs to another customer.
        """
        if unknown := fields.keys() - EDITABLE:
            raise ValueError(f"no editable fields of a customer: {sorted(unknown)}")
        for name, label in (("first_name", "First Name"), ("last_name", "Last Name"), ("email", "Email")):
            if name in fields and not str(fields[name]).strip():
                raise Refused(f'"{label}" is a required value.')
        if "email" in fields:
            other = self.by_email(str(fields["email"]))
            if other is not None and other.id != customer_id:
                raise Refused("A customer with the same email address already exists in an associated website.")
        if fields:
            assignments = ", ".join(f"{name} = ?" for name in fields)
            self._connection.execute(f"UPDATE customer SET {assignments} WHERE id = ?", (*fields.values(), customer_id))

    def create(self, fields: Mapping[str, Any], when: str) -> int:
        """A new customer; ``fields`` must hold first_name, last_name and email. Returns the id, the highest yet."""
        (next_id,) = self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM customer").fetchone()
        self._connection.execute(
            "INSERT INTO customer VALUES (?, ?, '', '', '', '', '', 1, '', '', '', NULL, NULL, ?, 0)",
            (next_id, f"new-{next_id}", when),
        )
        try:
            self.save(next_id, {"first_name": "", "last_name": "", "email": "", **fields})
        except Refused:
            self._connection.execute("DELETE FROM customer WHERE id = ?", (next_id,))
            raise
        return next_id

    def save_address(self, customer_id: int, address: Address) -> int:
        """Add an address (``id`` None) or replace one; returns its id. A customer's first becomes the default."""
        values = [getattr(address, name) for name in ADDRESS_FIELDS]
        if address.id is not None:
            assignments = ", ".join(f"{name} = ?" for name in ADDRESS_FIELDS)
            self._connection.execute(
                f"UPDATE customer_address SET {assignments} WHERE id = ? AND customer_id = ?",
                (*values, address.id, customer_id),
            )
            return address.id
        address_id = self._connection.execute(
            f"INSERT INTO customer_address (customer_id, {', '.join(ADDRESS_FIELDS)}) VALUES (?{', ?' * len(values)})",
            (customer_id, *values),
        ).lastrowid
        assert address_id is not None
        self._connection.execute(
            "UPDATE customer SET billing_id = coalesce(billing_id, ?1), shipping_id = coalesce(shipping_id, ?1) WHERE id = ?2",
            (address_id, customer_id),
        )
        return address_id

    def delete(self, customer_ids: Collection[int]) -> int:
        """Delete customers with their addresses; their orders stay. Returns how many there were."""
        marks = ",".join("?" * len(customer_ids))
        ids = list(customer_ids)
        self._connection.execute(f"DELETE FROM customer_address WHERE customer_id IN ({marks})", ids)
        self._connection.execute(f"UPDATE sales_order SET customer_id = NULL WHERE customer_id IN ({marks})", ids)
        return self._connection.execute(f"DELETE FROM customer WHERE id IN ({marks})", ids).rowcount

    def set_subscribed(self, customer_ids: Collection[int], subscribed: bool) -> int:
        """Put customers on the newsletter's list, or take them off."""
        for customer_id in customer_ids:
            customer = self.customer(customer_id)
            if customer is not None:
                self._connection.execute(
                    "INSERT INTO subscriber (email, customer_id, status) VALUES (?1, ?2, ?3) "
                    "ON CONFLICT (email) DO UPDATE SET status = excluded.status",
                    (customer.email, customer_id, "1" if subscribed else "3"),
                )
        marks = ",".join("?" * len(customer_ids))
        return self._connection.execute(
            f"UPDATE customer SET is_subscribed = ? WHERE id IN ({marks})", (int(subscribed), *customer_ids)
        ).rowcount

    def _one(self, condition: str, value: str | int) -> Customer | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM customer WHERE {condition}", (value,)).fetchone()
        return None if row is None else Customer(*row)
