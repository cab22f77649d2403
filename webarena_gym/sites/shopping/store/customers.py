"""Accounts, address books and the newsletter list."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from ...magento import Address


class Customer(NamedTuple):
    id: int
    email: str
    password: str
    first_name: str
    last_name: str
    billing_id: int | None
    shipping_id: int | None
    created_at: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


_CUSTOMER = "id, email, password, first_name, last_name, billing_id, shipping_id, created_at"
_ADDRESS_FIELDS = (
    "first_name", "last_name", "company", "telephone", "street", "city", "region_id", "region", "postcode", "country_id",
)  # fmt: skip
_ADDRESS = "id, " + ", ".join(_ADDRESS_FIELDS)


class Customers:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_id(self, customer_id: int) -> Customer | None:
        return self._customer("id = ?", customer_id)

    def by_email(self, email: str) -> Customer | None:
        return self._customer("email = ?", email)

    def _customer(self, condition: str, value: int | str) -> Customer | None:
        row = self._connection.execute(f"SELECT {_CUSTOMER} FROM customer WHERE {condition}", (value,)).fetchone()
        return None if row is None else Customer(*row)

    def create(self, email: str, password: str, first_name: str, last_name: str, when: str) -> int:
        """A new account without addresses; returns its id. The email must not be taken."""
        cursor = self._connection.execute(
            "INSERT INTO customer (email, password, first_name, last_name, created_at) VALUES (?, ?, ?, ?, ?)",
            (email, password, first_name, last_name, when),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def update(self, customer_id: int, *, email: str, password: str, first_name: str, last_name: str) -> None:
        self._connection.execute(
            "UPDATE customer SET email = ?, password = ?, first_name = ?, last_name = ? WHERE id = ?",
            (email, password, first_name, last_name, customer_id),
        )

    # --- addresses ---

    def addresses(self, customer_id: int) -> list[Address]:
        """The address book, oldest first."""
        rows = self._connection.execute(
            f"SELECT {_ADDRESS} FROM address WHERE customer_id = ? ORDER BY id", (customer_id,)
        )
        return [Address(*row) for row in rows]

    def address(self, customer_id: int, address_id: int | None) -> Address | None:
        """An address of this customer; another's is None."""
        row = self._connection.execute(
            f"SELECT {_ADDRESS} FROM address WHERE id = ? AND customer_id = ?", (address_id, customer_id)
        ).fetchone()
        return None if row is None else Address(*row)

    def save_address(self, customer_id: int, address: Address) -> int:
        """Write a new address (``id`` None) or a changed one; returns its id. The first one becomes the default."""
        values = [getattr(address, field) for field in _ADDRESS_FIELDS]
        if address.id is not None:
            assignments = ", ".join(f"{field} = ?" for field in _ADDRESS_FIELDS)
            self._connection.execute(
                f"UPDATE address SET {assignments} WHERE id = ? AND customer_id = ?", (*values, address.id, customer_id)
            )
            return address.id
        cursor = self._connection.execute(
            f"INSERT INTO address (customer_id, {', '.join(_ADDRESS_FIELDS)}) VALUES (?{', ?' * len(values)})",
            (customer_id, *values),
        )
        assert cursor.lastrowid is not None
        self._connection.execute(
            "UPDATE customer SET billing_id = coalesce(billing_id, :id), shipping_id = coalesce(shipping_id, :id) "
            "WHERE id = :customer",
            {"id": cursor.lastrowid, "customer": customer_id},
        )
        return cursor.lastrowid

    def set_defaults(self, customer_id: int, *, billing_id: int | None = None, shipping_id: int | None = None) -> None:
        """Make an address the default; None leaves that default as it is."""
        self._connection.execute(
            "UPDATE customer SET billing_id = coalesce(?, billing_id), shipping_id = coalesce(?, shipping_id) WHERE id = ?",
            (billing_id, shipping_id, customer_id),
        )

    def delete_address(self, customer_id: int, address_id: int) -> bool:
        """Remove an address that is no default; False if it is one, or is not this customer's."""
        cursor = self._connection.execute(
            "DELETE FROM address WHERE id = :id AND customer_id = :customer AND :id NOT IN "
            "(SELECT coalesce(billing_id, 0) FROM customer WHERE id = :customer UNION "
            "SELECT coalesce(shipping_id, 0) FROM customer WHERE id = :customer)",
            {"id": address_id, "customer": customer_id},
        )
        return cursor.rowcount > 0

    # --- the newsletter ---

    def is_subscribed(self, customer_id: int) -> bool:
        row = self._connection.execute("SELECT 1 FROM subscriber WHERE customer_id = ?", (customer_id,)).fetchone()
        return row is not None

    def subscribe(self, email: str) -> bool:
        """Put an address on the list; a customer's own counts as the customer's. False if it already was there."""
        customer = self.by_email(email)
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO subscriber (email, customer_id) VALUES (?, ?)",
            (email, None if customer is None else customer.id),
        )
        return cursor.rowcount > 0

    def unsubscribe(self, customer_id: int) -> None:
        self._connection.execute("DELETE FROM subscriber WHERE customer_id = ?", (customer_id,))
