"""To-dos, events, the numbers in the top bar, snippets and access tokens."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

_EVENT = (
    "SELECT e.action, e.text, e.created_at, s.username, s.name, p.full_path, p.namespace_name, p.name AS project_name, i.kind, i.iid, i.title FROM event e "
    "JOIN person s ON s.id = e.person_id JOIN project p ON p.id = e.project_id LEFT JOIN issuable i ON i.id = e.issuable_id"
)


class Totals(NamedTuple):
    """What waits for somebody: open assigned issues, open assigned merge requests, open review requests, pending to-dos."""

    issues: int
    assigned: int
    reviews: int
    todos: int


class Todo(NamedTuple):
    id: int
    action: str
    done: int
    created_at: int
    author_username: str
    author_name: str
    kind: int
    iid: int
    title: str
    state: str
    full_path: str
    namespace_name: str
    project_name: str

    @property
    def url(self) -> str:
        return f"/{self.full_path}/-/{'issues' if self.kind == 0 else 'merge_requests'}/{self.iid}"

    @property
    def reference(self) -> str:
        return f"{'issue #' if self.kind == 0 else 'merge request !'}{self.iid}"


class Activity:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def totals(self, person_id: int) -> Totals:
        row = self._connection.execute(
            "SELECT count(CASE WHEN i.kind = 0 AND v.role = 'a' THEN 1 END), count(CASE WHEN i.kind = 1 AND v.role = 'a' THEN 1 END), "
            "count(CASE WHEN i.kind = 1 AND v.role = 'r' THEN 1 END), (SELECT count(*) FROM todo WHERE person_id = ?1 AND done = 0) "
            "FROM involved v JOIN issuable i ON i.id = v.issuable_id AND i.state = 'opened' JOIN project p ON p.id = i.project_id "
            "WHERE v.person_id = ?1 AND v.role IN ('a', 'r') AND (p.visibility > 0 OR EXISTS (SELECT 1 FROM member m WHERE m.project_id = p.id AND m.person_id = ?1) "
            "OR EXISTS (SELECT 1 FROM group_member g WHERE g.namespace_id = p.namespace_id AND g.person_id = ?1))",
            (person_id,),
        ).fetchone()
        return Totals(*row)

    def todos(
        self,
        person_id: int,
        *,
        done: bool,
        project: str = "",
        author: str = "",
        kind: int | None = None,
        action: str = "",
        sort: str = "",
    ) -> list[Todo]:
        condition, values = "t.person_id = ? AND t.done = ?", [person_id, done]
        if project:
            condition, values = condition + " AND p.full_path = ?", [*values, project]
        if author:
            condition, values = condition + " AND s.username = ?", [*values, author]
        if kind is not None:
            condition, values = condition + " AND i.kind = ?", [*values, kind]
        if action:
            condition, values = condition + " AND t.action = ?", [*values, action]
        order = "t.id" if sort == "created_asc" else "t.id DESC"
        rows = self._connection.execute(
            "SELECT t.id, t.action, t.done, t.created_at, s.username, s.name, i.kind, i.iid, i.title, i.state, p.full_path, p.namespace_name, p.name FROM todo t "
            "JOIN person s ON s.id = t.author_id JOIN issuable i ON i.id = t.issuable_id JOIN project p ON p.id = i.project_id "
            f"WHERE {condition} ORDER BY {order} LIMIT 100",
            values,
        )
        return [Todo(*row) for row in rows]

    def todo_counts(self, person_id: int) -> tuple[int, int]:
        """(pending, done)."""
        return tuple(
            self._connection.execute("SELECT count(CASE WHEN NOT done THEN 1 END), count(CASE WHEN done THEN 1 END) FROM todo WHERE person_id = ?", (person_id,)).fetchone()
        )  # type: ignore[return-value]  # fmt: skip

    def finish_todo(self, person_id: int, todo_id: int, *, done: bool) -> None:
        self._connection.execute("UPDATE todo SET done = ? WHERE id = ? AND person_id = ?", (done, todo_id, person_id))

    def finish_todos(self, person_id: int, issuable_id: int | None = None) -> None:
        """All of them, or those about one issue or merge request."""
        condition, values = ("", ()) if issuable_id is None else (" AND issuable_id = ?", (issuable_id,))
        self._connection.execute(f"UPDATE todo SET done = 1 WHERE person_id = ?{condition}", (person_id, *values))

    def pending_todo(self, person_id: int, issuable_id: int) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM todo WHERE person_id = ? AND issuable_id = ? AND done = 0", (person_id, issuable_id)
        ).fetchone()
        return row is not None

    # --- events ---

    def of_person(self, person_id: int, me: int, limit: int = 20, offset: int = 0) -> list[sqlite3.Row]:
        return self._events("e.person_id = ?", person_id, me, limit, offset)

    def of_project(self, project_id: int, me: int, limit: int = 20, offset: int = 0) -> list[sqlite3.Row]:
        return self._events("e.project_id = ?", project_id, me, limit, offset)

    def of_members(self, person_id: int, limit: int = 20, offset: int = 0) -> list[sqlite3.Row]:
        """What happened in somebody's projects."""
        return self._events(
            # The plus makes SQLite walk all events from the newest on, rather than sort those of these projects.
            "+e.project_id IN (SELECT project_id FROM member WHERE person_id = ?)",
            person_id,
            person_id,
            limit,
            offset,
        )

    def _events(self, condition: str, value: int, me: int, limit: int, offset: int) -> list[sqlite3.Row]:
        return self._connection.execute(
            f"{_EVENT} WHERE {condition} AND (p.visibility = 20 OR (p.visibility = 10 AND ? > 0) OR EXISTS "
            "(SELECT 1 FROM member v WHERE v.project_id = p.id AND v.person_id = ?)) ORDER BY e.created_at DESC, e.id DESC LIMIT ? OFFSET ?",
            (value, me, me, limit, offset),
        ).fetchall()

    # --- snippets and tokens ---

    def snippets(self, person_id: int, me: int) -> list[sqlite3.Row]:
        return self._connection.execute(
            "SELECT n.*, s.username, s.name FROM snippet n JOIN person s ON s.id = n.person_id WHERE n.person_id = ?1 AND (n.person_id = ?2 OR n.visibility = 20 "
            "OR (n.visibility = 10 AND ?2 > 0)) ORDER BY n.id DESC LIMIT 100",
            (person_id, me),
        ).fetchall()

    def snippet(self, snippet_id: int, me: int) -> sqlite3.Row | None:
        return self._connection.execute(
            "SELECT n.*, s.username, s.name FROM snippet n JOIN person s ON s.id = n.person_id WHERE n.id = ?1 AND (n.person_id = ?2 OR n.visibility = 20 "
            "OR (n.visibility = 10 AND ?2 > 0))",
            (snippet_id, me),
        ).fetchone()

    def create_snippet(
        self, person_id: int, title: str, description: str, file_name: str, content: str, visibility: int, now: int
    ) -> int:
        cursor = self._connection.execute(
            "INSERT INTO snippet (person_id, title, description, file_name, content, visibility, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (person_id, title, description, file_name, content, visibility, now),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def tokens(self, person_id: int) -> list[sqlite3.Row]:
        return self._connection.execute(
            "SELECT * FROM access_token WHERE person_id = ? ORDER BY id", (person_id,)
        ).fetchall()

    def create_token(self, person_id: int, name: str, scopes: str, expires_on: str | None, now: int) -> int:
        cursor = self._connection.execute(
            "INSERT INTO access_token (person_id, name, scopes, created_at, expires_on) VALUES (?, ?, ?, ?, ?)",
            (person_id, name, scopes, now, expires_on),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def revoke_token(self, person_id: int, token_id: int) -> None:
        self._connection.execute("DELETE FROM access_token WHERE id = ? AND person_id = ?", (token_id, person_id))
