"""Network events in one form, whichever engine sent the request: engines differ in headers that no evaluator reads."""

from __future__ import annotations

import re
from dataclasses import replace

from ..types import NetworkEvent

# What a browser asks for when it opens a document.
DOCUMENT_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_BOUNDARY = "----WebKitFormBoundary0000000000000000"
_KEPT = ("accept", "cookie", "referer", "x-requested-with")


def in_one_form(event: NetworkEvent) -> NetworkEvent:
    """``event`` with the headers that say something, a document's Accept written one way, and a boundary of no one's own.

    A request without a body has no content type (WSGI servers make one up).
    """
    sent = {name.lower(): value for name, value in event.headers}
    if event.navigation or sent.get("accept", "").startswith("text/html"):
        sent["accept"] = DOCUMENT_ACCEPT
    if "cookie" in sent:
        sent["cookie"] = "; ".join(sorted(sent["cookie"].split("; ")))
    body, content_type = event.body, event.content_type if event.body else ""
    if match := re.match(r'multipart/form-data;\s*boundary="?([^";]+)', content_type):
        body, content_type = body.replace(match[1], _BOUNDARY), f"multipart/form-data; boundary={_BOUNDARY}"
    return replace(
        event,
        headers=tuple((name, sent[name]) for name in _KEPT if name in sent),
        body=body,
        content_type=content_type,
    )
