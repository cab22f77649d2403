"""The shop's pages as its oracles read and walk them: lists of products, product pages with reviews, orders, checkout."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from ..screen import Element, Finding, OracleError, Screen, Steps, T, click, elements_of, table_rows
from ..texts import mentions, money, shared_words, short_date

NEXT = "Page Next"
FILTER = r"^[^$].* \d+ items?$"  # a category beside a list; those that begin with a dollar sign are ranges of prices


class Product(NamedTuple):
    """One product of a list, whose address is ``page``. ``rating`` is in percent, 0 without reviews."""

    name: str
    price: Decimal
    rating: int
    reviews: int
    link: Element
    page: str


class Review(NamedTuple):
    title: str
    rating: int
    """Percent: 20 for each star."""
    text: str
    nickname: str


class Order(NamedTuple):
    """One row of My Orders, on the page of address ``page``; ``view`` is the link to its own page."""

    number: str
    date: dt.date
    total: Decimal
    status: str
    view: Element
    page: str


class Item(NamedTuple):
    """One line of an order's page. ``name`` ends with the chosen options; ``subtotal`` is the price of all pieces."""

    name: str
    sku: str
    price: Decimal
    subtotal: Decimal


def read_pages(
    screen: Screen, read: Callable[[Screen], Finding[list[T]]], enough: Callable[[T], bool] = lambda one: False
) -> Finding[list[T]]:
    """What ``read`` finds on the page that shows and on all that follow it, up to one that is ``enough``."""
    found = yield from read(screen)
    while screen.has("link", NEXT) and not any(map(enough, found)):
        yield screen.click("link", NEXT)
        found += yield from read(screen)
    return found


def search(screen: Screen, query: str) -> Steps:
    yield screen.fill("combobox", "Search", query, enter=True)


def read_products(screen: Screen) -> Finding[list[Product]]:
    """The products of the list's page that shows, in its order."""
    lines = yield from screen.read_all()
    elements = screen.elements
    products = []
    for i, image in enumerate(elements):
        if image.role == "link" and image.name == "Image":
            link = elements[i + 1]
            end = next(e.line for e in elements[i:] if e.name == "Add to Compare")
            text = "\n".join(lines[link.line + 1 : end])
            rating, reviews = (re.search(p, text) for p in (r"Rating: (\d+)%", r'"(\d+) Reviews?"'))
            counts = (int(found[1]) if found else 0 for found in (rating, reviews))
            products.append(Product(link.name, money(text), *counts, link, screen.url))
    return products


def read_all_products(
    screen: Screen, enough: Callable[[Product], bool] = lambda product: False
) -> Finding[list[Product]]:
    """The products of all pages of the list that shows, cheapest first, up to a page with one that is ``enough``."""
    yield from sort_by_price(screen, descending=False)
    yield from show_most(screen)
    return (yield from read_pages(screen, read_products, enough))


def matches(screen: Screen, query: str) -> Finding[list[Product]]:
    """Search, and keep what has every word of the query in its name. The shop lists such products first."""
    yield from search(screen, query)
    found: list[Product] = []
    while True:
        products = yield from read_products(screen)
        found += (product for product in products if mentions(product.name, query))
        if not screen.has("link", NEXT) or not mentions(products[-1].name, query):
            return found
        yield screen.click("link", NEXT)


def open_product(screen: Screen, product: Product) -> Steps:
    """Open a product of a list, going back to the list first where another page shows."""
    yield from screen.return_to(product.page)
    yield click(product.link)


def show_most(screen: Screen) -> Steps:
    """Let a list show as many entries a page as it can."""
    chooser = yield from screen.seek("combobox", "Show")
    most = max(chooser.options, key=int)
    if chooser.value != most:
        yield screen.select("Show", most)
        yield from screen.follow("button", "Go")


def sort_by_price(screen: Screen, *, descending: bool) -> Steps:
    yield screen.select("Sort By", "Price")
    yield screen.click("button", "Sort")
    other = f"Set {'Descending' if descending else 'Ascending'} Direction"
    if screen.has("link", other):
        yield screen.click("link", other)


