"""The wrapper around real envs, unchanged: Gymnasium's own, MiniGrid and MiniWoB++ (with Chromium). TextWorld is in the docs' test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from reward_wrappers import (
    Milestone,
    MilestoneReward,
    Transition,
    element_present,
    info_equals,
    milestones_from_json,
    milestones_to_json,
    mine_milestones,
    observation_at_least,
    observation_equals,
    record_trajectory,
    reward_at_least,
    text_contains,
)


def test_frozen_lake_pays_states_on_the_way_to_the_goal() -> None:
    env = gym.make("FrozenLake-v1", map_name="4x4", is_slippery=False)
    env = MilestoneReward(env, [Milestone(f"at {s}", observation_equals(s)) for s in (8, 14)], alpha=0.4)
    env.reset(seed=0)
    # SFFF / FHFH / FFFH / HFFG: down, down (to 8), right (9), down (13), right (14), right (15, the goal).
    rewards = [env.step(action)[1] for action in (1, 1, 2, 1, 2, 2)]
    assert rewards == pytest.approx([0.0, 0.2, 0.0, 0.0, 0.2, 1.0])


def test_taxi_pays_for_the_passenger_picked_up() -> None:
    # Taxi's state is ((row * 5 + column) * 5 + passenger) * 4 + destination; passenger 4 is the one in the taxi.
    aboard = Milestone("aboard", lambda t: t.next_observation // 4 % 5 == 4)
    env = MilestoneReward(gym.make("Taxi-v4"), [aboard], alpha=0.5)
    start, _ = env.reset(seed=1)
    passenger, destination = list(env.unwrapped.decode(start))[2:]
    corner = [(0, 0), (0, 4), (4, 0), (4, 3)][passenger]
    env.unwrapped.s = env.unwrapped.encode(*corner, passenger, destination)  # put the taxi where the passenger waits
    _, reward, _, _, info = env.step(4)  # pick up
    assert (reward, info["task_reward"], info["milestones_reached"]) == (-0.5, -1, ("aboard",))


def test_cart_pole_pays_for_a_threshold_on_a_continuous_observation() -> None:
    env = MilestoneReward(gym.make("CartPole-v1"), [Milestone("fast", observation_at_least(0.5, at=1))], alpha=0.5)
    env.reset(seed=0)
    speeds, rewards = [], []
    for _ in range(5):
        observation, reward, *_ = env.step(1)  # push right
        speeds.append(float(observation[1]))
        rewards.append(reward)
    first = next(t for t, speed in enumerate(speeds) if speed >= 0.5)
    assert rewards == [1.5 if t == first else 1.0 for t in range(5)]


DOORKEY = [
    Milestone("key", observation_equals(5, at=("image", 3, 6, 0))),
    Milestone("door", observation_equals(4, at=("image", 3, 5, 0)) & observation_equals(0, at=("image", 3, 5, 2))),
    Milestone("goal", reward_at_least(0.01)),
]
LEFT, FORWARD, PICK_UP, TOGGLE = 0, 2, 3, 5


class DoorKeySolver:
    """Shortest paths over the grid: to the key, to the door, to the goal. Reads the env; a test may."""

    def __init__(self, env: gym.Env) -> None:
        self._grid_env = env.unwrapped

    def __call__(self, observation: Any) -> int:
        env = self._grid_env
        cells = {
            cell.type: (i % env.width, i // env.width)
            for i, cell in enumerate(env.grid.grid)
            if cell and cell.type != "wall"
        }
        door = env.grid.get(*cells["door"])
        target = cells["key"] if env.carrying is None else cells["goal"] if door.is_open else cells["door"]
        ahead = tuple(env.front_pos)
        if ahead == target and target != cells["goal"]:
            return PICK_UP if env.carrying is None else TOGGLE
        step = self._first_step(target)
        return FORWARD if step == ahead else LEFT

    def _first_step(self, target: tuple[int, int]) -> tuple[int, int]:
        """The neighbouring cell on a shortest path from the agent to ``target``, by search backwards from there."""
        env = self._grid_env
        start, frontier, seen = tuple(env.agent_pos), [target], {target}
        for cell in frontier:
            for dx, dy in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                near = (cell[0] + dx, cell[1] + dy)
                if near == start:
                    return cell
                content = env.grid.get(*near)
                if near not in seen and (content is None or (content.type == "door" and content.is_open)):
                    seen.add(near)
                    frontier.append(near)
        raise AssertionError(f"no way from {start} to {target}")


def door_key(size: int = 6) -> gym.Env:
    import minigrid  # noqa: F401  (registers its ids)

    return gym.make(f"MiniGrid-DoorKey-{size}x{size}-v0")


@pytest.mark.parametrize("seed", range(5))
def test_minigrid_door_key_pays_key_door_and_goal_in_turn(seed: int) -> None:
    env = MilestoneReward(door_key(), milestones_from_json(milestones_to_json(DOORKEY)), alpha=0.3, ordered=True)
    observation, info = env.reset(seed=seed)
    solver, paid, ended = DoorKeySolver(env), [], False
    while not ended:
        before = len(info["milestones_reached"])
        observation, _, ended, truncated, info = env.step(solver(observation))
        assert not truncated
        assert info["shaping"] == pytest.approx(0.1 * (len(info["milestones_reached"]) - before))
        paid.append(info["shaping"])
    assert info["milestones_reached"] == ("key", "door", "goal")
    assert sum(paid) == pytest.approx(0.3)
    assert paid[-1] == pytest.approx(0.1)  # the goal, on the last step


def test_minigrid_milestones_can_be_mined_from_episodes(full_size: bool) -> None:
    random = np.random.default_rng(0)
    count = 100 if full_size else 20
    env, short = door_key(), gym.wrappers.TimeLimit(door_key(), 40)
    solved = [record_trajectory(env, DoorKeySolver(env), seed=seed) for seed in range(count)]
    aimless = [record_trajectory(short, lambda _: int(random.integers(7)), seed=1000 + seed) for seed in range(count)]
    predicates = [milestone.predicate for milestone in DOORKEY]

    def worth_a_look(transition: Transition) -> list[Any]:
        return [predicate for predicate in predicates if predicate(transition)]

    mined = mine_milestones([*solved, *aimless], events=worth_a_look)
    # Of the three given, key and door in this order; the goal comes with the end, so it says nothing on the way.
    assert [m.milestone.predicate for m in mined] == predicates[:2]
    assert [m.support for m in mined] == [1.0, 1.0]


@pytest.fixture
def click_button(monkeypatch: pytest.MonkeyPatch) -> Iterator[gym.Env]:
    """MiniWoB++'s click-test-2, two buttons of which one is to be clicked, in headless Chromium."""
    import miniwob
    from miniwob.reward import get_raw_reward

    # Named, or Selenium goes looking for a browser to download.
    monkeypatch.setenv("MINIWOB_CHROME_BINARY", shutil.which("chromium") or "chromium")
    monkeypatch.setenv("MINIWOB_CHROMEDRIVER", shutil.which("chromedriver") or "chromedriver")
    gym.register_envs(miniwob)
    # The raw reward: the default one falls with the seconds that pass.
    env = gym.make("miniwob/click-test-2-v1", reward_processor=get_raw_reward, disable_env_checker=True)
    yield env
    env.close()


def test_miniwob_pays_for_what_the_page_shows_and_for_the_task_done(click_button: gym.Env) -> None:
    from miniwob.action import ActionTypes

    milestones = [
        Milestone("asked", text_contains("Click button ONE", at="utterance") & element_present("button", "ONE")),
        Milestone("done", info_equals("done", True)),
    ]
    env = MilestoneReward(click_button, milestones, alpha=0.4)
    observation, info = env.reset(seed=1)
    assert info["milestones_reached"] == ("asked",)  # the page says so from the start: never paid
    assert observation["utterance"] == "Click button ONE."
    wanted = next(element["ref"] for element in observation["dom_elements"] if element["text"] == "ONE")
    action = env.unwrapped.create_action(ActionTypes.CLICK_ELEMENT, ref=wanted)
    _, reward, terminated, _, info = env.step(action)
    assert terminated
    assert (info["task_reward"], info["shaping"]) == (1.0, pytest.approx(0.2))
    assert reward == pytest.approx(1.2)
    assert info["milestones_reached"] == ("asked", "done")
