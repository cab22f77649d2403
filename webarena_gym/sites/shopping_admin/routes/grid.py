"""The grid of the newer pages: filters, keyword search, columns, sorting, paging and mass actions, remembered per user.

What the real grid's scripts do without leaving the page is here a form whose answer leads back to the page. What is open
(filters, columns, a menu) and which rows are ticked stands in the address.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.datastructures import MultiDict

from ...base import hide_request, see_other
from ...magento import money, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.grid import Column, Grid, GridQuery
from .common import Button, Question, day, full_time, me, page, script_get, sent_form

SIZES = (20, 30, 50, 100, 200)
MOST_SELECTED = 500
MOST_VIEWS = 20
_VIEWED = ("filters", "search", "sort", "descending", "size", "columns")
_SAVE = f"{BASE}/mui/bookmark/save/"
Choices = Mapping[str, Mapping[str, str]]  # column -> value -> label


class MassAction(NamedTuple):
    """Something to do with the ticked rows. ``values`` are choices, each (value, label), of an action that has some."""

    label: str
    path: str
    name: str = ""
    values: tuple[tuple[str, str], ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPage:
    """How one of the store's grids is shown.

    ``columns`` are what is shown at first, in order; ``hidden`` are offered by "Columns". ``options`` are the labels of
    choices by column. ``actions`` gives a row's links; more than one hide behind "Select".
    """

    namespace: str
    grid: Callable[[AdminStore], Grid]
    title: str
    path: str
    key: str
    columns: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    store_options: Mapping[str, Callable[[AdminStore], Mapping[str, str]]] = field(default_factory=dict)
    actions: Callable[[Any], Sequence[tuple[str, str]]] | None = None
    mass: tuple[MassAction, ...] = ()
    buttons: tuple[Button, ...] = ()
    sort: tuple[str, bool] = ("", False)  # the column the grid is sorted by at first, and whether downwards
    exportable: bool = True
    thumbnails: bool = False
    days: frozenset[str] = frozenset()  # date columns that show no time
    scope: str = ""

    def label(self, column: Column) -> str:
        return self.labels.get(column.name, column.label)

    def choices(self, store: AdminStore) -> Mapping[str, Mapping[str, str]]:
        """The labels of all choices, those that the store keeps included."""
        return {**self.options, **{name: found(store) for name, found in self.store_options.items()}}


@dataclass(slots=True)
class State:
    """What a user left of a grid. ``views`` are the states saved under a name, ``view`` the one that was chosen last."""

    filters: dict[str, Any] = field(default_factory=dict)
    search: str = ""
    sort: str = ""
    descending: bool = False
    size: int = SIZES[0]
    current: int = 1
    columns: list[str] = field(default_factory=list)
    view: str = ""
    views: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, saved: Mapping[str, Any], shown: GridPage) -> State:
        """From a bookmark; a user's first visit finds the grid's own columns and order."""
        return cls(
            dict(saved.get("filters", {})),
            saved.get("search", ""),
            saved.get("sort", shown.sort[0]),
            saved.get("descending", shown.sort[1]),
            saved.get("size", SIZES[0]),
            saved.get("current", 1),
            saved.get("columns") or list(shown.columns),
            saved.get("view", ""),
            dict(saved.get("views", {})),
        )

    def data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def save_view(self, name: str) -> None:
        """Remember filters, order, size and columns under a name."""
        if name and (name in self.views or len(self.views) < MOST_VIEWS):
            self.views[name] = {part: getattr(self, part) for part in _VIEWED}
            self.view = name

    def choose_view(self, name: str, shown: GridPage) -> None:
        """Back to what a name stands for; any other name means the grid as it is at first."""
        chosen = State.of(self.views.get(name, {}), shown)
        for part in _VIEWED:
            setattr(self, part, getattr(chosen, part))
        self.view, self.current = name if name in self.views else "", 1

    def query(self) -> GridQuery:
        filters = {name: tuple(value) if isinstance(value, list) else value for name, value in self.filters.items()}
        return GridQuery(filters, self.search, self.sort, self.descending, self.size, (self.current - 1) * self.size)


class Filter(NamedTuple):
    """A field of the filter form; ``value`` is a text, or (from, to)."""

    name: str
    label: str
    kind: str
    value: Any
    options: Mapping[str, str]


class Chip(NamedTuple):
    name: str
    label: str
    text: str


class Head(NamedTuple):
    name: str
    label: str
    arrow: str
    sortable: bool


def show(store: AdminStore, shown: GridPage, **context: Any) -> Response:
    """GET of a grid's page, as its user left it. ``?search=`` looks for a keyword without being remembered."""
    grid = shown.grid(store)
    state = State.of(store.bookmarks.state(me(store), shown.namespace), shown)
    if "search" in request.args:
        state.filters, state.search, state.current = {}, request.args["search"].strip()[:255], 1
    query = state.query()
    total = grid.count(query)
    pages = max(1, -(-total // state.size))
    if state.current > pages:
        state.current = pages
        query = state.query()
    columns = [grid.columns[name] for name in state.columns if name in grid.columns]
    choices = shown.choices(store)
    rows = grid.rows(query)
    opened = request.args.get("open", "")
    selected = _selected(grid, query, [row[shown.key] for row in rows])
    mass = _mass_in_question(shown, opened)
    return page(
        store,
        "grid.html",
        shown.title,
        at=BASE + shown.path,
        actions=shown.buttons,
        question=mass
        and Question(mass[0].question, BASE + mass[0].path, mass[0].label, _mass_fields(shown, mass, selected)),
        scope=shown.scope,
        grid=shown,
        state=state,
        total=total,
        pages=pages,
        heads=[_head(column, shown, state) for column in columns],
        rows=[(row[shown.key], _cells(row, columns, shown, choices), _actions(row, shown)) for row in rows],
        filters=[_filter(column, shown, state, choices) for column in columns if column.kind != "none"]
        if opened == "filters"
        else [],
        chips=_chips(grid, shown, state, choices),
        offered=[(grid.columns[name], name in state.columns) for name in (*shown.columns, *shown.hidden)]
        if opened == "columns"
        else [],
        selected=selected,
        sizes=SIZES,
        save=_SAVE,
        **context,
    )


def _head(column: Column, shown: GridPage, state: State) -> Head:
    arrow = "" if column.name != state.sort else "↓ " if state.descending else "↑ "
    return Head(column.name, shown.label(column), arrow, column.name not in ("store_id", "websites", "website_id"))


def _cells(row: Any, columns: Sequence[Column], shown: GridPage, choices: Choices) -> list[str]:
    return [_text(row[column.name], column, shown, choices) for column in columns]


def _text(value: Any, column: Column, shown: GridPage, choices: Choices) -> str:
    if value is None:
        return ""
    if column.name in choices:
        return choices[column.name].get(str(value), str(value))
    if column.kind == "money":
        return money(value)
    if column.kind == "date":
        return day(value) if column.name in shown.days else full_time(value)
    return str(value)


def _actions(row: Any, shown: GridPage) -> Sequence[tuple[str, str]]:
    return shown.actions(row) if shown.actions is not None else ()


def _filter(column: Column, shown: GridPage, state: State, choices: Choices) -> Filter:
    ranged = column.kind in ("date", "number", "money")
    value = state.filters.get(column.name, ["", ""] if ranged else "")
    kind = "range" if ranged else column.kind
    return Filter(column.name, shown.label(column), kind, value, choices.get(column.name, {}))


def _chips(grid: Grid, shown: GridPage, state: State, choices: Choices) -> list[Chip]:
    chips = [Chip("search", "Keyword", state.search)] if state.search else []
    for name, value in state.filters.items():
        if (column := grid.columns.get(name)) is not None:
            if isinstance(value, list):
                text = f"{value[0] or '...'} - {value[1] or '...'}"
            else:
                text = choices.get(name, {}).get(value, value)
            chips.append(Chip(name, shown.label(column), text))
    return chips


def _selected(grid: Grid, query: GridQuery, on_page: list[int]) -> set[int]:
    """The ticked rows: ids in the address, all of this page, or all that the filters let through."""
    asked = request.args.get("selected", "")
    if asked in ("all", "page"):
        return set(grid.ids(query) if asked == "all" else on_page)
    return {to_int(part) for part in asked.split(",")[:MOST_SELECTED]} - {0}


def _mass_in_question(shown: GridPage, opened: str) -> tuple[MassAction, str] | None:
    """The mass action that the address asks to confirm, with its chosen value."""
    if not opened.startswith("mass-"):
        return None
    index, _, value = opened.removeprefix("mass-").partition("-")
    position = to_int(index, -1)
    return (shown.mass[position], value) if 0 <= position < len(shown.mass) else None


def _mass_fields(shown: GridPage, mass: tuple[MassAction, str], selected: set[int]) -> tuple[tuple[str, str], ...]:
    action, value = mass
    ids = tuple(("selected[]", str(id)) for id in sorted(selected))
    return (*ids, ("namespace", shown.namespace), *(((action.name, value),) if action.name else ()))


# --- what the grid's forms send ---


def change(store: AdminStore, pages: Mapping[str, GridPage]) -> Response:
    """POST /mui/bookmark/save/: a filter, a keyword, a column, an order or a page is chosen, and remembered."""
    shown = pages.get(request.form.get("namespace", ""))
    if shown is None:
        return see_other(f"{BASE}/admin/dashboard/")
    grid = shown.grid(store)
    state = State.of(store.bookmarks.state(me(store), shown.namespace), shown)
    opens = _apply(grid, shown, state)
    store.bookmarks.save(me(store), shown.namespace, state.data())
    script_get(f"{BASE}/mui/index/render/?{urlencode(_render_query(shown, state))}", BASE + shown.path)
    data = [("namespace", shown.namespace), ("data", "{}"), ("isAjax", "true")]
    sent_form(_SAVE, fields=data, status=200, script=True, answer="[]")
    return see_other(BASE + shown.path + (f"?open={opens}" if opens else ""))


def _apply(grid: Grid, shown: GridPage, state: State) -> str:
    """Change the state as the form asks; returns which part of the page stays open."""
    form = request.form
    match form.get("do", ""):
        case "search":
            state.search, state.current = _typed("search"), 1
        case "filters":
            state.filters, state.current = _posted_filters(grid, state), 1
        case "columns":
            names = [name for name in form.getlist("columns") if name in (*shown.columns, *shown.hidden)]
            state.columns = [name for name in (*shown.columns, *shown.hidden) if name in names] or state.columns
            return "columns"
        case "reset-columns":
            state.columns = list(shown.columns)
            return "columns"
        case "save-view":
            state.save_view(_typed("view_name"))
        case "size":
            asked = to_int(form.get("size"), state.size)
            if asked == state.size:
                return "sizes"
            if 1 <= asked <= MOST_SELECTED:
                state.size, state.current = asked, 1
        case "page":
            state.current = min(max(1, to_int(form.get("current"), 1)), 100_000)
    if (chosen := form.get("view")) is not None:
        state.choose_view(chosen, shown)
    if (dropped := form.get("drop_view")) is not None and state.views.pop(dropped, None) is not None:
        state.view = "" if state.view == dropped else state.view
        return "views"
    if "clear" in form:
        state.filters, state.search, state.current = {}, "", 1
    if (removed := form.get("remove")) is not None:
        state.current = 1
        if removed == "search":
            state.search = ""
        state.filters.pop(removed, None)
    if 1 <= to_int(form.get("pageSize")) <= MOST_SELECTED:
        state.size, state.current = to_int(form.get("pageSize")), 1
    state.current = max(1, state.current + {"previous": -1, "next": 1}.get(form.get("go", ""), 0))
    if (column := form.get("sort")) is not None and column in grid.columns:
        state.descending = not state.descending if state.sort == column else False
        state.sort = column
    return ""


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()[:255]


def _posted_filters(grid: Grid, state: State) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    for column in grid.columns.values():
        if column.kind in ("date", "number", "money"):
            value: Any = [_typed(f"filters[{column.name}][from]"), _typed(f"filters[{column.name}][to]")]
            if any(value):
                filters[column.name] = value
        elif value := _typed(f"filters[{column.name}]"):
            filters[column.name] = value
    return filters


def _render_query(shown: GridPage, state: State) -> list[tuple[str, str]]:
    """The query of the request by which the real grid fetches its rows."""
    pairs = [("namespace", shown.namespace), ("filters[placeholder]", "true")]
    for name, value in state.filters.items():
        if isinstance(value, list):
            pairs += [
                (f"filters[{name}][{end}]", text) for end, text in zip(("from", "to"), value, strict=True) if text
            ]
        else:
            pairs.append((f"filters[{name}]", value))
    return [
        *pairs,
        ("search", state.search),
        ("keywordUpdated", "false"),
        ("paging[pageSize]", str(state.size)),
        ("paging[current]", str(state.current)),
        ("sorting[field]", state.sort or "entity_id"),
        ("sorting[direction]", "desc" if state.descending else "asc"),
        ("isAjax", "true"),
    ]


def choose(store: AdminStore, pages: Mapping[str, GridPage]) -> Response:
    """POST /mui/index/select/: opens the menu of mass actions with the ticked rows, or asks about one of them."""
    hide_request()
    shown = pages.get(request.form.get("namespace", ""))
    if shown is None:
        return see_other(f"{BASE}/admin/dashboard/")
    ids = ",".join(str(id) for id in posted_ids())
    opens = request.form.get("open", "")
    if opens in ("page", "all", "none"):
        ids, opens = {"page": "page", "all": "all", "none": ""}[opens], ""
    query = {name: value for name, value in (("open", opens), ("selected", ids)) if value}
    return see_other(BASE + shown.path + (f"?{urlencode(query)}" if query else ""))


def posted_ids(fields: MultiDict[str, str] | None = None) -> list[int]:
    """The ids of the ticked rows in these fields, the posted form's by default."""
    texts = (request.form if fields is None else fields).getlist("selected[]")
    return [id for text in texts[:5000] if (id := to_int(text)) > 0]


def csv_of(store: AdminStore, shown: GridPage) -> str:
    """All rows that the user's filters let through, in the columns that are shown."""
    grid = shown.grid(store)
    state = State.of(store.bookmarks.state(me(store), shown.namespace), shown)
    columns = [grid.columns[name] for name in state.columns if name in grid.columns]
    choices = shown.choices(store)
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([shown.label(column) for column in columns])
    query = dataclasses.replace(state.query(), limit=-1, offset=0)
    writer.writerows(_cells(row, columns, shown, choices) for row in grid.rows(query))
    return lines.getvalue()
