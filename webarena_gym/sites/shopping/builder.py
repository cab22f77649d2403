"""Builds the shop's image from ``seed/``: about a second at scale 1, a progress bar where it takes longer."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import sqlite3
import sys
from collections.abc import Callable, Iterator
from typing import Any

from ..base import BuildOptions, create_base_tables, create_tables
from .seeding.catalogue import Categories, index_catalogue, insert_products
from .seeding.facts import SEED, fact_products, read_json
from .seeding.generate import BASE_PRODUCTS, generated_products, read_leaves, shares
from .seeding.orders import insert_customers, insert_orders
from .seeding.seeds import ProductSeed

MOST_PRODUCTS = 100_000
_PROGRESS_FROM = 20_000  # products


def build(connection: sqlite3.Connection, options: BuildOptions) -> None:
    """All tables of the shop, equal for equal options."""
    facts = options.facts or read_json("facts.json")
    words, tree = read_json("words.json"), read_json("categories.json")
    leaves = read_leaves(read_json("leaves.json"))
    create_base_tables(connection, dt.datetime.fromisoformat(facts["clock"]))
    create_tables(connection, SEED / "schema.sql")
    written = fact_products(facts, {leaf.path: leaf for leaf in leaves}, words, options.references or {})
    total = min(round(BASE_PRODUCTS * options.scale), MOST_PRODUCTS)
    counts = shares(leaves, max(0, total - len(written)))
    taken = {product.id for product in written}
    ids = (number for number in itertools.count(1) if number not in taken)
    url_keys = {product.url_key for product in written}
    categories = Categories(tree)
    with _progress(total) as advance:
        insert_products(connection, _counted(written, advance), categories)
        for leaf, count in zip(leaves, counts, strict=True):
            goods = generated_products(leaf, count, words, ids, url_keys)
            insert_products(connection, _counted(goods, advance), categories)
        index_catalogue(connection, categories)
    insert_customers(connection, facts, words["reviews"])
    insert_orders(connection, facts)
    _insert_rest(connection, facts)


def _insert_rest(connection: sqlite3.Connection, facts: Any) -> None:
    ids = dict(connection.execute("SELECT fact, id FROM product WHERE fact IS NOT NULL"))
    connection.executemany(
        "INSERT INTO home_product VALUES (?, ?)", ((i, ids[key]) for i, key in enumerate(facts["home"], 1))
    )
    connection.executemany("INSERT INTO coupon VALUES (?, ?)", facts["coupons"].items())
    connection.executemany("INSERT INTO search_term VALUES (?, ?)", facts["search_terms"].items())
    connection.execute("INSERT INTO admin_user VALUES (:username, :password)", facts["admin"])
    connection.execute(
        "INSERT INTO setting VALUES ('shipping_per_item_cents', ?), ('customer_id', ?)",
        (str(round(facts["shipping_per_item"] * 100)), str(facts["customer"]["id"])),
    )


def _counted(products: Any, advance: Callable[[], None]) -> Iterator[ProductSeed]:
    for product in products:
        yield product
        advance()


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """Something to call for each product; shows a bar where there are many and someone watches."""
    if total < _PROGRESS_FROM:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("preparing {task.total:,} products"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(file=sys.stderr)) as bar:
        task = bar.add_task("products", total=total)
        yield lambda: bar.advance(task)
