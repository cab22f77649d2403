"""Pages, blocks and themes."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request

from ...magento import MAX_TEXT_CHARS, slug, text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.content import CmsPage
from ..store.refused import Refused
from .common import Button, Question, Submit, back, for_admins, not_found, page, sent_form
from .grid import posted_ids
from .grid_pages import LAYOUTS

PAGES, BLOCKS, THEMES = f"{BASE}/cms/page/", f"{BASE}/cms/block/", f"{BASE}/admin/system_design_theme/"
_TEXTS = {
    "title": 255,
    "content_heading": 255,
    "content": MAX_TEXT_CHARS * 5,
    "meta_title": 255,
    "meta_keywords": 1000,
    "meta_description": 1000,
}


def _address(text: str) -> str:
    """What of a URL key can stand in an address.

    >>> _address("//evil.test/a b"), _address("about-us/team.html"), _address("/")
    ('evil.test/a-b', 'about-us/team.html', '')
    """
    return re.sub(r"[^A-Za-z0-9/_.-]+", "-", text).strip("/-.")


def _asks_to_delete(kind: str, id: int) -> Question | None:
    if request.args.get("open") != "delete":
        return None
    return Question(f"Are you sure you want to delete this {kind}?", f"{BASE}/cms/{kind}/delete/{kind}_id/{id}/")


@for_admins
def edit_page(store: AdminStore, page_id: int | None = None) -> Response:
    """GET /cms/page/edit/page_id/<id>/ and /cms/page/new/."""
    found = (
        CmsPage(0, "", "", "1 column", 1, "", "", "", "", "", "", "")
        if page_id is None
        else store.content.page(page_id)
    )
    if found is None:
        return back(store, PAGES, "This page no longer exists.", "error")
    return page(
        store,
        "cms_page.html",
        found.title or "New Page",
        at=PAGES,
        cms=found,
        layouts=LAYOUTS,
        actions=(
            Button("Back", PAGES),
            *((Button("Delete Page", opens="delete"),) if found.id else ()),
            Submit("Save", primary=True),
        ),
        question=_asks_to_delete("page", found.id) if found.id else None,
    )


@for_admins
def save_page(store: AdminStore) -> Response:
    """POST /cms/page/save/back/edit. A switch that is off is not posted; the real form sends its value."""
    form = request.form
    page_id = max(0, to_int(form.get("page_id")))
    active = "is_active" in form
    sent_form(
        fields=[
            *((name, value) for name, value in form.items(multi=True) if name != "is_active"),
            ("is_active", str(int(active))),
        ]
    )
    if page_id and store.content.page(page_id) is None:
        return back(store, PAGES, "This page no longer exists.", "error")
    fields: dict[str, Any] = {name: text_field(name, limit) for name, limit in _TEXTS.items() if name in form}
    fields["is_active"] = int(active)
    if "identifier" in form:
        fields["url_key"] = _address(text_field("identifier")) or slug(fields.get("title", ""))
    if form.get("page_layout") in LAYOUTS:
        fields["layout"] = form["page_layout"]
    try:
        saved = store.content.save_page(page_id or None, fields, store.timestamp())
    except Refused as refused:
        return back(store, f"{PAGES}edit/page_id/{page_id}/" if page_id else f"{PAGES}new/", str(refused), "error")
    return back(store, f"{PAGES}edit/page_id/{saved}/", "You saved the page.")


@for_admins
def delete_page(store: AdminStore, page_id: int) -> Response:
    """POST /cms/page/delete/page_id/<id>/."""
    if not store.content.delete_pages([page_id]):
        return back(store, PAGES, "We can't find a page to delete.", "error")
    return back(store, PAGES, "The page has been deleted.")


@for_admins
def edit_block(store: AdminStore, block_id: int | None = None) -> Response:
    """GET /cms/block/edit/block_id/<id>/ and /cms/block/new/."""
    found = store.content.block(block_id) if block_id is not None else None
    if found is None and block_id is not None:
        return back(store, BLOCKS, "This block no longer exists.", "error")
    return page(
        store,
        "cms_block.html",
        found.title if found else "New Block",
        at=BLOCKS,
        block=found,
        actions=(Button("Back", BLOCKS), Submit("Save", primary=True)),
        question=_asks_to_delete("block", found.id) if found else None,
    )


@for_admins
def save_block(store: AdminStore, block_id: int | None = None) -> Response:
    """POST /cms/block/save/ and /cms/block/save/block_id/<id>/."""
    form = request.form
    if block_id is not None and store.content.block(block_id) is None:
        return back(store, BLOCKS, "This block no longer exists.", "error")
    active = "is_active" in form
    sent_form(
        fields=[
            *((name, value) for name, value in form.items(multi=True) if name != "is_active"),
            ("is_active", str(int(active))),
        ]
    )
    fields: dict[str, Any] = {
        "title": text_field("title"),
        "content": text_field("content", MAX_TEXT_CHARS * 5),
        "is_active": int(active),
    }
    fields["identifier"] = _address(text_field("identifier")) or slug(fields["title"])
    try:
        saved = store.content.save_block(block_id, fields, store.timestamp())
    except Refused as refused:
        return back(
            store, f"{BLOCKS}new/" if block_id is None else f"{BLOCKS}edit/block_id/{block_id}/", str(refused), "error"
        )
    return back(store, f"{BLOCKS}edit/block_id/{saved}/", "You saved the block.")


@for_admins
def delete_block(store: AdminStore, block_id: int) -> Response:
    """POST /cms/block/delete/block_id/<id>/."""
    if not store.content.delete_blocks([block_id]):
        return back(store, BLOCKS, "We can't find a block to delete.", "error")
    return back(store, BLOCKS, "You deleted the block.")


def _mass(store: AdminStore, url: str, changed: int, done: str) -> Response:
    return back(store, url, f"A total of {changed} record(s) have been {done}.")


@for_admins
def delete_pages(store: AdminStore) -> Response:
    """POST /cms/page/massDelete/."""
    return _mass(store, PAGES, store.content.delete_pages(posted_ids()), "deleted")


@for_admins
def enable_pages(store: AdminStore) -> Response:
    """POST /cms/page/massEnable/."""
    return _mass(store, PAGES, store.content.set_pages_active(posted_ids(), True), "enabled")


@for_admins
def disable_pages(store: AdminStore) -> Response:
    """POST /cms/page/massDisable/."""
    return _mass(store, PAGES, store.content.set_pages_active(posted_ids(), False), "disabled")


@for_admins
def delete_blocks(store: AdminStore) -> Response:
    """POST /cms/block/massDelete/."""
    return _mass(store, BLOCKS, store.content.delete_blocks(posted_ids()), "deleted")


@for_admins
def enable_blocks(store: AdminStore) -> Response:
    """POST /cms/block/massEnable/."""
    return _mass(store, BLOCKS, store.content.set_blocks_active(posted_ids(), True), "enabled")


@for_admins
def disable_blocks(store: AdminStore) -> Response:
    """POST /cms/block/massDisable/."""
    return _mass(store, BLOCKS, store.content.set_blocks_active(posted_ids(), False), "disabled")


@for_admins
def theme(store: AdminStore, theme_id: int) -> Response:
    """GET /admin/system_design_theme/edit/id/<id>."""
    found = store.content.theme(theme_id)
    if found is None:
        return not_found(store)
    return page(
        store,
        "theme.html",
        f"Theme: {found.title}",
        at=THEMES,
        actions=(Button("Back", THEMES),),
        theme=found,
        parent=store.content.theme(found.parent_id) if found.parent_id is not None else None,
    )
