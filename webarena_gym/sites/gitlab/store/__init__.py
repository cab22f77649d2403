"""The site's state: one small class a subject, all over the episode's one connection."""

from __future__ import annotations

import sqlite3

from ...base import BaseStore
from .activity import Activity
from .commits import Commits
from .issuables import Issuables
from .members import Members
from .people import People
from .projects import Projects
from .repository import Repository
from .tickets import Tickets


class GitLabStore(BaseStore):
    """What handlers, oracles' predicates and tests read and change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.people = People(connection)
        self.projects = Projects(connection)
        self.members = Members(connection)
        self.repository = Repository(connection)
        self.commits = Commits(connection, self.repository)
        self.issuables = Issuables(connection)
        self.tickets = Tickets(connection, self.issuables)
        self.activity = Activity(connection)

    def seconds(self) -> int:
        """Now, as tables hold it: seconds since 1970, UTC."""
        return self.connection.execute("SELECT now FROM site_clock").fetchone()[0]

    def setting(self, name: str) -> str:
        """A value fixed when the image was built; KeyError for an unknown name."""
        row = self.connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return row[0]


__all__ = ["GitLabStore"]
