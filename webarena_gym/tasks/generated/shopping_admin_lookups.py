"""Errands in the shop's admin that end with an answer or on a page: facts of orders, invoices, customers and goods, reports."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import parse_qs

from ..oracles.screen import Screen, stop
from ..oracles.shopping_admin.orders import open_order as open_numbered
from ..oracles.shopping_admin.pages import go, pick, read_rows, search
from ..oracles.shopping_admin.reports import report
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .shopping_admin_data import (
    CUSTOMERS,
    ORDERS,
    PRODUCTS,
    Reached,
    answers,
    answers_number,
    customer,
    customer_count,
    errand,
    find_customer,
    find_product,
    invoice,
    invoice_count,
    order,
    order_count,
    path_begins,
    path_is,
    path_of,
    product,
    product_count,
    quoted,
    says_not_available,
    unknown_sku,
)

_INVOICES = ("/admin/sales/invoice/", "/admin/sales/order_invoice/view/")

# --- admin_invoice_total ---

_answered_total = answers_number("total")


def _invoice_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("invoices listed", lambda progress: path_of(progress).startswith(_INVOICES)),
        MilestoneSpec("invoice seen", lambda progress: parameters["number"] in progress.text),
        MilestoneSpec("total answered", _answered_total(parameters)),
    ]


def _solve_invoice(screen: Screen) -> Iterator[str]:
    number = screen.find_in_intent(r"(\d{9})")
    yield from go(screen, "Sales", "Invoices")
    yield from search(screen, number)
    found = yield from read_rows(screen, "Invoice", "Order #")
    row = pick(found, lambda row: row.cell("Invoice") == number, number)
    yield stop(row.cell("Grand Total (Base)").lstrip("$"))


# --- admin_order_fact ---

# How the intent names a fact, the grid's head above it, and the parameter with its value.
_ORDER_FACTS = (("grand total", "Grand Total (Base)", "total"), ("status", "Status", "status"), ("customer", "Bill-to Name", "buyer"))  # fmt: skip


def _order_fact(store: StoreOf, index: int) -> Parameters:
    found, place = order(store, index)
    fact, _, key = _ORDER_FACTS[place]
    return {**found, "fact": fact, "value": found[key]}


def _answered_fact(parameters: Parameters) -> Reached:
    return (answers_number if parameters["fact"] == "grand total" else answers)("value")(parameters)


def _order_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("orders listed", path_begins(ORDERS)),
        MilestoneSpec("order seen", lambda progress: parameters["number"] in progress.text),
        MilestoneSpec("fact answered", _answered_fact(parameters)),
    ]


def _solve_order_fact(screen: Screen) -> Iterator[str]:
    number = screen.find_in_intent(r"(\d{9})")
    fact = screen.find_in_intent(f"({'|'.join(fact for fact, _, _ in _ORDER_FACTS)})")
    head = next(head for name, head, _ in _ORDER_FACTS if name == fact)
    yield from go(screen, "Sales", "Orders")
    yield from search(screen, number)
    found = yield from read_rows(screen, "ID", head)
    yield stop(pick(found, lambda row: row.cell("ID") == number, number).cell(head).lstrip("$"))


# --- admin_order_open ---


def _order(store: StoreOf, index: int) -> Parameters:
    return order(store, index)[0]


def _shown(parameters: Parameters) -> Reached:
    return path_is(parameters["url"])


def _stopped(reached: Reached) -> Reached:
    return lambda progress: progress.answer is not None and reached(progress)


def _open_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("list opened", path_begins("/".join(parameters["url"].split("/")[:4]))),
        MilestoneSpec("page opened", _shown(parameters)),
        MilestoneSpec("stopped there", _stopped(_shown(parameters))),
    ]


def _solve_order_open(screen: Screen) -> Iterator[str]:
    yield from open_numbered(screen, screen.find_in_intent(r"(\d{9})"))
    yield stop()


# --- admin_customer_fact ---

_CUSTOMER_FACTS = (("email address", "Email", "email"), ("telephone number", "Phone", "phone"), ("ZIP code", "ZIP", "zip"))  # fmt: skip


def _customer_fact(store: StoreOf, index: int) -> Parameters:
    found, place = customer(store, index)
    fact, _, key = _CUSTOMER_FACTS[place]
    return {**found, "fact": fact, "value": found[key]}


_answered_value = answers("value")


def _customer_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("customers listed", path_begins(CUSTOMERS)),
        MilestoneSpec("customer seen", lambda progress: parameters["email"] in progress.text),
        MilestoneSpec("fact answered", _answered_value(parameters)),
    ]


def _solve_customer_fact(screen: Screen) -> Iterator[str]:
    name = quoted(screen)[0]
    fact = screen.find_in_intent(f"({'|'.join(fact for fact, _, _ in _CUSTOMER_FACTS)})")
    head = next(head for words, head, _ in _CUSTOMER_FACTS if words == fact)
    yield from go(screen, "Customers", "All Customers")
    yield from search(screen, name)
    found = yield from read_rows(screen, "Name", head)
    yield stop(pick(found, lambda row: row.cell("Name") == name, name).cell(head))


# --- admin_customer_open ---


def _customer(store: StoreOf, index: int) -> Parameters:
    return customer(store, index)[0]


def _at_customer(parameters: Parameters) -> Reached:
    return path_begins(parameters["url"])


def _customer_open_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("customers listed", path_begins(CUSTOMERS)),
        MilestoneSpec("page opened", _at_customer(parameters)),
        MilestoneSpec("stopped there", _stopped(_at_customer(parameters))),
    ]


def _solve_customer_open(screen: Screen) -> Iterator[str]:
    yield from find_customer(screen, quoted(screen)[0])
    yield stop()


# --- admin_product_price, admin_product_name, admin_product_open, admin_product_unknown ---

_answered_price = answers_number("price")
_answered_name = answers("name")


def _product_milestones(name: str, answered: Reached) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("products listed", path_begins(PRODUCTS)),
        MilestoneSpec(name, answered),
    ]


def _price_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _product_milestones("price answered", _answered_price(parameters))


def _name_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _product_milestones("name answered", _answered_name(parameters))


def _solve_product_fact(screen: Screen, known: str, asked: str) -> Iterator[str]:
    (value,) = quoted(screen)
    yield from go(screen, "Catalog", "Products")
    yield from search(screen, value)
    found = yield from read_rows(screen, known, asked)
    yield stop(pick(found, lambda row: row.cell(known) == value, value).cell(asked).lstrip("$"))


def _solve_price(screen: Screen) -> Iterator[str]:
    yield from _solve_product_fact(screen, "Name", "Price")


def _solve_name(screen: Screen) -> Iterator[str]:
    yield from _solve_product_fact(screen, "SKU", "Name")


def _solve_product_open(screen: Screen) -> Iterator[str]:
    yield from find_product(screen, "SKU", quoted(screen)[0])
    yield stop()


def _looked_for(parameters: Parameters) -> Reached:
    """The grid of goods shows, looked through for the article number."""
    return lambda progress: path_of(progress) == PRODUCTS and parameters["sku"].lower() in progress.text.lower()


def _said_unknown(parameters: Parameters) -> Reached:
    looked = _looked_for(parameters)
    return lambda progress: looked(progress) and says_not_available(progress)


def _unknown_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("looked for", _looked_for(parameters)),
        MilestoneSpec("said so", _said_unknown(parameters)),
    ]


def _solve_unknown(screen: Screen) -> Iterator[str]:
    (sku,) = quoted(screen)
    yield from go(screen, "Catalog", "Products")
    yield from search(screen, sku)
    found = yield from read_rows(screen, "SKU", "Price")
    prices = [row.cell("Price").lstrip("$") for row in found if row.cell("SKU") == sku]
    yield stop(prices[0] if prices else "N/A")


# --- admin_order_unknown ---

_FIRST_UNKNOWN, _UNKNOWN_ORDERS = 1000, 2000  # numbers that no order has


def _unknown_order(store: StoreOf, index: int) -> Parameters:
    return {"number": f"{_FIRST_UNKNOWN + index:09d}"}


def _looked_for_order(parameters: Parameters) -> Reached:
    return lambda progress: path_of(progress) == ORDERS and parameters["number"].lstrip("0") in progress.text


def _said_no_order(parameters: Parameters) -> Reached:
    looked = _looked_for_order(parameters)
    return lambda progress: looked(progress) and says_not_available(progress)


def _no_order_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("orders listed", path_is(ORDERS)),
        MilestoneSpec("looked for", _looked_for_order(parameters)),
        MilestoneSpec("said so", _said_no_order(parameters)),
    ]


def _solve_no_order(screen: Screen) -> Iterator[str]:
    number = screen.find_in_intent(r"(\d{9})")
    yield from go(screen, "Sales", "Orders")
    yield from search(screen, number)
    found = yield from read_rows(screen, "ID", "Status")
    states = [row.cell("Status") for row in found if row.cell("ID") == number]
    yield stop(states[0] if states else "N/A")


# --- admin_report ---

# A report of the menu's group "Sales" and the page it opens.
_REPORTS = {
    "Tax": "tax",
    "Invoiced": "invoiced",
    "Refunds": "refunded",
    "Coupons": "coupons",
    "Bestsellers": "bestsellers",
}
_PERIODS = ("Day", "Month", "Year")
_FIRST_DAY, _DAYS = dt.date(2022, 1, 3), 400


def _report(store: StoreOf, index: int) -> Parameters:
    days, kind = divmod(index, len(_REPORTS))
    begin = _FIRST_DAY + dt.timedelta(days)
    end = begin + dt.timedelta(7 + index * 11 % 120)
    name = list(_REPORTS)[kind]
    return {
        "report": name, "url": f"/admin/reports/report_sales/{_REPORTS[name]}/", "period": _PERIODS[(days + kind) % len(_PERIODS)].lower(),
        "begin": begin.strftime("%m/%d/%Y"), "end": end.strftime("%m/%d/%Y"), "days": (begin, end),
    }  # fmt: skip


def _asked(progress: Progress) -> dict[str, str]:
    """The fields of the report that shows: the last segment of its address holds them as base64."""
    packed = path_of(progress).rstrip("/").rpartition("/filter/")[2]
    try:
        raw = base64.b64decode(packed.replace("-", "+").replace("_", "/") + "=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return {}
    return {name: values[-1] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}


def _day(text: str) -> dt.date | None:
    """A day as the form takes it; None for anything else.

    >>> _day("2/1/22")
    datetime.date(2022, 2, 1)
    """
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)", text.strip())
    if match is None:
        return None
    month, day, year = map(int, match.groups())
    try:
        return dt.date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None


def _shows_report(parameters: Parameters) -> Reached:
    def reached(progress: Progress) -> bool:
        fields = _asked(progress) if path_of(progress).startswith(parameters["url"]) else {}
        days = _day(fields.get("from", "")), _day(fields.get("to", ""))
        return days == parameters["days"] and fields.get("period_type") == parameters["period"]

    return reached


def _report_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("report opened", path_begins(parameters["url"])),
        MilestoneSpec("report shows", _shows_report(parameters)),
        MilestoneSpec("stopped there", _stopped(_shows_report(parameters))),
    ]


def _solve_report(screen: Screen) -> Iterator[str]:
    begin, end = (dt.datetime.strptime(day, "%m/%d/%Y").date() for day in re.findall(r"\d\d/\d\d/\d{4}", screen.intent))
    (name,) = quoted(screen)
    period = screen.find_in_intent(r"by (day|month|year)")
    yield from report(screen, "Reports", name, begin, end, period.title())
    yield stop()


FAMILIES = (
    errand(
        "admin_invoice_total",
        (
            "What does invoice {number} come to?",
            "Look up the grand total of the invoice with the number {number}.",
            "How many dollars is invoice number {number} for?",
        ),
        invoice_count(), invoice, _answered_total, _invoice_milestones, _solve_invoice, 4,
    ),
    errand(
        "admin_order_fact",
        (
            "What is the {fact} of order {number}?",
            "Look up order {number} and tell me the {fact}.",
            "Find the {fact} that goes with order number {number}.",
        ),
        order_count(len(_ORDER_FACTS)), _order_fact, _answered_fact, _order_milestones, _solve_order_fact, 4,
    ),
    errand(
        "admin_order_open",
        (
            "Open the page of order {number}.",
            "Show me order {number} with all that was bought.",
            "I want to look at order number {number}: go to its page.",
        ),
        order_count(), _order, _shown, _open_milestones, _solve_order_open, 5,
    ),
    errand(
        "admin_customer_fact",
        (
            'What is the {fact} of the customer "{customer}"?',
            'Look up the {fact} of "{customer}" among our customers.',
            'Our customer "{customer}": tell me the {fact}.',
        ),
        customer_count(len(_CUSTOMER_FACTS)), _customer_fact, _answered_value, _customer_milestones, _solve_customer_fact, 4,
    ),
    errand(
        "admin_customer_open",
        (
            'Open the page of the customer "{customer}".',
            'Show me the record that we keep of "{customer}".',
            'Go to the customer page of "{customer}".',
        ),
        customer_count(), _customer, _at_customer, _customer_open_milestones, _solve_customer_open, 5, heldout=True,
    ),
    errand(
        "admin_product_price",
        (
            'What do we charge for "{name}"?',
            'Look up the price of "{name}" in the catalog.',
            'For how many dollars do we sell "{name}"?',
        ),
        product_count(), product, _answered_price, _price_milestones, _solve_price, 4,
    ),
    errand(
        "admin_product_name",
        (
            'Which product has the SKU "{sku}"?',
            'Give me the full name of the product with the SKU "{sku}".',
            'What do we sell under "{sku}"? Answer with the name that the catalog has.',
        ),
        product_count(), product, _answered_name, _name_milestones, _solve_name, 4,
    ),
    errand(
        "admin_product_open",
        (
            'Open the form of the product with the SKU "{sku}".',
            'Take me to the page where the product "{sku}" can be edited, but change nothing.',
            'I want to look at the product with the SKU "{sku}": go to its page in the admin.',
        ),
        product_count(), product, _shown, _open_milestones, _solve_product_open, 5,
    ),
    errand(
        "admin_product_unknown",
        (
            'What does the product with the SKU "{sku}" cost? Answer N/A if we have none.',
            'Tell me the price of "{sku}", or N/A if the catalog has no such SKU.',
            'If there is a product with the SKU "{sku}", what is its price? Otherwise say N/A.',
        ),
        product_count(), unknown_sku, _said_unknown, _unknown_milestones, _solve_unknown, 4,
    ),
    errand(
        "admin_order_unknown",
        (
            "What is the status of order {number}? Answer N/A if there is none.",
            "Tell me the status of order number {number}, or N/A if nobody placed such an order.",
            "Is there an order {number}? Give me its status, otherwise N/A.",
        ),
        lambda store: _UNKNOWN_ORDERS, _unknown_order, _said_no_order, _no_order_milestones, _solve_no_order, 4,
    ),
    errand(
        "admin_report",
        (
            'Show the report "{report}" by {period} from {begin} to {end}.',
            'From {begin} to {end}: which numbers does the report "{report}" have, listed by {period}? Leave it on the screen.',
            'Ask the report "{report}" for {begin} to {end}, split up by {period}.',
        ),
        lambda store: _DAYS * len(_REPORTS), _report, _shows_report, _report_milestones, _solve_report, 7,
    ),
)  # fmt: skip
