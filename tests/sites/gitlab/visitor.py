"""A visitor of GitLab for tests: opens pages, presses what is named, and checks the house rules of all it sees."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from webarena_gym.actions import Check, Click, Fill, Goto, Select, Uncheck
from webarena_gym.engines.base import Cookie, Engine, EpisodeStart
from webarena_gym.engines.forms import urlencode
from webarena_gym.engines.http import HttpEngine
from webarena_gym.observation import render_lines
from webarena_gym.sites.gitlab.routes.common import SESSION_COOKIE
from webarena_gym.sites.gitlab.store import GitLabStore
from webarena_gym.sites.lint import lint
from webarena_gym.sites.world import World
from webarena_gym.types import Node

ORIGIN = "http://gitlab.test"
A11Y = "/a11yproject/a11yproject.com"


class Visitor:
    """``user`` is who is signed in; None is a guest without a session."""

    def __init__(self, world: World, user: str | None = "byteblaze", *, engine: Engine | None = None) -> None:
        self.world = world
        self.engine = engine or HttpEngine(world)
        cookies = ()
        if user is not None:
            person = self.store.people.by_username(user)
            assert person is not None, user
            cookies = (Cookie(ORIGIN, SESSION_COOKIE, self.store.open_session(person.id)),)
        world.events.clear()
        self.engine.reset(EpisodeStart((f"{ORIGIN}/",), world.origins, cookies))

    @property
    def store(self) -> GitLabStore:
        return self.world.store("gitlab")

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

    @property
    def status(self) -> int:
        """What this page's address answers when it is fetched once more."""
        return self.engine.client().get(self.engine.page().url).status

    def css(self, selector: str) -> list[str]:
        """The text of every element that matches, white space collapsed."""
        return [" ".join(node.text().split()) for node in LexborHTMLParser(self.html).css(selector)]

    def names(self, role: str) -> list[str]:
        """The names of all elements of a role, in order."""
        return [node.name for node in self.nodes if node.role == role]

    def messages(self) -> list[str]:
        """What the page's alert says."""
        return self.css(".flash > div")

    def open(self, path: str) -> Visitor:
        self.engine.execute(Goto(path))
        return self._checked()

    def find(self, role: str, name: str, nth: int = 0) -> int:
        """The id of the nth element of this role whose name is ``name``."""
        found = [node.id for node in self.nodes if node.role == role and node.name == name and node.id is not None]
        assert len(found) > nth, f"no {role} {name!r} (number {nth}) on {self.url}:\n{self.text}"
        return found[nth]

    def click(self, role: str, name: str, nth: int = 0) -> Visitor:
        self.engine.execute(Click(self.find(role, name, nth)))
        return self._checked()

    def press(self, name: str, nth: int = 0) -> Visitor:
        """Click a button."""
        return self.click("button", name, nth)

    def follow(self, name: str, nth: int = 0) -> Visitor:
        """Click a link."""
        return self.click("link", name, nth)

    def fill(self, name: str, text: str, role: str = "textbox", nth: int = 0) -> Visitor:
        self.engine.execute(Fill(self.find(role, name, nth), text))
        return self

    def search(self, name: str, text: str, role: str = "searchbox") -> Visitor:
        """Fill and press Enter."""
        self.engine.execute(Fill(self.find(role, name), text, enter=True))
        return self._checked()

    def choose(self, name: str, *options: str, role: str = "combobox", nth: int = 0) -> Visitor:
        self.engine.execute(Select(self.find(role, name, nth), options))
        return self

    def check(self, name: str, role: str = "checkbox") -> Visitor:
        self.engine.execute(Check(self.find(role, name)))
        return self

    def uncheck(self, name: str) -> Visitor:
        self.engine.execute(Uncheck(self.find("checkbox", name)))
        return self

    def post(self, path: str, **fields: str) -> int:
        """Send a form that no page need offer; returns the status of where it leads."""
        return self.post_fields(path, list(fields.items()))

    def post_fields(self, path: str, fields: list[tuple[str, str]]) -> int:
        reply = self.engine.client().request(
            "POST",
            f"{ORIGIN}{path}",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(fields),
        )
        return reply.status

    def sent(self, method: str = "POST") -> list[tuple[str, int]]:
        """(address after the origin, status) of the requests of a method, oldest first."""
        return [(event.url.removeprefix(ORIGIN), event.status) for event in self.world.events if event.method == method]

    def _checked(self) -> Visitor:
        if not self.html.lstrip().startswith("<!doctype"):
            return self  # a plain text: the document around it is the browser's
        problems = lint(self.html)
        assert not problems, f"{self.url}: {problems}"
        return self
