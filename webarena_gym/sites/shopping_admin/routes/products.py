"""The product form, and what the products grid does with ticked rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, request

from ...base import see_other
from ...magento import COUNTRIES, MAX_TEXT_CHARS, text_field, to_int
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
    NewVariant,
    Product,
)
from ..store.refused import Refused
from .common import Button, Submit, back, flash, for_admins, page, sent_form, two_decimals
from .grid import posted_ids

AT = f"{BASE}/catalog/product/"
MOST_VARIANTS = 200
_CODES = {"color": COLOR, "size": SIZE}
_FLAG_LABELS = {
    "erin_recommends": "Erin Recommends", "performance_fabric": "Performance Fabric", "eco_collection": "Eco Collection",
    "new": "New", "sale": "Sale",
}  # fmt: skip
_STOCK = {"1": "In Stock", "0": "Out of Stock"}
_LONG = {"description": MAX_TEXT_CHARS * 5, "short_description": MAX_TEXT_CHARS}


def edit_url(product_id: int) -> str:
    return f"{BASE}/catalog/product/edit/id/{product_id}/"


class Pending(NamedTuple):
    """A variant that was put together but not saved; ``key`` is how the address names it."""

    key: str
    options: dict[int, int]
    name: str
    sku: str
    price_cents: int
    qty: int
    attributes: str
    without: str  # the form's address without this variant


# --- the form ---


@for_admins
def edit(store: AdminStore, product_id: int) -> Response:
    """GET /catalog/product/edit/id/<id>/; ``variants`` in the query are those that wait to be saved with it."""
    product = store.products.product(product_id)
    if product is None:
        return back(store, AT, "This product doesn't exist.", "error")
    action = f"{BASE}/catalog/product/save/id/{product.id}/type/{product.type}/store/0/set/{product.attribute_set_id}/back/edit"
    return _form(store, product, product.name, action)


@for_admins
def new(store: AdminStore, attribute_set_id: int, type: str) -> Response:
    """GET /catalog/product/new/set/<set>/type/<type>/: an empty form."""
    if type not in TYPES or attribute_set_id not in store.attributes.sets():
        return see_other(AT)
    blank = Product(*([""] * len(Product._fields)))._replace(
        id=0, type=type, attribute_set_id=attribute_set_id, status=ENABLED, visibility=4, price_cents=None, special_price_cents=None,
        cost_cents=None, weight=None, tax_class_id=2, qty="", in_stock=1, parent_id=None, color=None, size=None, attributes={},
        **dict.fromkeys(FLAGS, 0),
    )  # fmt: skip
    return _form(
        store, blank, "New Product", f"{BASE}/catalog/product/save/type/{type}/store/0/set/{attribute_set_id}/back/edit"
    )


def _form(store: AdminStore, product: Product, title: str, action: str) -> Response:
    labels = {option.id: option.label for code in (COLOR, SIZE) for option in store.attributes.options(code)}
    variants = store.products.variants(product.id) if product.id else []
    pending = pending_variants(store, product) if product.id else []
    by_code = {attribute.code: attribute.label for attribute in store.attributes.all()}
    return page(
        store, "product.html", title, at=AT, scope="All Store Views",
        actions=(Button("Back", AT), Button("Add Attribute", f"{BASE}/catalog/product_attribute/"), Submit("Save", primary=True)),
        product=product, action=action, two_decimals=two_decimals, sets=store.attributes.sets(), tax_classes=TAX_CLASSES, stock=_STOCK,
        visibilities=VISIBILITIES, countries={"": "", **COUNTRIES}, flags=_FLAG_LABELS,
        values={flag: getattr(product, flag) for flag in FLAGS},
        options={code: {"": "", **{option.id: option.label for option in store.attributes.options(id)}} for code, id in _CODES.items()},
        attributes=[(code, by_code.get(code, code), value) for code, value in product.attributes.items()],
        categories=category_tree(store), chosen=[category.id for category in store.categories.of_product(product.id)],
        variants=[(variant, _attributes_text(store, product.id, {SIZE: variant.size, COLOR: variant.color}, labels)) for variant in variants],
        pending=pending, matrix=_matrix(store, product, variants, pending, labels) if pending else "",
        reviews=store.reviews.of_product(product.id, approved_only=False) if product.id else [],
        links=[(kind, label, store.products.links(product.id, kind)) for kind, label in
               (("related", "Related Products"), ("upsell", "Up-Sell Products"), ("crosssell", "Cross-Sell Products"))],
    )  # fmt: skip


def category_tree(store: AdminStore) -> dict[int, str]:
    """All categories, each under its parent: id -> name, indented by its depth."""
    found = {ROOT_ID: "Default Category"}

    def add(parent_id: int, depth: int) -> None:
        for category in store.categories.children(parent_id):
            found[category.id] = "- " * depth + category.name
            add(category.id, depth + 1)

    add(ROOT_ID, 1)
    return found


# --- variants that wait ---


def pending_variants(store: AdminStore, product: Product) -> list[Pending]:
    """The variants in the query, such as ``144-167_93-50``: attribute and option ids; without those that exist."""
    keys = list(dict.fromkeys(request.args.get("variants", "").split(",")))[:MOST_VARIANTS]
    price, qty = read_number(request.args.get("price", "")), to_int(request.args.get("qty"))
    existing = {(variant.size, variant.color) for variant in store.products.variants(product.id)}
    labels = {option.id: option.label for code in (SIZE, COLOR) for option in store.attributes.options(code)}
    found = []
    for key in keys:
        options = _options(key)
        known = options and all(
            option.attribute_id == attribute for attribute, id in options.items() if (option := store.attributes.option(id)) is not None
        ) and all(id in labels for id in options.values())  # fmt: skip
        if not known or (options.get(SIZE), options.get(COLOR)) in existing:
            continue
        suffix = "".join(f"-{labels[id]}" for id in options.values())
        left = [other for other in keys if other != key]
        query = {"variants": ",".join(left), "price": request.args.get("price", ""), "qty": request.args.get("qty", "")}
        found.append(Pending(
            key, options, product.name + suffix, product.sku + suffix,
            store.products.price_range(product.id)[0] if price is None else round(price * 100), max(0, qty),
            _attributes_text(store, product.id, options, labels), edit_url(product.id) + (f"?{urlencode(query)}" if left else ""),
        ))  # fmt: skip
    return found


def _options(key: str) -> dict[int, int]:
    """``144-167_93-50`` as {144: 167, 93: 50}, size before color; empty if it is nothing of the kind."""
    pairs = [part.partition("-") for part in key.split("_")]
    found = {to_int(attribute): to_int(option) for attribute, _, option in pairs}
    return {id: found[id] for id in (SIZE, COLOR) if found.get(id)} if found.keys() <= {SIZE, COLOR} else {}


def _attributes_text(store: AdminStore, product_id: int, options: dict[int, Any], labels: dict[int, str]) -> str:
    """``Size: S, Color: Blue``."""
    names = {SIZE: "Size", COLOR: "Color"}
    return ", ".join(f"{names[attribute]}: {labels[id]}" for attribute, id in options.items() if id in labels)


def _matrix(
    store: AdminStore, product: Product, variants: Sequence[Product], pending: Sequence[Pending], labels: dict[int, str]
) -> str:
    """The rows of the real form's field ``configurable-matrix-serialized``: the variants there are, then the new ones."""
    codes = {id: code for code, id in _CODES.items()}
    rows: list[dict[str, Any]] = [
        {
            "id": str(variant.id), "name": variant.name, "sku": variant.sku, "price": two_decimals(variant.price_cents),
            "qty": str(variant.qty), "status": str(variant.status), "newProduct": 0,
            "attributes": _attributes_text(store, product.id, {SIZE: variant.size, COLOR: variant.color}, labels),
        }
        for variant in variants
    ]  # fmt: skip
    rows += [
        {
            "id": "", "name": new.name, "sku": new.sku, "price": two_decimals(new.price_cents), "qty": str(new.qty), "status": "1",
            "newProduct": 1, "attributes": new.attributes,
            "configurable_attribute": json.dumps({codes[attribute]: str(id) for attribute, id in new.options.items()}),
        }
        for new in pending
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False)


