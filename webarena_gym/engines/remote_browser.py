"""The browser engine on real sites: Chromium behind ``proxy``, with scripts, the user signed in, and pages given time to load.

Real pages go on changing after they are there, so after each action it waits until nothing is under way: no request, no change
of the document, for a moment each; ``RemoteConfig.settle_s`` bounds it. A fresh context for each episode.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..actions import Action
from ..errors import ActionError, InfraError, NavigationRefused, SiteError
from ..types import FieldState, HttpReply, PageClient
from .base import BLANK, FILE_TO_DOWNLOAD, EpisodeStart, check_origin
from .browser import NAVIGATION_TIMEOUT_MS, BrowserEngine, ContextDriver, extraction_script, extraction_to_text
from .chromium import shared_chromium
from .client import CookieJar
from .execute import run_action
from .interact import Effect
from .proxy import FilteringProxy
from .remote_client import MISDIRECTED, RemoteClient
from .remote_world import RemoteWorld
from .sessions import Sessions, SignedInDriver

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as PlaywrightPage

# Names are the proxy's to look up; nothing else leaves the machine, not even a query for an address.
_RULES = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_QUIET_S = 0.15
_POLL_MS = 25
_COMMIT_S = 5.0
# Resolves to true when the document has not changed for a while, to false after a second of changes.
_UNCHANGED = """(quiet) => new Promise((resolve) => {
  let last = performance.now();
  const begun = last, observer = new MutationObserver(() => { last = performance.now(); });
  observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  const look = () => {
    const now = performance.now();
    if (document.readyState !== "loading" && now - last >= quiet) { observer.disconnect(); resolve(true); }
    else if (now - begun > 1000) { observer.disconnect(); resolve(false); }
    else setTimeout(look, 20);
  };
  look();
})"""


class RemoteBrowserEngine(BrowserEngine):
    """An ``Engine`` over a Chromium context that reaches the episode's sites alone.

    ``look`` requests of its sessions run on the browser's thread, so other envs of the process wait for them.
    """

    def __init__(self, world: RemoteWorld, *, headless: bool = True, images: bool = False) -> None:
        self._remote = world
        super().__init__(world, headless=headless, images=images)  # type: ignore[arg-type]

    def _enter(self) -> None:
        self._server = self._proxy = FilteringProxy(self._remote.transport, self._remote.traffic)
        self._chromium = shared_chromium(resolver_rules=_RULES, **self._settings)
        self._chromium.begin_use()

    def _leave(self) -> None:
        self._drop_context()
        self._chromium.end_use()
        self._proxy.close()

    def _raise_site_failure(self) -> None:
        if failure := self._proxy.navigations.failure:
            self._proxy.navigations.failure = ""
            raise SiteError(failure)

    def reset(self, start: EpisodeStart) -> None:
        self._allowed = start.allowed_origins
        self._drop_context()
        if not (self._chromium.alive and self._proxy.alive):
            self._leave()
            self._enter()
        self._chromium.note_episode()
        self._proxy.begin()
        self._proxy.allowed = start.allowed_origins
        settings = self._remote.config
        self._driver = self._chromium.call(lambda browser: _RemoteDriver(browser, self._proxy, settings.settle_s))
        self._sessions = Sessions(self._bare_get, self._remote.traffic.aside, lambda: self._proxy.navigations.first)
        try:
            self._sessions.begin(start.sign_ins)
            for sign_in in start.sign_ins:  # each in a call of its own, which has its own time limit
                self._call(lambda driver, sign_in=sign_in: self._sessions.sign_in(sign_in, driver))
            for url in start.start_urls:
                self._call(lambda driver, url=url: self._open_tab(driver, url))
        except InfraError:
            self._drop_context()
            raise

    def _open_tab(self, driver: ContextDriver, url: str) -> None:
        driver.new_tab()
        SignedInDriver(driver, self._sessions).open(url)
        driver.histories()[-1].visit(driver.url())

    def execute(self, action: Action) -> None:
        self._call(lambda driver: run_action(SignedInDriver(driver, self._sessions), action, self._allowed))

    def client(self) -> PageClient:
        return _BackgroundClient(self)

    def look(self, url: str) -> HttpReply:
        """The page at ``url`` as a tab that nobody sees shows it, scripts included; 421 for a host that is none of the sites'."""
        try:
            check_origin(url, self._remote.origins)
        except NavigationRefused:
            return HttpReply(MISDIRECTED, url, "")
        return self._call(lambda driver: self._sessions.looked(url, lambda: self._look(driver, url), driver))

    def _look(self, driver: ContextDriver, url: str) -> HttpReply:
        assert isinstance(driver, _RemoteDriver)
        with self._remote.traffic.aside():
            self._proxy.allowed = self._remote.origins
            try:
                return driver.look(url)
            finally:
                self._proxy.allowed = self._allowed
                self._proxy.begin()  # what becomes of a page for an evaluator is told by its status

    def bare_client(self) -> RemoteClient:
        """A client without a browser, with the cookies that the browser holds now."""
        return self._call(self._bare_client)

    def _bare_client(self, driver: ContextDriver) -> RemoteClient:
        jar = CookieJar()
        for origin in self._remote.origins:
            for cookie in driver.cookies(origin):
                jar.set(origin, cookie["name"], cookie["value"], cookie["path"])
        return RemoteClient(self._remote.transport, jar, self._remote.origins)

    def _bare_get(self, url: str) -> HttpReply:
        assert self._driver is not None
        return self._bare_client(self._driver).get(url)


