import pytest
from hypothesis import given

from tests.strategies import actions
from webarena_gym.actions import (
    Back,
    Check,
    Click,
    CloseTab,
    Fill,
    FocusTab,
    Forward,
    Goto,
    NewTab,
    Noop,
    Press,
    Scroll,
    Select,
    Stop,
    Uncheck,
    describe_actions,
    parse_action,
)  # fmt: skip
from webarena_gym.actions.parser import CANONICAL_NAMES, MAX_ACTION_CHARS
from webarena_gym.errors import ActionSyntaxError


@given(actions)
def test_every_action_parses_back_from_its_own_text(action):
    assert parse_action(action.to_text()) == action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("click(12)", Click(12)),
        ("  click( 12 )\n", Click(12)),
        ('fill(12, "a \\"b\\"\\n")', Fill(12, 'a "b"\n')),
        ("fill(12, text='x', enter=True)", Fill(12, "x", enter=True)),
        ('select(12, "Blue")', Select(12, ("Blue",))),
        ('select(12, ["Blue", "Red"])', Select(12, ("Blue", "Red"))),
        ("check(3)", Check(3)),
        ("uncheck(3)", Uncheck(3)),
        ('press("Enter")', Press("Enter")),
        ('press(4, "Enter")', Press("Enter", 4)),
        ('goto("http://shopping.test/")', Goto("http://shopping.test/")),
        ('scroll("up")', Scroll("up")),
        ("focus_tab(1)", FocusTab(1)),
        ("stop()", Stop("")),
        ('stop("\\ud83c\\udf89 \\u00e9")', Stop("🎉 é")),
        ("stop(65.32)", Stop("65.32")),
    ],
)
def test_canonical_spelling(text, action):
    assert parse_action(text) == action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("click('12')", Click(12)),
        ("click('12', button='left')", Click(12)),
        ("dblclick('12')", Click(12)),
        ("fill('12', 'multi\\nline')", Fill(12, "multi\nline")),
        ("clear('12')", Fill(12, "")),
        ("select_option('12', ['red', 'green'])", Select(12, ("red", "green"))),
        ("press('12', 'Enter')", Press("Enter", 12)),
        ("keyboard_press('Enter')", Press("Enter")),
        ("hover('12')", Noop()),
        ("noop(1000)", Noop()),
        ("scroll(0, 200)", Scroll("down")),
        ("scroll(0, -200)", Scroll("up")),
        ("go_back()", Back()),
        ("go_forward()", Forward()),
        ("new_tab()", NewTab()),
        ("tab_close()", CloseTab()),
        ("tab_focus(2)", FocusTab(2)),
        ("send_msg_to_user('The price is $5.')", Stop("The price is $5.")),
        ("report_infeasible('no such thing')", Stop("N/A")),
    ],
)
def test_browsergym_spelling(text, action):
    assert parse_action(text) == action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("click [12]", Click(12)),
        ("type [12] [hello world] [1]", Fill(12, "hello world", enter=True)),
        ("type [12] [hello world]", Fill(12, "hello world", enter=True)),
        ("type [12] [a ] b] [0]", Fill(12, "a ] b")),
        ("type [12] [x] [press_enter_after=0]", Fill(12, "x")),
        ("hover [12]", Noop()),
        ("press [Enter]", Press("Enter")),
        ("scroll [down]", Scroll("down")),
        ("scroll [direction=up]", Scroll("up")),
        ("new_tab", NewTab()),
        ("tab_focus [1]", FocusTab(1)),
        ("close_tab", CloseTab()),
        ("goto [http://map.test/]", Goto("http://map.test/")),
        ("go_back", Back()),
        ("stop [N/A]", Stop("N/A")),
        ("stop []", Stop("")),
        ("I will click it.\n```click [12]```", Click(12)),
    ],
)
def test_webarena_spelling(text, action):
    assert parse_action(text) == action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ('do(action="Click", element="12")', Click(12)),
        (
            '# Element: the search box\ndo(action="Type", argument="usb wifi", element="4")',
            Fill(4, "usb wifi", enter=True),
        ),
        ('do(action="Search", argument="usb wifi", element="4")', Fill(4, "usb wifi", enter=True)),
        ('do(action="Select Dropdown Option", argument="Price", element="20")', Select(20, ("Price",))),
        ('do(action="Press Enter")', Press("Enter")),
        ('do(action="Scroll Down")', Scroll("down")),
        ('do(action="Go Backward")', Back()),
        ('do(action="Wait")', Noop()),
        ('exit(message="42")', Stop("42")),
        ("exit()", Stop("")),
    ],
)
def test_webrl_spelling(text, action):
    assert parse_action(text) == action


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("buy it", "not an action"),
        ("explode(1)", "unknown action 'explode'"),
        ("click()", "click needs element"),
        ('click("abc")', "number of an element"),
        ("click(1); click(2)", "cannot read"),
        ("click(1) click(2)", "one action at a time"),
        ("click(1", "not closed"),
        ("fill(3)", "fill needs text"),
        ('click(1, "left", [], 4)', "does not take 4"),
        ('fill(3, "a", True, True, 7)', "does not take 7"),
        ('scroll("left")', '"down" or "up"'),
        ("focus_tab(-1)", "index of a tab"),
        ("click(True)", "number of an element"),
        ("__import__('os').system('id')", "unknown action"),
        ("stop(answer)", "where a value belongs"),
        ("type [12]", r"type \[12\] \[text\]"),
        ('do(action="Fly")', "do.action='fly'. is unknown"),
        ("x" * (MAX_ACTION_CHARS + 1), "20,001 characters"),
        ("y" * 1_000_000, "1,000,000 characters"),
        ("click(1)\0", "NUL"),
        ('stop("\\u0000")', "NUL"),
        ('stop("\ud800")', r"unpaired surrogate \(U\+D800\)"),
        ('stop("\\udfff")', "unpaired surrogate"),
    ],
)
def test_what_is_no_action_is_refused_with_the_reason(text, words):
    with pytest.raises(ActionSyntaxError, match=words):
        parse_action(text)


@given(actions.map(lambda action: action.to_text()[:-1]))
def test_a_cut_action_text_never_crashes(text):
    try:
        parse_action(text)
    except ActionSyntaxError as error:
        assert str(error)


def test_the_described_actions_are_all_canonical_and_parse():
    lines = describe_actions().splitlines()
    examples = [line.split(" - ")[0] for line in lines]
    assert [example.split("(")[0] for example in examples] == list(CANONICAL_NAMES)
    assert [parse_action(example).to_text() for example in examples] == examples
