"""The package's logs: lines for people on stderr, and JSON lines for programs in a file.

Every logger lies below ``webarena_gym``. ``note`` logs an event with named fields, which both forms keep apart from the
text. Nothing is set up on import: a command calls ``set_up``, and hands ``settings`` to the processes that it starts.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

ROOT = "webarena_gym"
LEVELS = ("debug", "info", "warning", "error")


class LogSettings(NamedTuple):
    """What is logged, and where to. Plain values, so that another process can be told."""

    level: str = "warning"
    file: str | None = None


_settings = LogSettings()


def add_log_options(parser: argparse.ArgumentParser) -> None:
    """``--log-level`` and ``--log-file``, which every command takes."""
    group = parser.add_argument_group("logs")
    group.add_argument(
        "--log-level", choices=LEVELS, default="warning", help="least serious events to log (%(default)s)"
    )
    group.add_argument("--log-file", default=None, metavar="FILE", help="add the events to this file as JSON lines too")


def set_up(settings: LogSettings) -> None:
    """Log to stderr, and to the file if one is named; what was set up before is replaced.

    Raises:
        ValueError: The file cannot be written to.
    """
    global _settings
    handlers: list[logging.Handler] = [_Stderr()]
    handlers[0].setFormatter(_TextLines())
    if settings.file is not None:
        try:
            Path(settings.file).parent.mkdir(parents=True, exist_ok=True)
            handlers.append(logging.FileHandler(settings.file, encoding="utf-8"))
        except OSError as error:
            raise ValueError(f"--log-file {settings.file} cannot be written to: {error}") from None
        handlers[1].setFormatter(_JsonLines())
    root = logging.getLogger(ROOT)
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(settings.level.upper())
    _settings = settings


def settings() -> LogSettings:
    """What ``set_up`` was last told in this process."""
    return _settings


def note(logger: logging.Logger, level: int, event: str, **fields: Any) -> None:
    """Log ``event``, a few words that never change, with what changes as fields."""
    logger.log(level, event, extra={"fields": fields})


class _Stderr(logging.StreamHandler):
    """Writes to what ``sys.stderr`` is when an event is logged: a progress bar puts itself there."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _TextLines(logging.Formatter):
    """``12:00:01 warning engines.chromium: Chromium was replaced reason="it hung"``."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        name = record.name.removeprefix(f"{ROOT}.")
        fields = "".join(f" {key}={_shown(value)}" for key, value in getattr(record, "fields", {}).items())
        text = f"{time} {record.levelname.lower()} {name}: {record.getMessage()}{fields}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class _JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, event, process, and the event's fields."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            "process": os.getpid(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=True)


def _shown(value: Any) -> str:
    return json.dumps(value, default=str) if isinstance(value, str) and not value.isalnum() else str(value)
