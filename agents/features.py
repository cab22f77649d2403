"""Numbers about every candidate of a page, so that a small network can compare them: ``StateFeatures``.

What generalises are overlaps: which words of the candidate, and of what stands around it, the goal speaks of. Words
themselves come as hashed ids, those that name the goal's entities replaced by one id, so that a name once seen is worth
no more than any other.
"""

from __future__ import annotations

import functools
import re
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from webarena_gym.observed import ObservedPage

from .candidates import KINDS, Candidate, ReadPage, read_page
from .goal_text import Goal, content_words, read_goal, words_of
from .history import Event, events_of, parsed_page
from .trajectory import State

VOCABULARY = 1 << 13
_KEYS = 1 << 18
_GOAL_WORD, _NUMBER, _RESERVED = 1, 2, 16  # id 0 is padding
_SOURCES = (
    "quoted",
    "email",
    "number",
    "capitalised",
    "cue",
    "option",
    "price",
    "date",
    "cell",
    "labelled",
    "heading",
    "name",
)
_ROLES = ("link", "button", "tab", "textbox", "searchbox", "spinbutton", "combobox", "checkbox", "radio", "listbox")
_STATES = ("checked", "selected", "current", "required", "readonly", "pressed")

PAGE_FEATURES = 21  # per candidate, from the page
HISTORY_FEATURES = 8  # per candidate, from what was done before
DENSE_FEATURES = len(KINDS) + len(_SOURCES) + len(_ROLES) + len(_STATES) + PAGE_FEATURES + HISTORY_FEATURES
STATE_FEATURES = 17


class Bags(NamedTuple):
    """A list of word ids per row, as one flat list and where each row starts in it."""

    ids: np.ndarray
    starts: np.ndarray


class StateFeatures(NamedTuple):
    """What a network sees of one state with N candidates."""

    actions: tuple[str, ...]
    """(N,) action texts."""
    page_dense: np.ndarray
    """(N, DENSE_FEATURES - HISTORY_FEATURES) float16, about 0 to 1; shared between states that show the same page."""
    history_dense: np.ndarray
    """(N, HISTORY_FEATURES) float16, likewise."""
    names: Bags
    """(N,) words of what each candidate acts on."""
    around: Bags
    """(N,) words that stand around it."""
    prior: np.ndarray
    """(N,) float32: log-probabilities of the policy before any training."""
    state: np.ndarray
    """(STATE_FEATURES,) float32."""
    goal: np.ndarray
    """Word ids of the goal, entity words left out."""
    page: np.ndarray
    """Word ids of the address and the headings."""
    last: np.ndarray
    """Word ids of the last two actions."""

    @property
    def dense(self) -> np.ndarray:
        """(N, DENSE_FEATURES) float32."""
        return np.concatenate([self.page_dense, self.history_dense], axis=1, dtype=np.float32)


@functools.lru_cache(maxsize=200_000)
def word_id(word: str) -> int:
    """A word's id, the same in every process."""
    if word.isdecimal():
        return _NUMBER
    return _RESERVED + zlib.crc32(word.encode()) % (VOCABULARY - _RESERVED)


@functools.lru_cache(maxsize=200_000)
def _key(word: str) -> int:
    """Like ``word_id``, but numbers keep apart: for overlaps, not for learning."""
    return zlib.crc32(word.encode()) % _KEYS


