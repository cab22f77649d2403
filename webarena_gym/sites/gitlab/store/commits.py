"""What writes to repositories: commits, branches, merges, and the drafts of the web editor."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from .projects import Project
from .repository import Ref, Repository

MAX_FILE_CHARS = 400_000


class Edit(NamedTuple):
    """One file of a commit: its new text, None to delete it."""

    path: str
    content: str | None


class Commits:
    def __init__(self, connection: sqlite3.Connection, repository: Repository) -> None:
        self._connection, self._repository = connection, repository

    def commit(
        self, project: Project, branch: str, edits: Sequence[Edit], message: str, *, name: str, email: str, now: int
    ) -> str:
        """Commit to a branch, which must exist unless the repository is empty; returns the commit's SHA."""
        ref = self._repository.branch(project, branch) or self._first_branch(project, branch, now)
        revision_id, sha = self._append(project, ref, message, name, email, now)
        for edit in edits:
            before = self._repository.file(project, ref, edit.path)
            self._connection.execute(
                "INSERT INTO change (revision_id, path, before, after) VALUES (?, ?, ?, ?)",
                (revision_id, edit.path, before.content if before else None, edit.content),
            )
            self._write(project, ref, edit, revision_id)
        self._refresh(project, now)
        return sha

    def _first_branch(self, project: Project, name: str, now: int) -> Ref:
        cursor = self._connection.execute(
            "INSERT INTO branch (project_id, name, base_seq, head_seq, protected, updated_at) VALUES (?, ?, 0, 0, 1, ?)",
            (project.id, name, now),
        )
        if name != project.default_branch:
            self._connection.execute("UPDATE project SET default_branch = ? WHERE id = ?", (name, project.id))
        assert cursor.lastrowid is not None
        return Ref(name, "branch", cursor.lastrowid, cursor.lastrowid, 0, 0)

    def _append(self, project: Project, ref: Ref, message: str, name: str, email: str, now: int) -> tuple[int, str]:
        (seq,) = self._connection.execute("SELECT head_seq + 1 FROM branch WHERE id = ?", (ref.branch_id,)).fetchone()
        title, _, body = message.strip().partition("\n")
        sha = hashlib.sha1(
            f"{project.id}\n{ref.branch_id}\n{seq}\n{now}\n{message}".encode("utf-8", "replace")
        ).hexdigest()
        self._connection.execute("INSERT OR IGNORE INTO author (name, email) VALUES (?, ?)", (name, email))
        (author_id,) = self._connection.execute(
            "SELECT id FROM author WHERE name = ? AND email = ?", (name, email)
        ).fetchone()
        cursor = self._connection.execute(
            "INSERT INTO revision (branch_id, seq, sha, author_id, title, body, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (ref.branch_id, seq, sha, author_id, title or "Update", body.strip(), now),
        )
        self._connection.execute(
            "UPDATE branch SET head_seq = ?, updated_at = ? WHERE id = ?", (seq, now, ref.branch_id)
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid, sha

    def _write(self, project: Project, ref: Ref, edit: Edit, revision_id: int) -> None:
        """Put a file's new state down. What other branches see of the default branch stays as it was for them."""
        if ref.is_trunk:
            self._keep_for_others(project, ref, edit.path)
            self._connection.execute(
                "DELETE FROM file WHERE project_id = ? AND branch_id IS NULL AND path = ?", (project.id, edit.path)
            )
            if edit.content is not None:
                self._insert(project.id, None, edit.path, edit.content, revision_id)
            return
        self._connection.execute(
            "DELETE FROM file WHERE project_id = ? AND branch_id = ? AND path = ?",
            (project.id, ref.branch_id, edit.path),
        )
        self._insert(project.id, ref.branch_id, edit.path, edit.content, revision_id)

    def _insert(self, project_id: int, branch_id: int | None, path: str, content: str | None, revision_id: int) -> None:
        self._connection.execute(
            "INSERT INTO file (project_id, branch_id, path, content, revision_id) VALUES (?, ?, ?, ?, ?)", (project_id, branch_id, path, content, revision_id)
        )  # fmt: skip

    def _keep_for_others(self, project: Project, trunk: Ref, path: str) -> None:
        old = self._connection.execute(
            "SELECT content, revision_id FROM file WHERE project_id = ? AND branch_id IS NULL AND path = ?",
            (project.id, path),
        ).fetchone()
        rows = self._connection.execute(
            "SELECT b.id FROM branch b WHERE b.project_id = ? AND b.id <> ? AND NOT EXISTS "
            "(SELECT 1 FROM file f WHERE f.project_id = b.project_id AND f.branch_id = b.id AND f.path = ?)",
            (project.id, trunk.branch_id, path),
        ).fetchall()
        # A file that was not there needs a commit of the default branch too, so that nobody takes it for the branch's own.
        (head,) = self._connection.execute(
            "SELECT max(id) FROM revision WHERE branch_id = ?", (trunk.branch_id,)
        ).fetchone()
        for (branch_id,) in rows:
            self._insert(project.id, branch_id, path, old[0] if old else None, old[1] if old else head)

    def _refresh(self, project: Project, now: int) -> None:
        """The counts that the project's row keeps."""
        self._connection.execute(
            "UPDATE project SET updated_at = ?1, branches = (SELECT count(*) FROM branch WHERE project_id = ?2), "
            "commits = coalesce((SELECT head_seq FROM branch WHERE project_id = ?2 AND name = project.default_branch), 0), "
            "storage_kb = max(storage_kb, 72) WHERE id = ?2",
            (now, project.id),
        )

    # --- branches ---

    def create_branch(self, project: Project, name: str, origin: Ref, now: int) -> None:
        """A branch that starts where ``origin`` stands. The name must be free."""
        cursor = self._connection.execute(
            "INSERT INTO branch (project_id, name, base_seq, head_seq, protected, updated_at) VALUES (?, ?, ?, ?, 0, ?)",
            (project.id, name, origin.trunk_seq, origin.head_seq, now),
        )
        assert cursor.lastrowid is not None
        if not origin.is_trunk:
            twins = self._copy_revisions(origin.branch_id, origin.trunk_seq, origin.head_seq, cursor.lastrowid, 0)
            rows = self._connection.execute(
                "SELECT path, content, revision_id FROM file WHERE project_id = ? AND branch_id = ? ORDER BY id",
                (project.id, origin.branch_id),
            ).fetchall()
            for path, content, revision_id in rows:
                self._insert(project.id, cursor.lastrowid, path, content, twins.get(revision_id, revision_id))
        self._refresh(project, now)

    def _copy_revisions(self, origin_id: int, after: int, until: int, branch_id: int, shift: int) -> dict[int, int]:
        """Give a branch another's commits, each ``shift`` places on; returns old id -> new id."""
        rows = self._connection.execute(
            "SELECT id, seq + ?, sha, author_id, title, body, at FROM revision WHERE branch_id = ? AND seq > ? AND seq <= ? ORDER BY seq",
            (shift, origin_id, after, until),
        ).fetchall()
        twins: dict[int, int] = {}
        for old_id, *values in rows:
            cursor = self._connection.execute(
                "INSERT INTO revision (branch_id, seq, sha, author_id, title, body, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (branch_id, *values),
            )
            assert cursor.lastrowid is not None
            twins[old_id] = cursor.lastrowid
            self._connection.execute(
                "INSERT INTO change (revision_id, path, before, after) SELECT ?, path, before, after FROM change WHERE revision_id = ? ORDER BY id",
                (cursor.lastrowid, old_id),
            )
        return twins

    def delete_branch(self, project: Project, ref: Ref, now: int) -> None:
        """Any branch but the default one, with the commits that only it has."""
        self._connection.execute(
            "DELETE FROM change WHERE revision_id IN (SELECT id FROM revision WHERE branch_id = ?)", (ref.branch_id,)
        )
        self._connection.execute("DELETE FROM revision WHERE branch_id = ?", (ref.branch_id,))
        self._connection.execute("DELETE FROM file WHERE project_id = ? AND branch_id = ?", (project.id, ref.branch_id))
        self._connection.execute("DELETE FROM draft WHERE project_id = ? AND branch = ?", (project.id, ref.name))
        self._connection.execute("DELETE FROM branch WHERE id = ?", (ref.branch_id,))
        self._refresh(project, now)

    def merge(
        self, project: Project, source: Ref, target: Ref, message: str, *, name: str, email: str, now: int
    ) -> int:
        """Bring a branch's commits and files into another; returns the id of the merge commit.

        The source stays as it is: the target gets copies of its commits, which share their SHAs. There are no conflicts: where
        both changed a file the source wins, unless it is the default branch.
        """
        if source.trunk_seq > target.trunk_seq:
            target = self._catch_up(project, source, target)
        files = self._repository.own_files(project, source, target)
        twins: dict[int, int] = {}
        head = target.head_seq
        for revision in reversed(self._repository.between(target, source, limit=-1)):
            head += 1
            twins |= self._copy_revisions(
                revision.branch_id, revision.seq - 1, revision.seq, target.branch_id, head - revision.seq
            )
        self._connection.execute("UPDATE branch SET head_seq = ? WHERE id = ?", (head, target.branch_id))
        merge_id, _ = self._append(project, target, message, name, email, now)
        for path, (content, revision_id) in files.items():
            self._write(project, target, Edit(path, content), twins.get(revision_id, merge_id))
        self._refresh(project, now)
        return merge_id

    def _catch_up(self, project: Project, source: Ref, target: Ref) -> Ref:
        """Move the place where ``target`` leaves the default branch on to where ``source`` does; returns what it is then."""
        base = source.trunk_seq
        own = self._connection.execute(
            "SELECT r.id, EXISTS (SELECT 1 FROM revision o WHERE o.sha = r.sha AND o.branch_id = ? AND o.seq <= ?) FROM revision r "
            "WHERE r.branch_id = ? AND r.seq > ? ORDER BY r.seq DESC",
            (target.trunk_id, base, target.branch_id, target.base_seq),
        ).fetchall()
        known = [id for id, is_known in own if is_known]
        kept = [id for id, is_known in own if not is_known]
        marks = ", ".join("?" * len(known))
        self._connection.execute(
            "DELETE FROM file WHERE project_id = ? AND branch_id = ? AND "
            f"(revision_id IN ({marks}) OR revision_id IN (SELECT id FROM revision WHERE branch_id = ?))",
            (project.id, target.branch_id, *known, target.trunk_id),
        )
        self._connection.execute(f"DELETE FROM change WHERE revision_id IN ({marks})", known)
        self._connection.execute(f"DELETE FROM revision WHERE id IN ({marks})", known)
        for number, id in enumerate(kept):  # from the newest on, so that no two ever have one place
            self._connection.execute("UPDATE revision SET seq = ? WHERE id = ?", (base + len(kept) - number, id))
        self._connection.execute(
            "UPDATE branch SET base_seq = ?, head_seq = ? WHERE id = ?", (base, base + len(kept), target.branch_id)
        )
        if not source.is_trunk:  # what the source keeps of the default branch's past is the target's past now
            self._connection.execute(
                "INSERT INTO file (project_id, branch_id, path, content, revision_id) SELECT project_id, ?1, path, content, revision_id FROM file f "
                "WHERE project_id = ?2 AND branch_id = ?3 AND revision_id IN (SELECT id FROM revision WHERE branch_id = ?4) AND NOT EXISTS "
                "(SELECT 1 FROM file o WHERE o.project_id = ?2 AND o.branch_id = ?1 AND o.path = f.path) ORDER BY f.id",
                (target.branch_id, project.id, source.branch_id, target.trunk_id),
            )
        return target._replace(base_seq=base, head_seq=base + len(kept))

    def fork(self, project: Project, made: Project, now: int) -> None:
        """Copy the default branch and the files of ``project`` into the empty project ``made``."""
        trunk = self._repository.trunk(project)
        self._connection.execute(
            "UPDATE project SET forked_from = ?, default_branch = ?, domain = ? WHERE id = ?",
            (project.id, project.default_branch, project.domain, made.id),
        )
        self._connection.execute("UPDATE project SET forks = forks + 1 WHERE id = ?", (project.id,))
        if trunk is None:
            return
        cursor = self._connection.execute(
            "INSERT INTO branch (project_id, name, base_seq, head_seq, protected, updated_at) VALUES (?, ?, 0, ?, 1, ?)",
            (made.id, project.default_branch, trunk.head_seq, now),
        )
        self._connection.execute(
            "INSERT INTO revision (branch_id, seq, sha, author_id, title, body, at) SELECT ?, seq, sha, author_id, title, body, at FROM revision WHERE branch_id = ?",
            (cursor.lastrowid, trunk.branch_id),
        )
        self._connection.execute(
            "INSERT INTO file (project_id, branch_id, path, content, revision_id) SELECT ?, NULL, f.path, f.content, n.id FROM file f "
            "JOIN revision o ON o.id = f.revision_id JOIN revision n ON n.branch_id = ? AND n.seq = o.seq WHERE f.project_id = ? AND f.branch_id IS NULL",
            (made.id, cursor.lastrowid, project.id),
        )
        forked = made._replace(default_branch=project.default_branch)
        self._refresh(forked, now)

    # --- drafts of the web editor ---

    def drafts(self, person_id: int, project: Project, branch: str) -> list[Edit]:
        rows = self._connection.execute(
            "SELECT path, content FROM draft WHERE person_id = ? AND project_id = ? AND branch = ? ORDER BY id",
            (person_id, project.id, branch),
        )
        return [Edit(*row) for row in rows]

    def set_draft(self, person_id: int, project: Project, branch: str, edit: Edit) -> None:
        self._connection.execute(
            "INSERT INTO draft (person_id, project_id, branch, path, content) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (person_id, project_id, branch, path) DO UPDATE SET content = excluded.content",
            (person_id, project.id, branch, edit.path, edit.content),
        )

    def drop_draft(self, person_id: int, project: Project, branch: str, path: str) -> None:
        self._connection.execute(
            "DELETE FROM draft WHERE person_id = ? AND project_id = ? AND branch = ? AND path = ?",
            (person_id, project.id, branch, path),
        )

    def clear_drafts(self, person_id: int, project: Project, branch: str) -> None:
        self._connection.execute(
            "DELETE FROM draft WHERE person_id = ? AND project_id = ? AND branch = ?", (person_id, project.id, branch)
        )
