"""The attacks of ``webarena-gym bench adversarial``: each yields tries on a task, all of which are wrong on purpose.

A try is a place to stand on, reached by actions of a policy, and an answer given there. Many answers are judged in one place
without playing the episode again: judging changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from webarena_gym.actions import Stop, parse_action
from webarena_gym.env import WebArenaEnv
from webarena_gym.errors import InfraError
from webarena_gym.evaluators import build_evaluator
from webarena_gym.observation import render_lines
from webarena_gym.observed import Element, parse_elements, parse_observation, quote
from webarena_gym.sites.registry import BASE_URLS, PLACEHOLDERS
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import Oracle, Screen, load_oracles
from webarena_gym.tasks.schema import Task
from webarena_gym.types import Outcome, SeenPage

UNIVERSAL = (
    "",
    "done",
    "N/A",
    "none",
    "Yes",
    "No",
    "yes and no",
    "0",
    "1",
    "2",
    "all of them",
    "I could not find it",
    "true",
    "*",
)
_SLICE = 40  # words: within the length that hardened scoring allows
_MOST_SLICES = 60
_MOST_CLICKS = 25
# A task of each site whose solution changes something, and another for where it is the one attacked.
_ERRANDS = {"shopping": (109, 121), "shopping_admin": (107, 113), "reddit": (98, 97), "gitlab": (105, 111)}
_ADDRESSES = {PLACEHOLDERS[name]: url for name, url in BASE_URLS.items()}


@dataclass(frozen=True, slots=True)
class Try:
    """An answer given in a place: ``what`` says it in a few words."""

    task: Task
    outcome: Outcome
    answer: str
    what: str

    def scores(self, scoring: str) -> bool:
        evaluator = build_evaluator(self.task, scoring=scoring, base_urls=_ADDRESSES)
        return evaluator.evaluate(replace(self.outcome, answer=self.answer)).success


class Place:
    """Where a policy stands in a running episode, what it has seen, and what its solution would answer."""

    def __init__(self, env: WebArenaEnv, observation: str) -> None:
        self._env = env
        self.observation = observation
        self._seen: dict[SeenPage, None] = {}
        self.answer = ""
        self._note()

    def _note(self) -> None:
        self._seen[SeenPage(self.url, self.text)] = None

    @property
    def url(self) -> str:
        return self._env.engine.page().url

    @property
    def text(self) -> str:
        """The whole page that shows."""
        return "\n".join(render_lines(self._env.engine.page().nodes))

    @property
    def pages(self) -> list[str]:
        """Every page that was shown."""
        return [page.text for page in self._seen]

    def act(self, action: str) -> None:
        """
        Raises:
            InfraError: something under the episode failed.
        """
        self.observation, *_, info = self._env.step(action)
        if info["infra_error"]:
            raise InfraError(info["infra_error"])
        self._note()

    def follow(self, oracle: Oracle, intent: str | None = None) -> bool:
        """Go the way of ``oracle`` up to its stop, as if asked ``intent``; False if it finds no way."""
        screen = Screen() if intent is None else _Asked(intent)
        screen.update(self.observation)
        steps = oracle(screen)
        while True:
            try:
                action = parse_action(text := next(steps))
            except (StopIteration, LookupError, ValueError, RuntimeError):  # on pages that it was not written for
                return False
            if isinstance(action, Stop):
                self.answer = action.answer
                return True
            self.act(text)
            screen.update(self.observation)

    def trace(self) -> Counter[tuple[str, str, str, frozenset[str]]]:
        """The kinds of rows that differ from those of the start, and how many of each."""
        return Counter((one.site, one.table, one.kind, one.columns) for one in self._env.world.changes())

    def attempt(self, answer: str, what: str) -> Try:
        env = self._env
        outcome = Outcome(None, env.engine.document(), env.engine.client(), (), env.world.changes, tuple(self._seen))
        return Try(env.task, outcome, answer, what)


class _Asked(Screen):
    """A screen that says another goal than the page does."""

    def __init__(self, intent: str) -> None:
        super().__init__()
        self._intent = intent

    @property
    def intent(self) -> str:
        return self._intent


class Field:
    """The tasks to attack, with their solutions, in one env."""

    def __init__(self, env: WebArenaEnv) -> None:
        self._env, self._oracles = env, load_oracles()
        self._tasks = {int(task.task_id): task for task in load_official_tasks(_ADDRESSES)}

    @property
    def task_ids(self) -> list[int]:
        """Those of the env that have a scripted solution."""
        return [task_id for task_id in map(int, self._env.task_ids) if task_id in self._oracles.solutions]

    def begin(self, task_id: int) -> Place:
        observation, _ = self._env.reset(options={"task_id": task_id})
        return Place(self._env, observation)

    def solved(self, task_id: int) -> Place:
        """Where the solution ends, before its stop."""
        place = self.begin(task_id)
        place.follow(self._oracles.solutions[task_id])
        return place

    def solution(self, task_id: int) -> Oracle:
        return self._oracles.solutions[task_id]

    def near_misses(self) -> Mapping[int, Oracle]:
        return self._oracles.near_misses

    def task(self, task_id: int) -> Task:
        return self._tasks[task_id]


def blurted(field: Field, task_id: int) -> Iterator[Try]:
    """Answers that need no look, where the episode starts; the question itself; all of them at once."""
    place = field.begin(task_id)
    for answer in (*UNIVERSAL, field.task(task_id).intent, " ".join(UNIVERSAL), " ".join(map(str, range(101)))):
        yield place.attempt(answer, f"the answer {answer[:40]!r} at once")


def dumped(field: Field, task_id: int) -> Iterator[Try]:
    """Whole pages as the answer: the first, the one with the answer on it, all of them, also behind the right answer."""
    place = field.begin(task_id)
    yield place.attempt(place.text, "the start page")
    place = field.solved(task_id)
    everything = "\n".join(place.pages)
    yield place.attempt(place.text, "the last page")
    yield place.attempt(everything, "all pages")
    yield place.attempt(f"{place.answer}\n{everything}", "the answer and all pages")


def enumerated(field: Field, task_id: int) -> Iterator[Try]:
    """Pieces of the last page, short enough for an answer: its words, its names and its numbers, slice by slice."""
    if not field.task(task_id).spec.strings:
        return
    place = field.solved(task_id)
    text = place.text
    names = [element.name for line in text.split("\n") for element in parse_elements(line) if element.name]
    numbers = re.findall(r"\$?\d[\d.,]*%?", re.sub(r"\[\d+\]", "", text))
    for kind, parts, size in (
        ("words", re.sub(r"\[\d+\] \w+ ", "", text).split(), _SLICE),
        ("names", names, 12),
        ("numbers", numbers, 20),
    ):
        starts = range(0, len(parts), size)
        for start in starts[:_MOST_SLICES]:
            answer = (
                " ".join(parts[start : start + size]) if kind == "words" else ", ".join(parts[start : start + size])
            )
            yield place.attempt(answer, f"{kind} {start} to {start + size} of the last page")


def edited(field: Field, task_id: int) -> Iterator[Try]:
    """Addresses that hold the right one and show something else: within a longer path, or narrowed until little is left."""
    if not field.task(task_id).spec.urls:
        return
    place = field.solved(task_id)
    end = place.url
    answer, right = place.answer, {place.text}
    references = [url for check in field.task(task_id).spec.urls for url in check.references]
    for reference in references:
        place = field.begin(task_id)
        place.act(f"goto({quote(reference)})")
        right.add(place.text)
    for reference in dict.fromkeys((*references, end)):
        for url in _edits(reference):
            place = field.begin(task_id)
            place.act(f"goto({quote(url)})")
            if place.text not in right:
                yield place.attempt(answer, url)


def _edits(reference: str) -> Iterator[str]:
    parts = urlsplit(reference)
    origin, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    yield f"{origin}/nowhere/{parts.netloc}{parts.path}{query}"
    yield f"{origin}{path}/nothing-here{query}"
    yield f"{origin}{path}xyz{query}"
    for narrowed in ("search=nothing+like+it", "name=nothing", "page=9", "p=9", "price=9000-9001"):
        yield f"{reference}{'&' if query else '?'}{narrowed}"


def flooded(field: Field, task_id: int) -> Iterator[Try]:
    """The wrong change and then the right one, and what the task asks for three times, where that leaves another trace."""
    solution, start = field.solution(task_id), field.task(task_id).start_urls[0]
    place = field.solved(task_id)
    once = place.trace()
    if not once:
        return
    if task_id in field.near_misses():
        place = field.begin(task_id)
        place.follow(field.near_misses()[task_id])
        place.act(f"goto({quote(start)})")
        place.follow(solution)
        if place.trace() != once:
            yield place.attempt(place.answer, "a near miss before the solution")
    place = field.solved(task_id)
    for _ in range(2):
        place.act(f"goto({quote(start)})")
        place.follow(solution)
    if place.trace() != once:
        yield place.attempt(place.answer, "the solution three times")


def everything(field: Field, task_id: int) -> Iterator[Try]:
    """Another change on the way: what another task asks for before the solution, and every button of a page."""
    task = field.task(task_id)
    for site in task.sites:
        errand = next((other for other in _ERRANDS.get(site, ()) if other != task_id), None)
        if errand is None:  # no task of that site changes it
            continue
        place = field.begin(task_id)
        place.act(f"goto({quote(field.task(errand).start_urls[0])})")
        place.follow(field.solution(errand), field.task(errand).intent)
        place.act(f"goto({quote(task.start_urls[0])})")
        place.follow(field.solution(task_id))
        yield place.attempt(place.answer, f"what task {errand} asks for before the solution")
    place = field.begin(task_id)
    press_all(place)
    yield place.attempt("", "every button of the start page")
    place = field.solved(task_id)
    answer, before = place.answer, place.trace()
    press_all(place)
    if place.trace() != before:
        yield place.attempt(answer, "every button of the last page after the solution")


def press_all(place: Place) -> None:
    """Fill every empty text field and click every button of the page, coming back to the page for each."""
    url = place.url
    for number in range(min(len(_buttons(place)), _MOST_CLICKS)):
        for element in parse_observation(place.observation).elements:
            if element.role in ("textbox", "searchbox") and not element.value and not element.is_("readonly"):
                place.act(f"fill({element.id}, {quote('everything')})")
        buttons = _buttons(place)
        if number < len(buttons):
            place.act(f"click({buttons[number].id})")
        if place.url != url:
            place.act(f"goto({quote(url)})")


def _buttons(place: Place) -> list[Element]:
    return [element for element in parse_observation(place.observation).elements if element.role == "button"]


ATTACKS: dict[str, Callable[[Field, int], Iterator[Try]]] = {
    "blurted": blurted,
    "dumped": dumped,
    "enumerated": enumerated,
    "edited": edited,
    "flooded": flooded,
    "everything": everything,
}
