"""The forum's state: one small class a subject, all over the episode's one connection."""

from __future__ import annotations

import hashlib
import json
import sqlite3

from ...base import BaseStore
from ..images import draw
from .comments import Comments
from .forums import Forums
from .inbox import Inbox
from .moderation import Moderation
from .search import Search
from .submissions import Submissions
from .users import Users
from .votes import Votes
from .wiki import Wiki


class RedditStore(BaseStore):
    """What handlers, generated tasks' predicates and tests read and change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.forums = Forums(connection)
        self.submissions = Submissions(connection)
        self.comments = Comments(connection)
        self.votes = Votes(connection)
        self.users = Users(connection)
        self.search = Search(connection)
        self.inbox = Inbox(connection)
        self.moderation = Moderation(connection)
        self.wiki = Wiki(connection)

    # --- pictures ---

    def image(self, name: str) -> tuple[bytes, str] | None:
        """A picture's content and media type."""
        row = self.connection.execute("SELECT content, media_type FROM image WHERE name = ?", (name,)).fetchone()
        return None if row is None else (draw(name) if row[0] is None else row[0], row[1])

    def add_image(self, content: bytes, media_type: str, extension: str) -> str:
        """Keep an uploaded picture; returns its name, which is the same for the same content."""
        digest = hashlib.sha256(content).hexdigest()
        row = self.connection.execute("SELECT name FROM image WHERE sha256 = ? ORDER BY name", (digest,)).fetchone()
        if row is not None:
            return row[0]
        name = f"{digest}.{extension}"
        self.connection.execute("INSERT INTO image VALUES (?, ?, ?, ?)", (name, digest, media_type, content))
        return name

    # --- forms that were sent back ---

    def keep_draft(self, session: str, form: str, fields: dict[str, str]) -> None:
        """Remember what was typed into a form, for the next time this session is shown it."""
        self.connection.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?)",
            (int(session[1:]), form, json.dumps(fields, ensure_ascii=False)),
        )

    def take_draft(self, session: str | None, form: str) -> dict[str, str]:
        """What ``keep_draft`` kept for this form; empty if it was another form or nothing. It is given out once."""
        if not self.has_session(session):
            return {}
        assert session is not None
        row = self.connection.execute(
            "SELECT fields FROM draft WHERE session_id = ? AND form = ?", (int(session[1:]), form)
        ).fetchone()
        if row is None:
            return {}
        self.connection.execute("DELETE FROM draft WHERE session_id = ?", (int(session[1:]),))
        return json.loads(row[0])


__all__ = ["RedditStore"]
