"""Full text search: products that hold any of the words in name, article number or description, best first."""

from __future__ import annotations

import re
import sqlite3
from typing import NamedTuple

from ..seeding.catalogue import ranges_of_histogram
from .catalogue import HIGHEST_CENTS, Listed, PriceRange

MAX_QUERY_CHARS = 128
_MAX_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset("a an and are as at by for from in is it of on or our s the this to with you your".split())
# Weights of name, SKU and description.
_SCORE = "bm25(product_search, 10.0, 10.0, 1.0)"
# Scoring costs about a microsecond a hit. Beyond this many, only hits with the rarest word are scored (see ``_ranked``).
_MOST_SCORED = 5_000
MOST_COUNTED = 10_000  # beyond this many hits no filters are offered
_HISTOGRAM_CENTS = 1000  # every step of a price filter is a multiple


class Facets(NamedTuple):
    """What a result can be narrowed by: (department id, products), and price ranges."""

    departments: list[tuple[int, int]]
    prices: list[PriceRange]


class Search:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self, text: str, listed: Listed) -> int:
        """How many products ``text`` finds within the filters of ``listed``."""
        match = match_expression(text)
        return self._count(match, listed) if match else 0

    def _count(self, match: str, listed: Listed) -> int:
        join, condition, values = _filters(listed)
        return self._connection.execute(
            f"SELECT count(*) FROM product_search{join} WHERE product_search MATCH ?{condition}", (match, *values)
        ).fetchone()[0]

    def ids(self, text: str, listed: Listed, count: int) -> list[int]:
        """The product ids of one page of results. ``count`` is what ``count()`` gave for the same arguments.

        The order is total: equal scores, prices or names are told apart by id.
        """
        match = match_expression(text)
        if not match:
            return []
        if listed.order == "relevance":
            return self._ranked(text, match, listed, count)
        column = "k.price_cents" if listed.order == "price" else "k.name_rank"
        direction = "DESC" if listed.descending else "ASC"
        _, condition, values = _filters(listed)
        return self._column(
            f"SELECT k.id FROM product_search JOIN product_key k ON k.id = product_search.rowid "
            f"WHERE product_search MATCH ?{condition} ORDER BY {column} {direction}, k.id {direction} LIMIT ? OFFSET ?",
            (match, *values, listed.limit, listed.offset),
        )

    def facets(self, text: str, listed: Listed, count: int) -> Facets:
        """The filters for a result of ``count`` products; empty where counting would take too long."""
        match = match_expression(text)
        if not match or count > MOST_COUNTED:
            return Facets([], [])
        _, condition, values = _filters(listed)
        rows = self._connection.execute(
            f"SELECT k.top_id, k.price_cents / {_HISTOGRAM_CENTS}, count(*), max(k.price_cents) FROM product_search "
            f"JOIN product_key k ON k.id = product_search.rowid WHERE product_search MATCH ?{condition} GROUP BY 1, 2",
            (match, *values),
        ).fetchall()
        departments: dict[int, int] = {}
        histogram: dict[int, int] = {}
        for top_id, bucket, products, _ in rows:
            departments[top_id] = departments.get(top_id, 0) + products
            histogram[bucket * _HISTOGRAM_CENTS] = histogram.get(bucket * _HISTOGRAM_CENTS, 0) + products
        ranges = ranges_of_histogram(histogram, max((row[3] for row in rows), default=0))
        return Facets(sorted(departments.items()), [PriceRange(*found) for found in ranges])

    def _ranked(self, text: str, match: str, listed: Listed, count: int) -> list[int]:
        """One page by relevance. ``descending``, the default, is best first."""
        by_score = f"{_SCORE} {'ASC' if listed.descending else 'DESC'}, "
        if count <= _MOST_SCORED:
            return self._ordered(by_score, match, listed, listed.limit, listed.offset)
        # Too many to score. Those with the rarest word come first, scored if they are few enough; if not, those with it
        # in their name. The others follow by id.
        rarest = min(words(text), key=lambda word: (self.count(word, Listed()), word))
        head, head_order = f'"{rarest}"', by_score
        head_count = self._count(head, listed)
        if head_count > _MOST_SCORED:
            head, head_order = f'name : "{rarest}"', ""
            head_count = self._count(head, listed)
        page: list[int] = []
        if listed.offset < head_count:
            # The other words count for the score, not for the match.
            scored = f"{head} AND ({match})" if head_order else head
            page = self._ordered(head_order, scored, listed, listed.limit, listed.offset)
        if len(page) < listed.limit:
            offset = max(0, listed.offset - head_count)
            page += self._ordered("", match, listed, listed.limit - len(page), offset, excluding=head)
        return page

    def _ordered(
        self, order: str, match: str, listed: Listed, limit: int, offset: int, *, excluding: str | None = None
    ) -> list[int]:
        join, condition, values = _filters(listed)
        if excluding is not None:
            condition += (
                " AND product_search.rowid NOT IN (SELECT rowid FROM product_search WHERE product_search MATCH ?)"
            )
            values = (*values, excluding)
        return self._column(
            f"SELECT product_search.rowid FROM product_search{join} WHERE product_search MATCH ?{condition} "
            f"ORDER BY {order}product_search.rowid {'ASC' if listed.descending else 'DESC'} LIMIT ? OFFSET ?",
            (match, *values, limit, offset),
        )

    def _column(self, sql: str, values: tuple[str | int, ...]) -> list[int]:
        return [row[0] for row in self._connection.execute(sql, values)]

    def advanced(self, fields: dict[str, str], low_cents: int | None, high_cents: int | None) -> list[int]:
        """The ids of products that hold every word of every field (name, sku, about) and lie in the price range."""
        parts = [
            f"{column} : ({' AND '.join(f'{chr(34)}{word}{chr(34)}' for word in found)})"
            for column, text in fields.items()
            if (found := words(text))
        ]
        if len(parts) < sum(1 for text in fields.values() if text.strip()):
            return []  # a field of punctuation only, which nothing holds
        price = "k.price_cents >= ? AND k.price_cents <= ?"
        bounds = (low_cents or 0, HIGHEST_CENTS if high_cents is None else high_cents)
        if not parts:
            return self._column(f"SELECT k.id FROM product_key k WHERE {price} ORDER BY k.id", bounds)
        return self._column(
            "SELECT k.id FROM product_search JOIN product_key k ON k.id = product_search.rowid "
            f"WHERE product_search MATCH ? AND {price} ORDER BY k.id",
            (" AND ".join(parts), *bounds),
        )

    def popular_terms(self) -> list[tuple[str, int]]:
        """Search terms and how often they were used, by name."""
        return [tuple(row) for row in self._connection.execute("SELECT term, uses FROM search_term ORDER BY term")]


