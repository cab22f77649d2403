"""Several processes that train one policy, as ``accelerate launch`` or ``torchrun`` starts them: a GPU each, or cores each.

Every process holds the whole model and plays its share of the episodes. All then hold all episodes, draw the same random
numbers, and go through the same minibatches, of which each computes its share; gradients are added up before the step. So
weights, optimizers, buffers and curves are the same everywhere, and the same as one process would have, up to the rounding of
sums in another order. That holds exactly for losses that are means over actions; ``webrl-code`` divides by the tokens of a
minibatch, which here are those of a process's share.

Alone, every function here gives back what it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, distributed, nn

from webarena_gym.errors import MissingDependency

from .policy import ActingPolicy
from .rollout import EpisodeRequest, InProcessCollector
from .trajectory import State, Trajectory

T = TypeVar("T")


def join() -> None:
    """Meet the other processes, and take this one's GPU.

    Raises:
        MissingDependency: accelerate is not installed.
    """
    try:
        from accelerate import PartialState
    except ImportError:
        raise MissingDependency("accelerate", "llm", "training with several processes") from None
    PartialState(cpu=not torch.cuda.is_available())


def leave() -> None:
    """Part from the other processes, at the end."""
    if _together():
        distributed.destroy_process_group()


def count() -> int:
    """How many processes train together."""
    return distributed.get_world_size() if _together() else 1


def number() -> int:
    """Which of them this is, from 0; the first one writes files and speaks to people."""
    return distributed.get_rank() if _together() else 0


def share(items: np.ndarray) -> np.ndarray:
    """This process's part of ``items``; nobody else has the same ones, and all together have all."""
    return items[number() :: count()]


def gathered(own: Sequence[T]) -> list[T]:
    """All processes' shares, in the order of what was shared out.

    >>> gathered([3, 4])
    [3, 4]
    """
    if not _together():
        return list(own)
    parts: list[Any] = [None] * count()
    distributed.all_gather_object(parts, list(own))
    total = sum(map(len, parts))
    return [parts[i % count()][i // count()] for i in range(total)]


def from_first(value: T) -> T:
    """What the first process has."""
    if not _together():
        return value
    values: list[Any] = [value]
    distributed.broadcast_object_list(values, src=0)
    return values[0]


def added_up(value: float) -> float:
    """The sum over all processes."""
    if not _together():
        return value
    parts: list[Any] = [None] * count()
    distributed.all_gather_object(parts, float(value))
    return float(sum(parts))


def add_up_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Make every gradient the sum of all processes'; one that has none counts as zero."""
    if not _together():
        return
    weights = [p for p in parameters if p.requires_grad]
    if not weights:
        return
    found: list[Tensor] = [torch.zeros_like(w) if w.grad is None else w.grad for w in weights]
    everything = torch.cat([gradient.reshape(-1).float() for gradient in found])  # one message, not one a weight
    distributed.all_reduce(everything)
    start = 0
    for weight, gradient in zip(weights, found, strict=True):
        summed = everything[start : start + gradient.numel()].view_as(gradient)
        weight.grad = summed.to(gradient.dtype)
        start += gradient.numel()


class SharedCollector:
    """Plays its share of the requested episodes over the envs of ``inner``, and gives everybody all of them."""

    def __init__(self, inner: InProcessCollector) -> None:
        self._inner = inner
        self._others = 0
        """Steps of the other processes so far."""

    @property
    def env_steps(self) -> int:
        """Steps taken so far, by all."""
        return self._inner.env_steps + self._others

    @env_steps.setter
    def env_steps(self, steps: int) -> None:
        self._inner.env_steps, self._others = steps, 0

    def collect(
        self, policy: ActingPolicy, requests: Sequence[EpisodeRequest], *, temperature: float = 1.0
    ) -> list[Trajectory]:
        before = self._inner.env_steps
        mine = list(requests)[number() :: count()]
        own = self._inner.collect(policy, mine, temperature=temperature)
        steps = self._inner.env_steps - before
        self._others += int(added_up(steps)) - steps
        played = gathered(own)
        share_tokens = getattr(policy, "share_sampled_tokens", None)
        if share_tokens is not None:  # of the very actions that the others wrote
            share_tokens()
        return played

    def first_states(self, tasks: Sequence[int | str]) -> list[State | None]:
        return self._inner.first_states(tasks)

    def close(self) -> None:
        self._inner.close()


def shared(collector: InProcessCollector) -> InProcessCollector | SharedCollector:
    """The collector, its work shared out where there are several processes."""
    return SharedCollector(collector) if _together() else collector


def _together() -> bool:
    return distributed.is_available() and distributed.is_initialized()
