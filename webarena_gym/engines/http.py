"""The browserless engine: calls the sites in process, parses with lexbor, and keeps what a browser would keep.

Covered: cookies, redirects, Referer and Origin, tabs, history, fragments, focus, typed values, every kind of form control,
implicit submission, ``details``. Not covered: scripts, downloads, style sheets, frames, constraint validation (our forms carry
``novalidate``), ``target`` on links and uploads of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import ada_url
import numpy as np
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..actions import Action
from ..errors import ActionError
from ..observation import Extraction, extract, extract_media
from ..observation.controls import (
    TEXT_TYPES,
    field_state,
    input_type,
    is_checked,
    is_disabled,
    option_label,
    option_value,
    options,
    text_value,
)  # fmt: skip
from ..observation.names import Names, interactive_role
from ..observation.whitespace import collapse
from ..types import LiveDocument, Node, Page, PageClient, Tab
from .base import BLANK, FILE_TO_DOWNLOAD, EpisodeStart, History, without_fragment
from .client import CookieJar, RedirectingClient, Reply
from .execute import run_action
from .forms import form_controls, form_owner, is_submit, submit
from .heap import keep_freed_memory
from .interact import Effect, ElementFacts, Implicit
from .parsed import ParsedPage, give_back, take_parsed
from .wsgi import WsgiApp, WsgiClient

_FIELDS = "input, select, textarea"


@dataclass(slots=True)
class _Document:
    """A loaded document: its tree and what was typed over it, or the nodes of a text or image."""

    number: int
    tree: LexborHTMLParser
    typed: dict[int, Any] = field(default_factory=dict)  # mem_id -> str, bool or tuple of indices; see controls.Typed
    media: tuple[Node, ...] | None = None
    extraction: Extraction | None = None
    parsed: ParsedPage | None = None  # where the tree is as it was loaded, and may be handed on when it is left

    def read(self) -> Extraction:
        if self.extraction is None:
            if self.media is not None:
                self.extraction = Extraction(self.media, ())
            elif self.parsed is not None and not self.typed:
                self.extraction = self.parsed.read()
            else:
                self.extraction = extract(self.tree, self.typed)
        return self.extraction

    def title(self) -> str:
        node = self.tree.css_first("title") if self.media is None else None
        return collapse(node.text()) if node is not None else ""


@dataclass(slots=True)
class _Tab:
    url: str
    document: _Document
    history: History = field(default_factory=History)
    focus: int | None = None  # mem_id


class HttpEngine:
    """An ``Engine`` over an in-process WSGI app, such as a ``World``. Opens nothing outside the process."""

    def __init__(self, app: WsgiApp) -> None:
        keep_freed_memory()
        self._app = app
        self._begin_network()

    def _begin_network(self) -> None:
        self._jar = CookieJar()
        self._client: RedirectingClient = self._connect()
        self._allowed: tuple[str, ...] = ()
        self._tabs: list[_Tab] = []
        self._active = 0
        self._documents = 0

    def _connect(self) -> RedirectingClient:
        """What the policy's requests go through."""
        return WsgiClient(self._app, self._jar)

    def reset(self, start: EpisodeStart) -> None:
        self._jar.clear()
        for cookie in start.cookies:
            self._jar.set(cookie.origin, cookie.name, cookie.value)
        self._allowed = self._client.allowed = start.allowed_origins
        self._documents = 0
        for tab in self._tabs:
            self._leave(tab.document)
        self._tabs, self._active = [], 0
        for url in start.start_urls:
            self.new_tab()
            self.open(ada_url.URL(url).href)
            self._tab.history.visit(self._tab.url)

    def execute(self, action: Action) -> None:
        run_action(self, action, self._allowed)

    def page(self) -> Page:
        tab = self._tab
        return Page(
            url=tab.url,
            title=tab.document.title(),
            nodes=tab.document.read().nodes,
            tabs=tuple(Tab(t.document.title(), t.url) for t in self._tabs),
            active_tab=self._active,
            document=tab.document.number,
        )

    def document(self) -> LiveDocument:
        document = self._tab.document
        fields = tuple(field_state(node, document.typed) for node in document.tree.css(_FIELDS))
        return LiveDocument(self._tab.url, document.tree.html or "", fields)

    def client(self) -> PageClient:
        return WsgiClient(self._app, self._jar, evaluator=True)

    def screenshot(self) -> np.ndarray:
        raise ValueError("the http engine draws nothing; make the env with engine='browser' for images")

    def close(self) -> None:
        self._tabs.clear()

    # --- the primitives of execute.Driver ---

    @property
    def _tab(self) -> _Tab:
        return self._tabs[self._active]

    def url(self) -> str:
        return self._tab.url

    def nodes(self) -> Sequence[Node]:
        return self._tab.document.read().nodes

    def histories(self) -> Sequence[History]:
        return [tab.history for tab in self._tabs]

    def active(self) -> int:
        return self._active

    def focus_tab(self, index: int) -> None:
        self._active = index

    def new_tab(self) -> None:
        self._documents += 1
        self._tabs.append(_Tab(BLANK, _Document(self._documents, LexborHTMLParser("<body></body>"))))
        self._active = len(self._tabs) - 1

    def close_tab(self) -> None:
        del self._tabs[self._active]
        self._active = max(0, self._active - 1)

    def open(self, url: str) -> None:
        self._navigate(url, referrer=None)

    def focused(self) -> int | None:
        focus = self._tab.focus
        elements = self._tab.document.read().elements
        return next((i for i, element in enumerate(elements, 1) if element.mem_id == focus), None)

    def facts(self, id: int) -> tuple[ElementFacts, str] | None:
        elements = self._tab.document.read().elements
        if not 1 <= id <= len(elements):
            return None
        return _Facts(self._tab, elements).of(elements[id - 1])

    def apply(self, effect: Effect) -> None:
        tab = self._tab
        node = tab.document.read().elements[effect.id - 1]
        tab.focus = node.mem_id
        match effect.kind:
            case "text":
                self._type(node, effect.text)
            case "select":
                self._type(node, effect.indices)
            case "click":
                self._click(node)
            case "submit":
                form = form_owner(node, tab.document.tree)
                assert form is not None
                self._submit(form, None)

    def _type(self, node: LexborNode, value: str | bool | tuple[int, ...]) -> None:
        document = self._tab.document
        document.typed[node.mem_id] = value
        document.extraction = None

    def _click(self, node: LexborNode) -> None:
        document = self._tab.document
        if node.tag == "a":
            self._navigate(ada_url.join_url(self._tab.url, node.attributes.get("href") or ""), referrer=self._tab.url)
        elif node.tag == "summary":
            self._toggle_details(node)
        elif node.tag == "input" and input_type(node) == "checkbox":
            self._type(node, not is_checked(node, document.typed))
        elif node.tag == "input" and input_type(node) == "radio":
            for other in self._radio_group(node):
                self._type(other, other.mem_id == node.mem_id)
        elif (form := form_owner(node, document.tree)) is not None:
            if is_submit(node):
                self._submit(form, node)
            elif (node.attributes.get("type") or "").lower() == "reset":
                for control in form_controls(form, document.tree):
                    document.typed.pop(control.mem_id, None)
                document.extraction = None

    def _toggle_details(self, summary: LexborNode) -> None:
        details = summary.parent
        if details is not None and details.tag == "details":
            if "open" in details.attributes:
                del details.attrs["open"]
            else:
                details.attrs["open"] = ""
            self._tab.document.extraction = self._tab.document.parsed = None

    def _radio_group(self, node: LexborNode) -> list[LexborNode]:
        tree, name = self._tab.document.tree, node.attributes.get("name")
        if not name:
            return [node]
        owner = form_owner(node, tree)
        group = []
        for other in tree.css("input"):
            if input_type(other) == "radio" and other.attributes.get("name") == name:
                other_owner = form_owner(other, tree)
                if (owner and owner.mem_id) == (other_owner and other_owner.mem_id):
                    group.append(other)
        return group

    def _submit(self, form: LexborNode, submitter: LexborNode | None) -> None:
        tab = self._tab
        request = submit(form, tab.document.tree, tab.document.typed, submitter)
        target = ada_url.URL(request.action, base=tab.url)
        if request.method == "GET":
            target.search = request.body
            self._navigate(target.href, referrer=tab.url, from_form=True)
            return
        headers = {
            "Referer": without_fragment(tab.url),
            "Origin": ada_url.URL(tab.url).origin,
            "Content-Type": request.content_type,
        }
        self._show(self._client.send("POST", target.href, headers=headers, body=request.body.encode()))

    def _navigate(self, url: str, *, referrer: str | None, from_form: bool = False) -> None:
        """Open ``url`` in the active tab, or move within the page if only the fragment differs."""
        tab = self._tab
        if "#" in url and not from_form and without_fragment(url) == without_fragment(tab.url):
            tab.url, tab.focus = url, self._focus_of_fragment(url)
            return
        headers = {} if referrer is None else {"Referer": self._referrer(referrer, url)}
        self._show(self._client.send("GET", url, headers=headers))

    def _focus_of_fragment(self, url: str) -> int | None:
        """A fragment that names a field focuses it; any other takes the focus away."""
        target = url.split("#", 1)[1]
        for element in self._tab.document.read().elements:
            if element.attributes.get("id") == target and not is_disabled(element):
                return element.mem_id
        return None

    @staticmethod
    def _referrer(current: str, url: str) -> str:
        """strict-origin-when-cross-origin, the browsers' default."""
        origin = ada_url.URL(current).origin
        return without_fragment(current) if ada_url.URL(url).origin == origin else origin + "/"

    def _show(self, reply: Reply) -> None:
        """Raises ActionError for a file to download, which opens nothing."""
        if reply.download:
            raise ActionError(FILE_TO_DOWNLOAD)
        self._documents += 1
        self._leave(self._tab.document)
        if reply.content_type in ("text/html", "application/xhtml+xml"):
            parsed = take_parsed(reply.text or "<body></body>", reply.content)
            document = _Document(self._documents, parsed.tree, parsed=parsed)
        else:
            media = extract_media(reply.content_type, reply.url, reply.text)
            document = _Document(self._documents, _viewer(reply), media=media)
        tab = self._tab
        tab.url, tab.document, tab.focus = reply.url, document, None

    @staticmethod
    def _leave(document: _Document) -> None:
        """Keep the page that a tab stops showing for whoever comes to it next; nothing else may hold its tree."""
        if document.parsed is not None:
            give_back(document.parsed)
            document.parsed = None


