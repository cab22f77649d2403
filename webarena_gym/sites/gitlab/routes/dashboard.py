"""The start page and the other lists of projects, the to-do list, activity."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from ...base import see_other
from ..store import GitLabStore
from ..store.people import Person
from ..store.projects import Listed, ProjectQuery
from . import lists
from .common import (
    PER_PAGE,
    back,
    for_members_of_the_site,
    page,
    pager,
    sign_in_first,
    to_int,
    visitor,
    wanted_page,
    with_query,
)

_TASK_ACTIONS = {
    "assigned": "Assigned", "review_requested": "Review requested", "mentioned": "Mentioned", "marked": "Added",
}  # fmt: skip
_TASK_WORDS = {
    "assigned": "assigned you", "review_requested": "requested a review of", "mentioned": "mentioned you on", "marked": "added a to-do item for",
}  # fmt: skip
_TASK_TYPES = {"Issue": 0, "MergeRequest": 1}


def home(store: GitLabStore) -> Response:
    """GET /: one's own projects; guests see what there is to explore."""
    if visitor(store).person is None:
        return see_other("/explore?visibility_level=20") if request.path == "/" else sign_in_first(store)
    return projects(store)


@for_members_of_the_site
def projects(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/projects."""
    query = lists.query(person.id)
    personal = request.args.get("personal") == "true"
    query = replace(query, owner=person.id) if personal else replace(query, member=person.id)
    return _project_list(store, query, "yours", "/dashboard/projects", personal=personal)


@for_members_of_the_site
def starred(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/projects/starred."""
    return _project_list(
        store, replace(lists.query(person.id), starred_by=person.id), "starred", "/dashboard/projects/starred"
    )


def explore(store: GitLabStore) -> Response:
    """GET /explore and /explore/projects."""
    return _project_list(store, _explored(store, "name_asc"), "explore", request.path)


def most_stars(store: GitLabStore) -> Response:
    """GET /explore/projects/starred."""
    return _project_list(
        store, _explored(store, "stars_desc"), "explore", "/explore/projects/starred", shown="Most stars"
    )


def trending(store: GitLabStore) -> Response:
    """GET /explore/projects/trending."""
    return _project_list(
        store, _explored(store, "latest_activity_desc"), "explore", "/explore/projects/trending", shown="Trending"
    )


def topics(store: GitLabStore) -> Response:
    """GET /explore/projects/topics: there are none."""
    return _project_list(store, ProjectQuery(me=0, namespace=0), "topics", "/explore/projects/topics")


def _explored(store: GitLabStore, sort: str) -> ProjectQuery:
    me = visitor(store).id
    query = lists.query(me, sort)
    return replace(query, owner=me) if request.args.get("personal") == "true" and me else query


def _project_list(
    store: GitLabStore, query: ProjectQuery, tab: str, base: str, *, personal: bool = False, shown: str = "All"
) -> Response:
    query = replace(query, limit=PER_PAGE, offset=(wanted_page() - 1) * PER_PAGE)
    rows: list[Listed]
    total, rows = store.projects.list(query)
    me = visitor(store).id
    return page(
        store,
        "dashboard_projects.html",
        title={"explore": "Explore", "topics": "Topics · Explore", "starred": "Starred Projects · Dashboard"}.get(
            tab, "Projects · Dashboard"
        ),
        tab=tab,
        base=base,
        query=query,
        rows=rows,
        pager=pager(total),
        personal=personal,
        shown=shown,
        yours=store.projects.count(ProjectQuery(me=me, member=me)) if me else 0,
        starred=store.projects.count(ProjectQuery(me=me, starred_by=me)) if me else 0,
        sort_name=lists.SORT_NAMES[query.sort],
        sort_links=lists.sort_links(),
        visibility_name=lists.visibility_name(query.visibility),
        visibility_links=lists.visibility_links(),
    )


@for_members_of_the_site
def todos(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/todos."""
    done = request.args.get("state") == "done"
    action, kind = request.args.get("action", ""), request.args.get("type", "")
    sort = "created_asc" if request.args.get("sort") == "created_asc" else "created_desc"
    rows = store.activity.todos(
        person.id,
        done=done,
        project=request.args.get("project", ""),
        author=request.args.get("author", ""),
        kind=_TASK_TYPES.get(kind),
        action=action if action in _TASK_ACTIONS else "",
        sort=sort,
    )
    everything = store.activity.todos(person.id, done=done)
    pending, finished = store.activity.todo_counts(person.id)
    projects_named = sorted({(f"{todo.namespace_name} / {todo.project_name}", todo.full_path) for todo in everything})
    authors = sorted({(todo.author_name, todo.author_username) for todo in everything})
    menus = [
        ("Group", [("Any group", with_query(group=None))]),
        (
            "Project",
            [
                ("Any project", with_query(project=None)),
                *((name, with_query(project=path)) for name, path in projects_named),
            ],
        ),
        (
            "Author",
            [
                ("Any Author", with_query(author=None)),
                *((name, with_query(author=username)) for name, username in authors),
            ],
        ),
        (
            "Type",
            [
                ("Any Type", with_query(type=None)),
                ("Issue", with_query(type="Issue")),
                ("Merge request", with_query(type="MergeRequest")),
            ],
        ),
        (
            "Action",
            [
                ("Any Action", with_query(action=None)),
                *((name, with_query(action=key)) for key, name in _TASK_ACTIONS.items()),
            ],
        ),
    ]
    sorts = [("Last created", with_query(sort="created_desc")), ("Oldest created", with_query(sort="created_asc"))]
    return page(
        store, "todos.html", title="To-Do List · Dashboard", rows=rows, done=done, pending=pending, finished=finished, menus=menus,
        sorts=sorts, sort_name="Oldest created" if sort == "created_asc" else "Last created", words=_TASK_WORDS,
    )  # fmt: skip


@for_members_of_the_site
def finish_todo(store: GitLabStore, person: Person, todo_id: int) -> Response:
    """POST /dashboard/todos/<id>: mark as done, or as to do again."""
    store.activity.finish_todo(person.id, todo_id, done=request.form.get("state") != "pending")
    return back(store, default="/dashboard/todos")


@for_members_of_the_site
def finish_all_todos(store: GitLabStore, person: Person) -> Response:
    """POST /dashboard/todos/destroy_all."""
    store.activity.finish_todos(person.id)
    return back(store, "Everything on your to-do list is marked as done.", default="/dashboard/todos")


@for_members_of_the_site
def activity(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/activity: one's own projects, or with filter=own what one did oneself."""
    offset = min(max(0, to_int(request.args.get("offset"))), 10_000)
    own = request.args.get("filter") == "own"
    find = (
        store.activity.of_person(person.id, person.id, PER_PAGE + 1, offset)
        if own
        else store.activity.of_members(person.id, PER_PAGE + 1, offset)
    )
    return page(
        store, "activity.html", title="Activity", heading="Activity", events=find[:PER_PAGE], more=with_query(offset=offset + PER_PAGE) if len(find) > PER_PAGE else "",
        tabs=[("Your projects", "/dashboard/activity"), ("Your activity", "/dashboard/activity?filter=own")], tab="Your activity" if own else "Your projects",
    )  # fmt: skip
