"""Texts, the contact form, the newsletter form, pictures and the style sheet."""

from __future__ import annotations

from flask import Response, request, send_from_directory

from ....types import NetworkEvent
from ...base import hide_request, record, see_other
from ...magento import MAX_TEXT_CHARS, STATIC_CACHE_S, initials, text_field, tile
from ..store import ShopStore
from .common import ORIGIN, back, flash, not_found, page, visitor


def contact(store: ShopStore) -> Response:
    """GET /contact/: the real page's script replaces the address by /contact/index/; here a redirect does."""
    hide_request()
    record(
        NetworkEvent(
            method="GET",
            url=f"{ORIGIN}{request.path}",
            status=200,
            navigation=True,
            headers=(("accept", request.headers.get("Accept", "text/html")),),
            response_headers=(("Content-Type", "text/html; charset=UTF-8"),),
        )
    )
    return see_other("/contact/index/")


def contact_form(store: ShopStore) -> Response:
    """GET /contact/index/: the form, with the customer's own name and email filled in."""
    customer_id = visitor(store).customer_id
    return page(
        store,
        "contact.html",
        title="Contact Us",
        customer=None if customer_id is None else store.customers.by_id(customer_id),
    )


def contact_post(store: ShopStore) -> Response:
    """POST /contact/index/post/."""
    name, email, telephone = text_field("name"), text_field("email"), text_field("telephone")
    comment = text_field("comment", MAX_TEXT_CHARS)
    problem = (
        "Enter the Name and try again." if not name
        else "Enter the comment and try again." if not comment
        else "The email address is invalid. Verify the email address and try again." if not is_email(email)
        else ""
    )  # fmt: skip
    if problem:
        flash(store, problem, "error")
    else:
        store.add_contact_message(name, email, telephone, comment)
        flash(store, "Thanks for contacting us with your comments and questions. We'll respond to you very soon.")
    return see_other("/contact/index/")


def subscribe(store: ShopStore) -> Response:
    """POST /newsletter/subscriber/new/: the form at the foot of every page."""
    email = text_field("email")
    if not is_email(email):
        return back(store, "Please enter a valid email address.", "error")
    who = visitor(store)
    known = store.customers.by_email(email)
    if known is not None and known.id != who.customer_id:
        return back(store, "This email address is already assigned to another user.", "error")
    if not store.customers.subscribe(email):
        return back(store, "This email address is already subscribed.", "error")
    return back(store, "Thank you for your subscription.")


def is_email(text: str) -> bool:
    """Good enough for a form: one @ with something before it and a dotted name behind it."""
    name, at, host = text.partition("@")
    return bool(at and name and "." in host.strip(".") and " " not in text and "@" not in host)


def privacy(store: ShopStore) -> Response:
    return page(store, "privacy.html", title="Privacy and Cookie Policy")


def bugs(store: ShopStore) -> Response:
    return page(store, "bugs.html", title="Report All Bugs")


def picture(store: ShopStore, product_id: int) -> Response:
    """GET /media/catalog/product/<id>.svg. No event, as only some engines load pictures and style sheets."""
    hide_request()
    product = store.catalogue.product(product_id)
    if product is None:
        return not_found(store)
    return tile(initials(product.card.name), product_id)


def static_file(store: ShopStore, name: str) -> Response:
    """GET /static/<name>: the style sheet and the logo. No event either."""
    hide_request()
    return send_from_directory("static", name, max_age=STATIC_CACHE_S)


def favicon(store: ShopStore) -> Response:
    """GET /favicon.ico: browsers ask for it on their own account."""
    return static_file(store, "logo.svg")


def fallback(store: ShopStore, path: str = "") -> Response:
    """Anything no other route answers, posted or asked for."""
    return not_found(store)
