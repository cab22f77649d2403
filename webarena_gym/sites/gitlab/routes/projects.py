"""A project's own page, stars, forks, activity and general settings."""

from __future__ import annotations

from flask import Response, request

from ...base import safe_referrer, see_other
from ..store import GitLabStore
from ..store.projects import MAINTAINER, OWNER
from .common import (
    PER_PAGE,
    Here,
    back,
    in_project,
    long_field,
    not_found,
    page,
    script_call,
    text_field,
    to,
    to_int,
    visitor,
    with_query,
)
from .new_project import is_path
from .repository import clone_addresses, tree_context

_OFFERED_FILES = ("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md")


@in_project()
def show(store: GitLabStore, here: Here) -> Response:
    """GET /<namespace>/<project>: description, numbers, files and README."""
    project = here.project
    trunk = store.repository.trunk(project)
    if trunk is None:
        return page(
            store, "project_empty.html", here=here, title=f"{project.namespace_name} / {project.name}", clone=clone_addresses(store, project), **_head(store, here),
        )  # fmt: skip
    paths = store.repository.paths(project, trunk)
    return page(
        store, "project.html", here=here, title=f"{project.namespace_name} / {project.name}",
        offered=[(name, name in paths) for name in _OFFERED_FILES if name in paths or here.can_push],
        languages=store.projects.languages(project), **_head(store, here), **tree_context(store, here, trunk, ""),
    )  # fmt: skip


def _head(store: GitLabStore, here: Here) -> dict[str, object]:
    project = here.project
    origin = None if project.forked_from is None else store.projects.by_id(project.forked_from)
    notification = store.people.setting(here.me, f"notification_{project.id}", "Global") if here.me else ""
    return {
        "starred": store.projects.is_starred(project.id, here.me),
        "origin": origin if origin is not None and store.projects.readable(origin, here.me) else None,
        "notification": notification,
        "member": bool(store.members.level(project.id, here.me or 0)),
    }


def by_id(store: GitLabStore, project_id: int) -> Response:
    """GET /projects/<id>: leads to the project's own address."""
    project = store.projects.by_id(project_id)
    if project is None or not store.projects.readable(project, visitor(store).id):
        return not_found(store)
    return see_other(project.url)


@in_project(signed_in=True)
def toggle_star(store: GitLabStore, here: Here) -> Response:
    """POST /<namespace>/<project>/toggle_star.json: the real page's script sends this and shows the new count."""
    assert here.me is not None
    stars = store.projects.toggle_star(here.project.id, here.me, store.seconds())
    script_call("POST", f"{here.project.url}/toggle_star.json", answer={"star_count": stars})
    return see_other(safe_referrer(here.project.url))


@in_project(signed_in=True)
def set_notification(store: GitLabStore, here: Here) -> Response:
    """POST /<namespace>/<project>/-/notification: how much mail the project sends."""
    assert here.me is not None
    level = text_field("level")
    if level in ("Global", "Watch", "Participate", "On mention", "Disabled"):
        store.people.set_setting(here.me, f"notification_{here.project.id}", level)
        script_call("PUT", f"/api/v4/projects/{here.project.id}/notification_settings", body={"level": level.lower()})
    return back(store, default=here.project.url)


@in_project()
def starrers(store: GitLabStore, here: Here) -> Response:
    """GET /<namespace>/<project>/-/starrers."""
    people = store.people.starrers(here.project.id)
    text = request.args.get("search", "").strip().lower()
    shown = [person for person in people if text in f"{person.name} {person.username}".lower()]
    return page(
        store, "people.html", here=here, title=f"Starrers · {here.project.namespace_name} / {here.project.name}", heading="Starrers", people=shown,
        search=request.args.get("search", ""), empty="Nobody has starred this repository yet",
    )  # fmt: skip


@in_project()
def forks(store: GitLabStore, here: Here) -> Response:
    """GET /<namespace>/<project>/-/forks."""
    return page(
        store, "forks.html", here=here, title=f"Forks · {here.project.namespace_name} / {here.project.name}",
        rows=[(project, 0) for project in store.projects.forks(here.project.id, here.me or 0)],
    )  # fmt: skip


