"""A visitor of the forum for tests: opens pages, presses what is named, and checks the house rules of all it sees."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from webarena_gym.actions import Check, Click, Fill, Goto, Select
from webarena_gym.engines.base import Cookie, Engine, EpisodeStart
from webarena_gym.engines.forms import urlencode
from webarena_gym.engines.http import HttpEngine
from webarena_gym.observation import render_lines
from webarena_gym.sites.lint import lint
from webarena_gym.sites.reddit.routes.common import SESSION_COOKIE
from webarena_gym.sites.reddit.store import RedditStore
from webarena_gym.sites.reddit.store.submissions import Submission
from webarena_gym.sites.world import World
from webarena_gym.types import HttpReply, Node

ORIGIN = "http://reddit.test"
ME = "MarvelsGrantMan136"


class Visitor:
    """``user`` is who is signed in; None is a guest without a session."""

    def __init__(self, world: World, user: str | None = ME, *, engine: Engine | None = None) -> None:
        self.world = world
        self.engine = engine or HttpEngine(world)
        cookies = ()
        if user is not None:
            found = self.store.users.by_name(user)
            assert found is not None, user
            cookies = (Cookie(ORIGIN, SESSION_COOKIE, self.store.open_session(found.id)),)
        world.events.clear()
        self.engine.reset(EpisodeStart((f"{ORIGIN}/",), world.origins, cookies))

    @property
    def store(self) -> RedditStore:
        return self.world.store("reddit")

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

    def css(self, selector: str) -> list[str]:
        """The text of every element that a selector finds."""
        return [node.text().strip() for node in LexborHTMLParser(self.html).css(selector)]

    def names(self, role: str) -> list[str]:
        """The names of all elements of a role, in order."""
        return [node.name for node in self.nodes if node.role == role]

    def posts(self) -> list[int]:
        """The ids of the posts that the page lists, from their links to the comments."""
        links = LexborHTMLParser(self.html).css(".submission__nav a")
        paths = (re.match(r"/f/\w+/(\d+)/[^/]+$", node.attributes.get("href") or "") for node in links)
        return [int(path[1]) for path in paths if path is not None]

    def messages(self) -> list[str]:
        """What the page's alerts say."""
        return self.css(".alert")

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

    def choose(self, name: str, option: str) -> Visitor:
        self.engine.execute(Select(self.find("combobox", name), (option,)))
        return self

    def check(self, name: str, role: str = "checkbox") -> Visitor:
        self.engine.execute(Check(self.find(role, name)))
        return self

    def get(self, path: str) -> HttpReply:
        """What a path answers, without going there."""
        return self.engine.client().get(f"{ORIGIN}{path}")

    def post(self, path: str, **fields: str) -> HttpReply:
        """The answer to a form that no page need offer; two underscores in a field's name stand for brackets around the rest."""
        pairs = [(re.sub(r"__(\w+)$", r"[\1]", name), value) for name, value in fields.items()]
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.engine.client().request("POST", f"{ORIGIN}{path}", headers=headers, body=urlencode(pairs))

    # --- shortcuts ---

    def submit(self, forum: str, title: str, *, body: str = "", url: str = "") -> Submission:
        """Post by the form, and what the store then holds."""
        self.open("/submit").choose("Forum *", forum).fill("Title *", title).fill("Body", body).fill("URL", url)
        self.press("Create submission")
        return self.submission()

    def submission(self) -> Submission:
        """The post whose page is open."""
        match = re.match(r"/f/\w+/(\d+)", self.url)
        assert match is not None, self.url
        found = self.store.submissions.one(int(match[1]))
        assert found is not None
        return found

    def count(self, sql: str, *values: object) -> int:
        """The number that a query gives."""
        return self.store.connection.execute(sql, values).fetchone()[0]

    def _checked(self) -> Visitor:
        if not self.html.lstrip().lower().startswith("<!doctype html>"):
            return self  # a picture or a feed by itself: the document around it is the browser's
        problems = lint(self.html)
        assert not problems, f"{self.url}: {problems}"
        return self
