"""Events with fields: a line for people, an object for programs, on every command."""

from __future__ import annotations

import json
import logging

import pytest

from webarena_gym.cli import main
from webarena_gym.logs import LogSettings, note, set_up, settings

LOG = logging.getLogger("webarena_gym.tests")


@pytest.fixture(autouse=True)
def as_before():
    before = settings()
    yield
    set_up(before)


def test_an_event_is_a_line_for_people_and_an_object_for_programs(tmp_path, capsys):
    file = tmp_path / "logs" / "events.jsonl"
    set_up(LogSettings("info", str(file)))
    note(LOG, logging.INFO, "a page opened", url="http://a.test/?q=1", parts=3)
    note(LOG, logging.DEBUG, "too small to tell")
    line = json.loads(file.read_text())
    assert (line["level"], line["logger"], line["event"]) == ("info", "webarena_gym.tests", "a page opened")
    assert (line["url"], line["parts"]) == ("http://a.test/?q=1", 3) and line["time"].endswith("+00:00")
    shown = capsys.readouterr().err
    assert shown.endswith('info tests: a page opened url="http://a.test/?q=1" parts=3\n') and shown.count("\n") == 1


def test_an_exception_comes_with_its_traceback(tmp_path, capsys):
    file = tmp_path / "events.jsonl"
    set_up(LogSettings("warning", str(file)))
    try:
        raise KeyError("x")
    except KeyError:
        LOG.exception("it failed")
    assert "KeyError" in json.loads(file.read_text())["traceback"] and "KeyError" in capsys.readouterr().err


def test_every_command_takes_a_level_and_a_file(tmp_path, capsys):
    file = tmp_path / "events.jsonl"
    assert main(["list", "--site", "shopping", "--log-level", "debug", "--log-file", str(file)]) == 0
    assert settings() == LogSettings("debug", str(file)) and file.exists()
    with pytest.raises(SystemExit):
        main(["list", "--log-level", "loud"])
    assert "invalid choice: 'loud'" in capsys.readouterr().err
    assert main(["list", "--log-file", "/proc/no/such"]) == 2
    assert "cannot be written to" in capsys.readouterr().err
