"""What moderators do in their forums: bans and the log of their actions."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Ban(NamedTuple):
    name: str
    reason: str
    created: int


class LogEntry(NamedTuple):
    forum: str
    moderator: str
    action: str
    author: str
    submission_id: int | None
    title: str | None
    slug: str | None
    reason: str
    created: int


class Moderation:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def banned(self, forum_id: int, user_id: int) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM forum_ban WHERE forum_id = ? AND user_id = ?", (forum_id, user_id)
        ).fetchone()
        return row is not None

    def bans(self, forum_id: int) -> list[Ban]:
        rows = self._connection.execute(
            "SELECT u.name, b.reason, b.created FROM forum_ban b JOIN user u ON u.id = b.user_id WHERE b.forum_id = ? ORDER BY b.id",
            (forum_id,),
        )
        return [Ban(*row) for row in rows]

    def ban(self, forum_id: int, user_id: int, reason: str, now: int) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO forum_ban (forum_id, user_id, reason, created) VALUES (?, ?, ?, ?)",
            (forum_id, user_id, reason, now),
        )

    def unban(self, forum_id: int, user_id: int) -> None:
        self._connection.execute("DELETE FROM forum_ban WHERE forum_id = ? AND user_id = ?", (forum_id, user_id))

    def log(
        self,
        forum_id: int,
        moderator_id: int,
        action: str,
        author_id: int,
        submission_id: int | None,
        reason: str,
        now: int,
    ) -> None:
        self._connection.execute(
            "INSERT INTO log_entry (forum_id, moderator_id, action, author_id, submission_id, reason, created) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (forum_id, moderator_id, action, author_id, submission_id, reason, now),
        )

    def entries(self, forum_id: int | None) -> list[LogEntry]:
        """The newest hundred actions, in one forum or in all."""
        rows = self._connection.execute(
            "SELECT f.name, m.name, e.action, a.name, s.id, s.title, s.slug, e.reason, e.created FROM log_entry e "
            "JOIN forum f ON f.id = e.forum_id JOIN user m ON m.id = e.moderator_id JOIN user a ON a.id = e.author_id "
            "LEFT JOIN submission s ON s.id = e.submission_id WHERE :forum IS NULL OR e.forum_id = :forum "
            "ORDER BY e.id DESC LIMIT 100",
            {"forum": forum_id},
        )
        return [LogEntry(*row) for row in rows]

    def trash(self, condition: str, value: int) -> tuple[list[int], list[int]]:
        """Ids of trashed submissions and comments, newest first; ``{table}`` in the SQL condition stands for either."""
        submissions = self._connection.execute(
            f"SELECT s.id FROM submission s WHERE s.visibility = 'trashed' AND {condition.format(table='s')} "
            "ORDER BY s.id DESC LIMIT 50",
            {"value": value},
        )
        found = [row[0] for row in submissions]
        comments = self._connection.execute(
            "SELECT c.id FROM comment c JOIN submission s ON s.id = c.submission_id WHERE c.visibility = 'trashed' "
            f"AND {condition.format(table='c')} ORDER BY c.id DESC LIMIT 50",
            {"value": value},
        )
        return found, [row[0] for row in comments]
