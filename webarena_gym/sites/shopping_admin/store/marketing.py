"""Reviews, and the search terms that customers used."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from .refused import Refused

APPROVED, PENDING, NOT_APPROVED = 1, 2, 3
REVIEW_STATUSES = {APPROVED: "Approved", PENDING: "Pending", NOT_APPROVED: "Not Approved"}


class Review(NamedTuple):
    """``customer_id`` is None for a guest's."""

    id: int
    product_id: int
    customer_id: int | None
    nickname: str
    title: str
    detail: str
    stars: int
    status: int
    created_at: str
    product_name: str
    product_sku: str


_COLUMNS = (
    "r.id, r.product_id, r.customer_id, r.nickname, r.title, r.detail, r.stars, r.status, r.created_at, p.name, p.sku"
)


class Reviews:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def review(self, review_id: int) -> Review | None:
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM review r JOIN product p ON p.id = r.product_id WHERE r.id = ?", (review_id,)
        ).fetchone()
        return None if row is None else Review(*row)

    def of_product(self, product_id: int, *, approved_only: bool = True) -> list[Review]:
        """Newest first: what the storefront shows, or all that the product's form lists."""
        status = f" AND r.status = {APPROVED}" if approved_only else ""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM review r JOIN product p ON p.id = r.product_id WHERE r.product_id = ?{status} "
            "ORDER BY r.created_at DESC, r.id DESC",
            (product_id,),
        )
        return [Review(*row) for row in rows]

    def rating_percent(self, product_id: int) -> tuple[int, int]:
        """Average of the approved reviews in percent of five stars, rounded half up, and how many there are."""
        stars, count = self._connection.execute(
            "SELECT coalesce(sum(stars), 0), count(*) FROM review WHERE product_id = ? AND status = ?",
            (product_id, APPROVED),
        ).fetchone()
        return ((stars * 40 + count) // (2 * count) if count else 0), count

    def save(self, review_id: int, *, status: int, nickname: str, title: str, detail: str, stars: int) -> None:
        """
        Raises:
            Refused: a text is empty, or a value is none of its choices.
        """
        if not (nickname.strip() and title.strip() and detail.strip()):
            raise Refused("Nickname, Summary and Review are required.")
        if status not in REVIEW_STATUSES or not 1 <= stars <= 5:
            raise Refused("Please select one of each of the ratings above.")
        self._connection.execute(
            "UPDATE review SET status = ?, nickname = ?, title = ?, detail = ?, stars = ? WHERE id = ?",
            (status, nickname.strip(), title.strip(), detail.strip(), stars, review_id),
        )

    def add(
        self, product_id: int, *, nickname: str, title: str, detail: str, stars: int, status: int, when: str
    ) -> int:
        """A new review of no customer's; returns its id, the highest yet."""
        if not (nickname.strip() and title.strip() and detail.strip()) or not 1 <= stars <= 5:
            raise Refused("Nickname, Summary, Review and a rating are required.")
        review_id = self._connection.execute(
            "INSERT INTO review (product_id, nickname, title, detail, stars, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (product_id, nickname.strip(), title.strip(), detail.strip(), stars, status, when),
        ).lastrowid
        assert review_id is not None
        return review_id

    def set_status(self, review_ids: Collection[int], status: int) -> int:
        """Returns how many reviews there were."""
        marks = ",".join("?" * len(review_ids))
        return self._connection.execute(
            f"UPDATE review SET status = ? WHERE id IN ({marks})", (status, *review_ids)
        ).rowcount

    def delete(self, review_ids: Collection[int]) -> int:
        marks = ",".join("?" * len(review_ids))
        return self._connection.execute(f"DELETE FROM review WHERE id IN ({marks})", list(review_ids)).rowcount


class SearchTerm(NamedTuple):
    id: int
    term: str
    results: int
    uses: int
    redirect: str
    is_suggested: int
    updated_at: str


_TERM = ", ".join(SearchTerm._fields)


class SearchTerms:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def term(self, term_id: int) -> SearchTerm | None:
        row = self._connection.execute(f"SELECT {_TERM} FROM search_term WHERE id = ?", (term_id,)).fetchone()
        return None if row is None else SearchTerm(*row)

    def last(self, limit: int = 5) -> list[SearchTerm]:
        """Those used last, with results or without: the dashboard's "Last Search Terms"."""
        return self._terms("1", "updated_at DESC, id DESC", limit)

    def top(self, limit: int = 5) -> list[SearchTerm]:
        """The most used ones that find something: the dashboard's "Top Search Terms"."""
        return self._terms("results > 0", "uses DESC, id DESC", limit)

    def used(self, text: str, results: int, when: str) -> None:
        """Count a storefront search."""
        self._connection.execute(
            "INSERT INTO search_term (term, results, uses, redirect, is_suggested, updated_at) VALUES (?, ?, 1, '', 1, ?) "
            "ON CONFLICT (term) DO UPDATE SET uses = uses + 1, results = excluded.results, updated_at = excluded.updated_at",
            (text.strip()[:128], results, when),
        )

    def save(self, term_id: int | None, *, term: str, uses: int, redirect: str, is_suggested: bool, when: str) -> int:
        """Change a term, or add one (id None); returns its id.

        Raises:
            Refused: the term is empty, or another one.
        """
        row = self._connection.execute("SELECT id FROM search_term WHERE term = ?", (term.strip(),)).fetchone()
        if not term.strip() or (row is not None and row[0] != term_id):
            raise Refused("You already have an identical search term query.")
        if term_id is None:
            new_id = self._connection.execute(
                "INSERT INTO search_term (term, results, uses, redirect, is_suggested, updated_at) VALUES (?, 0, ?, ?, ?, ?)",
                (term.strip(), uses, redirect, int(is_suggested), when),
            ).lastrowid
            assert new_id is not None
            return new_id
        self._connection.execute(
            "UPDATE search_term SET term = ?, uses = ?, redirect = ?, is_suggested = ?, updated_at = ? WHERE id = ?",
            (term.strip(), uses, redirect, int(is_suggested), when, term_id),
        )
        return term_id

    def delete(self, term_ids: Collection[int]) -> int:
        marks = ",".join("?" * len(term_ids))
        return self._connection.execute(f"DELETE FROM search_term WHERE id IN ({marks})", list(term_ids)).rowcount

    def _terms(self, condition: str, order: str, limit: int) -> list[SearchTerm]:
        rows = self._connection.execute(
            f"SELECT {_TERM} FROM search_term WHERE {condition} ORDER BY {order} LIMIT ?", (limit,)
        )
        return [SearchTerm(*row) for row in rows]
