"""Who belongs to a project, with which role, and who is invited by email."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

_SORTS = {
    "name_asc": "lower(name), id", "name_desc": "lower(name) DESC, id DESC", "last_joined": "created_at DESC, id DESC", "oldest_joined": "created_at, id",
    "access_level_asc": "level, lower(name)", "access_level_desc": "level DESC, lower(name)",
}  # fmt: skip


class Member(NamedTuple):
    """One row of a members table; times are seconds, ``source`` is empty for direct members, else the group's name."""

    id: int
    username: str
    name: str
    joined_site: int
    level: int
    created_at: int
    created_by: str | None
    expires_on: str | None
    source: str


class Members:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of_project(self, project_id: int, *, text: str = "", sort: str = "name_asc") -> list[Member]:
        """Direct members, and those of the project's group that are no direct members."""
        rows = self._connection.execute(
            "SELECT * FROM (SELECT s.id, s.username, s.name, s.created_at AS joined, m.level, m.created_at, b.name AS by_name, m.expires_on, '' AS source "
            "FROM member m JOIN person s ON s.id = m.person_id LEFT JOIN person b ON b.id = m.created_by WHERE m.project_id = ?1 "
            "UNION ALL SELECT s.id, s.username, s.name, s.created_at, g.level, g.created_at, NULL, NULL, n.name FROM project p "
            "JOIN namespace n ON n.id = p.namespace_id JOIN group_member g ON g.namespace_id = n.id JOIN person s ON s.id = g.person_id "
            "WHERE p.id = ?1 AND NOT EXISTS (SELECT 1 FROM member m WHERE m.project_id = p.id AND m.person_id = g.person_id)) "
            f"WHERE instr(lower(name || ' ' || username), ?2) ORDER BY {_SORTS.get(sort, _SORTS['name_asc'])}",
            (project_id, text.lower()),
        )
        return [Member(*row) for row in rows]

    def of_group(self, namespace_id: int) -> list[Member]:
        rows = self._connection.execute(
            "SELECT s.id, s.username, s.name, s.created_at, g.level, g.created_at, NULL, NULL, '' FROM group_member g JOIN person s ON s.id = g.person_id "
            "WHERE g.namespace_id = ? ORDER BY lower(s.name), s.id",
            (namespace_id,),
        )
        return [Member(*row) for row in rows]

    def assignable(self, project_id: int, me: int | None) -> list[sqlite3.Row]:
        """Whom issues and merge requests of a project can be given to: its members, and whoever asks; by name."""
        return self._connection.execute(
            "SELECT id, username, name FROM person WHERE id = ?2 OR id IN (SELECT person_id FROM member WHERE project_id = ?1) OR id IN "
            "(SELECT g.person_id FROM group_member g JOIN project p ON p.namespace_id = g.namespace_id WHERE p.id = ?1) ORDER BY lower(name), id",
            (project_id, me or 0),
        ).fetchall()

    def add(
        self, project_id: int, person_id: int, level: int, *, by: int, now: int, expires_on: str | None = None
    ) -> None:
        """A member who is there already gets the new role."""
        self._connection.execute(
            "INSERT INTO member VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (project_id, person_id) DO UPDATE SET level = excluded.level, expires_on = excluded.expires_on",
            (project_id, person_id, level, now, by, expires_on),
        )  # fmt: skip

    def level(self, project_id: int, person_id: int) -> int:
        row = self._connection.execute(
            "SELECT level FROM member WHERE project_id = ? AND person_id = ?", (project_id, person_id)
        ).fetchone()
        return 0 if row is None else row[0]

    def set_level(self, project_id: int, person_id: int, level: int) -> None:
        self._connection.execute(
            "UPDATE member SET level = ? WHERE project_id = ? AND person_id = ?", (level, project_id, person_id)
        )

    def set_expiry(self, project_id: int, person_id: int, expires_on: str | None) -> None:
        self._connection.execute(
            "UPDATE member SET expires_on = ? WHERE project_id = ? AND person_id = ?",
            (expires_on, project_id, person_id),
        )

    def remove(self, project_id: int, person_id: int) -> None:
        self._connection.execute("DELETE FROM member WHERE project_id = ? AND person_id = ?", (project_id, person_id))

    def owners(self, project_id: int) -> int:
        return self._connection.execute(
            "SELECT count(*) FROM member WHERE project_id = ? AND level = 50", (project_id,)
        ).fetchone()[0]

    def invite(self, project_id: int, email: str, level: int, *, now: int, expires_on: str | None = None) -> None:
        self._connection.execute(
            "INSERT INTO invitation (project_id, email, level, created_at, expires_on) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (project_id, email) DO UPDATE SET level = excluded.level",
            (project_id, email, level, now, expires_on),
        )

    def invitations(self, project_id: int) -> list[sqlite3.Row]:
        return self._connection.execute(
            "SELECT id, email, level, created_at FROM invitation WHERE project_id = ? ORDER BY id", (project_id,)
        ).fetchall()

    def withdraw(self, project_id: int, invitation_id: int) -> None:
        self._connection.execute("DELETE FROM invitation WHERE project_id = ? AND id = ?", (project_id, invitation_id))

    def add_to_group(self, namespace_id: int, person_id: int, level: int, now: int) -> None:
        self._connection.execute(
            "INSERT INTO group_member VALUES (?, ?, ?, ?) ON CONFLICT (namespace_id, person_id) DO UPDATE SET level = excluded.level",
            (namespace_id, person_id, level, now),
        )
