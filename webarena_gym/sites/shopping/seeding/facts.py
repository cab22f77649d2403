"""The facts of ``seed/facts.json``, or of a test that changed some, as what is inserted for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from ...magento import cents, slug
from .generate import Leaf
from .names import sku
from .seeds import ProductSeed, ReviewSeed
from .texts import about, reviews

SEED = Path(__file__).parent.parent / "seed"
_FIRST_FREE_ID, _ID_STEP = 137, 11  # spread among the generated ids, so that a search's ties mix both


@cache
def read_json(name: str) -> Any:
    """A file of ``seed/``; callers must not change it."""
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def fact_products(
    facts: Mapping[str, Any],
    leaves: Mapping[str, Leaf],
    words: Mapping[str, Any],
    references: Mapping[int, Sequence[str]],
) -> list[ProductSeed]:
    """The facts' products, with ids and SKUs of their own where the facts name none.

    Raises:
        ValueError: a product names an unknown category, or two share an id.
    """
    ids = {product["id"] for product in facts["products"].values() if "id" in product}
    free = _free_ids(ids)
    products = [
        _product(key, product, product.get("id") or next(free), leaves, words, references)
        for key, product in facts["products"].items()
    ]
    if len({product.id for product in products}) < len(products):
        raise ValueError("two products of the facts share an id")
    return products


def _free_ids(taken: set[int]) -> Iterator[int]:
    number = _FIRST_FREE_ID
    while True:
        if number not in taken:
            yield number
        number += _ID_STEP


def _product(
    key: str,
    fact: Mapping[str, Any],
    product_id: int,
    leaves: Mapping[str, Leaf],
    words: Mapping[str, Any],
    references: Mapping[int, Sequence[str]],
) -> ProductSeed:
    if fact["category"] not in leaves:
        raise ValueError(f"the product {key!r} is in the unknown category {fact['category']!r}")
    domain = words["domains"][leaves[fact["category"]].domain]
    random = Random(f"shopping/fact/{key}")
    written = [
        ReviewSeed(r["nickname"], r["stars"], r["title"], _detail(r["detail"], references), f"{r['date']} 16:20:00")
        for r in fact.get("reviews", ())
    ]
    return ProductSeed(
        id=product_id,
        sku=fact.get("sku") or sku(product_id),
        name=fact["name"],
        url_key=fact.get("url_key") or slug(fact["name"]),
        leaf=fact["category"],
        price_cents=cents(fact["price"]),
        about=fact.get("about") or about(random, domain, "product", "standard"),
        attributes=fact.get("attributes") or {"Material": random.choice(domain["materials"]).capitalize()},
        options=fact.get("options", {}),
        reviews=written + reviews(random, domain, words["reviews"], fact.get("stars", ())),
        fact=key,
    )


def _detail(detail: str | Mapping[str, Any], references: Mapping[int, Sequence[str]]) -> str:
    """A review's text; where a task quotes one that is not ours to ship, the sentences the task file holds."""
    if isinstance(detail, str):
        return detail
    sentences = [text if text.endswith((".", "!", "?")) else f"{text}." for text in references.get(detail["task"], ())]
    return " ".join(sentences) or detail["otherwise"]
