"""Reports: a form that names days and a period, and the table that it asks for."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, render_template, request

from ...base import hide_request, see_other
from ...magento import money, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.grid import read_day
from ..store.orders import STATUSES
from ..store.products import LOW_STOCK
from ..store.reports import Basis, Period, ReportQuery
from .common import Submit, flash, for_admins, full_time, page, short_day
from .legacy import unpacked

_MOST_DAYS = 4000  # of a report with a row for every day
_STATUS_LABELS = {**STATUSES, "payment_review": "Payment Review", "paypal_canceled_reversal": "PayPal Canceled Reversal",
                  "paypal_reversed": "PayPal Reversed"}  # fmt: skip
_SHOWN_STATUSES = {
    code: _STATUS_LABELS[code]
    for code in ("canceled", "closed", "complete", "fraud", "holded", "payment_review", "paypal_canceled_reversal", "paypal_reversed", "processing")
}  # fmt: skip
_CREATED = {"created_at_order": "Order Created", "updated_at_order": "Order Updated"}
_BASES: dict[str, Basis] = {"created_at_order": "created", "updated_at_order": "updated"}
_PERIODS: dict[str, Period] = {"day": "day", "month": "month", "year": "year"}


class Column(NamedTuple):
    """A column of a report: its heading, a row's field, and how that is written ("total" adds it up below)."""

    label: str
    field: str
    write: Callable[[Any], str] = str
    total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``ask`` gives the rows, whose first column is the period. ``sales`` reports take statuses and have their own form."""

    title: str
    path: str
    ask: Callable[[AdminStore, ReportQuery], Sequence[Any]]
    columns: tuple[Column, ...]
    sales: bool = True
    dates: Mapping[str, str] | None = None
    has_statuses: bool = True
    actual: tuple[Column, ...] = ()  # what "Show Actual Values" adds, from ``store.reports.actual``

    @property
    def url(self) -> str:
        return BASE + self.path


def _cents(label: str, field: str) -> Column:
    return Column(label, field, money, True)


def _count(label: str, field: str) -> Column:
    return Column(label, field, str, True)


def _percent(hundredths: int) -> str:
    return f"{hundredths / 100:g}"


REPORTS: tuple[Report, ...] = (
    Report(
        title="Orders Report", path="/reports/report_sales/sales/", ask=lambda store, query: store.reports.sales(query), dates=_CREATED,
        actual=(_cents("Paid", "paid_cents"), _cents("Tax", "tax_cents"), _cents("Shipping", "shipping_cents"), _cents("Discount", "discount_cents")),
        columns=(_count("Orders", "orders"), _count("Sales Items", "items"), _cents("Sales Total", "total_cents"),
                 _cents("Invoiced", "invoiced_cents"), _cents("Refunded", "refunded_cents"), _cents("Sales Tax", "tax_cents"),
                 _cents("Sales Shipping", "shipping_cents"), _cents("Sales Discount", "discount_cents"), _cents("Canceled", "canceled_cents")),
    ),
    Report(
        title="Tax Report", path="/reports/report_sales/tax/", ask=lambda store, query: store.reports.tax(query), dates=_CREATED,
        columns=(Column("Tax", "code"), Column("Rate", "percent", _percent), _count("Orders", "orders"), _cents("Tax Amount", "tax_cents")),
    ),
    Report(
        title="Invoice Report", path="/reports/report_sales/invoiced/", ask=lambda store, query: store.reports.invoiced(query),
        dates={"created_at_order": "Order Created", "created_at_invoice": "Last Invoice Created Date"},
        columns=(_count("Orders", "orders"), _count("Invoiced Orders", "invoiced_orders"), _cents("Total Invoiced", "invoiced_cents"),
                 _cents("Paid Invoices", "paid_cents"), _cents("Unpaid Invoices", "unpaid_cents")),
    ),
    Report(
        title="Shipping Report", path="/reports/report_sales/shipping/", ask=lambda store, query: store.reports.shipping(query),
        dates={"created_at_order": "Order Created", "created_at_shipment": "First Invoice Created Date"},
        columns=(Column("Carrier/Method", "method"), _count("Orders", "orders"), _cents("Total Sales Shipping", "sales_shipping_cents"),
                 _cents("Total Shipping", "shipping_cents")),
    ),
    Report(
        title="Refunds Report", path="/reports/report_sales/refunded/", ask=lambda store, query: store.reports.refunded(query),
        dates={"created_at_order": "Order Created", "created_at_refunded": "Last Credit Memo Created Date"},
        columns=(_count("Refunded Orders", "orders"), _cents("Total Refunded", "refunded_cents"), _cents("Online Refunds", "online_cents"),
                 _cents("Offline Refunds", "offline_cents")),
    ),
    Report(
        title="Coupons Report", path="/reports/report_sales/coupons/", ask=lambda store, query: store.reports.coupons(query), dates=_CREATED,
        columns=(Column("Coupon Code", "coupon"), Column("Price Rule", "rule"), _count("Uses", "uses"),
                 _cents("Sales Subtotal", "sales_subtotal_cents"), _cents("Sales Discount", "sales_discount_cents"),
                 _cents("Sales Total", "sales_total_cents"), _cents("Subtotal", "subtotal_cents"), _cents("Discount", "discount_cents"),
                 _cents("Total", "total_cents")),
    ),
    Report(
        title="Bestsellers Report", path="/reports/report_sales/bestsellers/", ask=lambda store, query: store.reports.bestsellers(query),
        has_statuses=False, columns=(Column("Product", "name"), Column("Price", "price_cents", money), _count("Order Quantity", "count")),
    ),
    Report(
        title="Product Views Report", path="/reports/report_product/viewed/", ask=lambda store, query: store.reports.viewed(query),
        has_statuses=False, columns=(Column("Product", "name"), Column("Price", "price_cents", money), _count("Views", "count")),
    ),
    Report(
        title="Ordered Products Report", path="/reports/report_product/sold/", ask=lambda store, query: store.reports.ordered(query), sales=False,
        columns=(Column("Product", "name"), Column("SKU", "sku"), _count("Quantity", "count")),
    ),
    Report(
        title="Order Total Report", path="/reports/report_customer/totals/", ask=lambda store, query: store.reports.order_totals(query), sales=False,
        columns=(Column("Customer", "name"), _count("Orders", "orders"), Column("Average", "average_cents", money), _cents("Total", "total_cents")),
    ),
    Report(
        title="Order Count Report", path="/reports/report_customer/orders/", ask=lambda store, query: store.reports.order_counts(query), sales=False,
        columns=(Column("Customer", "name"), _count("Orders", "orders"), Column("Average", "average_cents", money), _cents("Total", "total_cents")),
    ),
    Report(
        title="New Accounts Report", path="/reports/report_customer/accounts/", ask=lambda store, query: store.reports.accounts(query), sales=False,
        columns=(_count("New Accounts", "count"),),
    ),
)  # fmt: skip


def page_of(report: Report) -> Callable[..., Response]:
    """The handler of a report: the form, sent or not."""

    @for_admins
    def handler(store: AdminStore, packed: str = "") -> Response:
        if not packed and "from" in request.args:
            return _packed(store, report)
        packed = packed.strip("/").rpartition("/")[2]
        return _show(store, report, unpacked(packed), packed)

    handler.__name__ = "report_" + report.path.strip("/").replace("/", "_")
    handler.__doc__ = f"GET {report.url} and {report.url}filter/<form, packed>/"
    return handler


def export_of(report: Report) -> Callable[..., Response]:
    """The handler of a report's "Export": the table as text."""

    @for_admins
    def handler(store: AdminStore) -> Response:
        fields = unpacked(request.args.get("packed", ""))
        first, last = read_day(fields.get("from", "")), read_day(fields.get("to", ""))
        columns, rows = _columns(report, fields), list[_Row]()
        if first is not None and last is not None and 0 <= (last - first).days <= _MOST_DAYS:
            rows = _rows(store, report, fields, first, last)
        table = [["Interval", *(column.label for column in columns)]]
        table += [[row.period, *_written(columns, row.values)] for row in rows]
        if request.args.get("format") == "xml":
            return Response(render_template("spreadsheet.xml", table=table), mimetype="text/plain")
        lines = io.StringIO()
        csv.writer(lines).writerows(table)
        return Response(lines.getvalue(), mimetype="text/plain")

    handler.__name__ = "export_" + report.path.strip("/").replace("/", "_")
    return handler


