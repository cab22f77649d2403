"""A visitor of GitLab for tests: Byte Blaze, others, and guests."""

from __future__ import annotations

from tests.sites.reader import Reader
from webarena_gym.engines.base import Engine
from webarena_gym.sites.gitlab.routes.common import SESSION_COOKIE
from webarena_gym.sites.gitlab.store import GitLabStore
from webarena_gym.sites.world import World

ORIGIN = "http://gitlab.test"
A11Y = "/a11yproject/a11yproject.com"


class Visitor(Reader):
    """``user`` is who is signed in; None is a guest without a session."""

    def __init__(self, world: World, user: str | None = "byteblaze", *, engine: Engine | None = None) -> None:
        cookies = {}
        if user is not None:
            store: GitLabStore = world.store("gitlab")
            person = store.people.by_username(user)
            assert person is not None, user
            cookies = {SESSION_COOKIE: store.open_session(person.id)}
        super().__init__(world, ORIGIN, cookies, engine=engine)

    @property
    def store(self) -> GitLabStore:
        return self.world.store("gitlab")

    @property
    def status(self) -> int:
        """What this page's address answers when it is fetched once more."""
        return self.engine.client().get(self.engine.page().url).status

    def messages(self) -> list[str]:
        """What the page's alert says."""
        return self.css(".flash > div")

    def search(self, name: str, text: str, role: str = "searchbox") -> Visitor:
        """Fill and press Enter."""
        return self.fill(name, text, role, enter=True)

    def post(self, path: str, **fields: str) -> int:
        """Send a form that no page need offer; returns the status of where it leads."""
        return self.post_fields(path, list(fields.items()))

    def post_fields(self, path: str, fields: list[tuple[str, str]]) -> int:
        """The same with names that Python does not allow."""
        return self.send(path, fields).status

    def sent(self, method: str = "POST") -> list[tuple[str, int]]:
        """(address after the origin, status) of the requests of a method, oldest first."""
        return [(event.url.removeprefix(ORIGIN), event.status) for event in self.world.events if event.method == method]

    def _is_a_file(self) -> bool:
        return not self.html.lstrip().startswith("<!doctype")
