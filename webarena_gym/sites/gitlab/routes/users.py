"""Profiles: one page with tabs for each person; groups share their addresses."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from ...base import safe_referrer, see_other
from ..store import GitLabStore
from ..store.people import Person
from ..store.projects import ProjectQuery
from . import groups, lists
from .common import (
    PER_PAGE,
    argument,
    for_members_of_the_site,
    not_found,
    page,
    pager,
    to_int,
    visitor,
    wanted_page,
    with_query,
)

_TABS = {
    "activity": "Activity", "groups": "Groups", "contributed": "Contributed projects", "projects": "Personal projects", "starred": "Starred projects",
    "snippets": "Snippets", "followers": "Followers", "following": "Following",
}  # fmt: skip


def show(store: GitLabStore, name: str) -> Response:
    """GET /<name>: a person's profile, or a group."""
    person = store.people.by_username(name)
    if person is None:
        namespace = store.projects.namespace(name)
        return groups.show(store, namespace) if namespace is not None else not_found(store)
    if request.path != f"/{person.username}":
        return see_other(f"/{person.username}")
    return _profile(store, person, "overview")


def tab(store: GitLabStore, name: str, tab: str) -> Response:
    """GET /users/<name>/<tab>."""
    person = store.people.by_username(name)
    if person is None or tab not in _TABS:
        return not_found(store)
    if name != person.username:
        return see_other(f"/users/{person.username}/{tab}")
    return _profile(store, person, tab)


def _profile(store: GitLabStore, person: Person, tab: str) -> Response:
    me = visitor(store).id
    followers, following = store.people.follow_counts(person.id)
    context: dict[str, object] = {
        "rows": [],
        "people": [],
        "events": [],
        "groups": [],
        "snippets": [],
        "pager": pager(0),
        "more": "",
        "sort_links": [],
        "sort_name": "",
        "filter_name": argument("name", 200),
    }
    offset = (wanted_page() - 1) * PER_PAGE
    if tab in ("contributed", "projects", "starred"):
        query = replace(lists.query(me, "latest_activity_desc"), limit=PER_PAGE, offset=offset)
        who = {"contributed": "contributed_by", "projects": "owner", "starred": "starred_by"}[tab]
        total, context["rows"] = store.projects.list(replace(query, **{who: person.id}))
        context.update(
            pager=pager(total),
            sort_links=lists.sort_links()[: len(lists.SORT_NAMES)],
            sort_name=lists.SORT_NAMES[query.sort],
        )
    elif tab == "overview":
        context["events"] = store.activity.of_person(person.id, me or 0, 10)
        context["rows"] = store.projects.list(ProjectQuery(me=me or 0, owner=person.id, limit=10))[1]
    elif tab == "activity":
        start = min(max(0, to_int(request.args.get("offset"))), 10_000)
        events = store.activity.of_person(person.id, me or 0, PER_PAGE + 1, start)
        context.update(
            events=events[:PER_PAGE], more=with_query(offset=start + PER_PAGE) if len(events) > PER_PAGE else ""
        )
    elif tab == "groups":
        context["groups"] = store.projects.groups(person.id, only_mine=True, limit=100)[1]
    elif tab == "snippets":
        context["snippets"] = store.activity.snippets(person.id, me or 0)
    else:
        context["people"] = (
            store.people.followers(person.id) if tab == "followers" else store.people.following(person.id)
        )
    return page(
        store, "user.html", title=f"{person.name} · User profile" if tab == "overview" else f"{_TABS[tab]} · {person.name}", person=person, tab=tab,
        tabs=[("Overview", f"/{person.username}"), *((label, f"/users/{person.username}/{key}") for key, label in _TABS.items())],
        active="Overview" if tab == "overview" else _TABS[tab], followers=followers, following=following, follows=store.people.follows(me, person.id), me=me, **context,
    )  # fmt: skip


@for_members_of_the_site
def follow(store: GitLabStore, me: Person, name: str) -> Response:
    """POST /users/<name>/follow.json."""
    person = store.people.by_username(name)
    if person is None or person.id == me.id:
        return not_found(store)
    store.people.follow(me.id, person.id)
    return see_other(safe_referrer(f"/{person.username}"))


@for_members_of_the_site
def unfollow(store: GitLabStore, me: Person, name: str) -> Response:
    """POST /users/<name>/unfollow.json."""
    person = store.people.by_username(name)
    if person is None:
        return not_found(store)
    store.people.unfollow(me.id, person.id)
    return see_other(safe_referrer(f"/{person.username}"))
