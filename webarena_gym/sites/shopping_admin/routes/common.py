"""What handlers share: who asks, the frame around every admin page, messages, guards and the real site's own requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from flask import Response, g, render_template, request

from ....types import NetworkEvent
from ...base import hide_request, record, see_other
from ..navigation import BASE, MENU, Section, section
from ..store import AdminStore

SESSION_COOKIE = "admin_session"
FORM_KEY = "UzTq8mW4cYb1Lr6e"  # the real site's forms carry one; here it is never checked, the Origin header is
ORIGIN = "http://admin.test"
STORE_VIEW = "Main Website\nMain Website Store\nDefault Store View"

# Parameters of addresses that open a menu, ask a question or tick rows: a script does it on the real site.
_SCRIPTED = ("menu", "open", "selected")

_PLACES = {
    entry.url: tuple(part for part in (entry.label, group.title, place.label) if part)
    for place in MENU
    for group in place.groups
    for entry in group.entries
} | {place.path and BASE + place.path: (place.label,) for place in MENU if not place.groups}  # fmt: skip


class Button(NamedTuple):
    """A button of a page's tool bar that leads to another page, or opens a question on this one (``opens``)."""

    label: str
    url: str = ""
    opens: str = ""
    primary: bool = False


class Submit(NamedTuple):
    """A button of a page's tool bar that sends the form with the id ``form``, to ``url`` if it is given."""

    label: str
    form: str = "edit_form"
    url: str = ""
    name: str = ""
    value: str = ""
    primary: bool = False


class Question(NamedTuple):
    """What a page asks before it does something: OK posts to ``url``."""

    text: str
    url: str
    title: str = ""
    fields: tuple[tuple[str, str], ...] = ()


class Visitor(NamedTuple):
    session: str | None
    user_id: int | None


class Chrome(NamedTuple):
    """What the frame of a page shows beside the page's own content. ``address`` is this page's with no menu open."""

    username: str
    current: str
    opened: Section | None
    messages: list[Any]
    address: str

    def open(self, name: str, **values: str) -> str:
        """The address of this page with a part of it open."""
        return _joined(self.address, {"open": name, **values})

    def menu(self, place: Section) -> str:
        """Where a line of the menu leads: to its page, or to this page with its entries shown or hidden."""
        if not place.groups:
            return BASE + place.path
        return self.address if place == self.opened else _joined(self.address, {"menu": place.key})


