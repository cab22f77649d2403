"""A site's image and the state on top of it, on the test site."""

import ast
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import webarena_gym
from tests.tiny_site import SITE, find_tiny_site
from webarena_gym.errors import CacheError
from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.image import ensure_image, is_whole
from webarena_gym.sites.state import SiteState
from webarena_gym.sites.world import BUILT_FROM, World, site_image


@pytest.fixture
def image(tmp_path):
    return site_image(SITE, BuildOptions(), tmp_path)


def test_what_is_written_is_seen_by_its_own_env_alone_and_gone_after_a_reset(image):
    bytes_before = image.read_bytes()
    one, other = SiteState(image), SiteState(image)
    before = one.hash()
    one.connection.execute("INSERT INTO note (text, created) VALUES ('mine', '')")
    assert one.hash() != before and other.hash() == before
    other.connection.execute("DELETE FROM note")
    assert one.connection.execute("SELECT count(*) FROM note").fetchone()[0] == 2
    one.reset()
    assert one.hash() == before
    one.close()
    other.close()
    assert image.read_bytes() == bytes_before


def test_images_are_named_by_a_hash_of_all_that_builds_them():
    folder = Path(webarena_gym.__file__).parent / "sites"
    builders = [*folder.glob("*/build*.py"), *folder.glob("*/seeding/*.py")]
    assert len(builders) > 20
    for path in builders:
        depth = len(path.relative_to(folder).parts)  # so many dots lead to the folder of all sites
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level >= depth:
                assert node.level == depth and f"{node.module}.py" in BUILT_FROM, (path, node.module)


def test_a_commit_is_denied(image):
    state = SiteState(image)
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        state.connection.execute("COMMIT")
    state.connection.execute("INSERT INTO note (text, created) VALUES ('x', '')")
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        state.connection.commit()
    state.close()
    assert sqlite3.connect(image).execute("SELECT count(*) FROM note").fetchone() == (1,)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["insert", "delete", "update", "big", "tick", "fail"]), max_size=12))
def test_a_reset_restores_the_state_hash_after_any_writes(tmp_path_factory, writes):
    folder = tmp_path_factory.getbasetemp() / "property"
    state = SiteState(site_image(SITE, BuildOptions(), folder))
    before = state.hash()
    for write in writes:
        match write:
            case "insert":
                state.connection.execute("INSERT INTO note (text, created) VALUES ('a', 'b')")
            case "delete":
                state.connection.execute("DELETE FROM note")
            case "update":
                state.connection.execute("UPDATE note SET text = text || '!'")
            case "big":  # more than the page cache holds: must not spill into the file
                state.connection.execute("INSERT INTO note (text, created) VALUES (?, '')", ("x" * 3_000_000,))
            case "tick":
                SITE.store(state.connection).tick()
            case "fail":
                with pytest.raises(sqlite3.IntegrityError):
                    state.connection.execute("INSERT INTO note (text, created) VALUES (NULL, '')")
    state.reset()
    assert state.hash() == before
    state.close()


def test_an_image_cut_short_is_built_again(tmp_path):
    image = site_image(SITE, BuildOptions(), tmp_path)
    whole = image.read_bytes()
    image.write_bytes(whole[: len(whole) // 2])
    assert not is_whole(image)
    assert site_image(SITE, BuildOptions(), tmp_path).read_bytes() == whole


def test_another_key_is_another_image_and_equal_builds_are_equal_bytes(tmp_path):
    first = site_image(SITE, BuildOptions(), tmp_path / "a")
    second = site_image(SITE, BuildOptions(), tmp_path / "b")
    other = site_image(SITE, BuildOptions(scale=2), tmp_path / "a")
    assert first.name == second.name != other.name
    assert first.read_bytes() == second.read_bytes()


def test_a_folder_that_cannot_be_written_is_named_in_the_error(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(CacheError, match=r"cannot write the site image .*WEBARENA_GYM_CACHE or cache_dir="):
        ensure_image("tiny", "key", lambda connection: None, blocked / "folder")


def test_a_build_that_runs_out_of_space_leaves_nothing_behind(tmp_path):
    def full(connection):
        connection.execute("CREATE TABLE t (x)")
        raise OSError(28, "No space left on device")

    with pytest.raises(CacheError, match="No space left on device"):
        ensure_image("tiny", "key", full, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == []


def test_an_image_that_cannot_be_opened_for_writing_is_copied(image, monkeypatch):
    monkeypatch.setattr("webarena_gym.sites.state._writable", lambda path: False)
    state = SiteState(image)
    copy = state._private
    assert copy is not None and copy.exists()
    state.connection.execute("INSERT INTO note (text, created) VALUES ('x', '')")
    state.close()
    assert not copy.exists()


def test_many_processes_build_a_cold_cache_once(tmp_path):
    code = (
        "from pathlib import Path; from tests.tiny_site import SITE; from webarena_gym.sites.base import BuildOptions; "
        f"from webarena_gym.sites.world import site_image; print(site_image(SITE, BuildOptions(), Path({str(tmp_path)!r})))"
    )
    run = lambda _: subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: E731
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(run, range(4)))
    assert len({result.stdout for result in done}) == 1
    assert sum("preparing" in result.stderr for result in done) == 1
    assert len([name for name in os.listdir(tmp_path) if name.endswith(".sqlite")]) == 1


def test_a_world_serves_only_its_own_sites_and_hands_on_no_state(tmp_path):
    world = World(["shopping"], find_site=find_tiny_site, cache_dir=tmp_path)
    statuses = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "evil.test", "wsgi.input": None}
    assert b"".join(world(environ, lambda status, headers: statuses.append(status))) == b"no such site here"
    assert statuses == ["421 Misdirected Request"]
    before = world.state_hash()
    world.sign_in("shopping")
    assert world.state_hash() != before
    world.reset()
    assert world.state_hash() == before
    world.close()


def test_a_world_closes_the_sites_that_a_task_does_not_need(tmp_path):
    world = World(["shopping"], find_site=find_tiny_site, cache_dir=tmp_path)
    clean = world.state_hash()
    first = world.store("shopping")
    world.close_others(["shopping"])
    assert world.store("shopping") is first
    first.connection.execute("INSERT INTO note (text, created) VALUES ('x', '')")
    world.close_others([])
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.connection.execute("SELECT 1")
    assert world.state_hash() == clean  # opened again, without what was written
    world.close()
