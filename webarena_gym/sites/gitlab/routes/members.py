"""Members of a project and of a group; inviting people."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Response, request

from ..store import GitLabStore
from ..store.people import Person
from ..store.projects import MAINTAINER, OWNER, ROLE_NAMES
from .common import Here, argument, in_project, page, script_call, text_field, to, to_day, to_int, with_query

_SORTS = {
    "name_asc": ("Account", False), "name_desc": ("Account", True), "last_joined": ("Access granted", True), "oldest_joined": ("Access granted", False),
    "access_level_asc": ("Max role", False), "access_level_desc": ("Max role", True),
}  # fmt: skip
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_MOST_INVITED = 50


class Invited(NamedTuple):
    """What the invitation form holds: people chosen, addresses chosen, words that fit nobody or several."""

    people: list[Person]
    emails: list[str]
    open_words: list[str]


@in_project()
def members(store: GitLabStore, here: Here) -> Response:
    """GET /-/project_members."""
    sort = request.args.get("sort", "name_asc")
    sort = sort if sort in _SORTS else "name_asc"
    text = argument("search", 100)
    rows = store.members.of_project(here.project.id, text=text, sort=sort)
    name, descending = _SORTS[sort]
    pairs = {
        "Account": ("name_asc", "name_desc"),
        "Access granted": ("oldest_joined", "last_joined"),
        "Max role": ("access_level_asc", "access_level_desc"),
    }
    return page(
        store, "members.html", here=here, section="Project information", item="Members", title=f"Members · {here.project.namespace_name} / {here.project.name}",
        rows=rows, search=text, sort_name=name, descending=descending, turned=with_query(sort=pairs[name][not descending]),
        sorts=[(other, with_query(sort=keys[0])) for other, keys in pairs.items()], invitations=store.members.invitations(here.project.id) if here.can_admin else [],
        levels=[level for level in ROLE_NAMES if level <= here.level],
    )  # fmt: skip


@in_project(MAINTAINER)
def invite_form(store: GitLabStore, here: Here) -> Response:
    """GET /-/project_members/invite: the real page's dialog. Who is chosen so far stands in the address."""
    chosen = _chosen(store, request.args.getlist("user_ids[]"), request.args.getlist("emails[]"))
    text = argument("search", 200)
    removed = to_int(argument("remove"))
    people = [person for person in chosen.people if person.id != removed]
    found = [person for person in store.people.search(text, 10)[1] if person not in people] if text else []
    level = to_int(argument("access_level"), 10)
    return page(
        store, "invite.html", here=here, section="Project information", item="Members", title=f"Invite members · {here.project.namespace_name} / {here.project.name}",
        people=people, emails=chosen.emails, found=found, search=text, is_email=bool(_EMAIL.fullmatch(text)), level=level if level in ROLE_NAMES else 10,
        levels=[level for level in ROLE_NAMES if level <= here.level], expires=argument("expires_at", 30),
    )  # fmt: skip


def _chosen(store: GitLabStore, ids: list[str], emails: list[str]) -> Invited:
    people = [
        person
        for value in dict.fromkeys(ids[:_MOST_INVITED])
        if (person := store.people.by_id(to_int(value))) is not None
    ]
    return Invited(people, [email for email in dict.fromkeys(emails[:_MOST_INVITED]) if _EMAIL.fullmatch(email)], [])


def _typed(store: GitLabStore, text: str) -> Invited:
    """Words typed but not yet chosen: usernames and addresses, and names that only one person has."""
    people: list[Person] = []
    emails: list[str] = []
    words: list[str] = []
    for word in [word.strip() for word in re.split(r"[,;\n]", text) if word.strip()][:_MOST_INVITED]:
        person = store.people.by_username(word.removeprefix("@")) or store.people.by_email(word)
        if person is None and not _EMAIL.fullmatch(word):
            count, found = store.people.search(word, 2)
            person = found[0] if count == 1 else None
        if person is not None:
            people.append(person)
        elif _EMAIL.fullmatch(word):
            emails.append(word)
        else:
            words.append(word)
    return Invited(people, emails, words)


