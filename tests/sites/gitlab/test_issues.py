"""Opening, changing, discussing and closing issues; labels, milestones, to-dos."""

from __future__ import annotations

import pytest

from .visitor import A11Y, Visitor

NEW = f"{A11Y}/-/issues/new"
ISSUE = f"{A11Y}/-/issues/1478"


def _new(visitor: Visitor, title: str) -> Visitor:
    return visitor.open(NEW).fill("Title (required)", title)


def test_an_issue_with_all_its_fields(byte: Visitor):
    _new(byte, "WCAG 3 notes").fill("Description", "Collect **notes**.").choose("Assignee", "Byte Blaze")
    byte.choose("Labels", "bug", "help wanted", role="listbox").fill("Due date", "2030-01-03").press("Create issue")
    assert byte.url.rpartition("/")[0] == f"{A11Y}/-/issues"
    assert byte.css('[data-qa-selector="title_content"]') == ["WCAG 3 notes"]
    assert byte.css('[data-testid="sidebar-due-date"] > div')[0].startswith("Jan 3, 2030")
    assert byte.css(".block.assignee > div") == ["Byte Blaze @byteblaze"]
    assert byte.css(".block.labels .label") == ["bug", "help wanted"]
    assert byte.css(".description.md strong") == ["notes"]
    assert byte.css(".author-link") == ["Byte Blaze"]


def test_numbers_go_on_after_the_largest(byte: Visitor):
    project = byte.store.projects.by_path(A11Y[1:])
    (largest,) = byte.store.connection.execute(
        "SELECT max(iid) FROM issuable WHERE kind = 0 AND project_id = ?", (project.id,)
    ).fetchone()
    assert _new(byte, "One more").press("Create issue").url == f"{A11Y}/-/issues/{largest + 1}"


def test_assign_to_me_keeps_what_was_typed(byte: Visitor):
    _new(byte, "Mine").fill("Due date", "2030-01-03").choose("Labels", "bug", role="listbox").follow(
        "Assign to me"
    ).press("Create issue")
    assert byte.css(".block.assignee > div") == ["Byte Blaze @byteblaze"]
    assert byte.css("h1.title") == ["Mine"] and byte.css(".block.labels .label") == ["bug"]
    assert byte.css('[data-testid="sidebar-due-date"] > div')[0].startswith("Jan 3, 2030")


@pytest.mark.parametrize(
    ("title", "due", "message"),
    [("", "", "Title can't be blank"), ("x", "soon", "Due date must be a date such as 2023-05-31"), ("x", "2030-02-30", "Due date must be a date such as 2023-05-31")],
)  # fmt: skip
def test_a_bad_issue_is_refused(byte: Visitor, title: str, due: str, message: str):
    _new(byte, title).fill("Due date", due).press("Create issue")
    assert byte.url == NEW and byte.messages() == [message]


def test_a_stranger_may_open_an_issue_but_not_assign_it(stranger: Visitor):
    _new(stranger, "From outside")
    assert "Assignee" not in stranger.names("combobox")
    stranger.press("Create issue")
    assert stranger.css("h1.title") == ["From outside"] and stranger.css(".block.assignee > div") == ["None"]


def test_what_a_stranger_posts_beyond_title_and_description_is_ignored(stranger: Visitor):
    stranger.post_fields(
        f"{A11Y}/-/issues",
        [
            ("issue[title]", "Sneaky"),
            ("issue[assignee_ids][]", "2330"),
            ("issue[label_ids][]", "1"),
            ("issue[due_date]", "2030-01-03"),
        ],
    )
    stranger.open(f"{A11Y}/-/issues/?search=Sneaky").follow("Sneaky")
    assert stranger.css(".block.assignee > div") == ["None"] and stranger.css(".block.labels > div") == ["None"]


def test_an_issue_is_assigned_to_oneself_from_its_page(byte: Visitor):
    byte.open(ISSUE).press("assign yourself")
    assert byte.url == ISSUE and byte.css(".block.assignee > div") == ["Byte Blaze @byteblaze"]
    assert "404s, bad host" in byte.open("/dashboard/issues?assignee_username=byteblaze").html
    assert "assigned to @byteblaze" in byte.open(ISSUE).css(".system-notes")[0]


