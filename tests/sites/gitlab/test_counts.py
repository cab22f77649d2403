"""After any sequence of changes every page shows the numbers that a plain model of the site has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from webarena_gym.sites.gitlab.store import GitLabStore

from .visitor import ORIGIN, Visitor

OWN = ("byteblaze/timeit", "byteblaze/dotfiles", "byteblaze/empathy-prompts")
PROJECTS = (*OWN, "keycloak/keycloak")
PEOPLE = {"vinta": 278, "koush": 1912, "yjlou": 168, "primer": 2367}
ME = 2330
_ACTIONS = (
    "star", "star", "issue", "issue", "my issue", "close", "reopen", "assign", "comment", "request", "close request", "merge", "invite", "remove", "follow",
    "unfollow", "fork", "commit", "move",
)  # fmt: skip
_STEPS = st.lists(st.tuples(st.sampled_from(_ACTIONS), st.integers(0, 20), st.integers(0, 20)), max_size=16)


@dataclass
class Numbers:
    """Of one project. ``issues`` and ``requests`` are states by number, ``assigned`` the numbers of what is Byte Blaze's."""

    stars: int
    forks: int
    commits: int
    issues: dict[int, str]
    requests: dict[int, str]
    members: dict[str, str]
    assigned: set[int]
    reviews: set[int]
    comments: dict[int, int]


@dataclass
class Model:
    projects: dict[str, Numbers]
    starred: set[str]
    following: set[str]
    elsewhere: int  # open issues of other projects that are assigned to Byte Blaze
    reviews_elsewhere: int
    todos: int
    forks: list[str] = field(default_factory=list)


def _rows(store: GitLabStore, query: str, *values: object) -> list[tuple]:
    return [tuple(row) for row in store.connection.execute(query, values)]


def _one(store: GitLabStore, query: str, *values: object) -> int:
    return store.connection.execute(query, values).fetchone()[0]


def _numbers(store: GitLabStore, path: str) -> Numbers:
    """Counted from rows, never from a stored count."""
    id = _one(store, "SELECT id FROM project WHERE full_path = ?", path)
    states = [
        dict(_rows(store, "SELECT iid, state FROM issuable WHERE project_id = ? AND kind = ?", id, kind))
        for kind in (0, 1)
    ]
    mine = "SELECT i.iid FROM issuable i JOIN involved v ON v.issuable_id = i.id WHERE i.project_id = ? AND i.kind = ? AND v.role = ? AND v.person_id = ?"
    comments = "SELECT i.iid, count(n.id) FROM issuable i LEFT JOIN note n ON n.issuable_id = i.id AND NOT n.system WHERE i.project_id = ? AND i.kind = 0 GROUP BY i.id"
    names = {10: "Guest", 20: "Reporter", 30: "Developer", 40: "Maintainer", 50: "Owner"}
    members = _rows(
        store, "SELECT s.username, m.level FROM member m JOIN person s ON s.id = m.person_id WHERE m.project_id = ?", id
    )
    group = "SELECT s.username, g.level FROM group_member g JOIN person s ON s.id = g.person_id JOIN project p ON p.namespace_id = g.namespace_id WHERE p.id = ?"
    return Numbers(
        stars=_one(store, "SELECT count(*) FROM star WHERE project_id = ?", id),
        forks=_one(store, "SELECT count(*) FROM project WHERE forked_from = ?", id),
        commits=_one(store, "SELECT count(*) FROM revision r JOIN branch b ON b.id = r.branch_id JOIN project p ON p.id = b.project_id "
                     "WHERE p.id = ? AND b.name = p.default_branch", id),
        issues=states[0], requests=states[1], members={name: names[level] for name, level in [*_rows(store, group, id), *members]},
        assigned={iid for (iid,) in _rows(store, mine, id, 0, "a", ME)}, reviews={iid for (iid,) in _rows(store, mine, id, 1, "r", ME)},
        comments=dict(_rows(store, comments, id)),
    )  # fmt: skip


def _model(store: GitLabStore) -> Model:
    marks = ", ".join("?" * len(PROJECTS))
    elsewhere = (
        "SELECT count(*) FROM issuable i JOIN involved v ON v.issuable_id = i.id JOIN project p ON p.id = i.project_id "
        f"WHERE i.kind = ? AND i.state = 'opened' AND v.role = ? AND v.person_id = {ME} AND p.full_path NOT IN ({marks})"
    )
    return Model(
        {path: _numbers(store, path) for path in PROJECTS},
        {path for (path,) in _rows(store, "SELECT p.full_path FROM star s JOIN project p ON p.id = s.project_id WHERE s.person_id = ?", ME)},
        {name for (name,) in _rows(store, "SELECT s.username FROM follow f JOIN person s ON s.id = f.followed_id WHERE f.follower_id = ?", ME)},
        _one(store, elsewhere, 0, "a", *PROJECTS), _one(store, elsewhere, 1, "r", *PROJECTS),
        _one(store, "SELECT count(*) FROM todo WHERE person_id = ? AND NOT done", ME),
    )  # fmt: skip


