"""Comments: the tree below a submission, lists of them, and everything that changes one."""

from __future__ import annotations

import operator
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ..markdown import markdown

PAGE = 25
DEEPEST = 10  # levels of replies that stand within each other; deeper ones stand below each other
_COLUMNS = (
    "c.id, c.submission_id, c.parent_id, u.name, c.user_id, c.body, c.body_html, c.flag, c.created, c.edited, c.score, "
    "c.visibility, v.choice"
)
_FROM = (
    "FROM comment c JOIN user u ON u.id = c.user_id "
    "LEFT JOIN vote v ON v.user_id = :visitor AND v.kind = 'c' AND v.target_id = c.id"
)


class Comment(NamedTuple):
    id: int
    submission_id: int
    parent_id: int | None
    author: str
    user_id: int
    body: str
    body_html: str
    flag: str
    created: int
    edited: int | None
    score: int
    visibility: str
    choice: int | None
    """The visitor's own vote: 1, -1, or None."""


_SCORE = operator.attrgetter("score")


class Context(NamedTuple):
    """A comment outside its page: the submission it is on and, for a reply, whom it answers."""

    comment: Comment
    forum: str
    title: str
    slug: str
    submitter: str
    parent_author: str | None


class Comments:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, comment_id: int, visitor: int | None = None) -> Comment | None:
        """A comment in any state, with the visitor's vote."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE c.id = :id", {"id": comment_id, "visitor": visitor}
        ).fetchone()
        return None if row is None else Comment(*row)

    def of_submission(self, submission_id: int, visitor: int | None) -> list[Comment]:
        """All comments of a submission, oldest first."""
        cursor = self._connection.cursor()
        cursor.row_factory = None  # hundreds of rows, and nothing but their values is wanted
        cursor.execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE c.submission_id = :id ORDER BY c.id",
            {"id": submission_id, "visitor": visitor},
        )
        return list(map(Comment._make, cursor))

    def page(
        self, condition: str, values: dict[str, int], before: int | None, visitor: int | None
    ) -> tuple[list[Context], int | None]:
        """The newest comments that meet an SQL condition on ``c``, and the id that the next page starts below."""
        older = "" if before is None else "AND c.id < :before "
        rows = self._connection.execute(
            f"SELECT c.id FROM comment c JOIN submission s ON s.id = c.submission_id WHERE c.visibility = 'visible' AND "
            f"s.visibility = 'visible' AND {condition} {older}ORDER BY c.id DESC LIMIT {PAGE + 1}",
            {**values, "before": before},
        ).fetchall()
        ids = [row[0] for row in rows]
        found = self.in_context(ids[:PAGE], visitor)
        return [found[i] for i in ids[:PAGE]], ids[PAGE - 1] if len(ids) > PAGE else None

    def in_context(self, ids: Sequence[int], visitor: int | None) -> dict[int, Context]:
        marks = ", ".join(map(str, map(int, ids)))
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, f.name, s.title, s.slug, author.name, parent_user.name {_FROM} "
            "JOIN submission s ON s.id = c.submission_id JOIN forum f ON f.id = s.forum_id "
            "JOIN user author ON author.id = s.user_id LEFT JOIN comment parent ON parent.id = c.parent_id "
            f"LEFT JOIN user parent_user ON parent_user.id = parent.user_id WHERE c.id IN ({marks})",
            {"visitor": visitor},
        )
        return {row[0]: Context(Comment(*row[:-5]), *row[-5:]) for row in rows}

    def create(self, user_id: int, submission_id: int, parent_id: int | None, body: str, now: int) -> int:
        """A new comment with its author's own upvote; its id is one above the highest."""
        cursor = self._connection.execute(
            "INSERT INTO comment (submission_id, parent_id, user_id, body, body_html, flag, created, edited, up, down, score, "
            "visibility) VALUES (?, ?, ?, ?, ?, '', ?, NULL, 1, 0, 1, 'visible')",
            (submission_id, parent_id, user_id, body, markdown(body), now),
        )
        comment_id = cursor.lastrowid
        assert comment_id is not None
        self._connection.execute("INSERT INTO vote VALUES (?, 'c', ?, 1)", (user_id, comment_id))
        self._connection.execute("INSERT INTO comment_search (rowid, body) VALUES (?, ?)", (comment_id, body))
        self._count(submission_id)
        return comment_id

    def update(self, comment: Comment, body: str, now: int) -> None:
        if body == comment.body:
            return
        self._unindex(comment)
        self._connection.execute("INSERT INTO comment_search (rowid, body) VALUES (?, ?)", (comment.id, body))
        self._connection.execute(
            "UPDATE comment SET body = ?, body_html = ?, edited = ? WHERE id = ?",
            (body, markdown(body), now, comment.id),
        )

    def remove(self, comment: Comment, visibility: str) -> None:
        """Take a comment away: "deleted" by its author, "trashed" by a moderator. Its replies stay."""
        if comment.visibility == "visible":
            self._unindex(comment)
            self._connection.execute("UPDATE comment SET visibility = ? WHERE id = ?", (visibility, comment.id))
            self._count(comment.submission_id)

    def thread_ids(self, comment: Comment) -> list[int]:
        """The comment and everything below it."""
        rows = self._connection.execute(
            "WITH RECURSIVE below (id) AS (VALUES (:id) UNION SELECT c.id FROM comment c JOIN below ON c.parent_id = below.id "
            "WHERE c.submission_id = :submission) SELECT id FROM below ORDER BY id",
            {"id": comment.id, "submission": comment.submission_id},
        )
        return [row[0] for row in rows]

    def _count(self, submission_id: int) -> None:
        """Bring the submission's count of comments and the time of the last one up to date."""
        self._connection.execute(
            "UPDATE submission SET (comment_count, last_active) = (SELECT count(*), max(coalesce(max(c.created), 0), "
            "submission.created) FROM comment c WHERE c.submission_id = submission.id AND c.visibility = 'visible') WHERE id = ?",
            (submission_id,),
        )

    def _unindex(self, comment: Comment) -> None:
        self._connection.execute(
            "INSERT INTO comment_search (comment_search, rowid, body) VALUES ('delete', ?, ?)",
            (comment.id, comment.body),
        )


def tree(comments: Sequence[Comment], root: int | None = None) -> list[Comment | None]:
    """Comments as a page shows them: replies below what they answer, best first; all of them, or the thread of ``root``.

    ``None`` ends the latest comment that has not ended. What was deleted or trashed shows only where a visible reply hangs
    below it.
    """
    children: dict[int | None, list[Comment]] = {}
    answered: set[int | None] = set()
    for comment in reversed(comments):  # a reply is newer than what it answers
        if comment.visibility == "visible" or comment.id in answered:
            parent_id = comment.parent_id
            answered.add(parent_id)
            if parent_id in children:
                children[parent_id].append(comment)
            else:
                children[parent_id] = [comment]
    for siblings in children.values():
        if len(siblings) > 1:
            siblings.reverse()  # oldest first, which stay so where scores are equal
            siblings.sort(key=_SCORE, reverse=True)
    tops = children.get(None, []) if root is None else [c for c in comments if c.id == root]
    placed: list[Comment | None] = []
    levels = [iter(tops)]
    while levels:
        for comment in levels[-1]:
            placed.append(comment)
            replies = children.get(comment.id)
            if replies is None:
                placed.append(None)
            else:
                if len(levels) > DEEPEST:  # its replies stand below it and not within it
                    placed.append(None)
                levels.append(iter(replies))
                break
        else:
            levels.pop()
            if 0 < len(levels) <= DEEPEST:
                placed.append(None)
    return placed
