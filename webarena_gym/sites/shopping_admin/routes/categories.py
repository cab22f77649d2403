"""The category tree and a category's form."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ...magento import MAX_TEXT_CHARS, slug, text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.categories import ROOT_ID
from ..store.refused import Refused
from .common import Button, Submit, back, for_admins, page
from .products import category_tree

AT = f"{BASE}/catalog/category/"


def _url(category_id: int) -> str:
    return f"{AT}edit/id/{category_id}/"


@for_admins
def edit(store: AdminStore, category_id: int = ROOT_ID) -> Response:
    """GET /catalog/category/ and /catalog/category/edit/id/<id>/: the tree beside the form."""
    category = store.categories.category(category_id)
    if category is None:
        return back(store, AT, "This category no longer exists.", "error")
    return page(
        store,
        "category_edit.html",
        f"{category.name} (ID: {category.id})",
        at=AT,
        scope="All Store Views",
        category=category,
        actions=(Button("Add Subcategory", f"{AT}add/?parent={category.id}"), Submit("Save", primary=True)),
        tree=category_tree(store),
        products=store.products.many(store.categories.product_ids(category_id)),
    )


@for_admins
def add(store: AdminStore) -> Response:
    """GET /catalog/category/add/?parent=<id>."""
    parent = store.categories.category(to_int(request.args.get("parent"), ROOT_ID))
    if parent is None:
        return see_other(AT)
    return page(
        store,
        "category_edit.html",
        "New Category",
        at=AT,
        scope="All Store Views",
        category=None,
        parent=parent,
        actions=(Button("Back", _url(parent.id)), Submit("Save", primary=True)),
        tree=category_tree(store),
        products=[],
    )


@for_admins
def save(store: AdminStore) -> Response:
    """POST /catalog/category/save/."""
    form = request.form
    name, active, menu = text_field("name"), "is_active" in form, "include_in_menu" in form
    category_id = to_int(form.get("entity_id"))
    try:
        if not category_id:
            parent_id = to_int(form.get("parent"), ROOT_ID)
            category_id = store.categories.create(parent_id, name, is_active=active, include_in_menu=menu)
            return back(store, _url(category_id), "You saved the category.")
        if store.categories.category(category_id) is None:
            return back(store, AT, "This category no longer exists.", "error")
        store.categories.save(
            category_id,
            {
                "name": name,
                "is_active": int(active),
                "include_in_menu": int(menu),
                "description": text_field("description", MAX_TEXT_CHARS),
                "url_key": text_field("url_key") or slug(name),
            },
        )
    except Refused as refused:
        return back(store, _url(category_id) if category_id else AT, str(refused), "error")
    return back(store, _url(category_id), "You saved the category.")
