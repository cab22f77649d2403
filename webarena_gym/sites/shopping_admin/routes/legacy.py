"""The grid of the older pages: filters in the table's head, all of its state in the address.

The real grid writes its state as pairs of path segments, with the filters packed into one; a query says the same here.
Both are understood.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Response, request

from ...magento import money, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.grid import Grid, GridQuery
from .common import Button, back, day, for_admins, full_time, page, sent_form
from .grid import posted_ids

SIZES = (20, 30, 50, 100, 200)
_STATE = ("sort", "dir", "limit", "page")


class Mass(NamedTuple):
    """An entry of the list "Actions". ``path`` is where the real form posts to; ``statuses``: value -> label, of an action that sets one."""

    value: str
    label: str
    path: str
    run: Callable[[AdminStore, list[int], int], str]
    statuses: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyPage:
    """How one of the store's grids is shown on an older page.

    ``link`` is where a row leads (its ID is a link then); ``action`` the label of a link of its own. ``fixed`` are
    filters that the page always has.
    """

    grid: Callable[[AdminStore], Grid]
    title: str
    path: str
    key: str
    columns: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    link: str = ""
    action: str = "Edit"
    mass: tuple[Mass, ...] = ()
    buttons: tuple[Button, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return BASE + self.path


class Field(NamedTuple):
    """A cell of the head's row of filters."""

    name: str
    label: str
    kind: str
    value: tuple[str, str]
    options: Mapping[str, str]


@dataclass(slots=True)
class _State:
    filters: dict[str, Any]
    sort: str
    descending: bool
    limit: int
    page: int


def _arguments(segments: str) -> dict[str, str]:
    """The state in the path (``sort/created_at/dir/asc/filter/<base64>``) with the query laid over it."""
    parts = [part for part in segments.split("/") if part]
    pairs = dict(zip(parts[::2], parts[1::2], strict=False))
    found = {name: value for name, value in pairs.items() if name in _STATE}
    for name, column in (("productId", "product_id"), ("customerId", "customer_id")):
        if name in pairs:
            found[column] = pairs[name]
    if "filter" in pairs:
        found |= unpacked(pairs["filter"])
    return found | request.args.to_dict()


def unpacked(packed: str) -> dict[str, str]:
    """The fields that a base64 path segment holds; empty for one that is damaged.

    >>> unpacked("dGl0bGU9TWFpbCZkZXRhaWw9YmVzdA==")
    {'title': 'Mail', 'detail': 'best'}
    """
    try:
        raw = base64.b64decode(packed.replace("-", "+").replace("_", "/") + "=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return {}
    return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)[:100])


def _state(shown: LegacyPage, grid: Grid, arguments: Mapping[str, str]) -> _State:
    filters: dict[str, Any] = {}
    for name, column in grid.columns.items():
        if column.kind in ("date", "number", "money"):
            bounds = tuple(arguments.get(f"{name}[{end}]", "").replace("\0", "")[:255] for end in ("from", "to"))
            if any(bounds):
                filters[name] = bounds
            elif arguments.get(name):
                filters[name] = arguments[name].replace("\0", "")[:255]
        elif arguments.get(name):
            filters[name] = arguments[name].replace("\0", "")[:255]
    sort = arguments.get("sort", shown.sort)
    limit = to_int(arguments.get("limit"), SIZES[0])
    return _State(
        filters,
        sort if sort in grid.columns else shown.sort,
        arguments["dir"] == "desc" if arguments.get("dir") in ("asc", "desc") else shown.descending,
        limit if limit in SIZES else SIZES[0],
        min(max(1, to_int(arguments.get("page"), 1)), 100_000),
    )


