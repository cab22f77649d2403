"""Searching and suggestions."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sites.reader import Reader

A = "/wikipedia_en_all_maxi_2022-05/A/"


def found(reader: Reader, pattern: str) -> list[str]:
    """The titles on the first page of results."""
    reader.open(f"/search?content=wikipedia_en_all_maxi_2022-05&pattern={quote(pattern)}")
    return [name for name in reader.names("link") if not name.startswith("Go to ") and not name.isdigit()]


@pytest.mark.parametrize(
    ("pattern", "title"),
    [
        ("vinalhaven", "Vinalhaven, Maine"),
        ("national parks Maine", "National parks in Maine"),
        ("united flight 93 crash", "United Airlines Flight 93"),
        ("boston celtics", "Boston Celtics"),
        ("CELTICS", "Boston Celtics"),
        ("MIT", "Massachusetts Institute of Technology"),
        ("mellon", "Carnegie Mellon University"),
        ("SCImago", "SCImago Institutions Rankings"),
        ("national basketball association", "National Basketball Association"),
        ("closest national park to Vinalhaven, ME", "Vinalhaven, Maine"),
    ],
)
def test_the_article_searched_for_comes_first(reader: Reader, pattern: str, title: str) -> None:
    assert found(reader, pattern)[0] == title


def test_results_hold_every_word_and_one_is_enough_only_if_no_article_holds_all(reader: Reader) -> None:
    assert set(found(reader, "ice hockey")) == {"Boston", "Boston Bruins", "Boston Celtics", "TD Garden", "Pittsburgh"}
    assert "Boston Bruins" in found(reader, "hockey qwertyuiop")


def test_the_search_box_of_a_page_finds_and_leads_to_an_article(reader: Reader) -> None:
    reader.fill("Search 'Wikipedia'", "vinalhaven").click("button", "Search")
    assert reader.url.startswith("/search?content=wikipedia_en_all_maxi_2022-05&pattern=vinalhaven")
    assert reader.click("link", "Vinalhaven, Maine").url == f"{A}Vinalhaven,_Maine"


def test_results_are_paged_without_loss_or_repetition(reader: Reader) -> None:
    titles = found(reader, "capital")
    total = int(reader.text.split("# Results 1-25 of ")[1].split(" ")[0])
    assert len(titles) == 25 < total
    start = 25
    while start < total:
        reader.open(f"/search?pattern=capital&start={start}")
        titles += [name for name in reader.names("link") if not name.startswith("Go to ") and not name.isdigit()]
        start += 25
    assert len(titles) == len(set(titles)) == total


def test_a_search_that_finds_nothing_does_not_repeat_what_was_sought(reader: Reader) -> None:
    reply = reader.get("/search?pattern=qwertyuiop")
    assert reply.status == 200 and "No results were found" in reply.text
    assert "qwertyuiop" not in reply.text


def test_suggestions_begin_with_the_term_in_any_case(reader: Reader) -> None:
    reply = reader.get("/suggest?content=wikipedia_en_all_maxi_2022-05&term=boston%20c")
    assert reply.content_type == "application/json"
    assert [entry["value"] for entry in json.loads(reply.text) if entry["kind"] == "path"] == ["Boston Celtics"]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(["/search?pattern={}", "/search?start={}&pattern=city", "/suggest?term={}", "/random?content={}", A + "{}", "/{}"]),
    text=st.one_of(
        st.text(max_size=60),
        st.sampled_from(['"', "'; DROP TABLE article;--", "NEAR(", "*", "a OR", "-1", "9" * 30, "%", "\x00", "../../x", "x" * 4000, "title:x", "{}"]),
    ),
)  # fmt: skip
def test_whatever_is_asked_for_there_is_an_answer_and_nothing_changes(reader: Reader, rule: str, text: str) -> None:
    changes = reader.world.store("wikipedia").connection.total_changes
    reply = reader.get(rule.replace("{}", quote(text.encode("utf-8", "replace"), safe=""), 1))
    assert reply.status in (200, 404)
    assert reader.world.store("wikipedia").connection.total_changes == changes
