"""The engine that an env's config asks for. Engines are imported when they are first needed: each has packages of its own."""

from __future__ import annotations

from ..config import EnvConfig
from ..sites.world import World
from .base import Engine
from .remote_world import RemoteWorld


def make_engine(world: World | RemoteWorld, config: EnvConfig) -> Engine:
    """An engine over the sites of ``world``, here or elsewhere.

    Raises:
        BrowserError: Chromium could not be started.
        MissingDependency: the package that drives it is not installed.
    """
    render = config.render_mode
    look = {"headless": render != "human", "images": render in ("rgb_array", "human")}
    if isinstance(world, RemoteWorld):
        if config.engine == "http":
            from .remote_http import RemoteHttpEngine

            return RemoteHttpEngine(world)
        from .remote_browser import RemoteBrowserEngine

        return RemoteBrowserEngine(world, **look)
    if config.engine == "http":
        from .http import HttpEngine

        return HttpEngine(world)
    from .browser import BrowserEngine

    return BrowserEngine(world, **look)
