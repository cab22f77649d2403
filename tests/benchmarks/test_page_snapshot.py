"""Pages as a report keeps them: alike to look at, dead to the touch."""

from __future__ import annotations

from webarena_gym.benchmarks.page_snapshot import snapshot

from webarena_gym.types import FieldState, LiveDocument

HOSTILE = """<!DOCTYPE html><html><head><title>x</title><link rel="stylesheet" href="/s.css"><base href="http://evil.test/">
<style>b{background:url(http://evil.test/a.png)}@import "http://evil.test/b.css";i{color:red}</style><script>alert(1)</script></head>
<body onload="alert(2)"><a href="javascript:alert(3)" onclick="alert(4)">go</a><img src="http://evil.test/c.png" alt="pic">
<form action="http://evil.test/" method="post"><input name="q" value="a"><input type="hidden" name="key" value="k"><button formaction="/x">Send</button></form>
<iframe srcdoc="<script>alert(5)</script>"></iframe><object data="http://evil.test/d"></object><p style="background:url(http://evil.test/e)">t</p>
<p hidden>secret</p><svg><a xlink:href="javascript:alert(6)"><text>s</text></a><use href="http://evil.test/f"></use></svg></body></html>"""


def drawn(html: str, fields: tuple[FieldState, ...] = ()) -> str:
    sheets = {"http://shop.test/s.css": "b{color:blue}"}
    return snapshot(LiveDocument("http://shop.test/a/b", html, fields), lambda url: sheets.get(url, ""))


def test_nothing_that_runs_or_loads_is_left():
    page = drawn(HOSTILE)
    for trace in (
        "alert",
        "evil.test",
        "javascript:",
        "<script",
        "<iframe",
        "<object",
        "<base",
        "<link",
        "onload",
        "onclick",
        "@import",
    ):
        assert trace not in page, trace


def test_style_sheets_are_resolved_against_the_page_and_kept_with_its_own_styles():
    page = drawn(HOSTILE)
    assert "b{color:blue}" in page and "i{color:red}" in page


def test_elements_carry_the_numbers_that_the_observation_gives_them():
    page = drawn('<body><a href="/x">one</a> <p>text</p> <button>two</button></body>')
    assert '<a data-e="1" href="#">one</a>' in page and '<button data-e="2">two</button>' in page


def test_what_was_typed_is_drawn():
    html = "<body><input type=text value=old><select><option>a<option>b</select><input type=checkbox><textarea>t</textarea></body>"
    typed = (
        FieldState("n<e>w"),
        FieldState("b", selected_index=1),
        FieldState("on", checked=True),
        FieldState("</textarea><b>"),
    )
    page = drawn(html, typed)
    assert 'value="n&lt;e&gt;w"' in page and '<option selected="">b' in page.replace("\n", "") and "checked" in page
    assert "&lt;/textarea&gt;" in page and "<b>" not in page


def test_passwords_are_not_drawn():
    assert "hunter2" not in drawn("<body><input type=password></body>", (FieldState("hunter2"),))


def test_a_style_sheet_cannot_close_the_style_element():
    page = snapshot(
        LiveDocument("http://shop.test/", '<link rel=stylesheet href="/s.css"><p>x'),
        lambda _: "</style><script>x</script>",
    )
    assert "<script" not in page.split("</style>", 1)[1] and page.count("</style>") == 1


def test_an_empty_document_gives_an_empty_page():
    assert "<body" in drawn("")
