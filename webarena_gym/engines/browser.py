"""The browser engine: Chromium through Playwright, over the same sites as the http engine.

It acts through the DOM (``el.click()``), not with a synthetic mouse, and waits for the navigation that the element's own
facts announce; there is no fixed sleep. Pages load from a loopback server that knows this env's world by a token.
"""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ..actions import Action
from ..errors import ActionError, BrowserError, InfraError, MissingDependency, NavigationRefused, SiteError
from ..sites.world import World
from ..sites.wsgi_server import RAW_PATH
from ..types import FieldState, HttpReply, LiveDocument, Node, Page, PageClient, Tab
from .base import BLANK, FILE_TO_DOWNLOAD, EpisodeStart, History, without_fragment
from .chromium import Chromium, shared_chromium
from .client import CookieJar
from .execute import run_action
from .interact import Effect, ElementFacts, Implicit
from .server import TOKEN_HEADER, loopback_server
from .wsgi import WsgiApp, WsgiClient

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as PlaywrightPage

T = TypeVar("T")

NAVIGATION_TIMEOUT_MS = 20_000
VIEWPORT = {"width": 1280, "height": 720}
MOST_DOCUMENTS = 300
"""After so many a context makes room for a fresh one at the next reset: Playwright keeps 10 kB of Python objects and as much
in its driver for each document, up to 10,000 of a kind, until the context is closed."""


@functools.cache
def extraction_script() -> str:
    """``extract.js``, one function of a command."""
    return files("webarena_gym.observation").joinpath("extract.js").read_text(encoding="utf-8")


@functools.cache
def extraction_to_text() -> str:
    """``extract.js`` with its result as JSON: one text leaves the page ten times faster than a thousand nested lists."""
    return f"(command) => JSON.stringify(({extraction_script()})(command))"


def resolver_rules(port: int) -> str:
    """Chromium's ``--host-resolver-rules``: whatever a page asks for, the loopback server is asked, which knows what it serves."""
    return f"MAP * 127.0.0.1:{port}"


