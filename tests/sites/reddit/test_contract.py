"""What tasks look for and what must not be found: forums, posts, selectors and traps of the contract."""

from __future__ import annotations

import pytest

from .visitor import ME, Visitor


def order(me: Visitor, forum: str, sort: str) -> list[int]:
    return me.open(f"/f/{forum}/{sort}").posts()


@pytest.mark.parametrize(
    ("id", "name"),
    [(10037, "books"), (10048, "gaming"), (10046, "funny"), (10067, "nyc"), (10039, "consoles"), (10052, "iphone"),
     (10080, "sports"), (10082, "technology"), (10018, "MachineLearning"), (10043, "deeplearning"), (10078, "singularity")],
)  # fmt: skip
def test_forums_have_the_ids_that_the_post_form_sends(me: Visitor, id: int, name: str):
    assert me.store.forums.by_id(id).name == name
    assert f'<option value="{id}">{name}</option>' in me.open("/submit").html


@pytest.mark.parametrize(
    "name",
    "games pics iphone13 Showerthoughts personalfinance DIY gadgets EarthPorn UpliftingNews television pittsburgh movies news "
    "space headphones BuyItForLife relationship_advice Washington".split(),
)
def test_the_forums_beside_them_are_there(me: Visitor, name: str):
    assert me.store.forums.by_name(name).name == name


@pytest.mark.parametrize("name", ["cars", "Cyberpunk"])
def test_forums_that_must_not_exist_do_not(me: Visitor, name: str):
    assert me.get(f"/f/{name}").status == 404
    assert name not in me.get(f"/f/{name}").text
    assert name not in me.open("/forums/all").names("link")


@pytest.mark.parametrize(
    "path",
    [
        "/f/books/124260/adults-reading-to-each-other-out-loud",
        "/f/books/59421/friendly-reminder-bookshop-org-exists",
        "/f/books/59396/apple-books-has-a-free-audiobook-of-a-christmas-carol",
        "/f/books/81371/the-letters-of-t-s-eliot-to-emily-hale-that-were-kept-sealed",
        "/f/MachineLearning/120613/d-yan-lecun-s-recent-recommendations",
        "/f/MachineLearning/1/nvidia-rtx-4090",
        "/f/technology/134852/ai-experts-disown-musk-backed-campaign-citing-their-research",
        "/f/gadgets/19459/a-custom-gaming-pc-built-inside-a-vintage-1940s-motorola",
        "/f/EarthPorn/98332/my-favorite-place-on-the-planet-henry-s-fork-of-the-snake",
        "/f/EarthPorn/98297/2-years-later-this-is-still-one-of-the-most-incredible",
        "/f/EarthPorn/98256/i-can-t-wait-for-all-this-green-to-start-coming-back-little",
        "/f/UpliftingNews/16087/same-sex-marriage-is-now-legal-in-all-of-mexico-s-states",
        "/f/television/135201/star-trek-starfleet-academy-series-from-alex-kurtzman-and",
        "/f/DIY/118903/separate-glued-plastic-parts",
        "/f/DIY/118935/basement-bulkhead-soffit-wall-framing",
        "/f/DIY/118904/ge-water-heater-pilot-light-won-t-stay-lit",
        "/f/DIY/118960/attempting-to-move-a-wall-outlet-in-my-basement-a-few-inches",
        "/f/DIY/118824/teflon-tape-to-attach-washing-machine-drain-hose-to-pipe",
        "/f/DIY/119019/how-can-i-bring-an-hdmi-cable-from-my-pc-downstairs-to-my-tv",
    ],
)
def test_posts_have_the_addresses_of_the_contract(me: Visitor, path: str):
    assert me.open(path).submission().path == path


def test_any_slug_leads_to_a_post_and_any_case_to_its_forum(me: Visitor):
    for path in ("/f/books/59421", "/f/books/59421/", "/f/books/59421/-", "/f/books/59421/anything"):
        assert me.open(path).title == "Friendly reminder bookshop.org exists."
    assert me.open("/f/earthporn/top?t=all").url == "/f/EarthPorn/top?t=all"
    assert me.get("/f/gadgets/59421").status == 404  # it is in another forum


def test_the_newest_post_of_books_is_neither_the_hottest_nor_the_top(me: Visitor):
    assert order(me, "books", "new")[0] == 124260
    assert order(me, "books", "hot")[0] != 124260 != order(me, "books", "top?t=all")[0]


def test_the_post_on_local_book_stores_is_among_the_first_ten(me: Visitor):
    assert 59421 in order(me, "books", "hot")[:10]
    assert 59421 in order(me, "books", "top?t=all")[:10]
    assert "bookshop.org" in me.open("/f/books/59421").css(".submission__body")[0]


def test_the_author_of_the_newest_shower_thought_wrote_nothing_disliked_but_others_did(me: Visitor):
    [author] = me.open(f"/f/Showerthoughts/{order(me, 'Showerthoughts', 'new')[0]}").css(".submission__submitter")
    below_zero = "SELECT count(*) FROM comment c JOIN user u ON u.id = c.user_id WHERE u.name = ? AND score < 0"
    assert me.count("SELECT count(*) FROM comment c JOIN user u ON u.id = c.user_id WHERE u.name = ?", author) > 3
    assert me.count(below_zero, author) == 0
    assert me.count("SELECT count(DISTINCT user_id) FROM comment WHERE score < 0") > 100


