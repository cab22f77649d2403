from __future__ import annotations

import re

import pytest

from webarena_gym.actions import Fill

from .visitor import Visitor


def shown(me: Visitor, query: str) -> list[str]:
    """The texts of what a search finds, one for each post or comment."""
    return me.open(f"/search?q={query}").css("main article")


def test_every_word_must_be_there_in_any_case_and_order(me: Visitor):
    for query in ("retirement+mom", "MOM+Retirement"):
        found = shown(me, query)
        assert any("56 year old mom has no retirement" in text for text in found)
        assert all(re.search("mom", text, re.I) and re.search("retire", text, re.I) for text in found)


def test_the_box_in_the_page_head_searches(me: Visitor):
    me.engine.execute(Fill(me.find("searchbox", "Search query"), "bookshop.org", enter=True))
    assert me.url == "/search?q=bookshop.org"
    assert 59421 in me.posts()
    assert me.text.count('value="bookshop.org"') == 2


def test_comments_are_found_with_what_they_are_on(me: Visitor):
    me.open("/search?q=Socks+win+wars")
    assert me.css(".comment__body") == ["Socks win wars."]
    assert "TIL that the Roman army" in me.text


@pytest.mark.parametrize("query", ["zzzyx", "", "+", "%22%27%25*", "NEAR(", "a+OR", "title:books", "%F0%9F%8E%89"])
def test_odd_queries_find_nothing_or_something_but_never_fail(me: Visitor, query: str):
    assert me.get(f"/search?q={query}").status == 200


def test_nothing_found_says_so(me: Visitor):
    me.open("/search?q=zzzyx")
    assert "No results for zzzyx" in me.text and me.posts() == []


def test_results_are_the_same_each_time_and_at_most_fifty(me: Visitor):
    first = shown(me, "the+best")
    assert first == shown(me, "the+best")
    assert len(shown(me, "it")) <= 50


def test_what_is_written_is_found_at_once_and_what_is_deleted_is_not(me: Visitor):
    post = me.submit("nyc", "Wombat crossing", body="Seen at dusk, quokkaesque.")
    assert me.open("/search?q=quokkaesque").posts() == [post.id]
    me.open(post.path).fill("Comment", "A bandicootlike one").press("Post")
    assert me.open("/search?q=bandicootlike").css(".comment__body") == ["A bandicootlike one"]
    me.open(post.path).press("Delete")
    assert me.open("/search?q=quokkaesque").posts() == []
    assert me.open("/search?q=bandicootlike").css(".comment__body") == []
