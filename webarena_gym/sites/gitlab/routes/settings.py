"""What somebody changes about the own account: profile, status, tokens, preferences, password."""

from __future__ import annotations

import re

from flask import Response, request

from ...base import see_other
from ..navigation import USER_SETTINGS
from ..store import GitLabStore
from ..store.people import Person
from .common import (
    back,
    first_problem,
    for_members_of_the_site,
    long_field,
    not_found,
    page,
    script_call,
    text_field,
    to,
    to_day,
    visitor,
)

_WEBSITE = re.compile(r"(https?://)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,4})?([/?#][^\s\[\]<>\"]*)?", re.I | re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_USERNAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}", re.ASCII)
# Posted name: column.
_FIELDS = {
    "user[name]": "name", "user[pronouns]": "pronouns", "user[email]": "email", "user[linkedin]": "linkedin", "user[twitter]": "twitter",
    "user[website_url]": "website", "user[location]": "location", "user[job_title]": "job_title", "user[organization]": "organization",
}  # fmt: skip
EMOJIS = {
    "speech_balloon": "💬", "thumbsup": "👍", "palm_tree": "🌴", "face_with_thermometer": "🤒", "tada": "🎉", "calendar": "📅", "coffee": "☕", "hammer": "🔨",
}  # fmt: skip
_CLEAR_AFTER = {
    "": ("Never", 0), "30_minutes": ("30 minutes", 1800), "3_hours": ("3 hours", 10_800), "8_hours": ("8 hours", 28_800), "1_day": ("1 day", 86_400),
    "3_days": ("3 days", 259_200), "7_days": ("7 days", 604_800), "30_days": ("30 days", 2_592_000),
}  # fmt: skip
_SCOPES = ("api", "read_user", "read_api", "read_repository", "write_repository")
_EMPTY = {
    "applications": ("Applications", "You don't have any applications."), "chat_names": ("Chat", "You don't have any active chat names."),
    "emails": ("Emails", "Control emails linked to your account."), "notifications": ("Notifications", "Global notification level: Participate."),
    "keys": ("SSH Keys", "There are no SSH keys with access to your account."), "gpg_keys": ("GPG Keys", "There are no GPG keys associated with this account."),
    "active_sessions": ("Active Sessions", "This is the session you are using now."), "audit_log": ("Authentication log", "Signed in with standard authentication."),
}  # fmt: skip


def _settings_page(store: GitLabStore, template: str, item: str, title: str, **context: object) -> Response:
    return page(store, template, title=f"{title} · User Settings", settings=USER_SETTINGS, setting=item, **context)


@for_members_of_the_site
def profile(store: GitLabStore, person: Person) -> Response:
    """GET /-/profile."""
    return _settings_page(
        store,
        "settings_profile.html",
        "Profile",
        "Edit Profile",
        person=person,
        emojis=EMOJIS,
        clear_after=_CLEAR_AFTER,
    )


@for_members_of_the_site
def save_profile(store: GitLabStore, person: Person) -> Response:
    """POST /-/profile."""
    fields = {column: text_field(name) for name, column in _FIELDS.items() if name in request.form}
    if "user[bio]" in request.form:
        fields["bio"] = long_field("user[bio]")[:255]
    website = fields.get("website", "")
    email_owner = store.people.by_email(fields["email"]) if fields.get("email") else None
    problem = first_problem(
        (fields.get("name") == "", "Name can't be blank"),
        (bool(website) and not _WEBSITE.fullmatch(website), "Website url is not a valid URL"),
        ("email" in fields and not _EMAIL.fullmatch(fields["email"]), "Email is invalid"),
        (email_owner is not None and email_owner.id != person.id, "Email has already been taken"),
    )
    if problem:
        return to(store, "/-/profile", problem, "alert")
    store.people.update_profile(person.id, fields)
    if "user[status][message]" in request.form:
        message, emoji = text_field("user[status][message]", 100), text_field("user[status][emoji]", 40)
        busy = request.form.get("user[status][availability]") == "busy"
        _set_status(store, person, message, emoji, busy, text_field("user[status][clear_status_after]", 20))
    return to(store, "/-/profile", "Profile was successfully updated")


def _set_status(store: GitLabStore, person: Person, message: str, emoji: str, busy: bool, clear_after: str) -> None:
    seconds = _CLEAR_AFTER.get(clear_after, _CLEAR_AFTER[""])[1]
    shown = EMOJIS.get(emoji, "")
    if message and not shown:
        shown = EMOJIS["speech_balloon"]
    store.people.set_status(
        person.id, shown, message, busy=busy, clears_at=store.seconds() + seconds if seconds else None
    )


@for_members_of_the_site
def status(store: GitLabStore, person: Person) -> Response:
    """GET /-/profile/status: the real page's dialog "Set a status"."""
    return page(store, "status.html", title="Set a status", person=person, emojis=EMOJIS, clear_after=_CLEAR_AFTER)


@for_members_of_the_site
def save_status(store: GitLabStore, person: Person) -> Response:
    """POST /-/profile/status: set, or remove with the other button."""
    if request.form.get("remove"):
        store.people.set_status(person.id, "", "", busy=False, clears_at=None)
        script_call(
            "PUT",
            "/api/v4/user/status",
            body={"emoji": "", "message": "", "availability": "not_set", "clear_status_after": None},
        )
        return to(store, f"/{person.username}", "Status removed")
    message, emoji, after = text_field("message", 100), text_field("emoji", 40), text_field("clear_status_after", 20)
    busy = request.form.get("availability") == "busy"
    _set_status(store, person, message, emoji, busy, after)
    body = {
        "emoji": emoji if emoji in EMOJIS else "speech_balloon",
        "message": message,
        "availability": "busy" if busy else "not_set",
        "clear_status_after": after or None,
    }
    script_call("PUT", "/api/v4/user/status", body=body, answer=body)
    return to(store, f"/{person.username}", "Status updated")


