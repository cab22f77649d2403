"""Reviews, search terms, pages, blocks, themes and price rules."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from .facts import quoting

_STARS, _WEIGHTS = (1, 2, 3, 4, 5), (2, 3, 5, 11, 13)
_SECONDS_APART = 14  # of reviews before the first and after the last that the facts date
_STATUSES = {"Approved": 1, "Pending": 2, "Not Approved": 3}
_CREATED = "2023-04-19 16:12:00"


def insert_reviews(
    connection: sqlite3.Connection, facts: Mapping[str, Any], words: Mapping[str, Any], references: Mapping[int, Sequence[str]],
    scale: float,
) -> None:  # fmt: skip
    """The facts' reviews, and approved ones of other goods around them up to ``reviews_total``, more at a larger scale."""
    products = dict(connection.execute("SELECT sku, id FROM product").fetchall())
    customers = dict(connection.execute("SELECT email, id FROM customer").fetchall())
    written = {review["id"]: review for review in facts["reviews"]}
    for review in written.values():
        _insert_review(
            connection, review["id"], products[review["product"]], customers.get(review.get("customer", "")), review["nickname"],
            review["title"], quoting(review["detail"], references), review["stars"], _STATUSES[review.get("status", "Approved")],
            review["date"],
        )  # fmt: skip
    # Goods that a task asks about have the facts' reviews alone.
    told = {products[review["product"]] for review in written.values()}
    others = [
        row[0]
        for row in connection.execute("SELECT id FROM product WHERE visibility = 4 ORDER BY id")
        if row[0] not in told
    ]
    free = [number for number in range(1, max(written) + 1) if number not in written]
    count = facts["reviews_total"] - len(written)
    free = free[: round(count * min(scale, 1))]
    free += range(max(written) + 1, max(written) + 1 + round(count * (scale - 1)))
    dates = {number: dt.datetime.fromisoformat(review["date"]) for number, review in sorted(written.items())}
    random = Random("admin/reviews")
    for review_id in free:
        stars = random.choices(_STARS, _WEIGHTS)[0]
        phrases = words["reviews"]["good" if stars > 3 else "fair" if stars == 3 else "bad"]
        aspects = random.sample(phrases["aspects"], random.choice((1, 2)))
        detail = " ".join([random.choice(phrases["openers"]), *aspects, random.choice(phrases["closers"])])
        _insert_review(
            connection, review_id, random.choice(others), None, random.choice(words["reviews"]["nicknames"]),
            random.choice(phrases["titles"]), detail, stars, 1, _date(review_id, dates),
        )  # fmt: skip


def _date(review_id: int, dates: Mapping[int, dt.datetime]) -> str:
    """When a review of this id was written, so that ids and dates rise together.

    >>> _date(3, {1: dt.datetime(2023, 4, 19, 10), 5: dt.datetime(2023, 4, 19, 12)})
    '2023-04-19 11:00:00'
    """
    before = max((number for number in dates if number < review_id), default=None)
    after = min((number for number in dates if number > review_id), default=None)
    if before is None or after is None:
        known = before or after
        assert known is not None
        return str(dates[known] + dt.timedelta(seconds=_SECONDS_APART * (review_id - known)))
    share = (review_id - before) / (after - before)
    return str(dates[before] + dt.timedelta(seconds=int((dates[after] - dates[before]).total_seconds() * share)))


def _insert_review(connection: sqlite3.Connection, *values: Any) -> None:
    connection.execute(
        "INSERT INTO review (id, product_id, customer_id, nickname, title, detail, stars, status, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )


def insert_content(connection: sqlite3.Connection, facts: Mapping[str, Any], pages: Mapping[str, Any]) -> None:
    connection.executemany(
        "INSERT INTO search_term (id, term, results, uses, redirect, is_suggested, updated_at) VALUES (?, ?, ?, ?, '', 1, ?)",
        facts["search_terms"],
    )
    for page_id, title, url_key, layout in facts["cms_pages"]:
        page = pages["pages"][url_key]
        connection.execute(
            "INSERT INTO cms_page VALUES (?, ?, ?, ?, 1, ?, ?, ?, '', ?, ?, ?)",
            (page_id, title, url_key, layout, page["heading"], page["content"], page["meta_title"], page["meta_description"],
             _CREATED, _CREATED),
        )  # fmt: skip
    connection.executemany(
        "INSERT INTO cms_block (title, identifier, is_active, content, created_at, updated_at) VALUES (?, ?, 1, ?, ?, ?)",
        ((block["title"], block["identifier"], block["content"], _CREATED, _CREATED) for block in pages["blocks"]),
    )
    connection.executemany("INSERT INTO theme VALUES (?, ?, ?, ?)", facts["themes"])
    connection.executemany(
        "INSERT INTO cart_rule (name, description, coupon, is_active, priority, from_day, to_day) VALUES (?, '', ?, 1, 0, '', '')",
        [
            *((coupon["rule"], code) for code, coupon in facts["coupons"].items()),
            (facts["discount"]["rule"], ""),
        ],
    )
    connection.execute(
        "INSERT INTO catalog_rule (name, is_active, from_day, to_day) VALUES (?, 1, '', '')", (pages["pants_rule"],)
    )
    connection.executemany("INSERT INTO search_synonym (synonyms) VALUES (?)", [(s,) for s in pages["synonyms"]])
    connection.execute(
        "INSERT INTO admin_user VALUES (1, :username, :password, :first_name, :last_name, :email, 'Administrators', 1)",
        facts["admin"],
    )


def insert_tax_rates(connection: sqlite3.Connection, pages: Mapping[str, Any]) -> None:
    connection.executemany(
        "INSERT INTO tax_rate (code, region, postcode, percent) VALUES (:code, :region, :postcode, :percent)",
        pages["tax_rates"],
    )


def insert_views(connection: sqlite3.Connection) -> None:
    """How often product pages were opened: each line of an order stands for a few looks on its day."""
    connection.execute(
        "INSERT INTO product_view SELECT coalesce(p.parent_id, p.id), date(o.created_at), sum(1 + (i.id * 7 + o.id) % 4) "
        "FROM order_item i JOIN sales_order o ON o.id = i.order_id JOIN product p ON p.id = i.product_id GROUP BY 1, 2"
    )
