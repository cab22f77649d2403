"""A user of the admin for tests: opens pages, presses what is named, and checks the house rules of all they see."""

from __future__ import annotations

from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from webarena_gym.actions import Check, Click, Fill, Goto, Select, Uncheck
from webarena_gym.engines.base import Cookie, Engine, EpisodeStart
from webarena_gym.engines.forms import urlencode
from webarena_gym.engines.http import HttpEngine
from webarena_gym.observation import render_lines
from webarena_gym.sites.lint import lint
from webarena_gym.sites.shopping_admin.store import AdminStore
from webarena_gym.sites.world import World
from webarena_gym.types import HttpReply, NetworkEvent, Node

ORIGIN = "http://admin.test"


class Clerk:
    """Paths are below the admin's base; those that start with ``//`` are the storefront's (without one slash)."""

    def __init__(self, world: World, *, signed_in: bool = True, engine: Engine | None = None) -> None:
        self.world = world
        self.engine = engine or HttpEngine(world)
        cookies = world.sign_in("shopping_admin") if signed_in else {}
        world.events.clear()
        self.engine.reset(
            EpisodeStart((f"{ORIGIN}/admin",), world.origins, tuple(Cookie(ORIGIN, *pair) for pair in cookies.items()))
        )

    @property
    def store(self) -> AdminStore:
        return self.world.store("shopping_admin")

    @property
    def url(self) -> str:
        """The address after the origin."""
        return self.engine.page().url.removeprefix(ORIGIN)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def title(self) -> str:
        return self.engine.page().title

    @property
    def nodes(self) -> tuple[Node, ...]:
        return self.engine.page().nodes

    @property
    def text(self) -> str:
        return "\n".join(render_lines(self.nodes))

    @property
    def html(self) -> str:
        return self.engine.document().html

    def names(self, role: str) -> list[str]:
        """The names of all elements of a role, in order."""
        return [node.name for node in self.nodes if node.role == role]

    def css(self, selector: str) -> list[str]:
        """The text of every element that a selector finds, white space collapsed."""
        return [" ".join(node.text().split()) for node in LexborHTMLParser(self.html).css(selector)]

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

    # --- doing ---

    def open(self, path: str) -> Clerk:
        self.engine.execute(Goto(ORIGIN + (path[1:] if path.startswith("//") else f"/admin{path}")))
        return self._checked()

    def find(self, role: str, name: str, nth: int = 0) -> int:
        found = [node.id for node in self.nodes if node.role == role and node.name == name and node.id is not None]
        assert len(found) > nth, f"no {role} {name!r} (number {nth}) on {self.url}:\n{self.text}"
        return found[nth]

    def click(self, role: str, name: str, nth: int = 0) -> Clerk:
        self.engine.execute(Click(self.find(role, name, nth)))
        return self._checked()

    def press(self, name: str, nth: int = 0) -> Clerk:
        return self.click("button", name, nth)

    def follow(self, name: str, nth: int = 0) -> Clerk:
        return self.click("link", name, nth)

    def fill(self, name: str, text: str, role: str = "textbox", nth: int = 0, *, enter: bool = False) -> Clerk:
        self.engine.execute(Fill(self.find(role, name, nth), text, enter=enter))
        return self._checked() if enter else self

    def choose(self, name: str, option: str, nth: int = 0) -> Clerk:
        self.engine.execute(Select(self.find("combobox", name, nth), (option,)))
        return self

    def check(self, name: str, role: str = "checkbox") -> Clerk:
        self.engine.execute(Check(self.find(role, name)))
        return self

    def uncheck(self, name: str) -> Clerk:
        self.engine.execute(Uncheck(self.find("checkbox", name)))
        return self

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> HttpReply:
        """A form posted without its page."""
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        return self.engine.client().request(
            "POST",
            f"{ORIGIN}/admin{path}",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(pairs),
        )

    def sent(self, method: str = "POST") -> list[NetworkEvent]:
        """The events of this method."""
        return [event for event in self.world.events if event.method == method]

    def _checked(self) -> Clerk:
        if self.path.endswith((".svg", ".css", ".ico")) or (
            self.path.endswith(("gridToCsv/", "/export/")) and self.path != "/admin/admin/export/"
        ):
            return self  # opened by itself: the document is the browser's
        problems = lint(self.html)
        assert not problems, f"{self.url}: {problems}"
        return self
