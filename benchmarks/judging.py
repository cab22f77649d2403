"""Judges by the names that commands take: ``chat:MODEL``."""

from __future__ import annotations

from typing import Any

from webarena_gym.agents.judges import LLMJudge

from .policies import PolicyError


def load_judge(spec: str | None) -> Any:
    """The judge that ``spec`` names, at the endpoint that OPENAI_BASE_URL and OPENAI_API_KEY say; None for none.

    Raises:
        PolicyError: Another name, or no model.
        MissingDependency: The client of such endpoints is not installed.
    """
    if spec is None:
        return None
    name, _, model = spec.partition(":")
    if name != "chat" or not model:
        raise PolicyError(f"a judge is chat:MODEL, got {spec!r}")
    from webarena_gym.agents.chat_client import ChatClient, ChatConfig

    return LLMJudge(ChatClient(ChatConfig(model=model)))
