"""The list of products a visitor compares."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from .cart import Visitor
from .catalogue import CARD_COLUMNS, Card

_CARD = ", ".join(f"p.{column}" for column in CARD_COLUMNS.split(", "))


class Compared(NamedTuple):
    id: int
    card: Card


class Comparison:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, visitor: Visitor) -> list[Compared]:
        """In the order they were added; empty without a session."""
        rows = self._connection.execute(
            f"SELECT c.id, {_CARD} FROM compare_item c JOIN product p ON p.id = c.product_id WHERE c.visitor = ? ORDER BY c.id",
            (visitor_key(visitor),),
        )
        return [Compared(row[0], Card(*row[1:])) for row in rows]

    def add(self, visitor: Visitor, product_id: int) -> None:
        """A product is compared once, however often it is added."""
        values = visitor_key(visitor), product_id
        found = self._connection.execute("SELECT 1 FROM compare_item WHERE visitor = ? AND product_id = ?", values)
        if found.fetchone() is None:
            self._connection.execute("INSERT INTO compare_item (visitor, product_id) VALUES (?, ?)", values)

    def remove(self, visitor: Visitor, product_id: int) -> None:
        self._connection.execute(
            "DELETE FROM compare_item WHERE visitor = ? AND product_id = ?", (visitor_key(visitor), product_id)
        )

    def clear(self, visitor: Visitor) -> None:
        self._connection.execute("DELETE FROM compare_item WHERE visitor = ?", (visitor_key(visitor),))


def visitor_key(visitor: Visitor) -> str:
    """A customer's list follows the account, a guest's the session."""
    return f"customer {visitor.customer_id}" if visitor.customer_id is not None else f"session {visitor.session}"
