"""Page checks' locators without a browser: a parser for the closed grammar of JavaScript that the official tasks use.

::

    expression = term ("+" term)*
    term       = "(" expression ")" | chain ("||" (chain | string))*  | string
    chain      = ("document" | name) step*
    step       = ("." | "?.") property | "[" number "]"
    spread     = "[..." chain "]" ".map(" name " => " term ")" ".join(" string ")"

with the methods and properties in ``_METHODS`` and ``_PROPERTIES``. Nothing else parses, and no text is ever executed. What
a script in the page would give is given here: ``str()`` of the value as Playwright hands it over ("None" for null), and an
empty text where the script would throw.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from .dom import UNDEFINED, Document, JavaScriptError, get_property, query, query_all

_METHODS = frozenset({"querySelector", "querySelectorAll", "getAttribute", "toString"})
_PROPERTIES = frozenset(
    {"outerText", "textContent", "value", "checked", "selectedIndex", "lastElementChild", "lastChild"}
)
_TOKEN = re.compile(
    r"""\s*(?: (?P<string>'(?:[^'\\\n])*'|"(?:[^"\\\n])*") | (?P<number>\d+) | (?P<name>[A-Za-z_]\w*)
    | (?P<sign>\.\.\.|\?\.|\|\||=>|[.()\[\]+,]) )""",
    re.VERBOSE,
)


class LocatorError(ValueError):
    """The locator is outside the grammar."""


# What a locator's expression computes from a document and the name that `map` binds.
Compute = Callable[[Document, Any], Any]


@dataclass(frozen=True, slots=True)
class Locator:
    """A parsed locator; ``source`` is its text."""

    source: str
    compute: Compute

    def read(self, document: Document) -> str:
        """The text that the locator finds in the document; empty where it finds nothing."""
        try:
            value = self.compute(document, UNDEFINED)
        except JavaScriptError:
            return ""
        return "None" if value is None or value is UNDEFINED else str(value)


def parse_locator(source: str) -> Locator:
    """Parse ``document...`` or ``[...document...``.

    Raises:
        LocatorError: the text is not in the grammar.
    """
    if not source.startswith(("document.", "[...document.")):
        raise LocatorError(f"locator {source!r}: it must begin with document. or [...document.")
    parser = _Parser(source)
    compute = parser.expression()
    parser.expect_end()
    return Locator(source, compute)


class _Token(NamedTuple):
    kind: str
    text: str


class _Parser:
    def __init__(self, source: str) -> None:
        self._source, self._tokens, self._next = source, _tokens(source), 0
        self._bound: str | None = None

    def expression(self) -> Compute:
        terms = [self.term()]
        while self._accept("+"):
            terms.append(self.term())
        return terms[0] if len(terms) == 1 else lambda document, bound: _concat([t(document, bound) for t in terms])

    def term(self) -> Compute:
        if self._accept("("):
            inner = self.expression()
            alternatives = [inner]
            while self._accept("||"):
                alternatives.append(self._operand())
            self._expect(")")
            return _first_true(alternatives)
        alternatives = [self._operand()]
        while self._accept("||"):
            alternatives.append(self._operand())
        return _first_true(alternatives)

    def _operand(self) -> Compute:
        token = self._peek()
        if token.kind == "string":
            self._next += 1
            return lambda document, bound: token.text[1:-1]
        if token.text == "[":
            return self._spread()
        return self._chain()

    def _spread(self) -> Compute:
        self._expect("[")
        self._expect("...")
        elements = self._chain()
        for sign in ("]", ".", "map", "("):
            self._expect(sign)
        self._bound = self._take("name").text
        self._expect("=>")
        item = self.term()
        self._bound = None
        for sign in (")", ".", "join", "("):
            self._expect(sign)
        separator = self._take("string").text[1:-1]
        self._expect(")")

        def compute(document: Document, bound: Any) -> Any:
            return separator.join(
                _joined(item(document, element)) for element in _spread_list(elements(document, bound))
            )

        return compute

    def _chain(self) -> Compute:
        name = self._take("name").text
        if name == "document":
            compute: Compute = lambda document, bound: document  # noqa: E731
        elif name == self._bound:
            compute = lambda document, bound: bound  # noqa: E731
        else:
            raise self._error(f"unknown name {name!r}")
        steps: list[Callable[[Any], Any]] = []
        while (sign := self._peek().text) in (".", "?.", "["):
            self._next += 1
            if sign == "[":
                steps.append(_index(int(self._take("number").text)))
                self._expect("]")
            else:
                steps.append(self._step(optional=sign == "?."))

        def walk(document: Document, bound: Any) -> Any:
            value = compute(document, bound)
            for step in steps:
                value = step(value)
                if value is _SHORT_CIRCUIT:
                    return UNDEFINED
            return value

        return walk

    def _step(self, *, optional: bool) -> Callable[[Any], Any]:
        name = self._take("name").text
        if name in _PROPERTIES:
            step: Callable[[Any], Any] = lambda value: get_property(value, name)  # noqa: E731
        elif name in _METHODS:
            self._expect("(")
            argument = "" if name == "toString" else self._take("string").text[1:-1]
            self._expect(")")
            step = _method(name, argument)
        else:
            raise self._error(f"unknown property {name!r}")
        if not optional:
            return step
        return lambda value: _SHORT_CIRCUIT if value is None or value is UNDEFINED else step(value)

    def expect_end(self) -> None:
        if self._peek().kind != "end":
            raise self._error(f"unexpected {self._peek().text!r}")

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _accept(self, text: str) -> bool:
        if self._peek().kind == "sign" and self._peek().text == text:
            self._next += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if self._peek().text != text or self._peek().kind not in ("sign", "name"):
            raise self._error(f"{text!r} wanted, not {self._peek().text!r}")
        self._next += 1

    def _take(self, kind: str) -> _Token:
        token = self._peek()
        if token.kind != kind:
            raise self._error(f"a {kind} wanted, not {token.text!r}")
        self._next += 1
        return token

    def _error(self, reason: str) -> LocatorError:
        return LocatorError(f"locator {self._source!r}: {reason}")


_SHORT_CIRCUIT = object()


def _tokens(source: str) -> list[_Token]:
    tokens, position = [], 0
    source = source.rstrip()
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None or match.lastgroup is None:
            raise LocatorError(f"locator {source!r}: unexpected character {source[position]!r}")
        tokens.append(_Token(match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return [*tokens, _Token("end", "")]


def _method(name: str, argument: str) -> Callable[[Any], Any]:
    match name:
        case "querySelector":
            return lambda value: query(value, argument)
        case "querySelectorAll":
            return lambda value: query_all(value, argument)
        case "getAttribute":
            return lambda value: get_property(value, "getAttribute", argument)
        case _:
            return _to_string


def _index(position: int) -> Callable[[Any], Any]:
    def step(value: Any) -> Any:
        if not isinstance(value, list):
            raise JavaScriptError("only a list can be indexed")
        return value[position] if position < len(value) else UNDEFINED

    return step


def _to_string(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int):
        raise JavaScriptError(f"toString() of {value!r}")
    return str(value)


def _first_true(alternatives: list[Compute]) -> Compute:
    if len(alternatives) == 1:
        return alternatives[0]

    def compute(document: Document, bound: Any) -> Any:
        value: Any = UNDEFINED
        for alternative in alternatives:
            value = alternative(document, bound)
            if value is not UNDEFINED and value:
                break
        return value

    return compute


def _concat(values: list[Any]) -> str:
    words = {None: "null", True: "true", False: "false"}
    return "".join("undefined" if v is UNDEFINED else words[v] if v is None or v is True or v is False else str(v)
                   for v in values)  # fmt: skip


def _spread_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise JavaScriptError("only a list can be spread")
    return value


def _joined(value: Any) -> str:
    return "" if value is None or value is UNDEFINED else _concat([value])
