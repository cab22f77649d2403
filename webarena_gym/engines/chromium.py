"""The one Chromium of a process, driven by Playwright's sync API on a thread of its own.

A thread of its own, because the sync API refuses to run inside a running event loop, and a notebook has one. Chromium is
Playwright's own download if there is one, else chromium or Google Chrome on the PATH.
"""

from __future__ import annotations

import atexit
import os
import queue
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..errors import BrowserError, MissingDependency

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

T = TypeVar("T")

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_CALL_TIMEOUT_S = 120


def find_chromium(playwright: Playwright | None = None) -> str:
    """The path of a Chromium to drive.

    Raises:
        BrowserError: none is installed; the message says what to type.
    """
    if playwright is not None and Path(playwright.chromium.executable_path).exists():
        return playwright.chromium.executable_path
    for name in CANDIDATES:
        if path := shutil.which(name):
            return path
    raise BrowserError(
        "no Chromium was found. Install one with 'playwright install chromium', or, on Debian and Ubuntu, with "
        "'apt-get install chromium'; the http engine (engine='http') needs none"
    )


class Chromium:
    """A running browser; ``call`` runs a function on its thread with it as argument."""

    def __init__(self, *, resolver_rules: str, headless: bool = True, images: bool = False) -> None:
        self._rules, self._headless, self._images = resolver_rules, headless, images
        self._jobs: queue.SimpleQueue[tuple[Callable[[Browser], object], Future] | None] = queue.SimpleQueue()
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="webarena-gym-chromium", daemon=True)
        self._thread.start()
        self._started.result(timeout=_CALL_TIMEOUT_S)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def call(self, function: Callable[[Browser], T], *, timeout_s: float = _CALL_TIMEOUT_S) -> T:
        """Run ``function(browser)`` on the browser's thread and return what it returns.

        Raises:
            BrowserError: the browser is gone or did not answer within ``timeout_s``.
        """
        if not self.alive:
            raise BrowserError("Chromium has exited")
        future: Future[T] = Future()
        self._jobs.put((function, future))
        try:
            return future.result(timeout=timeout_s)
        except TimeoutError:
            raise BrowserError(f"Chromium did not answer within {timeout_s:g} s") from None

    def close(self) -> None:
        if self.alive:
            self._jobs.put(None)
            self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            from playwright.sync_api import Error, sync_playwright
        except ImportError:
            self._started.set_exception(MissingDependency("playwright", "browser", "engine='browser'"))
            return
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=find_chromium(playwright), headless=self._headless, args=self._arguments()
                )
                self._started.set_result(None)
                self._serve(browser)
                browser.close()
        except (Error, BrowserError, OSError) as error:
            failure = (
                error if isinstance(error, BrowserError) else BrowserError(f"Chromium could not be started: {error}")
            )
            if not self._started.done():
                self._started.set_exception(failure)
        finally:
            self._refuse_waiting()

    def _serve(self, browser: Browser) -> None:
        from playwright.sync_api import Error

        while (job := self._jobs.get()) is not None:
            function, future = job
            try:
                future.set_result(function(browser))
            except Error as error:
                future.set_exception(BrowserError(f"Chromium: {error.message.splitlines()[0]}"))
                if not browser.is_connected():
                    return
            except BaseException as error:  # carried to the caller's thread, whatever it is
                future.set_exception(error)

    def _refuse_waiting(self) -> None:
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                job[1].set_exception(BrowserError("Chromium has exited"))

    def _arguments(self) -> Sequence[str]:
        arguments = [
            f"--host-resolver-rules={self._rules}",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-dev-shm-usage",
        ]
        if not self._images:
            arguments.append("--blink-settings=imagesEnabled=false")
        return arguments


_running: dict[tuple[int, bool, bool], Chromium] = {}
_lock = threading.Lock()


def shared_chromium(*, resolver_rules: str, headless: bool, images: bool) -> Chromium:
    """This process's browser for these settings, started on first use and again after it died or after a fork."""
    key = os.getpid(), headless, images
    with _lock:
        chromium = _running.get(key)
        if chromium is None or not chromium.alive:
            chromium = _running[key] = Chromium(resolver_rules=resolver_rules, headless=headless, images=images)
        return chromium


def discard(chromium: Chromium) -> None:
    """Never hand out this browser again: it hung or misbehaved."""
    with _lock:
        for key, other in list(_running.items()):
            if other is chromium:
                del _running[key]


@atexit.register
def close_all() -> None:
    """Close the browsers of this process."""
    with _lock:
        mine = [key for key in _running if key[0] == os.getpid()]
        browsers = [_running.pop(key) for key in mine]
    for chromium in browsers:
        chromium.close()
