"""Errands in GitLab's projects: stars, follows, comments, issues, members, files, branches, milestones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..oracles.gitlab.pages import invite, open_members, open_section
from ..oracles.screen import Screen, stop
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .gitlab_data import (
    LABELS,
    ME,
    REMARKS,
    ROLES,
    Reached,
    added,
    day,
    errand,
    find_issue,
    holds,
    issue,
    issue_count,
    new_name,
    open_own,
    open_project,
    own_count,
    own_project,
    path_begins,
    path_is,
    person,
    person_count,
    project,
    project_count,
    quoted,
    rows,
    searched,
    stored,
    title,
    unquoted,
)
from .gitlab_lookups import find_person


def _of_project(parameters: Parameters, place: str, page: str, name: str, done: Reached) -> list[MilestoneSpec]:
    """The project, a page of it whose address begins so, and the change."""
    return [
        MilestoneSpec("project page", path_begins(parameters["url"])),
        MilestoneSpec(place, path_begins(parameters["url"] + page)),
        holds(name, done),
    ]


# --- project_star ---


def _starred(parameters: Parameters) -> Reached:
    return lambda progress: added(progress, "star", person_id=ME, project_id=parameters["id"])


def _star_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("project page", path_is(parameters["url"])),
        holds("starred", _starred(parameters)),
    ]


def _solve_star(screen: Screen) -> Iterator[str]:
    yield from open_project(screen, quoted(screen)[0])
    yield screen.click("button", "Star")
    yield stop()


# --- user_follow ---


def _followed(parameters: Parameters) -> Reached:
    return lambda progress: stored(progress, "follow", follower_id=ME, followed_id=parameters["person_id"])


def _follow_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("profile shown", path_is(f"/{parameters['username']}")),
        holds("followed", _followed(parameters)),
    ]


def _solve_follow(screen: Screen) -> Iterator[str]:
    yield from find_person(screen, quoted(screen)[0])
    yield screen.click("button", "Follow")
    yield stop()


# --- issue_comment ---


def _comment(store: StoreOf, index: int) -> Parameters:
    return {**issue(store, index), "remark": REMARKS[index * 5 // 3 % len(REMARKS)]}


def _commented(parameters: Parameters) -> Reached:
    wanted = {"issuable_id": parameters["issue_id"], "author_id": ME, "body": parameters["remark"]}
    return lambda progress: added(progress, "note", **wanted)


def _comment_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _of_project(
        parameters, "issue page", f"/-/issues/{parameters['number']}", "commented", _commented(parameters)
    )


def _solve_comment(screen: Screen) -> Iterator[str]:
    number = re.findall(r"#(\d+)", unquoted(screen))[0]
    name, remark = quoted(screen)
    yield from open_project(screen, name)
    yield from find_issue(screen, f"#{number}")
    title = screen.find(rf'(?m)^\[(\d+)\] link ".+"\n#{number} · created ')[1]
    yield f"click({title})"
    box = yield from screen.seek("textbox", "Comment")
    yield screen.fill("textbox", box.name, remark)
    yield from screen.follow("button", "Comment")
    yield stop()


# --- issue_create, issue_plan ---


def _issue(store: StoreOf, index: int) -> Parameters:
    found, place = own_project(store, index)
    return {**found, "title": title(place)}


def _planned(store: StoreOf, index: int) -> Parameters:
    return {**_issue(store, index), "label": LABELS[index // 2 % len(LABELS)], "day": day(index)}


def _created(parameters: Parameters) -> Reached:
    wanted = {"kind": 0, "project_id": parameters["id"], "title": parameters["title"], "author_id": ME}
    if "day" in parameters:
        wanted["due_on"] = parameters["day"]

    def reached(progress: Progress) -> bool:
        if not added(progress, "issuable", **wanted):
            return False
        if "label" not in parameters:
            return True
        found = rows(
            progress.store,
            "SELECT l.name, v.person_id FROM issuable i JOIN labelled x ON x.issuable_id = i.id JOIN label l ON l.id = x.label_id "
            "JOIN involved v ON v.issuable_id = i.id AND v.role = 'a' WHERE i.project_id = ? AND i.title = ? ORDER BY i.id DESC",
            parameters["id"],
            parameters["title"],
        )
        return found == [(parameters["label"], ME)]

    return reached


def _issue_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _of_project(parameters, "issue form", "/-/issues/new", "issue opened", _created(parameters))


def _open_form(screen: Screen, name: str, title: str) -> Iterator[str]:
    yield from open_own(screen, name)
    yield from open_section(screen, "Issues")
    yield from screen.follow("link", "New issue")
    yield screen.fill("textbox", "Title (required)", title)


def _solve_issue(screen: Screen) -> Iterator[str]:
    name, title = quoted(screen)
    yield from _open_form(screen, name, title)
    yield from screen.follow("button", "Create issue")
    yield stop()


def _solve_plan(screen: Screen) -> Iterator[str]:
    name, title, label = quoted(screen)
    day = re.findall(r"\d{4}-\d\d-\d\d", unquoted(screen))[0]
    yield from _open_form(screen, name, title)
    yield from screen.follow("link", "Assign to me")
    labels = yield from screen.seek("listbox", "Labels")
    yield f'select({labels.id}, "{label}")'
    yield screen.fill("textbox", "Due date", day)
    yield from screen.follow("button", "Create issue")
    yield stop()


# --- member_invite ---


def _invited(store: StoreOf, index: int) -> Parameters:
    place, which = divmod(index, person_count(store))
    role = list(ROLES.values())[(index * 3 + place) % 4]
    return {**own_project(store, place * 3 + index)[0], **person(store, which), "role": role}


def _is_member(parameters: Parameters) -> Reached:
    level = next(level for level, role in ROLES.items() if role == parameters["role"])
    wanted = {"project_id": parameters["id"], "person_id": parameters["person_id"], "level": level}
    return lambda progress: added(progress, "member", **wanted)


def _invite_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _of_project(parameters, "members", "/-/project_members", "member added", _is_member(parameters))


def _solve_invite(screen: Screen) -> Iterator[str]:
    who, name = quoted(screen)
    role = re.findall(rf"\b({'|'.join(ROLES.values())})\b", unquoted(screen))[0]
    yield from open_own(screen, name)
    yield from open_members(screen)
    yield from invite(screen, [who], role)
    yield stop()


# --- file_create ---


def _file(store: StoreOf, index: int) -> Parameters:
    found, place = own_project(store, index)
    return {**found, "file": f"{new_name(place)}.txt", "line": REMARKS[index * 7 // 3 % len(REMARKS)]}


def _has_file(parameters: Parameters) -> Reached:
    """On the default branch; other branches get rows that say they do not have it."""
    sql = "SELECT content FROM file WHERE project_id = ? AND branch_id IS NULL AND path = ?"

    def reached(progress: Progress) -> bool:
        found = rows(progress.store, sql, parameters["id"], parameters["file"])
        return [content.strip() for (content,) in found] == [parameters["line"]]

    return reached


def _file_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _of_project(parameters, "file form", "/-/new/", "file committed", _has_file(parameters))


def _solve_file(screen: Screen) -> Iterator[str]:
    name, file, line = quoted(screen)
    yield from open_own(screen, name)
    yield from screen.follow("button", "Add to tree")
    yield from screen.follow("link", "New file")
    yield screen.fill("textbox", "File name", file)
    yield screen.fill("textbox", "Editor content", line)
    yield from screen.follow("button", "Commit changes")
    yield stop()


# --- branch_create ---


def _branch(store: StoreOf, index: int) -> Parameters:
    found, place = own_project(store, index)
    return {**found, "name": new_name(place)}


def _has_branch(parameters: Parameters) -> Reached:
    return lambda progress: stored(progress, "branch", project_id=parameters["id"], name=parameters["name"])


def _branch_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _of_project(parameters, "branches", "/-/branches", "branch made", _has_branch(parameters))


def _solve_branch(screen: Screen) -> Iterator[str]:
    name, branch = quoted(screen)
    yield from open_own(screen, name)
    yield from open_section(screen, "Repository", "Branches")
    yield from screen.follow("link", "New branch")
    yield screen.fill("textbox", "Branch name", branch)
    yield screen.click("button", "Create branch")
    yield stop()


# --- milestone_create ---


def _milestone(store: StoreOf, index: int) -> Parameters:
    found, place = own_project(store, index)
    return {**found, "title": f"{new_name(place)} {index % 9 + 1}.0", "day": day(index * 5)}


def _has_milestone(parameters: Parameters) -> Reached:
    wanted = {"project_id": parameters["id"], "title": parameters["title"], "due_on": parameters["day"]}
    return lambda progress: stored(progress, "milestone", **wanted)


def _milestone_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _of_project(parameters, "milestones", "/-/milestones", "milestone made", _has_milestone(parameters))


def _solve_milestone(screen: Screen) -> Iterator[str]:
    name, title = quoted(screen)
    yield from open_own(screen, name)
    yield from open_section(screen, "Issues", "Milestones")
    yield from screen.follow("link", "New milestone")
    yield screen.fill("textbox", "Title", title)
    yield screen.fill("textbox", "Due Date", re.findall(r"\d{4}-\d\d-\d\d", unquoted(screen))[0])
    yield screen.click("button", "Create milestone")
    yield stop()


FAMILIES = (
    errand(
        "project_star",
        ('Star the project "{project}".', 'Give a star to "{project}".', 'I like the project "{project}". Put it among those that I have starred.'),
        project_count, project, _starred, _star_milestones, _solve_star, 4,
    ),
    errand(
        "user_follow",
        ('Follow "{person}".', 'I want to follow the user "{person}".', 'Start following "{person}" on GitLab for me.'),
        person_count, person, _followed, _follow_milestones, _solve_follow, 5,
    ),
    errand(
        "issue_comment",
        (
            'Comment on issue #{number} of "{project}": "{remark}"',
            'Below #{number} among the issues of the project "{project}" write "{remark}"',
            'Answer the people who discuss issue #{number} in "{project}" with "{remark}"',
        ),
        issue_count, _comment, _commented, _comment_milestones, _solve_comment, 9,
    ),
    errand(
        "issue_create",
        (
            'Open an issue in "{project}" with the title "{title}".',
            'In my project "{project}", write a new issue: "{title}".',
            'My repository "{project}" needs an issue that is called "{title}".',
        ),
        own_count(200), _issue, _created, _issue_milestones, _solve_issue, 6,
    ),
    errand(
        "issue_plan",
        (
            'Open an issue in "{project}" with the title "{title}" and the label "{label}", assign it to me and make it due on {day}.',
            'In "{project}", I need a new issue, "{title}", labelled "{label}", mine, with the due date {day}.',
            'Write down for "{project}" that I have to do this: "{title}". It is an issue of the kind "{label}", assigned to me, due {day}.',
        ),
        own_count(200), _planned, _created, _issue_milestones, _solve_plan, 9, heldout=True,
    ),
    errand(
        "member_invite",
        (
            'Invite "{person}" to "{project}" as {role}.',
            'Make "{person}" a member of my project "{project}" with the role {role}.',
            'Let "{person}" take part in "{project}". The role should be {role}.',
        ),
        person_count, _invited, _is_member, _invite_milestones, _solve_invite, 9,
    ),
    errand(
        "file_create",
        (
            'In my project "{project}", add a file "{file}" with the text "{line}"',
            'Commit to "{project}" a new file that is called "{file}" and holds "{line}"',
            'My repository "{project}" should have a file "{file}" whose only line is "{line}"',
        ),
        own_count(200), _file, _has_file, _file_milestones, _solve_file, 7,
    ),
    errand(
        "branch_create",
        (
            'In "{project}", make a branch "{name}".',
            'My project "{project}" needs a branch that is called "{name}".',
            'Start from the default branch of "{project}" a new branch: "{name}".',
        ),
        own_count(100), _branch, _has_branch, _branch_milestones, _solve_branch, 7,
    ),
    errand(
        "milestone_create",
        (
            'In "{project}", make a milestone "{title}" that is due on {day}.',
            'Add to my project "{project}" the milestone "{title}" with the due date {day}.',
            'Plan a milestone for "{project}": it is called "{title}" and ends on {day}.',
        ),
        own_count(100), _milestone, _has_milestone, _milestone_milestones, _solve_milestone, 8,
    ),
)  # fmt: skip
