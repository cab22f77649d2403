"""What errands in GitLab are about: projects, issues and people of the seed data that no official task speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..oracles.gitlab.pages import open_section, search
from ..oracles.screen import Screen, first
from ..schema import MilestoneSpec, Progress
from .family import Family, Parameters, StoreOf

Reached = Callable[[Progress], bool]

ME, NAMESPACE = 2330, 2505  # Byte Blaze, who is signed in, and the namespace of that name
ROLES = {10: "Guest", 20: "Reporter", 30: "Developer", 40: "Maintainer", 50: "Owner"}
LABELS = ("bug", "enhancement", "documentation", "question", "maintenance")

_TODAY = 1_680_393_600  # 2 April 2023 in seconds since 1970: everything of the seed is older
# Of a project p: nobody of the tasks belongs to it, so what others did there does not change in an episode.
OTHERS = (
    f"p.fact = 0 AND p.visibility = 20 AND p.created_at < {_TODAY} AND p.forked_from IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM project q WHERE q.id <> p.id AND q.namespace_name = p.namespace_name AND q.path = p.path AND q.fact = 0)"
)
_PROJECT = "p.id, p.full_path, p.namespace_name || ' / ' || p.path"
_ISSUES = (
    f"FROM project p JOIN issuable i ON i.project_id = p.id AND i.kind = 0 AND i.created_at < {_TODAY} AND i.title NOT LIKE '%\"%' "
    f"JOIN person s ON s.id = i.author_id WHERE {OTHERS}"
)
# One's own that no official task speaks of.
_OWN = (
    "millennials-to-snake-people", "a11y-syntax-highlighting", "accessible-html-content-patterns", "ericwbailey.website", "timeit", "cloud-to-butt",
    "solarized-prism-theme",
)  # fmt: skip
_OFFICIAL_PEOPLE = (
    "root", "byteblaze", "vinta", "koush", "lahwaacz", "bblanchon", "abisubramanya27", "primer", "convexegg", "yjlou", "Roshanjossy", "davepgreene", "p2635",
    "umano", "kkroening", "mk-j", "eriklindernoren", "aguscha333", "davidakennedy", "erikkroes",
)  # fmt: skip
_MARKS = ", ".join("?" * len(_OFFICIAL_PEOPLE))
_PEOPLE = (
    f"FROM person s WHERE s.username NOT IN ({_MARKS}) AND s.created_at < {_TODAY} GROUP BY s.name HAVING count(*) = 1"
)


def connection(store: StoreOf) -> Any:
    return store("gitlab").connection


def rows(store: StoreOf, sql: str, *values: int | str) -> list[tuple[Any, ...]]:
    """What the site's tables hold."""
    return [tuple(row) for row in connection(store).execute(sql, values)]


# --- parameters ---


def counted(source: str, *values: int | str) -> Callable[[StoreOf], int]:
    """How many rows ``source``, a query from its FROM on, has."""
    return lambda store: rows(store, f"SELECT count(*) FROM (SELECT 1 {source})", *values)[0][0]


def drawn(
    store: StoreOf, columns: str, source: str, order: str, index: int, *values: int | str
) -> tuple[dict[str, Any], list[Any]]:
    """The project of the ``index``-th row of ``source``, and the row's ``columns``; ``project`` is its name as lists show it."""
    ((id, path, name, *rest),) = rows(
        store, f"SELECT {_PROJECT}, {columns} {source} ORDER BY {order} LIMIT 1 OFFSET ?", *values, index
    )
    return {"id": id, "url": f"/{path}", "project": name}, rest


_ALL = f"FROM project p WHERE {OTHERS}"
project_count = counted(_ALL)
issue_count = counted(_ISSUES)


def project(store: StoreOf, index: int) -> dict[str, Any]:
    """The ``index``-th public project of somebody else."""
    found, (branch,) = drawn(store, "p.default_branch", _ALL, "p.id", index)
    return {**found, "branch": branch}


