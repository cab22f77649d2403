"""``TextModel``: what planners and judges ask of a language model, near or far: an answer to each prompt.

``local_text_model`` has one in this process, ``chat_client`` one behind an endpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class TextModel(Protocol):
    """Answers prompts, several at a time."""

    @property
    def name(self) -> str:
        """Model and settings in a few words."""
        ...

    def complete(self, prompts: Sequence[str], *, max_tokens: int) -> list[str]:
        """One answer to each prompt, in order.

        Raises:
            ModelError, ChatError: There is no answer to be had.
        """
        ...
