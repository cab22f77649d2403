"""``webarena-gym doctor``: a table of what a run needs, and an exit status that notices what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.cli import main
from webarena_gym.commands.doctor import PACKAGES
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.sites.remote import variable
from webarena_gym.sites.serving import SiteServer
from webarena_gym.sites.world import World

SERVED = ("reddit", "wikipedia", "homepage")


@pytest.fixture(scope="module")
def world(cache_dir: Path) -> Iterator[World]:
    made = World(SERVED, cache_dir=cache_dir)
    made.state_hash()
    yield made
    made.close()


@pytest.fixture
def addresses(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """WA_* variables of a server that has three of the sites."""
    server = SiteServer(world, {**dict.fromkeys(SERVED, 0), "full_reset": 0})  # type: ignore[arg-type]
    server.start()
    urls = {variable(name): url for name, url in server.base_urls().items()} | {"WA_FULL_RESET": server.reset_url()}
    for name in (*map(variable, BASE_URLS), "WA_FULL_RESET"):
        monkeypatch.setenv(name, urls.get(name, ""))
    yield urls
    server.stop()


def doctor(
    cache_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *options: str
) -> tuple[int, dict[str, str], str]:
    """The exit status, each row's status, and what was printed."""
    monkeypatch.setenv("COLUMNS", "400")
    status = main(["doctor", "--cache-dir", str(cache_dir), *options])
    printed = capsys.readouterr().out
    rows = re.findall(r"^│ (.+?) +│ (ok|warning|failed) +│ ", printed, re.M)
    return status, dict(rows), printed


def test_the_installation_is_looked_at(
    cache_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, rows, printed = doctor(cache_dir, capsys, monkeypatch, "--no-sites")
    assert status == 0
    assert {"webarena-gym", "official tasks", "Chromium", "cache folder", *PACKAGES} == set(rows)
    assert rows["Chromium"] == rows["cache folder"] == rows["gymnasium"] == "ok"
    assert re.search(r"official tasks +│ ok +│ 165 ", printed)
    assert printed.splitlines()[-1].startswith("doctor: 0 failed,")


def test_sites_that_are_there_are_ok_and_missing_ones_a_warning(
    addresses: dict[str, str],
    world: World,
    cache_dir: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.reset()
    status, rows, _ = doctor(cache_dir, capsys, monkeypatch)
    assert status == 0
    assert {name: rows[name] for name in rows if name.startswith("WA_")} == {
        **{variable(name): "ok" if name in SERVED else "warning" for name in BASE_URLS},
        "WA_REDDIT sign-in": "ok",
        "WA_FULL_RESET": "ok",
    }


def test_what_is_wrong_with_a_site_is_said(
    addresses: dict[str, str],
    world: World,
    cache_dir: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.store("reddit").connection.execute("UPDATE user SET password = 'other'")
    monkeypatch.setenv("WA_GITLAB", addresses["WA_HOMEPAGE"])  # two sites at one address
    monkeypatch.setenv("WA_WIKIPEDIA", f"{addresses['WA_WIKIPEDIA']}/none")
    monkeypatch.setenv("WA_MAP", "http://127.0.0.1:9")
    monkeypatch.setenv("WA_FULL_RESET", addresses["WA_REDDIT"])
    status, rows, printed = doctor(cache_dir, capsys, monkeypatch)
    world.reset()
    assert status == 1
    assert [name for name, found in rows.items() if found == "failed"] == [
        "WA_REDDIT sign-in", "WA_GITLAB", "WA_MAP", "WA_WIKIPEDIA", "WA_HOMEPAGE", "WA_FULL_RESET",
    ]  # fmt: skip
    for words in ("did not let MarvelsGrantMan136 in", "is WA_HOMEPAGE, too", "answers with HTTP 404", "got no answer"):
        assert words in printed


def test_the_wrong_site_is_noticed(
    addresses: dict[str, str], cache_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in BASE_URLS:
        monkeypatch.delenv(variable(name))
    monkeypatch.setenv("WA_SHOPPING", addresses["WA_REDDIT"])
    monkeypatch.setenv("WA_MAP", addresses["WA_HOMEPAGE"].replace("localhost", "127.0.0.1"))
    status, rows, printed = doctor(cache_dir, capsys, monkeypatch)
    assert status == 1 and rows["WA_SHOPPING"] == "failed"
    assert "without shopping's sign-in form" in printed


def test_a_cache_folder_that_cannot_be_written_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    status, rows, _ = doctor(tmp_path / "file", capsys, monkeypatch, "--no-sites")
    assert status == 1 and rows["cache folder"] == "failed"
