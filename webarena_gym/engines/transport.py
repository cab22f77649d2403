"""Single requests to real sites: bounded in time and size, paced, and sent again after a passing fault where that is safe.

Both engines reach real sites through here, the browser by way of ``proxy``. A request that may change something is sent once:
again only if it certainly never left (no connection). Not covered: HTTP/2, client certificates, answers that never end.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..errors import MissingDependency, SiteError
from ..sites.events import in_one_form
from ..sites.remote import RemoteConfig
from ..types import NetworkEvent
from .client import header

if TYPE_CHECKING:
    from urllib3 import PoolManager

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PASSING_STATUSES = frozenset({429, 500, 502, 503, 504})
_MAX_PAUSE_S = 10.0
_CHUNK_BYTES = 1 << 16
# What belongs to one connection (RFC 9110, 7.6.1), and what the library sets anew.
HOP_BY_HOP = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade "
    "content-length content-encoding".split()
)


class RawReply(NamedTuple):
    """One answer, whatever its status; the body is decompressed and the headers say nothing of the connection."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Traffic:
    """What the policy's requests were: ``events`` for ``scoring="verified"``, ``writes`` counts those that may change a site.

    Requests within ``aside()`` are not the policy's: signing in, and looking at pages for an evaluator.
    """

    def __init__(self) -> None:
        self.events: list[NetworkEvent] = []
        self.writes = 0
        self._aside = 0
        self._lock = threading.Lock()

    @contextmanager
    def aside(self) -> Iterator[None]:
        with self._lock:
            self._aside += 1
        try:
            yield
        finally:
            with self._lock:
                self._aside -= 1

    def sent(self, method: str) -> None:
        """A request sets out; whether or not an answer comes, it may change something."""
        with self._lock:
            self.writes += not self._aside and method not in SAFE_METHODS

    def answered(self, event: NetworkEvent) -> None:
        with self._lock:
            if not self._aside:
                self.events.append(in_one_form(event))

    def clear(self) -> None:
        """Forget the events; ``writes`` goes on counting."""
        with self._lock:
            self.events.clear()


class Transport:
    """Sends single requests. May be used from several threads.

    Raises:
        MissingDependency: urllib3 is not installed.
    """

    def __init__(self, config: RemoteConfig) -> None:
        self._config = config
        self._pool = _pool()
        self._next_turn: dict[str, float] = {}
        self._lock = threading.Lock()

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> RawReply:
        """The answer to one request, redirects not followed. A site that keeps failing with a status is answered with that.

        Raises:
            SiteError: there was no whole answer.
        """
        safe = method in SAFE_METHODS
        reply, failure = None, None
        for attempt in range(self._config.attempts):
            if attempt:
                time.sleep(self._pause_s(attempt, reply))
            self._wait_turn(url)
            reply, failure, sent = self._once(method, url, headers, body)
            if failure is not None and (safe or not sent):
                continue
            if reply is None or not safe or reply.status not in PASSING_STATUSES:
                break
        if reply is None:
            raise SiteError(f"{method} {url} got no answer: {failure}")
        return reply

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[RawReply | None, Exception | None, bool]:
        """(answer, failure, whether the request may have arrived)."""
        from urllib3 import exceptions

        started = time.monotonic()
        sent = {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}
        sent = {name: value for name, value in sent.items() if name.lower() != "accept-encoding"}
        sent["Accept-Encoding"] = "identity"
        try:
            response = self._pool.request(
                method, url, headers=sent, body=body or (b"" if method == "POST" else None), redirect=False, retries=False,
                preload_content=False, decode_content=True, timeout=self._config.request_timeout_s,
            )  # fmt: skip
        except (exceptions.NewConnectionError, exceptions.ConnectTimeoutError) as error:
            return None, error, False
        except exceptions.HTTPError as error:
            return None, error, True
        try:
            chunks: list[bytes] = []
            size = 0
            for chunk in response.stream(_CHUNK_BYTES, decode_content=True):
                size += len(chunk)
                if size > self._config.max_body_bytes:
                    raise SiteError(f"{url} answered with more than {self._config.max_body_bytes} bytes")
                if time.monotonic() - started > self._config.request_timeout_s:
                    return None, TimeoutError(f"not whole within {self._config.request_timeout_s:g} s"), True
                chunks.append(chunk)
        except (exceptions.HTTPError, OSError) as error:
            return None, error, True
        finally:
            _finish(response, whole=response.closed)
        kept = [(name, value) for name, value in response.headers.items() if name.lower() not in HOP_BY_HOP]
        return RawReply(response.status, kept, b"".join(chunks)), None, True

    def _pause_s(self, attempt: int, reply: RawReply | None) -> float:
        asked = header(reply.headers, "retry-after") if reply is not None else None
        pause_s = float(asked) if asked and asked.isdecimal() else self._config.backoff_s * 2 ** (attempt - 1)
        return min(pause_s, _MAX_PAUSE_S)

    def _wait_turn(self, url: str) -> None:
        """Not sooner after the last request to this host than ``requests_per_s`` allows."""
        gap_s = 1 / self._config.requests_per_s
        if gap_s == 0:
            return
        host = urlsplit(url).netloc
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next_turn.get(host, now))
            self._next_turn[host] = turn + gap_s
        time.sleep(max(0.0, turn - now))

    def close(self) -> None:
        self._pool.clear()


def _finish(response: object, *, whole: bool) -> None:
    """Hand the connection back for the next request, or close one whose answer was left in the middle."""
    if whole:
        response.release_conn()  # type: ignore[attr-defined]
    else:
        response.close()  # type: ignore[attr-defined]


def _pool() -> PoolManager:
    try:
        from urllib3 import PoolManager
    except ImportError:
        raise MissingDependency("urllib3", "remote", "sites='remote'") from None
    return PoolManager(num_pools=16, maxsize=16)
