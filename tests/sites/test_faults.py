"""``serve --faults``: each fault does what it says, and lets a client succeed that asks again."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from webarena_gym.sites import faults as module
from webarena_gym.sites.faults import DROP_EVERY, ERROR_EVERY, FAULTS, SESSION_USES, Faults, parse_faults
from webarena_gym.sites.serving import SiteServer
from webarena_gym.sites.world import World

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def world(cache_dir: Path) -> Iterator[World]:
    made = World(["reddit", "map"], cache_dir=cache_dir)
    made.state_hash()
    yield made
    made.close()


@contextmanager
def served(world: World, *names: str) -> Iterator[tuple[str, Faults, SiteServer]]:
    """The forum's address."""
    world.reset()
    faults = Faults(parse_faults(",".join(names)))
    server = SiteServer(world, {"reddit": 0, "map": 0, "full_reset": 0}, faults)
    server.start()
    try:
        yield server.base_urls()["reddit"], faults, server
    finally:
        server.stop()


def ask(url: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=20)
    sent = {"Host": parts.netloc, **PAGE, **headers}
    if body is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, parts.path or "/", body, sent)
        response = connection.getresponse()
        return response.status, response.read().decode(), dict(response.getheaders())
    finally:
        connection.close()


def sign_in(url: str) -> str:
    """The cookie of a new session."""
    _, _, headers = ask(f"{url}/login_check", "POST", "_username=MarvelsGrantMan136&_password=test1234")
    return headers["Set-Cookie"].split(";")[0]


def outcomes(url: str, count: int) -> list[str]:
    found = []
    for _ in range(count):
        try:
            found.append(str(ask(f"{url}/forums")[0]))
        except http.client.RemoteDisconnected:
            found.append("dropped")
    return found


def test_errors_and_drops_hit_single_requests_and_never_the_next_one(world: World) -> None:
    with served(world, "errors", "drops") as (url, faults, _):
        found = outcomes(url, 3 * ERROR_EVERY * DROP_EVERY)
    failed = [outcome != "200" for outcome in found]
    runs = "".join("x" if bad else "." for bad in failed).replace(".", " ").split()
    assert max(map(len, runs)) <= 2  # a client that asks three times gets through
    # Where both would hit, the drop does: numbers that leave 3 by 7 and 5 by 11 come once in 77.
    assert (found.count("500"), found.count("dropped")) == (3 * (DROP_EVERY - 1), 3 * ERROR_EVERY)
    assert faults.counts == {"errors": found.count("500"), "drops": found.count("dropped")}


def test_what_changes_something_never_fails(world: World) -> None:
    with served(world, *FAULTS) as (url, _, _):
        assert {ask(f"{url}/login_check", "POST", "_username=x&_password=y")[0] for _ in range(30)} == {302}


def test_a_session_ends_after_some_pages_and_another_can_be_opened(world: World) -> None:
    with served(world, "sessions") as (url, faults, server):
        for _ in range(3):
            cookie = sign_in(url)
            seen = ["Log in" not in ask(f"{url}/forums", Cookie=cookie)[1] for _ in range(SESSION_USES + 3)]
            assert seen == [True] * SESSION_USES + [False] * 3
        assert faults.counts["sessions"] == 3
        ask(f"{server.reset_url()}/reset")
        assert sign_in(url) == "reddit_session=s1"  # the value that ran out first stands for another session now
        assert "Log in" not in ask(f"{url}/forums", Cookie="reddit_session=s1")[1]


def test_the_page_that_answers_a_form_belongs_to_the_session_that_sent_it(world: World) -> None:
    with served(world, "sessions") as (url, _, _):
        cookie = sign_in(url)
        for _ in range(SESSION_USES):
            ask(f"{url}/forums", Cookie=cookie)
        ask(f"{url}/night_mode", "POST", "nightMode=dark", Cookie=cookie)
        assert "Log in" not in ask(f"{url}/forums", Cookie=cookie)[1]
        assert "Log in" in ask(f"{url}/forums", Cookie=cookie)[1]


def test_slow_pages_come_in_two_halves_and_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOW_S", 0.2)
    with served(world) as (url, _, _):
        wanted = ask(f"{url}/forums")[1]
    with served(world, "slow") as (url, faults, _):
        started = time.monotonic()
        assert {ask(f"{url}/forums")[1] for _ in range(module.SLOW_EVERY)} == {wanted}
        assert faults.counts["slow"] == 1
        assert time.monotonic() - started >= 0.2


def test_scripts_banner_and_deferred_content_are_put_into_pages_alone(world: World) -> None:
    with served(world, "scripts", "banner", "deferred") as (url, _, _):
        page = ask(f"{url}/forums")[1]
        assert page.index("<template") < page.index("Forums") < page.index("</template>")
        assert "late.js" in page and "Accept cookies" in page and page.rstrip().endswith("</html>")
        assert "Accept cookies" not in ask(f"{url}/forums", Cookie="cookies_accepted=1")[1]
        assert "<template" not in ask(f"{url}/static/reddit.css")[1]


def test_latency_and_unknown_names(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LATENCY_S", 0.1)
    with served(world, "latency") as (url, _, _):
        started = time.monotonic()
        assert ask(f"{url}/forums")[0] == 200
        assert time.monotonic() - started >= 0.1
    assert parse_faults("all") == FAULTS
    with pytest.raises(ValueError, match="no fault 'floods'; the faults are latency,"):
        parse_faults("errors,floods")
