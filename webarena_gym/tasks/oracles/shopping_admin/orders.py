"""Tasks about orders: counting and adding them up, and changing one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from ..screen import Element, Finding, Oracle, Screen, Steps, click, first, stop
from ..texts import days_of, money, number, plain, total
from ..us_states import STATES
from .pages import (
    Row,
    all_rows,
    choose,
    date_of,
    fill,
    go,
    look_for,
    narrow,
    open_row,
    pick,
    read_rows,
    search,
    show_column,
    show_most,
    sort_down,
    us_date,
)

# What the admin calls an order's states.
COMPLETE, CANCELED, PENDING = "Complete", "Canceled", "Pending"
CLOSED = "Closed"  # complete, and refunded since
NUMBER, DATE, NAME, SUM, STATUS = "ID", "Purchase Date", "Bill-to Name", "Grand Total (Base)", "Status"
RANKS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


def open_orders(screen: Screen) -> Steps:
    yield from go(screen, "Sales", "Orders")


def of_state(screen: Screen, state: str) -> Steps:
    yield from narrow(screen, {STATUS: state})


def newest(screen: Screen) -> Finding[list[Row]]:
    """The newest orders of the grid that shows, by date."""
    yield from sort_down(screen, DATE)
    return (yield from read_rows(screen, NUMBER, DATE, STATUS))


def open_order(screen: Screen, order: str) -> Steps:
    """Find an order by its number and open it."""
    yield from open_orders(screen)
    yield from search(screen, order)
    rows = yield from read_rows(screen, NUMBER, STATUS)
    yield from open_row(screen, pick(rows, lambda row: int(row.cell(NUMBER)) == int(order), f"order {order}"), "View")


def buyers(screen: Screen, state: str, by: str = NAME) -> Finding[Counter[str]]:
    """How many orders of a state each customer has, by the column that tells customers apart."""
    yield from open_orders(screen)
    yield from of_state(screen, state)
    if not screen.has("button", by):
        yield from show_column(screen, by)
    yield from show_most(screen)
    rows = yield from all_rows(screen, by, STATUS)
    return Counter(row.cell(by) for row in rows if row.cell(STATUS) == state)


def rank(screen: Screen) -> Iterator[str]:
    """13: who completed the n-th most orders."""
    place = RANKS.index(screen.find_in_intent(r"completed the (\w+) most"))
    found = yield from buyers(screen, COMPLETE)
    yield stop(found.most_common()[place][0])


def most_cancellations(screen: Screen) -> Iterator[str]:
    """70: who canceled most."""
    found = yield from buyers(screen, CANCELED)
    most = max(found.values())
    yield stop(", ".join(name for name, orders in found.items() if orders == most))


def per_month(screen: Screen) -> Iterator[str]:
    """26: how many orders of a year were carried out, by month; those refunded later were, too."""
    months = yield from by_month(screen, screen.find_in_intent(r"(\d{4})"), COMPLETE, CLOSED)
    yield stop("\n".join(f"{month:02d}:{months[month]}" for month in range(1, 13)))


def by_month(screen: Screen, year: str, *states: str) -> Finding[Counter[int]]:
    """How many orders of these states were placed in each month of a year."""
    begin, end = days_of(year)
    yield from open_orders(screen)
    yield from narrow(screen, {f"{DATE} from": us_date(begin), f"{DATE} to": us_date(end)})
    yield from show_most(screen)
    rows = yield from all_rows(screen, DATE, STATUS)
    return Counter(date_of(row.cell(DATE)).month for row in rows if row.cell(STATUS) in states)


def items_sold(screen: Screen) -> Iterator[str]:
    """33: how many pieces the newest orders hold; each order's page says."""
    wanted = number(screen.find_in_intent(r"recent (\w+) orders"))
    yield from open_orders(screen)
    rows = yield from newest(screen)
    pieces = yield from count_items(screen, rows[:wanted])
    yield stop(str(pieces))


def count_items(screen: Screen, orders: list[Row]) -> Finding[int]:
    """How many pieces some orders of the grid hold."""
    pieces = 0
    for row in orders:
        yield from open_row(screen, row, "View")
        lines = yield from screen.read_all()
        pieces += sum(int(found) for line in lines for found in re.findall(r"\bOrdered (\d+)", line))
    return pieces


def payment_difference(screen: Screen) -> Iterator[str]:
    """47: by how much the newest canceled orders and the newest complete ones differ."""
    wanted = number(screen.find_in_intent(r"last (\w+) "))
    yield from open_orders(screen)
    sums = []
    for state in (CANCELED, COMPLETE):
        yield from of_state(screen, state)
        rows = yield from newest(screen)
        sums.append(total(money(row.cell(SUM)) for row in rows[:wanted]))
    yield stop(plain(abs(sums[0] - sums[1])))


