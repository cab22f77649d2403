"""Titles, bodies and comments from word lists: realistic variety, none of it anybody's text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

_SHORT_TITLE = 60  # characters
_SLOT = re.compile(r"\{(\w+)\}")


class Voice:
    """Speaks about one subject: a slot of the word lists keeps its first filling, so that comments fit their post."""

    def __init__(
        self, random: Random, theme: Mapping[str, Any], common: Mapping[str, Sequence[str]], word: str
    ) -> None:
        self._random, self._theme, self._common = random, theme, common
        self._filled = {"place": word, "gear": word, "n": str(random.choice((2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 15, 20)))}

    def title(self) -> str:
        """Begins with a capital letter; a short one mostly goes on with a second clause."""
        text = self._say(self._theme["titles"])
        if len(text) < _SHORT_TITLE and self._random.random() < 0.8:
            tail = self._say(self._theme["tails"])
            text += f" {tail}" if text[-1] in "?!." or tail[0] == "(" else f", {tail}"
        return text[:1].upper() + text[1:]

    def body(self) -> str:
        """One or two paragraphs of one to three sentences."""
        random, sentences = self._random, self._theme["bodies"]
        paragraphs = []
        for _ in range(random.choice((1, 1, 1, 2))):
            count = min(len(sentences), random.choice((1, 2, 2, 3)))
            paragraphs.append(" ".join(self._fill(sentence) for sentence in random.sample(sentences, count)))
        return "\n\n".join(dict.fromkeys(paragraphs))

    def comment(self) -> str:
        """A comment on the post: on its subject, or what people say to anything."""
        draw = self._random.random()
        text = self._say(self._theme["comments"]) if draw < 0.62 else self._say(self._common["comments"])
        if draw < 0.25:
            text += " " + self._say(self._common["comments"])
        return self._with_tail(text)

    def reply(self) -> str:
        """A comment on another comment."""
        draw = self._random.random()
        text = self._say(self._common["replies"]) if draw < 0.6 else self._say(self._theme["comments"])
        return self._with_tail(text)

    def _with_tail(self, text: str) -> str:
        draw = self._random.random()
        return f"{text} {self._say(self._common['tails'])}" if draw < 0.22 else text

    def _say(self, texts: Sequence[str]) -> str:
        return self._fill(self._random.choice(texts))

    def _fill(self, text: str) -> str:
        if "{" not in text:
            return text
        filled = _SLOT.sub(self._slot, text)
        return filled[:1].upper() + filled[1:] if text.startswith("{") else filled

    def _slot(self, match: re.Match[str]) -> str:
        name = match[1]
        if name not in self._filled:
            choice = self._random.choice(self._theme["slots"][name])
            self._filled[name] = _SLOT.sub(self._slot, choice)
        return self._filled[name]


_FIRST = "amber arctic autumn borrowed brisk candid cedar clever cobalt copper crooked dapper distant dusty eager early electric fabled faded feral fuzzy gentle gilded grumpy hasty hazel hidden humble icy idle inky jolly late lazy lemon little loud lucky mellow mighty misty modest nimble noisy odd olive paper patient pocket polite proud quick quiet random rapid restless rusty salty scarlet second secret silent silver simple sleepy sly solar spare steady stray sunny tardy tidy timid tiny vague velvet wandering weary wild winter witty wooden young".split()
_SECOND = "acorn anchor anvil badger bagel barrel beacon beetle bishop biscuit bobcat button cactus camel candle canyon carrot castle cello cipher clover comet compass cricket crow cypress dolphin donkey drummer ember falcon fennel ferret fiddle finch fossil gadget garnet gecko ginger glacier goose gravel hammer harbor hatchet hermit heron hinge hornet igloo ivy jackal jigsaw juniper kettle kiosk ladder lantern lemur lichen lobster magnet mango maple marble marmot mitten moth mustard nickel noodle nugget oatmeal orbit orchid otter owl oyster panther parsnip pebble pepper pickle pigeon pilot piston plover pretzel puffin pumpkin quill rabbit radish raven ribbon river robin rocket saddle salmon satchel scooter shovel sparrow spindle sprocket squid stapler stork sundial tadpole teapot thimble thistle tiger toaster tortoise trumpet tulip turnip umbrella vessel violin waffle walnut walrus whistle willow wombat yarrow zebra".split()


def user_names(count: int, taken: set[str]) -> list[str]:
    """``count`` different names in the ways people write them; none of ``taken``, which are lower case."""
    random, names, seen = Random("reddit/people"), [], set(taken)
    while len(names) < count:
        first, second = random.choice(_FIRST), random.choice(_SECOND)
        name = random.choice(
            (
                f"{first}_{second}",
                f"{first.capitalize()}{second.capitalize()}",
                f"{first}{second}{random.randrange(1, 100)}",
                f"{second}_{random.randrange(1960, 2010)}",
                f"{first.capitalize()}_{second.capitalize()}{random.randrange(10)}",
                f"the_{first}_{second}",
            )
        )[:25]
        if name.lower() not in seen:
            seen.add(name.lower())
            names.append(name)
    return names
