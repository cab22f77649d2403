"""Inserts the catalogue: categories, products, what listings sort and count by, and the search index."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ...magento import slug
from .names import scrambled
from .seeds import ProductSeed, rating_percent

ROOT_ID = 2  # as in the real shop, where 1 and 2 are not shown
_BATCH = 2000
_STEPS_CENTS = tuple(step * 100 for step in (10, 30, 100, 300, 1000, 3000, 10000))
_MOST_RANGES = 8


class Categories:
    """The category tree while the catalogue is built: ids by path of names, and each leaf's way up."""

    def __init__(self, tree: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        self.rows: dict[int, dict[str, Any]] = {}
        self._ids: dict[str, int] = {}
        for top, (name, groups) in enumerate(tree.items(), 1):
            top_id = self._add(ROOT_ID, "", name, 1, top)
            for second, (group, leaves) in enumerate(groups.items(), 1):
                group_id = self._add(top_id, name, group, 2, second)
                for third, leaf in enumerate(leaves, 1):
                    self._add(group_id, f"{name}/{group}", leaf, 3, third)

    def _add(self, parent_id: int, parent: str, name: str, level: int, position: int) -> int:
        category_id = ROOT_ID + len(self.rows) + 1
        names = f"{parent}/{name}" if parent else name
        parent_path = f"{self.rows[parent_id]['path']}/" if parent else ""
        self.rows[category_id] = {
            "id": category_id, "parent_id": parent_id, "name": name, "path": parent_path + slug(name), "level": level,
            "position": position,
        }  # fmt: skip
        self._ids[names] = category_id
        return category_id

    def way_up(self, leaf: str) -> list[int]:
        """The ids of a category and those it lies in, from the leaf to the top."""
        ids = [self._ids[leaf]]
        while (parent := self.rows[ids[-1]]["parent_id"]) != ROOT_ID:
            ids.append(parent)
        return ids


def insert_products(connection: sqlite3.Connection, products: Iterable[ProductSeed], categories: Categories) -> None:
    """Products with their options, reviews and search entries; sorting tables follow in ``index_catalogue``."""
    batch: list[ProductSeed] = []
    for product in products:
        batch.append(product)
        if len(batch) == _BATCH:
            _insert_batch(connection, batch, categories)
            batch.clear()
    _insert_batch(connection, batch, categories)


def _insert_batch(connection: sqlite3.Connection, batch: list[ProductSeed], categories: Categories) -> None:
    connection.executemany(
        "INSERT INTO product VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (p.id, p.sku, p.name, p.url_key, p.price_cents, rating_percent([r.stars for r in p.reviews]), len(p.reviews),
             bool(p.options), categories.way_up(p.leaf)[0], p.fact, json.dumps(list(p.about), ensure_ascii=False),
             json.dumps(dict(p.attributes), ensure_ascii=False))
            for p in batch
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO product_search (rowid, name, sku, about) VALUES (?, ?, ?, ?)",
        ((p.id, p.name, p.sku, " ".join(p.about)) for p in batch),
    )
    connection.executemany(
        "INSERT INTO review (product_id, nickname, title, detail, stars, approved, created_at) VALUES (?, ?, ?, ?, ?, 1, ?)",
        ((p.id, r.nickname, r.title, r.detail, r.stars, r.date) for p in batch for r in p.reviews),
    )
    for product in batch:
        for title, values in product.options.items():
            option_id = connection.execute(
                "INSERT INTO product_option (product_id, title) VALUES (?, ?)", (product.id, title)
            ).lastrowid
            connection.executemany(
                "INSERT INTO option_value (option_id, title) VALUES (?, ?)", ((option_id, value) for value in values)
            )


def index_catalogue(connection: sqlite3.Connection, categories: Categories) -> None:
    """Everything that listings sort, count and filter by."""
    rows = connection.execute("SELECT id, price_cents, category_id, name FROM product").fetchall()
    names = sorted((name.casefold(), product_id) for product_id, _, _, name in rows)
    name_ranks = {product_id: rank for rank, (_, product_id) in enumerate(names)}
    way_up = {leaf_id: _ids_up(categories, leaf_id) for leaf_id in categories.rows}
    members: dict[int, list[tuple[int, int, int]]] = defaultdict(list)  # (accidental order, product, price)
    keys = []
    for product_id, price_cents, leaf_id, _ in rows:
        ids = way_up[leaf_id]
        keys.append((product_id, price_cents, name_ranks[product_id], ids[-1]))
        for category_id in ids:
            members[category_id].append((scrambled(product_id), product_id, price_cents))
    connection.executemany("INSERT INTO product_key VALUES (?, ?, ?, ?)", keys)
    for category_id, row in categories.rows.items():
        listed = sorted(members[category_id])
        prices = [price for _, _, price in listed]
        connection.execute(
            "INSERT INTO category VALUES (:id, :parent_id, :name, :path, :level, :position, :count, :highest)",
            {**row, "count": len(listed), "highest": max(prices, default=0)},
        )
        connection.executemany(
            "INSERT INTO category_product VALUES (?, ?, ?, ?, ?)",
            ((category_id, i, product, price, name_ranks[product]) for i, (_, product, price) in enumerate(listed, 1)),
        )
        connection.executemany(
            "INSERT INTO category_price VALUES (?, ?, ?, ?)",
            ((category_id, *price_range) for price_range in price_ranges(prices)),
        )


def _ids_up(categories: Categories, category_id: int) -> list[int]:
    ids = [category_id]
    while (parent := categories.rows[ids[-1]]["parent_id"]) != ROOT_ID:
        ids.append(parent)
    return ids


def price_ranges(prices: Iterable[int]) -> list[tuple[int, int, int]]:
    """(from, to, how many) in cents for a price filter: equal steps, at most eight, empty ones left out.

    >>> price_ranges([1250, 2999, 3000, 12900])
    [(0, 3000, 2), (3000, 6000, 1), (12000, 15000, 1)]
    """
    histogram: dict[int, int] = defaultdict(int)
    for price in prices:
        histogram[price] += 1
    return ranges_of_histogram(histogram, max(histogram, default=0))


def ranges_of_histogram(histogram: Mapping[int, int], highest: int) -> list[tuple[int, int, int]]:
    """The same from counts by price, or by price rounded down to a divisor of every step."""
    step = next((step for step in _STEPS_CENTS if highest // step < _MOST_RANGES), _STEPS_CENTS[-1])
    counts: dict[int, int] = defaultdict(int)
    for price, products in histogram.items():
        counts[price // step] += products
    return [(i * step, (i + 1) * step, counts[i]) for i in sorted(counts)]
