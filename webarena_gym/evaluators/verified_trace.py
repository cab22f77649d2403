"""An episode as webarena-verified reads it: HAR entries of the network events, and of the forms left unsent at the end.

webarena-verified's harness notes a form that was filled in and not sent as a POST to ``.../dummy_bin`` with status -1 (tasks
123 and 148 look for it). Here every form of the page stood on counts in which a field differs from what the HTML gave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborNode

from ..observation.controls import BUTTON_TYPES, CHECKABLE_TYPES, field_state, input_type, is_disabled
from ..types import FieldState, LiveDocument, NetworkEvent
from .dom import Document

UNSENT_PATH = "/dummy_bin"
UNSENT_STATUS = -1
_DOCUMENT_HEADERS = (
    ("accept", "text/html"), ("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate"), ("sec-fetch-user", "?1"),
)  # fmt: skip


def har_entry(event: NetworkEvent) -> dict[str, Any]:
    """The event as an entry of a HAR file's log."""
    headers = {name.lower(): value for name, value in event.headers}
    if event.navigation:
        headers = {**dict(_DOCUMENT_HEADERS), **headers}
    elif headers.get("accept", "").startswith("text/html"):
        headers["accept"] = "*/*"  # webarena-verified takes any GET that accepts HTML for a document of the policy
    request: dict[str, Any] = {"method": event.method, "url": event.url, "headers": _pairs(headers.items())}
    if event.body:
        request["postData"] = {"mimeType": event.content_type, "text": event.body}
    answered = {name.lower(): value for name, value in event.response_headers}
    response = {
        "status": event.status,
        "redirectURL": answered.get("location", ""),
        "cookies": [cookie for name, value in event.response_headers if name.lower() == "set-cookie" for cookie in _cookies(value)],
        "headers": _pairs(event.response_headers),
        "content": {"mimeType": answered.get("content-type", ""), "text": event.response_body},
    }  # fmt: skip
    return {"request": request, "response": response}


def _pairs(headers: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _cookies(header: str) -> list[dict[str, str]]:
    try:
        return [{"name": name, "value": morsel.value} for name, morsel in SimpleCookie(header).items()]
    except CookieError:
        return []


def unsent_forms(page: LiveDocument) -> list[NetworkEvent]:
    """An event for each form of the page in which something was typed or chosen and not sent."""
    document = Document(page)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    events = []
    for form in document.tree.css("form"):
        controls = list(_controls(form, document))
        if any(document.states[control.mem_id] != field_state(control, {}) for control in controls):
            fields = [("form_id", form.attributes.get("id") or "")]
            fields += [
                (control.attributes["name"] or "", document.states[control.mem_id].value)
                for control in controls
                if control.attributes.get("name") and _is_sent(control, document.states[control.mem_id])
            ]
            events.append(
                NetworkEvent(
                    "POST",
                    origin + UNSENT_PATH,
                    UNSENT_STATUS,
                    body=urlencode(fields),
                    content_type="application/x-www-form-urlencoded",
                )
            )
    return events


def _controls(form: LexborNode, document: Document) -> Iterator[LexborNode]:
    """The fields of a form, in it or tied to it by its id."""
    inside = {node.mem_id for node in form.css("input, select, textarea")}
    for node in document.tree.css("input, select, textarea"):
        owner = node.attributes.get("form")
        if node.mem_id in inside if owner is None else owner and owner == form.attributes.get("id"):
            yield node


def _is_sent(control: LexborNode, state: FieldState) -> bool:
    kind = input_type(control) if control.tag == "input" else ""
    return not is_disabled(control) and kind not in BUTTON_TYPES and (kind not in CHECKABLE_TYPES or state.checked)
