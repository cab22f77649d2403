"""Tasks about who works on a project: members, invitations, and new projects with members."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial

from ..screen import Oracle, Screen, stop
from .pages import invite, my_name, new_project, open_members, open_own_project, read_members

_ROLE = "Developer"  # of who is to work on a project, where the intent names no role


def others(screen: Screen) -> Iterator[str]:
    """81: the usernames of the other members of a project."""
    name = my_name(screen)
    yield from open_own_project(screen, screen.find_in_intent(r"my repo (\S+?),"))
    yield from open_members(screen)
    found = yield from read_members(screen)
    yield stop(", ".join(member.username for member in found if member.name != name))


def invite_guest(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """112: invite somebody to a project with a role. The near miss gives another role."""
    person, project, role = screen.parts_of_intent(r"^(\w+) wants to check my (.+?)\. .* as an? (\w+)")
    yield from open_own_project(screen, project)
    yield from open_members(screen)
    yield from invite(screen, [person], role if right else _ROLE)
    yield stop()


def invite_collaborators(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """128: invite two people to work on a project. The near miss lets them only look."""
    one, other, project = screen.parts_of_intent(r"Invite (.+) and (.+) as collaborator to (\S+)")
    yield from open_own_project(screen, project)
    yield from open_members(screen)
    yield from invite(screen, [one, other], _ROLE if right else "Guest")
    yield stop()


def invite_maintainers(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """130: invite people, listed by username, with a role to a project that is described. The near miss forgets one."""
    project, role = screen.parts_of_intent(r"to my (.+) as (\w+):")
    people: list[str] = ast.literal_eval(screen.find_in_intent(r"(\[.+\])"))
    yield from open_own_project(screen, project)
    yield from open_members(screen)
    yield from invite(screen, people if right else people[:-1], role)
    yield stop()


def empty_project(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """111: a new project without any file. The near miss takes the first word of its name."""
    name = screen.find_in_intent(r"with the name (\w+)")
    yield from new_project(screen, name if right else name.split("_")[0], readme=False)
    yield stop()


def project_with_members(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """156, 157: a new project, maybe from a template, with members. The near misses choose another visibility."""
    visibility, name = screen.parts_of_intent(r"(public|private) project \"?([\w-]+)\"?")
    template = re.search(r"with (\w+) template", screen.intent)
    people = re.split(r",\s*", screen.find_in_intent(r"add (.+) as members"))
    other = {"public": "private", "private": "public"}[visibility]
    yield from new_project(
        screen, name, visibility=visibility if right else other, template=template[1] if template else ""
    )
    yield from open_members(screen)
    yield from invite(screen, people, _ROLE)
    yield stop()


ORACLES: dict[int, Oracle] = {
    81: others,
    111: empty_project,
    112: invite_guest,
    128: invite_collaborators,
    130: invite_maintainers,
    156: project_with_members,
    157: project_with_members,
}
NEAR_MISSES: dict[int, Oracle] = {
    task_id: partial(oracle, right=False) for task_id, oracle in ORACLES.items() if task_id != 81
}
