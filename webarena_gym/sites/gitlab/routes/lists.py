"""Lists of projects: their sort orders, names and links."""

from __future__ import annotations

from flask import request

from ..store.projects import ProjectQuery
from .common import argument, to_int, with_query

SORT_NAMES = {
    "latest_activity_desc": "Updated date", "created_desc": "Last created", "name_asc": "Name", "name_desc": "Name, descending", "stars_desc": "Most stars",
    "latest_activity_asc": "Oldest updated", "created_asc": "Oldest created",
}  # fmt: skip
_VISIBILITIES = ((None, "Any"), (0, "Private"), (10, "Internal"), (20, "Public"))


def wanted_sort(default: str) -> str:
    sort = request.args.get("sort", default)
    return sort if sort in SORT_NAMES else default


def wanted_visibility() -> int | None:
    level = to_int(request.args.get("visibility_level"), -1)
    return level if level in (0, 10, 20) else None


def query(me: int | None, default_sort: str = "name_asc") -> ProjectQuery:
    """What the address asks for, by whom."""
    return ProjectQuery(
        me=me or 0,
        sort=wanted_sort(default_sort),
        text=argument("name", 200),
        visibility=wanted_visibility(),
        archived=archived if (archived := request.args.get("archived", "")) in ("true", "only") else "",
    )


def sort_links() -> list[tuple[str, str]]:
    """(name, address) of every order, then of what archived projects and others' projects are shown."""
    links = [(name, with_query(sort=sort)) for sort, name in SORT_NAMES.items()]
    links += [("Hide archived projects", with_query(archived=None)), ("Show archived projects", with_query(archived="true")),
              ("Show archived projects only", with_query(archived="only"))]  # fmt: skip
    return [*links, ("Owned by anyone", with_query(personal=None)), ("Owned by me", with_query(personal="true"))]


def visibility_links() -> list[tuple[str, str]]:
    return [(name, with_query(visibility_level=level)) for level, name in _VISIBILITIES]


def visibility_name(level: int | None) -> str:
    return dict(_VISIBILITIES)[level]
