"""A language model's opinion of how episodes failed, beside the rules': it is shown the actions and asked for one of the modes.

The rules are what tables and charts use; the opinion says how far a reader would agree with them, as Cohen's kappa.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from webarena_gym.agents.llm_prompt import fill_prompt
from webarena_gym.agents.trajectory import Trajectory

from .failure_analysis import MODES, FailureMode, outcome_of
from .read_steps import goal_of, read_steps
from .report import Table
from .stats import Interval, cohens_kappa, wilson_interval

if TYPE_CHECKING:
    from webarena_gym.agents.text_model import TextModel

_LETTERS = dict(zip("ABCD", MODES, strict=True))
_LETTER = re.compile(r"\b([ABCD])\b")
SHOWN_ACTIONS = 30  # the last ones; a loop shows at the end


class Opinions(NamedTuple):
    """What rules and judge said of each failed episode."""

    rules: tuple[FailureMode, ...]
    judge: tuple[FailureMode | None, ...]
    """None where the answer names no mode, or several."""

    @property
    def answered(self) -> list[tuple[FailureMode, FailureMode]]:
        return [(rule, said) for rule, said in zip(self.rules, self.judge, strict=True) if said is not None]

    @property
    def agreement(self) -> Interval:
        """Share of the episodes with an answer on which both say the same; Wilson's interval."""
        pairs = self.answered
        return wilson_interval(sum(rule == said for rule, said in pairs), len(pairs))

    @property
    def kappa(self) -> float:
        """Cohen's, on the same episodes; nan where nothing could differ."""
        return cohens_kappa(self.answered)


def second_opinion(trajectories: Sequence[Trajectory], model: TextModel) -> Opinions:
    """Ask ``model`` about every failed episode among ``trajectories``.

    Raises:
        ModelError, ChatError: There is no answer to be had.
    """
    failed = [(t, mode) for t, mode in ((t, outcome_of(t)) for t in trajectories) if mode in MODES]
    answers = model.complete([question(t) for t, _ in failed], max_tokens=8) if failed else []
    return Opinions(tuple(mode for _, mode in failed), tuple(mode_in(answer) for answer in answers))  # type: ignore[arg-type]


def question(trajectory: Trajectory) -> str:
    """The prompt about one episode."""
    template = files(__package__).joinpath("prompts", "failure_mode.txt").read_text(encoding="utf-8").strip()
    lines = [
        f"{number}. {step.page[0]}: {step.described[:200]}" + (f" -> error: {step.error[:120]}" if step.error else "")
        for number, step in enumerate(read_steps(trajectory), 1)
    ]
    left_out = len(lines) - SHOWN_ACTIONS
    shown = [f"({left_out} actions before)", *lines[left_out:]] if left_out > 0 else lines
    end = "it stopped; this was not accepted" if trajectory.terminated else f"cut off after {len(lines)} actions"
    return fill_prompt(template, goal=goal_of(trajectory), actions="\n".join(shown), end=end)


def mode_in(answer: str) -> FailureMode | None:
    """The mode that an answer names.

    >>> mode_in("B"), mode_in("Answer: C."), mode_in("A or D"), mode_in("none")
    ('stuck midway', 'no reasonable attempt', None, None)
    """
    found = set(_LETTER.findall(answer))
    return _LETTERS[found.pop()] if len(found) == 1 else None


def opinion_table(opinions: Opinions, judge: str) -> Table:
    """Rules' modes by row, the judge's by column, and how far they agree."""
    counts = [[sum(pair == (rule, said) for pair in opinions.answered) for said in MODES] for rule in MODES]
    silent = len(opinions.rules) - len(opinions.answered)
    agreed = (
        f"agreement {opinions.agreement.percent(0)}, Cohen's kappa {opinions.kappa:.2f}; no usable answer on {silent}"
    )
    return Table(
        caption=f"Second opinion of {judge} on {len(opinions.rules)} failed episodes: {agreed}",
        columns=["by rules", *(f"{mode} " for mode in MODES)],
        rows=[[rule, *map(str, row)] for rule, row in zip(MODES, counts, strict=True)],
    )


def text_model(spec: str) -> TextModel:
    """The model that ``--judge`` names: ``chat:MODEL`` at an endpoint, or ``llm:MODEL`` in this process.

    Raises:
        ValueError: Neither.
        ChatError, ModelError, MissingDependency: There is no such model to be had.
    """
    kind, _, model = spec.partition(":")
    if kind not in ("chat", "llm") or not model:
        raise ValueError(f"a judge is chat:MODEL or llm:MODEL, got {spec!r}")
    if kind == "chat":
        from webarena_gym.agents.chat_client import ChatClient, ChatConfig

        return ChatClient(ChatConfig(model=model))
    from webarena_gym.agents.llm_config import LLMPolicyConfig
    from webarena_gym.agents.local_text_model import LocalTextModel

    return LocalTextModel(LLMPolicyConfig(model=model, lora_rank=0))
