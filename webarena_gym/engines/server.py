"""One loopback server per process, through which Chromium reaches the worlds of this process's envs.

A browser context sends its world's token as a header; a request without a known token is refused, so no other program
on the machine sees an episode. The server binds 127.0.0.1 on a port of the system's choice.
"""

from __future__ import annotations

import itertools
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import InfraError
from ..sites.wsgi_server import CONNECTION, KeepAliveHandler, ThreadingWSGIServer
from .wsgi import WsgiApp

TOKEN_HEADER = "X-Webarena-Gym-World"
_TOKEN_KEY = "HTTP_X_WEBARENA_GYM_WORLD"


class LoopbackServer:
    """Serves WSGI apps by token on 127.0.0.1."""

    def __init__(self) -> None:
        self._worlds: dict[str, WsgiApp] = {}
        self._closed = False
        self._tokens = itertools.count(1)
        self._secret = secrets.token_hex(8)  # never shown to a policy; keeps other local programs out
        self._server = ThreadingWSGIServer(("127.0.0.1", 0), KeepAliveHandler)
        self._server.set_app(self._dispatch)
        self.port: int = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, name="webarena-gym-loopback", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Requests are still taken."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Take no more requests, on open connections neither, and free the port."""
        self._closed = True
        self._server.shutdown()
        self._server.server_close()

    def add(self, world: WsgiApp) -> str:
        """Serve ``world``; returns the token that reaches it."""
        token = f"{self._secret}-{next(self._tokens)}"
        self._worlds[token] = world
        return token

    def remove(self, token: str) -> None:
        self._worlds.pop(token, None)

    def _dispatch(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._closed:
            environ[CONNECTION].connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError("the server has ended")  # which wsgiref takes for the other side's end
        world = self._worlds.get(environ.pop(_TOKEN_KEY, ""))
        if world is None:
            start_response("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"no world belongs to this request"]
        try:
            return world(environ, start_response)
        except InfraError as error:  # the world keeps it in ``failure``; the browser only needs an answer
            start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [str(error).encode()]


_servers: dict[int, LoopbackServer] = {}
_lock = threading.Lock()


def loopback_server() -> LoopbackServer:
    """This process's server, started on first use, again after a fork and after it ended."""
    with _lock:
        pid = os.getpid()
        if pid not in _servers or not _servers[pid].alive:
            _servers[pid] = LoopbackServer()
        return _servers[pid]
