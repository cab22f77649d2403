"""Sessions on real sites: signing in by the site's own form, and again when a session ran out, unseen by the policy.

A page that offers a guest's link is a hint; a look at a page for the signed-in user alone decides. Before a form is sent the
session is checked as well, since a site would drop what a guest sends; the page is then loaded again, for its tokens belong to
the old session, and what was typed is typed again. A policy that signs out on purpose stays signed out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from ..errors import ActionError, ElementNotActionable, SiteError
from ..sites.remote import SignIn, origin_of
from ..types import HttpReply, Node
from .base import History
from .execute import Driver
from .interact import Effect, ElementFacts

_SIGN_IN_ATTEMPTS = 2
_FIELD_ROLES = frozenset("textbox searchbox combobox listbox spinbutton checkbox radio switch".split())


def asks_to_sign_in(html: str, sign_in: SignIn) -> bool:
    """Whether the page holds the site's sign-in form, be it in a template that a script is to show."""
    return re.search(rf"""\bname=["']?{re.escape(sign_in.form_field)}["'\s>]""", html) is not None


class Sessions:
    """Which users are signed in during an episode.

    ``look`` fetches a page with the episode's cookies, ``aside`` marks requests that are not the policy's, and ``asked`` is
    the page that the last action asked for, before any redirect; empty if it sent a form that changes something.
    """

    def __init__(
        self,
        look: Callable[[str], HttpReply],
        aside: Callable[[], AbstractContextManager[None]],
        asked: Callable[[], str],
    ) -> None:
        self._look, self._aside, self.asked = look, aside, asked
        self._sign_ins: dict[str, SignIn] = {}

    def begin(self, sign_ins: Sequence[SignIn]) -> None:
        """A new episode, with these users; ``sign_in`` each of them next."""
        self._sign_ins = {sign_in.origin: sign_in for sign_in in sign_ins}

    def of(self, url: str) -> SignIn | None:
        """Whose session belongs to an address; None where there is none, or the policy ended it."""
        try:
            return self._sign_ins.get(origin_of(url))
        except ValueError:  # a page of no site
            return None

    def note(self, url: str) -> None:
        """The policy opens this address: perhaps the one that ends its session."""
        sign_in = self.of(url)
        if sign_in is not None and any(part in urlsplit(url).path for part in sign_in.sign_out):
            del self._sign_ins[sign_in.origin]

    def alive(self, sign_in: SignIn) -> bool:
        with self._aside():
            reply = self._look(sign_in.check_url)
        return reply.status < 400 and not asks_to_sign_in(reply.text, sign_in)

    def sign_in(self, sign_in: SignIn, driver: Driver) -> None:
        """Fill in and send the site's form in a tab of its own, and once more if that did not last.

        Raises:
            SiteError: there is no such form, or it did not help.
        """
        for _ in range(_SIGN_IN_ATTEMPTS):
            try:
                with self._aside():
                    self._sign_in_aside(sign_in, driver)
            except ActionError as error:  # none of the policy's: the site leads elsewhere
                raise SiteError(f"{sign_in.url} lets nobody sign in: {error}") from error
            if self.alive(sign_in):
                return
        raise SiteError(f"{sign_in.url} did not let {sign_in.username} in")

    def looked(self, url: str, look: Callable[[], HttpReply], driver: Driver) -> HttpReply:
        """What ``look`` finds at ``url``, once more if the session turns out to have ended: a live one was alive before."""
        reply = look()
        if (sign_in := self.of(url)) is not None and not self.alive(sign_in):
            self.sign_in(sign_in, driver)
            reply = look()
        return reply

    @staticmethod
    def _sign_in_aside(sign_in: SignIn, driver: Driver) -> None:
        active, others = driver.active(), bool(driver.histories())
        driver.new_tab()
        try:
            driver.open(sign_in.url)
            _send_form(sign_in, driver)
        finally:
            driver.close_tab()
            if others:
                driver.focus_tab(active)


def _send_form(sign_in: SignIn, driver: Driver) -> None:
    nodes = driver.nodes()
    user = _named(nodes, "textbox", sign_in.user_label)
    password = _named(nodes, "textbox", sign_in.password_label)
    button = None if password is None else _named(nodes, "button", sign_in.button, after=password)
    if user is None or password is None or button is None:
        raise SiteError(
            f"{sign_in.url} shows no sign-in form with fields {sign_in.user_label!r} and {sign_in.password_label!r} and a "
            f"button {sign_in.button!r}; it is at {driver.url()}"
        )
    driver.apply(Effect("text", user, text=sign_in.username))
    driver.apply(Effect("text", password, text=sign_in.password))
    found = driver.facts(button)
    assert found is not None
    driver.apply(Effect("click", button, opens=found[0].action))


