"""``webarena-gym serve`` as a process: addresses printed, all sites there, a clean end on Ctrl-C and on SIGTERM."""

from __future__ import annotations

import re
import signal
import socket
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.served import Serving, serving_sites
from webarena_gym.cli import main
from webarena_gym.commands import serve
from webarena_gym.sites.registry import available_sites
from webarena_gym.sites.serving import PORTS, READY
from webarena_gym.tasks.official import load_official_tasks


@pytest.fixture
def serving(cache_dir: Path, tmp_path: Path) -> Iterator[Serving]:
    with serving_sites(cache_dir, tmp_path / "requests.log") as started:
        yield started


def status(url: str) -> int:
    try:
        return urllib.request.urlopen(url, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_all_sites_are_served_until_a_signal_ends_it_cleanly(serving: Serving, number: int, tmp_path: Path) -> None:
    assert set(serving.urls) == {f"WA_{name.upper()}" for name in available_sites()} | {"WA_FULL_RESET"}
    for name, url in serving.urls.items():
        if name != "WA_FULL_RESET":
            assert status(url) == 200, url
    assert status(f"{serving.urls['WA_FULL_RESET']}/reset") == 200
    assert urllib.request.urlopen(f"{serving.urls['WA_FULL_RESET']}/status", timeout=10).read() == b"Ready for duty!"
    assert serving.end(number)[0] == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", urlsplit(serving.urls["WA_REDDIT"]).port)) != 0
    lines = (tmp_path / "requests.log").read_text().splitlines()
    assert len(lines) >= len(serving.urls) + 1  # a redirect is a line too
    assert any(re.search(r" homepage GET / 200 \d", line) for line in lines)


def test_a_port_in_use_is_an_error_message_not_a_traceback(cache_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        base = taken.getsockname()[1]
        assert main(["serve", "--port-base", str(base), "--cache-dir", str(cache_dir), "--quiet"]) == 2
    assert f"error: port {base} for {available_sites()[0]}" in capsys.readouterr().err


def test_the_documentation_names_the_ports_and_options_there_are() -> None:
    text = (Path(__file__).parents[2] / "docs" / "browsergym.md").read_text(encoding="utf-8")
    rows = {name.lower(): int(port) for name, port in re.findall(r"^\| `WA_(\w+)` \| (\d+) \|", text, re.M)}
    assert rows == PORTS
    assert f"`{READY}`" in text
    parser = ArgumentParser()
    serve.add_arguments(parser)
    options = {option for action in parser._actions for option in action.option_strings}
    serving = text.split("## Serving the sites", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"`(--[a-z-]+)", serving)) <= options
    example = int(re.findall(r"browsergym/webarenalite\.(\d+)", text)[0])
    assert example in {task.old_task_id for task in load_official_tasks()}