def _packed(store: AdminStore, report: Report) -> Response:
    """What the form names, as the real form's script puts it into the address: packed into the last segment."""
    hide_request()
    pairs = [
        (name, value.replace("\0", "")[:255])
        for name, value in request.args.items()
        if name not in ("open", "menu", "order_statuses") and value.strip()
    ][:50]
    if statuses := [code for code in request.args.getlist("order_statuses") if code in _SHOWN_STATUSES]:
        pairs.append(("order_statuses", ",".join(statuses)))
    packed = base64.b64encode(urlencode(pairs).encode()).decode().translate(str.maketrans("+/", "-_"))
    return see_other(f"{report.url}filter/{packed}/")


def _show(store: AdminStore, report: Report, fields: Mapping[str, str], packed: str) -> Response:
    first, last = read_day(fields.get("from", "")), read_day(fields.get("to", ""))
    problem = ""
    if fields and (first is None or last is None):
        problem = "Please enter a valid date in From and To."
    elif first is not None and last is not None and last < first:
        problem = "The day in To must not lie before the day in From."
    elif first is not None and last is not None and (last - first).days > _MOST_DAYS:
        problem = "These are too many days for one report."
    ready = first is not None and last is not None and not problem
    rows = _rows(store, report, fields, first, last) if ready and first is not None and last is not None else []
    columns = _columns(report, fields)
    return page(
        store, "report.html", report.title, at=report.url, scope="All Websites",
        actions=(Submit("Show Report", form="filter_form", primary=True),) if report.sales else (),
        report=report, packed=packed, fields=fields, statuses=_SHOWN_STATUSES, chosen=_statuses(fields) or [],
        first=short_day(first) if first else fields.get("from", ""), last=short_day(last) if last else fields.get("to", ""),
        problem=problem, columns=columns, total=_total(columns, rows), rows=[(row.period, _written(columns, row.values)) for row in rows],
        updated=full_time(store.timestamp(), ","),
    )  # fmt: skip


