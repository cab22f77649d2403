"""What an evaluator is, and who answers the questions that rules cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import JudgeError
from ..types import CheckResult, EvalResult, Outcome

DETERMINISTIC = "deterministic"


class Evaluator(Protocol):
    """Scores an episode once, at its end, without moving the policy's page."""

    def evaluate(self, outcome: Outcome) -> EvalResult:
        """The verdict, with the reason for each part of it.

        Raises:
            InfraError: a site or a judge failed, so there is no verdict.
        """
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """Does ``evidence`` show what ``description`` says?"""

    description: str
    evidence: str


class Judge(Protocol):
    """Answers yes/no questions, several at a time. Any object with these two will do, ``reward_wrappers.Judge`` too."""

    @property
    def name(self) -> str: ...

    def decide(self, questions: Sequence[Question]) -> Sequence[bool | None]:
        """One verdict per question, in order; None where it cannot tell."""
        ...


def ask(judge: Judge, questions: Sequence[Question]) -> list[bool]:
    """The judge's verdicts.

    Raises:
        JudgeError: it failed, or left a question open. A missing verdict is never a "no".
    """
    try:
        verdicts = list(judge.decide(questions))
    except Exception as error:  # a judge is code of others, and what it raises is its failure and no verdict
        raise JudgeError(f"the judge {judge.name} failed: {error}") from error
    if len(verdicts) != len(questions):
        raise JudgeError(f"the judge {judge.name} gave {len(verdicts)} verdicts for {len(questions)} questions")
    for question, verdict in zip(questions, verdicts, strict=True):
        if not isinstance(verdict, bool):
            raise JudgeError(
                f"the judge {judge.name} said {verdict!r} to {question.description[:120]!r}, not yes or no"
            )
    return verdicts


def conjunction(checks: Sequence[CheckResult], judge: str | None) -> EvalResult:
    """The verdict that all of ``checks`` give together; official scores are products, so no check means success."""
    return EvalResult(all(check.passed for check in checks), tuple(checks), judge)
