"""The browserless engine on real sites: pages as their servers send them, over HTTP, with the user signed in.

Real sites run scripts, which this engine does not: GitLab's and the map's pages and the shop's carts lack what scripts add.
``sites="remote"`` with this engine is for sites that work without them, such as the embedded ones served elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..actions import Action
from ..types import HttpReply, PageClient
from .base import EpisodeStart
from .execute import run_action
from .http import HttpEngine
from .remote_client import RemoteClient
from .remote_world import RemoteWorld
from .sessions import Sessions, SignedInDriver


class RemoteHttpEngine(HttpEngine):
    """An ``Engine`` over HTTP. Opens the addresses of the episode's sites alone."""

    def __init__(self, world: RemoteWorld) -> None:  # no app in this process, so not HttpEngine's
        self._world = world
        self._client: RemoteClient
        self._begin_network()
        self._sessions = Sessions(self._look().get, world.traffic.aside, lambda: self._client.asked)
        self._driver = SignedInDriver(self, self._sessions)

    def _connect(self) -> RemoteClient:
        return RemoteClient(self._world.transport, self._jar, (), self._world.traffic)

    def _look(self) -> RemoteClient:
        return RemoteClient(self._world.transport, self._jar, self._world.origins)

    def reset(self, start: EpisodeStart) -> None:
        super().reset(replace(start, start_urls=()))
        self._sessions.begin(start.sign_ins)
        for sign_in in start.sign_ins:
            self._sessions.sign_in(sign_in, self)
        for url in start.start_urls:
            self.new_tab()
            self._driver.open(url)
            self._tab.history.visit(self._tab.url)

    def execute(self, action: Action) -> None:
        run_action(self._driver, action, self._allowed)

    def client(self) -> PageClient:
        return _SignedInClient(self._look(), self._sessions, self)


class _SignedInClient:
    """A ``PageClient`` that makes sure of the session when it looks at a page."""

    def __init__(self, client: RemoteClient, sessions: Sessions, engine: HttpEngine) -> None:
        self._client, self._sessions, self._engine = client, sessions, engine

    def get(self, url: str) -> HttpReply:
        return self._sessions.looked(url, lambda: self._client.get(url), self._engine)

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = "") -> HttpReply:
        return self._client.request(method, url, headers=headers, body=body)
