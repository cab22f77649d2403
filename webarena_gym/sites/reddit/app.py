"""The forum's route table."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

from flask import Flask

from ..base import Route, current_store, make_app, session_cookie
from .fragments import comment_html, row_html, thread_html, tree_html
from .routes import (
    account,
    comments,
    files,
    forum_forms,
    forums,
    front,
    inbox,
    login,
    moderation,
    search,
    submissions,
    submit,
    users,
    votes,
    wiki,
)  # fmt: skip
from .routes.common import MOST_ID, SESSION_COOKIE, not_found
from .text import age, counted, points

FOLDER = Path(__file__).parent

_ID = f"<int(max={MOST_ID}):submission_id>"
_CID = f"<int(max={MOST_ID}):comment_id>"
_N = f"<int(max={MOST_ID}):number>"
_SORT = "<any(hot, new, active, top, controversial, most_commented):sort>"
_FORUM = "/f/<name>"
_POST = f"{_FORUM}/{_ID}"

ROUTES: list[Route] = [
    ("/", front.front),
    (f"/{_SORT}", front.front),
    ("/featured", front.featured),
    (f"/featured/{_SORT}", front.featured),
    ("/subscribed", front.subscribed),
    (f"/subscribed/{_SORT}", front.subscribed),
    ("/all", front.all_forums),
    (f"/all/{_SORT}", front.all_forums),
    ("/moderated", front.moderated),
    (f"/moderated/{_SORT}", front.moderated),
    ("/comments", front.comments),
    ("/forums", forums.forum_list),
    ("/forums/all", forums.alphabetical),
    (f"/forums/{_N}", forums.forum_list),
    ("/forums/<order>", forums.forum_list),
    (f"/forums/<order>/{_N}", forums.forum_list),
    ("/tags", forums.tags),
    (f"/tags/{_N}", forums.tags),
    ("/tag/<name>", forums.tag),
    (f"/tag/<name>/{_SORT}", forums.tag),
    ("/c/<name>", forums.old_tag),
    (f"/c/<name>/{_SORT}", forums.old_tag),
    (_FORUM, forums.front),
    (f"{_FORUM}/{_SORT}", forums.front),
    (f"{_FORUM}/comments", forums.comments),
    (f"{_FORUM}/subscribe", forums.subscribe, "POST"),
    (f"{_FORUM}/subscribe.json", forums.subscribe, "POST"),
    (f"{_FORUM}/unsubscribe", forums.unsubscribe, "POST"),
    (f"{_FORUM}/unsubscribe.json", forums.unsubscribe, "POST"),
    (f"{_FORUM}/new.atom", moderation.feed),
    (f"{_FORUM}/edit", forum_forms.edit_form),
    (f"{_FORUM}/edit", forum_forms.edit, "POST"),
    (f"{_FORUM}/appearance", forum_forms.appearance_form),
    (f"{_FORUM}/appearance", forum_forms.appearance, "POST"),
    (f"{_FORUM}/delete", forum_forms.delete_form),
    (f"{_FORUM}/delete", forum_forms.delete, "POST"),
    (f"{_FORUM}/moderators", forum_forms.moderators),
    (f"{_FORUM}/remove_moderator/<int(max={MOST_ID}):moderator_id>", forum_forms.remove_moderator, "POST"),
    (f"{_FORUM}/bans", moderation.bans),
    (f"{_FORUM}/ban/<username>", moderation.ban_form),
    (f"{_FORUM}/ban/<username>", moderation.ban, "POST"),
    (f"{_FORUM}/unban/<username>", moderation.ban_form),
    (f"{_FORUM}/unban/<username>", moderation.ban, "POST"),
    (f"{_FORUM}/moderation_log", moderation.log),
    (f"{_FORUM}/trash", moderation.trash),
    ("/moderation_log", moderation.global_log),
    ("/create_forum", forum_forms.create_form),
    ("/create_forum", forum_forms.create, "POST"),
    ("/submit", submit.form),
    ("/submit", submit.post, "POST"),
    ("/submit/<name>", submit.form),
    ("/submit/<name>", submit.post, "POST"),
    (f"/sv/{_ID}", votes.submission, "POST"),
    (f"/sv/{_ID}.json", votes.submission, "POST"),
    (f"/cv/{_CID}", votes.comment, "POST"),
    (f"/cv/{_CID}.json", votes.comment, "POST"),
    (f"{_POST}/<slug>/edit", submit.edit_form),
    (f"{_POST}/<slug>/edit", submit.edit, "POST"),
    (f"{_POST}/<slug>/delete", submit.delete, "POST"),
    (f"{_POST}/<slug>/<any(pin, unpin):_>", moderation.pin, "POST"),
    (f"{_POST}/<slug>/<any(lock, unlock):_>", moderation.lock, "POST"),
    (f"{_POST}/<slug>/mod_delete", moderation.delete_form),
    (f"{_POST}/<slug>/mod_delete", moderation.delete, "POST"),
    (f"{_POST}/<slug>/comment", comments.post, "POST"),
    (f"{_POST}/<slug>/comment/{_CID}", comments.post, "POST"),
    (f"{_POST}/<slug>/comment/{_CID}/edit", comments.edit_form),
    (f"{_POST}/<slug>/comment/{_CID}/edit", comments.edit, "POST"),
    (f"{_POST}/<slug>/comment/{_CID}/delete_own", comments.delete, "POST"),
    (f"{_POST}/<slug>/comment/{_CID}/<any(delete, delete_thread):_>", moderation.delete_comment_form),
    (f"{_POST}/<slug>/comment/{_CID}/<any(delete, delete_thread):_>", moderation.delete_comment, "POST"),
    (_POST, submissions.submission),
    (f"{_POST}/<slug>", submissions.submission),
    (f"{_POST}/<slug>/<any(nested, linear):view>", submissions.submission),
    (f"{_POST}/comment/{_CID}", submissions.old_thread),
    (f"{_POST}/<slug>/comment/{_CID}", submissions.thread),
    (f"{_POST}/<slug>/-/comment/{_CID}", submissions.thread),
    (f"/{_ID}", submissions.shortcut),
    ("/login", login.login),
    ("/login_check", login.login_check, "POST"),
    ("/log_out", login.log_out, "POST"),
    ("/registration", login.registration),
    ("/registration", login.registration_post, "POST"),
    ("/user/<name>", users.profile),
    ("/user/<name>/submissions", users.submissions),
    ("/user/<name>/comments", users.comments),
    ("/u/<name>", users.shortcut),
    ("/user/<name>/edit_biography", users.biography_form),
    ("/user/<name>/edit_biography", users.biography, "POST"),
    ("/user/<name>/account", account.account),
    ("/user/<name>/account", account.account_post, "POST"),
    ("/user/<name>/preferences", account.preferences),
    ("/user/<name>/preferences", account.preferences_post, "POST"),
    ("/user/<name>/delete_account", account.delete_form),
    ("/user/<name>/delete_account", account.delete, "POST"),
    ("/user/<name>/block_list", account.block_list),
    ("/user/<name>/block_user", account.block_form),
    ("/user/<name>/block_user", account.block, "POST"),
    ("/user/<name>/unblock_user", account.unblock, "POST"),
    ("/user/<name>/hidden_forums", account.hidden_forums),
    (f"/user/<name>/hide_forum/<int(max={MOST_ID}):forum_id>", forums.hide, "POST"),
    (f"/user/<name>/unhide_forum/<int(max={MOST_ID}):forum_id>", forums.unhide, "POST"),
    ("/user/<name>/trash", account.trash),
    ("/trash", account.front_trash),
    ("/night_mode", account.night_mode, "POST"),
    ("/notifications", inbox.notifications),
    (f"/notifications/{_N}", inbox.notifications),
    ("/clear_notifications", inbox.clear, "POST"),
    ("/messages", inbox.threads),
    (f"/messages/{_N}", inbox.threads),
    (f"/messages/thread/<int(max={MOST_ID}):thread_id>", inbox.thread),
    (f"/message_reply/<int(max={MOST_ID}):thread_id>", inbox.reply, "POST"),
    (f"/messages/message/<int(max={MOST_ID}):message_id>/delete", inbox.delete, "POST"),
    ("/user/<name>/compose_message", inbox.compose_form),
    ("/user/<name>/compose_message", inbox.compose, "POST"),
    ("/search", search.results),
    ("/wiki", wiki.view),
    ("/wiki/_all", wiki.all_pages),
    (f"/wiki/_all/{_N}", wiki.all_pages),
    ("/wiki/_recent", wiki.recent),
    (f"/wiki/_recent/{_N}", wiki.recent),
    ("/wiki/_create", wiki.create_form),
    ("/wiki/_create", wiki.create, "POST"),
    ("/wiki/_create/<path:path>", wiki.create_form),
    ("/wiki/_edit/<path:path>", wiki.edit_form),
    ("/wiki/_edit/<path:path>", wiki.edit, "POST"),
    ("/wiki/_history/<path:path>", wiki.history),
    (f"/wiki/_revision/<int(max={MOST_ID}):revision_id>", wiki.revision),
    ("/wiki/_diff", wiki.difference),
    ("/wiki/<path:path>", wiki.view),
    ("/w/<path:path>", wiki.shortcut),
    ("/submission_images/<name>", files.submission_image),
    ("/static/<name>", files.static_file),
    ("/favicon.ico", files.favicon),
    ("/<path:path>", files.fallback),
    ("/<path:path>", files.fallback, "POST PUT PATCH DELETE"),
]


@functools.cache
def app() -> Flask:
    """The one app of this process; it holds no state."""
    made = make_app("reddit", FOLDER, ROUTES)
    made.jinja_env.filters.update(
        age=age,
        counted=counted,
        date=_date,
        points=points,
    )
    made.jinja_env.globals.update(
        comment_html=comment_html, row_html=row_html, thread_html=thread_html, tree_html=tree_html
    )
    made.after_request(session_cookie(SESSION_COOKIE))
    for status in (404, 405):  # a number beyond all ids matches no route, not even the last one
        made.register_error_handler(status, lambda error: not_found(current_store()))
    return made


def _date(seconds: int) -> str:
    """
    >>> _date(0)
    'January 1, 1970'
    """
    day = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{day:%B} {day.day}, {day.year}"
