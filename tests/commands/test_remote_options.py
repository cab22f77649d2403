"""``--sites remote`` and ``--faults`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from webarena_gym.cli import main
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.sites.remote import variable
from webarena_gym.sites.serving import SiteServer
from webarena_gym.sites.world import World


def test_oracle_plays_on_the_sites_that_the_variables_name(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(["map"], cache_dir=cache_dir)
    world.state_hash()
    server = SiteServer(world, {"map": 0, "full_reset": 0})
    server.start()
    for name in BASE_URLS:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setenv("WA_MAP", server.base_urls()["map"])
    monkeypatch.setenv("WA_FULL_RESET", server.reset_url())
    asked = ["oracle", "--site", "map", "--tasks", "12", "--sites", "remote"]
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert "oracle: 1/1 accepted" in printed and "negatives: 0/" in printed
    monkeypatch.delenv("WA_MAP")
    assert main(asked) == 2
    assert "WA_MAP" in capsys.readouterr().err
    server.stop()
    world.close()


def test_an_unknown_fault_is_an_error_message(cache_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--faults", "floods", "--cache-dir", str(cache_dir), "--quiet"]) == 2
    assert "there is no fault 'floods'" in capsys.readouterr().err
