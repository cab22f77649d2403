"""How a browser submits a form: which controls take part, and how the entries are encoded (HTML Standard, 4.10.21)."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote_plus

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..observation.controls import (
    CHECKABLE_TYPES,
    Typed,
    input_type,
    is_checked,
    is_disabled,
    option_value,
    options,
    selected_indices,
    text_value,
)  # fmt: skip

CONTROL_SELECTOR = "button, input, select, textarea"
_BOUNDARY = "----WebArenaGymFormBoundary"


class Submission(NamedTuple):
    """The request that submits a form. ``action`` is the unresolved attribute."""

    method: str
    action: str
    body: str
    content_type: str


def form_owner(node: LexborNode, document: LexborHTMLParser) -> LexborNode | None:
    """The form a control belongs to: by its ``form`` attribute, else the nearest ancestor."""
    if (id := node.attributes.get("form")) is not None:
        return next((form for form in document.css("form") if form.attributes.get("id") == id), None)
    parent = node.parent
    while parent is not None:
        if parent.tag == "form":
            return parent
        parent = parent.parent
    return None


def form_controls(form: LexborNode, document: LexborHTMLParser) -> list[LexborNode]:
    """The controls of a form in tree order, those elsewhere in the page that name it included."""
    id = form.attributes.get("id")
    if id and document.css_first("[form]") is not None:
        owned = (control for control in document.css(CONTROL_SELECTOR))
        return [
            control for control in owned if (owner := form_owner(control, document)) and owner.mem_id == form.mem_id
        ]
    return [control for control in form.css(CONTROL_SELECTOR) if "form" not in control.attributes]


def is_submit(node: LexborNode) -> bool:
    kind = (node.attributes.get("type") or "").lower()
    if node.tag == "button":
        return kind not in ("button", "reset")
    return node.tag == "input" and kind == "submit"


def submit(form: LexborNode, document: LexborHTMLParser, typed: Typed, submitter: LexborNode | None) -> Submission:
    """The request for submitting ``form`` with ``submitter`` (a button, or None)."""
    override = submitter.attributes if submitter is not None else {}
    method = (override.get("formmethod") or form.attributes.get("method") or "get").upper()
    action = override.get("formaction") or form.attributes.get("action") or ""
    enctype = (override.get("formenctype") or form.attributes.get("enctype") or "").lower()
    entries = _entries(form, document, typed, submitter)
    if method != "POST":
        return Submission("GET", action, urlencode([(name, value) for name, value, _ in entries]), "")
    if enctype == "multipart/form-data":
        return Submission("POST", action, _multipart(entries), f"multipart/form-data; boundary={_BOUNDARY}")
    body = urlencode([(name, value) for name, value, _ in entries])
    return Submission("POST", action, body, "application/x-www-form-urlencoded")


def _entries(
    form: LexborNode, document: LexborHTMLParser, typed: Typed, submitter: LexborNode | None
) -> list[tuple[str, str, bool]]:
    """(name, value, is a file) for every successful control."""
    entries: list[tuple[str, str, bool]] = []
    for control in form_controls(form, document):
        name = control.attributes.get("name")
        if is_disabled(control) or not name:
            continue
        is_button = control.tag == "button" or input_type(control) in ("submit", "reset", "button", "image")
        if control.tag in ("button", "input") and is_button:
            if submitter is not None and control.mem_id == submitter.mem_id:
                entries.append((name, control.attributes.get("value") or "", False))
        elif control.tag == "select":
            all_options = options(control)
            for index in selected_indices(control, typed):
                if not is_disabled(all_options[index]):
                    entries.append((name, option_value(all_options[index]), False))
        elif control.tag == "input" and input_type(control) in CHECKABLE_TYPES:
            if is_checked(control, typed):
                entries.append((name, control.attributes.get("value", "on") or "", False))
        elif control.tag == "input" and input_type(control) == "file":
            entries.append((name, "", True))
        else:
            entries.append((name, text_value(control, typed), False))
    return entries


def _crlf(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def urlencode(entries: list[tuple[str, str]]) -> str:
    """application/x-www-form-urlencoded, by the URL Standard's percent-encode set rather than Python's.

    >>> urlencode([("q", "a~b *é")])
    'q=a%7Eb+*%C3%A9'
    """
    return "&".join(f"{_percent(name)}={_percent(value)}" for name, value in entries)


def _percent(text: str) -> str:
    return quote_plus(_crlf(text), safe="*").replace("~", "%7E")


def _multipart(entries: list[tuple[str, str, bool]]) -> str:
    parts = []
    for name, value, is_file in entries:
        shown = _crlf(name).replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
        extra = '; filename=""\r\nContent-Type: application/octet-stream' if is_file else ""
        content = "" if is_file else _crlf(value)
        parts.append(f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{shown}"{extra}\r\n\r\n{content}\r\n')
    return "".join(parts) + f"--{_BOUNDARY}--\r\n"