def words(text: str) -> list[str]:
    """The words of a query that are searched for, without repeats; small words only if there are no others.

    >>> words("the white DESK, white")
    ['white', 'desk']
    """
    found = list(dict.fromkeys(_WORD.findall(text[:MAX_QUERY_CHARS].lower())))
    return ([word for word in found if word not in _STOP_WORDS] or found)[:_MAX_WORDS]


def match_expression(text: str) -> str:
    """The FTS5 query for any of the words; every word is quoted, so no operator of a visitor gets through.

    >>> match_expression('chairs" OR 1')
    '"chairs" OR "1"'
    """
    return " OR ".join(f'"{word}"' for word in words(text))


def _filters(listed: Listed) -> tuple[str, str, tuple[str | int, ...]]:
    """(join, condition, values) for the price and category of ``listed``."""
    if not listed.filtered and listed.category_id is None:
        return "", "", ()
    condition = ""
    values: list[str | int] = []
    if listed.filtered:
        condition += " AND k.price_cents >= ? AND k.price_cents < ?"
        values += [listed.low_cents or 0, listed.high_cents or HIGHEST_CENTS]
    if listed.category_id is not None:
        condition += " AND (k.top_id = ? OR k.id IN (SELECT product_id FROM category_product WHERE category_id = ?))"
        values += [listed.category_id, listed.category_id]
    return " JOIN product_key k ON k.id = product_search.rowid", condition, tuple(values)
