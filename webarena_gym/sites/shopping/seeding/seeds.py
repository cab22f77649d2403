"""What is inserted for a product, whether it comes from the facts or from the generator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class ReviewSeed(NamedTuple):
    """One approved review; ``date`` is UTC text."""

    nickname: str
    stars: int
    title: str
    detail: str
    date: str


@dataclass(slots=True)
class ProductSeed:
    """One product of a leaf category. ``fact`` is its key in ``facts.json``, None for generated ones."""

    id: int
    sku: str
    name: str
    url_key: str
    leaf: str
    price_cents: int
    about: Sequence[str]
    attributes: Mapping[str, str]
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reviews: Sequence[ReviewSeed] = ()
    fact: str | None = None


def rating_percent(stars: Sequence[int]) -> int:
    """Average stars in percent of five, rounded half up; 0 without reviews.

    >>> rating_percent([5, 4])
    90
    """
    return (sum(stars) * 40 + len(stars)) // (2 * len(stars)) if stars else 0
