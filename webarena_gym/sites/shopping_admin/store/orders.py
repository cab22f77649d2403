"""Orders: what they hold, what may be done to them in their state, and doing it."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from ...magento import Address
from .refused import Refused

# Status code -> label, in the order of the admin's lists.
STATUSES = {
    "canceled": "Canceled", "closed": "Closed", "complete": "Complete", "fraud": "Suspected Fraud", "holded": "On Hold",
    "pending": "Pending", "processing": "Processing",
}  # fmt: skip
ADDRESS_FIELDS = (
    "first_name", "last_name", "company", "telephone", "street", "city", "region_id", "region", "postcode", "country_id",
)  # fmt: skip
_ENDED = ("canceled", "closed")


class OrderItem(NamedTuple):
    """A line of an order. ``options``: label -> value, of a variant. Prices are of one piece, tax and discount of all."""

    id: int
    product_id: int
    sku: str
    name: str
    options: dict[str, str]
    original_price_cents: int
    price_cents: int
    qty: int
    qty_invoiced: int
    qty_shipped: int
    qty_refunded: int
    qty_canceled: int
    tax_percent: int
    tax_cents: int
    discount_cents: int

    @property
    def subtotal_cents(self) -> int:
        return self.price_cents * self.qty

    @property
    def total_cents(self) -> int:
        return self.subtotal_cents + self.tax_cents - self.discount_cents

    @property
    def qty_to_invoice(self) -> int:
        return self.qty - self.qty_invoiced - self.qty_canceled

    @property
    def qty_to_ship(self) -> int:
        return self.qty - self.qty_shipped - self.qty_canceled

    @property
    def qty_to_refund(self) -> int:
        return self.qty_invoiced - self.qty_refunded


class Order(NamedTuple):
    """An order with its lines and addresses, whose ids are 2N - 1 (billing) and 2N (shipping)."""

    id: int
    customer_id: int | None
    email: str
    first_name: str
    last_name: str
    group_id: int
    status: str
    created_at: str
    updated_at: str
    qty: int
    subtotal_cents: int
    shipping_cents: int
    tax_cents: int
    discount_cents: int
    total_cents: int
    coupon: str | None
    rule: str
    shipping_method: str
    payment_method: str
    email_sent: int
    paid_cents: int
    refunded_cents: int
    billing_address: Address
    shipping_address: Address
    items: list[OrderItem]

    @property
    def number(self) -> str:
        return f"{self.id:09d}"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def status_label(self) -> str:
        return STATUSES.get(self.status, self.status)

    @property
    def due_cents(self) -> int:
        """What is still to be paid; what a canceled order is still short of counts as canceled, not as due."""
        return 0 if self.status == "canceled" else self.total_cents - self.paid_cents

    @property
    def can_cancel(self) -> bool:
        open_ = self.status not in (*_ENDED, "complete", "holded", "fraud")
        return open_ and any(item.qty_to_invoice > 0 for item in self.items)

    @property
    def can_hold(self) -> bool:
        return self.status in ("pending", "processing")

    @property
    def can_unhold(self) -> bool:
        return self.status == "holded"

    @property
    def can_invoice(self) -> bool:
        return self.can_cancel

    @property
    def can_ship(self) -> bool:
        open_ = self.status not in (*_ENDED, "holded", "fraud")
        return open_ and any(item.qty_to_ship > 0 for item in self.items)

    @property
    def can_credit(self) -> bool:
        return self.status not in (*_ENDED, "holded", "fraud") and self.paid_cents > self.refunded_cents

    @property
    def can_edit(self) -> bool:
        return self.status == "pending"

    @property
    def can_reorder(self) -> bool:
        return self.status not in ("holded", "fraud")

    @property
    def comment_statuses(self) -> dict[str, str]:
        """The states that a comment may put the order in: those of the same stage."""
        stage = {"pending": ("pending",), "processing": ("fraud", "processing")}.get(self.status, (self.status,))
        return {code: STATUSES[code] for code in stage}


class Comment(NamedTuple):
    """``entity``: order, invoice, shipment or creditmemo. ``notified``: 0 no, 1 yes, 2 does not apply."""

    id: int
    entity: str
    entity_id: int
    status: str
    text: str
    notified: int
    visible: int
    created_at: str


class HistoryEntry(NamedTuple):
    """A line of Comments History, newest first; ``comment`` may be empty."""

    title: str
    created_at: str
    notified: int
    comment: str


_ORDER = (
    "o.id, o.customer_id, o.email, o.first_name, o.last_name, o.group_id, o.status, o.created_at, o.updated_at, o.qty, "
    "o.subtotal_cents, o.shipping_cents, o.tax_cents, o.discount_cents, o.total_cents, o.coupon, o.rule, o.shipping_method, "
    "o.payment_method, o.email_sent, (SELECT coalesce(sum(total_cents), 0) FROM invoice WHERE order_id = o.id), "
    "(SELECT coalesce(sum(total_cents), 0) FROM creditmemo WHERE order_id = o.id)"
)
_ITEM = (
    "id, product_id, sku, name, options, original_price_cents, price_cents, qty, qty_invoiced, qty_shipped, qty_refunded, "
    "qty_canceled, tax_percent, tax_cents, discount_cents"
)
_ADDRESS = "id, " + ", ".join(ADDRESS_FIELDS)


class Orders:
    """``when`` of every change is UTC text: ``AdminStore.timestamp()``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def order(self, order_id: int) -> Order | None:
        row = self._connection.execute(f"SELECT {_ORDER} FROM sales_order o WHERE o.id = ?", (order_id,)).fetchone()
        if row is None:
            return None
        addresses = [self.address(order_id * 2 - 1), self.address(order_id * 2)]
        return Order(*row, *addresses, self.items(order_id))

    def items(self, order_id: int) -> list[OrderItem]:
        rows = self._connection.execute(f"SELECT {_ITEM} FROM order_item WHERE order_id = ? ORDER BY id", (order_id,))
        return [OrderItem(*row[:4], json.loads(row[4]), *row[5:]) for row in rows]

    def address(self, address_id: int) -> Address | None:
        """An order's address: 2N - 1 is the billing address of order N, 2N its shipping address."""
        row = self._connection.execute(f"SELECT {_ADDRESS} FROM order_address WHERE id = ?", (address_id,)).fetchone()
        return None if row is None else Address(*row)

    def save_address(self, address_id: int, fields: Address, when: str) -> None:
        """Replace an order's address; ``fields.id`` is ignored."""
        assignments = ", ".join(f"{name} = ?" for name in ADDRESS_FIELDS)
        self._connection.execute(
            f"UPDATE order_address SET {assignments} WHERE id = ?",
            (*(getattr(fields, name) for name in ADDRESS_FIELDS), address_id),
        )
        self._touch((address_id + 1) // 2, when)

    def comments(self, order_id: int, entity: str = "order", entity_id: int | None = None) -> list[Comment]:
        """Newest first."""
        rows = self._connection.execute(
            "SELECT id, entity, entity_id, status, comment, notified, visible, created_at FROM order_comment "
            "WHERE order_id = ? AND entity = ? AND entity_id = ? ORDER BY created_at DESC, id DESC",
            (order_id, entity, order_id if entity_id is None else entity_id),
        )
        return [Comment(*row) for row in rows]

    def add_comment(self, order_id: int, text: str, status: str, *, notified: bool, visible: bool, when: str) -> None:
        """Note something in the order's history, and put it into ``status`` if that is one of its stage.

        Raises:
            Refused: the text is empty, or the order takes no comments.
        """
        order = self.order(order_id)
        if order is None:
            raise Refused("We cannot add order history.")
        if not text.strip():
            raise Refused("The comment is missing. Enter and try again.")
        (refuses,) = self._connection.execute(
            "SELECT refuses_comments FROM sales_order WHERE id = ?", (order_id,)
        ).fetchone()
        if refuses:
            raise Refused("We cannot add order history.")
        status = status if status in order.comment_statuses else order.status
        self._note(order_id, "order", order_id, status, text.strip(), int(notified), int(visible), when)
        if status != order.status:
            self._connection.execute("UPDATE sales_order SET status = ? WHERE id = ?", (status, order_id))
        self._touch(order_id, when)

    def cancel(self, order_id: int, when: str) -> bool:
        """True if it could be canceled and what was neither invoiced nor shipped of it now is; one invoiced in part goes on."""
        order = self.order(order_id)
        if order is None or not order.can_cancel:
            return False
        self._connection.execute(
            "UPDATE order_item SET qty_canceled = qty - max(qty_invoiced, qty_shipped) WHERE order_id = ?", (order_id,)
        )
        if order.paid_cents:
            self.advance(order_id, when)
        else:
            self._set_status(order_id, "canceled", when)
        return True

    def hold(self, order_id: int, when: str) -> bool:
        order = self.order(order_id)
        if order is None or not order.can_hold:
            return False
        self._connection.execute("UPDATE sales_order SET before_hold = status WHERE id = ?", (order_id,))
        self._set_status(order_id, "holded", when)
        return True

    def unhold(self, order_id: int, when: str) -> bool:
        order = self.order(order_id)
        if order is None or not order.can_unhold:
            return False
        (before,) = self._connection.execute("SELECT before_hold FROM sales_order WHERE id = ?", (order_id,)).fetchone()
        self._connection.execute("UPDATE sales_order SET before_hold = NULL WHERE id = ?", (order_id,))
        self._set_status(order_id, before or "pending", when)
        return True

    def mark_email_sent(self, order_id: int, when: str) -> None:
        self._connection.execute("UPDATE sales_order SET email_sent = 1 WHERE id = ?", (order_id,))
        self._touch(order_id, when)

    def history(self, order_id: int) -> list[HistoryEntry]:
        """What happened to an order: comments, invoices, shipments, tracking numbers, credit memos; newest first."""
        rows = self._connection.execute(
            "SELECT title, created_at, notified, comment FROM ("
            "SELECT status AS title, created_at, notified, comment, 0 AS kind, id FROM order_comment "
            "WHERE order_id = :id AND entity = 'order' UNION ALL "
            "SELECT 'Invoice #' || printf('%09d', id) || ' created', created_at, 2, '', 1, id FROM invoice WHERE order_id = :id "
            "UNION ALL SELECT 'Invoice #' || printf('%09d', entity_id) || ' comment added', created_at, notified, comment, 2, id "
            "FROM order_comment WHERE order_id = :id AND entity = 'invoice' UNION ALL "
            "SELECT 'Shipment #' || printf('%09d', id) || ' created', created_at, 2, '', 3, id FROM shipment WHERE order_id = :id "
            "UNION ALL SELECT 'Shipment #' || printf('%09d', entity_id) || ' comment added', created_at, notified, comment, 4, id "
            "FROM order_comment WHERE order_id = :id AND entity = 'shipment' UNION ALL "
            "SELECT 'Tracking number ' || number || ' for ' || title || ' assigned', created_at, 2, '', 5, id "
            "FROM shipment_track WHERE order_id = :id UNION ALL "
            "SELECT 'Credit memo #' || printf('%09d', id) || ' created', created_at, 2, '', 6, id FROM creditmemo "
            "WHERE order_id = :id UNION ALL "
            "SELECT 'Credit memo #' || printf('%09d', entity_id) || ' comment added', created_at, notified, comment, 7, id "
            "FROM order_comment WHERE order_id = :id AND entity = 'creditmemo'"
            ") ORDER BY created_at DESC, kind DESC, id DESC",
            {"id": order_id},
        )
        return [HistoryEntry(STATUSES.get(row[0], row[0]), *row[1:]) for row in rows]

    def of_customer(self, customer_id: int) -> list[Order]:
        """A customer's orders, newest first."""
        rows = self._connection.execute(
            "SELECT id FROM sales_order WHERE customer_id = ? ORDER BY created_at DESC, id DESC", (customer_id,)
        ).fetchall()
        return [order for (order_id,) in rows if (order := self.order(order_id)) is not None]

    # --- for documents.py, which invoices, ships and refunds ---

    def advance(self, order_id: int, when: str) -> None:
        """Put the order into the state that follows from what is invoiced, shipped and refunded."""
        items = self.items(order_id)
        paid, refunded = self._connection.execute(
            "SELECT (SELECT coalesce(sum(total_cents), 0) FROM invoice WHERE order_id = :id), "
            "(SELECT coalesce(sum(total_cents), 0) FROM creditmemo WHERE order_id = :id)",
            {"id": order_id},
        ).fetchone()
        done = all(item.qty_to_invoice <= 0 and item.qty_to_ship <= 0 for item in items)
        if paid and refunded >= paid and all(item.qty_to_invoice <= 0 for item in items):
            self._set_status(order_id, "closed", when)
        else:
            self._set_status(order_id, "complete" if done else "processing", when)

    def _note(
        self, order_id: int, entity: str, entity_id: int, status: str, text: str, notified: int, visible: int, when: str
    ) -> None:
        self._connection.execute(
            "INSERT INTO order_comment (order_id, entity, entity_id, status, comment, notified, visible, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (order_id, entity, entity_id, status, text, notified, visible, when),
        )

    def _set_status(self, order_id: int, status: str, when: str) -> None:
        self._connection.execute("UPDATE sales_order SET status = ? WHERE id = ?", (status, order_id))
        self._touch(order_id, when)

    def _touch(self, order_id: int, when: str) -> None:
        self._connection.execute("UPDATE sales_order SET updated_at = ? WHERE id = ?", (when, order_id))
