"""Trajectories as Minari datasets, and back without loss.

What Minari has a place for is where Minari's tools look for it: texts, r', ends, seeds. The rest travels in its
``infos`` (``task_reward``, ``logprob``, and ``details`` as JSON, one entry per observation) and ``options`` (``episode``, JSON).
Text that UTF-8 or HDF5 cannot hold (NUL, unpaired surrogates) is refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from gymnasium.spaces import Text

from webarena_gym.errors import MissingDependency

from .trajectory import Step, Trajectory

_PER_STEP = ("token_logprobs", "milestones", "infra_error")
_PER_EPISODE = tuple(f.name for f in fields(Trajectory) if f.name not in ("steps", "final_observation"))


def to_minari(trajectories: Sequence[Trajectory], dataset_id: str, **metadata: Any) -> Any:
    """Write a local Minari dataset such as ``"webarena/shopping-demos-v0"``; returns it.

    ``metadata`` goes to ``minari.create_dataset_from_buffers``: author, description, ...

    Raises:
        ValueError: If there is no trajectory, one has no steps, or a text cannot be stored.
        MissingDependency: Without Minari.
    """
    minari = _minari()
    if not trajectories or any(not t.steps for t in trajectories):
        raise ValueError("a Minari dataset needs one episode or more, each with one step or more")
    texts = [text for t in trajectories for text in (*(s.observation for s in t.steps), t.final_observation)]
    actions = [step.action for t in trajectories for step in t.steps]
    return minari.create_dataset_from_buffers(
        dataset_id=dataset_id,
        buffer=[_episode_buffer(minari, number, t) for number, t in enumerate(trajectories)],
        observation_space=_space(texts),
        action_space=_space(actions),
        data_format="hdf5",
        **metadata,
    )


def from_minari(dataset: Any) -> list[Trajectory]:
    """The trajectories of a dataset that ``to_minari`` wrote, equal to those given to it.

    Args:
        dataset: A Minari dataset, or the id of a local one.

    Raises:
        ValueError: If it was written by something else.
        MissingDependency: Without Minari.
    """
    opened = _minari().load_dataset(dataset) if isinstance(dataset, str) else dataset
    episodes = opened.iterate_episodes()
    options = (metadata.get("options", {}) for metadata in opened.storage.get_episode_metadata(opened.episode_indices))
    return [_trajectory(episode, chosen) for episode, chosen in zip(episodes, options, strict=True)]


def _episode_buffer(minari: Any, number: int, trajectory: Trajectory) -> Any:
    steps = trajectory.steps
    details = [json.dumps({name: _plain(getattr(step, name)) for name in _PER_STEP}) for step in steps]
    last = len(steps) - 1
    return minari.data_collector.EpisodeBuffer(
        id=number,
        seed=trajectory.env_seed,
        options={"episode": json.dumps({name: _plain(getattr(trajectory, name)) for name in _PER_EPISODE})},
        observations=[*(step.observation for step in steps), trajectory.final_observation],
        actions=[step.action for step in steps],
        rewards=[step.reward for step in steps],
        terminations=[t == last and trajectory.terminated for t in range(len(steps))],
        truncations=[t == last and trajectory.truncated for t in range(len(steps))],
        # Minari wants one entry per observation; the first belongs to the reset.
        infos={
            "task_reward": [0.0, *(step.task_reward for step in steps)],
            "logprob": [math.nan, *(math.nan if step.logprob is None else step.logprob for step in steps)],
            "details": ["{}", *details],
        },
    )


def _trajectory(episode: Any, options: dict[str, Any]) -> Trajectory:
    if "episode" not in options or "details" not in (episode.infos or {}):
        raise ValueError("this dataset was not written by to_minari: its episodes lack the options and infos it adds")
    infos = episode.infos
    steps = []
    for t, action in enumerate(episode.actions):
        details = json.loads(infos["details"][t + 1])
        logprob = float(infos["logprob"][t + 1])
        steps.append(
            Step(
                observation=episode.observations[t],
                action=action,
                logprob=None if math.isnan(logprob) else logprob,
                token_logprobs=tuple(details["token_logprobs"]),
                reward=float(episode.rewards[t]),
                task_reward=float(infos["task_reward"][t + 1]),
                milestones=details["milestones"],
                infra_error=details["infra_error"],
            )
        )
    whole = json.loads(options["episode"])
    return Trajectory(steps=tuple(steps), final_observation=episode.observations[-1], **whole)


def _plain(value: Any) -> Any:
    return dict(value) if hasattr(value, "keys") else value


def _space(texts: Sequence[str]) -> Text:
    """A space that holds just these texts' characters: over all of Unicode, Gymnasium's would take 100 MB."""
    characters = set().union(*texts) or {" "}
    wrong = sorted(c for c in characters if c == "\0" or 0xD800 <= ord(c) <= 0xDFFF)
    if wrong:
        shown = ", ".join(f"U+{ord(c):04X}" for c in wrong[:5])
        raise ValueError(f"Minari datasets cannot hold {shown}; keep these trajectories as JSON Lines")
    return Text(max(1, *map(len, texts)), min_length=0, charset="".join(sorted(characters)))


def _minari() -> Any:
    try:
        import minari
        import minari.data_collector
    except ImportError as error:
        raise MissingDependency("minari", "minari", "exporting to Minari") from error
    return minari
