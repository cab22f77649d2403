"""Text envs of a few lines that speak the real observation and action format, for tests of policies and learners."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from webarena_gym.actions import Back, Click, Fill, Stop, parse_action
from webarena_gym.errors import ActionSyntaxError, SiteError
from webarena_gym.spaces import ActionText, UnicodeText

ADJECTIVES = "red blue green small large soft quiet heavy bright round".split()
NOUNS = "kettle lamp chair mouse guitar towel basket printer carpet ladder".split()
VAL_ADJECTIVES = "purple silver narrow wooden curly".split()
VAL_NOUNS = "hammer pillow bottle camera drum".split()


def observation_text(goal: str, step: int, url: str, lines: list[str], *, max_steps: int = 10, error: str = "") -> str:
    """A page as ``render_header`` and ``render_lines`` would write it."""
    header = [f"goal: {goal}", f"step {step}/{max_steps}", "title: Shop", f"url: {url}"]
    if error:
        header.append(f"error: {error}")
    return "\n".join(header) + "\n\n" + "\n".join(lines)


class TwoArms(gym.Env[str, str]):
    """One step: clicking the link that the goal names pays 1, anything else ends the episode with nothing."""

    def __init__(self, *, fail_every: int = 0) -> None:
        self.observation_space, self.action_space = UnicodeText(500), ActionText(500)
        self._fail_every, self._episodes = fail_every, 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        self._episodes += 1
        self._observation = observation_text("Take an arm", 0, "http://a.test/", ['[1] link "Left" [2] link "Right"'])
        return self._observation, {"task_id": "arms", "milestones": {"right": False}}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        right = action == "click(2)"
        info: dict[str, Any] = {"milestones": {"right": right}, "success": right, "infra_error": None}
        if self._fail_every and self._episodes % self._fail_every == 0:
            return self._observation, 0.0, False, True, {**info, "success": None, "infra_error": "SiteError: down"}
        return self._observation, float(right), True, False, info


class TinyShop(gym.Env[str, str]):
    """Home, catalog, products. Three kinds of goal: stand on a product's page, say its price, search for a text.

    ``val=True`` draws names that training never shows.
    """

    def __init__(self, *, val: bool = False, max_steps: int = 10, fail_at_reset: int = 0) -> None:
        self.observation_space, self.action_space = UnicodeText(20_000), ActionText(500)
        self._words = (VAL_ADJECTIVES, VAL_NOUNS) if val else (ADJECTIVES, NOUNS)
        self._max_steps, self._fail_at_reset, self._resets = max_steps, fail_at_reset, 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        self._resets += 1
        if self._resets == self._fail_at_reset:
            raise SiteError("the shop is shut")
        if options and "task_id" in options:
            self.np_random = np.random.default_rng(int(options["task_id"].rpartition("-")[2]))
        adjectives, nouns = (self.np_random.permutation(words)[:5] for words in self._words)
        names = [f"{a.capitalize()} {n}" for a in adjectives for n in nouns]
        self._names = [str(name) for name in self.np_random.permutation(names)[:12]]
        self._prices = [f"${price / 100:.2f}" for price in self.np_random.integers(100, 9999, len(self._names))]
        self._wanted = int(self.np_random.integers(len(self._names)))
        self._kind = int(self.np_random.integers(3))
        name = self._names[self._wanted]
        self._goal = [f"Open the page of {name}", f"What is the price of {name}?", f'Search for "{name}"'][self._kind]
        self._page, self._step, self._trail = "home", 0, []
        self._reached = {"on the way": False, "there": False}
        return self._observe(), self._info(None)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        self._step += 1
        error, answer = "", None
        try:
            parsed = parse_action(action)
        except ActionSyntaxError as problem:
            parsed, error = None, str(problem)
        match parsed:
            case Click(element):
                self._go({1: "home", 2: "catalog", 3: "help"}.get(element, self._link(element)))
            case Fill(4, text, True):
                self._go(f"search:{text}")
            case Back() if self._trail:
                self._page = self._trail.pop()
            case Stop(answer):
                pass
        there = self._there()
        self._reached["on the way"] |= self._page == "catalog" or there
        self._reached["there"] |= there
        success = None
        if answer is not None:
            success = there and (self._kind != 1 or answer == self._prices[self._wanted])
        truncated = answer is None and self._step >= self._max_steps
        if truncated:
            success = False
        return self._observe(error), float(bool(success)), answer is not None, truncated, self._info(success)

    def _go(self, page: str) -> None:
        self._trail.append(self._page)
        self._page = page

    def _link(self, element: int) -> str:
        index = element - 5
        return f"product:{index}" if self._page == "catalog" and 0 <= index < len(self._names) else self._page

    def _there(self) -> bool:
        name = self._names[self._wanted]
        return self._page == (f"search:{name}" if self._kind == 2 else f"product:{self._wanted}")

    def _observe(self, error: str = "") -> str:
        lines = ['[1] link "Home" [2] link "All Products" [3] link "Help"', '[4] searchbox "Search"']
        kind, _, rest = self._page.partition(":")
        if kind == "catalog":
            lines += ["## All Products", *(f'[{i + 5}] link "{name}"' for i, name in enumerate(self._names))]
        elif kind == "product":
            lines += [f"## {self._names[int(rest)]}", f"Price: {self._prices[int(rest)]}", "Weight: 3 kg"]
        elif kind == "search":
            lines += [f'## Search results for: "{rest}"', "2 items"]
        url = "http://shop.test/" + {"product": f"product/{rest}.html", "search": "search?q=x"}.get(kind, kind)
        return observation_text(self._goal, self._step, url, lines, max_steps=self._max_steps, error=error)

    def _info(self, success: bool | None) -> dict[str, Any]:
        return {"task_id": f"shop-{self._wanted}", "site": "shop", "milestones": dict(self._reached), "success": success,
                "infra_error": None}  # fmt: skip
