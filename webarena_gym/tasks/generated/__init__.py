"""Generated tasks for training: families per site, split into train, val and held-out families."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ...types import SiteName
from .family import Family, GeneratedTasks, Split, select

__all__ = ["Family", "GeneratedTasks", "families", "generated_tasks", "listed_tasks"]


@functools.cache
def families() -> tuple[Family, ...]:
    """Every family, in a fixed order."""
    # The module map hides the built-in function in this package.
    from . import gitlab, map, multisite, reddit, shopping, shopping_admin

    return (
        *shopping.FAMILIES, *shopping_admin.FAMILIES, *gitlab.FAMILIES, *map.FAMILIES, *reddit.FAMILIES, *multisite.FAMILIES,
    )  # fmt: skip


def generated_tasks(site: str | None, split: Split, base_urls: Mapping[SiteName, str]) -> GeneratedTasks:
    """The tasks of a split for an env of ``site``.

    Raises:
        SiteNotAvailable: nothing is generated for the site.
    """
    return GeneratedTasks(select(families(), site, split), split, base_urls)


def listed_tasks(site: str | None, ids: tuple[Any, ...], base_urls: Mapping[SiteName, str]) -> GeneratedTasks:
    """The generated tasks with these ids, of whatever split."""
    return GeneratedTasks(select(families(), site, None), "train", base_urls, tuple(str(id) for id in ids))
