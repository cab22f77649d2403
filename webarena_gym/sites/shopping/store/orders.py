"""Orders placed and looked at. The entity id is the number that the nine-digit order number spells."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from .cart import Cart
from .customers import Address


class OrderLine(NamedTuple):
    product_id: int
    sku: str
    name: str
    price_cents: int
    qty: int
    options: dict[str, str]

    @property
    def total_cents(self) -> int:
        return self.price_cents * self.qty


class OrderSummary(NamedTuple):
    """A row of an order list; ``created_at`` is UTC text."""

    id: int
    created_at: str
    ship_to: str
    total_cents: int
    status: str

    @property
    def number(self) -> str:
        return f"{self.id:09d}"


class Order(NamedTuple):
    id: int
    customer_id: int | None
    email: str
    first_name: str
    last_name: str
    status: str
    created_at: str
    qty: int
    subtotal_cents: int
    discount_cents: int
    coupon: str | None
    shipping_cents: int
    total_cents: int
    shipping_address: Address
    billing_address: Address
    lines: list[OrderLine]

    @property
    def number(self) -> str:
        return f"{self.id:09d}"

    @property
    def url(self) -> str:
        return f"/sales/order/view/order_id/{self.id}/"


class LastItem(NamedTuple):
    """A line of the newest order, to buy again. ``id`` is the order line's."""

    id: int
    product_id: int
    name: str
    url: str
    options: dict[str, str]


_COLUMNS = (
    "id, customer_id, email, first_name, last_name, status, created_at, qty, subtotal_cents, discount_cents, coupon, "
    "shipping_cents, total_cents, shipping_address, billing_address"
)


class Orders:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of_customer(self, customer_id: int, limit: int = -1, offset: int = 0) -> list[OrderSummary]:
        """Newest first by date, whatever the numbers; all of them by default."""
        rows = self._connection.execute(
            "SELECT id, created_at, first_name || ' ' || last_name, total_cents, status FROM sales_order "
            "WHERE customer_id = ? ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?",
            (customer_id, limit, offset),
        )
        return [OrderSummary(*row) for row in rows]

    def count(self, customer_id: int) -> int:
        return self._connection.execute(
            "SELECT count(*) FROM sales_order WHERE customer_id = ?", (customer_id,)
        ).fetchone()[0]

    def order(self, order_id: int) -> Order | None:
        """Anybody's order; handlers check whose it is."""
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM sales_order WHERE id = ?", (order_id,)).fetchone()
        return None if row is None else self._order(row)

    def latest(self) -> Order:
        """The newest order of all customers."""
        return self.search("created_at", descending=True, limit=1)[0]

    def last_items(self, customer_id: int) -> list[LastItem]:
        """Up to five lines of the customer's newest order whose products are still sold."""
        rows = self._connection.execute(
            "SELECT i.id, i.product_id, i.name, '/' || p.url_key || '.html', i.options FROM order_item i "
            "JOIN product p ON p.id = i.product_id WHERE i.order_id = (SELECT id FROM sales_order WHERE customer_id = ? "
            "ORDER BY created_at DESC, id DESC LIMIT 1) ORDER BY i.id LIMIT 5",
            (customer_id,),
        )
        return [LastItem(*row[:4], json.loads(row[4])) for row in rows]

    def remember(self, session: str, order_id: int) -> None:
        """Let a guest's session see this order."""
        self._connection.execute(
            "INSERT INTO visit (session_id, last_order) VALUES (?, ?) "
            "ON CONFLICT (session_id) DO UPDATE SET last_order = excluded.last_order",
            (session, order_id),
        )

    def remembered(self, session: str | None) -> int | None:
        row = self._connection.execute("SELECT last_order FROM visit WHERE session_id = ?", (session,)).fetchone()
        return None if row is None else row[0]

    def search(
        self,
        sort: str = "id",
        *,
        descending: bool = False,
        limit: int = -1,
        offset: int = 0,
        conditions: Mapping[str, tuple[str, str | int]] | None = None,
    ) -> list[Order]:
        """All customers' orders for the REST interface. ``conditions``: column -> (SQL comparison, value).

        ``sort`` and the columns are names of ``sales_order``; the caller checks them.
        """
        direction = "DESC" if descending else "ASC"
        where = " AND ".join(f"{column} {how} ?" for column, (how, _) in (conditions or {}).items()) or "1"
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM sales_order WHERE {where} ORDER BY {sort} {direction}, id {direction} LIMIT ? OFFSET ?",
            (*(value for _, value in (conditions or {}).values()), limit, offset),
        ).fetchall()
        return [self._order(row) for row in rows]

    def _order(self, row: sqlite3.Row) -> Order:
        lines = self._connection.execute(
            "SELECT product_id, sku, name, price_cents, qty, options FROM order_item WHERE order_id = ? ORDER BY id",
            (row["id"],),
        ).fetchall()
        return Order(
            *tuple(row)[:13],
            Address.of(json.loads(row["shipping_address"])),
            Address.of(json.loads(row["billing_address"])),
            [OrderLine(*line[:5], json.loads(line[5])) for line in lines],
        )

    def place(
        self,
        cart: Cart,
        *,
        customer_id: int | None,
        email: str,
        shipping_address: Address,
        billing_address: Address,
        when: str,
    ) -> int:
        """Turn a cart with lines into a pending order; returns its id, the highest yet. The cart stays as it is."""
        total = cart.total_cents + cart.shipping_cents
        addresses = [json.dumps(a.data(), ensure_ascii=False) for a in (shipping_address, billing_address)]
        cursor = self._connection.execute(
            f"INSERT INTO sales_order ({_COLUMNS.removeprefix('id, ')}) "
            "VALUES (?, ?, ?, ?, 'Pending', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (customer_id, email, shipping_address.first_name, shipping_address.last_name, when, cart.qty,
             cart.subtotal_cents, cart.discount_cents, cart.coupon, cart.shipping_cents, total, *addresses),
        )  # fmt: skip
        order_id = cursor.lastrowid
        assert order_id is not None
        self._connection.executemany(
            "INSERT INTO order_item (order_id, product_id, sku, name, price_cents, qty, options) VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((order_id, line.product_id, line.sku, line.name, line.price_cents, line.qty,
              json.dumps(line.options, ensure_ascii=False)) for line in cart.lines),
        )  # fmt: skip
        return order_id