@in_project(MAINTAINER)
def invite(store: GitLabStore, here: Here) -> Response:
    """POST /-/project_members/invite.

    The real dialog adds one known person by the members interface, several by the invitations interface.
    """
    assert here.me is not None
    chosen = _chosen(store, request.form.getlist("user_ids[]"), request.form.getlist("emails[]"))
    typed = _typed(store, text_field("search", 1000))
    people = list(dict.fromkeys(chosen.people + typed.people))
    emails = list(dict.fromkeys(chosen.emails + typed.emails))
    level, expires = to_int(request.form.get("access_level"), 10), to_day(text_field("expires_at", 30))
    level = level if level in ROLE_NAMES and level <= here.level else 10
    if typed.open_words or not (people or emails):
        query = [("user_ids[]", person.id) for person in people] + [("emails[]", email) for email in emails]
        query += [("access_level", level), ("search", typed.open_words[0] if typed.open_words else "")]
        return to(
            store,
            f"{here.project.url}/-/project_members/invite?{urlencode(query)}",
            "Members must be chosen from the list, or invited by email address.",
            "alert",
        )
    now = store.seconds()
    for person in people:
        store.members.add(here.project.id, person.id, level, by=here.me, now=now, expires_on=expires)
        store.tickets.log(person.id, here.project.id, "joined", None, now)
    for email in emails:
        store.members.invite(here.project.id, email, level, now=now, expires_on=expires)
    api = f"/api/v4/projects/{here.project.id}"
    rest = {"expires_at": expires, "invite_source": "members-page", "tasks_to_be_done": [], "tasks_project_id": ""}
    if len(people) == 1 and not emails:
        script_call(
            "POST",
            f"{api}/members",
            status=201,
            body={"format": "json", "access_level": level, "user_id": people[0].id, **rest},
            answer={"status": "success"},
        )
    else:
        ids = ",".join(str(person.id) for person in people)
        body = {
            "format": "json",
            "access_level": level,
            **({"user_id": ids} if ids else {}),
            **({"email": ",".join(emails)} if emails else {}),
            **rest,
        }
        script_call("POST", f"{api}/invitations", status=201, body=body, answer={"status": "success"})
    return to(store, f"{here.project.url}/-/project_members", "Members were successfully added")


@in_project(MAINTAINER)
def change_member(store: GitLabStore, here: Here, person_id: int) -> Response:
    """POST /-/project_members/<user id>: another role or expiration date."""
    held = store.members.level(here.project.id, person_id)
    base = f"{here.project.url}/-/project_members"
    if not held or held > here.level:
        return to(store, base, "This member cannot be changed.", "alert")
    level = to_int(request.form.get("access_level"), held)
    if level in ROLE_NAMES and level <= here.level and level != held:
        if held == OWNER and store.members.owners(here.project.id) == 1:
            return to(store, base, "A project must have at least one owner.", "alert")
        store.members.set_level(here.project.id, person_id, level)
        script_call("PUT", f"{base}/{person_id}", body={"project_member": {"access_level": level}})
        return to(store, base, "Role updated successfully.")
    if "expires_at" in request.form:
        store.members.set_expiry(here.project.id, person_id, to_day(text_field("expires_at", 30)))
        script_call(
            "PUT", f"{base}/{person_id}", body={"project_member": {"expires_at": to_day(text_field("expires_at", 30))}}
        )
    return to(store, base)


@in_project(MAINTAINER)
def remove_member(store: GitLabStore, here: Here, person_id: int) -> Response:
    """POST /-/project_members/<user id>/delete."""
    held = store.members.level(here.project.id, person_id)
    base = f"{here.project.url}/-/project_members"
    if not held or held > here.level or (held == OWNER and store.members.owners(here.project.id) == 1):
        return to(store, base, "This member cannot be removed.", "alert")
    store.members.remove(here.project.id, person_id)
    return to(store, base, "User was successfully removed from project.")


@in_project(MAINTAINER)
def withdraw_invitation(store: GitLabStore, here: Here, invitation_id: int) -> Response:
    """POST /-/project_members/invitations/<id>/delete."""
    store.members.withdraw(here.project.id, invitation_id)
    return to(store, f"{here.project.url}/-/project_members", "Invitation was removed.")
