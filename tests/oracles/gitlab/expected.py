"""What each task's run must come to on a GitLab of given facts, worked out from the facts and the database alone."""

from __future__ import annotations

from collections.abc import Callable

from ..mutations import Ending, Facts
from .mutation import ACCESSIBILITY, PROMPTS, WEBRING

ME = 2330
OWN = "byteblaze/"


def project(facts: Facts, path: str) -> Facts:
    return next(one for one in facts["projects"] if one["path"] == path)


def username_of(facts: Facts, name: str) -> str:
    return next(person["username"] for person in facts["people"] if person["name"].startswith(name))


def commits(facts: Facts, day: str, *first_names: str) -> int:
    return sum(
        when.startswith(day) and author.split()[0] in first_names
        for when, author, _ in project(facts, ACCESSIBILITY)["commit_list"]
    )


def contributed(facts: Facts, end: Ending) -> bool:
    """One's own projects and those one is a member of; the user opened or closed something in each of them."""
    mine = [p for p in facts["projects"] if p["path"].startswith(OWN) or p["path"] in (ACCESSIBILITY, "primer/design")]
    active = end.column(
        "SELECT full_path FROM project WHERE id IN (SELECT project_id FROM event WHERE person_id = ?)", ME
    )
    most = max(p["stars"] for p in mine if p["path"] in active)
    names = [name.rpartition(" / ")[2] for name in end.answer.split(", ")]
    return names == [p["path"].partition("/")[2] for p in mine if p["path"] in active and p["stars"] == most]


def own_issue(facts: Facts, words: str, moment: str) -> tuple[str, bool]:
    """Path of the newest issue of one's own with these words in its title, and whether it is closed."""
    found = [
        (issue[moment], f"/{path}/-/issues/{issue['iid']}", issue["state"] == "closed")
        for path in (ACCESSIBILITY, PROMPTS)
        for issue in project(facts, path)["issue_list"]
        if issue["author"] == "byteblaze" and words in issue["title"].lower()
    ]
    return max(found)[1:]


def latest_updated(facts: Facts, end: Ending) -> bool:
    path, closed = own_issue(facts, "better", "updated")
    return end.url.endswith(path) and end.answer == ("Yes, it is closed" if closed else "No, it is open")


def latest_created(facts: Facts, end: Ending) -> bool:
    path, closed = own_issue(facts, "homepage content", "created")
    return end.url.endswith(path) and end.answer == ("Yes" if closed else "No")


def most_commits(facts: Facts, end: Ending) -> bool:
    counts: dict[str, int] = {}
    for name, _, count in project(facts, "eriklindernoren/PyTorch-GAN")["authors"]:
        counts[name] = counts.get(name, 0) + count
    return end.answer == max(counts, key=lambda name: counts[name])


def last_names(facts: Facts, end: Ending) -> bool:
    authors = sorted(project(facts, "yjlou/2019-nCov")["authors"], key=lambda author: -author[2])
    return end.answer.split(", ") == [name.split()[-1] for name, _, _ in authors[:3]]


def clone_address(facts: Facts, end: Ending) -> bool:
    best = max((p for p in facts["projects"] if p["path"].endswith("-GAN")), key=lambda p: p["stars"])
    return end.answer == f"ssh://git@localhost:{facts['ssh']['port']}/{best['path']}.git"


def other_members(facts: Facts, end: Ending) -> bool:
    return set(end.answer.split(", ")) == set(project(facts, "byteblaze/gimmiethat.space")["members"])


def commented(facts: Facts, end: Ending) -> bool:
    [iid] = [one["iid"] for one in project(facts, ACCESSIBILITY)["merge_request_list"] if "color" in one["title"]]
    return newest_note(end) == (ACCESSIBILITY, iid, "Good idea")


def answered(facts: Facts, end: Ending) -> bool:
    [request] = project(facts, WEBRING)["merge_request_list"]
    thanks = request["notes"][-1][0] == request["author"]
    return newest_note(end) == (WEBRING, request["iid"], "Thank you" if thanks else f"@{request['author']}")


