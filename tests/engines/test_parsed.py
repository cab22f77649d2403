"""Pages that no tab shows any more are kept parsed: what comes back is as it was loaded, and is nobody else's."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser

from webarena_gym.actions import parse_action
from webarena_gym.engines import parsed
from webarena_gym.engines.http import HttpEngine
from webarena_gym.observation import extract
from webarena_gym.sites.world import World

from .conftest import begin

CONTROLS = 'goto("http://shopping.test/controls")'


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    parsed._kept.clear()
    parsed._kept_bytes = 0
    yield
    parsed._kept.clear()
    parsed._kept_bytes = 0


@pytest.fixture
def http(worlds: dict[str, World]) -> HttpEngine:
    engine = HttpEngine(worlds["http"])
    begin(engine, worlds["http"])
    return engine


def act(engine: HttpEngine, *actions: str) -> None:
    for action in actions:
        engine.execute(parse_action(action))


def id_of(engine: HttpEngine, role: str) -> int:
    return next(node.id for node in engine.page().nodes if node.id and node.role == role)


def test_a_page_that_was_left_is_not_parsed_again(http: HttpEngine):
    act(http, CONTROLS)
    tree, nodes = http._tab.document.tree, http.page().nodes
    act(http, 'goto("/")', CONTROLS)
    assert http._tab.document.tree is tree and http.page().nodes is nodes


def test_what_was_typed_or_opened_is_gone_when_a_page_comes_back(http: HttpEngine):
    fresh = http.page().nodes
    [details] = [node.id for node in fresh if ("expanded", "false") in node.states]
    for change in (f'fill({id_of(http, "textbox")}, "typed")', f"click({details})"):
        act(http, change)
        assert http.page().nodes != fresh
        act(http, CONTROLS, 'goto("/")')
        assert http.page().nodes == fresh


def test_two_tabs_on_one_page_have_a_tree_each(http: HttpEngine):
    act(http, CONTROLS, "new_tab()", CONTROLS, "focus_tab(0)")
    first = http._tabs[0].document
    second = http._tabs[1].document
    assert first.tree is not second.tree
    act(http, f'fill({id_of(http, "textbox")}, "typed")', "focus_tab(1)")
    assert not any("typed" in value for node in http.page().nodes for _, value in node.states)


def test_a_page_is_kept_or_shown_but_never_both(http: HttpEngine, worlds: dict[str, World]):
    act(http, CONTROLS)
    shown = http._tab.document.parsed
    assert shown is not None and shown.html not in parsed._kept
    act(http, 'goto("/")')
    assert parsed._kept[shown.html] is shown
    begin(http, worlds["http"])  # another episode
    assert parsed._kept_bytes == sum(map(parsed._bytes_of, parsed._kept)) > 0


def test_what_is_kept_stays_within_its_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parsed, "MAX_KEPT_BYTES", 2 * parsed._bytes_of("x" * 47) + 100)
    pages = [parsed.take_parsed(f"<p>{number:040}</p>") for number in range(5)]  # 47 characters each: two fit
    for page in [*pages, parsed.ParsedPage("x" * 200_000)]:
        parsed.give_back(page)
    assert list(parsed._kept.values()) == pages[-2:]
    assert parsed.take_parsed(pages[-1].html) is pages[-1]
    assert parsed.take_parsed(pages[-1].html) is not pages[-1]
    assert parsed._kept_bytes == parsed._bytes_of("x" * 47)


@pytest.mark.parametrize("length", [0, parsed._MOST_COPIED_CHARS])
@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html><title>é</title><!-- c --><my-tag data-a=1>x &amp; <B Title='中'>y</B></my-tag>",
        "<svg viewBox='0 0 1 1'><path d=M0 /></svg><table><td>cell</table><textarea>\n\na</textarea><pre>\n b</pre>",
        "<TEMPLATE><p>in a template</p></TEMPLATE><select><option selected>a</select>",
    ],
)
def test_the_tree_of_a_page_is_as_it_was_parsed_whether_it_is_a_copy_or_not(html: str, length: int) -> None:
    html += " " * length
    tree = parsed.ParsedPage(html).tree
    gc.collect()
    others = [LexborHTMLParser(html[::-1]) for _ in range(20)]  # in the memory that the document it was copied from had
    assert tree.html == LexborHTMLParser(html).html
    assert len(others) == 20


def test_kept_nodes_are_those_of_the_html():
    html = "<main><h1><a href=x>T</a></h1><p>a <b>b</b></p></main>"
    assert parsed.take_parsed(html).read().nodes == extract(LexborHTMLParser(html)).nodes