def test_an_assignee_is_searched_chosen_and_taken_away(byte: Visitor):
    byte.open(ISSUE).press("Edit", nth=0).search("Search users", "roshan").press("Roshan Jossy @Roshanjossy")
    assert byte.css(".block.assignee > div") == ["Roshan Jossy @Roshanjossy"]
    byte.press("Edit", nth=0).press("Unassigned")
    assert byte.css(".block.assignee > div") == ["None - assign yourself"]


def test_labels_are_chosen_from_those_of_the_project(byte: Visitor):
    byte.open(f"{ISSUE}/sidebar/labels").check("enhancement").uncheck("bug").press("Apply")
    assert byte.css(".block.labels .label") == ["content", "enhancement", "good first issue", "help wanted"]
    byte.open(f"{A11Y}/-/issues/?label_name[]=enhancement&search=404s")
    assert byte.css(".issue-title") == ["404s, bad host, timeouts, bad urls for URLs linked from website"]


def test_labels_that_a_search_hides_stay_chosen(byte: Visitor):
    byte.open(f"{ISSUE}/sidebar/labels").search("Search labels", "enhance").check("enhancement").press("Apply")
    assert byte.css(".block.labels .label") == ["bug", "content", "enhancement", "good first issue", "help wanted"]


def test_a_due_date_is_set_and_removed(byte: Visitor):
    byte.open(f"{ISSUE}/sidebar/due_date").fill("Due date", "2023-06-15").press("Apply")
    assert byte.css('[data-testid="sidebar-due-date"] > div')[0].startswith("Jun 15, 2023")
    byte.press("remove due date")
    assert byte.css('[data-testid="sidebar-due-date"] > div') == ["None"]


def test_a_milestone_is_made_set_and_closed(byte: Visitor):
    byte.open(f"{A11Y}/-/milestones").follow("New milestone").fill("Title", "Spring clean").fill(
        "Due Date", "2023-06-30"
    ).press("Create milestone")
    assert byte.css("h1") == ["Spring clean"]
    byte.open(f"{ISSUE}/sidebar/milestone").press("Spring clean")
    assert byte.css(".block.milestone > div") == ["Spring clean"]
    byte.open(f"{A11Y}/-/issues/?milestone_title=Spring+clean")
    assert byte.css(".issue-title") == ["404s, bad host, timeouts, bad urls for URLs linked from website"]
    byte.open(f"{A11Y}/-/milestones").follow("Spring clean")
    assert "0% complete, 0 of 1 closed" in byte.text
    byte.press("Close milestone")
    assert "Spring clean" not in byte.open(f"{A11Y}/-/milestones").text


def test_a_comment_is_the_last_note(byte: Visitor):
    byte.open(ISSUE).fill("Comment", "Thanks @p2635, see #719 and !1071").press("Comment")
    assert byte.url.startswith(f"{ISSUE}#note_")
    assert byte.css("#notes-list > li .note-text")[-1] == "Thanks @p2635, see #719 and !1071"
    assert byte.css("#notes-list > li:last-child .timeline-discussion-body a") == ["@p2635", "#719", "!1071"]
    byte.open(ISSUE)
    assert byte.css("#notes-list > li .note-text")[-1] == "Thanks @p2635, see #719 and !1071"


def test_an_empty_comment_is_refused(byte: Visitor):
    before = byte.open(ISSUE).css("#notes-list > li")
    byte.press("Comment")
    assert byte.messages() == ["Your comment could not be submitted because it is empty."]
    assert byte.css("#notes-list > li") == before


def test_a_comment_is_edited_and_deleted(byte: Visitor):
    byte.open(ISSUE).fill("Comment", "First").press("Comment")
    places = byte.names("button").count("Edit comment")
    byte.press("Edit comment", nth=places - 1).fill("Comment", "Second").press("Save comment")
    assert byte.css("#notes-list > li .note-text")[-1] == "Second"
    byte.press("Delete comment", nth=places - 1)
    assert byte.css("#notes-list > li .note-text")[-1] != "Second"


