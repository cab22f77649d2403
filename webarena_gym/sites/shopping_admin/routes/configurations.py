"""The wizard that puts variants together, one page a step; the last one leads back to the product's form, which saves them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Response, request

from ...base import hide_request, see_other
from ...magento import text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.grid import read_number
from ..store.products import COLOR, SIZE, Product
from ..store.refused import Refused
from .common import Button, back, flash, for_admins, page, sent_form
from .variants import AT, MOST_VARIANTS, edit_url

STEPS = {
    "attributes": "Select Attributes",
    "values": "Attribute Values",
    "bulk": "Bulk Images, Price and Quantity",
    "summary": "Summary",
}
_ATTRIBUTES = (SIZE, COLOR)  # in the order that names of variants have them


def _url(product_id: int) -> str:
    return f"{BASE}/catalog/product/configurations/id/{product_id}/"


@for_admins
def wizard(store: AdminStore, product_id: int) -> Response:
    """GET /catalog/product/configurations/id/<id>/: the step that the query names, with all that was chosen before."""
    hide_request()  # the real wizard is a script's
    product = store.products.product(product_id)
    if product is None:
        return back(store, AT, "This product doesn't exist.", "error")
    arguments = request.args
    chosen = [id for id in _ATTRIBUTES if str(id) in arguments.getlist("attributes")]
    step = arguments.get("step", "attributes")
    step = step if step in STEPS else "attributes"
    if step != "attributes" and not chosen:
        flash(store, "Select attributes that are to tell the products apart.", "error")
        return see_other(_url(product_id))
    values = {id: _ids(arguments.getlist(f"values[{id}]")) for id in chosen}
    if step in ("bulk", "summary") and not all(values.values()):
        flash(store, "Select options for all attributes or remove unused attributes.", "error")
        return see_other(_at(product_id, "values", chosen, values))
    if arguments.get("do") == "generate":
        return see_other(_generated(store, product, chosen, values))
    position = list(STEPS).index(step)
    previous = _at(product_id, list(STEPS)[position - 1], chosen, values) if position else edit_url(product_id)
    if step == "values" and "ticked" not in arguments:
        values = _values_in_use(store, product_id, chosen)
    names = [store.attributes.attribute(id) for id in chosen]
    return page(
        store,
        "configurations.html",
        "Create Product Configurations",
        at=AT,
        actions=(Button("Cancel", edit_url(product_id)), Button("Back", previous)),
        product=product,
        step=step,
        steps=STEPS,
        url=_url(product_id),
        following=list(STEPS)[min(position + 1, 3)],
        chosen=chosen,
        values=values,
        used=[attribute.id for attribute in store.products.super_attributes(product_id)] or list(_ATTRIBUTES),
        offered=[attribute for id in _ATTRIBUTES if (attribute := store.attributes.attribute(id)) is not None],
        names=[attribute for attribute in names if attribute is not None],
        options={id: store.attributes.options(id) for id in chosen},
        kept=_kept(arguments),
        rows=_summary(store, product, chosen, values) if step == "summary" else [],
    )


def _ids(texts: list[str]) -> list[int]:
    return [id for text in texts[:100] if (id := to_int(text)) > 0]


def _kept(arguments: Mapping[str, str]) -> dict[str, str]:
    """Price and quantity as the third step left them; empty where they are skipped."""
    price = arguments.get("price", "").strip() if arguments.get("price_mode") == "single" else ""
    qty = arguments.get("qty", "").strip() if arguments.get("qty_mode") == "single" else ""
    return {"price": price if read_number(price) is not None else "", "qty": str(max(0, to_int(qty))) if qty else ""}


def _at(product_id: int, step: str, chosen: list[int], values: dict[int, list[int]]) -> str:
    """The address of a step with these choices; ``ticked`` says that they are choices, even if there are none."""
    pairs = [("step", step), ("ticked", "1"), *(("attributes", str(id)) for id in chosen)]
    pairs += [(f"values[{attribute}]", str(id)) for attribute, ids in values.items() for id in ids]
    return f"{_url(product_id)}?{urlencode(pairs)}"


def _values_in_use(store: AdminStore, product_id: int, chosen: list[int]) -> dict[int, list[int]]:
    """What the variants there are already have, ticked at first."""
    variants = store.products.variants(product_id)
    found = {SIZE: [variant.size for variant in variants], COLOR: [variant.color for variant in variants]}
    return {id: list(dict.fromkeys(option for option in found[id] if option is not None)) for id in chosen}


def _combinations(chosen: list[int], values: dict[int, list[int]]) -> list[dict[int, int]]:
    combined = itertools.product(*(values[id] for id in chosen))
    return [dict(zip(chosen, options, strict=True)) for options in itertools.islice(combined, MOST_VARIANTS)]


def _summary(
    store: AdminStore, product: Product, chosen: list[int], values: dict[int, list[int]]
) -> list[tuple[str, str, str, bool]]:
    """(name, SKU, attributes, whether it is there already) of every combination."""
    existing = {(variant.size, variant.color) for variant in store.products.variants(product.id)}
    rows = []
    for options in _combinations(chosen, values):
        labels = [option.label for id in options.values() if (option := store.attributes.option(id)) is not None]
        suffix = "".join(f"-{label}" for label in labels)
        there = (options.get(SIZE), options.get(COLOR)) in existing
        rows.append((product.name + suffix, product.sku + suffix, ", ".join(labels), there))
    return rows


def _generated(store: AdminStore, product: Product, chosen: list[int], values: dict[int, list[int]]) -> str:
    """The product's form with the new variants waiting."""
    existing = {(variant.size, variant.color) for variant in store.products.variants(product.id)}
    keys = [
        "_".join(f"{attribute}-{id}" for attribute, id in options.items())
        for options in _combinations(chosen, values)
        if (options.get(SIZE), options.get(COLOR)) not in existing
    ]
    if not keys:
        flash(store, "All of these products are there already.", "notice")
        return edit_url(product.id)
    query = {"variants": ",".join(keys), "price": request.args.get("price", ""), "qty": request.args.get("qty", "")}
    return f"{edit_url(product.id)}?{urlencode({name: value for name, value in query.items() if value})}"