def newest_note(end: Ending) -> tuple[str, int, str]:
    """Project, number within it and text of the newest note, which must be one's own."""
    [row] = end.database.execute(
        "SELECT p.full_path, i.iid, n.body FROM note n JOIN issuable i ON i.id = n.issuable_id JOIN project p ON p.id = i.project_id "
        "WHERE n.id = (SELECT max(id) FROM note) AND n.author_id = ?", (ME,)
    )  # fmt: skip
    return tuple(row)


def members(end: Ending, path: str, level: int) -> set[str]:
    """Who has been invited to a project with this role."""
    return set(
        end.column(
            "SELECT s.username FROM member m JOIN person s ON s.id = m.person_id JOIN project p ON p.id = m.project_id "
            "WHERE p.full_path LIKE ? AND m.level = ? AND m.created_by = ?", path, level, ME
        )
    )  # fmt: skip


def starred(facts: Facts, end: Ending) -> bool:
    best = sorted(facts["projects"], key=lambda p: -p["stars"])[:8]
    now = end.column("SELECT p.full_path FROM star s JOIN project p ON p.id = s.project_id WHERE s.person_id = ?", ME)
    return set(now) == {p["path"] for p in best} | set(facts["user_memberships"]["stars"])


def followed(facts: Facts, end: Ending) -> bool:
    now = end.column(
        "SELECT s.username FROM follow f JOIN person s ON s.id = f.followed_id WHERE f.follower_id = ?", ME
    )
    wanted = {username_of(facts, name) for name in ("Jakub Klinkovský", "Koushik", "Vinta Chen")}
    return set(now) == wanted | set(facts["user_memberships"]["follows"])


def requested(facts: Facts, end: Ending) -> bool:
    [row] = end.database.execute(
        "SELECT i.source_branch, i.target_branch, s.username FROM issuable i JOIN involved v ON v.issuable_id = i.id AND v.role = 'r' "
        "JOIN person s ON s.id = v.person_id WHERE i.id = (SELECT max(id) FROM issuable)"
    )  # fmt: skip
    return tuple(row) == ("redesign", project(facts, ACCESSIBILITY)["branch"], "Roshanjossy")


def assigned(facts: Facts, end: Ending) -> bool:
    [iid] = [one["iid"] for one in project(facts, ACCESSIBILITY)["issue_list"] if "404" in one["title"]]
    mine = "SELECT i.iid FROM involved v JOIN issuable i ON i.id = v.issuable_id JOIN project p ON p.id = i.project_id "
    return iid in end.column(f"{mine} WHERE p.full_path = ? AND v.role = 'a' AND v.person_id = ?", ACCESSIBILITY, ME)


EXPECTED: dict[int, Callable[[Facts, Ending], bool]] = {
    34: lambda facts, end: end.answer == str(commits(facts, "2023-01-03", "Eric", "Kilian")),
    43: contributed,
    44: latest_updated,
    45: latest_created,
    49: lambda facts, end: end.answer == str(commits(facts, "2023-03-05", "Kilian")),
    63: lambda facts, end: end.answer == facts["user"]["feed_token"],
    71: clone_address,
    73: most_commits,
    75: last_names,
    81: other_members,
    96: commented,
    99: answered,
    112: lambda facts, end: members(end, "byteblaze/%dotfile%", 10) == {username_of(facts, "Vinta")},
    122: starred,
    124: followed,
    128: lambda facts, end: (
        members(end, "byteblaze/gimmiethat.space", 30) == {username_of(facts, name) for name in ("Jakub", "Benoît")}
    ),
    130: lambda facts, end: members(end, "byteblaze/%", 40) == {"abisubramanya27", "lahwaacz"},
    143: requested,
    164: assigned,
}
# Nothing of these is read off a page but names of links: the intent says it all.
NOTHING_READ = {9, 25, 39, 62, 83, 100, 105, 111, 156, 157, 163}
# Official scoring takes a comment on any merge request.
ANY_WILL_DO = {96}
