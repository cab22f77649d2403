"""GitLab's facts changed at random: stars, commits, authors, states, dates, names in addresses, members, the token.

What the tasks ask for stays well defined (there still is one merge request on color, one project with the most stars, ...),
but nearly every answer is another one. No task's reference is read here.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from random import Random
from typing import Any

from webarena_gym.sites.gitlab.seeding.facts import read_json

Facts = dict[str, Any]
ACCESSIBILITY, WEBRING, PROMPTS = (
    "a11yproject/a11yproject.com",
    "byteblaze/a11y-webring.club",
    "byteblaze/empathy-prompts",
)
TIMELINE = "remove-board-movement-events-from-the-github-issue-timeline"
# Names in addresses: what they are, and what else they could be.
_RENAMED = {
    "vinta": ("vchen", "vinta-c", "pangolin7"),
    "koush": ("kdutta", "koush2", "socketsmith"),
    "bblanchon": ("benoit-b", "blanchon", "arduinist"),
    "dotfiles": ("my-dotfiles", "dotfiles-2023", "dotfile-box"),
    TIMELINE: ("hide-board-moves", "quieter-timeline", "github-issue-timeline-cleaner"),
}
_REPORTS = ("404 on the page of events", "Old articles answer with 404", "Links lead to a 404")
_MOST_STARRED, _OTHERS = (43, 56), 42


def mutated_facts(seed: int) -> Facts:
    """Another GitLab for each seed."""
    random = Random(f"oracles/gitlab/mutation/{seed}")
    text = json.dumps(read_json("facts.json"), ensure_ascii=False)
    for name, others in _RENAMED.items():
        text = re.sub(rf'(?<=["/]){re.escape(name)}(?=["/])', random.choice(others), text)
    facts: Facts = json.loads(text)
    projects = {project["path"]: project for project in facts["projects"]}
    facts["user"]["feed_token"] = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh23456789", k=20))
    facts["ssh"]["port"] = random.randrange(2223, 9000)
    _change_stars(projects, random)
    _change_contributors(projects, random)
    _change_commits(projects[ACCESSIBILITY], random)
    _change_issues(projects, random)
    _change_requests(projects, random)
    names = [p["username"] for p in facts["people"] if p["username"] not in ("root", "byteblaze", "yjlou")]
    projects["byteblaze/gimmiethat.space"]["members"] = dict.fromkeys(random.sample(names[-8:], 2), "Developer")
    _rename_branch(projects[ACCESSIBILITY], random.choice(("master", "trunk")))
    return facts


def _change_stars(projects: Facts, random: Random) -> None:
    """Eight projects with different numbers of stars go before all others, not the eight that do in the shipped facts."""
    before = [path for path, project in projects.items() if project["stars"] > _OTHERS]
    rest = [path for path, project in projects.items() if 5 < project["stars"] <= _OTHERS and "byteblaze" not in path]
    first = random.sample(before, 6) + random.sample(rest, 2)
    for path, stars in zip(first, random.sample(range(*_MOST_STARRED), len(first)), strict=True):
        projects[path]["stars"] = stars
    for path, project in projects.items():
        if path not in first:
            project["stars"] = random.randrange(3, _OTHERS)


def _change_contributors(projects: Facts, random: Random) -> None:
    for path in ("eriklindernoren/PyTorch-GAN", "yjlou/2019-nCov"):
        authors = projects[path]["authors"]
        counts = random.sample(range(20, 140), len(authors))
        for author, count in zip(authors, counts, strict=True):
            author[2] = count


def _change_commits(project: Facts, random: Random) -> None:
    """Some commits of Eric, Kilian and others on the two days that are asked for, and none of who is only called alike."""
    eric, kilian, other = "Eric Bailey", "Kilian Valkhof", "Mike Perrotti"
    made = [commit for commit in project["commit_list"] if commit[0][:10] not in ("2023-01-03", "2023-03-05")]
    for day, authors in (
        ("2023-01-03", [*random.choices((eric, kilian), k=random.randrange(1, 5)), other, "Erica Baileys"]),
        ("2023-03-05", [*[kilian] * random.randrange(2, 5), *random.choices((eric, other), k=2)]),
    ):
        made += [
            [f"{day} {random.randrange(8, 20):02d}:{random.randrange(60):02d}:00", name, "Tidy up"] for name in authors
        ]
    project["commit_list"] = sorted(made)


def _change_issues(projects: Facts, random: Random) -> None:
    """Other states, days and numbers for one's own issues, and another issue is the one about 404."""
    issues = projects[ACCESSIBILITY]["issue_list"]
    for issue in [*issues, *projects[PROMPTS]["issue_list"]]:
        if issue["author"] == "byteblaze":
            created = dt.datetime(2016, 1, 1) + dt.timedelta(random.randrange(2000), random.randrange(86400))
            updated = created + dt.timedelta(random.randrange(20, 400), random.randrange(86400))
            issue |= {
                "state": random.choice(("opened", "closed")),
                "created": str(created),
                "updated": str(updated),
                "notes": [],
            }
    reported = next(issue for issue in issues if issue["title"].startswith("404s"))
    other = random.choice([issue for issue in issues if issue["author"] != "byteblaze" and issue["state"] == "opened"])
    reported["title"], other["title"] = other["title"], random.choice(_REPORTS)


def _change_requests(projects: Facts, random: Random) -> None:
    """Another request is the one on color, and anybody may have said the last word on the one about verification."""
    requests = projects[ACCESSIBILITY]["merge_request_list"]
    color = next(request for request in requests if "color" in request["title"])
    other = random.choice(requests)
    color["title"], other["title"] = other["title"], color["title"]
    [verification] = projects[WEBRING]["merge_request_list"]
    author = random.choice(("davepgreene", "Roshanjossy", "p2635"))
    verification["author"] = author
    for note in verification["notes"]:
        note[0] = random.choice(("byteblaze", author))


def _rename_branch(project: Facts, name: str) -> None:
    project["branch"] = name
    for request in project["merge_request_list"]:
        request["target"] = name
