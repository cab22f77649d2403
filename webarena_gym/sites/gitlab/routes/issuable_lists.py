"""Lists of issues and merge requests: of a project, of a group, and on the dashboard."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from ...base import hide_request, see_other
from ..store import GitLabStore
from ..store.issuables import ISSUE, MERGE_REQUEST, IssuableQuery
from ..store.people import Person
from ..store.projects import ProjectQuery
from .common import (
    ORIGIN,
    PER_PAGE,
    Here,
    for_members_of_the_site,
    in_project,
    page,
    pager,
    script_call,
    wanted_page,
    with_query,
)
from .filters import ISSUE_SORTS, REQUEST_SORTS, canonical_list, read_query, sort_context, tokens, typed_filters

_ISSUE_STATES, _REQUEST_STATES = ("opened", "closed", "all"), ("opened", "merged", "closed", "all")
_STATE_NAMES = {"opened": "Open", "merged": "Merged", "closed": "Closed", "all": "All"}
_FILTERS = (
    "sort", "state", "search", "label_name[]", "label_name", "author_username", "assignee_username", "reviewer_username", "milestone_title", "confidential",
    "assignee_id", "author_id", "draft", "source_branch", "target_branch",
)  # fmt: skip


def _typed_first(base: str) -> Response | None:
    """If filters were typed into the search box, the address that has them as parameters."""
    text = request.args.get("search", "")[:300]
    rest, found = typed_filters(text)
    if not found:
        return None
    kept = [
        (key, value)
        for key, value in request.args.items(multi=True)
        if key in _FILTERS and key != "search" and key not in found and value.strip()
    ]
    kept += [("search", rest)] if rest else []
    kept += [(key, value) for key, values in found.items() for value in values]
    hide_request()
    return see_other(f"{base}?{urlencode(kept)}")


def _context(store: GitLabStore, query: IssuableQuery, base: str) -> dict[str, Any]:
    """What every such list shows: one page of rows, numbers for the tabs, filters, order."""
    sorts, states = (ISSUE_SORTS, _ISSUE_STATES) if query.kind == ISSUE else (REQUEST_SORTS, _REQUEST_STATES)
    counts = store.issuables.counts(query)
    rows = store.issuables.list(replace(query, limit=PER_PAGE, offset=(wanted_page() - 1) * PER_PAGE))
    ids = [row.id for row in rows]
    return {
        "query": query,
        "rows": rows,
        "assignees": store.issuables.involved(ids, "a"),
        "reviewers": store.issuables.involved(ids, "r") if query.kind == MERGE_REQUEST else {},
        "tabs": [
            (f"{_STATE_NAMES[state]} {counts[state]}", with_query(state=state), state == query.state)
            for state in states
        ],
        "tokens": tokens(store, query),
        "pager": pager(counts[query.state]),
        "base": base,
        "kept": [
            (key, value)
            for key, value in request.args.items(multi=True)
            if key in _FILTERS and key != "search" and value.strip()
        ],
        "cleared": f"{base}?{urlencode([('state', query.state), ('sort', query.sort)])}",
        **sort_context(sorts, query.sort),
    }


@in_project()
def issues(store: GitLabStore, here: Here) -> Response:
    """GET /-/issues: once something is filtered or sorted, the address becomes the one the real list writes."""
    project, base = here.project, f"{here.project.url}/-/issues/"
    if (typed := _typed_first(base)) is not None:
        return typed
    query = read_query(store, ISSUE, here.me, project_id=project.id, states=_ISSUE_STATES)
    filtered = any(request.args.get(name) is not None for name in _FILTERS)
    if filtered and "first_page_size" not in request.args:
        hide_request()
        return see_other(canonical_list(base, query))
    address = f"{ORIGIN}{canonical_list(base, query)}" if filtered else f"{ORIGIN}{base}"
    script_call(
        "POST", "/api/graphql", hide=False, referrer=address,
        body={"operationName": "getIssues", "variables": {"fullPath": project.full_path, "state": query.state, "labelName": list(query.labels)}},
    )  # fmt: skip
    return page(
        store, "issues.html", here=here, section="Issues", item="Issues", title=f"Issues · {project.namespace_name} / {project.name}",
        labels=store.issuables.labels(project.id), milestones=store.issuables.milestones(project.id) if request.args.get("open") == "filter" else [],
        **_context(store, query, base),
    )  # fmt: skip


@in_project()
def merge_requests(store: GitLabStore, here: Here) -> Response:
    """GET /-/merge_requests."""
    project, base = here.project, f"{here.project.url}/-/merge_requests"
    if (typed := _typed_first(base)) is not None:
        return typed
    query = read_query(store, MERGE_REQUEST, here.me, project_id=project.id, states=_REQUEST_STATES)
    return page(
        store, "merge_requests.html", here=here, section="Merge requests", title=f"Merge requests · {project.namespace_name} / {project.name}",
        labels=store.issuables.labels(project.id), milestones=[], **_context(store, query, base),
    )  # fmt: skip


@for_members_of_the_site
def dashboard_issues(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/issues."""
    return _dashboard(store, person, ISSUE)


@for_members_of_the_site
def dashboard_merge_requests(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/merge_requests."""
    return _dashboard(store, person, MERGE_REQUEST)


def _dashboard(store: GitLabStore, person: Person, kind: int) -> Response:
    """Over all projects; without any filter there is nothing to list, as on the real site."""
    name = "issues" if kind == ISSUE else "merge_requests"
    base = f"/dashboard/{name}"
    if (typed := _typed_first(base)) is not None:
        return typed
    states = _ISSUE_STATES if kind == ISSUE else _REQUEST_STATES
    query = read_query(store, kind, person.id, default_sort="updated_desc", states=states)
    narrowed = bool(
        query.text
        or query.labels
        or query.author
        or query.assignee
        or query.reviewer
        or query.milestone
        or query.confidential
        or query.draft
    )
    context = _context(store, query if narrowed else replace(query, project_id=0), base)
    choosing = request.args.get("open") == "project"
    _, projects = (
        store.projects.list(ProjectQuery(me=person.id, member=person.id, sort="name_asc", limit=100))
        if choosing
        else (0, [])
    )
    return page(
        store, "dashboard_issuables.html", title=f"{'Issues' if kind == ISSUE else 'Merge requests'} · Dashboard", kind=name, narrowed=narrowed,
        projects=[one.project for one in projects], labels=[], milestones=[], **context,
    )  # fmt: skip
