"""Reads a page's HTML and the state of its controls in Chromium, as scripts in the page see them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from webarena_gym.engines.chromium import shared_chromium
from webarena_gym.types import FieldState, LiveDocument

_FIELDS_JS = """() => [...document.querySelectorAll('input, select, textarea')].map(
    e => [e.value, !!e.checked, e.selectedIndex ?? -1])"""


class ChromiumPage:
    """One page; ``run`` gives the value of a script, or raises as Playwright does."""

    def __init__(self, chromium: Any, page: Any) -> None:
        self._chromium, self._page = chromium, page

    def show(self, html: str) -> None:
        self._chromium.call(lambda browser: self._page.set_content(html))

    def run(self, script: str, argument: Any = None) -> Any:
        return self._chromium.call(lambda browser: self._page.evaluate(script, argument))

    def live(self) -> LiveDocument:
        html = self._chromium.call(lambda browser: self._page.content())
        return LiveDocument("http://test/", html, tuple(FieldState(*state) for state in self.run(_FIELDS_JS)))


@contextmanager
def chromium_page() -> Iterator[ChromiumPage]:
    chromium = shared_chromium(resolver_rules="", headless=True, images=False)
    page = chromium.call(lambda browser: browser.new_page())
    yield ChromiumPage(chromium, page)
    chromium.call(lambda browser: page.close())
