"""What a goal's words offer: content words, words that name entities, and spans to type into fields or look for on pages.

Purely lexical: quoted spans, numbers, capitalised spans, and what follows cue words such as "for" or "named".
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

MAX_SPANS = 12

_WORD = re.compile(r"[^\W\d_]+|\d+")
_QUOTED = re.compile(r'"([^"]{1,200})"|“([^”]{1,200})”|(?<!\w)\'([^\']{1,200})\'(?!\w)')
_NUMBER = re.compile(r"[$€£]?\d[\d,]*(?:[./:-]\d+)*%?")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_CAPITALISED = re.compile(
    r"(?:\d[\w.-]*\s+)?[A-Z][\w'’&+.-]*"
    r"(?:(?:\s+(?:of|the|and|&|for|in|de|-|to|with)){0,2}\s+(?:[A-Z][\w'’&+.-]*|\d[\w.-]*))*"
)
_CUES = (
    "for|to|of|named|called|titled|about|from|in|on|with|by|as|is|say|says|saying|search|at|into|under|between|than|and|find|"
    "buy|add|open|using|reading|content|message|title|text|name|nickname|summary|comment|review|status|category"
)
_CUE_SPAN = re.compile(rf"\b({_CUES})\s+((?:(?!(?:{_CUES})\b)[^\s,.;:?!\"]+\s?){{1,8}})", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:(?:a|an|the|my|all)\s+)+", re.IGNORECASE)
_STOP_WORDS = frozenset(
    "a an the of to in on for and or with by from at is are was were be been it its this that my me i you your please can "
    "could would what which who whom how do does did all any there has have had s t as into not if than then them they".split()
)


class GoalSpan(NamedTuple):
    """A piece of the goal that can stand as an argument."""

    text: str
    source: str
    """quoted, email, number, capitalised or cue: how it was found."""
    cue: str
    """The few words before it, which tell the field it belongs to."""


@functools.lru_cache(maxsize=200_000)
def words_of(text: str) -> tuple[str, ...]:
    """The different words of a text in order: lower case, plural s dropped, runs of digits whole.

    >>> words_of("My Orders: 2 orders, #000170")
    ('my', 'order', '2', '000170')
    """
    found = _WORD.findall(text.lower())
    return tuple(dict.fromkeys(w[:-1] if len(w) > 3 and w[-1] == "s" and w[-2] != "s" else w for w in found))


def content_words(text: str) -> tuple[str, ...]:
    """``words_of`` without the words that say nothing."""
    return tuple(word for word in words_of(text) if word not in _STOP_WORDS)


_QUESTION = re.compile(
    r"\?|^(?:what|how|when|who|which|where|whose|tell|list|give|name|count|is|are|do|does|did|has|have)\b", re.I
)
# Which kind of value a goal asks for, by its words.
_ASKED = {
    "price": re.compile(
        r"\b(?:price[ds]?|costs?|dollars?|pay|paid|spen[dt]|total|amount|how much|worth|revenue|expens\w+)\b", re.I
    ),
    "date": re.compile(r"\b(?:when|dates?|day|month|year|since)\b", re.I),
    "number": re.compile(r"\b(?:how many|numbers?|count|quantity|rating|percent\w*|sku|zip|phone|id|top-\d+)\b", re.I),
    "email": re.compile(r"\be-?mails?\b", re.I),
}


class Goal(NamedTuple):
    """A goal, read once."""

    text: str
    words: tuple[str, ...]
    """Content words."""
    entity_words: tuple[str, ...]
    """Those of them that name something: from quotes, numbers, emails and capitalised spans."""
    spans: tuple[GoalSpan, ...]
    question: bool
    """It asks for an answer, as far as its first word and a question mark tell."""
    asked: frozenset[str]
    """Kinds of page value that it seems to ask for."""


@functools.lru_cache(maxsize=4096)
def read_goal(goal: str) -> Goal:
    """The words and spans of a goal, the likeliest arguments first.

    >>> goal = read_goal('Search for "usb hub" and add 2 of Acme Hub to my cart')
    >>> [span.text for span in goal.spans][:3]
    ['usb hub', '2', 'Acme Hub']
    >>> goal.entity_words
    ('usb', 'hub', '2', 'acme')
    """
    spans: dict[str, GoalSpan] = {}
    taken: list[tuple[int, int]] = []

    def offer(start: int, end: int, source: str) -> None:
        # What stands in quotes is meant to the letter, its full stop too.
        text = goal[start:end].strip() if source == "quoted" else goal[start:end].strip(" ,.;:?!'\"")
        if source == "cue":
            text = _ARTICLE.sub("", text)
        if text and text.casefold() not in spans and text.casefold() not in _STOP_WORDS:
            before = goal[:start].replace('"', " ").split()[-3:]
            spans[text.casefold()] = GoalSpan(text, source, " ".join(before))

    def free(start: int, end: int) -> bool:
        return all(end <= a or start >= b for a, b in taken)

    for match in _QUOTED.finditer(goal):
        group = next(i for i in (1, 2, 3) if match[i] is not None)
        offer(match.start(group), match.end(group), "quoted")
        taken.append(match.span())
    for pattern, source in ((_EMAIL, "email"), (_NUMBER, "number")):
        for match in pattern.finditer(goal):
            if free(*match.span()) and (source == "email" or not _inside_word(goal, match)):
                offer(*match.span(), source)
                if source == "email":
                    taken.append(match.span())
    for match in _CAPITALISED.finditer(goal):
        start, end = match.span()
        if start == 0:  # a sentence begins with a capital, whatever its first word
            first = re.match(r"\S+\s+", goal)
            start = first.end() if first and first.end() < end else end
        if start < end and free(start, end) and re.search(r"[A-Za-z]", goal[start:end]):
            offer(start, end, "capitalised")
    entities = tuple(dict.fromkeys(word for span in spans.values() for word in content_words(span.text)))
    for match in _CUE_SPAN.finditer(goal):
        if free(*match.span(2)):
            offer(*match.span(2), "cue")
    chosen = sorted(spans.values(), key=lambda s: ("quoted", "email", "number", "capitalised", "cue").index(s.source))
    asked = frozenset(kind for kind, pattern in _ASKED.items() if pattern.search(goal))
    return Goal(goal, content_words(goal), entities, tuple(chosen[:MAX_SPANS]), bool(_QUESTION.search(goal)), asked)


def _inside_word(goal: str, match: re.Match[str]) -> bool:
    before = goal[match.start() - 1 : match.start()]
    after = goal[match.end() : match.end() + 1]
    return before.isalpha() or after.isalpha()
