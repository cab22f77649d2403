"""The sites that the home page lists, and the scratch pad."""

from __future__ import annotations

from typing import NamedTuple

from ..base import BaseStore

MAX_NOTE_CHARS = 20_000


class ListedSite(NamedTuple):
    """``username`` and ``password`` are None for a site that nobody signs in to."""

    name: str
    title: str
    description: str
    username: str | None
    password: str | None


class HomepageStore(BaseStore):
    def sites(self) -> list[ListedSite]:
        """In the order in which they are listed."""
        rows = self.connection.execute(
            "SELECT name, title, description, username, password FROM listed_site ORDER BY id"
        )
        return [ListedSite(*row) for row in rows]

    def note(self, session: str | None) -> str:
        """What this session wrote on its scratch pad."""
        if not self.has_session(session):
            return ""
        assert session is not None
        row = self.connection.execute("SELECT text FROM note WHERE session_id = ?", (int(session[1:]),)).fetchone()
        return "" if row is None else row[0]

    def keep_note(self, session: str, text: str) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO note (session_id, text) VALUES (?, ?)", (int(session[1:]), text[:MAX_NOTE_CHARS])
        )
