"""A client of real sites over HTTP: what the http engine opens pages with, and evaluators of both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import NavigationRefused, SiteError
from ..types import HttpReply, NetworkEvent
from .base import check_origin
from .client import NAVIGATION_ACCEPT, CookieJar, RedirectingClient, Reply
from .transport import Traffic, Transport

MISDIRECTED = 421  # as the embedded sites answer for a host that is none of theirs
_USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) webarena-gym"


class RemoteClient(RedirectingClient):
    """Sends requests through ``transport`` to the origins ``allowed`` alone, with the cookies of ``jar``.

    With ``traffic`` the requests are the policy's and are noted there, and a site's own failure is raised; without it they
    are an evaluator's, which looks at the status itself.
    """

    def __init__(
        self, transport: Transport, jar: CookieJar, allowed: Sequence[str], traffic: Traffic | None = None
    ) -> None:
        super().__init__(jar)
        self.allowed: Sequence[str] = allowed
        self._transport, self._traffic = transport, traffic
        self.asked = ""
        """The page that the last ``send`` asked for; empty if that was no GET."""

    def send(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Reply:
        """As ``RedirectingClient.send``.

        Raises:
            NavigationRefused: the address lies outside ``allowed``.
            SiteError: no answer, or, to the policy, one with a status of 500 or more.
        """
        check_origin(url, self.allowed)
        self.asked = url if method == "GET" else ""
        reply = super().send(method, url, headers=headers, body=body)
        if self._traffic is not None and reply.status >= 500:
            raise SiteError(f"{method} {url} answered with HTTP {reply.status}")
        return reply

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = "") -> HttpReply:
        """As ``RedirectingClient.request``; what lies, or leads, outside ``allowed`` is answered with 421."""
        try:
            return super().request(method, url, headers=headers, body=body)
        except NavigationRefused as error:
            return HttpReply(MISDIRECTED, error.url, "")

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        url = url.split("#", 1)[0]
        sent = {"User-Agent": _USER_AGENT, "Accept": NAVIGATION_ACCEPT, **headers}
        if cookie := self._jar.header(url):
            sent["Cookie"] = cookie
        if self._traffic is not None:
            self._traffic.sent(method)
        reply = self._transport.exchange(method, url, sent, body)
        if self._traffic is not None:
            self._traffic.answered(
                event_of(method, url, sent, body, reply.status, reply.headers, navigation=method == "GET")
            )
        return reply


def event_of(
    method: str, url: str, headers: Mapping[str, str], body: bytes, status: int, answered: Sequence[tuple[str, str]], *,
    navigation: bool,
) -> NetworkEvent:  # fmt: skip
    """One exchange as an evaluator of network events reads it."""
    sent = {name.lower(): value for name, value in headers.items()}
    return NetworkEvent(
        method=method,
        url=url,
        status=status,
        navigation=navigation,
        headers=tuple(sent.items()),
        body=body.decode("utf-8", "replace"),
        content_type=sent.get("content-type", ""),
        response_headers=tuple(answered),
    )
