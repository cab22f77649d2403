"""Tasks about past orders: their dates, states, totals and items."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from ..screen import Finding, Oracle, OracleError, Screen, click, first, stop
from ..texts import days_of, mentions, number, plain, short_date, total
from .pages import (
    FILTER,
    NEXT,
    Item,
    Order,
    all_orders,
    find_item,
    open_order,
    open_orders,
    read_orders,
    read_products,
    search,
)

# What the shop calls an order's states.
COMPLETE, CANCELED, PENDING = "Complete", "Canceled", "Pending"
_ON_ITS_WAY = r"deliver|ship|transit|process"
QUERY_CHARS = 100  # the search field takes a few more


def between(orders: Sequence[Order], begin: dt.date, end: dt.date) -> list[Order]:
    return [order for order in orders if begin <= order.date <= end]


def of_state(orders: Sequence[Order], state: str) -> list[Order]:
    return [order for order in orders if order.status == state]


def fulfilled_lately(screen: Screen) -> Iterator[str]:
    """10: how many fulfilled orders in the past days, and what they cost."""
    today = short_date(screen.find_in_intent(r"Today is ([\d/]+)"))
    days = number(screen.find_in_intent(r"past (\w+) days"))
    orders = yield from all_orders(screen)
    recent = of_state(between(orders, today - dt.timedelta(days), today), COMPLETE)
    yield stop(f"{len(recent)} fulfilled orders, ${plain(total(order.total for order in recent))} spent in total")


def latest_status(screen: Screen) -> Iterator[str]:
    """22: the state of the newest order, and when it arrives."""
    orders = yield from all_orders(screen)
    latest = first(orders, "order")
    yield from open_order(screen, latest)
    state = latest.status.lower()
    arrival = {"canceled": "never", "complete": "it has been shipped"}.get(state, "no date is given")
    yield stop(f"Status: {state}; arrival: {arrival}")


def first_purchase(screen: Screen) -> Iterator[str]:
    """28: the date of the oldest order."""
    orders = yield from all_orders(screen)
    oldest = first(sorted(order.date for order in orders), "order")
    yield stop(f"{oldest.month}/{oldest.day}/{oldest:%y}")


def food_spending(screen: Screen) -> Iterator[str]:
    """36: what was spent on food in the second half of a month. Whether something is food, the shop's search tells."""
    kind, month, year = screen.parts_of_intent(r"on (\w+) shopping .*from mid (\w+) .*(20\d\d)")
    begin, end = days_of(f"{month} {year}")
    orders = yield from all_orders(screen)
    items: list[Item] = []
    for order in between(orders, begin.replace(day=15), end):
        if order.status != CANCELED:
            items += yield from open_order(screen, order)
    food = Decimal(0)
    for item in items:
        if (yield from _is_in_department(screen, item, kind)):
            food += item.subtotal
    yield stop(plain(food))


def _is_in_department(screen: Screen, item: Item, kind: str) -> Finding[bool]:
    """Search for an item and narrow the results to the department whose name has this word: is it still there?"""
    yield from search(screen, item.name[:QUERY_CHARS])
    yield from screen.read_all()
    if not (departments := [e for e in screen.all("link", FILTER) if mentions(e.name, kind)]):
        return False
    yield click(departments[0])
    products = yield from read_products(screen)
    return any(item.name.startswith(product.name) for product in products)


def option_bought(screen: Screen) -> Iterator[str]:
    """37: the option chosen of something bought in a month."""
    option = screen.find_in_intent(r"the (\w+) configuration")
    goods = screen.find_in_intent(r"configuration of the (.+) I bought")
    begin, end = days_of(screen.find_in_intent(r"bought (\w+ \d+)"))
    orders = yield from all_orders(screen)
    _, item = yield from find_item(screen, between(orders, begin, end), goods)
    match = re.search(rf"\b{option} (.+)$", item.name, re.I)
    if match is None:
        raise OracleError(f"{item.name!r} has no {option}")
    yield stop(match[1])


