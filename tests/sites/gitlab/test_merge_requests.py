"""Opening, reviewing, approving, merging and closing merge requests."""

from __future__ import annotations

import pytest

from .visitor import A11Y, Visitor

NEW = f"{A11Y}/-/merge_requests/new"
REQUEST = f"{A11Y}/-/merge_requests/1071"


def _new(visitor: Visitor, source: str = "redesign") -> Visitor:
    return visitor.open(NEW).choose("Select source branch", source).press("Compare branches and continue")


def test_a_merge_request_with_reviewer_and_assignee(byte: Visitor):
    _new(byte)
    assert byte.css("main > p code") == ["redesign", "main"]
    byte.fill("Title (required)", "Bring in the redesign").fill("Description", "At last. Closes #1478").choose(
        "Reviewer", "Roshan Jossy"
    ).choose("Assignee", "Byte Blaze")
    byte.choose("Labels", "design", role="listbox").press("Create merge request")
    assert byte.url.rpartition("/")[0] == f"{A11Y}/-/merge_requests"
    assert byte.css(".detail-page-description > a.gl-font-monospace") == ["redesign", "main"]
    assert byte.css(".block.reviewer > div") == ["Roshan Jossy @Roshanjossy"] and byte.css(".block.assignee > div") == [
        "Byte Blaze @byteblaze"
    ]
    assert byte.css(".block.labels .label") == ["design"] and byte.css("h1.title") == ["Bring in the redesign"]
    assert byte.css(".description.md a") == ["#1478"]


def test_the_form_says_what_would_be_merged(byte: Visitor):
    _new(byte)
    project = byte.store.projects.by_path(A11Y[1:])
    source, target = (byte.store.repository.branch(project, name) for name in ("redesign", "main"))
    commits = byte.store.repository.between(target, source)
    assert byte.css("main ul.rows .commit-title") == [commit.title for commit in commits] and commits
    assert byte.css("main > section.diff strong") == [
        path for path, _, _ in byte.store.repository.differing(project, target, source)
    ]


def test_from_the_list_of_branches(byte: Visitor):
    byte.open(f"{A11Y}/-/branches/all?search=redesign").follow("Merge request").press("Create merge request")
    assert byte.css(".detail-page-description > a.gl-font-monospace") == ["redesign", "main"]


def test_a_second_open_request_for_the_same_branches_is_refused(byte: Visitor):
    _new(byte).press("Create merge request")
    number = byte.url.rpartition("/")[2]
    _new(byte).press("Create merge request")
    assert byte.messages() == [f"Another open merge request already exists for this source branch: !{number}"]


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [("main", "main", "You must select different branches"), ("nowhere", "main", "Source branch 'nowhere' does not exist"), ("redesign", "nowhere", "Target branch does not exist")],
)  # fmt: skip
def test_branches_must_differ_and_exist(byte: Visitor, source: str, target: str, message: str):
    byte.open(f"{NEW}?merge_request[source_branch]={source}&merge_request[target_branch]={target}")
    assert message in byte.text
    fields = [
        ("merge_request[source_branch]", source),
        ("merge_request[target_branch]", target),
        ("merge_request[title]", "x"),
    ]
    before = byte.store.projects.by_path(A11Y[1:]).open_merge_requests
    byte.post_fields(f"{A11Y}/-/merge_requests", fields)
    assert byte.store.projects.by_path(A11Y[1:]).open_merge_requests == before


def test_a_request_without_a_title_is_refused(byte: Visitor):
    _new(byte).fill("Title (required)", "").press("Create merge request")
    assert byte.messages() == ["Title can't be blank"]


def test_only_members_who_write_may_open_one(stranger: Visitor):
    assert stranger.open(NEW).status == 404
    assert "New merge request" not in stranger.open(f"{A11Y}/-/merge_requests").names("link")


def test_a_comment_shows_at_once_and_on_a_fresh_page(byte: Visitor):
    byte.open(REQUEST).fill("Comment", "Good idea").press("Comment")
    assert byte.css("#notes-list > li:last-child .timeline-discussion-body") == ["Good idea"]
    assert byte.open(REQUEST).css("#notes-list > li:last-child .timeline-discussion-body") == ["Good idea"]


def test_a_mention_alone_reads_as_it_was_typed(byte: Visitor):
    path = "/byteblaze/a11y-webring.club/-/merge_requests/40"
    byte.open(path).fill("Comment", "@davepgreene").press("Comment")
    assert byte.css("#notes-list > li:last-child .timeline-discussion-body") == ["@davepgreene"]


def test_system_notes_never_stand_among_the_comments(byte: Visitor):
    byte.open(REQUEST).fill("Comment", "Last word").press("Comment").press("Approve")
    byte.open(f"{REQUEST}/sidebar/reviewer").press("Roshan Jossy @Roshanjossy")
    assert byte.css("#notes-list > li:last-child .timeline-discussion-body") == ["Last word"]
    assert any("requested review from @Roshanjossy" in note for note in byte.css(".system-notes li"))


