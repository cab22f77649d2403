"""What an oracle sees: the observation text and nothing else.

An oracle is a generator ``solve(screen)``: it yields action texts, and ``screen`` shows the newest observation whenever
it goes on. It reads ids, names and values off the page as a policy would, so a changed fact changes its answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TypeVar

from ...observed import Element, ObservedPage, parse_elements, parse_observation, quote

Oracle = Callable[["Screen"], Iterator[str]]
T = TypeVar("T")
Steps = Generator[str, None, None]
Finding = Generator[str, None, T]  # steps that lead to something: ``orders = yield from read_orders(screen)``
Reading = Finding[list[str]]


class OracleError(LookupError):
    """The page does not show what the oracle looks for."""


class Screen:
    """The newest observation, and the parts of its page that were seen before it by scrolling: their ids stay usable.

    ``update`` is called by whoever runs the oracle.
    """

    def __init__(self) -> None:
        self._page: ObservedPage = parse_observation("")
        self._seen: dict[int, ObservedPage] = {}

    def update(self, observation: str) -> None:
        page = parse_observation(observation)
        if page.part == 1 or page.url != self._page.url:  # a page that opens shows its first part
            self._seen.clear()
        self._page = self._seen[page.part] = page

    @property
    def intent(self) -> str:
        return self._page.goal

    @property
    def url(self) -> str:
        return self._page.url

    @property
    def tabs(self) -> int:
        """How many tabs are open."""
        return self._page.tabs

    @property
    def error(self) -> str:
        return self._page.error

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the parts of this page that were seen."""
        return [line for page in self._seen.values() for line in page.lines]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def elements(self) -> Sequence[Element]:
        """The elements on ``lines``, in which ``Element.line`` counts."""
        return elements_of(self.lines)

    def all(self, role: str, pattern: str = "") -> list[Element]:
        """Elements of a role whose name matches the pattern somewhere, in any case."""
        return [e for e in self.elements if e.role == role and re.search(pattern, e.name, re.I)]

    def one(self, role: str, name: str) -> Element:
        """The first element of this role and exactly this name, else the first whose name contains it in any case.

        Raises:
            OracleError: there is none in the parts of the page that were seen.
        """
        named = [e for e in self.elements if e.role == role]
        for element in named:
            if element.name == name:
                return element
        for element in named:
            if name.lower() in element.name.lower():
                return element
        raise OracleError(f"no {role} {name!r} on {self.url}; there are {[e.name for e in named][:40]}")

    def has(self, role: str, name: str) -> bool:
        return any(e.role == role and name.lower() in e.name.lower() for e in self.elements)

    def click(self, role: str, name: str) -> str:
        """The action that clicks an element found by ``one``."""
        return f"click({self.one(role, name).id})"

    def fill(self, role: str, name: str, text: str, *, enter: bool = False) -> str:
        return f"fill({self.one(role, name).id}, {quote(text)}{', enter=True' if enter else ''})"

    def select(self, name: str, option: str) -> str:
        return f"select({self.one('combobox', name).id}, {quote(option)})"

    def find(self, pattern: str) -> re.Match[str]:
        """The first place in the text that matches.

        Raises:
            OracleError: there is none.
        """
        match = re.search(pattern, self.text)
        if match is None:
            raise OracleError(f"nothing on {self.url} matches {pattern!r}")
        return match

    def find_in_intent(self, pattern: str) -> str:
        """The first group of the first match in the intent.

        Raises:
            OracleError: there is none.
        """
        return self.parts_of_intent(pattern)[0]

    def parts_of_intent(self, pattern: str) -> tuple[str, ...]:
        """All groups of the first match in the intent.

        Raises:
            OracleError: there is none.
        """
        match = re.search(pattern, self.intent)
        if match is None:
            raise OracleError(f"nothing in the intent matches {pattern!r}")
        return match.groups()

    def keyed(self, *values: object) -> dict[str, object]:
        """The values under the keys that the intent asks for, in its order.

        Raises:
            OracleError: it asks for another number of keys, or for none.
        """
        keys = re.findall(r'"(\w+)"', self.find_in_intent(r"with keys (.+)"))
        if len(keys) != len(values):
            raise OracleError(f"the intent asks for the keys {keys}, there are {len(values)} values")
        return dict(zip(keys, values, strict=True))

    def seek(self, role: str, name: str) -> Finding[Element]:
        """``one``, scrolling down until the element shows.

        Raises:
            OracleError: it is nowhere on the page.
        """
        while not self.has(role, name) and self._page.part < self._page.parts:
            yield 'scroll("down")'
        return self.one(role, name)

    def follow(self, role: str, name: str) -> Steps:
        """Click the element that ``seek`` finds."""
        element = yield from self.seek(role, name)
        yield click(element)

    def return_to(self, url: str) -> Steps:
        """Show a page that was open before: by going back where it is the last but one, else by its address.

        Raises:
            OracleError: it does not open any more.
        """
        if self.url != url:
            yield "back()"
        if self.url != url:
            yield goto(url)
        if self.url != url:
            raise OracleError(f"{url} does not open: {self.error or self.url}")

    def read_all(self) -> Reading:
        """Scroll to the end; returns the lines of the whole page."""
        while self._page.part < self._page.parts:
            yield 'scroll("down")'
        return list(self.lines)


def cells(line: str) -> list[str]:
    """The cells of a table row's line."""
    return [cell.strip() for cell in f" {line} ".split(" | ")]


def table_rows(lines: Sequence[str]) -> list[list[str]]:
    """The rows of all tables on these lines, cell by cell."""
    return [cells(line) for line in lines if " |" in line]


def elements_of(lines: Sequence[str]) -> list[Element]:
    """The elements on these lines; ``Element.line`` counts in the list."""
    return [element for number, line in enumerate(lines) for element in parse_elements(line, number)]


def first(found: Iterable[T], wanted: str) -> T:
    """The first one.

    Raises:
        OracleError: there is none; says that ``wanted`` is missing.
    """
    for one in found:
        return one
    raise OracleError(f"there is no {wanted}")


def click(element: Element) -> str:
    return f"click({element.id})"


def goto(url: str) -> str:
    return f"goto({quote(url)})"


def stop(answer: str = "") -> str:
    return f"stop({quote(answer)})"


def stop_with(values: Sequence[object]) -> str:
    """Stop with a list in JSON."""
    return stop(json.dumps(values, ensure_ascii=False))
