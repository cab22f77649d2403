"""Reports and grids worked out the long way: loops over the rows of orders, invoices and credit memos, no sums in SQL."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webarena_gym.sites.shopping_admin.store import AdminStore
from webarena_gym.sites.shopping_admin.store.reports import ReportQuery

Row = dict[str, Any]


@dataclass
class Entry:
    """An order with everything that hangs on it."""

    order: Row
    items: list[Row] = field(default_factory=list)
    invoices: list[Row] = field(default_factory=list)
    shipments: list[Row] = field(default_factory=list)
    creditmemos: list[Row] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        return self.order["status"] != "pending"

    @property
    def sold(self) -> bool:
        return self.order["status"] != "canceled"

    def invoiced(self, column: str = "total_cents") -> int:
        return sum(invoice[column] for invoice in self.invoices)

    def refunded(self, column: str = "total_cents") -> int:
        return sum(memo[column] for memo in self.creditmemos)

    def canceled(self, column: str) -> int:
        """What was never invoiced of a sum, once pieces were canceled."""
        touched = any(item["qty_canceled"] for item in self.items)
        return self.order[column] - self.invoiced(column) if touched else 0


def ledger(store: AdminStore) -> list[Entry]:
    def rows(table: str) -> list[Row]:
        return [dict(row) for row in store.connection.execute(f"SELECT * FROM {table} ORDER BY id")]

    entries = {order["id"]: Entry(order) for order in rows("sales_order")}
    for table, attribute in (
        ("order_item", "items"), ("invoice", "invoices"), ("shipment", "shipments"), ("creditmemo", "creditmemos"),
    ):  # fmt: skip
        for row in rows(table):
            getattr(entries[row["order_id"]], attribute).append(row)
    return list(entries.values())


def period_of(query: ReportQuery, when: str) -> str:
    return when[: {"day": 10, "month": 7, "year": 4}[query.period]]


def within(query: ReportQuery, entry: Entry, when: str) -> bool:
    chosen = query.statuses is None or entry.order["status"] in query.statuses
    return chosen and query.first <= dt.date.fromisoformat(when[:10]) <= query.last


def _date(query: ReportQuery, entry: Entry) -> str:
    return entry.order["updated_at" if query.basis == "updated" else "created_at"]


def _by_period(
    query: ReportQuery, found: Iterable[tuple[str, tuple[Any, ...], tuple[int, ...]]]
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Sums by (period, *key) of what is found: (when, key, numbers)."""
    sums: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for when, key, numbers in found:
        group = (period_of(query, when), *key)
        before = sums.get(group, (0,) * len(numbers))
        sums[group] = tuple(a + b for a, b in zip(before, numbers, strict=True))
    return sums