def _statuses(fields: Mapping[str, str]) -> list[str] | None:
    """The chosen status codes, None for any."""
    if fields.get("show_order_statuses") != "1":
        return None
    return [code for code in fields.get("order_statuses", "").split(",") if code]


class _Row(NamedTuple):
    """A period and the value of every column; None where an empty period has no text to show."""

    period: str
    values: list[Any]


def _columns(report: Report, fields: Mapping[str, str]) -> tuple[Column, ...]:
    return report.columns + (report.actual if fields.get("show_actual_columns") == "1" else ())


def _rows(store: AdminStore, report: Report, fields: Mapping[str, str], first: dt.date, last: dt.date) -> list[_Row]:
    chosen = fields.get("report_type", "created_at_order")
    query = ReportQuery(
        first,
        last,
        _PERIODS.get(fields.get("period_type" if report.sales else "report_period", ""), "day"),
        _BASES.get(chosen, "document" if report.dates and chosen in report.dates else "created"),
        _statuses(fields) if report.has_statuses and report.sales else None,
    )
    columns = _columns(report, fields)
    added = columns[len(report.columns) :]
    actual = {row.period: row for row in store.reports.actual(query)} if added else {}
    by_period: dict[str, list[_Row]] = {}
    for row in report.ask(store, query):
        values = [getattr(row, column.field) for column in report.columns]
        values += [getattr(actual[row.period], column.field) for column in added]
        by_period.setdefault(row.period, []).append(_Row(_period(row.period), values))
    if fields.get("show_empty_rows") != "1":
        return [row for rows in by_period.values() for row in rows]
    empty = [0 if column.total else None for column in columns]
    return [row for name in query.periods() for row in by_period.get(name, [_Row(_period(name), empty)])]


def _period(name: str) -> str:
    """As the tables show periods.

    >>> _period("2023-01-31"), _period("2023-01"), _period("2023")
    ('Jan 31, 2023', '1/2023', '2023')
    """
    parts = [int(part) for part in name.split("-")]
    if len(parts) == 3:
        day = dt.date(*parts)
        return f"{day:%b} {day.day}, {day.year}"
    return f"{parts[1]}/{parts[0]}" if len(parts) == 2 else name


