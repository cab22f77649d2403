"""Equal pages in both engines: the test site's pages, and fuzzed pages that Chromium and lexbor read side by side."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from selectolax.lexbor import LexborHTMLParser

from tests.engines.conftest import begin
from tests.strategies import pages
from webarena_gym.engines.browser import extraction_script, node_from_json
from webarena_gym.engines.chromium import Chromium, shared_chromium
from webarena_gym.observation import extract
from webarena_gym.types import Node


@pytest.mark.parametrize(
    "path", ["/", "/controls?q=a&note=b", "/tables?rows=4", "/plain.txt", "/picture.svg", "/missing"]
)
def test_a_page_of_the_test_site_is_equal_in_both_engines(path, engines, worlds):
    shown = []
    for name, engine in engines.items():
        begin(engine, worlds[name], path)
        page = engine.page()
        shown.append((page.url, page.title, page.nodes, page.tabs))
    assert shown[0] == shown[1]


@pytest.fixture(scope="module")
def chromium_page() -> Iterator[tuple[Chromium, Any]]:
    chromium = shared_chromium(resolver_rules="", headless=True, images=False)
    page = chromium.call(lambda browser: browser.new_page())
    yield chromium, page
    chromium.call(lambda browser: page.close())


def test_fuzzed_pages_are_equal_in_both_extractors(full_size, chromium_page):
    chromium, page = chromium_page

    def read(html: str) -> tuple[Node, ...]:
        def in_browser(browser: Any) -> Any:
            page.set_content(html)
            return page.evaluate(extraction_script(), {"op": "read"})["nodes"]

        return tuple(map(node_from_json, chromium.call(in_browser)))

    @settings(
        max_examples=500 if full_size else 120,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(pages)
    def equal(html: str) -> None:
        assert extract(LexborHTMLParser(html)).nodes == read(html)

    equal()
