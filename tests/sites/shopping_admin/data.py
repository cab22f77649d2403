"""The site's data without its pages: stores over databases built in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.shopping_admin.build import build
from webarena_gym.sites.shopping_admin.store import AdminStore
from webarena_gym.tasks.official import quoted_references


def built(*, facts: Mapping[str, Any] | None = None, scale: float = 1.0, quoted: bool = True) -> AdminStore:
    """A new store: of these facts, of this size, with the sentences that tasks quote or without."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    references = quoted_references() if quoted else None
    build(connection, BuildOptions(scale=scale, references=references, facts=facts))
    connection.row_factory = sqlite3.Row
    connection.execute("BEGIN")
    return AdminStore(connection)


def column(store: AdminStore, sql: str, *values: str | int) -> list[Any]:
    """The first column of what ``sql`` finds."""
    return [row[0] for row in store.connection.execute(sql, values)]
