"""Categories and products, which no visitor changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from ..seeding.catalogue import price_ranges


class Category(NamedTuple):
    id: int
    parent_id: int
    name: str
    path: str
    level: int
    product_count: int

    @property
    def url(self) -> str:
        return f"/{self.path}.html"


class Card(NamedTuple):
    """What a listing shows of a product. ``rating_percent`` means nothing without reviews."""

    id: int
    sku: str
    name: str
    url_key: str
    price_cents: int
    rating_percent: int
    review_count: int
    has_options: bool

    @property
    def url(self) -> str:
        return f"/{self.url_key}.html"


class Product(NamedTuple):
    """A product with all its page shows. ``fact`` is its key in the facts, None for a generated one."""

    card: Card
    category_id: int
    fact: str | None
    about: list[str]
    attributes: dict[str, str]


class Option(NamedTuple):
    """A choice to make before buying; ``values`` are (id, title)."""

    id: int
    title: str
    values: list[tuple[int, str]]


class PriceRange(NamedTuple):
    """``low_cents`` <= price < ``high_cents``, and how many products that is."""

    low_cents: int
    high_cents: int
    products: int


class Listed(NamedTuple):
    """Which part of a list to show, and how. ``order`` is position, name, price or relevance."""

    order: str = "position"
    descending: bool = False
    limit: int = 12
    page: int = 1
    low_cents: int | None = None
    high_cents: int | None = None
    category_id: int | None = None

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit

    @property
    def filtered(self) -> bool:
        return self.low_cents is not None or self.high_cents is not None


CATEGORY_COLUMNS = "id, parent_id, name, path, level, product_count"
CARD_COLUMNS = "id, sku, name, url_key, price_cents, rating_percent, review_count, has_options"
_ORDERS = {"position": "position", "name": "name_rank", "price": "price_cents"}
HIGHEST_CENTS = 1 << 40


class Catalogue:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def category(self, path: str) -> Category | None:
        """By address without ``.html``, such as ``electronics/headphones``."""
        return self._category("path = ?", path)

    def category_by_id(self, category_id: int) -> Category | None:
        return self._category("id = ?", category_id)

    def _category(self, condition: str, value: str | int) -> Category | None:
        row = self._connection.execute(
            f"SELECT {CATEGORY_COLUMNS} FROM category WHERE {condition}", (value,)
        ).fetchone()
        return None if row is None else Category(*row)

    def categories(self) -> list[Category]:
        """All of them, parents before children."""
        return [
            Category(*row) for row in self._connection.execute(f"SELECT {CATEGORY_COLUMNS} FROM category ORDER BY id")
        ]

    def departments(self) -> list[Category]:
        """The top categories, in the order of the menu."""
        return self.subcategories(2)

    def subcategories(self, category_id: int) -> list[Category]:
        return [
            Category(*row)
            for row in self._connection.execute(
                f"SELECT {CATEGORY_COLUMNS} FROM category WHERE parent_id = ? ORDER BY position", (category_id,)
            )
        ]

    def trail(self, category: Category) -> list[Category]:
        """The categories from the top down to this one, itself included."""
        trail = [category]
        while (parent := self.category_by_id(trail[-1].parent_id)) is not None:
            trail.append(parent)
        return trail[::-1]

    def category_products(self, category_id: int, listed: Listed) -> list[Card]:
        """The part of a category that ``listed`` asks for; its subcategories' products are its own too."""
        column = _ORDERS.get(listed.order, "position")
        direction = "DESC" if listed.descending else "ASC"
        price, values = _price_condition(listed)
        rows = self._connection.execute(
            f"SELECT product_id FROM category_product WHERE category_id = ?{price} "
            f"ORDER BY {column} {direction}, product_id {direction} LIMIT ? OFFSET ?",
            (category_id, *values, listed.limit, listed.offset),
        )
        return self.cards([row[0] for row in rows])

    def category_count(self, category_id: int, listed: Listed) -> int:
        """How many products the whole list has."""
        price, values = _price_condition(listed)
        if not price:
            row = self._connection.execute("SELECT product_count FROM category WHERE id = ?", (category_id,)).fetchone()
            return 0 if row is None else row[0]
        return self._connection.execute(
            f"SELECT count(*) FROM category_product WHERE category_id = ?{price}", (category_id, *values)
        ).fetchone()[0]

    def category_prices(self, category_id: int, listed: Listed) -> list[PriceRange]:
        """The price ranges to filter by."""
        price, values = _price_condition(listed)
        if not price:
            rows = self._connection.execute(
                "SELECT low_cents, high_cents, products FROM category_price WHERE category_id = ? ORDER BY low_cents",
                (category_id,),
            )
            return [PriceRange(*row) for row in rows]
        prices = self._connection.execute(
            f"SELECT price_cents FROM category_product WHERE category_id = ?{price}", (category_id, *values)
        )
        return [PriceRange(*found) for found in price_ranges(row[0] for row in prices)]

    def cards(self, product_ids: Iterable[int]) -> list[Card]:
        """Cards in the order of the ids; ids of no product are left out."""
        ids = list(product_ids)
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(f"SELECT {CARD_COLUMNS} FROM product WHERE id IN ({marks})", ids)
        by_id = {row[0]: Card(*row) for row in rows}
        return [by_id[product_id] for product_id in ids if product_id in by_id]

    def sorted_ids(self, product_ids: list[int], listed: Listed) -> list[int]:
        """One page of the given products, in the order that ``listed`` asks for; by position means as given."""
        if listed.order != "position":
            column = _ORDERS.get(listed.order, "id")
            marks = ",".join("?" * len(product_ids))
            rows = self._connection.execute(
                f"SELECT id FROM product_key WHERE id IN ({marks}) ORDER BY {column}, id", product_ids
            )
            product_ids = [row[0] for row in rows]
        if listed.descending:
            product_ids = product_ids[::-1]
        return product_ids[listed.offset : listed.offset + listed.limit]

    def home_products(self, limit: int, offset: int) -> tuple[list[Card], int]:
        """The cards of the home page's show-case, and how many it has in all."""
        ids = [row[0] for row in self._connection.execute("SELECT product_id FROM home_product ORDER BY position")]
        return self.cards(ids[offset : offset + limit]), len(ids)

    def product(self, product_id: int) -> Product | None:
        return self._product("id = ?", product_id)

    def product_by_key(self, url_key: str) -> Product | None:
        return self._product("url_key = ?", url_key)

    def product_by_sku(self, sku: str) -> Product | None:
        return self._product("sku = ?", sku)

    def product_by_fact(self, key: str) -> Product | None:
        """By the product's key in ``facts.json``: for tests and oracles' checks, no page asks for it."""
        return self._product("fact = ?", key)

    def _product(self, condition: str, value: str | int) -> Product | None:
        row = self._connection.execute(
            f"SELECT {CARD_COLUMNS}, category_id, fact, about, attributes FROM product WHERE {condition}", (value,)
        ).fetchone()
        if row is None:
            return None
        return Product(Card(*row[:8]), row[8], row[9], json.loads(row[10]), json.loads(row[11]))

    def options(self, product_id: int) -> list[Option]:
        """The choices a product asks for, in order; empty for most."""
        rows = self._connection.execute(
            "SELECT o.id, o.title, v.id, v.title FROM product_option o JOIN option_value v ON v.option_id = o.id "
            "WHERE o.product_id = ? ORDER BY o.id, v.id",
            (product_id,),
        )
        options: list[Option] = []
        for option_id, title, value_id, value in rows:
            if not options or options[-1].id != option_id:
                options.append(Option(option_id, title, []))
            options[-1].values.append((value_id, value))
        return options


def _price_condition(listed: Listed) -> tuple[str, tuple[int, ...]]:
    if not listed.filtered:
        return "", ()
    return " AND price_cents >= ? AND price_cents < ?", (listed.low_cents or 0, listed.high_cents or HIGHEST_CENTS)
