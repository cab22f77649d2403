"""What writes issues and merge requests, their comments, labels and milestones, and keeps the counts that lists show."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from .issuables import ISSUE, MERGE_REQUEST, Issuable, Issuables

_PLAIN_FIELDS = ("milestone_id", "due_on", "confidential", "locked", "target_branch")


class Tickets:
    def __init__(self, connection: sqlite3.Connection, issuables: Issuables) -> None:
        self._connection, self._issuables = connection, issuables

    def create(
        self,
        kind: int,
        project_id: int,
        *,
        title: str,
        description: str,
        author_id: int,
        now: int,
        source: str = "",
        target: str = "",
    ) -> Issuable:
        """An open issue or merge request with the next number of its project."""
        (iid,) = self._connection.execute(
            "SELECT coalesce(max(iid), 0) + 1 FROM issuable WHERE project_id = ? AND kind = ?", (project_id, kind)
        ).fetchone()
        (target_id,) = self._connection.execute(
            "SELECT coalesce(max(target_id), 0) + 1 FROM issuable WHERE kind = ?", (kind,)
        ).fetchone()
        cursor = self._connection.execute(
            "INSERT INTO issuable (kind, target_id, project_id, iid, title, description, author_id, state, created_at, updated_at, draft, source_branch, target_branch) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'opened', ?, ?, ?, ?, ?)",
            (
                kind,
                target_id,
                project_id,
                iid,
                title,
                description,
                author_id,
                now,
                now,
                _is_draft(kind, title),
                source,
                target,
            ),
        )
        self._connection.execute(
            "INSERT INTO issuable_search (rowid, title, description) VALUES (?, ?, ?)",
            (cursor.lastrowid, title, description),
        )
        self._count(project_id, now)
        self.log(author_id, project_id, "opened", cursor.lastrowid, now)
        made = self._issuables.by_id(cursor.lastrowid)  # type: ignore[arg-type]
        assert made is not None
        return made

    def rewrite(self, issuable: Issuable, *, title: str, description: str, now: int) -> None:
        """Change title and description."""
        self._connection.execute(
            "INSERT INTO issuable_search (issuable_search, rowid, title, description) VALUES ('delete', ?, ?, ?)", (issuable.id, issuable.title, issuable.description)
        )  # fmt: skip
        self._connection.execute(
            "UPDATE issuable SET title = ?, description = ?, draft = ?, updated_at = ? WHERE id = ?",
            (title, description, _is_draft(issuable.kind, title), now, issuable.id),
        )
        self._connection.execute(
            "INSERT INTO issuable_search (rowid, title, description) VALUES (?, ?, ?)",
            (issuable.id, title, description),
        )

    def set_fields(self, issuable: Issuable, fields: Mapping[str, Any], now: int) -> None:
        """Change milestone_id, due_on, confidential, locked or target_branch."""
        known = {name: value for name, value in fields.items() if name in _PLAIN_FIELDS}
        if known:
            self._connection.execute(
                f"UPDATE issuable SET {', '.join(f'{name} = ?' for name in known)}, updated_at = ? WHERE id = ?",
                (*known.values(), now, issuable.id),
            )

    def set_state(
        self, issuable: Issuable, state: str, person_id: int, now: int, merge_revision_id: int | None = None
    ) -> None:
        """Close, reopen or mark as merged; says so in the discussion."""
        closed = (None, None) if state == "opened" else (now, person_id)
        self._connection.execute(
            "UPDATE issuable SET state = ?, closed_at = ?, closed_by = ?, merge_revision_id = coalesce(?, merge_revision_id), updated_at = ? WHERE id = ?",
            (state, *closed, merge_revision_id, now, issuable.id),
        )
        word = "reopened" if state == "opened" else state
        self.add_note(issuable, person_id, word, now, system=True)
        self.log(person_id, issuable.project_id, word, issuable.id, now)
        self._count(issuable.project_id, now)

    def set_people(self, issuable: Issuable, role: str, people: Sequence[int], by: int, now: int) -> None:
        """Who has a role from now on; says so in the discussion."""
        before = {who.id for who in self._issuables.involved([issuable.id], role)[issuable.id]}
        self._connection.execute("DELETE FROM involved WHERE issuable_id = ? AND role = ?", (issuable.id, role))
        self._connection.executemany(
            "INSERT OR IGNORE INTO involved VALUES (?, ?, ?)", [(issuable.id, role, person) for person in people]
        )
        after = self._issuables.involved([issuable.id], role)[issuable.id]
        self._connection.execute("UPDATE issuable SET updated_at = ? WHERE id = ?", (now, issuable.id))
        added = [who for who in after if who.id not in before]
        words = (
            ("assigned to", "removed assignee") if role == "a" else ("requested review from", "removed review request")
        )
        if added:
            self.add_note(
                issuable, by, f"{words[0]} {' and '.join('@' + who.username for who in added)}", now, system=True
            )
        elif before:
            self.add_note(issuable, by, words[1], now, system=True)
        for who in added:
            self.add_todo(who.id, by, issuable, "assigned" if role == "a" else "review_requested", now)

    def set_labels(self, issuable: Issuable, label_ids: Sequence[int], now: int) -> None:
        """Labels of other projects are ignored."""
        marks = ", ".join("?" * len(label_ids))
        rows = self._connection.execute(
            f"SELECT id, name, color FROM label WHERE project_id = ? AND id IN ({marks}) ORDER BY lower(name)",
            (issuable.project_id, *label_ids),
        ).fetchall()
        self._connection.execute("DELETE FROM labelled WHERE issuable_id = ?", (issuable.id,))
        self._connection.executemany("INSERT INTO labelled VALUES (?, ?)", [(issuable.id, row[0]) for row in rows])
        shown = json.dumps([(row[1], row[2]) for row in rows], ensure_ascii=False)
        self._connection.execute(
            "UPDATE issuable SET labels = ?, updated_at = ? WHERE id = ?", (shown, now, issuable.id)
        )

    # --- comments and reactions ---

    def add_note(
        self, issuable: Issuable, author_id: int, body: str, now: int, *, system: bool = False, internal: bool = False
    ) -> int:
        """Returns the note's id."""
        cursor = self._connection.execute(
            "INSERT INTO note (issuable_id, author_id, body, system, internal, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            (issuable.id, author_id, body, system, internal, now),
        )
        if not system:
            self._connection.execute(
                "UPDATE issuable SET comments = comments + 1, updated_at = ? WHERE id = ?", (now, issuable.id)
            )
            self._connection.execute("UPDATE project SET updated_at = ? WHERE id = ?", (now, issuable.project_id))
            self.log(author_id, issuable.project_id, "commented", issuable.id, now, body)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def edit_note(self, note_id: int, body: str, now: int) -> None:
        self._connection.execute("UPDATE note SET body = ?, edited_at = ? WHERE id = ?", (body, now, note_id))

    def delete_note(self, issuable: Issuable, note_id: int) -> None:
        gone = self._connection.execute(
            "DELETE FROM note WHERE id = ? AND issuable_id = ? AND system = 0", (note_id, issuable.id)
        ).rowcount
        self._connection.execute("UPDATE issuable SET comments = comments - ? WHERE id = ?", (gone, issuable.id))

    def toggle_reaction(self, issuable: Issuable, role: str, person_id: int) -> None:
        """Thumbs up ("u") or down ("d")."""
        column = "upvotes" if role == "u" else "downvotes"
        gone = self._connection.execute(
            "DELETE FROM involved WHERE issuable_id = ? AND role = ? AND person_id = ?", (issuable.id, role, person_id)
        ).rowcount
        if not gone:
            self._connection.execute("INSERT INTO involved VALUES (?, ?, ?)", (issuable.id, role, person_id))
        self._connection.execute(
            f"UPDATE issuable SET {column} = {column} + ? WHERE id = ?", (-1 if gone else 1, issuable.id)
        )

    def toggle_approval(self, issuable: Issuable, person_id: int, now: int) -> bool:
        """Approve a merge request, or take the approval back; True if it is approved now."""
        gone = self._connection.execute(
            "DELETE FROM involved WHERE issuable_id = ? AND role = 'p' AND person_id = ?", (issuable.id, person_id)
        ).rowcount
        if not gone:
            self._connection.execute("INSERT INTO involved VALUES (?, 'p', ?)", (issuable.id, person_id))
        self.add_note(
            issuable,
            person_id,
            "unapproved this merge request" if gone else "approved this merge request",
            now,
            system=True,
        )
        return not gone

    def toggle_subscription(self, issuable: Issuable, person_id: int) -> None:
        gone = self._connection.execute(
            "DELETE FROM involved WHERE issuable_id = ? AND role = 's' AND person_id = ?", (issuable.id, person_id)
        ).rowcount
        if not gone:
            self._connection.execute("INSERT INTO involved VALUES (?, 's', ?)", (issuable.id, person_id))

    # --- labels and milestones of a project ---

    def create_label(self, project_id: int, name: str, description: str, color: str) -> bool:
        """False if the name is taken."""
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO label (project_id, name, description, color) VALUES (?, ?, ?, ?)",
            (project_id, name, description, color),
        )
        return cursor.rowcount > 0

    def delete_label(self, project_id: int, label_id: int) -> None:
        rows = self._connection.execute("SELECT issuable_id FROM labelled WHERE label_id = ?", (label_id,)).fetchall()
        if self._connection.execute(
            "DELETE FROM label WHERE id = ? AND project_id = ?", (label_id, project_id)
        ).rowcount:
            self._connection.execute("DELETE FROM labelled WHERE label_id = ?", (label_id,))
            for (id,) in rows:
                left = self._connection.execute(
                    "SELECT l.name, l.color FROM labelled x JOIN label l ON l.id = x.label_id WHERE x.issuable_id = ? ORDER BY lower(l.name)",
                    (id,),
                ).fetchall()
                self._connection.execute(
                    "UPDATE issuable SET labels = ? WHERE id = ?",
                    (json.dumps([tuple(row) for row in left], ensure_ascii=False), id),
                )

    def create_milestone(
        self, project_id: int, title: str, description: str, start_on: str | None, due_on: str | None
    ) -> int:
        """Returns its number in the project."""
        (iid,) = self._connection.execute(
            "SELECT coalesce(max(iid), 0) + 1 FROM milestone WHERE project_id = ?", (project_id,)
        ).fetchone()
        self._connection.execute(
            "INSERT INTO milestone (project_id, iid, title, description, open, start_on, due_on) VALUES (?, ?, ?, ?, 1, ?, ?)",
            (project_id, iid, title, description, start_on, due_on),
        )
        return iid

    def set_milestone_open(self, milestone_id: int, is_open: bool) -> None:
        self._connection.execute("UPDATE milestone SET open = ? WHERE id = ?", (is_open, milestone_id))

    # --- to-dos and events ---

    def add_todo(self, person_id: int, author_id: int, issuable: Issuable, action: str, now: int) -> None:
        if person_id != author_id or action == "marked":
            self._connection.execute(
                "INSERT INTO todo (person_id, author_id, issuable_id, action, done, created_at) VALUES (?, ?, ?, ?, 0, ?)",
                (person_id, author_id, issuable.id, action, now),
            )

    def log(
        self, person_id: int, project_id: int, action: str, issuable_id: int | None, now: int, text: str = ""
    ) -> None:
        """Something for the activity pages."""
        self._connection.execute(
            "INSERT INTO event (person_id, project_id, action, issuable_id, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            (person_id, project_id, action, issuable_id, text[:500], now),
        )

    def _count(self, project_id: int, now: int) -> None:
        self._connection.execute(
            "UPDATE project SET updated_at = ?1, "
            "open_issues = (SELECT count(*) FROM issuable WHERE project_id = ?2 AND kind = 0 AND state = 'opened'), "
            "open_merge_requests = (SELECT count(*) FROM issuable WHERE project_id = ?2 AND kind = 1 AND state = 'opened') WHERE id = ?2",
            (now, project_id),
        )


def _is_draft(kind: int, title: str) -> bool:
    return kind == MERGE_REQUEST and title.lower().startswith(("draft:", "[draft]", "(draft)"))


__all__ = ["ISSUE", "MERGE_REQUEST", "Tickets"]
