"""Signing in on a site that is served elsewhere, and again when the session ran out, in both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.actions import parse_action
from webarena_gym.engines.base import Engine, EpisodeStart
from webarena_gym.engines.remote_browser import RemoteBrowserEngine
from webarena_gym.engines.remote_http import RemoteHttpEngine
from webarena_gym.engines.remote_world import RemoteWorld
from webarena_gym.errors import SiteError
from webarena_gym.observation import render_lines
from webarena_gym.sites.remote import RemoteConfig
from webarena_gym.sites.serving import SiteServer
from webarena_gym.sites.world import World

USER = "MarvelsGrantMan136"
ACCOUNT = f"/user/{USER}/account"


class Played:
    """An engine on the forum, and the forum's own world, whose sessions a test may end."""

    def __init__(self, engine: Engine, remote: RemoteWorld, world: World) -> None:
        self.engine, self.remote, self.world = engine, remote, world
        self.origin = remote.origins[0]

    def begin(self, path: str) -> None:
        self.remote.reset()
        sign_in = self.remote.sign_in_form("reddit")
        assert sign_in is not None
        self.engine.reset(EpisodeStart((self.origin + path,), (self.origin,), sign_ins=(sign_in,)))

    def end_sessions(self) -> None:
        self.world.store("reddit").connection.execute("DELETE FROM site_session")

    def sessions(self) -> int:
        return self.world.store("reddit").connection.execute("SELECT count(*) FROM site_session").fetchone()[0]

    def act(self, *actions: str) -> None:
        for action in actions:
            self.engine.execute(parse_action(action))

    def id_of(self, name: str) -> int:
        """Of the first element of this name, a star for required fields aside."""
        return next(n.id for n in self.engine.page().nodes if n.id and n.name.rstrip(" *") == name)

    def text(self) -> str:
        return "\n".join(render_lines(self.engine.page().nodes))

    def path(self) -> str:
        return self.engine.page().url.removeprefix(self.origin)


@pytest.fixture(scope="module", params=["http", "browser"])
def _played(request: pytest.FixtureRequest, cache_dir: Path) -> Iterator[Played]:
    world = World(["reddit"], cache_dir=cache_dir)
    world.state_hash()
    server = SiteServer(world, {"reddit": 0, "full_reset": 0})
    server.start()
    remote = RemoteWorld(RemoteConfig(base_urls=server.base_urls(), full_reset=server.reset_url(), reset_poll_s=0))
    engine = RemoteHttpEngine(remote) if request.param == "http" else RemoteBrowserEngine(remote)
    yield Played(engine, remote, world)
    engine.close()
    remote.close()
    server.stop()
    world.close()


@pytest.fixture
def played(_played: Played) -> Played:
    _played.world.reset()
    _played.begin("/")
    return _played


def test_the_user_is_signed_in_when_the_episode_begins(played: Played) -> None:
    assert USER in played.text() and "Log in" not in played.text()
    assert len(played.engine.page().tabs) == 1 and played.path() == "/"
    assert played.remote.events[0].url.rstrip("/") == played.origin  # signing in is none of the policy's doing
    assert played.remote.revision == 0


def test_a_session_that_ran_out_is_opened_again_and_the_page_asked_for_is_shown(played: Played) -> None:
    played.end_sessions()
    played.act(f'goto("{ACCOUNT}")')
    assert played.path() == ACCOUNT and "Delete" in played.text()
    played.end_sessions()
    played.act(f"click({played.id_of('Forums')})")
    assert played.path() == "/forums" and USER in played.text()
    played.end_sessions()
    played.act("back()")
    assert played.path() == ACCOUNT and "Delete" in played.text()


def test_a_form_sent_with_a_session_that_ran_out_arrives_with_what_was_typed(played: Played) -> None:
    played.act('goto("/submit/books")')
    played.act(f'fill({played.id_of("Title")}, "A new title")', f'fill({played.id_of("Body")}, "Two\\nlines")')
    played.end_sessions()
    played.act(f"click({played.id_of('Create submission')})")
    assert played.path().startswith("/f/books/") and "A new title" in played.text()
    assert played.remote.revision == 1
    title, body = (
        played.world.store("reddit")
        .connection.execute("SELECT title, body FROM submission ORDER BY id DESC LIMIT 1")
        .fetchone()
    )
    assert (title, body.replace("\r\n", "\n")) == ("A new title", "Two\nlines")


def test_a_policy_that_signs_out_stays_signed_out(played: Played) -> None:
    names = [node.name for node in played.engine.page().nodes if node.id]
    if "Log out" not in names:
        played.act(f"click({played.id_of(USER)})")
    played.act(f"click({played.id_of('Log out')})", 'goto("/forums")')
    assert "Log in" in played.text()
    played.begin("/")  # until the next episode
    assert "Log in" not in played.text()


def test_an_evaluator_sees_the_signed_in_users_pages_and_moves_nothing(played: Played) -> None:
    played.end_sessions()
    events = len(played.remote.events)
    reply = played.engine.client().get(played.origin + ACCOUNT)
    assert reply.status == 200 and "Delete" in reply.text
    assert played.path() == "/" and len(played.engine.page().tabs) == 1
    assert len(played.remote.events) == events


def test_a_site_that_does_not_let_its_user_in_is_a_failure_of_the_site(played: Played) -> None:
    played.world.store("reddit").connection.execute("UPDATE user SET password = 'other'")
    with pytest.raises(SiteError, match=f"did not let {USER} in"):
        played.begin("/")


def test_the_sites_are_reset_when_an_episode_changed_them_and_only_then(played: Played) -> None:
    before = played.sessions()
    played.remote.reset()
    assert played.sessions() == before  # nothing was sent, so nobody reset anything
    played.act('goto("/submit/books")')
    played.act(f'fill({played.id_of("Title")}, "x")', f"click({played.id_of('Create submission')})")
    played.remote.reset()
    assert played.sessions() == 0
