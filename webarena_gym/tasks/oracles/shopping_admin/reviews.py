"""Tasks about reviews: how many there are, and what customers say of a product."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..screen import Finding, Oracle, Screen, stop
from ..texts import days_of
from .pages import all_rows, count, go, narrow_older, open_row, us_date

APPROVED = "Approved"
_WISH = re.compile(r"\b(?:would|wish|but|not|though|except)\b|n't\b", re.I)  # words of sentences that do not praise
_LIKED, _DISLIKED = 4, 2  # stars from which, and up to which, a customer likes or dislikes something


class Review(NamedTuple):
    """``email`` is empty for a guest's."""

    product: str
    nickname: str
    email: str
    stars: int
    title: str
    text: str
    status: str


def mentioning(screen: Screen) -> Iterator[str]:
    """2: how many reviews hold a word."""
    word = screen.find_in_intent(r'"(.+)"')
    yield from go(screen, "Marketing", "All Reviews")
    yield from narrow_older(screen, "Review", word)
    yield stop(str(count(screen)))


def pending(screen: Screen) -> Iterator[str]:
    """17: how many reviews wait."""
    yield from go(screen, "Marketing", "Pending Reviews")
    yield stop(str(count(screen)))


def in_month(screen: Screen) -> Iterator[str]:
    """80: how many reviews were written in a month."""
    begin, end = days_of(screen.find_in_intent(r"in (\w+ \d{4})"))
    yield from go(screen, "Marketing", "All Reviews")
    fields = screen.all("textbox", "^(?:From|To)$")
    for field, day in zip(fields, (begin, end), strict=False):
        yield f'fill({field.id}, "{us_date(day)}")'
    yield from screen.follow("button", "Search")
    yield stop(str(count(screen)))


def reviews_of(screen: Screen, product: str) -> Finding[list[Review]]:
    """All reviews of the goods whose names hold ``product``, each opened for its stars and its author."""
    yield from go(screen, "Marketing", "All Reviews")
    yield from narrow_older(screen, "Product", product)
    rows = yield from all_rows(screen, "Title", "Nickname", "Review", "Product")
    found = []
    for row in rows:
        yield from open_row(screen, row, "Edit")
        yield from screen.read_all()
        stars = int(screen.find(r"(\d) of 5 stars")[1])
        author = re.search(r"\(([^()\s]+@[^()\s]+)\)", screen.text)
        found.append(
            Review(row.cell("Product"), row.cell("Nickname"), author[1] if author else "", stars, row.cell("Title"), row.cell("Review"), row.cell("Status"))
        )  # fmt: skip
    return found


def _published(reviews: Sequence[Review]) -> list[Review]:
    """Without those that wait for approval, which may be anything."""
    return [review for review in reviews if review.status == APPROVED]


def unhappy(screen: Screen) -> Iterator[str]:
    """27: who dislikes a product."""
    product = screen.find_in_intent(r"with (\w+)")
    reviews = yield from reviews_of(screen, product)
    names = dict.fromkeys(review.nickname for review in reviews if review.stars <= _DISLIKED)
    yield stop(", ".join(names) or "N/A")


def liked(screen: Screen) -> Iterator[str]:
    """30: what customers like about a product."""
    reviews = yield from reviews_of(screen, screen.find_in_intent(r"like (\w+?)(?:'s)? "))
    sentences = [s for review in reviews if review.stars >= _LIKED for s in re.split(r"(?<=[.!?]) ", review.text)]
    yield stop("\n".join(sentence for sentence in sentences if not _WISH.search(sentence)) or "N/A")


def disliked(screen: Screen) -> Iterator[str]:
    """51: what customers do not like about a product, as far as it is published."""
    reviews = yield from reviews_of(screen, screen.find_in_intent(r"about (\w+)"))
    yield stop("\n".join(review.text for review in _published(reviews) if review.stars <= _DISLIKED) or "N/A")


def unhappiest(screen: Screen) -> Iterator[str]:
    """59: the email of who dislikes a product most."""
    reviews = yield from reviews_of(screen, screen.find_in_intent(r"of (\w+) products"))
    bad = [review for review in reviews if review.stars <= _DISLIKED and review.email]
    yield stop(min(bad, key=lambda review: review.stars).email if bad else "N/A")


ORACLES: dict[int, Oracle] = {
    2: mentioning,
    17: pending,
    27: unhappy,
    30: liked,
    51: disliked,
    59: unhappiest,
    80: in_month,
}
NEAR_MISSES: dict[int, Oracle] = {}