def test_merging_moves_commits_and_files(byte: Visitor):
    byte.open("/byteblaze/dotfiles/-/branches/new").fill("Branch name", "try").press("Create branch")
    byte.open("/byteblaze/dotfiles/-/new/try").fill("File name", "tmux.conf").fill(
        "Editor content", "set -g mouse on\n"
    ).press("Commit changes")
    byte.open("/byteblaze/dotfiles/-/merge_requests/new?merge_request[source_branch]=try").press("Create merge request")
    address = byte.url
    commits = byte.store.projects.by_path("byteblaze/dotfiles").commits
    assert byte.open(f"{address}/commits").css(".commit-title") == ["Add new file"]
    byte.open(f"{address}/diffs")
    assert byte.css(".diff strong") == ["tmux.conf"] and "+set -g mouse on" in byte.text
    byte.open(address).check("Delete source branch").press("Merge")
    assert byte.css(".detail-page-description > span") == ["Merged"]
    assert byte.open("/byteblaze/dotfiles/-/raw/main/tmux.conf").text.strip() == "set -g mouse on"
    assert byte.open("/byteblaze/dotfiles").css(".project-stats a")[0] == f"{commits + 2} Commits"
    assert "try" not in byte.open("/byteblaze/dotfiles/-/branches").css(".ref-name")
    assert byte.open("/byteblaze/dotfiles/-/commits/main").css(".commit-title")[0] == "Merge branch 'try' into 'main'"


def test_the_default_branch_merged_into_another_stays_whole(byte: Visitor):
    before = byte.store.projects.by_path(A11Y[1:]).commits
    byte.open(f"{NEW}?merge_request[source_branch]=main&merge_request[target_branch]=redesign").press(
        "Create merge request"
    )
    byte.press("Merge")
    assert byte.css(".detail-page-description > span") == ["Merged"]
    assert byte.store.projects.by_path(A11Y[1:]).commits == before
    redesign = next(
        b for b in byte.store.repository.branches(byte.store.projects.by_path(A11Y[1:])) if b.name == "redesign"
    )
    assert redesign.behind == 0


def test_a_draft_must_be_ready_before_it_is_merged(byte: Visitor):
    address = "/byteblaze/empathy-prompts/-/merge_requests/19"
    byte.open(address)
    assert "Merge" not in byte.names("button") and byte.post(f"{address}/merge") == 200
    assert byte.store.issuables.by_iid(183, 1, 19).state == "opened"
    byte.open(address).press("Merge request actions").press("Mark as ready")
    assert byte.css("h1.title") == ["Load fonts later"] and "Merge" in byte.names("button")
    byte.press("Merge request actions").press("Mark as draft")
    assert byte.css("h1.title") == ["Draft: Load fonts later"]


def test_approving_and_taking_it_back(byte: Visitor):
    byte.open(REQUEST).press("Approve")
    assert "Approved by Byte Blaze" in byte.text
    byte.press("Revoke approval")
    assert "Approval is optional" in byte.text


def test_closing_and_reopening(byte: Visitor):
    byte.open(REQUEST).press("Close merge request")
    assert byte.css(".detail-page-description > span") == ["Closed"] and "Merge" not in byte.names("button")
    assert "Add color utility classes" in byte.open(f"{A11Y}/-/merge_requests?state=closed&search=color+utility").css(
        ".issue-title"
    )
    byte.open(REQUEST).press("Reopen merge request")
    assert byte.css(".detail-page-description > span") == ["Open"]


def test_a_merged_request_stays_merged(byte: Visitor):
    (iid,) = byte.store.connection.execute(
        "SELECT iid FROM issuable WHERE kind = 1 AND project_id = 174 AND state = 'merged' LIMIT 1"
    ).fetchone()
    for event in ("close", "reopen"):
        byte.post_fields(f"{A11Y}/-/merge_requests/{iid}", [("merge_request[state_event]", event)])
        assert byte.store.issuables.by_iid(174, 1, iid).state == "merged"
    byte.post(f"{A11Y}/-/merge_requests/{iid}/merge")
    assert byte.store.issuables.by_iid(174, 1, iid).state == "merged"


def test_edit_changes_title_text_and_people(byte: Visitor):
    byte.open(REQUEST).follow("Edit").fill("Title (required)", "Colors").fill("Description", "New text").choose(
        "Reviewer", "Philip Wong"
    ).press("Save changes")
    assert byte.css("h1.title") == ["Colors"] and byte.css(".description.md") == ["New text"]
    assert byte.css(".block.reviewer > div") == ["Philip Wong @p2635"] and byte.css(".block.assignee > div") == [
        "Byte Blaze @byteblaze"
    ]


def test_strangers_may_comment_but_not_change(stranger: Visitor):
    stranger.open(REQUEST)
    assert not {"Merge", "Approve", "Close merge request"} & set(stranger.names("button"))
    assert stranger.post(f"{REQUEST}/merge") == 404 and stranger.post(f"{REQUEST}/approve") == 404
    assert stranger.post_fields(REQUEST, [("merge_request[state_event]", "close")]) == 404
    stranger.open(REQUEST).fill("Comment", "Looks fine").press("Comment")
    assert stranger.css("#notes-list > li:last-child .timeline-discussion-body") == ["Looks fine"]
    assert stranger.store.issuables.by_iid(174, 1, 1071).state == "opened"


@pytest.mark.parametrize(
    ("query", "title"),
    [("author_username=davidakennedy&search=color", "Add color utility classes"), ("reviewer_username=byteblaze&search=focus", "Handle focus edge cases of cards"),
     ("assignee_username=byteblaze&search=utility", "Add color utility classes"), ("search=!1265", "Handle focus edge cases of cards"),
     ("source_branch=add-color-utility-classes", "Add color utility classes")],
)  # fmt: skip
def test_lists_are_narrowed(byte: Visitor, query: str, title: str):
    assert byte.open(f"{A11Y}/-/merge_requests?{query}").css(".issue-title") == [title]