def _posted_variants() -> list[NewVariant]:
    """The new rows of the posted matrix; what cannot be read is none."""
    try:
        rows = json.loads(request.form.get("configurable-matrix-serialized", "") or "[]")
    except (ValueError, RecursionError):
        return []
    found = []
    for row in rows[: MOST_VARIANTS * 2] if isinstance(rows, list) else []:
        if not isinstance(row, dict) or row.get("newProduct") != 1:
            continue
        try:
            options = json.loads(str(row.get("configurable_attribute", "")))
        except (ValueError, RecursionError):
            continue
        if not isinstance(options, dict) or not options or not options.keys() <= _CODES.keys():
            continue
        price = read_number(str(row.get("price", "")))
        found.append(NewVariant(
            {_CODES[code]: to_int(str(id)) for code, id in options.items()}, str(row.get("sku", ""))[:64], str(row.get("name", ""))[:255],
            None if price is None else round(price * 100), max(0, to_int(str(row.get("qty", "")))),
        ))  # fmt: skip
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
    variants = _posted_variants()
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
    for code, attribute_id in _CODES.items():
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
        f"product[{name}]": two_decimals(fields[f"{name}_cents"]) for name in ("price", "special_price", "cost") if fields.get(f"{name}_cents") is not None
    }  # fmt: skip
    posted = [(name, prices.get(name, value)) for name, value in request.form.items(multi=True) if name not in left_out]
    return [*posted, *((f"product[{name}]", value) for name, value in switches.items())]


@for_admins
def remove_variant(store: AdminStore, product_id: int) -> Response:
    """POST /catalog/product/variants/id/<id>/: take a variant off its product, or disable it.

    The real form does it when the product is saved next.
    """
    product = store.products.product(product_id)
    if product is None:
        return back(store, AT, "This product doesn't exist.", "error")
    sent_form(
        f"{BASE}/catalog/product/save/id/{product.id}/type/{product.type}/store/0/set/{product.attribute_set_id}/back/edit"
    )
    variants = {variant.id: variant for variant in store.products.variants(product_id)}
    if (removed := to_int(request.form.get("remove"))) in variants:
        store.products.remove_variants(product_id, [removed])
    elif (switched := variants.get(to_int(request.form.get("switch")))) is not None:
        store.products.set_status([switched.id], DISABLED if switched.enabled else ENABLED, store.timestamp())
    return back(store, edit_url(product_id), "You saved the product.")


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
