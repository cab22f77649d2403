"""The one Chromium of a process, driven by Playwright's sync API on a thread of its own.

A thread of its own, because the sync API refuses to run inside a running event loop, and a notebook has one. Each ``call``
runs in a greenlet of that thread, so that the calls of several envs wait for their pages side by side. Chromium is
Playwright's own download if there is one, else chromium or Google Chrome on the PATH.

A browser that dies, hangs or grows beyond its limit is not handed out again: whoever begins an episode next gets a fresh one.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import shutil
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import BrowserError, MissingDependency
from ..logs import note
from ..processes import resident_mb

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Playwright

T = TypeVar("T")

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CALL_TIMEOUT_S = 45.0
"""Most that one call may take; a page's own limit is shorter, so whoever is not back by then hangs."""
CHECK_TIMEOUT_S = 10.0
"""Most that a browser in doubt may take to say its version."""
MEMORY_BASE_MB, MEMORY_PER_USER_MB = 1500.0, 500.0
"""Resident memory of all its processes beyond which a browser is replaced; it takes a fifth of that with our pages."""
MEASURE_EVERY = 50
"""Episodes between two looks at the memory."""
_START_TIMEOUT_S = 120.0
_log = logging.getLogger(__name__)


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
        self._started: Future[None] = Future()
        self._pending: set[Future[Any]] = set()
        self._lock = threading.Lock()  # of _pending, _users, _killed
        self._users = 0
        self._retired = self._killed = False
        self._episodes = 0
        self.pid: int | None = None
        """Of the browser process."""
        self._thread = threading.Thread(target=self._run, name="webarena-gym-chromium", daemon=True)
        self._thread.start()
        self._started.result(timeout=_START_TIMEOUT_S)

    @property
    def alive(self) -> bool:
        """Episodes may begin here."""
        return self._thread.is_alive() and not self._retired

    def call(self, function: Callable[[Browser], T], *, timeout_s: float | None = None) -> T:
        """Run ``function(browser)`` on the browser's thread and return what it returns. Calls of several threads overlap.

        Raises:
            BrowserError: the browser is gone or did not answer within ``timeout_s`` (default: ``CALL_TIMEOUT_S``).
        """
        timeout_s = CALL_TIMEOUT_S if timeout_s is None else timeout_s
        future: Future[T] = Future()
        with self._lock:
            if not self._thread.is_alive() or self._loop.is_closed():
                raise BrowserError("Chromium has exited")
            self._pending.add(future)
            self._loop.call_soon_threadsafe(self._begin_job, function, future)
        try:
            return future.result(timeout=timeout_s)
        except TimeoutError:
            raise BrowserError(f"Chromium did not answer within {timeout_s:g} s") from None
        finally:
            self._pending.discard(future)

    def check(self) -> None:
        """After a failed call: kill the browser unless it still answers, so that nobody waits for it any more."""
        try:
            self.call(lambda browser: self._session.send("Browser.getVersion"), timeout_s=CHECK_TIMEOUT_S)
        except BrowserError as error:
            self.kill(str(error))

    def kill(self, reason: str) -> None:
        """End the browser at once, also one that is stopped; calls that wait for it fail."""
        with self._lock:
            killed, self._killed = self._killed, True
        if killed:
            return
        note(_log, logging.WARNING, "Chromium is replaced", reason=reason, pid=self.pid)
        self._retired = True
        _forget(self)
        if self.pid is not None:
            try:
                os.kill(self.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            except ProcessLookupError:
                pass

    def begin_use(self) -> None:
        """An env plays here from now on."""
        with self._lock:
            self._users += 1

    def end_use(self) -> None:
        """An env plays here no more; a browser that is to be replaced ends with its last user."""
        with self._lock:
            self._users -= 1
            last = self._retired and self._users == 0
        if last:
            self.close()

    def note_episode(self) -> None:
        """An episode begins; now and then a look at the memory. A browser that grew too large ends with its last user."""
        self._episodes += 1
        if self._episodes % MEASURE_EVERY or self.pid is None:
            return
        taken, most = resident_mb(self.pid), MEMORY_BASE_MB + MEMORY_PER_USER_MB * self._users
        if taken is not None and taken > most:
            self.retire(f"it takes {taken:.0f} MB, at most {most:.0f} are wanted")

    def retire(self, reason: str) -> None:
        """Let no episode begin here any more; the browser ends with its last user."""
        if self.alive:
            note(_log, logging.WARNING, "Chromium is replaced", reason=reason, pid=self.pid)
            self._retired = True
            _forget(self)

    def close(self) -> None:
        """End the browser and wait for it."""
        if not self._thread.is_alive():
            return
        self._retired = True
        try:
            self._loop.call_soon_threadsafe(self._stop)
        except RuntimeError:  # the loop ended just now
            pass
        self._thread.join(timeout=10)
        if self._thread.is_alive():
            self.kill("it does not close")
            self._thread.join(timeout=10)

    # --- on the browser's thread ---

    def _run(self) -> None:
        try:
            from playwright.sync_api import Error, sync_playwright
        except ImportError:
            self._started.set_exception(MissingDependency("playwright", "browser", "engine='browser'"))
            return
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=find_chromium(playwright), headless=self._headless, args=self._arguments(),
                    handle_sigint=False,  # Ctrl-C is the program's: it ends episodes first and the browser last
                )  # fmt: skip
                self._serve(playwright, browser)
                browser.close()
        except (Error, BrowserError, OSError) as error:
            failure = (
                error if isinstance(error, BrowserError) else BrowserError(f"Chromium could not be started: {error}")
            )
            if not self._started.done():
                self._started.set_exception(failure)
        finally:
            self._refuse_waiting()

    def _serve(self, playwright: Playwright, browser: Browser) -> None:
        """Run jobs until ``_stop`` or the browser's end: the event loop that all calls share runs meanwhile."""
        self._browser = browser
        self._loop: asyncio.AbstractEventLoop = playwright._loop
        self._session: CDPSession = browser.new_browser_cdp_session()
        found = self._session.send("SystemInfo.getProcessInfo")["processInfo"]
        self.pid = next((process["id"] for process in found if process["type"] == "browser"), None)
        ended = asyncio.Event()
        self._stop = ended.set
        browser.on("disconnected", lambda _: self._note_end(ended))
        self._started.set_result(None)
        playwright._sync(ended.wait())

    def _note_end(self, ended: asyncio.Event) -> None:
        self._retired = True
        ended.set()

    def _begin_job(self, function: Callable[[Browser], T], future: Future[T]) -> None:
        """In a greenlet of its own, as Playwright runs event handlers: where it waits for Chromium, others go on."""
        from greenlet import greenlet

        greenlet(lambda: self._job(function, future)).switch()

    def _job(self, function: Callable[[Browser], T], future: Future[T]) -> None:
        from playwright.sync_api import Error

        try:
            result = function(self._browser)
        except Error as error:
            _settle(future, BrowserError(f"Chromium: {error.message.splitlines()[0]}"))
        except BaseException as error:  # carried to the caller's thread, whatever it is
            _settle(future, error)
        else:
            if not future.done():
                future.set_result(result)

    def _refuse_waiting(self) -> None:
        with self._lock:
            waiting = list(self._pending)
        for future in waiting:
            _settle(future, BrowserError("Chromium has exited"))

    def _arguments(self) -> Sequence[str]:
        arguments = [
            f"--host-resolver-rules={self._rules}",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-dev-shm-usage",
            # Calls between browsers would send datagrams, which no rule for names and no proxy sees.
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        ]
        if not self._images:
            arguments.append("--blink-settings=imagesEnabled=false")
        return arguments


def _settle(future: Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


_running: dict[tuple[int, str, bool, bool], Chromium] = {}
_lock = threading.Lock()


def shared_chromium(*, resolver_rules: str, headless: bool, images: bool) -> Chromium:
    """This process's browser for these settings, started on first use and again after it died or after a fork."""
    key = os.getpid(), resolver_rules, headless, images
    with _lock:
        chromium = _running.get(key)
        if chromium is None or not chromium.alive:
            chromium = _running[key] = Chromium(resolver_rules=resolver_rules, headless=headless, images=images)
        return chromium


def _forget(chromium: Chromium) -> None:
    """Never hand out this browser again."""
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