def last_canceled(screen: Screen) -> Iterator[str]:
    """48: when the newest canceled order was placed."""
    yield from open_orders(screen)
    yield from of_state(screen, CANCELED)
    rows = yield from newest(screen)
    day = date_of(first(rows, "order").cell(DATE))
    yield stop(f"{day:%B} {day.day}, {day.year}")


def show_canceled(screen: Screen, *, state: str = CANCELED) -> Iterator[str]:
    """145: the grid of orders of a state."""
    yield from look_for(screen, "Orders")
    yield from of_state(screen, state)
    yield stop()


def invoice_total(screen: Screen) -> Iterator[str]:
    """21: what an invoice comes to."""
    invoice = screen.find_in_intent(r"invoice (\d+)")
    yield from go(screen, "Sales", "Invoices")
    yield from search(screen, invoice)
    rows = yield from read_rows(screen, "Invoice", "Order #")
    yield from open_row(screen, pick(rows, lambda row: row.cell("Invoice") == invoice, f"invoice {invoice}"), "View")
    lines = yield from screen.read_all()
    yield stop(plain(money(first((line for line in lines if line.startswith("Grand Total")), "total"))))


def cancel(screen: Screen, *, other: int = 0) -> Iterator[str]:
    """110: cancel an order."""
    order = int(screen.find_in_intent(r"order #?(\d+)"))
    yield from open_order(screen, str(order + other))
    yield screen.click("button", "Cancel")
    yield from screen.follow("button", "OK")
    yield stop()


def notify(screen: Screen) -> Iterator[str]:
    """114: tell a customer something about an order; what the admin says against it is what there is to report."""
    name = screen.find_in_intent(r"Notify (.+?) in")
    message = screen.find_in_intent(r'"(.+)"')
    yield from open_orders(screen)
    yield from narrow(screen, {NAME: name, STATUS: PENDING})
    rows = yield from newest(screen)
    yield from open_row(screen, first((row for row in rows if row.cell(NAME) == name), f"order of {name}"), "View")
    yield from fill(screen, "Comment", message)
    box = yield from screen.seek("checkbox", "Notify Customer by Email")
    yield f"check({box.id})"
    yield from screen.follow("button", "Submit Comment")
    yield from screen.read_all()
    refusals = [line for line in screen.lines if re.match(r"(?:We )?cannot ", line, re.I)]
    yield stop(f"N/A. {refusals[0]}" if refusals else f"I told {name}: {message}")


def track(screen: Screen, *, change: int = 0) -> Iterator[str]:
    """115: ship an order under a tracking number."""
    order = screen.find_in_intent(r"order #?(\d+)")
    carrier, code = screen.parts_of_intent(r"the (\w+) tracking number (\d+)")
    yield from open_order(screen, order)
    yield screen.click("button", "Ship")
    yield from screen.follow("button", "Add Tracking Number")
    yield from choose(screen, "Carrier", carrier)
    yield from fill(screen, "Number", str(int(code) + change))
    yield from screen.follow("button", "Submit Shipment")
    yield stop()


def move(screen: Screen, *, other: int = 0) -> Iterator[str]:
    """125: send an order elsewhere."""
    order = int(screen.find_in_intent(r"order #?(\d+)"))
    street, city, state, postcode = screen.parts_of_intent(r" to (.+), (.+), ([A-Z]{2}),? (\d+)")
    yield from open_order(screen, str(order + other))
    yield click(_edit_below(screen, "Shipping Address"))
    for name, line in zip(("Street Address", "Street Address Line 2"), street.split(", "), strict=False):
        yield from fill(screen, name, line)
    yield from choose(screen, "State/Province", STATES[state])
    yield from fill(screen, "City", city)
    yield from fill(screen, "Zip/Postal Code", postcode)
    yield from screen.follow("button", "Save Order Address")
    yield stop()


def _edit_below(screen: Screen, title: str) -> Element:
    """The link "Edit" that comes first after a title."""
    place = first((n for n, line in enumerate(screen.lines) if line.startswith(title)), title)
    return first((e for e in screen.all("link", "^Edit$") if e.line >= place), f"link to edit the {title}")


ORACLES: dict[int, Oracle] = {
    13: rank,
    21: invoice_total,
    26: per_month,
    33: items_sold,
    47: payment_difference,
    48: last_canceled,
    70: most_cancellations,
    110: cancel,
    114: notify,
    115: track,
    125: move,
    145: show_canceled,
}
NEAR_MISSES: dict[int, Oracle] = {
    110: partial(cancel, other=1),
    115: partial(track, change=1),
    125: partial(move, other=1),
    145: partial(show_canceled, state=PENDING),
}