def test_the_newest_post_on_money_is_by_hammer94_and_nobody_else_is_disliked_there(me: Visitor):
    newest = order(me, "personalfinance", "new")[0]
    post = me.open(f"/f/personalfinance/{newest}").submission()
    assert (post.author, post.title[:23]) == ("Hammer94", "56 year old mom has no ")
    assert me.count("SELECT count(*) FROM comment WHERE submission_id = ? AND score < 0", newest) == 0


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ("bd8bc5f4c846aac4df08626faa3a34a7d47c8f3bdd92bf615a54afd939f063a7", "costume contest"),
        ("b02113033af32feae9ff147dbbe3764039368d67d193885bd04e65c2e6beea9c", "Bald eagle"),
        ("2e4fa0a328e653a97a7d07046291c298ef5b4e0d0c73a287f317ca86a8e8685f", "thanksgiving turkey"),
        ("92411be6af4e9ad5ccd3ccbaa01c10457bb00e704e99c58dd430de1a958307fd", "firework"),
        ("6bfbf1280d28d84a9261695f0cac5a90addaaff1174807a2b381fdc159f3ed00", "wife's costume"),
    ],
)
def test_pictures_are_on_the_first_page_of_their_forum(me: Visitor, picture: str, words: str):
    [link] = [name for name in me.open("/f/pics").names("link") if words in name]
    me.follow(link)
    assert me.url == f"/submission_images/{picture}.jpg"
    assert me.get(me.url).content_type.startswith("image/")


def test_the_top_gadget_of_all_time_is_not_the_hottest(me: Visitor):
    assert order(me, "gadgets", "top?t=all")[0] == 19459 != order(me, "gadgets", "hot")[0]


@pytest.mark.parametrize(
    ("author", "forum", "ids"),
    [("CameronKelsey", "EarthPorn", {98332, 98297, 98256}), ("AdamCannon", "UpliftingNews", {16087})],
)
def test_authors_have_these_posts_in_a_forum_and_others_elsewhere(me: Visitor, author: str, forum: str, ids: set[int]):
    shown = me.open(f"/user/{author}/submissions").posts()
    assert {number for number in shown if me.store.submissions.one(number).forum == forum} == ids
    assert len(shown) > len(ids)


def test_the_user_starts_without_votes_for_what_tasks_vote_on(me: Visitor):
    for number in (124260, 19459, 98332, 98297, 98256, 16087):
        assert me.store.submissions.one(number, 1).choice is None
        form = me.open(f"/{number}").html.partition('<div class="submission__vote">')[2].partition(">")[0]
        assert form.startswith("<form") and 'class="vote"' in form


def test_the_users_own_posts_and_profile(me: Visitor):
    assert {135201, 134868, 135156, 135152} <= set(me.open(f"/user/{ME}/submissions").posts())
    star_trek = me.store.submissions.one(135201)
    assert (star_trek.author, star_trek.body, star_trek.title[-10:]) == (ME, "", "Paramount+")
    assert star_trek.url
    assert me.open("/f/television/135201").css(".submission__body") == []
    assert "Seeking SDE positions" not in me.open(f"/user/{ME}").text
    assert me.store.forums.moderated(1) == []


def test_the_front_page_names_the_subscriptions_first_in_its_side_bar(me: Visitor):
    section = me.open("/").css("#sidebar > section")[0]
    assert [name for name in me.store.forums.subscriptions(1) if name in section] == me.store.forums.subscriptions(1)
    assert "MachineLearning" not in section


def test_diy_by_activity_is_no_other_order(me: Visitor):
    active = order(me, "DIY", "active")[:8]
    assert active == [118903, 118923, 118935, 118904, 118960, 118931, 118824, 118866]
    for sort in ("hot", "new", "top?t=all"):
        assert set(order(me, "DIY", sort)[:8]) != set(active)
    assert order(me, "DIY", "new")[0] == 119019 not in active
    assert me.store.submissions.one(119019).author == "ziostraccette"


def test_parts_of_a_post_are_where_evaluators_look(me: Visitor):
    me.open("/f/technology/134852")
    assert me.css(".submission__title") == ["AI experts disown Musk-backed campaign citing their research"]
    assert len(me.css(".submission__inner")) == 1
    assert "wirereport.example" in me.css(".submission__inner")[0]
    assert 'href="https://wirereport.example/' in me.html
    assert me.css(".comment__body")[0].startswith("Two of the authors")
    assert len(me.css(".comment__body")) == me.submission().comment_count == 16


def test_one_link_alone_says_log_in(guest: Visitor):
    for path in ("/", "/login"):
        guest.open(path)
        assert [name for name in guest.names("link") if "log in" in name.lower()] == ["Log in"]
        assert [name for name in guest.names("button") if "log in" in name.lower()] == ["Log in"] * (path == "/login")
    guest.fill("Username", ME).fill("Password", "test1234").press("Log in")
    assert guest.url == "/" and ME in guest.names("button")
    [sent] = (event for event in guest.world.events if event.method == "POST")
    assert (sent.url, sent.status) == ("http://reddit.test/login_check", 302)
    assert dict(sent.response_headers)["Set-Cookie"].startswith("reddit_session=")


@pytest.mark.parametrize("path", ["/submit", "/create_forum", f"/user/{ME}/account", "/notifications", "/subscribed"])
def test_guests_are_asked_to_log_in_without_being_told_where_they_were(guest: Visitor, path: str):
    assert guest.open(path).url == "/login"
    assert path not in guest.html


def test_the_account_page_offers_to_delete(me: Visitor):
    assert "Delete" in me.open(f"/user/{ME}/account").text
    assert me.get("/user/quiet_kettle/account").status == 403


def test_the_forum_is_as_large_as_promised(me: Visitor):
    assert me.store.forums.count() >= 60
    assert me.count("SELECT count(*) FROM submission") >= 3000
    assert me.count("SELECT count(*) FROM comment") >= 20_000
    assert me.count("SELECT max(comment_count) FROM submission") >= 300
