"""Milestone sets by name: other packages offer them through the entry-point group ``reward_wrappers.milestones``.

A package that offers one says so in its ``pyproject.toml``::

    [project.entry-points."reward_wrappers.milestones"]
    tower = "acme_milestones.tower:MILESTONES"

and after ``pip install acme-milestones`` anyone writes ``MilestoneReward(env, "acme-milestones:tower")``. The object named is
a list of milestones (``Milestone`` objects or their declarative form) or a callable from an episode's reset info to one.
Only the set asked for is imported.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from reward_wrappers.errors import PluginError
from reward_wrappers.milestone import Milestone

ENTRY_POINT_GROUP = "reward_wrappers.milestones"

Offered = (
    Sequence[Milestone | Mapping[str, Any]] | Callable[[Mapping[str, Any]], Sequence[Milestone | Mapping[str, Any]]]
)


def milestone_sets() -> tuple[str, ...]:
    """The names ``"package:set"`` of every installed set, sorted. Nothing is imported to find out."""
    return tuple(sorted(_installed()))


def load_milestone_set(name: str) -> Offered:
    """What the plug-in ``name``, ``"package:set"``, offers: a sequence, or a callable of the reset info.

    Raises:
        PluginError: If no installed package offers it, importing it fails, or it offers something else; the message names
            the plug-in, its package with version, and the object it points to.
    """
    installed = _installed()
    package, _, set_name = name.partition(":")
    entry = installed.get(f"{_normalised(package)}:{set_name}")
    if entry is None:
        close = difflib.get_close_matches(name, installed, n=1)
        known = f"did you mean {close[0]!r}?" if close else f"installed are {', '.join(sorted(installed)) or 'none'}"
        raise PluginError(f"no installed package offers the milestone set {name!r}; {known}")
    where = f"milestone set {name!r} ({entry.value}, from {_package(entry)} {entry.dist.version if entry.dist else ''})"
    try:
        offered = entry.load()
    except Exception as error:  # the plug-in's module is code of others: whatever it raises, the error must name it
        raise PluginError(f"{where} does not load: {type(error).__name__}: {error}; fix or uninstall it") from error
    if not callable(offered) and (isinstance(offered, str | Mapping) or not isinstance(offered, Sequence)):
        raise PluginError(f"{where} is a {type(offered).__name__}; it should be a list of milestones or a callable")
    return offered


def _installed() -> dict[str, EntryPoint]:
    return {f"{_package(entry)}:{entry.name}": entry for entry in entry_points(group=ENTRY_POINT_GROUP)}


def _package(entry: EntryPoint) -> str:
    return _normalised(entry.dist.name if entry.dist else "")


def _normalised(package: str) -> str:
    """A distribution's name as package indexes compare it (PyPA's name normalisation, once PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()
