"""Making a forum, and what its moderators set."""

from __future__ import annotations

import re

from flask import Response, request

from ...base import see_other
from ..store import RedditStore
from ..store.forums import Forum
from ..store.settings import CHOICES
from ..store.users import User
from .common import draft, flash, for_users, in_forum, moderators_forum, page, send_back, text_field
from .forums import forum_page

_NAME = re.compile(r"\w{3,25}", re.ASCII)
_TAG = re.compile(r"\w{3,40}", re.ASCII)
_MOST_TAGS = 5
_LIMITS = {"title": ("Title", 100), "description": ("Description", 300), "sidebar": ("Sidebar", 1500)}
_RESERVED = frozenset({"all"})


@for_users
def create_form(store: RedditStore, user: User) -> Response:
    """GET /create_forum."""
    return page(store, "create_forum.html", typed=draft(store, "/create_forum"))


@for_users
def create(store: RedditStore, user: User) -> Response:
    """POST /create_forum: to the new forum, which its creator moderates."""
    typed = _typed()
    if problem := _problem(store, typed, None):
        return send_back(store, "/create_forum", problem, typed)
    forum = store.forums.create(
        user.id, typed["name"], typed["title"], typed["description"], typed["sidebar"], _tags(typed), store.seconds()
    )
    return see_other(forum.path)


@moderators_forum
def edit_form(store: RedditStore, user: User, forum: Forum) -> Response:
    """GET /f/<forum>/edit."""
    typed = {
        "name": forum.name,
        "title": forum.title,
        "description": forum.description,
        "sidebar": forum.sidebar,
        "tags": ", ".join(store.forums.tags(forum.id)),
        **draft(store, f"{forum.path}/edit"),
    }
    return forum_page(store, "forum_edit.html", forum, typed=typed)


@moderators_forum
def edit(store: RedditStore, user: User, forum: Forum) -> Response:
    """POST /f/<forum>/edit."""
    typed = _typed()
    if problem := _problem(store, typed, forum):
        return send_back(store, f"{forum.path}/edit", problem, typed)
    store.forums.update(
        forum.id, typed["name"], typed["title"], typed["description"], typed["sidebar"], _tags(typed)
    )  # fmt: skip
    flash(store, "The changes have been saved.")
    return see_other(f"/f/{typed['name']}/edit")


def _typed() -> dict[str, str]:
    return {name: text_field(f"forum[{name}]", 5000) for name in ("name", "title", "description", "sidebar", "tags")}


def _tags(typed: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(tag.strip() for tag in re.split(r"[,\n]", typed["tags"]) if tag.strip()))


def _problem(store: RedditStore, typed: dict[str, str], own: Forum | None) -> str:
    """What is wrong with a forum's form; empty if nothing is."""
    name = typed["name"]
    if not 3 <= len(name) <= 25:
        return "The name must have 3 to 25 characters."
    if not _NAME.fullmatch(name):
        return "The name must contain only letters, numbers, and underscores."
    other = store.forums.by_name(name)
    if name.lower() in _RESERVED or (other is not None and (own is None or other.id != own.id)):
        return "A forum by that name already exists."
    for field, (label, limit) in _LIMITS.items():
        if not typed[field]:
            return f"{label} must not be empty."
        if len(typed[field]) > limit:
            return f"{label} may have {limit} characters at most."
    tags = _tags(typed)
    if len(tags) > _MOST_TAGS:
        return f"A forum may have {_MOST_TAGS} tags at most."
    if not all(_TAG.fullmatch(tag) for tag in tags):
        return "Tags have 3 to 40 letters, numbers, and underscores."
    return ""


@moderators_forum
def appearance_form(store: RedditStore, user: User, forum: Forum) -> Response:
    """GET /f/<forum>/appearance."""
    return forum_page(store, "forum_appearance.html", forum, themes=CHOICES["preferredTheme"])


@moderators_forum
def appearance(store: RedditStore, user: User, forum: Forum) -> Response:
    """POST /f/<forum>/appearance."""
    theme = request.form.get("forum_appearance[suggestedTheme]", "")
    if theme in CHOICES["preferredTheme"]:
        store.forums.set_theme(forum.id, theme)
    return see_other(f"{forum.path}/appearance")


@moderators_forum
def delete_form(store: RedditStore, user: User, forum: Forum) -> Response:
    """GET /f/<forum>/delete."""
    return forum_page(store, "forum_delete.html", forum)


@moderators_forum
def delete(store: RedditStore, user: User, forum: Forum) -> Response:
    """POST /f/<forum>/delete: only with the name typed and the box ticked."""
    if text_field("confirm_deletion[name]", 80) != forum.name or "confirm_deletion[confirm]" not in request.form:
        return send_back(store, f"{forum.path}/delete", "Type the forum's name and tick the box to confirm.", {})
    store.forums.delete(forum.id)
    flash(store, "The forum and all its contents have been deleted.")
    return see_other("/")


# --- moderators ---


@in_forum
def moderators(store: RedditStore, forum: Forum) -> Response:
    """GET /f/<forum>/moderators."""
    return forum_page(store, "forum_moderators.html", forum)


@moderators_forum
def remove_moderator(store: RedditStore, user: User, forum: Forum, moderator_id: int) -> Response:
    """POST /f/<forum>/remove_moderator/<id>."""
    store.forums.remove_moderator(forum.id, moderator_id)
    flash(store, "The user was unmodded.")
    return see_other(f"{forum.path}/moderators")
