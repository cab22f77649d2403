"""The parser of locators by itself; what it computes is compared with Chromium in ``test_locator_in_chromium.py``."""

from __future__ import annotations

import pytest

from webarena_gym.evaluators.dom import Document, close_brackets
from webarena_gym.evaluators.locator import LocatorError, parse_locator
from webarena_gym.types import FieldState, LiveDocument

PAGE = """<ul class="a"><li>one</li><li title="x">two</li></ul><input name="n" type="checkbox"><p hidden class="h">no</p>
<select class="s"><option>1<option selected>2</select>"""


def read(locator: str, html: str = PAGE, fields: tuple[FieldState, ...] = ()) -> str:
    return parse_locator(locator).read(Document(LiveDocument("", html, fields)))


@pytest.mark.parametrize(
    ("locator", "text"),
    [
        ("document.querySelector('li').outerText", "one"),
        ("document.querySelectorAll('li')[1].outerText", "two"),
        ("document.querySelectorAll('li')[2].outerText", ""),  # of undefined: a script throws
        ("document.querySelectorAll('li')[2]?.outerText", "None"),  # undefined, as Playwright's str() writes it
        ("document.querySelector('.a').lastElementChild.getAttribute('title')", "x"),
        ("document.querySelector('.a').getAttribute('title')", "None"),
        ("document.querySelector('[title=\"x\"').outerText", "two"),
        ("document.querySelector('input').checked", "False"),
        ("document.querySelector('input').checked.toString()", "false"),
        ("document.querySelector('select.s').selectedIndex", "1"),
        ("document.querySelector('select.s').value", "2"),
        ("document.querySelector('li').value", "None"),
        ("document.querySelector('.h').outerText", "no"),
        ("document.querySelector('li').outerText + (document.querySelector('.x')?.outerText || '')", "one"),
        ("document.querySelector('li').outerText + (document.querySelector('.a')?.outerText || '')", "oneone\ntwo"),
        ("[...document.querySelectorAll('li')].map(e => e.getAttribute('title') || e.outerText).join(', ')", "one, x"),
    ],
)
def test_a_locator_reads_what_a_script_would(locator: str, text: str):
    assert read(locator) == text


def test_live_values_come_from_the_fields_in_document_order():
    fields = (FieldState("on", checked=True), FieldState("1", selected_index=0))
    assert read("document.querySelector('input').checked.toString()", fields=fields) == "true"
    assert read("document.querySelector('select').selectedIndex", fields=fields) == "0"


def test_matches_come_in_document_order_without_the_scope_itself():
    html = '<div href="0"><a href="1" src="2">q</a><img src="3"></div>'
    locator = (
        "[...document.querySelector('div').querySelectorAll('[src],[href]')]"
        ".map(e => e.getAttribute('href') || e.getAttribute('src')).join(' ')"
    )
    assert read(locator, html) == "1 3"


@pytest.mark.parametrize(
    "locator",
    [
        "",
        "document",
        "document.title",
        "document.querySelector('a').click()",
        "document.querySelector('a').innerHTML",
        "document.querySelector(a)",
        "document.querySelector('a').outerText; alert(1)",
        "document.querySelector('a').outerText || fetch('x')",
        "[...document.querySelectorAll('a')].map(e => f.value).join('')",
        "window.document.querySelector('a').outerText",
        "document['querySelector']('a')",
        "'text'",
        "document.querySelector('a\\'b').value",
        "() => 1",
        "lambda: 1",
    ],
)
def test_anything_outside_the_grammar_is_refused(locator: str):
    with pytest.raises(LocatorError, match="locator"):
        parse_locator(locator)


def test_a_selector_that_is_none_reads_an_empty_text_as_a_script_that_throws():
    assert read("document.querySelector('li:::').outerText") == ""


def test_open_brackets_are_closed_as_browsers_do():
    assert close_brackets('[name="product[status]"') == '[name="product[status]"]'
    assert close_brackets('[title="What’s on your mind?"') == '[title="What’s on your mind?"]'
    assert close_brackets("div > a[href]") == "div > a[href]"
