"""``SubgoalPlanner``: subgoals written, checked and shown to whatever policy acts (SGO, MiRA's inference-time planning).

Before every action: which subgoals has the checker confirmed so far; does the current one hold now; what comes next. What was
confirmed and what is current stand in the header of the observation that the policy sees, so any policy can be wrapped. Only
the checker's word counts, never the policy's own. A stall makes the planner write new subgoals for what is left.

Nothing here reads an env's ``info``: goal, pages and past actions are all that planner and checker are shown. What is known
about an episode follows from its states alone, so equal episodes have equal plans.

Source: arXiv:2603.19685, dynamic milestoning.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import gymnasium as gym
import numpy as np
from torch import nn

from reward_wrappers.judge import Judge, Question
from webarena_gym.errors import InfraError

from .history import parsed_page
from .judges import LLMJudge
from .llm_prompt import PLAN_MARK, fill_prompt, read_prompt
from .policy import ActionSample, ActionScores, Critic
from .text_model import TextModel
from .trajectory import State

_REMEMBERED = 4096  # states whose progress is kept
_PAGE_CHARS = 4000  # of a page shown to planner and checker


@dataclass(frozen=True, kw_only=True)
class PlannerConfig:
    """How plans are made.

    Raises:
        ValueError: A field is out of range.
    """

    max_subgoals: int = 4
    stall_steps: int = 6
    """Actions without a newly confirmed subgoal after which the planner writes new ones."""
    max_replans: int = 2
    """In an episode."""
    max_tokens: int = 160
    """Of a plan, thoughts included; the planner's thinking budget."""
    examples: int = 2
    """Of the site, shown to the planner."""

    def __post_init__(self) -> None:
        if min(self.max_subgoals, self.stall_steps, self.max_tokens) < 1 or min(self.max_replans, self.examples) < 0:
            raise ValueError(f"sizes are 1 or more, max_replans and examples 0 or more, got {self}")


@dataclass(frozen=True)
class Progress:
    """What a planner knows at one state: subgoals in order, of which the first ``done`` are confirmed."""

    subgoals: tuple[str, ...]
    done: int = 0
    since: int = 0
    """Actions since the last subgoal was confirmed or written."""
    replans: int = 0

    @property
    def current(self) -> str | None:
        """The subgoal to work on; None where all are confirmed."""
        return self.subgoals[self.done] if self.done < len(self.subgoals) else None

    @property
    def reached(self) -> tuple[bool, ...]:
        """z_t of the papers, in order."""
        return tuple(i < self.done for i in range(len(self.subgoals)))


class SubgoalPlanner:
    """A policy around ``policy``: the same interface, with verified progress added to what the inner one sees.

    Args:
        policy: Who acts. One that cannot score, such as ``ChatPolicy``, can be wrapped for playing but not for training.
        model: Who writes subgoals.
        checker: Who confirms them; by default the same model, asked yes or no.
        config: How often and how much.
    """

    def __init__(
        self, policy: Any, model: TextModel, *, checker: Judge | None = None, config: PlannerConfig | None = None
    ) -> None:
        self.policy, self.config = policy, config or PlannerConfig()
        self._model, self._checker = model, checker or LLMJudge(model)
        self._known: OrderedDict[State, Progress] = OrderedDict()
        self.name = f"{getattr(policy, 'name', type(policy).__name__)} with subgoals by {model.name}"

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        return self.policy.sample(self.with_progress(states), randoms, temperature=temperature)

    def score(self, states: Sequence[State], actions: Sequence[str]) -> ActionScores:
        return self.policy.score(self.with_progress(states), actions)

    def new_critic(self, seed: int) -> Critic:
        return self.policy.new_critic(seed)

    def parameters(self) -> Iterable[nn.Parameter]:
        return self.policy.parameters()

    def state_dict(self) -> dict[str, Any]:
        return self.policy.state_dict()

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> Any:
        return self.policy.load_state_dict(state_dict)

    def with_progress(self, states: Sequence[State]) -> list[State]:
        """The states as the inner policy sees them."""
        return [State((*s.observations[:-1], _marked(s.observation, p)), s.actions)
                for s, p in zip(states, self.progress(states), strict=True)]  # fmt: skip

    def progress(self, states: Sequence[State]) -> list[Progress]:
        """What is confirmed at each state. Plans and checks of all states that need them are asked for together.

        Raises:
            InfraError: The model or the checker gave no answer.
        """
        paths = [_prefixes(state) for state in states]
        for depth in range(max(map(len, paths), default=0)):
            self._learn([path[depth] for path in paths if depth < len(path) and path[depth] not in self._known])
        return [self._known[state] for state in states]

    def _learn(self, states: Sequence[State]) -> None:
        """Find out about states whose predecessors are known."""
        states = list(dict.fromkeys(states))
        first = [state for state in states if not state.actions]
        found = dict(zip(first, map(Progress, self._plans(first)), strict=True))
        for state in states:
            if state.actions:
                before = self._known[State(state.observations[:-1], state.actions[:-1])]
                found[state] = Progress(before.subgoals, before.done, before.since + 1, before.replans)
        self._check(found)
        self._replan(found)
        for state, progress in found.items():
            self._known[state] = progress
        while len(self._known) > max(_REMEMBERED, len(states)):
            self._known.popitem(last=False)

    def _check(self, found: dict[State, Progress]) -> None:
        """Ask about the current subgoal of each state, and about the next one where it holds."""
        open_ = [state for state, progress in found.items() if progress.current is not None]
        while open_:
            questions = [Question(found[s].current or "", _evidence(s)) for s in open_]
            verdicts = list(self._checker.decide(questions))
            if len(verdicts) != len(questions):
                raise InfraError(
                    f"the checker {self._checker.name} gave {len(verdicts)} verdicts on {len(questions)} questions"
                )
            held = [s for s, verdict in zip(open_, verdicts, strict=True) if verdict is True]
            for s in held:
                p = found[s]
                found[s] = Progress(p.subgoals, p.done + 1, 0, p.replans)
            open_ = [s for s in held if found[s].current is not None]

    def _replan(self, found: dict[State, Progress]) -> None:
        config = self.config
        stalled = [
            s
            for s, p in found.items()
            if p.current and p.since >= config.stall_steps and p.replans < config.max_replans
        ]
        if not stalled:
            return
        template = read_prompt("replan")
        prompts = []
        for s in stalled:
            p, page = found[s], parsed_page(s.observation)
            prompts.append(fill_prompt(
                template, count=str(config.max_subgoals), goal=page.goal, done="; ".join(p.subgoals[: p.done]) or "nothing",
                current=p.current or "", actions="; ".join(s.actions[-config.stall_steps :]), page=_shown(s.observation),
            ))  # fmt: skip
        for s, answer in zip(stalled, self._model.complete(prompts, max_tokens=config.max_tokens), strict=True):
            p = found[s]
            left = subgoals_in(answer, config.max_subgoals) or p.subgoals[p.done :]
            found[s] = Progress((*p.subgoals[: p.done], *left), p.done, 0, p.replans + 1)

    def _plans(self, states: Sequence[State]) -> list[tuple[str, ...]]:
        if not states:
            return []
        template, prompts = read_prompt("subgoals"), []
        for state in states:
            page = parsed_page(state.observation)
            prompts.append(fill_prompt(
                template, count=str(self.config.max_subgoals), examples=_examples(page.url, self.config.examples), goal=page.goal,
                page=_shown(state.observation),
            ))  # fmt: skip
        answers = self._model.complete(prompts, max_tokens=self.config.max_tokens)
        # A model that writes nothing usable leaves the task itself as the one subgoal.
        return [
            subgoals_in(answer, self.config.max_subgoals) or (parsed_page(state.observation).goal,)
            for state, answer in zip(states, answers, strict=True)
        ]


