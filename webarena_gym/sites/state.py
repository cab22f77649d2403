"""One episode's state of one site: an open transaction on the shared image that is always rolled back.

Every env opens the same file. Its writes stay in its own page cache inside a transaction (``cache_spill=0``), which
``reset`` rolls back; no lock is taken (``vfs=unix-none``) and COMMIT is denied by an authorizer, so the file never
changes and any number of envs can share it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

from .image import private_copy

_MMAP_BYTES = 1 << 30  # reads come from the page cache of the system, shared by all processes
_CACHE_KIB = 1024


class SiteState:
    """A private, resettable view of a site's image.

    ``connection`` is in a transaction at all times, with rows as ``sqlite3.Row``. Not safe for two threads at once; a
    ``World`` serialises the requests that reach it.
    """

    def __init__(self, image: Path) -> None:
        self._private: Path | None = None
        if not _writable(image):
            image = self._private = private_copy(image)
        vfs = "&vfs=unix-none" if os.name == "posix" else ""
        self.connection = sqlite3.connect(
            f"file:{_quoted(image)}?mode=rw{vfs}", uri=True, isolation_level=None, check_same_thread=False
        )
        self.connection.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode=MEMORY",
            "synchronous=OFF",
            "cache_spill=0",
            "temp_store=MEMORY",
            f"cache_size=-{_CACHE_KIB}",
            f"mmap_size={_MMAP_BYTES}",
            "foreign_keys=OFF",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.set_authorizer(_deny_commit)
        self.connection.execute("BEGIN")

    def reset(self) -> None:
        """Forget every write since the image."""
        self.connection.execute("ROLLBACK")
        self.connection.execute("BEGIN")

    def hash(self) -> str:
        """SHA-256 over every row of every table, in table and row order: equal states, equal text."""
        digest = hashlib.sha256()
        tables = self.connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        for (name,) in tables:
            digest.update(f"\n{name}\n".encode())
            for row in self.connection.execute(f'SELECT * FROM "{name}"'):
                digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def close(self) -> None:
        self.connection.close()  # an open transaction is rolled back
        if self._private is not None:
            self._private.unlink(missing_ok=True)
            self._private = None


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _writable(image: Path) -> bool:
    """SQLite needs a file it could write, though it never does; a read-only disk shows only on opening."""
    try:
        os.close(os.open(image, os.O_RDWR))
    except OSError:
        return False
    return True


def _deny_commit(action: int, first: str | None, second: str | None, database: str | None, source: str | None) -> int:
    if action == sqlite3.SQLITE_TRANSACTION and first == "COMMIT":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
