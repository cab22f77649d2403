"""The browserless extractor on small documents; equality with Chromium is in tests/engines/test_parity.py."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from webarena_gym.observation import extract, extract_media, nodes, render_lines
from webarena_gym.types import Node


def lines(body: str, mode="text") -> list[str]:
    return render_lines(extract(LexborHTMLParser(f"<body>{body}</body>")).nodes, mode)


def test_inline_text_merges_and_blocks_break_lines():
    assert lines("<p>Order <b>#1</b>\n is <i>new</i></p>tail<div>next</div>") == ["Order #1 is new", "tail", "next"]


def test_elements_to_act_on_are_numbered_in_document_order():
    assert lines(
        '<a href="/x">One</a> and <button>Two</button><p>text</p><input type="checkbox" aria-label="Three" checked>'
    ) == [
        '[1] link "One" and [2] button "Two"',
        "text",
        '[3] checkbox "Three" checked',
    ]


def test_a_table_row_is_one_line_whatever_its_cells_hold():
    html = (
        "<table><tr><th>A</th><th>B</th></tr><tr><td><div>1</div><p>one</p></td><td><a href=x>go</a></td></tr></table>"
    )
    assert lines(html) == ["A | B", '1 one | [1] link "go"']


def test_the_hidden_attribute_and_closed_details_hide():
    html = "<p hidden>no <a href=x>no</a></p><details><summary>More</summary>inside</details><details open><summary>Less</summary>in</details>"
    assert lines(html) == ['[1] button "More" expanded="false"', '[2] button "Less" expanded="true"', "in"]


def test_a_label_is_read_as_the_name_of_its_control_and_not_twice():
    assert lines(
        "<label for=q>Qty</label> <input id=q type=number value=2> <label>Size <input type=text name=s></label>"
    ) == ['[1] spinbutton "Qty" value="2" [2] textbox "Size"']


def test_a_heading_with_a_link_keeps_the_link():
    assert lines("<h2>Recent</h2><h3><a href=x>All</a> of it</h3>") == ["## Recent", '### [1] link "All" of it']


def test_landmarks_stand_on_their_own_line_and_sections_only_with_a_name():
    html = "<header>H</header><nav aria-label=Main>N</nav><section>S</section><section aria-label=R>T</section><div role=alert>!</div>"
    assert lines(html) == ["banner:", "H", 'navigation "Main":', "N", "S", 'region "R":', "T", "alert:", "!"]


def test_quotes_and_newlines_in_names_and_values_are_escaped():
    assert lines("<textarea aria-label='5\" case'>\na\nb</textarea>") == ['[1] textbox "5\\" case" value="a\\nb"']


def test_a_password_is_masked_and_an_empty_value_left_out():
    html = "<input type=password aria-label=P value=abc><input type=text aria-label=T>"
    assert lines(html) == ['[1] textbox "P" value="•••" [2] textbox "T"']


def test_options_of_a_select_are_listed_with_the_chosen_one():
    html = "<select aria-label=Sort><option>Position</option><option selected>Price</option></select>"
    assert lines(html) == ['[1] combobox "Sort" value="Price" options: Position / Price;']


def test_typed_values_lie_over_the_document():
    tree = LexborHTMLParser("<body><input type=text aria-label=T value=old><input type=checkbox aria-label=C></body>")
    text, box = tree.css("input")
    nodes = extract(tree, {text.mem_id: "new", box.mem_id: True}).nodes
    assert render_lines(nodes) == ['[1] textbox "T" value="new" [2] checkbox "C" checked']


def test_invisible_characters_are_deleted_and_white_space_collapsed():
    assert lines("<p>a\u200bb\u00adc\u00a0\u2003 d\u202ee</p>") == ["abc de"]


def test_preformatted_text_keeps_its_lines():
    assert lines("<pre>def f():\n    return 1\n</pre>") == ["def f():", "return 1"]


def test_the_axtree_and_html_listings_carry_the_same_ids():
    html = '<h1>Title</h1><a href="/x">Go &amp; see</a><input type=text aria-label=T value=v>'
    assert lines(html, "axtree") == [
        "\theading 'Title' level: 1",
        "\t[1] link 'Go & see'",
        "\t[2] textbox 'T' value: v",
    ]
    assert lines(html, "html") == [
        "<h1>Title</h1>",
        '<a id="1">Go &amp; see</a>',
        '<input id="2" value="v" aria-label="T"></input>',
    ]


@pytest.mark.parametrize("mode", ["text", "html", "axtree"])
def test_every_node_is_one_line_though_a_value_has_two(mode):
    (line,) = lines("<textarea aria-label=T>\na\nb</textarea>", mode)
    assert "\n" not in line and re.search(r"a(\\n|&#10;)b", line)


def test_a_text_and_an_image_opened_by_themselves_are_readable():
    assert extract_media("text/plain", "http://a/x.txt", "one\n\n two\n") == (
        Node("text", "one", 0),
        Node("text", "two", 1),
    )
    assert extract_media("image/png", "http://a/pics/a%20b.png", "") == (Node("img", "a b.png", 0),)


LINKS_AND_BUTTONS = """
<a href=x>plain</a> <a href=x title=t></a> <a href=x title=t>both</a> <a>no link</a> <a name=y disabled href=x>named</a>
<a href=x><b>nested <i>deep</i></b> tail</a> <a href=x><img alt=pic> <p>block</p></a> <a href=x aria-current=page>here</a>
<button>go</button><button disabled>no</button><button title="up"></button><button aria-pressed=true>on</button>
<fieldset disabled><button>in</button><a href=x>out</a></fieldset><button role=tab aria-selected=true>tab</button>
<label>field <input><fieldset disabled><button>grouped</button></fieldset></label><optgroup disabled><button>option</button></optgroup>
<h2>head <a href=x>in it</a></h2><button aria-label=named>text</button><a href=x role=button>as button</a> <a href=x hidden>no</a>
"""


def test_the_quick_way_of_reading_links_and_buttons_gives_what_the_thorough_one_gives(monkeypatch):
    quick = extract(LexborHTMLParser(f"<body>{LINKS_AND_BUTTONS}</body>")).nodes
    handlers = nodes._handlers()
    tag_of = {"link": "a", "button": "button"}
    thorough = {number: (nodes._Walk._control, tag_of[role]) for number, role in handlers.links.items()}
    assert len(thorough) == 2
    slow = handlers._replace(links={}, others={**handlers.others, **thorough})
    monkeypatch.setattr(nodes, "_handlers", lambda: slow)
    assert quick == extract(LexborHTMLParser(f"<body>{LINKS_AND_BUTTONS}</body>")).nodes
    assert ("link", "nested deep tail") in [(node.role, node.name) for node in quick]
    assert [node.name for node in quick if ("disabled", "") in node.states] == ["no", "in", "grouped", "option"]


def test_every_tag_with_a_handler_has_a_fixed_number():
    # A tag that lexbor does not know is numbered by an address in its document, which another document gives to another tag.
    unknown = LexborHTMLParser("").create_node("no-such-tag").tag_id
    numbers = [number for kind in nodes._handlers() for number in kind]
    assert len(set(numbers)) == len(numbers) == len(nodes._HANDLERS)
    assert max(numbers) < 1000 < unknown


def test_nodes_read_like_a_tuple_of_nodes_however_they_are_kept():
    found = extract(LexborHTMLParser("<body><h1>One</h1><a href=x>two</a> three</body>")).nodes
    plain = (
        Node("heading", "One", 0, states=(("level", "1"),)),
        Node("link", "two", 1, id=1),
        Node("text", "three", 1),
    )
    assert found == plain and plain == found and hash(found) == hash(plain) and len(found) == 3
    assert [node.name for node in found] == ["One", "two", "three"]
    assert [node.name for node in reversed(found)] == ["three", "two", "One"]
    assert found[1].id == found[-2].id == 1
    assert [node.role for node in found[1:]] == ["link", "text"] and plain[2] in found
    assert {type(node) for node in (*found, *found[:2], found[0], *sorted(found), *tuple(found))} == {Node}
    assert render_lines(found) == render_lines(plain) == ["# One", '[1] link "two" three']
