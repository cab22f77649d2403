"""The requests that the real site's scripts would send, judged by webarena-verified's own evaluators."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.evaluators.fakes import BASE_URLS, outcome, task
from webarena_gym.evaluators import build_evaluator
from webarena_gym.types import NetworkEvent

from .visitor import A11Y, ORIGIN, Visitor


@pytest.fixture(scope="session")
def accepts() -> Callable[..., bool]:
    """``accepts(task id, visitor, answer)``: whether webarena-verified takes the requests sent so far."""
    from dataclasses import replace

    def judge(task_id: int, visitor: Visitor, answer: str = "") -> bool:
        ended = replace(outcome(answer, visitor.engine.page().url), events=tuple(visitor.world.events))
        return build_evaluator(task(task_id), scoring="verified", base_urls=BASE_URLS).evaluate(ended).success

    return judge


def _call(visitor: Visitor, path: str, method: str = "POST") -> NetworkEvent:
    """The one request to this address."""
    (event,) = [
        e for e in visitor.world.events if e.url.removeprefix(ORIGIN).split("?")[0] == path and e.method == method
    ]
    return event


def _invite(visitor: Visitor, path: str, names: str, role: str) -> Visitor:
    visitor.open(f"{path}/-/project_members/invite").fill("Username or email address", names)
    return visitor.choose("Select a role", role).press("Invite")


def test_one_member_is_a_call_of_the_members_interface(byte: Visitor, accepts):
    _invite(byte, "/byteblaze/dotfiles", "vinta", "Guest")
    event = _call(byte, "/api/v4/projects/193/members")
    body = json.loads(event.body)
    assert (event.status, event.navigation, body["user_id"], body["access_level"]) == (201, False, 278, 10)
    assert not any("project_members/invite" in path for path, _ in byte.sent())
    assert accepts(112, byte)


def test_another_role_is_not_accepted(byte: Visitor, accepts):
    _invite(byte, "/byteblaze/dotfiles", "vinta", "Reporter")
    assert not accepts(112, byte)


def test_several_members_are_one_invitation(byte: Visitor, accepts):
    path = "/byteblaze/remove-board-movement-events-from-the-github-issue-timeline"
    _invite(byte, path, "Jakub Klinkovský, abishek", "Maintainer")
    body = json.loads(_call(byte, "/api/v4/projects/181/invitations").body)
    assert sorted(body["user_id"].split(",")) == ["1842", "5"] and body["access_level"] == 40
    assert accepts(130, byte)


@pytest.mark.parametrize(
    ("task_id", "path", "text", "target"),
    [(96, f"{A11Y}/-/merge_requests/1071", "Good idea", 72135), (99, "/byteblaze/a11y-webring.club/-/merge_requests/40", "@davepgreene", 138783)],
)  # fmt: skip
def test_a_comment_is_a_note_in_json(byte: Visitor, accepts, task_id: int, path: str, text: str, target: int):
    byte.open(path).fill("Comment", text).press("Comment")
    event = _call(byte, f"{path.split('/-/')[0]}/notes")
    assert event.url.endswith(f"?target_id={target}&target_type=merge_request") and event.status == 200
    assert json.loads(event.body)["note"]["note"] == text
    assert accepts(task_id, byte)


def test_a_comment_elsewhere_is_not_accepted(byte: Visitor, accepts):
    byte.open(f"{A11Y}/-/merge_requests/1265").fill("Comment", "Good idea").press("Comment")
    assert not accepts(96, byte)


def test_a_status_is_put_and_must_say_busy(byte: Visitor, accepts):
    byte.open("/-/profile/status").fill("What's your status?", "Enjoying life").press("Set status")
    assert json.loads(_call(byte, "/api/v4/user/status", "PUT").body)["availability"] == "not_set" and not accepts(
        100, byte
    )
    byte.open("/-/profile/status").check("Set yourself as busy").press("Set status")
    assert accepts(100, byte)


def test_the_profile_form(byte: Visitor, accepts):
    byte.open("/-/profile").fill("Website url", "https://egg.tart.com").press("Update profile settings")
    assert ("/-/profile", 302) in byte.sent() and accepts(105, byte)


def test_a_blank_project(byte: Visitor, accepts):
    byte.open("/projects/new?panel=blank_project").fill("Project name", "awesome_llm_reading").check(
        "Private", role="radio"
    )
    byte.uncheck("Initialize repository with a README").press("Create project")
    event = _call(byte, "/projects")
    assert event.status == 302 and "project%5Bpath%5D=awesome_llm_reading" in event.body
    assert accepts(111, byte)


def test_a_project_from_a_template_and_three_members(byte: Visitor, accepts):
    byte.open("/projects/new?panel=create_from_template&template=android").fill(
        "Project name", "web_agent_android_xl"
    ).check("Private", role="radio").press("Create project")
    _invite(byte, "/byteblaze/web_agent_android_xl", "primer, convexegg, abishek", "Developer")
    assert accepts(157, byte)


def test_stars_are_counted_in_the_answers(byte: Visitor, accepts):
    byte.open("/explore/projects/starred")
    paths = [
        path
        for (path,) in byte.store.connection.execute("SELECT full_path FROM project ORDER BY stars DESC, id LIMIT 8")
    ]
    for path in paths:
        byte.open(f"/{path}").press("Star")
    answers = [
        json.loads(e.response_body)["star_count"] for e in byte.world.events if e.url.endswith("toggle_star.json")
    ]
    assert answers == [56, 53, 52, 48, 47, 46, 45, 44]
    assert accepts(122, byte)


def test_follows_are_redirects(byte: Visitor, accepts):
    for name in ("vinta", "lahwaacz", "koush"):
        byte.open(f"/{name}").press("Follow")
    assert byte.sent() == [(f"/users/{name}/follow.json", 302) for name in ("vinta", "lahwaacz", "koush")]
    assert accepts(124, byte)


def test_a_merge_request_with_a_reviewer(byte: Visitor, accepts):
    byte.open(f"{A11Y}/-/merge_requests/new?merge_request[source_branch]=redesign&merge_request[target_branch]=main")
    byte.choose("Reviewer", "Roshan Jossy").press("Create merge request")
    assert (f"{A11Y}/-/merge_requests", 302) in byte.sent() and accepts(143, byte)


def test_an_issue_with_a_due_date(byte: Visitor, accepts):
    byte.open(f"{A11Y}/-/issues/new").fill("Title (required)", "404 for many URLs").follow("Assign to me").fill(
        "Due date", "2030-01-03"
    ).press("Create issue")
    assert (f"{A11Y}/-/issues", 302) in byte.sent() and accepts(163, byte)


def test_the_side_bar_sends_one_change_at_a_time(byte: Visitor):
    byte.open(f"{A11Y}/-/issues/1478").press("assign yourself")
    event = _call(byte, f"{A11Y}/-/issues/1478.json", "PUT")
    assert json.loads(event.body) == {"issue": {"assignee_ids": [2330]}} and event.status == 200


def test_the_web_editor_commits_by_the_commits_interface(byte: Visitor):
    byte.open("/-/ide/project/byteblaze/dotfiles/edit/main/-/?dialog=file").fill("Name", "a.txt").press(
        "Create file"
    ).fill("Editor content", "x\n").press("Create commit...")
    byte.fill("Commit Message", "Add a").press("Commit")
    event = _call(byte, "/api/v4/projects/byteblaze%2Fdotfiles/repository/commits")
    assert json.loads(event.body) == {
        "branch": "main",
        "commit_message": "Add a",
        "actions": [{"action": "create", "file_path": "a.txt", "content": "x\n"}],
    }
    assert event.status == 201


def test_a_list_of_issues_is_fetched_by_its_script(byte: Visitor):
    byte.open("/kkroening/ffmpeg-python/-/issues/?label_name[]=question&state=closed")
    event = [event for event in byte.world.events if event.url.endswith("/api/graphql")][-1]
    assert dict(event.headers)["referer"].endswith(
        "/-/issues/?sort=created_date&state=closed&label_name%5B%5D=question&first_page_size=20"
    )
    assert not event.navigation and json.loads(event.body)["variables"]["labelName"] == ["question"]


@pytest.mark.parametrize(
    ("task_id", "path"),
    [(9, "/dashboard/todos"), (39, "/dashboard/merge_requests?assignee_username=byteblaze"), (62, "/explore?visibility_level=20"), (83, "/dashboard/merge_requests?reviewer_username=byteblaze")],
)  # fmt: skip
def test_pages_to_go_to(byte: Visitor, accepts, task_id: int, path: str):
    byte.open(path)
    assert accepts(task_id, byte)
    byte.open("/")
    assert not accepts(task_id, byte)
