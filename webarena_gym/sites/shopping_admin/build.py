"""Builds the site's image from ``seed/``: about a second at scale 1."""

from __future__ import annotations

import datetime as dt
import sqlite3

from ..base import BuildOptions, create_base_tables, create_tables
from .seeding.catalogue import insert_catalogue
from .seeding.content import insert_content, insert_reviews, insert_tax_rates, insert_views
from .seeding.facts import SEED, read_json
from .seeding.order_plan import plan_orders
from .seeding.orders import insert_orders
from .seeding.people import date_accounts, insert_people


def build(connection: sqlite3.Connection, options: BuildOptions) -> None:
    """All tables of the site, equal for equal options. ``scale`` makes more customers, canceled orders and reviews.

    Raises:
        ValueError: the facts contradict themselves; says how.
    """
    facts, words, pages = options.facts or read_json("facts.json"), read_json("words.json"), read_json("pages.json")
    create_base_tables(connection, dt.datetime.fromisoformat(facts["clock"]))
    create_tables(connection, SEED / "schema.sql")
    insert_catalogue(connection, read_json("catalogue.json"), facts, words)
    insert_people(connection, facts, words, options.scale)
    insert_tax_rates(connection, pages)
    emails = [row[0] for row in connection.execute("SELECT email FROM customer ORDER BY id")]
    skus = [
        row[0] for row in connection.execute("SELECT sku FROM product WHERE type = 'simple' AND in_stock ORDER BY id")
    ]
    insert_orders(connection, plan_orders(facts, emails, skus, options.scale), facts)
    date_accounts(connection)
    insert_reviews(connection, facts, words, options.references or {}, options.scale)
    insert_content(connection, facts, pages)
    insert_views(connection)
    connection.execute("INSERT INTO setting VALUES ('user_id', '1')")
