"""Wiki pages: every save is a revision."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from ..markdown import markdown

_COLUMNS = "r.id, p.path, r.title, r.body, r.body_html, u.name, r.created"
_FROM = "FROM wiki_revision r JOIN wiki_page p ON p.id = r.page_id JOIN user u ON u.id = r.user_id"


class Revision(NamedTuple):
    id: int
    path: str
    title: str
    body: str
    body_html: str
    author: str
    created: int

    @property
    def short_id(self) -> str:
        return f"{self.id:08x}"


class Wiki:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def page(self, path: str) -> Revision | None:
        """The newest revision of a page, whose path is found in any case."""
        return self._one("WHERE p.path = ? ORDER BY r.id DESC LIMIT 1", path)

    def revision(self, revision_id: int) -> Revision | None:
        return self._one("WHERE r.id = ?", revision_id)

    def history(self, path: str) -> list[Revision]:
        return self._many("WHERE p.path = ? ORDER BY r.id DESC", path)

    def pages(self, limit: int, offset: int) -> list[Revision]:
        """The newest revision of every page, by path."""
        return self._many(
            "WHERE r.id IN (SELECT max(id) FROM wiki_revision GROUP BY page_id) ORDER BY p.path LIMIT ? OFFSET ?",
            limit,
            offset,
        )

    def page_count(self) -> int:
        return self._connection.execute("SELECT count(*) FROM wiki_page").fetchone()[0]

    def recent(self, limit: int, offset: int) -> list[Revision]:
        return self._many("ORDER BY r.id DESC LIMIT ? OFFSET ?", limit, offset)

    def revision_count(self) -> int:
        return self._connection.execute("SELECT count(*) FROM wiki_revision").fetchone()[0]

    def save(self, path: str, user_id: int, title: str, body: str, now: int) -> None:
        """A new revision of the page, which is created if it is not there."""
        self._connection.execute("INSERT OR IGNORE INTO wiki_page (path) VALUES (?)", (path,))
        (page_id,) = self._connection.execute("SELECT id FROM wiki_page WHERE path = ?", (path,)).fetchone()
        self._connection.execute(
            "INSERT INTO wiki_revision (page_id, user_id, title, body, body_html, created) VALUES (?, ?, ?, ?, ?, ?)",
            (page_id, user_id, title, body, markdown(body), now),
        )

    def _one(self, clause: str, *values: str | int) -> Revision | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} {_FROM} {clause}", values).fetchone()
        return None if row is None else Revision(*row)

    def _many(self, clause: str, *values: str | int) -> list[Revision]:
        return [Revision(*row) for row in self._connection.execute(f"SELECT {_COLUMNS} {_FROM} {clause}", values)]