def issue(store: StoreOf, index: int) -> dict[str, Any]:
    """An issue of somebody else's project."""
    columns = "i.id, i.iid, i.title, s.name, s.username"
    found, (id, iid, title, author, username) = drawn(store, columns, _ISSUES, "p.id, i.iid", index)
    return {
        **found, "issue_id": id, "number": iid, "title": title, "author": author, "username": username, "issue_url": f"{found['url']}/-/issues/{iid}"
    }  # fmt: skip


def of_each_project(times: int) -> Callable[[StoreOf], int]:
    """How many parameter sets there are if every project gives this many."""
    return lambda store: times * project_count(store)


def located(store: StoreOf, index: int) -> tuple[dict[str, Any], int]:
    """(project, which of its things) of a parameter set of ``of_each_project``."""
    place, index = divmod(index, project_count(store))
    return project(store, index), place


def person_count(store: StoreOf) -> int:
    return rows(store, f"SELECT count(*) FROM (SELECT 1 {_PEOPLE})", *_OFFICIAL_PEOPLE)[0][0]


def person(store: StoreOf, index: int) -> dict[str, Any]:
    """Somebody whose name nobody else has."""
    ((id, username, name),) = rows(
        store,
        f"SELECT s.id, s.username, s.name {_PEOPLE} ORDER BY min(s.id) LIMIT 1 OFFSET ?",
        *_OFFICIAL_PEOPLE,
        index,
    )
    return {"person_id": id, "username": username, "person": name}


def own_count(times: int) -> Callable[[StoreOf], int]:
    """How many parameter sets there are if every project of one's own gives this many."""
    return lambda store: times * len(_OWN)


def own_project(store: StoreOf, index: int) -> tuple[dict[str, Any], int]:
    """One of one's own projects, and which of its parameter sets this is."""
    place, which = divmod(index, len(_OWN))
    path = _OWN[which]
    ((id,),) = rows(store, "SELECT id FROM project WHERE namespace_id = ? AND path = ?", NAMESPACE, path)
    return {"id": id, "url": f"/byteblaze/{path}", "project": f"Byte Blaze / {path}"}, place


# --- texts of one's own ---

_THINGS = (
    "release notes", "build scripts", "icons", "test data", "error messages", "keyboard shortcuts", "sample pages", "print styles", "color names",
    "form labels", "link texts", "page titles", "old branches", "change log",
)  # fmt: skip
_DEEDS = ("Check", "Clean up", "Sort", "Rewrite", "Count", "Document", "Simplify", "Compare", "Rename", "Archive")
_WHEN = ("before summer", "this week", "step by step", "once more", "for version 3", "with the new team")
_NOUNS = "atlas beacon compass drum engine fountain garden harbor island journal kettle lantern meadow notebook orchard".split()
_QUALITIES = "amber brisk calm deep eager frosty gentle hollow ivory jolly keen little mellow narrow open".split()
NAMES = len(_NOUNS) * len(_QUALITIES)
REMARKS = (
    "I can reproduce this on two machines.", "Is anybody working on this?", "This would help us a lot.", "I have a first draft of a change.",
    "Could you add the version that you use?", "It happens only the first time.", "Thanks for writing this down.", "I would keep it as it is.",
    "Let us talk about it on Monday.", "A small example would make this clearer.", "I measured it: twice as slow as before.", "Works for me since yesterday.",
)  # fmt: skip


def title(index: int) -> str:
    """What is to be done; another one for each of the first 200 numbers."""
    thing, again = index // len(_DEEDS) % len(_THINGS), index // (len(_DEEDS) * len(_THINGS))
    return f"{_DEEDS[index % len(_DEEDS)]} the {_THINGS[thing]} {_WHEN[(index + again) % len(_WHEN)]}"


def new_name(index: int, join: str = "-") -> str:
    """A name that nothing has; another one for each of the first ``NAMES`` numbers."""
    return f"{_QUALITIES[index % len(_QUALITIES)]}{join}{_NOUNS[index // len(_QUALITIES) % len(_NOUNS)]}"


def day(index: int) -> str:
    """A day after the site's today, as YYYY-MM-DD."""
    return f"{2023 + index % 3}-{5 + index % 8:02d}-{1 + index * 11 % 28:02d}"


