"""Wish lists: one for each customer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from .catalogue import CARD_COLUMNS, Card

_CARD = ", ".join(f"p.{column}" for column in CARD_COLUMNS.split(", "))


class Wish(NamedTuple):
    id: int
    qty: int
    comment: str
    options: dict[str, str]
    card: Card


class WishLists:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of_customer(self, customer_id: int) -> list[Wish]:
        """In the order they were added."""
        rows = self._connection.execute(
            f"SELECT w.id, w.qty, w.comment, w.options, {_CARD} FROM wishlist_item w JOIN product p ON p.id = w.product_id "
            "WHERE w.customer_id = ? ORDER BY w.id",
            (customer_id,),
        )
        return [Wish(*row[:3], json.loads(row[3]), Card(*row[4:])) for row in rows]

    def wish(self, customer_id: int, wish_id: int) -> Wish | None:
        return next((wish for wish in self.of_customer(customer_id) if wish.id == wish_id), None)

    def add(self, customer_id: int, product_id: int, qty: int, options: Mapping[str, str], when: str) -> None:
        """Wish for a product; one already there with the same choices is wished for that much more."""
        chosen = json.dumps(dict(options), ensure_ascii=False)
        cursor = self._connection.execute(
            "UPDATE wishlist_item SET qty = qty + ? WHERE customer_id = ? AND product_id = ? AND options = ?",
            (qty, customer_id, product_id, chosen),
        )
        if cursor.rowcount == 0:
            self._connection.execute(
                "INSERT INTO wishlist_item (customer_id, product_id, qty, comment, options, added_at) "
                "VALUES (?, ?, ?, '', ?, ?)",
                (customer_id, product_id, qty, chosen, when),
            )

    def change(self, wish_id: int, *, qty: int, comment: str) -> None:
        """0 removes it."""
        if qty:
            self._connection.execute(
                "UPDATE wishlist_item SET qty = ?, comment = ? WHERE id = ?", (qty, comment, wish_id)
            )
        else:
            self.remove(wish_id)

    def remove(self, wish_id: int) -> None:
        self._connection.execute("DELETE FROM wishlist_item WHERE id = ?", (wish_id,))

    def set_pending(self, session: str, product_id: int) -> None:
        """Remember what a guest wished for until the guest signs in."""
        self._connection.execute(
            "INSERT INTO visit (session_id, pending_wish) VALUES (?, ?) "
            "ON CONFLICT (session_id) DO UPDATE SET pending_wish = excluded.pending_wish",
            (session, product_id),
        )

    def take_pending(self, session: str) -> int | None:
        """What ``set_pending`` kept, which is then forgotten."""
        row = self._connection.execute("SELECT pending_wish FROM visit WHERE session_id = ?", (session,)).fetchone()
        if row is None:
            return None
        self._connection.execute("UPDATE visit SET pending_wish = NULL WHERE session_id = ?", (session,))
        return row[0]
