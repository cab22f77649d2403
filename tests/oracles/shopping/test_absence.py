"""Oracles answer N/A because the pages they read say nothing: where a page does say something, they repeat it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import Run, play
from webarena_gym.sites.world import World
from webarena_gym.tasks.oracles.shopping import ORACLES


class ChangedWorld(World):
    """A shop some of whose pages hold more: ``added`` is put at the end of the main part where ``path`` is in the address."""

    path = added = ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, [(name, value) for name, value in headers if name != "Content-Length"])

        body = b"".join(super().__call__(environ, start))
        found = self.added and self.path in environ["PATH_INFO"]
        return [body.replace(b"</main>", self.added.encode() + b"</main>") if found else body]


@pytest.fixture(scope="module")
def world(cache_dir: Path) -> ChangedWorld:
    return ChangedWorld(["shopping"], cache_dir=cache_dir)


@pytest.fixture(scope="module")
def env(world: ChangedWorld) -> Iterable[WebArenaEnv]:
    made = WebArenaEnv("shopping", world=world)
    yield made
    made.close()


def solve(env: WebArenaEnv, task_id: int, path: str = "", added: str = "") -> Run:
    world = env.world
    assert isinstance(world, ChangedWorld)
    world.path, world.added = path, added
    return play(env, ORACLES[task_id], task_id)


@pytest.mark.parametrize("task_id", [56, 74, 86, 162])
def test_nothing_found_is_answered_with_na(env: WebArenaEnv, task_id: int) -> None:
    assert solve(env, task_id).actions[-1] == 'stop("N/A")'


@pytest.mark.parametrize(
    ("task_id", "path"),
    [
        (56, "/sales/order/history/"),
        (74, "/contact/"),
        (74, "/privacy-policy"),
        (86, "/catalogsearch/result/"),
        (162, "/sales/order/view/"),
    ],
)
def test_na_comes_after_a_look_where_a_customer_would_look(env: WebArenaEnv, task_id: int, path: str) -> None:
    assert any(path in info["url"] for _, _, info in solve(env, task_id).steps)


@pytest.mark.parametrize(
    ("task_id", "path", "added", "answer"),
    [
        (74, "/contact/", "<p>Call us: (555) 010-4477</p>", "(555) 010-4477"),
        (74, "/privacy-policy", "<p>Questions? 1-800-555-0142</p>", "1-800-555-0142"),
        (86, "/catalogsearch/result/", "<p>Special Price $5.00, Regular Price $9.00</p>", "Special Price $5.00"),
        (86, ".html", "<p>Now $5.00, was $9.00</p>", "was $9.00"),
        (162, "/sales/order/view/", '<p><a href="/x/">Change Shipping Address</a></p>', "Change Shipping Address"),
    ],
)  # fmt: skip
def test_what_a_page_says_is_repeated(env: WebArenaEnv, task_id: int, path: str, added: str, answer: str) -> None:
    assert answer in solve(env, task_id, path, added).actions[-1]
