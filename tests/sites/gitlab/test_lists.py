"""Search over everything, and lists of issues and merge requests: filters, orders, pages."""

from __future__ import annotations

import re

import pytest

from .visitor import A11Y, Visitor


def _tabs(visitor: Visitor) -> dict[str, int]:
    return {match[1]: int(match[2]) for text in visitor.css(".tabs a") if (match := re.fullmatch(r"(.*) (\d+)", text))}


def test_a_search_counts_every_scope(byte: Visitor):
    byte.open("/").search("Search GitLab", "theme", role="textbox")
    assert byte.url == "/search?search=theme"
    counts = _tabs(byte)
    assert set(counts) == {"Projects", "Issues", "Merge requests", "Milestones", "Users"}
    for scope in ("projects", "issues", "merge_requests", "users"):
        byte.open(f"/search?search=theme&scope={scope}")
        rows = len(byte.css("main .rows > li"))
        assert rows == min(20, counts[scope.replace("_", " ").capitalize()])


@pytest.mark.parametrize("words", ["wrong order", "FOCUS", "foc"])
def test_every_word_begins_a_word_of_what_is_found(byte: Visitor, words: str):
    found = byte.store.connection.execute("SELECT title || ' ' || description FROM issuable WHERE kind = 0").fetchall()
    begins = [re.compile(rf"(?<!\w){word}", re.I) for word in words.split()]
    wanted = sum(all(pattern.search(text) for pattern in begins) for (text,) in found)
    byte.open(f"/search?search={words.replace(' ', '+')}&scope=issues")
    hidden = byte.store.connection.execute(
        "SELECT i.title || ' ' || i.description FROM issuable i JOIN project p ON p.id = i.project_id WHERE i.kind = 0 AND p.visibility = 0 "
        "AND p.id NOT IN (SELECT project_id FROM member WHERE person_id = 2330)"
    ).fetchall()
    wanted -= sum(all(pattern.search(text) for pattern in begins) for (text,) in hidden)
    assert _tabs(byte)["Issues"] == wanted > 0


def test_nothing_found_is_said(byte: Visitor):
    assert "We couldn't find any projects matching your search." in byte.open("/search?search=zzzz").text


@pytest.mark.parametrize(
    "text", ['"', "'", "%", "*", "a OR b NOT c", 'title:"x', "(((", "NEAR(a b)", "-", "^x", "#", "!"]
)
def test_operators_are_no_operators(byte: Visitor, text: str):
    for scope in ("projects", "issues", "merge_requests", "milestones", "users"):
        byte.open(f"/search?search={text.replace('%', '%25').replace('#', '%23')}&scope={scope}")
        assert byte.title.endswith("Search · GitLab")


def test_private_projects_are_found_by_members_only(byte: Visitor, stranger: Visitor):
    byte.open("/projects/new?panel=blank_project").fill("Project name", "quarzkeller").check(
        "Private", role="radio"
    ).press("Create project")
    byte.post_fields("/byteblaze/quarzkeller/-/issues", [("issue[title]", "quarzkeller leaks")])
    for scope in ("projects", "issues"):
        assert "quarzkeller" in " ".join(byte.open(f"/search?search=quarzkeller&scope={scope}").css("main .rows li"))
        assert stranger.open(f"/search?search=quarzkeller&scope={scope}").css("main .rows li") == []


@pytest.mark.parametrize(
    ("sort", "key", "reverse"),
    [("created_date", "created_at", True), ("created_asc", "created_at", False), ("updated_desc", "updated_at", True), ("updated_asc", "updated_at", False), ("popularity", "upvotes", True)],
)  # fmt: skip
def test_issues_are_sorted(byte: Visitor, sort: str, key: str, reverse: bool):
    byte.open(f"{A11Y}/-/issues/?sort={sort}&state=all")
    iids = [int(re.search(r"#(\d+) ·", text)[1]) for text in byte.css(".issuables > li")]
    values = [getattr(byte.store.issuables.by_iid(174, 0, iid), key) for iid in iids]
    assert len(values) == 20 and values == sorted(values, reverse=reverse)


