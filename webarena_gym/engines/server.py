"""One loopback server per process, through which Chromium reaches the worlds of this process's envs.

A browser context sends its world's token as a header; a request without a known token is refused, so no other program
on the machine sees an episode. The server binds 127.0.0.1 on a port of the system's choice.
"""

from __future__ import annotations

import itertools
import os
import secrets
import socketserver
import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

from ..errors import InfraError
from .wsgi import WsgiApp

TOKEN_HEADER = "X-Webarena-Gym-World"
_TOKEN_KEY = "HTTP_X_WEBARENA_GYM_WORLD"


class LoopbackServer:
    """Serves WSGI apps by token on 127.0.0.1."""

    def __init__(self) -> None:
        self._worlds: dict[str, WsgiApp] = {}
        self._tokens = itertools.count(1)
        self._secret = secrets.token_hex(8)  # never shown to a policy; keeps other local programs out
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.set_app(self._dispatch)
        self.port: int = self._server.server_port
        threading.Thread(target=self._server.serve_forever, name="webarena-gym-loopback", daemon=True).start()

    def add(self, world: WsgiApp) -> str:
        """Serve ``world``; returns the token that reaches it."""
        token = f"{self._secret}-{next(self._tokens)}"
        self._worlds[token] = world
        return token

    def remove(self, token: str) -> None:
        self._worlds.pop(token, None)

    def _dispatch(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        world = self._worlds.get(environ.pop(_TOKEN_KEY, ""))
        if world is None:
            start_response("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"no world belongs to this request"]
        try:
            return world(environ, start_response)
        except InfraError as error:  # the world keeps it in ``failure``; the browser only needs an answer
            start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [str(error).encode()]


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away in mid-answer is nothing to report."""


class _ServerHandler(ServerHandler):
    http_version = "1.1"

    def cleanup_headers(self) -> None:
        super().cleanup_headers()
        # The answer is a list of bytes, so its length is known and the connection can stay open.
        if "Content-Length" not in self.headers:
            self.headers["Content-Length"] = str(sum(map(len, self.result)))  # type: ignore[arg-type]


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Keep the connection open between requests, which wsgiref's own handler does not."""
        self.close_connection = False
        while not self.close_connection:
            self._handle_one()

    def _handle_one(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if len(self.raw_requestline) > 65536 or not self.parse_request():
            self.close_connection = True
            return
        environ = self.get_environ()
        environ["webarena_gym.raw_path"] = self.path.split("?", 1)[0]
        handler = _ServerHandler(self.rfile, self.wfile, self.get_stderr(), environ, multithread=True)
        handler.request_handler = self  # type: ignore[attr-defined]
        handler.run(self.server.get_app())  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:
        pass


_servers: dict[int, LoopbackServer] = {}
_lock = threading.Lock()


def loopback_server() -> LoopbackServer:
    """This process's server, started on first use (again after a fork)."""
    with _lock:
        pid = os.getpid()
        if pid not in _servers:
            _servers[pid] = LoopbackServer()
        return _servers[pid]
