"""Search over everything: projects, issues, merge requests, milestones, users."""

from __future__ import annotations

from flask import Response

from ..store import GitLabStore
from ..store.issuables import ISSUE, MERGE_REQUEST, IssuableQuery
from ..store.projects import ProjectQuery
from .common import PER_PAGE, argument, page, pager, visitor, wanted_page

_SCOPES = {
    "projects": "Projects",
    "issues": "Issues",
    "merge_requests": "Merge requests",
    "milestones": "Milestones",
    "users": "Users",
}
_KINDS = {"issues": ISSUE, "merge_requests": MERGE_REQUEST}


def results(store: GitLabStore) -> Response:
    """GET /search."""
    text, scope, me = argument("search", 200), argument("scope"), visitor(store).id or 0
    scope = scope if scope in _SCOPES else "projects"
    offset = (wanted_page() - 1) * PER_PAGE
    project = (
        store.projects.by_id(int(given)) if (given := argument("project_id", 9)).isascii() and given.isdigit() else None
    )
    project_id = project.id if project is not None and store.projects.readable(project, me or None) else None
    queries = {
        name: IssuableQuery(
            me=me,
            kind=kind,
            text=text,
            state="all",
            sort="updated_desc",
            limit=PER_PAGE,
            offset=offset,
            project_id=project_id,
        )
        for name, kind in _KINDS.items()
    }
    wanted = ProjectQuery(me=me, text=text, sort="stars_desc", limit=PER_PAGE, offset=offset)
    people_count, people = store.people.search(text, PER_PAGE, offset)
    milestones = _milestones(store, text, me)
    counts = {"projects": 0, "issues": 0, "merge_requests": 0, "milestones": len(milestones), "users": people_count}
    rows: dict[str, list[object]] = {name: [] for name in _SCOPES}
    if text:
        counts["projects"] = store.projects.count(wanted)
        for name, query in queries.items():
            counts[name] = store.issuables.counts(query)["all"]
        if scope == "projects":
            rows["projects"] = list(store.projects.list(wanted)[1])
        elif scope in queries:
            rows[scope] = list(store.issuables.list(queries[scope]))
        rows["users"], rows["milestones"] = list(people), list(milestones[offset : offset + PER_PAGE])
    return page(
        store, "search.html", title=f"{_SCOPES[scope]} · Search", text=text, scope=scope, counts=counts, rows=rows[scope], pager=pager(counts[scope]),
        scopes=_SCOPES, first=offset + 1, last=min(offset + PER_PAGE, counts[scope]),
    )  # fmt: skip


def _milestones(store: GitLabStore, text: str, me: int) -> list[tuple[str, str, str]]:
    """(title, address, project) of milestones in public projects whose title holds every word."""
    words = text.lower().split()
    if not words:
        return []
    rows = store.connection.execute(
        "SELECT m.title, '/' || p.full_path || '/-/milestones/' || m.iid, p.full_path FROM milestone m JOIN project p ON p.id = m.project_id "
        "WHERE p.visibility = 20 AND instr(lower(m.title), ?) ORDER BY lower(m.title), m.id LIMIT 200",
        (words[0],),
    )
    return [tuple(row) for row in rows if all(word in row[0].lower() for word in words)]
