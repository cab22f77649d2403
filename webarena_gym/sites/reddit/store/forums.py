"""Forums, who subscribes to them, moderates them or hides them, and their tags."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ..markdown import markdown

_COLUMNS = (
    "id, name, title, description, sidebar, sidebar_html, theme, created, featured, submission_count, subscriber_count"
)
_ORDERS = {
    "by_name": "f.name, f.id",
    "by_title": "f.title COLLATE NOCASE, f.id",
    "by_submissions": "f.submission_count DESC, f.name, f.id",
    "by_subscribers": "f.subscriber_count DESC, f.name, f.id",
    "by_creation_date": "f.created DESC, f.id DESC",
}
LISTS = tuple(_ORDERS)


class Forum(NamedTuple):
    id: int
    name: str
    title: str
    description: str
    sidebar: str
    sidebar_html: str
    theme: str
    created: int
    featured: bool
    submission_count: int
    subscriber_count: int

    @property
    def path(self) -> str:
        return f"/f/{self.name}"


class Listed(NamedTuple):
    """One row of the list of forums, with what the visitor has to do with it."""

    forum: Forum
    subscribed: bool
    hidden: bool


class Moderator(NamedTuple):
    id: int
    name: str
    since: int


class Forums:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_name(self, name: str) -> Forum | None:
        """The forum of this name in any case."""
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM forum WHERE name = ?", (name,)).fetchone()
        return None if row is None else Forum(*row)

    def by_id(self, forum_id: int) -> Forum | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM forum WHERE id = ?", (forum_id,)).fetchone()
        return None if row is None else Forum(*row)

    def names(self) -> list[tuple[int, str]]:
        """Id and name of every forum, by name in any case."""
        rows = self._connection.execute("SELECT id, name FROM forum ORDER BY name, id")
        return [(row[0], row[1]) for row in rows]

    def count(self) -> int:
        return self._connection.execute("SELECT count(*) FROM forum").fetchone()[0]

    def listed(self, order: str, user_id: int | None, limit: int, offset: int) -> list[Listed]:
        """A page of the list of forums; ``order`` is one of ``LISTS``."""
        columns = ", ".join(f"f.{column}" for column in _COLUMNS.split(", "))
        rows = self._connection.execute(
            f"SELECT {columns}, EXISTS (SELECT 1 FROM subscription WHERE user_id = :user AND forum_id = f.id), "
            "EXISTS (SELECT 1 FROM hidden_forum WHERE user_id = :user AND forum_id = f.id) "
            f"FROM forum f ORDER BY {_ORDERS[order]} LIMIT :limit OFFSET :offset",
            {"user": user_id, "limit": limit, "offset": offset},
        )
        return [Listed(Forum(*row[:-2]), bool(row[-2]), bool(row[-1])) for row in rows]

    def create(
        self, user_id: int, name: str, title: str, description: str, sidebar: str, tags: Sequence[str], now: int
    ) -> Forum:
        """A new forum, which its creator moderates and subscribes to."""
        cursor = self._connection.execute(
            "INSERT INTO forum (name, title, description, sidebar, sidebar_html, theme, created, featured, submission_count, "
            "subscriber_count) VALUES (?, ?, ?, ?, ?, '', ?, 0, 0, 0)",
            (name, title, description, sidebar, markdown(sidebar), now),
        )
        forum_id = cursor.lastrowid
        assert forum_id is not None
        self.set_tags(forum_id, tags)
        self.add_moderator(forum_id, user_id, now)
        self.subscribe(forum_id, user_id)
        forum = self.by_id(forum_id)
        assert forum is not None
        return forum

    def update(self, forum_id: int, name: str, title: str, description: str, sidebar: str, tags: Sequence[str]) -> None:
        self._connection.execute(
            "UPDATE forum SET name = ?, title = ?, description = ?, sidebar = ?, sidebar_html = ? WHERE id = ?",
            (name, title, description, sidebar, markdown(sidebar), forum_id),
        )
        self.set_tags(forum_id, tags)

    def set_theme(self, forum_id: int, theme: str) -> None:
        self._connection.execute("UPDATE forum SET theme = ? WHERE id = ?", (theme, forum_id))

    def delete(self, forum_id: int) -> None:
        """The forum and everything in it."""
        execute = self._connection.execute
        execute(
            "DELETE FROM comment WHERE submission_id IN (SELECT id FROM submission WHERE forum_id = ?)", (forum_id,)
        )
        for table in ("submission", "subscription", "moderator", "forum_tag", "hidden_forum", "forum_ban", "log_entry"):
            execute(f"DELETE FROM {table} WHERE forum_id = ?", (forum_id,))
        execute("DELETE FROM forum WHERE id = ?", (forum_id,))

    # --- subscriptions and hiding ---

    def subscribed(self, forum_id: int, user_id: int | None) -> bool:
        return self._has("subscription", forum_id, user_id)

    def subscribe(self, forum_id: int, user_id: int) -> None:
        if not self.subscribed(forum_id, user_id):
            self._connection.execute("INSERT INTO subscription VALUES (?, ?)", (user_id, forum_id))
            self._count_subscriber(forum_id, 1)

    def unsubscribe(self, forum_id: int, user_id: int) -> None:
        if self.subscribed(forum_id, user_id):
            self._connection.execute("DELETE FROM subscription WHERE user_id = ? AND forum_id = ?", (user_id, forum_id))
            self._count_subscriber(forum_id, -1)

    def _count_subscriber(self, forum_id: int, difference: int) -> None:
        self._connection.execute(
            "UPDATE forum SET subscriber_count = subscriber_count + ? WHERE id = ?", (difference, forum_id)
        )

    def subscriptions(self, user_id: int) -> list[str]:
        """The names of the forums that a user subscribes to."""
        return self._names("subscription", user_id)

    def featured(self) -> list[str]:
        return [row[0] for row in self._connection.execute("SELECT name FROM forum WHERE featured ORDER BY name")]

    def hides(self, forum_id: int, user_id: int) -> bool:
        return self._has("hidden_forum", forum_id, user_id)

    def hide(self, forum_id: int, user_id: int, *, hidden: bool) -> None:
        statement = "INSERT OR IGNORE INTO hidden_forum VALUES (?, ?)"
        if not hidden:
            statement = "DELETE FROM hidden_forum WHERE user_id = ? AND forum_id = ?"
        self._connection.execute(statement, (user_id, forum_id))

    def hidden(self, user_id: int) -> list[Forum]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM forum WHERE id IN (SELECT forum_id FROM hidden_forum WHERE user_id = ?) ORDER BY name",
            (user_id,),
        )
        return [Forum(*row) for row in rows]

    def _has(self, table: str, forum_id: int, user_id: int | None) -> bool:
        if user_id is None:
            return False
        row = self._connection.execute(
            f"SELECT 1 FROM {table} WHERE user_id = ? AND forum_id = ?", (user_id, forum_id)
        ).fetchone()
        return row is not None

    def _names(self, table: str, user_id: int) -> list[str]:
        rows = self._connection.execute(
            f"SELECT f.name FROM {table} t JOIN forum f ON f.id = t.forum_id WHERE t.user_id = ? ORDER BY f.name",
            (user_id,),
        )
        return [row[0] for row in rows]

    # --- moderators ---

    def moderates(self, forum_id: int, user_id: int | None) -> bool:
        return self._has("moderator", forum_id, user_id)

    def moderated(self, user_id: int) -> list[str]:
        """The names of the forums that a user moderates."""
        return self._names("moderator", user_id)

    def moderators(self, forum_id: int) -> list[Moderator]:
        rows = self._connection.execute(
            "SELECT m.id, u.name, m.created FROM moderator m JOIN user u ON u.id = m.user_id WHERE m.forum_id = ? ORDER BY m.id",
            (forum_id,),
        )
        return [Moderator(*row) for row in rows]

    def add_moderator(self, forum_id: int, user_id: int, now: int) -> None:
        self._connection.execute(
            "INSERT INTO moderator (forum_id, user_id, created) VALUES (?, ?, ?)", (forum_id, user_id, now)
        )

    def remove_moderator(self, forum_id: int, moderator_id: int) -> None:
        self._connection.execute("DELETE FROM moderator WHERE id = ? AND forum_id = ?", (moderator_id, forum_id))

    # --- tags ---

    def tags(self, forum_id: int) -> list[str]:
        rows = self._connection.execute("SELECT name FROM forum_tag WHERE forum_id = ? ORDER BY name", (forum_id,))
        return [row[0] for row in rows]

    def set_tags(self, forum_id: int, tags: Sequence[str]) -> None:
        self._connection.execute("DELETE FROM forum_tag WHERE forum_id = ?", (forum_id,))
        for tag in tags:
            self._connection.execute("INSERT OR IGNORE INTO forum_tag VALUES (?, ?)", (forum_id, tag))

    def all_tags(self) -> list[tuple[str, int]]:
        """Every tag, and on how many forums it is."""
        rows = self._connection.execute("SELECT min(name), count(*) FROM forum_tag GROUP BY name ORDER BY name")
        return [(row[0], row[1]) for row in rows]

    def tagged(self, tag: str) -> list[Forum]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM forum WHERE id IN (SELECT forum_id FROM forum_tag WHERE name = ?) ORDER BY name",
            (tag,),
        )
        return [Forum(*row) for row in rows]
