"""Files of a repository: trees, one file, plain text, and the forms that change them."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import quote

from flask import Response, request

from ..markdown import is_visible, render
from ..store import GitLabStore
from ..store.commits import MAX_FILE_CHARS, Edit
from ..store.projects import DEVELOPER, Project
from ..store.repository import Ref
from .common import Here, in_project, not_found, page, text_field, to, visitor
from .references import references_of

_MOST_PATH_CHARS = 255


def clone_addresses(store: GitLabStore, project: Project) -> dict[str, str]:
    """What "Clone" offers."""
    host, port = store.setting("ssh_host"), store.setting("ssh_port")
    return {
        "ssh": f"ssh://git@{host}:{port}/{project.full_path}.git",
        "http": f"http://{request.host}/{project.full_path}.git",
    }


def tree_context(store: GitLabStore, here: Here, ref: Ref, folder: str) -> dict[str, Any]:
    """What a page with a tree shows: the newest commit, entries, references to choose, README."""
    project = here.project
    entries = store.repository.tree(project, ref, folder) or []
    readme = store.repository.readme(project, ref, folder)
    newest = max((entry.revision for entry in entries), key=lambda r: r.id, default=None)
    return {
        "ref": ref,
        "folder": folder,
        "crumbs": crumbs(project, ref, folder),
        "entries": entries,
        "last_commit": (newest if folder else store.repository.head(ref)) or newest,
        "readme": None
        if readme is None
        else (readme.path, render(readme.content[:60_000], references_of(store, project, ref.name))),
        "clone": clone_addresses(store, project),
        "ref_links": ref_links(store, project, "tree", folder),
    }


def crumbs(project: Project, ref: Ref, path: str) -> list[tuple[str, str]]:
    """(name, address) of the folders above a path, the project first."""
    base = f"{project.url}/-/tree/{quote(ref.name, safe='/')}"
    parts = path.split("/") if path else []
    return [(project.path, base)] + [
        (part, f"{base}/{quote('/'.join(parts[: i + 1]), safe='/')}") for i, part in enumerate(parts)
    ]


def ref_links(store: GitLabStore, project: Project, page_name: str, path: str = "") -> list[tuple[str, str]]:
    """The same page of every branch and tag."""
    names = store.repository.branch_names(project)[:100] + [name for name, _, _ in store.repository.tags(project)[:20]]
    rest = f"/{quote(path, safe='/')}" if path else ""
    return [(name, f"{project.url}/-/{page_name}/{quote(name, safe='/')}{rest}") for name in names]


@in_project()
def tree(store: GitLabStore, here: Here, place: str = "") -> Response:
    """GET /-/tree/<ref>/<folder>."""
    found = store.repository.split(here.project, place)
    if found is None:
        if not place and store.repository.trunk(here.project) is None:
            return to(store, here.project.url)
        return to(store, here.project.url) if place == here.project.default_branch else not_found(store)
    ref, folder = found
    if folder and store.repository.tree(here.project, ref, folder) is None:
        return not_found(store)
    return page(
        store, "tree.html", here=here, section="Repository", item="Files",
        title=f"{folder or 'Files'} · {ref.name} · {here.project.namespace_name} / {here.project.name}", **tree_context(store, here, ref, folder),
    )  # fmt: skip


@in_project()
def blob(store: GitLabStore, here: Here, place: str) -> Response:
    """GET /-/blob/<ref>/<path>; a folder's address leads to its tree."""
    found = store.repository.split(here.project, place)
    file = None if found is None else store.repository.file(here.project, *found)
    if found is None or file is None:
        if found is not None and found[1] and store.repository.tree(here.project, *found) is not None:
            return to(store, f"{here.project.url}/-/tree/{quote(place, safe='/')}")
        return not_found(store)
    ref, path = found
    rendered = path.lower().endswith(".md") and request.args.get("plain") != "1"
    return page(
        store, "blob.html", here=here, section="Repository", item="Files", title=f"{path} · {ref.name} · {here.project.namespace_name} / {here.project.name}",
        ref=ref, file=file, name=posixpath.basename(path), crumbs=crumbs(here.project, ref, path),
        body=render(file.content, references_of(store, here.project, ref.name)) if rendered else None,
        place=f"{quote(ref.name, safe='/')}/{quote(path, safe='/')}", ref_links=ref_links(store, here.project, "blob", path),
    )  # fmt: skip


