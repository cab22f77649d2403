"""wsgiref's server with a thread for each connection, connections kept open, and no log."""

from __future__ import annotations

import socketserver
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

RAW_PATH = "webarena_gym.raw_path"  # the path as it was sent, not decoded
CONNECTION = "webarena_gym.connection"  # the handler; an app sets its ``close_connection`` to end the connection


class ThreadingWSGIServer(socketserver.ThreadingMixIn, WSGIServer):
    """A WSGI server with a thread for each connection, kept open between requests."""

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


class KeepAliveHandler(WSGIRequestHandler):
    """Answers every request of a connection, quietly."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes, and the second would wait for the first to be noticed.
    disable_nagle_algorithm = True

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
        environ[RAW_PATH] = self.path.split("?", 1)[0]
        environ[CONNECTION] = self
        handler = _ServerHandler(self.rfile, self.wfile, self.get_stderr(), environ, multithread=True)
        handler.request_handler = self  # type: ignore[attr-defined]
        handler.run(self.server.get_app())  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:
        pass
