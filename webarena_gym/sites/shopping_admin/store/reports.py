"""Reports and the dashboard's figures, all added up from the orders when they are asked for.

As in the real admin, a report over orders leaves out pending ones, and a report of best sellers leaves out canceled ones.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

Period = Literal["day", "month", "year"]
Basis = Literal["created", "updated", "document"]
_FORMATS: dict[str, str] = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
BESTSELLERS_PER_PERIOD = 5
Row = TypeVar("Row", bound=NamedTuple)


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """``basis``: the day that an order counts for is that of its creation, of its last change, or of the document
    (invoice, shipment, credit memo) that the report is about. ``statuses``: status codes, None for any."""

    first: dt.date
    last: dt.date
    period: Period = "day"
    basis: Basis = "created"
    statuses: Collection[str] | None = None

    def periods(self) -> Iterator[str]:
        """Every period that the days touch, as rows name them: 2023-01-31, 2023-01 or 2023."""
        seen, day = "", self.first
        while day <= self.last:
            if (name := day.strftime(_FORMATS[self.period])) != seen:
                seen = name
                yield name
            day += dt.timedelta(1)


class SalesRow(NamedTuple):
    """``period`` is 2023-01-31, 2023-01 or 2023, as the query asks; money in cents."""

    period: str
    orders: int
    items: int
    total_cents: int
    invoiced_cents: int
    refunded_cents: int
    tax_cents: int
    shipping_cents: int
    discount_cents: int
    canceled_cents: int


class ActualRow(NamedTuple):
    """What was really paid in a period: of what was invoiced, less what was refunded. Discounts are of what was invoiced."""

    period: str
    paid_cents: int
    tax_cents: int
    shipping_cents: int
    discount_cents: int


class TaxRow(NamedTuple):
    """``percent`` in hundredths of a percent."""

    period: str
    code: str
    percent: int
    orders: int
    tax_cents: int


class TaxRate(NamedTuple):
    """``percent`` in hundredths of a percent."""

    code: str
    region: str
    postcode: str
    percent: int


class InvoicedRow(NamedTuple):
    period: str
    orders: int
    invoiced_orders: int
    invoiced_cents: int
    paid_cents: int
    unpaid_cents: int


class ShippingRow(NamedTuple):
    """``sales_shipping_cents`` is what orders owe for shipping, ``shipping_cents`` what was paid of it and not refunded."""

    period: str
    method: str
    orders: int
    sales_shipping_cents: int
    shipping_cents: int


class RefundedRow(NamedTuple):
    period: str
    orders: int
    refunded_cents: int
    online_cents: int
    offline_cents: int


class CouponRow(NamedTuple):
    """The first three sums are of the orders, the last three of what was invoiced."""

    period: str
    coupon: str
    rule: str
    uses: int
    sales_subtotal_cents: int
    sales_discount_cents: int
    sales_total_cents: int
    subtotal_cents: int
    discount_cents: int
    total_cents: int


class ProductRow(NamedTuple):
    """A product with how many were ordered, or how often it was viewed."""

    period: str
    product_id: int
    name: str
    sku: str
    price_cents: int
    count: int


class PersonRow(NamedTuple):
    period: str
    name: str
    orders: int
    average_cents: int
    total_cents: int


class CountRow(NamedTuple):
    period: str
    count: int


class ReviewerRow(NamedTuple):
    """``id`` is the customer's, or the product's; ``last_at`` of the newest review, UTC text."""

    id: int
    name: str
    reviews: int
    average_stars: float
    last_at: str


class StockRow(NamedTuple):
    product_id: int
    name: str
    sku: str
    qty: int


class LastOrder(NamedTuple):
    id: int
    name: str
    items: int
    total_cents: int


class NewCustomer(NamedTuple):
    id: int
    name: str
    orders: int
    average_cents: int
    total_cents: int


# What was canceled of an order: what was not invoiced, once pieces were canceled.
_OPEN = "CASE WHEN f.qty_canceled > 0 THEN {0}_cents - {1}_cents ELSE 0 END"
_CANCELED, _CANCELED_TAX, _CANCELED_SHIPPING, _CANCELED_DISCOUNT = (
    _OPEN.format(f"f.{owed}", f"f.{invoiced}")
    for owed, invoiced in (
        ("total", "invoiced"), ("tax", "tax_invoiced"), ("shipping", "shipping_invoiced"), ("discount", "discount_invoiced"),
    )
)  # fmt: skip
_COUNTED = "f.status != 'pending'"


class Reports:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sales(self, query: ReportQuery) -> list[SalesRow]:
        """Reports > Sales > Orders."""
        return self._rows(
            SalesRow, query, "order_figures f", f"f.{_basis(query)}", "f.status",
            f"count(*), sum(f.qty - f.qty_canceled), sum(f.total_cents - {_CANCELED}), sum(f.invoiced_cents), "
            f"sum(f.refunded_cents), sum(f.tax_cents - {_CANCELED_TAX}), sum(f.shipping_cents - {_CANCELED_SHIPPING}), "
            f"sum(f.discount_cents - {_CANCELED_DISCOUNT}), sum({_CANCELED})",
            where=_COUNTED,
        )  # fmt: skip

    def actual(self, query: ReportQuery) -> list[ActualRow]:
        """The columns that "Show Actual Values" adds to Reports > Sales > Orders, for the same periods."""
        return self._rows(
            ActualRow, query, "order_figures f", f"f.{_basis(query)}", "f.status",
            "sum(f.invoiced_cents - f.refunded_cents), sum(f.tax_invoiced_cents - f.tax_refunded_cents), "
            "sum(f.shipping_invoiced_cents - f.shipping_refunded_cents), sum(f.discount_invoiced_cents)",
            where=_COUNTED,
        )  # fmt: skip

    def tax(self, query: ReportQuery) -> list[TaxRow]:
        """Reports > Sales > Tax."""
        return self._rows(
            TaxRow, query, "order_figures f JOIN order_item i ON i.order_id = f.id", f"f.{_basis(query)}", "f.status",
            "i.tax_code, i.tax_percent, count(DISTINCT f.id), sum(i.tax_cents)",
            where=f"{_COUNTED} AND i.tax_cents > 0", group=", i.tax_code, i.tax_percent",
        )  # fmt: skip

    def tax_rates(self) -> list[TaxRate]:
        """Stores > Tax Zones and Rates."""
        rows = self._connection.execute("SELECT code, region, postcode, percent FROM tax_rate ORDER BY id")
        return [TaxRate(*row) for row in rows]

    def invoiced(self, query: ReportQuery) -> list[InvoicedRow]:
        """Reports > Sales > Invoiced; every invoice is paid when it is made."""
        if query.basis == "document":
            return self._rows(
                InvoicedRow, query, "order_figures f JOIN invoice i ON i.order_id = f.id", "i.created_at", "f.status",
                "count(DISTINCT f.id), count(DISTINCT f.id), sum(i.total_cents), sum(i.total_cents), 0",
            )  # fmt: skip
        return self._rows(
            InvoicedRow, query, "order_figures f", f"f.{_basis(query)}", "f.status",
            "count(*), sum(f.invoiced_cents > 0), sum(f.invoiced_cents), sum(f.invoiced_cents), 0", where=_COUNTED,
        )  # fmt: skip

    def shipping(self, query: ReportQuery) -> list[ShippingRow]:
        """Reports > Sales > Shipping."""
        source, column = "order_figures f", f"f.{_basis(query)}"
        if query.basis == "document":  # an order shipped in parts counts once, for its first shipment
            source += " JOIN (SELECT order_id, min(created_at) AS created_at FROM shipment GROUP BY order_id) h ON h.order_id = f.id"
            column = "h.created_at"
        return self._rows(
            ShippingRow, query, source, column, "f.status",
            f"f.shipping_method, count(*), sum(f.shipping_cents - {_CANCELED_SHIPPING}), "
            "sum(f.shipping_invoiced_cents - f.shipping_refunded_cents)",
            where=_COUNTED, group=", f.shipping_method",
        )  # fmt: skip

    def refunded(self, query: ReportQuery) -> list[RefundedRow]:
        """Reports > Sales > Refunds; all refunds are offline, as payments are."""
        if query.basis == "document":
            return self._rows(
                RefundedRow, query, "order_figures f JOIN creditmemo c ON c.order_id = f.id", "c.created_at", "f.status",
                "count(DISTINCT f.id), sum(c.total_cents), 0, sum(c.total_cents)",
            )  # fmt: skip
        return self._rows(
            RefundedRow, query, "order_figures f", f"f.{_basis(query)}", "f.status",
            "count(*), sum(f.refunded_cents), 0, sum(f.refunded_cents)", where="f.refunded_cents > 0",
        )  # fmt: skip

    def coupons(self, query: ReportQuery) -> list[CouponRow]:
        """Reports > Sales > Coupons."""
        return self._rows(
            CouponRow, query, "order_figures f", f"f.{_basis(query)}", "f.status",
            "f.coupon, f.rule, count(*), sum(f.subtotal_cents), sum(f.discount_cents), "
            "sum(f.subtotal_cents - f.discount_cents), sum(f.subtotal_invoiced_cents), sum(f.discount_invoiced_cents), "
            "sum(f.subtotal_invoiced_cents - f.discount_invoiced_cents)",
            where=f"{_COUNTED} AND f.coupon IS NOT NULL", group=", f.coupon, f.rule",
        )  # fmt: skip

    def bestsellers(self, query: ReportQuery) -> list[ProductRow]:
        """Reports > Products > Bestsellers: the five most ordered of each period, canceled orders apart."""
        rows = self._rows(
            ProductRow, query, _SOLD, "o.created_at", "o.status", f"{_SOLD_COLUMNS}, sum(i.qty)",
            where="o.status != 'canceled'", group=", i.product_id", order="sum(i.qty) DESC, i.product_id",
        )  # fmt: skip
        return list(_first_of_each_period(rows, BESTSELLERS_PER_PERIOD))

    def ordered(self, query: ReportQuery) -> list[ProductRow]:
        """Reports > Products > Ordered: all that were ordered, canceled orders apart."""
        return self._rows(
            ProductRow, query, _SOLD, "o.created_at", "o.status", f"{_SOLD_COLUMNS}, sum(i.qty)",
            where="o.status != 'canceled'", group=", i.product_id", order="sum(i.qty) DESC, i.product_id",
        )  # fmt: skip

    def viewed(self, query: ReportQuery) -> list[ProductRow]:
        """Reports > Products > Views: the five most viewed of each period."""
        rows = self._rows(
            ProductRow, query, "product_view v JOIN product p ON p.id = v.product_id", "v.day", "''",
            "p.id, p.name, p.sku, p.price_cents, sum(v.views)", group=", p.id", order="sum(v.views) DESC, p.id",
        )  # fmt: skip
        return list(_first_of_each_period(rows, BESTSELLERS_PER_PERIOD))

    def most_viewed(self, limit: int = 5) -> list[ProductRow]:
        """The dashboard's "Most Viewed Products"."""
        rows = self._connection.execute(
            "SELECT '', p.id, p.name, p.sku, p.price_cents, sum(v.views) FROM product_view v JOIN product p ON p.id = v.product_id "
            "GROUP BY p.id ORDER BY sum(v.views) DESC, p.id LIMIT ?",
            (limit,),
        )
        return [ProductRow(*row) for row in rows]

    def low_stock(self, most: int) -> list[StockRow]:
        """Reports > Products > Low Stock: variants and simple products with at most so many pieces."""
        rows = self._connection.execute(
            "SELECT id, name, sku, qty FROM product WHERE type = 'simple' AND qty <= ? ORDER BY qty, id", (most,)
        )
        return [StockRow(*row) for row in rows]

    def order_totals(self, query: ReportQuery) -> list[PersonRow]:
        """Reports > Customers > Order Total, biggest first in each period; canceled orders apart."""
        return self._people(query, "sum(f.total_cents)")

    def order_counts(self, query: ReportQuery) -> list[PersonRow]:
        """Reports > Customers > Order Count, most first in each period; canceled orders apart."""
        return self._people(query, "count(*)")

    def accounts(self, query: ReportQuery) -> list[CountRow]:
        """Reports > Customers > New."""
        return self._rows(CountRow, query, "customer c", "c.created_at", "''", "count(*)")

    def reviews_by_customer(self) -> list[ReviewerRow]:
        return self._reviewers(
            "r.customer_id, c.first_name || ' ' || c.last_name",
            "JOIN customer c ON c.id = r.customer_id",
            "r.customer_id",
        )

    def reviews_by_product(self) -> list[ReviewerRow]:
        return self._reviewers("r.product_id, p.name", "JOIN product p ON p.id = r.product_id", "r.product_id")

    # --- the dashboard ---

    def lifetime_sales_cents(self) -> int:
        """What was invoiced for goods and not refunded: without tax and shipping."""
        return self._lifetime()[0]

    def average_order_cents(self) -> int:
        total, orders = self._lifetime()
        return round(total / orders) if orders else 0

    def _lifetime(self) -> tuple[int, int]:
        row = self._connection.execute(
            "SELECT coalesce(sum(f.invoiced_cents - f.tax_invoiced_cents - f.shipping_invoiced_cents - (f.refunded_cents - "
            "f.tax_refunded_cents - f.shipping_refunded_cents)), 0), count(*) FROM order_figures f "
            "WHERE f.status NOT IN ('pending', 'canceled')"
        ).fetchone()
        return row[0], row[1]

    def last_orders(self, limit: int = 5) -> list[LastOrder]:
        """The dashboard's "Last Orders", newest first by date; ``items`` are lines, as in the real admin."""
        rows = self._connection.execute(
            "SELECT o.id, o.first_name || ' ' || o.last_name, (SELECT count(*) FROM order_item WHERE order_id = o.id), "
            "o.total_cents FROM sales_order o ORDER BY o.created_at DESC, o.id DESC LIMIT ?",
            (limit,),
        )
        return [LastOrder(*row) for row in rows]

    def bestsellers_ever(self, limit: int = 5) -> list[ProductRow]:
        """The dashboard's "Bestsellers": since the store opened."""
        query = ReportQuery(dt.date(2000, 1, 1), dt.date(2099, 12, 31), "year")
        sold: dict[int, ProductRow] = {}
        for row in self.ordered(query):
            before = sold[row.product_id].count if row.product_id in sold else 0
            sold[row.product_id] = row._replace(period="", count=before + row.count)
        return sorted(sold.values(), key=lambda row: (-row.count, row.product_id))[:limit]

    def new_customers(self, limit: int = 5) -> list[NewCustomer]:
        """The dashboard's "New Customers", the newest first."""
        return self._customers("c.created_at DESC, c.id DESC", limit)

    def top_customers(self, limit: int = 5) -> list[NewCustomer]:
        """The dashboard's "Customers", those who spent most first."""
        return self._customers("6 DESC, c.id", limit)

    def _customers(self, order: str, limit: int) -> list[NewCustomer]:
        rows = self._connection.execute(
            "SELECT c.id, c.first_name || ' ' || c.last_name, count(o.id), coalesce(round(avg(o.total_cents)), 0), "
            "coalesce(sum(o.total_cents), 0), coalesce(sum(o.total_cents), 0) FROM customer c LEFT JOIN sales_order o "
            "ON o.customer_id = c.id AND o.status != 'canceled' GROUP BY c.id "
            f"ORDER BY {order} LIMIT ?",
            (limit,),
        )
        return [NewCustomer(*row[:3], int(row[3]), row[4]) for row in rows]

    def _people(self, query: ReportQuery, order: str) -> list[PersonRow]:
        return self._rows(
            PersonRow, query, "order_figures f JOIN sales_order o ON o.id = f.id", "f.created_at", "f.status",
            "o.first_name || ' ' || o.last_name, count(*), CAST(round(avg(f.total_cents)) AS INTEGER), sum(f.total_cents)",
            where="f.status != 'canceled'", group=", o.email", order=f"{order} DESC, o.email",
        )  # fmt: skip

    def _reviewers(self, columns: str, join: str, group: str) -> list[ReviewerRow]:
        rows = self._connection.execute(
            f"SELECT {columns}, count(*), avg(r.stars), max(r.created_at) FROM review r {join} GROUP BY {group} "
            f"ORDER BY count(*) DESC, {group}"
        )
        return [ReviewerRow(*row) for row in rows]

    def _rows(
        self,
        row_type: type[Row],
        query: ReportQuery,
        source: str,
        day: str,
        status: str,
        columns: str,
        *,
        where: str = "1",
        group: str = "",
        order: str = "2",
    ) -> list[Row]:
        statuses = list(query.statuses or ())
        chosen = "" if query.statuses is None else f" AND {status} IN ({','.join('?' * len(statuses))})"
        rows = self._connection.execute(
            f"SELECT strftime('{_FORMATS[query.period]}', {day}) AS period, {columns} FROM {source} "
            f"WHERE {where} AND date({day}) BETWEEN ? AND ?{chosen} GROUP BY period{group} ORDER BY period, {order}",
            (str(query.first), str(query.last), *statuses),
        )
        return [row_type(*row) for row in rows]


_SOLD = "order_item i JOIN sales_order o ON o.id = i.order_id LEFT JOIN product p ON p.id = i.product_id"
_SOLD_COLUMNS = "i.product_id, coalesce(p.name, i.name), i.sku, coalesce(p.price_cents, i.price_cents)"


def _basis(query: ReportQuery) -> str:
    return "updated_at" if query.basis == "updated" else "created_at"


def _first_of_each_period(rows: list[ProductRow], limit: int) -> Iterator[ProductRow]:
    period, place = "", 0
    for row in rows:
        period, place = row.period, (place + 1 if row.period == period else 1)
        if place <= limit:
            yield row
