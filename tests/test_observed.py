"""What the renderer writes, ``parse_observation`` reads back."""

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tests.strategies import pages
from webarena_gym.observation import extract, render_lines
from webarena_gym.observed import parse_elements, parse_observation, quote, unescape

labels = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters=';/[]"\\'),
    min_size=1,
    max_size=8,
)


@given(pages)
def test_every_element_of_a_page_is_read_back_with_its_role_and_name(html):
    nodes = [node for node in extract(LexborHTMLParser(html)).nodes if node.id is not None]
    lines = render_lines(extract(LexborHTMLParser(html)).nodes)
    found = {e.id: (e.role, e.name) for number, line in enumerate(lines) for e in parse_elements(line, number)}
    # Page text that itself looks like an element may add some, but never hides one.
    assert all(found.get(node.id) is not None for node in nodes)


def test_options_end_where_the_select_ends():
    (select, button) = parse_elements(
        '[46] combobox "Show" value="10" options: 10 / 20 / 50; per page [47] button "Go"'
    )
    assert select.options == ("10", "20", "50") and select.value == "10"
    assert (button.id, button.name) == (47, "Go")


def test_states_values_and_escapes_are_read_back():
    (box, field) = parse_elements('[1] checkbox "A \\"b\\"" checked disabled [2] textbox "T" value="x\\ny" required')
    assert box.name == 'A "b"' and box.is_("checked") and box.is_("disabled") and not box.is_("required")
    assert field.value == "x\ny" and field.is_("required")


def test_a_header_is_read_back():
    page = parse_observation(
        "goal: Buy: it\nstep 7/30\ntabs: [0] Shop *[1] Cart\nurl: http://a.test/\nerror: no element [9]\n"
        'page 2/3 (scroll("down") or scroll("up") shows the rest)\n\nline one\n[1] link "x"'
    )
    assert (page.goal, page.step, page.max_steps, page.url) == ("Buy: it", 7, 30, "http://a.test/")
    assert (page.part, page.parts, page.tabs, page.active_tab, page.error) == (2, 3, 2, 1, "no element [9]")
    assert page.text == 'line one\n[1] link "x"' and page.elements[0].line == 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_quoting_and_unescaping_undo_each_other(text):
    assert unescape(quote(text)[1:-1]) == text
