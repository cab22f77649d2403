"""What can go wrong, named by whose code it went wrong in.

::

    RewardWrapperError
    ├── PredicateError   a milestone's predicate raised, or returned None
    ├── PluginError      a milestone set asked for by name is missing or does not load
    └── JudgeUnanswered  a judge gave no verdict; a wrapper counts it and never lets it through

A mistake in an argument (a negative weight, ``pbrs`` without ``gamma``) is a plain ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

from typing import Any


class RewardWrapperError(Exception):
    """Base class of this package's own errors."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Envs of a vector env raise in processes of their own. Unpickled the usual way, a class is called with its message
        # alone, and one that takes more fails.
        return _unpickled, (type(self), self.args, self.__dict__)


def _unpickled(kind: type[RewardWrapperError], args: tuple[Any, ...], state: dict[str, Any]) -> RewardWrapperError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class PredicateError(RewardWrapperError):
    """A milestone's predicate raised instead of answering; ``__cause__`` is what it raised."""

    def __init__(self, milestone: str, problem: str, *, at_reset: bool) -> None:
        self.milestone, self.at_reset = milestone, at_reset
        hint = "; at reset a transition's observation, action and reward are None" if at_reset else ""
        when = "at reset" if at_reset else "on a step"
        super().__init__(f"the predicate of milestone {milestone!r} {problem} {when}{hint}")


class PluginError(RewardWrapperError):
    """A milestone set asked for by name is not installed, or its plug-in does not load."""


class JudgeUnanswered(RewardWrapperError):
    """A judge gave no verdict: it failed, was too slow or its budget is spent. The milestone then stays unreached."""
