"""Repositories: references, histories, trees, files.

A branch is the default branch's history up to some commit, then its own commits; likewise its files are those of the default
branch except where it has rows of its own. Not covered: the tree of an older commit, which shows the files of today.
"""

from __future__ import annotations

import re
import sqlite3
from typing import NamedTuple

from .projects import Project

_REVISION = "r.id, r.sha, r.title, r.body, r.at, a.name, a.email, r.branch_id, r.seq"
_AT, _SEQ = 5, 9  # places of these columns, as a compound SELECT is ordered by
# Commits of one branch, after one place and up to another. The pluses keep SQLite from walking them by place and sorting them
# all, where an index has them by date.
_PART = "r.branch_id = ? AND +r.seq > ? AND +r.seq <= ?"
# The files that a branch has rows of, with a commit of one branch: its own (it changed them), or the default one's (it keeps
# how they were before the default branch changed them).
_BRANCH_FILES = (
    "SELECT f.path, f.content, f.revision_id FROM file f JOIN revision r ON r.id = f.revision_id "
    "WHERE f.project_id = ? AND f.branch_id = ? AND r.branch_id = ?"
)
# A branch has the commit r, or a copy of it.
_KNOWN = "EXISTS (SELECT 1 FROM revision o WHERE o.sha = r.sha AND ((o.branch_id = ? AND o.seq <= ?) OR (o.branch_id = ? AND o.seq <= ?)))"
_SHA = re.compile(r"[0-9a-f]{8,40}")
DAY = 86_400


class Ref(NamedTuple):
    """A branch, tag or commit: ``kind`` says which. Its history is what ``branch_id`` and, up to ``base_seq``, ``trunk_id`` hold."""

    name: str
    kind: str
    branch_id: int
    trunk_id: int
    base_seq: int
    head_seq: int

    @property
    def is_trunk(self) -> bool:
        return self.branch_id == self.trunk_id

    @property
    def trunk_seq(self) -> int:
        """The newest commit of the default branch that this has."""
        return self.head_seq if self.is_trunk else min(self.base_seq, self.head_seq)


class Revision(NamedTuple):
    """One commit; ``at`` is in seconds, ``seq`` its place in its branch's history."""

    id: int
    sha: str
    title: str
    body: str
    at: int
    author: str
    email: str
    branch_id: int
    seq: int

    @property
    def short_sha(self) -> str:
        return self.sha[:8]

    @property
    def day(self) -> int:
        """Days since 1970, UTC."""
        return self.at // DAY


class Branch(NamedTuple):
    id: int
    name: str
    base_seq: int
    head_seq: int
    protected: int
    updated_at: int
    trunk_head: int
    ahead: int
    """How many of its commits the default branch does not have."""
    head: Revision

    @property
    def behind(self) -> int:
        return self.trunk_head - self.head_seq + self.ahead


class Entry(NamedTuple):
    """A line of a tree: a file, or a folder and the newest commit in it."""

    name: str
    path: str
    is_folder: bool
    revision: Revision


class File(NamedTuple):
    path: str
    content: str
    revision: Revision

    @property
    def size(self) -> int:
        return len(self.content.encode())


class Contributor(NamedTuple):
    name: str
    email: str
    commits: int


