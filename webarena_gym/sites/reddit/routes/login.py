"""Signing in and out, and making an account."""

from __future__ import annotations

import re

from flask import Response, request

from ...base import see_other
from ..store import RedditStore
from .common import draft, flash, open_visit, page, send_back, text_field, visitor

NAME = re.compile(r"\w{3,25}", re.ASCII)
SHORTEST_PASSWORD = 8


def login(store: RedditStore) -> Response:
    """GET /login."""
    return page(store, "login.html", last=draft(store, "/login"))


def login_check(store: RedditStore) -> Response:
    """POST /login_check: the session cookie is set on this answer."""
    name = text_field("_username", 80)
    user = store.users.by_name(name)
    if user is None or not user.password or user.password != request.form.get("_password", ""):
        return send_back(store, "/login", "Invalid credentials.", {"_username": name})
    store.set_session_user(open_visit(store), user.id)
    return see_other("/")


def log_out(store: RedditStore) -> Response:
    """POST /log_out."""
    session = visitor(store).session
    if session is not None:
        store.set_session_user(session, None)
    return see_other("/")


def registration(store: RedditStore) -> Response:
    """GET /registration."""
    if visitor(store).user is not None:
        return see_other("/")
    return page(store, "registration.html", typed=draft(store, "/registration"))


def registration_post(store: RedditStore) -> Response:
    """POST /registration: the new user is signed in."""
    name, email = text_field("user[username]", 80), text_field("user[email]", 255)
    password = request.form.get("user[password][first]", "")[:255]
    problem = name_problem(store, name) or password_problem(password, request.form.get("user[password][second]", ""))
    if problem:
        return send_back(store, "/registration", problem, {"username": name, "email": email})
    session = open_visit(store)
    store.set_session_user(session, store.users.create(name, password, email, store.seconds()))
    flash(store, "Your account has been registered.")
    return see_other("/")


def name_problem(store: RedditStore, name: str, own_id: int | None = None) -> str:
    """What is wrong with a user name; empty if nothing is."""
    if not NAME.fullmatch(name):
        return "The username must be 3 to 25 letters, numbers or underscores."
    user = store.users.by_name(name)
    return "" if user is None or user.id == own_id else "That username is taken."


def password_problem(password: str, again: str) -> str:
    """What is wrong with a new password; empty if nothing is."""
    if len(password) < SHORTEST_PASSWORD:
        return f"The password needs at least {SHORTEST_PASSWORD} characters."
    return "" if password == again[:255] else "The two passwords differ."
