"""One episode's state of one site: an open transaction on the shared image that is always rolled back.

Every env opens the same file. Its writes stay in its own page cache inside a transaction (``cache_spill=0``), which
``reset`` rolls back; no lock is taken (``vfs=unix-none``) and COMMIT is denied by an authorizer, so the file never
changes and any number of envs can share it.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal

from .image import private_copy

_MMAP_BYTES = 1 << 30  # reads come from the page cache of the system, shared by all processes
_CACHE_KIB = 1024
_WRITES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})

Row = dict[str, Any]
ChangeKind = Literal["inserted", "deleted", "updated"]


class SiteState:
    """A private, resettable view of a site's image.

    ``connection`` is in a transaction at all times, with rows as ``sqlite3.Row``. Not safe for two threads at once; a
    ``World`` serialises the requests that reach it.
    """

    def __init__(self, image: Path) -> None:
        self._private: Path | None = None
        if not _writable(image):
            image = self._private = private_copy(image)
        self._image, self._compared = image, False  # the image is attached while it is compared with
        self._written: set[str] = set()  # tables that some statement since the opening was to write to
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
        self.connection.set_authorizer(functools.partial(_authorize, self._written))
        self.connection.execute("BEGIN")

    def reset(self) -> None:
        """Forget every write since the image."""
        self.connection.execute("ROLLBACK")
        if self._compared:  # within a transaction it could not be detached
            self.connection.execute("DETACH image")
            self._compared = False
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

    def changes(self, left_out: Collection[str] = ()) -> Iterator[tuple[str, ChangeKind, Row, Row]]:
        """(table, kind, row before, row after) of each row that differs from the image, without the tables ``left_out``.

        Only tables that were written to are compared; virtual tables and their shadows mirror others and are not. A row
        is the same one as long as it keeps its primary key.
        """
        written = self._written - set(left_out)
        if not written:
            return
        if not self._compared:
            self._compared = True
            self.connection.execute("ATTACH ? AS image", (f"file:{_quoted(self._image)}?mode=ro&immutable=1",))
            for pragma in (f"cache_size=-{_CACHE_KIB}", f"mmap_size={_MMAP_BYTES}"):
                self.connection.execute(f"PRAGMA image.{pragma}")
        schema = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND rootpage"
        virtual = [name for (name,) in self.connection.execute(f"{schema} = 0")]
        for (table,) in self.connection.execute(f"{schema} > 0 ORDER BY name").fetchall():
            if table in written and not any(table.startswith(f"{name}_") for name in virtual):
                yield from self._changes_of(table)

    def _changes_of(self, table: str) -> Iterator[tuple[str, ChangeKind, Row, Row]]:
        columns = self.connection.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
        key = [column["name"] for column in columns if column["pk"]] or ["rowid"]
        names = list(dict.fromkeys([*key, *(column["name"] for column in columns)]))
        # Row by row over the key: EXCEPT would sort both tables whole, seconds for a long one. The comparison is binary, as
        # a column's own collation may take two spellings for one value.
        same_key = " AND ".join(f'a."{name}" = b."{name}"' for name in key)
        differ = " OR ".join(f'a."{name}" COLLATE BINARY IS NOT b."{name}"' for name in names)
        shown = ", ".join(f'a."{name}"' for name in names)
        now, then = (
            {
                tuple(row[: len(key)]): dict(zip(names, row, strict=True))
                for row in self.connection.execute(
                    f'SELECT {shown} FROM {here}."{table}" a LEFT JOIN {there}."{table}" b ON {same_key} WHERE {differ}'
                )
            }
            for here, there in (("main", "image"), ("image", "main"))
        )
        for changed in sorted(now.keys() | then.keys(), key=repr):
            before, after = then.get(changed, {}), now.get(changed, {})
            yield table, "updated" if before and after else "inserted" if after else "deleted", before, after

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


def _authorize(
    written: set[str], action: int, first: str | None, second: str | None, schema: str | None, source: str | None
) -> int:
    """Deny COMMIT and note which tables are written to.

    Called when a statement is prepared; prepared ones are kept for later, so ``written`` is never emptied.
    """
    if action in _WRITES and first is not None:
        written.add(first)
    if action == sqlite3.SQLITE_TRANSACTION and first == "COMMIT":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
