"""What every engine does, on the test site: one suite, run for each."""

import pytest

from tests.engines.conftest import begin
from webarena_gym.actions import parse_action
from webarena_gym.errors import ActionError, ElementNotActionable, ElementNotFound, NavigationRefused, SiteError
from webarena_gym.observation import render_lines


def act(engine, *actions: str) -> None:
    for action in actions:
        engine.execute(parse_action(action))


def text(engine) -> str:
    return "\n".join(render_lines(engine.page().nodes))


def id_of(engine, name: str, role: str = "") -> int:
    return next(n.id for n in engine.page().nodes if n.id and n.name == name and role in ("", n.role))


def path(engine) -> str:
    return engine.page().url.removeprefix("http://shopping.test")


def test_a_link_opens_and_history_goes_both_ways(engine):
    act(engine, f"click({id_of(engine, 'Tables')})")
    assert path(engine) == "/tables?rows=2"
    act(engine, "back()")
    assert path(engine) == "/"
    act(engine, "forward()")
    assert path(engine) == "/tables?rows=2"
    with pytest.raises(ActionError, match="no later page"):
        act(engine, "forward()")


def test_opening_another_page_forgets_what_was_ahead(engine):
    act(engine, 'goto("/tables")', "back()", 'goto("/controls")')
    with pytest.raises(ActionError, match="no later page"):
        act(engine, "forward()")
    act(engine, "back()")
    assert path(engine) == "/"


def test_a_redirect_ends_where_it_leads(engine):
    act(engine, f"click({id_of(engine, 'Hop')})")
    assert path(engine) == "/tables?rows=1"


def test_a_form_posts_what_was_typed_and_the_redirect_is_followed(engine, world):
    act(engine, f'fill({id_of(engine, "Text")}, "new <b>note</b> é🎉")', f"click({id_of(engine, 'Add')})")
    assert path(engine) == "/"
    assert "new <b>note</b> é🎉 2023-06-12T10:00:01" in text(engine)
    assert [row["text"] for row in world.store("shopping").notes()] == ["first note", "new <b>note</b> é🎉"]


def test_fill_with_enter_submits_the_form(engine):
    act(engine, f'fill({id_of(engine, "Text")}, "by enter", enter=True)')
    assert "by enter" in text(engine)


def test_every_kind_of_control_is_sent_as_a_browser_sends_it(engine, world):
    begin(engine, world, "/controls")
    act(engine, f'fill({id_of(engine, "Email")}, " a@b.c ")', f'fill({id_of(engine, "Area")}, "l1\\nl2")')
    act(
        engine,
        f"check({id_of(engine, 'Green')})",
        f"check({id_of(engine, 'Box')})",
        f"uncheck({id_of(engine, 'Ticked')})",
    )
    act(engine, f'select({id_of(engine, "One")}, "kiwi fruit")', f'select({id_of(engine, "Many")}, ["B", "C"])')
    act(engine, f'fill({id_of(engine, "Day")}, "2024-02-29")', f'fill({id_of(engine, "Outside")}, "out")')
    act(engine, f"click({id_of(engine, 'Send')})")
    sent = world.store("shopping").notes()[-1]["text"]
    # In tree order: disabled fields, unticked boxes, other buttons and nameless controls take no part.
    assert sent == (
        "t='a \"b\"' e='a@b.c' n='2' p='abc' d='2024-02-29' ph='' s='' c='' a='l1\\r\\nl2' r='2' b='yes' one='k' many='B' "
        "many='cc' f='' h='hidden' fixed='y' go='1' outside='out'"
    )


def test_a_button_can_send_its_form_elsewhere(engine, world):
    begin(engine, world, "/controls")
    act(engine, f"click({id_of(engine, 'Other')})")
    assert path(engine) == "/controls"  # POST /note goes back to where it came from
    assert len(world.store("shopping").notes()) == 2


def test_a_get_form_puts_its_fields_into_the_address(engine, world):
    begin(engine, world, "/controls")
    act(engine, f'fill({id_of(engine, "Query")}, "a b&c=é~*")', f'press({id_of(engine, "Query")}, "Enter")')
    assert path(engine) == "/controls?q=a+b%26c%3D%C3%A9%7E*&note="
    assert "q is a b&c=é~*" in text(engine)


def test_a_multipart_form_arrives(engine, world):
    begin(engine, world, "/controls")
    act(engine, f'fill({id_of(engine, "Multi")}, "zwei\\"é")', f"click({id_of(engine, 'Send multipart')})")
    assert world.store("shopping").notes()[-1]["text"].startswith("m='zwei\"é'")


def test_typed_values_show_and_a_reset_button_forgets_them(engine, world):
    begin(engine, world, "/controls")
    act(engine, f'fill({id_of(engine, "Email")}, "x@y.z")')
    assert 'textbox "Email" value="x@y.z"' in text(engine)
    assert engine.document().fields[1].value == "x@y.z"
    act(engine, f"click({id_of(engine, 'Reset')})")
    assert "x@y.z" not in text(engine)


def test_focus_moves_with_tab_and_keys_act_on_it(engine, world):
    begin(engine, world, "/controls")
    act(engine, f"click({id_of(engine, 'Green')})", 'press("Tab")', 'press("Space")')
    assert 'checkbox "Box" checked' in text(engine)
    act(engine, 'press("Shift+Tab")', 'press("Shift+Tab")', 'press("Space")')
    assert 'radio "Red" checked' in text(engine)
    act(engine, f'fill({id_of(engine, "Area")}, "a")', 'press("Enter")', 'press("Escape")')
    assert 'value="a\\n"' in text(engine)


