"""Votes on submissions and comments."""

from __future__ import annotations

import sqlite3
from typing import Literal

from ..seeding.seeds import ranking

Kind = Literal["s", "c"]
_TABLES: dict[Kind, str] = {"s": "submission", "c": "comment"}


class Votes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def choice(self, user_id: int, kind: Kind, target_id: int) -> int:
        """1, -1, or 0 for no vote."""
        row = self._connection.execute(
            "SELECT choice FROM vote WHERE user_id = ? AND kind = ? AND target_id = ?", (user_id, kind, target_id)
        ).fetchone()
        return 0 if row is None else row[0]

    def vote(self, user_id: int, kind: Kind, target_id: int, choice: int) -> int:
        """Set a user's vote to 1, -1 or 0; returns the score that follows."""
        before, table = self.choice(user_id, kind, target_id), _TABLES[kind]
        up, down = (choice == 1) - (before == 1), (choice == -1) - (before == -1)
        execute = self._connection.execute
        if choice:
            execute("INSERT OR REPLACE INTO vote VALUES (?, ?, ?, ?)", (user_id, kind, target_id, choice))
        else:
            execute("DELETE FROM vote WHERE user_id = ? AND kind = ? AND target_id = ?", (user_id, kind, target_id))
        score, created = execute(
            f"UPDATE {table} SET up = up + ?, down = down + ?, score = score + ? WHERE id = ? RETURNING score, created",
            (up, down, up - down, target_id),
        ).fetchone()
        if kind == "s":
            execute("UPDATE submission SET ranking = ? WHERE id = ?", (ranking(created, score), target_id))
        return score

    def retract_all(self, user_id: int) -> None:
        """Take back every vote of a user."""
        rows = self._connection.execute("SELECT kind, target_id FROM vote WHERE user_id = ?", (user_id,)).fetchall()
        for kind, target_id in rows:
            self.vote(user_id, kind, target_id, 0)
