"""Judges that ask a language model, for fuzzy answers and for milestones in words (``reward_wrappers.Judge``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .llm_prompt import fill_prompt, read_prompt
from .text_model import TextModel

_VERDICT = re.compile(r"\b(yes|no)\b", re.IGNORECASE)


class LLMJudge:
    """Yes or no to each question, by a ``TextModel``; None where its answer holds neither or both.

    Any object with ``description`` and ``evidence`` is a question, so the same judge serves ``MilestoneReward`` and an env's
    ``judge=``. It raises what its model raises: a ``JudgeClient`` counts that, an env ends the episode as an infra error.

    >>> class Parrot:
    ...     name = "parrot"
    ...     def complete(self, prompts, *, max_tokens):
    ...         return ["Yes." if "2 mugs" in prompt else "Well..." for prompt in prompts]
    >>> from reward_wrappers.judge import Question
    >>> LLMJudge(Parrot()).decide([Question("the cart holds two mugs", "Cart: 2 mugs"), Question("it rains", "Cart")])
    [True, None]
    """

    def __init__(self, model: TextModel, *, max_evidence_chars: int = 12_000) -> None:
        self._model, self._most = model, max_evidence_chars
        self._template = read_prompt("judge")

    @property
    def name(self) -> str:
        return f"{self._model.name}, prompt judge"

    def decide(self, questions: Sequence[Any]) -> list[bool | None]:
        """One verdict per question, in order."""
        prompts = [
            fill_prompt(self._template, description=q.description, evidence=q.evidence[: self._most]) for q in questions
        ]
        return [verdict_of(answer) for answer in self._model.complete(prompts, max_tokens=8)]


def verdict_of(answer: str) -> bool | None:
    """The verdict in a model's answer.

    >>> verdict_of("Yes, it does."), verdict_of("NO"), verdict_of("yes and no"), verdict_of("Perhaps")
    (True, False, None, None)
    """
    found = {word.lower() for word in _VERDICT.findall(answer)}
    return next(iter(found)) == "yes" if len(found) == 1 else None