def _joined(address: str, values: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"


def visitor(store: AdminStore) -> Visitor:
    """Who sent this request."""
    found = g.get("visitor")
    if found is None:
        session = request.cookies.get(SESSION_COOKIE)
        user_id = store.session_user(session)
        known = user_id is not None or store.has_session(session)
        found = g.visitor = Visitor(session if known else None, user_id)
    return found


def open_visit(store: AdminStore) -> str:
    """The visitor's session; who has none yet gets one."""
    found = visitor(store)
    if found.session is None:
        found = g.visitor = Visitor(store.open_session(None), None)
        g.new_session = found.session
    assert found.session is not None
    return found.session


def me(store: AdminStore) -> int:
    """The signed-in user's id, within a handler that is ``for_admins``."""
    user_id = visitor(store).user_id
    assert user_id is not None
    return user_id


def for_admins(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls the handler for signed-in users; sends others to the login page, which does not say what they wanted."""

    def guarded(store: AdminStore, **values: Any) -> Any:
        return see_other(f"{BASE}/") if visitor(store).user_id is None else handler(store, **values)

    guarded.__name__ = handler.__name__
    guarded.__doc__ = handler.__doc__
    return guarded


# --- pages and messages ---


def page(
    store: AdminStore,
    template: str,
    title: str,
    /,
    *,
    at: str = "",
    status: int = 200,
    actions: Sequence[Button | Submit] = (),
    question: Question | None = None,
    scope: str = "",
    **context: Any,
) -> Response:
    """A page within the admin's frame.

    ``at`` is the address of the menu's entry that the page belongs to; ``actions`` are the buttons of its tool bar;
    ``question`` is asked above the content; ``scope`` is what the scope switcher shows, empty for none.
    """
    who = visitor(store)
    place = _PLACES.get(at, ())
    if any(request.args.get(name) for name in _SCRIPTED):
        hide_request()
    user = store.users.user(who.user_id)
    chrome = Chrome(
        username=user.username if user is not None else "",
        current=place[-1] if place else "",
        opened=section(request.args.get("menu", "")),
        messages=store.take_flashes(who.session),
        address=this_address() if status < 400 else f"{BASE}/admin/dashboard/",
    )
    html = render_template(
        template,
        chrome=chrome,
        menu=MENU,
        title=title,
        titles=[title, *(part for part in place if part != title), "Magento Admin"],
        form_key=FORM_KEY,
        actions=actions,
        question=question,
        scope=scope,
        open=request.args.get("open", ""),
        **context,
    )
    return Response(html, status, mimetype="text/html")


def this_address() -> str:
    """Path and query of this request, without what opens menus."""
    pairs = [
        (key, value)
        for key, value in parse_qsl(request.query_string.decode("latin-1")[:4000], keep_blank_values=True)
        if key not in _SCRIPTED
    ]
    return quote(request.path, safe="/:@!$&'()*+,;=~-._") + (f"?{urlencode(pairs)}" if pairs else "")


def not_found(store: AdminStore) -> Response:
    """The 404 page. It never repeats what was asked for."""
    return page(store, "404.html", "404 Error", status=404)


def flash(store: AdminStore, text: str, kind: str = "success") -> None:
    """A message on the next page of this visitor."""
    store.flash(open_visit(store), text, kind)


def back(store: AdminStore, url: str, text: str, kind: str = "success") -> Response:
    """To ``url``, with a message."""
    flash(store, text, kind)
    return see_other(url)


# --- the real site's own requests ---


def sent_form(
    url: str | None = None,
    *,
    fields: Iterable[tuple[str, str]] | None = None,
    status: int = 302,
    script: bool = False,
    answer: str = "",
) -> None:
    """Record the post that the real admin's scripts would have made of this request, and hide this one.

    ``url`` is a path, this request's own by default; ``fields`` are this request's own by default. ``script`` tells a
    call that leaves the page as it is from a form that is sent.
    """
    hide_request()
    body = urlencode(list(request.form.items(multi=True) if fields is None else fields))
    headers: tuple[tuple[str, str], ...] = (("referer", request.headers.get("Referer", f"{ORIGIN}{BASE}/")),)
    if script:
        headers += (("accept", "*/*"), ("x-requested-with", "XMLHttpRequest"))
    record(
        NetworkEvent(
            method="POST",
            url=f"{ORIGIN}{url or request.path}",
            status=status,
            headers=headers,
            body=body,
            content_type="application/x-www-form-urlencoded; charset=UTF-8" if script else "application/x-www-form-urlencoded",
            response_headers=(("Content-Type", "text/html; charset=UTF-8"),),
            response_body=answer,
        )
    )  # fmt: skip


def script_get(url: str, referrer: str) -> None:
    """Record a GET of the real admin's scripts. Both are paths; ``url`` may have a query."""
    record(
        NetworkEvent(
            method="GET",
            url=f"{ORIGIN}{url}",
            status=200,
            headers=(
                ("accept", "application/json, text/javascript, */*; q=0.01"),
                ("x-requested-with", "XMLHttpRequest"),
                ("referer", f"{ORIGIN}{referrer}"),
            ),
            response_headers=(("Content-Type", "application/json"),),
        )
    )


# --- how values are written ---


def number(entity_id: int) -> str:
    """
    >>> number(299)
    '000000299'
    """
    return f"{entity_id:09d}"


def full_time(timestamp: str, comma: str = "") -> str:
    """As grids show times; pages put a comma after the year.

    >>> full_time("2023-05-31 02:55:09"), full_time("2023-04-19 19:41:29", ",")
    ('May 31, 2023 2:55:09 AM', 'Apr 19, 2023, 7:41:29 PM')
    """
    if not timestamp:
        return ""
    when = dt.datetime.fromisoformat(timestamp)
    return f"{when:%b} {when.day}, {when.year}{comma} {when.hour % 12 or 12}:{when:%M:%S} {when:%p}"


def page_time(timestamp: str) -> str:
    """
    >>> page_time("2023-04-19 19:41:29")
    'Apr 19, 2023, 7:41:29 PM'
    """
    return full_time(timestamp, ",")


def day(timestamp: str) -> str:
    """
    >>> day("2023-05-31 02:55:09"), day("")
    ('May 31, 2023', '')
    """
    if not timestamp:
        return ""
    when = dt.datetime.fromisoformat(timestamp)
    return f"{when:%b} {when.day}, {when.year}"


def short_day(when: dt.date) -> str:
    """M/D/YY, as the reports' date fields show it.

    >>> short_day(dt.date(2023, 2, 1))
    '2/1/23'
    """
    return f"{when.month}/{when.day}/{when:%y}"


def two_decimals(cents: int | None) -> str:
    """A price field's value.

    >>> two_decimals(2700), two_decimals(None)
    ('27.00', '')
    """
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"
