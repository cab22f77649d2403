"""Pages of text, the export form, and the forms to sign up and log in."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request

from ...base import see_other
from ..store import MapStore
from .common import asked_point, by_script, open_session, page, text_field

_ABOUT = (
    "This site imitates the OpenStreetMap website for research on web agents. It runs inside the program that uses it and opens nothing outside.",
    "Towns, their counties, coordinates and populations come from GeoNames (CC BY 4.0). Shops, schools and other places along the streets are made up, but for the well-known ones.",
    "Distances and times come from one simple road model, not from surveyed roads.",
)
_COPYRIGHT = (
    "The towns on this map are from GeoNames, geonames.org, licensed under Creative Commons Attribution 4.0. You may copy, share and adapt them as long as you credit GeoNames.",
    "Everything else was written for this replica. It holds no data of OpenStreetMap; OpenStreetMap is open data by its contributors under the Open Database License.",
)
_HELP = (
    (
        "Searching",
        "Type a name, an address or two coordinates, or what you are looking for near a place: cafe near Schenley Park.",
    ),
    ("Directions", "Choose how to travel, fill in both ends and press Go."),
    ("What is here?", "Query features lists what stands around the middle of the map, and which areas lie around it."),
    ("Sharing", "The share panel has links to what the map shows."),
)


def about(store: MapStore) -> Response:
    return page(store, "text.html", title="About", paragraphs=_ABOUT)


def copyright(store: MapStore) -> Response:
    return page(store, "text.html", title="Copyright and License", paragraphs=_COPYRIGHT)


def help(store: MapStore) -> Response:
    return page(store, "help.html", title="Getting Help", topics=_HELP)


def welcome(store: MapStore) -> Response:
    return page(store, "help.html", title="Welcome!", topics=_HELP)


def fixthemap(store: MapStore) -> Response:
    return page(
        store,
        "text.html",
        title="Report a problem",
        paragraphs=["Leave a note on the map, and somebody who maps will look at it."],
    )


def export(store: MapStore) -> Response:
    """GET /export: the box of the map that would be exported."""
    by_script()
    return page(store, "export.html", problem="")


def export_data(store: MapStore) -> Response:
    """GET /api/0.6/map: data is not handed out here, and the page says so."""
    return page(store, "export.html", 400, problem="You requested too many nodes: this replica hands out no data.")


def edit(store: MapStore) -> Response:
    """GET /edit: only for those who are logged in, which nobody is."""
    return see_other("/login?referer=%2Fedit")


def login(store: MapStore) -> Response:
    return page(store, "login.html", title="Log In", username="")


def login_post(store: MapStore) -> Response:
    """POST /login: nobody's account is open here; a new one waits for its confirmation."""
    username = text_field("username", 255)
    waiting = store.community.waiting_account(username, request.form.get("password", ""))
    text = (
        "Sorry, your account is not active yet. Please use the link in the account confirmation email to activate it."
        if waiting
        else "Sorry, could not log in with those details."
    )
    store.flash(open_session(store), text, "error")
    return see_other("/login")


def forgot_password(store: MapStore) -> Response:
    return page(store, "forgot.html", title="Lost your password?")


def forgot_password_post(store: MapStore) -> Response:
    store.flash(
        open_session(store),
        "If there is an account with that email address, instructions to reset its password are on the way.",
    )
    return see_other("/login")


def sign_up(store: MapStore) -> Response:
    return page(store, "signup.html", title="Sign Up", problems=[], email="", name="")


def sign_up_post(store: MapStore) -> Response:
    """POST /user/new."""
    email, again, name = (text_field(field, 255) for field in ("email", "email_confirmation", "display_name"))
    password = request.form.get("pass_crypt", "")[:255]
    problems = [
        text
        for wrong, text in (
            ("@" not in email or " " in email, "Email does not appear to be a valid email address"),
            (email != again, "Confirm Email Address does not match the email address"),
            (not 3 <= len(name) <= 255 or "/" in name, "Display Name must have 3 to 255 characters and no slash"),
            (len(password) < 8, "Password is too short (minimum is 8 characters)"),
            (
                password != request.form.get("pass_crypt_confirmation", "")[:255],
                "Confirm Password does not match the password",
            ),
        )
        if wrong
    ]
    if not problems and store.community.account_exists(email, name):
        problems = ["Display Name or Email has already been taken"]
    if problems:
        return page(store, "signup.html", title="Sign Up", problems=problems, email=email, name=name)
    store.community.add_account(email, name, password)
    return see_other("/user/confirm")


def confirm(store: MapStore) -> Response:
    return page(
        store, "text.html", title="Almost there!",
        paragraphs=["We sent you a confirmation email. Confirm your account by following its link, then you can start mapping."],
    )  # fmt: skip


def where_am_i(store: MapStore) -> Response:
    """GET /whereami?lat=..&lon=..: the search for the middle of the map."""
    point = asked_point()
    return see_other(f"/search?whereami=1&query={quote(point.text, safe='')}" if point else "/")
