"""What handlers share: who asks, guards, the frame around every page, posted fields, and the real site's own requests."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from flask import Response, g, render_template, request

from ....types import NetworkEvent
from ...base import hide_request, json_body, record, safe_referrer, see_other
from ..markdown import is_visible
from ..navigation import Section, project_sections
from ..store import GitLabStore
from ..store.activity import Totals
from ..store.people import Person
from ..store.projects import Project

SESSION_COOKIE = "gitlab_session"
ORIGIN = "http://gitlab.test"
MAX_TEXT_CHARS = 100_000  # of any one field that is kept
MOST_PAGES = 100_000
PER_PAGE = 20

Handler = Callable[..., Any]


class Visitor(NamedTuple):
    session: str | None
    person: Person | None

    @property
    def id(self) -> int | None:
        return self.person.id if self.person else None


class Here(NamedTuple):
    """The project that a request is about, and what the visitor may do there."""

    project: Project
    level: int
    me: int | None

    @property
    def can_push(self) -> bool:
        return self.level >= 30

    @property
    def can_admin(self) -> bool:
        return self.level >= 40


class Chrome(NamedTuple):
    """What the frame of a page shows beside the page's own content. ``address`` is this page's without an open menu."""

    person: Person | None
    totals: Totals | None
    messages: list[Any]
    address: str
    opened: str
    here: Here | None
    sections: list[Section]

    def menu(self, name: str) -> str:
        """The address of this page with a menu open, or closed again if it is open."""
        if self.opened == name:
            return self.address
        return f"{self.address}{'&' if '?' in self.address else '?'}open={name}"


def visitor(store: GitLabStore) -> Visitor:
    """Who sent this request."""
    found = g.get("visitor")
    if found is None:
        session = request.cookies.get(SESSION_COOKIE)
        person_id = store.session_user(session)
        person = None if person_id is None else store.people.by_id(person_id)
        known = person is not None or store.has_session(session)
        found = g.visitor = Visitor(session if known else None, person)
    return found


def open_visit(store: GitLabStore) -> Visitor:
    """The visitor with a session: a guest who is told something gets one."""
    found = visitor(store)
    if found.session is None:
        found = g.visitor = Visitor(store.open_session(None), None)
        g.new_session = found.session
    return found


# --- pages and messages ---


def page(
    store: GitLabStore,
    template: str,
    status: int = 200,
    /,
    *,
    here: Here | None = None,
    section: str = "",
    item: str = "",
    **context: Any,
) -> Response:
    """A page within the site's frame. ``section`` and ``item`` say where in the project's side bar it stands."""
    who = visitor(store)
    chrome = Chrome(
        who.person,
        store.activity.totals(who.person.id) if who.person else None,
        store.take_flashes(who.session),
        "/" if status >= 400 else this_address(),
        "" if status >= 400 else request.args.get("open", ""),
        here,
        project_sections(here.project, here.level, who.person is not None) if here else [],
    )
    html = render_template(template, chrome=chrome, here=here, section=section, item=item, **context)
    return Response(html, status, mimetype="text/html")


def this_address() -> str:
    """Path and query of this request, without the parameter that opens a menu."""
    pairs = [
        (key, value)
        for key, value in parse_qsl(request.query_string.decode("latin-1")[:4000], keep_blank_values=True)
        if key != "open"
    ]
    return quote(request.path, safe="/:@!$&'()*+,;=~-._") + (f"?{urlencode(pairs)}" if pairs else "")


def not_found(store: GitLabStore) -> Response:
    """The 404 page. It never repeats what was asked for."""
    return page(store, "404.html", 404)


def flash(store: GitLabStore, text: str, kind: str = "notice") -> None:
    """A message on the next page of this visitor."""
    session = open_visit(store).session
    assert session is not None
    store.flash(session, text, kind)


def back(store: GitLabStore, text: str = "", kind: str = "notice", default: str = "/") -> Response:
    """To the page the form was on, with a message if there is one."""
    if text:
        flash(store, text, kind)
    return see_other(safe_referrer(default))


def to(store: GitLabStore, location: str, text: str = "", kind: str = "notice") -> Response:
    """302 to a page, with a message if there is one."""
    if text:
        flash(store, text, kind)
    return see_other(location)


# --- guards ---


def sign_in_first(store: GitLabStore) -> Response:
    """To the sign-in page, which does not say what was wanted."""
    return to(store, "/users/sign_in", "You need to sign in or sign up before continuing.", "alert")


def for_members_of_the_site(handler: Handler) -> Handler:
    """Calls ``handler(store, person, **values)``; guests are asked to sign in."""

    @functools.wraps(handler)
    def guarded(store: GitLabStore, **values: Any) -> Any:
        person = visitor(store).person
        return sign_in_first(store) if person is None else handler(store, person, **values)

    return guarded


def in_project(level: int = 0, *, signed_in: bool = False) -> Callable[[Handler], Handler]:
    """Calls ``handler(store, here, **values)`` for a project that the visitor may read and has at least ``level`` in.

    As on the real site whatever may not be seen is not found; guests are asked to sign in. An address in another case leads
    to the project's own.
    """

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def guarded(store: GitLabStore, namespace: str, project: str, **values: Any) -> Any:
            me = visitor(store).id
            found = store.projects.by_path(f"{namespace}/{project}")
            reachable = found is not None and store.projects.readable(found, me)
            if me is None and (not reachable or signed_in or level):
                return sign_in_first(store)
            if found is None or not reachable:
                return not_found(store)
            held = store.projects.level(found, me) if me is not None else 0
            if held < level:
                return not_found(store)
            if request.method == "GET" and (namespace, project) != tuple(found.full_path.split("/")):
                rest = this_address()[len(quote(f"/{namespace}/{project}", safe="/:@!$&'()*+,;=~-._")) :]
                return see_other(f"/{found.full_path}{rest}")
            return handler(store, Here(found, held, me), **values)

        return guarded

    return decorate


# --- fields ---


def text_field(name: str, limit: int = 255) -> str:
    """A posted text, trimmed and cut to ``limit`` characters; empty if it is missing."""
    return _clean(request.form.get(name, ""), limit)


def long_field(name: str) -> str:
    """A posted text of several lines; line ends become single newlines."""
    return _clean(request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n"), MAX_TEXT_CHARS)


def argument(name: str, limit: int = 255) -> str:
    """A parameter of the address, trimmed."""
    return _clean(request.args.get(name, ""), limit)


def _clean(text: str, limit: int) -> str:
    """Without NULs and unpaired surrogates; empty if nobody could see anything of it."""
    text = text.replace("\0", "").encode("utf-8", "replace").decode().strip()[:limit]
    return text if is_visible(text) else ""


def to_int(text: str | None, default: int = 0) -> int:
    """The whole number that ``text`` spells, ``default`` if it spells none or a huge one.

    >>> to_int(" 12 "), to_int("-3"), to_int("1e3", 7), to_int(None)
    (12, -3, 7, 0)
    """
    text = (text or "").strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else default


def day_field(name: str) -> str | None:
    """A posted date as YYYY-MM-DD; None if it is empty or none."""
    return to_day(request.form.get(name, ""))


def to_day(text: str) -> str | None:
    """
    >>> to_day("2030-1-3"), to_day("2030-02-30"), to_day("soon")
    ('2030-01-03', None, None)
    """
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip(), re.ASCII)
    if match is None:
        return None
    try:
        return dt.date(*map(int, match.groups())).isoformat()
    except ValueError:
        return None


class Pager(NamedTuple):
    """Which page of a list shows. Its links keep the address's other parameters."""

    page: int
    pages: int
    total: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * PER_PAGE

    @property
    def numbers(self) -> list[int]:
        """The page numbers to link: the first, the last and those around this one; 0 stands for a gap."""
        near = [n for n in range(1, self.pages + 1) if n in (1, self.pages) or abs(n - self.page) <= 2]
        shown: list[int] = []
        for number in near:
            if shown and number > shown[-1] + 1:
                shown.append(0)
            shown.append(number)
        return shown

    def url(self, number: int) -> str:
        return with_query(page=number)


