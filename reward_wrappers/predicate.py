"""``Predicate``: a yes/no question about a transition, and the ways to combine two of them.

>>> from reward_wrappers import Transition, observation_equals, reward_at_least
>>> at_goal = observation_equals(63) & reward_at_least(1.0)
>>> at_goal(Transition(62, 2, 63, 1.0, True, False, {}))
True
>>> at_goal
observation_equals(value=63, at=()) & reward_at_least(threshold=1.0)

Any callable ``f(transition) -> bool`` is a predicate too, alone or on either side of ``&``, ``|`` and ``then``; it just has
no declarative form. Class names are lower-case, like ``functools.partial``: they are called as functions, and the name
is the ``"type"`` of the declarative form.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from reward_wrappers.transition import Transition


class Predicate(ABC):
    """A yes/no question about one transition; ``fresh`` and ``remembers`` matter only to those that look back."""

    kind: ClassVar[str]
    """The ``"type"`` of its declarative form."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.kind = cls.__dict__.get("kind", cls.__name__)

    @abstractmethod
    def __call__(self, transition: Transition) -> bool:
        """Whether it holds on this transition."""

    @property
    def remembers(self) -> bool:
        """Whether the answer depends on earlier transitions of the episode, so that every one has to be shown to it."""
        return False

    def fresh(self) -> Predicate:
        """This predicate as at the start of an episode: itself, unless it remembers."""
        return self

    def to_dict(self) -> dict[str, Any]:
        """The declarative form: plain dicts, lists, strings and numbers. ``predicate_from_dict`` reads it back.

        Raises:
            ValueError: If a part is a Python callable, which data cannot name.
        """
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.init}  # type: ignore[arg-type]
        return {"type": self.kind} | {name: _as_data(value) for name, value in values.items()}

    def then(self, later: Callable[[Transition], bool]) -> Predicate:
        """Holds when ``later`` does on a later transition than one on which this held; chains read left to right."""
        return then(self, as_predicate(later))

    def __and__(self, other: Callable[[Transition], bool]) -> Predicate:
        return all_of(_parts(all_of, self) + _parts(all_of, other))

    def __rand__(self, other: Callable[[Transition], bool]) -> Predicate:
        return all_of(_parts(all_of, other) + _parts(all_of, self))

    def __or__(self, other: Callable[[Transition], bool]) -> Predicate:
        return any_of(_parts(any_of, self) + _parts(any_of, other))

    def __ror__(self, other: Callable[[Transition], bool]) -> Predicate:
        return any_of(_parts(any_of, other) + _parts(any_of, self))

    def __invert__(self) -> Predicate:
        return negation(self)


def as_predicate(function: Callable[[Transition], bool]) -> Predicate:
    """``function`` itself if it is a ``Predicate``, else wrapped as one.

    Raises:
        TypeError: If it cannot be called.
    """
    return function if isinstance(function, Predicate) else holds(function)


@dataclass(frozen=True)
class holds(Predicate):
    """Any callable as a predicate, so that it combines with the others. One that remembers must offer ``fresh()``."""

    function: Callable[[Transition], bool]

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise TypeError(f"a predicate is called with a Transition and answers True or False, got {self.function!r}")

    def __call__(self, transition: Transition) -> bool:
        return bool(self.function(transition))

    @property
    def remembers(self) -> bool:
        return hasattr(self.function, "fresh")

    def fresh(self) -> Predicate:
        return holds(self.function.fresh()) if self.remembers else self  # type: ignore[attr-defined]

    def to_dict(self) -> dict[str, Any]:
        raise ValueError(f"{self.function!r} is Python code and has no declarative form; use the ready-made predicates")

    def __repr__(self) -> str:
        return f"holds({getattr(self.function, '__qualname__', repr(self.function))})"


@dataclass(frozen=True, repr=False)
class _joined(Predicate):
    """Several predicates as one. Where a part remembers, every part sees every transition; otherwise it stops early."""

    parts: tuple[Predicate, ...]
    _remembers: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.parts) < 2:
            raise ValueError(f"{self.kind} joins two or more predicates, got {len(self.parts)}")
        object.__setattr__(self, "parts", tuple(as_predicate(part) for part in self.parts))
        object.__setattr__(self, "_remembers", any(part.remembers for part in self.parts))

    @property
    def remembers(self) -> bool:
        return self._remembers

    def fresh(self) -> Predicate:
        return type(self)(tuple(part.fresh() for part in self.parts)) if self._remembers else self


class all_of(_joined):
    """Holds when every part does; written ``a & b``."""

    def __call__(self, transition: Transition) -> bool:
        if self._remembers:
            held = [part(transition) for part in self.parts]  # all() over a generator would stop early
            return all(held)
        return all(part(transition) for part in self.parts)

    def __repr__(self) -> str:
        return " & ".join(f"({part!r})" if isinstance(part, any_of) else repr(part) for part in self.parts)


class any_of(_joined):
    """Holds when some part does; written ``a | b``."""

    def __call__(self, transition: Transition) -> bool:
        if self._remembers:
            held = [part(transition) for part in self.parts]  # any() over a generator would stop early
            return any(held)
        return any(part(transition) for part in self.parts)

    def __repr__(self) -> str:
        return " | ".join(f"({part!r})" if isinstance(part, all_of) else repr(part) for part in self.parts)


@dataclass(frozen=True, repr=False)
class negation(Predicate):
    """Holds when its part does not; written ``~a``."""

    kind: ClassVar[str] = "not"
    part: Predicate

    def __post_init__(self) -> None:
        object.__setattr__(self, "part", as_predicate(self.part))

    def __call__(self, transition: Transition) -> bool:
        return not self.part(transition)

    @property
    def remembers(self) -> bool:
        return self.part.remembers

    def fresh(self) -> Predicate:
        return negation(self.part.fresh()) if self.remembers else self

    def __repr__(self) -> str:
        return f"~({self.part!r})" if isinstance(self.part, _joined | then) else f"~{self.part!r}"


@dataclass(repr=False, unsafe_hash=True)  # not frozen: it remembers, though that is no part of what it equals
class then(Predicate):
    """Holds when ``later`` does on a transition after one on which ``first`` held; written ``a.then(b)``.

    "After" is strict: both on the same transition is not enough, and what held at reset counts as earlier.
    """

    first: Predicate
    later: Predicate
    _first_held: bool = field(init=False, default=False, compare=False)

    def __post_init__(self) -> None:
        self.first, self.later = as_predicate(self.first), as_predicate(self.later)

    def __call__(self, transition: Transition) -> bool:
        later = self.later(transition)  # asked also while first never held, since it may remember
        answer = self._first_held and later
        self._first_held = self.first(transition) or self._first_held
        return answer

    @property
    def remembers(self) -> bool:
        return True

    def fresh(self) -> Predicate:
        return then(self.first.fresh(), self.later.fresh())

    def __repr__(self) -> str:
        first = f"({self.first!r})" if isinstance(self.first, _joined | negation) else repr(self.first)
        return f"{first}.then({self.later!r})"


def _parts(kind: type[_joined], predicate: Callable[[Transition], bool]) -> tuple[Predicate, ...]:
    """``a & b & c`` is one ``all_of`` of three, not two nested ones."""
    return predicate.parts if type(predicate) is kind else (as_predicate(predicate),)


def _as_data(value: Any) -> Any:
    """A field of a predicate as JSON would give it back."""
    if isinstance(value, Predicate):
        return value.to_dict()
    return [_as_data(item) for item in value] if isinstance(value, tuple) else value
