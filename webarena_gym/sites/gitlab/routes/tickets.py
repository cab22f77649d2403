"""What issues and merge requests have in common: comments, side bar, reactions, to-dos, subscriptions."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request
from markupsafe import Markup

from ..markdown import render
from ..store import GitLabStore
from ..store.issuables import ISSUE, MERGE_REQUEST, Issuable, Note
from ..store.projects import REPORTER
from .common import Here, back, in_project, long_field, not_found, page, script_call, text_field, to, to_day, to_int
from .references import references_of

_PARTS = {
    "assignee": "Assignee", "reviewer": "Reviewer", "labels": "Labels", "milestone": "Milestone", "due_date": "Due date", "confidential": "Confidentiality",
    "locked": "Lock",
}  # fmt: skip
_ROLES = {"assignee": "a", "reviewer": "r"}
_KINDS = {"issues": ISSUE, "merge_requests": MERGE_REQUEST}
_COMMAND = re.compile(
    r"/(close|reopen|assign|unassign|due|remove_due_date|label|lock|unlock|todo|done|subscribe|unsubscribe)\b[ \t]*(.*)$",
    re.M,
)


def kind_name(issuable: Issuable) -> str:
    return "issue" if issuable.is_issue else "merge request"


def may_edit(here: Here, issuable: Issuable) -> bool:
    """Members from reporter on, and the author."""
    return here.level >= REPORTER or (here.me is not None and here.me == issuable.author_id)


def find(store: GitLabStore, here: Here, kind: str, iid: int) -> Issuable | None:
    """The issue or merge request of this number, if the visitor may see it; ``kind`` is a part of the address."""
    found = store.issuables.by_iid(here.project.id, _KINDS[kind], iid)
    if found is not None and found.confidential and not may_edit(here, found):
        return None
    return found


def discussion_context(store: GitLabStore, here: Here, issuable: Issuable) -> dict[str, Any]:
    """What the page of an issue or merge request shows besides its own fields."""
    references = references_of(store, here.project)
    notes = [note for note in store.issuables.notes(issuable) if not note.internal or here.level >= REPORTER]
    bodies = {note.id: _body(note, references) for note in notes}
    return {
        "i": issuable,
        "base": issuable.url,
        "description": render(issuable.description, references),
        "notes": notes,
        "bodies": bodies,
        "assignees": store.issuables.involved([issuable.id], "a")[issuable.id],
        "reviewers": store.issuables.involved([issuable.id], "r")[issuable.id] if not issuable.is_issue else [],
        "participants": store.issuables.participants(issuable),
        "pending": here.me is not None and store.activity.pending_todo(here.me, issuable.id),
        "subscribed": store.issuables.is_involved(issuable.id, "s", here.me),
        "may_edit": may_edit(here, issuable),
    }


def _body(note: Note, references: Any) -> Markup | str:
    return note.body if note.system else render(note.body, references)


# --- comments ---


@in_project(signed_in=True)
def add_note(store: GitLabStore, here: Here) -> Response:
    """POST /<namespace>/<project>/notes?target_id=&target_type=: a comment; "Close" and "Reopen" come with or without one."""
    kind = {"issue": ISSUE, "merge_request": MERGE_REQUEST}.get(request.args.get("target_type", ""))
    found = None if kind is None else store.issuables.by_target(kind, to_int(request.args.get("target_id")))
    if found is None or found.project_id != here.project.id or (found.confidential and not may_edit(here, found)):
        return not_found(store)
    if found.locked and here.level < REPORTER:
        return back(store, f"The discussion in this {kind_name(found)} is locked.", "alert", found.url)
    text, event = long_field("note[note]"), request.form.get("state_event", "")
    assert here.me is not None
    now = store.seconds()
    if not text and event not in ("close", "reopen"):
        return to(store, found.url, "Your comment could not be submitted because it is empty.", "alert")
    body = _run_commands(store, here, found, text, now) if may_edit(here, found) else text
    location = found.url
    if body:
        internal = request.form.get("note[internal]") == "true" and here.level >= REPORTER
        note_id = store.tickets.add_note(found, here.me, body, now, internal=internal)
        location += f"#note_{note_id}"
        for name in dict.fromkeys(re.findall(r"(?<![\w@])@([A-Za-z0-9](?:[\w.-]*\w)?)", body)[:10]):
            person = store.people.by_username(name)
            if person is not None:
                store.tickets.add_todo(person.id, here.me, found, "mentioned", now)
    if text:
        target = request.args["target_type"]
        noteable = "Issue" if found.is_issue else "MergeRequest"
        script_call(
            "POST", f"{here.project.url}/notes?target_id={found.target_id}&target_type={target}",
            body={"view": "inline", "line_type": None, "in_reply_to_discussion_id": "", "note_project_id": "", "target_type": target, "target_id": found.target_id,
                  "return_discussion": True, "note": {"noteable_type": noteable, "noteable_id": found.target_id, "internal": False, "note": text}},
        )  # fmt: skip
    if event in ("close", "reopen") and may_edit(here, found):
        _set_state(store, here, found, event, now)
    return to(store, location)


def _run_commands(store: GitLabStore, here: Here, issuable: Issuable, text: str, now: int) -> str:
    """Carry out quick actions, each on a line of its own; returns the rest of the comment."""
    for command, argument in _COMMAND.findall(text)[:20]:
        _run_command(store, here, issuable, command, argument.strip(), now)
    return _COMMAND.sub("", text).strip() if _COMMAND.search(text) else text


def _run_command(store: GitLabStore, here: Here, issuable: Issuable, command: str, argument: str, now: int) -> None:
    assert here.me is not None
    match command:
        case "close" | "reopen":
            _set_state(store, here, issuable, command, now)
        case "assign" | "unassign":
            name = argument.removeprefix("@")
            person = store.people.by_id(here.me) if name == "me" else store.people.by_username(name)
            if command == "unassign" or person is not None:
                store.tickets.set_people(
                    issuable, "a", [person.id] if command == "assign" and person else [], here.me, now
                )
        case "due" | "remove_due_date":
            day = to_day(argument)
            if issuable.is_issue and (day or command == "remove_due_date"):
                store.tickets.set_fields(issuable, {"due_on": day}, now)
        case "label":
            names = {name.strip('"').lower() for name in re.findall(r"~(\"[^\"]+\"|[\w-]+)", argument)}
            ids = {row["id"] for row in store.issuables.labels(issuable.project_id) if row["name"].lower() in names}
            store.tickets.set_labels(issuable, sorted(ids | store.issuables.label_ids(issuable.id)), now)
        case "lock" | "unlock":
            store.tickets.set_fields(issuable, {"locked": int(command == "lock")}, now)
        case "todo":
            store.tickets.add_todo(here.me, here.me, issuable, "marked", now)
        case "done":
            store.activity.finish_todos(here.me, issuable.id)
        case _:
            if store.issuables.is_involved(issuable.id, "s", here.me) != (command == "subscribe"):
                store.tickets.toggle_subscription(issuable, here.me)


def _set_state(store: GitLabStore, here: Here, issuable: Issuable, event: str, now: int) -> None:
    assert here.me is not None
    fresh = store.issuables.by_id(issuable.id)
    wanted = "closed" if event == "close" else "opened"
    if fresh is not None and fresh.state != "merged" and fresh.state != wanted:
        store.tickets.set_state(fresh, wanted, here.me, now)


def _editable_note(store: GitLabStore, here: Here, note_id: int) -> tuple[Any, Issuable] | None:
    row = store.issuables.note(note_id)
    found = None if row is None else store.issuables.by_id(row["issuable_id"])
    if row is None or found is None or row["system"] or found.project_id != here.project.id:
        return None
    return (row, found) if row["author_id"] == here.me or here.can_admin else None


@in_project(signed_in=True)
def edit_note(store: GitLabStore, here: Here, note_id: int) -> Response:
    """GET /<namespace>/<project>/notes/<id>/edit."""
    note = _editable_note(store, here, note_id)
    if note is None:
        return not_found(store)
    return page(
        store,
        "note_form.html",
        here=here,
        section="Issues" if note[1].is_issue else "Merge requests",
        title="Edit comment",
        note=note[0],
        i=note[1],
    )


@in_project(signed_in=True)
def update_note(store: GitLabStore, here: Here, note_id: int) -> Response:
    """POST /<namespace>/<project>/notes/<id>."""
    note = _editable_note(store, here, note_id)
    if note is None:
        return not_found(store)
    text = long_field("note[note]")
    if not text:
        return back(store, "Your comment could not be submitted because it is empty.", "alert", note[1].url)
    store.tickets.edit_note(note_id, text, store.seconds())
    script_call(
        "PUT", f"{here.project.url}/notes/{note_id}", body={"target_id": note[1].target_id, "note": {"note": text}}
    )
    return to(store, f"{note[1].url}#note_{note_id}")


@in_project(signed_in=True)
def delete_note(store: GitLabStore, here: Here, note_id: int) -> Response:
    """POST /<namespace>/<project>/notes/<id>/delete."""
    note = _editable_note(store, here, note_id)
    if note is None:
        return not_found(store)
    store.tickets.delete_note(note[1], note_id)
    script_call("DELETE", f"{here.project.url}/notes/{note_id}")
    return to(store, note[1].url)


# --- the side bar ---


def _people(store: GitLabStore, here: Here, text: str) -> list[Any]:
    """Who can be chosen: members and oneself, by words of their names."""
    words = text.lower().removeprefix("@").split()
    return [
        row
        for row in store.members.assignable(here.project.id, here.me)
        if all(word in f"{row['name']} {row['username']}".lower() for word in words)
    ]


@in_project(REPORTER)
def choose(store: GitLabStore, here: Here, kind: str, iid: int, part: str) -> Response:
    """GET /-/<kind>/<iid>/sidebar/<part>: what the real page opens under "Edit"."""
    found = find(store, here, kind, iid)
    if found is None or part not in _PARTS or (part == "reviewer" and found.is_issue):
        return not_found(store)
    text = request.args.get("search", "").strip()[:100]
    return page(
        store, "choose.html", here=here, section="Issues" if found.is_issue else "Merge requests", item="Issues", title=f"{_PARTS[part]} · {found.title}", i=found,
        part=part, name=_PARTS[part], search=text, people=_people(store, here, text) if part in _ROLES else [],
        chosen={who.id for who in store.issuables.involved([found.id], _ROLES[part])[found.id]} if part in _ROLES else store.issuables.label_ids(found.id),
        labels=store.issuables.labels(here.project.id, text) if part == "labels" else [], milestones=store.issuables.milestones(here.project.id) if part == "milestone" else [],
    )  # fmt: skip


@in_project(REPORTER)
def change(store: GitLabStore, here: Here, kind: str, iid: int, part: str) -> Response:
    """POST /-/<kind>/<iid>/sidebar/<part>."""
    found = find(store, here, kind, iid)
    if found is None or part not in _PARTS or (part == "reviewer" and found.is_issue):
        return not_found(store)
    assert here.me is not None
    now, form = store.seconds(), request.form
    if part in _ROLES:
        allowed = {row["id"] for row in store.members.assignable(here.project.id, here.me)}
        wanted = [person for value in form.getlist(f"{part}_id") if (person := to_int(value)) in allowed][:1]
        store.tickets.set_people(found, _ROLES[part], wanted, here.me, now)
        _record_change(found, {f"{part}_ids": wanted})
    elif part == "labels":
        wanted = [to_int(value) for value in form.getlist("label_ids")][:100]
        store.tickets.set_labels(found, wanted, now)
        _record_change(found, {"label_ids": wanted})
    elif part == "milestone":
        ids = {row["id"] for row in store.issuables.milestones(here.project.id)}
        chosen = to_int(form.get("milestone_id"))
        store.tickets.set_fields(found, {"milestone_id": chosen if chosen in ids else None}, now)
        _record_change(found, {"milestone_id": chosen if chosen in ids else 0})
    elif part == "due_date":
        text = text_field("due_date", 30)
        day = to_day(text)
        if text and day is None:
            return to(store, f"{found.url}/sidebar/due_date", "Due date must be a date such as 2023-05-31", "alert")
        store.tickets.set_fields(found, {"due_on": day}, now)
        _record_change(found, {"due_date": day})
    else:
        value = int(form.get(part) == "1")
        if part == "locked" and not here.can_admin:
            return not_found(store)
        store.tickets.set_fields(found, {part: value}, now)
        _record_change(found, {"discussion_locked" if part == "locked" else part: bool(value)})
    return to(store, found.url)


def _record_change(issuable: Issuable, fields: dict[str, Any]) -> None:
    """The real side bar sends each change by itself."""
    name = "issue" if issuable.is_issue else "merge_request"
    script_call(
        "PUT",
        f"{issuable.url}.json?serializer=sidebar_basic",
        body={name: fields},
        answer={"id": issuable.target_id, "iid": issuable.iid},
        referrer=None,
    )


@in_project(signed_in=True)
def add_todo(store: GitLabStore, here: Here, kind: str, iid: int) -> Response:
    """POST /-/<kind>/<iid>/todo: add a to-do item, or mark it as done."""
    found = find(store, here, kind, iid)
    if found is None:
        return not_found(store)
    assert here.me is not None
    if store.activity.pending_todo(here.me, found.id):
        store.activity.finish_todos(here.me, found.id)
    else:
        store.tickets.add_todo(here.me, here.me, found, "marked", store.seconds())
    script_call(
        "POST",
        f"{here.project.url}/-/todos",
        body={"issuable_id": found.target_id, "issuable_type": kind_name(found).replace(" ", "_")},
    )
    return to(store, found.url)


@in_project(signed_in=True)
def toggle_subscription(store: GitLabStore, here: Here, kind: str, iid: int) -> Response:
    """POST /-/<kind>/<iid>/subscription."""
    found = find(store, here, kind, iid)
    if found is None:
        return not_found(store)
    assert here.me is not None
    store.tickets.toggle_subscription(found, here.me)
    script_call("POST", f"{found.url}/toggle_subscription", status=200)
    return to(store, found.url)


@in_project(signed_in=True)
def award(store: GitLabStore, here: Here, kind: str, iid: int) -> Response:
    """POST /-/<kind>/<iid>/award: thumbs up or down, or taken back."""
    found = find(store, here, kind, iid)
    role = {"thumbsup": "u", "thumbsdown": "d"}.get(request.form.get("name", ""))
    if found is None or role is None:
        return not_found(store)
    assert here.me is not None
    store.tickets.toggle_reaction(found, role, here.me)
    script_call(
        "POST",
        f"/api/v4/projects/{here.project.id}/{kind}/{iid}/award_emoji",
        status=201,
        body={"name": request.form["name"]},
    )
    return to(store, found.url)