def wanted_page() -> int:
    return min(max(1, to_int(request.args.get("page"), 1)), MOST_PAGES)


def pager(total: int, per_page: int = PER_PAGE) -> Pager:
    pages = max(1, -(-total // per_page))
    return Pager(wanted_page(), pages, total)


def with_query(**changes: str | int | None) -> str:
    """This address with some parameters changed; None takes one away, and so does a change of anything for the page."""
    given = [
        (k, v)
        for k, v in parse_qsl(request.query_string.decode("latin-1")[:4000], keep_blank_values=True)
        if k != "open"
    ]
    kept = [(key, value) for key, value in given if key not in changes and (key != "page" or "page" in changes)]
    kept += [(key, str(value)) for key, value in changes.items() if value is not None and (key, value) != ("page", 1)]
    return quote(request.path, safe="/:@!$&'()*+,;=~-._") + (f"?{urlencode(kept)}" if kept else "")


# --- the real site's own requests ---


def script_call(
    method: str,
    path: str,
    *,
    status: int = 200,
    body: Any = None,
    answer: Any = None,
    hide: bool = True,
    referrer: str | None = None,
) -> None:
    """Record the request that the real site's script would have sent, by default in place of this one.

    ``path`` starts with a slash; ``body`` and ``answer`` become JSON.
    """
    if hide:
        hide_request()
    record(
        NetworkEvent(
            method=method,
            url=ORIGIN + path,
            status=status,
            headers=(
                ("accept", "application/json, text/plain, */*"),
                ("x-requested-with", "XMLHttpRequest"),
                ("referer", referrer or request.headers.get("Referer", f"{ORIGIN}/")),
            ),
            body="" if body is None else json_body(body),
            content_type="" if body is None else "application/json",
            response_headers=(("Content-Type", "application/json; charset=utf-8"),),
            response_body=json_body({} if answer is None else answer),
        )
    )


# --- how values are shown ---


def moment(seconds: int | None) -> str:
    """
    >>> moment(1679959379)
    'Mar 27, 2023 11:22pm'
    """
    if seconds is None:
        return ""
    when = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{when:%b} {when.day}, {when.year} {when.hour % 12 or 12}:{when:%M}{'am' if when.hour < 12 else 'pm'}"


def date(seconds: int | None) -> str:
    """
    >>> date(1679959379)
    'Mar 27, 2023'
    """
    if seconds is None:
        return ""
    when = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{when:%b} {when.day}, {when.year}"


def day_first(days: int) -> str:
    """Days since 1970 as commit lists show them.

    >>> day_first(19421)
    '05 Mar, 2023'
    """
    return f"{dt.date(1970, 1, 1) + dt.timedelta(days):%d %b, %Y}"


def long_day(iso: str | None) -> str:
    """
    >>> long_day("2030-01-03")
    'Jan 3, 2030'
    """
    if not iso:
        return ""
    day = dt.date.fromisoformat(iso)
    return f"{day:%b} {day.day}, {day.year}"


def storage(kilobytes: int) -> str:
    """
    >>> storage(72), storage(87552)
    ('72 KB', '85.5 MB')
    """
    return f"{kilobytes} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"


def counted(count: int, word: str, plural: str | None = None) -> str:
    """
    >>> counted(1, "Branch", "Branches"), counted(2320, "Commit")
    ('1 Branch', '2,320 Commits')
    """
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


FILTERS: Mapping[str, Callable[..., str]] = {
    "moment": moment, "date": date, "day_first": day_first, "long_day": long_day, "storage": storage, "counted": counted,
}  # fmt: skip


def first_problem(*checks: tuple[bool, str]) -> str:
    """The message of the first check that fails, empty if none does."""
    return next((message for failed, message in checks if failed), "")


def chosen(values: Sequence[str], allowed: Mapping[str, Any], default: str) -> str:
    return next((value for value in values if value in allowed), default)
