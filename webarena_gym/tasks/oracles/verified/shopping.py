"""webarena-verified's questions about the shop: titles of reviews, a product's page, sums without shipping, a draft."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from ..screen import Oracle, Screen, first, stop, stop_with
from ..shopping.contact import write
from ..shopping.orders import CANCELED, between
from ..shopping.pages import (
    all_orders,
    open_category,
    open_order,
    open_product,
    read_products,
    read_reviews,
    sort_by_price,
)
from ..texts import days_of, number, plain

_STAR = 20  # percent


def bad_titles(screen: Screen) -> Iterator[str]:
    """42: the titles of the bad reviews of the open product."""
    most = number(screen.find_in_intent(r"with (\d) stars or below"))
    reviews = yield from read_reviews(screen)
    yield stop_with([review.title for review in reviews if review.rating <= most * _STAR])


def most_expensive(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """58: the page of the most expensive product of a category. The near miss opens the cheapest."""
    yield from open_category(screen, screen.find_in_intent(r"the most expensive (.+)$"), "Clothing")
    yield from sort_by_price(screen, descending=right)
    products = yield from read_products(screen)
    yield from open_product(screen, first(products, "product"))
    yield stop()


def goods_alone(screen: Screen) -> Iterator[str]:
    """78: what a month's orders cost without shipping: each order's page lists its goods."""
    begin, end = days_of(screen.find_in_intent(r"(\w+ 20\d\d)"))
    orders = yield from all_orders(screen)
    spent = Decimal(0)
    for order in between(orders, begin, end):
        if order.status != CANCELED:
            items = yield from open_order(screen, order)
            spent += sum(item.subtotal for item in items)
    yield stop(plain(spent))


def coupon_draft(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """148: draft a message that gives a reason. The near miss says more."""
    reason = screen.find_in_intent(r'with the reason: "(.+?)"')
    yield from write(screen, reason if right else f"Hello, {reason}.")
    yield stop()


ORACLES: dict[int, Oracle] = {42: bad_titles, 58: most_expensive, 78: goods_alone, 148: coupon_draft}
NEAR_MISSES: dict[int, Oracle] = {
    58: partial(most_expensive, right=False),
    148: partial(coupon_draft, right=False),
}