class Repository:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # --- references ---

    def trunk(self, project: Project) -> Ref | None:
        """The default branch; None while the repository is empty."""
        return self.branch(project, project.default_branch)

    def branch(self, project: Project, name: str) -> Ref | None:
        row = self._connection.execute(
            "SELECT b.id, b.base_seq, b.head_seq, coalesce(t.id, b.id) FROM branch b LEFT JOIN branch t ON t.project_id = b.project_id AND t.name = ? "
            "WHERE b.project_id = ? AND b.name = ?",
            (project.default_branch, project.id, name),
        ).fetchone()
        return None if row is None else Ref(name, "branch", row[0], row[3], row[1], row[2])

    def ref(self, project: Project, name: str) -> Ref | None:
        """The branch, tag or commit of this name."""
        found = self.branch(project, name)
        if found is not None:
            return found
        row = self._connection.execute(
            "SELECT r.branch_id, r.seq FROM tag t JOIN revision r ON r.id = t.revision_id WHERE t.project_id = ? AND t.name = ?", (project.id, name)
        ).fetchone()  # fmt: skip
        if row is None:
            revision = self.revision(project, name)
            return (
                None
                if revision is None
                else self._at(project, revision.sha, "commit", revision.branch_id, revision.seq)
            )
        return self._at(project, name, "tag", *row)

    def _at(self, project: Project, name: str, kind: str, branch_id: int, seq: int) -> Ref:
        trunk = self.trunk(project)
        row = self._connection.execute("SELECT base_seq FROM branch WHERE id = ?", (branch_id,)).fetchone()
        return Ref(name, kind, branch_id, trunk.branch_id if trunk else branch_id, row[0] if row else 0, seq)

    def split(self, project: Project, text: str) -> tuple[Ref, str] | None:
        """A reference and the path behind it; names of branches may hold slashes, so the longest that fits is taken."""
        parts = text.strip("/").split("/")[:40]
        for count in range(min(len(parts), 8), 0, -1):
            if (found := self.ref(project, "/".join(parts[:count]))) is not None:
                return found, "/".join(parts[count:])
        return None

    def branches(self, project: Project, *, text: str = "", sort: str = "name_asc") -> list[Branch]:
        order = {"updated_desc": "b.updated_at DESC, b.id", "updated_asc": "b.updated_at, b.id"}.get(
            sort, "lower(b.name), b.id"
        )
        rows = self._connection.execute(
            f"SELECT b.id, b.name, b.base_seq, b.head_seq, b.protected, b.updated_at, t.head_seq, "
            "(SELECT count(*) FROM revision n WHERE n.branch_id = b.id AND b.id <> t.id AND n.seq > b.base_seq AND NOT EXISTS "
            f"(SELECT 1 FROM revision o WHERE o.sha = n.sha AND o.branch_id = t.id)), {_REVISION} FROM branch b "
            "JOIN branch t ON t.project_id = b.project_id AND t.name = ?1 "
            "LEFT JOIN revision r ON r.branch_id = CASE WHEN b.head_seq > b.base_seq THEN b.id ELSE t.id END AND r.seq = b.head_seq "
            f"LEFT JOIN author a ON a.id = r.author_id WHERE b.project_id = ?2 AND instr(lower(b.name), ?3) ORDER BY {order}",
            (project.default_branch, project.id, text.lower()),
        )
        return [Branch(*row[:8], Revision(*row[8:])) for row in rows]

    def branch_names(self, project: Project) -> list[str]:
        """The default branch first."""
        rows = self._connection.execute(
            "SELECT name FROM branch WHERE project_id = ? ORDER BY name <> ?, lower(name)",
            (project.id, project.default_branch),
        )
        return [name for (name,) in rows]

    def tags(self, project: Project) -> list[tuple[str, str, Revision]]:
        """(name, message, commit), the newest first."""
        rows = self._connection.execute(
            f"SELECT t.name, t.message, {_REVISION} FROM tag t JOIN revision r ON r.id = t.revision_id JOIN author a ON a.id = r.author_id "
            "WHERE t.project_id = ? ORDER BY r.at DESC, t.id DESC",
            (project.id,),
        )
        return [(row[0], row[1], Revision(*row[2:])) for row in rows]

    # --- history ---

    def revision(self, project: Project, sha: str) -> Revision | None:
        """By its full or shortened name."""
        if not _SHA.fullmatch(sha):
            return None
        row = self._connection.execute(
            f"SELECT {_REVISION} FROM revision r JOIN author a ON a.id = r.author_id JOIN branch b ON b.id = r.branch_id "
            "WHERE r.sha >= ? AND r.sha < ? AND b.project_id = ? LIMIT 1",
            (sha, sha + "g", project.id),
        ).fetchone()
        return None if row is None else Revision(*row)

    def head(self, ref: Ref) -> Revision | None:
        found = self.history(ref, limit=1)
        return found[0] if found else None

    def history(
        self, ref: Ref, *, author: str = "", text: str = "", limit: int = 40, offset: int = 0
    ) -> list[Revision]:
        """Commits, newest first; ``author`` is part of a name or email address, ``text`` of a title."""
        filters, given = self._filters(author, text)
        source = " UNION ALL ".join(
            f"SELECT {_REVISION} FROM revision r JOIN author a ON a.id = r.author_id WHERE {_PART}{filters}"
            for _ in _parts(ref)
        )
        values = [value for part in _parts(ref) for value in (*part, *given)]
        rows = self._connection.execute(
            f"{source} ORDER BY {_AT} DESC, {_SEQ} DESC LIMIT ? OFFSET ?", (*values, limit, offset)
        )
        return [Revision(*row) for row in rows]

    def count(self, ref: Ref, *, author: str = "", text: str = "") -> int:
        if not author and not text:
            return ref.head_seq
        filters, given = self._filters(author, text)
        query = f"SELECT count(*) FROM revision r WHERE {_PART}{filters}"
        return sum(self._connection.execute(query, (*part, *given)).fetchone()[0] for part in _parts(ref))

    def days(self, ref: Ref, first: int, last: int, *, author: str = "", text: str = "") -> dict[int, int]:
        """How many commits on each day (since 1970, UTC) from ``first`` to ``last``, with the filters of ``history``."""
        filters, given = self._filters(author, text)
        query = f"SELECT r.at / {DAY}, count(*) FROM revision r WHERE {_PART}{filters} AND r.at >= ? AND r.at < ? GROUP BY 1"
        counts: dict[int, int] = {}
        for part in _parts(ref):
            for day, count in self._connection.execute(query, (*part, *given, first * DAY, (last + 1) * DAY)):
                counts[day] = counts.get(day, 0) + count
        return counts

    def _filters(self, author: str, text: str) -> tuple[str, list[str]]:
        """A condition on the commit r, and its values."""
        condition, values = "", list[str]()
        if author:
            rows = self._connection.execute(
                "SELECT id FROM author WHERE instr(lower(name || ' <' || email || '>'), ?)", (author.lower(),)
            )
            condition = f" AND r.author_id IN ({', '.join(str(id) for (id,) in rows)})"
        if text:
            condition += " AND instr(lower(r.title), ?)"
            values.append(text.lower())
        return condition, values

    def between(self, base: Ref, ref: Ref, limit: int = 100) -> list[Revision]:
        """The commits of branch ``ref`` that branch ``base`` does not have, newest first."""
        parts = [] if ref.is_trunk else [(ref.branch_id, ref.base_seq, ref.head_seq)]
        parts.append((ref.trunk_id, base.trunk_seq, ref.trunk_seq))
        where = " OR ".join("(r.branch_id = ? AND r.seq > ? AND r.seq <= ?)" for _ in parts)
        rows = self._connection.execute(
            f"SELECT {_REVISION} FROM revision r JOIN author a ON a.id = r.author_id WHERE ({where}) AND NOT {_KNOWN} "
            "ORDER BY r.at DESC, r.seq DESC LIMIT ?",
            (*(value for part in parts for value in part), *_known(base), limit),
        )
        return [Revision(*row) for row in rows]

    def contributors(self, ref: Ref, limit: int = 100) -> list[Contributor]:
        """By number of commits."""
        parts = _parts(ref)
        source = " UNION ALL ".join(
            "SELECT author_id FROM revision WHERE branch_id = ? AND seq > ? AND seq <= ?" for _ in parts
        )
        rows = self._connection.execute(
            f"SELECT a.name, a.email, c.n FROM (SELECT author_id, count(*) AS n FROM ({source}) GROUP BY author_id) c "
            "JOIN author a ON a.id = c.author_id ORDER BY c.n DESC, a.id LIMIT ?",
            (*(value for part in parts for value in part), limit),
        )
        return [Contributor(*row) for row in rows]

    def changes(self, project: Project, revision: Revision) -> list[sqlite3.Row]:
        """What a commit changed: path, text before and after (None: not there); empty for commits of the seed, whose diffs are not kept."""
        return self._connection.execute(
            "SELECT path, before, after FROM change WHERE revision_id = ? ORDER BY id", (revision.id,)
        ).fetchall()

    # --- files ---

    def paths(self, project: Project, ref: Ref) -> dict[str, int]:
        """Path -> id of the commit that touched it last."""
        files = dict(
            self._connection.execute(
                "SELECT path, revision_id FROM file WHERE project_id = ? AND branch_id IS NULL", (project.id,)
            ).fetchall()
        )
        if not ref.is_trunk:
            rows = self._connection.execute(
                "SELECT path, revision_id, content IS NULL FROM file WHERE project_id = ? AND branch_id = ?",
                (project.id, ref.branch_id),
            )
            for path, revision_id, gone in rows:
                if gone:
                    files.pop(path, None)
                else:
                    files[path] = revision_id
        return files

    def tree(self, project: Project, ref: Ref, folder: str) -> list[Entry] | None:
        """Folders, then files, by name; None if there is no such folder."""
        prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
        newest: dict[tuple[bool, str], int] = {}
        for path, revision_id in self.paths(project, ref).items():
            if path.startswith(prefix):
                name, slash, _ = path[len(prefix) :].partition("/")
                newest[bool(slash), name] = max(newest.get((bool(slash), name), 0), revision_id)
        if prefix and not newest:
            return None
        revisions = self._revisions(set(newest.values()))
        return [
            Entry(name, prefix + name, is_folder, revisions[revision_id])
            for (is_folder, name), revision_id in sorted(
                newest.items(), key=lambda one: (not one[0][0], one[0][1].lower(), one[0][1])
            )
        ]

    def _revisions(self, ids: set[int]) -> dict[int, Revision]:
        marks = ", ".join("?" * len(ids))
        rows = self._connection.execute(
            f"SELECT {_REVISION} FROM revision r JOIN author a ON a.id = r.author_id WHERE r.id IN ({marks})",
            sorted(ids),
        )
        return {row[0]: Revision(*row) for row in rows}

    def file(self, project: Project, ref: Ref, path: str) -> File | None:
        """A file as the branch has it."""
        row = None
        if not ref.is_trunk:
            row = self._connection.execute(
                "SELECT content, revision_id FROM file WHERE project_id = ? AND branch_id = ? AND path = ?",
                (project.id, ref.branch_id, path),
            ).fetchone()
        if row is None:
            row = self._connection.execute(
                "SELECT content, revision_id FROM file WHERE project_id = ? AND branch_id IS NULL AND path = ?",
                (project.id, path),
            ).fetchone()
        if row is None or row[0] is None:
            return None
        return File(path, row[0], self._revisions({row[1]})[row[1]])

    def readme(self, project: Project, ref: Ref, folder: str) -> File | None:
        prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
        return self.file(project, ref, f"{prefix}README.md")

    def differing(self, project: Project, base: Ref, ref: Ref) -> list[tuple[str, str | None, str | None]]:
        """(path, text in ``base``, text in ``ref``) of the files that merging branch ``ref`` into ``base`` would change."""
        paths = set(self.own_files(project, ref, base))
        if ref.trunk_seq > base.trunk_seq:  # the base keeps how files were before the default branch changed them
            rows = self._connection.execute(_BRANCH_FILES, (project.id, base.branch_id, base.trunk_id))
            paths |= {path for path, _, _ in rows}
        texts = [
            (path, self._content(project, base, path), self._content(project, ref, path)) for path in sorted(paths)
        ]
        return [text for text in texts if text[1] != text[2]]

    def own_files(self, project: Project, ref: Ref, base: Ref) -> dict[str, tuple[str | None, int]]:
        """Path -> (text, id of the commit) of the files that a branch changed itself, unless ``base`` has the commit too."""
        if ref.is_trunk:
            return {}
        rows = self._connection.execute(
            f"{_BRANCH_FILES} AND NOT {_KNOWN} ORDER BY f.id", (project.id, ref.branch_id, ref.branch_id, *_known(base))
        )
        return {path: (content, revision_id) for path, content, revision_id in rows}

    def _content(self, project: Project, ref: Ref, path: str) -> str | None:
        found = self.file(project, ref, path)
        return found.content if found else None


def _parts(ref: Ref) -> list[tuple[int, int, int]]:
    """The commits of a reference as (branch, after which, up to which)."""
    if ref.is_trunk:
        return [(ref.branch_id, 0, ref.head_seq)]
    return [(ref.branch_id, ref.base_seq, ref.head_seq), (ref.trunk_id, 0, min(ref.base_seq, ref.head_seq))]


def _known(ref: Ref) -> tuple[int, int, int, int]:
    """The values of ``_KNOWN``."""
    return ref.branch_id, ref.head_seq, ref.trunk_id, ref.trunk_seq