def sales(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    return _by_period(query, (
        (_date(query, e), (), (
            1, sum(i["qty"] - i["qty_canceled"] for i in e.items), e.order["total_cents"] - e.canceled("total_cents"), e.invoiced(),
            e.refunded(), e.order["tax_cents"] - e.canceled("tax_cents"), e.order["shipping_cents"] - e.canceled("shipping_cents"),
            e.order["discount_cents"] - e.canceled("discount_cents"), e.canceled("total_cents"),
        ))
        for e in entries if e.counts and within(query, e, _date(query, e))
    ))  # fmt: skip


def actual(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    return _by_period(query, (
        (_date(query, e), (), (
            e.invoiced() - e.refunded(), e.invoiced("tax_cents") - e.refunded("tax_cents"),
            e.invoiced("shipping_cents") - e.refunded("shipping_cents"), e.invoiced("discount_cents"),
        ))
        for e in entries if e.counts and within(query, e, _date(query, e))
    ))  # fmt: skip


def invoiced(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    if query.basis != "document":
        return _by_period(query, (
            (_date(query, e), (), (1, int(bool(e.invoices)), e.invoiced(), e.invoiced(), 0))
            for e in entries if e.counts and within(query, e, _date(query, e))
        ))  # fmt: skip
    sums: dict[tuple[Any, ...], tuple[int, ...]] = {}
    orders: dict[str, set[int]] = defaultdict(set)
    for e in entries:
        for invoice in e.invoices:
            if within(query, e, invoice["created_at"]):
                period = period_of(query, invoice["created_at"])
                orders[period].add(e.order["id"])
                before = sums.get((period,), (0, 0, 0, 0, 0))[2]
                number, total = len(orders[period]), before + invoice["total_cents"]
                sums[period,] = (number, number, total, total, 0)
    return sums


def refunded(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    if query.basis != "document":
        return _by_period(query, (
            (_date(query, e), (), (1, e.refunded(), 0, e.refunded()))
            for e in entries if e.creditmemos and within(query, e, _date(query, e))
        ))  # fmt: skip
    sums: dict[tuple[Any, ...], tuple[int, ...]] = {}
    orders: dict[str, set[int]] = defaultdict(set)
    for e in entries:
        for memo in e.creditmemos:
            if within(query, e, memo["created_at"]):
                period = period_of(query, memo["created_at"])
                orders[period].add(e.order["id"])
                total = sums.get((period,), (0, 0, 0, 0))[1] + memo["total_cents"]
                sums[period,] = (len(orders[period]), total, 0, total)
    return sums


def shipping(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    def when(e: Entry) -> str:
        return min(s["created_at"] for s in e.shipments) if query.basis == "document" else _date(query, e)

    return _by_period(query, (
        (when(e), (e.order["shipping_method"],), (
            1, e.order["shipping_cents"] - e.canceled("shipping_cents"), e.invoiced("shipping_cents") - e.refunded("shipping_cents"),
        ))
        for e in entries if e.counts and (query.basis != "document" or e.shipments) and within(query, e, when(e))
    ))  # fmt: skip


def coupons(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    return _by_period(query, (
        (_date(query, e), (e.order["coupon"], e.order["rule"]), (
            1, e.order["subtotal_cents"], e.order["discount_cents"], e.order["subtotal_cents"] - e.order["discount_cents"],
            e.invoiced("subtotal_cents"), e.invoiced("discount_cents"), e.invoiced("subtotal_cents") - e.invoiced("discount_cents"),
        ))
        for e in entries if e.counts and e.order["coupon"] and within(query, e, _date(query, e))
    ))  # fmt: skip


def tax(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    """By rate in hundredths of a percent: (orders, tax)."""
    return _by_period(query, (
        (_date(query, e), (percent,), (1, sum(i["tax_cents"] for i in e.items if i["tax_percent"] == percent)))
        for e in entries if e.counts and within(query, e, _date(query, e))
        for percent in {i["tax_percent"] for i in e.items if i["tax_cents"]}
    ))  # fmt: skip


def ordered(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    """By product id: pieces."""
    return _by_period(query, (
        (e.order["created_at"], (item["product_id"],), (item["qty"],))
        for e in entries if e.sold and within(query, e, e.order["created_at"])
        for item in e.items
    ))  # fmt: skip


def bestsellers(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    """The first five products of each period."""
    ranked: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (period, product_id), (pieces,) in ordered(entries, query).items():
        ranked[period].append((-pieces, product_id))
    return {(period, pid): (-pieces,) for period, found in ranked.items() for pieces, pid in sorted(found)[:5]}


def people(entries: list[Entry], query: ReportQuery) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    """By email: (orders, total)."""
    return _by_period(query, (
        (e.order["created_at"], (e.order["email"],), (1, e.order["total_cents"]))
        for e in entries if e.sold and within(query, e, e.order["created_at"])
    ))  # fmt: skip


REPORTS: dict[str, Callable[[list[Entry], ReportQuery], Mapping[tuple[Any, ...], tuple[int, ...]]]] = {
    "sales": sales, "actual": actual, "invoiced": invoiced, "refunded": refunded, "shipping": shipping, "coupons": coupons,
}  # fmt: skip
"""Those whose rows are the period, the key and the numbers, in this order."""
