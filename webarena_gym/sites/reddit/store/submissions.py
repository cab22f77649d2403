"""Submissions: one, or a page of those that a listing shows, and everything that changes one."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..markdown import markdown
from ..seeding.seeds import ranking
from ..text import host, slug

PAGE = 25
_COLUMNS = (
    "s.id, f.name, f.id, u.name, s.user_id, s.title, s.slug, s.url, s.host, s.image, s.body, s.body_html, s.flag, s.created, "
    "s.edited, s.up, s.down, s.score, s.comment_count, s.sticky, s.locked, s.visibility, v.choice"
)
_FROM = (
    "FROM submission s JOIN forum f ON f.id = s.forum_id JOIN user u ON u.id = s.user_id "
    "LEFT JOIN vote v ON v.user_id = :visitor AND v.kind = 's' AND v.target_id = s.id"
)
# What each sort mode orders by, beside the id, and whether the highest stands first; the names are those of page addresses.
SORT_FIELDS: Mapping[str, tuple[str | None, bool]] = {
    "hot": ("ranking", True),
    "new": (None, True),
    "active": ("last_active", True),
    "top": ("score", True),
    "controversial": ("score", False),
    "most_commented": ("comment_count", True),
}


class Submission(NamedTuple):
    id: int
    forum: str
    forum_id: int
    author: str
    user_id: int
    title: str
    slug: str
    url: str
    host: str
    image: str
    body: str
    body_html: str
    flag: str
    created: int
    edited: int | None
    up: int
    down: int
    score: int
    comment_count: int
    sticky: bool
    locked: bool
    visibility: str
    choice: int | None
    """The visitor's own vote: 1, -1, or None."""

    @property
    def path(self) -> str:
        return f"/f/{self.forum}/{self.id}/{self.slug}"

    @property
    def link(self) -> str:
        """Where the title leads on the real site: to what was submitted, else to the submission."""
        return self.url or (f"/submission_images/{self.image}" if self.image else self.path)


class Listing(NamedTuple):
    """What a page lists: ``condition`` is SQL on ``s`` with named ``values``; ``after`` is the cursor of the page before.

    With ``few_forums`` the condition names some forums, whose submissions are read and sorted; going through all of the site
    in its order until a page is full would take longer, most of all where there are too few.
    """

    sort: str
    condition: str = "1"
    values: Mapping[str, int | str] = {}
    hours: int | None = None
    after: tuple[int | None, int] | None = None
    stickies_first: bool = False
    few_forums: bool = False


