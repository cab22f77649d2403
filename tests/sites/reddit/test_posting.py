"""Writing: posts, comments, replies, edits, deletions, and what each sends."""

from __future__ import annotations

import pytest

from .visitor import ME, ORIGIN, Visitor


def events(visitor: Visitor, method: str = "POST") -> list[tuple[str, int]]:
    """(address after the origin, status) of the requests of a method, oldest first."""
    found = visitor.world.events
    return [(event.url.removeprefix(ORIGIN), event.status) for event in found if event.method == method]


def test_a_text_post_goes_to_its_page_and_to_the_head_of_its_forum(me: Visitor):
    post = me.submit("nyc", "Is this thing on?", body="Testing *one*, two.\n\nThree.")
    assert post.id == 135348  # the highest seeded id is 135347
    assert me.url == f"/f/nyc/{post.id}/is-this-thing-on"
    assert me.css(".submission__body") == ["Testing one, two.Three."]
    assert (post.forum, post.author, post.score, post.choice, post.comment_count) == ("nyc", ME, 1, None, 0)
    assert me.store.submissions.one(post.id, 1).choice == 1
    assert me.open("/f/nyc/new").posts()[0] == post.id
    assert me.open(f"/user/{ME}").posts()[0] == post.id
    assert events(me) == [("/submit", 302)]


def test_a_link_post_leads_to_its_address(me: Visitor):
    post = me.submit("pics", "A picture", url="https://photobin.example/a.png")
    assert post.link == "https://photobin.example/a.png" and post.host == "photobin.example"
    assert f'href="{post.url}"' in me.html
    assert me.css(".submission__body") == []


def test_the_form_of_a_forum_has_it_chosen(me: Visitor):
    me.open("/f/books").follow("Submit")
    assert me.url == "/submit/books"
    me.fill("Title *", "From within").press("Create submission")
    assert me.submission().forum == "books"


@pytest.mark.parametrize(
    ("title", "url", "forum", "problem"),
    [
        ("", "", "nyc", "The title must not be empty."),
        ("x" * 301, "", "nyc", "The title may have 300 characters at most."),
        ("Fine", "javascript:alert(1)", "nyc", "This is not a valid URL"),
        ("Fine", "", "", "Choose a forum."),
    ],
)
def test_a_form_with_a_mistake_is_shown_again_as_it_was(me: Visitor, title: str, url: str, forum: str, problem: str):
    before = me.count("SELECT count(*) FROM submission")
    me.open("/submit").fill("Title *", title).fill("URL", url).fill("Body", "Keep me")
    if forum:
        me.choose("Forum *", forum)
    me.press("Create submission")
    assert me.url == "/submit" and me.messages()[0].startswith(problem)
    assert 'textbox "Body" value="Keep me"' in me.text
    assert me.count("SELECT count(*) FROM submission") == before


def test_an_own_post_can_be_edited_and_says_so(me: Visitor):
    me.open("/f/television/135201").follow("Edit")
    assert me.url == "/f/television/135201/-/edit"
    me.fill("Body", "Every line counts").press("Edit submission")
    assert me.css(".submission__body") == ["Every line counts"]
    assert "(edited" in me.text and me.submission().edited is not None
    assert events(me)[-1] == ("/f/television/135201/-/edit", 302)
    me.open("/search?q=counts")
    assert 135201 in me.posts()


def test_an_edit_that_changes_nothing_leaves_no_mark(me: Visitor):
    me.open("/f/television/135201/-/edit").press("Edit submission")
    assert me.submission().edited is None


def test_an_own_post_can_be_deleted_and_is_gone_from_every_list(me: Visitor):
    count = me.store.forums.by_name("television").submission_count
    me.open("/f/television/134868").press("Delete")
    assert me.url == "/f/television"
    assert me.get("/f/television/134868").status == 404
    assert me.store.forums.by_name("television").submission_count == count - 1
    for path in ("/f/television/new", f"/user/{ME}/submissions", "/search?q=night+agent"):
        assert 134868 not in me.open(path).posts()


def test_posts_of_others_offer_neither(me: Visitor):
    me.open("/f/books/59421")
    assert not {"Edit"} & set(me.names("link")) and "Delete" not in me.names("button")
    assert me.get("/f/books/59421/-/edit").status == 403
    assert me.post("/f/books/59421/-/edit", submission__title="Mine now").status == 403
    assert me.post("/f/books/59421/-/delete").status == 403
    assert me.store.submissions.one(59421).title.startswith("Friendly")


