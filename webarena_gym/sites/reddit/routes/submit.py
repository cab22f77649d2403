"""Making, editing and deleting submissions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, request

from ...base import safe_referrer, see_other
from ..store import RedditStore
from ..store.forums import Forum
from ..store.submissions import Submission
from ..store.users import User
from .common import (
    draft,
    flash,
    for_users,
    forbidden,
    page,
    send_back,
    text_field,
    to_int,
    visitor,
)  # fmt: skip
from .forums import forum_page
from .submissions import on_submission

MAX_TITLE_CHARS = 300
MAX_URL_CHARS = 2000
# The first bytes of a picture that may be uploaded -> its media type and extension.
_PICTURES = {
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"GIF87a": ("image/gif", "gif"),
    b"GIF89a": ("image/gif", "gif"),
}


@for_users
def form(store: RedditStore, user: User, name: str | None = None) -> Response:
    """GET /submit and /submit/<forum>: the form, the forum chosen if the address names one."""
    forum = store.forums.by_name(name) if name else None
    path = f"/submit/{forum.name}" if forum is not None else "/submit"
    typed = draft(store, path)
    context: dict[str, Any] = {
        "path": path,
        "typed": typed,
        "forums": store.forums.names(),
        "chosen": to_int(typed["forum"]) if "forum" in typed else forum.id if forum is not None else None,
    }
    if forum is None:
        return page(store, "submit.html", **context)
    return forum_page(store, "submit_forum.html", forum, **context)


@for_users
def post(store: RedditStore, user: User, name: str | None = None) -> Response:
    """POST /submit and /submit/<forum>: to the new submission."""
    typed = _typed()
    kind = request.form.get("submission[mediaType]", "url")
    forum = store.forums.by_id(to_int(typed["forum"]) or 0)
    content = b""
    if kind == "image":
        upload = request.files.get("submission[image]")
        content = upload.read() if upload is not None else b""
    picture = next((found for start, found in _PICTURES.items() if content.startswith(start)), None)
    if problem := _problem(store, user, typed, forum, kind, picture):
        chosen = store.forums.by_name(name) if name else None
        path = f"/submit/{chosen.name}" if chosen is not None else "/submit"
        return send_back(store, path, problem, {**typed, "mediaType": kind})
    assert forum is not None
    image = store.add_image(content, *picture) if picture is not None and kind == "image" else ""
    url = typed["url"] if kind == "url" else ""
    number = store.submissions.create(
        user.id, forum.id, typed["title"], url, image, typed["body"], store.seconds()
    )  # fmt: skip
    created = store.submissions.one(number)
    assert created is not None
    return see_other(created.path)


def _typed() -> dict[str, str]:
    return {
        "title": text_field("submission[title]", MAX_TITLE_CHARS + 1).replace("\n", " "),
        "url": text_field("submission[url]", MAX_URL_CHARS + 1),
        "body": text_field("submission[body]"),
        "forum": text_field("submission[forum]", 20),
    }


def _problem(
    store: RedditStore,
    user: User,
    typed: dict[str, str],
    forum: Forum | None,
    kind: str,
    picture: tuple[str, str] | None,
) -> str:
    """What is wrong with a new submission; empty if nothing is."""
    if problem := _text_problem(typed, url=kind == "url"):
        return problem
    if kind == "image" and picture is None:
        return "Choose a picture to upload: a JPEG, PNG or GIF file."
    if forum is None:
        return "Choose a forum."
    if store.moderation.banned(forum.id, user.id):
        return "You have been banned from this forum."
    return ""


def _text_problem(typed: dict[str, str], *, url: bool) -> str:
    if not typed["title"]:
        return "The title must not be empty."
    if len(typed["title"]) > MAX_TITLE_CHARS:
        return f"The title may have {MAX_TITLE_CHARS} characters at most."
    if url and typed["url"] and not is_url(typed["url"]):
        return "This is not a valid URL: it begins with http:// or https://."
    return ""


def is_url(text: str) -> bool:
    """
    >>> is_url("https://a.test/b?c"), is_url("javascript:alert(1)"), is_url("http://"), is_url("http://a b")
    (True, False, False, False)
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    spaced = any(character.isspace() or ord(character) < 32 for character in text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not spaced and len(text) <= MAX_URL_CHARS


@on_submission
def edit_form(store: RedditStore, forum: Forum, submission: Submission) -> Response:
    """GET …/edit: for the author."""
    user = visitor(store).user
    if user is None:
        return see_other("/login")
    if submission.user_id != user.id:
        return forbidden(store)
    path = _edit_path(submission)
    typed = {"title": submission.title, "url": submission.url, "body": submission.body, **draft(store, path)}
    return forum_page(store, "submission_edit.html", forum, submission=submission, path=path, typed=typed)


@on_submission
def edit(store: RedditStore, forum: Forum, submission: Submission) -> Response:
    """POST …/edit: to the submission."""
    user = visitor(store).user
    if user is None:
        return see_other("/login")
    if submission.user_id != user.id:
        return forbidden(store)
    typed = _typed()
    if submission.image:
        typed["url"] = ""
    if problem := _text_problem(typed, url=True):
        return send_back(store, _edit_path(submission), problem, typed)
    store.submissions.update(submission, typed["title"], typed["url"], typed["body"], store.seconds())
    flash(store, "The submission was edited.")
    changed = store.submissions.one(submission.id)
    assert changed is not None
    return see_other(changed.path)


@on_submission
def delete(store: RedditStore, forum: Forum, submission: Submission) -> Response:
    """POST …/delete: the author takes it back. To the page the button was on, unless that is gone with it."""
    user = visitor(store).user
    if user is None:
        return see_other("/login")
    if submission.user_id != user.id:
        return forbidden(store)
    store.submissions.remove(submission, "deleted")
    flash(store, "The submission was deleted.")
    referrer = safe_referrer(forum.path)
    return see_other(forum.path if f"{forum.path}/{submission.id}" in referrer else referrer)


def _edit_path(submission: Submission) -> str:
    return f"/f/{submission.forum}/{submission.id}/-/edit"
