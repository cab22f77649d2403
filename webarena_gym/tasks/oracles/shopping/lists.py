"""Tasks about lists of products: search, categories, sorting, filters, and which product of a list is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from ..screen import Finding, Oracle, OracleError, Screen, click, first, stop
from ..texts import mentions, number
from .pages import Product, matches, open_category, open_product, read_products, search, sort_by_price

# "40 game cards", "24 Game Card Slots", "60 Slots"
_CAPACITY = re.compile(r"(\d+) (?:[a-z]+ ){0,2}(?:cards?|slots?)\b", re.I)
_RELEASED = re.compile(r"(?:released in|release year\W+)\s*(\d{4})", re.I)
_REDUCED = re.compile(r"special price|regular price|\bwas \$|\bsave (?:\d|\$)", re.I)


def remedy(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """29: open a product that the search for a complaint finds. The near miss opens one that it does not find."""
    if right:
        yield from search(screen, screen.find_in_intent(r"I have (.+) problem"))
    products = yield from read_products(screen)
    yield from open_product(screen, first(products, "product"))
    yield stop()


def price_range(screen: Screen, *, goods: str) -> Iterator[str]:
    """31, 55: lowest and highest price of what has all the words in its name. ``goods`` finds them in the intent."""
    products = yield from matches(screen, screen.find_in_intent(goods))
    prices = sorted(product.price for product in products)
    yield stop(f"{prices[0]}" if prices[0] == prices[-1] else f"{prices[0]} to {prices[-1]}")


def holder_for_all(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """41: the holder that fits all cards with the fewest slots to spare. The near miss takes the largest that does not."""
    cards = number(screen.find_in_intent(r"all (\d+) cards"))
    sizes = yield from _capacities(screen, screen.find_in_intent(r"lot of (.+) now"))
    fitting = {product: size for product, size in sizes.items() if (size >= cards) == right}
    best = sorted(fitting, key=lambda product: abs(fitting[product] - cards))
    yield from open_product(screen, first(best, "holder of that size"))
    yield stop()


def cheapest_holder(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """68: the cheapest holder with a minimum capacity. The near miss takes the cheapest of all."""
    cards = number(screen.find_in_intent(r"capacity of (\d+)"))
    sizes = yield from _capacities(screen, screen.find_in_intent(r"expensive (.+) with"))
    fitting = [product for product, size in sizes.items() if size >= cards or not right]
    best = sorted(fitting, key=lambda product: product.price)
    yield from open_product(screen, first(best, "holder of that size"))
    yield stop()


def _capacities(screen: Screen, query: str) -> Finding[dict[Product, int]]:
    """Search for holders of cards; how many each takes, from its name or else from its page."""
    yield from search(screen, query)
    products = yield from read_products(screen)
    holders = [p for p in products if mentions(p.name, "switch card") and re.search(r"case|holder", p.name, re.I)]
    sizes = {}
    for product in holders:
        found = _CAPACITY.search(product.name)
        if found is None:
            yield from open_product(screen, product)
            lines = yield from screen.read_all()
            found = _CAPACITY.search("\n".join(lines))
        if found is not None:
            sizes[product] = int(found[1])
    return sizes


def most_expensive(screen: Screen, *, descending: bool = True) -> Iterator[str]:
    """58: a category with the most expensive first."""
    yield from open_category(screen, screen.find_in_intent(r"product from (.+) category"), "Clothing", "Sport")
    yield from sort_by_price(screen, descending=descending)
    yield stop()


def under(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """65: a category narrowed to a range of prices. The near miss takes the next range."""
    limit = number(screen.find_in_intent(r"under \$(\d+)"))
    yield from open_category(screen, screen.find_in_intent(r"in \"(.+)\" category"))
    ranges = screen.all("link", r"^\$.* items?$")
    chosen = [e for e in ranges if e.name.startswith(f"$0.00 - ${limit - 1}.99 ")]
    if not chosen:
        raise OracleError(f"no range ends at ${limit} among {[e.name for e in ranges]}")
    yield click(chosen[0] if right else ranges[ranges.index(chosen[0]) + 1])
    yield stop()


def search_for(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """66: search for a phrase. The near miss leaves a word out."""
    phrase = screen.find_in_intent(r"Search for \"(.+)\"")
    yield from search(screen, phrase if right else phrase.split()[-1])
    yield stop()


def released_in(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """67: the newest model of some years. The near miss opens the newest of all."""
    goods, begin, end = screen.parts_of_intent(r"models of (.+) released between (\d{4})-(\d{4})")
    products = yield from matches(screen, goods)
    years = {}
    for product in products:
        yield from open_product(screen, product)
        lines = yield from screen.read_all()
        if found := _RELEASED.search("\n".join(lines)):
            years[product] = int(found[1])
    fitting = [product for product in years if (int(begin) <= years[product] <= int(end)) == right]
    newest = sorted(fitting, key=lambda product: -years[product])
    yield from open_product(screen, first(newest, "model of these years"))
    yield stop()


def sorted_search(screen: Screen, *, descending: bool = False) -> Iterator[str]:
    """77: search results with the cheapest first."""
    yield from search(screen, screen.find_in_intent(r"\"(.+)\" listings"))
    yield from sort_by_price(screen, descending=descending)
    yield stop()


def sorted_category(screen: Screen, *, descending: bool = True) -> Iterator[str]:
    """82: a category with the most expensive first."""
    yield from open_category(screen, screen.find_in_intent(r"from (.+) category"), "Home")
    yield from sort_by_price(screen, descending=descending)
    yield stop()


def discounted(screen: Screen) -> Iterator[str]:
    """86: look for reduced prices on the home page, among search results and in a department."""
    kind = screen.find_in_intent(r"find (\w+)")
    seen: list[str] = yield from screen.read_all()
    yield from search(screen, kind)
    seen += yield from screen.read_all()
    if offer := [e.name for e in screen.all("menuitem", r"\bsale\b|deals|offers|discount")]:
        yield screen.click("menuitem", offer[0])
        seen += yield from screen.read_all()
        yield stop(", ".join(_reduced(seen)) or offer[0])
        return
    yield click(screen.all("menuitem")[0])
    seen += yield from screen.read_all()
    yield stop(", ".join(_reduced(seen)) or "N/A")


def _reduced(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if _REDUCED.search(line)]


ORACLES: dict[int, Oracle] = {
    29: remedy,
    31: partial(price_range, goods=r"price range of (.+) in the"),
    41: holder_for_all,
    55: partial(price_range, goods=r"products from (\w+)"),
    58: most_expensive,
    65: under,
    66: search_for,
    67: released_in,
    68: cheapest_holder,
    77: sorted_search,
    82: sorted_category,
    86: discounted,
}
NEAR_MISSES: dict[int, Oracle] = {
    29: partial(remedy, right=False),
    41: partial(holder_for_all, right=False),
    58: partial(most_expensive, descending=False),
    65: partial(under, right=False),
    66: partial(search_for, right=False),
    67: partial(released_in, right=False),
    68: partial(cheapest_holder, right=False),
    77: partial(sorted_search, descending=True),
    82: partial(sorted_category, descending=False),
}