def test_details_open_and_close(engine):
    act(engine, f"click({id_of(engine, 'More')})")
    assert 'Inside [12] link "the details"' in text(engine)
    act(engine, f"click({id_of(engine, 'More')})")
    assert "Inside" not in text(engine)


def test_tabs_open_switch_and_close(engine):
    act(engine, "new_tab()", 'goto("http://shopping.test/tables")')
    assert [tab.title for tab in engine.page().tabs] == ["Tiny home", "Tables"]
    assert engine.page().active_tab == 1
    act(engine, "focus_tab(0)")
    assert path(engine) == "/"
    act(engine, "focus_tab(1)", "close_tab()")
    assert path(engine) == "/" and len(engine.page().tabs) == 1
    with pytest.raises(ActionError, match="last tab stays open"):
        act(engine, "close_tab()")
    with pytest.raises(ActionError, match="there is no tab 3"):
        act(engine, "focus_tab(3)")


def test_more_than_ten_tabs_are_refused(engine):
    act(engine, *["new_tab()"] * 9)
    with pytest.raises(ActionError, match="10 tabs are open"):
        act(engine, "new_tab()")


def test_several_start_pages_open_in_tabs_with_the_last_one_active(engine, world):
    begin(engine, world, "/", "/tables", "/controls")
    assert [tab.url for tab in engine.page().tabs] == [
        f"http://shopping.test{p}" for p in ("/", "/tables", "/controls")
    ]
    assert engine.page().active_tab == 2


def test_a_fragment_moves_within_the_page_and_keeps_what_was_typed(engine):
    act(engine, f'fill({id_of(engine, "Text")}, "kept")')
    document = engine.page().document
    act(engine, f"click({id_of(engine, 'Skip to Content')})")
    assert path(engine) == "/#main"
    assert 'value="kept"' in text(engine)
    assert engine.page().document == document


def test_addresses_outside_the_sites_are_refused_and_the_page_stays(engine):
    for url in ("file:///etc/passwd", "javascript:alert(1)", "http://evil.test/", "https://shopping.test/", "about:blank",
                "http://shopping.test:8080/", "http://user:pw@shopping.test/", "data:text/html,x"):  # fmt: skip
        with pytest.raises(NavigationRefused, match="outside the task's sites"):
            act(engine, f'goto("{url}")')
    with pytest.raises(ActionError, match="is no address"):
        act(engine, 'goto("http://[")')
    assert path(engine) == "/"


def test_what_an_element_does_not_take_is_said(engine, world):
    begin(engine, world, "/controls")
    cases = [
        (f'fill({id_of(engine, "Send")}, "x")', "takes no text; try click"),
        (f'fill({id_of(engine, "One")}, "x")', "try select"),
        (f'fill({id_of(engine, "Fixed")}, "x")', "read-only"),
        (f'fill({id_of(engine, "Number")}, "many")', "takes a number"),
        (f'fill({id_of(engine, "Day")}, "2/1/2023")', "a date as YYYY-MM-DD"),
        (f"click({id_of(engine, 'Dead')})", "is disabled"),
        (f"uncheck({id_of(engine, 'Red')})", "radio button"),
        (f"check({id_of(engine, 'Send')})", "no checkbox"),
        (f'select({id_of(engine, "One")}, "Mango")', "no option 'Mango'; it has: Choose…, Kiwi fruit"),
        (f'select({id_of(engine, "One")}, "Lime")', "is disabled"),
        (f'select({id_of(engine, "One")}, ["a", "b"])', "takes one option"),
        (f'select({id_of(engine, "Box")}, "x")', "is no select"),
        ('press("F5")', "key 'F5' does nothing"),
    ]
    for action, words in cases:
        with pytest.raises(ElementNotActionable, match=words):
            act(engine, action)
    with pytest.raises(ElementNotFound, match=r"no element \[999\] among the"):
        act(engine, "click(999)")


def test_evaluators_fetch_with_the_episodes_cookies_and_move_nothing(engine, world):
    events = len(world.events)
    reply = engine.client().get("http://shopping.test/hop")
    assert (reply.status, reply.url) == (200, "http://shopping.test/tables?rows=1")
    assert "Signed in as <b>7</b>" in engine.client().get("http://shopping.test/").text
    assert path(engine) == "/"
    assert len(world.events) == events


def test_a_failing_page_is_the_sites_failure(engine, world):
    with pytest.raises(SiteError, match="this page is broken"):
        act(engine, 'goto("/fails")')
    begin(engine, world)
    assert path(engine) == "/"


def test_a_page_that_does_not_exist_is_a_page(engine):
    act(engine, 'goto("/nothing here?é=~")')
    assert path(engine) == "/nothing%20here?%C3%A9=~"
    assert "Not Found" in text(engine)


def test_a_reset_forgets_cookies_tabs_and_writes(engine, world):
    before = world.state_hash()
    act(engine, f'fill({id_of(engine, "Text")}, "gone", enter=True)', "new_tab()")
    assert world.state_hash() != before
    begin(engine, world)
    assert world.state_hash() == before
    assert len(engine.page().tabs) == 1 and "gone" not in text(engine)


def test_the_live_document_has_the_same_fields_and_html(engines, worlds):
    documents = []
    for name, engine in engines.items():
        begin(engine, worlds[name], "/controls")
        act(engine, f'fill({id_of(engine, "Text")}, "typed")', f"check({id_of(engine, 'Green')})")
        documents.append(engine.document())
    assert documents[0].fields == documents[1].fields
    assert "typed" not in documents[0].html and "typed" not in documents[1].html
