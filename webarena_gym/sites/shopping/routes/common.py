"""What handlers share: who asks, the frame around every page, messages, guards and the real site's own requests."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Response, g, render_template, request

from ....types import NetworkEvent
from ...base import hide_request, record, safe_referrer, see_other
from ...magento import to_int
from ..store import ShopStore
from ..store.cart import Visitor
from ..store.catalogue import Category
from ..store.compare import Compared, visitor_key
from ..store.wishlist import Wish

SESSION_COOKIE = "shop_session"
FORM_KEY = "qN7wPzR3dKx0Vt5b"  # the real site's forms carry one; here it is never checked, the Origin header is
ORIGIN = "http://shopping.test"
_BOUNDARY = "----WebKitFormBoundaryShop"


class Chrome(NamedTuple):
    """What the frame of a page shows beside the page's own content."""

    visitor: Visitor
    departments: list[Category]
    cart_qty: int
    wish_count: int
    messages: list[Any]
    compared: list[Compared]

    @property
    def signed_in(self) -> bool:
        return self.visitor.customer_id is not None


def visitor(store: ShopStore) -> Visitor:
    """Who sent this request."""
    found = g.get("visitor")
    if found is None:
        session = request.cookies.get(SESSION_COOKIE)
        customer_id = store.session_user(session)
        known = customer_id is not None or store.has_session(session)
        found = g.visitor = Visitor(session if known else None, customer_id)
    return found


def open_visit(store: ShopStore) -> Visitor:
    """The visitor with a session: a guest who writes for the first time gets one."""
    found = visitor(store)
    if found.session is None:
        found = g.visitor = Visitor(store.open_session(None), None)
        g.new_session = found.session
    return found


def page(store: ShopStore, template: str, status: int = 200, **context: Any) -> Response:
    """A page within the shop's frame, with the messages that wait for this visitor."""
    return Response(
        render_template(template, chrome=_chrome(store), form_key=FORM_KEY, **context), status, mimetype="text/html"
    )


def _chrome(store: ShopStore) -> Chrome:
    who = visitor(store)
    if who.session is None:
        return Chrome(who, store.catalogue.departments(), 0, 0, [], [])
    column, value = ("customer_id", who.customer_id) if who.customer_id is not None else ("session_id", who.session)
    cart_qty, wishes, compared = store.connection.execute(
        f"SELECT (SELECT sum(i.qty) FROM cart c JOIN cart_item i ON i.cart_id = c.id WHERE c.{column} = ?), "
        "(SELECT count(*) FROM wishlist_item WHERE customer_id = ?), (SELECT count(*) FROM compare_item WHERE visitor = ?)",
        (value, who.customer_id, visitor_key(who)),
    ).fetchone()
    return Chrome(
        who,
        store.catalogue.departments(),
        cart_qty or 0,
        wishes,
        store.take_flashes(who.session),
        store.comparison.of(who) if compared else [],
    )


def wishes_of(store: ShopStore) -> list[Wish]:
    """The newest three wishes, for the side bar."""
    customer_id = visitor(store).customer_id
    return [] if customer_id is None else store.wishlists.of_customer(customer_id)[:-4:-1]


def not_found(store: ShopStore) -> Response:
    """The 404 page. It never repeats what was asked for."""
    return page(store, "404.html", 404, wishes=wishes_of(store))


def flash(store: ShopStore, text: str, kind: str = "success") -> None:
    """A message on the next page of this visitor."""
    session = open_visit(store).session
    assert session is not None
    store.flash(session, text, kind)


def back(store: ShopStore, text: str, kind: str = "success", default: str = "/") -> Response:
    """To the page the form was on, with a message."""
    flash(store, text, kind)
    return see_other(safe_referrer(default))


def for_customers(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, customer_id, **values)``; sends guests to the login page, which does not say what they wanted."""

    def guarded(store: ShopStore, **values: Any) -> Any:
        customer_id = visitor(store).customer_id
        return login_first() if customer_id is None else handler(store, customer_id, **values)

    guarded.__name__ = handler.__name__
    guarded.__doc__ = handler.__doc__
    return guarded


def login_first() -> Response:
    return see_other("/customer/account/login/")


def qty_field(name: str = "qty", default: int = 1) -> int | None:
    """A posted quantity; None if it is none, ``default`` if there is no such field. "2.0" is 2, as in number fields."""
    text = request.form.get(name)
    if text is None or not text.strip():
        return default if text is None else None
    whole, _, fraction = text.strip().removeprefix("+").partition(".")
    return to_int(whole, -1) if not fraction.strip("0") and to_int(whole, -1) >= 0 else None


def uenc(url: str) -> str:
    """An address as the real site packs it into another's path."""
    return base64.b64encode(url.encode()).decode().translate(str.maketrans("+/=", "-_~"))


def script_call(
    url: str | None = None, *, method: str = "POST", status: int = 200, body: str | None = None, answer: str = "[]"
) -> None:
    """Record the request that the real site's script would have sent in place of this one, and hide this one.

    ``url`` is a path, this request's own by default; ``body`` is JSON, this request's own body by default.
    """
    hide_request()
    content_type = (request.content_type or "") if body is None else "application/json"
    if body is None and content_type.startswith("multipart/"):
        # Written anew: every browser makes up a boundary of its own.
        content_type, body = f"multipart/form-data; boundary={_BOUNDARY}", _multipart()
    elif body is None:
        body = request.environ["wsgi.input"].getvalue().decode("utf-8", "replace")
    record(
        NetworkEvent(
            method=method,
            url=f"{ORIGIN}{url or request.path}",
            status=status,
            headers=(
                ("accept", "application/json, text/javascript, */*; q=0.01"),
                ("x-requested-with", "XMLHttpRequest"),
                ("referer", request.headers.get("Referer", f"{ORIGIN}/")),
            ),
            body=body if method == "POST" else "",
            content_type=content_type if method == "POST" else "",
            response_headers=(("Content-Type", "application/json"),),
            response_body=answer,
        )
    )


def _multipart() -> str:
    """This request's fields as a multipart body."""
    parts = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in request.form.items(multi=True)
    )
    return "".join(parts) + f"--{_BOUNDARY}--\r\n"


def short_date(timestamp: str) -> str:
    """M/D/YY, as lists show dates.

    >>> short_date("2023-05-17 15:39:44")
    '5/17/23'
    """
    return f"{int(timestamp[5:7])}/{int(timestamp[8:10])}/{timestamp[2:4]}"


def long_date(timestamp: str) -> str:
    """Month D, YYYY.

    >>> long_date("2023-05-17 15:39:44")
    'May 17, 2023'
    """
    when = dt.datetime.fromisoformat(timestamp)
    return f"{when:%B} {when.day}, {when.year}"
