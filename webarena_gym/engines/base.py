"""What every engine can do, and what both do alike: the addresses a policy may open, and a tab's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import ada_url
import numpy as np

from ..actions import Action
from ..errors import ActionError, NavigationRefused
from ..sites.remote import SignIn
from ..types import LiveDocument, Page, PageClient

MAX_TABS = 10
BLANK = "about:blank"
FILE_TO_DOWNLOAD = "that is a file to download; files are not kept, and the page stays"


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie to begin the episode with."""

    origin: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class EpisodeStart:
    """How an episode begins: one tab for each address, the last one active, with these cookies.

    On real sites users sign in first, as ``sign_ins`` say.
    """

    start_urls: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    cookies: tuple[Cookie, ...] = ()
    sign_ins: tuple[SignIn, ...] = ()


class Engine(Protocol):
    """Shows pages to a policy and carries out its actions. ``Scroll``, ``Noop`` and ``Stop`` never reach an engine.

    Methods raise ``ActionError`` for what the policy may not or cannot do, leaving the page as it is, and ``InfraError``
    for a failure of the site or the browser.
    """

    def reset(self, start: EpisodeStart) -> None:
        """Forget tabs, cookies and history, and open the start pages."""

    def execute(self, action: Action) -> None:
        """Carry out one action and wait for the page it leads to."""

    def page(self) -> Page:
        """The active tab now."""

    def document(self) -> LiveDocument:
        """The active tab as an evaluator reads it, with what was typed and not submitted."""

    def client(self) -> PageClient:
        """A client with this episode's cookies; what it fetches never moves a tab."""

    def screenshot(self) -> np.ndarray:
        """The active tab as an RGB image, uint8 of shape (height, width, 3).

        Raises:
            ValueError: the engine draws nothing.
        """

    def close(self) -> None:
        """Release everything; the engine is of no use afterwards."""


def resolve_url(text: str, current: str, allowed_origins: Sequence[str]) -> str:
    """The absolute address that ``text``, typed on the page ``current``, stands for.

    Raises:
        ActionError: the text is no address.
        NavigationRefused: the address lies outside ``allowed_origins``.
    """
    text = text.strip()
    try:
        url = ada_url.URL(text, base=current) if current != BLANK else ada_url.URL(text)
    except ValueError:
        raise ActionError(f"{text[:80]!r} is no address; write it in full, such as {allowed_origins[0]}/") from None
    check_origin(url.href, allowed_origins)
    return url.href


def check_origin(url: str, allowed_origins: Sequence[str]) -> None:
    """Raise NavigationRefused unless ``url`` is http(s), without credentials, on one of the origins."""
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        raise NavigationRefused(url, allowed_origins) from None
    if parsed.origin not in allowed_origins or parsed.username or parsed.password:
        raise NavigationRefused(url, allowed_origins)


def without_fragment(url: str) -> str:
    return url.split("#", 1)[0]


@dataclass(slots=True)
class History:
    """The addresses a tab showed, and where in them it stands.

    Both engines go back by opening the address again. No page of ours answers a form post with a page (each redirects),
    so this shows what a browser's own history would, without its form restoration and its error page for expired posts.
    One difference: a form that leads to its own page again makes no entry here, but does in a browser, where the first
    step back would show the same page.
    """

    entries: list[str] = field(default_factory=list)
    position: int = -1

    def visit(self, url: str) -> None:
        """Note that the tab now shows ``url``; the same address again is no new entry."""
        if self.position >= 0 and self.entries[self.position] == url:
            return
        del self.entries[self.position + 1 :]
        self.entries.append(url)
        self.position = len(self.entries) - 1

    def peek(self, offset: int) -> str:
        """The address ``offset`` entries away.

        Raises:
            ActionError: there is none.
        """
        target = self.position + offset
        if not 0 <= target < len(self.entries):
            raise ActionError(
                "there is no earlier page in this tab" if offset < 0 else "there is no later page in this tab"
            )
        return self.entries[target]

    def move(self, offset: int, url: str) -> None:
        """Stand ``offset`` entries away, where the tab now shows ``url`` (a redirect may have changed it)."""
        self.position += offset
        self.entries[self.position] = url
