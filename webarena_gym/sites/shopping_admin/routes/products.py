"""The product form, and what the products grid does with ticked rows."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from ...base import see_other
from ...magento import COUNTRIES, MAX_TEXT_CHARS, slug, text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.categories import ROOT_ID
from ..store.grid import read_day, read_number
from ..store.products import (
    COLOR,
    DISABLED,
    ENABLED,
    FLAGS,
    SIZE,
    TAX_CLASSES,
    TYPES,
    VISIBILITIES,
    Product,
)
from ..store.refused import Refused
from .common import Button, Submit, back, flash, for_admins, page, sent_form, two_decimals
from .grid import posted_ids
from .variants import (
    AT,
    CODES,
    attributes_text,
    edit_url,
    matrix,
    option_labels,
    pending_variants,
    posted_variants,
    save_url,
)

_FLAG_LABELS = {
    "erin_recommends": "Erin Recommends", "performance_fabric": "Performance Fabric", "eco_collection": "Eco Collection",
    "new": "New", "sale": "Sale",
}  # fmt: skip
_STOCK = {"1": "In Stock", "0": "Out of Stock"}
_LONG = {"description": MAX_TEXT_CHARS * 5, "short_description": MAX_TEXT_CHARS}


# --- the form ---


@for_admins
def edit(store: AdminStore, product_id: int) -> Response:
    """GET /catalog/product/edit/id/<id>/; ``variants`` in the query are those that wait to be saved with it."""
    product = store.products.product(product_id)
    if product is None:
        return back(store, AT, "This product doesn't exist.", "error")
    return _form(store, product, product.name, save_url(product))


@for_admins
def new(store: AdminStore, attribute_set_id: int, type: str) -> Response:
    """GET /catalog/product/new/set/<set>/type/<type>/: an empty form."""
    if type not in TYPES or attribute_set_id not in store.attributes.sets():
        return see_other(AT)
    blank = Product(*([""] * len(Product._fields)))._replace(
        id=0,
        type=type,
        attribute_set_id=attribute_set_id,
        status=ENABLED,
        visibility=4,
        price_cents=None,
        special_price_cents=None,
        cost_cents=None,
        weight=None,
        tax_class_id=2,
        qty="",
        in_stock=1,
        parent_id=None,
        color=None,
        size=None,
        attributes={},
        **dict.fromkeys(FLAGS, 0),
    )
    return _form(
        store, blank, "New Product", f"{BASE}/catalog/product/save/type/{type}/store/0/set/{attribute_set_id}/back/edit"
    )


def _form(store: AdminStore, product: Product, title: str, action: str) -> Response:
    labels = option_labels(store)
    variants = store.products.variants(product.id) if product.id else []
    pending = pending_variants(store, product) if product.id else []
    by_code = {attribute.code: attribute.label for attribute in store.attributes.all()}
    return page(
        store,
        "product.html",
        title,
        at=AT,
        scope="All Store Views",
        actions=(
            Button("Back", AT),
            Button("Add Attribute", f"{BASE}/catalog/product_attribute/"),
            Submit("Save", primary=True),
        ),
        product=product,
        action=action,
        two_decimals=two_decimals,
        sets=store.attributes.sets(),
        tax_classes=TAX_CLASSES,
        stock=_STOCK,
        visibilities=VISIBILITIES,
        countries={"": "", **COUNTRIES},
        flags=_FLAG_LABELS,
        values={flag: getattr(product, flag) for flag in FLAGS},
        options={
            code: {"": "", **{option.id: option.label for option in store.attributes.options(id)}}
            for code, id in CODES.items()
        },
        attributes=[(code, by_code.get(code, code), value) for code, value in product.attributes.items()],
        categories=category_tree(store),
        chosen=[category.id for category in store.categories.of_product(product.id)],
        variants=[
            (variant, attributes_text({SIZE: variant.size, COLOR: variant.color}, labels)) for variant in variants
        ],
        pending=pending,
        matrix=matrix(variants, pending, labels) if pending else "",
        reviews=store.reviews.of_product(product.id, approved_only=False) if product.id else [],
        links=[
            (kind, label, store.products.links(product.id, kind))
            for kind, label in (
                ("related", "Related Products"),
                ("upsell", "Up-Sell Products"),
                ("crosssell", "Cross-Sell Products"),
            )
        ],
    )


def category_tree(store: AdminStore) -> dict[int, str]:
    """All categories, each under its parent: id -> name, indented by its depth."""
    found = {ROOT_ID: "Default Category"}

    def add(parent_id: int, depth: int) -> None:
        for category in store.categories.children(parent_id):
            found[category.id] = "- " * depth + category.name
            add(category.id, depth + 1)

    add(ROOT_ID, 1)
    return found


# --- saving ---


@for_admins
def save(store: AdminStore, product_id: int, type: str, attribute_set_id: int) -> Response:
    """POST /catalog/product/save/id/<id>/type/…/store/0/set/…/back/edit."""
    product = store.products.product(product_id)
    if product is None:
        return back(store, AT, "This product doesn't exist.", "error")
    fields, problem = _posted(store)
    sent_form(fields=_sent(fields))
    variants = posted_variants()
    if not problem:
        try:
            if variants:
                store.products.add_variants(product_id, variants, store.timestamp())
            store.products.save(product_id, fields, store.timestamp())
            _save_categories(store, product_id)
        except Refused as refused:
            problem = str(refused)
    if problem:
        return back(store, edit_url(product_id), problem, "error")
    return back(store, edit_url(product_id), "You saved the product.")


@for_admins
def create(store: AdminStore, type: str, attribute_set_id: int) -> Response:
    """POST /catalog/product/save/type/<type>/store/0/set/<set>/back/edit."""
    form = f"{BASE}/catalog/product/new/set/{attribute_set_id}/type/{type}/"
    if type not in TYPES or attribute_set_id not in store.attributes.sets():
        return see_other(AT)
    fields, problem = _posted(store)
    sent_form(fields=_sent(fields))
    if problem:
        return back(store, form, problem, "error")
    if not fields.get("url_key"):
        fields.pop("url_key", None)
    try:
        product_id = store.products.create(type, attribute_set_id, fields, store.timestamp())
    except Refused as refused:
        return back(store, form, str(refused), "error")
    _save_categories(store, product_id)
    return back(store, edit_url(product_id), "You saved the product.")


def _save_categories(store: AdminStore, product_id: int) -> None:
    if "category_ids" in request.form:  # the form names its list, even when nothing is chosen in it
        store.products.set_categories(
            product_id, [to_int(text) for text in request.form.getlist("product[category_ids][]")[:200]]
        )


def _posted(store: AdminStore) -> tuple[dict[str, Any], str]:
    """The product's fields as the form posted them, and what is wrong with them. Switches that are off are not posted."""
    form = request.form

    def value(name: str, limit: int = 255) -> str:
        return text_field(f"product[{name}]", limit)

    fields: dict[str, Any] = {"status": ENABLED if "product[status]" in form else DISABLED}
    fields |= {flag: int(f"product[{flag}]" in form) for flag in FLAGS}
    for name in ("name", "sku", "url_key", "meta_title", "meta_keyword", "meta_description", "country_of_manufacture"):
        if f"product[{name}]" in form:
            fields[name] = value(name)
    if fields.get("url_key"):
        fields["url_key"] = slug(fields["url_key"])  # it becomes an address, so it holds nothing but words
    for name, limit in _LONG.items():
        if f"product[{name}]" in form:
            fields[name] = value(name, limit)
    problem = ""
    for name in ("price", "special_price", "cost"):
        if f"product[{name}]" in form:
            amount = read_number(value(name))
            if (amount is None and (value(name) or name == "price")) or (amount or 0) < 0:
                problem = "Please enter a number 0 or greater in this field."
            fields[f"{name}_cents"] = None if amount is None else round(amount * 100)
    if "product[weight]" in form:
        fields["weight"] = read_number(value("weight"))
    qty = "product[quantity_and_stock_status][qty]"
    if qty in form:
        number = read_number(form[qty]) if form[qty].strip() else 0.0
        if number is None or number != int(number):
            problem = "Please enter a valid number in this field."
        else:
            fields["qty"] = int(number)
    for name, choices in (
        ("visibility", VISIBILITIES),
        ("tax_class_id", TAX_CLASSES),
        ("attribute_set_id", store.attributes.sets()),
    ):
        if (chosen := to_int(form.get(f"product[{name}]"), -1)) in choices:
            fields[name] = chosen
    if form.get("product[quantity_and_stock_status][is_in_stock]") in _STOCK:
        fields["in_stock"] = int(form["product[quantity_and_stock_status][is_in_stock]"])
    for code, attribute_id in CODES.items():
        if f"product[{code}]" in form:
            option = store.attributes.option(to_int(form[f"product[{code}]"]))
            fields[code] = option.id if option is not None and option.attribute_id == attribute_id else None
    for name, column in (("news_from_date", "news_from"), ("news_to_date", "news_to")):
        if f"product[{name}]" in form:
            day = read_day(value(name))
            fields[column] = "" if day is None else str(day)
    codes = {attribute.code for attribute in store.attributes.all()}
    extra = {
        code: value(code)
        for code in codes
        if f"product[{code}]" in form and code not in fields and f"{code}_cents" not in fields
    }
    known = {
        "tax_class_id",
        "visibility",
        "weight",
        "quantity_and_stock_status",
        "news_from_date",
        "news_to_date",
        "category_ids",
    }
    if extra := {code: text for code, text in extra.items() if code not in known}:
        fields["attributes"] = extra
    return fields, problem


