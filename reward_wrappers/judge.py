"""``Judge``: who decides whether a milestone described in words has been reached. Implementations live elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from reward_wrappers.transition import Transition


@dataclass(frozen=True)
class Question:
    """Does ``evidence`` show that what ``description`` says has been done?"""

    description: str
    """The milestone, in words, such as "the cart holds two mugs"."""
    evidence: str
    """The step to judge, as text."""


@runtime_checkable
class Judge(Protocol):
    """Answers yes/no questions, several at a time. It may raise, hang or say None; ``JudgeClient`` deals with that.

    >>> class KeywordJudge:
    ...     name = "keyword"
    ...     def decide(self, questions):
    ...         return [q.description in q.evidence for q in questions]
    >>> isinstance(KeywordJudge(), Judge)
    True
    """

    @property
    def name(self) -> str:
        """Model, prompt and settings in a few words. Cached verdicts are kept by it: change it when they would change."""
        ...

    def decide(self, questions: Sequence[Question]) -> Sequence[bool | None]:
        """One verdict per question, in order; None where it cannot tell."""
        ...


def describe_transition(transition: Transition) -> str:
    """The evidence a judge is shown by default: the action, and the observation it led to."""
    action = "(none: the episode starts here)" if transition.is_reset else str(transition.action)
    return f"Action: {action}\nObservation:\n{transition.next_observation}"