def test_a_comment_is_the_first_on_its_own_page(me: Visitor):
    me.open("/f/technology/134852").fill("Comment", "I have *doubts*.").press("Post")
    assert me.url.startswith("/f/technology/134852/ai-experts-disown-musk-backed-campaign-citing-their-research/")
    assert me.css(".comment__body")[0] == "I have doubts."
    post = me.store.submissions.one(134852)
    assert post.comment_count == 17
    assert me.open("/f/technology/active").posts()[0] == 134852  # nothing is newer than now
    assert events(me) == [("/f/technology/134852/-/comment", 302)]


def test_a_reply_stands_below_what_it_answers_and_tells_its_author(me: Visitor):
    me.open("/f/technology/134852").follow("Reply").fill("Comment", "Which two?").press("Post")
    me.open("/f/technology/134852")
    bodies = me.css(".comment__body")
    assert bodies.index("Which two?") in (1, 2)  # below the first comment, beside its reply
    author = Visitor(me.world, "papercitation").open("/notifications")
    assert "Notifications (1)" in author.names("link") and "Which two?" in author.text
    author.press("Clear all")
    assert "Notifications (0)" in author.names("link")


def test_nobody_is_told_of_their_own_replies(me: Visitor):
    me.open("/f/television/135201").fill("Comment", "First!").press("Post")
    assert "Notifications (0)" in me.names("link")


def test_own_comments_can_be_edited_and_deleted(me: Visitor):
    me.open("/f/books/59421").fill("Comment", "Good to know.").press("Post").follow("Edit", 0)
    me.fill("Comment", "Good to know!").press("Save")
    assert me.css(".comment__body")[0] == "Good to know!" and "(edited" in me.text
    count = me.submission().comment_count
    me.press("Delete")
    assert me.url.startswith("/f/books/59421")
    assert me.submission().comment_count == count - 1
    assert "Good to know!" not in me.text


def test_a_deleted_comment_with_replies_leaves_a_gap(me: Visitor, world):
    me.open("/f/books/59421").fill("Comment", "Root of it all").press("Post")
    thread = me.url
    other = Visitor(world, "quiet_kettle").open(thread)
    other.fill("Comment", "Leaf of it all").press("Post")
    me.open(thread).press("Delete")
    me.open("/f/books/59421")
    assert "Root of it all" not in me.text and "Leaf of it all" in me.text and "[deleted]" in me.text


def test_an_empty_comment_is_refused(me: Visitor):
    me.open("/f/books/59421").press("Post")
    assert "The comment must not be empty." in me.messages()


def test_comments_show_nested_or_in_a_row(me: Visitor):
    nested = me.open("/f/books/59421").css(".comment__body")
    linear = me.follow("Linear").css(".comment__body")
    assert me.url == "/f/books/59421/friendly-reminder-bookshop-org-exists/linear"
    assert sorted(nested) == sorted(linear) and nested != linear
    ids = [int(name[1:]) for name in me.names("link") if name.startswith("#")]
    assert ids == sorted(ids) and len(ids) == len(linear)


def test_a_picture_can_be_posted_and_equal_pictures_have_one_name(me: Visitor):
    fields = {
        "submission[title]": "A dot",
        "submission[mediaType]": "image",
        "submission[forum]": "10046",
        'submission[image]"; filename="a.gif': "GIF89a" + "0" * 40,
    }
    parts = (
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    body = "".join(parts)
    names = set()
    for _ in range(2):
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        me.engine.client().request("POST", f"{ORIGIN}/submit", headers=headers, body=f"{body}--b--\r\n")
        names.add(me.open("/f/funny/new").store.submissions.one(me.posts()[0]).image)
    assert len(names) == 1 and names.pop().endswith(".gif")


@pytest.mark.parametrize("forum", ["books", "f/books", "books/", "../books", "b%2Fooks"])
def test_a_forum_that_is_none_is_no_choice(me: Visitor, forum: str):
    before = me.count("SELECT count(*) FROM submission")
    me.post("/submit", submission__title="Where?", submission__forum=forum)
    assert me.count("SELECT count(*) FROM submission") == before
