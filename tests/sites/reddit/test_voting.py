"""Votes, subscriptions and hiding, and that counts agree with the rows they count."""

from __future__ import annotations

import pytest

from webarena_gym.sites.reddit.seeding.seeds import ranking

from .visitor import ME, ORIGIN, Visitor


def vote_form(visitor: Visitor) -> str:
    """The class of the first form in the post's vote box."""
    return visitor.html.partition('<div class="submission__vote">')[2].partition('class="')[2].partition('"')[0]


def test_a_vote_counts_once_turns_around_and_can_be_taken_back(me: Visitor):
    me.open("/f/books/124260")
    start = me.submission()
    me.press("Upvote")
    assert vote_form(me) == "vote vote--user-upvoted"
    assert (me.submission().score, me.submission().up) == (start.score + 1, start.up + 1)
    me.press("Downvote")
    assert vote_form(me) == "vote vote--user-downvoted"
    assert (me.submission().score, me.submission().down) == (start.score - 1, start.down + 1)
    me.press("Retract downvote")
    assert vote_form(me) == "vote"
    assert me.submission() == start


def test_a_vote_is_the_request_of_the_real_sites_script(me: Visitor):
    me.open("/f/books/new").press("Upvote")
    event = me.world.events[-2]  # the last one is the list again
    assert (event.method, event.url, event.status) == ("POST", f"{ORIGIN}/sv/124260.json", 200)
    assert "choice=1" in event.body and not event.navigation
    me.open("/f/technology/134852").press("Downvote", 1)
    assert me.world.events[-2].url.startswith(f"{ORIGIN}/cv/")


def test_a_vote_moves_a_post_in_hot_and_top(me: Visitor):
    for name in ("quiet_kettle", "porchbirder", ME):
        Visitor(me.world, name).open("/f/books/124260").press("Upvote")
    post = me.open("/f/books/124260").submission()
    assert post.score == 6
    assert me.count("SELECT ranking FROM submission WHERE id = 124260") == ranking(post.created, 6)


def test_guests_cannot_vote(guest: Visitor):
    guest.open("/f/books/124260").press("Upvote")
    assert guest.url == "/login"
    assert guest.store.submissions.one(124260).score == 3


@pytest.mark.parametrize("choice", ["2", "-2", "", "x", "1.0", "9" * 20])
def test_a_choice_that_is_none_changes_nothing(me: Visitor, choice: str):
    me.post("/sv/124260", choice=choice)
    assert me.store.submissions.one(124260, 1).choice is None and me.store.submissions.one(124260).score == 3


def test_subscribing_shows_on_the_front_page_and_ends_again(me: Visitor):
    me.open("/f/MachineLearning").press("Subscribe No subscribers")
    assert me.url == "/f/MachineLearning" and "Unsubscribe 1 subscriber" in me.names("button")
    assert (me.world.events[-2].url, me.world.events[-2].status) == (f"{ORIGIN}/f/MachineLearning/subscribe.json", 200)
    me.open("/")
    assert "MachineLearning" in me.css("#sidebar > section")[0]
    assert me.store.submissions.one(me.posts()[0]).forum == "MachineLearning"  # the others are empty
    me.open("/f/MachineLearning").press("Unsubscribe 1 subscriber")
    assert "MachineLearning" not in me.open("/").css("#sidebar > section")[0]


def test_a_hidden_forum_is_left_out_of_all_but_not_of_its_own_page(me: Visitor):
    assert 126011 in me.open("/all/top?t=all").posts()
    me.open("/f/AskReddit").press("Hide this forum").press("Hide")
    forums = {me.store.submissions.one(number).forum for number in me.open("/all/top?t=all").posts()}
    assert "AskReddit" not in forums
    assert len(me.open("/f/AskReddit").posts()) == 25
    assert "AskReddit" in me.open(f"/user/{ME}/hidden_forums").text


def test_counts_are_what_they_count(me: Visitor):
    me.open("/f/books/124260").press("Upvote").fill("Comment", "Nice").press("Post").press("Retract upvote", 1)
    me.submit("books", "One more")
    me.open("/f/television/134868").press("Delete")
    me.open("/f/nyc").press("Subscribe No subscribers")
    differing = {
        "comments": "SELECT count(*) FROM submission s WHERE comment_count != (SELECT count(*) FROM comment c "
        "WHERE c.submission_id = s.id AND c.visibility = 'visible')",
        "submissions": "SELECT count(*) FROM forum f WHERE submission_count != (SELECT count(*) FROM submission s "
        "WHERE s.forum_id = f.id AND s.visibility = 'visible')",
        "subscribers": "SELECT count(*) FROM forum f WHERE subscriber_count != (SELECT count(*) FROM subscription s "
        "WHERE s.forum_id = f.id)",
        "scores": "SELECT (SELECT count(*) FROM submission WHERE score != up - down) "
        "+ (SELECT count(*) FROM comment WHERE score != up - down)",
        "last active": "SELECT count(*) FROM submission s WHERE last_active != max(created, (SELECT coalesce(max(c.created), 0) "
        "FROM comment c WHERE c.submission_id = s.id AND c.visibility = 'visible'))",
    }  # fmt: skip
    assert {name: me.count(sql) for name, sql in differing.items()} == dict.fromkeys(differing, 0)
