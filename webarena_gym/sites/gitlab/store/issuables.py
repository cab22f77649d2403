"""Issues and merge requests: lists with filters and counts, and one of them in full. ``tickets.py`` writes them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

ISSUE, MERGE_REQUEST = 0, 1
_WORD = re.compile(r"\w+")
_MOST_WORDS = 12
SORTS = {
    "created_date": "i.created_at DESC, i.id DESC", "created_desc": "i.created_at DESC, i.id DESC", "created_asc": "i.created_at, i.id",
    "updated_desc": "i.updated_at DESC, i.id DESC", "updated_asc": "i.updated_at, i.id", "title_asc": "lower(i.title), i.id",
    "title_desc": "lower(i.title) DESC, i.id DESC", "popularity": "i.upvotes DESC, i.id DESC", "popularity_asc": "i.upvotes, i.id DESC",
    "due_date": "i.due_on IS NULL, i.due_on, i.id DESC", "due_date_desc": "i.due_on IS NULL, i.due_on DESC, i.id DESC",
    "milestone": "m.due_on IS NULL, m.due_on, i.id DESC", "milestone_due_desc": "m.due_on IS NULL, m.due_on DESC, i.id DESC", "closed_at_desc": "i.closed_at IS NULL, i.closed_at DESC, i.id DESC",
    "closed_at_asc": "i.closed_at IS NULL, i.closed_at, i.id", "merged_at_desc": "i.closed_at IS NULL, i.closed_at DESC, i.id DESC",
    "merged_at_asc": "i.closed_at IS NULL, i.closed_at, i.id", "priority": "m.due_on IS NULL, m.due_on, i.id DESC",
    "priority_desc": "m.due_on IS NULL, m.due_on DESC, i.id DESC", "label_priority": "i.labels = '[]', i.labels, i.id DESC",
    "label_priority_desc": "i.labels = '[]', i.labels DESC, i.id DESC",
}  # fmt: skip
_COLUMNS = (
    "i.id, i.kind, i.target_id, i.project_id, i.iid, i.title, i.description, i.author_id, i.state, i.created_at, i.updated_at, i.closed_at, i.closed_by, "
    "i.milestone_id, i.due_on, i.confidential, i.locked, i.draft, i.upvotes, i.downvotes, i.comments, i.labels, i.source_branch, i.target_branch, "
    "i.merge_revision_id, p.full_path, s.username, s.name, m.title"
)
_JOINS = "JOIN project p ON p.id = i.project_id JOIN person s ON s.id = i.author_id LEFT JOIN milestone m ON m.id = i.milestone_id"
_VISIBLE = (
    "(p.visibility = 20 OR (p.visibility = 10 AND :me > 0) OR EXISTS (SELECT 1 FROM member v WHERE v.project_id = p.id AND v.person_id = :me) "
    "OR EXISTS (SELECT 1 FROM group_member g WHERE g.namespace_id = p.namespace_id AND g.person_id = :me))"
)

# Confidential ones are for members from reporter on, and for their authors.
_SHOWN = (
    "(i.confidential = 0 OR i.author_id = :me OR EXISTS "
    "(SELECT 1 FROM member c WHERE c.project_id = i.project_id AND c.person_id = :me AND c.level >= 20) OR EXISTS "
    "(SELECT 1 FROM group_member h JOIN project q ON q.namespace_id = h.namespace_id WHERE q.id = i.project_id AND h.person_id = :me AND h.level >= 20))"
)


class Issuable(NamedTuple):
    """An issue or a merge request. Times are seconds, ``due_on`` is YYYY-MM-DD, ``labels_json`` holds pairs of name and color."""

    id: int
    kind: int
    target_id: int
    project_id: int
    iid: int
    title: str
    description: str
    author_id: int
    state: str
    created_at: int
    updated_at: int
    closed_at: int | None
    closed_by: int | None
    milestone_id: int | None
    due_on: str | None
    confidential: int
    locked: int
    draft: int
    upvotes: int
    downvotes: int
    comments: int
    labels_json: str
    source_branch: str
    target_branch: str
    merge_revision_id: int | None
    project_path: str
    author_username: str
    author_name: str
    milestone_title: str | None

    @property
    def is_issue(self) -> bool:
        return self.kind == ISSUE

    @property
    def is_open(self) -> bool:
        return self.state == "opened"

    @property
    def labels(self) -> list[tuple[str, str]]:
        return [(name, color) for name, color in json.loads(self.labels_json)]

    @property
    def reference(self) -> str:
        return f"{'#' if self.kind == ISSUE else '!'}{self.iid}"

    @property
    def url(self) -> str:
        return f"/{self.project_path}/-/{'issues' if self.kind == ISSUE else 'merge_requests'}/{self.iid}"


class Who(NamedTuple):
    """Somebody involved, as lists and side bars show people."""

    id: int
    username: str
    name: str


class Note(NamedTuple):
    id: int
    body: str
    system: int
    internal: int
    created_at: int
    edited_at: int | None
    author_id: int
    username: str
    name: str
    level: int
    """The author's role in the project, 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuableQuery:
    """Which issuables, in which order; empty fields do not narrow. People are usernames; "None" and "Any" are allowed for them."""

    me: int
    kind: int
    project_id: int | None = None
    namespace_id: int | None = None
    state: str = "opened"
    sort: str = "created_date"
    text: str = ""
    labels: tuple[str, ...] = ()
    author: str = ""
    assignee: str = ""
    reviewer: str = ""
    milestone: str = ""
    confidential: str = ""
    draft: str = ""
    source_branch: str = ""
    target_branch: str = ""
    limit: int = 20
    offset: int = 0


