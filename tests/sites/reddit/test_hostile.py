"""Whatever is typed, posted or put into an address: a page or a redirect, never a failure, inert and legible in both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webarena_gym.engines.base import Cookie, EpisodeStart
from webarena_gym.engines.browser import BrowserEngine
from webarena_gym.engines.forms import urlencode
from webarena_gym.engines.http import HttpEngine
from webarena_gym.observation import render_lines
from webarena_gym.sites.lint import lint
from webarena_gym.sites.reddit.app import ROUTES
from webarena_gym.sites.world import World

from .visitor import ME, ORIGIN, Visitor

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
BIDI = "abc\u202egnp.exe\u202c \u2066left\u2069 \u05d0\u05d1\u05d2"
INVISIBLE = "zero\u200bwidth\u200c\u200djoiner\ufeff soft\u00adhyphen"
LINKS = "[click](javascript:alert(1)) [data](data:text/html,x) [ok](https://a.example/x?y=1&z=2) ![p](http://evil.test/x.png)"
MARKUP = "# Heading\n\n> quote\n\n* a\n  * b\n\n`</textarea>` </article></main></body>\n\n```\n</pre><script>\n```"
LONG = "ten chars " * 10_000  # 100 kB
WORD = "w" * 100_000
NESTED = ">" * 5000 + " deep\n\n" + "* " * 2000 + "x"
TEXTS = {"script": SCRIPT, "bidi": BIDI, "invisible": INVISIBLE, "links": LINKS, "markup": MARKUP, "nested": NESTED}


@pytest.fixture(scope="module")
def _in_chromium(cache_dir: Path) -> Iterator[tuple[World, BrowserEngine]]:
    world = World(["reddit"], cache_dir=cache_dir)
    engine = BrowserEngine(world)
    yield world, engine
    engine.close()
    world.close()


@pytest.fixture
def pair(world: World, _in_chromium: tuple[World, BrowserEngine]) -> tuple[Visitor, Visitor]:
    """The user in each engine, each on a forum of their own."""
    other, engine = _in_chromium
    other.reset()
    return Visitor(world), Visitor(other, engine=engine)


def same(pair: tuple[Visitor, Visitor]) -> str:
    """The text of the page that both show."""
    http, browser = pair
    assert (http.url, http.title) == (browser.url, browser.title)
    assert http.nodes == browser.nodes
    return http.text


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_posts_are_inert_and_legible_in_both_engines(pair: tuple[Visitor, Visitor], name: str):
    text = TEXTS[name]
    title = " ".join(text.split())[:80]
    for me in pair:
        me.submit("nyc", title, body=text)
        me.fill("Comment", text).press("Post")
    shown = same(pair)
    assert all("<script" not in me.html for me in pair)
    legible = re.sub(r"\]\([^)]*\)", "]", text)  # where a link leads is not shown
    words = re.findall(r"[a-z]{3,}", re.sub("[\u200b\u00ad]", "", legible))
    assert [word for word in words if word not in shown.lower()] == []
    for path in ("/f/nyc/new", f"/user/{ME}", "/all/new", "/comments", f"/search?q={quote(words[0])}"):
        for me in pair:
            me.open(path)
        same(pair)


def test_scripts_do_not_run(pair: tuple[Visitor, Visitor]):
    _, browser = pair
    browser.submit("nyc", "Plain title", body=SCRIPT)
    assert browser.title == "Plain title"
    assert "<script>document.title='owned'</script>" in browser.text


def test_links_lead_to_the_web_or_nowhere(me: Visitor):
    me.submit("nyc", "Links", body=LINKS)
    body = me.html.partition('<div class="submission__body">')[2].partition("</div>")[0]
    assert re.findall(r'href="([^"]*)"', body) == ["https://a.example/x?y=1&amp;z=2", "http://evil.test/x.png"]
    assert "<img" not in body


@pytest.mark.parametrize("text", [LONG, WORD], ids=["words", "one word"])
def test_a_hundred_kilobytes_of_comment_are_kept_and_shown_whole(pair: tuple[Visitor, Visitor], text: str):
    for me in pair:
        me.open("/f/books/59421").fill("Comment", text).press("Post")
        assert me.css(".comment__body")[0] == text.strip()
        assert me.store.comments.one(me.count("SELECT max(id) FROM comment")).body == text.strip()
    assert len(same(pair)) > 99_000
    for me in pair:
        me.open(f"/user/{ME}/comments")
    same(pair)


def test_no_forum_has_a_name_with_slashes_and_asking_for_one_is_no_failure(pair: tuple[Visitor, Visitor]):
    for me in pair:
        me.open("/create_forum")
        for field in ("Name *", "Title *", "Description *", "Sidebar *"):
            me.fill(field, "a/b/../c")
        me.press("Create forum")
        assert me.store.forums.by_name("a/b/../c") is None
    assert 'value="a/b/../c"' in same(pair)
    for path in ("/f/a%2Fb%2F..%2Fc", "/f/a/b/../c", "/f/%2e%2e%2fbooks", "/f//books", "/f/books%00", "/f/b\u200books"):
        assert pair[0].get(path).status == 404
        for me in pair:
            me.open(path)
        same(pair)


def test_a_title_and_a_side_bar_may_hold_slashes_and_tags(pair: tuple[Visitor, Visitor]):
    for me in pair:
        me.open("/create_forum").fill("Name *", "slashes").fill("Title *", "/f/books/../<b>x</b>")
        me.fill("Description *", SCRIPT).fill("Sidebar *", MARKUP).press("Create forum")
        assert me.url == "/f/slashes"
    same(pair)
    for me in pair:
        me.open("/forums/by_creation_date")
    assert "slashes — /f/books/../<b>x</b>" in same(pair)


_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "1", "9" * 40, "1e9", "NaN", "'", '"', "%", "\x00", "<script>alert(1)</script>", "' OR 1=1 --", "é中🎉",
         "../../etc/passwd", "x" * 3000, "\r\nSet-Cookie: a=b", "[]", "{}", "books", ME, "10037", BIDI, INVISIBLE, "*" * 999]
    ),
)  # fmt: skip
_FIELDS = sorted(
    {"submission[url]", "submission[title]", "submission[body]", "submission[forum]", "submission[mediaType]", "choice",
     "reply_to_submission_59421[comment]", "reply_to_comment_1000001[comment]", "comment[comment]", "forum[name]", "forum[title]",
     "forum[description]", "forum[sidebar]", "forum[tags]", "user_biography[biography]", "user[username]", "user[email]",
     "user[password][first]", "user[password][second]", "_username", "_password", "message[body]", "q", "t", "next[id]",
     "next[ranking]", "next[score]", "menu", "nightMode", "delete_reason[reason]", "forum_ban[reason]", "user_block[comment]",
     "confirm_deletion[name]", "confirm_deletion[confirm]", "wiki[title]", "wiki[body]", "id[]", "a", "b"}
)  # fmt: skip
_NUMBERS = st.sampled_from([0, 1, 59421, 135201, 1_000_001, 10**14, 10**15, 10**30])
_GET = sorted(rule for rule, _, *methods in ROUTES if not methods or "GET" in methods[0])
_POST = sorted(rule for rule, _, *methods in ROUTES if methods and "POST" in methods[0] and "log_out" not in rule)


def _address(rule: str, number: int, text: str) -> str:
    """The rule with its placeholders filled."""
    filled = re.sub(r"<int\(max=\d+\):\w+>", str(number), rule)
    filled = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", filled)
    return re.sub(r"<(path:)?\w+>", quote(text.replace("/", "-").encode("utf-8", "replace") or "x", safe=""), filled)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(_GET),
    number=_NUMBERS,
    text=_TEXTS,
    query=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=4),
)
def test_any_address_gives_a_good_page(me: Visitor, rule: str, number: int, text: str, query: dict[str, str]):
    reply = me.get(f"{_address(rule, number, text)}?{urlencode(list(query.items()))}")
    assert reply.status in (200, 403, 404)
    if reply.content_type.startswith("text/html"):
        assert lint(reply.text) == []
        assert "<script" not in reply.text


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(_POST),
    number=_NUMBERS,
    text=_TEXTS,
    fields=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=12),
)
def test_any_post_ends_on_a_good_page(me: Visitor, rule: str, number: int, text: str, fields: dict[str, str]):
    reply = me.engine.client().request(
        "POST",
        f"{ORIGIN}{_address(rule, number, text)}",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{ORIGIN}/f/books"},
        body=urlencode(list(fields.items())),
    )
    assert reply.status in (200, 403, 404)
    if reply.content_type.startswith("text/html"):
        assert lint(reply.text) == []
        assert "<script" not in reply.text
    others = "SELECT count(*) FROM submission WHERE visibility = 'visible' AND user_id != 1 AND id <= 135347"
    assert me.count(others) == 3490  # 3,500 in all less the user's own ten
    assert me.store.users.by_id(1).id == 1


def test_reading_changes_nothing(me: Visitor):
    me.open("/")
    before = me.world.state_hash()
    for rule in _GET:
        me.get(_address(rule, 59421, "books"))
    assert me.world.state_hash() == before


def test_a_reset_forgets_everything(me: Visitor):
    me.world.reset()
    fresh = me.world.state_hash()
    other = Visitor(me.world)
    other.submit("nyc", "Gone soon", body=MARKUP)
    other.open("/f/books/59421").press("Upvote").fill("Comment", "x").press("Post")
    assert me.world.state_hash() != fresh
    me.world.reset()
    assert me.world.state_hash() == fresh


def test_a_post_from_another_site_is_refused(me: Visitor):
    reply = me.engine.client().request(
        "POST",
        f"{ORIGIN}/sv/59421",
        headers={"Origin": "http://evil.test", "Content-Type": "application/x-www-form-urlencoded"},
        body="choice=1",
    )
    assert reply.status == 403 and me.store.submissions.one(59421, 1).choice is None


def test_numbers_beyond_all_ids_lead_nowhere(me: Visitor):
    huge = 10**30
    for path in (f"/f/books/{huge}", f"/f/books/{huge}/-/comment/{huge}", f"/{huge}", f"/messages/thread/{huge}"):
        reply = me.get(path)
        assert reply.status == 404 and "404 Not Found" in reply.text and str(huge) not in reply.text
    assert me.post(f"/f/books/{huge}/-/comment/{huge}/delete").status == 404
    assert me.post(f"/sv/{huge}", choice="1").status == 404


@pytest.mark.parametrize("body", ["comment=" + "x" * 300_000, "&".join(f"f{i}=1" for i in range(3000))])
def test_huge_posts_are_survived(me: Visitor, body: str):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/submit", "/f/books/59421/-/comment"):
        assert me.engine.client().request("POST", f"{ORIGIN}{path}", headers=headers, body=body).status in (200, 413)


def test_a_forged_session_is_a_guest(world: World):
    for value in ("s1", "s0", "s-1", "1", "x", "s" + "9" * 30, "s1;s2"):
        engine = HttpEngine(world)
        cookie = Cookie(ORIGIN, "reddit_session", value)
        engine.reset(EpisodeStart((f"{ORIGIN}/submit",), world.origins, (cookie,)))
        assert engine.page().url == f"{ORIGIN}/login", render_lines(engine.page().nodes)
