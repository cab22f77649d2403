"""Faults that real sites have, for the embedded ones that are served: ``webarena-gym serve --faults``.

An option of the server and not of the tests, so that the sites that play the real ones' part stay a process of their own, and
any other client can be tried against the same faults. Which request a fault hits follows from its number at its site or in its session alone.
Every fault allows success to a client that repeats safe requests, signs in again and waits for pages: only GETs fail, never
the same twice in a row, and sessions run out between actions. ``deferred`` content needs a client that runs scripts.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any, Literal, get_args

from .wsgi_server import CONNECTION

Fault = Literal["latency", "errors", "drops", "sessions", "slow", "scripts", "deferred", "banner"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
WITH_ACCOUNTS = frozenset({"shopping", "shopping_admin", "reddit", "gitlab"})
PAUSE = "webarena_gym.pause_s"  # how long the server waits in the middle of the body

LATENCY_S = 0.02
SLOW_S = 0.25
LATE_S = 0.1
ERROR_EVERY, DROP_EVERY, SLOW_EVERY = 7, 11, 9  # of the GETs at a site
SESSION_USES = 6  # pages that a session lasts for
_PREFIX = "/__faults"
_LATE_SCRIPT = (
    b"""document.body.append(Object.assign(document.createElement("p"), {textContent: "Late script done."}));"""
)
_BANNER = b"""<div role="dialog" aria-label="Cookies" style="position:fixed;left:0;right:0;bottom:0;background:#fff">
<p>This site keeps cookies.</p><button type="button"
 onclick="document.cookie='cookies_accepted=1;path=/';this.parentElement.remove()">Accept cookies</button></div>"""
_DEFERRED_HEAD = b'<template id="deferred-content">'
_DEFERRED_TAIL = b"""</template><p id="deferred-wait">Loading</p><script id="deferred-script">
fetch("/__faults/wait").then(() => {
  const template = document.getElementById("deferred-content");
  template.replaceWith(template.content);
  for (const id of ["deferred-wait", "deferred-script"]) document.getElementById(id).remove();
});</script>"""

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def parse_faults(text: str) -> tuple[Fault, ...]:
    """Names separated by commas, or "all".

    Raises:
        ValueError: an unknown fault; says which there are.

    >>> parse_faults("errors,drops")
    ('errors', 'drops')
    """
    names = FAULTS if text == "all" else tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in FAULTS:
            raise ValueError(f"there is no fault {name!r}; the faults are {', '.join(FAULTS)}, or all")
    return names  # type: ignore[return-value]


class Faults:
    """Puts faults before sites' apps. ``counts`` says how often each was done."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = frozenset(faults)
        self._lock = threading.Lock()
        self._numbers: Counter[str] = Counter()  # GETs of each site
        self._after_write: set[str] = set()  # sites that have not shown a page since a form was sent
        self._uses: Counter[tuple[str, str, str]] = Counter()  # of each site, cookie and value
        self._expired: set[tuple[str, str, str]] = set()
        self.counts: Counter[str] = Counter()

    def forget_sessions(self) -> None:
        """After a reset: cookies of that value are other sessions now."""
        with self._lock:
            self._expired.clear()
            self._uses.clear()

    def wrap(self, name: str, app: App) -> App:
        """``app`` of the site of this name, with the faults."""

        def faulty(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            return self._answer(name, app, environ, start_response)

        return faulty

    def _answer(
        self, name: str, app: App, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(_PREFIX):
            time.sleep(LATE_S)
            start_response("200 OK", [("Content-Type", "text/javascript")])
            return [_LATE_SCRIPT if path.endswith(".js") else b""]
        chosen = self._chosen(name, environ)
        if "latency" in self._faults:
            time.sleep(LATENCY_S)
        if "drops" in chosen:
            environ[CONNECTION].close_connection = True
            environ[CONNECTION].connection.shutdown(socket.SHUT_RDWR)
            start_response("200 OK", [])
            return []
        if "errors" in chosen:
            start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"a fault, asked for"]
        self._strip_expired(name, environ)
        if "slow" in chosen:
            environ[PAUSE] = SLOW_S
        return self._decorated(name, app, environ, start_response)

    def _chosen(self, name: str, environ: dict[str, Any]) -> set[str]:
        """The faults of this request's own; counted."""
        safe = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        with self._lock:
            if not safe:
                self._after_write.add(name)
                return set()
            self._numbers[name] += 1
            number = self._numbers[name]
            # Primes and different remainders, so that no two faults hit one request, nor its repetition.
            chosen = {
                fault
                for fault, every, remainder in (
                    ("errors", ERROR_EVERY, 3),
                    ("drops", DROP_EVERY, 5),
                    ("slow", SLOW_EVERY, 1),
                )
                if fault in self._faults and number % every == remainder
            }
            chosen = chosen - {"errors"} if "drops" in chosen else chosen
            if _is_page(environ) and not chosen & {"errors", "drops"}:
                chosen |= self._expiring(name, environ)
            self.counts.update(chosen)
        return chosen

    def _expiring(self, name: str, environ: dict[str, Any]) -> set[str]:
        """The session of a page that is asked for ends if it has lasted for enough pages."""
        if "sessions" not in self._faults or name not in WITH_ACCOUNTS:
            return set()
        held = [(name, cookie, value) for cookie, value in _cookies(environ)]
        self._uses.update(held)
        if name in self._after_write:
            return set()  # between actions: the page that answers a form still belongs to the session that sent it
        old = [key for key in held if self._uses[key] > SESSION_USES and key not in self._expired]
        self._expired.update(old)
        return {"sessions"} if old else set()

    def _strip_expired(self, name: str, environ: dict[str, Any]) -> None:
        """Let the site not see the cookie of a session that ran out."""
        if "HTTP_COOKIE" in environ:
            with self._lock:
                kept = [f"{k}={v}" for k, v in _cookies(environ) if (name, k, v) not in self._expired]
            environ["HTTP_COOKIE"] = "; ".join(kept)

    def _decorated(
        self, name: str, app: App, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The app's answer, with what is put into pages."""
        answer: list[Any] = []

        def keep(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            answer[:] = [status, headers]

        body = b"".join(app(environ, keep))
        status, headers = answer
        with self._lock:
            if environ["REQUEST_METHOD"] == "GET" and _is_page(environ) and not status.startswith("3"):
                self._after_write.discard(name)
            for key, value in headers:
                if key.lower() == "set-cookie":
                    fresh = {(name, k, morsel.value) for k, morsel in _parsed(value).items()}
                    self._expired -= fresh
                    for cookie in fresh:
                        del self._uses[cookie]
        kind = next((value for key, value in headers if key.lower() == "content-type"), "")
        if kind.startswith("text/html") and environ["REQUEST_METHOD"] == "GET":
            body = self._dressed(body, "cookies_accepted=1" in environ.get("HTTP_COOKIE", ""))
        headers = [(key, value) for key, value in headers if key.lower() != "content-length"]
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _dressed(self, page: bytes, accepted: bool) -> bytes:
        begin, end = page.find(b">", page.find(b"<body")) + 1, page.rfind(b"</body>")
        if begin <= 0 or end < begin:
            return page
        content, added = page[begin:end], b""
        if "deferred" in self._faults:
            content = _DEFERRED_HEAD + content + _DEFERRED_TAIL
        if "scripts" in self._faults:
            added += f'<script async src="{_PREFIX}/late.js"></script>'.encode()
        if "banner" in self._faults and not accepted:
            added += _BANNER
        return page[:begin] + content + added + page[end:]


def _is_page(environ: dict[str, Any]) -> bool:
    return "text/html" in environ.get("HTTP_ACCEPT", "")


def _cookies(environ: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = (pair.strip().partition("=") for pair in environ.get("HTTP_COOKIE", "").split(";"))
    return [(name, value) for name, _, value in pairs if name]


def _parsed(header: str) -> SimpleCookie:
    try:
        return SimpleCookie(header)
    except CookieError:
        return SimpleCookie()
