from __future__ import annotations

import copy
import re
import sqlite3

import pytest

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.reddit.build import build
from webarena_gym.sites.reddit.seeding.seeds import read_json

from .visitor import Visitor


def built(**options) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    build(connection, BuildOptions(**options))
    return connection


def test_two_builds_are_equal():
    assert list(built(scale=0.2).iterdump()) == list(built(scale=0.2).iterdump())


@pytest.fixture(scope="module")
def scale(full_size: bool) -> float:
    return 10 if full_size else 1.2


@pytest.fixture(scope="module")
def large(scale: float) -> sqlite3.Connection:
    """A forum with more generated posts."""
    return built(scale=scale)


def test_the_scale_multiplies_posts_and_leaves_the_facts_alone(large: sqlite3.Connection, scale: float, me: Visitor):
    ids = ", ".join(str(fact["id"]) for fact in read_json("facts.json")["submissions"])
    facts = f"SELECT id, title, body, url, score, created FROM submission WHERE id IN ({ids}) ORDER BY id"
    assert large.execute("SELECT count(*) FROM submission").fetchone() == (int(3500 * scale),)
    assert large.execute(facts).fetchall() == [tuple(row) for row in me.store.connection.execute(facts)]


def test_newest_posts_stay_the_newest_at_any_scale(large: sqlite3.Connection):
    newest = {fact["forum"]: fact["id"] for fact in read_json("facts.json")["submissions"] if fact.get("newest")}
    for forum, number in newest.items():
        rows = large.execute(
            "SELECT max(s.id) FROM submission s JOIN forum f ON f.id = s.forum_id WHERE f.name = ?", (forum,)
        )
        assert rows.fetchone() == (number,)


def test_nobody_of_the_facts_writes_anything_generated(me: Visitor):
    facts = read_json("facts.json")
    for author in ("CameronKelsey", "AdamCannon", "quiet_kettle", "Hammer94"):
        written = sum(fact["author"] == author for fact in facts["submissions"])
        assert (
            me.count("SELECT count(*) FROM submission s JOIN user u ON u.id = user_id WHERE name = ?", author)
            == written
        )


def test_a_later_post_has_a_higher_id_and_a_reply_is_newer_than_what_it_answers(me: Visitor):
    for forum in ("books", "nyc", "AskReddit"):
        rows = me.store.connection.execute(
            "SELECT s.created FROM submission s JOIN forum f ON f.id = forum_id WHERE f.name = ? ORDER BY s.id",
            (forum,),
        )
        times = [row[0] for row in rows]
        assert times == sorted(times)
    replies = "SELECT count(*) FROM comment c JOIN comment p ON p.id = c.parent_id"
    assert me.count(replies) > 5000
    assert me.count(f"{replies} WHERE c.created < p.created OR c.id < p.id OR c.submission_id != p.submission_id") == 0
    clock = me.store.seconds()
    assert me.count("SELECT count(*) FROM submission WHERE created > ? OR last_active > ?", clock, clock) == 0
    assert me.count("SELECT count(*) FROM comment WHERE created > ?", clock) == 0


def test_titles_within_a_forum_differ_and_say_nothing_of_tasks(me: Visitor):
    reserved = re.compile(r"bookshop\.org|chatgpt|starfleet|costume contest|harry potter|cyberpunk|iphone 14", re.I)
    known = {fact["id"] for fact in read_json("facts.json")["submissions"]}
    rows = me.store.connection.execute("SELECT id, forum_id, title, body FROM submission").fetchall()
    assert len({(row["forum_id"], row["title"]) for row in rows}) == len(rows)
    generated = [row for row in rows if row["id"] not in known]
    assert [row["title"] for row in generated if reserved.search(row["title"] + row["body"])] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda facts: facts["submissions"][0].update(forum="nowhere"), "unknown forum 'nowhere'"),
        (lambda facts: facts["submissions"].append(facts["submissions"][0]), "two posts of the facts have the id"),
        (lambda facts: facts["comments"][0].update(on=5), "unknown post 5"),
    ],
)
def test_facts_that_contradict_themselves_are_named(change, message: str):
    facts = copy.deepcopy(read_json("facts.json"))
    change(facts)
    with pytest.raises(ValueError, match=message):
        built(facts=facts)
