"""Requests to an in-process WSGI app, with cookies and redirects: the http engine's network."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from ..sites.base import EVALUATOR
from .client import NAVIGATION_ACCEPT, CookieJar, RedirectingClient

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WsgiClient(RedirectingClient):
    """Sends requests to ``app`` with the cookies of ``jar``. With ``evaluator`` they leave no trace in the events."""

    def __init__(self, app: WsgiApp, jar: CookieJar, *, evaluator: bool = False) -> None:
        super().__init__(jar)
        self._app, self._evaluator = app, evaluator

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
            "HTTP_ACCEPT": NAVIGATION_ACCEPT,
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
        return answer[0], answer[1], content
