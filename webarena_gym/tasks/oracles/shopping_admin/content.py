"""Tasks about customers, pages and themes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..screen import Oracle, Screen, first, stop
from .pages import fill, go, narrow, open_row, pick, read_rows

CUSTOMER, EMAIL, PHONE = "Name", "Email", "Phone"


def all_customers(screen: Screen, *, entry: str = "All Customers") -> Iterator[str]:
    """40: the grid of customers."""
    yield from go(screen, "Customers", entry)
    yield stop()


def by_phone(screen: Screen) -> Iterator[str]:
    """50: whose a telephone number is."""
    yield from go(screen, "Customers", "All Customers")
    yield from narrow(screen, {PHONE: screen.find_in_intent(r"phone number (\S+)")})
    rows = yield from read_rows(screen, CUSTOMER, EMAIL, PHONE)
    row = first(rows, "customer of that number")
    yield stop(f"{row.cell(CUSTOMER)}, {row.cell(EMAIL)}")


def show_theme(screen: Screen, *, other: bool = False) -> Iterator[str]:
    """88: a theme's page with its preview."""
    theme = screen.find_in_intent(r"Preview the (.+?) theme")
    yield from go(screen, "Content", "Themes")
    rows = yield from read_rows(screen, "Theme Title", "Parent Theme")
    row = pick(rows, lambda row: (row.cell("Theme Title") == theme) != other, theme)
    yield from open_row(screen, row, row.controls[-1].name)
    yield stop()


def rename_page(screen: Screen, *, end: str = "") -> Iterator[str]:
    """113: give a page another title."""
    page, title = screen.parts_of_intent(r'page title of "(.+?)" page .* to "(.+)"')
    yield from go(screen, "Content", "Pages")
    rows = yield from read_rows(screen, "Title", "URL Key")
    row = pick(rows, lambda row: row.cell("Title") == page, page)
    yield from open_row(screen, row, "Select")
    yield from screen.follow("link", "Edit")
    yield from fill(screen, "Page Title", title + end)
    yield from screen.follow("button", "Save")
    yield stop()


ORACLES: dict[int, Oracle] = {40: all_customers, 50: by_phone, 88: show_theme, 113: rename_page}
NEAR_MISSES: dict[int, Oracle] = {
    40: partial(all_customers, entry="Customer Groups"),
    88: partial(show_theme, other=True),
    113: partial(rename_page, end=" Not!"),
}
