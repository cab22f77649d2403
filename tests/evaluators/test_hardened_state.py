"""What of a site's state differs from the image it started from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_site import SITE, build, find_tiny_site
from webarena_gym.engines.wsgi import CookieJar, WsgiClient
from webarena_gym.sites.world import World
from webarena_gym.types import RowChange

FIRST = {"id": 1, "text": "first note", "created": "2023-01-01"}


@pytest.fixture
def world(cache_dir: Path) -> Iterator[World]:
    world = World(["shopping"], cache_dir=cache_dir / "tiny", find_site=find_tiny_site)
    yield world
    world.close()


def write(world: World, sql: str) -> None:
    world.store("shopping").connection.execute(sql)


def test_an_unvisited_site_has_no_changes(world: World):
    assert world.changes() == ()


def test_looking_around_changes_nothing(world: World):
    world.sign_in("shopping")
    WsgiClient(world, CookieJar()).get("http://shopping.test/tables")
    assert world.changes() == ()


def test_a_post_that_adds_a_note_is_one_inserted_row(world: World):
    WsgiClient(world, CookieJar()).request(
        "POST",
        "http://shopping.test/note",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body="text=mine",
    )
    # The clock stood at 10:00:00 and advances by a second for a request that may write.
    note = {"id": 2, "text": "mine", "created": "2023-06-12T10:00:01"}
    assert world.changes() == (RowChange("shopping", "note", "inserted", {}, note),)


def test_an_update_keeps_the_key_and_names_the_columns(world: World):
    write(world, "UPDATE note SET text = 'First note'")  # another case is another text
    (change,) = world.changes()
    assert (change.kind, change.before, change.after) == ("updated", FIRST, {**FIRST, "text": "First note"})
    assert change.columns == {"text"}


def test_a_deleted_row_is_one_even_if_another_takes_its_place(world: World):
    write(world, "DELETE FROM note")
    assert [(change.kind, change.before) for change in world.changes()] == [("deleted", FIRST)]
    write(world, "INSERT INTO note (id, text, created) VALUES (2, 'first note', '2023-01-01')")
    assert [change.kind for change in world.changes()] == ["deleted", "inserted"]


def test_what_was_taken_back_is_no_change(world: World):
    write(world, "UPDATE note SET text = 'x'")
    write(world, "UPDATE note SET text = 'first note'")
    assert world.changes() == ()


def test_a_reset_forgets_the_changes_and_later_ones_are_seen(world: World):
    for _ in range(3):
        write(world, "UPDATE note SET text = 'x'")
        assert len(world.changes()) == 1
        world.reset()
        assert world.changes() == ()


def test_two_worlds_over_one_image_see_their_own_changes(world: World, cache_dir: Path):
    other = World(["shopping"], cache_dir=cache_dir / "tiny", find_site=find_tiny_site)
    write(world, "DELETE FROM note")
    write(other, "UPDATE note SET created = ''")
    assert [change.kind for change in (*world.changes(), *other.changes())] == ["deleted", "updated"]
    other.close()


def _build(connection: Any, options: Any) -> None:
    build(connection, options)
    connection.execute("CREATE TABLE visit (page TEXT, at INTEGER)")
    connection.execute("CREATE TABLE keyless (word TEXT)")
    connection.execute("INSERT INTO keyless VALUES ('a'), ('b')")
    connection.execute("CREATE TABLE pair (one INTEGER, two TEXT COLLATE NOCASE, PRIMARY KEY (one, two)) WITHOUT ROWID")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (word)")


def test_incidental_tables_and_search_indexes_are_left_out_and_tables_without_a_key_compared(cache_dir: Path):
    site = replace(SITE, build=_build, incidental_tables=frozenset({"visit"}))
    world = World(["shopping"], cache_dir=cache_dir / "keyless", find_site=lambda name: site)
    write(world, "INSERT INTO visit VALUES ('/', 1)")
    write(world, "INSERT INTO words VALUES ('a')")
    assert world.changes() == ()
    write(world, "INSERT INTO keyless VALUES ('a')")  # a second one like the first
    write(world, "UPDATE keyless SET word = 'c' WHERE word = 'b'")
    write(world, "INSERT INTO pair VALUES (1, 'x')")
    assert [(change.table, change.kind, change.after) for change in world.changes()] == [
        ("keyless", "updated", {"rowid": 2, "word": "c"}),
        ("keyless", "inserted", {"rowid": 3, "word": "a"}),
        ("pair", "inserted", {"one": 1, "two": "x"}),
    ]
    world.close()
