"""Requests to an in-process WSGI app, with cookies and redirects: the http engine's network."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import ada_url

from ..errors import SiteError
from ..sites.base import EVALUATOR
from ..types import HttpReply

_MAX_REDIRECTS = 20
_NAVIGATION_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class WsgiReply:
    """A final answer: redirects followed, ``url`` is where they led, fragment included."""

    status: int
    url: str
    content_type: str
    text: str


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
        if "max-age=0" in lowered or any(a.startswith("expires=thu, 01 jan 1970") for a in lowered):
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


class WsgiClient:
    """Sends requests to ``app`` with the cookies of ``jar``. With ``evaluator`` they leave no trace in the events."""

    def __init__(self, app: WsgiApp, jar: CookieJar, *, evaluator: bool = False) -> None:
        self._app, self._jar, self._evaluator = app, jar, evaluator

    def get(self, url: str) -> HttpReply:
        return self.request("GET", url)

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = "") -> HttpReply:
        """``PageClient.request``: the final answer, whatever its status."""
        reply = self.send(method, url, headers=headers, body=body.encode())
        return HttpReply(reply.status, reply.url, reply.text, reply.content_type)

    def send(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> WsgiReply:
        """One request, with every redirect followed as a browser follows it.

        Raises:
            SiteError: a handler failed, or the redirects do not end.
        """
        sent_headers = dict(headers or {})
        for _ in range(_MAX_REDIRECTS):
            status, response_headers, content = self._exchange(method, url, sent_headers, body)
            location = next((value for name, value in response_headers if name.lower() == "location"), None)
            if status not in (301, 302, 303, 307, 308) or location is None:
                content_type = next((v for n, v in response_headers if n.lower() == "content-type"), "text/html")
                return WsgiReply(
                    status, url, content_type.split(";")[0].strip().lower(), _decoded(content, content_type)
                )
            target = ada_url.URL(location, base=url)
            if not target.hash:
                target.hash = ada_url.URL(url).hash  # a redirect keeps the fragment it was asked with
            url = target.href
            if status in (301, 302, 303) and method not in ("GET", "HEAD"):
                method, body = "GET", b""
                for name in ("Content-Type", "Origin"):
                    sent_headers.pop(name, None)
        raise SiteError(f"{url} redirects more than {_MAX_REDIRECTS} times")

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        parts = urlsplit(url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or 80),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": parts.netloc,
            "HTTP_ACCEPT": _NAVIGATION_ACCEPT,
            "CONTENT_LENGTH": str(len(body)) if body or method == "POST" else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "webarena_gym.raw_path": parts.path or "/",
        }
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        if cookie := self._jar.header(url):
            environ["HTTP_COOKIE"] = cookie
        if self._evaluator:
            environ[EVALUATOR] = True
        answer: list[Any] = [0, []]

        def start_response(status: str, response_headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            answer[:] = [int(status.split(" ", 1)[0]), response_headers]

        content = b"".join(self._app(environ, start_response))
        for name, value in answer[1]:
            if name.lower() == "set-cookie":
                self._jar.store(url, value)
        return answer[0], answer[1], content


def _decoded(content: bytes, content_type: str) -> str:
    return "" if content_type.startswith("image/") else content.decode("utf-8", "replace")