def open_category(screen: Screen, wanted: str, *guesses: str) -> Steps:
    """Go down the category tree to ``wanted``: on each level where shares words with it, else where a guess says."""
    menu = screen.all("menuitem")
    while (link := _best_category(menu, wanted, guesses)) is not None:
        yield click(link)
        yield from screen.read_all()
        menu = screen.all("link", FILTER)


def _best_category(menu: Sequence[Element], wanted: str, guesses: Sequence[str]) -> Element | None:
    best = max(menu, key=lambda e: shared_words(e.name, wanted), default=None)
    if best is None or shared_words(best.name, wanted):
        return best
    return next((e for guess in guesses for e in menu if e.name.startswith(guess)), None)


def read_reviews(screen: Screen) -> Finding[list[Review]]:
    """All reviews of the product whose page is open, newest first."""
    return (yield from read_pages(screen, _read_reviews))


def _read_reviews(screen: Screen) -> Finding[list[Review]]:
    lines = yield from screen.read_all()
    found = []
    for i, line in enumerate(lines):
        if author := re.fullmatch(r"Review by (.+)", line):
            rated = max(j for j in range(i) if re.fullmatch(r"Rating \d+%", lines[j]))
            rating = int(lines[rated].removeprefix("Rating ").removesuffix("%"))
            found.append(Review(lines[rated - 1], rating, " ".join(lines[rated + 1 : i]), author[1]))
    return found


def add_to_cart(screen: Screen) -> Steps:
    """Choose the first of each option of the product whose page is open, and put one into the cart."""
    yield from screen.read_all()
    elements = screen.elements
    end = next(e.line for e in elements if e.role == "spinbutton")
    radios = {e.line: e for e in reversed(elements) if e.role == "radio" and e.line < end}  # the first of each line
    for radio in reversed(radios.values()):
        yield click(radio)
    yield from screen.follow("button", "Add to Cart")


def check_out(screen: Screen) -> Steps:
    """Order what is in the cart, sent to the address and paid the way that are preselected."""
    if not screen.has("button", "Proceed to Checkout"):
        yield from screen.follow("link", "My Cart")
    yield from screen.follow("button", "Proceed to Checkout")
    yield from screen.follow("button", "Next")
    yield from screen.follow("button", "Place Order")
    screen.find("Your order number is")


def open_orders(screen: Screen) -> Steps:
    yield from screen.follow("link", "My Account")
    yield from screen.follow("link", "My Orders")


def read_orders(screen: Screen) -> Finding[list[Order]]:
    """The orders of the page of My Orders that shows, newest first."""
    lines = yield from screen.read_all()
    found = []
    for row in table_rows(lines):
        if re.fullmatch(r"\d{9}", row[0]):
            view = elements_of([row[5]])[0]
            found.append(Order(row[0], short_date(row[1]), money(row[3]), row[4], view, screen.url))
    return found


def all_orders(screen: Screen) -> Finding[list[Order]]:
    """All orders, newest first."""
    yield from open_orders(screen)
    yield from show_most(screen)
    return (yield from read_pages(screen, read_orders))


def open_order(screen: Screen, order: Order) -> Finding[list[Item]]:
    """Open an order, going back to the list first where another page shows; returns its lines."""
    yield from screen.return_to(order.page)
    yield click(order.view)
    lines = yield from screen.read_all()
    return [
        Item(" | ".join(row[:-4]), row[-4], money(row[-3]), money(row[-1]))
        for row in table_rows(lines)
        if len(row) >= 5 and row[-2].startswith("Ordered")
    ]


def find_item(screen: Screen, orders: Sequence[Order], name: str) -> Finding[tuple[Order, Item]]:
    """Open the orders one after the other up to the one with an item of that name; its page stays open.

    Raises:
        OracleError: no order has it.
    """
    for order in orders:
        items = yield from open_order(screen, order)
        for item in items:
            if mentions(item.name, name):
                return order, item
    raise OracleError(f"none of {len(orders)} orders has {name!r}")
