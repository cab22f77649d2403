"""``Policy`` and ``Critic``: what algorithms and collectors ask of a model, whether a small network or a language model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from torch import Tensor, nn

from webarena_gym.observed import parse_observation

from .trajectory import State


class ActionSample(NamedTuple):
    """An action text with its log-probability, in nats."""

    text: str
    logprob: float | None
    token_logprobs: tuple[float, ...] = ()
    """(T,) where the policy writes tokens."""


@dataclass(frozen=True)
class ActionScores:
    """What a policy makes of given actions."""

    logprobs: Tensor
    """(B, T) nats, with gradient; what lies outside ``mask`` has no meaning."""
    mask: Tensor
    """(B, T) bool, True on the tokens of the action; a row without any is an action that this policy cannot take."""
    entropy: Tensor
    """(B,) nats, with gradient: of the choice of action, or the mean over its tokens."""

    @property
    def action_logprobs(self) -> Tensor:
        """(B,) summed over each action's tokens; 0 where the policy cannot take it."""
        # masked_fill, not a product: a padded logprob may be -inf, and -inf * 0 is nan.
        return self.logprobs.masked_fill(~self.mask, 0.0).sum(dim=1)

    @property
    def known(self) -> Tensor:
        """(B,) bool: the policy can take the action."""
        return self.mask.any(dim=1)


class Critic(Protocol):
    """A number for each state, trainable. Losses decide what it means: value, probability before its sigmoid, potential."""

    def __call__(self, states: Sequence[State]) -> Tensor:
        """(B,) any real numbers, with gradient."""
        ...

    def parameters(self) -> Iterable[nn.Parameter]: ...

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> Any: ...


class Policy(Protocol):
    """Chooses action texts for a batch of states, and scores given ones. Sees observations, never infos."""

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        """One action for each of the B states, each drawn with its own generator; 0 takes the most probable.

        The log-probabilities are those at temperature 1, which learning is about.
        """
        ...

    def score(self, states: Sequence[State], actions: Sequence[str]) -> ActionScores:
        """The log-probabilities of B given actions in B states."""
        ...

    def new_critic(self, seed: int) -> Critic:
        """An untrained critic for the same states: a head on the policy's own backbone, or a network beside it."""
        ...

    def parameters(self) -> Iterable[nn.Parameter]:
        """What an optimizer is to train; frozen weights left out."""
        ...

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> Any: ...


class ActingPolicy(Protocol):
    """The part of a policy that a collector needs; scripted policies have no more."""

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]: ...


class RandomClicker:
    """Clicks any element of the page, or, once in twenty times, stops. The trivial policy that speed is measured with."""

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        samples = []
        for state, random in zip(states, randoms, strict=True):
            elements = parse_observation(state.observation).elements
            if not elements or random.random() < 0.05:
                samples.append(ActionSample('stop("")', None))
            else:
                samples.append(ActionSample(f"click({elements[int(random.integers(len(elements)))].id})", None))
        return samples
