"""Episodes written by hand: a page is an address and the elements on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from webarena_gym.agents.trajectory import Step, Trajectory

SHOP = "http://shopping.test"
ELEMENTS = '[1] link "Home" [2] link "Cart" [3] button "Add to Cart" [4] combobox "Search" [5] link "Page Next"'


class Did(NamedTuple):
    """One action and where it led: the path of the next page, an error, the part that shows, what it was paid."""

    action: str
    path: str
    error: str = ""
    part: int = 1
    milestones: Mapping[str, bool] = {}
    reward: float = 0.0
    task_reward: float = 0.0


def observation(
    path: str, *, goal: str = "Buy a mug", step: int = 0, error: str = "", part: int = 1, text: str = ""
) -> str:
    lines = [f"goal: {goal}", f"step {step}/30", "title: Shop", f"url: {SHOP}{path}"]
    lines += [f"error: {error}"] if error else []
    lines += [f"page {part}/9"] if part > 1 else []
    return "\n".join(lines) + f"\n\n{ELEMENTS}\n{text or path}"


def episode(
    deeds: Sequence[Did],
    *,
    success: bool | None = False,
    terminated: bool | None = None,
    task_id: int | str = 1,
    start: str = "/",
    milestones: Sequence[str] = (),
    infra_error: str | None = None,
    goal: str = "Buy a mug",
    seed: int = 0,
    site: str = "shopping",
) -> Trajectory:
    """``milestones`` are names in task order; a deed names those that hold after it, and they stay."""
    shown, steps = observation(start, goal=goal), []
    held = dict.fromkeys(milestones, False)
    for number, did in enumerate(deeds, 1):
        held = {**held, **did.milestones}
        steps.append(
            Step(
                observation=shown,
                action=did.action,
                milestones=dict(held),
                reward=did.reward,
                task_reward=did.task_reward,
            )
        )
        shown = observation(did.path, goal=goal, step=number, error=did.error, part=did.part)
    stopped = bool(deeds) and deeds[-1].action.startswith("stop") if terminated is None else terminated
    return Trajectory(
        task_id=task_id,
        env_seed=0,
        policy_seed=seed,
        steps=tuple(steps),
        final_observation=shown,
        success=None if infra_error else success,
        terminated=stopped and infra_error is None,
        truncated=not stopped or infra_error is not None,
        infra_error=infra_error,
        reset_milestones=dict.fromkeys(milestones, False),
        site=site,
    )