@for_admins
def create_option(store: AdminStore, product_id: int) -> Response:
    """POST /catalog/product/configurations/id/<id>/create/: "Create New Value". A script call of the real wizard's."""
    attribute_id = to_int(request.form.get("create"))
    label = text_field(f"label[{attribute_id}]")
    chosen = [id for id in _ATTRIBUTES if str(id) in request.form.getlist("attributes")]
    values = {id: _ids(request.form.getlist(f"values[{id}]")) for id in chosen}
    fields = [
        ("options[0][label]", label),
        ("options[0][is_new]", "true"),
        ("options[0][attribute_id]", str(attribute_id)),
        ("isAjax", "true"),
    ]
    sent_form(f"{BASE}/catalog/product_attribute/createOptions/", fields=fields, status=200, script=True)
    if attribute_id in chosen:
        try:
            values[attribute_id].append(store.attributes.add_option(attribute_id, label))
        except Refused as refused:
            flash(store, str(refused), "error")
    return see_other(_at(product_id, "values", chosen, values))


@for_admins
def select(store: AdminStore, product_id: int) -> Response:
    """GET /catalog/product/configurations/id/<id>/select/: tick all values of an attribute, or none."""
    hide_request()
    arguments = request.args
    chosen = [id for id in _ATTRIBUTES if str(id) in arguments.getlist("attributes")]
    values = {id: _ids(arguments.getlist(f"values[{id}]")) for id in chosen}
    if (all_of := to_int(arguments.get("all"))) in values:
        values[all_of] = [option.id for option in store.attributes.options(all_of)]
    elif (none_of := to_int(arguments.get("none"))) in values:
        values[none_of] = []
    return see_other(_at(product_id, "values", chosen, values))
