"""``fuzzy_match``: does an answer mean what the reference says? Decided by rules, the same every time, without a model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..types import CheckResult
from .base import Question

# "answer" compares the policy's answer, "page" a text on a page, "reason" a reported reason why a task cannot be done.
QuestionKind = Literal["answer", "page", "reason"]


@dataclass(frozen=True, slots=True)
class FuzzyQuestion:
    """Does ``text`` mean ``reference``? ``siblings`` are all references of the same rule."""

    kind: QuestionKind
    reference: str
    text: str
    intent: str
    siblings: tuple[str, ...] = ()


def to_judge(question: FuzzyQuestion) -> Question:
    """The question as a judge is asked."""
    if question.kind == "reason":
        description = (
            f"The task {question.intent!r} cannot be done because: {question.reference!r}. "
            "The reported reason says the same, even if implicitly."
        )
    elif question.kind == "page":
        description = f"For the task {question.intent!r}, the text on the page says: {question.reference!r}."
    else:
        description = (
            f"As an answer to {question.intent!r} this is semantically equivalent to the reference answer "
            f"{question.reference!r}, not only partly so. 'N/A' means 'not achievable'."
        )
    return Question(description, question.text)


def decide(question: FuzzyQuestion) -> CheckResult:
    """The verdict by rules."""
    words = set(re.findall(r"\w+", question.text.lower()))
    wanted = set(re.findall(r"\w+", question.reference.lower()))
    passed = bool(wanted) and wanted <= words
    return CheckResult("fuzzy_match", passed, f"{question.text!r} means {question.reference!r}: {passed}")
