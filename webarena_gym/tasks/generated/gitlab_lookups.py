"""Errands in GitLab that end with an answer or on a page: stars, commits, authors, roles, and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from ..oracles.gitlab.pages import (
    filter_list,
    open_members,
    open_section,
    open_tab,
    read_members,
    read_projects,
    search,
    sort_list,
)
from ..oracles.screen import Screen, first, stop
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .gitlab_data import (
    LABELS,
    OTHERS,
    ROLES,
    Reached,
    answers_number,
    answers_one_of,
    counted,
    drawn,
    find_issue,
    gitlab_family,
    issue,
    issue_count,
    located,
    of_each_project,
    open_project,
    path_begins,
    path_is,
    path_of,
    person,
    person_count,
    project,
    project_count,
    query_of,
    quoted,
    rows,
    searched,
    unquoted,
)

_SORTS = {"Updated date": "updated_desc", "Popularity": "popularity", "Due date": "due_date", "Title": "title_asc"}


def on_the_way(parameters: Parameters, place: str, page: Reached, name: str, done: Reached) -> list[MilestoneSpec]:
    """The project, a page of it, and the end."""
    return [
        MilestoneSpec("project page", path_begins(parameters["url"])),
        MilestoneSpec(place, page),
        MilestoneSpec(name, done),
    ]


# --- project_stars ---


def _starred(store: StoreOf, index: int) -> Parameters:
    found = project(store, index)
    ((stars,),) = rows(store, "SELECT count(*) FROM star WHERE project_id = ? AND person_id <> 2330", found["id"])
    return {**found, "stars": stars}


def _answered_stars(parameters: Parameters) -> Reached:
    right = answers_number(parameters, "stars")
    return lambda progress: parameters["project"] in progress.text and right(progress)


def _stars_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("project seen", lambda progress: parameters["project"] in progress.text),
        MilestoneSpec("stars answered", _answered_stars(parameters)),
    ]


def _solve_stars(screen: Screen) -> Iterator[str]:
    name = quoted(screen)[0]
    yield from search(screen, name)
    found = yield from read_projects(screen)
    yield stop(str(first((one.stars for one in found if one.name == name), name)))


# --- commit_count ---


_BUSY = 2  # authors of each project with the most commits


def _contributor(store: StoreOf, index: int) -> Parameters:
    """One of the busiest authors of a project."""
    found, place = located(store, index)
    authors = rows(
        store,
        "SELECT a.name, count(*) FROM revision r JOIN branch b ON b.id = r.branch_id JOIN author a ON a.id = r.author_id "
        "WHERE b.project_id = ? AND b.name = ? GROUP BY a.name HAVING count(DISTINCT a.id) = 1 ORDER BY 2 DESC, 1 LIMIT ?",
        found["id"],
        found["branch"],
        _BUSY,
    )
    name, commits = authors[place]
    return {**found, "contributor": name, "commits": commits}


def _commits_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    on_page = path_begins(f"{parameters['url']}/-/graphs")
    return on_the_way(parameters, "contributors", on_page, "number answered", answers_number(parameters, "commits"))


def _answered_commits(parameters: Parameters) -> Reached:
    right = answers_number(parameters, "commits")
    return lambda progress: path_of(progress).startswith(parameters["url"]) and right(progress)


def _solve_commits(screen: Screen) -> Iterator[str]:
    name, contributor = quoted(screen)
    yield from open_project(screen, name)
    yield from open_section(screen, "Repository", "Contributors")
    lines = yield from screen.read_all()
    line = first((n for n, text in enumerate(lines) if text == f"#### {contributor}"), contributor)
    yield stop(lines[line + 1].split(" ")[0])


# --- issue_author ---


def _author_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    on_page = path_begins(f"{parameters['url']}/-/issues")
    return on_the_way(
        parameters, "issues", on_page, "author answered", answers_one_of(parameters, "author", "username")
    )


def _solve_author(screen: Screen) -> Iterator[str]:
    number = re.findall(r"#(\d+)", unquoted(screen))[0]
    yield from open_project(screen, quoted(screen)[0])
    yield from find_issue(screen, f"#{number}")
    yield stop(screen.find(rf'(?m)^#{number} · created .*? by \[\d+\] link "(.+?)"')[1])


# --- member_role ---


_MEMBERS = (
    f"FROM project p JOIN member m ON m.project_id = p.id JOIN person s ON s.id = m.person_id WHERE {OTHERS} AND NOT EXISTS "
    "(SELECT 1 FROM member o JOIN person t ON t.id = o.person_id WHERE o.project_id = p.id AND t.id <> s.id AND t.name = s.name)"
)


def _member(store: StoreOf, index: int) -> Parameters:
    found, (name, level) = drawn(store, "s.name, m.level", _MEMBERS, "p.id, s.id", index)
    return {**found, "member": name, "role": ROLES[level]}


def on_members(parameters: Parameters) -> Reached:
    return path_is(f"{parameters['url']}/-/project_members")


def _answered_role(parameters: Parameters) -> Reached:
    looked, right = on_members(parameters), answers_one_of(parameters, "role")
    return lambda progress: looked(progress) and right(progress)


def _role_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return on_the_way(parameters, "members", on_members(parameters), "role answered", _answered_role(parameters))


def solve_role(screen: Screen) -> Iterator[str]:
    member, name = quoted(screen)
    yield from open_project(screen, name)
    yield from open_members(screen)
    found = yield from read_members(screen)
    roles = [one.role for one in found if one.name == member]
    yield stop(roles[0] if roles else "N/A")


# --- label_count ---


_LABELLED = (
    "FROM project p JOIN label l ON l.project_id = p.id JOIN labelled x ON x.label_id = l.id JOIN issuable i ON i.id = x.issuable_id "
    f"WHERE {OTHERS} AND i.kind = 0 AND i.state = 'opened' AND i.author_id <> 2330 AND l.name IN ({', '.join('?' * len(LABELS))}) GROUP BY p.id, l.id"
)


def _label(store: StoreOf, index: int) -> Parameters:
    """A label that open issues of a project have, and how many."""
    found, (name, count) = drawn(store, "l.name, count(*)", _LABELLED, "p.id, l.id", index, *LABELS)
    return {**found, "label": name, "count": count}


def _listed_by_label(parameters: Parameters) -> Reached:
    on_page = path_is(f"{parameters['url']}/-/issues")
    return lambda progress: on_page(progress) and query_of(progress).get("label_name[]") == parameters["label"]


def _answered_label(parameters: Parameters) -> Reached:
    looked, right = _listed_by_label(parameters), answers_number(parameters, "count")
    return lambda progress: looked(progress) and right(progress)


def _label_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return on_the_way(
        parameters, "filtered", _listed_by_label(parameters), "number answered", _answered_label(parameters)
    )


def _solve_label(screen: Screen) -> Iterator[str]:
    label, name = quoted(screen)
    yield from open_project(screen, name)
    yield from open_section(screen, "Issues")
    yield from filter_list(screen, Label=label)
    yield stop(first(screen.all("tab", "^Open "), "tab Open").name.split()[-1])


# --- issue_show ---


def _show_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    on_page, there = path_is(f"{parameters['url']}/-/issues"), path_is(parameters["issue_url"])
    return on_the_way(parameters, "issues", on_page, "issue shown", there)


def _solve_show(screen: Screen) -> Iterator[str]:
    number = re.findall(r"#(\d+)", unquoted(screen))[0]
    title, name = quoted(screen)
    yield from open_project(screen, name)
    yield from find_issue(screen, f"#{number}")
    yield screen.click("link", title)
    yield stop()


# --- issues_sorted ---


def _sorted(store: StoreOf, index: int) -> Parameters:
    found, place = located(store, index)
    return {**found, "order": list(_SORTS)[place]}


def _shown_sorted(parameters: Parameters) -> Reached:
    on_page = path_is(f"{parameters['url']}/-/issues")
    wanted = {"sort": _SORTS[parameters["order"]], "state": "opened"}

    def reached(progress: Progress) -> bool:
        query = query_of(progress)
        return on_page(progress) and all(query.get(name) == value for name, value in wanted.items())

    return reached


def _sorted_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    on_page = path_is(f"{parameters['url']}/-/issues")
    return on_the_way(parameters, "issues", on_page, "sorted", _shown_sorted(parameters))


def _solve_sorted(screen: Screen) -> Iterator[str]:
    name, order = quoted(screen)
    yield from open_project(screen, name)
    yield from open_section(screen, "Issues")
    yield from sort_list(screen, order)
    yield stop()


# --- profile_show ---


def _profile_shown(parameters: Parameters) -> Reached:
    return path_is(f"/{parameters['username']}")


def _profile_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec(
            "people listed", lambda progress: searched(progress) and query_of(progress).get("scope") == "users"
        ),
        MilestoneSpec("profile shown", _profile_shown(parameters)),
    ]


def find_person(screen: Screen, name: str) -> Iterator[str]:
    """Open somebody's profile by a search."""
    yield from search(screen, name)
    yield from open_tab(screen, "Users")
    yield screen.click("link", name)


