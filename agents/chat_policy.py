"""``ChatPolicy``: a model behind an OpenAI-compatible endpoint as a policy that acts. It gives no log-probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from webarena_gym.actions import describe_actions

from .chat_client import ChatClient
from .history import events_of
from .llm_prompt import read_prompt
from .policy import ActionSample
from .trajectory import State


class ChatPolicy:
    """Writes actions by asking a ``ChatClient``. An answer of several lines counts as its last line that is not empty.

    Raises:
        ChatError: From ``sample``, when the endpoint gives no answer; a collector takes it for an infrastructure error.
    """

    def __init__(
        self, client: ChatClient, *, max_history: int = 12, max_tokens: int = 256, max_chars: int = 40_000
    ) -> None:
        self.client, self.name = client, client.name
        self._max_history, self._max_tokens, self._max_chars = max_history, max_tokens, max_chars
        self._system = read_prompt("act").format(actions=describe_actions())

    @property
    def states_at_once(self) -> int:
        """How many episodes are worth playing side by side."""
        return self.client.config.parallel

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        seeds = [int(random.integers(2**31)) for random in randoms]
        answers = self.client.chat(
            [self.messages(state) for state in states],
            max_tokens=self._max_tokens,
            temperature=temperature,
            seeds=seeds,
        )
        return [ActionSample(action_in(answer), None) for answer in answers]

    def messages(self, state: State) -> list[dict[str, str]]:
        """The conversation that asks for the next action."""
        done = "".join(
            f"{e.action}{'' if e.changed else '  -> nothing changed'}\n" for e in events_of(state)[-self._max_history :]
        )
        before = f"actions so far:\n{done}\n" if done else ""
        return [
            {"role": "system", "content": self._system},
            {"role": "user", "content": before + state.observation[: self._max_chars]},
        ]


def action_in(answer: str) -> str:
    """The action in an answer: its last line that is not empty, without the fences and marks that models like.

    >>> action_in("I should open the cart.\\n```\\nclick(12)\\n```")
    'click(12)'
    """
    lines = [line.strip().strip("`").strip() for line in answer.splitlines()]
    kept = [line for line in lines if line and line not in ("python", "text")]
    return kept[-1].removeprefix("action:").removeprefix("Action:").strip() if kept else ""
