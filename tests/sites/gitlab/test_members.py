"""Members of projects: inviting by name, handle and email, roles, leaving; members of groups."""

from __future__ import annotations

import pytest

from .visitor import A11Y, Visitor

DOTFILES = "/byteblaze/dotfiles"
MEMBERS = f"{DOTFILES}/-/project_members"


def _roles(visitor: Visitor, path: str = DOTFILES) -> dict[str, str]:
    visitor.open(f"{path}/-/project_members")
    return dict(zip(visitor.css(".gl-avatar-labeled-sublabel"), visitor.css("td.col-max-role span"), strict=True))


def _invite(visitor: Visitor, *names: str, role: str | None = None, path: str = DOTFILES) -> Visitor:
    visitor.open(f"{path}/-/project_members").press("Invite members")
    for name in names:
        visitor.fill("Username or email address", name).press("Search")
        (choice,) = visitor.names("menuitem")
        visitor.click("menuitem", choice)
    if role:
        visitor.choose("Select a role", role)
    return visitor.press("Invite")


def test_one_person_is_chosen_from_the_list(byte: Visitor):
    _invite(byte, "vinta")
    assert byte.url == MEMBERS and byte.messages() == ["Members were successfully added"]
    assert _roles(byte) == {"@byteblaze": "Owner", "@vinta": "Guest"}


def test_several_people_get_one_role(byte: Visitor):
    _invite(byte, "Jakub Klinkovský", "abishek", role="Maintainer")
    assert _roles(byte) == {"@abisubramanya27": "Maintainer", "@byteblaze": "Owner", "@lahwaacz": "Maintainer"}


@pytest.mark.parametrize("typed", ["bblanchon", "@bblanchon", "Benoît Blanchon", "bblanchon@example.com", "BBLANCHON"])
def test_a_person_who_is_typed_but_not_chosen_is_invited_all_the_same(byte: Visitor, typed: str):
    byte.open(f"{MEMBERS}/invite").fill("Username or email address", typed).choose("Select a role", "Developer").press(
        "Invite"
    )
    assert _roles(byte)["@bblanchon"] == "Developer"


def test_several_are_typed_with_commas(byte: Visitor):
    byte.open(f"{MEMBERS}/invite").fill("Username or email address", "vinta, koush, yjlou").choose(
        "Select a role", "Reporter"
    ).press("Invite")
    assert {name for name, role in _roles(byte).items() if role == "Reporter"} == {"@vinta", "@koush", "@yjlou"}


def test_words_that_fit_nobody_or_several_are_asked_about_and_the_rest_is_kept(byte: Visitor):
    byte.open(f"{MEMBERS}/invite").fill("Username or email address", "vinta, an").choose(
        "Select a role", "Reporter"
    ).press("Invite")
    assert byte.messages() == ["Members must be chosen from the list, or invited by email address."]
    assert byte.css(".stacked > .label") == ["Vinta Chen (vinta)"] and "@vinta" not in _roles(byte)


def test_somebody_chosen_is_taken_out_again(byte: Visitor):
    byte.open(f"{MEMBERS}/invite").fill("Username or email address", "vinta").press("Search")
    byte.click("menuitem", byte.names("menuitem")[0]).press("Remove vinta").press("Invite")
    assert byte.messages() == ["Members must be chosen from the list, or invited by email address."]


def test_an_address_nobody_has_becomes_an_invitation_that_is_revoked(byte: Visitor):
    byte.open(f"{MEMBERS}/invite").fill("Username or email address", "new@example.org").press("Search")
    byte.click("menuitem", 'Invite "new@example.org" by email').press("Invite")
    assert byte.css("#invited + ul > li")[0].startswith("new@example.org Guest") and "Invited 1" in byte.names("tab")
    byte.press("Revoke invite")
    assert "new@example.org" not in byte.text


def test_an_expiration_date(byte: Visitor):
    byte.open(f"{MEMBERS}/invite").fill("Username or email address", "vinta").fill("Enter date", "2023-12-31").press(
        "Invite"
    )
    byte.open(MEMBERS)
    assert 'textbox "Enter date" value="2023-12-31"' in byte.text


def test_a_role_is_changed_and_a_member_removed(byte: Visitor):
    _invite(byte, "vinta")
    byte.open(MEMBERS).choose("Role", "Developer").press("Change role")
    assert byte.messages() == ["Role updated successfully."] and _roles(byte)["@vinta"] == "Developer"
    byte.open(MEMBERS).press("Remove member")
    assert _roles(byte) == {"@byteblaze": "Owner"}


def test_inviting_somebody_again_changes_the_role(byte: Visitor):
    _invite(byte, "vinta")
    _invite(byte, "vinta", role="Owner")
    assert _roles(byte) == {"@byteblaze": "Owner", "@vinta": "Owner"}


def test_a_maintainer_gives_no_more_than_the_own_role(byte: Visitor):
    byte.open(f"{A11Y}/-/project_members/invite")
    assert "Owner" not in next(node.options for node in byte.nodes if node.name == "Select a role")
    byte.post_fields(f"{A11Y}/-/project_members/invite", [("user_ids[]", "278"), ("access_level", "50")])
    assert _roles(byte, A11Y)["@vinta"] == "Guest"


@pytest.mark.parametrize("path", ["/2330/delete", "/2330"])
def test_the_last_owner_stays(byte: Visitor, path: str):
    byte.post_fields(f"{MEMBERS}{path}", [("access_level", "10")])
    assert _roles(byte) == {"@byteblaze": "Owner"}
    byte.open(DOTFILES).follow("Leave project")
    assert byte.messages() == ["The last owner cannot leave the project."]


def test_leaving_a_project(byte: Visitor):
    byte.open("/primer/design").follow("Leave project")
    assert byte.url == "/dashboard/projects" and byte.messages() == ['You left the "Primer / design" project.']
    assert "@byteblaze" not in _roles(byte, "/primer/design")


def test_members_are_searched_and_sorted(byte: Visitor):
    assert byte.open(f"{A11Y}/-/project_members?search=roshan").css(".gl-avatar-labeled-sublabel") == ["@Roshanjossy"]
    byte.open(f"{A11Y}/-/project_members").press("Account").follow("Max role")
    order = {"Guest": 10, "Reporter": 20, "Developer": 30, "Maintainer": 40, "Owner": 50}
    levels = [order[role] for role in byte.css("td.col-max-role span")]
    assert levels == sorted(levels)
    byte.press("Sorting Direction: Ascending")
    assert [order[role] for role in byte.css("td.col-max-role span")] == sorted(levels, reverse=True)


def test_only_maintainers_invite_and_change(stranger: Visitor):
    assert stranger.open(f"{MEMBERS}/invite").status == 404
    for path, fields in (
        ("/invite", [("user_ids[]", "278")]),
        ("/2330", [("access_level", "10")]),
        ("/2330/delete", []),
    ):
        assert stranger.post_fields(f"{MEMBERS}{path}", fields) == 404
    assert _roles(stranger) == {"@byteblaze": "Owner"}


def test_a_new_member_may_do_what_the_role_allows(byte: Visitor, world):
    vinta = Visitor(world, "vinta")
    assert vinta.open(f"{DOTFILES}/-/new/main").status == 404
    _invite(byte, "vinta", role="Developer")
    assert vinta.open(f"{DOTFILES}/-/new/main").status == 200
    assert vinta.open(f"{DOTFILES}/edit").status == 404
