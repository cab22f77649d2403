"""Errands in GitLab that cannot be done, for a project or a member that does not exist: looked for, they end with N/A."""

from __future__ import annotations

from collections.abc import Iterator

from ..oracles.gitlab.pages import read_projects, search
from ..oracles.screen import Screen, stop
from ..schema import MilestoneSpec
from .family import Parameters, StoreOf
from .gitlab_data import (
    Reached,
    gitlab_family,
    located,
    of_each_project,
    person,
    person_count,
    project,
    project_count,
    query_of,
    quoted,
    rows,
    says_not_available,
    searched,
)
from .gitlab_lookups import on_members, on_the_way, solve_role

# --- project_unknown ---


def _unknown_project(store: StoreOf, index: int) -> Parameters:
    """One owner's name with the name of another's project."""
    count = project_count(store)
    owner = project(store, index)["project"].split(" / ")[0]
    for step in range(1, count):
        other = project(store, (index + step) % count)["project"].split(" / ")[1]
        name = f"{owner} / {other}"
        if not rows(
            store, "SELECT 1 FROM project WHERE namespace_name = ? AND path LIKE '%' || ? || '%'", owner, other
        ):
            return {"project": name, "owner": owner, "other": other}
    raise AssertionError(f"{owner} has a project of every name")


def _looked_for(parameters: Parameters) -> Reached:
    wanted = {parameters["other"].lower(), f"{parameters['owner']} / {parameters['other']}".lower()}
    return lambda progress: searched(progress) and query_of(progress).get("search", "").strip().lower() in wanted


def _said_unknown(parameters: Parameters) -> Reached:
    """N/A, said where the search shows that there is none."""
    looked = _looked_for(parameters)
    return lambda progress: looked(progress) and says_not_available(progress)


def _unknown_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [MilestoneSpec("searched", _looked_for(parameters)), MilestoneSpec("said so", _said_unknown(parameters))]


def _solve_unknown(screen: Screen) -> Iterator[str]:
    name = quoted(screen)[0]
    yield from search(screen, name)
    found = yield from read_projects(screen)
    stars = [one.stars for one in found if one.name == name]
    yield stop(str(stars[0]) if stars else "N/A")


# --- member_unknown ---


def _no_member(store: StoreOf, index: int) -> Parameters:
    """Somebody who does not belong to a project, nor to its group."""
    found, place = located(store, index)
    count = person_count(store)
    for step in range(count):
        who = person(store, (index * 31 + place + step) % count)
        belongs = rows(
            store,
            "SELECT 1 FROM member WHERE project_id = ?1 AND person_id = ?2 UNION ALL SELECT 1 FROM group_member g JOIN project p "
            "ON p.namespace_id = g.namespace_id WHERE p.id = ?1 AND g.person_id = ?2",
            found["id"],
            who["person_id"],
        )
        if not belongs:
            return {**found, "member": who["person"]}
    raise AssertionError(f"everybody belongs to {found['project']}")


def _said_no_member(parameters: Parameters) -> Reached:
    looked = on_members(parameters)
    return lambda progress: looked(progress) and says_not_available(progress)


def _no_member_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return on_the_way(parameters, "members", on_members(parameters), "said so", _said_no_member(parameters))


FAMILIES = (
    gitlab_family(
        "project_unknown",
        (
            'How many stars does "{project}" have? Answer N/A if there is no such project.',
            'Tell me how often "{project}" was starred, or N/A if it is not here.',
            'Is there a project "{project}"? Give me the number of its stars, otherwise N/A.',
        ),
        count=project_count,
        parameters=_unknown_project,
        success=_said_unknown,
        milestones=_unknown_milestones,
        oracle=_solve_unknown,
        length=2,
    ),
    gitlab_family(
        "member_unknown",
        (
            'Which role does "{member}" have in "{project}"? Answer N/A for somebody who is no member.',
            'Tell me the role of "{member}" in the project "{project}", or N/A without one.',
            'Does "{member}" belong to "{project}"? Name the role, otherwise N/A.',
        ),
        count=of_each_project(2),
        parameters=_no_member,
        success=_said_no_member,
        milestones=_no_member_milestones,
        oracle=solve_role,
        length=5,
    ),
)
