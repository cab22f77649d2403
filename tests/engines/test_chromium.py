"""A browser that dies, hangs or grows too large: who plays in it is told, and whoever comes next gets a fresh one."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.engines.conftest import begin
from webarena_gym.actions import parse_action
from webarena_gym.engines import browser as browser_module
from webarena_gym.engines import chromium as chromium_module
from webarena_gym.engines.browser import BrowserEngine
from webarena_gym.engines.server import loopback_server
from webarena_gym.errors import BrowserError
from webarena_gym.processes import descendants
from webarena_gym.sites.world import World


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium_module, "CALL_TIMEOUT_S", 2.0)
    monkeypatch.setattr(chromium_module, "CHECK_TIMEOUT_S", 1.0)


@pytest.fixture
def pair(worlds: dict[str, World]) -> Iterator[list[BrowserEngine]]:
    """Two engines in one browser; they share a world, as their pages are all the same."""
    made = [BrowserEngine(worlds["browser"]) for _ in range(2)]
    for engine in made:
        begin(engine, worlds["browser"])
    yield made
    for engine in made:
        engine.close()


def go(engine: BrowserEngine, path: str = "/tables") -> None:
    engine.execute(parse_action(f'goto("http://shopping.test{path}")'))


def pid_of(engine: BrowserEngine) -> int:
    pid = engine._chromium.pid
    assert pid is not None
    return pid


def ends(pid: int) -> bool:
    """Whether the process is gone, given a few seconds."""
    for _ in range(200):
        if pid not in descendants(os.getpid()):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_browser_that_dies_or_hangs_fails_its_episodes_and_is_replaced(number, pair, worlds, short_patience):
    old = pid_of(pair[0])
    assert pid_of(pair[1]) == old
    os.kill(old, number)
    for engine in pair:
        with pytest.raises(BrowserError):
            go(engine)
    assert ends(old)
    for engine in pair:
        begin(engine, worlds["browser"])
        go(engine)
        assert engine.page().url == "http://shopping.test/tables"
    assert pid_of(pair[0]) == pid_of(pair[1]) != old


def test_whoever_waits_for_a_browser_hears_of_its_end(pair):
    chromium = pair[0]._chromium
    begun = threading.Event()

    def wait(browser):
        page = browser.new_page()
        begun.set()
        page.wait_for_timeout(60_000)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(chromium.call, wait)
        assert begun.wait(20)
        old = pid_of(pair[0])
        os.kill(old, signal.SIGKILL)
        with pytest.raises(BrowserError):
            waiting.result(20)
    assert ends(old)


def test_calls_of_two_threads_overlap(pair):
    chromium, done = pair[0]._chromium, threading.Event()

    def wait_for_the_other(browser):
        page = browser.new_page()
        while not done.is_set():  # would never end if the other call had to wait for this one
            page.wait_for_timeout(20)
        page.close()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(chromium.call, wait_for_the_other)
        go(pair[0])
        done.set()
        first.result(20)


def test_a_browser_that_grew_too_large_ends_with_its_last_user(pair, worlds, monkeypatch):
    monkeypatch.setattr(chromium_module, "MEASURE_EVERY", 1)
    monkeypatch.setattr(chromium_module, "MEMORY_BASE_MB", 1.0)
    monkeypatch.setattr(chromium_module, "MEMORY_PER_USER_MB", 0.0)
    old = pid_of(pair[0])
    begin(pair[0], worlds["browser"])  # the look at the memory; this episode still plays there
    monkeypatch.undo()
    for engine in pair:
        go(engine)
    begin(pair[0], worlds["browser"])
    assert pid_of(pair[0]) != old
    go(pair[1])  # the other's episode goes on where it began
    assert pid_of(pair[1]) == old
    begin(pair[1], worlds["browser"])
    assert pid_of(pair[1]) == pid_of(pair[0]) and ends(old)


def test_a_context_that_opened_many_documents_makes_room_for_a_fresh_one_at_the_next_reset(pair, worlds, monkeypatch):
    monkeypatch.setattr(browser_module, "MOST_DOCUMENTS", 5)
    engine, old = pair[0], pair[0]._driver
    assert old is not None and old.documents < 5
    begin(engine, worlds["browser"])
    shown = engine.page()
    assert engine._driver is old
    for _ in range(5):
        go(engine)
    assert engine._driver is old  # an episode stays where it began
    begin(engine, worlds["browser"])
    assert engine._driver is not old
    fresh = engine.page()
    assert (fresh.url, fresh.title, fresh.nodes) == (shown.url, shown.title, shown.nodes)
    assert old._context not in engine._chromium.call(lambda browser: browser.contexts)


def test_a_server_that_ends_is_replaced(pair, worlds):
    old = pid_of(pair[0])
    loopback_server().close()
    with pytest.raises(BrowserError):
        go(pair[0])
    for engine in pair:
        begin(engine, worlds["browser"])
        go(engine)
        assert engine.page().url == "http://shopping.test/tables"
    assert ends(old)  # it would ask the server that is gone
