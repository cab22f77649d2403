"""The proxy that a browser on real sites lives behind: which hosts it reaches, tunnels and web sockets included."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.servers import SocketServer
from webarena_gym.engines.proxy import FilteringProxy
from webarena_gym.engines.transport import Traffic, Transport
from webarena_gym.sites.remote import RemoteConfig


class Echo(SocketServer):
    """A site that sends raw bytes back and has one page, and keeps what each connection received."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        super().__init__(self._answer_one)

    def _answer_one(self, connection: socket.socket) -> None:
        data = connection.recv(65536)
        self.received.append(data)
        if data.startswith(b"raw"):
            connection.sendall(data)
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere")


@pytest.fixture
def sites() -> Iterator[tuple[Echo, Echo]]:
    """One of the episode's, and another."""
    pair = Echo(), Echo()
    yield pair
    for site in pair:
        site.close()


@pytest.fixture
def proxy(sites: tuple[Echo, Echo]) -> Iterator[FilteringProxy]:
    transport = Transport(RemoteConfig(base_urls={"map": sites[0].url}, attempts=1))
    made = FilteringProxy(transport, Traffic())
    made.allowed = (sites[0].url,)
    yield made
    made.close()
    transport.close()


def send(proxy: FilteringProxy, data: bytes) -> bytes:
    """What the proxy answers on a connection of its own."""
    port = urlsplit(proxy.address).port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        received = connection.recv(65536)
        connection.settimeout(0.5)
        try:
            while more := connection.recv(65536):
                received += more
        except TimeoutError:
            pass
        return received


def request(url: str, method: str = "GET", **headers: str) -> bytes:
    lines = [f"{method} {url} HTTP/1.1", f"Host: {urlsplit(url).netloc}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def test_requests_to_the_episodes_sites_pass_and_are_noted(proxy: FilteringProxy, sites: tuple[Echo, Echo]) -> None:
    asked = proxy.begin()
    assert send(proxy, request(f"{sites[0].url}/page", Upgrade_Insecure_Requests="1")).endswith(b"here")
    assert sites[0].received[0].startswith(b"GET /page HTTP/1.1\r\n")
    assert (proxy.navigations.asked, proxy.navigations.first) == (asked + 1, f"{sites[0].url}/page")


def test_other_hosts_are_not_asked_and_documents_leave_the_page_as_it_is(
    proxy: FilteringProxy, sites: tuple[Echo, Echo]
) -> None:
    other = f"{sites[1].url}/x"
    assert send(proxy, request(other)).startswith(b"HTTP/1.1 403")
    assert proxy.navigations.refused == ""
    assert send(proxy, request(other, Upgrade_Insecure_Requests="1")).startswith(b"HTTP/1.1 204")
    assert proxy.navigations.refused == other
    for url in (
        "https://127.0.0.1/",
        "ftp://127.0.0.1/",
        "/",
        sites[0].url.replace("127.0.0.1", "localhost"),
    ):
        assert send(proxy, request(url)).split()[1] in (b"403", b"204")
    assert sites[1].received == []


def test_tunnels_lead_to_the_episodes_sites_alone(proxy: FilteringProxy, sites: tuple[Echo, Echo]) -> None:
    port = urlsplit(proxy.address).port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"CONNECT 127.0.0.1:{sites[0].port} HTTP/1.1\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        connection.sendall(b"raw bytes")
        assert connection.recv(1000) == b"raw bytes"
    for target in (f"127.0.0.1:{sites[1].port}", f"localhost:{sites[0].port}", "127.0.0.1:x", "127.0.0.1"):
        assert send(proxy, f"CONNECT {target} HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 403")
    assert sites[1].received == []


def test_a_site_that_is_not_there_is_a_failure_of_the_document(proxy: FilteringProxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
    proxy.allowed = (gone,)
    proxy.begin()
    assert send(proxy, request(gone)).startswith(b"HTTP/1.1 502")
    assert proxy.navigations.failure == ""  # a picture may be missing
    assert send(proxy, request(gone, Upgrade_Insecure_Requests="1")).startswith(b"HTTP/1.1 502")
    assert "got no answer" in proxy.navigations.failure


def test_it_listens_on_the_loopback_interface_and_takes_no_endless_bodies(proxy: FilteringProxy) -> None:
    assert urlsplit(proxy.address).hostname == "127.0.0.1"
    url = f"{next(iter(proxy.allowed))}/x"
    assert send(proxy, request(url, "POST", Transfer_Encoding="chunked")).startswith(b"HTTP/1.1 413")
    assert send(proxy, request(url, "POST", Content_Length="99999999999")).startswith(b"HTTP/1.1 413")


def test_quiet_means_that_nothing_is_under_way(proxy: FilteringProxy) -> None:
    proxy.counted(1)
    assert proxy.quiet_for_s() == 0
    proxy.counted(-1)
    time.sleep(0.02)
    assert proxy.quiet_for_s() >= 0.02
