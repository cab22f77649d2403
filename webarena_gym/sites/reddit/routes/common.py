"""What handlers share: who asks, the frame around every page, guards, messages, forms that are sent back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Response, g, render_template, request

from ....types import NetworkEvent
from ...base import hide_request, record, safe_referrer, see_other
from ..store import RedditStore
from ..store.forums import Forum
from ..store.users import User

SESSION_COOKIE = "reddit_session"
ORIGIN = "http://reddit.test"
MAX_BODY_CHARS = 200_000  # of a post or a comment
_MOST_ARGUMENTS = 12  # of an address that is asked for again to open a menu
MOST_ID = 10**15  # no id is higher; larger numbers in an address are nobody's


class Visitor(NamedTuple):
    """Who sent a request; both None for a guest without a session."""

    session: str | None
    user: User | None

    @property
    def user_id(self) -> int | None:
        return None if self.user is None else self.user.id


class Chrome(NamedTuple):
    """What the frame of a page shows beside the page's own content.

    ``path`` and ``query`` are what was asked for, so that a menu can be opened on the same page; ``menu`` is the open one.
    """

    user: User | None
    notifications: int
    messages: Sequence[Any]
    path: str
    query: Sequence[tuple[str, str]]
    menu: str
    submit_path: str
    night: str
    thumbnails: bool
    link_to_post: bool


class Pager(NamedTuple):
    """Pages with numbers: ``url`` gives the address of one. The numbers shown stand around the current page."""

    current: int
    last: int
    url: Callable[[int], str]

    @property
    def numbers(self) -> range:
        first = max(1, min(self.current - 3, self.last - 6))
        return range(first, min(self.current + max(3, 7 - self.current), self.last) + 1)


def visitor(store: RedditStore) -> Visitor:
    """Who sent this request."""
    found = g.get("visitor")
    if found is None:
        session = request.cookies.get(SESSION_COOKIE)
        user_id = store.session_user(session)
        known = user_id is not None or store.has_session(session)
        found = g.visitor = Visitor(session if known else None, None if user_id is None else store.users.by_id(user_id))
    return found


def open_visit(store: RedditStore) -> str:
    """The visitor's session; a guest who needs one gets it."""
    found = visitor(store)
    if found.session is None:
        found = g.visitor = Visitor(store.open_session(None), None)
        g.new_session = found.session
    assert found.session is not None
    return found.session


def page(
    store: RedditStore,
    template: str,
    status: int = 200,
    *,
    forum: Forum | None = None,
    **context: Any,
) -> Response:
    """A page within the site's frame, with the messages that wait for this visitor; ``now`` is there for ages.

    A page that was not found (a wiki page that can be written) does not repeat what was asked for.
    """
    if "menu" in request.args:
        hide_request()  # the real site opens its menus by script
    who = visitor(store)
    settings = who.user.settings if who.user is not None else {}
    chrome = Chrome(
        user=who.user,
        notifications=0 if who.user is None else store.inbox.notification_count(who.user.id),
        messages=[] if who.session is None else store.take_flashes(who.session),
        path=request.path if status == 200 else "/",
        query=[pair for pair in request.args.items(multi=True) if pair[0] != "menu"][:_MOST_ARGUMENTS],
        menu=request.args.get("menu", ""),
        submit_path="/submit" if forum is None else f"/submit/{forum.name}",
        night=settings.get("nightMode", "auto"),
        thumbnails=settings.get("showThumbnails", True),
        link_to_post=settings.get("submissionLinkDestination") == "submission",
    )
    html = render_template(template, chrome=chrome, forum=forum, now=store.seconds(), **context)
    return Response(html, status, mimetype="text/html")


def not_found(store: RedditStore) -> Response:
    """The 404 page. It never repeats what was asked for."""
    return Response(render_template("error.html", title="404 Not Found"), 404, mimetype="text/html")


