"""Ready-made predicates: web pages, text, info keys, observations and rewards, each with a declarative form.

``at`` and ``key`` are paths: a string or number, or several of them, looked up one after the other, so ``("image", 3, 6, 0)``
is ``observation["image"][3][6][0]``. What a path does not find makes an info predicate False (envs leave out what does
not apply) and an observation predicate raise (the shape of an observation is fixed, so it is a mistake in the path).

Not covered: the ``html`` rendering of web pages, pixels, and anything hidden inside the env; read that with a callable.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reward_wrappers.predicate import Predicate
from reward_wrappers.transition import Transition

Path = tuple[str | int, ...]

# The last word of an episode in the spellings of WebArena, BrowserGym and WebRL, alone on its line.
_ANSWER = re.compile(
    r"""^[ \t]*(?:stop|exit|send_msg_to_user|report_infeasible)[ ]*
        (?: \( (?:\s*(?:answer|message|text|reason)\s*=)? (?P<called>.*) \) | \[ (?P<bracketed>.*) \] )\s*\Z""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class url_matches(Predicate):
    """``info["url"]`` contains a match of the regular expression ``pattern``. No URL in ``info`` is no match.

    >>> at_cart = url_matches(r"/checkout/cart/?$")
    >>> at_cart(Transition.at_reset("", {"url": "http://shop.test/checkout/cart/"}))
    True
    """

    pattern: str
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_regex", _compiled(self.pattern, "url_matches"))

    def __call__(self, transition: Transition) -> bool:
        return self._regex.search(transition.info.get("url") or "") is not None


@dataclass(frozen=True)
class text_contains(Predicate):
    """The text observation, or the text at a path in it, contains ``text``.

    >>> text_contains("added to your cart", ignore_case=True)(Transition.at_reset("Added to your cart!", {}))
    True
    """

    text: str
    at: Path = ()
    ignore_case: bool = False

    def __post_init__(self) -> None:
        if not (isinstance(self.text, str) and self.text):
            raise ValueError(
                f"text_contains needs a text to look for, got {self.text!r}; the empty one is in every text"
            )
        object.__setattr__(self, "at", _path(self.at))

    def __call__(self, transition: Transition) -> bool:
        text = _text_at(transition.next_observation, self.at)
        return self.text.casefold() in text.casefold() if self.ignore_case else self.text in text


@dataclass(frozen=True)
class element_present(Predicate):
    """The page shows an element of this role and, if given, exactly this name.

    Reads text observations with elements as ``[12] button "Save"`` or ``[12] button 'Save'`` (WebArenaLite, BrowserGym
    and WebArena trees) and headings as ``## Orders``, and MiniWoB++ observations, where the role is the tag, such as
    ``button``, and the name the element's text.

    >>> element_present("button", "Add to Cart")(Transition.at_reset('Mug [7] button "Add to Cart"', {}))
    True
    """

    role: str
    name: str | None = None
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (isinstance(self.role, str) and self.role):
            raise ValueError(f"element_present needs a role, such as 'button', got {self.role!r}")
        if not (self.name is None or isinstance(self.name, str)):
            raise ValueError(f"the name of an element is a string, or None for any name, got {self.name!r}")
        quoted = (self.name or "").replace("\\", "\\\\")
        names = f"\"{re.escape(quoted.replace(chr(34), chr(92) + chr(34)))}\"|'{re.escape(quoted)}'"
        pattern = rf"\[\w+\]\s+{re.escape(self.role)}" + (r"(?!\S)" if self.name is None else rf"\s+(?:{names})")
        if self.role == "heading":
            pattern += r"|^#+ \S" if self.name is None else rf"|^#+ {re.escape(self.name)}$"
        object.__setattr__(self, "_regex", re.compile(pattern, re.MULTILINE))

    def __call__(self, transition: Transition) -> bool:
        page = transition.next_observation
        if isinstance(page, Mapping):
            elements = page["dom_elements"]
            return any(e["tag"] == self.role and self.name in (None, e["text"]) for e in elements)
        return self._regex.search(_text_at(page, ())) is not None


@dataclass(frozen=True)
class answer_given(Predicate):
    """The action gives a non-empty answer, one that contains ``text`` if that is set.

    The answer is ``info["answer"]`` where the env puts it there, else read from an action text such as ``stop("42")``,
    ``stop [42]``, ``send_msg_to_user('42')``, ``report_infeasible('...')`` or ``exit(message="42")``.

    >>> answer_given("42")(Transition("", 'stop("It costs $42")', "", 0.0, True, False, {}))
    True
    """

    text: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise ValueError(f"answer_given looks for a text in the answer, got {self.text!r}; quote the number")

    def __call__(self, transition: Transition) -> bool:
        answer = _answer(transition)
        return bool(answer) and self.text in answer