class Submissions:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, submission_id: int, visitor: int | None = None) -> Submission | None:
        """A submission in any state, with the visitor's vote."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE s.id = :id", {"id": submission_id, "visitor": visitor}
        ).fetchone()
        return None if row is None else Submission(*row)

    def several(self, ids: Sequence[int], visitor: int | None) -> dict[int, Submission]:
        marks = ", ".join(map(str, map(int, ids)))
        rows = self._connection.execute(f"SELECT {_COLUMNS} {_FROM} WHERE s.id IN ({marks})", {"visitor": visitor})
        return {row[0]: Submission(*row) for row in rows}

    def page(self, listing: Listing, visitor: int | None, now: int) -> tuple[list[Submission], dict[str, int] | None]:
        """One page, and the cursor of the next one by field name, None on the last page.

        The order is total: equal values are told apart by id.
        """
        field, descending = SORT_FIELDS[listing.sort]
        direction, sign = ("DESC", "<") if descending else ("ASC", ">")
        order = f"s.{field} {direction}, s.id {direction}" if field else f"s.id {direction}"
        scan = "+" if listing.few_forums else ""  # keeps SQLite from following the order's index
        conditions = ["s.visibility = 'visible'", listing.condition]
        values: dict[str, int | str | None] = {**listing.values, "visitor": visitor, "limit": PAGE + 1}
        if listing.hours is not None:
            conditions.append("s.created > :since")
            values["since"] = now - listing.hours * 3600
        if listing.after is not None:
            values["after"], values["after_id"] = listing.after
            conditions.append(f"(s.{field}, s.id) {sign} (:after, :after_id)" if field else f"s.id {sign} :after_id")
            if listing.stickies_first:
                conditions.append("NOT s.sticky")
        elif listing.stickies_first:
            order = f"s.sticky DESC, {order}"
        # The ids first: sorting whole rows costs more than finding a page of them again.
        ids = (
            f"SELECT s.id FROM submission s JOIN forum f ON f.id = s.forum_id WHERE {' AND '.join(conditions)} "
            f"ORDER BY {scan}{order} LIMIT :limit"
        )
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, {f's.{field}' if field else 's.id'} {_FROM} WHERE s.id IN ({ids}) ORDER BY {order}",
            values,
        ).fetchall()
        found = [Submission(*row[:-1]) for row in rows[:PAGE]]
        if len(rows) <= PAGE:
            return found, None
        cursor = {"id": found[-1].id}
        return found, ({field: rows[PAGE - 1][-1]} | cursor if field else cursor)

    def create(self, user_id: int, forum_id: int, title: str, url: str, image: str, body: str, now: int) -> int:
        """A new submission with its author's own upvote; its id is one above the highest."""
        html = markdown(body) if body else ""
        cursor = self._connection.execute(
            "INSERT INTO submission (forum_id, user_id, title, slug, url, host, image, body, body_html, flag, created, edited, "
            "last_active, up, down, score, comment_count, ranking, sticky, locked, visibility) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, NULL, ?, 1, 0, 1, 0, ?, 0, 0, 'visible')",
            (forum_id, user_id, title, slug(title), url, host(url), image, body, html, now, now, ranking(now, 1)),
        )
        submission_id = cursor.lastrowid
        assert submission_id is not None
        self._connection.execute("INSERT INTO vote VALUES (?, 's', ?, 1)", (user_id, submission_id))
        self._connection.execute("UPDATE forum SET submission_count = submission_count + 1 WHERE id = ?", (forum_id,))
        self._index(submission_id, title, body)
        return submission_id

    def update(self, submission: Submission, title: str, url: str, body: str, now: int) -> None:
        """Change what was submitted; ``edited`` is set if anything differs."""
        if (title, url, body) == (submission.title, submission.url, submission.body):
            return
        self._unindex(submission)
        self._index(submission.id, title, body)
        self._connection.execute(
            "UPDATE submission SET title = ?, slug = ?, url = ?, host = ?, body = ?, body_html = ?, edited = ? WHERE id = ?",
            (title, slug(title), url, host(url), body, markdown(body) if body else "", now, submission.id),
        )

    def remove(self, submission: Submission, visibility: str) -> None:
        """Take it out of all lists: "deleted" by its author, "trashed" by a moderator."""
        if submission.visibility != "visible":
            return
        self._unindex(submission)
        self._connection.execute("UPDATE submission SET visibility = ? WHERE id = ?", (visibility, submission.id))
        self._connection.execute(
            "UPDATE forum SET submission_count = submission_count - 1 WHERE id = ?", (submission.forum_id,)
        )

    def set_flag(self, submission_id: int, flag: str, value: bool) -> None:
        """Set "sticky" or "locked"."""
        assert flag in ("sticky", "locked")
        self._connection.execute(f"UPDATE submission SET {flag} = ? WHERE id = ?", (value, submission_id))

    def _index(self, submission_id: int, title: str, body: str) -> None:
        self._connection.execute(
            "INSERT INTO submission_search (rowid, title, body) VALUES (?, ?, ?)", (submission_id, title, body)
        )

    def _unindex(self, submission: Submission) -> None:
        self._connection.execute(
            "INSERT INTO submission_search (submission_search, rowid, title, body) VALUES ('delete', ?, ?, ?)",
            (submission.id, submission.title, submission.body),
        )
