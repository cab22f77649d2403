"""The embedded sites on WebArena's usual ports, for people with a browser and for other harnesses. Loopback only.

Beside the sites stands a port for what WebArena's clients call a full reset: ``GET /reset`` puts every site back to its
image and drops all sessions, ``GET /status`` answers ``Ready for duty!``. Not covered: TLS, chunked request bodies.
"""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from ..errors import SiteError
from ..types import SiteName
from .base import EVALUATOR, HOST, SITE_URLS
from .faults import PAUSE, Faults
from .registry import BASE_URLS
from .world import World
from .wsgi_server import CONNECTION, RAW_PATH, KeepAliveHandler, ThreadingWSGIServer

ServerName = SiteName | Literal["full_reset"]
PORTS: dict[ServerName, int] = {
    "shopping": 7770, "shopping_admin": 7780, "gitlab": 8023, "reddit": 9999, "wikipedia": 8888, "map": 3000, "homepage": 4399,
    "full_reset": 7565,
}  # fmt: skip
MAX_BODY_BYTES = 8 << 20  # of a request; the sites themselves take 4 MiB
READY = "Ready for duty!"
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_STOP_TIMEOUT_S = 5.0
log = logging.getLogger("webarena_gym.serve")

_App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SiteServer:
    """Serves one world's sites on 127.0.0.1, one port each, and the full reset on another.

    ``ports`` may hold 0 for a port of the system's choice. ``faults`` are put before every site.

    Raises:
        OSError: a port cannot be had; says which, and for what.
    """

    def __init__(self, world: World, ports: Mapping[ServerName, int], faults: Faults | None = None) -> None:
        self._world, self._faults = world, faults
        self._servers: dict[ServerName, ThreadingWSGIServer] = {}
        self._started = self._stopping = False
        self._resetting = threading.Lock()
        self._idle = threading.Condition()
        self._requests = 0  # being answered now
        apps: dict[ServerName, _App] = {site.name: self._site_app(site.origin) for site in world.sites}
        if faults is not None:
            apps = {name: faults.wrap(name, app) for name, app in apps.items()}
        apps["full_reset"] = self._reset_app
        for name, app in apps.items():
            try:
                server = ThreadingWSGIServer(("127.0.0.1", ports[name]), KeepAliveHandler)
            except OSError as error:
                self.stop()
                raise OSError(
                    f"port {ports[name]} for {name} cannot be had: {error}; choose others with --port-base"
                ) from error
            server.set_app(self._guarded(name, app, server.server_port))
            self._servers[name] = server
        self._addresses = self.base_urls()

    def base_urls(self) -> dict[SiteName, str]:
        """Where each site answers: what its WA_* variable should hold."""
        return {
            name: f"{self._origin(name)}{urlsplit(url).path}"
            for name, url in BASE_URLS.items()
            if name in self._servers
        }

    def reset_url(self) -> str:
        """What WA_FULL_RESET should hold."""
        return self._origin("full_reset")

    def _origin(self, name: ServerName) -> str:
        return f"http://localhost:{self._servers[name].server_port}"

    def start(self) -> None:
        """Take requests, on threads of their own."""
        self._started = True
        for name, server in self._servers.items():
            threading.Thread(target=server.serve_forever, name=f"serve-{name}", daemon=True).start()

    def stop(self) -> None:
        """Take no more requests, let those that are being answered end, and free the ports. May be called twice."""
        self._stopping = True
        for server in self._servers.values():
            if self._started:
                server.shutdown()  # waits for the loop, so it must have begun
            server.server_close()
        with self._idle:
            self._idle.wait_for(lambda: not self._requests, timeout=_STOP_TIMEOUT_S)
        self._servers.clear()

    # --- apps ---

    def _site_app(self, origin: str) -> _App:
        host = origin.removeprefix("http://")

        def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            environ[HOST], environ[SITE_URLS] = host, self._addresses
            environ[EVALUATOR] = True  # nobody reads the events here, and kept they would grow without end
            return self._world(environ, start_response)

        return app

    def _reset_app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "").rstrip("/")
        if path == "/status":
            return _plain(start_response, "200 OK", READY)
        if path != "/reset":
            return _plain(start_response, "404 Not Found", "there are /reset and /status")
        if not self._resetting.acquire(blocking=False):
            return _plain(start_response, "418 I'm a teapot", "a reset is running already")
        try:
            self._world.reset()
            if self._faults is not None:
                self._faults.forget_sessions()
        finally:
            self._resetting.release()
        return _plain(start_response, "200 OK", "every site is as it was built")

    def _guarded(self, name: ServerName, app: _App, port: int) -> _App:
        """``app`` behind what every port refuses, with a line in the log for each request."""
        hosts = {f"{local}:{port}" for local in _LOOPBACK}

        def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            started, statuses = time.perf_counter(), ["500"]

            def noted(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
                statuses[0] = status.split(" ", 1)[0]
                return start_response(status, headers)

            with self._idle:
                self._requests += 1
            try:
                body = self._answer(name, app, environ, noted, hosts)
            except BaseException:  # whatever it is, this request is no longer being answered
                self._sent()
                raise
            finally:
                query = environ.get("QUERY_STRING", "")
                took_ms = 1000 * (time.perf_counter() - started)
                # The path as it was sent: a decoded one could hold line breaks and forge other lines.
                path = f"{environ[RAW_PATH]}{'?' + query if query else ''}"
                log.info("%s %s %s %s %.1f ms", name, environ["REQUEST_METHOD"], path, statuses[0], took_ms)
            return _Answer(body, self._sent, environ.get(PAUSE, 0.0))

        return guarded

    def _sent(self) -> None:
        with self._idle:
            self._requests -= 1
            self._idle.notify_all()

    def _answer(
        self, name: ServerName, app: _App, environ: dict[str, Any], start_response: Callable[..., Any], hosts: set[str]
    ) -> Iterable[bytes]:
        refusal = "503 Service Unavailable" if self._stopping else _refusal(name, environ, hosts)
        if refusal:
            environ[CONNECTION].close_connection = True  # what it still sends is no next request
            return _plain(start_response, refusal, _REASONS[refusal])
        try:
            return app(environ, start_response)
        except SiteError as error:
            log.error("%s: %s", name, error, exc_info=error.__cause__)
            return _plain(start_response, "500 Internal Server Error", "the site failed; see the server's log")


class _Answer(list[bytes]):
    """A body that says when it has been sent, or could not be: WSGI servers close it then.

    With ``pause_s`` it comes in two halves; its length must then be among the headers.
    """

    def __init__(self, body: Iterable[bytes], sent: Callable[[], None], pause_s: float = 0.0) -> None:
        super().__init__(body)
        self._sent, self._pause_s = sent, pause_s

    def __iter__(self) -> Iterator[bytes]:
        if not self._pause_s:
            return super().__iter__()
        return self._halves(b"".join(super().__iter__()))

    def _halves(self, body: bytes) -> Iterator[bytes]:
        yield body[: len(body) // 2]
        time.sleep(self._pause_s)
        yield body[len(body) // 2 :]

    def close(self) -> None:
        self._sent()


_REASONS = {
    "400 Bad Request": "the body is not as long as it says",
    "403 Forbidden": "cross-site request refused",
    "411 Length Required": "chunked bodies are not taken",
    "413 Content Too Large": "the body is too large",
    "421 Misdirected Request": "this server answers on localhost only",
    "503 Service Unavailable": "the server is stopping",
}


def _refusal(name: ServerName, environ: dict[str, Any], hosts: set[str]) -> str:
    """The status to refuse a request with, empty for one that may pass; reads its body.

    Other pages in the same browser can send requests here, so what changes something must not come from one. (Sites
    compare the Origin of a post themselves; the reset is a GET.) The body is read here, before the request waits for the
    world, which a client that sends half of it would otherwise hold up for all.
    """
    if environ.get("HTTP_HOST", "").lower() not in hosts:
        return "421 Misdirected Request"
    changes = name == "full_reset" or environ["REQUEST_METHOD"] not in ("GET", "HEAD")
    if changes and environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("none", "same-origin"):
        return "403 Forbidden"
    if "HTTP_TRANSFER_ENCODING" in environ:
        return "411 Length Required"
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return "400 Bad Request"
    if int(length) > MAX_BODY_BYTES:
        return "413 Content Too Large"
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return "" if len(body) == int(length) else "400 Bad Request"


def _plain(start_response: Callable[..., Any], status: str, text: str) -> list[bytes]:
    body = text.encode()
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
