"""Product attributes and their options."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import Response, request

from ...base import see_other
from ..navigation import BASE
from ..store import AdminStore
from ..store.refused import Refused
from .common import Button, Submit, back, flash, for_admins, page, sent_form

AT = f"{BASE}/catalog/product_attribute/"
INPUTS = {
    "text": "Text Field", "textarea": "Text Area", "date": "Date", "boolean": "Yes/No", "multiselect": "Multiple Select", "select": "Dropdown",
    "price": "Price", "media_image": "Media Image", "swatch_visual": "Visual Swatch", "swatch_text": "Text Swatch", "weight": "Weight",
}  # fmt: skip


@for_admins
def edit(store: AdminStore, attribute_id: int) -> Response:
    """GET /catalog/product_attribute/edit/attribute_id/<id>/."""
    attribute = store.attributes.attribute(attribute_id)
    if attribute is None:
        return back(store, AT, "This attribute no longer exists.", "error")
    return page(
        store,
        "attribute.html",
        attribute.label or attribute.code,
        at=AT,
        actions=(
            Button("Back", AT),
            Submit("Save and Continue Edit", name="back", value="edit"),
            Submit("Save Attribute", primary=True),
        ),
        attribute=attribute,
        input=INPUTS.get(attribute.input, attribute.input),
        options=store.attributes.options(attribute_id),
        has_options=attribute.input in ("select", "multiselect", "swatch_visual", "swatch_text"),
    )


@for_admins
def save(store: AdminStore, attribute_id: int) -> Response:
    """POST /catalog/product_attribute/save/attribute_id/<id>. The real form sends its options packed into one field."""
    attribute = store.attributes.attribute(attribute_id)
    if attribute is None:
        return back(store, AT, "This attribute no longer exists.", "error")
    form = request.form
    kind = "swatchtext" if attribute.input.startswith("swatch") or attribute.input == "select" else "option"
    packed, problem = [], ""
    new = form.get("option[value][option_0][0]", "").strip()[:255]
    for position, option in enumerate(store.attributes.options(attribute_id), 1):
        label = form.get(f"option[value][{option.id}][0]", option.label).strip()[:255]
        packed.append(urlencode({f"option[order][{option.id}]": position, f"option[value][{option.id}][0]": label}))
        if f"option[delete][{option.id}]" in form:
            store.attributes.delete_option(option.id)
        elif label and label != option.label:
            store.attributes.rename_option(option.id, label)
    if new:
        packed.append(urlencode({f"{kind}[value][option_0][0]": new, "optiontext[value][option_0][0]": new}))
        try:
            store.attributes.add_option(attribute_id, new)
        except Refused as refused:
            problem = str(refused)
    fields = [(name, value) for name, value in form.items(multi=True) if not name.startswith("option[")]
    sent_form(fields=[*fields, ("serialized_options", json.dumps(packed))])
    if problem:
        return back(store, f"{AT}edit/attribute_id/{attribute_id}/", problem, "error")
    flash(store, "You saved the product attribute.")
    return see_other(f"{AT}edit/attribute_id/{attribute_id}/" if form.get("back") == "edit" else AT)
