"""The category tree and what lies in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...magento import slug
from .grid import like
from .refused import Refused

ROOT_ID = 2  # "Default Category"; its children are the storefront's menu


class Category(NamedTuple):
    """``path`` is the address below the origin, without ``.html``; ``level`` is 1 for the root."""

    id: int
    parent_id: int
    name: str
    url_key: str
    path: str
    level: int
    position: int
    is_active: int
    include_in_menu: int
    description: str


_COLUMNS = ", ".join(Category._fields)


class Categories:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def category(self, category_id: int) -> Category | None:
        return self._one("id = ?", category_id)

    def by_path(self, path: str) -> Category | None:
        return self._one("path = ?", path)

    def children(self, category_id: int) -> list[Category]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM category WHERE parent_id = ? ORDER BY position, id", (category_id,)
        )
        return [Category(*row) for row in rows]

    def trail(self, category: Category) -> list[Category]:
        """From the top of the menu down to this one, itself included."""
        trail = [category]
        while (parent := self.category(trail[-1].parent_id)) is not None and parent.id != ROOT_ID:
            trail.append(parent)
        return trail[::-1]

    def of_product(self, product_id: int) -> list[Category]:
        columns = ", ".join(f"c.{name}" for name in Category._fields)
        rows = self._connection.execute(
            f"SELECT {columns} FROM product_category p JOIN category c ON c.id = p.category_id WHERE p.product_id = ? "
            "ORDER BY c.level, c.id",
            (product_id,),
        )
        return [Category(*row) for row in rows]

    def paths(self) -> list[tuple[int, str]]:
        """(id, address below the origin without ``.html``) of every category of the menu, newest first."""
        rows = self._connection.execute("SELECT id, path FROM category WHERE id > ? ORDER BY id DESC", (ROOT_ID,))
        return [(row[0], row[1]) for row in rows]

    def product_ids(self, category_id: int) -> list[int]:
        """The products of a category that the storefront shows, in its order."""
        rows = self._connection.execute(
            "SELECT c.product_id FROM product_category c JOIN product p ON p.id = c.product_id "
            "WHERE c.category_id = ? AND p.status = 1 AND p.visibility IN (2, 4) ORDER BY c.position, c.product_id",
            (category_id,),
        )
        return [row[0] for row in rows]

    def search_ids(self, text: str) -> list[int]:
        """The products that a storefront search finds: any word in name, SKU or description; most words first."""
        words = list(dict.fromkeys(text.lower().split()))[:12]
        if not words:
            return []
        score = " + ".join(
            "(CASE WHEN name LIKE ? ESCAPE '\\' OR sku LIKE ? ESCAPE '\\' THEN 3 "
            "WHEN description LIKE ? ESCAPE '\\' THEN 1 ELSE 0 END)"
            for _ in words
        )
        patterns = [like(word) for word in words for _ in range(3)]
        rows = self._connection.execute(
            f"SELECT id, {score} AS score FROM product WHERE status = 1 AND visibility IN (3, 4) AND score > 0 "
            "ORDER BY score DESC, id",
            patterns,
        )
        return [row[0] for row in rows]

    def save(self, category_id: int, fields: Mapping[str, Any]) -> None:
        """Set name, url_key, is_active, include_in_menu or description, whichever are given.

        Raises:
            Refused: the name is empty.
        """
        allowed = {"name", "url_key", "is_active", "include_in_menu", "description"}
        if unknown := fields.keys() - allowed:
            raise ValueError(f"no editable fields of a category: {sorted(unknown)}")
        if not str(fields.get("name", "-")).strip():
            raise Refused('The "Category Name" attribute value is empty. Set the attribute and try again.')
        if fields:
            assignments = ", ".join(f"{name} = ?" for name in fields)
            self._connection.execute(f"UPDATE category SET {assignments} WHERE id = ?", (*fields.values(), category_id))

    def create(self, parent_id: int, name: str, *, is_active: bool = True, include_in_menu: bool = True) -> int:
        """A new category at the end of its parent; returns its id."""
        parent = self.category(parent_id)
        if parent is None or not name.strip():
            raise Refused('The "Category Name" attribute value is empty. Set the attribute and try again.')
        path = slug(name) if parent_id == ROOT_ID else f"{parent.path}/{slug(name)}"
        category_id = self._connection.execute(
            "INSERT INTO category (parent_id, name, url_key, path, level, position, is_active, include_in_menu, description) "
            "SELECT ?, ?, ?, ?, ?, coalesce(max(position), 0) + 1, ?, ?, '' FROM category WHERE parent_id = ?",
            (parent_id, name.strip(), slug(name), path, parent.level + 1, is_active, include_in_menu, parent_id),
        ).lastrowid
        assert category_id is not None
        return category_id

    def _one(self, condition: str, value: str | int) -> Category | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM category WHERE {condition}", (value,)).fetchone()
        return None if row is None else Category(*row)