class Issuables:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_iid(self, project_id: int, kind: int, iid: int) -> Issuable | None:
        return self._one("i.project_id = ? AND i.kind = ? AND i.iid = ?", (project_id, kind, iid))

    def by_target(self, kind: int, target_id: int) -> Issuable | None:
        return self._one("i.kind = ? AND i.target_id = ?", (kind, target_id))

    def by_id(self, issuable_id: int) -> Issuable | None:
        return self._one("i.id = ?", (issuable_id,))

    def _one(self, condition: str, values: tuple[int, ...]) -> Issuable | None:
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM issuable i {_JOINS} WHERE {condition}", values
        ).fetchone()
        return None if row is None else Issuable(*row)

    def list(self, query: IssuableQuery) -> list[Issuable]:
        """One page."""
        where, values = _where(query)
        if query.state != "all":
            where += " AND i.state = :state"
            values["state"] = query.state
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM issuable i {_JOINS} WHERE {where} ORDER BY {SORTS.get(query.sort, SORTS['created_date'])} LIMIT :limit OFFSET :offset",
            {**values, "limit": query.limit, "offset": query.offset},
        )
        return [Issuable(*row) for row in rows]

    def counts(self, query: IssuableQuery) -> dict[str, int]:
        """By state, and "all", whatever state the query asks for."""
        where, values = _where(query)
        join = "JOIN project p ON p.id = i.project_id " if "p." in where else ""
        rows = self._connection.execute(
            f"SELECT i.state, count(*) FROM issuable i {join}WHERE {where} GROUP BY i.state", values
        )
        counts = {"opened": 0, "closed": 0, "merged": 0, **dict(rows.fetchall())}
        return {**counts, "all": sum(counts.values())}

    def involved(self, ids: Sequence[int], role: str) -> dict[int, list[Who]]:
        """Who has a role ("a" assignee, "r" reviewer) in each of these, by name."""
        found: dict[int, list[Who]] = {id: [] for id in ids}
        marks = ", ".join("?" * len(ids))
        rows = self._connection.execute(
            f"SELECT v.issuable_id, s.id, s.username, s.name FROM involved v JOIN person s ON s.id = v.person_id WHERE v.role = ? AND v.issuable_id IN ({marks}) "
            "ORDER BY lower(s.name), s.id",
            (role, *ids),
        )
        for id, *who in rows:
            found[id].append(Who(*who))
        return found

    def is_involved(self, issuable_id: int, role: str, person_id: int | None) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM involved WHERE issuable_id = ? AND role = ? AND person_id = ?",
            (issuable_id, role, person_id),
        ).fetchone()
        return row is not None

    def notes(self, issuable: Issuable, *, limit: int = 200) -> list[Note]:
        """Comments and system notes, oldest first."""
        rows = self._connection.execute(
            "SELECT n.id, n.body, n.system, n.internal, n.created_at, n.edited_at, s.id, s.username, s.name, coalesce(m.level, 0) FROM note n "
            "JOIN person s ON s.id = n.author_id LEFT JOIN member m ON m.project_id = ? AND m.person_id = s.id WHERE n.issuable_id = ? "
            "ORDER BY n.id DESC LIMIT ?",
            (issuable.project_id, issuable.id, limit),
        ).fetchall()
        return [Note(*row) for row in reversed(rows)]

    def note(self, note_id: int) -> sqlite3.Row | None:
        return self._connection.execute("SELECT * FROM note WHERE id = ?", (note_id,)).fetchone()

    def participants(self, issuable: Issuable) -> list[Who]:
        """The author and everybody who commented."""
        rows = self._connection.execute(
            "SELECT id, username, name FROM person WHERE id = ? OR id IN (SELECT author_id FROM note WHERE issuable_id = ?) ORDER BY id <> ?, id",
            (issuable.author_id, issuable.id, issuable.author_id),
        )
        return [Who(*row) for row in rows]

    # --- labels and milestones of a project ---

    def labels(self, project_id: int, text: str = "") -> list[sqlite3.Row]:
        return self._connection.execute(
            "SELECT id, name, description, color FROM label WHERE project_id = ? AND instr(lower(name), ?) ORDER BY lower(name)",
            (project_id, text.lower()),
        ).fetchall()

    def label_ids(self, issuable_id: int) -> set[int]:
        return {
            id
            for (id,) in self._connection.execute("SELECT label_id FROM labelled WHERE issuable_id = ?", (issuable_id,))
        }

    def milestones(self, project_id: int) -> list[sqlite3.Row]:
        """Each with how many issues and merge requests it has, and how many of these are closed."""
        return self._connection.execute(
            "SELECT m.*, count(i.id) AS total, count(CASE WHEN i.state <> 'opened' THEN 1 END) AS done, "
            "count(CASE WHEN i.kind = 0 THEN 1 END) AS issues, count(CASE WHEN i.kind = 1 THEN 1 END) AS requests "
            "FROM milestone m LEFT JOIN issuable i ON i.milestone_id = m.id WHERE m.project_id = ? GROUP BY m.id ORDER BY m.due_on IS NULL, m.due_on, m.iid",
            (project_id,),
        ).fetchall()

    def milestone(self, project_id: int, iid: int) -> sqlite3.Row | None:
        return next((row for row in self.milestones(project_id) if row["iid"] == iid), None)

    def of_milestone(self, milestone_id: int) -> list[Issuable]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM issuable i {_JOINS} WHERE i.milestone_id = ? ORDER BY i.id LIMIT 200",
            (milestone_id,),
        )
        return [Issuable(*row) for row in rows]