def _written(columns: Sequence[Column], values: Sequence[Any]) -> list[str]:
    return ["" if value is None else column.write(value) for column, value in zip(columns, values, strict=True)]


def _total(columns: Sequence[Column], rows: Sequence[_Row]) -> list[str]:
    """What stands below the columns that add up."""
    sums = [sum(row.values[i] for row in rows) if column.total else None for i, column in enumerate(columns)]
    return _written(columns, sums)


# --- reports without a form ---


@for_admins
def search_terms(store: AdminStore) -> Response:
    """GET /reports/report_search/: an old address of the report on search terms."""
    return see_other(f"{BASE}/search/term/report/")


@for_admins
def low_stock(store: AdminStore) -> Response:
    """GET /reports/report_product/lowstock/: what has at most as many pieces as ``qty[to]`` says."""
    most = to_int(request.args.get("qty[to]"), LOW_STOCK)
    rows = [
        [(row.name, f"{BASE}/catalog/product/edit/id/{row.product_id}/"), row.sku, str(row.qty), "default"]
        for row in store.reports.low_stock(min(max(0, most), 10**6))
    ]
    return page(
        store,
        "list.html",
        "Low Stock Report",
        at=f"{BASE}/reports/report_product/lowstock/",
        scope="All Websites",
        heads=["Product", "SKU", "Quantity", "Source Code"],
        rows=rows,
        filter=("qty[to]", "Quantity up to", str(most)),
    )


@for_admins
def reviews_by_customer(store: AdminStore) -> Response:
    """GET /reports/report_review/customer/."""
    rows = [[row.name, str(row.reviews), ("Show Reviews", f"{BASE}/review/product/index/customerId/{row.id}/")]
            for row in store.reports.reviews_by_customer()]  # fmt: skip
    return page(
        store,
        "list.html",
        "Customer Reviews Report",
        at=f"{BASE}/reports/report_review/customer/",
        heads=["Customer", "Reviews", "Action"],
        rows=rows,
    )


@for_admins
def reviews_by_product(store: AdminStore) -> Response:
    """GET /reports/report_review/product/."""
    rows = [
        [
            str(row.id),
            row.name,
            str(row.reviews),
            f"{row.average_stars:.2f}",
            full_time(row.last_at),
            ("Show Reviews", f"{BASE}/review/product/index/productId/{row.id}/"),
        ]
        for row in store.reports.reviews_by_product()
    ]
    heads = ["ID", "Product", "Reviews", "Average", "Last Review", "Action"]
    return page(
        store,
        "list.html",
        "Product Reviews Report",
        at=f"{BASE}/reports/report_review/product/",
        heads=heads,
        rows=rows,
    )


@for_admins
def refresh_recent(store: AdminStore) -> Response:
    """POST /reports/report_statistics/refreshRecent/: figures are always up to date here."""
    flash(store, "Recent statistics have been updated.")
    code = request.form.get("code", "")
    found = next(
        (report.url for report in REPORTS if report.path.endswith(f"/{code}/")), f"{BASE}/reports/report_statistics/"
    )
    return see_other(found)


@for_admins
def statistics(store: AdminStore) -> Response:
    """GET /reports/report_statistics/: when each report's figures were brought up to date: now, always."""
    names = (
        ("Orders", "Total Ordered Report"),
        ("Tax", "Order Taxes Report Grouped by Tax Rates"),
        ("Shipping", "Total Shipped Report"),
        ("Total Invoiced", "Total Invoiced VS Paid Report"),
        ("Total Refunded", "Total Refunded Report"),
        ("Coupons", "Promotion Coupons Usage Report"),
        ("Bestsellers", "Products Bestsellers Report"),
        ("Most Viewed", "Most Viewed Products Report"),
    )
    rows = [[name, text, full_time(store.timestamp())] for name, text in names]
    return page(
        store,
        "list.html",
        "Refresh Statistics",
        at=f"{BASE}/reports/report_statistics/",
        heads=["Report", "Description", "Updated"],
        rows=rows,
    )
