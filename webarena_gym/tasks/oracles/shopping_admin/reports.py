"""Tasks about the reports and the list of search terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from ..screen import Oracle, Screen, Steps, stop
from ..texts import days_of, number, short_date
from .pages import choose, go, read_rows, sort_down, us_date

TERM, USES = "Search Query", "Uses"
_SECTION = r"\b(report)\b"  # the menu's section is what the intent asks for


def report(screen: Screen, section: str, name: str, begin: dt.date, end: dt.date, period: str = "") -> Steps:
    """Ask a report of the sales kind for some days."""
    yield from go(screen, section, name)
    if period:
        yield from choose(screen, "Period", period)
    yield screen.fill("textbox", "From", us_date(begin))
    yield screen.fill("textbox", "To", us_date(end))
    yield from screen.follow("button", "Show Report")


def best_sellers(screen: Screen) -> Iterator[str]:
    """0: the goods sold most in a month."""
    wanted = number(screen.find_in_intent(r"top-(\w+)"))
    begin, end = days_of(screen.find_in_intent(r"in (\w+ \d{4})"))
    yield from report(screen, "Reports", "Bestsellers", begin, end, "Month")
    rows = yield from read_rows(screen, "Product", "Order Quantity")
    sold = [(int(row.cell("Order Quantity")), row.cell("Product")) for row in rows if row.cell("Interval") != "Total"]
    sold.sort(key=lambda pair: -pair[0])  # goods sold as often stay in the report's order
    yield stop("\n".join(name for _, name in sold[:wanted]))


def top_terms(screen: Screen) -> Iterator[str]:
    """8: what was searched for most."""
    wanted = number(screen.find_in_intent(r"top (\w+) search"))
    yield from show_terms(screen)
    rows = yield from read_rows(screen, TERM, USES)
    yield stop("\n".join(row.cell(TERM) for row in rows[:wanted]))


def top_brand(screen: Screen) -> Iterator[str]:
    """32: the brand searched for most, taken to be what the first of all terms names."""
    yield from show_terms(screen)
    rows = yield from read_rows(screen, TERM, USES)
    yield stop(rows[0].cell(TERM))


def show_terms(screen: Screen) -> Steps:
    """The list of search terms, those used most first."""
    yield from go(screen, "Marketing", "Search Terms")
    yield from sort_down(screen, USES)


def last_month(screen: Screen, *, later: int = 0) -> Iterator[str]:
    """149: the report of sales for the month before today's."""
    today = short_date(screen.find_in_intent(r"Today is ([\d/]+)"))
    end = today.replace(day=1) - dt.timedelta(1)
    yield from report(screen, screen.find_in_intent(_SECTION), "Orders", end.replace(day=1) + dt.timedelta(later), end)
    yield stop()


def shipping(screen: Screen, *, name: str = "Shipping", later: int = 0) -> Iterator[str]:
    """150: the report of shipping for some days."""
    begin, end = map(short_date, screen.parts_of_intent(r"from ([\d/]+) to ([\d/]+)"))
    yield from report(screen, screen.find_in_intent(_SECTION), name, begin + dt.timedelta(later), end)
    yield stop()


ORACLES: dict[int, Oracle] = {0: best_sellers, 8: top_terms, 32: top_brand, 149: last_month, 150: shipping}
NEAR_MISSES: dict[int, Oracle] = {149: partial(last_month, later=1), 150: partial(shipping, later=1)}
