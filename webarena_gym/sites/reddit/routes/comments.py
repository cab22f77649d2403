"""Writing, editing and deleting comments."""

from __future__ import annotations

from flask import Response

from ...base import safe_referrer, see_other
from ..store import RedditStore
from ..store.comments import Comment
from ..store.forums import Forum
from ..store.submissions import Submission
from .common import draft, flash, forbidden, not_found, send_back, text_field, visitor
from .submissions import on_submission, reply_path, submission_page

_EMPTY = "The comment must not be empty."


def comment_path(submission: Submission, comment_id: int) -> str:
    """A comment's own page, under the submission's full address."""
    return f"{submission.path}/comment/{comment_id}"


@on_submission
def post(store: RedditStore, forum: Forum, submission: Submission, comment_id: int | None = None) -> Response:
    """POST …/comment and …/comment/<id>: an answer to the submission or to a comment; to the new comment's page."""
    user = visitor(store).user
    if user is None:
        return see_other("/login")
    parent = None if comment_id is None else store.comments.one(comment_id)
    if comment_id is not None and (parent is None or parent.submission_id != submission.id):
        return not_found(store)
    field = f"reply_to_submission_{submission.id}" if parent is None else f"reply_to_comment_{parent.id}"
    body = text_field(f"{field}[comment]")
    here = submission.path if parent is None else comment_path(submission, parent.id)
    problem = (
        "The submission is locked. You cannot post new comments." if submission.locked
        else "You have been banned from this forum." if store.moderation.banned(forum.id, user.id)
        else _EMPTY if not body
        else ""
    )  # fmt: skip
    if problem:
        send_back(store, reply_path(submission, parent), problem, {"comment": body})
        return see_other(here)
    number = store.comments.create(user.id, submission.id, None if parent is None else parent.id, body, store.seconds())
    answered = submission.user_id if parent is None else parent.user_id
    if answered != user.id and not store.users.blocks(answered, user.id):
        store.inbox.notify(answered, "comment", number)
    return see_other(comment_path(submission, number))


def _own(store: RedditStore, submission: Submission, comment_id: int) -> Comment | Response:
    """The visitor's own comment, or the answer to give instead."""
    user = visitor(store).user
    if user is None:
        return see_other("/login")
    comment = store.comments.one(comment_id, user.id)
    if comment is None or comment.submission_id != submission.id or comment.visibility != "visible":
        return not_found(store)
    return comment if comment.user_id == user.id else forbidden(store)


@on_submission
def edit_form(store: RedditStore, forum: Forum, submission: Submission, comment_id: int) -> Response:
    """GET …/comment/<id>/edit."""
    comment = _own(store, submission, comment_id)
    if isinstance(comment, Response):
        return comment
    path = f"{reply_path(submission, comment)}/edit"
    text = draft(store, path).get("comment", comment.body)
    return submission_page(store, "comment_edit.html", forum, submission, comment=comment, path=path, text=text)


@on_submission
def edit(store: RedditStore, forum: Forum, submission: Submission, comment_id: int) -> Response:
    """POST …/comment/<id>/edit."""
    comment = _own(store, submission, comment_id)
    if isinstance(comment, Response):
        return comment
    body = text_field("comment[comment]")
    if not body:
        return send_back(store, f"{reply_path(submission, comment)}/edit", _EMPTY, {"comment": body})
    store.comments.update(comment, body, store.seconds())
    return see_other(comment_path(submission, comment.id))


@on_submission
def delete(store: RedditStore, forum: Forum, submission: Submission, comment_id: int) -> Response:
    """POST …/comment/<id>/delete_own: to the page the button was on, unless that is gone with it."""
    comment = _own(store, submission, comment_id)
    if isinstance(comment, Response):
        return comment
    store.comments.remove(comment, "deleted")
    flash(store, "The comment was deleted.")
    referrer = safe_referrer(submission.path)
    return see_other(submission.path if f"/comment/{comment.id}" in referrer else referrer)