@in_project(signed_in=True)
def fork_form(store: GitLabStore, here: Here) -> Response:
    """GET /<namespace>/<project>/-/forks/new."""
    assert here.me is not None
    return page(store, "fork.html", here=here, title="Fork project", namespaces=store.projects.namespaces_of(here.me))


@in_project(signed_in=True)
def fork(store: GitLabStore, here: Here) -> Response:
    """POST /<namespace>/<project>/-/forks."""
    assert here.me is not None
    allowed = {namespace.id: namespace for namespace in store.projects.namespaces_of(here.me)}
    namespace = allowed.get(to_int(request.form.get("namespace_id")))
    path, name = text_field("path", 100) or here.project.path, text_field("name", 100) or here.project.name
    form = f"{here.project.url}/-/forks/new"
    if namespace is None:
        return to(store, form, "Please select a namespace", "alert")
    if store.projects.by_path(f"{namespace.path}/{path}") is not None:
        return to(store, form, "Project namespace name has already been taken", "alert")
    if not is_path(path):
        return to(store, form, "Path can contain only letters, digits, '_', '-' and '.'", "alert")
    visibility = min(here.project.visibility, to_int(request.form.get("visibility"), 20))
    visibility = visibility if visibility in (0, 10, 20) else 0
    now = store.seconds()
    made = store.projects.create(
        namespace,
        path,
        name,
        text_field("description", 2000) or here.project.description,
        visibility,
        here.project.domain,
        here.me,
        now,
    )
    store.commits.fork(here.project, made, now)
    store.tickets.log(here.me, made.id, "created", None, now)
    script_call(
        "POST",
        f"/api/v4/projects/{here.project.id}/fork",
        status=201,
        body={"namespace_id": namespace.id, "name": name, "path": path},
        answer={"id": made.id},
    )
    return to(store, made.url, "The project was successfully forked.")


@in_project()
def activity(store: GitLabStore, here: Here) -> Response:
    """GET /<namespace>/<project>/activity."""
    offset = min(max(0, to_int(request.args.get("offset"))), 10_000)
    events = store.activity.of_project(here.project.id, here.me or 0, PER_PAGE + 1, offset)
    return page(
        store, "activity.html", here=here, section="Project information", item="Activity", title=f"Activity · {here.project.namespace_name} / {here.project.name}",
        heading="Activity", events=events[:PER_PAGE], more=with_query(offset=offset + PER_PAGE) if len(events) > PER_PAGE else "", tabs=[], tab="",
    )  # fmt: skip


@in_project(MAINTAINER)
def settings(store: GitLabStore, here: Here) -> Response:
    """GET /<namespace>/<project>/edit."""
    return page(
        store, "project_settings.html", here=here, section="Settings", item="General", title=f"General · Settings · {here.project.namespace_name} / {here.project.name}",
    )  # fmt: skip


@in_project(MAINTAINER)
def save_settings(store: GitLabStore, here: Here) -> Response:
    """POST /<namespace>/<project>: name, description, visibility; the form says which part it is."""
    part = text_field("part")
    fields: dict[str, str | int] = {}
    if part == "naming":
        name = text_field("project[name]", 100)
        if not name:
            return back(store, "Name can't be blank", "alert", f"{here.project.url}/edit")
        fields = {"name": name, "description": long_field("project[description]")[:2000]}
    elif part == "visibility" and here.level >= OWNER:
        level = to_int(request.form.get("project[visibility_level]"), -1)
        fields = {"visibility": level} if level in (0, 10, 20) else {}
    elif part == "archive" and here.level >= OWNER:
        fields = {"archived": int(not here.project.archived)}
    store.projects.update(here.project.id, fields)
    return to(
        store,
        f"{here.project.url}/edit",
        f"Project '{fields.get('name', here.project.name)}' was successfully updated.",
    )


@in_project(signed_in=True)
def leave(store: GitLabStore, here: Here) -> Response:
    """POST /<namespace>/<project>/-/project_members/leave."""
    assert here.me is not None
    level = store.members.level(here.project.id, here.me)
    if level == 50 and store.members.owners(here.project.id) == 1:
        return back(store, "The last owner cannot leave the project.", "alert", here.project.url)
    store.members.remove(here.project.id, here.me)
    return to(
        store, "/dashboard/projects", f'You left the "{here.project.namespace_name} / {here.project.name}" project.'
    )
