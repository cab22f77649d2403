"""From a state to the token ids of a prompt, within a budget counted by the model's own tokenizer.

What a prompt holds, in order: the task of acting and the action list; the goal; the progress that a planner verified, if
one wraps the policy; past actions with what came of them; the page. Where it is too long, the oldest actions go first,
then lines from the end of the page, and the prompt says so. Nothing of an env's ``info`` is ever in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from webarena_gym.actions import describe_actions

from .history import events_of
from .trajectory import State

PLAN_MARK = "progress: "
"""Header lines that a planner adds to an observation begin with this."""


def read_prompt(name: str) -> str:
    """The text of ``prompts/<name>.txt``."""
    return files(__package__).joinpath("prompts", f"{name}.txt").read_text(encoding="utf-8").strip()


def fill_prompt(template: str, **fields: str) -> str:
    """The template with its ``{fields}`` put in; braces in a page stay what they are."""
    return re.sub(r"\{(\w+)\}", lambda match: fields.get(match[1], match[0]), template)


class PromptBuilder:
    """Prompts for one tokenizer. ``max_tokens`` holds for the whole prompt, template included."""

    def __init__(self, tokenizer: Any, *, max_tokens: int, max_history: int, chat: bool = True) -> None:
        self._tokenizer, self._max_tokens, self._max_history = tokenizer, max_tokens, max_history
        self._chat = chat and bool(getattr(tokenizer, "chat_template", None))
        examples = "" if self._chat else "\n\n" + read_prompt("examples")  # a base model imitates rather than obeys
        self._system = read_prompt("act").format(actions=describe_actions()) + examples
        self._frame = self._wrapped("\0")

    @property
    def chat(self) -> bool:
        """Whether a chat template is used."""
        return self._chat

    def ids(self, state: State) -> list[int]:
        """The prompt's token ids, at most ``max_tokens`` of them.

        Raises:
            ValueError: The instructions alone are longer than that.
        """
        return self._fitted(state.observation, self._history(state), self._frame, "max_prompt_tokens", self._max_tokens)

    def turn(self, observation: str, *, max_tokens: int) -> list[int]:
        """What follows an action where a whole episode is one sequence: the end of the answer, the next page, the beginning of
        the next answer; at most ``max_tokens`` token ids.

        Raises:
            ValueError: The header alone is longer than that.
        """
        return self._fitted(observation, [], self._next_turn("\0"), "max_turn_tokens", max_tokens)

    def _fitted(self, observation: str, history: list[str], frame: str, limit: str, most: int) -> list[int]:
        header, _, body = observation.partition("\n\n")
        lines = body.split("\n")
        shown = len(lines)
        while True:
            ids = self._encode(self._text(header, history, lines[:shown], cut=shown < len(lines)), frame)
            over = len(ids) - most
            if over <= 0:
                return ids
            if history:
                history = history[max(1, len(history) // 4) :]
            elif shown:
                per_line = max(1.0, len(self._encode(body, frame)) / max(1, len(lines)))
                shown = max(0, shown - max(1, int(over / per_line)))
            else:
                raise ValueError(f"instructions and header take {len(ids)} tokens, more than {limit}={most}")

    def text(self, state: State) -> str:
        """The prompt as text, for people and tests."""
        return self._tokenizer.decode(self.ids(state), skip_special_tokens=False)

    def _history(self, state: State) -> list[str]:
        if not self._max_history:
            return []
        events = events_of(state)[-self._max_history :]
        return [
            f"{e.action}" + (f"  ({e.name})" if e.name and e.name != e.argument else "") + ("" if e.changed else "  -> nothing changed")
            for e in events
        ]  # fmt: skip

    def _text(self, header: str, history: Sequence[str], lines: Sequence[str], *, cut: bool) -> str:
        done = "actions so far:\n" + "\n".join(history) + "\n\n" if history else ""
        end = "\n(the rest of the page did not fit; scroll or act on what is shown)" if cut else ""
        return f"{done}{header}\n\n" + "\n".join(lines) + end

    def _wrapped(self, user: str) -> str:
        if self._chat:
            messages = [{"role": "user", "content": f"{self._system}\n\n{user}"}]
            return self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        begin = self._tokenizer.bos_token or ""
        return f"{begin}{self._system}\n\n{user}\n\naction: "

    def _next_turn(self, user: str) -> str:
        if not self._chat:
            return f"\n{user}\n\naction: "
        first = [{"role": "user", "content": "-"}, {"role": "assistant", "content": "\1"}]
        both = self._tokenizer.apply_chat_template(
            [*first, {"role": "user", "content": user}], tokenize=False, add_generation_prompt=True
        )
        return both.split("\1", 1)[1]

    def _encode(self, user: str, frame: str) -> list[int]:
        # A page may hold what looks like a special token; only those of the frame are.
        before, after = frame.split("\0")
        return [
            *self._tokenizer(before, add_special_tokens=False)["input_ids"],
            *self._tokenizer(user, add_special_tokens=False, split_special_tokens=True)["input_ids"],
            *self._tokenizer(after, add_special_tokens=False)["input_ids"],
        ]
