"""What moderators do with posts and users of their forums, and the pages that show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request

from ...base import safe_referrer, see_other
from ..store import RedditStore
from ..store.forums import Forum
from ..store.submissions import Listing, Submission
from ..store.users import User
from .common import flash, forbidden, in_forum, moderators_forum, not_found, page, text_field, visitor
from .forums import forum_page
from .submissions import on_submission, submission_page

_MAX_REASON_CHARS = 300


def moderating(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, user, forum, submission, **values)`` for the forum's moderators, else 403."""

    def inner(store: RedditStore, forum: Forum, submission: Submission, **values: Any) -> Any:
        user = visitor(store).user
        if user is None:
            return see_other("/login")
        if not store.forums.moderates(forum.id, user.id):
            return forbidden(store)
        return handler(store, user, forum, submission, **values)

    inner.__name__, inner.__doc__ = handler.__name__, handler.__doc__
    return on_submission(inner)


@moderating
def pin(store: RedditStore, user: User, forum: Forum, submission: Submission) -> Response:
    """POST …/pin and …/unpin."""
    pinned = request.path.endswith("/pin")
    store.submissions.set_flag(submission.id, "sticky", pinned)
    flash(store, f"The submission was {'pinned' if pinned else 'unpinned'}.")
    return see_other(safe_referrer(submission.path))


@moderating
def lock(store: RedditStore, user: User, forum: Forum, submission: Submission) -> Response:
    """POST …/lock and …/unlock."""
    locked = request.path.endswith("/lock")
    store.submissions.set_flag(submission.id, "locked", locked)
    _log(store, user, forum, "locked" if locked else "unlocked", submission.user_id, submission.id)
    flash(store, f"The submission was {'locked' if locked else 'unlocked'}.")
    return see_other(safe_referrer(submission.path))


def _log(
    store: RedditStore,
    user: User,
    forum: Forum,
    action: str,
    author_id: int,
    submission_id: int | None,
    reason: str = "",
) -> None:
    store.moderation.log(forum.id, user.id, action, author_id, submission_id, reason, store.seconds())


@moderating
def delete_form(store: RedditStore, user: User, forum: Forum, submission: Submission) -> Response:
    """GET …/mod_delete."""
    path = f"/f/{forum.name}/{submission.id}/-/mod_delete"
    return submission_page(
        store, "delete_with_reason.html", forum, submission, path=path, heading="Delete submission", button="Delete"
    )  # fmt: skip


@moderating
def delete(store: RedditStore, user: User, forum: Forum, submission: Submission) -> Response:
    """POST …/mod_delete."""
    store.submissions.remove(submission, "trashed")
    _log(store, user, forum, "deleted submission", submission.user_id, submission.id, _reason())
    flash(store, "The submission was deleted.")
    return see_other(forum.path)


def _reason() -> str:
    return text_field("delete_reason[reason]", _MAX_REASON_CHARS)


@moderating
def delete_comment_form(
    store: RedditStore, user: User, forum: Forum, submission: Submission, comment_id: int
) -> Response:
    """GET …/comment/<id>/delete and …/delete_thread."""
    comment = store.comments.one(comment_id)
    if comment is None or comment.submission_id != submission.id or comment.visibility != "visible":
        return not_found(store)
    whole = request.path.endswith("_thread")
    path = f"/f/{forum.name}/{submission.id}/-/comment/{comment_id}/delete{'_thread' if whole else ''}"
    return submission_page(
        store, "delete_with_reason.html", forum, submission, path=path,
        heading="Delete comment thread" if whole else "Delete comment", button="Delete thread" if whole else "Delete",
    )  # fmt: skip


@moderating
def delete_comment(store: RedditStore, user: User, forum: Forum, submission: Submission, comment_id: int) -> Response:
    """POST …/comment/<id>/delete and …/delete_thread."""
    comment = store.comments.one(comment_id)
    if comment is None or comment.submission_id != submission.id:
        return not_found(store)
    ids = store.comments.thread_ids(comment) if request.path.endswith("_thread") else [comment.id]
    for number in ids:
        found = store.comments.one(number)
        assert found is not None
        store.comments.remove(found, "trashed")
    _log(store, user, forum, "deleted comment", comment.user_id, submission.id, _reason())
    return see_other(submission.path)


# --- bans, the log, the trash ---


@in_forum
def bans(store: RedditStore, forum: Forum) -> Response:
    """GET /f/<forum>/bans."""
    return forum_page(store, "forum_bans.html", forum, bans=store.moderation.bans(forum.id))


@moderators_forum
def ban_form(store: RedditStore, user: User, forum: Forum, username: str) -> Response:
    """GET /f/<forum>/ban/<user> and /f/<forum>/unban/<user>."""
    target = store.users.by_name(username)
    if target is None:
        return not_found(store)
    return forum_page(store, "forum_ban.html", forum, target=target, lifts="/unban/" in request.path)


@moderators_forum
def ban(store: RedditStore, user: User, forum: Forum, username: str) -> Response:
    """POST /f/<forum>/ban/<user> and /f/<forum>/unban/<user>."""
    target = store.users.by_name(username)
    if target is None:
        return not_found(store)
    reason = text_field("forum_ban[reason]", _MAX_REASON_CHARS)
    if "/unban/" in request.path:
        store.moderation.unban(forum.id, target.id)
        _log(store, user, forum, "unbanned", target.id, None, reason)
        flash(store, "The user was unbanned.")
    else:
        store.moderation.ban(forum.id, target.id, reason, store.seconds())
        _log(store, user, forum, "banned", target.id, None, reason)
        flash(store, "The user was banned.")
    return see_other(f"{forum.path}/bans")


@in_forum
def log(store: RedditStore, forum: Forum) -> Response:
    """GET /f/<forum>/moderation_log."""
    return forum_page(store, "moderation_log.html", forum, entries=store.moderation.entries(forum.id))


def global_log(store: RedditStore) -> Response:
    """GET /moderation_log."""
    return page(store, "global_log.html", title="Global moderation log", entries=store.moderation.entries(None))


@moderators_forum
def trash(store: RedditStore, user: User, forum: Forum) -> Response:
    """GET /f/<forum>/trash."""
    posts, comments = store.moderation.trash("s.forum_id = :value", forum.id)
    found = store.submissions.several(posts, user.id)
    contexts = store.comments.in_context(comments, user.id)
    return forum_page(
        store, "forum_trash.html", forum, submissions=[found[i] for i in posts], contexts=[contexts[i] for i in comments]
    )  # fmt: skip


@in_forum
def feed(store: RedditStore, forum: Forum) -> Response:
    """GET /f/<forum>/new.atom, as plain text: a browser would hand a feed to another program."""
    newest, _ = store.submissions.page(
        Listing("new", "s.forum_id = :forum", {"forum": forum.id}), None, store.seconds()
    )
    return Response(render_template("feed.xml", forum=forum, submissions=newest), mimetype="text/plain")