def forbidden(store: RedditStore) -> Response:
    """The 403 page."""
    return Response(render_template("error.html", title="403 Forbidden"), 403, mimetype="text/html")


def flash(store: RedditStore, text: str, kind: str = "success") -> None:
    """A message on the next page of this visitor."""
    store.flash(open_visit(store), text, kind)


def back(default: str) -> Response:
    """To the page the form was on."""
    return see_other(safe_referrer(default))


def for_users(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, user, **values)``; sends guests to the login page, which does not say what they wanted."""

    def guarded(store: RedditStore, **values: Any) -> Any:
        user = visitor(store).user
        return see_other("/login") if user is None else handler(store, user, **values)

    guarded.__name__, guarded.__doc__ = handler.__name__, handler.__doc__
    return guarded


def in_forum(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, forum, **values)`` for the forum that the path names in any case; 404 if there is none.

    A page asked for in another spelling is redirected to the canonical one.
    """

    def found(store: RedditStore, name: str, **values: Any) -> Any:
        forum = store.forums.by_name(name)
        if forum is None:
            return not_found(store)
        if forum.name != name and request.method == "GET":
            rest = request.path.split("/", 3)[3:]
            query = request.query_string.decode("latin-1")
            return see_other("/".join([forum.path, *rest]) + (f"?{query}" if query else ""))
        return handler(store, forum, **values)

    found.__name__, found.__doc__ = handler.__name__, handler.__doc__
    return found


def members_forum(handler: Callable[..., Any]) -> Callable[..., Any]:
    """``for_users`` and ``in_forum`` at once: calls ``handler(store, user, forum, **values)``."""

    def inner(store: RedditStore, forum: Forum, **values: Any) -> Any:
        user = visitor(store).user
        return see_other("/login") if user is None else handler(store, user, forum, **values)

    inner.__name__, inner.__doc__ = handler.__name__, handler.__doc__
    return in_forum(inner)


def moderators_forum(handler: Callable[..., Any]) -> Callable[..., Any]:
    """``members_forum`` for the forum's moderators; 403 for other users."""

    def inner(store: RedditStore, user: User, forum: Forum, **values: Any) -> Any:
        if not store.forums.moderates(forum.id, user.id):
            return forbidden(store)
        return handler(store, user, forum, **values)

    inner.__name__, inner.__doc__ = handler.__name__, handler.__doc__
    return members_forum(inner)


def text_field(name: str, limit: int = MAX_BODY_CHARS) -> str:
    """A posted text without white space around it, cut to ``limit`` characters; empty if it is missing."""
    return request.form.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()[:limit]


def send_back(store: RedditStore, path: str, problem: str, fields: Mapping[str, str]) -> Response:
    """To the form again, with what is wrong and what was typed."""
    flash(store, problem, "error")
    store.keep_draft(open_visit(store), path, dict(fields))
    return see_other(path)


def draft(store: RedditStore, path: str) -> dict[str, str]:
    """What was typed into the form at this path before it was sent back; empty if it was not."""
    return store.take_draft(visitor(store).session, path)


def to_int(text: str | None) -> int | None:
    """The whole number that ``text`` spells, None if it spells none or a huge one.

    >>> to_int("12"), to_int("-3"), to_int("1e3"), to_int("9" * 30), to_int(None)
    (12, -3, None, None, None)
    """
    text = text or ""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 16 else None


def script_call(path: str, body: str, answer: str) -> None:
    """Record the request that the real site's script would have sent in place of this form, and hide the form's own."""
    hide_request()
    record(
        NetworkEvent(
            method="POST",
            url=f"{ORIGIN}{path}",
            status=200,
            headers=(
                ("accept", "*/*"),
                ("x-requested-with", "XMLHttpRequest"),
                ("referer", request.headers.get("Referer", f"{ORIGIN}/")),
            ),
            body=body,
            content_type="application/x-www-form-urlencoded" if body else "",
            response_headers=(("Content-Type", "application/json"),),
            response_body=answer,
        )
    )
