"""Files: trees, blobs, raw texts, the forms that change them, the Web IDE, branches, commits."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from webarena_gym.sites.gitlab.routes.common import day_first

from .visitor import Visitor

DOTFILES = "/byteblaze/dotfiles"
IDE = "/-/ide/project/byteblaze/dotfiles/edit/main/-/"


def test_a_tree_lists_folders_before_files(byte: Visitor):
    byte.open(f"{DOTFILES}/-/tree/main")
    names = byte.css("table tbody td:first-child")
    folders = [
        name
        for name, href in zip(names, [n.attributes["href"] for n in _links(byte)], strict=True)
        if "/-/tree/" in href
    ]
    assert folders and names[: len(folders)] == folders
    byte.follow(folders[0])
    assert byte.url == f"{DOTFILES}/-/tree/main/{folders[0]}"


def _links(visitor: Visitor) -> list:
    return LexborHTMLParser(visitor.html).css("table tbody td:first-child a")


def test_raw_is_plain_text_whatever_the_file_is(byte: Visitor):
    byte.open(f"{DOTFILES}/-/new/main").fill("File name", "page.html").fill(
        "Editor content", "<h1>Hi & bye</h1>\n"
    ).press("Commit changes")
    reply = byte.engine.client().get(f"http://gitlab.test{DOTFILES}/-/raw/main/page.html")
    assert (reply.content_type, reply.text) == ("text/plain", "<h1>Hi & bye</h1>\n")


def test_a_new_file_shows_everywhere(byte: Visitor):
    commits = byte.store.projects.by_path(DOTFILES[1:]).commits
    byte.open(DOTFILES).press("Add to tree").follow("New file").fill("File name", "docs/notes.md").fill(
        "Editor content", "# Notes\n\n- one\n- two\n"
    )
    byte.fill("Commit message", "Keep notes\n\nThey help.").press("Commit changes")
    assert byte.url == f"{DOTFILES}/-/blob/main/docs/notes.md" and byte.messages() == [
        "The file has been successfully created."
    ]
    assert byte.css(".md h1") == ["Notes"] and byte.css(".md li") == ["one", "two"]
    assert byte.open(DOTFILES).css(".project-stats a")[0] == f"{commits + 1} Commits"
    assert byte.open(f"{DOTFILES}/-/commits/main").css(".commit-title")[0] == "Keep notes"
    byte.follow("Keep notes")
    assert byte.css(".md") == ["They help."] and byte.css(".diff strong") == ["docs/notes.md"]
    assert byte.open(f"{DOTFILES}/-/find_file/main?q=notes").names("link").count("docs/notes.md") == 1
    assert byte.open(f"{DOTFILES}/-/tree/main/docs").css("table tbody td:first-child") == ["notes.md"]


@pytest.mark.parametrize(("name", "message"), [("", "You must provide a file path"), ("../../etc/passwd", "You must provide a file path"), ("README.md", "A file with this name already exists"), (".git/config", "You must provide a file path")])  # fmt: skip
def test_bad_file_names_are_refused(byte: Visitor, name: str, message: str):
    byte.open(f"{DOTFILES}/-/new/main").fill("File name", name).fill("Editor content", "x").press("Commit changes")
    assert byte.messages() == [message]


def test_a_file_is_edited_renamed_and_deleted(byte: Visitor):
    byte.open(f"{DOTFILES}/-/blob/main/README.md").follow("Edit").fill("Editor content", "New text\n").press(
        "Commit changes"
    )
    assert byte.css(".md") == ["New text"] and byte.messages() == ["Your changes have been successfully committed."]
    byte.follow("Edit").fill("File name", "ABOUT.md").press("Commit changes")
    assert byte.url == f"{DOTFILES}/-/blob/main/ABOUT.md" and byte.css(".md") == ["New text"]
    assert byte.open(f"{DOTFILES}/-/blob/main/README.md").status == 404
    byte.open(f"{DOTFILES}/-/blob/main/ABOUT.md").press("Delete").press("Delete file")
    assert byte.url == f"{DOTFILES}/-/tree/main" and byte.open(f"{DOTFILES}/-/blob/main/ABOUT.md").status == 404


def test_a_commit_to_another_branch_leaves_the_default_one_alone(byte: Visitor):
    before = byte.open(f"{DOTFILES}/-/raw/main/README.md").text
    byte.open(f"{DOTFILES}/-/edit/main/README.md").fill("Editor content", "Patched\n").fill(
        "Target Branch", "patch-1"
    ).press("Commit changes")
    assert byte.url == f"{DOTFILES}/-/blob/patch-1/README.md"
    assert byte.open(f"{DOTFILES}/-/raw/main/README.md").text == before
    assert byte.open(f"{DOTFILES}/-/raw/patch-1/README.md").text.strip() == "Patched"
    assert byte.open(f"{DOTFILES}/-/compare?from=main&to=patch-1").css(".commit-title") == ["Update README.md"]


def test_the_web_editor_commits_new_files_and_folders_together(byte: Visitor):
    byte.open(f"{DOTFILES}").follow("Web IDE").press("New file").fill("Name", "links.txt").press("Create file")
    assert byte.url == f"{IDE}links.txt"
    byte.fill("Editor content", "http://reddit.test/f/DIY/1\n").press("Keep changes").press("New directory").fill(
        "Name", "lists"
    ).press("Create directory")
    assert byte.url.startswith(f"{IDE}?dialog=file")
    byte.fill("Name", "lists/more.txt").press("Create file").fill("Editor content", "more\n").press("Create commit...")
    byte.fill("Commit Message", "Add lists").check("Commit to main branch", role="radio").press("Commit")
    assert byte.messages()[0].endswith("with 2 files changed.")
    assert byte.open(f"{DOTFILES}/-/raw/main/links.txt").text.strip() == "http://reddit.test/f/DIY/1"
    assert byte.open(f"{DOTFILES}/-/raw/main/lists/more.txt").text.strip() == "more"
    assert byte.open(f"{DOTFILES}/-/commits/main").css(".commit-title")[0] == "Add lists"


def test_the_web_editor_edits_and_deletes(byte: Visitor):
    byte.open(f"{IDE}README.md").fill("Editor content", "Edited\n").press("Create commit...")
    byte.open(f"{IDE}LICENSE").press("Delete")
    assert "LICENSE deleted" in " ".join(byte.css("aside[aria-label='Web IDE files'] li"))
    byte.open(f"{IDE}?dialog=commit").press("Commit")
    assert byte.open(f"{DOTFILES}/-/raw/main/README.md").text.strip() == "Edited"
    assert byte.open(f"{DOTFILES}/-/raw/main/LICENSE").status == 404


def test_the_web_editor_commits_to_a_new_branch(byte: Visitor):
    byte.open(f"{IDE}README.md").fill("Editor content", "Elsewhere\n").press("Create commit...")
    byte.check("Create a new branch", role="radio").fill("Branch name", "elsewhere").press("Commit")
    assert byte.url == "/-/ide/project/byteblaze/dotfiles/edit/elsewhere/-/README.md"
    assert byte.open(f"{DOTFILES}/-/raw/elsewhere/README.md").text.strip() == "Elsewhere"
    assert byte.open(f"{DOTFILES}/-/raw/main/README.md").text.strip() != "Elsewhere"


def test_nothing_to_commit_is_said(byte: Visitor):
    byte.open(f"{IDE}README.md").press("Create commit...").press("Commit")
    assert byte.messages() == ["There are no changes to commit."]


def test_a_branch_is_made_and_deleted(byte: Visitor):
    branches = byte.store.projects.by_path(DOTFILES[1:]).branches
    byte.open(f"{DOTFILES}/-/branches").follow("New branch").fill("Branch name", "feature/x").press("Create branch")
    assert byte.url == f"{DOTFILES}/-/tree/feature/x"
    assert f"{branches + 1} Branches" in byte.open(DOTFILES).names("link")
    byte.open(f"{DOTFILES}/-/branches").press("Delete branch")
    assert byte.messages() == ["Branch was deleted."] and "feature/x" not in byte.css(".ref-name")


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "Branch name is invalid"), ("a b", "Branch name is invalid"), ("main", "Branch already exists")],
)
def test_bad_branch_names_are_refused(byte: Visitor, name: str, message: str):
    byte.open(f"{DOTFILES}/-/branches/new").fill("Branch name", name).press("Create branch")
    assert byte.messages() == [message]


def test_the_default_branch_stays(byte: Visitor):
    byte.post(f"{DOTFILES}/-/branches/main")
    assert byte.open(f"{DOTFILES}/-/tree/main").status == 200


@pytest.mark.parametrize("path", ["/-/new/main", "/-/edit/main/README.md", "/-/branches/new"])
def test_writing_is_for_developers(stranger: Visitor, guest: Visitor, path: str):
    assert stranger.open(f"{DOTFILES}{path}").status == 404
    assert guest.open(f"{DOTFILES}{path}").url == "/users/sign_in"


def test_nothing_is_written_by_strangers(stranger: Visitor):
    commits = stranger.store.projects.by_path(DOTFILES[1:]).commits
    for path, fields in (
        ("/-/create/main", [("file_path", "x.txt"), ("content", "x")]), ("/-/update/main/README.md", [("content", "x")]), ("/-/blob/main/README.md", []),
        ("/-/branches", [("branch_name", "x"), ("ref", "main")]),
    ):  # fmt: skip
        assert stranger.post_fields(f"{DOTFILES}{path}", fields) == 404
    assert stranger.post_fields(f"{IDE}README.md", [("content", "x")]) == 404
    project = stranger.store.projects.by_path(DOTFILES[1:])
    assert (project.commits, project.branches) == (commits, 1)


def test_commits_are_paged_searched_and_filtered(byte: Visitor):
    byte.open("/keycloak/keycloak/-/commits/main")
    assert byte.css("main > p.meta") == ["Commits 1 to 40 of 980"] and len(byte.css(".commit-title")) == 40
    first = byte.css(".commit-title")
    byte.follow("Older")
    assert byte.css("main > p.meta") == ["Commits 41 to 80 of 980"]
    byte.follow("Newer")
    assert byte.css(".commit-title") == first
    byte.search("Search by message", "Bump")
    assert byte.css(".commit-title") and all("bump" in title.lower() for title in byte.css(".commit-title"))
    byte.press("Author").follow(
        byte.store.repository.contributors(
            byte.store.repository.trunk(byte.store.projects.by_path("keycloak/keycloak")), 1
        )[0].name
    )
    assert "search=Bump" in byte.url and "author=" in byte.url


def test_days_count_all_their_commits_even_across_pages(byte: Visitor):
    project = byte.store.projects.by_path("keycloak/keycloak")
    ref = byte.store.repository.trunk(project)
    counts: dict[str, int] = {}
    shown: dict[str, int] = {}
    for offset in range(0, 980, 40):
        byte.open(f"/keycloak/keycloak/-/commits/main?offset={offset}")
        counts |= {
            day: int(text.split()[0]) for day, text in zip(byte.css(".day h2"), byte.css(".day .count"), strict=True)
        }
    for commit in byte.store.repository.history(ref, limit=2000):
        shown[day_first(commit.day)] = shown.get(day_first(commit.day), 0) + 1
    assert counts == shown


def test_a_commit_is_found_by_its_short_name(byte: Visitor):
    head = byte.store.repository.head(byte.store.repository.trunk(byte.store.projects.by_path(DOTFILES[1:])))
    assert byte.open(f"{DOTFILES}/-/commit/{head.short_sha}").url == f"{DOTFILES}/-/commit/{head.sha}"
    assert byte.open(f"{DOTFILES}/-/commit/{'0' * 40}").status == 404