@for_members_of_the_site
def account(store: GitLabStore, person: Person) -> Response:
    """GET /-/profile/account."""
    return _settings_page(store, "settings_account.html", "Account", "Account", person=person)


@for_members_of_the_site
def save_username(store: GitLabStore, person: Person) -> Response:
    """POST /-/profile/update_username."""
    name = text_field("username", 100)
    taken = store.projects.namespace(name)
    problem = first_problem(
        (
            not _USERNAME.fullmatch(name) or name.endswith((".git", ".atom", ".")),
            "Username can contain only letters, digits, '_', '-' and '.'",
        ),
        (taken is not None and taken.owner_id != person.id, "Username has already been taken"),
    )
    if problem:
        return to(store, "/-/profile/account", problem, "alert")
    store.people.set_username(person.id, name)
    return to(store, "/-/profile/account", "Username successfully changed")


@for_members_of_the_site
def tokens(store: GitLabStore, person: Person) -> Response:
    """GET /-/profile/personal_access_tokens; the feed token shows once it is asked for."""
    return _settings_page(
        store,
        "settings_tokens.html",
        "Access Tokens",
        "Access Tokens",
        person=person,
        tokens=store.activity.tokens(person.id),
        scopes=_SCOPES,
    )


@for_members_of_the_site
def create_token(store: GitLabStore, person: Person) -> Response:
    """POST /-/profile/personal_access_tokens."""
    name, scopes = (
        text_field("personal_access_token[name]"),
        [one for one in request.form.getlist("personal_access_token[scopes][]") if one in _SCOPES],
    )
    expires = to_day(text_field("personal_access_token[expires_at]", 30))
    problem = first_problem((not name, "Name can't be blank"), (not scopes, "Scopes can't be blank"))
    if problem:
        return to(store, "/-/profile/personal_access_tokens", problem, "alert")
    token_id = store.activity.create_token(person.id, name, ", ".join(scopes), expires, store.seconds())
    return to(
        store,
        "/-/profile/personal_access_tokens",
        f"Your new personal access token: glpat-{token_id:04d}-{person.feed_token[::-1]}",
    )


@for_members_of_the_site
def revoke_token(store: GitLabStore, person: Person, token_id: int) -> Response:
    """POST /-/profile/personal_access_tokens/<id>/revoke."""
    store.activity.revoke_token(person.id, token_id)
    return to(store, "/-/profile/personal_access_tokens", "Revoked personal access token!")


@for_members_of_the_site
def preferences(store: GitLabStore, person: Person) -> Response:
    """GET /-/profile/preferences."""
    chosen = {name: store.people.setting(person.id, name, default) for name, default in _PREFERENCES.items()}
    return _settings_page(
        store, "settings_preferences.html", "Preferences", "Preferences", chosen=chosen, themes=_THEMES
    )


_PREFERENCES = {
    "theme": "Indigo",
    "syntax": "Light",
    "layout": "Fixed",
    "dashboard": "Your Projects (default)",
    "language": "English",
    "first_day": "System default (Sunday)",
}
_THEMES = (
    "Indigo",
    "Light Indigo",
    "Blue",
    "Light Blue",
    "Green",
    "Light Green",
    "Red",
    "Light Red",
    "Gray",
    "Light Gray",
    "Dark Mode (alpha)",
)


@for_members_of_the_site
def save_preferences(store: GitLabStore, person: Person) -> Response:
    """POST /-/profile/preferences."""
    for name in _PREFERENCES:
        if value := text_field(f"user[{name}]", 60):
            store.people.set_setting(person.id, name, value)
    return back(store, "Preferences saved.", default="/-/profile/preferences")


@for_members_of_the_site
def password(store: GitLabStore, person: Person) -> Response:
    """GET /-/profile/password/edit."""
    return _settings_page(store, "settings_password.html", "Password", "Edit Password")


@for_members_of_the_site
def save_password(store: GitLabStore, person: Person) -> Response:
    """POST /-/profile/password: afterwards one has to sign in again."""
    old, new, again = (
        request.form.get(f"user[{name}]", "")[:128] for name in ("password", "new_password", "password_confirmation")
    )
    problem = first_problem(
        (not store.people.has_password(person.id, old), "You must provide a valid current password"),
        (len(new) < 8, "Password is too short (minimum is 8 characters)"),
        (new != again, "Password confirmation doesn't match Password"),
    )
    if problem:
        return to(store, "/-/profile/password/edit", problem, "alert")
    store.people.set_password(person.id, new)
    session = visitor(store).session
    assert session is not None
    store.set_session_user(session, None)
    store.flash(session, "Password was successfully updated. Please sign in again.", "notice")
    return see_other("/users/sign_in")


@for_members_of_the_site
def empty(store: GitLabStore, person: Person, name: str) -> Response:
    """GET of the settings that have nothing to set here."""
    if name not in _EMPTY:
        return not_found(store)
    heading, text = _EMPTY[name]
    return _settings_page(store, "settings_empty.html", heading, heading, heading=heading, text=text)