class Listing:
    """A page's state and the addresses that change it."""

    def __init__(self, shown: LegacyPage, state: _State, total: int) -> None:
        self._shown, self._state = shown, state
        self.total, self.pages = total, max(1, -(-total // state.limit))
        self.page = min(state.page, self.pages)
        self.limit, self.sort, self.descending = state.limit, state.sort, state.descending

    def pairs(self, *without: str, **changes: str | int) -> list[tuple[str, str]]:
        """The state as fields of a form or a query, with changes."""
        values: dict[str, str] = {}
        for name, value in self._state.filters.items():
            if isinstance(value, tuple):
                values |= {f"{name}[{end}]": text for end, text in zip(("from", "to"), value, strict=True) if text}
            else:
                values[name] = value
        if self.sort and (self.sort, self.descending) != (self._shown.sort, self._shown.descending):
            values |= {"sort": self.sort, "dir": "desc" if self.descending else "asc"}
        if self.limit != SIZES[0]:
            values["limit"] = str(self.limit)
        if self.page > 1:
            values["page"] = str(self.page)
        values |= {name: str(value) for name, value in changes.items()}
        return [(name, value) for name, value in values.items() if name not in without]

    def url(self, **changes: str | int) -> str:
        pairs = self.pairs(*(() if "page" in changes else ("page",)), **changes)
        return self._shown.url + (f"?{urlencode(pairs)}" if pairs else "")

    def sort_url(self, column: str) -> str:
        downwards = column == self.sort and not self.descending
        return self.url(sort=column, dir="desc" if downwards else "asc")

    def arrow(self, column: str) -> str:
        return "" if column != self.sort else "↓ " if self.descending else "↑ "


def show(store: AdminStore, shown: LegacyPage, segments: str = "") -> Response:
    """GET of the grid's page."""
    grid = shown.grid(store)
    state = _state(shown, grid, _arguments(segments))
    query = GridQuery({**state.filters, **shown.fixed}, "", state.sort, state.descending, state.limit, 0)
    ticked, condition = posted_ids(request.args), ""
    if (internal := request.args.get("internal", "")) in ("0", "1"):  # only the ticked rows, or only the others
        chosen = ",".join(map(str, ticked))
        condition = f"{grid.columns[shown.key].sql} {'NOT ' if internal == '0' else ''}IN ({chosen})"
    listing = Listing(shown, state, grid.count(query, condition))
    offset = (listing.page - 1) * state.limit
    rows = grid.rows(GridQuery(query.filters, "", state.sort, state.descending, state.limit, offset), condition)
    columns = [grid.columns[name] for name in shown.columns]
    return page(
        store,
        "legacy.html",
        shown.title,
        at=shown.url,
        actions=shown.buttons,
        shown=shown,
        listing=listing,
        sizes=SIZES,
        heads=[(column.name, shown.labels.get(column.name, column.label)) for column in columns],
        fields=[
            _field(column.name, shown.labels.get(column.name, column.label), column.kind, state, shown)
            for column in columns
        ],
        rows=[
            (
                row[shown.key],
                [_text(row[column.name], column.kind, shown.options.get(column.name)) for column in columns],
            )
            for row in rows
        ],
        ticked=set(ticked),
        internal=internal,
    )


def _field(name: str, label: str, kind: str, state: _State, shown: LegacyPage) -> Field:
    value = state.filters.get(name, ("", ""))
    ranged = kind in ("date", "number", "money")
    if kind == "none" and name not in shown.options:
        return Field(name, label, "none", ("", ""), {})
    options = shown.options.get(name)
    if options is not None:
        return Field(name, label, "select", (value, "") if isinstance(value, str) else ("", ""), options)
    both = value if isinstance(value, tuple) else (value, value)
    return Field(
        name, label, "date" if kind == "date" else "range" if ranged and name != shown.key else "text", both, {}
    )


def _text(value: Any, kind: str, options: Mapping[str, str] | None) -> str:
    if options is not None:
        return options.get(str(value), str(value))
    if value is None:
        return ""
    if kind == "money":
        return money(value)
    if kind == "date":
        return full_time(value) if len(str(value)) > 10 else day(value)
    return str(value)


def page_of(shown: LegacyPage) -> Callable[..., Response]:
    """The handler of a grid's page; ``segments`` are the state in the path."""

    @for_admins
    def handler(store: AdminStore, segments: str = "") -> Response:
        return show(store, shown, segments)

    handler.__name__ = "legacy_" + shown.path.strip("/").replace("/", "_")
    handler.__doc__ = f"GET {shown.url}"
    return handler


def mass_of(shown: LegacyPage) -> Callable[..., Response]:
    """The handler of what the list "Actions" does with the ticked rows."""
    actions = {mass.value: mass for mass in shown.mass}

    @for_admins
    def handler(store: AdminStore) -> Response:
        mass, ids = actions.get(request.form.get("do", "")), posted_ids()
        if mass is None or not ids:
            return back(store, shown.url, "Please select items.", "error")
        status = to_int(request.form.get("mass_status"))
        fields = [(shown.key.removesuffix("_id") + "s", str(id)) for id in ids]
        sent_form(BASE + mass.path, fields=[*fields, *([("status", str(status))] if mass.statuses else [])])
        if mass.statuses and status not in mass.statuses:
            return back(store, shown.url, "Please select a status.", "error")
        return back(store, shown.url, mass.run(store, ids, status))

    handler.__name__ = "mass_" + shown.path.strip("/").replace("/", "_")
    return handler