@dataclass(frozen=True)
class info_equals(Predicate):
    """``info`` has ``value`` at ``key``. A key that is not there equals nothing, not even None.

    >>> info_equals(("player", "lives"), 3)(Transition.at_reset(None, {"player": {"lives": 3}}))
    True
    """

    key: Path
    value: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _path(self.key))
        object.__setattr__(self, "value", _plain(self.value))
        if not self.key:
            raise ValueError("info_equals needs the key of an info entry, got an empty path")

    def __call__(self, transition: Transition) -> bool:
        found: Any = transition.info
        for step in self.key:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return False
        return _equal(found, self.value)


@dataclass(frozen=True)
class observation_equals(Predicate):
    """The observation, or the part of it at a path, equals ``value``; an array equals a list of the same shape.

    >>> carries_key = observation_equals(5, at=("image", 3, 6, 0))  # MiniGrid shows what is carried on the agent's cell
    """

    value: Any
    at: Path = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _plain(self.value))
        object.__setattr__(self, "at", _path(self.at))

    def __call__(self, transition: Transition) -> bool:
        found = transition.next_observation
        for step in self.at:
            found = found[step]
        return _equal(found, self.value)


@dataclass(frozen=True)
class observation_at_least(Predicate):
    """The number at a path in the observation is ``threshold`` or more; ``~`` gives the other side.

    >>> observation_at_least(2.4, at=0)(Transition.at_reset([2.5, 0.0], {}))
    True
    """

    threshold: float
    at: Path = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", _number(self.threshold, "observation_at_least"))
        object.__setattr__(self, "at", _path(self.at))

    def __call__(self, transition: Transition) -> bool:
        found = transition.next_observation
        for step in self.at:
            found = found[step]
        return bool(found >= self.threshold)


@dataclass(frozen=True)
class reward_at_least(Predicate):
    """The env's own reward for the step is ``threshold`` or more. At reset there is none.

    >>> reward_at_least(1.0)(Transition(62, 2, 63, 1.0, True, False, {}))
    True
    """

    threshold: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", _number(self.threshold, "reward_at_least"))

    def __call__(self, transition: Transition) -> bool:
        return transition.reward is not None and transition.reward >= self.threshold


@dataclass(frozen=True)
class milestone_reported(Predicate):
    """The env itself says so: ``info["milestones"][name]``.

    An ``info`` without that entry is an error, not a no: it would silently end all shaping.
    """

    name: str

    def __call__(self, transition: Transition) -> bool:
        return bool(transition.info["milestones"][self.name])


def _compiled(pattern: str, owner: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, TypeError) as error:
        raise ValueError(f"{owner} takes a regular expression, got {pattern!r}: {error}") from error


def _path(path: str | int | Sequence[str | int]) -> Path:
    steps = (path,) if isinstance(path, str | int) else tuple(path)
    if not all(isinstance(step, str | int) for step in steps):
        raise ValueError(f"a path is keys and indices, such as ('image', 3, 0), got {path!r}")
    return steps


def _number(value: float, owner: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not math.isfinite(value):
        raise ValueError(f"{owner} compares with a finite number, got {value!r}")
    return float(value)


def _plain(value: Any) -> Any:
    """``value`` as strings, numbers, booleans, None and tuples of them: hashable, and the same after JSON."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    if value is None or isinstance(value, str | int | float):
        return value
    raise ValueError(f"a value to compare with is a string, number, boolean, None or a list of them, got {value!r}")


def _equal(found: Any, wanted: Any) -> bool:
    if isinstance(found, np.ndarray | list | tuple):
        return _plain(found) == wanted  # a tuple against a tuple, and a 0-d array against a number
    return bool(found == wanted)


def _text_at(observation: Any, path: Path) -> str:
    for step in path:
        observation = observation[step]
    if not isinstance(observation, str):
        where = f" at {path}" if path else ""
        raise TypeError(
            f"the observation{where} is a {type(observation).__name__}, not text; name a text part with `at`"
        )
    return observation


def _answer(transition: Transition) -> str:
    reported = transition.info.get("answer")
    if isinstance(reported, str):
        return reported.strip()
    match = _ANSWER.search(transition.action) if isinstance(transition.action, str) else None
    if match is None:
        return ""
    return (match["called"] if match["called"] is not None else match["bracketed"]).strip().strip("\"'").strip()