def _nth(items: dict[int, str], state: str, place: int) -> int | None:
    found = sorted(iid for iid, held in items.items() if held == state)
    return found[place % len(found)] if found else None


def _act(byte: Visitor, model: Model, action: str, first: int, second: int, number: int) -> None:
    """Do it on the site by a form, and in the model by hand."""
    own, any_path = OWN[first % len(OWN)], PROJECTS[first % len(PROJECTS)]
    path = any_path if action in ("star", "issue", "comment", "fork") else own
    numbers, base = model.projects[path], f"/{path}"
    name = sorted(PEOPLE)[second % len(PEOPLE)]
    match action:
        case "star":
            byte.post(f"{base}/toggle_star.json")
            numbers.stars += -1 if path in model.starred else 1
            model.starred ^= {path}
        case "issue" | "my issue":
            fields = [("issue[title]", f"Issue {number}")] + [("issue[assignee_ids][]", str(ME))] * (
                action == "my issue"
            )
            byte.post_fields(f"{base}/-/issues", fields)
            iid = max(numbers.issues, default=0) + 1
            numbers.issues[iid], numbers.comments[iid] = "opened", 0
            numbers.assigned |= {iid} if action == "my issue" else set()
        case "close" | "reopen":
            iid = _nth(numbers.issues, "opened" if action == "close" else "closed", second)
            if iid is not None:
                byte.post_fields(f"{base}/-/issues/{iid}", [("issue[state_event]", action)])
                numbers.issues[iid] = "closed" if action == "close" else "opened"
        case "assign":
            iid = _nth(numbers.issues, "opened", second)
            if iid is not None:
                byte.post_fields(f"{base}/-/issues/{iid}/sidebar/assignee", [("assignee_id", str(ME))])
                numbers.assigned |= {iid}
        case "comment":
            iid = sorted(numbers.issues)[second % len(numbers.issues)] if numbers.issues else None
            if iid is not None:
                target = _one(
                    byte.store,
                    "SELECT i.target_id FROM issuable i JOIN project p ON p.id = i.project_id WHERE p.full_path = ? AND i.kind = 0 AND i.iid = ?",
                    path,
                    iid,
                )
                byte.post_fields(
                    f"{base}/notes?target_id={target}&target_type=issue", [("note[note]", f"Note {number}")]
                )
                numbers.comments[iid] += 1
        case "request":
            byte.post_fields(f"{base}/-/branches", [("branch_name", f"b{number}"), ("ref", "main")])
            byte.post_fields(
                f"{base}/-/create/b{number}",
                [("file_path", f"{number}.txt"), ("content", "x"), ("commit_message", "Add")],
            )
            byte.post_fields(f"{base}/-/merge_requests", [
                ("merge_request[source_branch]", f"b{number}"), ("merge_request[target_branch]", "main"), ("merge_request[title]", f"Request {number}"),
                ("merge_request[reviewer_ids][]", str(ME))])  # fmt: skip
            iid = max(numbers.requests, default=0) + 1
            numbers.requests[iid] = "opened"
            numbers.reviews |= {iid}
        case "close request":
            iid = _nth(numbers.requests, "opened", second)
            if iid is not None:
                byte.post_fields(f"{base}/-/merge_requests/{iid}", [("merge_request[state_event]", "close")])
                numbers.requests[iid] = "closed"
        case "merge":
            # Only requests of this test: they have one commit each, and the merge adds another.
            iid = _nth({i: s for i, s in numbers.requests.items() if i in numbers.reviews}, "opened", second)
            title = (
                ""
                if iid is None
                else byte.store.issuables.by_iid(
                    _one(byte.store, "SELECT id FROM project WHERE full_path = ?", path), 1, iid
                ).title
            )
            if title.startswith("Request "):
                byte.post(f"{base}/-/merge_requests/{iid}/merge")
                numbers.requests[iid] = "merged"
                numbers.commits += 2
        case "invite":
            byte.post_fields(
                f"{base}/-/project_members/invite", [("user_ids[]", str(PEOPLE[name])), ("access_level", "30")]
            )
            numbers.members[name] = "Developer"
        case "remove":
            byte.post(f"{base}/-/project_members/{PEOPLE[name]}/delete")
            numbers.members.pop(name, None)
        case "follow" | "unfollow":
            byte.post(f"/users/{name}/{action}.json")
            model.following = model.following | {name} if action == "follow" else model.following - {name}
        case "fork":
            byte.post_fields(
                f"{base}/-/forks",
                [
                    ("namespace_id", "2505"),
                    ("path", f"fork-{number}"),
                    ("name", f"fork-{number}"),
                    ("visibility", "20"),
                ],
            )
            numbers.forks += 1
            model.forks.append(f"byteblaze/fork-{number}")
        case "commit":
            byte.post_fields(
                f"{base}/-/create/main",
                [("file_path", f"c{number}.txt"), ("content", "x"), ("commit_message", f"Commit {number}")],
            )
            numbers.commits += 1
        case "move":
            byte.post_fields("/dashboard/todos/destroy_all", [])
            model.todos = 0