def test_others_comments_can_be_changed_by_maintainers_only(stranger: Visitor):
    stranger.open(ISSUE)
    assert "Edit comment" not in stranger.names("button")
    (note_id,) = stranger.store.connection.execute(
        "SELECT max(id) FROM note WHERE author_id <> 278 AND NOT system"
    ).fetchone()
    path = stranger.store.issuables.by_id(stranger.store.issuables.note(note_id)["issuable_id"]).project_path
    assert stranger.post_fields(f"/{path}/notes/{note_id}", [("note[note]", "mine")]) == 404
    assert stranger.post(f"/{path}/notes/{note_id}/delete") == 404
    assert stranger.store.issuables.note(note_id)["body"] != "mine"


def test_an_issue_is_closed_and_reopened(byte: Visitor):
    byte.open(ISSUE).press("Close issue")
    assert byte.css(".detail-page-header > span") == ["Closed"]
    assert "404s, bad host" not in byte.open(f"{A11Y}/-/issues/?search=404s").html
    byte.open(ISSUE).press("Reopen issue")
    assert byte.css(".detail-page-header > span") == ["Open"]


def test_close_with_a_comment(byte: Visitor):
    byte.open(ISSUE).fill("Comment", "Done.").press("Close issue", nth=1)
    assert (
        byte.css(".detail-page-header > span") == ["Closed"] and byte.css("#notes-list > li .note-text")[-1] == "Done."
    )


@pytest.mark.parametrize(
    ("command", "selector", "shown"),
    [
        ("/assign @Roshanjossy", ".block.assignee > div", "Roshan Jossy @Roshanjossy"), ("/assign me", ".block.assignee > div", "Byte Blaze @byteblaze"),
        ("/due 2030-01-03", '[data-testid="sidebar-due-date"] > div', "Jan 3, 2030 - remove due date"), ("/close", ".detail-page-header > span", "Closed"),
        ('/label ~enhancement ~"design"', ".block.labels > div", "bug content design enhancement good first issue help wanted"),
    ],
)  # fmt: skip
def test_quick_actions(byte: Visitor, command: str, selector: str, shown: str):
    notes = byte.open(ISSUE).css("#notes-list > li")
    byte.fill("Comment", command).press("Comment")
    assert byte.open(ISSUE).css(selector) == [shown]
    assert byte.css("#notes-list > li") == notes


def test_title_and_description_are_edited(byte: Visitor):
    byte.open(ISSUE).press("Edit title and description").fill("Title (required)", "Dead links").fill(
        "Description", "All gone"
    ).press("Save changes")
    assert byte.css("h1.title") == ["Dead links"] and byte.css(".description.md") == ["All gone"]
    assert byte.open(f"{A11Y}/-/issues/?search=dead+links").css(".issue-title") == ["Dead links"]
    assert "Dead links" not in byte.open(f"{A11Y}/-/issues/?search=timeouts").css(".issue-title")


def test_a_confidential_issue_shows_to_members_only(byte: Visitor, stranger: Visitor, guest: Visitor):
    _new(byte, "Secret plan").check(
        "This issue is confidential and should only be visible to team members with at least Reporter access."
    ).press("Create issue")
    address = byte.url
    assert byte.css("h1.title") == ["Secret plan"]
    for visitor in (stranger, guest):
        visitor.open(address)
        assert "Secret plan" not in visitor.html
        assert "Secret plan" not in visitor.open(f"{A11Y}/-/issues").html
        assert visitor.open("/search?search=Secret+plan&scope=issues").css("main .rows li") == []
    assert "Secret plan" in byte.open("/search?search=Secret+plan&scope=issues").html


def test_thumbs_and_subscriptions(byte: Visitor):
    byte.open(ISSUE)
    ups = next(name for name in byte.names("button") if name.startswith("👍"))
    count = int(ups.split()[-1])
    assert f"👍 {count + 1}" in byte.press(ups).names("button")
    assert f"👍 {count}" in byte.press(f"👍 {count + 1}").names("button")
    assert "Notifications off" in byte.text and "Notifications on" in byte.click("switch", "Notifications").text