def test_titles_are_sorted_both_ways(byte: Visitor):
    byte.open(f"{A11Y}/-/issues").press("Created date").follow("Title")
    up = byte.css(".issue-title")
    assert up == sorted(up, key=str.lower)
    byte.press("Sort direction: Ascending")
    down = byte.css(".issue-title")
    assert down == sorted(down, key=str.lower, reverse=True)


@pytest.mark.parametrize("state", ["opened", "closed", "all"])
def test_pages_of_a_list_hold_every_issue_once(byte: Visitor, state: str):
    found: list[str] = []
    for page in range(1, 30):
        rows = byte.open(f"{A11Y}/-/issues/?state={state}&page={page}&first_page_size=20").css(".issuables > li")
        iids = [match[1] for text in rows if (match := re.search(r"#(\d+) ·", text))]
        if not iids:
            break
        found += iids
    condition = "" if state == "all" else f" AND state = '{state}'"
    wanted = byte.store.connection.execute(f"SELECT iid FROM issuable WHERE project_id = 174 AND kind = 0{condition}")
    assert sorted(map(int, found)) == sorted(iid for (iid,) in wanted)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("label:question", "label_name%5B%5D=question"), ('~"help wanted"', "label_name%5B%5D=help+wanted"), ("author:@byteblaze", "author_username=byteblaze"),
        ("assignee = none", "assignee_username=none"), ("author:Roshanjossy links", "search=links"), ("milestone:None", "milestone_title=None"),
    ],
)  # fmt: skip
def test_filters_may_be_typed(byte: Visitor, typed: str, query: str):
    byte.open(f"{A11Y}/-/issues").fill("Search or filter results...", typed).press("Search")
    assert byte.url.startswith(f"{A11Y}/-/issues/?") and query in byte.url


def test_a_filter_is_taken_away_again(byte: Visitor):
    byte.open(f"{A11Y}/-/issues/?label_name[]=bug&author_username=Roshanjossy")
    assert byte.css(".token") == ["Author = Roshan Jossy", "Label = bug"]
    byte.press("Close", nth=1)
    assert byte.css(".token") == ["Author = Roshan Jossy"]
    byte.press("Clear")
    assert byte.css(".token") == [] and "author_username" not in byte.url


def test_every_row_of_a_filtered_list_fits(byte: Visitor):
    byte.open("/kkroening/ffmpeg-python/-/issues/?label_name[]=question&state=all")
    labels = [set(re.findall(r"question", text)) for text in byte.css(".issuables > li")]
    assert labels and all(labels)
    (count,) = byte.store.connection.execute(
        "SELECT count(*) FROM issuable i JOIN project p ON p.id = i.project_id JOIN labelled x ON x.issuable_id = i.id JOIN label l ON l.id = x.label_id "
        "WHERE p.full_path = 'kkroening/ffmpeg-python' AND i.kind = 0 AND l.name = 'question'"
    ).fetchone()
    assert _tabs(byte)["All"] == count


def test_the_dashboard_asks_for_a_filter_first(byte: Visitor):
    byte.open("/dashboard/issues")
    assert "Please select at least one filter to see results" in byte.text and byte.css(".issuables > li") == []


def test_dashboard_states(byte: Visitor):
    byte.open("/dashboard/issues?assignee_username=byteblaze").follow("Closed 53")
    assert len(byte.css(".issuables > li")) == 20 and {text.split()[0] for text in byte.css(".badge-closed")} == {
        "CLOSED"
    }
    found = 0
    for page in (1, 2, 3):
        found += len(
            byte.open(f"/dashboard/issues?assignee_username=byteblaze&state=closed&page={page}").css(".issue-title")
        )
    assert found == 53


def test_a_label_in_a_row_leads_to_its_list(byte: Visitor):
    byte.open(f"{A11Y}/-/issues/1478").follow("help wanted")
    assert byte.css(".token") == ["Label = help wanted"]


def test_feeds_list_the_newest_open_issues(byte: Visitor):
    byte.open("/byteblaze/empathy-prompts/-/issues").follow("Subscribe to RSS feed")
    assert "#8 Better initial load experience" in byte.text
    byte.open("/byteblaze/empathy-prompts/-/merge_requests").follow("Subscribe to RSS feed")
    assert "!19 Draft: Load fonts later" in byte.text
    assert (
        "assigned issues"
        in byte.open("/dashboard/issues?assignee_username=byteblaze").follow("Subscribe to calendar").text
    )
