"""What can go wrong, named by whose code it went wrong in.

::

    RewardWrapperError
    ├── PredicateError   a milestone's predicate raised, or returned None
    ├── PluginError      a milestone set asked for by name is missing or does not load
    └── JudgeUnanswered  a judge gave no verdict; a wrapper counts it and never lets it through

A mistake in an argument (a negative weight, ``pbrs`` without ``gamma``) is a plain ``ValueError`` or ``TypeError``.
"""


class RewardWrapperError(Exception):
    """Base class of this package's own errors."""


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
