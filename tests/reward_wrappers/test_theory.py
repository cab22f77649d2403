"""What each scheme guarantees, on random Markov decision processes and on two counter-examples that are kept.

The rewards come from the wrapper itself, transition by transition; only the solver and the probabilities are the test's.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reward_wrappers import Milestone, MilestoneReward, PotentialReward, observation_equals
from tests.reward_wrappers.fakes import EXAMPLES, ScriptedEnv, TabularEnv, play

History = tuple[int, frozenset[str]]
"""A state, and the milestones reached on the way there: what a policy has to see for `pbrs` to leave it alone."""


@dataclass(frozen=True)
class Problem:
    """A random MDP: (S, A, S) rewards and probabilities, terminal states, truncated transitions, milestones, a discount."""

    rewards: np.ndarray
    chances: np.ndarray
    terminal: frozenset[int]
    cut: frozenset[tuple[int, int, int]]
    milestones: list[Milestone]
    gamma: float

    def env(self) -> TabularEnv:
        return TabularEnv(self.rewards, self.terminal, self.cut)


@st.composite
def problems(draw: Any) -> Problem:
    states, actions = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    gamma = draw(st.sampled_from([0.3, 0.9, 0.99, 1.0]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rewards = random.integers(-3, 4, size=(states, actions, states)).astype(float)
    likely = random.integers(0, 4, size=(states, actions, states)).astype(float)
    if gamma == 1.0:  # undiscounted sums are finite only where every path ends: go up, and end at the last state
        likely *= np.triu(np.ones((states, states)), k=1)[:, None, :]
        likely[:-1, :, -1] += 1.0
    likely[likely.sum(axis=2) == 0] = 1.0
    terminal = frozenset({states - 1} if gamma == 1.0 else draw(st.sets(st.integers(1, states - 1))))
    every = itertools.product(range(states), range(actions), range(states))
    cut = frozenset(t for t in every if t[2] not in terminal and random.random() < 0.3)
    at = [draw(st.integers(0, states - 1)) for _ in range(draw(st.integers(1, 3)))]
    milestones = [Milestone(f"m{i}", observation_equals(s), weight=i + 1.0) for i, s in enumerate(at)]
    return Problem(rewards, likely / likely.sum(axis=2, keepdims=True), terminal, cut, milestones, gamma)


def shaped_rewards(problem: Problem, env: gym.Env) -> dict[tuple[History, int, int], tuple[float, float, History]]:
    """For every history that can come about, action and outcome: the task's reward, the wrapper's, and what follows.

    Histories are found by walking: each is kept with one path to it, which the wrapped env replays before the step asked for.
    """
    start = (0, frozenset(env.reset()[1].get("milestones_reached", ())))
    paths: dict[History, list[tuple[int, int]]] = {start: []}
    found: dict[tuple[History, int, int], tuple[float, float, History]] = {}
    todo = [start]
    while todo:
        history = todo.pop()
        for action, outcome in np.argwhere(problem.chances[history[0]] > 0).tolist():
            _, reward, terminated, _, info = [env.reset(), *map(env.step, [*paths[history], (action, outcome)])][-1]
            after = (outcome, frozenset(info.get("milestones_reached", ())))
            found[history, action, outcome] = (info["task_reward"], reward, after)
            if not terminated and after not in paths:
                paths[after] = [*paths[history], (action, outcome)]
                todo.append(after)
    return found


def action_values(problem: Problem, found: dict[Any, Any], shaped: bool) -> dict[tuple[History, int], float]:
    """Q* by value iteration. A truncated transition goes on: its end is a limit of the recording, not of the task."""
    values: dict[History, float] = {history: 0.0 for history, _, _ in found}
    for _ in range(10_000):
        q: dict[tuple[History, int], float] = {}
        for (history, action, outcome), (own, with_shaping, after) in found.items():
            reward = with_shaping if shaped else own
            target = reward + problem.gamma * values.get(after, 0.0)  # a terminal state is no key: worth 0
            q[history, action] = q.get((history, action), 0.0) + problem.chances[history[0], action, outcome] * target
        new: dict[History, float] = {}
        for (history, _), value in q.items():
            new[history] = max(new.get(history, -np.inf), value)
        change = max(abs(new[history] - values[history]) for history in new)
        values = new
        if change < 1e-12:
            break
    return q


def best_actions(q: dict[tuple[History, int], float]) -> dict[History, set[int]]:
    top: dict[History, float] = {}
    for (history, _), value in q.items():
        top[history] = max(top.get(history, -np.inf), value)
    best: dict[History, set[int]] = {}
    for (history, action), value in q.items():
        if value >= top[history] - 1e-6:
            best.setdefault(history, set()).add(action)
    return best


@given(problems(), st.sampled_from([0.1, 0.3, 5.0]))
@settings(max_examples=EXAMPLES)
def test_pbrs_leaves_the_optimal_policies_of_any_mdp_as_they_are(problem: Problem, alpha: float) -> None:
    env = MilestoneReward(problem.env(), problem.milestones, scheme="pbrs", alpha=alpha, gamma=problem.gamma)
    found = shaped_rewards(problem, env)
    own, shaped = action_values(problem, found, shaped=False), action_values(problem, found, shaped=True)
    assert best_actions(own) == best_actions(shaped)
    # And why: shaping takes the same alpha * P off every action's value (Ng, Harada and Russell, 1999).
    total = sum(m.weight for m in problem.milestones)
    for (history, action), value in own.items():
        progress = sum(m.weight for m in problem.milestones if m.name in history[1]) / total
        assert shaped[history, action] == pytest.approx(value - alpha * progress, abs=1e-8)


@given(problems(), st.integers(0, 2**32 - 1))
@settings(max_examples=EXAMPLES)
def test_pbrs_with_a_trained_linear_potential_does_so_too(problem: Problem, seed: int) -> None:
    random = np.random.default_rng(seed)
    features = random.normal(size=(len(problem.rewards), 2))  # (S, 2)
    weights, *_ = np.linalg.lstsq(features, random.random(len(features)), rcond=None)  # least squares on random labels
    env = PotentialReward(problem.env(), lambda state: features[state] @ weights, alpha=0.7, gamma=problem.gamma)
    found = shaped_rewards(problem, env)
    own, shaped = action_values(problem, found, shaped=False), action_values(problem, found, shaped=True)
    assert best_actions(own) == best_actions(shaped)
    for (history, action), value in own.items():
        assert shaped[history, action] == pytest.approx(value - 0.7 * features[history[0]] @ weights, abs=1e-7)


# From state 0, action 0 goes to the goal (state 1, reward 1) and action 1 to a dead end (state 2, reward 0.9) that happens
# to be a milestone. 1 > 0.9, but 0.9 + 0.3 > 1.
DETOUR = Problem(
    rewards=np.array([[[0, 1, 0], [0, 0, 0.9]]] + [[[0, 0, 0]] * 2] * 2),
    chances=np.array([[[0, 1, 0], [0, 0, 1]]] + [[[0, 1, 0]] * 2] * 2, dtype=float),
    terminal=frozenset({1, 2}),
    cut=frozenset(),
    milestones=[Milestone("dead end", observation_equals(2))],
    gamma=0.9,
)


@pytest.mark.parametrize(("scheme", "best"), [("bonus", {1}), ("paper", {1}), ("pbrs", {0})])
def test_bonus_and_paper_can_make_a_worse_policy_optimal_where_pbrs_cannot(scheme: str, best: set[int]) -> None:
    env = MilestoneReward(DETOUR.env(), DETOUR.milestones, scheme=scheme, alpha=0.3, gamma=0.9)
    found = shaped_rewards(DETOUR, env)
    assert best_actions(action_values(DETOUR, found, shaped=False)) == {(0, frozenset()): {0}}
    assert best_actions(action_values(DETOUR, found, shaped=True)) == {(0, frozenset()): best}


@pytest.mark.parametrize(("scheme", "stops_early"), [("paper", True), ("pbrs", False)])
def test_paper_can_pay_more_for_stopping_early_at_a_promising_page(scheme: Any, stops_early: bool) -> None:
    # Premature stops, the side effect that MiRA reports. A critic gives 0.9 to the page in state 1. There an episode may
    # stop at once, for no reward (state 9, the same page), or go on by way of 20 steps in state 2, where the critic says
    # 0, to the goal in state 3, where the reward is 1 and the critic says 1. With gamma 0.9 and alpha 0.3:
    # paper, stop:   0.3 * 0.9 + 0 = 0.27, since P does not fall on stopping.
    # paper, go on:  0.27 - 0.9 * 0.27 + 0.9 ** 21 * 1.3 = 0.17.    Stopping wins.
    # pbrs, stop:    0.3 * 0.81 - 0.9 * 0.27 = 0, since P does fall.
    # pbrs, go on:   0.9 ** 21 = 0.11, the task's own return.       Going on wins.
    def critic(state: int) -> float:
        return {0: 0.0, 1: 0.9, 2: 0.0, 3: 1.0, 9: 0.9}[state]

    def return_(states: list[int], rewards: list[float]) -> float:
        env = PotentialReward(ScriptedEnv(states, rewards), critic, scheme=scheme, alpha=0.3, gamma=0.9)
        return sum(0.9**t * reward for t, (reward, _) in enumerate(play(env, [0] * (len(states) - 1))))

    stop = return_([0, 1, 9], [0.0, 0.0])
    go_on = return_([0, 1, *[2] * 20, 3], [0.0] * 21 + [1.0])
    assert (stop > go_on) is stops_early


@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=12),
    st.sampled_from([0.3, 0.9, 1.0]),
    st.sampled_from(["terminated", "truncated"]),
    st.sampled_from([0.1, 0.8]),
)
@settings(max_examples=EXAMPLES)
def test_discounted_shaping_sums_to_what_the_ends_are_worth(
    states: list[int], gamma: float, end: str, alpha: float
) -> None:
    milestones = [Milestone(f"m{s}", observation_equals(s), weight=s) for s in (1, 2, 3)]  # weights 1, 2, 3: 6 in all
    env = MilestoneReward(ScriptedEnv(states, end=end), milestones, scheme="pbrs", alpha=alpha, gamma=gamma)
    shaping = [info["shaping"] for _, info in play(env, [0] * (len(states) - 1))]
    at_start, at_end = states[0] / 6, sum(set(states)) / 6
    # Telescoped: alpha * (gamma^T P(s_T) - P(s_0)); with P(terminal) = 0 that is -alpha * P(s_0).
    expected = alpha * ((gamma ** len(shaping) * at_end if end == "truncated" else 0.0) - at_start)
    assert sum(gamma**t * term for t, term in enumerate(shaping)) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=12), st.booleans())
@settings(max_examples=EXAMPLES)
def test_bonus_pays_each_milestone_at_most_once_and_alpha_at_most(states: list[int], ordered: bool) -> None:
    milestones = [Milestone(f"m{s}", observation_equals(s), weight=s) for s in (1, 2, 3)]
    env = MilestoneReward(ScriptedEnv(states), milestones, alpha=0.6, ordered=ordered)
    before = set(env.reset()[1]["milestones_reached"])
    for state in states[1:]:
        _, reward, _, _, info = env.step(0)
        newly = set(info["milestones_reached"]) - before
        before |= newly
        assert reward == pytest.approx(sum(0.1 * int(name[1]) for name in newly))  # 0.6 * weight / 6
        assert ordered or f"m{state}" in before or state == 0
    assert len(info["milestones_reached"]) == len(before)
