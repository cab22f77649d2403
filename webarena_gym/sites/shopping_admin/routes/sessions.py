"""Signing in and out, and the user's own account."""

from __future__ import annotations

from flask import Response, g, render_template

from ...base import see_other
from ...magento import text_field
from ..navigation import BASE
from ..store import AdminStore
from .common import FORM_KEY, Visitor, flash, for_admins, page, visitor
from .dashboard import dashboard

HOME = f"{BASE}/admin/dashboard/"


def entrance(store: AdminStore) -> Response:
    """GET /: the dashboard for who is signed in, the login form for others."""
    if visitor(store).user_id is not None:
        return dashboard(store)
    return login_page(store)


def login_page(store: AdminStore) -> Response:
    html = render_template("login.html", form_key=FORM_KEY, messages=store.take_flashes(visitor(store).session))
    return Response(html, mimetype="text/html")


def sign_in(store: AdminStore) -> Response:
    """POST /: on to the dashboard with a session, or back to the form."""
    user = store.users.signed_in(text_field("login[username]"), text_field("login[password]"))
    if user is None:
        message = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."
        flash(store, message, "error")
        return see_other(f"{BASE}/")
    g.visitor = Visitor(store.open_session(user.id), user.id)
    g.new_session = g.visitor.session
    return see_other(HOME)


def sign_out(store: AdminStore) -> Response:
    """GET /admin/auth/logout/. The one link that writes, as on the real site."""
    who = visitor(store)
    if who.session is not None and who.user_id is not None:
        store.tick()
        store.set_session_user(who.session, None)
        g.visitor = Visitor(who.session, None)
        flash(store, "You have logged out.")
    return see_other(f"{BASE}/")


def forgot(store: AdminStore) -> Response:
    """GET /admin/auth/forgotpassword/: no mail leaves this site."""
    return Response(render_template("forgot.html"), mimetype="text/html")


@for_admins
def account(store: AdminStore) -> Response:
    """GET /admin/system_account/index/."""
    return page(store, "account.html", "My Account", user=store.users.user(visitor(store).user_id))


@for_admins
def activity(store: AdminStore) -> Response:
    """GET /security/session/activity/."""
    return page(
        store,
        "list.html",
        "Account Activity",
        heads=["IP Address", "Time of session start"],
        rows=[["127.0.0.1", "this session"]],
        note="This administrator account is open in only one location.",
    )
