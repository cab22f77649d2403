"""Builds the home page's image: the sites and their accounts, and an empty scratch pad."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path

from ..base import BuildOptions, create_base_tables

_FACTS = Path(__file__).parent / "seed" / "facts.json"


def build(connection: sqlite3.Connection, options: BuildOptions) -> None:
    """All tables. Nothing here depends on the scale."""
    facts = options.facts or json.loads(_FACTS.read_text(encoding="utf-8"))
    create_base_tables(connection, dt.datetime.fromisoformat(facts["clock"]))
    connection.execute(
        "CREATE TABLE listed_site (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, description TEXT NOT NULL, "
        "username TEXT, password TEXT)"
    )
    connection.execute("CREATE TABLE note (session_id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    for site in facts["sites"]:
        connection.execute(
            "INSERT INTO listed_site (name, title, description, username, password) VALUES (?, ?, ?, ?, ?)",
            (site["name"], site["title"], site["description"], *site.get("account", (None, None))),
        )
