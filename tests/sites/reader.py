"""A visitor without an account: opens pages, presses what is named, and checks the house rules of all that it sees."""

from __future__ import annotations

from webarena_gym.actions import Click, Fill, Goto
from webarena_gym.engines.base import EpisodeStart
from webarena_gym.engines.http import HttpEngine
from webarena_gym.observation import render_lines
from webarena_gym.sites.lint import lint
from webarena_gym.sites.world import World
from webarena_gym.types import HttpReply


class Reader:
    """Starts on the first page of ``origin``."""

    def __init__(self, world: World, origin: str) -> None:
        self.world, self.origin = world, origin
        self.engine = HttpEngine(world)
        self.engine.reset(EpisodeStart((f"{origin}/",), world.origins, ()))
        self._check()

    @property
    def url(self) -> str:
        """The address after the origin."""
        return self.engine.page().url.removeprefix(self.origin)

    @property
    def text(self) -> str:
        return "\n".join(render_lines(self.engine.page().nodes))

    def names(self, role: str) -> list[str]:
        return [node.name for node in self.engine.page().nodes if node.role == role]

    def get(self, path: str) -> HttpReply:
        """What a path answers, without going there."""
        return self.engine.client().get(self.origin + path)

    def open(self, path: str) -> Reader:
        self.engine.execute(Goto(self.origin + path))
        return self._check()

    def click(self, role: str, name: str, nth: int = 0) -> Reader:
        self.engine.execute(Click(self._find(role, name, nth)))
        return self._check()

    def fill(self, name: str, text: str) -> Reader:
        self.engine.execute(Fill(self._find("textbox", name), text))
        return self

    def _find(self, role: str, name: str, nth: int = 0) -> int:
        found = [n.id for n in self.engine.page().nodes if n.role == role and n.name == name and n.id is not None]
        assert len(found) > nth, f"no {role} {name!r} on {self.url}:\n{self.text}"
        return found[nth]

    def _check(self) -> Reader:
        assert lint(self.engine.document().html) == [], self.url
        return self
