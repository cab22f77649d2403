"""One's own account: name and password, preferences, blocked users, hidden forums, trash, and its end."""

from __future__ import annotations

from functools import cache

from flask import Response, request

from ...base import safe_referrer, see_other
from ..seeding.seeds import read_json
from ..store import RedditStore
from ..store.settings import CHOICES, SWITCHES
from ..store.users import User
from .common import draft, flash, for_users, forbidden, not_found, page, send_back, text_field
from .login import name_problem, password_problem
from .users import of_user, own, user_page


@cache
def _timezones() -> dict[str, str]:
    return {name: name.replace("/", " / ").replace("_", " ") for name in read_json("timezones.json")}


@own
def account(store: RedditStore, user: User) -> Response:
    """GET /user/<name>/account."""
    typed = {"username": user.name, "email": user.email, **draft(store, f"{user.path}/account")}
    return user_page(store, "account.html", user, typed=typed)


@own
def account_post(store: RedditStore, user: User) -> Response:
    """POST /user/<name>/account."""
    name, email = text_field("user[username]", 80), text_field("user[email]", 255)
    password, again = (
        request.form.get("user[password][first]", "")[:255],
        request.form.get("user[password][second]", ""),
    )
    problem = name_problem(store, name, user.id) or (password_problem(password, again) if password or again else "")
    if problem:
        return send_back(store, f"{user.path}/account", problem, {"username": name, "email": email})
    store.users.set_account(user.id, name, email, password)
    flash(store, "User settings have been updated.")
    return see_other(f"/user/{name}/account")


@own
def preferences(store: RedditStore, user: User) -> Response:
    """GET /user/<name>/preferences."""
    choices = {**CHOICES, "timezone": _timezones()}
    return user_page(store, "preferences.html", user, settings=user.settings, choices=choices)


@own
def preferences_post(store: RedditStore, user: User) -> Response:
    """POST /user/<name>/preferences: what is no option leaves the setting as it was."""
    settings = user.settings
    for name, choices in {**CHOICES, "timezone": _timezones()}.items():
        value = request.form.get(f"user_settings[{name}]")
        if value in choices:
            settings[name] = value
    for name in SWITCHES:
        settings[name] = f"user_settings[{name}]" in request.form
    settings["preferredFonts"] = text_field("user_settings[preferredFonts]", 200)
    store.users.set_settings(user.id, settings)
    flash(store, "User settings have been updated.")
    return see_other(f"{user.path}/preferences")


@for_users
def night_mode(store: RedditStore, user: User) -> Response:
    """POST /night_mode: the button in the user menu."""
    mode = request.form.get("nightMode", "")
    if mode in CHOICES["nightMode"]:
        store.users.set_settings(user.id, {**user.settings, "nightMode": mode})
    return see_other(safe_referrer("/"))


@own
def delete_form(store: RedditStore, user: User) -> Response:
    """GET /user/<name>/delete_account."""
    return user_page(store, "delete_account.html", user)


@own
def delete(store: RedditStore, user: User) -> Response:
    """POST /user/<name>/delete_account: only with the name typed and the box ticked."""
    if text_field("confirm_deletion[name]", 80) != user.name or "confirm_deletion[confirm]" not in request.form:
        return send_back(store, f"{user.path}/delete_account", "Type your username and tick the box to confirm.", {})
    flash(store, "The account is being deleted.")
    store.votes.retract_all(user.id)
    store.users.close_account(user.id)
    return see_other("/")


# --- blocking and hiding ---


@own
def block_list(store: RedditStore, user: User) -> Response:
    """GET /user/<name>/block_list."""
    return user_page(store, "block_list.html", user, blocks=store.users.blocked(user.id))


@of_user
def block_form(store: RedditStore, owner: User) -> Response:
    """GET /user/<name>/block_user."""
    return _block(store, owner=owner)


@of_user
def block(store: RedditStore, owner: User) -> Response:
    """POST /user/<name>/block_user."""
    return _block(store, owner=owner)


@for_users
def _block(store: RedditStore, user: User, owner: User) -> Response:
    if owner.id == user.id or store.users.blocks(user.id, owner.id):
        return forbidden(store)
    if request.method == "GET":
        return user_page(store, "block_user.html", owner)
    store.users.block(user.id, owner.id, text_field("user_block[comment]", 1000), store.seconds())
    flash(store, "The user was blocked.")
    return see_other(f"{user.path}/block_list")


@for_users
def unblock(store: RedditStore, user: User, name: str) -> Response:
    """POST /user/<name>/unblock_user."""
    owner = store.users.by_name(name)
    if owner is None:
        return not_found(store)
    store.users.unblock(user.id, owner.id)
    flash(store, "The user was unblocked.")
    return see_other(safe_referrer(f"{user.path}/block_list"))


@own
def hidden_forums(store: RedditStore, user: User) -> Response:
    """GET /user/<name>/hidden_forums."""
    return user_page(store, "hidden_forums.html", user, forums=store.forums.hidden(user.id))


@own
def trash(store: RedditStore, user: User) -> Response:
    """GET /user/<name>/trash: what moderators removed of one's posts."""
    posts, comments = store.moderation.trash("{table}.user_id = :value", user.id)
    found = store.submissions.several(posts, user.id)
    contexts = store.comments.in_context(comments, user.id)
    return user_page(
        store, "user_trash.html", user, submissions=[found[i] for i in posts], contexts=[contexts[i] for i in comments]
    )  # fmt: skip


@for_users
def front_trash(store: RedditStore, user: User) -> Response:
    """GET /trash: what was removed in the forums one moderates."""
    condition = "s.forum_id IN (SELECT forum_id FROM moderator WHERE user_id = :value)"
    posts, _ = store.moderation.trash(condition, user.id)
    found = store.submissions.several(posts, user.id)
    return page(store, "front_trash.html", submissions=[found[i] for i in posts])
