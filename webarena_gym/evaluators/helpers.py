"""The three helpers that page checks name after ``func:``, and what a page check reads pages with.

Helper functions are known by name; the text after ``func:`` is matched against their call forms, never executed. The odd
spelling of ``memeber`` is the task file's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from ..errors import SiteError
from ..types import HttpReply, LiveDocument, Outcome, PageClient
from .dom import Document, Element, get_property, query_all

_FUNC = "func:"
_MEMBER_ROLE = re.compile(r"gitlab_get_project_memeber_role\(__page__, '([^']*)'\)")
# The shop's administrator, known to every installation of WebArena.
_SHOP_ADMIN = {"username": "admin", "password": "admin1234"}
_NEWEST_ORDER = (
    "searchCriteria[sortOrders][0][field]=created_at&searchCriteria[sortOrders][0][direction]=DESC"
    "&searchCriteria[pageSize]=1"
)


class Pages:
    """The pages that one evaluation looks at: the one stood on, and others, each fetched once."""

    def __init__(self, outcome: Outcome, base_urls: Mapping[str, str]) -> None:
        self._outcome, self._base_urls = outcome, base_urls
        self._documents: dict[str, Document] = {}
        self._addresses: dict[str, str] = {}

    def document(self, url: str) -> Document:
        """The page that a check's ``url`` means.

        Raises:
            SiteError: the site failed to answer.
        """
        address = self.address(url)
        if address not in self._documents:
            live = self._outcome.page if address == "last" else _fetch(self._outcome.client, address)
            self._documents[address] = Document(live)
        return self._documents[address]

    def address(self, url: str) -> str:
        """``last``, or the address to fetch.

        Raises:
            ValueError: an unknown helper is named.
        """
        if not url.startswith(_FUNC):
            # As a browser resolves it: the storefront beside the admin panel is written http://.../admin/../x.html
            return urljoin(url, urlsplit(url).path) if "/../" in url else url
        if url not in self._addresses:
            self._addresses[url] = self._helper_address(url.removeprefix(_FUNC))
        return self._addresses[url]

    def _helper_address(self, call: str) -> str:
        if call == "reddit_get_post_url('__last_url__')":
            return reddit_get_post_url(self._outcome.page.url)
        if call == "shopping_get_latest_order_url()":
            return shopping_get_latest_order_url(self._outcome.client, self._base_urls["__SHOPPING__"])
        raise ValueError(f"unknown helper {call!r}")


def _fetch(client: PageClient, url: str) -> LiveDocument:
    reply = _checked(client.get(url))
    html = reply.text
    if reply.content_type == "text/plain":  # shown by browsers as a page around it
        html = f"<html><head></head><body><pre>{_escaped(html)}</pre></body></html>"
    return LiveDocument(reply.url, html, reply.fields)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _checked(reply: HttpReply) -> HttpReply:
    if reply.status >= 500:
        raise SiteError(f"{reply.url} answered with HTTP {reply.status} when it was to be checked")
    return reply


def reddit_get_post_url(url: str) -> str:
    """The address of the post that a forum page belongs to; any other address as it is.

    >>> reddit_get_post_url("http://reddit.test/f/books/59421/some-title?sort=new")
    'http://reddit.test/f/books/59421/'
    """
    parts = urlsplit(url)
    segments = parts.path.split("/")
    if len(segments) < 4 or segments[1] != "f":
        return url
    return f"{parts.scheme}://{parts.netloc}/f/{segments[2]}/{segments[3]}/"


def shopping_get_latest_order_url(client: PageClient, shop: str) -> str:
    """The page of the newest order of all customers, which the shop's REST interface names.

    Raises:
        SiteError: the interface did not answer as it should.
    """
    reply = client.request(
        "POST",
        f"{shop}/rest/default/V1/integration/admin/token",
        headers={"Content-Type": "application/json"},
        body=json.dumps(_SHOP_ADMIN),
    )
    token = _json(reply)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    reply = client.request("GET", f"{shop}/rest/V1/orders?{_NEWEST_ORDER}", headers=headers)
    try:
        order_id = int(_json(reply)["items"][0]["increment_id"])
    except (LookupError, TypeError, ValueError) as error:
        raise SiteError(f"{reply.url} names no newest order: {reply.text[:200]!r}") from error
    return f"{shop}/sales/order/view/order_id/{order_id}/"


def _json(reply: HttpReply) -> object:
    if reply.status != 200:
        raise SiteError(f"{reply.url} answered with HTTP {reply.status} when it was to be checked")
    try:
        return json.loads(reply.text)
    except ValueError as error:
        raise SiteError(f"{reply.url} answered with {reply.text[:200]!r}, which is not JSON") from error


def gitlab_get_project_member_role(document: Document, account: str) -> str:
    """The role that a project's members page shows for ``@account``; empty if it shows none."""
    accounts = query_all(document, "td[data-label='Account'] span.gl-avatar-labeled-sublabel")
    place = next((i for i, element in enumerate(accounts) if _text(element) == f"@{account}"), None)
    roles = query_all(document, "td.col-max-role span")
    return "" if place is None or place >= len(roles) else _text(roles[place])


def _text(element: Element) -> str:
    return str(get_property(element, "outerText"))


def helper_locator(source: str) -> str | None:
    """The account whose role a ``func:`` locator asks for, None if the locator is another.

    Raises:
        ValueError: the locator names an unknown helper.
    """
    if not source.startswith(_FUNC):
        return None
    match = _MEMBER_ROLE.fullmatch(source.removeprefix(_FUNC))
    if match is None:
        raise ValueError(f"unknown helper in the locator {source!r}")
    return match[1]
