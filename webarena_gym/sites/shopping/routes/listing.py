"""The list of products that category and search pages show: its parameters, its links, its pager."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from flask import request

from ...magento import money, to_int
from ..store.catalogue import Listed, PriceRange

LIMITS = (12, 24, 36)
_FRAME = 5  # page numbers shown at a time
_PRICE = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)?-(\d{1,9}(?:\.\d{1,4})?)?", re.ASCII)
_ORDER, _DIRECTION, _LIMIT, _MODE = "product_list_order", "product_list_dir", "product_list_limit", "product_list_mode"


class Defaults(NamedTuple):
    """The order and direction that a page has without parameters, and the orders it offers, with their names."""

    order: str
    direction: str
    orders: tuple[tuple[str, str], ...]


CATEGORY = Defaults("position", "asc", (("position", "Position"), ("name", "Product Name"), ("price", "Price")))
SEARCH = Defaults("relevance", "desc", (("name", "Product Name"), ("price", "Price"), ("relevance", "Relevance")))


class Filter(NamedTuple):
    """One choice of the side bar."""

    label: str
    url: str
    count: int


class Listing:
    """The parameters of this request's list, and addresses that change one of them.

    ``base`` is the address without parameters; ``fixed`` are parameters that stay whatever is changed (the query).
    """

    def __init__(self, base: str, defaults: Defaults, fixed: Mapping[str, str] | None = None) -> None:
        arguments = request.args
        self.base, self.defaults, self._fixed = base, defaults, dict(fixed or {})
        order = arguments.get(_ORDER, defaults.order)
        self.order = order if order in dict(defaults.orders) else defaults.order
        direction = arguments.get(_DIRECTION, defaults.direction)
        self.direction = direction if direction in ("asc", "desc") else defaults.direction
        limit = to_int(arguments.get(_LIMIT), LIMITS[0])
        self.limit = limit if limit in LIMITS else LIMITS[0]
        self.mode = "list" if arguments.get(_MODE) == "list" else "grid"
        self.page = min(max(1, to_int(arguments.get("p"), 1)), 100_000)
        self.price = _price(arguments.get("price", ""))
        self.category_id = to_int(arguments.get("cat")) or None
        self.total = 0

    def names_defaults(self) -> bool:
        """True if the address spells out a default, which the real site's toolbar leaves away."""
        spelled = (
            (_ORDER, self.defaults.order),
            (_DIRECTION, self.defaults.direction),
            (_LIMIT, "12"),
            (_MODE, "grid"),
        )
        return any(request.args.get(name) == default for name, default in spelled)

    @property
    def listed(self) -> Listed:
        low, high = self.price or (None, None)
        return Listed(self.order, self.direction == "desc", self.limit, self.page, low, high, self.category_id)

    def set_total(self, total: int) -> None:
        """How many products the list has; a page beyond the last one is the last one."""
        self.total = total
        self.page = min(self.page, self.pages)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.limit))

    @property
    def first(self) -> int:
        return (self.page - 1) * self.limit + 1

    @property
    def last(self) -> int:
        return min(self.page * self.limit, self.total)

    @property
    def frame(self) -> range:
        """The page numbers to show."""
        start = max(1, min(self.page - _FRAME // 2, self.pages - _FRAME + 1))
        return range(start, min(start + _FRAME, self.pages + 1))

    def url(self, **changes: str | int | None) -> str:
        """This list with some parameters changed; None takes one away. Every change but of the page goes to page 1."""
        return self.base + self.query(**changes)

    def query(self, **changes: str | int | None) -> str:
        """The parameters, with ``?``, in the order the real site's links have them; defaults are left away."""
        values: dict[str, str | int | None] = {
            "cat": self.category_id, "p": None, "price": request.args.get("price") if self.price else None,
            "product_list_dir": self.direction if self.direction != self.defaults.direction else None,
            "product_list_limit": self.limit if self.limit != LIMITS[0] else None,
            "product_list_mode": self.mode if self.mode != "grid" else None,
            "product_list_order": self.order if self.order != self.defaults.order else None,
            **self._fixed, **changes,
        }  # fmt: skip
        if values["p"] == 1:
            values["p"] = None
        kept = [(name, value) for name, value in values.items() if value is not None]
        return "?" + urlencode(kept) if kept else ""

    def hidden_fields(self, *without: str) -> list[tuple[str, str]]:
        """The parameters that a form which changes ``without`` carries along."""
        values = {
            "cat": self.category_id, "price": request.args.get("price") if self.price else None,
            _ORDER: self.order if self.order != self.defaults.order else None,
            _DIRECTION: self.direction if self.direction != self.defaults.direction else None,
            _LIMIT: self.limit if self.limit != LIMITS[0] else None,
            _MODE: self.mode if self.mode != "grid" else None,
            **self._fixed,
        }  # fmt: skip
        return [(name, str(value)) for name, value in values.items() if value is not None and name not in without]

    @property
    def other_direction(self) -> str:
        return "asc" if self.direction == "desc" else "desc"

    @property
    def direction_url(self) -> str:
        other = self.other_direction
        return self.url(product_list_dir=other if other != self.defaults.direction else None)

    def price_filters(self, ranges: list[PriceRange]) -> list[Filter]:
        """Links to the price ranges; the last one is called open above, as nothing lies beyond it."""
        filters = []
        for i, (low, high, products) in enumerate(ranges):
            open_above = i == len(ranges) - 1 and i > 0
            label = f"{money(low)} and above" if open_above else f"{money(low)} - {money(high - 1)}"
            filters.append(Filter(label, self.url(price=f"{_dollars(low)}-{_dollars(high)}"), products))
        return filters

    def price_label(self) -> str:
        """The chosen price range in words."""
        low, high = self.price or (None, None)
        if high is None:
            return f"{money(low or 0)} and above"
        return f"{money(low or 0)} - {money(max(0, high - 1))}"


def _dollars(cents: int) -> str:
    return str(cents // 100) if cents % 100 == 0 else f"{cents / 100:.2f}"


def _price(text: str) -> tuple[int | None, int | None] | None:
    """``a-b`` in dollars as (from, below) in cents; either may be missing. Anything else is no filter.

    >>> _price("0-30"), _price("100-"), _price("-9.5"), _price("cheap"), _price("-")
    ((0, 3000), (10000, None), (None, 950), None, None)
    """
    found = _PRICE.fullmatch(text)
    if found is None or found.group(0) == "-":
        return None
    low, high = (None if part is None else round(float(part) * 100) for part in found.groups())
    return low, high
