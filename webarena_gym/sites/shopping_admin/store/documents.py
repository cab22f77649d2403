"""Invoices, shipments with tracking numbers, and credit memos, and making them from an order."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .orders import OrderItem, Orders
from .refused import Refused

# Code -> label, in the order of the form's list.
CARRIERS = {
    "custom": "Custom Value", "dhl": "DHL", "fedex": "Federal Express", "ups": "United Parcel Service",
    "usps": "United States Postal Service",
}  # fmt: skip


class Line(NamedTuple):
    """So many pieces of an order's line; tax and discount are of these pieces together."""

    item: OrderItem
    qty: int
    tax_cents: int = 0
    discount_cents: int = 0

    @property
    def subtotal_cents(self) -> int:
        return self.item.price_cents * self.qty

    @property
    def total_cents(self) -> int:
        return self.subtotal_cents + self.tax_cents - self.discount_cents


class Invoice(NamedTuple):
    id: int
    order_id: int
    created_at: str
    subtotal_cents: int
    shipping_cents: int
    tax_cents: int
    discount_cents: int
    total_cents: int
    lines: list[Line]

    @property
    def number(self) -> str:
        return f"{self.id:09d}"


class Track(NamedTuple):
    """A tracking number; ``title`` is what the carrier is called."""

    id: int
    carrier_code: str
    title: str
    number: str
    created_at: str


class NewTrack(NamedTuple):
    carrier_code: str
    title: str
    number: str


class Shipment(NamedTuple):
    id: int
    order_id: int
    created_at: str
    qty: int
    lines: list[Line]
    tracks: list[Track]

    @property
    def number(self) -> str:
        return f"{self.id:09d}"


class CreditMemo(NamedTuple):
    """``adjustment_cents`` is the refund beyond the goods less the fee; it is part of the total."""

    id: int
    order_id: int
    created_at: str
    subtotal_cents: int
    shipping_cents: int
    tax_cents: int
    discount_cents: int
    adjustment_cents: int
    total_cents: int
    lines: list[Line]

    @property
    def number(self) -> str:
        return f"{self.id:09d}"


