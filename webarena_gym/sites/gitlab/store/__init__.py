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


__all__ = ["GitLabStore"]
