"""The values that flow between the parts of the package: one dataclass each, standard library only.

``Task -> Site -> Engine -> Page -> observation text -> Policy -> action text -> Action -> Engine -> Page ...``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

SiteName = Literal["shopping", "shopping_admin", "reddit", "gitlab", "map", "wikipedia", "homepage"]
EngineName = Literal["http", "browser"]
ObservationMode = Literal["text", "html", "axtree"]
Scoring = Literal["lite", "strict", "hardened", "verified"]


class Node(NamedTuple):
    """One thing a reader of the page meets: a run of text, a heading, a landmark, or an element to act on.

    ``line`` counts rendered lines from 0 and ``cell`` the table cells in a line; nodes that share both stand side by
    side. ``id`` is the number an action names, 1 for the first interactive element of the document, None for the rest.
    ``states`` holds pairs such as ``("value", "abc")`` or ``("checked", "")`` in a fixed order, ``options`` the labels
    of a select.
    """

    role: str
    name: str
    line: int
    cell: int = 0
    id: int | None = None
    states: tuple[tuple[str, str], ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One open tab: its document's title and address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the active tab shows now. ``document`` changes whenever another document was loaded into view."""

    url: str
    title: str
    nodes: Sequence[Node]
    tabs: tuple[Tab, ...]
    active_tab: int
    document: int


class FieldState(NamedTuple):
    """What one ``input``, ``select`` or ``textarea`` holds now, typed or not. ``selected_index`` is -1 without options."""

    value: str
    checked: bool = False
    selected_index: int = -1


@dataclass(frozen=True, slots=True)
class LiveDocument:
    """A document as an evaluator reads it: serialized HTML, and the live state of each form control beside it.

    ``fields`` has one entry for each ``input``, ``select`` and ``textarea`` in document order; an empty tuple means that
    every control still holds what the HTML says.
    """

    url: str
    html: str
    fields: tuple[FieldState, ...] = ()


@dataclass(frozen=True, slots=True)
class HttpReply:
    """The answer to one request of an evaluator, redirects followed; ``url`` is where they led.

    ``content_type`` is lower case without parameters. Plain text is read as the page that a browser shows it in. ``fields``
    are those of the page's ``LiveDocument`` where a browser showed it.
    """

    status: int
    url: str
    text: str
    content_type: str = "text/html"
    fields: tuple[FieldState, ...] = ()


class PageClient(Protocol):
    """How an evaluator looks at pages: with the episode's cookies, without moving the policy's page."""

    def get(self, url: str) -> HttpReply: ...

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> HttpReply: ...


@dataclass(frozen=True, slots=True)
class NetworkEvent:
    """One request as the real site would have sent it, for ``scoring="verified"``.

    ``navigation`` marks a document request of the policy (a page it opened), as against a form post or a script call.
    """

    method: str
    url: str
    status: int
    navigation: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    content_type: str = ""
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: str = ""


class SeenPage(NamedTuple):
    """A page that the policy was shown: its address, and the text of all its parts."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a site's table that is not as the site's image has it; ``before`` or ``after`` is empty where there is none.

    An update keeps the primary key; both halves hold the whole row.
    """

    site: SiteName
    table: str
    kind: Literal["inserted", "deleted", "updated"]
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """The columns whose values differ; of a new or deleted row all."""
        names = self.before.keys() | self.after.keys()
        return frozenset(name for name in names if self.before.get(name) != self.after.get(name))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluator judges: the answer given at the stop, the page stood on, and the means to look at others.

    ``answer`` is None when the episode ended without a stop. ``events`` are what the policy's requests would have looked
    like on the real sites. ``changes`` compares the sites with the images they started from, when it is called. ``seen``
    holds the pages shown on the way, in order, and is kept for ``scoring="hardened"`` alone.
    """

    answer: str | None
    page: LiveDocument
    client: PageClient
    events: tuple[NetworkEvent, ...] = ()
    changes: Callable[[], tuple[RowChange, ...]] = tuple
    seen: tuple[SeenPage, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskView:
    """The half of a task that a policy may see: no reference answer, no milestones."""

    task_id: int | str
    sites: tuple[SiteName, ...]
    intent: str
    start_urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One part of an evaluation: which rule, whether it held, and a sentence on what was compared with what."""

    kind: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class EvalResult:
    """The verdict on an episode. ``success`` is the conjunction of ``checks``; ``judge`` names who decided fuzzy ones."""

    success: bool
    checks: tuple[CheckResult, ...] = field(default=())
    judge: str | None = None
