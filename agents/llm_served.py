"""Actions written by a server (vLLM and others) while the weights are trained here, and how far apart the two are.

The server draws from its own kernels and number formats, and from the weights it was given last, so its log-probabilities are
not quite the learner's. ``sampler_mismatch`` measures that on every batch; algorithms that weigh by the old policy use the
server's numbers, which are those of the policy that acted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from .chat_client import ChatClient, ChatConfig, ChatError
from .llm_config import LLMPolicyConfig
from .llm_generation import Written, end_tokens
from .llm_loading import ModelError
from .policy import Policy
from .trajectory import Batch

_GIVE_UP = 25  # failures in a row: a run whose every episode fails would never end


class ServedWriter:
    """Has the same ``write`` as ``ActionWriter``. Where the config names a folder for adapters, the server gets the newest
    weights before it writes.

    Args:
        model, tokenizer: The learner's own, for its end tokens.
        config: With ``server``.
        weights: What is trained; watched for changes.
        save: Writes the adapter to a folder.

    Raises:
        MissingDependency: The openai package is not installed.
        ChatError: From ``write``, when the server fails; a collector takes it for an infrastructure error.
        ModelError: From ``write``, when it did nothing but fail for a while.
    """

    def __init__(
        self, model: Any, tokenizer: Any, config: LLMPolicyConfig, *, weights: Callable[[], Iterable[nn.Parameter]],
        save: Callable[[Path], None],
    ) -> None:  # fmt: skip
        assert config.server is not None
        self._tokenizer, self._config, self._weights, self._save = tokenizer, config, weights, save
        self._ends = end_tokens(model, tokenizer)
        self._base = config.server_model or config.model
        self._client = ChatClient(
            ChatConfig(model=self._base, base_url=config.server, parallel=config.server_parallel, timeout_s=600.0)
        )
        self._served: str | None = None
        self._published = 0
        self._seen: int | None = None
        self._failures = 0

    def write(
        self, prompts: Sequence[Sequence[int]], randoms: Sequence[np.random.Generator], *, temperature: float
    ) -> list[Written]:
        """One action for each prompt. The server draws; equal seeds give equal actions only where it promises that."""
        if self._config.server_adapters is not None:
            self._publish(Path(self._config.server_adapters))
        seeds = [int(random.integers(2**31)) for random in randoms]
        try:
            found = self._client.complete_tokens(
                prompts, model=self._served, max_tokens=self._config.max_action_tokens, temperature=temperature, seeds=seeds, stop=["\n"]
            )  # fmt: skip
        except ChatError as error:
            self._failures += 1
            if self._failures >= _GIVE_UP:
                raise ModelError(
                    f"{self._config.server} failed {_GIVE_UP} times in a row, last with: {error}"
                ) from error
            raise
        self._failures = 0
        return [self._written(c.token_ids, c.logprobs) for c in found]

    def _written(self, ids: Sequence[int], logprobs: Sequence[float]) -> Written:
        """Up to and with the token that ends the action, as ``ActionWriter`` has it."""
        end = next((i for i, token in enumerate(ids) if self._is_end(token)), len(ids) - 1)
        kept = tuple(ids[: end + 1])
        text = self._tokenizer.decode(list(kept), skip_special_tokens=True).split("\n", 1)[0]
        return Written(text.strip(), kept, tuple(logprobs[: end + 1]))

    def _is_end(self, token: int) -> bool:
        return token in self._ends or "\n" in self._tokenizer.decode([token])

    def _publish(self, folder: Path) -> None:
        # Every change in place raises a tensor's version: a step of an optimizer, a checkpoint that is loaded.
        seen = sum(weight._version for weight in self._weights())
        if seen == self._seen:
            return
        self._published += 1
        name = f"policy-{self._published}"
        self._save(folder / name)
        self._client.post("/load_lora_adapter", {"lora_name": name, "lora_path": str((folder / name).absolute())})
        if self._served is not None:
            self._client.post("/unload_lora_adapter", {"lora_name": self._served})
        self._seen, self._served = seen, name


def sampler_mismatch(policy: Policy, batch: Batch, *, size: int = 256) -> dict[str, float]:
    """How far the log-probabilities that the batch was sampled with lie from the policy's own of the same tokens, now.

    ``sampler_logprob_diff_mean`` and ``_max``: of |difference|, nats a token. ``importance_ratio_mean``, ``_min``, ``_max``: of
    pi / sampler, an action each. ``importance_ess``: the effective share of the actions, (sum w)^2 / (n sum w^2) with these
    ratios, 1 where sampler and learner agree. ``sampler_unmatched``: actions whose tokens are no longer known, left out.
    """
    steps = [step for trajectory in batch.trajectories for step in trajectory.steps]
    apart, ratios, unmatched = list[np.ndarray](), list[float](), 0
    with torch.no_grad():
        for start in range(0, batch.size, size):
            part = slice(start, start + size)
            scores = policy.score(batch.states[part], batch.actions[part])
            for step, row, mask in zip(steps[part], scores.logprobs, scores.mask, strict=True):
                own = row[mask].double().cpu().numpy()  # (T,)
                if len(own) != len(step.token_logprobs) or not len(own):
                    unmatched += 1
                    continue
                difference = own - np.array(step.token_logprobs)
                apart.append(np.abs(difference))
                ratios.append(float(np.exp(difference.sum())))
    if not ratios:
        return {"sampler_unmatched": float(unmatched)}
    by_token, by_action = np.concatenate(apart), np.array(ratios)
    return {
        "sampler_logprob_diff_mean": float(by_token.mean()),
        "sampler_logprob_diff_max": float(by_token.max()),
        "importance_ratio_mean": float(by_action.mean()),
        "importance_ratio_min": float(by_action.min()),
        "importance_ratio_max": float(by_action.max()),
        "importance_ess": float(by_action.sum() ** 2 / (len(by_action) * (by_action**2).sum())),
        "sampler_unmatched": float(unmatched),
    }
