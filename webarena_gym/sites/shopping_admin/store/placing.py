"""New orders made in the admin: for a customer, by hand or from an order there is. Cart price rules do not apply to them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from ...magento import Address
from .orders import ADDRESS_FIELDS
from .products import Product, Products
from .refused import Refused

SHIPPING_CENTS = 500  # flat rate, a piece
MOST_PIECES = 10_000


class NewLine(NamedTuple):
    product: Product
    qty: int

    @property
    def subtotal_cents(self) -> int:
        return self.product.final_price_cents * self.qty


class Placing:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def lines(self, wanted: Mapping[int, int]) -> list[NewLine]:
        """Products with how many of each, as far as they can be ordered; ``wanted``: product id -> pieces."""
        products = Products(self._connection).many(list(wanted))
        return [
            NewLine(product, min(wanted[product.id], MOST_PIECES))
            for product in products
            if product.type != "configurable" and wanted[product.id] > 0
        ]

    def place(self, customer_id: int, lines: list[NewLine], *, billing: Address, shipping: Address, when: str) -> int:
        """A pending order; returns its id, the highest yet.

        Raises:
            Refused: nothing is ordered, something is out of stock, or there is no such customer.
        """
        customer = self._connection.execute(
            "SELECT email, first_name, last_name, group_id FROM customer WHERE id = ?", (customer_id,)
        ).fetchone()
        if customer is None:
            raise Refused("Please select a customer.")
        if not lines:
            raise Refused("Please specify order items.")
        missing = [line.product.name for line in lines if not line.product.in_stock]
        if missing:
            raise Refused(f"These products are out of stock: {', '.join(missing)}.")
        (order_id,) = self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM sales_order").fetchone()
        qty, subtotal = sum(line.qty for line in lines), sum(line.subtotal_cents for line in lines)
        charges = qty * SHIPPING_CENTS
        self._connection.execute(
            "INSERT INTO sales_order VALUES (?, ?, ?, ?, ?, ?, 'pending', NULL, ?, ?, ?, ?, ?, 0, 0, ?, NULL, '', 'Flat Rate - Fixed', "
            "'checkmo', 0, 0)",
            (order_id, customer_id, *tuple(customer), when, when, qty, subtotal, charges, subtotal + charges),
        )  # fmt: skip
        for address_id, kind, address in ((order_id * 2 - 1, "billing", billing), (order_id * 2, "shipping", shipping)):
            self._connection.execute(
                f"INSERT INTO order_address (id, order_id, kind, {', '.join(ADDRESS_FIELDS)}) VALUES (?, ?, ?{', ?' * len(ADDRESS_FIELDS)})",
                (address_id, order_id, kind, *(getattr(address, name) for name in ADDRESS_FIELDS)),
            )
        for line in lines:
            self._insert(order_id, line)
        return order_id

    def _insert(self, order_id: int, line: NewLine) -> None:
        """A variant goes by its family's name, with its size and color as options."""
        product = line.product
        family, size, color = self._connection.execute(
            "SELECT (SELECT name FROM product WHERE id = ?), (SELECT label FROM attribute_option WHERE id = ?), "
            "(SELECT label FROM attribute_option WHERE id = ?)",
            (product.parent_id, product.size, product.color),
        ).fetchone()
        options = {label: value for label, value in (("Size", size), ("Color", color)) if value is not None}
        self._connection.execute(
            "INSERT INTO order_item (order_id, product_id, sku, name, options, original_price_cents, price_cents, qty, qty_invoiced, "
            "qty_shipped, qty_refunded, qty_canceled, tax_percent, tax_cents, discount_cents) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0)",
            (order_id, product.id, product.sku, family or product.name, json.dumps(options, ensure_ascii=False), product.price_cents,
             product.final_price_cents, line.qty),
        )  # fmt: skip