def match_expression(text: str) -> str:
    """The FTS5 query for all words, each as the beginning of one; no operator of a visitor gets through.

    >>> match_expression('homepage "content" OR')
    '"homepage"* "content"* "or"*'
    """
    return " ".join(f'"{word}"*' for word in _WORD.findall(text.lower())[:_MOST_WORDS])


def _where(query: IssuableQuery) -> tuple[str, dict[str, Any]]:
    """Everything but the state."""
    conditions = ["i.kind = :kind"]
    conditions.append(_SHOWN)
    values: dict[str, Any] = {"kind": query.kind, "me": query.me}
    if query.project_id is not None:
        conditions.append("i.project_id = :project")
        values["project"] = query.project_id
    else:
        conditions.append(_VISIBLE)
    if query.namespace_id is not None:
        conditions.append("p.namespace_id = :namespace")
        values["namespace"] = query.namespace_id
    if query.text.strip():
        text = query.text.strip()
        match = match_expression(text)
        if reference := re.fullmatch(r"[#!](\d{1,9})", text):
            conditions.append("i.iid = :iid")
            values["iid"] = int(reference[1])
        elif match:
            conditions.append("i.id IN (SELECT rowid FROM issuable_search WHERE issuable_search MATCH :match)")
            values["match"] = match
        else:
            conditions.append("0")  # punctuation only, which nothing holds
    for number, label in enumerate(query.labels[:10]):
        if label.lower() in ("none", "any"):
            conditions.append(f"i.labels {'=' if label.lower() == 'none' else '<>'} '[]'")
            continue
        conditions.append(
            f"EXISTS (SELECT 1 FROM labelled x JOIN label l ON l.id = x.label_id WHERE x.issuable_id = i.id AND l.name = :label{number})"
        )
        values[f"label{number}"] = label
    if query.author:
        conditions.append("i.author_id = (SELECT id FROM person WHERE username = :author)")
        values["author"] = query.author
    for role, name in (("a", query.assignee), ("r", query.reviewer)):
        if name.lower() in ("none", "any"):
            conditions.append(
                f"{'NOT ' if name.lower() == 'none' else ''}EXISTS (SELECT 1 FROM involved x WHERE x.issuable_id = i.id AND x.role = '{role}')"
            )
        elif name:
            conditions.append(
                f"i.id IN (SELECT x.issuable_id FROM involved x JOIN person w ON w.id = x.person_id WHERE w.username = :who_{role} AND x.role = '{role}')"
            )
            values[f"who_{role}"] = name
    if query.milestone:
        lowered = query.milestone.lower()
        if lowered in ("none", "any"):
            conditions.append(f"i.milestone_id IS {'' if lowered == 'none' else 'NOT '}NULL")
        else:
            conditions.append("i.milestone_id IN (SELECT id FROM milestone WHERE title = :milestone)")
            values["milestone"] = query.milestone
    for column, value in (("confidential", query.confidential), ("draft", query.draft)):
        if value in ("yes", "no"):
            conditions.append(f"i.{column} = {int(value == 'yes')}")
    for column, value in (("source_branch", query.source_branch), ("target_branch", query.target_branch)):
        if value:
            conditions.append(f"i.{column} = :{column}")
            values[column] = value
    return " AND ".join(conditions), values
