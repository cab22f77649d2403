"""Reading what a listing page is asked for: sort mode, time range, cursor; and what its menus offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from flask import request

from ..store import RedditStore
from ..store.settings import TIMES
from ..store.submissions import SORT_FIELDS, Listing, Submission
from .common import MOST_ID, to_int, visitor

SORT_LABELS = {
    "hot": "Hot",
    "new": "New",
    "active": "Active",
    "top": "Top",
    "controversial": "Controversial",
    "most_commented": "Most commented",
}
TIME_LABELS = {
    "hour": "Past hour",
    "day": "Past 24 hours",
    "week": "Past week",
    "month": "Past month",
    "year": "Past year",
    "all": "All time",
}
FILTER_LABELS = {"featured": "Featured", "subscribed": "Subscribed", "all": "All", "moderated": "Moderated"}
_TIMED = ("top", "controversial", "most_commented")
_MENU_TIMES = ("day", "week", "month", "year", "all")


class Choice(NamedTuple):
    """One entry of a menu."""

    label: str
    url: str
    current: bool


class Menu(NamedTuple):
    """A menu that opens: its key in addresses, its name, as in "Sort by: Hot", and its entries."""

    key: str
    name: str
    label: str
    choices: list[Choice]


class ListingPage(NamedTuple):
    """Everything that a page of submissions shows: its menus, the submissions, and the address of the next page."""

    sort: str
    menus: list[Menu]
    submissions: list[Submission]
    more: str | None


def listing_page(
    store: RedditStore,
    base: str,
    sort: str | None,
    condition: str,
    values: Mapping[str, int | str] | None = None,
    *,
    stickies_first: bool = False,
    few_forums: bool = False,
) -> ListingPage | None:
    """The page asked for, None for a time range that does not exist. ``base`` is the path that sort modes are added to."""
    who = visitor(store)
    if sort is None:
        sort = who.user.settings["sortBy"] if who.user is not None else "hot"
    time = request.args.get("t", "day" if sort in _TIMED else "all")
    if time not in TIMES:
        return None
    if who.user_id is not None:
        condition += " AND s.user_id NOT IN (SELECT blocked_id FROM user_block WHERE user_id = :visitor)"
    listing = Listing(sort, condition, values or {}, TIMES[time], _cursor(sort), stickies_first, few_forums)
    submissions, cursor = store.submissions.page(listing, who.user_id, store.seconds())
    more = None
    if cursor is not None:
        pairs = [(f"next[{name}]", value) for name, value in cursor.items()]
        more = f"{request.path}?{urlencode([*_time_pair(), *pairs])}"
    return ListingPage(sort, [_sort_menu(base, sort), *_time_menu(base, sort, time)], submissions, more)


def filter_menu(chosen: str, sort: str, *, moderates: bool, signed_in: bool) -> Menu:
    """Whose forums the front page shows."""
    shown = [
        name
        for name in FILTER_LABELS
        if (name != "subscribed" or signed_in) and (name != "moderated" or moderates or chosen == name)
    ]
    choices = [Choice(FILTER_LABELS[name], f"/{name}/{sort}", name == chosen) for name in shown]
    return Menu("filter", f"Filter on: {FILTER_LABELS[chosen]}", FILTER_LABELS[chosen], choices)


def _cursor(sort: str) -> tuple[int | None, int] | None:
    """The place that the page starts behind; None for the first page or a cursor that makes no sense."""
    field = SORT_FIELDS[sort][0]
    after_id = to_int(request.args.get("next[id]"))
    value = to_int(request.args.get(f"next[{field}]")) if field else None
    if after_id is None or not 0 <= after_id <= MOST_ID or (field and value is None):
        return None
    return value, after_id


def _time_pair() -> list[tuple[str, str]]:
    return [("t", request.args["t"])] if "t" in request.args else []


def _sort_menu(base: str, sort: str) -> Menu:
    choices = [
        Choice(label, f"{base}/{name}{'?t=day' if name in _TIMED else ''}", name == sort)
        for name, label in SORT_LABELS.items()
    ]
    return Menu("sort", f"Sort by: {SORT_LABELS[sort]}", SORT_LABELS[sort], choices)


def _time_menu(base: str, sort: str, time: str) -> list[Menu]:
    if sort not in _TIMED and "t" not in request.args:
        return []
    choices = [Choice(TIME_LABELS[name], f"{base}/{sort}?t={name}", name == time) for name in _MENU_TIMES]
    return [Menu("time", f"From: {TIME_LABELS[time]}", TIME_LABELS[time], choices)]
