"""The only way out of a browser that visits real sites: a proxy on the loopback interface, one for each env.

Whatever a page does (redirects, frames, form targets, scripts, web sockets, prefetching), its requests come by here, and only
those to the episode's sites go on. The same place repeats safe requests after a passing fault, keeps the pace, notes what the
policy sent, and knows when a page has stopped loading. Encrypted connections pass as they are: of them it knows host and port.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import ada_url

from ..errors import SiteError
from .client import is_download
from .remote_client import event_of
from .transport import HOP_BY_HOP, Traffic, Transport

MAX_REQUEST_BYTES = 32 << 20
_TUNNEL_IDLE_S = 120.0
_DEFAULT_PORTS = {"http:": 80, "https:": 443, "ws:": 80, "wss:": 443}


@dataclass(slots=True)
class Navigations:
    """What became of documents asked for since the last ``begin``. ``asked`` counts for ever."""

    asked: int = 0
    first: str = ""
    """The first page asked for since; empty if a form that changes something was sent first."""
    refused: str = ""
    failure: str = ""
    kept_page: bool = False
    """The newest answer shows nothing: a download, no content, or a refusal."""
    refused_tunnel: str = ""
    """The last other host that an encrypted connection was wanted to, be it for a page or for something on it."""


class FilteringProxy:
    """Listens on 127.0.0.1 until ``close``. ``allowed`` are the origins of the running episode."""

    def __init__(self, transport: Transport, traffic: Traffic) -> None:
        self._transport, self._traffic = transport, traffic
        self.allowed: Sequence[str] = ()
        self._lock = threading.Lock()
        self._open = 0  # requests being answered
        self._last = time.monotonic()  # when the last one began or ended
        self.navigations = Navigations()
        self._named = False  # ``first`` is known, perhaps as nothing
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, name="webarena-gym-proxy", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def begin(self) -> int:
        """Forget what became of earlier documents; returns how many were asked for until now."""
        with self._lock:
            self.navigations = Navigations(asked=self.navigations.asked)
            self._named = False
            return self.navigations.asked

    def quiet_for_s(self) -> float:
        """How long no request has been under way; 0 while one is."""
        with self._lock:
            return 0.0 if self._open else time.monotonic() - self._last

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- on the connections' threads ---

    def counted(self, change: int) -> None:
        with self._lock:
            self._open += change
            self._last = time.monotonic()

    def touched(self) -> None:
        with self._lock:
            self._last = time.monotonic()

    def allows(self, url: str) -> bool:
        try:
            return ada_url.URL(url).origin in self.allowed
        except ValueError:
            return False

    def allows_host(self, host: str, port: int) -> bool:
        return any(
            (parts.hostname, int(parts.port or _DEFAULT_PORTS.get(parts.protocol, 0))) == (host, port)
            for parts in map(ada_url.URL, self.allowed)
        )

    def refuse(self, url: str, navigation: bool) -> None:
        if navigation:
            with self._lock:
                self.navigations.asked += 1
                self.navigations.refused, self.navigations.kept_page = url, True

    def refuse_tunnel(self, host: str) -> None:
        with self._lock:
            self.navigations.refused_tunnel = f"https://{host}/"
            self._last = time.monotonic()

    def fetch(
        self, method: str, url: str, headers: dict[str, str], body: bytes, *, navigation: bool
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """The site's answer; one of 502 if it gave none."""
        if navigation:
            with self._lock:
                self.navigations.asked += 1
                if not self._named:
                    self._named, self.navigations.first = True, url if method == "GET" else ""
        self._traffic.sent(method)
        try:
            status, answered, content = self._transport.exchange(method, url, headers, body)
        except SiteError as error:
            if navigation:
                self.navigations.failure = str(error)
            return 502, [("Content-Type", "text/plain; charset=utf-8")], str(error).encode()
        if navigation:
            leads_nowhere = status in (204, 205) or (status < 300 and is_download(answered))
            with self._lock:
                self.navigations.kept_page = leads_nowhere
                if status >= 500:
                    self.navigations.failure = f"{method} {url} answered with HTTP {status}"
        self._traffic.answered(
            event_of(method, url, headers, body, status, answered, navigation=navigation and method == "GET")
        )
        return status, answered, content


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    proxy: FilteringProxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away in mid-answer is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of the browser."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        proxy = self.server.proxy
        proxy.counted(1)
        try:
            self._answer(proxy)
        finally:
            proxy.counted(-1)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _answer(self, proxy: FilteringProxy) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > MAX_REQUEST_BYTES:
            self.close_connection = True
            return self._send(413, [], b"")
        body = self.rfile.read(int(length))
        navigation = self._is_navigation()
        if not proxy.allows(self.path):
            proxy.refuse(self.path, navigation)
            # To a document request "no content" is an answer that leaves the page as it is.
            return self._send(204 if navigation else 403, [], b"")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        self._send(*proxy.fetch(self.command, self.path, headers, body, navigation=navigation))

    def _is_navigation(self) -> bool:
        """A document for the page or a frame of it; browsers say which only to sites they trust."""
        destination = self.headers.get("Sec-Fetch-Dest")
        return destination == "document" if destination else "Upgrade-Insecure-Requests" in self.headers

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    def do_CONNECT(self) -> None:
        """Encrypted pages and web sockets: bytes both ways, if the episode's sites are there."""
        self.close_connection = True
        host, _, port = self.path.rpartition(":")
        if not port.isdecimal() or not self.server.proxy.allows_host(host, int(port)):
            self.server.proxy.refuse_tunnel(self.path)
            return self._send(403, [], b"")
        try:
            site = socket.create_connection((host.strip("[]"), int(port)), timeout=20)
        except OSError:
            return self._send(502, [], b"")
        with site:
            self.send_response_only(200)
            self.end_headers()
            _copy_both_ways(self.connection, site, self.server.proxy.touched)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _copy_both_ways(one: socket.socket, other: socket.socket, touched: Any) -> None:
    ends = {one: other, other: one}
    while True:
        ready, _, _ = select.select(list(ends), [], [], _TUNNEL_IDLE_S)
        if not ready:
            return
        for end in ready:
            data = end.recv(1 << 16)
            if not data:
                return
            touched()
            ends[end].sendall(data)
