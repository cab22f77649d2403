"""Settings of the Stable-Baselines3 algorithms, by the names they have there. Needs none of it installed."""

from __future__ import annotations

from dataclasses import dataclass

from .algorithms.base import AlgorithmConfig


@dataclass(frozen=True, kw_only=True)
class SB3Config(AlgorithmConfig):
    """What all of them take. ``episodes_per_update`` has no effect: they count steps."""

    gamma: float = 0.99
    candidates: int = 128
    """N, the actions of a page that are offered."""
    hidden: int = 64
    """Width of the network that scores a candidate."""


@dataclass(frozen=True, kw_only=True)
class SB3PPOConfig(SB3Config):
    """Stable-Baselines3's PPO, and sb3-contrib's MaskablePPO."""

    n_steps: int = 32
    """Steps of each env between updates."""
    n_epochs: int = 4
    ent_coef: float = 0.003


@dataclass(frozen=True, kw_only=True)
class SB3A2CConfig(SB3Config):
    """Stable-Baselines3's A2C."""

    n_steps: int = 8
    ent_coef: float = 0.003


@dataclass(frozen=True, kw_only=True)
class SB3DQNConfig(SB3Config):
    """Stable-Baselines3's DQN."""

    buffer_size: int = 4000
    """Steps remembered, about 90 kB each."""
    learning_starts: int = 500
    target_update_interval: int = 500
    exploration_fraction: float = 0.3
    exploration_final_eps: float = 0.05
