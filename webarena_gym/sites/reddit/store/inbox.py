"""Notifications and private messages."""

from __future__ import annotations

import sqlite3
from typing import Literal, NamedTuple

from ..markdown import markdown

_TITLE_CHARS = 100
Kind = Literal["comment", "message"]


class Notification(NamedTuple):
    id: int
    kind: Kind
    target_id: int


class Message(NamedTuple):
    id: int
    thread_id: int
    sender_id: int
    sender: str
    body: str
    body_html: str
    created: int


class Thread(NamedTuple):
    id: int
    sender_id: int
    receiver_id: int
    sender: str
    receiver: str
    title: str
    replies: int
    last: int

    def other(self, user_id: int) -> str:
        return self.receiver if user_id == self.sender_id else self.sender


_THREADS = (
    "SELECT t.id, t.sender_id, t.receiver_id, a.name, b.name, "
    "(SELECT body FROM message m WHERE m.thread_id = t.id ORDER BY m.id LIMIT 1), "
    "(SELECT count(*) - 1 FROM message m WHERE m.thread_id = t.id), "
    "(SELECT max(created) FROM message m WHERE m.thread_id = t.id) "
    "FROM thread t JOIN user a ON a.id = t.sender_id JOIN user b ON b.id = t.receiver_id"
)


class Inbox:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # --- notifications ---

    def notify(self, user_id: int, kind: Kind, target_id: int) -> None:
        self._connection.execute(
            "INSERT INTO notification (user_id, kind, target_id) VALUES (?, ?, ?)", (user_id, kind, target_id)
        )

    def notification_count(self, user_id: int) -> int:
        return self._connection.execute("SELECT count(*) FROM notification WHERE user_id = ?", (user_id,)).fetchone()[0]

    def notifications(self, user_id: int, limit: int, offset: int) -> list[Notification]:
        rows = self._connection.execute(
            "SELECT id, kind, target_id FROM notification WHERE user_id = ? ORDER BY id DESC LIMIT ? OFFSET ?",
            (user_id, limit, offset),
        )
        return [Notification(*row) for row in rows]

    def clear(self, user_id: int, ids: list[int]) -> None:
        self._connection.executemany(
            "DELETE FROM notification WHERE user_id = ? AND id = ?", ((user_id, number) for number in ids)
        )

    # --- messages ---

    def threads(self, user_id: int, limit: int, offset: int) -> list[Thread]:
        rows = self._connection.execute(
            f"{_THREADS} WHERE :user IN (t.sender_id, t.receiver_id) ORDER BY 8 DESC, t.id DESC LIMIT :limit OFFSET :offset",
            {"user": user_id, "limit": limit, "offset": offset},
        )
        return [_thread(row) for row in rows]

    def thread_count(self, user_id: int) -> int:
        return self._connection.execute(
            "SELECT count(*) FROM thread WHERE ? IN (sender_id, receiver_id)", (user_id,)
        ).fetchone()[0]

    def thread(self, thread_id: int, user_id: int) -> Thread | None:
        """A thread that this user takes part in."""
        row = self._connection.execute(
            f"{_THREADS} WHERE t.id = ? AND ? IN (t.sender_id, t.receiver_id)", (thread_id, user_id)
        ).fetchone()
        return None if row is None else _thread(row)

    def messages(self, thread_id: int) -> list[Message]:
        rows = self._connection.execute(
            "SELECT m.id, m.thread_id, m.sender_id, u.name, m.body, m.body_html, m.created FROM message m "
            "JOIN user u ON u.id = m.sender_id WHERE m.thread_id = ? ORDER BY m.id",
            (thread_id,),
        )
        return [Message(*row) for row in rows]

    def message(self, message_id: int) -> Message | None:
        row = self._connection.execute(
            "SELECT m.id, m.thread_id, m.sender_id, u.name, m.body, m.body_html, m.created FROM message m "
            "JOIN user u ON u.id = m.sender_id WHERE m.id = ?",
            (message_id,),
        ).fetchone()
        return None if row is None else Message(*row)

    def start(self, sender_id: int, receiver_id: int, body: str, now: int) -> int:
        """A new thread; returns its id."""
        cursor = self._connection.execute(
            "INSERT INTO thread (sender_id, receiver_id) VALUES (?, ?)", (sender_id, receiver_id)
        )
        assert cursor.lastrowid is not None
        self._add(cursor.lastrowid, sender_id, receiver_id, body, now)
        return cursor.lastrowid

    def reply(self, thread: Thread, sender_id: int, body: str, now: int) -> None:
        receiver_id = thread.receiver_id if sender_id == thread.sender_id else thread.sender_id
        self._add(thread.id, sender_id, receiver_id, body, now)

    def _add(self, thread_id: int, sender_id: int, receiver_id: int, body: str, now: int) -> None:
        cursor = self._connection.execute(
            "INSERT INTO message (thread_id, sender_id, body, body_html, created) VALUES (?, ?, ?, ?, ?)",
            (thread_id, sender_id, body, markdown(body), now),
        )
        assert cursor.lastrowid is not None
        if receiver_id != sender_id:
            self.notify(receiver_id, "message", cursor.lastrowid)

    def delete(self, message: Message) -> bool:
        """Remove a message, and its thread if it was the last; returns whether the thread is still there."""
        self._connection.execute("DELETE FROM message WHERE id = ?", (message.id,))
        self._connection.execute("DELETE FROM notification WHERE kind = 'message' AND target_id = ?", (message.id,))
        if self.messages(message.thread_id):
            return True
        self._connection.execute("DELETE FROM thread WHERE id = ?", (message.thread_id,))
        return False


def _thread(row: sqlite3.Row) -> Thread:
    """A thread is called by the beginning of its first message."""
    first = " ".join(row[5].split())
    title = first if len(first) <= _TITLE_CHARS else f"{first[:_TITLE_CHARS].rstrip()}…"
    return Thread(*row[:5], title, row[6], row[7])
