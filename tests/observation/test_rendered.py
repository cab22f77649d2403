from __future__ import annotations

from webarena_gym.observation import RenderedPages
from webarena_gym.types import Node


def page(name: str) -> tuple[Node, ...]:
    return (Node("text", name, 0), Node("button", "Go", 1, id=1))


def test_a_page_is_written_once_for_the_same_nodes():
    pages, nodes = RenderedPages("text", 100), page("Hello")
    first = pages.of(nodes)
    assert first.text == 'Hello\n[1] button "Go"' and list(first.parts) == [first.text]
    assert pages.of(nodes) is first


def test_other_nodes_are_another_page_though_they_are_equal():
    pages = RenderedPages("text", 100)
    first, second = pages.of(page("Hello")), pages.of(page("Hello"))
    assert first is not second and first.text == second.text


def test_only_the_last_four_pages_are_kept():
    pages, shown = RenderedPages("html", 100), [page(str(number)) for number in range(5)]
    rendered = [pages.of(nodes) for nodes in shown]
    assert pages.of(shown[4]) is rendered[4]
    assert pages.of(shown[0]) is not rendered[0] and pages.of(shown[0]).text == rendered[0].text


def test_what_is_shown_again_is_kept_longest():
    pages, shown = RenderedPages("text", 100), [page(str(number)) for number in range(5)]
    first = pages.of(shown[0])
    for nodes in shown[1:4]:
        pages.of(nodes)
    assert pages.of(shown[0]) is first
    pages.of(shown[4])  # takes the place of the second
    assert pages.of(shown[0]) is first
