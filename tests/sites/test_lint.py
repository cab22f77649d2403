import pytest

from webarena_gym.sites.lint import lint, lint_css

GOOD = '<form action="/x" autocomplete="off" novalidate><label>Q <input type="text" name="q"></label><button>Go</button></form>'


def test_a_page_that_keeps_the_rules_passes():
    assert lint(f'<body>{GOOD}<a href="/y">link</a></body>') == []


def test_a_form_of_mere_buttons_has_nothing_to_check_or_restore():
    assert not any(
        "form" in problem for problem in lint('<body><form action="/x" method="post"><button>Go</button></form></body>')
    )


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<script>1</script>", "no scripts"),
        ('<p style="color:red">x</p>', "no inline style"),
        ('<a href="/x"></a>', "without a name"),
        ('<a href="/x"><div>block</div></a>', "no block element inside"),
        ('<a href="/x">a<button>b</button></a>', "inside another"),
        ('<a href="javascript:x">a</a>', "no javascript: links"),
        ('<a href="/x" target="_blank">a</a>', "no target"),
        ('<div role="button">x</div>', "interactive role"),
        ('<p title="x">y</p>', "title stands only on controls"),
        ('<button onclick="x()">y</button>', "no event handlers"),
        ('<input type="text" name="q" aria-label="Q">', "belongs to a form"),
        (GOOD.replace(" novalidate", ""), "novalidate"),
        (GOOD.replace(' autocomplete="off"', ""), "autocomplete=off"),
        (GOOD.replace('action="/x"', ""), "names its action"),
        (GOOD.replace('type="text"', ""), "has a type"),
        (GOOD.replace('type="text"', 'type="range"'), "no range"),
        (GOOD.replace('name="q"', 'name="submit"'), "shadows a property"),
        ('<p id="a">x</p><p id="a">y</p>', "two elements have the id a"),
        ('<label for="nothing">x</label>', "a label for no element"),
        ('<span aria-hidden="true">x</span>', "no aria-hidden"),
    ],
)
def test_a_broken_rule_is_named(html, words):
    assert any(words in problem for problem in lint(f"<body>{html}</body>")), lint(f"<body>{html}</body>")


def test_a_style_sheet_may_only_hide_by_the_attribute():
    assert lint_css("[hidden]{display:none!important} .grid{display:grid} a{color:red}") == []
    assert "hides or adds content" in lint_css(".x{display:none}")[0]
    assert "hides or adds content" in lint_css("a::before{content:'x'}")[0]
    assert "lays out the inside" in lint_css(".nav a span{display:inline-block}")[0]
