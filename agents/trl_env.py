"""Any text env under ``trl.GRPOTrainer``, through its ``rollout_func`` hook::

    rollout = EnvRollout(lambda: gym.make("webarena_gym:WebArenaLite-shopping-v0", tasks="train"))
    GRPOTrainer(model, reward_funcs=episode_return, rollout_func=rollout, train_dataset=Dataset.from_dict({"prompt": task_ids}), ...)

A row of the dataset is a task id, and the env's pages are the prompts. An episode becomes one sequence: the first prompt, then
action, page, action, page and so on; trl trains on the actions' tokens and masks the pages. That is trl's view of an episode;
the policies here build a new prompt for each action instead. The hook is trl's, and trl calls it experimental; its other one,
``environment_factory``, needs a chat template that calls tools, which Gemma 3 has not.

Not covered: generation by vLLM inside trl, weights that DeepSpeed spreads over several GPUs, and models that also see, which want
marks of where images are from trl when they train.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np

from .llm_generation import ActionWriter, Written
from .llm_prompt import PromptBuilder
from .trajectory import State


@dataclass(slots=True)
class _Episode:
    """One episode as one sequence of tokens, while it is played."""

    env: gym.Env[str, str]
    random: np.random.Generator
    prompt: list[int]
    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    """Of the model's own tokens, in nats; 0 for a page's."""
    own: list[int] = field(default_factory=list)
    """1 for a token that the model wrote."""
    return_: float = 0.0
    success: bool | None = False
    ended: bool = False

    def add(self, tokens: Sequence[int], logprobs: Sequence[float] | None) -> None:
        self.tokens += tokens
        self.logprobs += [0.0] * len(tokens) if logprobs is None else logprobs
        self.own += [int(logprobs is not None)] * len(tokens)


class EnvRollout:
    """A ``rollout_func``: plays one episode for each prompt that trl passes, all side by side.

    Args:
        make_env: Makes one env over the tasks that the dataset names. Its reward is what is trained on, so a
            ``MilestoneReward`` around it works as everywhere.
        max_prompt_tokens: Of the first prompt, instructions included.
        max_turn_tokens: Of each later page.
        max_action_tokens: An action that is not finished by then is cut off, and will not parse.
        seed: Of sampling.

    An episode also ends where the next page and action would pass trl's ``max_completion_length``; like the env's own step
    limit, that leaves it without success.
    """

    def __init__(
        self, make_env: Callable[[], gym.Env[str, str]], *, max_prompt_tokens: int = 4096, max_turn_tokens: int = 2048,
        max_action_tokens: int = 96, seed: int = 0,
    ) -> None:  # fmt: skip
        self._make_env, self._envs = make_env, list[gym.Env[str, str]]()
        self._max_prompt, self._max_turn, self._max_action = max_prompt_tokens, max_turn_tokens, max_action_tokens
        self._seed, self._calls = seed, 0

    def __call__(self, prompts: Sequence[str], trainer: Any) -> dict[str, list[Any]]:
        """The fields that trl asks for, and ``episode_return`` and ``success``, which reach the reward function.

        A prompt is a task id; an empty one lets the env draw the task.
        """
        tokenizer, model = trainer.processing_class, trainer.accelerator.unwrap_model(trainer.model)
        builder = PromptBuilder(tokenizer, max_tokens=self._max_prompt, max_history=0)
        writer = ActionWriter(model, tokenizer, max_tokens=self._max_action)
        temperature, room = trainer.temperature, trainer.max_completion_length - self._max_action
        while len(self._envs) < len(prompts):
            self._envs.append(self._make_env())
        self._calls += 1
        key = [self._seed, self._calls, trainer.accelerator.process_index]
        episodes = [self._begin(i, task, builder, [*key, i]) for i, task in enumerate(prompts)]
        training = model.training
        model.eval()
        try:
            while running := [e for e in episodes if not e.ended]:
                sequences = [e.prompt + e.tokens for e in running]
                written = writer.write(sequences, [e.random for e in running], temperature=temperature)
                for episode, action in zip(running, written, strict=True):
                    self._step(episode, action, builder, room)
        finally:
            model.train(training)
        return {
            "prompt_ids": [e.prompt for e in episodes],
            "completion_ids": [e.tokens for e in episodes],
            "logprobs": [e.logprobs for e in episodes],
            "env_mask": [e.own for e in episodes],
            "episode_return": [None if e.success is None else e.return_ for e in episodes],
            "success": [e.success for e in episodes],
        }

    def close(self) -> None:
        """Close the envs."""
        for env in self._envs:
            env.close()
        self._envs.clear()

    def _begin(self, index: int, task: str, builder: PromptBuilder, key: Sequence[int]) -> _Episode:
        random = np.random.default_rng(key)
        options = {"task_id": int(task) if task.isdecimal() else task} if task else None
        observation, _ = self._envs[index].reset(seed=int(random.integers(2**31)), options=options)
        return _Episode(self._envs[index], random, builder.ids(State((observation,))))

    def _step(self, episode: _Episode, action: Written, builder: PromptBuilder, room: int) -> None:
        episode.add(action.token_ids, action.logprobs)
        observation, reward, terminated, truncated, info = episode.env.step(action.text)
        episode.return_ += float(reward)
        if info.get("infra_error"):  # nobody's action: trl leaves out what has no reward
            episode.success, episode.ended = None, True
            return
        if terminated or truncated:
            episode.success, episode.ended = bool(info.get("success", reward > 0)), True
            return
        turn = builder.turn(observation, max_tokens=self._max_turn)
        turn = turn[1:] if turn[0] == action.token_ids[-1] else turn  # the end of the answer is there already
        if len(episode.tokens) + len(turn) > room:
            episode.ended = True
            return
        episode.add(turn, None)


def episode_return(
    completions: Sequence[Any], episode_return: Sequence[float | None], success: Sequence[bool | None], **more: Any
) -> list[float | None]:
    """The reward function: the env's own rewards, summed; None, which trl leaves out, after an infrastructure error.

    The task's success is logged apart from it, as ``success_rate``.
    """
    known = [s for s in success if s is not None]
    if known and (log := more.get("log_metric")):
        log("success_rate", float(np.mean(known)))
    return list(episode_return)