def _solve_profile(screen: Screen) -> Iterator[str]:
    yield from find_person(screen, quoted(screen)[0])
    yield stop()


_PROJECT_ISSUE = partial(gitlab_family, count=issue_count, parameters=issue)

FAMILIES = (
    gitlab_family(
        "project_stars",
        (
            'How many stars does the project "{project}" have?',
            'Count the stars that were given to "{project}".',
            'Tell me how often the project "{project}" was starred.',
        ),
        count=project_count,
        parameters=_starred,
        success=_answered_stars,
        milestones=_stars_milestones,
        oracle=_solve_stars,
        length=2,
    ),
    gitlab_family(
        "commit_count",
        (
            'Project "{project}": how many commits are by "{contributor}"?',
            'In the repository "{project}", count the commits of "{contributor}".',
            'Look at the contributors of "{project}" and tell me the number of commits that "{contributor}" made.',
        ),
        count=of_each_project(_BUSY),
        parameters=_contributor,
        success=_answered_commits,
        milestones=_commits_milestones,
        oracle=_solve_commits,
        length=5,
    ),
    _PROJECT_ISSUE(
        "issue_author",
        (
            'Who opened issue #{number} of the project "{project}"?',
            'Tell me the name of the author of #{number} among the issues of "{project}".',
            'In "{project}" there is an issue #{number}. By whom?',
        ),
        success=lambda parameters: answers_one_of(parameters, "author", "username"),
        milestones=_author_milestones,
        oracle=_solve_author,
        length=6,
    ),
    gitlab_family(
        "member_role",
        (
            'Which role does "{member}" have in the project "{project}"?',
            'Tell me the role of "{member}" among the members of "{project}".',
            'As what (Guest, Reporter, Developer, Maintainer or Owner) does "{member}" belong to "{project}"?',
        ),
        count=counted(_MEMBERS),
        parameters=_member,
        success=_answered_role,
        milestones=_role_milestones,
        oracle=solve_role,
        length=5,
    ),
    gitlab_family(
        "label_count",
        (
            'How many open issues have the label "{label}" in the project "{project}"?',
            'Count the open issues labelled "{label}" of "{project}".',
            'Tell me the number of issues with the label "{label}" that are open in "{project}".',
        ),
        count=counted(_LABELLED, *LABELS),
        parameters=_label,
        success=_answered_label,
        milestones=_label_milestones,
        oracle=_solve_label,
        length=7,
        heldout=True,
    ),
    _PROJECT_ISSUE(
        "issue_show",
        (
            'Show me the issue #{number}, "{title}", of the project "{project}".',
            'Open issue #{number} ("{title}") in "{project}".',
            'I want to read #{number}, the issue "{title}", of "{project}". Take me there.',
        ),
        success=lambda parameters: path_is(parameters["issue_url"]),
        milestones=_show_milestones,
        oracle=_solve_show,
        length=7,
    ),
    gitlab_family(
        "issues_sorted",
        (
            'Show the open issues of "{project}" sorted by "{order}".',
            'List the open issues of the project "{project}" in the order "{order}".',
            'In "{project}", I want to see its open issues, and they should be sorted by "{order}".',
        ),
        count=of_each_project(len(_SORTS)),
        parameters=_sorted,
        success=_shown_sorted,
        milestones=_sorted_milestones,
        oracle=_solve_sorted,
        length=6,
    ),
    gitlab_family(
        "profile_show",
        (
            'Open the profile of "{person}".',
            'Take me to the page of the user "{person}".',
            'Who is "{person}"? Show me the profile.',
        ),
        count=person_count,
        parameters=person,
        success=_profile_shown,
        milestones=_profile_milestones,
        oracle=_solve_profile,
        length=4,
    ),
)
