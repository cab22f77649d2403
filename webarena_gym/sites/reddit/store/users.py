"""Users: accounts, profiles, preferences, and whom they block."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, NamedTuple

from ..markdown import markdown
from .settings import DEFAULT_SETTINGS

_COLUMNS = "id, name, password, email, biography, biography_html, created, settings"


class User(NamedTuple):
    id: int
    name: str
    password: str
    email: str
    biography: str
    biography_html: str
    created: int
    settings_json: str

    @property
    def path(self) -> str:
        return f"/user/{self.name}"

    @property
    def settings(self) -> dict[str, Any]:
        return {**DEFAULT_SETTINGS, **json.loads(self.settings_json)}


class Block(NamedTuple):
    name: str
    comment: str
    created: int


class Users:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_id(self, user_id: int) -> User:
        return User(*self._connection.execute(f"SELECT {_COLUMNS} FROM user WHERE id = ?", (user_id,)).fetchone())

    def by_name(self, name: str) -> User | None:
        """The user of this name in any case."""
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM user WHERE name = ?", (name,)).fetchone()
        return None if row is None else User(*row)

    def create(self, name: str, password: str, email: str, now: int) -> int:
        cursor = self._connection.execute(
            "INSERT INTO user (name, password, email, biography, biography_html, created, settings) VALUES (?, ?, ?, '', '', ?, ?)",
            (name, password, email, now, json.dumps(DEFAULT_SETTINGS)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def set_biography(self, user_id: int, biography: str) -> None:
        html = markdown(biography) if biography else ""
        self._connection.execute(
            "UPDATE user SET biography = ?, biography_html = ? WHERE id = ?", (biography, html, user_id)
        )

    def set_account(self, user_id: int, name: str, email: str, password: str) -> None:
        """An empty password leaves the old one."""
        self._connection.execute(
            "UPDATE user SET name = ?, email = ?, password = iif(? = '', password, ?) WHERE id = ?",
            (name, email, password, password, user_id),
        )

    def set_settings(self, user_id: int, settings: dict[str, Any]) -> None:
        self._connection.execute(
            "UPDATE user SET settings = ? WHERE id = ?", (json.dumps(settings, ensure_ascii=False), user_id)
        )

    def close_account(self, user_id: int) -> None:
        """Remove a user's posts, votes and profile; the account can no longer be signed in to."""
        execute = self._connection.execute
        execute(
            "UPDATE forum SET submission_count = submission_count - (SELECT count(*) FROM submission s WHERE s.forum_id = forum.id "
            "AND s.user_id = :user AND s.visibility = 'visible')",
            {"user": user_id},
        )
        execute(
            "UPDATE submission SET comment_count = comment_count - (SELECT count(*) FROM comment c WHERE c.submission_id = "
            "submission.id AND c.user_id = :user AND c.visibility = 'visible') "
            "WHERE id IN (SELECT submission_id FROM comment WHERE user_id = :user)",
            {"user": user_id},
        )
        for table in ("submission", "comment"):
            execute(f"UPDATE {table} SET visibility = 'deleted' WHERE user_id = ?", (user_id,))
        for table in ("vote", "moderator", "hidden_forum", "user_block", "notification"):
            execute(f"DELETE FROM {table} WHERE user_id = ?", (user_id,))
        execute(
            "UPDATE forum SET subscriber_count = subscriber_count - 1 WHERE id IN (SELECT forum_id FROM subscription WHERE user_id = ?)",
            (user_id,),
        )
        execute("DELETE FROM subscription WHERE user_id = ?", (user_id,))
        execute("UPDATE site_session SET user_id = NULL WHERE user_id = ?", (user_id,))
        execute(
            "UPDATE user SET name = '!deleted' || id, password = '', email = '', biography = '', biography_html = '' WHERE id = ?",
            (user_id,),
        )

    # --- blocking ---

    def blocks(self, user_id: int | None, other_id: int) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM user_block WHERE user_id = ? AND blocked_id = ?", (user_id, other_id)
        ).fetchone()
        return row is not None

    def block(self, user_id: int, other_id: int, comment: str, now: int) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO user_block (user_id, blocked_id, comment, created) VALUES (?, ?, ?, ?)",
            (user_id, other_id, comment, now),
        )

    def unblock(self, user_id: int, other_id: int) -> None:
        self._connection.execute("DELETE FROM user_block WHERE user_id = ? AND blocked_id = ?", (user_id, other_id))

    def blocked(self, user_id: int) -> list[Block]:
        rows = self._connection.execute(
            "SELECT u.name, b.comment, b.created FROM user_block b JOIN user u ON u.id = b.blocked_id WHERE b.user_id = ? ORDER BY b.id",
            (user_id,),
        )
        return [Block(*row) for row in rows]