class BrowserEngine:
    """An ``Engine`` over one context of the process's Chromium.

    Its methods may be called from any thread, one at a time; Playwright's objects never leave the browser's own thread.
    """

    def __init__(self, world: World, *, headless: bool = True, images: bool = False) -> None:
        self._world = world
        self._settings = {"headless": headless, "images": images}
        self._enter()
        self._driver: ContextDriver | None = None
        self._allowed: tuple[str, ...] = ()

    def _enter(self) -> None:
        """Play in this process's server and browser from now on."""
        self._server = loopback_server()
        self._gate = Gate(self._world)
        self._token = self._server.add(self._gate)
        rules = resolver_rules(self._server.port)
        self._chromium: Chromium = shared_chromium(resolver_rules=rules, **self._settings)
        self._chromium.begin_use()

    def _call(self, function: Callable[[ContextDriver], T]) -> T:
        driver = self._driver
        if driver is None:
            raise BrowserError("the browser engine was not reset")
        try:
            result = self._chromium.call(lambda browser: function(driver))
        except BrowserError:
            self._chromium.check()  # in doubt, whoever comes next gets a fresh browser
            self._drop_context()
            self._raise_site_failure()
            raise
        self._raise_site_failure()
        return result

    def _raise_site_failure(self) -> None:
        if (failure := self._world.failure) is not None:
            self._world.failure = None
            raise SiteError(f"a page of the site failed: {failure!r}") from failure

    def reset(self, start: EpisodeStart) -> None:
        if not self._server.alive:
            self._chromium.retire("the server that its pages come from ended")
        if not self._chromium.alive:
            self._leave()
            self._enter()
        if self._driver is not None and self._driver.documents >= MOST_DOCUMENTS:
            self._drop_context()
        self._allowed = self._gate.allowed = start.allowed_origins
        self._chromium.note_episode()
        try:
            if self._driver is None:
                self._driver = self._chromium.call(
                    lambda browser: ContextDriver(browser, self._gate, extra_http_headers={TOKEN_HEADER: self._token})
                )
            self._call(lambda driver: driver.begin(start))
        except InfraError:
            self._chromium.check()
            self._drop_context()
            raise

    def execute(self, action: Action) -> None:
        self._call(lambda driver: run_action(driver, action, self._allowed))

    def page(self) -> Page:
        return self._call(lambda driver: driver.page())

    def document(self) -> LiveDocument:
        return self._call(lambda driver: driver.document())

    def client(self) -> PageClient:
        return _LateClient(self)

    def wsgi_client(self) -> WsgiClient:
        """A client with the cookies that the browser holds now."""
        jar = CookieJar()
        for cookie in self._call(lambda driver: driver.cookies()):
            jar.set(f"http://{cookie['domain'].lstrip('.')}/", cookie["name"], cookie["value"], cookie["path"])
        return WsgiClient(self._world, jar, evaluator=True)

    def aria_snapshot(self) -> str:
        """Playwright's own reading of the active tab, as YAML: the yardstick that tests hold ours against."""
        return self._call(lambda driver: driver.aria_snapshot())

    def screenshot(self) -> np.ndarray:
        try:
            from PIL import Image
        except ImportError:
            raise MissingDependency("pillow", "browser", "render_mode='rgb_array'") from None
        png = self._call(lambda driver: driver.screenshot())
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    def close(self) -> None:
        self._leave()

    def _leave(self) -> None:
        """Play in them no more."""
        self._server.remove(self._token)
        self._drop_context()
        self._chromium.end_use()

    def _drop_context(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            try:
                self._chromium.call(lambda browser: driver.close(), timeout_s=10)
            except BrowserError:
                self._chromium.check()


class Gate:
    """A world as a browser context may reach it: the origins of the episode alone, wherever a redirect or a frame leads.

    ``refused`` is the address of the last document that was asked for elsewhere.
    """

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self.allowed: Sequence[str] = ()
        self.refused = ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        origin = f"http://{environ.get('HTTP_HOST', '').lower()}"
        if origin in self.allowed:
            return self._app(environ, start_response)
        navigation = "HTTP_UPGRADE_INSECURE_REQUESTS" in environ
        if navigation:
            self.refused = f"{origin}{environ[RAW_PATH]}"
        # To a document request "no content" is an answer that leaves the page as it is.
        start_response("204 No Content" if navigation else "403 Forbidden", [])
        return []


class _LateClient:
    """A ``PageClient`` that asks the browser for its cookies only when it is used, which most steps never do."""

    def __init__(self, engine: BrowserEngine) -> None:
        self._engine = engine

    def get(self, url: str) -> HttpReply:
        return self._engine.wsgi_client().get(url)

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = "") -> HttpReply:
        return self._engine.wsgi_client().request(method, url, headers=headers, body=body)