def latest_complete_total(screen: Screen) -> Iterator[str]:
    """46: the total of the newest complete order."""
    orders = yield from all_orders(screen)
    yield stop(plain(first(of_state(orders, COMPLETE), "complete order").total))


def on_its_way(screen: Screen) -> Iterator[str]:
    """56: the number of the newest order that is being delivered, if there is one."""
    orders = yield from all_orders(screen)
    moving = [order.number for order in orders if re.search(_ON_ITS_WAY, order.status, re.I)]
    yield stop(moving[0] if moving else "N/A")


def show_pending(screen: Screen, *, newest: bool = True) -> Iterator[str]:
    """72: open the newest pending order."""
    orders = yield from all_orders(screen)
    pending = of_state(orders, PENDING)
    yield click(first(pending if newest else reversed(pending), "pending order").view)
    yield stop()


def canceled_refund(screen: Screen) -> Iterator[str]:
    """76: the totals of a year's canceled orders."""
    begin, end = days_of(screen.find_in_intent(r"(20\d\d)"))
    orders = yield from all_orders(screen)
    canceled = of_state(between(orders, begin, end), CANCELED)
    yield stop(plain(total(order.total for order in canceled)))


def spending_with_discount(screen: Screen) -> Iterator[str]:
    """78: what a month's orders cost, with a discount on those above some sum."""
    begin, end = days_of(screen.find_in_intent(r"(\w+ 20\d\d)"))
    percent = number(screen.find_in_intent(r"(\d+)% discount"))
    above = number(screen.find_in_intent(r"exceeding \$(\d+)"))
    orders = yield from all_orders(screen)
    paid = [order.total for order in between(orders, begin, end) if order.status != CANCELED]
    factor = 1 - Decimal(percent) / 100
    yield stop(plain(total(amount * factor if amount > above else amount for amount in paid)))


def last_ordered(screen: Screen) -> Iterator[str]:
    """79: when something was last ordered. Orders are opened from the newest on, page after page."""
    goods = screen.find_in_intent(r"ordered my (.+)\?")
    yield from open_orders(screen)
    while True:
        orders = yield from read_orders(screen)
        for order in orders:
            items = yield from open_order(screen, order)
            if any(mentions(item.name, goods) for item in items):
                yield stop(f"{order.date:%B} {order.date.day}, {order.date.year}")
                return
        yield from screen.return_to(orders[0].page)
        yield screen.click("link", NEXT)


def states_of(screen: Screen) -> Iterator[str]:
    """84: the states of the orders that are named by number."""
    orders = yield from all_orders(screen)
    states = {int(order.number): order.status for order in orders}
    asked = [int(found) for found in re.findall(r"\d+", screen.intent)]
    yield stop(", ".join(f"{order}: {states[order]}" for order in asked))


def move_delivery(screen: Screen) -> Iterator[str]:
    """162: change the address of the newest order, if its page or the list of orders offers that."""
    orders = yield from all_orders(screen)
    yield from open_order(screen, first(orders, "order"))
    offered = list(screen.elements)
    yield from screen.follow("link", "My Orders")
    yield from screen.read_all()
    change = [e for e in (*offered, *screen.elements) if re.search(r"(change|edit)\b.*address", e.name, re.I)]
    yield stop(f"use {change[0].name}" if change else "N/A. The address of an order cannot be changed.")


ORACLES: dict[int, Oracle] = {
    10: fulfilled_lately,
    22: latest_status,
    28: first_purchase,
    36: food_spending,
    37: option_bought,
    46: latest_complete_total,
    56: on_its_way,
    72: show_pending,
    76: canceled_refund,
    78: spending_with_discount,
    79: last_ordered,
    84: states_of,
    162: move_delivery,
}
NEAR_MISSES: dict[int, Oracle] = {72: partial(show_pending, newest=False)}
