"""The admin's own users, and how each of them left the grids."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple


class AdminUser(NamedTuple):
    id: int
    username: str
    first_name: str
    last_name: str
    email: str
    role: str
    is_active: int


_COLUMNS = ", ".join(AdminUser._fields)


class AdminUsers:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def signed_in(self, username: str, password: str) -> AdminUser | None:
        """The user of this name and password, None if there is none."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM admin_user WHERE username = ? AND password = ? AND is_active", (username, password)
        ).fetchone()
        return None if row is None else AdminUser(*row)

    def user(self, user_id: int | None) -> AdminUser | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM admin_user WHERE id = ?", (user_id,)).fetchone()
        return None if row is None else AdminUser(*row)

    def all(self) -> list[AdminUser]:
        return [AdminUser(*row) for row in self._connection.execute(f"SELECT {_COLUMNS} FROM admin_user ORDER BY id")]


class Bookmarks:
    """What a user left of a grid, as the mapping the grid's handler keeps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def state(self, user_id: int, namespace: str) -> dict[str, Any]:
        """Empty for a grid that was never changed."""
        row = self._connection.execute(
            "SELECT state FROM grid_bookmark WHERE user_id = ? AND namespace = ?", (user_id, namespace)
        ).fetchone()
        return {} if row is None else json.loads(row[0])

    def save(self, user_id: int, namespace: str, state: Mapping[str, Any]) -> None:
        self._connection.execute(
            "INSERT INTO grid_bookmark VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state",
            (user_id, namespace, json.dumps(dict(state), ensure_ascii=False)),
        )
