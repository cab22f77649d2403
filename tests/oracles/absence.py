"""Oracles answer N/A because the pages they read say nothing: where a page does say something, they repeat it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import Run, play
from webarena_gym.sites.world import World
from webarena_gym.tasks.oracles import load_oracles


class ChangedWorld(World):
    """Sites some of whose pages hold more: ``added`` is put at the end of the main part where ``path`` is in the address."""

    path = added = ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, [(name, value) for name, value in headers if name != "Content-Length"])

        body = b"".join(super().__call__(environ, start))
        found = self.added and self.path in environ["PATH_INFO"]
        return [body.replace(b"</main>", self.added.encode() + b"</main>") if found else body]


class AbsenceChecks:
    """Subclass it as ``Test<Site>Absence`` and set what follows.

    ``site``: the one that is served. ``nothing_found``: the tasks whose answer is N/A there. ``looks``: (task, part of an
    address) for each page that must have been opened before the answer. ``repeats``: (task, part of an address, HTML put
    into the pages there, what the answer then holds).
    """

    site: ClassVar[str]
    nothing_found: ClassVar[tuple[int, ...]]
    looks: ClassVar[tuple[tuple[int, str], ...]]
    repeats: ClassVar[tuple[tuple[int, str, str, str], ...]]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        cases = {"looked_at": self.looks, "repeated": self.repeats, "task_id": self.nothing_found}
        for name in set(metafunc.fixturenames) & set(cases):
            metafunc.parametrize(name, cases[name], ids=lambda case: str(case if isinstance(case, int) else case[:2]))

    @pytest.fixture(scope="class")
    @classmethod
    def env(cls, cache_dir: Path) -> Iterator[WebArenaEnv]:
        made = WebArenaEnv(cls.site, world=ChangedWorld([cls.site], cache_dir=cache_dir))
        yield made
        made.close()

    def test_nothing_found_is_answered_with_na(self, env: WebArenaEnv, task_id: int) -> None:
        """Alone, or with what cannot be done."""
        assert solve(env, task_id).actions[-1].startswith(('stop("N/A")', 'stop("N/A. '))

    def test_na_comes_after_a_look_where_a_visitor_would_look(
        self, env: WebArenaEnv, looked_at: tuple[int, str]
    ) -> None:
        task_id, path = looked_at
        assert any(path in info["url"] for _, _, info in solve(env, task_id).steps)

    def test_what_a_page_says_is_repeated(self, env: WebArenaEnv, repeated: tuple[int, str, str, str]) -> None:
        task_id, path, added, answer = repeated
        assert answer in solve(env, task_id, path, added).actions[-1]


def solve(env: WebArenaEnv, task_id: int, path: str = "", added: str = "") -> Run:
    world = env.world
    assert isinstance(world, ChangedWorld)
    world.path, world.added = path, added
    return play(env, load_oracles().solutions[task_id], task_id)
