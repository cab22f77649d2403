from __future__ import annotations

import copy
import json
import sqlite3
import time
from functools import cache

import pytest

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.gitlab.build import build
from webarena_gym.sites.gitlab.seeding.facts import read_json
from webarena_gym.sites.gitlab.store import GitLabStore

from .visitor import Visitor


def _built(**options) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    build(connection, BuildOptions(**options))
    return connection


@cache
def _whole() -> sqlite3.Connection:
    return _built()


@cache
def _small() -> sqlite3.Connection:
    return _built(scale=0.1)


@cache
def _large() -> sqlite3.Connection:
    return _built(scale=2)


def _one(connection: sqlite3.Connection, query: str) -> int:
    return connection.execute(query).fetchone()[0]


def test_the_site_is_as_large_as_the_contract_asks():
    site = _whole()
    assert _one(site, "SELECT count(*) FROM project") >= 150
    assert _one(site, "SELECT count(*) FROM issuable WHERE kind = 0") >= 4_000
    assert _one(site, "SELECT count(*) FROM issuable WHERE kind = 1") >= 1_500
    assert _one(site, "SELECT count(*) FROM revision") >= 20_000


def test_two_builds_are_equal():
    assert list(_small().iterdump()) == list(_built(scale=0.1).iterdump())


def test_building_takes_a_few_seconds_at_most():
    start = time.process_time()
    _built()
    assert time.process_time() - start < 10


@pytest.mark.parametrize("scale", [0.1, 2])
def test_the_scale_changes_what_is_generated_and_leaves_the_facts_alone(scale: float):
    other, whole = _small() if scale == 0.1 else _large(), _whole()
    projects = "SELECT id, full_path, stars, description, visibility FROM project WHERE fact ORDER BY id"
    people = "SELECT id, username, name, email FROM person WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    ids = json.dumps([person["id"] for person in read_json("facts.json")["people"]])
    assert [tuple(row) for row in other.execute(projects)] == [tuple(row) for row in whole.execute(projects)]
    assert [tuple(row) for row in other.execute(people, (ids,))] == [
        tuple(row) for row in whole.execute(people, (ids,))
    ]
    generated = "SELECT count(*) FROM project WHERE NOT fact"
    assert _one(other, generated) == round(_one(whole, generated) * scale)


def test_a_larger_site_still_has_the_same_eight_most_starred_projects():
    query = "SELECT full_path FROM project ORDER BY stars DESC, id LIMIT 8"
    expected = [row[0] for row in _whole().execute(query)]
    assert [row[0] for row in _large().execute(query)] == expected


@pytest.mark.parametrize("scale", [0.1, 1])
def test_everything_that_is_stored_twice_agrees(scale: float):
    site = _whole() if scale == 1 else _small()
    assert (
        _one(
            site,
            "SELECT count(*) FROM project p WHERE p.stars <> (SELECT count(*) FROM star s WHERE s.project_id = p.id)",
        )
        == 0
    )
    assert _one(site, "SELECT count(*) FROM project p WHERE p.commits <> (SELECT count(*) FROM revision r JOIN branch b ON b.id = r.branch_id "
                "WHERE b.project_id = p.id AND b.name = p.default_branch)") == 0  # fmt: skip
    assert (
        _one(
            site,
            "SELECT count(*) FROM issuable i WHERE i.comments <> (SELECT count(*) FROM note n WHERE n.issuable_id = i.id AND NOT n.system)",
        )
        == 0
    )
    assert (
        _one(
            site,
            "SELECT count(*) FROM issuable i WHERE i.upvotes <> (SELECT count(*) FROM involved v WHERE v.issuable_id = i.id AND v.role = 'u')",
        )
        == 0
    )
    for row in site.execute("SELECT id, labels FROM issuable WHERE labels <> '[]'").fetchall():
        names = site.execute(
            "SELECT l.name FROM labelled x JOIN label l ON l.id = x.label_id WHERE x.issuable_id = ? ORDER BY lower(l.name)",
            (row[0],),
        )
        assert [name for name, _ in json.loads(row[1])] == [name for (name,) in names]  # fmt: skip


