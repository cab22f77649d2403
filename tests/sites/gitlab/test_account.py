"""Profile, status, following, settings, tokens, signing out."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from .visitor import Visitor


def test_a_status_is_set_and_removed(byte: Visitor):
    byte.follow("Byte Blaze").press("Set status").fill("What's your status?", "Enjoying life").press("Set status")
    assert byte.url == "/byteblaze"
    status = LexborHTMLParser(byte.html).css_first(".cover-status")
    assert status.last_child.tag == "-text" and status.last_child.text_content == "Enjoying life"
    byte.follow("Byte Blaze").press("Edit status").press("Remove status")
    assert byte.css(".cover-status") == []


def test_busy_shows_on_the_profile(byte: Visitor):
    byte.open("/-/profile/status").fill("What's your status?", "Writing").check("Set yourself as busy").choose(
        "Clear status after", "30 minutes"
    ).press("Set status")
    assert "(Busy)" in byte.text
    assert byte.store.people.by_id(2330).status_clears_at == byte.store.seconds() + 1800


def test_the_profile_form_sets_the_website(byte: Visitor):
    byte.follow("Byte Blaze").follow("Edit profile").fill("Website url", "https://egg.tart.com").press(
        "Update profile settings"
    )
    assert byte.url == "/-/profile" and byte.messages() == ["Profile was successfully updated"]
    assert byte.open("/byteblaze").css('.profile-header [itemprop="url"]') == ["egg.tart.com"]
    byte.open("/-/profile").fill("Website url", "egg.tart.com").press("Update profile settings")
    assert byte.open("/byteblaze").css('.profile-header [itemprop="url"]') == ["egg.tart.com"]


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [("Full name", "", "Name can't be blank"), ("Email", "nobody", "Email is invalid"), ("Email", "vinta@example.com", "Email has already been taken"),
     ("Website url", "javascript:alert(1)", "Website url is not a valid URL"), ("Website url", "two words", "Website url is not a valid URL")],
)  # fmt: skip
def test_bad_profiles_are_refused(byte: Visitor, field: str, text: str, message: str):
    before = byte.store.people.by_id(2330)
    byte.open("/-/profile").fill(field, text).press("Update profile settings")
    assert byte.messages() == [message] and byte.store.people.by_id(2330) == before


def test_a_new_name_shows_everywhere(byte: Visitor):
    byte.open("/-/profile").fill("Full name", "Byte B. Blaze").press("Update profile settings")
    assert byte.open("/byteblaze").css("h1") == ["Byte B. Blaze"]
    assert "Byte B. Blaze / dotfiles" in byte.open("/?name=dotfiles").css(".rows h2")
    assert "Byte B. Blaze" in byte.open("/byteblaze/dotfiles/-/project_members").text


def test_following_and_unfollowing(byte: Visitor):
    for name in ("vinta", "koush", "lahwaacz"):
        byte.open(f"/{name}").press("Follow")
    byte.open("/users/byteblaze/following")
    assert {"@vinta", "@koush", "@lahwaacz"} <= {word for row in byte.css(".user-profile li") for word in row.split()}
    byte.open("/vinta").press("Unfollow")
    assert "@vinta" not in byte.open("/users/byteblaze/following").html


def test_nobody_follows_oneself(byte: Visitor):
    assert "Follow" not in byte.open("/byteblaze").names("button")
    assert byte.post("/users/byteblaze/follow.json") == 404


def test_the_feed_token_is_hidden_until_asked_for(byte: Visitor):
    byte.open("/-/profile/preferences").follow("Access Tokens")
    assert "TMN_bBn9Z48qVbUFZV45" not in byte.html
    byte.press("Click to reveal")
    assert 'textbox "Feed token" value="TMN_bBn9Z48qVbUFZV45"' in byte.text
    assert "TMN_bBn9Z48qVbUFZV45" not in byte.press("Click to hide").html


def test_an_access_token_is_made_and_revoked(byte: Visitor):
    byte.open("/-/profile/personal_access_tokens").fill("Token name", "ci").check("read_api").press(
        "Create personal access token"
    )
    assert byte.messages()[0].startswith("Your new personal access token: glpat-") and byte.css(
        "table tbody td:first-child"
    ) == ["ci"]
    byte.press("Revoke")
    assert "This user has no active personal access tokens." in byte.text


def test_preferences_are_kept(byte: Visitor):
    byte.open("/-/profile/preferences").check("Dark Mode (alpha)", role="radio").choose(
        "Language", "German - Deutsch"
    ).press("Save changes")
    assert byte.messages() == ["Preferences saved."]
    byte.open("/-/profile/preferences")
    assert (
        'radio "Dark Mode (alpha)" checked' in byte.text and 'combobox "Language" value="German - Deutsch"' in byte.text
    )


def test_a_new_password_ends_the_session(byte: Visitor):
    byte.open("/-/profile/password/edit").fill("Current password", "hello1234").fill("New password", "goodbye99").fill(
        "Password confirmation", "goodbye99"
    ).press("Save password")
    assert byte.url == "/users/sign_in"
    byte.fill("Username or email", "byteblaze").fill("Password", "goodbye99").press("Sign in")
    assert byte.url == "/"


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [("wrong", "goodbye99", "goodbye99", "You must provide a valid current password"), ("hello1234", "short", "short", "Password is too short (minimum is 8 characters)"),
     ("hello1234", "goodbye99", "other", "Password confirmation doesn't match Password")],
)  # fmt: skip
def test_bad_passwords_are_refused(byte: Visitor, old: str, new: str, again: str, message: str):
    byte.open("/-/profile/password/edit").fill("Current password", old).fill("New password", new).fill(
        "Password confirmation", again
    ).press("Save password")
    assert byte.messages() == [message] and byte.store.people.has_password(2330, "hello1234")


def test_a_new_username_moves_the_projects(byte: Visitor):
    byte.open("/-/profile/account").fill("Path", "bb").press("Update username")
    assert byte.open("/bb/dotfiles").status == 200 and byte.open("/byteblaze/dotfiles").status == 404
    byte.open("/-/profile/account").fill("Path", "vinta").press("Update username")
    assert byte.messages() == ["Username has already been taken"]


def test_signing_out(byte: Visitor):
    byte.follow("Byte Blaze").follow("Sign out")
    assert byte.url == "/users/sign_in" and byte.messages() == ["Signed out successfully."]
    assert byte.open("/dashboard/todos").url == "/users/sign_in"


@pytest.mark.parametrize("path", ["/-/profile", "/dashboard/todos", "/dashboard/issues", "/projects/new", "/groups/new", "/-/profile/personal_access_tokens", "/-/snippets/new"])  # fmt: skip
def test_own_pages_need_a_session(guest: Visitor, path: str):
    assert guest.open(path).url == "/users/sign_in"


def test_a_snippet_is_for_whom_it_is_meant(byte: Visitor, stranger: Visitor):
    byte.open("/-/snippets/new").fill("Title", "Aliases").fill("Files", "alias ll='ls -l'").press("Create snippet")
    address = byte.url
    assert "alias ll='ls -l'" in byte.text and "Aliases" in byte.open("/dashboard/snippets").names("link")
    assert stranger.open(address).status == 404


def test_activity_shows_what_one_did(byte: Visitor):
    byte.open("/a11yproject/a11yproject.com/-/issues/1478").fill("Comment", "On it").press("Comment")
    assert byte.open("/users/byteblaze/activity").css(".rows > li")[0].endswith("On it")
    assert "On it" in byte.open("/dashboard/activity?filter=own").css(".rows > li")[0]
    assert "On it" in byte.open("/a11yproject/a11yproject.com/activity").css(".rows > li")[0]