class Documents:
    """Quantities are by order item id; None means all that is left. ``when`` is UTC text."""

    def __init__(self, connection: sqlite3.Connection, orders: Orders) -> None:
        self._connection, self._orders = connection, orders

    def invoice(self, invoice_id: int) -> Invoice | None:
        row = self._connection.execute(
            "SELECT id, order_id, created_at, subtotal_cents, shipping_cents, tax_cents, discount_cents, total_cents "
            "FROM invoice WHERE id = ?",
            (invoice_id,),
        ).fetchone()
        return None if row is None else Invoice(*row, self._lines("invoice", row[0], row[1]))

    def shipment(self, shipment_id: int) -> Shipment | None:
        row = self._connection.execute(
            "SELECT id, order_id, created_at, qty FROM shipment WHERE id = ?", (shipment_id,)
        ).fetchone()
        if row is None:
            return None
        tracks = self._connection.execute(
            "SELECT id, carrier_code, title, number, created_at FROM shipment_track WHERE shipment_id = ? ORDER BY id",
            (shipment_id,),
        )
        return Shipment(*row, self._lines("shipment", row[0], row[1]), [Track(*track) for track in tracks])

    def creditmemo(self, creditmemo_id: int) -> CreditMemo | None:
        row = self._connection.execute(
            "SELECT id, order_id, created_at, subtotal_cents, shipping_cents, tax_cents, discount_cents, adjustment_cents, "
            "total_cents FROM creditmemo WHERE id = ?",
            (creditmemo_id,),
        ).fetchone()
        return None if row is None else CreditMemo(*row, self._lines("creditmemo", row[0], row[1]))

    def tracks(self, order_id: int) -> list[Track]:
        """All tracking numbers of an order, oldest first."""
        rows = self._connection.execute(
            "SELECT id, carrier_code, title, number, created_at FROM shipment_track WHERE order_id = ? ORDER BY id",
            (order_id,),
        )
        return [Track(*row) for row in rows]

    def _lines(self, kind: str, document_id: int, order_id: int) -> list[Line]:
        items = {item.id: item for item in self._orders.items(order_id)}
        money = "0, 0" if kind == "shipment" else "tax_cents, discount_cents"
        rows = self._connection.execute(
            f"SELECT order_item_id, qty, {money} FROM {kind}_item WHERE {kind}_id = ? ORDER BY order_item_id",
            (document_id,),
        )
        return [Line(items[row[0]], *row[1:]) for row in rows]

    def create_invoice(
        self,
        order_id: int,
        when: str,
        *,
        qtys: Mapping[int, int] | None = None,
        comment: str = "",
        notified: bool = False,
        visible: bool = False,
    ) -> int:
        """Invoice and capture; returns the invoice's id. Shipping is charged with the first invoice.

        Raises:
            Refused: the order cannot be invoiced, or nothing is left of what is asked for.
        """
        order = self._orders.order(order_id)
        if order is None or not order.can_invoice:
            raise Refused("The order does not allow an invoice to be created.")
        chosen = _chosen(order.items, qtys, lambda item: item.qty_to_invoice)
        if not chosen:
            raise Refused("The invoice can't be created without products. Add products and try again.")
        lines = [Line(item, qty, *_share(item, qty, item.qty_invoiced)) for item, qty in chosen]
        first = not any(item.qty_invoiced for item in order.items)
        shipping = order.shipping_cents if first else 0
        tax, discount = sum(line.tax_cents for line in lines), sum(line.discount_cents for line in lines)
        subtotal = sum(line.subtotal_cents for line in lines)
        invoice_id = self._insert(
            "INSERT INTO invoice (order_id, created_at, subtotal_cents, shipping_cents, tax_cents, discount_cents, total_cents) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (order_id, when, subtotal, shipping, tax, discount, subtotal + shipping + tax - discount),
        )
        self._connection.executemany(
            "INSERT INTO invoice_item VALUES (?, ?, ?, ?, ?)",
            ((invoice_id, line.item.id, line.qty, line.tax_cents, line.discount_cents) for line in lines),
        )
        self._raise("qty_invoiced", chosen)
        self._comment(order_id, "invoice", invoice_id, comment, notified, visible, when)
        self._orders.advance(order_id, when)
        return invoice_id

    def create_shipment(
        self,
        order_id: int,
        when: str,
        *,
        qtys: Mapping[int, int] | None = None,
        tracks: Sequence[NewTrack] = (),
        comment: str = "",
        notified: bool = False,
    ) -> int:
        """Ship; returns the shipment's id.

        Raises:
            Refused: the order cannot be shipped, nothing is left of what is asked for, or a track has no number.
        """
        order = self._orders.order(order_id)
        if order is None or not order.can_ship:
            raise Refused("Cannot do shipment for the order.")
        if any(not track.number.strip() for track in tracks):
            raise Refused("Please enter a tracking number.")
        chosen = _chosen(order.items, qtys, lambda item: item.qty_to_ship)
        if not chosen:
            raise Refused("Shipment Document Validation Error(s): You can't create a shipment without products.")
        shipment_id = self._insert(
            "INSERT INTO shipment (order_id, created_at, qty) VALUES (?, ?, ?)",
            (order_id, when, sum(qty for _, qty in chosen)),
        )
        self._connection.executemany(
            "INSERT INTO shipment_item VALUES (?, ?, ?)", ((shipment_id, item.id, qty) for item, qty in chosen)
        )
        for track in tracks:
            self.add_track(shipment_id, track, when)
        self._raise("qty_shipped", chosen)
        self._comment(order_id, "shipment", shipment_id, comment, notified, False, when)
        self._orders.advance(order_id, when)
        return shipment_id

    def add_track(self, shipment_id: int, track: NewTrack, when: str) -> int | None:
        """A tracking number for a shipment; returns its id, None for an unknown shipment.

        Raises:
            Refused: the number is empty.
        """
        if not track.number.strip():
            raise Refused("Please enter a tracking number.")
        row = self._connection.execute("SELECT order_id FROM shipment WHERE id = ?", (shipment_id,)).fetchone()
        if row is None:
            return None
        title = track.title.strip() or CARRIERS.get(track.carrier_code, track.carrier_code)
        return self._insert(
            "INSERT INTO shipment_track (shipment_id, order_id, carrier_code, title, number, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            (shipment_id, row[0], track.carrier_code, title, track.number.strip(), when),
        )

    def remove_track(self, shipment_id: int, track_id: int) -> None:
        self._connection.execute("DELETE FROM shipment_track WHERE id = ? AND shipment_id = ?", (track_id, shipment_id))

    def create_creditmemo(
        self,
        order_id: int,
        when: str,
        *,
        qtys: Mapping[int, int] | None = None,
        shipping_cents: int | None = None,
        refund_cents: int = 0,
        fee_cents: int = 0,
        back_to_stock: bool = False,
        comment: str = "",
        notified: bool = False,
        visible: bool = False,
    ) -> int:
        """Refund; returns the memo's id. ``refund_cents`` is added, ``fee_cents`` taken off; shipping by default all left.

        Raises:
            Refused: nothing was paid, or more would be refunded than was paid.
        """
        order = self._orders.order(order_id)
        if order is None or not order.can_credit:
            raise Refused("We can't create credit memo for the order.")
        lines = [
            Line(item, qty, *_share(item, qty, item.qty_refunded))
            for item, qty in _chosen(order.items, qtys, lambda item: item.qty_to_refund)
        ]
        left = self.shipping_to_refund(order_id)
        shipping = left if shipping_cents is None else shipping_cents
        if not 0 <= shipping <= left:
            raise Refused(f"Maximum shipping amount allowed to refund is: {left / 100:.2f}")
        tax, discount = sum(line.tax_cents for line in lines), sum(line.discount_cents for line in lines)
        subtotal = sum(line.subtotal_cents for line in lines)
        adjustment = refund_cents - fee_cents
        total = subtotal + shipping + tax - discount + adjustment
        if min(refund_cents, fee_cents) < 0 or total < 0 or total > order.paid_cents - order.refunded_cents:
            most = (order.paid_cents - order.refunded_cents) / 100
            raise Refused(f"The most money available to refund is ${most:,.2f}.")
        if total == 0:
            raise Refused("The credit memo's total must be positive.")
        memo_id = self._insert(
            "INSERT INTO creditmemo (order_id, created_at, subtotal_cents, shipping_cents, tax_cents, discount_cents, "
            "adjustment_cents, total_cents) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (order_id, when, subtotal, shipping, tax, discount, adjustment, total),
        )
        self._connection.executemany(
            "INSERT INTO creditmemo_item VALUES (?, ?, ?, ?, ?)",
            ((memo_id, line.item.id, line.qty, line.tax_cents, line.discount_cents) for line in lines),
        )
        self._raise("qty_refunded", [(line.item, line.qty) for line in lines])
        if back_to_stock:
            self._connection.executemany(
                "UPDATE product SET qty = qty + ? WHERE id = ?", ((line.qty, line.item.product_id) for line in lines)
            )
        self._comment(order_id, "creditmemo", memo_id, comment, notified, visible, when)
        self._orders.advance(order_id, when)
        return memo_id

    def shipping_to_refund(self, order_id: int) -> int:
        """Shipping that was invoiced and not refunded yet, in cents."""
        return self._connection.execute(
            "SELECT (SELECT coalesce(sum(shipping_cents), 0) FROM invoice WHERE order_id = :id) - "
            "(SELECT coalesce(sum(shipping_cents), 0) FROM creditmemo WHERE order_id = :id)",
            {"id": order_id},
        ).fetchone()[0]

    def add_comment(self, entity: str, entity_id: int, text: str, *, notified: bool, visible: bool, when: str) -> None:
        """A comment on an invoice, a shipment or a credit memo (``entity`` names which).

        Raises:
            Refused: the text is empty, or there is no such document.
        """
        if entity not in ("invoice", "shipment", "creditmemo"):
            raise ValueError(f"no comments on {entity!r}; entity is invoice, shipment or creditmemo")
        row = self._connection.execute(f"SELECT order_id FROM {entity} WHERE id = ?", (entity_id,)).fetchone()
        if row is None or not text.strip():
            raise Refused("The comment is missing. Enter and try again.")
        self._comment(row[0], entity, entity_id, text, notified, visible, when)

    def _comment(
        self, order_id: int, entity: str, entity_id: int, text: str, notified: bool, visible: bool, when: str
    ) -> None:
        if text.strip():
            self._connection.execute(
                "INSERT INTO order_comment (order_id, entity, entity_id, status, comment, notified, visible, created_at) "
                "VALUES (?, ?, ?, '', ?, ?, ?, ?)",
                (order_id, entity, entity_id, text.strip(), int(notified), int(visible), when),
            )

    def _insert(self, sql: str, values: tuple[str | int, ...]) -> int:
        row_id = self._connection.execute(sql, values).lastrowid
        assert row_id is not None
        return row_id

    def _raise(self, column: str, chosen: Sequence[tuple[OrderItem, int]]) -> None:
        self._connection.executemany(
            f"UPDATE order_item SET {column} = {column} + ? WHERE id = ?", ((qty, item.id) for item, qty in chosen)
        )


def _chosen(
    items: Sequence[OrderItem], qtys: Mapping[int, int] | None, left: Callable[[OrderItem], int]
) -> list[tuple[OrderItem, int]]:
    """The items with how many of each: as asked for, at most what is left; without the ones that come to none."""
    wanted = ((item, left(item) if qtys is None else min(qtys.get(item.id, 0), left(item))) for item in items)
    return [(item, qty) for item, qty in wanted if qty > 0]


def _share(item: OrderItem, qty: int, before: int) -> tuple[int, int]:
    """Tax and discount of ``qty`` pieces after ``before`` others: shares that add up to the line's."""

    def share(amount: int) -> int:
        return amount * (before + qty) // item.qty - amount * before // item.qty

    return share(item.tax_cents), share(item.discount_cents)
