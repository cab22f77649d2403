"""What people made: changesets, GPS traces, diaries, user pages; notes that visitors leave."""

from __future__ import annotations

from flask import Response, render_template, request

from ...base import see_other
from ..geo import View, parse_point
from ..store import MapStore
from .common import asked_view, by_script, not_found, page, text_field, whole_number

_PAGE_SIZE = 20
_DIARY_PAGE_SIZE = 10
_MOST_PAGES = 50
_CHANGESETS_SHOWN = 12


def history(store: MapStore) -> Response:
    """GET /history: the newest changesets; ``max_id`` continues a list."""
    by_script()
    before = whole_number("max_id", 10**9, 10**9)
    found = store.community.changesets(_CHANGESETS_SHOWN, before)
    return page(
        store,
        "history.html",
        title="Changesets",
        changesets=found,
        path="/history",
        more=len(found) == _CHANGESETS_SHOWN,
    )


def changeset(store: MapStore, id: int) -> Response:
    """GET /changeset/<id>."""
    found = store.community.changeset(id)
    if found is None:
        return not_found(store)
    elements = store.elements.by_ids(store.community.changeset_elements(id)[:_PAGE_SIZE])
    return page(store, "changeset.html", changeset=found, elements=elements)


def traces(store: MapStore, mapper: str | None = None, tag: str | None = None) -> Response:
    """GET /traces, /user/<name>/traces and /traces/tag/<tag>: public GPS traces, the newest first."""
    if mapper is not None and store.community.mapper(mapper) is None:
        return not_found(store)
    number = whole_number("page", 1, _MOST_PAGES)
    found = store.community.traces(_PAGE_SIZE + 1, (number - 1) * _PAGE_SIZE, mapper=mapper, tag=tag)
    title = f"Public GPS traces from {mapper}" if mapper else "Public GPS Traces"
    return page(
        store,
        "traces.html",
        title=title,
        traces=found[:_PAGE_SIZE],
        number=number,
        more=len(found) > _PAGE_SIZE,
        path=request.path,
    )


def trace(store: MapStore, mapper: str, id: int) -> Response:
    """GET /user/<name>/traces/<id>."""
    found = store.community.trace(id)
    if found is None or found.mapper != mapper:
        return not_found(store)
    return page(store, "trace.html", view=View(found.lat, found.lon, 14), trace=found)


def traces_feed(store: MapStore) -> Response:
    """GET /traces/rss: as plain text, since browsers show XML in a viewer of their own."""
    found = store.community.traces(_PAGE_SIZE)
    return Response(
        render_template("traces.xml", traces=found, origin=request.host_url.rstrip("/")), mimetype="text/plain"
    )


def diary(store: MapStore, mapper: str | None = None) -> Response:
    """GET /diary and /user/<name>/diary: entries, the newest first."""
    if mapper is not None and store.community.mapper(mapper) is None:
        return not_found(store)
    number = whole_number("page", 1, _MOST_PAGES)
    found = store.community.diary(_DIARY_PAGE_SIZE + 1, (number - 1) * _DIARY_PAGE_SIZE, mapper)
    return page(
        store, "diary.html", title=f"{mapper}'s Diary" if mapper else "Users' Diaries", entries=found[:_DIARY_PAGE_SIZE],
        number=number, more=len(found) > _DIARY_PAGE_SIZE, path=request.path,
    )  # fmt: skip


def diary_entry(store: MapStore, mapper: str, id: int) -> Response:
    """GET /user/<name>/diary/<id>."""
    found = store.community.diary_entry(id)
    if found is None or found.mapper != mapper:
        return not_found(store)
    return page(store, "diary_entry.html", view=View(found.lat, found.lon, 13), entry=found)


def user(store: MapStore, mapper: str) -> Response:
    """GET /user/<name>."""
    found = store.community.mapper(mapper)
    if found is None:
        return page(
            store, "text.html", 404, title="No such user", paragraphs=["Sorry, there is no user with that name."]
        )
    edits = store.community.changesets(5, mapper=mapper)
    return page(store, "user.html", mapper=found, changesets=edits, traces=store.community.traces(5, mapper=mapper))


def user_history(store: MapStore, mapper: str) -> Response:
    """GET /user/<name>/history."""
    if store.community.mapper(mapper) is None:
        return not_found(store)
    before = whole_number("max_id", 10**9, 10**9)
    found = store.community.changesets(_CHANGESETS_SHOWN, before, mapper)
    return page(
        store, "history.html", title=f"Changesets by {mapper}", changesets=found, path=f"/user/{mapper}/history",
        more=len(found) == _CHANGESETS_SHOWN,
    )  # fmt: skip


def new_note(store: MapStore) -> Response:
    """GET /note/new: a form for something to tell mappers, at the middle of the map."""
    by_script()
    return page(store, "note_new.html", problem="", view=asked_view())


def add_note(store: MapStore) -> Response:
    """POST /note/new."""
    body = text_field("text")
    point = parse_point(f"{text_field('lat')},{text_field('lon')}")
    if not body or point is None:
        return page(store, "note_new.html", problem="Please say what is wrong or missing here.", view=asked_view())
    return see_other(f"/note/{store.community.add_note(str(store.now()), body, *point)}")


def note(store: MapStore, id: int) -> Response:
    """GET /note/<id>."""
    found = store.community.note(id)
    if found is None:
        return not_found(store)
    return page(
        store, "note.html", view=View(found.lat, found.lon, 17), drawing=f"&pin={found.lat},{found.lon}", note=found
    )
