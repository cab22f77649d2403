"""One env's private copy of its sites: a WSGI callable that routes by host name, reset in well under a millisecond."""

from __future__ import annotations

import functools
import hashlib
import io
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import SiteError
from ..types import NetworkEvent, RowChange, SiteName
from .base import EVALUATOR, EVENTS, FRAMEWORK_TABLES, HIDDEN, HOST, SITE_URLS, STORE, BuildOptions, Site
from .events import in_one_form
from .image import ensure_image, fingerprint
from .registry import get_site
from .state import SiteState

BUILT_FROM = ("base.py", "magento.py")  # what images come from besides the site's own folder
_FRAMEWORK = Path(__file__).parent


def site_image(site: Site, options: BuildOptions, cache_dir: Path | None = None) -> Path:
    """The site's image for these options, built on first use."""
    key = _image_key(site.folder, options.key())
    return ensure_image(site.name, key, lambda connection: site.build(connection, options), cache_dir)


@functools.cache  # the sources are those that this process runs; to read them takes ten times as long as to open an image
def _image_key(folder: Path, options_key: str) -> str:
    shared = "".join((_FRAMEWORK / name).read_text(encoding="utf-8") for name in BUILT_FROM)
    return fingerprint(folder, extra=options_key + shared)


class World:
    """The sites of one env. Sites are opened when first visited.

    ``events`` lists what the policy's requests would have looked like on the real sites, in order. ``failure`` keeps the
    last exception of a handler, for engines that only see HTTP.
    """

    def __init__(
        self,
        sites: Sequence[SiteName],
        *,
        options: BuildOptions | None = None,
        cache_dir: Path | None = None,
        find_site: Callable[[str], Site] = get_site,
    ) -> None:
        self._sites = {site.origin.removeprefix("http://"): site for site in map(find_site, sites)}
        self._addresses = {site.name: site.base_url for site in self._sites.values()}
        self._options, self._cache_dir = options or BuildOptions(), cache_dir
        self._open: dict[str, tuple[SiteState, Any, Any]] = {}  # host -> state, store, app
        self._lock = threading.RLock()
        self.events: list[NetworkEvent] = []
        self.failure: BaseException | None = None

    @property
    def sites(self) -> tuple[Site, ...]:
        return tuple(self._sites.values())

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(site.origin for site in self.sites)

    def reset(self) -> None:
        """Every opened site back to its image."""
        with self._lock:
            for state, _, _ in self._open.values():
                state.reset()
            self.events.clear()
            self.failure = None

    def close_others(self, names: Collection[SiteName]) -> None:
        """Close the sites that are not among ``names``, each of which holds megabytes; one that is visited opens again.

        A thousand envs over all sites would else come to hold seven thousand open sites. Call it on a reset world: what was
        written to a site that closes is gone.
        """
        with self._lock:
            for host in [host for host in self._open if self._sites[host].name not in names]:
                state, _, _ = self._open.pop(host)
                state.close()

    @property
    def revision(self) -> int:
        """Grows whenever a site's state was written to; equal revisions mean equal state."""
        return sum(state.connection.total_changes for state, _, _ in self._open.values())

    def sign_in(self, name: SiteName) -> Mapping[str, str]:
        """Open a session for the site's user; returns cookies by name."""
        with self._lock:
            host, site = next((host, site) for host, site in self._sites.items() if site.name == name)
            return site.sign_in(self._opened(host)[1])

    def store(self, name: SiteName) -> Any:
        """The site's store, for generated tasks' predicates and for tests."""
        with self._lock:
            host = next(host for host, site in self._sites.items() if site.name == name)
            return self._opened(host)[1]

    def state_hash(self) -> str:
        """One hash over the state of every site of this world."""
        with self._lock:
            parts = [f"{host}:{self._opened(host)[0].hash()}" for host in sorted(self._sites)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def changes(self) -> tuple[RowChange, ...]:
        """The rows that are not as the images have them, of all tables but those that count clicks and sessions."""
        with self._lock:
            return tuple(
                RowChange(self._sites[host].name, table, kind, before, after)
                for host, (state, _, _) in self._open.items()
                for table, kind, before, after in state.changes(FRAMEWORK_TABLES | self._sites[host].incidental_tables)
            )

    def _opened(self, host: str) -> tuple[SiteState, Any, Any]:
        if host not in self._open:
            site = self._sites[host]
            state = SiteState(site_image(site, self._options, self._cache_dir))
            self._open[host] = state, site.store(state.connection), site.app()
        return self._open[host]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI. A host that is none of this world's sites is refused; a handler that fails raises SiteError."""
        host = environ.get(HOST) or environ.get("HTTP_HOST", "").lower()
        if host not in self._sites:
            start_response("421 Misdirected Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"no such site here"]
        with self._lock:
            _, store, app = self._opened(host)
            environ[STORE] = store
            environ.setdefault(SITE_URLS, self._addresses)
            exchange = _Exchange(environ, start_response)
            try:
                body = list(app(environ, exchange.start_response))
            except Exception as error:  # any bug of a handler: it is the site's failure, not the policy's
                self.failure = error
                raise SiteError(
                    f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')} failed: {error!r}"
                ) from error
            if not environ.get(EVALUATOR):
                self.events.extend(map(in_one_form, exchange.events()))
            return body

    def close(self) -> None:
        with self._lock:
            for state, _, _ in self._open.values():
                state.close()
            self._open.clear()


class _Exchange:
    """One request and its answer, as the network events the real site would have shown."""

    def __init__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> None:
        self._environ, self._start_response = environ, start_response
        self._status, self._response_headers = 0, ()
        length = int(environ.get("CONTENT_LENGTH") or 0)
        self._body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(self._body)
        self._recorded: list[NetworkEvent] = []
        environ[EVENTS] = self._recorded

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self._status, self._response_headers = int(status.split(" ", 1)[0]), tuple(headers)
        return self._start_response(status, headers)

    def events(self) -> list[NetworkEvent]:
        """What the handler recorded, then the request itself unless the handler asked to leave it out."""
        if self._environ.get(HIDDEN):
            return self._recorded
        environ = self._environ
        query = environ.get("QUERY_STRING", "")
        path = environ.get("webarena_gym.raw_path") or quote(environ.get("PATH_INFO", ""), safe="/:@!$&'()*+,;=~-._")
        return [
            *self._recorded,
            NetworkEvent(
                method=environ["REQUEST_METHOD"],
                url=f"http://{environ['HTTP_HOST']}{path}{'?' + query if query else ''}",
                status=self._status,
                navigation=environ["REQUEST_METHOD"] == "GET",
                headers=tuple(
                    (key.removeprefix("HTTP_").replace("_", "-").lower(), value)
                    for key, value in environ.items()
                    if key.startswith("HTTP_") and isinstance(value, str)
                ),
                body=self._body.decode("utf-8", "replace"),
                content_type=environ.get("CONTENT_TYPE", ""),
                response_headers=self._response_headers,
            ),
        ]