class _BackgroundClient:
    """A ``PageClient``: pages by the browser, so that what scripts write is there; other requests without one."""

    def __init__(self, engine: RemoteBrowserEngine) -> None:
        self._engine = engine

    def get(self, url: str) -> HttpReply:
        return self._engine.look(url)

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = "") -> HttpReply:
        return self._engine.bare_client().request(method, url, headers=headers, body=body)


class _RemoteDriver(ContextDriver):
    """``execute.Driver`` over a context whose pages run scripts. Lives on the browser's thread."""

    def __init__(self, browser: Browser, proxy: FilteringProxy, settle_s: float) -> None:
        super().__init__(browser, proxy={"server": proxy.address}, permissions=[])
        self._proxy, self._settle_s = proxy, settle_s
        self._shown: tuple[int, float] | None = None  # tab, and when its document began

    def _run(self, op: str, **command: Any) -> Any:
        return json.loads(self._patiently(self._page, extraction_to_text(), {"op": op, "remote": True, **command}))

    def _patiently(self, page: PlaywrightPage, script: str, argument: Any = None) -> Any:
        """``page.evaluate`` once more where the page was replaced under it."""
        from playwright.sync_api import Error

        try:
            return page.evaluate(script, argument)
        except Error as error:
            if not _was_replaced(error):
                raise
        self._settle(page)
        return page.evaluate(script, argument)

    def begin(self, start: EpisodeStart) -> None:
        raise RuntimeError("a context on real sites serves one episode")

    def cookies(self, origin: str | None = None) -> Any:
        return self._context.cookies(origin)

    def open(self, url: str) -> None:
        self._act_and_settle(lambda: self._load(self._page, url))

    def apply(self, effect: Effect) -> None:
        if effect.kind == "none":
            return
        command = {"id": effect.id, "text": effect.text, "indices": list(effect.indices)}
        self._act_and_settle(lambda: self._act(effect.kind, command))

    def _act(self, kind: str, command: dict[str, Any]) -> None:
        from playwright.sync_api import Error

        asked = self._proxy.begin()
        began = self._began(self._page)
        try:
            loads = self._page.evaluate(extraction_script(), {"op": kind, "remote": True, **command})
        except Error as error:  # the page was gone before it could say so
            loads = _was_replaced(error)
            if not loads:
                raise
        if loads and kind in ("click", "submit"):
            self._await_document(asked, began)

    def _await_document(self, asked: int, began: float) -> None:
        """Until the document that the browser was sent for has come, or turned out to be none."""
        deadline = time.monotonic() + _COMMIT_S
        while time.monotonic() < deadline:
            if self._proxy.quiet_for_s() == 0:
                deadline = time.monotonic() + _COMMIT_S  # it is on its way
            navigations = self._proxy.navigations
            if navigations.asked > asked and navigations.kept_page:
                return
            if self._began(self._page) != began:
                return
            self._page.wait_for_timeout(_POLL_MS)

    def _act_and_settle(self, act: Callable[[], Any]) -> None:
        """Do ``act`` and wait for the page to settle; what leads out of the episode's sites is undone.

        Raises:
            NavigationRefused: it led out.
            ActionError: it led to a file to download.
        """
        before, began = self._page.url, self._began(self._page)
        act()
        self._settle(self._page)
        navigations = self._proxy.navigations
        self._require_page_of_a_site(navigations.refused_tunnel or self._page.url, before)
        shown = self._active, self._began(self._page)
        if shown[1] == began:  # else what was refused was some wish of the new page's own
            if navigations.refused:
                raise NavigationRefused(navigations.refused, self._proxy.allowed)
            if navigations.kept_page and not navigations.failure:
                raise ActionError(FILE_TO_DOWNLOAD)
        if shown != self._shown:
            self._shown = shown
            self._documents += 1

    def _require_page_of_a_site(self, asked: str, before: str) -> None:
        """Go back to the page ``before`` where ``asked`` led to an error of the browser's, or to a page of another host.

        Raises:
            NavigationRefused: another host was asked for.
        """
        here = self._page.url
        failed = here.startswith("chrome-error:")
        if here == BLANK:
            return
        try:
            check_origin(asked if failed else here, self._proxy.allowed)
        except NavigationRefused:
            self._load(self._page, before)
            self._settle(self._page)
            raise

    def _load(self, page: PlaywrightPage, url: str) -> Any:
        from playwright.sync_api import Error

        self._proxy.begin()
        try:
            return page.goto(url, wait_until="commit", timeout=NAVIGATION_TIMEOUT_MS)
        except Error as error:
            navigations = self._proxy.navigations
            if "Download is starting" in error.message:
                navigations.kept_page = True
            elif not (navigations.kept_page or navigations.failure or navigations.refused_tunnel):
                raise
            return None

    def _began(self, page: PlaywrightPage) -> float:
        """When the page's document began, which no two documents of a tab share."""
        return self._patiently(page, "() => performance.timeOrigin")

    def _settle(self, page: PlaywrightPage) -> None:
        """Wait until the page has loaded and nothing more happens, or the time is up."""
        from playwright.sync_api import Error

        deadline = time.monotonic() + self._settle_s
        while time.monotonic() < deadline:
            try:
                quiet_s = self._proxy.quiet_for_s()
                if quiet_s < _QUIET_S:
                    page.wait_for_timeout(max(_POLL_MS, 1000 * (_QUIET_S - quiet_s)) if quiet_s else _POLL_MS)
                elif page.evaluate(_UNCHANGED, 1000 * _QUIET_S / 2) and self._proxy.quiet_for_s() >= _QUIET_S:
                    return
            except Error as error:
                if not _was_replaced(error):
                    raise

    def look(self, url: str) -> HttpReply:
        """A page in a tab of its own, which is closed again."""
        self._opening = True
        try:
            page = self._context.new_page()
        finally:
            self._opening = False
        try:
            response = self._load(page, url)
            if response is None:
                failure = self._proxy.navigations.failure
                return HttpReply(502 if failure else MISDIRECTED, url, failure)
            self._settle(page)
            content_type = response.headers.get("content-type", "text/html").split(";")[0].strip().lower()
            if content_type not in ("text/html", "application/xhtml+xml"):
                return HttpReply(response.status, page.url, response.text(), content_type)
            return self._reply(page, response.status)
        finally:
            page.close()

    def _reply(self, page: PlaywrightPage, status: int) -> HttpReply:
        read = self._patiently(page, extraction_script(), {"op": "document", "remote": True})
        return HttpReply(status, page.url, read["html"], fields=tuple(FieldState(*field) for field in read["fields"]))


def _was_replaced(error: Any) -> bool:
    """Whether a call failed because the page moved on to another document."""
    return any(words in error.message for words in ("context was destroyed", "navigat", "Cannot find context"))
