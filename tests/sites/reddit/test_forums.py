"""Making, editing, deleting and moderating a forum."""

from __future__ import annotations

import pytest

from .visitor import ME, ORIGIN, Visitor


def create(me: Visitor, name: str = "lighthouses", **fields: str) -> Visitor:
    texts = {
        "Title *": "Lighthouses",
        "Description *": "Lamps by the sea",
        "Sidebar *": "Rules:\n\n* be *kind*",
        **fields,
    }
    me.open("/forums").follow("Create forum").fill("Name *", name)
    for field, text in texts.items():
        me.fill(field, text)
    return me.press("Create forum")


def test_a_new_forum_is_its_creators(me: Visitor):
    create(me, Tags="sea, lamps")
    forum = me.store.forums.by_name("lighthouses")
    assert me.url == "/f/lighthouses" and forum.id == 10100
    assert (forum.title, forum.description) == ("Lighthouses", "Lamps by the sea")
    assert "Unsubscribe 1 subscriber" in me.names("button")
    assert me.store.forums.moderated(1) == ["lighthouses"]
    assert "be kind" in me.css(".forum-sidebar-content")[0].replace("\n", " ")
    [sent] = (event for event in me.world.events if event.method == "POST")
    assert (sent.url, sent.status) == (f"{ORIGIN}/create_forum", 302)
    me.follow("sea")
    assert me.url == "/tag/sea" and "lighthouses" in me.text


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("ab", "The name must have 3 to 25 characters."),
        ("x" * 26, "The name must have 3 to 25 characters."),
        ("a/b/c", "The name must contain only letters, numbers, and underscores."),
        ("../etc", "The name must contain only letters, numbers, and underscores."),
        ("two words", "The name must contain only letters, numbers, and underscores."),
        ("naïve", "The name must contain only letters, numbers, and underscores."),
        ("a\u200bbc", "The name must contain only letters, numbers, and underscores."),
        ("BOOKS", "A forum by that name already exists."),
    ],
)
def test_names_that_would_not_be_addresses_are_refused(me: Visitor, name: str, problem: str):
    create(me, name)
    assert me.url == "/create_forum" and me.messages() == [problem]
    assert me.store.forums.count() == 100
    assert "Lamps by the sea" in me.text  # what was typed is still there


def test_a_moderator_can_edit_rename_and_delete_the_forum(me: Visitor):
    create(me).follow("Edit forum")
    assert me.url == "/f/lighthouses/edit"
    assert '<textarea id="forum_description"' in me.html and '<textarea id="forum_sidebar"' in me.html
    me.fill("Name *", "towers").fill("Description *", "Tall things").press("Save changes")
    assert me.url == "/f/towers/edit" and me.messages() == ["The changes have been saved."]
    assert me.get("/f/lighthouses").status == 404
    post = me.submit("towers", "Up")
    me.open("/f/towers/delete").fill("Confirm forum name *", "towers")
    me.check("I understand that nothing of this forum can be brought back. *").press("Delete forum")
    assert me.get("/f/towers").status == 404 and me.get(f"/{post.id}").status == 404
    assert me.store.forums.count() == 100


def test_others_may_not_edit_and_learn_nothing(me: Visitor, kettle: Visitor):
    create(me)
    for path in ("edit", "appearance", "delete", "trash"):
        reply = kettle.get(f"/f/lighthouses/{path}")
        assert reply.status == 403 and "Lamps" not in reply.text
        assert path not in kettle.open("/f/lighthouses").text.lower().split()
    assert kettle.post("/f/lighthouses/edit", forum__title="Mine").status == 403
    assert me.store.forums.by_name("lighthouses").title == "Lighthouses"


def test_a_moderator_pins_locks_removes_and_bans(me: Visitor, kettle: Visitor):
    create(me)
    first, second = (kettle.submit("lighthouses", title).id for title in ("First", "Second"))
    assert me.open("/f/lighthouses/new").posts() == [second, first]
    me.press("Actions", 1).press("Pin")
    assert me.open("/f/lighthouses/new").posts() == [first, second]
    me.post(f"/f/lighthouses/{first}/-/lock")
    assert "The submission is locked." in kettle.open(f"/{first}").text
    assert "Comment" not in kettle.names("textbox")
    me.post(f"/f/lighthouses/{second}/-/mod_delete", delete_reason__reason="Off topic")
    assert kettle.get(f"/{second}").status == 404
    assert "Off topic" in me.open("/f/lighthouses/moderation_log").text
    me.post("/f/lighthouses/ban/quiet_kettle", forum_ban__reason="Again")
    kettle.open("/submit/lighthouses").fill("Title *", "Third").press("Create submission")
    assert kettle.messages() == ["You have been banned from this forum."]
    assert "Again" in me.open("/f/lighthouses/bans").text


def test_moderating_takes_being_a_moderator(me: Visitor):
    for path in (
        "/f/books/59421/-/pin",
        "/f/books/59421/-/lock",
        "/f/books/59421/-/mod_delete",
        "/f/books/ban/quiet_kettle",
    ):
        assert me.post(path).status == 403
    post = me.store.submissions.one(59421)
    assert (post.sticky, post.locked, post.visibility) == (0, 0, "visible")
    assert "Actions" not in me.open("/f/books").names("button") and ME in me.names("button")