def test_a_to_do_is_added_done_and_restored(byte: Visitor):
    byte.open("/byteblaze/empathy-prompts/-/issues/8").press("Add a to do")
    assert "Mark as done" in byte.names("button")
    byte.follow("To-Do List")
    assert byte.css(".rows > li")[0].startswith("Byte Blaze added a to-do item for issue #8")
    before = byte.css(".tabs a")[0]
    byte.follow("Mark as done")
    assert byte.css(".tabs a")[0] == f"To Do {int(before.split()[-1]) - 1}"
    assert (
        byte.open("/dashboard/todos?state=done")
        .css(".rows > li")[0]
        .startswith("Byte Blaze added a to-do item for issue #8")
    )


def test_all_to_dos_are_done_at_once(byte: Visitor):
    byte.open("/dashboard/todos").follow("Mark all as done")
    assert byte.css(".tabs a")[0] == "To Do 0"


def test_to_dos_are_narrowed_and_sorted(byte: Visitor):
    byte.open("/dashboard/todos").press("Action").follow("Review requested")
    assert byte.url == "/dashboard/todos?action=review_requested"
    assert all("requested a review of" in row for row in byte.css(".rows > li")) and len(byte.css(".rows > li")) == 2
    byte.open("/dashboard/todos").press("Last created").follow("Oldest created")
    newest_last = byte.css(".rows > li")
    assert newest_last == byte.open("/dashboard/todos").css(".rows > li")[::-1]


def test_mentions_and_assignments_make_to_dos_for_others(byte: Visitor):
    byte.open(ISSUE).fill("Comment", "@Roshanjossy and again @Roshanjossy").press("Comment")
    todos = byte.store.activity.todos(2264, done=False)
    assert [(todo.action, todo.iid) for todo in todos[:1]] == [("mentioned", 1478)]
    assert sum(todo.iid == 1478 and todo.author_username == "byteblaze" for todo in todos) == 1


def test_labels_of_a_project_are_made_and_deleted(byte: Visitor):
    byte.open(f"{A11Y}/-/labels").follow("New label").fill("Title", "urgent").press("Create label")
    assert byte.url == f"{A11Y}/-/labels" and "urgent" in byte.names("link")
    byte.open(f"{ISSUE}/sidebar/labels").check("urgent").press("Apply")
    assert "urgent" in byte.css(".block.labels .label")
    byte.open(f"{A11Y}/-/labels?search=urgent").press("Delete")
    assert "urgent" not in byte.open(ISSUE).css(".block.labels .label")


def test_a_taken_label_is_refused(byte: Visitor):
    byte.open(f"{A11Y}/-/labels/new").fill("Title", "Bug").press("Create label")
    assert byte.messages() == ["Title has already been taken"]


def test_a_guest_is_asked_to_sign_in_before_commenting(guest: Visitor):
    guest.open(ISSUE)
    assert "Please sign in to comment" in " ".join(guest.css("main p"))
    assert "Comment" not in guest.names("button")
    target = guest.store.issuables.by_iid(174, 0, 1478).target_id
    guest.post_fields(f"{A11Y}/notes?target_id={target}&target_type=issue", [("note[note]", "anonymous")])
    assert "anonymous" not in guest.open(ISSUE).html


@pytest.mark.parametrize("part", ["assignee", "labels", "milestone", "due_date", "confidential", "locked"])
def test_the_side_bar_is_for_members(stranger: Visitor, part: str):
    assert stranger.open(f"{ISSUE}/sidebar/{part}").status == 404
    assert (
        stranger.post_fields(
            f"{ISSUE}/sidebar/{part}",
            [("assignee_id", "278"), ("due_date", "2030-01-03"), ("confidential", "1"), ("locked", "1")],
        )
        == 404
    )
    issue = stranger.store.issuables.by_iid(174, 0, 1478)
    assert (issue.due_on, issue.confidential, issue.locked) == (None, 0, 0)


def test_a_locked_discussion_is_for_members(byte: Visitor, stranger: Visitor):
    byte.open(f"{ISSUE}/sidebar/locked").press("Lock")
    stranger.open(ISSUE).fill("Comment", "Still here").press("Comment")
    assert stranger.messages() == ["The discussion in this issue is locked."]
    assert "Still here" not in stranger.open(ISSUE).html
