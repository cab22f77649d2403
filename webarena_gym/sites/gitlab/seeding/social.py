"""What needs all projects to be there: the user's assignments and to-dos, events, counts and the search index."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from .facts import seconds
from .issuables import ISSUE, MERGE_REQUEST, Issuables
from .people import People
from .projects import ProjectSeed

_KINDS = {"issue": ISSUE, "merge_request": MERGE_REQUEST}


def assign_to_user(connection: sqlite3.Connection, facts: Mapping[str, Any], seeds: Sequence[ProjectSeed], people: People, issuables: Issuables) -> None:  # fmt: skip
    """The user's assigned issues: those of the facts, and others of the user's projects up to the number the facts name."""
    user_id = people.id_of(facts["user"]["username"])
    projects = [seed.id for seed in seeds if user_id in seed.levels]
    fixed = set(issuables.places.values())
    marks = ", ".join("?" * len(projects))
    for state, wanted in facts["assigned_to_user"].items():
        (already,) = connection.execute(
            "SELECT count(*) FROM involved v JOIN issuable i ON i.id = v.issuable_id WHERE v.role = 'a' AND v.person_id = ? AND i.kind = 0 AND i.state = ?",
            (user_id, state),
        ).fetchone()
        free = [
            id
            for (id,) in connection.execute(
                f"SELECT i.id FROM issuable i WHERE i.kind = 0 AND i.state = ? AND i.project_id IN ({marks}) "
                "AND NOT EXISTS (SELECT 1 FROM involved v WHERE v.issuable_id = i.id AND v.role = 'a') ORDER BY i.id",
                (state, *projects),
            )
            if id not in fixed
        ]
        chosen = Random(f"gitlab/assigned/{state}").sample(free, min(len(free), max(0, wanted - already)))
        connection.executemany("INSERT INTO involved VALUES (?, 'a', ?)", [(id, user_id) for id in chosen])


def insert_todos(
    connection: sqlite3.Connection, facts: Mapping[str, Any], people: People, issuables: Issuables
) -> None:
    """
    Raises:
        ValueError: a to-do is about an issue or merge request that is not among the facts.
    """
    user_id = people.id_of(facts["user"]["username"])
    for todo in sorted(facts["todos"], key=lambda todo: todo["created"]):
        kind, path, iid = todo["on"]
        if (_KINDS[kind], path, iid) not in issuables.places:
            raise ValueError(f"a to-do is about {kind} {iid} of {path}, which the facts do not have")
        connection.execute(
            "INSERT INTO todo (person_id, author_id, issuable_id, action, done, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            (user_id, people.id_of(todo["author"]), issuables.places[_KINDS[kind], path, iid], todo["action"], todo.get("done", False), seconds(todo["created"])),
        )  # fmt: skip


def insert_events(connection: sqlite3.Connection, facts: Mapping[str, Any], people: People) -> None:
    """What happened, oldest first: issues and merge requests opened and closed, comments of the facts, pushes."""
    user_id = people.id_of(facts["user"]["username"])
    connection.execute(
        "INSERT INTO event (person_id, project_id, action, issuable_id, text, created_at) SELECT * FROM ("
        "SELECT author_id, project_id, 'opened', id, '', created_at AS at FROM issuable "
        "UNION ALL SELECT closed_by, project_id, CASE state WHEN 'merged' THEN 'merged' ELSE 'closed' END, id, '', closed_at FROM issuable WHERE closed_at NOT NULL "
        "UNION ALL SELECT n.author_id, i.project_id, 'commented', i.id, n.body, n.created_at FROM note n JOIN issuable i ON i.id = n.issuable_id "
        "JOIN project p ON p.id = i.project_id WHERE p.fact "
        "UNION ALL SELECT s.person_id, p.id, 'pushed', NULL, p.default_branch || char(10) || r.title, r.at FROM project p JOIN branch b ON b.project_id = p.id "
        "AND b.name = p.default_branch JOIN revision r ON r.branch_id = b.id AND r.seq = b.head_seq JOIN member s ON s.project_id = p.id AND s.level = 50 "
        "UNION ALL SELECT m.person_id, m.project_id, 'joined', NULL, '', m.created_at FROM member m WHERE m.person_id <> ?"
        ") ORDER BY at, 2, 1",
        (user_id,),
    )


def count_everything(connection: sqlite3.Connection) -> None:
    """The counts that pages show without counting."""
    connection.execute(
        "UPDATE project SET "
        "stars = (SELECT count(*) FROM star s WHERE s.project_id = project.id), "
        "open_issues = (SELECT count(*) FROM issuable i WHERE i.project_id = project.id AND i.kind = 0 AND i.state = 'opened'), "
        "open_merge_requests = (SELECT count(*) FROM issuable i WHERE i.project_id = project.id AND i.kind = 1 AND i.state = 'opened'), "
        "commits = (SELECT b.head_seq FROM branch b WHERE b.project_id = project.id AND b.name = project.default_branch), "
        "branches = (SELECT count(*) FROM branch b WHERE b.project_id = project.id), "
        "tags = (SELECT count(*) FROM tag t WHERE t.project_id = project.id)"
    )
    connection.execute("INSERT INTO issuable_search (issuable_search) VALUES ('rebuild')")
