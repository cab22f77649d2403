"""People of the map: mappers with their changesets, diaries and traces; accounts and notes of visitors."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Mapper(NamedTuple):
    id: int
    name: str
    joined: str
    about: str


class Changeset(NamedTuple):
    id: int
    mapper: str
    created: str
    comment: str


class DiaryEntry(NamedTuple):
    id: int
    mapper: str
    created: str
    title: str
    body: str
    lat: float
    lon: float
    place: str


class Trace(NamedTuple):
    id: int
    mapper: str
    created: str
    name: str
    tag: str
    points: int
    lat: float
    lon: float
    place: str


class Note(NamedTuple):
    id: int
    created: str
    body: str
    lat: float
    lon: float


_CHANGESET = "SELECT c.id, m.name, c.created, c.comment FROM changeset c JOIN mapper m ON m.id = c.mapper_id"
_ENTRY = "SELECT d.id, m.name, d.created, d.title, d.body, d.lat, d.lon, d.place FROM diary_entry d JOIN mapper m ON m.id = d.mapper_id"
_TRACE = "SELECT t.id, m.name, t.created, t.name, t.tag, t.points, t.lat, t.lon, t.place FROM trace t JOIN mapper m ON m.id = t.mapper_id"


class Community:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def mapper(self, name: str) -> Mapper | None:
        row = self._connection.execute("SELECT * FROM mapper WHERE name = ?", (name,)).fetchone()
        return None if row is None else Mapper(*row)

    def changeset(self, id: int) -> Changeset | None:
        row = self._connection.execute(f"{_CHANGESET} WHERE c.id = ?", (id,)).fetchone()
        return None if row is None else Changeset(*row)

    def changesets(self, limit: int, before: int | None = None, mapper: str | None = None) -> list[Changeset]:
        """The newest ones, below the id ``before``."""
        condition, values = "WHERE c.id < ?", [before or 1 << 60]
        if mapper is not None:
            condition, values = f"{condition} AND m.name = ?", [*values, mapper]
        rows = self._connection.execute(f"{_CHANGESET} {condition} ORDER BY c.id DESC LIMIT ?", (*values, limit))
        return [Changeset(*row) for row in rows]

    def changeset_elements(self, id: int) -> list[int]:
        """The ids of the elements it touched."""
        return [row[0] for row in self._connection.execute("SELECT id FROM element WHERE changeset_id = ?", (id,))]

    def diary(self, limit: int, offset: int = 0, mapper: str | None = None) -> list[DiaryEntry]:
        condition = "" if mapper is None else " WHERE m.name = ?"
        values = () if mapper is None else (mapper,)
        rows = self._connection.execute(
            f"{_ENTRY}{condition} ORDER BY d.id DESC LIMIT ? OFFSET ?", (*values, limit, offset)
        )
        return [DiaryEntry(*row) for row in rows]

    def diary_entry(self, id: int) -> DiaryEntry | None:
        row = self._connection.execute(f"{_ENTRY} WHERE d.id = ?", (id,)).fetchone()
        return None if row is None else DiaryEntry(*row)

    def traces(self, limit: int, offset: int = 0, *, mapper: str | None = None, tag: str | None = None) -> list[Trace]:
        conditions = [text for text, value in (("m.name = ?", mapper), ("t.tag = ?", tag)) if value is not None]
        values = [value for value in (mapper, tag) if value is not None]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = self._connection.execute(
            f"{_TRACE}{where} ORDER BY t.id DESC LIMIT ? OFFSET ?", (*values, limit, offset)
        )
        return [Trace(*row) for row in rows]

    def trace(self, id: int) -> Trace | None:
        row = self._connection.execute(f"{_TRACE} WHERE t.id = ?", (id,)).fetchone()
        return None if row is None else Trace(*row)

    # --- what visitors leave ---

    def account_exists(self, email: str, name: str) -> bool:
        """Whether an account or a mapper has the name, or an account the email."""
        row = self._connection.execute(
            "SELECT 1 FROM account WHERE email = ? OR name = ? UNION SELECT 1 FROM mapper WHERE name = ? COLLATE NOCASE",
            (email, name, name),
        ).fetchone()
        return row is not None

    def add_account(self, email: str, name: str, password: str) -> None:
        """An account that waits for its email to be confirmed, which nobody can do here."""
        self._connection.execute(
            "INSERT INTO account (email, name, password) VALUES (?, ?, ?)", (email, name, password)
        )

    def waiting_account(self, login: str, password: str) -> bool:
        """Whether such an account waits for its confirmation; ``login`` is a name or an email."""
        row = self._connection.execute(
            "SELECT 1 FROM account WHERE (email = ? OR name = ?) AND password = ?", (login, login, password)
        ).fetchone()
        return row is not None

    def add_note(self, created: str, body: str, lat: float, lon: float) -> int:
        cursor = self._connection.execute(
            "INSERT INTO note (created, body, lat, lon) VALUES (?, ?, ?, ?)", (created, body, lat, lon)
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def note(self, id: int) -> Note | None:
        row = self._connection.execute("SELECT * FROM note WHERE id = ?", (id,)).fetchone()
        return None if row is None else Note(*row)
