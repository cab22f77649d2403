"""The wiki: pages that any user may write."""

from __future__ import annotations

import difflib
import re
from typing import Any

from flask import Response, request

from ...base import see_other
from ..store import RedditStore
from ..store.users import User
from ..store.wiki import Revision
from .common import Pager, draft, for_users, not_found, page, send_back, text_field, to_int

_PATH = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(/[A-Za-z][A-Za-z0-9_-]*)*")
_MAX_PATH_CHARS = 80
_PAGE = 50


def view(store: RedditStore, path: str = "index") -> Response:
    """GET /wiki and /wiki/<path>; a page that is not there offers to be written."""
    revision = store.wiki.page(path)
    if revision is None:
        if not _PATH.fullmatch(path):
            return not_found(store)
        return page(store, "wiki_404.html", 404, title="Page not found")
    return _page(store, "wiki_page.html", revision, title=revision.title)


def _page(store: RedditStore, template: str, revision: Revision, **context: Any) -> Response:
    """A page with the wiki page's side bar."""
    return page(store, template, revision=revision, **context)


def shortcut(store: RedditStore, path: str) -> Response:
    """GET /w/<path>."""
    return see_other(f"/wiki/{path}") if _PATH.fullmatch(path) else not_found(store)


@for_users
def create_form(store: RedditStore, user: User, path: str = "") -> Response:
    """GET /wiki/_create and /wiki/_create/<path>."""
    if path and not _PATH.fullmatch(path):
        return not_found(store)
    typed = {"path": path, "title": "", "body": "", **draft(store, "/wiki/_create")}
    return page(store, "wiki_create.html", title="Create new page", typed=typed)


@for_users
def create(store: RedditStore, user: User, path: str = "") -> Response:
    """POST /wiki/_create."""
    typed = {**_typed(), "path": text_field("wiki[path]", _MAX_PATH_CHARS + 1)}
    problem = _problem(typed)
    if not _PATH.fullmatch(typed["path"]) or len(typed["path"]) > _MAX_PATH_CHARS:
        problem = "The path may have letters, numbers, hyphens and underscores, and begins with a letter."
    elif not problem and store.wiki.page(typed["path"]) is not None:
        problem = "A page with this path already exists."
    if problem:
        return send_back(store, "/wiki/_create", problem, typed)
    store.wiki.save(typed["path"], user.id, typed["title"], typed["body"], store.seconds())
    return see_other(f"/wiki/{typed['path']}")


@for_users
def edit_form(store: RedditStore, user: User, path: str) -> Response:
    """GET /wiki/_edit/<path>."""
    revision = store.wiki.page(path)
    if revision is None:
        return not_found(store)
    typed = {"title": revision.title, "body": revision.body, **draft(store, f"/wiki/_edit/{revision.path}")}
    return _page(store, "wiki_edit.html", revision, title=f'Editing "{revision.path}"', typed=typed)


@for_users
def edit(store: RedditStore, user: User, path: str) -> Response:
    """POST /wiki/_edit/<path>."""
    revision = store.wiki.page(path)
    if revision is None:
        return not_found(store)
    typed = _typed()
    if problem := _problem(typed):
        return send_back(store, f"/wiki/_edit/{revision.path}", problem, typed)
    store.wiki.save(revision.path, user.id, typed["title"], typed["body"], store.seconds())
    return see_other(f"/wiki/{revision.path}")


def _typed() -> dict[str, str]:
    return {"title": text_field("wiki[title]", 100).replace("\n", " "), "body": text_field("wiki[body]")}


def _problem(typed: dict[str, str]) -> str:
    return "" if typed["title"] and typed["body"] else "A page needs a title and a body."


def history(store: RedditStore, path: str) -> Response:
    """GET /wiki/_history/<path>."""
    revisions = store.wiki.history(path)
    if not revisions:
        return not_found(store)
    return _page(
        store,
        "wiki_history.html",
        revisions[0],
        title=f'Showing history for "{revisions[0].path}"',
        revisions=revisions,
    )


def revision(store: RedditStore, revision_id: int) -> Response:
    """GET /wiki/_revision/<id>."""
    found = store.wiki.revision(revision_id)
    if found is None:
        return not_found(store)
    return _page(store, "wiki_revision.html", found, title=f"Showing revision #{found.short_id} of page {found.path}")


def difference(store: RedditStore) -> Response:
    """GET /wiki/_diff: between two revisions of one page."""
    first, second = (store.wiki.revision(to_int(request.args.get(name)) or 0) for name in ("from", "to"))
    if first is None or second is None or first.path != second.path:
        return not_found(store)
    lines = difflib.unified_diff(first.body.split("\n")[:2000], second.body.split("\n")[:2000], lineterm="", n=3)
    return _page(
        store, "wiki_diff.html", second, title=f"Showing difference between revisions {first.short_id} and {second.short_id}",
        first=first, lines=list(lines)[2:],
    )  # fmt: skip


def all_pages(store: RedditStore, number: int = 1) -> Response:
    """GET /wiki/_all."""
    last = max(1, -(-store.wiki.page_count() // _PAGE))
    if not 1 <= number <= last:
        return not_found(store)
    found = store.wiki.pages(_PAGE, (number - 1) * _PAGE)
    return page(
        store, "wiki_all.html", title="All pages", pages=found, pager=Pager(number, last, lambda n: f"/wiki/_all/{n}")
    )  # fmt: skip


def recent(store: RedditStore, number: int = 1) -> Response:
    """GET /wiki/_recent."""
    last = max(1, -(-store.wiki.revision_count() // _PAGE))
    if not 1 <= number <= last:
        return not_found(store)
    found = store.wiki.recent(_PAGE, (number - 1) * _PAGE)
    pager = Pager(number, last, lambda n: f"/wiki/_recent/{n}")
    return page(store, "wiki_recent.html", title="Recent changes", revisions=found, pager=pager)