@in_project()
def raw(store: GitLabStore, here: Here, place: str) -> Response:
    """GET /-/raw/<ref>/<path>: plain text, whatever the file is."""
    found = store.repository.split(here.project, place)
    file = None if found is None else store.repository.file(here.project, *found)
    if file is None:
        return not_found(store)
    return Response(
        file.content, content_type="text/plain; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"}
    )


@in_project()
def find_file(store: GitLabStore, here: Here, ref_name: str) -> Response:
    """GET /-/find_file/<ref>: every path of the tree, narrowed by ?q=."""
    ref = store.repository.ref(here.project, ref_name)
    if ref is None:
        return not_found(store)
    text = request.args.get("q", "").strip().lower()
    paths = [path for path in sorted(store.repository.paths(here.project, ref)) if text in path.lower()]
    return page(
        store, "find_file.html", here=here, section="Repository", item="Files", title=f"Find File · {here.project.namespace_name} / {here.project.name}",
        ref=ref, paths=paths[:200], query=request.args.get("q", ""),
    )  # fmt: skip


# --- changing files ---


@in_project(DEVELOPER)
def new_file(store: GitLabStore, here: Here, place: str) -> Response:
    """GET /-/new/<branch>/<folder>."""
    branch, folder = _branch_and_path(store, here, place)
    if branch is None:
        return not_found(store)
    name = request.args.get("file_name", "")[:_MOST_PATH_CHARS]
    return page(
        store, "file_form.html", here=here, section="Repository", item="Files", title=f"New File · {here.project.namespace_name} / {here.project.name}",
        heading="New file", branch=branch, path=f"{folder}/{name}".strip("/") if name else (f"{folder}/" if folder else ""), content="",
        action=f"{here.project.url}/-/create/{quote(branch, safe='/')}", message=f"Add {name or 'new file'}", cancel=f"{here.project.url}/-/tree/{quote(branch, safe='/')}", editing=False,
    )  # fmt: skip


@in_project(DEVELOPER)
def edit_file(store: GitLabStore, here: Here, place: str) -> Response:
    """GET /-/edit/<branch>/<path>."""
    branch, path = _branch_and_path(store, here, place)
    ref = None if branch is None else store.repository.branch(here.project, branch)
    file = None if ref is None else store.repository.file(here.project, ref, path)
    if branch is None or file is None:
        return not_found(store)
    return page(
        store, "file_form.html", here=here, section="Repository", item="Files", title=f"Edit · {path} · {here.project.namespace_name} / {here.project.name}",
        heading="Edit file", branch=branch, path=path, content=file.content, action=f"{here.project.url}/-/update/{quote(f'{branch}/{path}', safe='/')}",
        message=f"Update {posixpath.basename(path)}", cancel=f"{here.project.url}/-/blob/{quote(f'{branch}/{path}', safe='/')}", editing=True,
    )  # fmt: skip


def _branch_and_path(store: GitLabStore, here: Here, place: str) -> tuple[str | None, str]:
    """The branch to commit to and a path; an empty repository has the default branch to be born."""
    found = store.repository.split(here.project, place)
    if found is not None and found[0].kind == "branch":
        return found[0].name, found[1]
    if store.repository.trunk(here.project) is None:
        branch = here.project.default_branch
        if place == branch or place.startswith(f"{branch}/"):
            return branch, place[len(branch) :].strip("/")
    return None, ""


@in_project(DEVELOPER)
def create_file(store: GitLabStore, here: Here, place: str) -> Response:
    """POST /-/create/<branch>."""
    branch, _ = _branch_and_path(store, here, place)
    if branch is None:
        return not_found(store)
    path, form = (
        clean_path(request.form.get("file_path") or request.form.get("file_name") or ""),
        f"{here.project.url}/-/new/{quote(branch, safe='/')}",
    )
    if not path:
        return to(store, form, "You must provide a file path", "alert")
    ref = store.repository.branch(here.project, branch)
    if ref is not None and store.repository.file(here.project, ref, path) is not None:
        return to(store, form, "A file with this name already exists", "alert")
    target = commit_from_form(store, here, branch, [Edit(path, file_text())], f"Add {posixpath.basename(path)}")
    return to(
        store,
        f"{here.project.url}/-/blob/{quote(f'{target}/{path}', safe='/')}",
        "The file has been successfully created.",
    )


