"""The map's state: one small class a subject, all over the episode's one connection."""

from __future__ import annotations

import sqlite3

from ...base import BaseStore
from .community import Community
from .directions import Directions
from .elements import Elements
from .search import Search


class MapStore(BaseStore):
    """What handlers, generated tasks' predicates and tests read; visitors change only accounts and notes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.elements = Elements(connection)
        self.search = Search(connection, self.elements)
        self.directions = Directions(connection)
        self.community = Community(connection)


__all__ = ["MapStore"]
