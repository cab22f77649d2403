"""Returns and advantages over the episodes of a batch. Shared by all algorithms, so that the formulas stand once.

All arrays are per action, (B,), episode after episode; ``last`` marks where an episode ends, ``terminated`` where its
task does. A truncated episode goes on after its last action, so the value of the state it led to counts; a terminated
one does not.
"""

from __future__ import annotations

import numpy as np


def discounted_returns(rewards: np.ndarray, last: np.ndarray, gamma: float) -> np.ndarray:
    """(B,) G_t = r_t + gamma * r_{t+1} + ..., to the end of each episode.

    >>> discounted_returns(np.array([0.0, 0.0, 1.0, 2.0]), np.array([False, False, True, True]), gamma=0.5).tolist()
    [0.25, 0.5, 1.0, 2.0]
    """
    returns = np.zeros(len(rewards))
    running = 0.0
    for b in range(len(rewards) - 1, -1, -1):
        running = rewards[b] + (0.0 if last[b] else gamma * running)
        returns[b] = running
    return returns


def temporal_differences(
    rewards: np.ndarray, values: np.ndarray, next_values: np.ndarray, terminated: np.ndarray, gamma: float
) -> np.ndarray:
    """(B,) r_t + gamma * V(s_{t+1}) - V(s_t), V of a terminated task's end being 0."""
    return rewards + gamma * np.where(terminated, 0.0, next_values) - values


def generalized_advantages(
    rewards: np.ndarray,
    values: np.ndarray,
    next_values: np.ndarray,
    terminated: np.ndarray,
    last: np.ndarray,
    *,
    gamma: float,
    lambda_: float,
) -> np.ndarray:
    """(B,) generalized advantage estimates (Schulman et al., 2016, arXiv:1506.02438, equation 16).

    >>> ends = np.array([False, True])
    >>> generalized_advantages(np.array([0.0, 1.0]), np.array([0.5, 0.5]), np.array([0.5, 9.0]), ends, ends,
    ...                        gamma=1.0, lambda_=0.5).tolist()  # 0.5 * 0.5, then 1 - 0.5
    [0.25, 0.5]
    """
    differences = temporal_differences(rewards, values, next_values, terminated, gamma)
    return discounted_returns(differences, last, gamma * lambda_)


def doubly_robust_advantages(
    shaped_rewards: np.ndarray,
    returns: np.ndarray,
    values: np.ndarray,
    next_values: np.ndarray,
    terminated: np.ndarray,
    *,
    gamma: float,
    lambda_: float,
) -> np.ndarray:
    """(B,) lambda * (r'_t + gamma V(s_{t+1}) - V(s_t)) + (1 - lambda) * (G_t - V(s_t)) (MiRA, arXiv:2603.19685).

    ``shaped_rewards`` are r', ``returns`` the Monte-Carlo returns of the task's own r. lambda 1 is the temporal difference
    alone, 0 the return alone.
    """
    one_step = temporal_differences(shaped_rewards, values, next_values, terminated, gamma)
    return lambda_ * one_step + (1.0 - lambda_) * (returns - values)


def standardized(values: np.ndarray, *, floor: float = 0.3) -> np.ndarray:
    """(B,) with mean 0, divided by their standard deviation or, where that is less, by ``floor``, in reward units.

    Without the floor, a batch in which next to nothing was rewarded would learn from the critic's noise, at full size: the
    policy drifts off before it meets its first successes.
    """
    return (values - values.mean()) / max(float(values.std()), floor) if len(values) else values