class ContextDriver:
    """``execute.Driver`` over a Playwright context. Lives on the browser's thread."""

    def __init__(self, browser: Browser, gate: Gate | None = None, **settings: Any) -> None:
        self._context: BrowserContext = browser.new_context(
            viewport=VIEWPORT,  # type: ignore[arg-type]
            accept_downloads=False,
            service_workers="block",
            locale="en-US",
            timezone_id="UTC",
            **settings,
        )
        self._gate = gate
        self._context.set_default_timeout(NAVIGATION_TIMEOUT_MS)
        self._pages: list[PlaywrightPage] = []
        self._histories: list[History] = []
        self._active = 0
        self._documents = 0
        self._opening = False
        self._context.on("page", self._close_popup)

    @property
    def documents(self) -> int:
        """How many it has opened."""
        return self._documents

    def _close_popup(self, page: PlaywrightPage) -> None:
        if not self._opening:
            page.close()

    def begin(self, start: EpisodeStart) -> None:
        self._context.clear_cookies()
        while len(self._pages) > 1:
            self._pages.pop().close()
        if start.cookies:
            self._context.add_cookies([{"url": c.origin, "name": c.name, "value": c.value} for c in start.cookies])
        self._histories = []
        for number, url in enumerate(start.start_urls):
            if number < len(self._pages):
                self._histories.append(History())
                self._active = number
                self._page.goto(BLANK)  # so that a fragment in the start address is no move within the old page
            else:
                self.new_tab()
            self.open(url)
            self._histories[-1].visit(self._page.url)

    @property
    def _page(self) -> PlaywrightPage:
        return self._pages[self._active]

    def _run(self, op: str, **command: Any) -> Any:
        return json.loads(self._page.evaluate(extraction_to_text(), {"op": op, **command}))

    def page(self) -> Page:
        read = self._run("read")
        return Page(
            url=self._page.url,
            title=read["title"],
            nodes=tuple(map(node_from_json, read["nodes"])),
            tabs=tuple(
                Tab(
                    read["title"] if i == self._active else page.evaluate(extraction_script(), {"op": "title"}),
                    page.url,
                )
                for i, page in enumerate(self._pages)
            ),
            active_tab=self._active,
            document=self._documents,
        )

    def document(self) -> LiveDocument:
        read = self._run("document")
        return LiveDocument(self._page.url, read["html"], tuple(FieldState(*field) for field in read["fields"]))

    def cookies(self) -> Sequence[Any]:
        return self._context.cookies()

    def screenshot(self) -> bytes:
        return self._page.screenshot()

    def aria_snapshot(self) -> str:
        body = self._page.locator("body")
        return body.aria_snapshot() if body.count() else ""  # a picture by itself has no body

    def close(self) -> None:
        self._context.close()

    # --- execute.Driver ---

    def url(self) -> str:
        return self._page.url

    def nodes(self) -> Sequence[Node]:
        return tuple(map(node_from_json, self._run("read")["nodes"]))

    def histories(self) -> Sequence[History]:
        return self._histories

    def active(self) -> int:
        return self._active

    def focused(self) -> int | None:
        return self._run("facts", id=None)["focus"] or None

    def facts(self, id: int) -> tuple[ElementFacts, str] | None:
        if id < 1:
            return None
        read = self._run("facts", id=id)
        if read["facts"] is None:
            return None
        facts, implicit = read["facts"], read["implicit"]
        value = facts.pop("value")
        facts["options"] = tuple(map(tuple, facts["options"]))
        return ElementFacts(**facts, implicit=Implicit(**implicit) if implicit else None), value

    def apply(self, effect: Effect) -> None:
        command = {"id": effect.id, "text": effect.text, "indices": list(effect.indices)}
        if effect.kind == "none":
            return
        if not effect.opens or self._moves_within_page(effect):
            self._run(effect.kind, **command)
            return
        with (
            self._leaving(),
            self._page.expect_navigation(wait_until="domcontentloaded", timeout=NAVIGATION_TIMEOUT_MS),
        ):
            self._run(effect.kind, **command)

    def _moves_within_page(self, effect: Effect) -> bool:
        here = self._page.url
        return effect.is_link and "#" in effect.opens and without_fragment(effect.opens) == without_fragment(here)

    def open(self, url: str) -> None:
        with self._leaving():
            self._page.goto(url, wait_until="domcontentloaded")

    @contextmanager
    def _leaving(self) -> Iterator[None]:
        """Another document is to come. Where none does since none was let through or it is a file, the page stays.

        Raises:
            NavigationRefused: a redirect leads out of the task's sites.
            ActionError: a file to download.
        """
        from playwright.sync_api import Error

        gate, before = self._gate, self._page.url
        assert gate is not None
        gate.refused = ""
        try:
            yield
        except Error as error:
            if gate.refused:
                raise NavigationRefused(gate.refused, gate.allowed) from None
            if "net::ERR_SSL" in error.message:  # to no site of ours, since none is encrypted
                self._show_again(before)
                raise NavigationRefused("https:", gate.allowed) from None
            if "net::ERR_ABORTED" in error.message or "Download is starting" in error.message:
                raise ActionError(FILE_TO_DOWNLOAD) from None
            raise
        self._documents += 1

    def _show_again(self, url: str) -> None:
        """Go back to ``url`` from the browser's own error page, which comes late and in between on a busy machine."""
        from playwright.sync_api import Error

        for tries_left in reversed(range(5)):
            try:
                self._page.goto(url, wait_until="domcontentloaded")
                return
            except Error:
                if not tries_left:
                    raise
                self._page.wait_for_load_state("domcontentloaded")

    def focus_tab(self, index: int) -> None:
        self._active = index
        self._documents += 1

    def new_tab(self) -> None:
        self._opening = True
        try:
            self._pages.append(self._context.new_page())
        finally:
            self._opening = False
        self._histories.append(History())
        self._active = len(self._pages) - 1
        self._documents += 1

    def close_tab(self) -> None:
        self._pages.pop(self._active).close()
        del self._histories[self._active]
        self._active = max(0, self._active - 1)
        self._documents += 1


def node_from_json(raw: list[Any]) -> Node:
    """A node as ``extract.js`` hands it over."""
    role, name, line, cell, id, states, options = raw
    return Node(role, name, line, cell, id, tuple(map(tuple, states)), tuple(options))
