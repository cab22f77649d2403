"""Where mentions and references in a project's texts lead."""

from __future__ import annotations

from functools import cache

from ..markdown import References
from ..store import GitLabStore
from ..store.issuables import ISSUE, MERGE_REQUEST
from ..store.projects import Project


def references_of(store: GitLabStore, project: Project | None = None, ref: str = "") -> References:
    """For texts of a project, or of no project. Asked for once a page: answers are remembered."""

    @cache
    def person(username: str) -> str | None:
        found = store.people.by_username(username)
        return f"/{found.username}" if found else None

    @cache
    def ticket(kind: int, iid: int) -> str | None:
        found = store.issuables.by_iid(project.id, kind, iid) if project else None
        return found.url if found else None

    base = f"{project.url}/-/blob/{ref or project.default_branch}" if project else ""
    return References(person, lambda iid: ticket(ISSUE, iid), lambda iid: ticket(MERGE_REQUEST, iid), base)
