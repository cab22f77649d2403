"""A random policy that costs next to nothing: it reads the ids of the elements from the text and acts on any of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

_ELEMENT = re.compile(r"\[(\d+)\] (\w+)")
_WORDS = ("light", "1", "2023-03-01", 'a\'s "b" <c>', "", "café 🎉", "x" * 300)
_TYPED = ("textbox", "searchbox", "spinbutton")


class Wanderer:
    """Clicks, types, goes back, scrolls, opens tabs, says nonsense, and stops once in thirty times."""

    def __init__(self, seed: int, addresses: Sequence[str] = ()) -> None:
        self._random = Random(seed)
        self._addresses = addresses

    def act(self, observation: str) -> str:
        """An action text for what shows."""
        random = self._random
        elements = _ELEMENT.findall(observation)
        chance = random.random()
        if chance < 0.03:
            return f"stop({random.choice(_WORDS)!r})"
        if chance < 0.13 or not elements:
            others = ['scroll("down")', "back()", "forward()", "new_tab()", "close_tab()", "focus_tab(0)", "click(99999)", "?!",
                      'press("Enter")']  # fmt: skip
            return random.choice([*others, *(f'goto("{address}")' for address in self._addresses)])
        number, role = random.choice(elements)
        if role in _TYPED:
            word = random.choice(_WORDS).replace("\\", "").replace('"', '\\"')
            return f'fill({number}, "{word}", enter={random.random() < 0.5})'
        if role == "combobox":
            return f'select({number}, "{random.choice(_WORDS[:3])}")'
        return f"click({number})"