class PlannedSubgoals(gym.Wrapper[str, str, str, str]):
    """Puts a planner's subgoals into ``info["subgoals"]`` at reset, so that they can be milestones::

    env = PlannedSubgoals(env, planner)
    env = MilestoneReward(env, milestones=lambda info: [JudgedMilestone(s, judge) for s in info["subgoals"]])
    """

    def __init__(self, env: gym.Env[str, str], planner: SubgoalPlanner) -> None:
        super().__init__(env)
        self._planner = planner

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        observation, info = self.env.reset(seed=seed, options=options)
        (progress,) = self._planner.progress([State((observation,))])
        return observation, {**info, "subgoals": progress.subgoals}


def subgoals_in(answer: str, most: int) -> tuple[str, ...]:
    """The subgoals in a model's answer: its lines, without numbers and marks, each once.

    >>> subgoals_in("1. the cart is open\\n- an order is placed\\n\\n", 4)
    ('the cart is open', 'an order is placed')
    """
    lines = (re.sub(r"^[\s\-*•\d.)\]]+", "", line).strip() for line in answer.splitlines())
    kept = [
        line[:200] for line in lines if len(line) > 3 and not line.lower().startswith(("task:", "subgoals", "page:"))
    ]
    return tuple(dict.fromkeys(kept))[:most]


def _prefixes(state: State) -> list[State]:
    """The states of the episode up to this one, oldest first."""
    return [State(state.observations[: t + 1], state.actions[:t]) for t in range(len(state.observations))]


def _marked(observation: str, progress: Progress) -> str:
    """The observation with a line for each subgoal at the end of its header."""
    header, blank, body = observation.partition("\n\n")
    marks = ["[x]" if held else "[ ]" for held in progress.reached]
    lines = [f"{PLAN_MARK}{mark} {text}" for mark, text in zip(marks, progress.subgoals, strict=True)]
    if progress.done < len(lines):
        lines[progress.done] += "  <- now"
    return "\n".join([header, *lines]) + blank + body


def _evidence(state: State) -> str:
    action = state.actions[-1] if state.actions else "(none: the episode starts here)"
    return f"Action: {action}\nPage:\n{state.observation[:_PAGE_CHARS]}"


def _shown(observation: str) -> str:
    return observation.partition("\n\n")[2][:_PAGE_CHARS]


def _examples(url: str, count: int) -> str:
    """Examples of the page's site, as far as its address names one; else of the first site."""
    known = json.loads(files(__package__).joinpath("prompts", "subgoal_examples.json").read_text(encoding="utf-8"))
    host = urlsplit(url).hostname or ""
    names = {"shopping": "shopping", "admin": "shopping_admin", "reddit": "reddit", "gitlab": "gitlab", "map": "map"}
    site = next((site for word, site in names.items() if word in host), "shopping")
    chosen = known[site][:count]
    return "".join(f"Task: {e['goal']}\nSubgoals:\n" + "\n".join(e["subgoals"]) + "\n\n" for e in chosen)
