"""Commits, branches, tags, contributors, comparing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from flask import Response, request

from ...base import see_other
from ..markdown import render
from ..store import GitLabStore
from ..store.projects import DEVELOPER
from ..store.repository import Ref, Revision
from .common import Here, argument, in_project, not_found, page, text_field, to, to_int, with_query
from .references import references_of
from .repository import is_branch_name, ref_links

COMMITS_PER_PAGE = 40
_MOST_DIFF_LINES = 400
_CONTEXT = 3
_STALE_AFTER_S = 90 * 86_400


class Line(NamedTuple):
    """One line of a diff: "added", "removed" or "" for context, and its text."""

    kind: str
    text: str


class Diff(NamedTuple):
    path: str
    what: str
    added: int
    removed: int
    lines: list[Line]


def diff(path: str, before: str | None, after: str | None) -> Diff:
    """A file's change in lines, with a little context; long ones are cut."""
    lines: list[Line] = []
    added = removed = 0
    for text in difflib.unified_diff((before or "").splitlines(), (after or "").splitlines(), lineterm="", n=_CONTEXT):
        if text.startswith(("---", "+++")) and not lines:
            continue
        kind = {"+": "added", "-": "removed"}.get(text[:1], "")
        added, removed = added + (kind == "added"), removed + (kind == "removed")
        if len(lines) < _MOST_DIFF_LINES:
            lines.append(Line(kind, text))
    what = "added" if before is None else "deleted" if after is None else "changed"
    return Diff(path, what, added, removed, lines)


class Day(NamedTuple):
    """The commits of one day, and how many that day has in all."""

    day: int
    count: int
    commits: list[Revision]


def by_day(commits: list[Revision], counts: dict[int, int]) -> Iterator[Day]:
    """Group commits that stand one after the other by their day."""
    group: list[Revision] = []
    for commit in commits:
        if group and commit.day != group[0].day:
            yield Day(group[0].day, counts[group[0].day], group)
            group = []
        group.append(commit)
    if group:
        yield Day(group[0].day, counts[group[0].day], group)


@in_project()
def commits(store: GitLabStore, here: Here, place: str = "") -> Response:
    """GET /-/commits and /-/commits/<ref>: by day, newest first; ?author= and ?search= narrow them."""
    project = here.project
    if not place:
        return commits_of(store, here, store.repository.trunk(project))
    found = store.repository.split(project, place)
    if found is None:
        return (
            to(store, project.url)
            if store.repository.trunk(project) is None and place == project.default_branch
            else not_found(store)
        )
    return commits_of(store, here, found[0])


def commits_of(store: GitLabStore, here: Here, ref: Ref | None) -> Response:
    project = here.project
    if ref is None:
        return see_other(project.url)
    author, text = argument("author", 100), argument("search", 200)
    offset = min(max(0, to_int(request.args.get("offset"))), 1_000_000)
    found = store.repository.history(ref, author=author, text=text, limit=COMMITS_PER_PAGE, offset=offset)
    total = store.repository.count(ref, author=author, text=text)
    counts = (
        store.repository.days(ref, min(c.day for c in found), max(c.day for c in found), author=author, text=text)
        if found
        else {}
    )
    base = f"{project.url}/-/commits/{quote(ref.name, safe='/')}"
    contributors = store.repository.contributors(ref, 10) if request.args.get("open") == "author" else []
    return page(
        store, "commits.html", here=here, section="Repository", item="Commits", title=f"Commits · {ref.name} · {project.namespace_name} / {project.name}",
        ref=ref, days=list(by_day(found, counts)), base=base, author=author, search=text, total=total, shown=(offset + 1, offset + len(found)),
        authors=[("Any Author", with_query(author=None, offset=None)), *((one.name, with_query(author=one.email, offset=None)) for one in contributors)],
        newer=with_query(offset=max(0, offset - COMMITS_PER_PAGE) or None) if offset else "",
        older=with_query(offset=offset + COMMITS_PER_PAGE) if offset + len(found) < total else "", ref_links=ref_links(store, project, "commits"),
    )  # fmt: skip


@in_project()
def commit(store: GitLabStore, here: Here, sha: str) -> Response:
    """GET /-/commit/<sha>."""
    project = here.project
    revision = store.repository.revision(project, sha)
    if revision is None:
        return not_found(store)
    if sha != revision.sha:
        return see_other(f"{project.url}/-/commit/{revision.sha}")
    diffs = [diff(*row) for row in store.repository.changes(project, revision)]
    return page(
        store, "commit.html", here=here, section="Repository", item="Commits", title=f"{revision.title} ({revision.short_sha}) · Commits · {project.namespace_name} / {project.name}",
        revision=revision, diffs=diffs, body=render(revision.body, references_of(store, project)) if revision.body else None,
    )  # fmt: skip


