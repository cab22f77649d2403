"""What a form control holds: the HTML's default, or what was typed over it.

``typed`` maps a control's ``mem_id`` to a str (text fields), a bool (checkboxes and radio buttons) or a tuple of option
indices (selects); a control that is not in it still holds its default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborNode

from ..types import FieldState
from .whitespace import collapse

Typed = Mapping[int, str | bool | tuple[int, ...]]

BUTTON_TYPES = frozenset({"submit", "reset", "button", "image"})
CHECKABLE_TYPES = frozenset({"checkbox", "radio"})
# Types whose field holds one line of free text.
TEXT_TYPES = frozenset({"text", "search", "email", "tel", "url", "password", "number", "date", "time", "month", "week",
                        "datetime-local"})  # fmt: skip
# Types whose field holds only text of this shape.
PATTERNS = {
    "number": (re.compile(r"-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?", re.ASCII), "a number such as 2 or 9.99"),
    "date": (re.compile(r"\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII), "a date as YYYY-MM-DD"),
    "month": (re.compile(r"\d{4,}-(0[1-9]|1[0-2])", re.ASCII), "a month as YYYY-MM"),
    "week": (re.compile(r"\d{4,}-W(0[1-9]|[1-4]\d|5[0-3])", re.ASCII), "a week as YYYY-Www"),
    "time": (re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII), "a time as HH:MM"),
    "datetime-local": (re.compile(r"\d{4,}-\d\d-\d\dT\d\d:\d\d", re.ASCII), "a time as YYYY-MM-DDTHH:MM"),
}
_KNOWN_TYPES = BUTTON_TYPES | CHECKABLE_TYPES | TEXT_TYPES | {"hidden", "file", "range", "color"}


def input_type(node: LexborNode) -> str:
    """The ``type`` of an input, lower case; an unknown one counts as text, as in HTML."""
    kind = (node.attributes.get("type") or "text").lower()
    return kind if kind in _KNOWN_TYPES else "text"


def options(select: LexborNode) -> list[LexborNode]:
    return select.css("option")


def option_label(option: LexborNode) -> str:
    label = option.attributes.get("label")
    return collapse(label if label else option.text())


def option_value(option: LexborNode) -> str:
    attributes = option.attributes
    return (attributes["value"] or "") if "value" in attributes else collapse(option.text())


def selected_indices(select: LexborNode, typed: Typed) -> tuple[int, ...]:
    """Indices of the chosen options. A drop-down without a ``selected`` option shows its first enabled one."""
    chosen = typed.get(select.mem_id)
    if isinstance(chosen, tuple):
        return chosen
    all_options = options(select)
    marked = tuple(i for i, option in enumerate(all_options) if "selected" in option.attributes)
    if "multiple" in select.attributes:
        return marked
    if marked:
        return marked[-1:]
    return next(((i,) for i, option in enumerate(all_options) if not is_disabled(option)), ())


def is_checked(node: LexborNode, typed: Typed) -> bool:
    state = typed.get(node.mem_id)
    return state if isinstance(state, bool) else "checked" in node.attributes


def sanitized(kind: str, text: str) -> str:
    """What an input of this type keeps of a text: HTML's value sanitization."""
    if kind in PATTERNS:
        return text if PATTERNS[kind][0].fullmatch(text) else ""
    if kind in TEXT_TYPES:
        text = text.replace("\r", "").replace("\n", "")
    return text.strip(" \t\n\f\r") if kind in ("email", "url") else text


def text_value(node: LexborNode, typed: Typed) -> str:
    """The text an input or textarea holds."""
    value = typed.get(node.mem_id)
    if isinstance(value, str):
        return value
    if node.tag == "textarea":
        return node.text().replace("\r\n", "\n").replace("\r", "\n")
    value = node.attributes.get("value")
    return sanitized(input_type(node), value) if value else ""


def is_disabled(node: LexborNode) -> bool:
    """True if the control, or a fieldset or optgroup around it, is disabled."""
    if "disabled" in node.attributes:
        return True
    parent = node.parent
    while parent is not None and parent.tag not in ("form", "body"):
        if parent.tag in ("fieldset", "optgroup") and "disabled" in parent.attributes:
            return True
        parent = parent.parent
    return False


def field_state(node: LexborNode, typed: Typed) -> FieldState:
    """The live ``.value``, ``.checked`` and ``.selectedIndex`` of a control, as a script in the page would read them."""
    if node.tag == "select":
        chosen = selected_indices(node, typed)
        first = chosen[0] if chosen else -1
        return FieldState(option_value(options(node)[first]) if chosen else "", selected_index=first)
    if node.tag == "input" and input_type(node) in CHECKABLE_TYPES:
        return FieldState(node.attributes.get("value", "on") or "", checked=is_checked(node, typed))
    return FieldState(text_value(node, typed))
