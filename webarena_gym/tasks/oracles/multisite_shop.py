"""A task over the shop and the forum: what customers wrote in one is gathered in the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from .home_page import visit
from .reddit.pages import open_post_form, submit
from .screen import Finding, Oracle, Screen, first, stop
from .shopping.pages import matches, open_product, read_reviews

_STAR = 20  # percent
_FORUM = "Reddit"


def gather_titles(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """144: a post with the titles of a product's worst reviews. The near miss leaves the last one out."""
    product, stars, subject, title = screen.parts_of_intent(
        r'titles of (.+?) reviews with (\d) star rating .* in the (\w+) subreddit under the title "(.+)"'
    )
    found = yield from matches(screen, product)
    yield from open_product(screen, first(found, product))
    reviews = yield from read_reviews(screen)
    titles = [review.title for review in reviews if review.rating == int(stars) * _STAR]
    wanted = titles if right else [title for title in titles if title != titles[-1]]
    yield from visit(screen, _FORUM)
    forum = yield from _busiest_forum(screen, subject)
    yield from open_post_form(screen)
    yield from submit(screen, forum, title, body="\n".join(f'- "{title}"' for title in wanted))
    yield stop()


def _busiest_forum(screen: Screen, subject: str) -> Finding[str]:
    """Of the forums named after a subject the one with most posts, which the list has first; people use a word's forms alike."""
    yield screen.click("link", "Forums")
    while True:
        yield from screen.read_all()
        names = [e.name.partition(" — ")[0] for e in screen.all("link", " — ")]
        found = [name for name in names if _stem(name) == _stem(subject)]
        if found or not screen.has("link", "Next"):
            return first(found, f"forum on {subject}")
        yield screen.click("link", "Next")


def _stem(word: str) -> str:
    """
    >>> _stem("Gaming") == _stem("games")
    True
    """
    return re.sub(r"(?:ing|ers?|es|e|s)$", "", word.lower())


ORACLES: dict[int, Oracle] = {144: gather_titles}
NEAR_MISSES: dict[int, Oracle] = {144: partial(gather_titles, right=False)}
