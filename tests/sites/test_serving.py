"""The sites on ports: addresses, resets, what is refused, and the log."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from webarena_gym.errors import SiteError
from webarena_gym.sites.serving import READY, SiteServer
from webarena_gym.sites.world import World

FREE = {"reddit": 0, "wikipedia": 0, "homepage": 0, "full_reset": 0}


@pytest.fixture(scope="module")
def _served(cache_dir: Path) -> Iterator[tuple[World, SiteServer]]:
    world = World(["reddit", "wikipedia", "homepage"], cache_dir=cache_dir)
    world.state_hash()  # opens every site, so that no request waits for one to be built
    server = SiteServer(world, FREE)  # type: ignore[arg-type]
    server.start()
    yield world, server
    server.stop()
    world.close()


@pytest.fixture
def world(_served: tuple[World, SiteServer]) -> World:
    _served[0].reset()
    return _served[0]


@pytest.fixture
def server(_served: tuple[World, SiteServer], world: World) -> SiteServer:
    return _served[1]


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode()
        self.closed = response.isclosed() and response.will_close


def ask(url: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    """One request on a connection of its own; underscores in header names stand for hyphens."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    sent = {"Host": parts.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, sent)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def sign_in(server: SiteServer) -> tuple[Answer, str]:
    """The answer to the forum's login form, and the cookie it sets."""
    answer = ask(
        f"{server.base_urls()['reddit']}/login_check", "POST", "_username=MarvelsGrantMan136&_password=test1234",
        Content_Type="application/x-www-form-urlencoded",
    )  # fmt: skip
    return answer, answer.headers.get("Set-Cookie", "").split(";")[0]


def test_every_site_answers_at_its_address(server: SiteServer) -> None:
    addresses = server.base_urls()
    assert set(addresses) == {"reddit", "wikipedia", "homepage"}
    assert {ask(url).status for url in addresses.values()} == {200}
    assert addresses["wikipedia"].endswith("/wikipedia_en_all_maxi_2022-05/A/User:The_other_Kiwix_guy/Landing")


def test_the_home_page_links_to_the_addresses_that_are_served(server: SiteServer) -> None:
    addresses = server.base_urls()
    page = ask(addresses["homepage"]).text
    assert f'href="{addresses["reddit"]}"' in page and f'href="{addresses["wikipedia"]}"' in page
    assert ".test" not in page


def test_signing_in_works_and_a_full_reset_ends_the_session(server: SiteServer) -> None:
    answer, cookie = sign_in(server)
    assert answer.status == 302 and cookie
    home = server.base_urls()["reddit"]
    assert "MarvelsGrantMan136" in ask(home, Cookie=cookie).text
    assert ask(f"{server.reset_url()}/reset").status == 200
    assert "MarvelsGrantMan136" not in ask(home, Cookie=cookie).text


def test_a_full_reset_undoes_every_write(server: SiteServer, world: World) -> None:
    clean = world.state_hash()
    sign_in(server)
    assert world.state_hash() != clean
    assert ask(f"{server.reset_url()}/reset").status == 200
    assert world.state_hash() == clean


def test_status_says_what_browsergyms_client_waits_for(server: SiteServer) -> None:
    answer = ask(f"{server.reset_url()}/status")
    assert (answer.status, answer.text) == (200, "Ready for duty!")
    assert READY == "Ready for duty!"
    assert ask(server.reset_url()).status == 404


def test_a_second_reset_while_one_runs_is_told_so(
    server: SiteServer, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow_reset() -> None:
        begun.set()
        may_end.wait(10)

    monkeypatch.setattr(world, "reset", slow_reset)
    first: list[int] = []
    thread = threading.Thread(target=lambda: first.append(ask(f"{server.reset_url()}/reset").status))
    thread.start()
    assert begun.wait(10)
    assert ask(f"{server.reset_url()}/reset").status == 418
    may_end.set()
    thread.join(10)
    assert first == [200]


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:{port}", "localhost", "localhost:1", "127.0.0.1.nip.io:{port}", ""]
)
def test_a_foreign_host_is_refused(server: SiteServer, host: str) -> None:
    for url in (server.base_urls()["reddit"], f"{server.reset_url()}/reset"):
        assert ask(url, Host=host.format(port=urlsplit(url).port)).status == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
def test_names_of_this_machine_are_taken(server: SiteServer, host: str) -> None:
    url = server.base_urls()["reddit"]
    assert ask(url, Host=f"{host}:{urlsplit(url).port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_posts_from_other_pages_are_refused_and_change_nothing(
    server: SiteServer, world: World, headers: dict[str, str]
) -> None:
    clean = world.state_hash()
    url = f"{server.base_urls()['reddit']}/login_check"
    answer = ask(
        url,
        "POST",
        "_username=MarvelsGrantMan136&_password=test1234",
        Content_Type="application/x-www-form-urlencoded",
        **headers,
    )
    assert answer.status == 403 and "Set-Cookie" not in answer.headers
    assert world.state_hash() == clean


