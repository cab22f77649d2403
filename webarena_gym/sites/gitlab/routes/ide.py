"""The web editor: a tree, one file at a time, changes kept until they are committed together."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Response, request

from ...base import see_other
from ..store import GitLabStore
from ..store.commits import Edit
from ..store.projects import DEVELOPER
from .common import Here, not_found, page, script_call, sign_in_first, text_field, to, visitor
from .repository import clean_path, file_text, is_branch_name, make_commit

_MOST_DRAFTS = 100


def in_editor(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, here, branch, path)``; the address is <namespace>/<project>/edit/<branch>/-/<path>."""

    @functools.wraps(handler)
    def guarded(store: GitLabStore, namespace: str, project: str, place: str = "") -> Any:
        person, found = visitor(store).person, store.projects.by_path(f"{namespace}/{project}")
        if person is None:
            return sign_in_first(store)
        if found is None or not store.projects.readable(found, person.id):
            return not_found(store)
        here = Here(found, store.projects.level(found, person.id), person.id)
        branch, _, path = place.partition("/-")
        branch, path = branch.strip("/") or found.default_branch, path.strip("/")
        exists = store.repository.branch(found, branch) is not None
        empty = store.repository.trunk(found) is None and branch == found.default_branch
        if here.level < DEVELOPER or not (exists or empty):
            return not_found(store)
        return handler(store, here, branch, path)

    return guarded


def editor_address(here: Here, branch: str, path: str = "") -> str:
    return f"/-/ide/project/{here.project.full_path}/edit/{quote(branch, safe='/')}/-/{quote(path, safe='/')}"


def _files(store: GitLabStore, here: Here, branch: str) -> dict[str, str]:
    """Path -> "" or what a draft makes of it: "added", "modified", "deleted"."""
    ref = store.repository.branch(here.project, branch)
    known = store.repository.paths(here.project, ref) if ref else {}
    files = dict.fromkeys(known, "")
    assert here.me is not None
    for draft in store.commits.drafts(here.me, here.project, branch):
        files[draft.path] = "deleted" if draft.content is None else "modified" if draft.path in known else "added"
    return dict(sorted(files.items()))


@in_editor
def editor(store: GitLabStore, here: Here, branch: str, path: str) -> Response:
    """GET /-/ide/project/<namespace>/<project>/edit/<branch>/-/<path>."""
    assert here.me is not None
    drafts = {draft.path: draft.content for draft in store.commits.drafts(here.me, here.project, branch)}
    files = _files(store, here, branch)
    ref = store.repository.branch(here.project, branch)
    stored = store.repository.file(here.project, ref, path) if ref and path else None
    content = drafts.get(path, stored.content if stored else None)
    folder = path if path and content is None else posixpath.dirname(path)
    return page(
        store, "ide.html", title=f"{path or branch} · {here.project.namespace_name} / {here.project.name} · Web IDE", project=here.project, branch=branch, path=path,
        content=content, files=files, base=editor_address(here, branch), address=editor_address(here, branch, path), changes=len(drafts),
        folder=f"{folder}/" if folder else "", dialog=request.args.get("dialog", ""), folder_name=_folder_argument(),
    )  # fmt: skip


