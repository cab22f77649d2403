"""A submission's own pages: with its comments nested or in a row, and with one thread alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from ...base import see_other
from ..store import RedditStore
from ..store.comments import Comment, Context, tree
from ..store.forums import Forum
from ..store.submissions import Submission
from .common import draft, in_forum, not_found, visitor
from .forums import forum_page


def on_submission(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, forum, submission, **values)`` for one that is in this forum and shown, else 404."""

    def found(store: RedditStore, forum: Forum, submission_id: int, slug: str = "", _: str = "", **values: Any) -> Any:
        submission = store.submissions.one(submission_id, visitor(store).user_id)
        if submission is None or submission.forum_id != forum.id or submission.visibility != "visible":
            return not_found(store)
        return handler(store, forum, submission, **values)

    found.__name__, found.__doc__ = handler.__name__, handler.__doc__
    return in_forum(found)


def shortcut(store: RedditStore, submission_id: int) -> Response:
    """GET /<id>: to the submission's own address."""
    submission = store.submissions.one(submission_id)
    if submission is None or submission.visibility != "visible":
        return not_found(store)
    return see_other(submission.path)


@on_submission
def submission(store: RedditStore, forum: Forum, submission: Submission, view: str = "nested") -> Response:
    """GET /f/<forum>/<id>, with any slug, and with /nested or /linear behind it."""
    comments = store.comments.of_submission(submission.id, visitor(store).user_id)
    return submission_page(
        store,
        "submission.html",
        forum,
        submission,
        view=view,
        comments=tuple(comments),
        has_comments=any(comment.visibility == "visible" for comment in comments),
        reply_text=draft(store, reply_path(submission)).get("comment", ""),
    )


@on_submission
def thread(store: RedditStore, forum: Forum, submission: Submission, comment_id: int) -> Response:
    """GET …/comment/<id>: one comment with its replies, and the form to answer it."""
    comments = store.comments.of_submission(submission.id, visitor(store).user_id)
    by_id = {comment.id: comment for comment in comments}
    comment = by_id.get(comment_id)
    placed = tree(comments, comment_id)
    if comment is None or (comment.visibility != "visible" and placed == [comment, None]):
        return not_found(store)
    parent = by_id.get(comment.parent_id) if comment.parent_id is not None else None
    context = None
    if parent is not None:
        context = Context(
            comment, forum.name, submission.title, submission.slug, submission.author, parent.author
        )  # fmt: skip
    return submission_page(
        store,
        "thread.html",
        forum,
        submission,
        comment=comment,
        context=context,
        placed=placed,
        reply_text=draft(store, reply_path(submission, comment)).get("comment", ""),
    )


@on_submission
def old_thread(store: RedditStore, forum: Forum, submission: Submission, comment_id: int) -> Response:
    """GET /f/<forum>/<id>/comment/<id>: where threads were before."""
    return see_other(f"{forum.path}/{submission.id}/-/comment/{comment_id}")


def submission_page(
    store: RedditStore, template: str, forum: Forum, submission: Submission, **context: Any
) -> Response:
    """A page with the submission's score and the forum in its side bar."""
    return forum_page(store, template, forum, submission=submission, **context)


def reply_path(submission: Submission, comment: Comment | None = None) -> str:
    """Where an answer to the submission or to one of its comments is posted."""
    path = f"/f/{submission.forum}/{submission.id}/-/comment"
    return path if comment is None else f"{path}/{comment.id}"
