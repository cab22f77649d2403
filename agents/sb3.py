"""Stable-Baselines3 on the numeric view of the env: PPO, A2C, DQN, and sb3-contrib's MaskablePPO.

Their networks score every row with the same small network, so the order of rows does not matter, and start from the same
prior as ``CandidatePolicy``. An infrastructure error reaches them as a truncation, where they bootstrap from the value of
the last observation; it is never a reward of 0 for the task. Runs are checkpointed but, unlike those of this package's
own loop, not resumed to the same weights: the library does not keep envs in mid-episode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from torch import Tensor, nn

from webarena_gym.errors import MissingDependency

try:
    import stable_baselines3 as sb3
    from sb3_contrib import MaskablePPO
    from sb3_contrib.common.maskable.policies import MaskableMultiInputActorCriticPolicy
    from stable_baselines3.common.callbacks import BaseCallback
    from stable_baselines3.common.policies import MultiInputActorCriticPolicy
    from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
    from stable_baselines3.common.vec_env import DummyVecEnv
    from stable_baselines3.dqn.policies import MultiInputPolicy as DQNMultiInputPolicy
except ImportError as error:
    raise MissingDependency("stable-baselines3 and sb3-contrib", "sb3", "training with Stable-Baselines3") from error

from .candidate_view import NO_OP, ROW, CandidateView, candidate_rows
from .features import Featurizer
from .policy import ActionSample
from .sb3_config import SB3Config
from .trajectory import State

_OUT_OF_LIST = -12.0  # the prior of a row past the list, about six in a million


class CandidateExtractor(BaseFeaturesExtractor):
    """(B, N + hidden): a score for each row, then the mean of the rows' hidden numbers."""

    def __init__(self, observation_space: gym.spaces.Dict, hidden: int = 64) -> None:
        rows = observation_space["candidates"].shape[0]
        super().__init__(observation_space, features_dim=rows + hidden)
        self.rows = rows
        self.body = nn.Sequential(nn.Linear(ROW, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.score = nn.Linear(hidden, 1)
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, observations: dict[str, Tensor]) -> Tensor:
        rows, mask = observations["candidates"], observations["mask"].bool()
        hidden = self.body(rows)  # (B, N, h)
        prior = torch.where(mask, rows[:, :, 0], torch.full_like(rows[:, :, 0], _OUT_OF_LIST))
        scores = self.score(hidden).squeeze(2) + prior  # (B, N)
        count = mask.sum(dim=1, keepdim=True).clamp(min=1)
        pooled = hidden.masked_fill(~mask[:, :, None], 0.0).sum(dim=1) / count  # (B, h)
        return torch.cat([scores, pooled], dim=1)


class Scores(nn.Module):
    """The first N of an extractor's numbers, which are the logits or values of the N actions."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, features: Tensor) -> Tensor:
        return features[:, : self.count]


class _ScoredActions:
    """Takes the extractor's scores as logits, in place of another layer."""

    def _build(self, lr_schedule: Any) -> None:
        super()._build(lr_schedule)  # type: ignore[misc]
        self.action_net = Scores(int(self.action_space.n))  # type: ignore[attr-defined]
        self.optimizer = self.optimizer_class(self.parameters(), lr=lr_schedule(1), **self.optimizer_kwargs)  # type: ignore[attr-defined]


class CandidateActorCritic(_ScoredActions, MultiInputActorCriticPolicy):
    """For PPO and A2C."""


class MaskableCandidateActorCritic(_ScoredActions, MaskableMultiInputActorCriticPolicy):
    """For MaskablePPO."""


class CandidateQPolicy(DQNMultiInputPolicy):
    """For DQN."""

    def make_q_net(self) -> Any:
        network = super().make_q_net()
        network.q_net = Scores(int(self.action_space.n))
        return network


def make_model(name: str, config: SB3Config, envs: Sequence[gym.Env[str, str]], *, seed: int) -> Any:
    """The Stable-Baselines3 model ``name`` ("sb3-ppo", ...) over text envs."""
    featurizer = Featurizer(max_candidates=config.candidates)
    views = [CandidateView(env, candidates=config.candidates, featurizer=featurizer) for env in envs]
    makers: list[Callable[[], gym.Env[Any, Any]]] = [lambda view=view: view for view in views]
    # The env's actions come from the views' own list, so rewards need no other wrapper.
    vec_env = DummyVecEnv(makers)
    kwargs: dict[str, Any] = {
        "gamma": config.gamma,
        "learning_rate": config.learning_rate,
        "seed": seed,
        "device": "cpu",
        "policy_kwargs": {
            "features_extractor_class": CandidateExtractor,
            "features_extractor_kwargs": {"hidden": config.hidden},
            "net_arch": [],
        },
    }
    own = set(config.__dataclass_fields__) - set(SB3Config.__dataclass_fields__)
    kwargs |= {field: getattr(config, field) for field in own}
    match name:
        case "sb3-ppo" | "sb3-maskable-ppo":
            maskable = name == "sb3-maskable-ppo"
            cls, policy = (MaskablePPO, MaskableCandidateActorCritic) if maskable else (sb3.PPO, CandidateActorCritic)
            kwargs["policy_kwargs"]["ortho_init"] = False
            return cls(policy, vec_env, batch_size=config.minibatch, **kwargs)
        case "sb3-a2c":
            kwargs["policy_kwargs"]["ortho_init"] = False
            return sb3.A2C(CandidateActorCritic, vec_env, **kwargs)
        case "sb3-dqn":
            return sb3.DQN(CandidateQPolicy, vec_env, batch_size=config.minibatch, train_freq=(1, "step"), **kwargs)
        case _:
            raise ValueError(f"unknown Stable-Baselines3 algorithm {name!r}")


class SB3Policy:
    """A trained model as a policy that collectors can play: draws from its distribution, or takes the best Q value."""

    def __init__(self, model: Any, candidates: int) -> None:
        self.model, self._size = model, candidates
        self._featurize = Featurizer(max_candidates=candidates)

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        features = [self._featurize(state) for state in states]
        pairs = [candidate_rows(f, self._size) for f in features]
        observation = {"candidates": np.stack([r for r, _ in pairs]), "mask": np.stack([m for _, m in pairs])}
        tensors, _ = self.model.policy.obs_to_tensor(observation)
        with torch.no_grad():
            if hasattr(self.model.policy, "q_net"):
                logits, temperature = self.model.policy.q_net(tensors), 0.0
            else:
                logits = self.model.policy.get_distribution(tensors).distribution.logits
        samples = []
        for row, (_, mask), of, random in zip(logits.double().numpy(), pairs, features, randoms, strict=True):
            if isinstance(self.model, MaskablePPO):
                row = np.where(mask, row, -np.inf)
            chosen = int(row.argmax()) if temperature == 0 else int(_draw(row / temperature, random))
            samples.append(ActionSample(of.actions[chosen] if chosen < len(of.actions) else NO_OP, None))
        return samples

    def parameters(self) -> list[nn.Parameter]:
        return list(self.model.policy.parameters())

    def state_dict(self) -> dict[str, Any]:
        return self.model.policy.state_dict()

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.model.policy.load_state_dict(state_dict)


def _draw(logits: np.ndarray, random: np.random.Generator) -> int:
    weights = np.exp(logits - logits.max())
    return int(random.choice(len(weights), p=weights / weights.sum()))


class _Heard(BaseCallback):
    def __init__(self, function: Callable[[int, Sequence[dict], Sequence[bool]], None]) -> None:
        super().__init__()
        self._function = function

    def _on_step(self) -> bool:
        self._function(self.num_timesteps, self.locals["infos"], self.locals["dones"])
        return True


def steps_heard_by(function: Callable[[int, Sequence[dict], Sequence[bool]], None]) -> BaseCallback:
    """A callback that passes on the number of steps, the infos, and which episodes ended, after every vector step."""
    return _Heard(function)


def load_model(model: Any, path: Path) -> Any:
    """A saved model of the same kind, over the envs of ``model``."""
    return type(model).load(path, env=model.env, device="cpu")
