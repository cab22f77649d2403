"""Groups: making one, its projects, members and lists."""

from __future__ import annotations

import pytest

from .visitor import Visitor


def _create(visitor: Visitor, name: str = "Reading Circle", path: str = "") -> Visitor:
    visitor.open("/groups/new").fill("Group name", name)
    if path:
        visitor.fill("Group URL", path)
    return visitor.press("Create group")


def test_a_group_is_made_and_listed(byte: Visitor):
    _create(byte)
    assert byte.url == "/reading-circle" and byte.messages() == ["Group 'Reading Circle' was successfully created."]
    assert "Reading Circle" in byte.open("/dashboard/groups").names("link")
    assert byte.open("/groups/reading-circle/-/group_members").css(".gl-avatar-labeled-sublabel") == ["@byteblaze"]
    assert "Reading Circle" in byte.open("/users/byteblaze/groups").names("link")


def test_a_private_group_is_not_found_by_others(byte: Visitor, stranger: Visitor):
    _create(byte)
    assert stranger.open("/reading-circle").status == 404
    assert stranger.open("/groups/reading-circle/-/group_members").status == 404
    assert "Reading Circle" not in stranger.open("/explore/groups?filter=reading").names("link")


def test_a_project_in_a_group_belongs_to_its_members(byte: Visitor, world):
    _create(byte).follow("New project").follow("Create blank project").choose("Project URL", "reading-circle")
    byte.fill("Project name", "Books").check("Private", role="radio").press("Create project")
    assert byte.url == "/reading-circle/books"
    vinta = Visitor(world, "vinta")
    assert vinta.open("/reading-circle/books").status == 404
    byte.open("/groups/reading-circle/-/group_members").fill("Username", "vinta").choose(
        "Select a role", "Developer"
    ).press("Invite")
    assert vinta.open("/reading-circle/books").status == 200
    assert vinta.open("/reading-circle/books/-/new/main").status == 200
    byte.open("/reading-circle/books/-/project_members")
    assert "@vinta" in byte.css(".gl-avatar-labeled-sublabel") and "Reading Circle" in byte.css(
        "td[data-label='Source']"
    )


@pytest.mark.parametrize(
    ("name", "path", "message"),
    [("", "", "Name can't be blank"), ("x", "a11yproject", "Group URL has already been taken"), ("x", "byteblaze", "Group URL has already been taken"),
     ("x", "explore", "Group URL has already been taken"), ("x", "a b", "Group URL can contain only")],
)  # fmt: skip
def test_bad_groups_are_refused(byte: Visitor, name: str, path: str, message: str):
    _create(byte, name, path)
    assert byte.url == "/groups/new" and byte.messages()[0].startswith(message)


def test_only_maintainers_of_a_group_add_members(byte: Visitor):
    assert (
        byte.post_fields("/groups/facebook/-/group_members", [("username", "byteblaze"), ("access_level", "50")]) == 404
    )
    assert byte.store.projects.group_level(21, 2330) == 0


def test_nobody_who_is_not_there_is_added(byte: Visitor):
    _create(byte).open("/groups/reading-circle/-/group_members").fill("Username", "nobody-here").press("Invite")
    assert byte.messages() == ["No member was added: no such user or role."]


def test_lists_of_a_group_hold_the_items_of_its_projects(byte: Visitor):
    byte.open("/groups/a11yproject/-/issues")
    assert len(byte.css("main .rows > li")) == 20
    assert byte.open("/groups/a11yproject/-/merge_requests").css("main .rows > li")
    assert "The A11Y Project / a11yproject.com" in byte.open("/a11yproject").css(".rows h2")


def test_groups_are_explored_by_name(byte: Visitor):
    byte.open("/explore/groups?filter=a11y")
    assert "The A11Y Project" in byte.names("link") and "Facebook" not in byte.names("link")
