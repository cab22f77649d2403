"""The embedded sites on WebArena's usual ports, for people with a browser and for other harnesses. Loopback only."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ..errors import SiteError
from ..types import SiteName
from .base import HOST
from .registry import BASE_URLS
from .world import World
from .wsgi_server import KeepAliveHandler, ThreadingWSGIServer

PORTS: dict[SiteName, int] = {
    "shopping": 7770, "shopping_admin": 7780, "gitlab": 8023, "reddit": 9999, "wikipedia": 8888, "map": 3000, "homepage": 4399,
}  # fmt: skip
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
log = logging.getLogger("webarena_gym.serve")


class SiteServer:
    """Serves one world's sites on 127.0.0.1, one port each. ``ports`` may hold 0 for a port of the system's choice."""

    def __init__(self, world: World, ports: Mapping[SiteName, int]) -> None:
        self._world = world
        self._servers: dict[SiteName, ThreadingWSGIServer] = {}
        try:
            for site in world.sites:
                server = ThreadingWSGIServer(("127.0.0.1", ports[site.name]), KeepAliveHandler)
                server.set_app(self._app(site.name, site.origin.removeprefix("http://"), server.server_port))
                self._servers[site.name] = server
        except OSError as error:
            self.stop()
            raise OSError(f"port {ports[site.name]} for {site.name} cannot be had: {error}; choose others with --port-base") from error

    def base_urls(self) -> dict[SiteName, str]:
        """Where each site answers: what its WA_* variable should hold."""
        return {
            name: f"http://localhost:{server.server_port}{urlsplit(BASE_URLS[name]).path}"
            for name, server in self._servers.items()
        }

    def start(self) -> None:
        for name, server in self._servers.items():
            threading.Thread(target=server.serve_forever, name=f"serve-{name}", daemon=True).start()

    def stop(self) -> None:
        """Stop taking requests and free the ports."""
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
        self._servers.clear()

    def _app(self, name: SiteName, host: str, port: int) -> Callable[..., Iterable[bytes]]:
        allowed = {f"{local}:{port}" for local in _LOOPBACK}

        def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if environ.get("HTTP_HOST", "").lower() not in allowed:
                start_response("421 Misdirected Request", [("Content-Type", "text/plain; charset=utf-8")])
                return [b"this server answers on localhost only"]
            environ[HOST] = host
            started, statuses = time.perf_counter(), ["500"]

            def started_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
                statuses[0] = status.split(" ", 1)[0]
                return start_response(status, headers, exc_info)

            try:
                return self._world(environ, started_response)
            except SiteError as error:
                log.error("%s", error)
                start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
                return [b"the site failed; see the server's log"]
            finally:
                took = 1000 * (time.perf_counter() - started)
                log.info("%s %s %s %s %.1f ms", name, environ["REQUEST_METHOD"], environ.get("PATH_INFO"), statuses[0], took)

        return app
