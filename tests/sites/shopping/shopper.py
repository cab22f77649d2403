"""A visitor of the shop for tests: opens pages, presses what is named, and checks the house rules of all it sees."""

from __future__ import annotations

from webarena_gym.actions import Check, Click, Fill, Goto, Select
from webarena_gym.engines.base import Cookie, Engine, EpisodeStart
from webarena_gym.engines.http import HttpEngine
from webarena_gym.observation import render_lines
from webarena_gym.sites.lint import lint
from webarena_gym.sites.shopping.store import ShopStore
from webarena_gym.sites.world import World
from webarena_gym.types import Node

ORIGIN = "http://shopping.test"


class Shopper:
    """``signed_in`` starts as Emma, otherwise as a guest without a session."""

    def __init__(self, world: World, *, signed_in: bool = True, engine: Engine | None = None) -> None:
        self.world = world
        self.engine = engine or HttpEngine(world)
        cookies = world.sign_in("shopping") if signed_in else {}
        world.events.clear()
        self.engine.reset(
            EpisodeStart(
                (f"{ORIGIN}/",), world.origins, tuple(Cookie(ORIGIN, name, value) for name, value in cookies.items())
            )
        )

    @property
    def store(self) -> ShopStore:
        return self.world.store("shopping")

    @property
    def url(self) -> str:
        """The address after the origin."""
        return self.engine.page().url.removeprefix(ORIGIN)

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

    def messages(self) -> list[str]:
        """What stands below the page's alert, if it has one."""
        lines = self.text.split("\n")
        if "alert:" not in lines:
            return []
        start = lines.index("alert:") + 1
        end = next((i for i in range(start, len(lines)) if lines[i].startswith(("#", "["))), len(lines))
        return lines[start:end]

    def open(self, path: str) -> Shopper:
        self.engine.execute(Goto(path))
        return self._checked()

    def find(self, role: str, name: str, nth: int = 0) -> int:
        """The id of the nth element of this role whose name is ``name``."""
        found = [node.id for node in self.nodes if node.role == role and node.name == name and node.id is not None]
        assert len(found) > nth, f"no {role} {name!r} (number {nth}) on {self.url}:\n{self.text}"
        return found[nth]

    def click(self, role: str, name: str, nth: int = 0) -> Shopper:
        self.engine.execute(Click(self.find(role, name, nth)))
        return self._checked()

    def press(self, name: str, nth: int = 0) -> Shopper:
        """Click a button."""
        return self.click("button", name, nth)

    def follow(self, name: str, nth: int = 0) -> Shopper:
        """Click a link."""
        return self.click("link", name, nth)

    def fill(self, name: str, text: str, role: str = "textbox", nth: int = 0) -> Shopper:
        self.engine.execute(Fill(self.find(role, name, nth), text))
        return self

    def choose(self, name: str, option: str) -> Shopper:
        self.engine.execute(Select(self.find("combobox", name), (option,)))
        return self

    def check(self, name: str, role: str = "checkbox") -> Shopper:
        self.engine.execute(Check(self.find(role, name)))
        return self

    def _checked(self) -> Shopper:
        if self.url.split("?")[0].endswith((".svg", ".css", ".ico")):
            return self  # opened by itself: the document is the browser's
        problems = lint(self.html)
        assert not problems, f"{self.url}: {problems}"
        return self

    # --- shortcuts ---

    def product_url(self, fact: str) -> str:
        product = self.store.catalogue.product_by_fact(fact)
        assert product is not None
        return product.card.url

    def buy(self, fact: str) -> Shopper:
        """Put a product into the cart from its own page."""
        self.open(self.product_url(fact)).press("Add to Cart")
        return self
