"""A site's image: the one SQLite file that holds its seed data, built once into a cache folder and shared by all.

Built under a lock into a temporary name and renamed, so a reader never sees half a file; named by a hash of everything
it was built from, so new seed data is a new file. A file cut short is noticed by its length and built again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from ..errors import CacheError

CACHE_VARIABLE = "WEBARENA_GYM_CACHE"
_LOCK_TIMEOUT_S = 600
_HEADER = 100  # bytes of a SQLite header; page size at 16, page count at 28, both big-endian

Build = Callable[[sqlite3.Connection], None]


def default_cache_dir() -> Path:
    """Where images are kept: $WEBARENA_GYM_CACHE, else the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("webarena-gym"))


def fingerprint(*folders: Path, extra: str = "") -> str:
    """A hash of every file below the folders (byte code aside) and of ``extra``."""
    digest = hashlib.sha256(extra.encode())
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def ensure_image(name: str, key: str, build: Build, cache_dir: Path | None = None) -> Path:
    """The path of the image, built by ``build(connection)`` unless a whole one is there.

    Raises:
        CacheError: the folder cannot be written, is full, or another process holds the lock for too long.
    """
    folder = cache_dir or default_cache_dir()
    path = folder / f"{name}-{key}.sqlite"
    if is_whole(path):
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(str(path) + ".lock", timeout=_LOCK_TIMEOUT_S):
            if not is_whole(path):
                print(f"webarena-gym: preparing the {name} site in {folder} (once)", file=sys.stderr, flush=True)
                _build(path, build)
    except Timeout:
        raise CacheError(
            f"another process has been building {path} for {_LOCK_TIMEOUT_S} s; stop it or delete {path}.lock"
        ) from None
    except (OSError, sqlite3.OperationalError) as error:
        raise CacheError(
            f"cannot write the site image {path}: {error}. Free some space there, or name another folder in "
            f"{CACHE_VARIABLE} or cache_dir="
        ) from error
    return path


def is_whole(path: Path) -> bool:
    """True if the file is as long as its own header says."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
            size = os.fstat(file.fileno()).st_size
    except OSError:
        return False
    if len(header) < _HEADER or not header.startswith(b"SQLite format 3\0"):
        return False
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    return size == page_size * int.from_bytes(header[28:32], "big")


def _build(path: Path, build: Build) -> None:
    handle, name = tempfile.mkstemp(prefix=path.stem, suffix=".partial", dir=path.parent)
    os.close(handle)
    partial = Path(name)
    try:
        connection = sqlite3.connect(partial, isolation_level=None)
        try:
            for pragma in ("page_size=4096", "journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("BEGIN")
            build(connection)
            connection.execute("COMMIT")
            connection.execute("ANALYZE")
        finally:
            connection.close()
        partial.chmod(0o644)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def private_copy(path: Path) -> Path:
    """A copy of the image in a temporary file, for a cache folder that cannot be written."""
    handle, name = tempfile.mkstemp(prefix="webarena-gym-", suffix=".sqlite")
    os.close(handle)
    shutil.copyfile(path, name)
    return Path(name)
