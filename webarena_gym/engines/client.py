"""A client that follows redirects and keeps cookies as a browser does; what carries one request is a subclass's."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import ada_url

from ..errors import SiteError
from ..types import HttpReply
from .base import check_origin

MAX_REDIRECTS = 20
NAVIGATION_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# What Chromium shows in a tab; of the texts all but a few. (PDF it shows only with a window.)
_SHOWN = re.compile(r"text/.*|image/.*|application/(xml|json|javascript|ecmascript|.*\+xml|.*\+json)|message/rfc822")
_KEPT_TEXTS = frozenset({"text/csv", "text/tab-separated-values", "text/calendar", "text/vcard", "text/rtf"})


@dataclass(frozen=True, slots=True)
class Reply:
    """A final answer: redirects followed, ``url`` is where they led, fragment included.

    ``content`` is ``text`` before it was decoded, where the two are the same in UTF-8, else empty.
    """

    status: int
    url: str
    content_type: str
    text: str
    download: bool = False
    content: bytes = b""


class CookieJar:
    """Cookies by host, path and name. Attributes other than Path and Max-Age/Expires in the past do not matter here."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], str] = {}

    def set(self, url: str, name: str, value: str, path: str = "/") -> None:
        self._cookies[urlsplit(url).netloc, path, name] = value

    def store(self, url: str, header: str) -> None:
        """Keep what a Set-Cookie header says."""
        pair, *attributes = header.split(";")
        name, _, value = pair.strip().partition("=")
        lowered = [attribute.strip().lower() for attribute in attributes]
        path = next((a.strip()[5:] for a in attributes if a.strip().lower().startswith("path=")), "/") or "/"
        key = urlsplit(url).netloc, path, name
        if "max-age=0" in lowered or any(
            a.startswith(("expires=thu, 01 jan 1970", "expires=thu, 01-jan-1970")) for a in lowered
        ):
            self._cookies.pop(key, None)
        else:
            self._cookies[key] = value

    def header(self, url: str) -> str:
        """The Cookie header for a request to ``url``."""
        host, path = urlsplit(url).netloc, urlsplit(url).path or "/"
        pairs = (
            f"{name}={value}"
            for (cookie_host, cookie_path, name), value in self._cookies.items()
            if cookie_host == host and (path == cookie_path or path.startswith(cookie_path.rstrip("/") + "/"))
        )
        return "; ".join(pairs)

    def clear(self) -> None:
        self._cookies.clear()


class RedirectingClient(ABC):
    """Sends requests with the cookies of ``jar``, by ``_exchange``.

    ``allowed`` are the origins that a redirect may lead to; None: wherever it likes.
    """

    def __init__(self, jar: CookieJar) -> None:
        self._jar = jar
        self.allowed: Sequence[str] | None = None

    def get(self, url: str) -> HttpReply:
        return self.request("GET", url)

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = "") -> HttpReply:
        """``PageClient.request``: the final answer, whatever its status."""
        reply = self.send(method, url, headers=headers, body=body.encode())
        return HttpReply(reply.status, reply.url, reply.text, reply.content_type)

    def send(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Reply:
        """One request, with every redirect followed as a browser follows it.

        Raises:
            SiteError: the site failed, or the redirects do not end.
            NavigationRefused: a redirect leads out of ``allowed``; nothing was asked there.
        """
        sent_headers = dict(headers or {})
        for _ in range(MAX_REDIRECTS):
            status, response_headers, content = self._exchange(method, url, sent_headers, body)
            for name, value in response_headers:
                if name.lower() == "set-cookie":
                    self._jar.store(url, value)
            location = header(response_headers, "location")
            if status not in (301, 302, 303, 307, 308) or location is None:
                content_type = header(response_headers, "content-type") or "text/html"
                kind = content_type.split(";")[0].strip().lower()
                text = decoded(content, content_type)
                same = content if text and "\ufffd" not in text else b""  # nothing was replaced
                return Reply(status, url, kind, text, is_download(response_headers), same)
            target = ada_url.URL(location, base=url)
            if not target.hash:
                target.hash = ada_url.URL(url).hash  # a redirect keeps the fragment it was asked with
            url = target.href
            if self.allowed is not None:
                check_origin(url, self.allowed)
            if status in (301, 302, 303) and method not in ("GET", "HEAD"):
                method, body = "GET", b""
                for name in ("Content-Type", "Origin"):
                    sent_headers.pop(name, None)
        raise SiteError(f"{url} redirects more than {MAX_REDIRECTS} times")

    @abstractmethod
    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """One request and its answer: status, headers, body."""


def header(headers: Sequence[tuple[str, str]], wanted: str) -> str | None:
    """The first header of this lower-case name."""
    return next((value for name, value in headers if name.lower() == wanted), None)


def is_download(headers: Sequence[tuple[str, str]]) -> bool:
    """Whether a browser keeps the answer as a file and shows no page.

    >>> is_download([("Content-Type", "text/html")]), is_download([("Content-Type", "text/csv")])
    (False, True)
    """
    if (header(headers, "content-disposition") or "").strip().lower().startswith("attachment"):
        return True
    kind = (header(headers, "content-type") or "text/html").split(";")[0].strip().lower()
    return _SHOWN.fullmatch(kind) is None or kind in _KEPT_TEXTS


def decoded(content: bytes, content_type: str) -> str:
    """A body as text; a picture has none."""
    return "" if content_type.startswith("image/") else content.decode("utf-8", "replace")
