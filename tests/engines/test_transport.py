"""Single requests to real sites: what is sent again, what is not, and what bounds them."""

from __future__ import annotations

import gzip
import re
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from tests.servers import SocketServer
from webarena_gym.engines.client import CookieJar
from webarena_gym.engines.remote_client import RemoteClient
from webarena_gym.engines.time_budget import TimeBudget
from webarena_gym.engines.transport import Traffic, Transport
from webarena_gym.errors import NavigationRefused, SiteError
from webarena_gym.sites.remote import RemoteConfig

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"
BUSY = b"HTTP/1.1 503 Busy\r\nConnection: close\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
BROKEN = b"HTTP/1.1 500 Broken\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
DROP = b""
HALF = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nhalf"


class Scripted(SocketServer):
    """Answers each connection's one request with the next of ``answers``."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.requests: list[bytes] = []
        super().__init__(self._answer_next)

    def _answer_next(self, connection: socket.socket) -> None:
        self.requests.append(_received(connection))
        connection.sendall(self.answers.pop(0))


def _received(connection: socket.socket) -> bytes:
    """A whole request. A connection closed with bytes unread is reset, and the client may lose the answer to that."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", received)
    end = received.index(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0)
    while len(received) < end:
        received += connection.recv(65536)
    return received


@pytest.fixture
def server() -> Iterator[Scripted]:
    started = Scripted()
    yield started
    started.close()


@pytest.fixture
def transport(server: Scripted) -> Callable[..., Transport]:
    def make(**settings: object) -> Transport:
        return Transport(RemoteConfig(base_urls={"map": server.url}, backoff_s=0, **settings))  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize("fault", [BUSY, BROKEN, DROP, HALF])
def test_a_safe_request_is_sent_again_after_a_passing_fault(
    server: Scripted, transport: Callable[..., Transport], fault: bytes
) -> None:
    server.answers = [fault, fault, OK]
    assert transport().exchange("GET", server.url, {}).body == b"ok"
    assert len(server.requests) == 3


@pytest.mark.parametrize("fault", [DROP, HALF])
def test_a_post_without_an_answer_is_not_sent_again(
    server: Scripted, transport: Callable[..., Transport], fault: bytes
) -> None:
    server.answers = [fault, OK]
    with pytest.raises(SiteError, match="got no answer"):
        transport().exchange("POST", server.url, {}, b"a=1")
    assert len(server.requests) == 1


def test_a_post_that_fails_is_not_sent_again_and_its_status_is_the_answer(
    server: Scripted, transport: Callable[..., Transport]
) -> None:
    server.answers = [BROKEN, OK]
    assert transport().exchange("POST", server.url, {}, b"a=1").status == 500
    assert len(server.requests) == 1


def test_a_post_that_reached_nobody_is_tried_again(transport: Callable[..., Transport]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    tried = transport(attempts=2)
    pauses: list[int] = []
    tried._pause_s = lambda attempt, reply: pauses.append(attempt) or 0.0  # type: ignore[method-assign, func-returns-value]
    with pytest.raises(SiteError, match="refused"):
        tried.exchange("POST", f"http://127.0.0.1:{port}", {}, b"a=1")
    assert pauses == [1]


def test_a_fault_that_lasts_is_told_after_all_attempts(server: Scripted, transport: Callable[..., Transport]) -> None:
    server.answers = [BROKEN] * 3
    assert transport(attempts=3).exchange("GET", server.url, {}).status == 500
    assert len(server.requests) == 3


def test_an_answer_that_is_too_large_is_a_failure_of_the_site(
    server: Scripted, transport: Callable[..., Transport]
) -> None:
    packed = gzip.compress(b"0" * 100_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    server.answers = [head + packed]
    with pytest.raises(SiteError, match="more than 50000 bytes"):
        transport(max_body_bytes=50_000).exchange("GET", server.url, {})
    server.answers = [head + packed]
    reply = transport().exchange("GET", server.url, {})
    assert len(reply.body) == 100_000 and "content-encoding" not in {name.lower() for name, _ in reply.headers}


def test_requests_to_a_site_keep_their_distance(server: Scripted, transport: Callable[..., Transport]) -> None:
    paced = transport(requests_per_s=20)
    server.answers = [OK] * 4
    started = time.monotonic()
    for _ in range(4):
        paced.exchange("GET", server.url, {})
    assert time.monotonic() - started >= 3 / 20  # a least time, which a slow machine only makes longer


def test_a_client_refuses_other_origins_before_it_asks(server: Scripted, transport: Callable[..., Transport]) -> None:
    client = RemoteClient(transport(), CookieJar(), (server.url,))
    for url in (
        "http://127.0.0.1:1/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        server.url.replace("//", "//user:pw@"),
    ):
        with pytest.raises(NavigationRefused):
            client.send("GET", url)
    server.answers = [b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n"]
    with pytest.raises(NavigationRefused, match=r"127\.0\.0\.1:1/x"):
        client.send("GET", server.url)
    assert len(server.requests) == 1


def test_to_an_evaluator_other_origins_are_pages_that_are_not_there(
    server: Scripted, transport: Callable[..., Transport]
) -> None:
    client = RemoteClient(transport(), CookieJar(), (server.url,))
    server.answers = [b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n"]
    assert [client.get(url).status for url in ("about:blank", "http://127.0.0.1:1/", server.url)] == [421, 421, 421]
    assert len(server.requests) == 1


def test_a_status_of_500_is_the_sites_failure_to_a_policy_and_a_status_to_an_evaluator(
    server: Scripted, transport: Callable[..., Transport]
) -> None:
    once = transport(attempts=1)
    server.answers = [BROKEN, BROKEN]
    assert RemoteClient(once, CookieJar(), (server.url,)).get(server.url).status == 500
    with pytest.raises(SiteError, match="HTTP 500"):
        RemoteClient(once, CookieJar(), (server.url,), Traffic()).get(server.url)


def test_traffic_counts_what_may_have_changed_a_site_answered_or_not(
    server: Scripted, transport: Callable[..., Transport]
) -> None:
    traffic = Traffic()
    client = RemoteClient(transport(), CookieJar(), (server.url,), traffic)
    server.answers = [OK, OK, DROP, OK]
    client.get(server.url)
    client.request("POST", server.url, body="a=1")
    with pytest.raises(SiteError):
        client.request("POST", server.url, body="a=1")
    with traffic.aside():
        client.request("POST", server.url, body="a=1")
    assert traffic.writes == 2
    assert [(event.method, event.status, event.navigation) for event in traffic.events] == [
        ("GET", 200, True),
        ("POST", 200, False),
    ]


def test_the_time_that_sites_take_is_limited_and_other_time_is_not() -> None:
    budget = TimeBudget(0.05)
    with budget.running():
        pass
    time.sleep(0.1)  # the policy thinks
    with budget.running():
        pass
    with pytest.raises(SiteError, match=r"the limit is 0\.05 s"), budget.running():
        time.sleep(0.1)
    budget.begin()
    with budget.running():
        pass