@pytest.mark.parametrize("scale", [0.1, 1])
def test_nothing_refers_to_what_is_not_there(scale: float):
    site = _whole() if scale == 1 else _small()
    for table, column, other in (
        ("project", "namespace_id", "namespace"), ("member", "project_id", "project"), ("member", "person_id", "person"), ("star", "person_id", "person"),
        ("follow", "follower_id", "person"), ("follow", "followed_id", "person"), ("branch", "project_id", "project"), ("revision", "branch_id", "branch"),
        ("revision", "author_id", "author"), ("tag", "revision_id", "revision"), ("file", "revision_id", "revision"), ("file", "project_id", "project"),
        ("issuable", "project_id", "project"), ("issuable", "author_id", "person"), ("note", "issuable_id", "issuable"), ("note", "author_id", "person"),
        ("involved", "person_id", "person"), ("involved", "issuable_id", "issuable"), ("labelled", "label_id", "label"), ("todo", "issuable_id", "issuable"),
        ("event", "person_id", "person"), ("event", "project_id", "project"),
    ):  # fmt: skip
        assert _one(site, f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM {other})") == 0, (
            table,
            column,
        )


def test_commits_stand_in_order_of_time_and_before_the_clock():
    site = _whole()
    backwards = "SELECT count(*) FROM revision a JOIN revision b ON b.branch_id = a.branch_id AND b.seq = a.seq + 1 WHERE b.at < a.at"
    assert _one(site, backwards) == 0
    now = _one(site, "SELECT now FROM site_clock")
    for table, column in (
        ("revision", "at"),
        ("issuable", "updated_at"),
        ("note", "created_at"),
        ("event", "created_at"),
        ("person", "created_at"),
    ):
        assert _one(site, f"SELECT max({column}) FROM {table}") < now
    assert _one(site, "SELECT count(*) FROM issuable WHERE updated_at < created_at") == 0


def test_open_merge_requests_come_from_branches_that_are_there():
    missing = "SELECT count(*) FROM issuable i WHERE i.kind = 1 AND i.state = 'opened' AND NOT EXISTS (SELECT 1 FROM branch b WHERE b.project_id = i.project_id AND b.name = i.{})"
    assert _one(_whole(), missing.format("source_branch")) == 0
    assert _one(_whole(), missing.format("target_branch")) == 0


def test_generated_people_share_no_name_with_those_that_tasks_search_for():
    store = GitLabStore(_large())
    for words in (
        "vinta",
        "Koushik",
        "koush",
        "Jakub",
        "lahwaacz",
        "Benoît",
        "bblanchon",
        "abishek",
        "primer",
        "convexegg",
        "yjlou",
        "Roshan",
    ):
        assert store.people.search(words, 5)[0] == 1, words


def test_changed_facts_change_the_site(rebuilt):
    facts = copy.deepcopy(read_json("facts.json"))
    facts["user"]["feed_token"] = "AAAAbbbbCCCCdddd1234"
    facts["ssh"] = {"host": "example.test", "port": 2200}
    facts["clock"] = "2023-05-01 08:00:00"
    next(p for p in facts["projects"] if p["path"] == "umano/AndroidSlidingUpPanel")["stars"] = 30
    visitor: Visitor = rebuilt(facts=facts)
    assert "AAAAbbbbCCCCdddd1234" in visitor.open("/-/profile/personal_access_tokens?open=feed_token").text
    assert "ssh://git@example.test:2200/byteblaze/dotfiles.git" in visitor.open("/byteblaze/dotfiles?open=clone").text
    assert visitor.open("/umano/AndroidSlidingUpPanel").css(".star-count") == ["30"]
    assert str(visitor.store.now()) == "2023-05-01 08:00:00"


def _facts_with(change) -> dict:
    facts = copy.deepcopy(read_json("facts.json"))
    change(facts)
    return facts


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f["projects"][0].update(path="nobody/x"), "unknown namespace 'nobody'"),
        (lambda f: f["projects"].append(dict(f["projects"][0])), "share a path or an id"),
        (
            lambda f: f["todos"].append({**f["todos"][0], "on": ["issue", "byteblaze/dotfiles", 999]}),
            "which the facts do not have",
        ),
        (lambda f: f["projects"][0].update(members={"nobody": "Guest"}), "'nobody', who is not among their people"),
        (lambda f: f["projects"][0].update(stars=100_000), "has 100000 stars"),
    ],
)
def test_facts_that_contradict_themselves_are_refused(change, words: str):
    with pytest.raises(ValueError, match=words):
        _built(facts=_facts_with(change), scale=0.1)
