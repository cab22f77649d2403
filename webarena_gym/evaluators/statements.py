"""References in words: names, addresses, short statements and long quotes.

A short part (a name, "true to size") must be said within a few words and not denied. A long quote must be found nearly
word for word, with its numbers and with as many negations. Names that the question lists must come in the right order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .pairs import STATUSES
from .wording import NOT, Word, contents, fold, same_word, words

_SHORT = 6  # words that count; a longer part is a quote
_SLACK = 3  # other words that may stand among those of a short part
_QUOTE_COVERAGE = 0.8
_DENIAL_REACH = 3  # words between a negation and what it denies
# After a negation these deny what stands before it: "a refund is not needed".
_DENIED_AFTER = frozenset("need want wanted requir necessary possibl".split())
_GENERIC = frozenset("university institute international airport college hotel station hall technology".split())


def states(reference: str, text: str, intent: str) -> bool:
    """Whether ``text`` says each part of the reference.

    Of a reference in sentences, words of the question need not be repeated: the answer to "the status of my order" need
    not say "order".
    """
    said = words(text)
    in_sentences = reference.rstrip().endswith(".")
    asked = contents(intent) if in_sentences else frozenset[str]()
    if in_sentences and _other_status(reference, said):
        return False
    return all(_says(part, said, asked) for part in _parts(reference)) and not _other_namesake(reference, said, intent)


def _parts(reference: str) -> list[list[Word]]:
    """Sentences; an enumeration of short pieces, such as an address, piece by piece."""
    parts: list[list[Word]] = []
    for sentence in re.split(r"[.!?]+(?=\s|$)|\n", reference):
        pieces = [piece for piece in map(words, re.split(r",|\band\b", sentence)) if piece]
        parts += pieces if pieces and all(len(piece) <= _SHORT for piece in pieces) else [words(sentence)]
    return [part for part in parts if part]


def _says(part: list[Word], said: list[Word], asked: frozenset[str]) -> bool:
    if len(part) > _SHORT:
        return _quotes(part, said)
    denied = part[0].text == NOT
    named = part[1:] if denied else part  # a negation further on is wanted like any word
    new = [word for word in named if word.text not in asked]
    if denied and not new and _denies_barely(said, asked):
        return True
    wanted = new or named
    return any(is_denied(said, place) == denied for place in range(len(said)) if _found_from(place, wanted, said))


def _found_from(place: int, wanted: list[Word], said: list[Word]) -> bool:
    """Whether all of ``wanted`` stand from ``place`` on, within a few words, the first found at ``place``.

    Names keep their order; what holds a value may turn around ("after three days of use it broke").
    """
    window = said[place : place + len(wanted) + _SLACK]
    if any(word.value is not None for word in wanted):
        return any(same_word(said[place], word) for word in wanted) and all(
            any(same_word(word, other) for other in window) for word in wanted
        )
    return same_word(said[place], wanted[0]) and len(_common(wanted, window)[0]) == len(wanted)


def is_denied(said: Sequence[Word], place: int) -> bool:
    """Whether a negation of the same clause denies the word at ``place``."""
    clause = said[place].clause
    before = [word for word in said[max(0, place - _DENIAL_REACH) : place] if word.clause == clause]
    after = [word for word in said[place + 1 : place + 3] if word.clause == clause]
    if len(after) == 2 and after[0].text == NOT and after[1].text in _DENIED_AFTER:
        return True
    return sum(word.text == NOT for word in before) % 2 == 1


def _denies_barely(said: list[Word], asked: frozenset[str]) -> bool:
    """Whether a clause only denies, adding nothing to the question: "Arrival: never"."""
    by_clause: dict[int, set[str]] = {}
    for word in said:
        by_clause.setdefault(word.clause, set()).add(word.text)
    return any(NOT in clause and clause <= asked | {NOT, "dat", "tim"} for clause in by_clause.values())


def _quotes(part: list[Word], said: list[Word]) -> bool:
    """Whether most of a quote stands in the text in its order, numbers and negations complete and none added."""
    reach = len(part) + len(part) // 4 + 2
    for start in range(len(said)):
        if not same_word(said[start], part[0]) and not (len(part) > 1 and same_word(said[start], part[1])):
            continue
        window = said[start : start + reach]
        kept, places = _common(part, window)
        if len(kept) < _QUOTE_COVERAGE * len(part):
            continue
        complete = all(i in kept for i, word in enumerate(part) if _is_essential(word))
        added = any(window[i].text == NOT and i not in places for i in range(max(places) + 1))
        if complete and not added:
            return True
    return False


def _is_essential(word: Word) -> bool:
    """Whether a quote without this word is another one: a negation, a value, anything with a digit."""
    return word.text == NOT or word.value is not None or any(character.isdigit() for character in word.text)


def _common(part: list[Word], window: list[Word]) -> tuple[set[int], set[int]]:
    """A longest common subsequence: the places it takes in ``part`` and in ``window``."""
    rows = [[0] * (len(window) + 1) for _ in range(len(part) + 1)]
    for i in reversed(range(len(part))):
        for j in reversed(range(len(window))):
            rows[i][j] = (
                rows[i + 1][j + 1] + 1 if same_word(part[i], window[j]) else max(rows[i + 1][j], rows[i][j + 1])
            )
    i = j = 0
    kept, places = set(), set()
    while i < len(part) and j < len(window):
        if same_word(part[i], window[j]):
            kept.add(i)
            places.add(j)
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return kept, places


def _other_status(reference: str, said: list[Word]) -> bool:
    """Whether the text affirms an order status that the reference does not name."""
    named = contents(reference)
    others = {word for name in STATUSES for word in contents(name) if word not in named} - {"on", "hold", "arriv"}
    return any(word.text in others and not is_denied(said, i) for i, word in enumerate(said))


def _other_namesake(reference: str, said: list[Word], intent: str) -> bool:
    """Whether the text names another airport where the reference is an address of one: "all airports" means no more."""
    first = words(reference.split(",")[0])
    if reference.count(",") < 3 or len(first) < 2 or first[-1].text not in {"airport"}:
        return False
    own = {word.text for word in first} | contents(intent)
    return any(
        word.text == first[-1].text and i and said[i - 1].clause == word.clause and said[i - 1].text not in own
        for i, word in enumerate(said)
    )


def quoted_names(intent: str) -> list[str]:
    """The names in a list that a question gives: ``['A', 'B']``."""
    match = re.search(r"\[(.*?)\]", intent)
    return re.findall(r"'([^']+)'", match[1]) if match else []


def names_in_order(names: Sequence[str], reference: str, text: str) -> bool:
    """Whether ``text`` first mentions the names in the order in which the reference has them."""
    order = sorted(names, key=fold(reference).find)
    places = [_first_mention(name, fold(text)) for name in (fold(name) for name in order)]
    return all(place >= 0 for place in places) and places == sorted(places)


def _first_mention(name: str, text: str) -> int:
    """Where the name, its initials or its telling part first stands, -1 if nowhere."""
    parts = [part for part in name.split() if part not in ("of", "the")]
    aliases = [" ".join(name.split()[:2]), "".join(part[0] for part in parts) if len(parts) > 2 else ""]
    telling = [part for part in parts if part not in _GENERIC]
    if telling and (len(parts) <= 2 or telling[-1] != parts[0]):
        aliases.append(telling[-1])
    found = [match.start() for alias in aliases if alias and (match := re.search(rf"\b{re.escape(alias)}\b", text))]
    return min(found, default=-1)
