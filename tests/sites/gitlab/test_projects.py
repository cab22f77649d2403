"""Making projects, forks, stars, settings; lists of projects."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from .visitor import A11Y, Visitor


def _blank(visitor: Visitor, name: str) -> Visitor:
    return visitor.open("/projects/new").follow("Create blank project").fill("Project name", name)


def test_a_blank_project_with_a_readme(byte: Visitor):
    _blank(byte, "Do it myself").check("Private", role="radio").press("Create project")
    assert byte.url == "/byteblaze/do-it-myself" and byte.messages() == [
        "Project 'Do it myself' was successfully created."
    ]
    assert byte.css("h1")[0] == "Do it myself" and "1 Commit" in byte.names("link") and "1 Branch" in byte.names("link")
    assert "Do it myself" in byte.open("/byteblaze/Do-it-myself/-/raw/main/README.md").text


def test_a_private_project_is_its_members_only(byte: Visitor, stranger: Visitor, guest: Visitor):
    _blank(byte, "hidden thing").check("Private", role="radio").press("Create project")
    assert byte.css(".visibility-icon") == ["Private"] and 'title="Private - ' in byte.html
    for visitor in (stranger, guest):
        visitor.open("/byteblaze/hidden-thing")
        assert "hidden" not in visitor.html
        assert "hidden thing" not in visitor.open("/explore?name=hidden+thing").css(".rows h2")
    assert "Byte Blaze / hidden thing" in byte.open("/").css(".rows h2") + byte.open("/?page=2").css(".rows h2")


def test_a_project_without_a_readme_is_empty(byte: Visitor):
    _blank(byte, "awesome_llm_reading").uncheck("Initialize repository with a README").press("Create project")
    assert byte.url == "/byteblaze/awesome_llm_reading" and "The repository for this project is empty" in byte.text
    byte.follow("Add README").fill("Editor content", "Hello\n").press("Commit changes")
    assert byte.url == "/byteblaze/awesome_llm_reading/-/blob/main/README.md"
    assert "1 Commit" in byte.open("/byteblaze/awesome_llm_reading").names("link")


def test_a_project_from_a_template(byte: Visitor):
    byte.open("/projects/new").follow("Create from template")
    place = next(i for i, row in enumerate(byte.css("#built-in li")) if row.startswith("Android "))
    byte.press("Use template", nth=place).fill("Project name", "web_agent_android_xl").check(
        "Private", role="radio"
    ).press("Create project")
    assert byte.url == "/byteblaze/web_agent_android_xl"
    byte.open("/byteblaze/web_agent_android_xl/-/commits")
    assert "Initialized from 'Android' project template" in byte.text


def test_a_slug_of_ones_own(byte: Visitor):
    _blank(byte, "Long name").fill("Project slug", "short").press("Create project")
    assert byte.url == "/byteblaze/short" and byte.css("h1")[0] == "Long name"


@pytest.mark.parametrize(
    ("name", "slug", "message"),
    [("", "", "Project name can't be blank"), ("dotfiles", "", "Project namespace path has already been taken"), ("x", "a b", "Path can contain only"), ("x", "x.git", "Path can contain only")],
)  # fmt: skip
def test_bad_projects_are_refused(byte: Visitor, name: str, slug: str, message: str):
    _blank(byte, name).fill("Project slug", slug).press("Create project")
    assert byte.url.startswith("/projects/new?panel=blank_project") and byte.messages()[0].startswith(message)


def test_nobody_creates_projects_for_others(byte: Visitor):
    byte.post_fields("/projects", [("project[name]", "theirs"), ("project[namespace_id]", "21")])
    assert byte.store.projects.by_path("facebook/theirs") is None


def test_importing_says_why_it_cannot(byte: Visitor):
    byte.open("/projects/new").follow("Import project").fill("Git repository URL", "https://example.com/x.git").press(
        "Create project"
    )
    assert byte.messages() == ["The repository could not be imported: this server has no access to the network."]


def test_starring_and_back(byte: Visitor):
    path = "/umano/AndroidSlidingUpPanel"
    byte.open(path).press("Star")
    assert byte.css(".star-count") == ["56"] and "Unstar" in byte.names("button")
    assert "Umano / AndroidSlidingUpPanel" in byte.open("/users/byteblaze/starred").css(".rows h2")
    assert any("@byteblaze" in row for row in byte.open(f"{path}/-/starrers").css(".rows li"))
    assert byte.open(path).press("Unstar").css(".star-count") == ["55"]
    assert "Umano / AndroidSlidingUpPanel" not in byte.open("/users/byteblaze/starred").css(".rows h2")


def test_a_guest_is_asked_to_sign_in_before_starring(guest: Visitor):
    guest.open("/umano/AndroidSlidingUpPanel").press("Star")
    assert guest.url == "/users/sign_in"
    assert guest.store.projects.by_path("umano/AndroidSlidingUpPanel").stars == 55


def test_a_fork_has_the_files_and_commits(byte: Visitor):
    byte.open(A11Y).follow("Fork").choose("Project URL", "byteblaze").fill("Project slug", "my-a11y").press(
        "Fork project"
    )
    assert byte.url == "/byteblaze/my-a11y" and "2,320 Commits" in byte.names("link")
    assert "Forked from The A11Y Project / a11yproject.com" in " ".join(byte.css("main p"))
    fork, origin = (byte.open(f"{path}/-/raw/main/README.md").text for path in ("/byteblaze/my-a11y", A11Y))
    assert fork == origin
    assert byte.open(A11Y).css(".fork-count") == ["1"]
    assert byte.follow("1").css(".rows h2") == ["Byte Blaze / a11yproject.com"]


def test_a_fork_needs_a_free_path_and_a_namespace(byte: Visitor):
    byte.open("/primer/design/-/forks/new").press("Fork project")
    assert byte.messages() == ["Please select a namespace"]
    byte.choose("Project URL", "byteblaze").fill("Project slug", "dotfiles").press("Fork project")
    assert byte.messages() == ["Project namespace name has already been taken"]


def test_a_fork_is_never_more_public_than_its_origin(byte: Visitor):
    _blank(byte, "inner").check("Private", role="radio").press("Create project")
    byte.post_fields("/byteblaze/inner/-/forks", [("namespace_id", "2505"), ("path", "outer"), ("visibility", "20")])
    assert byte.store.projects.by_path("byteblaze/outer").visibility == 0


def test_settings_change_name_description_and_visibility(byte: Visitor, guest: Visitor):
    byte.open("/byteblaze/dotfiles/edit").fill("Project name", "Dots").fill(
        "Project description (optional)", "Mine"
    ).press("Save changes")
    byte.choose("Project visibility", "Private").press("Save visibility")
    byte.open("/byteblaze/dotfiles")
    assert (
        byte.css("h1")[0] == "Dots"
        and byte.css(".description") == ["Mine"]
        and byte.css(".visibility-icon") == ["Private"]
    )
    assert guest.open("/byteblaze/dotfiles").url == "/users/sign_in"


def test_a_maintainer_does_not_decide_who_sees_a_project(byte: Visitor):
    byte.post_fields(A11Y, [("part", "visibility"), ("project[visibility_level]", "0")])
    assert byte.store.projects.by_path(A11Y[1:]).visibility == 20


def test_archived_projects_leave_the_lists(byte: Visitor):
    byte.open("/byteblaze/timeit/edit").press("Archive project")
    assert "Byte Blaze / timeit" not in byte.open("/dashboard/projects?name=timeit").css(".rows h2")
    assert "Byte Blaze / timeit" in byte.open("/dashboard/projects?name=timeit&archived=true").css(".rows h2")
    assert byte.open("/dashboard/projects?archived=only").css(".rows h2") == ["Byte Blaze / timeit"]


@pytest.mark.parametrize(
    ("link", "key", "reverse"),
    [("Most stars", "stars", True), ("Last created", "created_at", True), ("Oldest created", "created_at", False), ("Oldest updated", "updated_at", False), ("Updated date", "updated_at", True)],
)  # fmt: skip
def test_explore_is_sorted(byte: Visitor, link: str, key: str, reverse: bool):
    byte.open("/explore").press("Name").follow(link)
    shown = [byte.store.projects.by_path(href) for href in _rows(byte)]
    values = [getattr(project, key) for project in shown]
    assert len(values) == 20 and values == sorted(values, reverse=reverse)


def _rows(visitor: Visitor) -> list[str]:
    return [(node.attributes["href"] or "")[1:] for node in LexborHTMLParser(visitor.html).css(".rows h2 a")]


def test_explore_pages_hold_every_visible_project_once(byte: Visitor, guest: Visitor):
    for visitor in (byte, guest):
        found: list[str] = []
        for page in range(1, 20):
            rows = _rows(visitor.open(f"/explore/projects?sort=stars_desc&page={page}"))
            if not rows:
                break
            found += rows
        me = 2330 if visitor is byte else None
        everything = [
            visitor.store.projects.by_id(id)
            for (id,) in visitor.store.connection.execute("SELECT id FROM project WHERE NOT archived")
        ]
        assert sorted(found) == sorted(
            project.full_path for project in everything if visitor.store.projects.readable(project, me)
        )


def test_visibility_narrows_the_list(byte: Visitor):
    byte.open("/explore").press("Any").follow("Internal")
    assert byte.url == "/explore?visibility_level=10" and set(byte.css(".rows .visibility")) == {"Internal"}


def test_internal_projects_are_hidden_from_guests(byte: Visitor, guest: Visitor):
    (path,) = byte.store.connection.execute("SELECT full_path FROM project WHERE visibility = 10 LIMIT 1").fetchone()
    assert byte.open(f"/{path}").status == 200
    assert guest.open(f"/{path}").url == "/users/sign_in"


def test_filter_by_name(byte: Visitor):
    byte.open("/explore").search("Filter by name", "ffmpeg")
    assert byte.css(".rows h2") == ["Karl Kroening / ffmpeg-python"]


def test_notification_level(byte: Visitor):
    byte.open(A11Y).press("Notification setting").press("Watch")
    assert "Watch" in byte.css(".dropdown a")
