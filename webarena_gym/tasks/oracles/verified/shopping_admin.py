"""webarena-verified's questions about the shop's admin: customers by their emails, reviews by title and stars, other counts."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from functools import partial

from ..screen import Oracle, Screen, stop_with
from ..shopping_admin.orders import (
    CANCELED,
    COMPLETE,
    RANKS,
    buyers,
    by_month,
    count_items,
    newest,
    of_state,
    open_orders,
)
from ..shopping_admin.pages import read_rows
from ..shopping_admin.reports import TERM, USES, show_terms
from ..shopping_admin.reviews import Review, reviews_of
from ..texts import number

_EMAIL, _RESULTS = "Customer Email", "Results"


def rank(screen: Screen) -> Iterator[str]:
    """13: the emails of those with the n-th most completed orders."""
    place = RANKS.index(screen.find_in_intent(r"completed the (\w+) most"))
    found = yield from buyers(screen, COMPLETE, _EMAIL)
    wanted = sorted(set(found.values()), reverse=True)[place]
    yield stop_with([email for email, orders in found.items() if orders == wanted])


def most_cancellations(screen: Screen) -> Iterator[str]:
    """70: the email of who canceled most."""
    found = yield from buyers(screen, CANCELED, _EMAIL)
    most = max(found.values())
    yield stop_with([email for email, orders in found.items() if orders == most])


def per_month(screen: Screen) -> Iterator[str]:
    """26: how many orders of a year are complete, by month."""
    months = yield from by_month(screen, screen.find_in_intent(r"(\d{4})"), COMPLETE)
    yield stop_with([screen.keyed(calendar.month_name[month], months[month]) for month in range(1, 13)])


def items_sold(screen: Screen) -> Iterator[str]:
    """33: how many pieces the newest complete orders hold."""
    wanted = number(screen.find_in_intent(r"recent (\w+) complete orders"))
    yield from open_orders(screen)
    yield from of_state(screen, COMPLETE)
    rows = yield from newest(screen)
    pieces = yield from count_items(screen, rows[:wanted])
    yield stop_with([pieces])


def top_terms(screen: Screen) -> Iterator[str]:
    """32: what was searched for most and found."""
    wanted = number(screen.find_in_intent(r"top (\w+) search"))
    yield from show_terms(screen)
    rows = yield from read_rows(screen, TERM, _RESULTS, USES)
    yield stop_with([row.cell(TERM) for row in rows if int(row.cell(_RESULTS)) > 0][:wanted])


def rated(screen: Screen, *, product: str, stars: str, holds: Callable[[int, int], bool]) -> Iterator[str]:
    """30, 51: title and stars of a product's reviews from, or up to, some stars. Patterns find both in the intent."""
    limit = number(screen.find_in_intent(stars))
    reviews: list[Review] = yield from reviews_of(screen, screen.find_in_intent(product))
    found = [review for review in reviews if holds(review.stars, limit)]
    yield stop_with([screen.keyed(review.title, review.stars) for review in found])


ORACLES: dict[int, Oracle] = {
    13: rank,
    26: per_month,
    30: partial(rated, product=r"for (\w+)'s products", stars=r"with (\d) stars or above", holds=int.__ge__),
    32: top_terms,
    33: items_sold,
    51: partial(rated, product=r"for (\w+) ice fleece", stars=r"with (\d) stars or below", holds=int.__le__),
    70: most_cancellations,
}
NEAR_MISSES: dict[int, Oracle] = {}