def _viewer(reply: Reply) -> LexborHTMLParser:
    """The page that a browser wraps around a text, for evaluators that search the whole document."""
    tree = LexborHTMLParser("<body><pre></pre></body>")
    pre = tree.css_first("pre")
    assert pre is not None
    pre.insert_child(reply.text)
    return tree


class _Facts:
    """``ElementFacts`` of elements of one tab."""

    def __init__(self, tab: _Tab, elements: Sequence[LexborNode]) -> None:
        self._tab, self._elements = tab, elements
        self._tree, self._typed = tab.document.tree, tab.document.typed

    def of(self, node: LexborNode) -> tuple[ElementFacts, str]:
        tag, attributes = node.tag, node.attributes
        role = interactive_role(node) or ""
        body = self._tree.body
        assert body is not None
        form = form_owner(node, self._tree) if tag not in ("a", "summary") else None
        submits = form is not None and is_submit(node)
        facts = ElementFacts(
            role=role,
            name=Names(body, self._typed).of(node, role),
            tag=tag or "",
            type=self._type(node),
            disabled=tag not in ("a", "summary") and is_disabled(node),
            readonly="readonly" in attributes,
            multiple=tag == "select" and "multiple" in attributes,
            href=self._absolute(attributes.get("href") or "") if tag == "a" else "",
            action=self._action(form, node if submits else None),
            in_form=form is not None,
            submits=submits,
            checked=tag == "input" and is_checked(node, self._typed),
            options=tuple((option_label(o), option_value(o), is_disabled(o)) for o in options(node))
            if tag == "select"
            else (),
            implicit=None if form is None else self._implicit(form),
        )
        return facts, text_value(node, self._typed) if tag in ("input", "textarea") else ""

    @staticmethod
    def _type(node: LexborNode) -> str:
        if node.tag == "input":
            return input_type(node)
        kind = (node.attributes.get("type") or "").lower()
        return (kind if kind in ("button", "reset") else "submit") if node.tag == "button" else ""

    def _absolute(self, address: str) -> str:
        try:
            return ada_url.URL(address, base=self._tab.url).href
        except ValueError:
            return address

    def _action(self, form: LexborNode | None, submitter: LexborNode | None) -> str:
        if form is None:
            return ""
        override = submitter.attributes.get("formaction") if submitter is not None else None
        return self._absolute(override or form.attributes.get("action") or "")

    def _implicit(self, form: LexborNode) -> Implicit:
        controls = form_controls(form, self._tree)
        button = next((control for control in controls if is_submit(control)), None)
        fields = sum(control.tag == "input" and input_type(control) in TEXT_TYPES for control in controls)
        if button is None:
            return Implicit(None, False, fields)
        id = next((i for i, element in enumerate(self._elements, 1) if element.mem_id == button.mem_id), None)
        return Implicit(id, is_disabled(button), fields)
