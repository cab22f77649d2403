"""Profiles, biographies, messages, blocking, settings, accounts."""

from __future__ import annotations

import pytest

from .visitor import ME, Visitor


def test_a_biography_is_changed_and_shown(me: Visitor):
    me.open("/").press(ME).follow("Profile").follow("Edit biography")
    assert me.url == f"/user/{ME}/edit_biography"
    me.fill("Biography", "Likes *odd* lamps").press("Save")
    assert me.open(f"/user/{ME}").css(".user-bio__biography") == ["Likes odd lamps"]
    me.open(f"/user/{ME}/edit_biography").fill("Biography", "").press("Save")
    assert me.open(f"/user/{ME}").css(".user-bio__biography") == []


def test_nobody_edits_another_biography(me: Visitor):
    assert "Edit biography" not in me.open("/user/quiet_kettle").names("link")
    assert me.post("/user/quiet_kettle/edit_biography", user_biography__biography="Ha").status == 403
    assert me.store.users.by_name("quiet_kettle").biography == ""


def test_messages_go_to_and_fro(me: Visitor, kettle: Visitor):
    me.open("/user/quiet_kettle").follow("Send message").fill("Message *", "Which *lamp* is it?").press("Send")
    thread = me.url
    assert thread == "/messages/thread/1" and "Which lamp is it?" in me.text
    kettle.open("/notifications")
    assert "Notifications (1)" in kettle.names("link")
    kettle.open("/messages").follow("Which *lamp* is it?").fill("Message *", "The green one.").press("Send")
    assert "The green one." in me.open(thread).text and "Notifications (1)" in me.names("link")
    kettle.open(thread).press("Delete")
    assert "The green one." not in me.open(thread).text and "Notifications (0)" in me.names("link")


def test_a_thread_is_for_the_two_of_it_alone(me: Visitor, world):
    me.open("/user/quiet_kettle/compose_message").fill("Message *", "Between us").press("Send")
    other = Visitor(world, "porchbirder")
    assert other.get("/messages/thread/1").status == 404
    assert other.post("/message_reply/1", message__body="Me too").status == 404
    assert other.post("/messages/message/1/delete").status in (403, 404)
    assert me.count("SELECT count(*) FROM message") == 1


def test_whom_one_blocks_is_not_seen_and_cannot_write(me: Visitor, kettle: Visitor):
    me.open("/user/quiet_kettle").follow("Block user").press("Block")
    assert me.url == f"/user/{ME}/block_list" and "quiet_kettle" in me.css("main")[0]
    assert 133904 not in me.open("/f/Showerthoughts/new").posts()
    assert kettle.get(f"/user/{ME}/compose_message").status == 403
    me.open(f"/user/{ME}/block_list").press("Unblock")
    assert 133904 in me.open("/f/Showerthoughts/new").posts()


def test_settings_change_what_the_front_page_shows(me: Visitor):
    me.open("/").press(ME).follow("User settings")
    assert me.url == f"/user/{ME}/preferences"
    assert me.post(f"/user/{ME}/preferences", user_settings__filterBy="all", user_settings__sortBy="best").status == 200
    settings = me.store.users.by_name(ME).settings
    assert (settings["filterBy"], settings["sortBy"]) == ("all", "hot")  # "best" is no sort mode
    assert len(me.open("/").posts()) == 25


def test_dark_mode_is_a_button_of_the_user_menu(me: Visitor):
    me.open("/").press(ME).press("Dark mode")
    assert 'data-night-mode="dark"' in me.html
    me.press("Light mode")  # the menu is still open
    assert 'data-night-mode="light"' in me.html


def test_signing_out_and_in_again(me: Visitor):
    me.open("/").press(ME).press("Log out")
    assert "Log in" in me.names("link")
    me.follow("Log in").fill("Username", ME).fill("Password", "wrong").press("Log in")
    assert me.url == "/login" and me.messages() == ["Invalid credentials."]
    me.fill("Username", ME).fill("Password", "test1234").press("Log in")
    assert ME in me.names("button")


@pytest.mark.parametrize(
    ("name", "password", "problem"),
    [
        ("ab", "longenough", "The username must be 3 to 25 letters, numbers or underscores."),
        (ME.lower(), "longenough", "That username is taken."),
        ("newcomer", "short", "The password needs at least 8 characters."),
    ],
)
def test_registration_says_what_is_wrong(guest: Visitor, name: str, password: str, problem: str):
    guest.open("/registration").fill("Username *", name).fill("Password *", password)
    guest.fill("Password (repeat)", password).press("Sign up")
    assert guest.messages() == [problem]


def test_a_newcomer_can_post(guest: Visitor):
    guest.open("/registration").fill("Username *", "newcomer").fill("Password *", "longenough")
    guest.fill("Password (repeat)", "longenough").press("Sign up")
    assert "newcomer" in guest.names("button")
    assert guest.submit("nyc", "Hello").author == "newcomer"


def test_a_deleted_account_takes_its_posts_and_votes_along(me: Visitor):
    votes = me.store.submissions.one(59421).up
    me.open("/f/books/59421").press("Upvote")
    me.open(f"/user/{ME}/delete_account").fill("Confirm username *", ME)
    me.press("Delete account")
    assert me.store.users.by_name(ME) is not None  # the box was not ticked
    [box] = me.names("checkbox")
    me.fill("Confirm username *", ME).check(box).press("Delete account")
    assert me.get(f"/user/{ME}").status == 404 and me.get("/135201").status == 404
    assert me.store.submissions.one(59421).up == votes
    assert "Log in" in me.open("/").names("link")
