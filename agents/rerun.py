"""``rerun``: play a recorded episode again and require the same bytes."""

from __future__ import annotations

from typing import Any

import gymnasium as gym

from webarena_gym.errors import WebArenaGymError

from .trajectory import Trajectory


class RerunDiffers(WebArenaGymError):
    """An env no longer answers a recorded episode's actions as it did."""

    def __init__(self, what: str, step: int, recorded: Any, found: Any) -> None:
        self.what, self.step, self.recorded, self.found = what, step, recorded, found
        where = "at reset" if step == 0 else f"after action {step}"
        super().__init__(f"{what} {where} differs: recorded {_around(recorded, found)}, now {_around(found, recorded)}")


def rerun(trajectory: Trajectory, env: gym.Env[str, str]) -> None:
    """Play the actions of ``trajectory`` in ``env``, which must be made and wrapped as it was then.

    Raises:
        RerunDiffers: At the first observation, reward, milestone or end that differs by as much as a byte.
        ValueError: If the episode was cut off by an infrastructure error, which no rerun can bring back.
    """
    if trajectory.infra_error is not None:
        raise ValueError(f"this episode ended in {trajectory.infra_error!r}; only whole episodes can be rerun")
    task = trajectory.requested_task
    observation, info = env.reset(seed=trajectory.env_seed, options=None if task is None else {"task_id": task})
    _require("the milestones", 0, dict(trajectory.reset_milestones), dict(info.get("milestones", {})))
    expected = [step.observation for step in trajectory.steps] + [trajectory.final_observation]
    _require("the observation", 0, expected[0], observation)
    for number, step in enumerate(trajectory.steps, start=1):
        observation, reward, terminated, truncated, info = env.step(step.action)
        last = number == len(trajectory.steps)
        _require("the observation", number, expected[number], observation)
        _require("the reward", number, step.reward, float(reward))
        _require("the task's reward", number, step.task_reward, float(info.get("task_reward", reward)))
        _require("the milestones", number, dict(step.milestones), dict(info.get("milestones", {})))
        ends = (last and trajectory.terminated, last and trajectory.truncated)
        _require("the end", number, ends, (bool(terminated), bool(truncated)))


def _require(what: str, step: int, recorded: Any, found: Any) -> None:
    if recorded != found:
        raise RerunDiffers(what, step, recorded, found)


def _around(shown: Any, other: Any) -> str:
    """A value, or of two long texts the part where they first differ."""
    if not (isinstance(shown, str) and isinstance(other, str)):
        return repr(shown)
    place = next((i for i, (a, b) in enumerate(zip(shown, other, strict=False)) if a != b), min(len(shown), len(other)))
    return repr(shown[max(0, place - 20) : place + 40])