@in_editor
def keep(store: GitLabStore, here: Here, branch: str, path: str) -> Response:
    """POST of the same address: keep the text of the open file, make a file or folder, delete one, or go on to the commit."""
    assert here.me is not None
    action = request.form.get("action_name", "")
    if "content" in request.form and path:
        ref = store.repository.branch(here.project, branch)
        stored = store.repository.file(here.project, ref, path) if ref else None
        text = file_text()
        if stored is not None and stored.content == text:
            store.commits.drop_draft(here.me, here.project, branch, path)
        elif len(store.commits.drafts(here.me, here.project, branch)) < _MOST_DRAFTS:
            store.commits.set_draft(here.me, here.project, branch, Edit(path, text))
    if action == "create_file":
        return _create(store, here, branch, clean_path(request.form.get("file_name", "")), path)
    if action == "create_folder":
        name = clean_path(request.form.get("file_name", ""))
        return (
            see_other(f"{editor_address(here, branch)}?dialog=file&folder={quote(name, safe='')}")
            if name
            else _refused(store, here, branch, path)
        )
    if action == "delete" and path:
        ref = store.repository.branch(here.project, branch)
        if ref is not None and store.repository.file(here.project, ref, path) is not None:
            store.commits.set_draft(here.me, here.project, branch, Edit(path, None))
        else:
            store.commits.drop_draft(here.me, here.project, branch, path)
        return see_other(editor_address(here, branch))
    if action == "commit":
        return see_other(f"{editor_address(here, branch)}?dialog=commit")
    return see_other(editor_address(here, branch, path))


def _create(store: GitLabStore, here: Here, branch: str, name: str, path: str) -> Response:
    assert here.me is not None
    if not name:
        return _refused(store, here, branch, path)
    if _files(store, here, branch).get(name, "deleted") != "deleted":
        return to(store, editor_address(here, branch, path), "The name is already taken in this directory.", "alert")
    store.commits.set_draft(here.me, here.project, branch, Edit(name, ""))
    return see_other(editor_address(here, branch, name))


def _refused(store: GitLabStore, here: Here, branch: str, path: str) -> Response:
    return to(store, editor_address(here, branch, path), "Please enter a name.", "alert")


@in_editor
def commit(store: GitLabStore, here: Here, branch: str, path: str) -> Response:
    """POST /-/ide/commit/<namespace>/<project>/edit/<branch>: everything kept so far in one commit."""
    person = visitor(store).person
    assert person is not None and here.me is not None
    drafts = store.commits.drafts(here.me, here.project, branch)
    if not drafts:
        return to(store, editor_address(here, branch), "There are no changes to commit.", "alert")
    target = text_field("branch_name", 120) if request.form.get("commit_to") == "new" else branch
    if target != branch:
        origin = store.repository.branch(here.project, branch)
        if not is_branch_name(target) or store.repository.branch(here.project, target) is not None or origin is None:
            return to(
                store, f"{editor_address(here, branch)}?dialog=commit", "Branch name is invalid or taken.", "alert"
            )
        store.commits.create_branch(here.project, target, origin, store.seconds())
    names = ", ".join(posixpath.basename(draft.path) for draft in drafts[:3])
    message = (
        text_field("commit_message", 5000)
        or f"Update {names}{'' if len(drafts) <= 3 else f' and {len(drafts) - 3} more files'}"
    )
    before = _stored(store, here, branch)
    sha = make_commit(store, here, target, drafts, message)
    store.commits.clear_drafts(here.me, here.project, branch)
    actions = [
        {
            "action": "delete" if draft.content is None else "update" if draft.path in before else "create",
            "file_path": draft.path,
            "content": draft.content,
        }
        for draft in drafts
    ]
    script_call(
        "POST", f"/api/v4/projects/{quote(here.project.full_path, safe='')}/repository/commits", status=201,
        body={"branch": target, "commit_message": message, "actions": actions}, answer={"id": sha, "short_id": sha[:8], "title": message.splitlines()[0]},
    )  # fmt: skip
    first = drafts[0].path if drafts[0].content is not None else ""
    return to(
        store,
        editor_address(here, target, first),
        f"Your changes have been committed. Commit {sha[:8]} with {len(drafts)} {'file' if len(drafts) == 1 else 'files'} changed.",
    )


def _stored(store: GitLabStore, here: Here, branch: str) -> set[str]:
    ref = store.repository.branch(here.project, branch)
    return set(store.repository.paths(here.project, ref)) if ref else set()


def _folder_argument() -> str:
    """The folder that the dialog "New file" begins with."""
    folder = clean_path(request.args.get("folder", ""))
    return f"{folder}/" if folder else ""
