"""Generated goods: as many a leaf category as ``scale`` asks for, each leaf from a random stream of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from ...magento import slug
from .names import sku
from .seeds import ProductSeed
from .texts import about, product_name, reviews, star_list

BASE_PRODUCTS = 2000  # in all, facts included, at scale 1
_REVIEW_COUNTS = (0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12)
_SIZED = {"apparel": 0.6, "shoes": 0.75}  # share of goods that come in sizes and colors
_COLORED = {"phone": 0.2, "electronics": 0.1, "furniture": 0.15, "home": 0.1, "gaming": 0.1}
_ENDINGS = (99, 99, 95, 49, 0, 50, 97, 88, 75, 29)  # cents


class Leaf(NamedTuple):
    """What the goods of a leaf category are like: ``seed/leaves.json``. Prices in dollars."""

    path: str
    domain: str
    low: int
    high: int
    weight: int
    nouns: tuple[str, ...]


def read_leaves(data: Mapping[str, Any]) -> list[Leaf]:
    return [
        Leaf(path, domain, low, high, weight, tuple(noun.strip() for noun in nouns.split(";")))
        for path, (domain, low, high, weight, nouns) in data.items()
    ]


def shares(leaves: list[Leaf], total: int) -> list[int]:
    """``total`` split over the leaves by weight, largest remainders first."""
    weight = sum(leaf.weight for leaf in leaves)
    exact = [total * leaf.weight / weight for leaf in leaves]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(leaves)), key=lambda i: (counts[i] - exact[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def generated_products(
    leaf: Leaf, count: int, words: Mapping[str, Any], ids: Iterator[int], url_keys: set[str]
) -> Iterator[ProductSeed]:
    """``count`` products; takes their ids from ``ids`` and adds their addresses to ``url_keys``."""
    random = Random(f"shopping/{leaf.path}")
    domain, phrases = words["domains"][leaf.domain], words["reviews"]
    for _ in range(count):
        noun, variant = random.choice(leaf.nouns), random.choice(domain["variants"])
        name = product_name(random, domain, noun, variant)
        product_id = next(ids)
        url_key = slug(name)
        if url_key in url_keys:
            url_key += f"-{product_id}"
        url_keys.add(url_key)
        stars = star_list(random, random.choice(_REVIEW_COUNTS))
        yield ProductSeed(
            id=product_id,
            sku=sku(product_id),
            name=name,
            url_key=url_key,
            leaf=leaf.path,
            price_cents=_price_cents(random, leaf),
            about=about(random, domain, noun, variant),
            attributes={"Material": random.choice(domain["materials"]).capitalize(), "Color": variant},
            options=_options(random, leaf.domain, domain),
            reviews=reviews(random, domain, phrases, stars),
        )


def _price_cents(random: Random, leaf: Leaf) -> int:
    """Cheap goods are more frequent than dear ones; never below ``low`` or above ``high``."""
    dollars = math.exp(random.uniform(math.log(leaf.low), math.log(leaf.high)))
    return min(int(dollars) * 100 + random.choice(_ENDINGS), leaf.high * 100)


def _options(random: Random, kind: str, domain: Mapping[str, Any]) -> dict[str, list[str]]:
    if random.random() < _SIZED.get(kind, 0):
        colors = random.sample(domain["variants"], random.choice((2, 3, 4)))
        return {"Size": domain["packs"], "Color": sorted(colors)}
    if random.random() < _COLORED.get(kind, 0):
        return {"Color": sorted(random.sample(domain["variants"], random.choice((2, 3))))}
    return {}
