"""Shopping carts: one for each customer, and one for each session of a guest."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from .customers import Address

MOST_PER_LINE = 10_000


class Visitor(NamedTuple):
    """Who asks: a session of a signed-in customer, of a guest, or none yet."""

    session: str | None
    customer_id: int | None


class CartLine(NamedTuple):
    id: int
    product_id: int
    sku: str
    name: str
    url_key: str
    price_cents: int
    qty: int
    options: dict[str, str]  # title -> chosen value's title

    @property
    def total_cents(self) -> int:
        return self.price_cents * self.qty

    @property
    def url(self) -> str:
        return f"/{self.url_key}.html"


class Cart(NamedTuple):
    """A cart with its sums. ``address`` is what a guest entered at the checkout."""

    id: int
    coupon: str | None
    percent: int  # off, with the coupon
    shipping_per_item_cents: int
    email: str | None
    address: Address | None
    lines: list[CartLine]

    @property
    def qty(self) -> int:
        return sum(line.qty for line in self.lines)

    @property
    def subtotal_cents(self) -> int:
        return sum(line.total_cents for line in self.lines)

    @property
    def discount_cents(self) -> int:
        """Rounded half up over the whole cart."""
        return (self.subtotal_cents * self.percent + 50) // 100

    @property
    def shipping_cents(self) -> int:
        return self.qty * self.shipping_per_item_cents

    @property
    def total_cents(self) -> int:
        """Without shipping, as the cart page shows it."""
        return self.subtotal_cents - self.discount_cents


class Carts:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, visitor: Visitor) -> Cart | None:
        """The visitor's cart, None if there never was one."""
        row = self._row(visitor)
        return None if row is None else self._cart(row)

    def _row(self, visitor: Visitor) -> sqlite3.Row | None:
        column, value = _owner(visitor)
        if value is None:
            return None
        return self._connection.execute(
            f"SELECT id, coupon, email, address FROM cart WHERE {column} = ?", (value,)
        ).fetchone()

    def _cart(self, row: sqlite3.Row) -> Cart:
        lines = self._connection.execute(
            "SELECT i.id, p.id, p.sku, p.name, p.url_key, p.price_cents, i.qty, i.options FROM cart_item i "
            "JOIN product p ON p.id = i.product_id WHERE i.cart_id = ? ORDER BY i.id",
            (row["id"],),
        ).fetchall()
        percent = self._connection.execute("SELECT percent FROM coupon WHERE code = ?", (row["coupon"],)).fetchone()
        per_item = self._connection.execute(
            "SELECT value FROM setting WHERE name = 'shipping_per_item_cents'"
        ).fetchone()
        return Cart(
            row["id"],
            row["coupon"],
            percent[0] if percent else 0,
            int(per_item[0]),
            row["email"],
            Address.of(json.loads(row["address"])) if row["address"] else None,
            [CartLine(*line[:7], json.loads(line[7])) for line in lines],
        )

    def add(self, visitor: Visitor, product_id: int, qty: int, options: Mapping[str, str]) -> bool:
        """Put ``qty`` of a product in; the same product with the same choices is one line.

        False, and nothing changed, if the line would hold more than ``MOST_PER_LINE``. ``visitor`` must have a session.
        """
        cart_id = self._ensure(visitor)
        chosen = json.dumps(dict(options), ensure_ascii=False)
        line = self._connection.execute(
            "SELECT id, qty FROM cart_item WHERE cart_id = ? AND product_id = ? AND options = ?",
            (cart_id, product_id, chosen),
        ).fetchone()
        if qty + (line["qty"] if line else 0) > MOST_PER_LINE:
            return False
        if line:
            self._connection.execute("UPDATE cart_item SET qty = qty + ? WHERE id = ?", (qty, line["id"]))
        else:
            self._connection.execute(
                "INSERT INTO cart_item (cart_id, product_id, qty, options) VALUES (?, ?, ?, ?)",
                (cart_id, product_id, qty, chosen),
            )
        return True

    def _ensure(self, visitor: Visitor) -> int:
        row = self._row(visitor)
        if row is not None:
            return row["id"]
        column, value = _owner(visitor)
        assert value is not None, "a visitor without session has no cart"
        cursor = self._connection.execute(f"INSERT INTO cart ({column}) VALUES (?)", (value,))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def line(self, visitor: Visitor, line_id: int) -> CartLine | None:
        """A line of the visitor's own cart."""
        cart = self.of(visitor)
        return None if cart is None else next((line for line in cart.lines if line.id == line_id), None)

    def set_qty(self, line_id: int, qty: int) -> None:
        """0 removes the line."""
        if qty:
            self._connection.execute("UPDATE cart_item SET qty = ? WHERE id = ?", (qty, line_id))
        else:
            self._connection.execute("DELETE FROM cart_item WHERE id = ?", (line_id,))

    def clear(self, cart: Cart) -> None:
        """Empty the cart and forget its coupon."""
        self._connection.execute("DELETE FROM cart_item WHERE cart_id = ?", (cart.id,))
        self._connection.execute("UPDATE cart SET coupon = NULL, address = NULL WHERE id = ?", (cart.id,))

    def set_coupon(self, cart: Cart, code: str) -> bool:
        """Use a coupon, or none for an empty code; False if there is no such code, which changes nothing."""
        row = self._connection.execute("SELECT code FROM coupon WHERE code = ?", (code,)).fetchone()
        if code and row is None:
            return False
        self._connection.execute("UPDATE cart SET coupon = ? WHERE id = ?", (row and row["code"], cart.id))
        return True

    def set_address(self, cart: Cart, email: str | None, address: Address) -> None:
        """Keep where the cart's goods shall go."""
        data = json.dumps(address.data(), ensure_ascii=False)
        self._connection.execute("UPDATE cart SET email = ?, address = ? WHERE id = ?", (email, data, cart.id))

    def adopt(self, session: str, customer_id: int) -> None:
        """What a guest put in goes into the cart of the account the guest signs in to."""
        guest = self.of(Visitor(session, None))
        if guest is None:
            return
        for line in guest.lines:
            self.add(Visitor(session, customer_id), line.product_id, line.qty, line.options)
        self._connection.execute("DELETE FROM cart_item WHERE cart_id = ?", (guest.id,))
        self._connection.execute("DELETE FROM cart WHERE id = ?", (guest.id,))


def _owner(visitor: Visitor) -> tuple[str, int | str | None]:
    """The column and value that a visitor's cart is found by; the value is None without a session."""
    if visitor.customer_id is not None:
        return "customer_id", visitor.customer_id
    return "session_id", visitor.session
