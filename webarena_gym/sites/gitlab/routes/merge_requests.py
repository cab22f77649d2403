"""One merge request with its tabs, the forms that open and edit merge requests, merging and approving."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from ..store import GitLabStore
from ..store.issuables import MERGE_REQUEST, Issuable
from ..store.projects import DEVELOPER, REPORTER
from ..store.repository import Ref, Revision
from .common import (
    Here,
    argument,
    back,
    first_problem,
    in_project,
    long_field,
    not_found,
    page,
    script_call,
    text_field,
    to,
    to_int,
    visitor,
)
from .history import Diff, by_day, diff
from .tickets import discussion_context, find, may_edit

_TABS = ("show", "commits", "pipelines", "diffs")


def _changes(store: GitLabStore, here: Here, found: Issuable) -> tuple[list[Revision], list[Diff]]:
    """What the source branch has on top of the target; nothing once one of them is gone or the request is merged."""
    source = store.repository.branch(here.project, found.source_branch) if found.state != "merged" else None
    target = store.repository.branch(here.project, found.target_branch)
    if source is None or target is None:
        return [], []
    return _compared(store, here, source, target)


def _compared(store: GitLabStore, here: Here, source: Ref, target: Ref) -> tuple[list[Revision], list[Diff]]:
    diffs = [diff(*row) for row in store.repository.differing(here.project, target, source)]
    return store.repository.between(target, source), diffs


@in_project()
def merge_request(store: GitLabStore, here: Here, iid: int, tab: str = "show") -> Response:
    """GET /-/merge_requests/<iid> and its tabs."""
    found = find(store, here, "merge_requests", iid)
    if found is None:
        return not_found(store)
    commits, diffs = _changes(store, here, found)
    counts: dict[int, int] = {}
    for one in commits:
        counts[one.day] = counts.get(one.day, 0) + 1
    context = discussion_context(store, here, found)
    return page(
        store, "merge_request.html", here=here, section="Merge requests", tab=tab if tab in _TABS else "show",
        title=f"{found.title} (!{iid}) · Merge requests · {here.project.namespace_name} / {here.project.name}", commits=commits, days=list(by_day(commits, counts)), diffs=diffs,
        mergeable=found.is_open and not found.draft and store.repository.branch(here.project, found.source_branch) is not None,
        approved=store.issuables.is_involved(found.id, "p", here.me), approvals=store.issuables.involved([found.id], "p")[found.id],
        discussed=sum(not note.system for note in context["notes"]), **context,
    )  # fmt: skip


@in_project(DEVELOPER)
def new(store: GitLabStore, here: Here) -> Response:
    """GET /-/merge_requests/new: choose branches, or with a source branch in the address the form itself."""
    source, target = (
        argument("merge_request[source_branch]"),
        argument("merge_request[target_branch]") or here.project.default_branch,
    )
    names = store.repository.branch_names(here.project)
    title = f"New merge request · {here.project.namespace_name} / {here.project.name}"
    choosing = {"names": names, "source": source, "target": target, "problem": ""}
    if not source or request.args.get("change_branches"):
        return page(store, "merge_request_branches.html", here=here, section="Merge requests", title=title, **choosing)
    problem = _branch_problem(names, source, target)
    if problem:
        return page(
            store,
            "merge_request_branches.html",
            here=here,
            section="Merge requests",
            title=title,
            **{**choosing, "problem": problem},
        )
    ref, target_ref = store.repository.branch(here.project, source), store.repository.branch(here.project, target)
    assert ref is not None and target_ref is not None
    commits, diffs = _compared(store, here, ref, target_ref)
    given = {
        "title": argument("merge_request[title]") or (commits[0].title if len(commits) == 1 else source.rsplit("/", 1)[-1].replace("-", " ").replace("_", " ").capitalize()),
        "description": request.args.get("merge_request[description]", "")[:20_000],
        "assignee": here.me if argument("assign_to_me") else to_int(argument("merge_request[assignee_ids][]")), "reviewer": to_int(argument("merge_request[reviewer_ids][]")),
    }  # fmt: skip
    return page(
        store, "merge_request_form.html", here=here, section="Merge requests", title=title, i=None, source=source, target=target, given=given,
        commits=commits, diffs=diffs, **_choices(store, here),
    )  # fmt: skip


def _branch_problem(names: list[str], source: str, target: str) -> str:
    return first_problem(
        (
            source not in names,
            f"Source branch '{source}' does not exist" if len(source) < 120 else "Source branch does not exist",
        ),
        (target not in names, "Target branch does not exist"),
        (source == target, "You must select different branches"),
    )


def _choices(store: GitLabStore, here: Here) -> dict[str, Any]:
    return {
        "people": store.members.assignable(here.project.id, here.me),
        "labels": store.issuables.labels(here.project.id),
        "milestones": store.issuables.milestones(here.project.id),
    }


@in_project(DEVELOPER)
def create(store: GitLabStore, here: Here) -> Response:
    """POST /-/merge_requests."""
    assert here.me is not None
    source, target, title = (
        text_field("merge_request[source_branch]"),
        text_field("merge_request[target_branch]"),
        text_field("merge_request[title]"),
    )
    again = f"{here.project.url}/-/merge_requests/new?" + urlencode(
        {"merge_request[source_branch]": source, "merge_request[target_branch]": target}
    )
    problem = _branch_problem(store.repository.branch_names(here.project), source, target) or first_problem(
        (not title, "Title can't be blank")
    )
    if not problem and (other := _open_request(store, here, source, target)) is not None:
        problem = f"Another open merge request already exists for this source branch: !{other}"
    if problem:
        return to(store, again, problem, "alert")
    now = store.seconds()
    made = store.tickets.create(
        MERGE_REQUEST,
        here.project.id,
        title=title,
        description=long_field("merge_request[description]"),
        author_id=here.me,
        now=now,
        source=source,
        target=target,
    )
    _set_people(store, here, made, now)
    labels = [to_int(value) for value in request.form.getlist("merge_request[label_ids][]")][:100]
    if labels:
        store.tickets.set_labels(made, labels, now)
    milestone = to_int(request.form.get("merge_request[milestone_id]"))
    if milestone in {row["id"] for row in store.issuables.milestones(here.project.id)}:
        store.tickets.set_fields(made, {"milestone_id": milestone}, now)
    return to(store, made.url)


def _open_request(store: GitLabStore, here: Here, source: str, target: str) -> int | None:
    row = store.connection.execute(
        "SELECT iid FROM issuable WHERE kind = 1 AND project_id = ? AND state = 'opened' AND source_branch = ? AND target_branch = ?", (here.project.id, source, target)
    ).fetchone()  # fmt: skip
    return None if row is None else row[0]


def _set_people(store: GitLabStore, here: Here, made: Issuable, now: int) -> None:
    assert here.me is not None
    allowed = {row["id"] for row in store.members.assignable(here.project.id, here.me)}
    for field, role in (("assignee_ids", "a"), ("reviewer_ids", "r")):
        values = request.form.getlist(f"merge_request[{field}][]")
        people = [person for value in values if (person := to_int(value)) in allowed][:1]
        before = [who.id for who in store.issuables.involved([made.id], role)[made.id]]
        if values and people != before:
            store.tickets.set_people(made, role, people, here.me, now)


@in_project(signed_in=True)
def edit(store: GitLabStore, here: Here, iid: int) -> Response:
    """GET /-/merge_requests/<iid>/edit."""
    found = find(store, here, "merge_requests", iid)
    if found is None or not may_edit(here, found):
        return not_found(store)
    people = {role: [who.id for who in store.issuables.involved([found.id], role)[found.id]] for role in ("a", "r")}
    given = {
        "title": found.title, "description": found.description, "assignee": people["a"][0] if people["a"] else 0, "reviewer": people["r"][0] if people["r"] else 0,
    }  # fmt: skip
    return page(
        store, "merge_request_form.html", here=here, section="Merge requests", title=f"Edit · {found.title} (!{iid}) · Merge requests · {here.project.namespace_name} / {here.project.name}",
        i=found, source=found.source_branch, target=found.target_branch, given=given, commits=[], diffs=[], **_choices(store, here),
    )  # fmt: skip


@in_project(signed_in=True)
def update(store: GitLabStore, here: Here, iid: int) -> Response:
    """POST /-/merge_requests/<iid>: the form, or one of the actions of the menu."""
    found = find(store, here, "merge_requests", iid)
    if found is None or not may_edit(here, found):
        return not_found(store)
    assert here.me is not None
    now, event = store.seconds(), request.form.get("merge_request[state_event]", "")
    if event in ("close", "reopen"):
        wanted = "closed" if event == "close" else "opened"
        if found.state not in ("merged", wanted):
            store.tickets.set_state(found, wanted, here.me, now)
        return to(store, found.url)
    if draft := request.form.get("merge_request[wip_event]", ""):
        title = found.title.removeprefix("Draft: ") if draft == "ready" else f"Draft: {found.title}"[:255]
        store.tickets.rewrite(found, title=title or found.title, description=found.description, now=now)
        return to(
            store,
            found.url,
            "Marked as ready. Merging is now allowed."
            if draft == "ready"
            else "Marked as draft. Can only be merged when marked as ready.",
        )
    title = text_field("merge_request[title]")
    if not title:
        return to(store, f"{found.url}/edit", "Title can't be blank", "alert")
    store.tickets.rewrite(found, title=title, description=long_field("merge_request[description]"), now=now)
    if here.level >= REPORTER:
        _set_people(store, here, found, now)
    return to(store, found.url)


@in_project(DEVELOPER)
def merge(store: GitLabStore, here: Here, iid: int) -> Response:
    """POST /-/merge_requests/<iid>/merge."""
    found = find(store, here, "merge_requests", iid)
    if found is None:
        return not_found(store)
    source, target = (
        store.repository.branch(here.project, found.source_branch),
        store.repository.branch(here.project, found.target_branch),
    )
    person = visitor(store).person
    assert person is not None
    if not found.is_open or found.draft or source is None or target is None:
        return back(store, "Merge request is not mergeable", "alert", found.url)
    now = store.seconds()
    message = f"Merge branch '{found.source_branch}' into '{found.target_branch}'\n\n{found.title}\n\nSee merge request {here.project.full_path}!{iid}"
    revision_id = store.commits.merge(
        here.project, source, target, message, name=person.name, email=person.email, now=now
    )
    store.tickets.set_state(found, "merged", person.id, now, revision_id)
    if request.form.get("should_remove_source_branch") == "1" and not source.is_trunk:
        store.commits.delete_branch(here.project, source, now)
    script_call(
        "POST",
        f"{found.url}/merge",
        body={"should_remove_source_branch": request.form.get("should_remove_source_branch") == "1"},
        answer={"status": "success"},
    )
    return to(store, found.url)


@in_project(DEVELOPER)
def approve(store: GitLabStore, here: Here, iid: int) -> Response:
    """POST /-/merge_requests/<iid>/approve: approve, or take it back."""
    found = find(store, here, "merge_requests", iid)
    if found is None or not found.is_open:
        return not_found(store)
    assert here.me is not None
    now = store.seconds()
    approved = store.tickets.toggle_approval(found, here.me, now)
    script_call(
        "POST",
        f"/api/v4/projects/{here.project.id}/merge_requests/{iid}/{'approve' if approved else 'unapprove'}",
        status=201,
    )
    return to(store, found.url)