def test_a_page_elsewhere_cannot_reset_the_sites(server: SiteServer, world: World) -> None:
    sign_in(server)
    changed = world.state_hash()
    assert ask(f"{server.reset_url()}/reset", Sec_Fetch_Site="cross-site").status == 403
    assert world.state_hash() == changed


def test_only_the_loopback_interface_is_listened_on(server: SiteServer) -> None:
    assert {one.server_address[0] for one in server._servers.values()} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content_Length": "-5"}, 400), ({"Content_Length": "x"}, 400), ({"Content_Length": "99999999999"}, 413), ({"Transfer_Encoding": "chunked"}, 411)],
)  # fmt: skip
def test_bodies_that_cannot_be_taken_are_refused_at_once_and_the_connection_ends(
    server: SiteServer, headers: dict[str, str], status: int
) -> None:
    url = urlsplit(server.base_urls()["reddit"])
    lines = [f"POST /login_check HTTP/1.1\r\nHost: {url.netloc}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", url.port), timeout=10) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        received = b""
        while part := connection.recv(4096):  # ends when the server closes
            received += part
    assert received.split()[1] == str(status).encode()


def test_a_client_that_sends_half_a_body_holds_nobody_up_and_is_not_taken_at_its_half_word(
    server: SiteServer, world: World
) -> None:
    clean, url = world.state_hash(), urlsplit(server.base_urls()["reddit"])
    with socket.create_connection(("127.0.0.1", url.port), timeout=10) as connection:
        connection.sendall(
            f"POST /login_check HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: 50\r\n\r\nhalf".encode()
        )
        assert ask(server.base_urls()["reddit"]).status == 200
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000).split()[1] == b"400"
    assert world.state_hash() == clean


def test_each_request_is_a_line_of_the_log(server: SiteServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "webarena_gym.serve"):
        ask(f"{server.base_urls()['reddit']}/forums?x=1")
        ask(f"{server.base_urls()['reddit']}/no%0Asuch", Host="evil.test")
    texts = [record.getMessage() for record in caplog.records]
    assert [text.rsplit(" ", 2)[0] for text in texts] == ["reddit GET /forums?x=1 200", "reddit GET /no%0Asuch 421"]


def test_a_failing_site_is_an_error_page_and_a_line_of_the_log(
    server: SiteServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: World, environ: object, start_response: object) -> list[bytes]:
        raise SiteError("GET / failed: KeyError('x')") from KeyError("x")

    monkeypatch.setattr(World, "__call__", broken)
    answer = ask(server.base_urls()["reddit"])
    assert answer.status == 500 and "KeyError" not in answer.text
    assert "KeyError" in caplog.text


def test_serving_keeps_no_events(server: SiteServer, world: World) -> None:
    ask(server.base_urls()["reddit"])
    assert world.events == []


def test_a_port_in_use_is_named_and_the_others_are_freed(cache_dir: Path) -> None:
    world = World(["wikipedia", "homepage"], cache_dir=cache_dir)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} for homepage .*--port-base"):
            SiteServer(world, {"wikipedia": 0, "homepage": port, "full_reset": 0})
    world.close()


def test_stopping_lets_a_running_request_end_and_frees_the_ports(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(["homepage"], cache_dir=cache_dir)
    server = SiteServer(world, {"homepage": 0, "full_reset": 0})
    server.start()
    url, begun, may_end = server.base_urls()["homepage"], threading.Event(), threading.Event()
    answer_as_usual = World.__call__

    def slow(self: World, environ: dict, start_response: object) -> object:
        begun.set()
        may_end.wait(10)
        return answer_as_usual(self, environ, start_response)  # type: ignore[arg-type]

    monkeypatch.setattr(World, "__call__", slow)
    statuses: list[int] = []
    asking = threading.Thread(target=lambda: statuses.append(ask(url).status))
    asking.start()
    assert begun.wait(10)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    may_end.set()
    stopping.join(15)
    asking.join(15)
    assert statuses == [200]
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", urlsplit(url).port))
    server.stop()  # a second time does no harm
    world.close()


def test_stopping_waits_for_an_answer_that_is_being_sent(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = 30_000_000  # more than the system keeps for a connection that is not read

    def large(self: World, environ: object, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"x" * size]

    monkeypatch.setattr(World, "__call__", large)
    world = World(["homepage"], cache_dir=cache_dir)
    server = SiteServer(world, {"homepage": 0, "full_reset": 0})
    server.start()
    url = urlsplit(server.base_urls()["homepage"])
    with socket.create_connection(("127.0.0.1", url.port), timeout=10) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n".encode())
        received = len(connection.recv(1000))
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        stopping.join(0.2)
        assert stopping.is_alive()  # the rest has not been taken yet
        while part := connection.recv(1 << 20):
            received += len(part)
    stopping.join(10)
    assert received > size and not stopping.is_alive()
    world.close()
