"""A file that is replaced whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from webarena_gym.agents.whole_file import write_atomically


def test_a_file_is_replaced_and_missing_folders_are_made(tmp_path: Path) -> None:
    file = tmp_path / "runs" / "first" / "result.json"
    write_atomically(file, b"old")
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new" and os.listdir(file.parent) == ["result.json"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "result.json"
    write_atomically(file, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
