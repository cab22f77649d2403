"""A user of the admin for tests."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from tests.sites.reader import Reader
from webarena_gym.engines.base import Engine
from webarena_gym.sites.shopping_admin.store import AdminStore
from webarena_gym.sites.world import World
from webarena_gym.types import HttpReply, NetworkEvent

ORIGIN = "http://admin.test"


class Clerk(Reader):
    """Paths are below the admin's base; those that start with ``//`` are the storefront's (without one slash)."""

    def __init__(self, world: World, *, signed_in: bool = True, engine: Engine | None = None) -> None:
        cookies = world.sign_in("shopping_admin") if signed_in else None
        super().__init__(world, ORIGIN, cookies, start="/admin", engine=engine)

    @property
    def store(self) -> AdminStore:
        return self.world.store("shopping_admin")

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def value(self, name: str) -> str | None:
        """The ``value`` that a script would read of the first control of this name, as it came from the server."""
        node = LexborHTMLParser(self.html).css_first(f'[name="{name}"]')
        assert node is not None, f"no control {name!r} on {self.url}"
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            return None if chosen is None else chosen.attributes.get("value")
        return node.text() if node.tag == "textarea" else node.attributes.get("value")

    def messages(self) -> list[str]:
        return self.css("#messages .message, .messages[role=alert] .message")

    def rows(self) -> list[list[str]]:
        """The cells of the page's first grid, its filters left out."""
        table = LexborHTMLParser(self.html).css_first("table.data-grid tbody")
        assert table is not None, f"no grid on {self.url}"
        return [[" ".join(cell.text().split()) for cell in row.css("td")] for row in table.css("tr")]

    def column(self, index: int) -> list[str]:
        """One column of the page's first grid; empty if it says that there is nothing."""
        rows = self.rows()
        return [] if len(rows) == 1 and len(rows[0]) == 1 else [row[index] for row in rows]

    def open(self, path: str) -> Self:
        return super().open(path[1:] if path.startswith("//") else f"/admin{path}")

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> HttpReply:
        """A form posted without its page."""
        return self.send(f"/admin{path}", fields.items() if isinstance(fields, dict) else fields)

    def sent(self, method: str = "POST") -> list[NetworkEvent]:
        """The events of this method."""
        return [event for event in self.world.events if event.method == method]

    def _is_a_file(self) -> bool:
        return self.path.endswith((".svg", ".css", ".ico")) or (
            self.path.endswith(("gridToCsv/", "/export/")) and self.path != "/admin/admin/export/"
        )
