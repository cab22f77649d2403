"""Episodes made by hand, for tests that work their numbers out."""

from __future__ import annotations

from collections.abc import Sequence

from webarena_gym.agents.trajectory import Step, Trajectory

from tests.agents.fakes import observation_text


def page(step: int, name: str = "Start") -> str:
    return observation_text("Take an arm", step, f"http://a.test/{name}", ['[1] link "Left" [2] link "Right"'])


def episode(
    rewards: Sequence[float],
    *,
    success: bool = True,
    shaping: Sequence[float] | None = None,
    terminated: bool = True,
    reached: Sequence[Sequence[bool]] | None = None,
    task_id: str = "t",
    env_seed: int = 0,
    action: str = "click(2)",
) -> Trajectory:
    """An episode with these task rewards r; r' adds ``shaping``. ``reached[t]`` are the milestones after action t."""
    added = shaping or [0.0] * len(rewards)
    steps = tuple(
        Step(
            observation=page(t),
            action=action,
            logprob=-1.0,
            reward=r + added[t],
            task_reward=r,
            milestones={f"m{i}": held for i, held in enumerate(reached[t])} if reached else {},
        )
        for t, r in enumerate(rewards)
    )
    return Trajectory(
        task_id=task_id,
        env_seed=env_seed,
        policy_seed=0,
        steps=steps,
        final_observation=page(len(rewards)),
        success=success,
        terminated=terminated,
        truncated=not terminated,
        reset_milestones=dict.fromkeys(steps[0].milestones, False),
    )