# --- predicates ---


def path_of(progress: Progress) -> str:
    return urlsplit(progress.url).path.rstrip("/") or "/"


def path_is(path: str) -> Reached:
    return lambda progress: path_of(progress) == path


def path_begins(path: str) -> Reached:
    return lambda progress: path_of(progress).startswith(path)


def query_of(progress: Progress) -> dict[str, str]:
    """The last value of each parameter of the page's address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(progress.url).query).items()}


def searched(progress: Progress) -> bool:
    return path_of(progress) == "/search"


def whole_numbers(text: str) -> list[int]:
    """
    >>> whole_numbers("1,024 stars of 2")
    [1024, 2]
    """
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


def answers_number(parameters: Parameters, name: str) -> Reached:
    """The answer names this number and no other."""
    return lambda progress: whole_numbers(progress.answer or "") == [parameters[name]]


def answers_one_of(parameters: Parameters, *names: str) -> Reached:
    wanted = {str(parameters[name]).casefold() for name in names}
    return lambda progress: (progress.answer or "").strip(" .@").casefold() in wanted


def says_not_available(progress: Progress) -> bool:
    """The answer is N/A or says that there is no such thing, and nothing else."""
    said = re.sub(r"[^a-z ]", "", (progress.answer or "").lower()).strip()
    return said in ("na", "not available", "no such project", "not a member", "none")


def stored(progress: Progress, table: str, **wanted: int | str) -> bool:
    """Exactly one row of the table has these values."""
    condition = " AND ".join(f"{column} = ?" for column in wanted)
    return rows(progress.store, f"SELECT count(*) FROM {table} WHERE {condition}", *wanted.values()) == [(1,)]


def added(progress: Progress, table: str, **wanted: int | str) -> bool:
    """The episode has written one row of a table with dates, and this is it."""
    new = rows(progress.store, f"SELECT count(*) FROM {table} WHERE created_at >= ?", _TODAY)
    return new == [(1,)] and stored(progress, table, **wanted)


def holds(name: str, reached: Reached) -> MilestoneSpec:
    """A milestone of the site's state, which only a write can change."""
    return MilestoneSpec(name, reached, reads_state=True)


# --- oracles ---


def quoted(screen: Screen) -> list[str]:
    """What stands in quotes in the intent."""
    return re.findall(r'"([^"]+)"', screen.intent)


def unquoted(screen: Screen) -> str:
    """The intent without what stands in quotes."""
    return re.sub(r'"[^"]*"', '""', screen.intent)


def open_project(screen: Screen, name: str) -> Iterator[str]:
    """By searching for the name that lists show."""
    yield from search(screen, name)
    yield screen.click("link", name)


def open_own(screen: Screen, name: str) -> Iterator[str]:
    """From the start page, which lists one's own projects."""
    yield from screen.follow("link", name)


def find_issue(screen: Screen, words: str) -> Iterator[str]:
    """In a project: its issues, closed ones too, that have these words or this number."""
    yield from open_section(screen, "Issues")
    yield screen.fill("textbox", "Search or filter results...", words, enter=True)
    yield f"click({first(screen.all('tab', '^All '), 'tab All').id})"


def gitlab_family(
    name: str,
    wordings: Sequence[str],
    *,
    count: Callable[[StoreOf], int],
    parameters: Callable[[StoreOf, int], Parameters],
    **parts: Any,
) -> Family:
    """A family of GitLab alone."""
    return Family(name=name, sites=("gitlab",), wordings=tuple(wordings), count=count, parameters=parameters, **parts)


def errand(
    name: str, wordings: Sequence[str], count: Callable[[StoreOf], int], parameters: Any, success: Any, milestones: Any, oracle: Any, length: int, **rest: Any
) -> Family:  # fmt: skip
    """``gitlab_family`` with its parts in this order."""
    return gitlab_family(
        name,
        wordings,
        count=count,
        parameters=parameters,
        success=success,
        milestones=milestones,
        oracle=oracle,
        length=length,
        **rest,
    )