def _named(nodes: Sequence[Node], role: str, words: str, after: int = 0) -> int | None:
    """The element whose name is, else holds, these words in any case."""
    named = [
        (node.name.casefold().rstrip(" *:"), node.id)
        for node in nodes
        if node.role == role and node.id and node.id > after
    ]
    exact = [id for name, id in named if name == words]
    return next(iter([*exact, *(id for name, id in named if words in name)]), None)


class SignedInDriver:
    """A ``Driver`` whose pages are always those of the signed-in user."""

    def __init__(self, driver: Driver, sessions: Sessions) -> None:
        self._driver, self._sessions = driver, sessions

    def open(self, url: str) -> None:
        self._sessions.note(url)
        self._driver.open(url)
        self._stay_signed_in()

    def apply(self, effect: Effect) -> None:
        submits = bool(effect.opens) and not effect.is_link
        if effect.opens:
            self._sessions.note(effect.opens)
        if submits and (sign_in := self._sessions.of(effect.opens)) and not self._sessions.alive(sign_in):
            self._sessions.sign_in(sign_in, self._driver)
            self._load_again(effect)
        self._driver.apply(effect)
        if effect.opens or effect.kind == "click":
            self._stay_signed_in()

    def _stay_signed_in(self) -> None:
        """Where the page shown is a guest's, sign in and open what was asked for, else the same page, again."""
        wanted = self._sessions.asked()
        sign_in = self._sessions.of(self._driver.url())
        if sign_in is None or not self._looks_like_a_guests(sign_in) or self._sessions.alive(sign_in):
            return
        self._sessions.sign_in(sign_in, self._driver)
        self._driver.open(wanted or self._driver.url())

    def _looks_like_a_guests(self, sign_in: SignIn) -> bool:
        return any(
            node.role in ("link", "button") and node.name.casefold() in sign_in.guest_words
            for node in self._driver.nodes()
        )

    def _load_again(self, effect: Effect) -> None:
        """The page as it stands, loaded anew, with the same things typed and ticked.

        Raises:
            ElementNotActionable: the page is another now, and the element to act on is not where it was.
        """
        before = {id: found for id in _fields(self._driver.nodes()) if (found := self._driver.facts(id)) is not None}
        shown = {node.id: dict(node.states).get("value", "") for node in self._driver.nodes()}
        wanted = self._driver.facts(effect.id)
        self._driver.open(self._driver.url())
        now = self._driver.facts(effect.id)
        if wanted is None or now is None or (wanted[0].role, wanted[0].name) != (now[0].role, now[0].name):
            raise ElementNotActionable("the session had run out and the page has changed since; look at it again")
        for id, (facts, value) in before.items():
            self._restore(id, facts, value, shown[id])

    def _restore(self, id: int, facts: ElementFacts, value: str, shown: str) -> None:
        found = self._driver.facts(id)
        if found is None or found[0].name != facts.name or facts.disabled or facts.readonly:
            return
        now, value_now = found
        if facts.tag == "select":
            labels = shown.split(", ") if facts.multiple else [shown]
            indices = tuple(i for i, (label, _, _) in enumerate(facts.options) if label in labels)
            self._driver.apply(Effect("select", id, indices=indices if facts.multiple else indices[:1]))
        elif facts.checked != now.checked and (facts.checked or facts.type == "checkbox"):
            self._driver.apply(Effect("click", id))
        elif value != value_now and facts.type not in ("checkbox", "radio", "file"):
            self._driver.apply(Effect("text", id, text=value))

    # --- the rest of execute.Driver, passed on ---

    def url(self) -> str:
        return self._driver.url()

    def nodes(self) -> Sequence[Node]:
        return self._driver.nodes()

    def focused(self) -> int | None:
        return self._driver.focused()

    def facts(self, id: int) -> tuple[ElementFacts, str] | None:
        return self._driver.facts(id)

    def histories(self) -> Sequence[History]:
        return self._driver.histories()

    def active(self) -> int:
        return self._driver.active()

    def focus_tab(self, index: int) -> None:
        self._driver.focus_tab(index)

    def new_tab(self) -> None:
        self._driver.new_tab()

    def close_tab(self) -> None:
        self._driver.close_tab()


def _fields(nodes: Sequence[Node]) -> list[int]:
    return [node.id for node in nodes if node.id is not None and node.role in _FIELD_ROLES]
