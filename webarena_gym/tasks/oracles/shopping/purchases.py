"""Tasks that choose a product and keep it: on the wish list, in the cart, or ordered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from ..screen import Oracle, Screen, first, stop
from ..texts import days_of, mentions, money, number
from .orders import CANCELED, QUERY_CHARS, between, of_state
from .pages import (
    Product,
    add_to_cart,
    all_orders,
    check_out,
    find_item,
    open_category,
    open_order,
    open_product,
    read_all_products,
    read_products,
    search,
)

_UNITS = re.compile(r"(\d+)[ -](?:pack|piece|count)|(?:set|pack) of (\d+)", re.I)


def cheapest_tab(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """103: put the product of an open tab with the lowest price per piece into the cart. The near miss: the highest."""
    prices: dict[int, Decimal] = {}
    for tab in range(screen.tabs):
        yield f"focus_tab({tab})"
        units = _UNITS.search(screen.find(r"(?m)^# (.+)$")[1])
        pieces = int(units[1] or units[2]) if units else 1
        prices[tab] = money(screen.find(r"(?m)^\$[\d,.]+$")[0]) / pieces
    yield f"focus_tab({(min if right else max)(prices, key=lambda tab: prices[tab])})"
    yield from add_to_cart(screen)
    yield stop()


def reorder(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """104: order again what was ordered in a season and canceled, from its own page: Reorder takes the whole order.

    The near miss reorders another canceled order.
    """
    goods, season = screen.parts_of_intent(r"ordered some a (.+) during (\w+ \d+)")
    orders = yield from all_orders(screen)
    canceled = of_state(orders, CANCELED)
    meant = between(canceled, *days_of(season))
    if right:
        _, item = yield from find_item(screen, meant, goods)
        yield from search(screen, item.name[:QUERY_CHARS])
        products = yield from read_products(screen)
        yield from open_product(screen, first((one for one in products if one.name == item.name), item.name))
        yield from add_to_cart(screen)
    else:
        yield from open_order(screen, first((order for order in canceled if order not in meant), "other order"))
        yield screen.click("link", "Reorder")
    yield from check_out(screen)
    yield stop()


def wish_named(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """109: put a product of this name on the wish list. The near miss takes the next one that the search finds."""
    name = screen.find_in_intent(r"Add (.+) to my wish list")
    yield from search(screen, name)
    products = yield from read_products(screen)
    yield from _wish(screen, first((product for product in products if (product.name == name) == right), name))


def wish_kind(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """119: put a product on the wish list whose name has these words. The near miss has only the last of them."""
    kind = screen.find_in_intent(r"Add an? (.+) to my wish list")
    yield from search(screen, kind)
    products = yield from read_products(screen)
    named = [product for product in products if mentions(product.name, kind.split()[-1])]
    yield from _wish(screen, first((product for product in named if mentions(product.name, kind) == right), kind))


def wish_open(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """120: put the open product on the wish list. The near miss takes one of the home page."""
    if not right:
        name = screen.find(r"(?m)^# (.+)$")[1]
        yield screen.click("link", "store logo")
        products = yield from read_products(screen)
        yield from open_product(screen, first((product for product in products if product.name != name), "other"))
    yield from screen.follow("link", "Add to Wish List")
    yield stop()


def _wish(screen: Screen, product: Product) -> Iterator[str]:
    yield from open_product(screen, product)
    yield from screen.follow("link", "Add to Wish List")
    yield stop()


def buy_best_rated(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """117: buy the best rated product of a category within a budget. The near miss is as good, but too dear."""
    category, low, high = screen.parts_of_intent(r"from the (.+) category within a budget between (\d+) and (\d+)")
    yield from open_category(screen, category, "Grocery")
    products = yield from read_all_products(screen, lambda product: right and product.price > int(high))
    if right:
        products = [product for product in products if int(low) <= product.price <= int(high)]
    best = sorted(products, key=lambda product: (-product.rating, -product.price))
    yield from _buy(screen, first(best, "product within the budget"))


def buy_cheapest_of_best(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """118: buy the cheapest of the best rated with enough reviews. The near miss does not count the reviews."""
    category, least = screen.parts_of_intent(r"from \"(.+)\" category with at least (\w+) reviews")
    yield from open_category(screen, category)
    least_reviews = number(least) if right else 1
    products = yield from read_all_products(
        screen, lambda product: product.rating == 100 and product.reviews >= least_reviews
    )
    rated = [product for product in products if product.reviews >= least_reviews]
    best = sorted(rated, key=lambda product: (-product.rating, product.price))
    yield from _buy(screen, first(best, "product with so many reviews"))


def _buy(screen: Screen, product: Product) -> Iterator[str]:
    yield from open_product(screen, product)
    yield from add_to_cart(screen)
    yield from check_out(screen)
    yield stop()


ORACLES: dict[int, Oracle] = {
    103: cheapest_tab,
    104: reorder,
    109: wish_named,
    117: buy_best_rated,
    118: buy_cheapest_of_best,
    119: wish_kind,
    120: wish_open,
}
NEAR_MISSES: dict[int, Oracle] = {task_id: partial(oracle, right=False) for task_id, oracle in ORACLES.items()}