@in_project()
def contributors(store: GitLabStore, here: Here, ref_name: str = "") -> Response:
    """GET /-/graphs/<ref>: who made how many commits."""
    project = here.project
    ref = store.repository.ref(project, ref_name) if ref_name else store.repository.trunk(project)
    if ref is None:
        return not_found(store) if ref_name and ref_name != project.default_branch else see_other(project.url)
    return page(
        store, "contributors.html", here=here, section="Repository", item="Contributors", title=f"Contributors · {project.namespace_name} / {project.name}",
        ref=ref, people=store.repository.contributors(ref), total=store.repository.count(ref), ref_links=ref_links(store, project, "graphs"),
    )  # fmt: skip


@in_project()
def network(store: GitLabStore, here: Here, ref_name: str) -> Response:
    """GET /-/network/<ref>: the newest commits of every branch, as a list."""
    ref = store.repository.ref(here.project, ref_name)
    if ref is None:
        return not_found(store)
    return page(
        store, "network.html", here=here, section="Repository", item="Graph", title=f"Graph · {ref.name} · {here.project.namespace_name} / {here.project.name}",
        ref=ref, commits=store.repository.history(ref, limit=30), branches=store.repository.branches(here.project), ref_links=ref_links(store, here.project, "network"),
    )  # fmt: skip


@in_project()
def compare(store: GitLabStore, here: Here, place: str = "") -> Response:
    """GET /-/compare?from=&to= and /-/compare/<from>...<to>: what a branch has that another has not."""
    first, _, second = place.partition("...")
    base_name, name = first or argument("from"), second or argument("to")
    names = store.repository.branch_names(here.project)
    base, ref = store.repository.branch(here.project, base_name), store.repository.branch(here.project, name)
    commits: list[Revision] = []
    diffs: list[Diff] = []
    if base is not None and ref is not None:
        commits = store.repository.between(base, ref)
        diffs = [diff(*row) for row in store.repository.differing(here.project, base, ref)]
    return page(
        store, "compare.html", here=here, section="Repository", item="Compare", title=f"Compare revisions · {here.project.namespace_name} / {here.project.name}",
        names=names, base=base_name if base else here.project.default_branch, head=name if ref else here.project.default_branch, commits=commits, diffs=diffs,
        compared=base is not None and ref is not None and base_name != name,
    )  # fmt: skip


# --- branches and tags ---


@in_project()
def branches(store: GitLabStore, here: Here, state: str = "overview") -> Response:
    """GET /-/branches."""
    sort = request.args.get("sort", "name_asc" if state == "overview" else "updated_desc")
    sorts = {"name_asc": "Name", "updated_asc": "Oldest updated", "updated_desc": "Last updated"}
    sort = sort if sort in sorts else "name_asc"
    rows = store.repository.branches(here.project, text=argument("search", 200), sort=sort)
    if state in ("active", "stale"):
        since = store.seconds() - _STALE_AFTER_S
        rows = [row for row in rows if (row.updated_at >= since) == (state == "active")]
    base = f"{here.project.url}/-/branches"
    return page(
        store, "branches.html", here=here, section="Repository", item="Branches", title=f"Branches · {here.project.namespace_name} / {here.project.name}",
        rows=rows, state=state, base=base, search=argument("search", 200), sort_name=sorts[sort], sorts=[(name, with_query(sort=key)) for key, name in sorts.items()],
    )  # fmt: skip


@in_project(DEVELOPER)
def new_branch(store: GitLabStore, here: Here) -> Response:
    """GET /-/branches/new."""
    return page(
        store, "branch_form.html", here=here, section="Repository", item="Branches", title=f"New Branch · {here.project.namespace_name} / {here.project.name}",
        names=store.repository.branch_names(here.project),
    )  # fmt: skip


@in_project(DEVELOPER)
def create_branch(store: GitLabStore, here: Here) -> Response:
    """POST /-/branches."""
    name, form = text_field("branch_name", 120), f"{here.project.url}/-/branches/new"
    origin = store.repository.ref(here.project, text_field("ref") or here.project.default_branch)
    if not is_branch_name(name):
        return to(store, form, "Branch name is invalid", "alert")
    if store.repository.branch(here.project, name) is not None:
        return to(store, form, "Branch already exists", "alert")
    if origin is None:
        return to(store, form, "Failed to create branch: invalid reference name", "alert")
    store.commits.create_branch(here.project, name, origin, store.seconds())
    return to(store, f"{here.project.url}/-/tree/{quote(name, safe='/')}")


@in_project(DEVELOPER)
def delete_branch(store: GitLabStore, here: Here, name: str) -> Response:
    """POST /-/branches/<name>."""
    ref = store.repository.branch(here.project, name)
    if ref is None:
        return not_found(store)
    if ref.is_trunk:
        return to(store, f"{here.project.url}/-/branches", "The default branch cannot be deleted.", "alert")
    store.commits.delete_branch(here.project, ref, store.seconds())
    return to(store, f"{here.project.url}/-/branches", "Branch was deleted.")


@in_project()
def tags(store: GitLabStore, here: Here) -> Response:
    """GET /-/tags."""
    text = argument("search", 200)
    rows = [row for row in store.repository.tags(here.project) if text.lower() in row[0].lower()]
    return page(
        store, "tags.html", here=here, section="Repository", item="Tags", title=f"Tags · {here.project.namespace_name} / {here.project.name}", rows=rows, search=text,
    )  # fmt: skip
