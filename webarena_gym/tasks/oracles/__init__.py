"""Scripted solutions: for every official task one that the scorer accepts, and near misses that it must reject.

Oracles import only this package's helpers and the standard library, and know nothing but the intent and what pages show.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass

from .screen import Oracle, OracleError, Screen, stop

# One module per site, or per group of sites that tasks span: its ORACLES and NEAR_MISSES map task ids to generators.
_MODULES = (
    "shopping",
    "shopping_admin",
    "reddit",
    "gitlab",
    "map",
    "multisite_forum",
    "multisite_map",
    "multisite_shop",
)

__all__ = ["Oracle", "OracleError", "OracleSet", "Screen", "load_oracles", "replying"]


@dataclass(frozen=True, slots=True)
class OracleSet:
    """By task id: a solution, and a near miss (the right page, but a wrong change or a wrong entity)."""

    solutions: dict[int, Oracle]
    near_misses: dict[int, Oracle]

    def asked_by(self, scoring: str) -> OracleSet:
        """The scripts for the questions that an env with this scoring asks: under "verified", some are others."""
        if scoring != "verified":
            return self
        from . import verified

        return OracleSet(self.solutions | verified.ORACLES, self.near_misses | verified.NEAR_MISSES)


def load_oracles() -> OracleSet:
    """The oracles of every site that has some."""
    solutions: dict[int, Oracle] = {}
    near_misses: dict[int, Oracle] = {}
    for name in _MODULES:
        module = importlib.import_module(f"{__name__}.{name}")
        solutions |= module.ORACLES
        near_misses |= module.NEAR_MISSES
    return OracleSet(solutions, near_misses)


def replying(answer: str, after: Oracle | None = None) -> Oracle:
    """An oracle that gives this answer: at once, or where ``after`` would have stopped."""

    def solve(screen: Screen) -> Iterator[str]:
        if after is not None:
            for action in after(screen):
                if action.startswith("stop("):
                    break
                yield action
        yield stop(answer)

    return solve
