"""A language model of this process as a ``TextModel``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from .llm_config import LLMPolicyConfig
from .llm_generation import end_tokens, pad_left
from .llm_loading import load_model


class LocalTextModel:
    """A transformers model in this process; answers are greedy, so equal prompts get equal answers.

    With ``policy`` its model is shared, without the policy's adapter: a planner needs no second copy of 12B weights.
    """

    def __init__(self, config: LLMPolicyConfig, *, policy: Any = None) -> None:
        self._config, self._policy = config, policy
        if policy is None:
            loaded = load_model(config)
            self._model, self._tokenizer, self.name = loaded.model, loaded.tokenizer, loaded.name
        else:
            self._model, self._tokenizer, self.name = policy.model, policy.tokenizer, policy.name

    def complete(self, prompts: Sequence[str], *, max_tokens: int) -> list[str]:
        size = self._config.generation_batch
        answers: list[str] = []
        for start in range(0, len(prompts), size):
            answers += self._answers(prompts[start : start + size], max_tokens)
        return answers

    @torch.inference_mode()
    def _answers(self, prompts: Sequence[str], max_tokens: int) -> list[str]:
        rows = [self._ids(prompt)[-self._config.max_prompt_tokens :] for prompt in prompts]
        batch = pad_left(rows, self._tokenizer.pad_token_id or 0, next(self._model.parameters()).device)
        options = {
            "max_new_tokens": max_tokens,
            "do_sample": False,
            "pad_token_id": self._tokenizer.pad_token_id or 0,
            "eos_token_id": sorted(end_tokens(self._model, self._tokenizer)),
        }
        if self._policy is None:
            out = self._model.generate(input_ids=batch.ids, attention_mask=batch.mask, **options)
        else:
            with self._policy._adapter(None):
                out = self._model.generate(input_ids=batch.ids, attention_mask=batch.mask, **options)
        return [self._tokenizer.decode(row[batch.ids.shape[1] :], skip_special_tokens=True).strip() for row in out]

    def _ids(self, prompt: str) -> list[int]:
        if self._config.chat and getattr(self._tokenizer, "chat_template", None):
            messages = [{"role": "user", "content": prompt}]
            text = self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            return self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return self._tokenizer(f"{self._tokenizer.bos_token or ''}{prompt}", add_special_tokens=False)["input_ids"]
