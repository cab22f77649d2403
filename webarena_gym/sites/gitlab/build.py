"""Builds the site's image from ``seed/``: a few seconds at scale 1."""

from __future__ import annotations

import datetime as dt
import sqlite3

from ..base import BuildOptions, create_base_tables, create_tables
from .seeding.facts import SEED, read_json
from .seeding.issuables import Issuables, open_branches
from .seeding.people import insert_people
from .seeding.projects import insert_members, insert_projects, insert_stars, project_seeds
from .seeding.repository import Repositories, side_branches
from .seeding.social import assign_to_user, count_everything, insert_events, insert_todos


def build(connection: sqlite3.Connection, options: BuildOptions) -> None:
    """All tables of the site, equal for equal options.

    Raises:
        ValueError: the facts contradict themselves; says how.
    """
    facts, words = options.facts or read_json("facts.json"), read_json("words.json")
    create_base_tables(connection, dt.datetime.fromisoformat(facts["clock"]))
    create_tables(connection, SEED / "schema.sql")
    people = insert_people(connection, facts, words, options.scale)
    seeds = project_seeds(facts, words, people, options.scale)
    insert_projects(connection, seeds)
    insert_members(connection, seeds, people, facts["user"]["username"])
    insert_stars(connection, seeds, people, facts)
    repositories, issuables = Repositories(connection, words, people), Issuables(connection, facts, words, people)
    for seed in seeds:
        items = issuables.plan(seed)
        repositories.insert(seed, list(side_branches(seed, open_branches(seed, items), words)))
        revisions = connection.execute(
            "SELECT r.id FROM revision r JOIN branch b ON b.id = r.branch_id WHERE b.project_id = ? AND b.name = ?", (seed.id, seed.branch)
        ).fetchall()  # fmt: skip
        issuables.insert(seed, items, [id for (id,) in revisions])
    assign_to_user(connection, facts, seeds, people, issuables)
    insert_todos(connection, facts, people, issuables)
    insert_events(connection, facts, people)
    count_everything(connection)
    connection.executemany(
        "INSERT INTO setting VALUES (?, ?)",
        [("user_id", str(people.id_of(facts["user"]["username"]))), ("ssh_host", facts["ssh"]["host"]), ("ssh_port", str(facts["ssh"]["port"]))],
    )  # fmt: skip
