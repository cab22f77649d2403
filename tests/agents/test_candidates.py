"""What a page offers to do."""

from __future__ import annotations

import pytest
from webarena_gym.agents.candidates import Candidate, read_page
from webarena_gym.agents.goal_text import read_goal, words_of
from webarena_gym.agents.page_values import page_values, plain_line

from tests.agents.fakes import observation_text
from webarena_gym.actions import parse_action
from webarena_gym.observed import parse_observation

ORDERS = [
    '[1] link "My Account" [2] button "Search" disabled',
    '[3] searchbox "Search"',
    "## My Orders",
    "Order # | Date | Total | Status | Action",
    '000170 | 5/17/23 | $365.42 | Canceled | [4] link "View Order"',
    '000189 | 5/2/23 | $754.99 | Pending | [5] link "View Order"',
    "Balance: 12",
    '[6] combobox "Show" value="10" options: 10 / 20;',
    '[7] checkbox "Urgent" [8] checkbox "Mine" checked [9] radio "A" checked [10] radio "B"',
]


def offered(lines: list[str], goal: str = "What is the total of my canceled order?", **header) -> list[Candidate]:
    page = parse_observation(observation_text(goal, 1, "http://a.test/", lines, **header))
    return list(read_page(page, read_goal(page.goal), max_candidates=200).candidates)


def texts(lines: list[str], **kwargs) -> list[str]:
    return [c.text for c in offered(lines, **kwargs)]


def test_links_and_buttons_are_clicked_unless_disabled():
    assert "click(1)" in texts(ORDERS)
    assert "click(2)" not in texts(ORDERS)


def test_ticks_go_the_way_that_changes_something():
    actions = texts(ORDERS)
    assert {"check(7)", "uncheck(8)", "check(10)"} <= set(actions)
    assert "check(8)" not in actions and "check(9)" not in actions and "uncheck(9)" not in actions


def test_a_select_offers_its_other_options():
    assert [t for t in texts(ORDERS) if t.startswith("select")] == ['select(6, "20")']


def test_a_long_select_offers_the_options_that_the_goal_speaks_of():
    options = " / ".join(["Alaska", "California", *(f"Place {i}" for i in range(20))])
    actions = texts([f'[1] combobox "State" options: {options};'], goal="Ship to California")
    assert [t for t in actions if t.startswith("select")] == ['select(1, "California")']


def test_what_the_goal_quotes_is_filled_in_to_the_letter():
    actions = texts(ORDERS, goal='Find "Moving in January, where to?" by Ann.')
    assert 'fill(3, "Moving in January, where to?", enter=True)' in actions
    assert 'fill(3, "Ann", enter=True)' in actions  # found without quotes: its full stop is the sentence's


def test_links_in_running_text_can_be_answers_and_menus_cannot():
    lines = [
        '[1] link "Forums" [2] link "Wiki"',
        'Submitted by [3] link "marmot_1967" 1 year ago',
        '# [4] link "saddle" wrote',
    ]
    values = {v.text: v.label for v in page_values(lines, [plain_line(line) for line in lines])}
    assert values["marmot_1967"] == "Submitted by" and values["saddle"] == "#"
    assert not {"Forums", "Wiki"} & set(values)


def test_article_codes_can_be_answers():
    lines = ["SKU B000GJDGXZ of HOUSEHOLD goods"]
    assert [(v.text, v.label) for v in page_values(lines, lines)] == [("B000GJDGXZ", "SKU")]


def test_fields_are_filled_with_spans_of_the_goal():
    actions = texts(ORDERS, goal='Search for "usb hub"')
    assert 'fill(3, "usb hub", enter=True)' in actions


def test_a_field_that_holds_the_text_is_not_filled_again():
    actions = texts(['[1] textbox "Name" value="usb hub"'], goal='Call it "usb hub"')
    assert not [t for t in actions if t.startswith("fill")]


def test_the_values_of_a_table_can_be_answered_with_their_heads():
    labels = {c.argument: c.label for c in offered(ORDERS) if c.kind == "stop_value"}
    assert labels["$365.42"] == "Total" and labels["Pending"] == "Status" and labels["12"] == "Balance"


def test_stopping_without_an_answer_and_giving_up_are_always_offered():
    assert {'stop("")', 'stop("N/A")'} <= set(texts([]))


def test_going_back_is_not_offered_before_the_first_step():
    page = parse_observation(observation_text("Go", 0, "http://a.test/", []))
    assert "back()" not in [c.text for c in read_page(page, read_goal("Go"), max_candidates=200).candidates]


def test_a_page_in_parts_offers_scrolling_where_there_is_more():
    observation = observation_text("Go", 1, "http://a.test/", []).replace("url:", "page 2/3 (...)\nurl:")
    actions = [
        c.text for c in read_page(parse_observation(observation), read_goal("Go"), max_candidates=200).candidates
    ]
    assert 'scroll("down")' in actions and 'scroll("up")' in actions


def test_no_candidate_stands_twice():
    actions = texts(ORDERS)
    assert len(actions) == len(set(actions))


def test_every_candidate_is_an_action_in_its_canonical_spelling():
    hostile = [
        '[1] textbox "a\\"b\\\\c" value="x\\ny"',
        'Name: é 漢字 🎉 "quoted" \\ back',
        '[2] combobox "s" options: a / b\\"c;',
    ]
    for text in texts(ORDERS) + texts(hostile, goal='Type "it\'s é 🎉" and 5'):
        assert parse_action(text).to_text() == text


def test_there_are_never_more_candidates_than_asked_for():
    lines = [f'[{i}] link "Product {i}"\n' for i in range(1, 400)] + [f"Row {i}: {i}" for i in range(400)]
    found = offered(lines)
    assert len(found) <= 200
    assert {"stop", "stop_value", "click"} <= {c.kind for c in found}


@pytest.mark.parametrize(
    ("goal", "spans"),
    [
        ('Post "It broke" on Acme Lamp', ["It broke", "Acme Lamp"]),
        ("Show orders over $25", ["$25"]),
        ("Write to jo.doe@mail.com", ["jo.doe@mail.com"]),
        ("Search for wireless mouse", ["wireless mouse"]),
        ("Add a toothpaste to my wish list", ["toothpaste", "wish list"]),
    ],
)
def test_goals_name_their_arguments(goal, spans):
    assert [span.text for span in read_goal(goal).spans][: len(spans)] == spans


def test_words_forget_case_and_plural():
    assert words_of("Orders, ORDER glass 17") == ("order", "glass", "17")


def test_a_plain_line_drops_the_markup_and_keeps_the_words():
    line = '[3] textbox "Qty" value="2" required each | [4] link "A \\"B\\"" | $3'
    assert plain_line(line) == 'Qty each | A "B" | $3'


def test_values_inside_running_text_are_found_with_the_words_before_them():
    lines = ["We charged $5.00 on 2023-01-31"]
    assert [(v.text, v.kind, v.label) for v in page_values(lines, lines)] == [
        ("$5.00", "price", "We charged"),
        ("2023-01-31", "date", "charged $5.00 on"),
    ]
