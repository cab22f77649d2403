"""Lists of posts: each sort mode and time range against a direct computation, paging to the end, forums and their orders."""

from __future__ import annotations

import math

import pytest

from .visitor import Visitor

HOURS = {"hour": 1, "day": 24, "week": 24 * 7, "month": 24 * 30, "year": 24 * 365, "all": 24 * 10_000}
TIMED = ("top", "controversial", "most_commented")


def hotness(post) -> float:
    """Twice the score lifts a post as much as being 150 days newer."""
    weight = math.log2(max(1, abs(post["score"]))) + (post["score"] < 0)
    return post["created"] + round(math.copysign(weight, post["score"]) * 150 * 86_400)


KEYS = {
    "hot": lambda post: (-hotness(post), -post["id"]),
    "new": lambda post: -post["id"],
    "active": lambda post: (-post["last_active"], -post["id"]),
    "top": lambda post: (-post["score"], -post["id"]),
    "controversial": lambda post: (post["score"], post["id"]),
    "most_commented": lambda post: (-post["comment_count"], -post["id"]),
}


def ordered(me: Visitor, sort: str, hours: int = 10**6, forum: str | None = None) -> list[int]:
    """The ids of all posts in the order of a sort mode, computed from the rows."""
    rows = me.store.connection.execute(
        "SELECT s.*, f.name AS forum FROM submission s JOIN forum f ON f.id = s.forum_id WHERE visibility = 'visible'"
    ).fetchall()
    since = me.store.seconds() - hours * 3600
    kept = [row for row in rows if row["created"] > since and forum in (None, row["forum"])]
    return [row["id"] for row in sorted(kept, key=KEYS[sort])]


def all_pages(me: Visitor, path: str) -> list[int]:
    """What a list shows from its first page to its last."""
    found = me.open(path).posts()
    while "More" in me.names("link"):
        more = me.follow("More").posts()
        assert 0 < len(more) <= 25
        found += more
    return found


@pytest.mark.parametrize("sort", KEYS)
def test_a_forum_lists_all_of_its_posts_in_order(me: Visitor, sort: str):
    assert all_pages(me, f"/f/books/{sort}" + ("?t=all" if sort in TIMED else "")) == ordered(me, sort, forum="books")


@pytest.mark.parametrize("sort", KEYS)
def test_the_whole_site_begins_in_order(me: Visitor, sort: str):
    assert me.open(f"/all/{sort}" + ("?t=all" if sort in TIMED else "")).posts() == ordered(me, sort)[:25]


@pytest.mark.parametrize("time", HOURS)
@pytest.mark.parametrize("sort", TIMED)
def test_time_ranges_leave_older_posts_out(me: Visitor, sort: str, time: str):
    expected = ordered(me, sort, HOURS[time])
    assert me.open(f"/all/{sort}?t={time}").posts() == expected[:25]


def test_time_ranges_grow_and_the_longest_holds_everything(me: Visitor):
    sizes = [len(ordered(me, "top", hours)) for hours in HOURS.values()]
    assert sizes == sorted(sizes) and sizes[0] < sizes[2] < sizes[-1] == me.count("SELECT count(*) FROM submission")


def test_top_is_of_the_last_day_unless_another_range_is_chosen(me: Visitor):
    me.open("/all").press("Sort by: Hot").follow("Top")
    assert me.url == "/all/top?t=day" and me.posts() == ordered(me, "top", 24)[:25]
    me.press("From: Past 24 hours").follow("All time")
    assert me.url == "/all/top?t=all" and me.posts() == ordered(me, "top")[:25]


def test_a_time_range_or_sort_mode_that_is_none_is_not_found(me: Visitor):
    for path in ("/all/top?t=century", "/f/books/best", "/f/books/new?t=0", "/all/top?t="):
        assert me.get(path).status == 404


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 40, "1e3", ""])
def test_a_cursor_that_is_none_shows_the_first_page(me: Visitor, cursor: str):
    assert me.open(f"/all/new?next[id]={cursor}").posts() == ordered(me, "new")[:25]


def test_several_forums_are_listed_together(me: Visitor):
    shown = me.open("/f/nyc+consoles+nosuchforum/new").posts()
    both = {*ordered(me, "new", forum="nyc"), *ordered(me, "new", forum="consoles")}
    assert shown == sorted(both, reverse=True)[:25]


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("by_name", lambda f: f["name"].lower()),
        ("by_title", lambda f: f["title"].lower()),
        ("by_submissions", lambda f: (-f["submission_count"], f["name"].lower())),
        ("by_subscribers", lambda f: (-f["subscriber_count"], f["name"].lower())),
        ("by_creation_date", lambda f: (-f["created"], -f["id"])),
    ],
)
def test_forums_are_listed_in_each_order(me: Visitor, order: str, key):
    rows = me.store.connection.execute("SELECT * FROM forum").fetchall()
    expected = [f"{row['name']} — {row['title']}" for row in sorted(rows, key=key)]
    shown = [name for page in range(1, 5) for name in me.open(f"/forums/{order}/{page}").names("link") if " — " in name]
    assert shown == expected and len(shown) == 100


def test_comments_of_a_user_are_all_listed_newest_first(me: Visitor):
    author, count = me.store.connection.execute(
        "SELECT u.name, count(*) FROM comment c JOIN user u ON u.id = c.user_id GROUP BY u.id ORDER BY 2 DESC LIMIT 1"
    ).fetchone()
    me.open(f"/user/{author}/comments")
    ids = me.css(".comment")
    while "More" in me.names("link"):
        ids += me.follow("More").css(".comment")
    assert len(ids) == count > 25
