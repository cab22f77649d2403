"""Episodes of scripted policies, recorded so that another client can replay them: elements by role, name and number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..actions import (
    Action,
    Back,
    Check,
    Click,
    CloseTab,
    Fill,
    FocusTab,
    Forward,
    Goto,
    NewTab,
    Press,
    Select,
    Stop,
    Uncheck,
    parse_action,
)
from ..engines.base import resolve_url
from ..env import WebArenaEnv
from ..oracle_policy import OraclePolicy
from ..tasks.oracles import Oracle
from ..types import Node

# JSON, as ``peer_replay`` reads it. ``leads_to`` is the address of the document that the step opened, if it opened one.
Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recording:
    """One episode: what was done, the answer at its end, and whether our scorer accepted it.

    ``error`` is why the episode means nothing.
    """

    task_id: int
    kind: str
    steps: tuple[Step, ...]
    accepted: bool
    error: str


def record(env: WebArenaEnv, oracle: Oracle, task_id: int, kind: str) -> Recording:
    """Play ``oracle``; actions that were refused or only looked further down the page are left out."""
    observation, _ = env.reset(options={"task_id": task_id})
    policy = OraclePolicy(oracle)
    steps: list[Step] = []
    ended = False
    while not ended:
        action = policy.act(observation)
        before, parsed = env.engine.page(), parse_action(action)
        observation, reward, terminated, truncated, info = env.step(action)
        ended = terminated or truncated
        if info["infra_error"]:
            return Recording(task_id, kind, tuple(steps), False, info["infra_error"])
        if not info["last_error"]:
            done, after = _steps(parsed, before.nodes, before.url, env.world.origins), env.engine.page()
            if done and before.document != after.document:
                done[-1]["leads_to"] = after.url
            steps += done
    error = "" if terminated else "the episode did not end with an answer"
    return Recording(task_id, kind, tuple(steps), reward == 1.0, policy.error or error)


def _steps(action: Action, nodes: Sequence[Node], url: str, origins: Sequence[str]) -> list[Step]:
    match action:
        case Click(element):
            return [{"do": "click", "target": _target(nodes, element)}]
        case Check(element) | Uncheck(element):
            (node,) = [node for node in nodes if node.id == element]
            ticked = ("checked", "") in node.states
            return [] if ticked == isinstance(action, Check) else [{"do": "click", "target": _target(nodes, element)}]
        case Fill(element, text, enter):
            target = _target(nodes, element)
            return [
                {"do": "fill", "target": target, "text": text},
                *([{"do": "press", "target": target, "key": "Enter"}] if enter else []),
            ]
        case Select(element, options):
            return [{"do": "select", "target": _target(nodes, element), "options": list(options)}]
        case Press(key, element):
            return [{"do": "press", "key": key, "target": None if element is None else _target(nodes, element)}]
        case Goto(text):
            return [{"do": "goto", "url": resolve_url(text, url, origins)}]
        case Back():
            return [{"do": "back"}]
        case Forward():
            return [{"do": "forward"}]
        case NewTab():
            return [{"do": "new_tab"}]
        case FocusTab(index):
            return [{"do": "focus_tab", "index": index}]
        case CloseTab():
            return [{"do": "close_tab"}]
        case Stop(answer):
            return [{"do": "answer", "text": answer}]
    return []  # scrolling, waiting


def _target(nodes: Sequence[Node], element: int) -> dict[str, Any]:
    (node,) = [node for node in nodes if node.id == element]
    alike = [one.id for one in nodes if one.id is not None and (one.role, one.name) == (node.role, node.name)]
    return {"role": node.role, "name": node.name, "nth": alike.index(element)}


def in_one_episode(recordings: Sequence[Recording]) -> list[list[Recording]]:
    """Groups of recordings of which each continues the one before it, apart from that one's answer.

    Replayed together, the answers are given and scored on the way, which is the same as one by one if scoring leaves the
    page as it is.
    """
    groups: list[list[Recording]] = []
    for recording in sorted(recordings, key=lambda one: len(one.steps)):
        group = next((g for g in groups if recording.steps[: len(g[-1].steps) - 1] == g[-1].steps[:-1]), None)
        if group is None:
            groups.append([recording])
        else:
            group.append(recording)
    return groups


def joined(group: Sequence[Recording]) -> list[Step]:
    """The steps of one group in one episode: every answer in its place, nothing done twice."""
    steps: list[Step] = []
    done = 0
    for recording in group:
        steps += recording.steps[done:]
        done = len(recording.steps) - 1
    return steps


def served_elsewhere(steps: Sequence[Step], origins: Mapping[str, str]) -> list[Step]:
    """The steps with other addresses: ``origins`` maps those of the embedded sites to where they are served.

    >>> served_elsewhere([{"do": "answer", "text": "see http://reddit.test/f/books"}], {"http://reddit.test": "http://localhost:9999"})
    [{'do': 'answer', 'text': 'see http://localhost:9999/f/books'}]
    """

    def moved(value: Any) -> Any:
        if isinstance(value, str):
            for old, new in origins.items():
                value = value.replace(old, new)
        elif isinstance(value, dict):
            return {key: moved(inner) for key, inner in value.items()}
        elif isinstance(value, list):
            return [moved(inner) for inner in value]
        return value

    return [moved(step) for step in steps]
