"""A visitor of a site: opens pages, presses what is named, and checks the house rules of all that it sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from selectolax.lexbor import LexborHTMLParser

from webarena_gym.actions import Check, Click, Fill, Goto, Select, Uncheck
from webarena_gym.engines.base import Cookie, Engine, EpisodeStart
from webarena_gym.engines.forms import urlencode
from webarena_gym.engines.http import HttpEngine
from webarena_gym.observation import render_lines
from webarena_gym.sites.lint import lint
from webarena_gym.sites.world import World
from webarena_gym.types import HttpReply, Node


class Reader:
    """Starts on ``start``, a path below ``origin``, with these cookies; without them as a guest who has no session.

    What it does returns itself, so that a way through a site is one line.
    """

    def __init__(
        self,
        world: World,
        origin: str,
        cookies: Mapping[str, str] | None = None,
        *,
        start: str = "/",
        engine: Engine | None = None,
    ) -> None:
        self.world, self.origin = world, origin
        self.engine = engine or HttpEngine(world)
        held = tuple(Cookie(origin, name, value) for name, value in (cookies or {}).items())
        world.events.clear()
        self.engine.reset(EpisodeStart((origin + start,), world.origins, held))
        self._checked()

    @property
    def url(self) -> str:
        """The address after the origin."""
        return self.engine.page().url.removeprefix(self.origin)

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
        """The text of every element that a selector finds, white space collapsed."""
        return [" ".join(node.text().split()) for node in LexborHTMLParser(self.html).css(selector)]

    def names(self, role: str) -> list[str]:
        """The names of all elements of a role, in order."""
        return [node.name for node in self.nodes if node.role == role]

    def find(self, role: str, name: str, nth: int = 0) -> int:
        """The id of the nth element of this role whose name is ``name``."""
        found = [node.id for node in self.nodes if node.role == role and node.name == name and node.id is not None]
        assert len(found) > nth, f"no {role} {name!r} (number {nth}) on {self.url}:\n{self.text}"
        return found[nth]

    def open(self, path: str) -> Self:
        self.engine.execute(Goto(self.origin + path))
        return self._checked()

    def click(self, role: str, name: str, nth: int = 0) -> Self:
        self.engine.execute(Click(self.find(role, name, nth)))
        return self._checked()

    def press(self, name: str, nth: int = 0) -> Self:
        """Click a button."""
        return self.click("button", name, nth)

    def follow(self, name: str, nth: int = 0) -> Self:
        """Click a link."""
        return self.click("link", name, nth)

    def fill(self, name: str, text: str, role: str = "textbox", nth: int = 0, *, enter: bool = False) -> Self:
        """Type into a field, and press Enter there if ``enter``."""
        self.engine.execute(Fill(self.find(role, name, nth), text, enter=enter))
        return self._checked() if enter else self

    def choose(self, name: str, *options: str, role: str = "combobox", nth: int = 0) -> Self:
        self.engine.execute(Select(self.find(role, name, nth), options))
        return self

    def check(self, name: str, role: str = "checkbox") -> Self:
        self.engine.execute(Check(self.find(role, name)))
        return self

    def uncheck(self, name: str) -> Self:
        self.engine.execute(Uncheck(self.find("checkbox", name)))
        return self

    def get(self, path: str) -> HttpReply:
        """What a path answers, without going there."""
        return self.engine.client().get(self.origin + path)

    def send(self, path: str, fields: Iterable[tuple[str, str]]) -> HttpReply:
        """The answer to a form that no page need offer."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.engine.client().request("POST", self.origin + path, headers=headers, body=urlencode(list(fields)))

    def _checked(self) -> Self:
        if not self._is_a_file():
            problems = lint(self.html)
            assert not problems, f"{self.url}: {problems}"
        return self

    def _is_a_file(self) -> bool:
        """Whether a picture, a style sheet or a text was opened by itself: the document around it is the browser's."""
        return False
