"""The algorithms by the names that commands take. Modules load when asked for."""

from __future__ import annotations

import importlib
from dataclasses import fields
from typing import Any

from ..policy import Policy
from .base import Algorithm, AlgorithmConfig

# By name: module, class and config class.
_ALGORITHMS = {
    "bc": ("bc", "BC", "BCConfig"),
    "filtered-bc": ("filtered_bc", "FilteredBC", "FilteredBCConfig"),
    "awr": ("awr", "AWR", "AWRConfig"),
    "digirl": ("digirl", "DigiRL", "DigiRLConfig"),
    "webrl": ("webrl", "WebRL", "WebRLConfig"),
    "webrl-code": ("webrl_code", "WebRLCode", "WebRLCodeConfig"),
    "mira": ("mira", "MiRA", "MiRAConfig"),
    "reinforce": ("reinforce", "Reinforce", "ReinforceConfig"),
    "rloo": ("rloo", "RLOO", "RLOOConfig"),
    "grpo": ("grpo", "GRPO", "GRPOConfig"),
    "ppo": ("ppo", "PPO", "PPOConfig"),
}
# Those of Stable-Baselines3 have a loop of their own; here are only their settings.
_SB3_CONFIGS = {
    "sb3-ppo": "SB3PPOConfig",
    "sb3-maskable-ppo": "SB3PPOConfig",
    "sb3-a2c": "SB3A2CConfig",
    "sb3-dqn": "SB3DQNConfig",
}


def algorithm_names() -> tuple[str, ...]:
    """Those of this package."""
    return tuple(_ALGORITHMS)


def sb3_names() -> tuple[str, ...]:
    """Those of Stable-Baselines3 and sb3-contrib."""
    return tuple(_SB3_CONFIGS)


def config_class(name: str) -> type[AlgorithmConfig]:
    """The config class of an algorithm.

    Raises:
        ValueError: If there is no algorithm of this name.
    """
    if name in _SB3_CONFIGS:
        return getattr(importlib.import_module("..sb3_config", __package__), _SB3_CONFIGS[name])
    module, _, config = _entry(name)
    return getattr(importlib.import_module(f".{module}", __package__), config)


def default_config(name: str, **changes: Any) -> AlgorithmConfig:
    """An algorithm's defaults with some fields changed.

    Raises:
        ValueError: If the algorithm has no such field, or a value is out of range.
    """
    cls = config_class(name)
    known = {field.name for field in fields(cls)}
    if unknown := sorted(set(changes) - known):
        raise ValueError(f"{name} has no option {', '.join(unknown)}; its options are {', '.join(sorted(known))}")
    return cls(**changes)


def make_algorithm(name: str, policy: Policy, config: AlgorithmConfig, *, seed: int) -> Algorithm:
    """A new learner for ``policy``."""
    module, algorithm, _ = _entry(name)
    return getattr(importlib.import_module(f".{module}", __package__), algorithm)(policy, config, seed=seed)


def _entry(name: str) -> tuple[str, str, str]:
    if name not in _ALGORITHMS:
        raise ValueError(f"unknown algorithm {name!r}; the algorithms are {', '.join((*_ALGORITHMS, *_SB3_CONFIGS))}")
    return _ALGORITHMS[name]
