"""Groups: lists, one group with its projects, members and issues, and creating one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Response, request

from ..store import GitLabStore
from ..store.issuables import ISSUE, MERGE_REQUEST, IssuableQuery
from ..store.people import Person
from ..store.projects import MAINTAINER, Namespace
from . import lists
from .common import (
    PER_PAGE,
    argument,
    first_problem,
    for_members_of_the_site,
    long_field,
    not_found,
    page,
    pager,
    text_field,
    to,
    to_int,
    visitor,
    wanted_page,
)
from .new_project import is_path

_RESERVED = frozenset(
    "dashboard explore users groups projects search help api static admin profile import snippets public root oauth".split()
)


@for_members_of_the_site
def mine(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/groups."""
    return _list(store, person.id, "/dashboard/groups")


def explore(store: GitLabStore) -> Response:
    """GET /explore/groups."""
    return _list(store, visitor(store).id or 0, "/explore/groups")


def _list(store: GitLabStore, me: int, base: str) -> Response:
    own, text = base.startswith("/dashboard"), argument("filter", 100)
    total, rows = store.projects.groups(
        me, only_mine=own, text=text, limit=PER_PAGE, offset=(wanted_page() - 1) * PER_PAGE
    )
    return page(
        store,
        "groups.html",
        title="Groups · Dashboard" if own else "Explore · Groups",
        rows=rows,
        pager=pager(total),
        base=base,
        own=own,
        search=text,
    )


def in_group(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, group, level, **values)`` for a group that the visitor may see."""

    @wraps(handler)
    def guarded(store: GitLabStore, group: str, **values: Any) -> Any:
        found, me = store.projects.namespace(group), visitor(store).id
        if found is None or found.owner_id is not None:
            return not_found(store)
        level = store.projects.group_level(found.id, me)
        if found.visibility < 20 and not level and not (found.visibility == 10 and me):
            return not_found(store)
        return handler(store, found, level, **values)

    return guarded


def show(store: GitLabStore, group: Namespace) -> Response:
    """GET /<group>."""
    me = visitor(store).id
    level = store.projects.group_level(group.id, me)
    if group.visibility < 20 and not level and not (group.visibility == 10 and me):
        return not_found(store)
    query = replace(lists.query(me), namespace=group.id, limit=PER_PAGE, offset=(wanted_page() - 1) * PER_PAGE)
    total, rows = store.projects.list(query)
    return page(
        store,
        "group.html",
        title=group.name,
        group=group,
        level=level,
        rows=rows,
        pager=pager(total),
        part="",
        search=query.text,
    )


@in_group
def members(store: GitLabStore, group: Namespace, level: int) -> Response:
    """GET /groups/<group>/-/group_members."""
    return page(
        store,
        "group_members.html",
        title=f"Members · {group.name}",
        group=group,
        level=level,
        part="Group information",
        rows=store.members.of_group(group.id),
    )


@in_group
def add_member(store: GitLabStore, group: Namespace, level: int) -> Response:
    """POST /groups/<group>/-/group_members."""
    base = f"/groups/{group.path}/-/group_members"
    person = store.people.by_username(text_field("username").removeprefix("@"))
    role = to_int(request.form.get("access_level"), 10)
    if level < MAINTAINER:
        return not_found(store)
    if person is None or role not in (10, 20, 30, 40, 50) or role > level:
        return to(store, base, "No member was added: no such user or role.", "alert")
    store.members.add_to_group(group.id, person.id, role, store.seconds())
    return to(store, base, "Members were successfully added.")


@in_group
def activity(store: GitLabStore, group: Namespace, level: int) -> Response:
    """GET /groups/<group>/-/activity."""
    return page(
        store,
        "group_list.html",
        title=f"Activity · {group.name}",
        group=group,
        level=level,
        part="Group information",
        heading="Activity",
        items=[],
        pager=None,
    )


@in_group
def issues(store: GitLabStore, group: Namespace, level: int) -> Response:
    """GET /groups/<group>/-/issues: the newest open ones."""
    return _items(store, group, level, ISSUE)


@in_group
def merge_requests(store: GitLabStore, group: Namespace, level: int) -> Response:
    """GET /groups/<group>/-/merge_requests."""
    return _items(store, group, level, MERGE_REQUEST)


def _items(store: GitLabStore, group: Namespace, level: int, kind: int) -> Response:
    query = IssuableQuery(
        me=visitor(store).id or 0,
        kind=kind,
        namespace_id=group.id,
        limit=PER_PAGE,
        offset=(wanted_page() - 1) * PER_PAGE,
    )
    name = "Issues" if kind == ISSUE else "Merge requests"
    return page(
        store, "group_list.html", title=f"{name} · {group.name}", group=group, level=level, part=name, heading=name,
        items=store.issuables.list(query), pager=pager(store.issuables.counts(query)["opened"]),
    )  # fmt: skip


@for_members_of_the_site
def new(store: GitLabStore, person: Person) -> Response:
    """GET /groups/new."""
    return page(store, "group_form.html", title="New group")


@for_members_of_the_site
def create(store: GitLabStore, person: Person) -> Response:
    """POST /groups."""
    name = text_field("group[name]")
    path = text_field("group[path]") or "-".join(name.lower().split())
    visibility = to_int(request.form.get("group[visibility_level]"), 0)
    problem = first_problem(
        (not name, "Name can't be blank"),
        (not is_path(path), "Group URL can contain only letters, digits, '_', '-' and '.'"),
        (path.lower() in _RESERVED or store.projects.namespace(path) is not None, "Group URL has already been taken"),
    )
    if problem:
        return to(store, "/groups/new", problem, "alert")
    made = store.projects.create_group(
        name,
        path,
        long_field("group[description]")[:2000],
        visibility if visibility in (0, 10, 20) else 0,
        person.id,
        store.seconds(),
    )
    return to(store, f"/{made.path}", f"Group '{name}' was successfully created.")
