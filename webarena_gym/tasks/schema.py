"""What a task is: the half a policy may see, and the half that only scoring reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..types import Outcome, SiteName, TaskView

StringRule = Literal["exact_match", "must_include", "fuzzy_match"]


@dataclass(frozen=True, slots=True)
class StringCheck:
    """One rule on the answer: ``exact_match`` with a text, the others with a list whose every item must hold.

    ``references`` keeps the official value's shape: a str where the file has a str (which official scoring treats
    differently, see ``evaluators.string_match``), a tuple where it has a list. With ``alternatives`` a reference such as
    ``"65 |OR| 3"`` offers two texts of which one is enough; official scoring does not split answers' references.
    """

    rule: StringRule
    references: str | tuple[str, ...]
    alternatives: bool = False


@dataclass(frozen=True, slots=True)
class UrlCheck:
    """The page stood on: one of these addresses must be contained in it, with every query value they name."""

    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HtmlCheck:
    """A page to look at after the stop.

    ``url`` is an address, ``last`` for the page stood on, or ``func:`` and one of the known helpers. ``locator`` is a
    ``document...`` expression of the closed grammar, ``func:`` and a helper, or empty for the whole HTML.
    """

    url: str
    locator: str
    rule: StringRule
    references: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvalSpec:
    """How a task is scored: the conjunction of its checks. ``note`` is the official reason why a task cannot be done."""

    strings: tuple[StringCheck, ...] = ()
    urls: tuple[UrlCheck, ...] = ()
    html: tuple[HtmlCheck, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneSpec:
    """A named condition on an episode, checked after every step until it holds.

    With ``reads_state`` it depends on the sites' state alone (it fetches pages or asks a store), so it is checked again
    only after that state was written to.
    """

    name: str
    reached: Callable[[Progress], bool]
    weight: float = 1.0
    reads_state: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What a milestone of a task can look at after a step.

    ``text`` is the whole page's text (all parts), ``answer`` None before the stop. ``client`` fetches pages as an
    evaluator does; ``store(site)`` is the embedded site's store, and raises SiteNotAvailable on real sites. Equal
    ``revision`` means that no site was written to in between.
    """

    url: str
    text: str
    answer: str | None
    client: Any
    store: Callable[[SiteName], Any]
    outcome: Callable[[], Outcome]
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task with all that scoring needs.

    ``task_id`` is WebArena-Lite's id (0 to 164) for official tasks and a str such as ``"find_price-000123"`` for generated
    ones. ``old_task_id`` is the id among WebArena's 812. ``success`` scores generated tasks, ``spec`` official ones.
    """

    task_id: int | str
    sites: tuple[SiteName, ...]
    intent: str
    start_urls: tuple[str, ...]
    spec: EvalSpec = EvalSpec()
    milestones: tuple[MilestoneSpec, ...] = ()
    success: Callable[[Progress], bool] | None = None
    old_task_id: int | None = None
    family: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def view(self) -> TaskView:
        """The half that a policy may see."""
        return TaskView(self.task_id, self.sites, self.intent, self.start_urls)
