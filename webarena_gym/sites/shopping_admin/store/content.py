"""Pages, blocks and themes."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from .refused import Refused


class CmsPage(NamedTuple):
    id: int
    title: str
    url_key: str
    layout: str
    is_active: int
    content_heading: str
    content: str
    meta_title: str
    meta_keywords: str
    meta_description: str
    created_at: str
    updated_at: str


class CmsBlock(NamedTuple):
    id: int
    title: str
    identifier: str
    is_active: int
    content: str
    created_at: str
    updated_at: str


class Theme(NamedTuple):
    id: int
    title: str
    path: str
    parent_id: int | None


_PAGE, _BLOCK = ", ".join(CmsPage._fields), ", ".join(CmsBlock._fields)
_FIXED = {"id", "created_at", "updated_at"}


class Content:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def page(self, page_id: int) -> CmsPage | None:
        row = self._connection.execute(f"SELECT {_PAGE} FROM cms_page WHERE id = ?", (page_id,)).fetchone()
        return None if row is None else CmsPage(*row)

    def page_by_key(self, url_key: str) -> CmsPage | None:
        """An enabled page, as the storefront shows it."""
        row = self._connection.execute(
            f"SELECT {_PAGE} FROM cms_page WHERE url_key = ? AND is_active ORDER BY id LIMIT 1", (url_key,)
        ).fetchone()
        return None if row is None else CmsPage(*row)

    def save_page(self, page_id: int | None, fields: Mapping[str, Any], when: str) -> int:
        """Set the fields that are given, or add a page (id None); returns its id.

        Raises:
            Refused: the title is empty.
        """
        return self._save("cms_page", CmsPage._fields, page_id, fields, when)

    def set_pages_active(self, page_ids: Collection[int], active: bool) -> int:
        marks = ",".join("?" * len(page_ids))
        return self._connection.execute(
            f"UPDATE cms_page SET is_active = ? WHERE id IN ({marks})", (int(active), *page_ids)
        ).rowcount

    def delete_pages(self, page_ids: Collection[int]) -> int:
        marks = ",".join("?" * len(page_ids))
        return self._connection.execute(f"DELETE FROM cms_page WHERE id IN ({marks})", list(page_ids)).rowcount

    def block(self, block_id: int) -> CmsBlock | None:
        row = self._connection.execute(f"SELECT {_BLOCK} FROM cms_block WHERE id = ?", (block_id,)).fetchone()
        return None if row is None else CmsBlock(*row)

    def save_block(self, block_id: int | None, fields: Mapping[str, Any], when: str) -> int:
        """As ``save_page``."""
        return self._save("cms_block", CmsBlock._fields, block_id, fields, when)

    def set_blocks_active(self, block_ids: Collection[int], active: bool) -> int:
        marks = ",".join("?" * len(block_ids))
        return self._connection.execute(
            f"UPDATE cms_block SET is_active = ? WHERE id IN ({marks})", (int(active), *block_ids)
        ).rowcount

    def delete_blocks(self, block_ids: Collection[int]) -> int:
        marks = ",".join("?" * len(block_ids))
        return self._connection.execute(f"DELETE FROM cms_block WHERE id IN ({marks})", list(block_ids)).rowcount

    def theme(self, theme_id: int) -> Theme | None:
        row = self._connection.execute(
            "SELECT id, title, path, parent_id FROM theme WHERE id = ?", (theme_id,)
        ).fetchone()
        return None if row is None else Theme(*row)

    def _save(
        self, table: str, columns: Collection[str], row_id: int | None, fields: Mapping[str, Any], when: str
    ) -> int:
        if unknown := fields.keys() - (set(columns) - _FIXED):
            raise ValueError(f"no editable fields of {table}: {sorted(unknown)}")
        if not str(fields.get("title", "" if row_id is None else "-")).strip():
            raise Refused("Required field 'title' is empty.")
        if row_id is None:
            numbers = {"is_active"}
            values = {name: fields.get(name, 1 if name in numbers else "") for name in columns if name not in _FIXED}
            values |= {"created_at": when, "updated_at": when}
            new_id = self._connection.execute(
                f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
                (*values.values(),),
            ).lastrowid
            assert new_id is not None
            return new_id
        assignments = "".join(f"{name} = ?, " for name in fields)
        self._connection.execute(
            f"UPDATE {table} SET {assignments}updated_at = ? WHERE id = ?", (*fields.values(), when, row_id)
        )
        return row_id
