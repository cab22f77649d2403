"""Texts as comparable words: folded, stemmed, without filler, with negations and values as words of their own.

Small on purpose: a stemmer of a few endings and the synonyms that WebArena's references call for, not a language model.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

from .values import Value, digits_for_words, find_values

NOT = "not"
_NEGATORS = frozenset(
    "not no never none nobody nothing neither nor without cannot cant wont dont doesnt didnt isnt arent wasnt werent "
    "havent hasnt hadnt wouldnt couldnt shouldnt".split()
)
# Said without changing what is said.
_FILLER = frozenset(
    "a an the this that these those it its it's there here i my me we our you your they their them he she his her of to "
    "in on at by for from with as is are was were be been being am do does did have has had will would shall should can "
    "could may might must and or so if then than also just only very really quite about approximately around some any "
    "which who whom whose what when where while please s t d ll ve re m".split()
)
_SYNONYMS = {
    word: words[0]
    for words in (
        "break broke broken breaking breaks malfunction malfunctioned".split(),
        "arrive arrival deliver delivery delivered delivering come receive received".split(),
        "last latest newest recent".split(),
        "comfortable comfy comfort comfortably".split(),
        "virtual online remote".split(),
        "meetup meeting gathering".split(),
        "usa us u.s".split(),
        "avenue ave".split(),
        "street st".split(),
        "road rd".split(),
        "center centre".split(),
        "customer buyer user reviewer".split(),
        "review feedback comment".split(),
        "buy purchase bought".split(),
        "cancel cancellation".split(),
        "use used using usage".split(),
        "complete completed".split(),
    )
    for word in words
}
_PHRASES = (
    (re.compile(r"\bunited states(?: of america)?\b"), "usa"),
    (re.compile(r"\b(?:stopped|stops|quit) working\b"), "broke"),
    (re.compile(r"\bmoney back\b"), "refund"),
    (re.compile(r"\bmeet-up"), "meetup"),
    (re.compile(r"\bn ?/ ?a\b"), "none"),
)
_CLITIC = re.compile(r"'(?:s|ve|re|ll|d|m)$")
_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?")
# Ends a clause: what is denied on one side is not denied on the other.
_CLAUSE_END = re.compile(r"[.;!?\n,:()]+(?=\s|$)|\n|\b(?:but|however|because|since|so|although|though|whereas|while)\b")


class Word(NamedTuple):
    """A word that counts: its stem, or ``#`` and a value. ``clause`` numbers the clauses of the text."""

    text: str
    clause: int
    start: int
    value: Value | None = None


def fold(text: str) -> str:
    """Lower case without accents, typographic quotes and dashes as plain ones, number words as digits.

    >>> fold("Doesn’t  Three")
    "doesn't  3"
    """
    text = text.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0xA0: " "})
    decomposed = unicodedata.normalize("NFKD", text)
    text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return digits_for_words(text)


@functools.cache
def stem(word: str) -> str:
    """A word without its ending: equal for the forms of one word, mostly.

    >>> stem("cancelled"), stem("canceled"), stem("reviews"), stem("stopping")
    ('cancel', 'cancel', 'review', 'stop')
    """
    word = _SYNONYMS.get(word, word)
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "sz":
                word = word[:-1]
            break
    word = _SYNONYMS.get(word, word)
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def words(text: str) -> list[Word]:
    """The words of ``text`` that count, in order."""
    return list(_words(text))


@functools.lru_cache(maxsize=64)  # one answer is compared with many references
def _words(text: str) -> tuple[Word, ...]:
    text = fold(text)
    for pattern, replacement in _PHRASES:
        text = pattern.sub(replacement, text)
    found: list[Word] = []
    clause, last = 0, 0
    for start, token, value in _tokens(text):
        clause += len(_CLAUSE_END.findall(text, last, start))
        last = start
        if value is not None:
            # "0 reviews" denies as "no reviews" does.
            denies = value.kind == "number" and value.amount == 0
            found.append(Word(NOT if denies else f"#{value.kind}", clause, start, value))
        elif token in _NEGATORS or token.endswith("n't"):
            found.append(Word(NOT, clause, start))
        else:
            bare = _CLITIC.sub("", token).replace("'", "")
            if bare not in _FILLER:
                found.append(Word(stem(bare), clause, start))
    return tuple(found)


def _tokens(text: str) -> list[tuple[int, str, Value | None]]:
    """Words and values of a folded text with where they start, in order."""
    values = find_values(text)
    tokens: list[tuple[int, str, Value | None]] = [(value.start, "", value) for value in values]
    position = 0
    for value in [*values, None]:
        end = len(text) if value is None else value.start
        tokens += [(match.start(), match[0], None) for match in _WORD.finditer(text, position, end)]
        position = end if value is None else value.end
    return sorted(tokens, key=lambda token: token[0])


def same_word(one: Word, other: Word) -> bool:
    """Whether two words say the same: equal stems, or equal values."""
    if one.value is not None and other.value is not None:
        return one.value.same(other.value)
    return (one.text == other.text and (one.value is None) == (other.value is None)) or one.text == other.text == NOT


def contents(text: str) -> frozenset[str]:
    """The stems of a text, without negations and values."""
    return frozenset(word.text for word in words(text) if word.value is None and word.text != NOT)
