"""Product reviews. A visitor's own waits for approval, which in an episode never comes."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Review(NamedTuple):
    id: int
    product_id: int
    nickname: str
    title: str
    detail: str
    stars: int
    approved: bool
    created_at: str

    @property
    def percent(self) -> int:
        return self.stars * 20


_COLUMNS = "id, product_id, nickname, title, detail, stars, approved, created_at"


class Reviews:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of_product(self, product_id: int, limit: int = -1, offset: int = 0) -> list[Review]:
        """Approved reviews, newest first; all of them by default."""
        return self._read(
            "product_id = ? AND approved ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?", product_id, limit, offset
        )

    def of_customer(self, customer_id: int) -> list[Review]:
        """Everything the customer wrote, newest first, approved or not."""
        return self._read("customer_id = ? ORDER BY created_at DESC, id DESC", customer_id)

    def review(self, review_id: int, customer_id: int) -> Review | None:
        """One of the customer's own reviews."""
        return next(iter(self._read("id = ? AND customer_id = ?", review_id, customer_id)), None)

    def _read(self, condition: str, *values: int) -> list[Review]:
        return [
            Review(*row) for row in self._connection.execute(f"SELECT {_COLUMNS} FROM review WHERE {condition}", values)
        ]

    def add(
        self, product_id: int, customer_id: int | None, *, nickname: str, title: str, detail: str, stars: int, when: str
    ) -> int:
        """Hand a review in; returns its id. It is not shown on the product until someone approves it."""
        cursor = self._connection.execute(
            "INSERT INTO review (product_id, customer_id, nickname, title, detail, stars, approved, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
            (product_id, customer_id, nickname, title, detail, stars, when),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid
