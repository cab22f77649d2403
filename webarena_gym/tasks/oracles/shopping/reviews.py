"""Tasks about what customers wrote: who says what, and how a product is rated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..screen import Finding, Oracle, Screen, first, stop
from ..texts import mentions, number
from .pages import Product, Review, matches, open_product, read_products, read_reviews, search

_COMPLAINT = re.compile(
    r"\b(?:poor|terrible|bad|badly|low|cheap|broke|broken|tore|torn|leak\w*|peel\w*|loose|flimsy|useless)\b", re.I
)
_STAR = 20  # percent


def _names(reviews: Sequence[Review]) -> str:
    return ", ".join(dict.fromkeys(review.nickname for review in reviews))


def _quotes(reviews: Sequence[Review]) -> str:
    return "\n".join(f"{review.nickname}: {review.text}" for review in reviews)


def _reviews_of(screen: Screen, products: Sequence[Product]) -> Finding[list[Review]]:
    """Open the products of the list that shows, one after the other, and read what is written about them."""
    reviews: list[Review] = []
    for product in products:
        if product.reviews:
            yield from open_product(screen, product)
            reviews += yield from read_reviews(screen)
    return reviews


def who_mentions(screen: Screen) -> Iterator[str]:
    """4: the reviewers of the open product who mention something."""
    topic = screen.find_in_intent(r"mention about good (.+)")
    reviews = yield from read_reviews(screen)
    yield stop(_names([review for review in reviews if mentions(review.text, topic)]) or "N/A")


def criticisms(screen: Screen) -> Iterator[str]:
    """42: what the bad reviews of the open product say."""
    reviews = yield from read_reviews(screen)
    yield stop("\n".join(review.text for review in reviews if review.rating <= 2 * _STAR) or "N/A")


def opinions(screen: Screen) -> Iterator[str]:
    """54: what is said about a maker's goods; their pages are opened even where the list shows no review."""
    goods, maker = screen.find_in_intent(r"about (\w+) from"), screen.find_in_intent(r"from (\w+)")
    products = yield from matches(screen, f"{goods} {maker}")
    reviews: list[Review] = []
    for product in products:
        yield from open_product(screen, product)
        reviews += yield from read_reviews(screen)
    yield stop(_quotes(reviews) or f"There are no reviews for the {maker} {goods}.")


def summary(screen: Screen) -> Iterator[str]:
    """89: every review of a product."""
    products = yield from matches(screen, screen.find_in_intent(r"reviews for (.+)\."))
    reviews = yield from _reviews_of(screen, products)
    yield stop(_quotes(reviews))


def complainers(screen: Screen) -> Iterator[str]:
    """93: who complains about a maker's goods."""
    reviews = yield from _reviews_of_maker(screen, r"quality of (\w+)")
    yield stop(_names([review for review in reviews if _COMPLAINT.search(review.text)]) or "N/A")


def fans(screen: Screen) -> Iterator[str]:
    """95: who gave a maker's goods so many stars."""
    stars = [number(screen.find_in_intent(pattern)) for pattern in (r"gave (\d)", r"or (\d) stars")]
    reviews = yield from _reviews_of_maker(screen, r"from (\w+)")
    yield stop(_names([review for review in reviews if review.rating // _STAR in stars]) or "N/A")


def _reviews_of_maker(screen: Screen, pattern: str) -> Finding[list[Review]]:
    products = yield from matches(screen, screen.find_in_intent(pattern))
    return (yield from _reviews_of(screen, products))


def rating(screen: Screen) -> Iterator[str]:
    """94: a product's rating, in percent as the shop shows it."""
    goods = screen.find_in_intent(r"rating of (.+?)\. ")
    yield from search(screen, goods)
    products = yield from read_products(screen)
    product = first((product for product in products if mentions(product.name, goods)), goods)
    yield from open_product(screen, product)
    yield stop(screen.find(r"Rating: (\d+)%")[1])


ORACLES: dict[int, Oracle] = {
    4: who_mentions,
    42: criticisms,
    54: opinions,
    89: summary,
    93: complainers,
    94: rating,
    95: fans,
}
NEAR_MISSES: dict[int, Oracle] = {}
