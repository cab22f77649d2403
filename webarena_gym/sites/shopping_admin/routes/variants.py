"""Variants of a configurable product: those that wait to be saved with it, the field that tells them, taking some off."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, request

from ...magento import to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.grid import read_number
from ..store.products import COLOR, DISABLED, ENABLED, SIZE, NewVariant, Product
from .common import back, for_admins, sent_form, two_decimals

AT = f"{BASE}/catalog/product/"
MOST_VARIANTS = 200
CODES = {"color": COLOR, "size": SIZE}


def edit_url(product_id: int) -> str:
    return f"{BASE}/catalog/product/edit/id/{product_id}/"


def save_url(product: Product) -> str:
    """Where the product's form is sent to."""
    kind = f"type/{product.type}/store/0/set/{product.attribute_set_id}"
    return f"{BASE}/catalog/product/save/id/{product.id}/{kind}/back/edit"


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


def pending_variants(store: AdminStore, product: Product) -> list[Pending]:
    """The variants in the query, such as ``144-167_93-50``: attribute and option ids; without those that exist."""
    keys = list(dict.fromkeys(request.args.get("variants", "").split(",")))[:MOST_VARIANTS]
    price, qty = read_number(request.args.get("price", "")), to_int(request.args.get("qty"))
    existing = {(variant.size, variant.color) for variant in store.products.variants(product.id)}
    labels = option_labels(store)
    owners = {option.id: attribute for attribute in (SIZE, COLOR) for option in store.attributes.options(attribute)}
    found = []
    for key in keys:
        options = _options(key)
        if not options or any(owners.get(id) != attribute for attribute, id in options.items()):
            continue
        if (options.get(SIZE), options.get(COLOR)) in existing:
            continue
        suffix = "".join(f"-{labels[id]}" for id in options.values())
        left = [other for other in keys if other != key]
        query = {"variants": ",".join(left), "price": request.args.get("price", ""), "qty": request.args.get("qty", "")}
        found.append(
            Pending(
                key,
                options,
                product.name + suffix,
                product.sku + suffix,
                store.products.price_range(product.id)[0] if price is None else round(price * 100),
                max(0, qty),
                attributes_text(options, labels),
                edit_url(product.id) + (f"?{urlencode(query)}" if left else ""),
            )
        )
    return found


def _options(key: str) -> dict[int, int]:
    """``144-167_93-50`` as {144: 167, 93: 50}, size before color; empty if it is nothing of the kind."""
    pairs = [part.partition("-") for part in key.split("_")]
    found = {to_int(attribute): to_int(option) for attribute, _, option in pairs}
    return {id: found[id] for id in (SIZE, COLOR) if found.get(id)} if found.keys() <= {SIZE, COLOR} else {}


def option_labels(store: AdminStore) -> dict[int, str]:
    """The sizes and colors there are: option id -> label."""
    return {option.id: option.label for attribute in (SIZE, COLOR) for option in store.attributes.options(attribute)}


def attributes_text(options: Mapping[int, int | None], labels: Mapping[int, str]) -> str:
    """``Size: S, Color: Blue``, for option ids by attribute id."""
    names = {SIZE: "Size", COLOR: "Color"}
    return ", ".join(f"{names[attribute]}: {labels[id]}" for attribute, id in options.items() if id in labels)


def matrix(variants: Sequence[Product], pending: Sequence[Pending], labels: Mapping[int, str]) -> str:
    """The rows of the real form's field ``configurable-matrix-serialized``: the variants there are, then the new ones."""
    codes = {id: code for code, id in CODES.items()}
    rows: list[dict[str, Any]] = [
        {
            "id": str(variant.id),
            "name": variant.name,
            "sku": variant.sku,
            "price": two_decimals(variant.price_cents),
            "qty": str(variant.qty),
            "status": str(variant.status),
            "newProduct": 0,
            "attributes": attributes_text({SIZE: variant.size, COLOR: variant.color}, labels),
        }
        for variant in variants
    ]
    rows += [
        {
            "id": "",
            "name": new.name,
            "sku": new.sku,
            "price": two_decimals(new.price_cents),
            "qty": str(new.qty),
            "status": "1",
            "newProduct": 1,
            "attributes": new.attributes,
            "configurable_attribute": json.dumps({codes[attribute]: str(id) for attribute, id in new.options.items()}),
        }
        for new in pending
    ]
    return json.dumps(rows, ensure_ascii=False)


def posted_variants() -> list[NewVariant]:
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
        if not isinstance(options, dict) or not options or not options.keys() <= CODES.keys():
            continue
        price = read_number(str(row.get("price", "")))
        found.append(
            NewVariant(
                {CODES[code]: to_int(str(id)) for code, id in options.items()},
                str(row.get("sku", ""))[:64],
                str(row.get("name", ""))[:255],
                None if price is None else round(price * 100),
                max(0, to_int(str(row.get("qty", "")))),
            )
        )
    return found


@for_admins
def remove_variant(store: AdminStore, product_id: int) -> Response:
    """POST /catalog/product/variants/id/<id>/: take a variant off its product, or disable it.

    The real form does it when the product is saved next.
    """
    product = store.products.product(product_id)
    if product is None:
        return back(store, AT, "This product doesn't exist.", "error")
    sent_form(save_url(product))
    variants = {variant.id: variant for variant in store.products.variants(product_id)}
    if (removed := to_int(request.form.get("remove"))) in variants:
        store.products.remove_variants(product_id, [removed])
    elif (switched := variants.get(to_int(request.form.get("switch")))) is not None:
        store.products.set_status([switched.id], DISABLED if switched.enabled else ENABLED, store.timestamp())
    return back(store, edit_url(product_id), "You saved the product.")
