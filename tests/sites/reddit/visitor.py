"""A visitor of the forum for tests: the user of all tasks, others, and guests."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from tests.sites.reader import Reader
from webarena_gym.engines.base import Engine
from webarena_gym.sites.reddit.routes.common import SESSION_COOKIE
from webarena_gym.sites.reddit.store import RedditStore
from webarena_gym.sites.reddit.store.submissions import Submission
from webarena_gym.sites.world import World
from webarena_gym.types import HttpReply

ORIGIN = "http://reddit.test"
ME = "MarvelsGrantMan136"


class Visitor(Reader):
    """``user`` is who is signed in; None is a guest without a session."""

    def __init__(self, world: World, user: str | None = ME, *, engine: Engine | None = None) -> None:
        cookies = {}
        if user is not None:
            store: RedditStore = world.store("reddit")
            found = store.users.by_name(user)
            assert found is not None, user
            cookies = {SESSION_COOKIE: store.open_session(found.id)}
        super().__init__(world, ORIGIN, cookies, engine=engine)

    @property
    def store(self) -> RedditStore:
        return self.world.store("reddit")

    def css(self, selector: str) -> list[str]:
        """The text of every element that a selector finds, white space within it as it stands."""
        return [node.text().strip() for node in LexborHTMLParser(self.html).css(selector)]

    def posts(self) -> list[int]:
        """The ids of the posts that the page lists, from their links to the comments."""
        links = LexborHTMLParser(self.html).css(".submission__nav a")
        paths = (re.match(r"/f/\w+/(\d+)/[^/]+$", node.attributes.get("href") or "") for node in links)
        return [int(path[1]) for path in paths if path is not None]

    def messages(self) -> list[str]:
        """What the page's alerts say."""
        return self.css(".alert")

    def post(self, path: str, **fields: str) -> HttpReply:
        """The answer to a form that no page need offer; two underscores in a field's name stand for brackets around the rest."""
        return self.send(path, [(re.sub(r"__(\w+)$", r"[\1]", name), value) for name, value in fields.items()])

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

    def _is_a_file(self) -> bool:
        return not self.html.lstrip().lower().startswith("<!doctype html>")
