"""The env ids, registered as strings so that importing the package loads no engine, site or task."""

from __future__ import annotations

import gymnasium as gym

SITE_IDS = ("shopping", "shopping_admin", "reddit", "gitlab", "map", "multisite")


def env_id(site: str | None) -> str:
    """The id for a site's tasks, or for all 165 with None.

    >>> env_id("shopping"), env_id(None)
    ('WebArenaLite-shopping-v0', 'WebArenaLite-v0')
    """
    return "WebArenaLite-v0" if site is None else f"WebArenaLite-{site}-v0"


def register_envs() -> None:
    """Register every id once; a second call changes nothing."""
    for site in (None, *SITE_IDS):
        if env_id(site) not in gym.registry:
            gym.register(
                id=env_id(site),
                entry_point="webarena_gym.env:WebArenaEnv",
                vector_entry_point="webarena_gym.vector:make_vector_env",
                kwargs={"site": site},
            )
