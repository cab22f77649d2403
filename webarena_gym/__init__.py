"""WebArena-Lite as Gymnasium environments: 165 web tasks on embedded sites, text observations, deterministic scores.

>>> import gymnasium as gym, webarena_gym
>>> env = gym.make("WebArenaLite-shopping-v0")
"""

from importlib.metadata import PackageNotFoundError, version

from .errors import ActionError, InfraError, MissingDependency, SiteNotAvailable, UnknownTask, WebArenaGymError
from .registration import register_envs

try:
    __version__ = version("webarena-gym")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"

__all__ = [
    "ActionError",
    "InfraError",
    "MissingDependency",
    "SiteNotAvailable",
    "UnknownTask",
    "WebArenaGymError",
    "__version__",
    "register_envs",
]

register_envs()
