from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webarena_gym.evaluators.values import digits_for_words, find_values, whole_value
from webarena_gym.evaluators.wording import fold, stem, words


def read(text: str) -> list[tuple[str, object]]:
    return [(value.kind, value.amount) for value in find_values(digits_for_words(text))]


@pytest.mark.parametrize(
    "text",
    [
        "3/2/22",
        "03/02/2022",
        "March 2, 2022",
        "Mar 2nd 2022",
        "2 March 2022",
        "2nd of March 2022",
        "2022-03-02",
        "3-2-2022",
    ],
)
def test_a_date_is_month_day_year_however_written(text: str):
    assert read(text) == [("date", (2022, 3, 2))]


def test_a_day_that_is_no_month_came_first():
    assert read("23/05/2023") == [("date", (2023, 5, 23))]
    assert read("5/23/23") == [("date", (2023, 5, 23))]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h 45min", 105),
        ("1 hour and 45 minutes", 105),
        ("1:45", 105),
        ("1h45", 105),
        ("1hr 45m", 105),
        ("105 minutes", 105),
        ("an hour", 60),
        ("1.5 hours", 90),
        ("three days", 3 * 24 * 60),
        ("2 weeks", 2 * 7 * 24 * 60),
    ],
)
def test_a_duration_is_minutes(text: str, minutes: float):
    assert read(text) == [("duration", Decimal(minutes))]


@pytest.mark.parametrize("text", ["less than 1 minute", "<1 min", "under a minute", "0:00", "0 min", "30 seconds"])
def test_less_than_a_minute_is_no_minute(text: str):
    [value] = find_values(digits_for_words(text))
    assert (value.kind, value.amount, value.less) == ("duration", 1, True)
    [minute] = find_values("1 min")
    assert not value.same(minute)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.4km", [("distance", Decimal(1400))]),
        ("653 m", [("distance", Decimal(653))]),
        ("$3,053.97", [("money", Decimal("3053.97"))]),
        ("12.99 dollars", [("money", Decimal("12.99"))]),
        ("#000000180", [("number", Decimal(180))]),
        ("+1 412 578 5000", [("phone", "14125785000")]),
        ("(412) 578-5000", [("phone", "4125785000")]),
        ("May 23, 2023 5:10:33 PM", [("date", (2023, 5, 23))]),  # a time of day is none of ours
        ("the 3rd generation", []),
        ("B003FVW3VA", []),
        ("8 to 9 min", [("duration", Decimal(-1)), ("duration", Decimal(9))]),  # a range is no single value
        ("7-8 km", [("distance", Decimal(-1)), ("distance", Decimal(8000))]),
    ],
)
def test_values_are_told_apart(text: str, found: list[tuple[str, object]]):
    assert read(text) == found


def test_a_whole_value_is_a_text_of_nothing_else():
    assert whole_value("1.4km") is not None
    assert whole_value("1.4km away") is None
    assert whole_value("") is None


def test_a_phone_number_may_lack_the_country_code():
    [short], [long], [other] = find_values("4125785000"), find_values("+1 412 578 5000"), find_values("+2 412 578 5000")
    assert short.same(long) and long.same(short)
    assert not short.same(other)


@given(st.text(max_size=200))
def test_values_stand_in_order_and_apart(text: str):
    values = find_values(digits_for_words(text))
    assert all(a.end <= b.start for a, b in itertools.pairwise(values))


@given(st.text(max_size=100))
def test_folding_twice_is_folding_once(text: str):
    assert fold(fold(text)) == fold(text)


@given(st.sampled_from("canceled cancelled cancelling cancels cancel cancellation".split()))
def test_forms_of_a_word_have_one_stem(word: str):
    assert stem(word) == "cancel"


def test_words_leave_filler_out_and_keep_negations_and_values():
    read = [word.text for word in words("It isn't the 3 days' delay, Noël: there are 0 reviews!")]
    assert read == ["not", "#duration", "delay", "noel", "not", "review"]