@functools.lru_cache(maxsize=100_000)
def _ids(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Of a text's words: ids to learn from, and keys to compare."""
    words = words_of(text)
    return (
        np.array([word_id(w) for w in words], dtype=np.int32),
        np.array([_key(w) for w in words], dtype=np.int32),
    )


def url_words(url: str) -> str:
    """The shape of an address as text: its path's words, numbers left out, and the names of its query.

    >>> url_words("http://shop.test/sales/order/view/order_id/170/?p=2#top")
    'sales order view order_id p'
    """
    path, _, query = url.split("#")[0].partition("?")
    parts = [part for part in path.split("/")[3:] if part and not part.isdecimal()]
    parts = [part if part.count("-") < 3 else "slug" for part in parts]
    names = [pair.split("=")[0] for pair in query.split("&") if pair]
    return " ".join([*parts, *names]) or "home"


class _StaticPage(NamedTuple):
    """All that does not depend on history; shared by states that show the same page under the same goal."""

    read: ReadPage
    actions: tuple[str, ...]
    dense: np.ndarray
    names: Bags
    around: Bags
    prior: np.ndarray
    state: np.ndarray
    goal_ids: np.ndarray
    page_ids: np.ndarray


class Featurizer:
    """States to features, with a cache of the pages seen last.

    Args:
        max_candidates: Actions considered on one page.
        cache_states: States whose features are kept, about 40 kB each; of whole pages, a quarter as many.
    """

    def __init__(self, *, max_candidates: int = 256, cache_states: int = 8192) -> None:
        self._max_candidates, self._cache_states = max_candidates, cache_states
        self._pages: OrderedDict[str, _StaticPage] = OrderedDict()
        self._states: OrderedDict[State, StateFeatures] = OrderedDict()

    def __call__(self, state: State) -> StateFeatures:
        found = self._states.get(state)
        if found is None:
            found = self._states[state] = self._featurize(state)
            if len(self._states) > self._cache_states:
                self._states.popitem(last=False)
        return found

    def _featurize(self, state: State) -> StateFeatures:
        page = parsed_page(state.observation)
        static = self._static(state.observation, page)
        events = events_of(state)
        history = _history_features(static.read.candidates, page, events)
        prior = static.prior - 3.0 * history[:, 0] - 1.5 * history[:, 1] - 1.5 * history[:, 4]
        numbers = static.state.copy()
        numbers[:8] = _progress_features(page, events, state)
        last = np.concatenate([_ids(f"{e.kind} {e.name}")[0] for e in events[-2:]] or [np.zeros(0, np.int32)])
        return StateFeatures(
            actions=static.actions,
            page_dense=static.dense,
            history_dense=history.astype(np.float16),
            names=static.names,
            around=static.around,
            prior=prior - np.logaddexp.reduce(prior),
            state=numbers,
            goal=static.goal_ids,
            page=static.page_ids,
            last=last,
        )

    def _static(self, observation: str, page: ObservedPage) -> _StaticPage:
        step = f"step {page.step}/{page.max_steps}\n"
        key = observation.replace(step, "step 0\n" if page.step == 0 else "step\n", 1)
        found = self._pages.get(key)
        if found is None:
            found = self._pages[key] = self._read(page)
            if len(self._pages) > max(1, self._cache_states // 4):
                self._pages.popitem(last=False)
        return found

    def _read(self, page: ObservedPage) -> _StaticPage:
        goal = read_goal(page.goal)
        read = read_page(page, goal, max_candidates=self._max_candidates)
        name_ids, name_keys = _bags([(c.name,) for c in read.candidates])
        around_ids, around_keys = _bags(_contexts(read))
        overlap = _Overlap(goal)
        dense = np.zeros((len(read.candidates), DENSE_FEATURES - HISTORY_FEATURES), dtype=np.float32)
        start = _one_hots(dense, read.candidates)
        about = _page_features(read, goal, overlap, name_keys, around_keys)
        dense[:, start:] = about
        name_ids = Bags(np.where(overlap.of_entities(name_keys.ids), _GOAL_WORD, name_ids.ids), name_ids.starts)
        around_ids = Bags(np.where(overlap.of_entities(around_keys.ids), _GOAL_WORD, around_ids.ids), around_ids.starts)
        headings = " ".join(line.lstrip("# ") for line in read.plain if line.startswith("#"))[:400]
        plain_words = [w for w in goal.words if w not in goal.entity_words]
        numbers = np.zeros(STATE_FEATURES, dtype=np.float32)
        numbers[8:] = _whole_page_features(read, goal, headings)
        return _StaticPage(
            read,
            tuple(candidate.text for candidate in read.candidates),
            dense.astype(np.float16),
            name_ids,
            around_ids,
            _prior(read, goal, about, float(numbers[9])),
            numbers,
            np.array([word_id(w) for w in plain_words] or [_NUMBER], dtype=np.int32),
            np.concatenate([_ids(url_words(page.url))[0], _delexicalised(headings, goal)]),
        )


def _delexicalised(text: str, goal: Goal) -> np.ndarray:
    named = set(goal.entity_words)
    return np.array([_GOAL_WORD if w in named else word_id(w) for w in words_of(text)], dtype=np.int32)


def _bags(texts: Sequence[tuple[str, ...]]) -> tuple[Bags, Bags]:
    """For each row its texts' words: ids to learn from, and keys to compare."""
    pairs = [[_ids(text) for text in row if text] for row in texts]
    lengths = np.array([sum(len(ids) for ids, _ in row) for row in pairs], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    none = np.zeros(0, dtype=np.int32)
    ids = np.concatenate([none, *(ids for row in pairs for ids, _ in row)])
    keys = np.concatenate([none, *(keys for row in pairs for _, keys in row)])
    return Bags(ids, starts), Bags(keys, starts)


def _contexts(read: ReadPage) -> list[tuple[str, ...]]:
    """For each candidate the texts that stand around it: its label, its line with the two before, and the heading above."""
    headings: list[str] = []
    heading = ""
    for line in read.plain:
        if line.startswith("#"):
            heading = line
        headings.append(heading)
    texts: list[tuple[str, ...]] = []
    for candidate in read.candidates:
        line = candidate.line
        if candidate.kind == "fill" or line < 0:
            texts.append((candidate.label,))
        else:
            near = (text for text in read.plain[max(0, line - 2) : line + 1] if not text.startswith("#"))
            texts.append((candidate.label, *near, headings[line]))
    return texts


class _Overlap:
    """The goal's words as sets of keys, to be looked up many at a time."""

    _TABLE = np.zeros(_KEYS, dtype=bool)  # all False between calls

    def __init__(self, goal: Goal) -> None:
        self._goal = _keys(goal.words)
        self._entities = _keys(goal.entity_words)
        self._spans = [_keys(words) for words in (content_words(span.text) for span in goal.spans) if words]

    def of_entities(self, keys: np.ndarray) -> np.ndarray:
        """Which keys are words of the goal's entities, bool."""
        return self._are(keys, self._entities)

    def shares(self, keys: Bags, rows: int) -> np.ndarray:
        """(rows, 4): share of a row's words that the goal has; of the goal's, of its entities', of the best span's that it has."""
        lengths = np.diff(np.append(keys.starts, len(keys.ids)))
        row_of = np.repeat(np.arange(rows), lengths)

        def hits(wanted: np.ndarray) -> np.ndarray:
            return np.bincount(row_of[self._are(keys.ids, wanted)], minlength=rows)

        in_goal = hits(self._goal)
        best = np.zeros(rows)
        for span in self._spans:
            best = np.maximum(best, hits(span) / len(span))
        of_entities = hits(self._entities) / max(len(self._entities), 1)
        return np.stack(
            [in_goal / np.maximum(lengths, 1), in_goal / max(len(self._goal), 1), of_entities, best], axis=1
        )

    def _are(self, keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        self._TABLE[wanted] = True
        found = self._TABLE[keys]
        self._TABLE[wanted] = False
        return found


def _keys(words: Sequence[str]) -> np.ndarray:
    return np.array([_key(word) for word in words], dtype=np.int32)


def _one_hots(dense: np.ndarray, candidates: Sequence[Candidate]) -> int:
    kind_at, source_at = 0, len(KINDS)
    role_at = source_at + len(_SOURCES)
    state_at = role_at + len(_ROLES)
    for row, candidate in enumerate(candidates):
        dense[row, kind_at + KINDS.index(candidate.kind)] = 1.0
        if candidate.source in _SOURCES:
            dense[row, source_at + _SOURCES.index(candidate.source)] = 1.0
        element = candidate.element
        if element is not None:
            if element.role in _ROLES:
                dense[row, role_at + _ROLES.index(element.role)] = 1.0
            for name, _ in element.states:
                if name in _STATES:
                    dense[row, state_at + _STATES.index(name)] = 1.0
    return state_at + len(_STATES)


def _page_features(read: ReadPage, goal: Goal, overlap: _Overlap, name_keys: Bags, around_keys: Bags) -> np.ndarray:
    """(N, PAGE_FEATURES) float32: eight overlaps with the goal, then what ``_of_candidate`` lists, then the place among
    the candidates and how many have the same name."""
    candidates, goal_words = read.candidates, set(goal.words)
    rows = len(candidates)
    goal_text, line_share = goal.text.lower(), 1.0 / max(len(read.plain), 1)
    seen: dict[tuple[str, str], int] = {}
    listed = []
    for candidate in candidates:
        key = candidate.kind, candidate.name
        rank = seen.get(key, 0)
        seen[key] = rank + 1
        listed.append(_of_candidate(candidate, rank, goal, goal_text, goal_words, line_share))
    counts = np.array([seen[c.kind, c.name] for c in candidates])
    return np.concatenate(
        [
            overlap.shares(name_keys, rows),
            overlap.shares(around_keys, rows),
            np.array(listed),
            np.arange(rows)[:, None] / rows,
            np.minimum(counts, 10)[:, None] / 10,
        ],
        axis=1,
    ).astype(np.float32)


def _of_candidate(
    candidate: Candidate, rank: int, goal: Goal, goal_text: str, goal_words: set[str], line_share: float
) -> tuple[float, ...]:
    """Eleven numbers: named whole in the goal, place on the page, first of its name, rank among its namesakes, length of the
    name; of a fill: the goal names the field before the text, the field holds something, length of the text; of an
    answer: the goal holds it already, share of its label that the goal speaks of, it is of the kind that the goal asks."""
    lowered, element = candidate.name.lower(), candidate.element
    named = len(lowered) > 2 and lowered in goal_text
    label = words_of(candidate.label)
    cued = holds = long = repeated = asked = fitting = 0.0
    if candidate.kind == "fill" and element is not None:
        cued = float(not set(words_of(element.name)).isdisjoint(label))
        holds, long = float(bool(element.value)), min(len(words_of(candidate.argument)), 8) / 8
    elif candidate.kind == "stop_value":
        repeated = float(named)
        asked = len(goal_words.intersection(label)) / len(label) if label else 0.0
        fitting = float(candidate.source in goal.asked)
    line, length = candidate.line * line_share, min(len(lowered), 60) / 60
    return (named, line, rank == 0, min(rank, 8) / 8, length, cued, holds, long, repeated, asked, fitting)


_GROUPS = {"click": 0.58, "fill": 0.14, "select": 0.06, "check": 0.06, "uncheck": 0.01, "scroll": 0.03, "back": 0.01,
           "focus_tab": 0.02, "stop": 0.03, "stop_value": 0.06}  # fmt: skip


def _prior(read: ReadPage, goal: Goal, about: np.ndarray, title_share: float) -> np.ndarray:
    """(N,) log-probabilities up to a constant: each kind its share, within it more for what the goal speaks of.

    Ending the episode is likelier where the page's title is what the goal speaks of, with a value if the goal asks.
    """
    in_goal, of_entities, of_span, near_span, named = about[:, [0, 2, 3, 7, 8]].T
    cued, repeated, asked, fitting = about[:, [13, 16, 17, 18]].T
    named_in_goal = 1.5 * in_goal + 2.0 * of_entities + 2.0 * of_span + named
    # A question holds what to look for, not what to answer.
    value = np.array([c.kind == "stop_value" for c in read.candidates])
    liking = np.where(value, -0.5 * named_in_goal - 3.0 * repeated, named_in_goal)
    liking += near_span + 1.5 * cued + 2.0 * asked + 2.0 * fitting
    ending = (1.0 + 4.0 * title_share) * (0.2 if read.page.step == 0 else 1.0)
    prior = np.zeros(len(read.candidates), dtype=np.float32)
    kinds = np.array([KINDS.index(c.kind) for c in read.candidates])
    for index, kind in enumerate(KINDS):
        rows = kinds == index
        if rows.any():
            share = _GROUPS[kind]
            if kind.startswith("stop"):
                share *= ending * (2.0 if goal.question == (kind == "stop_value") else 0.5)
            prior[rows] = liking[rows] - np.logaddexp.reduce(liking[rows]) + np.log(share)
    return prior


def _history_features(candidates: Sequence[Candidate], page: ObservedPage, events: Sequence[Event]) -> np.ndarray:
    features = np.zeros((len(candidates), HISTORY_FEATURES), dtype=np.float32)
    if not events:
        return features
    here = [event for event in events if event.url == page.url]
    done_here: dict[str, int] = {}
    for event in here:
        done_here[event.action] = done_here.get(event.action, 0) + 1
    fruitless = {event.action for event in here if not event.changed}
    named: dict[tuple[str, str], int] = {}
    for event in events:
        named[event.kind, event.name] = named.get((event.kind, event.name), 0) + 1
    typed = {event.argument for event in events if event.kind in ("fill", "select")}
    touched = {event.name for event in here if event.kind in ("fill", "select", "check")}
    last = events[-1]
    for row, candidate in enumerate(candidates):
        count = done_here.get(candidate.text, 0)
        features[row, 0] = candidate.text in fruitless
        features[row, 1] = min(count, 3) / 3
        features[row, 2] = min(named.get((candidate.kind, candidate.name), 0), 3) / 3
        features[row, 3] = candidate.text == last.action
        if candidate.argument and candidate.kind in ("fill", "select"):
            features[row, 4] = candidate.argument in typed
            features[row, 5] = candidate.element is not None and candidate.element.name in touched
        features[row, 6] = (
            candidate.kind == "click" and last.kind in ("fill", "select", "check") and last.url == page.url
        )
    features[:, 7] = len(here) > 0
    return features


def _progress_features(page: ObservedPage, events: Sequence[Event], state: State) -> np.ndarray:
    urls = {event.url for event in events}
    return np.array(
        [
            page.step / max(page.max_steps, 1),
            min(page.step, 10) / 10,
            bool(page.error),
            bool(events) and not events[-1].changed,
            page.url in urls,
            min(len(urls), 10) / 10,
            bool(events) and events[-1].url != page.url,
            min(sum(e.kind in ("fill", "select", "check") for e in events), 6) / 6,
        ],
        dtype=np.float32,
    )


def _whole_page_features(read: ReadPage, goal: Goal, headings: str) -> np.ndarray:
    page = read.page
    wanted = set(goal.entity_words)
    share = max(len(wanted), 1)
    spans = [set(content_words(span.text)) for span in goal.spans]
    title = set(words_of(headings)) | set(words_of(re.sub(r"[-_/.=&?]", " ", page.url)))
    best = max((len(s & title) / len(s) for s in spans if s), default=0.0)
    text = set().union(*(words_of(line) for line in read.plain)) if read.plain else set()
    values = {element.value.casefold() for element in page.elements if element.value}
    placed = sum(span.text.casefold() in values for span in goal.spans)
    return np.array(
        [
            len(wanted & title) / share,
            best,
            len(wanted & text) / share,
            min(placed, 4) / 4,
            page.parts > 1,
            page.part / page.parts,
            len(read.candidates) / 256,
            page.tabs > 1,
            goal.question,
        ],
        dtype=np.float32,
    )