class Pages:
    """Pages as trees, each fetched once."""

    def __init__(self, byte: Visitor) -> None:
        self._byte = byte

    def css(self, path: str, selector: str) -> list[str]:
        reply = self._byte.engine.client().get(f"{ORIGIN}{path}")
        assert reply.status == 200, path
        return [" ".join(node.text().split()) for node in LexborHTMLParser(reply.text).css(selector)]


def _check_project(pages: Pages, path: str, numbers: Numbers) -> None:
    open_issues = sum(state == "opened" for state in numbers.issues.values())
    open_requests = sum(state == "opened" for state in numbers.requests.values())
    assert pages.css(f"/{path}", ".star-count, .fork-count") == [str(numbers.stars), str(numbers.forks)]
    assert pages.css(f"/{path}", "aside .count") == [str(open_issues), str(open_requests)]
    assert re.match(r"[\d,]+", pages.css(f"/{path}", ".project-stats a")[0])[0].replace(",", "") == str(numbers.commits)
    assert len(pages.css(f"/{path}/-/starrers", ".rows > li")) == numbers.stars or numbers.stars == 0
    facts = pages.css(f"/explore?name={path.replace('/', '+')}", f".rows > li:has(> h2 > a[href='/{path}']) .facts")
    shown = f"Stars {numbers.stars} · Forks {numbers.forks} · Merge requests {open_requests} · Issues {open_issues} · Updated"
    assert len(facts) == 1 and facts[0].startswith(shown)
    closed = sum(state == "closed" for state in numbers.issues.values())
    assert pages.css(f"/{path}/-/issues", ".tabs a") == [
        f"Open {open_issues}",
        f"Closed {closed}",
        f"All {open_issues + closed}",
    ]
    states = [sum(state == wanted for state in numbers.requests.values()) for wanted in ("opened", "merged", "closed")]
    tabs = [f"{name} {number}" for name, number in zip(("Open", "Merged", "Closed"), states, strict=True)]
    assert pages.css(f"/{path}/-/merge_requests", ".tabs a") == [*tabs, f"All {len(numbers.requests)}"]
    members = f"/{path}/-/project_members"
    found = dict(
        zip(pages.css(members, ".gl-avatar-labeled-sublabel"), pages.css(members, "td.col-max-role span"), strict=True)
    )
    assert found == {f"@{name}": role for name, role in numbers.members.items()}
    assert pages.css(members, ".tabs a")[0] == f"Members {len(numbers.members)}"
    assert pages.css(f"/{path}/-/commits", "main > p.meta")[0].endswith(f" of {numbers.commits:,}")
    assert pages.css(f"/{path}/-/graphs/main", "main h4 + p")[0].startswith(f"{numbers.commits:,} commit")
    newest = sorted(iid for iid, state in numbers.issues.items() if state == "opened")[-3:]
    for iid in newest:
        assert len(pages.css(f"/{path}/-/issues/{iid}", "#notes-list > li")) == numbers.comments[iid]


def _check(byte: Visitor, model: Model) -> None:
    pages = Pages(byte)
    for path, numbers in model.projects.items():
        _check_project(pages, path, numbers)
    assigned = (
        sum(numbers.issues[iid] == "opened" for numbers in model.projects.values() for iid in numbers.assigned)
        + model.elsewhere
    )
    assert pages.css("/dashboard/issues?assignee_username=byteblaze", ".tabs a")[0] == f"Open {assigned}"
    reviews = (
        sum(numbers.requests[iid] == "opened" for numbers in model.projects.values() for iid in numbers.reviews)
        + model.reviews_elsewhere
    )
    assert pages.css("/dashboard/merge_requests?reviewer_username=byteblaze", ".tabs a")[0] == f"Open {reviews}"
    assert pages.css("/?open=requests", "header .menu a")[-1] == f"Review requests for you {reviews}"
    numbers = re.findall(r"\d+", pages.css("/", "header .icons")[0])
    assert int(numbers[0]) == assigned and int(numbers[-1]) == model.todos
    assert pages.css("/dashboard/todos", ".tabs a")[0] == f"To Do {model.todos}"
    assert pages.css("/dashboard/projects/starred", ".tabs a")[1] == f"Starred {len(model.starred)}"
    assert len(pages.css("/users/byteblaze/starred", ".rows > li")) == len(model.starred)
    assert pages.css("/byteblaze", ".profile-header a")[-1] == f"{len(model.following)} following"
    assert len(pages.css("/users/byteblaze/following", ".rows > li")) == len(model.following)
    for path in model.forks:
        assert pages.css(f"/{path}", ".star-count, .fork-count") == ["0", "0"]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_pages_count_what_a_model_counts(world, steps):
    world.reset()
    byte = Visitor(world)
    model, numbers = _model(byte.store), count(1)
    for action, first, second in steps:
        _act(byte, model, action, first, second, next(numbers))
    _check(byte, model)
