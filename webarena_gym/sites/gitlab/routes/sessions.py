"""Signing in and out, help, the style sheet, and whatever no other route answers."""

from __future__ import annotations

from flask import Response, render_template, request, send_from_directory

from ...base import hide_request, see_other
from ..store import GitLabStore
from .common import SESSION_COOKIE, Chrome, not_found, page, text_field, this_address, to, visitor

_STATIC_CACHE_S = 3600


def sign_in(store: GitLabStore) -> Response:
    """GET /users/sign_in. Who is signed in already goes to the start page."""
    who = visitor(store)
    if who.person is not None:
        return to(store, "/", "You are already signed in.")
    chrome = Chrome(None, None, store.take_flashes(who.session), this_address(), "", None, [])
    return Response(render_template("sign_in.html", chrome=chrome), mimetype="text/html")


def sign_in_post(store: GitLabStore) -> Response:
    """POST /users/sign_in."""
    person = store.people.by_login(text_field("user[login]"), request.form.get("user[password]", ""))
    if person is None:
        return to(store, "/users/sign_in", "Invalid login or password.", "alert")
    response = see_other("/")
    response.set_cookie(SESSION_COOKIE, store.open_session(person.id), path="/", httponly=True, samesite="Lax")
    return response


def sign_out(store: GitLabStore) -> Response:
    """POST /users/sign_out."""
    session = visitor(store).session
    if session is not None:
        store.set_session_user(session, None)
        store.flash(session, "Signed out successfully.", "notice")
    return see_other("/users/sign_in")


def help_page(store: GitLabStore, path: str = "") -> Response:
    """GET /help and everything below it."""
    return page(store, "help.html", title="Help")


def static_file(store: GitLabStore, name: str) -> Response:
    """GET /static/<name>. No event, as only some engines load style sheets and pictures."""
    hide_request()
    return send_from_directory("static", name, max_age=_STATIC_CACHE_S)


def favicon(store: GitLabStore) -> Response:
    """GET /favicon.ico: browsers ask for it on their own account."""
    return static_file(store, "logo.svg")


def fallback(store: GitLabStore, path: str = "", **values: str) -> Response:
    return not_found(store)
