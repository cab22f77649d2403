"""One issue, the forms that open and edit issues, and what lies around them: labels, milestones, boards, feeds."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request

from ..store import GitLabStore
from ..store.issuables import ISSUE, MERGE_REQUEST, IssuableQuery
from ..store.people import Person
from ..store.projects import REPORTER
from .common import (
    Here,
    argument,
    back,
    day_field,
    first_problem,
    for_members_of_the_site,
    in_project,
    long_field,
    moment,
    not_found,
    page,
    text_field,
    to,
    to_day,
    to_int,
)
from .tickets import discussion_context, find, may_edit

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_BOARD_ROWS = 20


@in_project()
def issue(store: GitLabStore, here: Here, iid: int) -> Response:
    """GET /-/issues/<iid>."""
    found = find(store, here, "issues", iid)
    if found is None:
        return not_found(store)
    return page(
        store, "issue.html", here=here, section="Issues", item="Issues", title=f"{found.title} (#{iid}) · Issues · {here.project.namespace_name} / {here.project.name}",
        **discussion_context(store, here, found),
    )  # fmt: skip


def _form_context(store: GitLabStore, here: Here) -> dict[str, Any]:
    return {
        "people": store.members.assignable(here.project.id, here.me) if here.level >= REPORTER else [],
        "labels": store.issuables.labels(here.project.id) if here.level >= REPORTER else [],
        "milestones": store.issuables.milestones(here.project.id) if here.level >= REPORTER else [],
    }


@in_project(signed_in=True)
def new_issue(store: GitLabStore, here: Here) -> Response:
    """GET /-/issues/new. What the address says is filled in; "Assign to me" comes back here with the fields as they were."""
    assert here.me is not None
    assignee = (
        here.me
        if argument("assign_to_me")
        else to_int(argument("issue[assignee_ids][]") or argument("issue[assignee_id]"))
    )
    given = {
        "title": argument("issue[title]"), "description": request.args.get("issue[description]", "")[:20_000], "assignee": assignee,
        "labels": {to_int(value) for value in request.args.getlist("issue[label_ids][]")}, "milestone": to_int(argument("issue[milestone_id]")),
        "due": argument("issue[due_date]", 30), "confidential": argument("issue[confidential]") == "1",
    }  # fmt: skip
    return page(
        store, "issue_form.html", here=here, section="Issues", item="Issues", title=f"New Issue · Issues · {here.project.namespace_name} / {here.project.name}",
        i=None, given=given, **_form_context(store, here),
    )  # fmt: skip


@in_project(signed_in=True)
def create_issue(store: GitLabStore, here: Here) -> Response:
    """POST /-/issues."""
    assert here.me is not None
    title, due_text = text_field("issue[title]"), text_field("issue[due_date]", 30)
    problem = first_problem(
        (not title, "Title can't be blank"),
        (bool(due_text) and to_day(due_text) is None, "Due date must be a date such as 2023-05-31"),
    )
    if problem:
        return back(store, problem, "alert", f"{here.project.url}/-/issues/new")
    now = store.seconds()
    made = store.tickets.create(
        ISSUE, here.project.id, title=title, description=long_field("issue[description]"), author_id=here.me, now=now
    )
    if here.level >= REPORTER:
        _set_all(store, here, made, now)
    store.tickets.set_fields(made, {"confidential": int(request.form.get("issue[confidential]") == "1")}, now)
    return to(store, made.url)


def _set_all(store: GitLabStore, here: Here, made: Any, now: int) -> None:
    """Assignee, labels, milestone and due date of the form."""
    assert here.me is not None
    allowed = {row["id"] for row in store.members.assignable(here.project.id, here.me)}
    people = [
        person for value in request.form.getlist("issue[assignee_ids][]") if (person := to_int(value)) in allowed
    ][:1]
    if people:
        store.tickets.set_people(made, "a", people, here.me, now)
    labels = [to_int(value) for value in request.form.getlist("issue[label_ids][]")][:100]
    if labels:
        store.tickets.set_labels(made, labels, now)
    milestone = to_int(request.form.get("issue[milestone_id]"))
    known = {row["id"] for row in store.issuables.milestones(here.project.id)}
    store.tickets.set_fields(
        made, {"milestone_id": milestone if milestone in known else None, "due_on": day_field("issue[due_date]")}, now
    )


@in_project(signed_in=True)
def edit_issue(store: GitLabStore, here: Here, iid: int) -> Response:
    """GET /-/issues/<iid>/edit: title and description, as under the pencil of the real page."""
    found = find(store, here, "issues", iid)
    if found is None or not may_edit(here, found):
        return not_found(store)
    return page(
        store, "issue_form.html", here=here, section="Issues", item="Issues", title=f"Edit · {found.title} (#{iid}) · Issues · {here.project.namespace_name} / {here.project.name}",
        i=found, given={"title": found.title, "description": found.description}, people=[], labels=[], milestones=[],
    )  # fmt: skip


@in_project(signed_in=True)
def update_issue(store: GitLabStore, here: Here, iid: int) -> Response:
    """POST /-/issues/<iid>: title and description, or the state."""
    found = find(store, here, "issues", iid)
    if found is None or not may_edit(here, found):
        return not_found(store)
    assert here.me is not None
    event = request.form.get("issue[state_event]", "")
    if event in ("close", "reopen"):
        wanted = "closed" if event == "close" else "opened"
        if found.state != wanted:
            store.tickets.set_state(found, wanted, here.me, store.seconds())
        return to(store, found.url)
    title = text_field("issue[title]")
    if not title:
        return to(store, f"{found.url}/edit", "Title can't be blank", "alert")
    store.tickets.rewrite(found, title=title, description=long_field("issue[description]"), now=store.seconds())
    return to(store, found.url)


# --- labels, milestones, boards ---


@in_project()
def labels(store: GitLabStore, here: Here) -> Response:
    """GET /-/labels."""
    text = argument("search", 100)
    return page(
        store, "labels.html", here=here, section="Project information", item="Labels", title=f"Labels · {here.project.namespace_name} / {here.project.name}",
        labels=store.issuables.labels(here.project.id, text), search=text,
    )  # fmt: skip


@in_project(REPORTER)
def new_label(store: GitLabStore, here: Here) -> Response:
    """GET /-/labels/new."""
    return page(
        store,
        "label_form.html",
        here=here,
        section="Project information",
        item="Labels",
        title=f"New Label · {here.project.namespace_name} / {here.project.name}",
    )


@in_project(REPORTER)
def create_label(store: GitLabStore, here: Here) -> Response:
    """POST /-/labels."""
    name, color = text_field("label[title]"), text_field("label[color]", 20) or "#6699cc"
    problem = first_problem(
        (not name, "Title can't be blank"), (not _COLOR.fullmatch(color), "Color must be a valid color code")
    )
    if not problem and not store.tickets.create_label(here.project.id, name, text_field("label[description]"), color):
        problem = "Title has already been taken"
    if problem:
        return to(store, f"{here.project.url}/-/labels/new", problem, "alert")
    return to(store, f"{here.project.url}/-/labels")


@in_project(REPORTER)
def delete_label(store: GitLabStore, here: Here, label_id: int) -> Response:
    """POST /-/labels/<id>/delete."""
    store.tickets.delete_label(here.project.id, label_id)
    return to(store, f"{here.project.url}/-/labels", "Label was removed")


@in_project()
def milestones(store: GitLabStore, here: Here) -> Response:
    """GET /-/milestones."""
    state = argument("state") if argument("state") in ("closed", "all") else "opened"
    rows = store.issuables.milestones(here.project.id)
    counts = {
        "opened": sum(row["open"] for row in rows),
        "closed": sum(not row["open"] for row in rows),
        "all": len(rows),
    }
    shown = [row for row in rows if state == "all" or bool(row["open"]) == (state == "opened")]
    return page(
        store, "milestones.html", here=here, section="Issues", item="Milestones", title=f"Milestones · {here.project.namespace_name} / {here.project.name}",
        rows=shown, counts=counts, state=state,
    )  # fmt: skip


@in_project()
def milestone(store: GitLabStore, here: Here, iid: int) -> Response:
    """GET /-/milestones/<iid>."""
    row = store.issuables.milestone(here.project.id, iid)
    if row is None:
        return not_found(store)
    return page(
        store, "milestone.html", here=here, section="Issues", item="Milestones", title=f"{row['title']} · Milestones · {here.project.namespace_name} / {here.project.name}",
        m=row, items=[one for one in store.issuables.of_milestone(row["id"]) if not one.confidential or may_edit(here, one)],
    )  # fmt: skip


@in_project(REPORTER)
def new_milestone(store: GitLabStore, here: Here) -> Response:
    """GET /-/milestones/new."""
    return page(
        store,
        "milestone_form.html",
        here=here,
        section="Issues",
        item="Milestones",
        title=f"New Milestone · {here.project.namespace_name} / {here.project.name}",
    )


@in_project(REPORTER)
def create_milestone(store: GitLabStore, here: Here) -> Response:
    """POST /-/milestones."""
    title, start, due = (
        text_field("milestone[title]"),
        day_field("milestone[start_date]"),
        day_field("milestone[due_date]"),
    )
    taken = any(row["title"] == title for row in store.issuables.milestones(here.project.id))
    problem = first_problem((not title, "Title can't be blank"), (taken, "Title has already been taken"), (bool(start and due and due < start), "Due date must be greater than start date"))  # fmt: skip
    if problem:
        return to(store, f"{here.project.url}/-/milestones/new", problem, "alert")
    iid = store.tickets.create_milestone(here.project.id, title, long_field("milestone[description]"), start, due)
    return to(store, f"{here.project.url}/-/milestones/{iid}")


@in_project(REPORTER)
def change_milestone(store: GitLabStore, here: Here, iid: int) -> Response:
    """POST /-/milestones/<iid>: close or reopen."""
    row = store.issuables.milestone(here.project.id, iid)
    if row is None:
        return not_found(store)
    store.tickets.set_milestone_open(row["id"], request.form.get("milestone[state_event]") == "activate")
    return to(store, f"{here.project.url}/-/milestones/{iid}")


@in_project()
def board(store: GitLabStore, here: Here) -> Response:
    """GET /-/boards: open and closed issues side by side."""
    columns = []
    for name, state in (("Open", "opened"), ("Closed", "closed")):
        query = IssuableQuery(me=here.me or 0, kind=ISSUE, project_id=here.project.id, state=state, limit=_BOARD_ROWS)
        columns.append((name, store.issuables.counts(query)[state], store.issuables.list(query)))
    return page(
        store,
        "board.html",
        here=here,
        section="Issues",
        item="Boards",
        title=f"Development · Boards · {here.project.namespace_name} / {here.project.name}",
        columns=columns,
    )


@in_project()
def service_desk(store: GitLabStore, here: Here) -> Response:
    """GET /-/issues/service_desk."""
    return page(
        store, "empty.html", here=here, section="Issues", item="Service Desk", title=f"Service Desk · {here.project.namespace_name} / {here.project.name}",
        heading="Use Service Desk to connect with your users", text="Issues created from Service Desk emails will appear here. No such email has arrived.",
    )  # fmt: skip


@in_project()
def feed(store: GitLabStore, here: Here, kind: str, form: str) -> Response:
    """GET /-/issues.atom, .ics and /-/merge_requests.atom: the newest open ones as plain lines."""
    query = IssuableQuery(
        me=here.me or 0, kind=ISSUE if kind == "issues" else MERGE_REQUEST, project_id=here.project.id
    )
    return _feed(store, query, f"{here.project.namespace_name} / {here.project.name}: {kind.replace('_', ' ')}")


@for_members_of_the_site
def my_feed(store: GitLabStore, person: Person, form: str) -> Response:
    """GET /dashboard/issues.atom and .ics: the newest open issues assigned to oneself."""
    return _feed(
        store, IssuableQuery(me=person.id, kind=ISSUE, assignee=person.username), f"{person.name}: assigned issues"
    )


def _feed(store: GitLabStore, query: IssuableQuery, title: str) -> Response:
    lines = [
        f"{one.reference} {one.title} ({moment(one.created_at)}, {one.author_name})"
        for one in store.issuables.list(query)
        if not one.confidential
    ]
    return Response("\n".join([title, *lines]) + "\n", content_type="text/plain; charset=utf-8")
