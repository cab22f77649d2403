"""Spaces for text: any Unicode string up to a length, with membership in constant time.

``gymnasium.spaces.Text`` keeps its whole character set in memory and looks every character up in it, which over Unicode
costs 100 to 200 MB and seconds per space.
"""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing import get_context
from typing import Any

import numpy as np
from gymnasium.error import CustomSpaceError
from gymnasium.spaces import Space, Text
from gymnasium.vector.utils import create_shared_memory

_SAMPLE_WORDS = ("price", "order", "Emma", "N/A", "12", "café", "漢字", "🎉")


class UnicodeText(Text):
    """Every ``str`` of at most ``max_length`` characters.

    ``sample()`` gives a few words, among them accented, CJK and emoji characters.

    >>> space = UnicodeText(5)
    >>> "é中🎉" in space, "toolong" in space, 5 in space
    (True, False, False)
    """

    def __init__(self, max_length: int, *, seed: int | np.random.Generator | None = None) -> None:
        if max_length < 1:
            raise ValueError(f"max_length must be positive, got {max_length}")
        self.min_length, self.max_length = 0, int(max_length)
        # Text's own constructor would build the character set.
        Space.__init__(self, dtype=str, seed=seed)

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        count = int(self.np_random.integers(0, 5))
        words = (_SAMPLE_WORDS[i] for i in self.np_random.integers(0, len(_SAMPLE_WORDS), count))
        return " ".join(words)[: self.max_length]

    def contains(self, x: Any) -> bool:
        return isinstance(x, str) and len(x) <= self.max_length

    @property
    def character_set(self) -> frozenset[str]:
        """Not a set that could be listed.

        Raises:
            AttributeError: always; ``Text``'s flattening needs a small alphabet, which free text has not.
        """
        raise AttributeError(
            "free text has no finite character set; encode it with a tokenizer instead of flattening it"
        )

    @property
    def characters(self) -> str:
        """One character: gymnasium fills empty arrays with ``min_length``, here 0, copies of the first."""
        return " "

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.max_length})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.max_length == self.max_length  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.max_length))

    def to_jsonable(self, sample_n: Sequence[str]) -> list[str]:
        return list(sample_n)

    def from_jsonable(self, sample_n: list[str]) -> list[str]:
        return list(sample_n)


class ActionText(UnicodeText):
    """Action texts. ``sample()`` gives well-formed ones, so that a random policy does something.

    >>> from webarena_gym.actions import parse_action
    >>> space = ActionText(100, seed=0)
    >>> parse_action(space.sample()) is not None
    True
    """

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        random = self.np_random
        element = int(random.integers(1, 80))
        word = _SAMPLE_WORDS[int(random.integers(0, len(_SAMPLE_WORDS)))]
        choices = (
            (0.55, f"click({element})"),
            (0.12, f'fill({element}, "{word}")'),
            (0.05, f'fill({element}, "{word}", enter=True)'),
            (0.05, f'select({element}, "{word}")'),
            (0.04, f"check({element})"),
            (0.02, f"uncheck({element})"),
            (0.03, 'press("Enter")'),
            (0.04, 'scroll("down")'),
            (0.02, 'scroll("up")'),
            (0.04, "back()"),
            (0.01, "forward()"),
            (0.01, "new_tab()"),
            (0.01, "focus_tab(0)"),
            (0.01, f'stop("{word}")'),
        )
        weights = np.array([weight for weight, _ in choices])
        return choices[int(random.choice(len(choices), p=weights / weights.sum()))][1]


@create_shared_memory.register(UnicodeText)
def _refuse_shared_memory(space: UnicodeText, n: int = 1, ctx: Any = get_context) -> Any:
    raise CustomSpaceError(
        "text observations do not fit shared memory: gymnasium would pass them on as blank strings. "
        "Use gymnasium.make_vec(id, num_envs), or AsyncVectorEnv(..., shared_memory=False)"
    )