def _sent(fields: dict[str, Any]) -> list[tuple[str, str]]:
    """The form as the real one's scripts send it: prices with two decimals, switches as the value they stand for."""
    switches = {"status": str(fields["status"]), **{flag: str(fields[flag]) for flag in FLAGS}}
    left_out = {f"product[{name}]" for name in switches}
    prices = {
        f"product[{name}]": two_decimals(fields[f"{name}_cents"])
        for name in ("price", "special_price", "cost")
        if fields.get(f"{name}_cents") is not None
    }
    posted = [(name, prices.get(name, value)) for name, value in request.form.items(multi=True) if name not in left_out]
    return [*posted, *((f"product[{name}]", value) for name, value in switches.items())]


@for_admins
def mass_delete(store: AdminStore) -> Response:
    """POST /catalog/product/massDelete/."""
    deleted = store.products.delete(posted_ids())
    return back(store, AT, f"A total of {deleted} record(s) have been deleted.")


@for_admins
def mass_status(store: AdminStore) -> Response:
    """POST /catalog/product/massStatus/."""
    status = to_int(request.form.get("status"))
    if status not in (ENABLED, DISABLED):
        return see_other(AT)
    changed = store.products.set_status(posted_ids(), status, store.timestamp())
    flash(store, f"A total of {changed} record(s) have been updated.")
    return see_other(AT)