@in_project(DEVELOPER)
def update_file(store: GitLabStore, here: Here, place: str) -> Response:
    """POST /-/update/<branch>/<path>; the file name may be changed too."""
    branch, path = _branch_and_path(store, here, place)
    ref = None if branch is None else store.repository.branch(here.project, branch)
    if branch is None or ref is None or store.repository.file(here.project, ref, path) is None:
        return not_found(store)
    new_path = clean_path(request.form.get("file_path") or path)
    if not new_path:
        return to(store, f"{here.project.url}/-/edit/{quote(place, safe='/')}", "You must provide a file path", "alert")
    edits = [Edit(new_path, file_text())] + ([Edit(path, None)] if new_path != path else [])
    target = commit_from_form(store, here, branch, edits, f"Update {posixpath.basename(path)}")
    return to(
        store,
        f"{here.project.url}/-/blob/{quote(f'{target}/{new_path}', safe='/')}",
        "Your changes have been successfully committed.",
    )


@in_project(DEVELOPER)
def delete_file(store: GitLabStore, here: Here, place: str) -> Response:
    """POST /-/blob/<branch>/<path>: delete it."""
    branch, path = _branch_and_path(store, here, place)
    ref = None if branch is None else store.repository.branch(here.project, branch)
    if branch is None or ref is None or store.repository.file(here.project, ref, path) is None:
        return not_found(store)
    target = commit_from_form(store, here, branch, [Edit(path, None)], f"Delete {posixpath.basename(path)}")
    return to(store, f"{here.project.url}/-/tree/{quote(target, safe='/')}", "The file has been successfully deleted.")


def file_text() -> str:
    return (
        request.form.get("content", "")
        .replace("\r\n", "\n")
        .replace("\0", "")
        .encode("utf-8", "replace")
        .decode()[:MAX_FILE_CHARS]
    )


def clean_path(text: str) -> str:
    """A path within a repository, empty if there is none in the text.

    >>> clean_path(" /docs//a b.md"), clean_path("../x"), clean_path("a/./b")
    ('docs/a b.md', '', 'a/b')
    """
    text = "".join(char for char in text.encode("utf-8", "replace").decode() if char.isprintable())
    parts = [part.strip() for part in text.split("/") if part.strip() not in ("", ".")]
    path = "/".join(parts)
    return (
        path
        if path and ".." not in parts and ".git" not in parts and len(path) <= _MOST_PATH_CHARS and is_visible(path)
        else ""
    )


def commit_from_form(store: GitLabStore, here: Here, branch: str, edits: list[Edit], default_message: str) -> str:
    """Commit with the message of the form, to its target branch, which is made if there is none; returns that branch."""
    target = text_field("branch_name", 120) or branch
    if target != branch and is_branch_name(target):
        origin = store.repository.branch(here.project, branch)
        if store.repository.branch(here.project, target) is None and origin is not None:
            store.commits.create_branch(here.project, target, origin, store.seconds())
    else:
        target = branch
    make_commit(store, here, target, edits, text_field("commit_message", 5000) or default_message)
    return target


def make_commit(store: GitLabStore, here: Here, branch: str, edits: list[Edit], message: str) -> str:
    """Commit as the visitor, with an entry in the activity; returns the commit's SHA."""
    person = visitor(store).person
    assert person is not None
    now = store.seconds()
    sha = store.commits.commit(here.project, branch, edits, message, name=person.name, email=person.email, now=now)
    store.tickets.log(person.id, here.project.id, "pushed", None, now, f"{branch}\n{message.splitlines()[0]}")
    return sha


def is_branch_name(name: str) -> bool:
    """What git takes as a branch name, roughly.

    >>> is_branch_name("feature/x"), is_branch_name("a b"), is_branch_name("-x"), is_branch_name("a..b"), is_branch_name("x/")
    (True, False, False, False, False)
    """
    bad = any(char.isspace() or not char.isprintable() or char in "~^:?*[\\" for char in name)
    parts = name.split("/")
    return bool(name) and not bad and not name.startswith("-") and ".." not in name and "@{" not in name and all(
        part and not part.startswith(".") and not part.endswith((".lock", ".")) for part in parts
    )  # fmt: skip
